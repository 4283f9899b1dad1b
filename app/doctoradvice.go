package app

import (
	"context"
	"errors"
	"net"
	"syscall"

	"fyne.io/fyne/v2/lang"

	"linnet/account"
	"linnet/account/stream"
)

// advice says what the user can do about what keeps an account from being
// online; "" where there is nothing but to wait.
func advice(err error) string {
	var (
		cert     *stream.CertificateError
		auth     *stream.AuthError
		refused  *stream.StreamError
		protocol *stream.ProtocolError
		noName   *net.DNSError
		dial     *stream.DialError
	)
	switch {
	case err == nil:
		return ""
	case errors.As(err, &cert):
		return certificateAdvice(cert)
	case errors.As(err, &auth):
		return authAdvice(auth)
	case errors.Is(err, account.ErrNoPassword):
		return lang.L("Sign in again with the password of this account.")
	case errors.Is(err, stream.ErrNoTLS):
		return lang.L("Linnet does not connect without encryption. In a hotel or a train, sign in to the network there first.")
	case errors.Is(err, stream.ErrNotOffered):
		return lang.L("Check the part of the address after the @.")
	case errors.As(err, &refused):
		return streamAdvice(refused)
	case errors.As(err, &protocol):
		if protocol.Reason == stream.Silent || protocol.Reason == stream.Closed {
			return waitAdvice()
		}
		return lang.L("Something else than an XMPP server answers there. Check the server and port in the account's settings.")
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.ENETDOWN):
		return networkAdvice()
	case errors.As(err, &noName):
		if noName.IsNotFound {
			return lang.L("Check the part of the address after the @, or enter the server in the account's settings.")
		}
		return networkAdvice()
	case errors.As(err, &dial):
		return lang.L("The server may be down, or a firewall is in the way. Linnet keeps trying. If the server has another name or port, enter it in the account's settings.")
	case errors.Is(err, context.DeadlineExceeded):
		return waitAdvice()
	}
	return ""
}

func networkAdvice() string {
	return lang.L("Check the network of this computer. Linnet connects by itself when it is back.")
}

func waitAdvice() string {
	return lang.L("The server may be down or busy. Linnet keeps trying by itself.")
}

func certificateAdvice(err *stream.CertificateError) string {
	switch err.Reason {
	case stream.CertExpired:
		return lang.L("Whoever runs the server has to renew its certificate. Check the clock of this computer, too.")
	case stream.CertNotYet:
		return lang.L("Check the clock of this computer.")
	}
	return lang.L("In a hotel or a train, sign in to the network there first. Else ask whoever runs the server before you trust the certificate.")
}

func authAdvice(err *stream.AuthError) string {
	switch err.Reason {
	case stream.AuthWrongPassword, stream.AuthExpired:
		return lang.L("Sign in again with the password of this account.")
	case stream.AuthTemporary:
		return waitAdvice()
	case stream.AuthUntrusted:
		return lang.L("Somebody may be between you and the server. Try another network, and ask whoever runs the server.")
	}
	return lang.L("Ask whoever runs the server.")
}

func streamAdvice(err *stream.StreamError) string {
	switch err.Condition {
	case "conflict":
		return lang.L("Another program uses the name of this device. Check again when it has ended.")
	case "host-unknown", "host-gone":
		return lang.L("Check the part of the address after the @, and the server in the account's settings.")
	}
	return waitAdvice()
}
