package account

import "strings"

// bareOf takes the resource off an address that was read before.
func bareOf(address string) string {
	bare, _, _ := strings.Cut(address, "/")
	return bare
}
