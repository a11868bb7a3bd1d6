package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	peer "github.com/clerk/clerk-sdk-go/v2"
	peeruser "github.com/clerk/clerk-sdk-go/v2/user"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

// atOnce is the number of calls that are made at a time.
const atOnce = 64

// countingServer sends a user on loopback and counts the connections that are opened.
type countingServer struct {
	*httptest.Server
	opened atomic.Int64
}

func newCountingServer(tb testing.TB) *countingServer {
	s := new(countingServer)
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = header["Content-Type"]
		_, _ = w.Write(oneUser)
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.opened.Add(1)
		}
	}
	s.Start()
	tb.Cleanup(s.Close)
	return s
}

// ours and peers return a function that gets a user from the server.
func (s *countingServer) ours(tb testing.TB) func() {
	client, err := clerk.New("sk_test_bench", clerk.WithBaseURL(s.URL))
	if err != nil {
		tb.Fatal(err)
	}
	return func() {
		u, err := users.GetUser(background, client, "user_1")
		if must(err); u.ID == "" {
			must(errWrong)
		}
	}
}

func (s *countingServer) peers() func() {
	client := peeruser.NewClient(&peer.ClientConfig{BackendConfig: peer.BackendConfig{Key: new("sk_test_bench"), URL: new(s.URL + "/v1")}})
	return func() {
		u, err := client.Get(background, "user_1")
		if must(err); u.ID == "" {
			must(errWrong)
		}
	}
}

// manyAtOnce makes each call times times, atOnce of them at a time.
func manyAtOnce(call func(), times int) {
	var running sync.WaitGroup
	for range atOnce {
		running.Go(func() {
			for range times {
				call()
			}
		})
	}
	running.Wait()
}

// Connections of sixty-four calls at a time stay open for the next ones.
func TestCallsAtOnceOpenNoFurtherConnections(t *testing.T) {
	s := newCountingServer(t)
	call := s.ours(t)
	manyAtOnce(call, 20)
	before := s.opened.Load()
	manyAtOnce(call, 50)
	if opened := s.opened.Load() - before; opened > 0 {
		t.Errorf("%d further connections in %d calls", opened, 50*atOnce)
	}
}

// BenchmarkCallsAtOnce reports the processor time of calls over loopback, beside that of
// clerk-sdk-go, and the connections that both open a call. Each includes the server's
// half. Run it with -benchtime 1x.
func BenchmarkCallsAtOnce(b *testing.B) {
	const rounds, times = 40, 10
	for range b.N {
		var ratios []float64
		s, p := newCountingServer(b), newCountingServer(b)
		mine, theirs := s.ours(b), p.peers()
		manyAtOnce(mine, times)
		manyAtOnce(theirs, times)
		s.opened.Store(0)
		p.opened.Store(0)
		before := processorTime(theirs, times)
		for range rounds {
			middle := processorTime(mine, times)
			after := processorTime(theirs, times)
			ratios = append(ratios, 2*float64(middle)/float64(before+after))
			before = after
		}
		q := quartilesOf(ratios)
		b.ReportMetric(q.median, "ratio")
		b.ReportMetric(q.low, "q25")
		b.ReportMetric(q.high, "q75")
		b.ReportMetric(0.60, "goal")
		b.ReportMetric(float64(s.opened.Load())/(rounds*times*atOnce), "connections/call")
		b.ReportMetric(float64(p.opened.Load())/((rounds+1)*times*atOnce), "connections/call-of-peer")
	}
}

// processorTime returns how long the process computes while calls are made.
func processorTime(call func(), times int) time.Duration {
	before := spent()
	manyAtOnce(call, times)
	return spent() - before
}

func spent() time.Duration {
	var u syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
