package clerk_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

func TestManyGoroutinesUseOneClient(t *testing.T) {
	t.Parallel()
	var n atomic.Int32
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		switch n.Add(1) % 4 {
		case 0:
			w.WriteHeader(http.StatusNotFound)
			write(w, `{"errors":[{"code":"resource_not_found"}]}`)
		case 1:
			write(w, `[{"id":1}]`)
		default:
			write(w, `{"id":"`+r.URL.Path+`","public_metadata":{"k":"`+r.Header.Get("X-Call")+`"}}`)
		}
	}, clerk.WithLogger(slog.New(slog.DiscardHandler)))
	shared := []clerk.CallOption{clerk.WithHeader("X-Shared", "1"), clerk.WithKey("sk_test_other")}
	ids := []string{"", "b c"}
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			for j := range 8 {
				call := fmt.Sprintf("%d-%d", i, j)
				var meta clerk.Response
				opts := append(shared[:2:2], clerk.WithHeader("X-Call", call), clerk.WithResponse(&meta))
				v, err := clerk.Call[thing](t.Context(), c, clerk.Request{
					Method: "GET", Path: "/things/{id}", IDs: ids[1:], Query: clerk.Query{"a": clerk.Set(i)},
				}, opts...)
				var decoding *clerk.DecodeError
				switch {
				case err == nil && strings.Contains(v.Extra.String(), call) && meta.StatusCode == 200:
				case errors.Is(err, clerk.ErrNotFound) && clerk.HasCode(err, "resource_not_found") && meta.StatusCode == 404:
				case errors.As(err, &decoding) && string(decoding.Body) == `[{"id":1}]`:
				default:
					t.Errorf("call %s: %v, error %v", call, v, err)
				}
				_ = fmt.Sprintf("%+v %v", c, err)
			}
		})
	}
	wg.Wait()
}

func TestClientsCanShareOptions(t *testing.T) {
	t.Parallel()
	hc := &http.Client{Timeout: time.Minute}
	opts := []clerk.Option{
		clerk.WithBaseURL("http://localhost:1"), clerk.WithHTTPClient(hc), clerk.WithMaxRetries(0),
		clerk.WithAttemptTimeout(time.Second), clerk.WithTimeout(time.Second), clerk.WithBodyLimit(1), clerk.WithFailureLimit(1),
	}
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if _, err := clerk.New(testKey, opts...); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if hc.Timeout != time.Minute || hc.Transport != nil || hc.CheckRedirect != nil || hc.Jar != nil {
		t.Errorf("the caller's client was changed: %+v", hc)
	}
}

func TestManyCallersReuseTheirConnections(t *testing.T) {
	t.Parallel()
	const callers, rounds = 64, 5
	var opened atomic.Int32
	gate := make(chan struct{})
	var waiting atomic.Int32
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/first" {
			// All callers have a connection before the first one gets its response.
			if waiting.Add(1) == callers {
				close(gate)
			}
			<-gate
		}
		write(w, `{"id":"a"}`)
	}))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	srv.Start()
	t.Cleanup(srv.Close)
	c, err := clerk.New(testKey, clerk.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for round := range rounds {
		path := "/things"
		if round == 0 {
			path = "/first"
		}
		for range callers {
			wg.Go(func() {
				if _, err := clerk.Call[thing](t.Context(), c, get(path)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	if n := opened.Load(); n != callers {
		t.Errorf("%d connections for %d callers in %d rounds, want one per caller", n, callers, rounds)
	}
}

func TestFailedCallsDoNotCloseIdleConnections(t *testing.T) {
	t.Parallel()
	var opened atomic.Int32
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/fails"):
			w.WriteHeader(http.StatusNotFound)
		case strings.HasSuffix(r.URL.Path, "/lost"):
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				conn.Close()
			}
		default:
			write(w, `{}`)
		}
	}))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	srv.Start()
	t.Cleanup(srv.Close)
	hc := srv.Client() // the caller's client, with its idle connections
	fetch := func() {
		t.Helper()
		resp, err := hc.Get(srv.URL + "/theirs")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
	c, err := clerk.New(testKey, clerk.WithBaseURL(srv.URL), clerk.WithHTTPClient(hc))
	if err != nil {
		t.Fatal(err)
	}
	fetch()
	for range 3 {
		if _, err := clerk.Call[thing](t.Context(), c, get("/fails")); !errors.Is(err, clerk.ErrNotFound) {
			t.Fatal(err)
		}
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("%d connections were opened, want only the caller's", n)
	}

	// Two connections are idle. Losing one must not close the other.
	busy, err := hc.Get(srv.URL + "/theirs")
	if err != nil {
		t.Fatal(err)
	}
	fetch()
	_, _ = io.Copy(io.Discard, busy.Body)
	busy.Body.Close()
	before := opened.Load()
	if _, err := clerk.Call[thing](t.Context(), c, post("/lost", nil)); err == nil {
		t.Fatal("error = nil")
	}
	fetch()
	if n := opened.Load() - before; n != 0 {
		t.Errorf("%d connections were opened after a failure, want none", n)
	}
}
