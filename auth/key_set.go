package auth

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

// Limits on keeping keys. They bound what a stranger with made-up key IDs can cause,
// and how long a withdrawn key stays in use.
const (
	keyLifetime       = 5 * time.Minute  // age at which a set is fetched again at the latest
	fetchTimeout      = 2 * time.Second  // of one fetch, if an old set can serve meanwhile
	unknownKeyPause   = 10 * time.Second // between fetches for key IDs that are not in the set
	firstBackOff      = time.Second      // bounds the pause after a failed fetch; doubles up to maxBackOff
	maxBackOff        = 30 * time.Second
	defaultMaxStale   = 24 * time.Hour // maximum age of a set while the endpoint is down
	stalePatience     = 250 * time.Millisecond
	maxWaiting        = 4096 // requests waiting for one fetch
	maxKeyIDLength    = 256
	maxKeySetDocument = 1 << 20 // bytes
)

// keySet holds the signing keys of one instance. It fetches them when a request needs
// them, one fetch at a time. A fetch is independent of any request: a caller that stops
// waiting does not cancel it. The only goroutine is that of the fetch in flight.
type keySet struct {
	fetch    func(ctx context.Context) (map[string]verificationKey, error)
	now      func() time.Time
	draw     func(upTo time.Duration) time.Duration // so that processes that started together do not fetch together
	maxStale time.Duration                          // since the fetch; 0 never uses an old set
	timeout  time.Duration                          // of a fetch while an old set can serve
	patience time.Duration                          // how long to wait for an endpoint that failed before
	outages  *outages                               // nil: silent
	// replaced is called with the current keys when one of those before is gone.
	replaced func(keys map[string]verificationKey)

	current atomic.Pointer[keySnapshot]
	waiting atomic.Int32

	mu       sync.Mutex
	flight   *keyFetch
	tried    time.Time     // when the last fetch ended
	failures int           // consecutive failed fetches
	pause    time.Duration // after the last fetch, if it failed
	failure  error         // of the last fetch; nil when it succeeded
}

// keySnapshot is the result of one fetch. It never changes.
type keySnapshot struct {
	keys map[string]verificationKey
	at   time.Time     // when the fetch began
	life time.Duration // age at which it is fetched again
}

type keyFetch struct {
	done chan struct{}
	err  error // to be read when done is closed
}

// newKeySet returns a set that is empty until a key is needed.
func newKeySet(client *clerk.Client, now func() time.Time) *keySet {
	return &keySet{
		fetch: func(ctx context.Context) (map[string]verificationKey, error) {
			return fetchKeys(ctx, client)
		},
		now:      now,
		draw:     rand.N[time.Duration],
		maxStale: defaultMaxStale,
		timeout:  fetchTimeout,
		patience: stalePatience,
	}
}

// key returns the key with the ID kid, and fetches the set if the limits allow it.
func (k *keySet) key(ctx context.Context, kid string) (verificationKey, error) {
	// A token without a usable key ID must not cause a fetch.
	if kid == "" || len(kid) > maxKeyIDLength {
		return verificationKey{}, refuse(ReasonJWKKidMismatch)
	}
	now := k.clock()
	set := k.current.Load()
	key, known := set.lookup(kid)
	if known && set.fresh(now) {
		return key, nil
	}
	servable := known && set.age(now) < k.maxStale
	err := k.refresh(ctx, now, set != nil && !known, servable)
	k.outages.note(ctx, keyOutcome(err), err, servingAge(servable, set, now))
	switch {
	case err == nil:
		if key, known = k.current.Load().lookup(kid); known {
			return key, nil
		}
		return verificationKey{}, refuse(ReasonJWKKidMismatch)
	case servable && (errors.Is(err, ErrKeysUnavailable) || errors.Is(err, ErrSecretKey)):
		return key, nil
	default:
		return verificationKey{}, err
	}
}

// keyOutcome returns what an error of refresh means for an operator.
func keyOutcome(err error) outcome {
	switch {
	case err == nil:
		return answered
	case errors.Is(err, ErrSecretKey):
		return secretKeyRefused
	case errors.Is(err, errTooManyWaiting):
		return ownLimit
	case errors.Is(err, ErrKeysUnavailable):
		return outOfReach
	default:
		return abandoned
	}
}

