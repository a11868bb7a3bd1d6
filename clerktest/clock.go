package clerktest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
)

// clock is the clock of an instance: the one it was created with, plus an offset.
type clock struct {
	base   func() time.Time
	offset atomic.Int64
	moving sync.Mutex
}

func (c *clock) now() time.Time { return c.base().Add(c.ahead()) }

// ahead returns how far the clock is ahead of the one that the instance was created with.
func (c *clock) ahead() time.Duration { return time.Duration(c.offset.Load()) }

// errClock says which times a clock can have: those that a duration leads to, and of them
// those that are not negative in the API, which counts from 1970.
var errClock = errors.New("it must stay after 1970, and within 292 years of the computer's time")

// after returns the offset of the clock once it is moved by a duration.
func (c *clock) after(d time.Duration) (time.Duration, error) {
	before := c.ahead()
	after := before + d
	if (d > 0) != (after > before) && d != 0 || c.base().Add(after).Unix() < 0 {
		return 0, errClock
	}
	return after, nil
}

// until returns the offset with which the clock shows a time.
func (c *clock) until(t time.Time) (time.Duration, error) {
	base := c.base()
	offset := t.Sub(base)
	if !base.Add(offset).Equal(t) || t.Unix() < 0 {
		return 0, errClock
	}
	return offset, nil
}

// moveClock sets another offset of the clock, which is in the file that persists the instance
// when moveClock returns.
func (i *Instance) moveClock(offset func() (time.Duration, error)) error {
	i.clock.moving.Lock()
	defer i.clock.moving.Unlock()
	before := i.clock.ahead()
	after, err := offset()
	if err != nil {
		return err
	}
	wait := func() error { return nil }
	i.store.Read(func() { // so that the records of writes have the offset too
		i.clock.offset.Store(int64(after))
		if i.journal != nil {
			wait, err = i.keep(nil)
		}
	})
	if err == nil {
		err = wait()
	}
	if err != nil {
		i.clock.offset.Store(int64(before))
		return fmt.Errorf("%w: %w", store.ErrReadOnly, err)
	}
	return nil
}

// Now returns the time on the clock of the instance.
func (i *Instance) Now() time.Time { return i.now() }

// Advance moves the clock of the instance ahead, or back by a negative duration. Tokens
// and sessions expire as if that time had passed. If the clock cannot be moved there,
// Advance fails the test, or panics outside of a test.
func (i *Instance) Advance(d time.Duration) {
	i.helper()
	i.mustMove(i.moveClock(func() (time.Duration, error) { return i.clock.after(d) }))
}

// SetTime sets the clock of the instance, which goes on from there. If that cannot be,
// SetTime fails the test, or panics outside of a test.
func (i *Instance) SetTime(t time.Time) {
	i.helper()
	i.mustMove(i.moveClock(func() (time.Duration, error) { return i.clock.until(t) }))
}

func (i *Instance) mustMove(err error) {
	i.helper()
	if err != nil {
		i.fatal(fmt.Errorf("clerktest: clock: %w", err))
	}
}
