package main

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
)

// report counts responses, and keeps the history of some that were wrong.
type report struct {
	mu      sync.Mutex
	kinds   map[string]*tally
	wrong   int
	shown   []string
	alike   map[string]int // how many of a fault are shown
	longest time.Duration
}

type tally struct {
	requests, wrong int
	statuses        map[int]int
}

const (
	maxShown      = 12 // wrong answers
	maxAlike      = 2
	shownOfBefore = 14 // events before each
)

var statuses = []int{http.StatusOK, http.StatusUnauthorized, http.StatusServiceUnavailable}

func newReport() *report { return &report{kinds: map[string]*tally{}, alike: map[string]int{}} }

func (r *report) add(h *history, x *exchange, wrong string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.kinds[x.token.kind]
	if t == nil {
		t = &tally{statuses: map[int]int{}}
		r.kinds[x.token.kind] = t
	}
	t.requests++
	t.statuses[x.status]++
	r.longest = max(r.longest, x.realEnd.Sub(x.realStart))
	if wrong == "" {
		return
	}
	t.wrong++
	r.wrong++
	if len(r.shown) < maxShown && r.alike[wrong] < maxAlike {
		r.alike[wrong]++
		r.shown = append(r.shown, describe(h, x, wrong))
	}
}

// describe says what led to a response. It shows no token.
func describe(h *history, x *exchange, wrong string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %s, key %q, status %d, from %v to %v", wrong, x.token.kind, x.token.kid, x.status, h.clock.since(x.start), h.clock.since(x.end))
	h.mu.Lock()
	defer h.mu.Unlock()
	if k := h.keys[x.token.kid]; k != nil {
		for _, moment := range []struct {
			name string
			at   time.Time
		}{
			{"withdrawn", k.withdrawn}, {"last asked for and served", k.asked}, {"served since", k.known}, {"last missed", k.missed}, {"missed since", k.gone},
		} {
			if !moment.at.IsZero() {
				fmt.Fprintf(&text, "\n    key %s: %v", moment.name, h.clock.since(moment.at))
			}
		}
	}
	for _, e := range h.events[max(0, len(h.events)-shownOfBefore):] {
		fmt.Fprintf(&text, "\n    %v: %s", h.clock.since(e.at), e.text)
	}
	return text.String()
}

// write prints the table.
func (r *report) write(out io.Writer, lasted time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "token\trequests\t200\t401\t503\tother\twrong\t\n")
	var all int
	for _, kind := range slices.Concat(localKinds, remoteKinds) {
		t := r.kinds[kind]
		if t == nil {
			t = new(tally)
		}
		other := t.requests
		fmt.Fprintf(table, "%s\t%d\t", kind, t.requests)
		for _, status := range statuses {
			fmt.Fprintf(table, "%d\t", t.statuses[status])
			other -= t.statuses[status]
		}
		fmt.Fprintf(table, "%d\t%d\t\n", other, t.wrong)
		all += t.requests
	}
	table.Flush()
	for _, wrong := range r.shown {
		fmt.Fprintf(out, "\nwrong: %s\n", wrong)
	}
	fmt.Fprintf(out, "\n%d wrong answers, %d requests, %.0f a second, the longest took %v\n",
		r.wrong, all, float64(all)/lasted.Seconds(), r.longest.Round(time.Millisecond))
}

// unproven returns what the run did not reach: without it, no wrong answer would prove
// nothing.
func (r *report) unproven() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var missing []string
	want := func(status int, kinds ...string) {
		for _, kind := range kinds {
			if t := r.kinds[kind]; t == nil || t.statuses[status] == 0 {
				missing = append(missing, fmt.Sprintf("%s: no answer %d", kind, status))
			}
		}
	}
	want(http.StatusOK, goodSession, longSession, machineJWT, oauthJWT, goodAPIKey, goodM2M, goodOAuth)
	want(http.StatusUnauthorized, withdrawnSession, expiredSession, forgedSession, alteredSession, foreignSession, forgedJWT,
		revokedAPIKey, forgedAPIKey, revokedM2M, revokedOAuth, expiredOAuth)
	want(http.StatusServiceUnavailable, goodSession, machineJWT, goodAPIKey)
	return missing
}
