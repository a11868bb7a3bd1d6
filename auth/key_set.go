package auth

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

// The rules by which keys are kept. They bound what a stranger with made-up key ids can
// cause, and how long a withdrawn key lives on.
const (
	keyLifetime       = 5 * time.Minute  // a set is asked for anew when it is this old
	fetchTimeout      = 2 * time.Second  // of one fetch
	unknownKeyPause   = 10 * time.Second // between fetches for key ids that are not in the set
	firstBackOff      = time.Second      // after a failed fetch; doubles up to maxBackOff
	maxBackOff        = 30 * time.Second
	defaultMaxStale   = 24 * time.Hour // how old a set may become while the endpoint is down
	stalePatience     = 250 * time.Millisecond
	maxWaiting        = 4096 // requests that wait for one fetch
	maxKeyIDLength    = 256
	maxKeySetDocument = 1 << 20 // bytes
)

// keySet holds the signing keys of one instance. It fetches them when a request needs
// them, one fetch at a time, which belongs to no request: who gives up waiting does not
// end it. There is no goroutine but the one of the fetch under way.
type keySet struct {
	fetch    func(ctx context.Context) (map[string]verificationKey, error)
	now      func() time.Time
	maxStale time.Duration // from the fetch; 0 never uses an old set
	timeout  time.Duration // of a fetch
	patience time.Duration // how long to wait for an endpoint that failed before

	current atomic.Pointer[keySnapshot]
	waiting atomic.Int32

	mu       sync.Mutex
	flight   *keyFetch
	tried    time.Time // when the last fetch ended
	failures int       // fetches failed in a row
	failure  error     // of the last fetch; nil when it succeeded
}

// keySnapshot is the outcome of one fetch. It never changes.
type keySnapshot struct {
	keys map[string]verificationKey
	at   time.Time // when the fetch began
}

type keyFetch struct {
	done chan struct{}
	err  error // to be read when done is closed
}

// newKeySet gives a set that is empty until a key is asked for.
func newKeySet(client *clerk.Client, now func() time.Time) *keySet {
	return &keySet{
		fetch: func(ctx context.Context) (map[string]verificationKey, error) {
			return fetchKeys(ctx, client)
		},
		now:      now,
		maxStale: defaultMaxStale,
		timeout:  fetchTimeout,
		patience: stalePatience,
	}
}

// key gives the key with the id kid, fetching the set where the rules ask for it.
func (k *keySet) key(ctx context.Context, kid string) (verificationKey, error) {
	// A token without a usable key id must not cause a fetch.
	if kid == "" || len(kid) > maxKeyIDLength {
		return verificationKey{}, refuse(ReasonJWKKidMismatch)
	}
	now := k.clock()
	set := k.current.Load()
	key, known := set.lookup(kid)
	if known && set.fresh(now) {
		return key, nil
	}
	servable := known && now.Sub(set.at) < k.maxStale
	err := k.refresh(ctx, now, set != nil && !known, servable)
	switch {
	case err == nil:
		if key, known = k.current.Load().lookup(kid); known {
			return key, nil
		}
		return verificationKey{}, refuse(ReasonJWKKidMismatch)
	case servable && errors.Is(err, ErrKeysUnavailable):
		return key, nil
	default:
		return verificationKey{}, err
	}
}

// warm fetches the keys unless they are there and fresh.
func (k *keySet) warm(ctx context.Context) error {
	now := k.clock()
	if set := k.current.Load(); set != nil && set.fresh(now) {
		return nil
	}
	return k.refresh(ctx, now, false, false)
}

// clock reads the time without its monotonic part, which stands still while a machine
// sleeps: a withdrawn key must not outlive that.
func (k *keySet) clock() time.Time { return k.now().Round(0) }

func (s *keySnapshot) lookup(kid string) (verificationKey, bool) {
	if s == nil {
		return verificationKey{}, false
	}
	key, ok := s.keys[kid]
	return key, ok
}

// fresh is false for a set of the future, too: the clock was set back, and how old the
// set is cannot be told.
func (s *keySnapshot) fresh(now time.Time) bool {
	age := now.Sub(s.at)
	return age >= 0 && age < keyLifetime
}

