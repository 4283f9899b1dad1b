package account

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"linnet/account/stream"
	"linnet/storage"
)

// TestHTTPNames holds that a host proves its name, also one that is named by an
// address, whatever else its certificate is good for.
func TestHTTPNames(t *testing.T) {
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		io.WriteString(w, req.Proto)
	}))
	srv.EnableHTTP2 = true
	srv.StartTLS() // it is example.com, 127.0.0.1 and ::1
	defer srv.Close()
	roots := x509.NewCertPool()
	m := NewManager(Config{Stream: func(cfg *stream.Config) {
		cfg.Roots = roots
		cfg.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, srv.Listener.Addr().String())
		}
	}})
	get := func(stored *storage.Account, link string) error {
		client, err := m.httpClient(stored, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer client.CloseIdleConnections()
		resp, err := client.Get(link)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		if said, err := io.ReadAll(resp.Body); err != nil || string(said) != "HTTP/2.0" {
			t.Errorf("%s: %q, %v", link, said, err)
		}
		return nil
	}
	stored := storage.Account{Address: testAddress}
	if err := get(&stored, "https://example.com/"); !isCertificate(err) {
		t.Errorf("a certificate of nobody: %v", err)
	}
	roots.AddCert(srv.Certificate())
	for _, link := range []string{"https://example.com/", "https://EXAMPLE.com/", "https://127.0.0.1/", "https://[::1]/"} {
		if err := get(&stored, link); err != nil {
			t.Errorf("%s: %v", link, err)
		}
	}
	for _, link := range []string{"https://example.org/", "https://192.0.2.1/", "https://[2001:db8::1]/"} {
		if err := get(&stored, link); !errors.As(err, new(x509.HostnameError)) {
			t.Errorf("%s: %v", link, err)
		}
	}
	roots = x509.NewCertPool()
	sum := sha256.Sum256(srv.Certificate().Raw)
	for _, address := range []string{"ann@example.org", "ann@192.0.2.1"} {
		stored = storage.Account{Address: address, Trusted: sum[:]}
		for host, ok := range map[string]bool{
			"example.org": address == "ann@example.org", "files.example.org": address == "ann@example.org",
			"192.0.2.1": address == "ann@192.0.2.1", "example.com": false,
		} {
			if err := get(&stored, "https://"+host+"/"); (err == nil) != ok {
				t.Errorf("the trusted certificate of %s for %s: %v", address, host, err)
			}
		}
	}
}
