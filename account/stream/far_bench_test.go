package stream

import (
	"context"
	"io"
	"math"
	"net"
	"strings"
	"testing"
	"time"

	"mellium.im/xmpp/jid"
)

// farWay is how long anything takes to a server on another continent, or back.
const farWay = 50 * time.Millisecond

// farAway makes the connections of dial as long as farWay.
func farAway(dial func(context.Context, string, string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		time.Sleep(2 * farWay) // what TCP says before
		there, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		here, end := net.Pipe()
		go carry(there, end)
		go carry(end, there)
		return here, nil
	}
}

// carry brings what is written at one end to the other, late.
func carry(to io.WriteCloser, from io.ReadCloser) {
	type piece struct {
		data []byte
		due  time.Time
	}
	way := make(chan piece, 1<<10)
	go func() {
		defer close(way)
		for {
			data := make([]byte, 4<<10)
			n, err := from.Read(data)
			if err != nil {
				return
			}
			way <- piece{data[:n], time.Now().Add(farWay)}
		}
	}()
	for p := range way {
		time.Sleep(time.Until(p.due))
		if _, err := to.Write(p.data); err != nil {
			break
		}
	}
	to.Close()
	from.Close()
	for range way { // until the reader has ended
	}
}

// BenchmarkFar goes from the first byte to a stream that can be used, and says
// how often that has to wait for the server. The server is the scripted one:
// those of today that sign in the modern way are not packaged yet.
func BenchmarkFar(b *testing.B) {
	ca := newTestCA(b)
	modern := func() *modernServer {
		return &modernServer{inline: allInline + fastInline("HT-SHA-256-EXPR"), mechanisms: []string{"SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"}}
	}
	const resumed = "<resumed xmlns='" + nsSM + "' previd='some' h='0'/>"
	for _, row := range []struct {
		name    string
		modern  *modernServer
		token   bool // it has signed in before
		resumes string
	}{
		{"classic", nil, false, ""},
		{"classic resume", nil, false, resumed},
		{"SASL2", modern(), false, ""},
		{"FAST", modern(), true, ""},
		{"FAST resume", modern(), true, resumed},
	} {
		b.Run(row.name, func(b *testing.B) {
			change := func(s *scripted) {
				s.resume, s.managed = row.resumes, "<enabled xmlns='"+nsSM+"' id='some' resume='true'/>"
			}
			cert := ca.leaf(b, nil, "example.test")
			cfg := testConfig(b, ca, scriptedDial(b, testServer(cert, change)))
			if row.modern != nil {
				cfg = modernConfig(b, ca, row.modern, func(s *scripted) { s.offer, s.binding = bindingList(bindExporter), bindExporter })
			}
			if row.token {
				l, err := connect(b.Context(), cfg)
				if err != nil {
					b.Fatal(err)
				}
				l.close()
				row.modern.resumes = row.resumes
			}
			cfg.Dial = farAway(cfg.Dial)
			for b.Loop() {
				if row.resumes != "" {
					cfg.resume = &resumption{managed: managed{id: "some"}, jid: jid.MustParse("alice@example.test/Linnet.1"), handled: func() uint32 { return 0 }}
				}
				l, err := connect(b.Context(), cfg)
				if err != nil {
					b.Fatal(err)
				}
				if strings.HasPrefix(l.info.Mechanism, "HT-") != row.token || (l.resumed != nil) != (row.resumes != "") {
					b.Fatalf("connected as %+v", l.info)
				}
				l.close()
			}
			trips := float64(b.Elapsed()) / float64(b.N) / float64(2*farWay)
			b.ReportMetric(math.Floor(trips), "trips")
		})
	}
}
