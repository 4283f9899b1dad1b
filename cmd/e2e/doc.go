// Package e2e drives the real program as a person would: the real binary on a
// screen nobody sees, by keyboard, signed in at a real Prosody, with a client
// made with another library at the other end. It holds tests only.
package e2e