// servingAge says how old the keys are that serve in an outage.
func servingAge(servable bool, set *keySnapshot, now time.Time) slog.Attr {
	if !servable {
		return slog.String("serving_keys", "none")
	}
	return slog.String("serving_keys", "fetched "+set.age(now).Round(time.Second).String()+" ago")
}

// warm fetches the keys unless there are fresh ones.
func (k *keySet) warm(ctx context.Context) error {
	now := k.clock()
	set := k.current.Load()
	if set.fresh(now) {
		return nil
	}
	err := k.refresh(ctx, now, false, false)
	k.outages.note(ctx, keyOutcome(err), err, servingAge(set != nil && set.age(now) < k.maxStale, set, now))
	return err
}

// clock returns the time without its monotonic part, which stands still while a machine
// sleeps: a withdrawn key must not outlive that.
func (k *keySet) clock() time.Time { return k.now().Round(0) }

func (s *keySnapshot) lookup(kid string) (verificationKey, bool) {
	if s == nil {
		return verificationKey{}, false
	}
	key, ok := s.keys[kid]
	return key, ok
}

// fresh also returns false for a set of the future: the clock was set back, and the age
// of the set is unknown.
func (s *keySnapshot) fresh(now time.Time) bool {
	if s == nil {
		return false
	}
	age := s.age(now)
	return age >= 0 && age < s.life
}

func (s *keySnapshot) age(now time.Time) time.Duration { return now.Sub(s.at) }

// refresh waits for a fetch, and begins one unless one is in flight or may not begin
// yet. It returns nil if the current set is as new as it can be. unknown is for a key
// ID that is not in the set, servable for a key that could be used as it is.
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
	// An endpoint that just failed may hang, so a request that has a usable key does
	// not wait as long as the fetch may take.
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

// begin returns the fetch in flight, or a new one. If none may begin yet, it returns
// nil and the result of the last one. failing reports whether the last one failed.
func (k *keySet) begin(now time.Time, unknown bool) (flight *keyFetch, failing bool, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	failing = k.failures > 0
	if k.flight != nil {
		return k.flight, failing, nil
	}
	pause := k.pause
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

// backOff draws how long no fetch may begin after one that failed. k.mu is held.
func (k *keySet) backOff() time.Duration {
	return k.draw(min(firstBackOff<<min(k.failures-1, 10), maxBackOff))
}

// run runs a fetch. If no key can serve meanwhile, only the client's own limits end it
// early.
func (k *keySet) run(flight *keyFetch, began time.Time) {
	ctx := context.Background()
	if set := k.current.Load(); set != nil && set.age(began) < k.maxStale {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, k.timeout)
		defer cancel()
	}
	keys, err := k.attempt(ctx)

	k.mu.Lock()
	defer k.mu.Unlock()
	if err == nil {
		gone := keepIdentity(keys, k.current.Load())
		k.current.Store(&keySnapshot{keys: keys, at: began, life: keyLifetime/2 + k.draw(keyLifetime/2)})
		k.failures, k.pause = 0, 0
		if gone && k.replaced != nil {
			k.replaced(keys)
		}
	} else {
		k.failures++
		k.pause = k.backOff()
	}
	k.failure, k.tried, k.flight = err, k.clock(), nil
	flight.err = err
	close(flight.done)
}

// attempt treats a panic of the transport as an outage. This goroutine serves no
// request, so no server would recover, and the process would end.
func (k *keySet) attempt(ctx context.Context) (keys map[string]verificationKey, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = keysUnavailable(fmt.Errorf("fetching them panicked: %v", p))
		}
	}()
	return k.fetch(ctx)
}

// keySource finds the key with the ID kid. The error is a *TokenError for an unknown
// key, and otherwise says why it could not be fetched.
type keySource interface {
	key(ctx context.Context, kid string) (verificationKey, error)
}

// localKey is the one key that was configured. It verifies tokens of every key ID.
type localKey struct {
	public *rsa.PublicKey
}

// key implements keySource. Clerk signs with RS256, and a bare key states no algorithm.
func (l localKey) key(context.Context, string) (verificationKey, error) {
	return verificationKey{key: l.public, alg: "RS256"}, nil
}
