package stream

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"hash"
	"slices"
	"strings"
)

// scramServer is the server's side of RFC 5802, written for itself so that it
// can disagree with ours.
type scramServer struct {
	mechanism string
	password  string
	channel   channel // of the server's end
	binding   string  // the type that is accepted
	extension string  // of the first message

	hash        func() hash.Hash
	header      string // gs2
	firstBare   string
	serverFirst string
	nonce       string
}

const serverSalt = "c2FsdCBvZiB0aGUgdGVzdA=="

// first takes the client's first message. Errors are SASL conditions.
func (x *scramServer) first(msg string) (string, error) {
	for _, m := range mechanisms {
		if m.name == x.mechanism {
			x.hash = m.hash
		}
	}
	parts := strings.SplitN(msg, ",", 3)
	if x.hash == nil || len(parts) != 3 || !strings.HasPrefix(parts[2], "n=") {
		return "", errors.New("malformed-request")
	}
	plus := strings.HasSuffix(x.mechanism, "-PLUS")
	switch flag := parts[0]; {
	case plus && flag == "p="+x.binding, !plus && flag == "n":
	case !plus && flag == "y" && x.binding == "":
	default:
		// y although we offered binding: somebody hid it from the client.
		return "", errors.New("aborted")
	}
	x.header, x.firstBare = parts[0]+","+parts[1]+",", parts[2]
	_, clientNonce, _ := strings.Cut(x.firstBare, ",r=")
	x.nonce = clientNonce + "SERVER"
	x.serverFirst = "r=" + x.nonce + ",s=" + serverSalt + ",i=4096" + x.extension
	return x.serverFirst, nil
}

// final takes the client's last message and gives the server's.
func (x *scramServer) final(msg string) (string, error) {
	bare, proof64, _ := strings.Cut(msg, ",p=")
	bound := x.header
	if strings.HasPrefix(x.header, "p=") {
		bound += string(x.channel[x.binding])
	}
	if bare != "c="+base64.StdEncoding.EncodeToString([]byte(bound))+",r="+x.nonce {
		return "", errors.New("not-authorized")
	}
	salt, _ := base64.StdEncoding.DecodeString(serverSalt)
	salted, err := pbkdf2.Key(x.hash, x.password, salt, 4096, x.hash().Size())
	if err != nil {
		return "", err
	}
	mac := func(key []byte, text string) []byte {
		m := hmac.New(x.hash, key)
		m.Write([]byte(text))
		return m.Sum(nil)
	}
	authMessage := x.firstBare + "," + x.serverFirst + "," + bare
	clientKey := mac(salted, "Client Key")
	h := x.hash()
	h.Write(clientKey)
	want := mac(h.Sum(nil), authMessage)
	for i := range want {
		want[i] ^= clientKey[i]
	}
	proof, _ := base64.StdEncoding.DecodeString(proof64)
	if !slices.Equal(proof, want) {
		return "", errors.New("not-authorized")
	}
	return "v=" + base64.StdEncoding.EncodeToString(mac(mac(salted, "Server Key"), authMessage)), nil
}

// serverChannel is the channel-binding data at the server's end, where the
// certificate is not the peer's.
func serverChannel(cs tls.ConnectionState, cert tls.Certificate) channel {
	cs.PeerCertificates = nil
	ch := newChannel(cs)
	if hash, ok := endPointHash(cert.Leaf.SignatureAlgorithm); ok {
		h := hash.New()
		h.Write(cert.Leaf.Raw)
		ch[bindEndPoint] = h.Sum(nil)
	}
	return ch
}
