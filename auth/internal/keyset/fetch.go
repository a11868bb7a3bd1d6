package keyset

import (
	"context"
	"fmt"
	"time"
)

// flight is one fetch and what became of it.
type flight struct {
	done chan struct{}
	err  error // to be read when done is closed
}

// begin returns the fetch in flight, or a new one. If none may begin yet, it returns
// nil and the result of the last one. failing reports whether the last one failed.
func (s *Set) begin(now time.Time, unknown bool) (f *flight, failing bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	failing = s.failures > 0
	if s.flight != nil {
		return s.flight, failing, nil
	}
	pause := s.pause
	if unknown {
		pause = max(pause, unknownPause)
	}
	if since := now.Sub(s.tried); !s.tried.IsZero() && since >= 0 && since < pause {
		return nil, failing, s.failure
	}
	f = &flight{done: make(chan struct{})}
	s.flight = f
	go s.run(f, now)
	return f, failing, nil
}

// backOff draws how long no fetch may begin after one that failed. s.mu is held.
func (s *Set) backOff() time.Duration {
	return s.config.Draw(min(firstBackOff<<min(s.failures-1, 10), maxBackOff))
}

// run runs a fetch. If no key can serve meanwhile, only the limits of Config.Fetch end it
// early.
func (s *Set) run(f *flight, began time.Time) {
	ctx := context.Background()
	if set := s.current.Load(); set != nil && set.age(began) < s.config.MaxStale {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, fetchTimeout)
		defer cancel()
	}
	keys, err := s.attempt(ctx)

	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		gone := keepIdentity(keys, s.current.Load())
		s.current.Store(&snapshot{keys: keys, at: began, life: lifetime/2 + s.config.Draw(lifetime/2)})
		s.failures, s.pause = 0, 0
		if gone && s.config.Replaced != nil {
			s.config.Replaced(keys)
		}
	} else {
		s.failures++
		s.pause = s.backOff()
	}
	s.failure, s.tried, s.flight = err, s.clock(), nil
	f.err = err
	close(f.done)
}

// attempt treats a panic of the transport as an outage. This goroutine serves no
// request, so no server would recover, and the process would end.
func (s *Set) attempt(ctx context.Context) (keys map[string]Key, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("fetching them panicked: %v", p)
		}
	}()
	return s.config.Fetch(ctx)
}

// keepIdentity replaces keys by equal ones of the set before, so that what is known of the
// tokens of a key is still known after a fetch. It reports whether that set had a key that
// is gone.
func keepIdentity(keys map[string]Key, before *snapshot) (gone bool) {
	if before == nil {
		return false
	}
	for kid, old := range before.keys {
		key, there := keys[kid]
		if !there || !old.Public.Equal(key.Public) {
			gone = true
			continue
		}
		key.Public = old.Public
		keys[kid] = key
	}
	return gone
}
