package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// command prepares a program that shows its output and is ended with ctx.
func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	return cmd
}

// checkFormat wants gofumpt to change nothing.
func checkFormat(ctx context.Context, _ *report) error {
	files, err := goFiles(ctx)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	cmd := command(ctx, "go", append([]string{"tool", "gofumpt", "-l"}, files...)...)
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil {
		return err
	}
	if out.Len() > 0 {
		fmt.Print("gofumpt would change:\n", out.String())
		return errors.New("not formatted: run 'go tool gofumpt -w' on them")
	}
	return nil
}

// goFiles lists the Go files git knows or would add, so that nothing a build
// left behind is looked at.
func goFiles(ctx context.Context) ([]string, error) {
	var out bytes.Buffer
	cmd := command(ctx, "git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "*.go")
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil {
		return nil, err
	}
	var files []string
	for _, f := range strings.Fields(out.String()) {
		if _, err := os.Stat(f); err == nil { // deleted, but not yet for git
			files = append(files, f)
		}
	}
	return files, nil
}

// Vet and staticcheck look at the -race variant of the packages because the
// tests need it anyway: Fyne's C code is then compiled once.

func checkVet(ctx context.Context, _ *report) error {
	return command(ctx, "go", "vet", "-race", "-tags", tags, "./...").Run()
}

func checkStatic(ctx context.Context, _ *report) error {
	const tool = "bin/staticcheck"
	if err := command(ctx, "go", "build", "-o", tool, "honnef.co/go/tools/cmd/staticcheck").Run(); err != nil {
		return err
	}
	cmd := command(ctx, tool, "./...")
	cmd.Env = append(os.Environ(), "GOFLAGS=-race -tags="+tags)
	return cmd.Run()
}
