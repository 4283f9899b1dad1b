package main

import "github.com/go-gl/glfw/v3.4/glfw"

// takeInput has the window take what was typed and clicked at once. Fyne does
// that 60 times a second and offers no way to ask for it, but what it asks is
// open to all: GLFW, whose version go.mod must therefore have in common with
// Fyne. A GLFW that has ended, because the program is about to, panics; there is
// no input then.
func takeInput() {
	defer func() {
		if e := recover(); e != nil {
			if _, ours := e.(*glfw.Error); !ours {
				panic(e)
			}
		}
	}()
	glfw.PollEvents()
}
