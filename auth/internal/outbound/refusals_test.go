package outbound

import (
	"strconv"
	"testing"
	"time"
)

func TestRefusalIsForgottenAfterTenSeconds(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var r Refusals
		if err := r.Recall(Key{1}); err != nil {
			t.Errorf("before: %v", err)
		}
		r.Remember(Key{1}, errRefused)
		time.Sleep(memoryLife - 1)
		r.Remember(Key{1}, errBusy) // does not prolong it
		if r.Recall(Key{1}) != errRefused || r.Recall(Key{2}) != nil {
			t.Errorf("after %v: %v, %v", memoryLife-1, r.Recall(Key{1}), r.Recall(Key{2}))
		}
		time.Sleep(time.Nanosecond)
		if err := r.Recall(Key{1}); err != nil {
			t.Errorf("after %v: %v", memoryLife, err)
		}
		r.Remember(Key{1}, errBusy)
		if r.Recall(Key{1}) != errBusy || r.order.Len() != 1 {
			t.Errorf("refused again: %v, %d entries", r.Recall(Key{1}), r.order.Len())
		}
	})
}

func TestMemoryOfRefusalsIsBounded(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var r Refusals
		key := func(i int) Key { return KeyOf(strconv.Itoa(i)) }
		const sent = 3 * memorySize
		for i := range sent {
			r.Remember(key(i), errRefused)
			if r.order.Len() > memorySize || len(r.found) != r.order.Len() {
				t.Fatalf("%d and %d entries", r.order.Len(), len(r.found))
			}
		}
		if r.Recall(key(sent-memorySize-1)) != nil || r.Recall(key(sent-memorySize)) == nil || r.Recall(key(sent-1)) == nil {
			t.Error("it is not the oldest that was dropped")
		}
	})
}
