package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/auth/internal/keyset"
	"github.com/backend-sdk/clerk-go/clerk"
)

const (
	callLimit   = 5 * time.Second
	maxDocument = 1 << 20 // bytes of keys
)

// answer is what became of a call for keys.
type answer struct {
	origin    string // scheme and host that were called; "" if nothing was sent
	responded bool
	took      time.Duration
	clock     interval // how far this machine's clock is ahead; zero if that is not known
	keys      map[string]keyset.Key
	err       error
}

// observed sends a request, and notes where it went and what its times say.
type observed struct {
	network http.RoundTripper
	noted   *answer
}

func (o observed) RoundTrip(r *http.Request) (*http.Response, error) {
	o.noted.origin = r.URL.Scheme + "://" + r.URL.Host
	sent := time.Now()
	resp, err := o.network.RoundTrip(r)
	received := time.Now()
	o.noted.took = received.Sub(sent)
	if o.noted.responded = err == nil; o.noted.responded {
		o.noted.clock = clockDifference(sent, received, resp.Header.Get("Date"))
	}
	return resp, err
}

// newClient returns the client of the environment, for calls that are made once.
func newClient(network http.RoundTripper) (*clerk.Client, error) {
	return clerk.FromEnv(clerk.WithTransport(network), clerk.WithMaxRetries(0), clerk.WithTimeout(callLimit))
}

// askBackend fetches the signing keys from the Backend API, as package auth does.
func (e *examination) askBackend(ctx context.Context) (a answer) {
	client, err := newClient(observed{e.network, &a})
	if err != nil {
		a.err = err
		return a
	}
	document, err := clerk.Call[keyset.Document](ctx, client, clerk.Request{Method: http.MethodGet, Path: "/jwks"}, clerk.WithBodyLimit(maxDocument))
	if err != nil {
		a.err = err
		return a
	}
	a.keys, a.err = usable(document)
	return a
}

// askFrontend fetches the keys that the frontend API publishes. It sends no key.
func (e *examination) askFrontend(ctx context.Context) (a answer) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, e.frontendURL()+"/.well-known/jwks.json", http.NoBody)
	if err != nil {
		a.err = err
		return a
	}
	client := http.Client{
		Transport: observed{e.network, &a}, Timeout: callLimit,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Do(r)
	if err != nil {
		a.err = err
		return a
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		a.err = fmt.Errorf("%d %s", resp.StatusCode, http.StatusText(resp.StatusCode))
		return a
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxDocument))
	if err != nil {
		a.err = err
		return a
	}
	var document keyset.Document
	if json.Unmarshal(body, &document) != nil {
		a.err = errors.New("the response is not a set of keys")
		return a
	}
	a.keys, a.err = usable(&document)
	return a
}

func usable(document *keyset.Document) (map[string]keyset.Key, error) {
	keys := document.Usable()
	if len(keys) == 0 {
		return nil, errors.New("the response has no key that can verify tokens")
	}
	return keys, nil
}

// cause says in few words what an error of a call is.
func cause(err error) string {
	var lost *url.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &lost) && lost.Timeout():
		return fmt.Sprintf("no response within %v", callLimit)
	case lost != nil:
		return lost.Err.Error()
	default:
		return strings.TrimPrefix(err.Error(), "clerk: ")
	}
}

// shares reports whether both have a key in common.
func shares(a, b map[string]keyset.Key) bool {
	for _, key := range a {
		for _, other := range b {
			if key.Public.Equal(other.Public) {
				return true
			}
		}
	}
	return false
}
