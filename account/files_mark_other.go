//go:build !linux && !darwin && !windows

package account

// markForeign does nothing: other systems have no such mark.
func markForeign(_, _ string) error { return nil }
