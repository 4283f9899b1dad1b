package app

import "context"

// Profile is what stands before the Backend: the secrets have to be open
// before the archive can be read, and where they are kept decides which page
// the window shows first. Its methods may take seconds and are called off the
// UI goroutine, one at a time, except Window.
type Profile interface {
	// Secrets tells what has to be asked before Unlock. It answers within a
	// few seconds even where a keyring hangs.
	Secrets(ctx context.Context) SecretsState
	// Unlock opens the secrets in the given way, then the archive, and starts
	// the accounts. The errors worth a page of their own are those of storage:
	// ErrWrongPassphrase, ErrNoKeyring, ErrWrongKey, *DamagedError (the file
	// is put aside, calling Unlock again starts a new one), *NewerError.
	Unlock(ctx context.Context, way SecretsWay, passphrase []byte) (Backend, error)
	// Window gives the last look of the window; ok is false when none is
	// known. It has to be known before anything is unlocked, so that the
	// window opens as it was left, and is called on the UI goroutine: it may
	// take as long as reading a line of a file.
	Window() (look WindowLook, ok bool)
	// KeepWindow remembers it for the next start.
	KeepWindow(look WindowLook) error
}

// WindowLook is what a window looks like before it shows anything.
type WindowLook struct {
	Width, Height float32 // in dp
	Theme         string  // a word, or empty
}

// SecretsState says what has to be asked before a profile can be opened.
type SecretsState uint8

const (
	// SecretsReady: Unlock with WayDefault works without asking anything.
	SecretsReady SecretsState = iota
	// SecretsLocked: there is a sealed file; its passphrase has to be asked
	// and given to Unlock with WaySealed.
	SecretsLocked
	// SecretsChoice: no keyring answers and nothing is kept yet: the user
	// chooses between WaySealed and WayForgetful.
	SecretsChoice
	// SecretsNoKeyring: this profile's secrets are in a keyring that does not
	// answer now. Asking Secrets again later may help.
	SecretsNoKeyring
)

// SecretsWay is where passwords and the archive key are kept.
type SecretsWay uint8

const (
	// WayDefault is the keyring, or what was given when the program started.
	WayDefault SecretsWay = iota
	// WaySealed is a file sealed by a passphrase, made when there is none.
	WaySealed
	// WayForgetful keeps nothing: passwords are asked at every start and the
	// archive of the last run cannot be read again.
	WayForgetful
)
