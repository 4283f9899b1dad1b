package stream

import "time"

// Token is what a Client keeps from one sign-in for the next. All of it is as
// secret as the password. The zero Token is that of a Client that never signed
// in.
type Token struct {
	UserAgent string // a random UUID by which the server recognises this device (XEP-0388, section 2.3)

	// Secret signs in without the password (XEP-0484), by Mechanism alone and
	// until Expiry; empty for none. Count is how often it was used.
	Mechanism string
	Secret    string
	Expiry    time.Time
	Count     uint32

	// NoPlain says that the server knows how to check the password without
	// being told it: it is not told any more (XEP-0474, section 6).
	NoPlain bool
}

// Tokens keeps the Token of one account and password. Its methods are called
// while a connection is made, one at a time, and must not wait for disk or
// keyring: they work on a copy in memory, which is stored behind them. What is
// lost costs one sign-in by password.
type Tokens interface {
	// Token gives what was set last.
	Token() Token
	// SetToken keeps t in place of the Token before.
	SetToken(t Token)
}
