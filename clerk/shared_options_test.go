package clerk_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

// whatIsSent returns a client with opts, and the request that it has sent last.
func whatIsSent(t *testing.T, opts ...clerk.Option) (*clerk.Client, *http.Request) {
	t.Helper()
	var last http.Request
	c, err := clerk.New(testKey, append(opts, clerk.WithTransport(roundTripper(func(r *http.Request) (*http.Response, error) {
		last = *r
		return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
	})))...)
	if err != nil {
		t.Fatal(err)
	}
	return c, &last
}

func TestHeadersOfAClientAreSentWithAllCalls(t *testing.T) {
	t.Parallel()
	c, last := whatIsSent(t, clerk.WithHeader("X-Team", "a"), clerk.WithHeader("user-agent", "mine"), clerk.WithHeader("Content-Type", "text/plain"))
	for _, test := range []struct {
		name string
		req  clerk.Request
		opts []clerk.CallOption
		want map[string]string
	}{
		{"as they are", post("/things", thing{}), nil, map[string]string{"X-Team": "a", "User-Agent": "mine", "Content-Type": "application/json"}},
		{"replaced", post("/things", thing{}), []clerk.CallOption{clerk.WithHeader("x-team", "b"), clerk.WithHeader("Content-Type", "application/x")},
			map[string]string{"X-Team": "b", "User-Agent": "mine", "Content-Type": "application/x"}},
		{"after a call that replaced some", get("/things"), []clerk.CallOption{clerk.WithHeader("X-Call", "c")},
			map[string]string{"X-Team": "a", "X-Call": "c", "User-Agent": "mine"}},
		{"of an upload", clerk.Request{Method: http.MethodPost, Path: "/things", Form: clerk.Form{"a": "b"}}, nil,
			map[string]string{"X-Team": "a", "X-Call": "", "Content-Type": "multipart/form-data"}},
	} {
		if _, err := clerk.Call[clerk.None](t.Context(), c, test.req, test.opts...); err != nil {
			t.Fatal(err)
		}
		for name, want := range test.want {
			got := last.Header.Values(name)
			if strings.Join(got, "|") != want && (name != "Content-Type" || len(got) != 1 || !strings.HasPrefix(got[0], want)) {
				t.Errorf("%s: %s is %q, want %q", test.name, name, got, want)
			}
		}
	}
}

func TestLimitsOfAClientAreThoseOfCallsWithoutTheirOwn(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name         string
		of, own      clerk.SharedOption
		status       int
		check        func(error, time.Duration, clerk.Response) (got any)
		want, wanted any // with of alone, and with both
	}{
		{"timeout", clerk.WithTimeout(time.Second), clerk.WithTimeout(2 * time.Second), 0,
			func(_ error, took time.Duration, _ clerk.Response) any { return took }, time.Second, 2 * time.Second},
		{"retries", clerk.WithMaxRetries(4), clerk.WithMaxRetries(1), http.StatusBadGateway,
			func(_ error, _ time.Duration, r clerk.Response) any { return r.Attempts }, 5, 2},
		{"body", clerk.WithBodyLimit(8), clerk.WithBodyLimit(16), http.StatusOK,
			func(err error, _ time.Duration, _ clerk.Response) any { return err == nil }, false, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, err := clerk.New(testKey, test.of, clerk.WithTransport(roundTripper(func(r *http.Request) (*http.Response, error) {
					if test.status == 0 {
						<-r.Context().Done()
						return nil, r.Context().Err()
					}
					return respondWith(test.status, `{"id":"abc"}`), nil
				})))
				if err != nil {
					t.Fatal(err)
				}
				for _, call := range []struct {
					opts []clerk.CallOption
					want any
				}{{nil, test.want}, {[]clerk.CallOption{test.own}, test.wanted}, {nil, test.want}} {
					var resp clerk.Response
					begin := time.Now()
					_, err := clerk.Call[thing](t.Context(), c, get("/things"), append(call.opts, clerk.WithResponse(&resp))...)
					if got := test.check(err, time.Since(begin), resp); got != call.want {
						t.Errorf("%v, want %v: %v", got, call.want, err)
					}
				}
			})
		})
	}
}

// A key of New and one response are not for all calls.
func TestOptionsOfACallAloneAreNotOptionsOfAClient(t *testing.T) {
	t.Parallel()
	for name, opt := range map[string]clerk.CallOption{"WithKey": clerk.WithKey(testKey), "WithResponse": clerk.WithResponse(&clerk.Response{})} {
		if _, ok := opt.(clerk.Option); ok {
			t.Errorf("%s is accepted by New", name)
		}
	}
}

func respondWith(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(body))}
}

// closing is a transport that counts how often its connections are closed.
type closing struct {
	http.RoundTripper
	times int
}

func (c *closing) CloseIdleConnections() { c.times++ }

func TestCloseIdleConnectionsLeavesNoConnectionOpen(t *testing.T) {
	t.Parallel()
	closed := make(chan struct{}, 2)
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { write(w, `{}`) }))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateClosed {
			closed <- struct{}{}
		}
	}
	srv.Start()
	defer srv.Close()
	c, err := clerk.New(testKey, clerk.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := clerk.Call[thing](t.Context(), c, get("/things")); err != nil {
		t.Fatal(err)
	}
	c.CloseIdleConnections()
	<-closed
	if _, err := clerk.Call[thing](t.Context(), c, get("/things")); err != nil {
		t.Errorf("a call afterwards: %v", err)
	}
}

func TestCloseIdleConnectionsReachesATransportThatCan(t *testing.T) {
	t.Parallel()
	can := &closing{RoundTripper: roundTripper(func(*http.Request) (*http.Response, error) {
		return respondWith(http.StatusBadGateway, ""), nil
	})}
	for name, opt := range map[string]clerk.Option{"WithTransport": clerk.WithTransport(can), "WithHTTPClient": clerk.WithHTTPClient(&http.Client{Transport: can})} {
		c, err := clerk.New(testKey, opt)
		if err != nil {
			t.Fatal(err)
		}
		can.times = 0
		if _, err := clerk.Call[thing](t.Context(), c, get("/things"), clerk.WithMaxRetries(1)); !errors.Is(err, clerk.ErrServer) || can.times != 0 {
			t.Errorf("%s: a retry closed connections %d times: %v", name, can.times, err)
		}
		if c.CloseIdleConnections(); can.times != 1 {
			t.Errorf("%s: called %d times, want once", name, can.times)
		}
	}
	cannot, err := clerk.New(testKey, clerk.WithTransport(can.RoundTripper))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []*clerk.Client{cannot, nil, {}} {
		c.CloseIdleConnections()
	}
}
