package native

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/ncruces/zenity"
	"golang.org/x/sys/windows"
)

// parent has a dialog lie over a window, which takes nothing until it is gone.
func parent(window uintptr) []zenity.Option {
	if window == 0 {
		return nil
	}
	return []zenity.Option{zenity.Attach(window)}
}

// inDialog runs what shows a dialog in a thread that is one apartment of COM, as
// the shell wants it: in any other, a dialog may show no files and never end.
func inDialog(show func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := windows.CoInitializeEx(0, windows.COINIT_APARTMENTTHREADED|windows.COINIT_DISABLE_OLE1DDE)
	if n, ok := err.(windows.Errno); ok && uint32(n) == uint32(windows.RPC_E_CHANGED_MODE) {
		// Sound has made this one another kind. While it is kept here, what else
		// runs has another thread.
		done := make(chan struct{})
		go func() {
			defer close(done)
			inDialog(show)
		}()
		<-done
		return
	}
	defer windows.CoUninitialize()
	show()
}

// show runs the Explorer, which hands over to the one that runs already. Where it
// does not, it is the window that shows the file, and is left to the user.
func show(_ context.Context, path string) error {
	dir, err := windows.GetSystemWindowsDirectory()
	if err != nil {
		return fmt.Errorf("%w: %w", errors.ErrUnsupported, err)
	}
	cmd := exec.Command(filepath.Join(dir, "explorer.exe"))
	// It reads its line by rules of its own, by which only the path is quoted. No
	// name on Windows has a quote in it.
	cmd.SysProcAttr = &windows.SysProcAttr{CmdLine: `explorer.exe /select,"` + filepath.Clean(path) + `"`}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("%w: %w", errors.ErrUnsupported, err)
	}
	return cmd.Process.Release() // how it ends says nothing: 1 when all went well
}
