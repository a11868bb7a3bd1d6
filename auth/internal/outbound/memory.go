package outbound

import (
	"container/list"
	"sync"
	"time"
)

// Memory remembers answers for a while, so that a question that is asked again and again
// causes one call. It keeps a fixed number of them and drops the oldest first. It is safe
// for concurrent use.
type Memory[T any] struct {
	size  int
	mu    sync.Mutex
	found map[Key]*list.Element
	order list.List // of remembered, the oldest first
}

type remembered[T any] struct {
	key       Key
	value     T
	from, end time.Time
}

// at reports whether the answer counts at that time. A clock that was set back makes
// nothing last longer.
func (r remembered[T]) at(now time.Time) bool { return !now.Before(r.from) && now.Before(r.end) }

// NewMemory returns a memory for size answers.
func NewMemory[T any](size int) *Memory[T] {
	return &Memory[T]{size: size, found: make(map[Key]*list.Element)}
}

// Recall returns what is remembered under key at the time now.
func (m *Memory[T]) Recall(key Key, now time.Time) (value T, found bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.found[key]; e != nil {
		if r := e.Value.(remembered[T]); r.at(now) {
			return r.value, true
		}
	}
	return value, false
}

// Remember remembers value under key until end, unless something is remembered there now.
// The value must share no memory with a request.
func (m *Memory[T]) Remember(key Key, value T, now, end time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.found[key]; e != nil {
		if e.Value.(remembered[T]).at(now) {
			return
		}
		m.forget(e)
	}
	for front := m.order.Front(); front != nil && (m.order.Len() >= m.size || !front.Value.(remembered[T]).at(now)); front = m.order.Front() {
		m.forget(front)
	}
	m.found[key] = m.order.PushBack(remembered[T]{key, value, now, end})
}

func (m *Memory[T]) forget(e *list.Element) {
	delete(m.found, e.Value.(remembered[T]).key)
	m.order.Remove(e)
}
