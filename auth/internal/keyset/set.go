// Package keyset keeps the public keys with which an issuer signs its tokens. It fetches
// them when a token needs one, and bounds what strangers with made-up key IDs, slow
// endpoints and outages can cause.
package keyset

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// Limits on keeping keys. They bound what a stranger with made-up key IDs can cause,
// and how long a withdrawn key stays in use.
const (
	lifetime      = 5 * time.Minute  // age at which a set is fetched again at the latest
	fetchTimeout  = 2 * time.Second  // of one fetch, if an old set can serve meanwhile
	unknownPause  = 10 * time.Second // between fetches for key IDs that are not in the set
	firstBackOff  = time.Second      // bounds the pause after a failed fetch; doubles up to maxBackOff
	maxBackOff    = 30 * time.Second
	stalePatience = 250 * time.Millisecond
	maxWaiting    = 4096 // requests waiting for one fetch
	maxIDLength   = 256
)

// Errors of a Set other than those of Config.Fetch.
var (
	ErrUnknownKey     = errors.New("the set has no such key")
	ErrTooManyWaiting = errors.New("too many requests are waiting for a key fetch")
	ErrSlowEndpoint   = errors.New("the endpoint is still failing")
	ErrGaveUp         = errors.New("waiting for the signing keys") // wraps the error of the context
)

// Key is a public key and the algorithm that it is meant for; "" allows all that are
// supported.
type Key struct {
	Public    *rsa.PublicKey
	Algorithm string
}

// Config says where a Set has its keys from, and how old they may become.
type Config struct {
	Fetch    func(ctx context.Context) (map[string]Key, error)
	Now      func() time.Time
	MaxStale time.Duration // age up to which keys serve while they cannot be fetched; 0 never does that
	// Draw returns a time below upTo, so that processes that started together do not fetch
	// together; nil draws at random.
	Draw func(upTo time.Duration) time.Duration
	// Replaced is called with the current keys when one of those before is gone.
	Replaced func(keys map[string]Key)
	// Noted learns how a call ended that fresh keys could not answer, also if old ones
	// then could, and the age of those.
	Noted func(ctx context.Context, err error, age time.Duration, serves bool)
}

// Set holds the keys of one instance. It makes one fetch at a time. A fetch is independent
// of any request: a caller that stops waiting does not cancel it. The only goroutine is
// that of the fetch in flight.
type Set struct {
	config Config

	current atomic.Pointer[snapshot]
	waiting atomic.Int32

	mu       sync.Mutex
	flight   *flight
	tried    time.Time     // when the last fetch ended
	failures int           // consecutive failed fetches
	pause    time.Duration // after the last fetch, if it failed
	failure  error         // of the last fetch; nil when it succeeded
}

// New returns a set that is empty until a key is needed.
func New(c Config) *Set {
	if c.Draw == nil {
		c.Draw = rand.N[time.Duration]
	}
	return &Set{config: c}
}

// snapshot is the result of one fetch. It never changes.
type snapshot struct {
	keys map[string]Key
	at   time.Time     // when the fetch began
	life time.Duration // age at which it is fetched again
}

// Key returns the key with the ID kid, after a fetch if one is needed and the limits allow
// it. It also returns the time if it has just read the clock, which is a good part of what
// a known token costs, and otherwise the zero time. The error is ErrUnknownKey, one that
// wraps ErrGaveUp, or says why the keys could not be fetched.
func (s *Set) Key(ctx context.Context, kid string) (Key, time.Time, error) {
	// A token without a usable key ID must not cause a fetch.
	if kid == "" || len(kid) > maxIDLength {
		return Key{}, time.Time{}, ErrUnknownKey
	}
	now := s.clock()
	set := s.current.Load()
	key, known := set.lookup(kid)
	if known && set.fresh(now) {
		return key, now, nil
	}
	key, err := s.fetched(ctx, kid, set, now)
	return key, time.Time{}, err
}

// fetched returns the key with the ID kid after a fetch, if one is allowed. set is the
// current one, which has no such key or is too old.
func (s *Set) fetched(ctx context.Context, kid string, set *snapshot, now time.Time) (Key, error) {
	key, known := set.lookup(kid)
	servable := known && set.age(now) < s.config.MaxStale
	err := s.refresh(ctx, now, set != nil && !known, servable)
	s.note(ctx, err, set, now, servable)
	switch {
	case err == nil:
		if key, known = s.current.Load().lookup(kid); known {
			return key, nil
		}
		return Key{}, ErrUnknownKey
	case servable && !errors.Is(err, ErrGaveUp):
		return key, nil
	default:
		return Key{}, err
	}
}

// Warm fetches the keys unless there are fresh ones.
func (s *Set) Warm(ctx context.Context) error {
	now := s.clock()
	set := s.current.Load()
	if set.fresh(now) {
		return nil
	}
	err := s.refresh(ctx, now, false, false)
	s.note(ctx, err, set, now, set != nil && set.age(now) < s.config.MaxStale)
	return err
}

func (s *Set) note(ctx context.Context, err error, set *snapshot, now time.Time, serves bool) {
	if s.config.Noted == nil {
		return
	}
	var age time.Duration
	if serves {
		age = set.age(now)
	}
	s.config.Noted(ctx, err, age, serves)
}

// clock returns the time without its monotonic part, which stands still while a machine
// sleeps: a withdrawn key must not outlive that.
func (s *Set) clock() time.Time { return s.config.Now().Round(0) }

func (s *snapshot) lookup(kid string) (Key, bool) {
	if s == nil {
		return Key{}, false
	}
	key, ok := s.keys[kid]
	return key, ok
}

// fresh also returns false for a set of the future: the clock was set back, and the age
// of the set is unknown.
func (s *snapshot) fresh(now time.Time) bool {
	if s == nil {
		return false
	}
	age := s.age(now)
	return age >= 0 && age < s.life
}

func (s *snapshot) age(now time.Time) time.Duration { return now.Sub(s.at) }

// refresh waits for a fetch, and begins one unless one is in flight or may not begin
// yet. It returns nil if the current set is as new as it can be. unknown is for a key
// ID that is not in the set, servable for a key that could be used as it is.
func (s *Set) refresh(ctx context.Context, now time.Time, unknown, servable bool) error {
	flight, failing, err := s.begin(now, unknown)
	if flight == nil {
		return err
	}
	if s.waiting.Add(1) > maxWaiting {
		s.waiting.Add(-1)
		return ErrTooManyWaiting
	}
	defer s.waiting.Add(-1)
	// An endpoint that just failed may hang, so a request that has a usable key does
	// not wait as long as the fetch may take.
	var patience <-chan time.Time
	if servable && failing {
		timer := time.NewTimer(stalePatience)
		defer timer.Stop()
		patience = timer.C
	}
	select {
	case <-flight.done:
		return flight.err
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", ErrGaveUp, ctx.Err())
	case <-patience:
		return ErrSlowEndpoint
	}
}
