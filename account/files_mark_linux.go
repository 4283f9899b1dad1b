package account

import "golang.org/x/sys/unix"

// markForeign notes where a file came from, as browsers do.
func markForeign(path, url string) error {
	return unix.Setxattr(path, "user.xdg.origin.url", []byte(url), 0)
}
