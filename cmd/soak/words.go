//go:build unix

package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Of two directions of messages, each has a name, and its messages have
// numbers from 1 on. Body is all there is to know of one, so that whoever reads
// it can tell whether it came whole.

// longEvery is how many messages there are for one that does not fit into a
// packet, nor into a record of TLS.
const longEvery = 25

// bodyOf is the text of a message.
func bodyOf(direction string, n int) string {
	rng := rand.New(rand.NewPCG(uint64(n), uint64(len(direction))))
	length := rng.IntN(30)
	if n%longEvery == 0 {
		length = 200 + rng.IntN(4000)
	}
	return fmt.Sprintf("%s %d%s", direction, n, strings.Repeat(" word", length))
}

// numberOf is the inverse of bodyOf; false for anything else.
func numberOf(body string) (direction string, n int, ok bool) {
	if _, err := fmt.Sscan(body, &direction, &n); err != nil {
		return "", 0, false
	}
	return direction, n, body == bodyOf(direction, n)
}
