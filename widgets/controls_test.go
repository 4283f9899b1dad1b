package widgets

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"linnet/assets"
)

func TestFieldSaysWhatIsWrong(t *testing.T) {
	f := NewField("Port")
	w := window(t, NewColumn(0, f), 300, 200)
	plain := f.MinSize().Height
	f.SetError("A port is a number from 1 to 65535.")
	if f.note.Text() != f.Error() || f.MinSize().Height <= plain {
		t.Errorf("the sentence under the field is %q, height %v after %v", f.note.Text(), f.MinSize().Height, plain)
	}
	f.Focus()
	write(w.Canvas(), "5")
	if f.Error() != "" || f.MinSize().Height != plain {
		t.Error("the error stays while the text is being changed")
	}
	f.SetHelp("Only if your provider says so.")
	f.SetError("Wrong.")
	if f.note.Text() != "Wrong." {
		t.Error("the help hides the error")
	}
	f.SetError("")
	if f.note.Text() != "Only if your provider says so." {
		t.Error("the help does not come back")
	}
}

func TestFieldKeys(t *testing.T) {
	a, b := NewField("Address"), NewPasswordField("Password")
	w := window(t, NewColumn(0, a, b), 300, 300)
	var submitted, short string
	a.OnSubmitted = func(s string) { submitted = s }
	a.OnShortcut = func(s fyne.Shortcut) { short = s.ShortcutName() }
	a.Focus()
	if !a.focused || a.box.StrokeWidth != FocusRing {
		t.Error("a focused field shows no ring")
	}
	write(w.Canvas(), "romeo")
	typed(w.Canvas(), fyne.KeyReturn)
	if submitted != "romeo" {
		t.Errorf("submitted %q", submitted)
	}
	w.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyN, Modifier: fyne.KeyModifierControl})
	if short != "CustomDesktop:Control+N" {
		t.Errorf("shortcut %q", short)
	}
	w.Canvas().FocusNext()
	if !b.focused || a.focused {
		t.Error("Tab does not move to the next field")
	}
	w.Canvas().FocusNext()
	if w.Canvas().Focused() != fyne.Focusable(b.reveal) {
		t.Error("Tab does not reach the button that shows the password")
	}
	typed(w.Canvas(), fyne.KeySpace)
	if b.entry.Password {
		t.Error("the password stays hidden")
	}
}

// TestFieldOfLines holds that Enter begins a line in it, with Shift, too, as in the
// composer.
func TestFieldOfLines(t *testing.T) {
	f := NewTextField("About", 3)
	w := window(t, f, 300, 200)
	f.OnSubmitted = func(string) { t.Error("it was submitted") }
	f.Focus()
	write(w.Canvas(), "a")
	typed(w.Canvas(), fyne.KeyReturn)
	write(w.Canvas(), "b")
	f.entry.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	typed(w.Canvas(), fyne.KeyReturn)
	f.entry.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	write(w.Canvas(), "c")
	if f.Text() != "a\nb\nc" {
		t.Errorf("the text is %q", f.Text())
	}
}

func TestFieldDisabled(t *testing.T) {
	f := NewField("Address")
	w := window(t, f, 300, 100)
	f.SetText("a")
	f.Focus()
	f.Disable()
	write(w.Canvas(), "b")
	if f.Text() != "a" {
		t.Errorf("a disabled field took %q", f.Text())
	}
	f.Enable()
	write(w.Canvas(), "c")
	if f.Text() != "ac" {
		t.Errorf("text %q after enabling", f.Text())
	}
}

func TestPressByPointerAndKeys(t *testing.T) {
	for _, k := range []ButtonKind{ButtonFilled, ButtonOutlined, ButtonDanger, ButtonLink, ButtonQuiet, ButtonRemove} {
		n := 0
		b := NewButton("Go", k, func() { n++ })
		w := window(t, b, 200, 40)
		test.Tap(b)
		w.Canvas().Focus(b)
		typed(w.Canvas(), fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyA)
		if n != 4 {
			t.Errorf("kind %d: pressed %d times, want 4", k, n)
		}
		if !b.ring.Visible() {
			t.Errorf("kind %d: no ring with the focus", k)
		}
		b.Disable()
		test.Tap(b)
		typed(w.Canvas(), fyne.KeySpace)
		if n != 4 || b.ring.Visible() {
			t.Errorf("kind %d: a disabled button acts or looks focused", k)
		}
	}
}

