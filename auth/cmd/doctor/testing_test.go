package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerktest"
)

const backendHost = "api.clerk.com"

// network are the servers that an examination can reach, by their hosts.
type network map[string]http.Handler

// RoundTrip lets the server respond, and dates the response unless the server did.
func (n network) RoundTrip(r *http.Request) (*http.Response, error) {
	server, found := n[r.URL.Host]
	if !found {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: r.URL.Hostname()}}
	}
	inner := r.Clone(r.Context())
	if inner.Body == nil {
		inner.Body = http.NoBody
	}
	inner.RemoteAddr, inner.Host, inner.RequestURI = "127.0.0.1:5000", r.URL.Host, r.URL.RequestURI()
	w := httptest.NewRecorder()
	server.ServeHTTP(w, inner)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	resp := w.Result()
	resp.Request = r
	if resp.Header["Date"] == nil {
		resp.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	}
	return resp, nil
}

// serve returns the network of an instance.
func serve(i *clerktest.Instance) network {
	return network{backendHost: i, strings.TrimPrefix(i.Issuer(), "https://"): i.Frontend()}
}

// delayed responds after some time, if the client waits for so long.
func delayed(by time.Duration, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(by):
			h.ServeHTTP(w, r)
		case <-r.Context().Done():
		}
	})
}

// dated responds by a clock that differs from this machine's.
func dated(by time.Duration, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(by).UTC().Format(http.TimeFormat))
		h.ServeHTTP(w, r)
	})
}

// failing responds with a status and a body.
func failing(status int, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		w.Write([]byte(body))
	})
}

func newDevelopment(t *testing.T) *clerktest.Instance {
	t.Helper()
	return clerktest.New(t)
}

func newProduction(t *testing.T) *clerktest.Instance {
	t.Helper()
	return clerktest.New(t, clerktest.WithSeed(clerktest.Seed{
		Production: true, Domains: []api.Domain{{ID: "dmn_shop", Name: "shop.example", IsSatellite: true}},
	}))
}

// setEnvironment sets these variables, and no other of Clerk.
func setEnvironment(t *testing.T, values map[string]string) {
	t.Helper()
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.Contains(name, "CLERK_") || strings.HasPrefix(name, "VERCEL_") {
			t.Setenv(name, "")
		}
	}
	for name, value := range values {
		t.Setenv(name, value)
	}
}

// keysOf returns the variables of an instance with an authorized party.
func keysOf(i *clerktest.Instance, more ...string) map[string]string {
	values := map[string]string{
		"CLERK_SECRET_KEY": i.SecretKey(), "CLERK_PUBLISHABLE_KEY": i.PublishableKey(), "CLERK_AUTHORIZED_PARTIES": "https://app.example.com",
	}
	for n := 0; n < len(more); n += 2 {
		values[more[n]] = more[n+1]
	}
	return values
}

// examined returns the report on the environment, which takes at most 15 seconds.
func examined(t *testing.T, servers network, withoutCookies bool) (found report) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		e := examination{network: servers, withoutCookies: withoutCookies}
		e.examine(t.Context())
		if took := time.Since(began); took >= 15*time.Second {
			t.Errorf("the examination took %v", took)
		}
		found = e.report
	})
	return found
}
