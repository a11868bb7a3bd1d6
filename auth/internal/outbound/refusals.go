package outbound

import (
	"container/list"
	"sync"
	"time"
)

const (
	memoryLife = 10 * time.Second
	memorySize = 4096
)

// Refusals remembers for ten seconds what was refused, so that a credential that is
// sent again and again causes one call. It keeps 4,096 refusals and drops the oldest
// first. Its zero value is empty and safe for concurrent use.
type Refusals struct {
	mu    sync.Mutex
	found map[Key]*list.Element
	order list.List // of refusal, the oldest first
}

type refusal struct {
	key Key
	err error
	end time.Time
}

// Recall returns the error with which key was refused, or nil if none is remembered.
func (r *Refusals) Recall(key Key) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if found := r.found[key]; found != nil && time.Now().Before(found.Value.(refusal).end) {
		return found.Value.(refusal).err
	}
	return nil
}

// Remember remembers that key was refused with err, which must not hold much memory.
func (r *Refusals) Remember(key Key, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	for r.order.Len() >= memorySize || r.order.Len() > 0 && !now.Before(r.order.Front().Value.(refusal).end) {
		r.forget(r.order.Front())
	}
	if r.found == nil {
		r.found = make(map[Key]*list.Element)
	}
	if r.found[key] == nil {
		r.found[key] = r.order.PushBack(refusal{key, err, now.Add(memoryLife)})
	}
}

func (r *Refusals) forget(e *list.Element) {
	delete(r.found, e.Value.(refusal).key)
	r.order.Remove(e)
}
