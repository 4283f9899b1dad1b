package child

import "syscall"

// dieWithParent has the kernel kill the process when we are gone, however we went.
func dieWithParent(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGKILL }
