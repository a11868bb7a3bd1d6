package clerktest

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// clock is the clock of an instance: the one it was created with, plus an offset.
type clock struct {
	base   func() time.Time
	offset atomic.Int64
}

func (c *clock) now() time.Time { return c.base().Add(time.Duration(c.offset.Load())) }

// errClock says which times a clock can have: those that a duration leads to, and of them
// those that are not negative in the API, which counts from 1970.
var errClock = errors.New("it must stay after 1970, and within 292 years of the computer's time")

func (c *clock) advance(d time.Duration) error {
	for {
		before := c.offset.Load()
		after := before + int64(d)
		if (d > 0) != (after > before) && d != 0 || c.base().Add(time.Duration(after)).Unix() < 0 {
			return errClock
		}
		if c.offset.CompareAndSwap(before, after) {
			return nil
		}
	}
}

func (c *clock) set(t time.Time) error {
	base := c.base()
	offset := t.Sub(base)
	if !base.Add(offset).Equal(t) || t.Unix() < 0 {
		return errClock
	}
	c.offset.Store(int64(offset))
	return nil
}

// Now returns the time on the clock of the instance.
func (i *Instance) Now() time.Time { return i.now() }

// Advance moves the clock of the instance ahead, or back by a negative duration. Tokens
// and sessions expire as if that time had passed. If the clock cannot be moved there,
// Advance fails the test, or panics outside of a test.
func (i *Instance) Advance(d time.Duration) {
	i.helper()
	i.mustMove(i.clock.advance(d))
}

// SetTime sets the clock of the instance, which goes on from there. If that cannot be,
// SetTime fails the test, or panics outside of a test.
func (i *Instance) SetTime(t time.Time) {
	i.helper()
	i.mustMove(i.clock.set(t))
}

func (i *Instance) mustMove(err error) {
	i.helper()
	if err != nil {
		i.fatal(fmt.Errorf("clerktest: clock: %w", err))
	}
}
