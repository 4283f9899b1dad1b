package main

import "github.com/go-gl/glfw/v3.4/glfw"

// plainSurface has the window made without buffers for depth and stencils. GLFW
// makes them unless it is told otherwise, and Fyne, which never uses them, does not:
// 13 MB, where no graphics card holds them, that are cleared for each frame. It is
// for the time between making the window, which starts GLFW, and showing it.
func plainSurface() {
	glfw.WindowHint(glfw.DepthBits, 0)
	glfw.WindowHint(glfw.StencilBits, 0)
}
