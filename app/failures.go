package app

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"strings"
	"syscall"

	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/account/media"
	"linnet/account/stream"
	"linnet/storage"
)

// failureText says in one plain sentence what went wrong.
func failureText(err error) string {
	for _, say := range []func(error) string{connectionText, addressText, storageText, actText} {
		if s := say(err); s != "" {
			return s
		}
	}
	return lang.L("Something went wrong: {{.Detail}}", map[string]any{"Detail": err.Error()})
}

// connectionText is for what keeps an account from being online; "" for any
// other error.
func connectionText(err error) string {
	var (
		cert     *stream.CertificateError
		auth     *stream.AuthError
		dial     *stream.DialError
		refused  *stream.StreamError
		protocol *stream.ProtocolError
		noName   *net.DNSError
	)
	switch {
	case errors.As(err, &cert):
		return certificateText(cert)
	case errors.As(err, &auth):
		return authText(auth)
	case errors.Is(err, account.ErrNoPassword):
		return lang.L("The password is not stored here")
	case errors.Is(err, stream.ErrNoTLS):
		return lang.L("The server offers no encryption")
	case errors.Is(err, stream.ErrNotOffered):
		return lang.L("This domain has no XMPP service")
	case errors.As(err, &refused):
		return streamText(refused)
	case errors.As(err, &protocol):
		return protocolText(protocol)
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.ENETDOWN):
		return lang.L("No network")
	case errors.As(err, &noName):
		if noName.IsNotFound {
			return lang.L("There is no server of this name")
		}
		return lang.L("No network")
	case errors.Is(err, syscall.ECONNREFUSED):
		return lang.L("The server does not take connections")
	case errors.As(err, &dial):
		return lang.L("The server cannot be reached")
	case errors.Is(err, stream.ErrOffline):
		return lang.L("Not connected")
	case errors.Is(err, context.DeadlineExceeded):
		return lang.L("The server does not answer")
	}
	return ""
}

// certificateText names what is wrong with a certificate.
func certificateText(err *stream.CertificateError) string {
	switch err.Reason {
	case stream.CertWrongName:
		return lang.L("The server's certificate is for another name")
	case stream.CertExpired:
		return lang.L("The server's certificate has expired")
	case stream.CertNotYet:
		return lang.L("The server's certificate is not valid yet")
	case stream.CertUnknownIssuer:
		return lang.L("Nobody this computer trusts has signed the server's certificate")
	}
	return lang.L("The server's certificate cannot be trusted")
}

func authText(err *stream.AuthError) string {
	switch err.Reason {
	case stream.AuthWrongPassword:
		return lang.L("Wrong password")
	case stream.AuthDisabled:
		return lang.L("The server has disabled this account")
	case stream.AuthExpired:
		return lang.L("The password has expired and must be renewed at the server")
	case stream.AuthNoMechanism:
		return lang.L("The server offers no safe way to sign in")
	case stream.AuthTemporary:
		return lang.L("The server cannot sign anyone in right now")
	case stream.AuthUntrusted:
		return lang.L("The server could not prove that it is the real one")
	case stream.AuthTampered:
		return lang.L("Someone on the network could be changing what the server offers")
	case stream.AuthMore:
		return lang.L("The server wants more than the password, which Linnet cannot give")
	}
	return lang.L("The server refused the sign-in")
}

func streamText(err *stream.StreamError) string {
	switch err.Condition {
	case "conflict":
		return lang.L("Signed in elsewhere with the same name")
	case "host-unknown", "host-gone":
		return lang.L("This server does not serve this domain")
	case "system-shutdown":
		return lang.L("The server is shutting down")
	case "resource-constraint":
		return lang.L("The server is too busy")
	case "policy-violation":
		return lang.L("The server ended the connection because of its rules")
	}
	return lang.L("The server ended the connection")
}

func protocolText(err *stream.ProtocolError) string {
	switch err.Reason {
	case stream.Silent:
		return lang.L("The server does not answer")
	case stream.Closed:
		return lang.L("The server closed the connection")
	}
	return lang.L("The server does not speak XMPP as expected")
}

// addressText is for what a person typed into a field; "" for any other error.
func addressText(err error) string {
	switch {
	case errors.Is(err, account.ErrAddressEmpty):
		return lang.L("Enter an address, like juliet@capulet.example")
	case errors.Is(err, account.ErrAddressNoAt):
		return lang.L("An address has an @ in it, like juliet@capulet.example")
	case errors.Is(err, account.ErrAddressManyAt):
		return lang.L("An address has only one @")
	case errors.Is(err, account.ErrAddressSpace):
		return lang.L("An address has no spaces")
	case errors.Is(err, account.ErrAddressNoUser):
		return lang.L("The name before the @ is missing")
	case errors.Is(err, account.ErrAddressNoDomain):
		return lang.L("The server after the @ is missing")
	case errors.Is(err, account.ErrAddressResource):
		return lang.L("Leave out the part after the /")
	case errors.Is(err, account.ErrAddressLocalChars):
		return lang.L("The name before the @ has a character that is not allowed")
	case errors.Is(err, account.ErrAddressDomain):
		return lang.L("The part after the @ is not a server name")
	case errors.Is(err, account.ErrAddressTooLong):
		return lang.L("This address is too long")
	case errors.Is(err, account.ErrHostInvalid):
		return lang.L("This is not a server name or an IP address")
	case errors.Is(err, account.ErrPortInvalid):
		return lang.L("A port is a number from 1 to 65535")
	case errors.Is(err, account.ErrAccountExists):
		return lang.L("This account is already here")
	case errors.Is(err, account.ErrOwnAddress):
		return lang.L("This is your own address")
	}
	return ""
}

