package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// What the service promises, by its own clock.
const (
	unknownKey   = 10 * time.Second // between two fetches for keys that are not known
	withdrawnKey = 5 * time.Minute  // how long a withdrawn key may still count
	staleKeys    = 24 * time.Hour   // how long known keys count in an outage
	clockSkew    = 5 * time.Second
	maxBackOff   = 30 * time.Second // after a fetch that failed
)

// hanging is the age, by the real clock, of a check of an opaque token that will fail.
const hanging = 2 * time.Second

// exchange is a request and its response.
type exchange struct {
	token              *token
	start, end         time.Time // by the fast clock
	realStart, realEnd time.Time
	before             keyHistory // of the token's key, when the request started
	status             int
	body               []byte
	err                error
}

// verdict is what a response is judged by. The slack is how far the moments that the
// service and the emulated Clerk see may be apart.
type verdict struct {
	*history
	*exchange
	slack, realSlack time.Duration
	key              keyHistory
}

// sending notes what is known when a request starts.
func (h *history) sending(t *token) *exchange {
	h.mu.Lock()
	defer h.mu.Unlock()
	x := &exchange{token: t, start: h.clock.now(), realStart: time.Now()}
	if k := h.keys[t.kid]; k != nil {
		x.before = *k
	}
	return x
}

// judge returns what is wrong with the response, or "".
func (h *history) judge(x *exchange, w *watch) string {
	x.end, x.realEnd = h.clock.now(), time.Now()
	if x.err != nil {
		return "no response: " + x.err.Error()
	}
	slack := w.slack(x.realStart)
	h.mu.Lock()
	defer h.mu.Unlock()
	v := verdict{h, x, h.clock.fast(slack), slack, keyHistory{}}
	if k := h.keys[x.token.kid]; k != nil {
		v.key = *k
	}
	switch x.status {
	case http.StatusOK:
		return v.accepted()
	case http.StatusUnauthorized:
		return v.refused()
	case http.StatusServiceUnavailable:
		return v.undecided()
	default:
		return fmt.Sprintf("status %d", x.status)
	}
}

// accepted judges a response to somebody who counts as authenticated.
func (v verdict) accepted() string {
	t := v.token
	var who struct {
		UserID  string `json:"user_id"`
		Subject string `json:"subject"`
	}
	latest := v.start.Add(-v.slack) // of what the service may not have noticed
	switch {
	case t.bad:
		return "a bad token was accepted"
	case json.Unmarshal(v.body, &who) != nil || who.UserID+who.Subject != t.subject:
		return fmt.Sprintf("the caller is %s, but the response says %s", t.subject, v.body)
	case t.opaque:
		if before(t.expires, latest) || before(t.revoked.after(), latest) {
			return "a token was accepted that had ended"
		}
		return ""
	case before(t.expires, latest.Add(-clockSkew)):
		return "an expired token was accepted"
	case v.key.asked.IsZero():
		return "a key counted that was never served"
	case before(v.key.asked, latest.Add(-staleKeys)):
		return "a key counted that was served more than 24 hours ago"
	case before(v.key.withdrawn, latest.Add(-withdrawnKey)) && (before(v.key.gone, latest) || !v.fetches.wrong(latest, v.end)):
		return "a key counted that was withdrawn more than 5 minutes ago"
	}
	return ""
}

// before reports whether something happened before a moment. It has not if at is zero.
func before(at, moment time.Time) bool { return !at.IsZero() && at.Before(moment) }

// refused judges a response to somebody whose token counts as bad.
func (v verdict) refused() string {
	t := v.token
	switch {
	case t.bad, before(t.expires, v.end.Add(v.slack)):
	case t.opaque && before(t.revoked.before(), v.end):
	case !t.opaque && before(v.key.withdrawing, v.end):
	case !t.opaque && v.key.missed.After(v.start.Add(-unknownKey-v.slack)):
	default:
		return "a good token was refused"
	}
	return ""
}

// undecided judges a response that an outage has no decision.
func (v verdict) undecided() string {
	switch {
	case v.token.opaque:
		if !v.checks.wrong(v.realStart.Add(-v.realSlack), v.realEnd.Add(-hanging)) {
			return "503 for an opaque token, though Clerk answered"
		}
	case v.decidable():
		return "503, though the key was known"
	case !v.fetches.wrong(v.start.Add(-v.slack), v.end):
		return "503, though the keys could be fetched"
	}
	return ""
}

// decidable reports whether the key of the token was known and usable all the time.
func (v verdict) decidable() bool {
	known := v.exchange.before.known
	return before(known, v.start.Add(-v.slack)) && v.key.known.Equal(known) &&
		v.end.Add(v.slack).Sub(v.exchange.before.asked) < staleKeys
}
