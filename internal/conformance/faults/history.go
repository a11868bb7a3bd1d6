package main

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// history is what the emulated Clerk did, and when. Nothing in it is known from the
// service.
type history struct {
	clock *clock

	mu      sync.Mutex
	keys    map[string]*keyHistory
	fetches calls // of the keys, by the fast clock
	checks  calls // of opaque tokens, by the real clock
	served  time.Time
	events  []event
}

// keyHistory is the history of one key, by the fast clock. Zero is never.
type keyHistory struct {
	withdrawing, withdrawn time.Time // just before and just after
	asked                  time.Time // when the last response that has the key was asked for
	known                  time.Time // when the first of an unbroken row of responses with it ended
	missed                 time.Time // when the last response without it ended
	gone                   time.Time // when the first of an unbroken row of responses without it ended
}

// calls says when calls of a kind went wrong.
type calls struct {
	underWay map[*call]bool
	until    time.Time // when what went wrong last may have lasted to
}

type call struct{ arrived time.Time }

// outcome is how a call ended.
type outcome struct {
	ok    bool
	pause time.Duration // after it no call is wanted that long
	kids  []string
}

type event struct {
	at   time.Time
	text string
}

const maxEvents = 400

func newHistory(c *clock) *history {
	return &history{clock: c, keys: map[string]*keyHistory{}, fetches: calls{underWay: map[*call]bool{}}, checks: calls{underWay: map[*call]bool{}}}
}

func (h *history) note(format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.noteLocked(format, args...)
}

func (h *history) noteLocked(format string, args ...any) {
	if len(h.events) >= maxEvents {
		h.events = append(h.events[:0], h.events[maxEvents/2:]...)
	}
	h.events = append(h.events, event{h.clock.now(), fmt.Sprintf(format, args...)})
}

func (h *history) publish(kid string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.keys[kid] = &keyHistory{missed: h.served, gone: h.served}
	h.noteLocked("%s is published", kid)
}

func (h *history) withdraw(kid string, do func()) {
	before := h.clock.now()
	h.mu.Lock()
	h.keys[kid].withdrawing = before
	h.mu.Unlock()
	do()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.keys[kid].withdrawn = h.clock.now()
	h.noteLocked("%s is withdrawn", kid)
}

// skip lets time pass in an outage. A fetch that failed just before may come to the
// service just after.
func (h *history) skip(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clock.skip(d)
	h.fetches.until = h.clock.now().Add(maxBackOff)
	h.noteLocked("%v pass", d)
}

// begin notes that a call arrived. The function that it returns notes how it ended.
func (h *history) begin(keys bool) func(outcome) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !keys {
		c := &call{time.Now()}
		h.checks.underWay[c] = true
		return func(o outcome) { h.endCheck(c, o) }
	}
	c := &call{h.clock.now()}
	h.fetches.underWay[c] = true
	return func(o outcome) { h.endFetch(c, o) }
}

func (h *history) endCheck(c *call, o outcome) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.checks.underWay, c)
	if !o.ok {
		h.checks.until = later(h.checks.until, time.Now().Add(o.pause))
	}
}

func (h *history) endFetch(c *call, o outcome) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.fetches.underWay, c)
	now := h.clock.now()
	switch {
	case !o.ok:
		h.fetches.until = later(h.fetches.until, now.Add(maxBackOff))
		h.noteLocked("the keys, asked for at %v, failed", h.clock.since(c.arrived))
		return
	case !c.arrived.After(h.fetches.until):
		// The first good response after bad ones ends the outage.
		h.fetches.until = later(h.fetches.until, now)
	}
	h.noteLocked("the keys, asked for at %v, were %v", h.clock.since(c.arrived), o.kids)
	h.served = now
	for kid, k := range h.keys {
		k.serve(slices.Contains(o.kids, kid), c.arrived, now)
	}
}

// serve notes a response that ended now.
func (k *keyHistory) serve(with bool, asked, now time.Time) {
	switch {
	case with:
		k.asked, k.gone = asked, time.Time{}
		if k.known.IsZero() {
			k.known = now
		}
	default:
		k.missed, k.known = now, time.Time{}
		if k.gone.IsZero() {
			k.gone = now
		}
	}
}

// wrong reports whether calls may have gone wrong at or after a moment.
func (c *calls) wrong(since, before time.Time) bool {
	if !c.until.Before(since) {
		return true
	}
	for open := range c.underWay {
		if open.arrived.Before(before) {
			return true
		}
	}
	return false
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
