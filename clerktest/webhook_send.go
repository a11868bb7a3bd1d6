package clerktest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
)

// announce returns a function that adds the events of a write to the queue of each receiver.
// The store calls both in the order of the writes, and the latter once the write is kept.
func (i *Instance) announce(changes []store.Change) (tell func()) {
	if !i.deliveries.wanted() {
		return func() {}
	}
	type message struct {
		event
		body []byte
	}
	var list []message
	for _, e := range i.eventsOf(changes) {
		body, err := i.payload(e)
		if err != nil {
			i.logger.Error("an event cannot be encoded", "type", string(e.kind), "error", err)
			continue
		}
		list = append(list, message{e, body})
	}
	return func() {
		d := &i.deliveries
		d.mu.Lock()
		defer d.mu.Unlock()
		for _, m := range list {
			for _, r := range d.receivers {
				if len(r.types) == 0 || slices.Contains(r.types, m.kind) {
					d.enqueue(r, &delivery{Delivery{ID: newID("msg", m.at), Type: m.kind, URL: r.shown()}, m.body, r})
				}
			}
		}
	}
}

// wanted reports whether there is a receiver.
func (d *deliveries) wanted() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.receivers) > 0
}

// enqueue adds a message, which its receiver's options may drop or double.
func (d *deliveries) enqueue(r *receiver, m *delivery) {
	r.count++
	if len(d.all) >= maxDeliveries && d.all[0].Done {
		d.all = slices.Delete(d.all, 0, 1)
	}
	d.all = append(d.all, m)
	if r.dropEvery > 0 && r.count%r.dropEvery == 0 {
		m.Done = true
		return
	}
	d.wait(m)
	if r.duplicateEvery > 0 && r.count%r.duplicateEvery == 0 {
		again := *m
		d.wait(&again)
	}
}

// wait queues a message.
func (d *deliveries) wait(m *delivery) {
	m.Done = false
	if d.waiting++; d.idle == nil {
		d.idle = make(chan struct{})
	}
	r := m.receiver
	at := len(r.queue)
	if r.order != nil {
		at = r.order.IntN(at + 1)
	}
	r.queue = slices.Insert(r.queue, at, m)
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// finish notes that a message is done.
func (d *deliveries) finish(m *delivery, accepted bool) {
	m.Done, m.Accepted = true, accepted
	if d.waiting--; d.waiting == 0 {
		close(d.idle)
		d.idle = nil
	}
}

// send delivers the messages of a receiver until the context ends.
func (i *Instance) send(ctx context.Context, r *receiver) {
	d := &i.deliveries
	for {
		d.mu.Lock()
		var m *delivery
		if len(r.queue) > 0 {
			m, r.queue = r.queue[0], r.queue[1:]
		}
		d.mu.Unlock()
		if m == nil {
			select {
			case <-ctx.Done():
				return
			case <-r.wake:
			}
			if r.order != nil {
				select {
				case <-ctx.Done():
					return
				case <-time.After(shuffleDelay):
				}
			}
			continue
		}
		accepted := i.deliver(ctx, m)
		d.mu.Lock()
		d.finish(m, accepted)
		d.mu.Unlock()
	}
}

// deliver tries to deliver a message and reports whether it was accepted.
func (i *Instance) deliver(ctx context.Context, m *delivery) bool {
	for attempt := 0; ; attempt++ {
		status, abort := i.attempt(ctx, m)
		if status >= 200 && status < 300 {
			return true
		}
		i.logger.Warn("a webhook was not accepted", "type", string(m.Type), "id", m.ID, "url", m.URL, "status", status, "attempt", attempt+1)
		if abort || attempt >= len(m.receiver.delays) {
			return false
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(m.receiver.delays[attempt]):
		}
	}
}

// attempt sends a message once. It returns the status of the response, or 0.
func (i *Instance) attempt(ctx context.Context, m *delivery) (status int, abort bool) {
	at := i.now()
	defer func() {
		i.deliveries.mu.Lock()
		defer i.deliveries.mu.Unlock()
		m.Attempts = append(m.Attempts, DeliveryAttempt{at, status})
	}()
	header, err := i.signed(m.ID, at, m.body)
	if err != nil {
		return 0, true
	}
	ctx, cancel := context.WithTimeout(ctx, deliveryTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.receiver.url, bytes.NewReader(m.body))
	if err != nil {
		return 0, true
	}
	req.Header = header
	req.Header.Set("Content-Type", "application/json")
	resp, err := deliveryClient.Do(req)
	if err != nil {
		return 0, false
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	return resp.StatusCode, resp.Header.Get("webhook-delivery") == "abort-message"
}

// deliveryClient follows no redirect: for Clerk, too, one is a failure.
var deliveryClient = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport:     &http.Transport{Proxy: nil, MaxIdleConnsPerHost: 4, IdleConnTimeout: 10 * time.Second},
}
