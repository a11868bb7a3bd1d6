package main

import (
	"slices"
	"testing"
	"time"
)

// TestJudgeKnowsTheBounds judges responses at moments that are known exactly.
func TestJudgeKnowsTheBounds(t *testing.T) {
	const kid, other = "ins_1", "ins_2"
	session := &token{kind: goodSession, kid: kid, subject: "user_1"}
	opaque := func() *token {
		return &token{kind: goodAPIKey, opaque: true, subject: "user_1", revoked: new(revocation)}
	}
	serve := func(h *history, kids ...string) { h.begin(true)(outcome{ok: true, kids: kids}) }
	for _, test := range []struct {
		name   string
		token  *token
		happen func(*history, *token)
		right  []int
	}{
		{"a key that is served", session, func(h *history, _ *token) {
			serve(h, kid)
			h.clock.skip(time.Minute)
		}, []int{200}},
		{"a key that was withdrawn 4 minutes ago", session, func(h *history, _ *token) {
			serve(h, kid, other)
			h.withdraw(kid, func() {})
			h.clock.skip(4 * time.Minute)
		}, []int{200, 401}},
		{"a key that was withdrawn 6 minutes ago", session, func(h *history, _ *token) {
			serve(h, kid, other)
			h.withdraw(kid, func() {})
			h.clock.skip(6 * time.Minute)
		}, []int{401}},
		{"the same in an outage", session, func(h *history, _ *token) {
			serve(h, kid, other)
			h.withdraw(kid, func() {})
			h.clock.skip(6 * time.Minute)
			h.begin(true)(outcome{})
		}, []int{200, 401}},
		{"the same in an outage that began when it was noticed", session, func(h *history, _ *token) {
			serve(h, kid, other)
			h.withdraw(kid, func() {})
			serve(h, other)
			h.clock.skip(6 * time.Minute)
			h.begin(true)(outcome{})
		}, []int{401, 503}},
		{"a key that was not served 9 seconds ago", session, func(h *history, _ *token) {
			serve(h, other)
			h.clock.skip(9 * time.Second)
		}, []int{401}},
		{"a key that nobody asked for in 11 seconds", session, func(h *history, _ *token) {
			serve(h, other)
			h.clock.skip(11 * time.Second)
		}, nil},
		{"a key that is not known in an outage", session, func(h *history, _ *token) {
			serve(h, other)
			h.clock.skip(time.Minute)
			h.begin(true)(outcome{})
		}, []int{503}},
		{"a known key after 23 hours of outage", session, func(h *history, _ *token) {
			serve(h, kid)
			h.clock.skip(23 * time.Hour)
			h.begin(true)(outcome{})
		}, []int{200}},
		{"a known key after 25 hours of outage", session, func(h *history, _ *token) {
			serve(h, kid)
			h.clock.skip(25 * time.Hour)
			h.begin(true)(outcome{})
		}, []int{503}},
		{"a forged token", &token{kind: forgedSession, kid: kid, bad: true}, func(h *history, _ *token) {
			serve(h, kid)
			h.clock.skip(time.Second)
		}, []int{401}},
		{"an API key", opaque(), func(*history, *token) {}, []int{200}},
		{"an API key in an outage", opaque(), func(h *history, _ *token) { h.begin(false)(outcome{}) }, []int{200, 503}},
		{"a revoked API key", opaque(), func(h *history, t *token) {
			now := h.clock.now()
			t.revoked.began.Store(&now)
			t.revoked.ended.Store(&now)
			h.clock.skip(time.Second)
		}, []int{401}},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHistory(newClock(1))
			h.publish(kid)
			h.publish(other)
			test.happen(h, test.token)
			for _, status := range statuses {
				x := h.sending(test.token)
				x.status, x.body = status, []byte(`{"subject":"user_1"}`)
				wrong := h.judge(x, new(watch))
				if right := slices.Contains(test.right, status); (wrong == "") != right {
					t.Errorf("%d: %q, want it right: %t", status, wrong, right)
				}
			}
		})
	}
}
