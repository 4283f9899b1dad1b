//go:build unix

package account

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"image/jpeg"
	"image/png"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"linnet/account/servertest"
	"linnet/account/sound"
	"linnet/account/stream"
	"linnet/storage"
)

// uploadLimit is what the servers of these tests take.
const uploadLimit = 1 << 20

// cutLine breaks connections after so many bytes each way, as often as it is
// told to.
type cutLine struct {
	net.Conn
	left *atomic.Int64
}

func (c *cutLine) pass(n int) error {
	if c.left.Add(int64(-n)) < 0 {
		return errors.Join(net.ErrClosed, c.Close())
	}
	return nil
}

func (c *cutLine) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	return n, errors.Join(err, c.pass(n))
}

func (c *cutLine) Write(p []byte) (int, error) {
	if err := c.pass(len(p)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// filer is a person whose files go over lines that break.
type filer struct {
	*profile
	person
	cuts  atomic.Int32 // how many more break
	lines atomic.Int32 // how many there were
}

func newFiler(t *testing.T, s *servertest.Server, name string) *filer {
	t.Helper()
	f := new(filer)
	f.profile = realProfile(t, s)
	as := f.profile.stream
	f.profile.stream = func(cfg *stream.Config) {
		as(cfg)
		cfg.Resource = "linnet." + name
		cfg.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			host, port, err := net.SplitHostPort(address)
			if err != nil {
				return nil, err
			}
			upload := strings.HasPrefix(host, "upload.")
			if upload {
				host = s.Host
			}
			conn, err := new(net.Dialer).DialContext(ctx, network, net.JoinHostPort(host, port))
			if err != nil || !upload {
				return conn, err
			}
			f.lines.Add(1)
			if f.cuts.Add(-1) < 0 {
				return conn, nil
			}
			left := new(atomic.Int64)
			left.Store(150_000)
			return &cutLine{conn, left}, nil
		}
	}
	f.person = person{running: f.profile.run(), at: name + "@" + s.Domain}
	f.id = f.signIn(s, name)
	f.eventually("the roster", func() bool { return len(f.Contacts(f.id)) == 1 })
	return f
}

// files waits until somebody has sent so many files that are here, and gives
// them.
func (f *filer) files(with string, n int) (all []storage.Message) {
	f.t().Helper()
	f.eventually("files of "+with, func() bool {
		all = nil
		for _, m := range f.messages(f.opened(f.id, with).ID) {
			if len(m.Files) > 0 && m.Files[0].State == storage.FileHere && m.State != storage.StateWaiting {
				all = append(all, m)
			}
		}
		return len(all) == n
	})
	return all
}

func (f *filer) t() *testing.T { return f.person.t.(*testing.T) }

// content reads a file of a message.
func (f *filer) content(m *storage.Message) []byte {
	f.t().Helper()
	r, err := f.OpenFile(&m.Files[0])
	if err != nil {
		f.t().Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		f.t().Fatal(err)
	}
	return data
}

// eachUploadServer runs a test on both servers, which take files.
func eachUploadServer(t *testing.T, test func(*testing.T, *servertest.Server)) {
	options := servertest.Options{
		Users: map[string]string{"ann": "secret of ann", "bob": "secret of bob"}, Friends: true, UploadLimit: uploadLimit,
	}
	for name, start := range map[string]func(testing.TB, servertest.Options) *servertest.Server{
		"prosody": servertest.Prosody, "ejabberd": servertest.Ejabberd,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, start(t, options))
		})
	}
}

// TestRealFiles sends files over lines that break, and while nothing is
// connected.
func TestRealFiles(t *testing.T) { eachUploadServer(t, testRealFiles) }