func TestIconButtonTooltip(t *testing.T) {
	b := NewIconButton(assets.IconPlus, "Add account", nil)
	w := window(t, NewInline(0, b), 300, 200)
	root := w.Content().(*Root)
	b.MouseIn(&desktop.MouseEvent{})
	if b.tip.timer == nil {
		t.Fatal("nothing waits to show the tooltip")
	}
	b.tip.timer.Stop()
	b.tip.now()
	if !root.tipText.Visible() || root.tipText.Text() != "Add account" {
		t.Errorf("tooltip %q visible %v", root.tipText.Text(), root.tipText.Visible())
	}
	b.MouseOut()
	if root.tipText.Visible() || b.tip.timer != nil {
		t.Error("the tooltip stays when the pointer leaves")
	}
	if b.AccessibilityLabel() != "Add account" {
		t.Error("the button has no name for assistive tools")
	}
}

func TestSwitch(t *testing.T) {
	var told []bool
	s := NewSwitch("Mute", false, func(on bool) { told = append(told, on) })
	w := window(t, s, 100, 40)
	test.Tap(s)
	w.Canvas().Focus(s)
	typed(w.Canvas(), fyne.KeySpace)
	s.Set(true)
	if fmt.Sprint(told) != "[true false]" || !s.On() {
		t.Errorf("told %v, on %v", told, s.On())
	}
}

func TestTabsByKeysAndPointer(t *testing.T) {
	var told []int
	tabs := NewTabs([]string{"Chats", "Contacts", "Rooms"}, func(i int) { told = append(told, i) })
	w := window(t, tabs, 300, 28)
	w.Canvas().Focus(tabs)
	typed(w.Canvas(), fyne.KeyRight, fyne.KeyRight, fyne.KeyRight, fyne.KeyHome)
	test.TapAt(tabs, fyne.NewPos(tabs.pills[1].x+5, 10))
	test.TapAt(tabs, fyne.NewPos(299, 10))
	tabs.Select(2)
	if fmt.Sprint(told) != "[1 2 0 1]" || tabs.Selected() != 2 {
		t.Errorf("told %v, selected %d", told, tabs.Selected())
	}
	if tabs.pills[2].ground.StrokeWidth != FocusRing {
		t.Error("the selected tab shows no ring with the focus")
	}
}

func TestNavList(t *testing.T) {
	var told []int
	n := NewNavList([]string{"Accounts", "Appearance", "Storage"}, func(i int) { told = append(told, i) })
	w := window(t, n, 200, 300)
	w.Canvas().Focus(n)
	typed(w.Canvas(), fyne.KeyDown, fyne.KeyEnd, fyne.KeyUp)
	test.TapAt(n, fyne.NewPos(10, 10))
	test.TapAt(n, fyne.NewPos(10, 250))
	if fmt.Sprint(told) != "[1 2 1 0]" {
		t.Errorf("told %v", told)
	}
}

func TestSplitLimits(t *testing.T) {
	side, main := NewGround(ColorSide), NewGround(ColorBackground)
	s := NewSplit(side, main, SideMinWidth, SideMaxWidth)
	s.SetWidth(SideWidth)
	w := window(t, s, 1200, 800)
	var told []float32
	s.OnWidth = func(dp float32) { told = append(told, dp) }
	drag := func(dx float32) {
		s.grip.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(dx, 0)})
		s.grip.DragEnd()
	}
	drag(-500)
	drag(50)
	drag(900)
	if fmt.Sprint(told) != "[220 270 420]" {
		t.Errorf("widths %v", told)
	}
	if main.Position().X != 420 || main.Size().Width != 780 {
		t.Errorf("the main pane is at %v, %v wide", main.Position().X, main.Size().Width)
	}
	w.Canvas().Focus(s.grip)
	typed(w.Canvas(), fyne.KeyLeft)
	if s.Width() != 420-splitStep {
		t.Errorf("width %v after Left", s.Width())
	}
	s.SetMode(SplitSide)
	if main.Visible() || side.Size().Width != 1200 {
		t.Error("one pane does not take the whole window")
	}
	s.SetMode(SplitMain)
	if side.Visible() || main.Size().Width != 1200 {
		t.Error("the other pane does not take the whole window")
	}
}

