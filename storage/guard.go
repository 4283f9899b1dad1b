package storage

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// faultError is a panic that damage in the file caused.
type faultError struct{ value any }

func (e *faultError) Error() string { return fmt.Sprintf("reading the file failed: %v", e.value) }

func isFault(err error) bool {
	_, ok := err.(*faultError)
	return ok
}

// guard runs fn and returns a panic that damage in the file caused as a
// *faultError. bbolt trusts its file: a damaged page makes it panic, and a file
// cut short under its memory map makes reading fault. Any other panic is a
// mistake in the program and goes on.
func guard(fn func() error) (err error) {
	before := debug.SetPanicOnFault(true)
	defer func() {
		debug.SetPanicOnFault(before)
		if r := recover(); r != nil {
			if !fromFile(r) {
				panic(r)
			}
			err = &faultError{value: r}
		}
	}()
	return fn()
}

// fromFile reports whether a panic being recovered came out of bbolt or from
// reading the memory map.
func fromFile(r any) bool {
	if f, ok := r.(interface{ Addr() uintptr }); ok && f != nil {
		return true
	}
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		f, more := frames.Next()
		if strings.HasPrefix(f.Function, "go.etcd.io/bbolt") {
			return true
		}
		if !more {
			return false
		}
	}
}