func testRealFiles(t *testing.T, s *servertest.Server) {
	ann, bob := newFiler(t, s, "ann"), newFiler(t, s, "bob")
	var drawn, photo bytes.Buffer
	if err := errors.Join(png.Encode(&drawn, noise(400, 300)), jpeg.Encode(&photo, noise(60, 40), nil)); err != nil {
		t.Fatal(err)
	}
	toBob, ctx := ann.opened(ann.id, bob.person.at), t.Context()
	if limit, err := ann.UploadLimit(ctx, toBob.ID); err != nil || limit != uploadLimit {
		t.Errorf("the limit is %d, %v", limit, err)
	}

	// The line of each breaks once on the way.
	ann.cuts.Store(1)
	bob.cuts.Store(1)
	if err := ann.SendFiles(ctx, toBob.ID, []NewFile{{Data: drawn.Bytes(), Name: "noise.png"}}, "look", storage.Pos{}); err != nil {
		t.Fatal(err)
	}
	got := bob.files(ann.person.at, 1)[0]
	f := got.Files[0]
	if !bytes.Equal(bob.content(&got), drawn.Bytes()) || f.Name != "noise.png" || f.Type != "image/png" || f.Width != 400 || f.Height != 300 ||
		f.Size != int64(drawn.Len()) || len(f.Thumb) == 0 || got.Body != "" {
		t.Errorf("what came is %q, %+v", got.Body, f)
	}
	if n, m := ann.lines.Load(), bob.lines.Load(); n != 2 || m != 2 {
		t.Errorf("%d lines out, %d in", n, m)
	}
	bob.sees(ann.person.at, "look", storage.StateReceived)
	sent := ann.files(bob.person.at, 1)[0]
	if !bytes.Equal(ann.content(&sent), drawn.Bytes()) || sent.Files[0].URL != f.URL {
		t.Errorf("what was sent is %+v", sent.Files[0])
	}

	// While nothing is connected, and over a restart; without what a photo tells.
	if err := ann.SetEnabled(ctx, ann.id, false); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "photo.jpg")
	told := append([]byte("\xff\xd8\xff\xfe\x00\x08SECRET"), photo.Bytes()[2:]...)
	if err := os.WriteFile(path, told, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := ann.SendFiles(ctx, toBob.ID, []NewFile{{Path: path}}, "", storage.Pos{}); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	ann.stop()
	ann.running = ann.profile.run()
	if err := ann.SetEnabled(ctx, ann.id, true); err != nil {
		t.Fatal(err)
	}
	got = bob.files(ann.person.at, 2)[1]
	if data := bob.content(&got); bytes.Contains(data, []byte("SECRET")) || !bytes.Equal(data, photo.Bytes()) {
		t.Errorf("the photo tells too much: %d bytes", len(data))
	}

	// A voice message; how loud it is the other side sees for itself.
	voice := NewFile{Data: voiceData(t), Name: "Voice message.ogg", Voice: true, Duration: time.Second, Wave: []byte{1, 2}}
	if err := ann.SendFiles(ctx, toBob.ID, []NewFile{voice}, "", storage.Pos{}); err != nil {
		t.Fatal(err)
	}
	got = bob.files(ann.person.at, 3)[2]
	if f := got.Files[0]; !f.Voice || f.Duration != 1000 || len(f.Wave) != sound.WaveBars || f.Type != "audio/ogg" || f.Name != voice.Name || !bytes.Equal(bob.content(&got), voice.Data) {
		t.Errorf("the voice message is %+v", f)
	}

	large := NewFile{Data: make([]byte, uploadLimit+1), Name: "x"}
	tooLarge := (*TooLargeError)(nil)
	if err := ann.SendFiles(ctx, toBob.ID, []NewFile{large}, "", storage.Pos{}); !errors.As(err, &tooLarge) || tooLarge.Max != uploadLimit {
		t.Errorf("too large: %v", err)
	}
	if all := bob.messages(bob.opened(bob.id, ann.person.at).ID); len(all) != 4 {
		t.Errorf("%d messages: %+v", len(all), all)
	}
}

//go:embed testdata/filer.py
var filerScript []byte

// TestRealForeignFiles has somebody else's client at the other end.
func TestRealForeignFiles(t *testing.T) { eachUploadServer(t, testForeignFiles) }

func testForeignFiles(t *testing.T, s *servertest.Server) {
	ann := newFiler(t, s, "ann")
	bob := "bob@" + s.Domain
	order, told := startForeign(t, s, filerScript)
	told("online", "")
	var drawn bytes.Buffer
	if err := png.Encode(&drawn, noise(60, 40)); err != nil {
		t.Fatal(err)
	}
	if err := ann.SendFiles(t.Context(), ann.opened(ann.id, bob).ID, []NewFile{{Data: drawn.Bytes(), Name: "ä b.png"}}, "", storage.Pos{}); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(drawn.Bytes())
	told("file", hex.EncodeToString(sum[:]))
	told("hash", base64Std.EncodeToString(sum[:]))

	name := filepath.Join(t.TempDir(), "theirs.png")
	if err := os.WriteFile(name, drawn.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	order("send " + ann.person.at + " " + name)
	url := told("sent", "")
	all := ann.files(bob, 2)
	got := all[len(all)-1]
	if got.Out || got.Body != "" || got.Files[0].URL != url || got.Files[0].Name != "theirs.png" || !bytes.Equal(ann.content(&got), drawn.Bytes()) {
		t.Errorf("what came is %+v", got)
	}

	name = filepath.Join(t.TempDir(), "voice.ogg")
	if err := os.WriteFile(name, voiceData(t), 0o600); err != nil {
		t.Fatal(err)
	}
	order("send " + ann.person.at + " " + name)
	told("sent", "")
	all = ann.files(bob, 3)
	got = all[len(all)-1]
	if f := got.Files[0]; !f.Voice || f.Duration != 1000 || len(f.Wave) != sound.WaveBars || f.Type != "audio/ogg" {
		t.Errorf("the voice message is %+v", f)
	}
	if d, err := sound.Open(bytes.NewReader(ann.content(&got))); err != nil || d.Length() != time.Second {
		t.Errorf("it cannot be played: %v", err)
	}
}