// storageText is for the profile on disk; "" for any other error.
func storageText(err error) string {
	var damaged *storage.DamagedError
	var newer *storage.NewerError
	switch {
	case errors.Is(err, storage.ErrDiskFull):
		return lang.L("The disk is full, so nothing can be stored")
	case errors.Is(err, storage.ErrWrongPassphrase):
		return lang.L("Wrong passphrase")
	case errors.Is(err, storage.ErrNoKeyring):
		return lang.L("No keyring answers")
	case errors.Is(err, storage.ErrWrongKey):
		return lang.L("The messages on this computer were sealed with another key")
	case errors.Is(err, storage.ErrLocked):
		return lang.L("Another program is using these messages")
	case errors.As(err, &newer):
		return lang.L("A newer version of Linnet has written these messages")
	case errors.As(err, &damaged):
		return lang.L("The file of messages was damaged and has been put aside")
	}
	return ""
}

// actText is for what the user tried to do; "" for any other error.
func actText(err error) string {
	var refused *stream.StanzaError
	var large *account.TooLargeError
	switch {
	case errors.Is(err, account.ErrNotOwn):
		return lang.L("Only your own messages can be changed")
	case errors.Is(err, account.ErrRetracted):
		return lang.L("This message was taken back")
	case errors.Is(err, account.ErrNoID):
		return lang.L("The program that sent this message gave it no name, so nothing can refer to it")
	case errors.Is(err, account.ErrRetracting):
		return lang.L("What waits to be taken back can be deleted after that")
	case errors.Is(err, account.ErrNoSource):
		return lang.L("The server does not have this message any more")
	case errors.Is(err, account.ErrTooLong):
		return lang.L("This message is too long to send")
	case errors.Is(err, account.ErrEmpty):
		return lang.L("Write something first")
	case errors.Is(err, account.ErrNoPicture):
		return notPictureText()
	case errors.Is(err, account.ErrPictureLarge):
		return largePictureText()
	case errors.As(err, &large):
		return lang.L("{{.Name}} is too large: the server takes {{.Size}}", map[string]any{"Name": large.Name, "Size": sizeText(large.Max)})
	case errors.Is(err, account.ErrNoUpload):
		return lang.L("The server takes no files")
	case errors.Is(err, account.ErrNotFile):
		return lang.L("Only files can be sent, no folders")
	case errors.Is(err, account.ErrEmptyFile):
		return lang.L("An empty file cannot be sent")
	case errors.Is(err, account.ErrTooMany):
		return lang.L("These are too many files at once")
	case errors.Is(err, media.ErrBroken):
		return lang.L("This photo is damaged and cannot be sent")
	case errors.Is(err, fs.ErrNotExist):
		return lang.L("The file is no longer where it was")
	case errors.Is(err, fs.ErrPermission):
		return lang.L("This computer does not allow that")
	case errors.Is(err, account.ErrNoBlocking):
		return lang.L("The server cannot block addresses")
	case errors.Is(err, account.ErrNoArchive):
		return lang.L("The server keeps no messages")
	case errors.Is(err, errNotGiven):
		return lang.L("The server does not give them")
	case errors.Is(err, account.ErrNoAccount), errors.Is(err, account.ErrNoContact), errors.Is(err, account.ErrNoRequest):
		return lang.L("This is no longer here")
	case errors.As(err, &refused):
		return stanzaText(refused.Condition, refused.Text)
	}
	return ""
}

// stanzaText puts a stanza error (RFC 6120 section 8.3.3) into words. Its text
// is the server's own, and is not shown where the condition says enough.
func stanzaText(condition, text string) string {
	switch condition {
	case "item-not-found", "recipient-unavailable", "gone":
		return lang.L("There is nobody at this address")
	case "remote-server-not-found", "remote-server-timeout":
		return lang.L("The other server cannot be reached")
	case "service-unavailable":
		return lang.L("Nobody answers at this address")
	case "not-allowed", "forbidden", "not-authorized", "subscription-required", "registration-required":
		return lang.L("The server does not allow this")
	case "not-acceptable", "policy-violation":
		return lang.L("The server refused this because of its rules")
	case "resource-constraint":
		return lang.L("The server is too busy")
	case "jid-malformed":
		return lang.L("The server does not accept this address")
	}
	if text == "" {
		text = condition
	}
	return lang.L("The server refused: {{.Detail}}", map[string]any{"Detail": text})
}

// unsentText says why a message failed: its reason is kept as the condition of
// a stanza error, and the text of that.
func unsentText(m storage.Message) string { return reasonText(m.Reason) }

// reasonText is why a server refused something, as storage keeps it, in words.
func reasonText(reason string) string {
	if words := fileReasonText(reason); words != "" {
		return words
	}
	condition, text, _ := strings.Cut(reason, ": ")
	return stanzaText(condition, text)
}
