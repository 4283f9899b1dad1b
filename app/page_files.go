package app

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"linnet/storage"
	"linnet/widgets"
)

// automaticSizes are the sizes in bytes up to which files can be fetched
// unasked; 0 is never.
var automaticSizes = []int64{0, 1 << 20, 5 << 20, 10 << 20, 50 << 20}

// automaticText says up to which size files are fetched unasked.
func automaticText(limit int64) string {
	if limit <= 0 {
		return lang.L("Never")
	}
	return lang.L("Up to {{.N}} MB", map[string]any{"N": (limit + 1<<20 - 1) >> 20})
}

// filesSection is where files go, and which of them come unasked.
type filesSection struct {
	p      *settingsPage
	box    *fyne.Container
	change *widgets.Button // the folder
	usual  string          // the folder of the desktop, once it was looked up
}

func newFilesSection(p *settingsPage) section {
	s := &filesSection{p: p, box: widgets.NewColumn(14)}
	s.fill()
	p.a.read(func(context.Context) func() {
		dir, err := downloadsDir()
		if err != nil {
			return nil
		}
		return func() {
			s.usual = dir
			s.fill()
		}
	})
	return s
}

func (s *filesSection) object() fyne.CanvasObject { return s.box }

func (s *filesSection) refresh(c changes) {
	if c.accounts {
		s.fill()
	}
}

// fill makes the rows anew.
func (s *filesSection) fill() {
	a := s.p.a
	folder := a.prefs.SaveTo
	if folder == "" {
		folder = s.usual
	}
	choose := widgets.NewInline(8)
	if a.prefs.SaveTo != "" {
		choose.Add(widgets.NewButton(lang.L("Use the usual one"), widgets.ButtonLink, func() { s.setFolder("") }))
	}
	s.change = widgets.NewButton(lang.L("Change"), widgets.ButtonOutlined, func() {
		a.askFiles(FileQuestion{Kind: AskFolder, Title: lang.L("Save files to"), Button: lang.L("Choose"), Dir: folder}, func(paths []string) {
			s.setFolder(paths[0])
		})
	})
	choose.Add(s.change)
	s.box.RemoveAll()
	s.box.Add(widgets.NewHeading(lang.L("Saving"), 15))
	s.box.Add(widgets.NewSettingRow(lang.L("Save files to"), widgets.Harmless(folder), choose))
	s.box.Add(widgets.NewGap(2))
	s.box.Add(widgets.NewHeading(lang.L("Fetching without being asked"), 15))
	s.box.Add(widgets.NewParagraph(lang.L("Pictures and sounds of your contacts can be there before you ask for them. Those of other people, and all other files, are only fetched when you press on them. Whoever keeps a file sees your network address when it is fetched, and that somebody fetched it."), widgets.TextBody, widgets.ColorSecondary))
	for _, info := range a.model.accounts {
		name := lang.L("Pictures and sounds")
		if len(a.model.accounts) > 1 {
			name = accountName(info)
		}
		s.box.Add(s.automatic(info.ID, name))
	}
	s.box.Refresh()
	s.p.fit()
}

// setFolder chooses where files are saved.
func (s *filesSection) setFolder(dir string) {
	a := s.p.a
	a.changePrefs(func(p *prefs) { p.SaveTo = dir })
	s.fill()
	if s.p.open == section(s) && a.pages.top() == page(s.p) {
		a.win.Canvas().Focus(s.change) // what had the keyboard is gone
	}
}

// automatic is the line that chooses up to which size files of an account are
// fetched.
func (s *filesSection) automatic(id storage.AccountID, name string) fyne.CanvasObject {
	a := s.p.a
	text := ""
	if now, known := a.automatic[id]; known {
		text = automaticText(now)
	} else {
		a.readAutomatic(id, s.fill)
	}
	var row *widgets.LinkRow
	row = widgets.NewLinkRow(name, text, func() {
		now, known := a.automatic[id]
		var items []widgets.MenuItem
		for _, size := range automaticSizes {
			items = append(items, widgets.MenuItem{Text: automaticText(size), Checked: known && size == now, Do: func() {
				a.automatic[id] = size
				row.SetValue(automaticText(size))
				s.keepAutomatic(id, size)
			}})
		}
		widgets.ShowMenuUnder(row, items)
	})
	return row
}

// keepAutomatic stores it. When that fails, what holds is shown again.
func (s *filesSection) keepAutomatic(id storage.AccountID, size int64) {
	a := s.p.a
	a.on(laneWrite, func(context.Context) func() {
		err := a.backend.SetAutoDownload(id, size)
		if err == nil {
			return nil
		}
		return func() {
			a.fail(err)
			delete(a.automatic, id)
			a.readAutomatic(id, s.fill)
		}
	})
}

// readAutomatic reads up to which size files of an account are fetched unasked,
// and then runs done.
func (a *App) readAutomatic(id storage.AccountID, done func()) {
	a.read(func(context.Context) func() {
		limit, err := a.backend.AutoDownload(id)
		if err != nil {
			a.log.Warn("could not read whether files are fetched", "error", err)
			return nil
		}
		return func() {
			if _, known := a.automatic[id]; !known {
				a.automatic[id] = limit
				done()
			}
		}
	})
}
