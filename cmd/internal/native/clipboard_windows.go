package native

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"linnet/account/media"
)

// Formats of the clipboard that have a number.
const (
	formatDIB         = 8
	formatUnicodeText = 13
	formatFiles       = 15 // CF_HDROP
)

// openPause is how long it takes until a clipboard that another program has open
// is tried again.
const openPause = 10 * time.Millisecond

var (
	user32   = windows.NewLazySystemDLL("user32.dll")
	kernel32 = windows.NewLazySystemDLL("kernel32.dll")
	shell32  = windows.NewLazySystemDLL("shell32.dll")

	procRegister      = user32.NewProc("RegisterClipboardFormatW")
	procIsAvailable   = user32.NewProc("IsClipboardFormatAvailable")
	procOpen          = user32.NewProc("OpenClipboard")
	procClose         = user32.NewProc("CloseClipboard")
	procEmpty         = user32.NewProc("EmptyClipboard")
	procGetData       = user32.NewProc("GetClipboardData")
	procSetData       = user32.NewProc("SetClipboardData")
	procCreateWindow  = user32.NewProc("CreateWindowExW")
	procDestroyWindow = user32.NewProc("DestroyWindow")
	procAlloc         = kernel32.NewProc("GlobalAlloc")
	procFree          = kernel32.NewProc("GlobalFree")
	procLock          = kernel32.NewProc("GlobalLock")
	procUnlock        = kernel32.NewProc("GlobalUnlock")
	procSize          = kernel32.NewProc("GlobalSize")
	procQueryFile     = shell32.NewProc("DragQueryFileW")
)

// NewClipboard gives the clipboard of the user's session.
func NewClipboard() *Clipboard { return newClipboard(winClipboard{wordPNG()}) }

// winClipboard is the clipboard of Windows, with the number it gave to PNG.
type winClipboard struct{ png uintptr }

// wordPNG gives the number of the format that browsers and office programs use.
func wordPNG() uintptr {
	name, _ := windows.UTF16PtrFromString("PNG") // has no zero in it
	n, _, _ := procRegister.Call(uintptr(unsafe.Pointer(name)))
	return n
}

func available(format uintptr) bool {
	ok, _, _ := procIsAvailable.Call(format)
	return format != 0 && ok != 0
}

// offers needs no clipboard that is open. Windows offers each kind of bitmap when
// there is one of them.
func (w winClipboard) offers() forms {
	return forms{
		files:   available(formatFiles),
		text:    available(formatUnicodeText),
		picture: available(w.png) || available(formatDIB),
	}
}

// open opens the clipboard for this thread, as that of a window, or of none to
// read, and gives what closes it. One program has it open at a time.
func open(ctx context.Context, window uintptr) (end func(), err error) {
	runtime.LockOSThread()
	for {
		if ok, _, _ := procOpen.Call(window); ok != 0 {
			return func() { procClose.Call(); runtime.UnlockOSThread() }, nil
		}
		select {
		case <-ctx.Done():
			runtime.UnlockOSThread()
			return nil, ctx.Err()
		case <-time.After(openPause):
		}
	}
}

// look has do look at what was copied, in a format, where it lies. It waits for
// the program that it was copied in.
func look(format uintptr, do func(data []byte) error) error {
	handle, _, err := procGetData.Call(format)
	if handle == 0 {
		return fmt.Errorf("reading the clipboard: %w", err)
	}
	size, _, _ := procSize.Call(handle)
	at, _, err := procLock.Call(handle)
	if at == 0 {
		return fmt.Errorf("reading the clipboard: %w", err)
	}
	defer procUnlock.Call(handle)
	return do(unsafe.Slice(pointer(at), size))
}

// pointer makes a pointer of what a procedure gave, which is no memory of Go's and
// stays where it is.
func pointer(at uintptr) *byte { return *(**byte)(unsafe.Pointer(&at)) }

func (w winClipboard) picture(ctx context.Context) ([]byte, error) {
	end, err := open(ctx, 0)
	if err != nil {
		return nil, err
	}
	if available(w.png) {
		defer end()
		var copied []byte
		err := look(w.png, func(data []byte) error {
			if len(data) > media.MaxBytes {
				return media.ErrTooLarge
			}
			copied = bytes.Clone(data)
			return nil
		})
		return copied, err
	}
	var m image.Image
	err = look(formatDIB, func(data []byte) (err error) {
		m, err = fromDIB(data)
		return err
	})
	end() // nobody has to wait while it is made small
	if err != nil {
		return nil, err
	}
	return asPNG(m)
}

func (winClipboard) files(ctx context.Context) ([]string, error) {
	end, err := open(ctx, 0)
	if err != nil {
		return nil, err
	}
	defer end()
	drop, _, err := procGetData.Call(formatFiles)
	if drop == 0 {
		return nil, fmt.Errorf("reading the clipboard: %w", err)
	}
	const count = 0xffffffff
	n, _, _ := procQueryFile.Call(drop, count, 0, 0)
	files := make([]string, min(n, maxFiles))
	for i := range files {
		length, _, _ := procQueryFile.Call(drop, uintptr(i), 0, 0)
		name := make([]uint16, length+1)
		procQueryFile.Call(drop, uintptr(i), uintptr(unsafe.Pointer(&name[0])), uintptr(len(name)))
		files[i] = windows.UTF16ToString(name)
	}
	return files, nil
}

// set puts a picture there as a PNG, and as a bitmap for those who know only that.
func (w winClipboard) set(ctx context.Context, png []byte) error {
	bitmap, err := toDIB(png)
	if err != nil {
		return err
	}
	window, destroy, err := hidden()
	if err != nil {
		return err
	}
	defer destroy()
	end, err := open(ctx, window)
	if err != nil {
		return err
	}
	defer end()
	if ok, _, err := procEmpty.Call(); ok == 0 {
		return fmt.Errorf("emptying the clipboard: %w", err)
	}
	return errors.Join(put(w.png, png), put(formatDIB, bitmap))
}

// hidden makes a window that never shows, since what is put onto the clipboard has
// to be of one. It belongs to this thread, and is not needed for longer than that
// takes.
func hidden() (window uintptr, destroy func(), err error) {
	runtime.LockOSThread()
	class, _ := windows.UTF16PtrFromString("STATIC") // has no zero in it
	const messageOnly = ^uintptr(2)                  // HWND_MESSAGE, which is -3
	window, _, err = procCreateWindow.Call(0, uintptr(unsafe.Pointer(class)), 0, 0, 0, 0, 0, 0, messageOnly, 0, 0, 0)
	if window == 0 {
		runtime.UnlockOSThread()
		return 0, nil, fmt.Errorf("opening the clipboard: %w", err)
	}
	return window, func() { procDestroyWindow.Call(window); runtime.UnlockOSThread() }, nil
}

// put gives the clipboard, which is open, a copy of something.
func put(format uintptr, data []byte) error {
	const moveable = 2
	handle, _, err := procAlloc.Call(moveable, uintptr(len(data)))
	if handle == 0 {
		return fmt.Errorf("writing the clipboard: %w", err)
	}
	at, _, err := procLock.Call(handle)
	if at == 0 {
		procFree.Call(handle)
		return fmt.Errorf("writing the clipboard: %w", err)
	}
	copy(unsafe.Slice(pointer(at), len(data)), data)
	procUnlock.Call(handle)
	// From here on it is the system's, if that takes it.
	if taken, _, err := procSetData.Call(format, handle); taken == 0 {
		procFree.Call(handle)
		return fmt.Errorf("writing the clipboard: %w", err)
	}
	return nil
}