// refresh waits for a fetch, and begins one unless it is under way or must not be yet. It
// gives nil when the current set is as new as it can be. unknown is for a key id that the
// set does not have, servable for a key that could be used as it is.
func (k *keySet) refresh(ctx context.Context, now time.Time, unknown, servable bool) error {
	flight, failing, err := k.begin(now, unknown)
	if flight == nil {
		return err
	}
	if k.waiting.Add(1) > maxWaiting {
		k.waiting.Add(-1)
		return keysUnavailable(errTooManyWaiting)
	}
	defer k.waiting.Add(-1)
	// An endpoint that just failed may well hang: who could do without does not wait for
	// it as long as it takes.
	var patience <-chan time.Time
	if servable && failing {
		timer := time.NewTimer(k.patience)
		defer timer.Stop()
		patience = timer.C
	}
	select {
	case <-flight.done:
		return flight.err
	case <-ctx.Done():
		return fmt.Errorf("auth: waiting for the signing keys: %w", ctx.Err())
	case <-patience:
		return keysUnavailable(errSlowEndpoint)
	}
}

// begin gives the fetch under way, or one that it begins. Where none may begin yet it
// gives nil and how the last one ended. failing tells that the last one failed.
func (k *keySet) begin(now time.Time, unknown bool) (flight *keyFetch, failing bool, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	failing = k.failures > 0
	if k.flight != nil {
		return k.flight, failing, nil
	}
	pause := k.backOff()
	if unknown {
		pause = max(pause, unknownKeyPause)
	}
	if since := now.Sub(k.tried); !k.tried.IsZero() && since >= 0 && since < pause {
		return nil, failing, k.failure
	}
	flight = &keyFetch{done: make(chan struct{})}
	k.flight = flight
	go k.run(flight, now)
	return flight, failing, nil
}

// backOff is how long no fetch begins after the last one. k.mu is held.
func (k *keySet) backOff() time.Duration {
	if k.failures == 0 {
		return 0
	}
	return min(firstBackOff<<min(k.failures-1, 10), maxBackOff)
}

// run is the fetch. Only its own timeout ends it early.
func (k *keySet) run(flight *keyFetch, began time.Time) {
	ctx, cancel := context.WithTimeout(context.Background(), k.timeout)
	defer cancel()
	keys, err := k.attempt(ctx)

	k.mu.Lock()
	defer k.mu.Unlock()
	if err == nil {
		k.current.Store(&keySnapshot{keys: keys, at: began})
		k.failures = 0
	} else {
		k.failures++
	}
	k.failure, k.tried, k.flight = err, k.clock(), nil
	flight.err = err
	close(flight.done)
}

// attempt takes a panic of the transport for an outage. No request runs in this
// goroutine, so no server would recover, and the process would end.
func (k *keySet) attempt(ctx context.Context) (keys map[string]verificationKey, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = keysUnavailable(fmt.Errorf("fetching them panicked: %v", p))
		}
	}()
	return k.fetch(ctx)
}

// fetchKeys asks for the key set. Its errors match ErrSecretKey or ErrKeysUnavailable.
func fetchKeys(ctx context.Context, client *clerk.Client) (map[string]verificationKey, error) {
	document, err := clerk.Call[jwkDocument](ctx, client,
		clerk.Request{Method: http.MethodGet, Path: "/jwks", Operation: "GetJWKS"},
		clerk.WithTimeout(fetchTimeout), clerk.WithMaxRetries(0), clerk.WithBodyLimit(maxKeySetDocument))
	if err != nil {
		if errors.Is(err, clerk.ErrUnauthorized) || clerk.HasCode(err, "clerk_key_invalid") {
			return nil, fmt.Errorf("%w: %w", ErrSecretKey, err)
		}
		return nil, keysUnavailable(err)
	}
	if len(document.Keys) == 0 {
		return nil, keysUnavailable(errors.New("the answer holds no keys"))
	}
	return document.verificationKeys(), nil
}

func keysUnavailable(cause error) error {
	return fmt.Errorf("%w: %w", ErrKeysUnavailable, cause)
}

// keySource finds the key with the id kid. The error is a *TokenError when there is no
// such key, and otherwise says why the key could not be had.
type keySource interface {
	key(ctx context.Context, kid string) (verificationKey, error)
}

// localKey is the one key that was configured; it serves whatever key id a token names.
type localKey struct {
	public *rsa.PublicKey
}

// key implements keySource. Clerk signs with RS256, and a bare key does not say otherwise.
func (l localKey) key(context.Context, string) (verificationKey, error) {
	return verificationKey{key: l.public, alg: "RS256"}, nil
}
