package webhooks

import (
	"container/list"
	"context"
	"sync"
)

// Deduplicator remembers which events were handled.
type Deduplicator interface {
	// Once calls handle unless it has returned nil for id before. A call for an id whose
	// function is running waits for it, and calls handle itself if that fails: an event
	// must not be acknowledged before it was handled. The error is that of handle, of ctx,
	// or of the store.
	Once(ctx context.Context, id string, handle func(context.Context) error) error
}

// Memory returns a Deduplicator that knows the last size events, at least one, as long as
// the process lives. Several processes need one of their own that they share, such as a
// table with a unique id that is written in the transaction of the effect.
func Memory(size int) Deduplicator {
	return &memory{size: max(size, 1), done: make(map[string]*list.Element), running: make(map[string]chan struct{})}
}

type memory struct {
	size    int
	mu      sync.Mutex
	done    map[string]*list.Element
	order   list.List // of ids, the newest first
	running map[string]chan struct{}
}

func (m *memory) Once(ctx context.Context, id string, handle func(context.Context) error) error {
	for {
		before, known := m.begin(id)
		if known {
			return nil
		}
		if before == nil {
			return m.run(ctx, id, handle)
		}
		select {
		case <-before:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// begin returns what is closed when the function that is running for id has returned. It
// is nil if none was running, and the caller has to run it.
func (m *memory) begin(id string) (before <-chan struct{}, known bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.done[id]; known {
		return nil, true
	}
	if before, busy := m.running[id]; busy {
		return before, false
	}
	m.running[id] = make(chan struct{})
	return nil, false
}

// run also ends what it began if handle panics.
func (m *memory) run(ctx context.Context, id string, handle func(context.Context) error) error {
	succeeded := false
	defer func() { m.end(id, succeeded) }()
	err := handle(ctx)
	succeeded = err == nil
	return err
}

func (m *memory) end(id string, succeeded bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	close(m.running[id])
	delete(m.running, id)
	if !succeeded {
		return
	}
	m.done[id] = m.order.PushFront(id)
	if m.order.Len() > m.size {
		delete(m.done, m.order.Remove(m.order.Back()).(string))
	}
}
