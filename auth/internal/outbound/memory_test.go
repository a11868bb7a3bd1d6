package outbound

import (
	"strconv"
	"testing"
	"time"
)

var testNow = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

func TestAnswerIsForgottenAtItsEnd(t *testing.T) {
	t.Parallel()
	m := NewMemory[string](10)
	want := func(key Key, after time.Duration, want string) {
		t.Helper()
		if got, found := m.Recall(key, testNow.Add(after)); got != want || found != (want != "") {
			t.Errorf("after %v: %q, %t, want %q", after, got, found, want)
		}
	}
	want(Key{1}, 0, "")
	m.Remember(Key{1}, "a", testNow, testNow.Add(10*time.Second))
	m.Remember(Key{1}, "b", testNow.Add(9*time.Second), testNow.Add(time.Minute)) // does not prolong it
	want(Key{1}, 0, "a")
	want(Key{1}, 10*time.Second-1, "a")
	want(Key{2}, 0, "")
	want(Key{1}, 10*time.Second, "")
	want(Key{1}, -1, "") // the clock was set back
	m.Remember(Key{1}, "c", testNow.Add(time.Minute), testNow.Add(2*time.Minute))
	want(Key{1}, time.Minute, "c")
	if m.order.Len() != 1 || len(m.found) != 1 {
		t.Errorf("%d and %d entries", m.order.Len(), len(m.found))
	}
}

// Answers do not end in the order in which they came.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	const size = 100
	m := NewMemory[int](size)
	key := func(i int) Key { return KeyOf(strconv.Itoa(i)) }
	const sent = 3 * size
	for i := range sent {
		m.Remember(key(i), i, testNow, testNow.Add(time.Duration(sent-i)*time.Second))
		if m.order.Len() > size || len(m.found) != m.order.Len() {
			t.Fatalf("%d and %d entries", m.order.Len(), len(m.found))
		}
	}
	for i, want := range map[int]bool{sent - size - 1: false, sent - size: true, sent - 1: true} {
		if got, found := m.Recall(key(i), testNow); found != want || found && got != i {
			t.Errorf("entry %d: %d, %t", i, got, found)
		}
	}
	m.Remember(key(-1), -1, testNow.Add(sent*time.Second), testNow.Add(2*sent*time.Second))
	if m.order.Len() != 1 {
		t.Errorf("%d entries are kept beyond their end", m.order.Len())
	}
}