func TestMenuByKeys(t *testing.T) {
	var did []string
	item := func(s string) MenuItem { return MenuItem{Text: s, Do: func() { did = append(did, s) }} }
	off := item("off")
	off.Disabled = true
	items := []MenuItem{item("one"), {Separator: true}, off, item("two")}
	b := NewButton("Menu", ButtonFilled, nil)
	w := window(t, b, 400, 400)
	w.Canvas().Focus(b)
	open := func(keys ...fyne.KeyName) {
		ShowMenu(w.Canvas(), fyne.NewPos(10, 10), items)
		typed(w.Canvas(), keys...)
	}
	open(fyne.KeyDown, fyne.KeyReturn)
	open(fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	open(fyne.KeyUp, fyne.KeyReturn)
	open(fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeySpace)
	open(fyne.KeyEnd, fyne.KeyEscape)
	if fmt.Sprint(did) != "[one two two one]" {
		t.Errorf("did %v", did)
	}
	if w.Canvas().Overlays().Top() != nil {
		t.Error("a menu is still open")
	}
	if w.Canvas().Focused() != fyne.Focusable(b) {
		t.Error("the focus is not back where it was")
	}
}

func TestMenuByPointer(t *testing.T) {
	n := 0
	w := window(t, NewGround(ColorSide), 400, 400)
	m := ShowMenu(w.Canvas(), fyne.NewPos(390, 390), []MenuItem{{Text: "Do", Do: func() { n++ }}})
	p, s := m.panel.Position(), m.panel.Size()
	if p.X+s.Width > 400 || p.Y+s.Height > 400 {
		t.Errorf("the menu leaves the window: %v %v", p, s)
	}
	m.Tapped(&fyne.PointEvent{Position: p.AddXY(20, menuPadding+5)})
	m = ShowMenu(w.Canvas(), fyne.NewPos(10, 10), []MenuItem{{Text: "Do", Do: func() { n++ }}})
	m.Tapped(&fyne.PointEvent{Position: fyne.NewPos(390, 390)})
	if n != 1 || w.Canvas().Overlays().Top() != nil {
		t.Errorf("did %d times, menu open: %v", n, w.Canvas().Overlays().Top() != nil)
	}
	if ShowMenu(w.Canvas(), fyne.Position{}, nil) != nil {
		t.Error("a menu without items opened")
	}
}

func TestToast(t *testing.T) {
	w := window(t, NewGround(ColorSide), 600, 400)
	root := w.Content().(*Root)
	undone := false
	a := root.ShowToast("Chat deleted", "Undo", func() { undone = true })
	b := root.ShowToast("Copied", "", nil)
	if len(all[*Toast](root)) != 2 || a.Position().Y+a.Size().Height > b.Position().Y {
		t.Error("two toasts do not stand above one another")
	}
	test.Tap(a.action)
	b.Close()
	b.Close()
	if !undone || len(all[*Toast](root)) != 0 {
		t.Errorf("undone %v, %d toasts left", undone, len(all[*Toast](root)))
	}
}

func TestOverlayCloses(t *testing.T) {
	w := window(t, NewGround(ColorSide), 900, 600)
	closed := 0
	v := ShowOverlay(w.Canvas(), NewParagraph("Shortcuts", TextBody, ColorText), OverlayOptions{Width: 400, Top: 110})
	v.OnClosed = func() { closed++ }
	if v.card.Position().Y != 110 || v.card.Size().Width != 400 {
		t.Errorf("card at %v, %v", v.card.Position(), v.card.Size())
	}
	v.Tapped(&fyne.PointEvent{Position: v.card.Position().AddXY(5, 5)})
	if closed != 0 {
		t.Error("a press on the card closed it")
	}
	v.Tapped(&fyne.PointEvent{Position: fyne.NewPos(5, 5)})
	v.Close()
	if closed != 1 || w.Canvas().Overlays().Top() != nil {
		t.Errorf("closed %d times", closed)
	}
}

func TestSearchFieldEscape(t *testing.T) {
	f := NewSearchField("Search")
	w := window(t, f, 300, 40)
	escaped := 0
	f.OnEscape = func() { escaped++ }
	f.Focus()
	write(w.Canvas(), "be")
	if !f.wipe.Visible() {
		t.Error("no button to empty the field")
	}
	typed(w.Canvas(), fyne.KeyEscape)
	if f.Text() != "" || escaped != 0 {
		t.Errorf("after Escape: %q, escaped %d", f.Text(), escaped)
	}
	typed(w.Canvas(), fyne.KeyEscape)
	if escaped != 1 {
		t.Error("Escape in the empty field is not told")
	}
}
