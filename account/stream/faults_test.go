package stream

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const streamErrorText = "<stream:error><%s xmlns='" + nsStreamError + "'>%s</%[1]s>" +
	"<text xmlns='" + nsStreamError + "'>words</text></stream:error></stream:stream>"

// TestConnectFaults lets a server go wrong in every way at every step.
func TestConnectFaults(t *testing.T) {
	ca := newTestCA(t)
	cert := ca.leaf(t, nil, "example.test")
	steps := []Step{
		StepHeader, StepFeatures, StepStartTLS, StepTLS, StepHeaderTLS, StepFeaturesTLS,
		StepAuth, StepHeaderAuth, StepFeaturesAuth, StepBind, StepSession, StepEnable,
	}
	for _, f := range faults {
		for _, step := range steps {
			if step == StepEnable && f.name == "unexpected" {
				continue // a stanza may come there: see TestEnable
			}
			t.Run(f.name+" at "+string(step), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					dials := 0
					serve := scriptedDial(t, testServer(cert, func(s *scripted) {
						if step != StepEnable {
							s.features = "<bind xmlns='" + nsBind + "'/><session xmlns='" + nsSession + "'/>"
						}
						s.at = func(at Step) {
							if at == step {
								f.fault(s, step)
							}
						}
					}, func(s *scripted) {
						s.expect("iq")
						s.step(StepSession)
					}))
					cfg := testConfig(t, ca, func(ctx context.Context, network, addr string) (net.Conn, error) {
						dials++
						return serve(ctx, network, addr)
					})
					begun := time.Now()
					l, err := connect(t.Context(), cfg)
					if took := time.Since(begun); took > stepTimeout {
						t.Errorf("it took %v", took)
					}
					if l != nil {
						t.Fatal("connected")
					}
					checkError(t, err, f.want(step))
					time.Sleep(time.Minute) // for a script that is still at it
					if dials != 1 {
						t.Errorf("%d connections", dials)
					}
				})
			})
		}
	}
}

// faults are the ways in which a server may go wrong, and what that looks like.
var faults = []struct {
	name  string
	fault func(s *scripted, step Step)
	want  func(Step) error
}{
	{"silent", func(s *scripted, _ Step) { s.quiet() }, protocolAs(Silent)},
	{"dripping", func(s *scripted, _ Step) {
		for {
			s.send(" ")
			time.Sleep(time.Second)
		}
	}, protocolAs(Silent)},
	{"closed", func(s *scripted, _ Step) { s.quit() }, protocolAs(Closed)},
	{"half an element", func(s *scripted, _ Step) { s.send("<stream:half "); s.quit() }, inStep(protocolAs(Closed))},
	{"garbage", func(s *scripted, _ Step) { s.fault("\x00\x01 no XMPP here, neither TLS\r\n") }, protocolAs(Garbage)},
	{"comment", func(s *scripted, _ Step) { s.fault("<!-- " + strings.Repeat("x", 100) + "-->") }, protocolAs(Garbage)},
	{"wrong nesting", func(s *scripted, step Step) { s.fault(opened(step) + "<stream:features><a></stream:features></a>") }, inStream(protocolAs(Garbage))},
	{"too much", func(s *scripted, step Step) { s.fault(opened(step) + "<a>" + strings.Repeat("x", 3<<20)) }, inStream(protocolAs(Garbage))},
	{"unexpected", func(s *scripted, step Step) { s.fault(opened(step) + "<message xmlns='jabber:client'/>") }, inStream(protocolAs(Unexpected))},
	{"end", func(s *scripted, step Step) { s.fault(opened(step) + "</stream:stream>") }, inStream(protocolAs(Closed))},
	{"stream error", func(s *scripted, step Step) {
		s.fault(opened(step) + fmt.Sprintf(streamErrorText, "system-shutdown", ""))
	}, inStream(func(step Step) error {
		return &StreamError{Step: step, Condition: "system-shutdown", Text: "words"}
	})},
}

// opened is the stream header at a step whose answer begins with one.
func opened(step Step) string {
	switch step {
	case StepHeader, StepHeaderTLS, StepHeaderAuth:
		return testHeader
	}
	return ""
}

func protocolAs(reason ProtocolReason) func(Step) error {
	return func(step Step) error { return &ProtocolError{Step: step, Reason: reason} }
}

// inStep is for faults that are garbage where a TLS record is due.
func inStep(want func(Step) error) func(Step) error {
	return func(step Step) error {
		if step == StepTLS {
			return protocolAs(Garbage)(step)
		}
		return want(step)
	}
}

// inStream is for faults inside a stream: after a header the features are
// next.
func inStream(want func(Step) error) func(Step) error {
	return inStep(func(step Step) error {
		switch step {
		case StepHeader:
			step = StepFeatures
		case StepHeaderTLS:
			step = StepFeaturesTLS
		case StepHeaderAuth:
			step = StepFeaturesAuth
		}
		return want(step)
	})
}

func checkError(t *testing.T, err, want error) {
	t.Helper()
	switch want := want.(type) {
	case *ProtocolError:
		var got *ProtocolError
		if !errors.As(err, &got) || got.Step != want.Step || got.Reason != want.Reason {
			t.Fatalf("got %v, want %v", err, want)
		}
	case *StreamError:
		var got *StreamError
		if !errors.As(err, &got) || *got != *want {
			t.Fatalf("got %#v, want %#v", err, want)
		}
	case *AuthError:
		var got *AuthError
		if !errors.As(err, &got) || got.Reason != want.Reason || got.Condition != want.Condition {
			t.Fatalf("got %#v, want %#v", err, want)
		}
	default:
		if !errors.Is(err, want) {
			t.Fatalf("got %v, want %v", err, want)
		}
	}
	if want != nil && err.Error() == "" {
		t.Fatal("an error without words")
	}
}
