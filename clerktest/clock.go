package clerktest

import (
	"sync/atomic"
	"time"
)

// clock is the clock of an instance: the one it was created with, plus an offset.
type clock struct {
	base   func() time.Time
	offset atomic.Int64
}

func (c *clock) now() time.Time { return c.base().Add(time.Duration(c.offset.Load())) }

// Now returns the time on the clock of the instance.
func (i *Instance) Now() time.Time { return i.now() }

// Advance moves the clock of the instance ahead, or back by a negative duration. Tokens
// and sessions expire as if that time had passed.
func (i *Instance) Advance(d time.Duration) { i.clock.offset.Add(int64(d)) }

// SetTime sets the clock of the instance, which goes on from there.
func (i *Instance) SetTime(t time.Time) { i.clock.offset.Store(int64(t.Sub(i.clock.base()))) }
