package clerktest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
	"github.com/backend-sdk/clerk-go/webhooks"
)

// Delivery is one message to one webhook. It has no body, which may hold what is secret.
type Delivery struct {
	ID       string            `json:"id"`
	Type     webhooks.Type     `json:"type"`
	URL      string            `json:"url"`
	Attempts []DeliveryAttempt `json:"attempts"`
	// Done reports that the message is not sent again by itself: it was accepted, refused
	// for good, dropped or tried too often.
	Done bool `json:"done"`
	// Accepted reports that the last attempt was answered with success.
	Accepted bool `json:"accepted"`
}

// DeliveryAttempt is one attempt to deliver a message.
type DeliveryAttempt struct {
	At     time.Time `json:"at"`
	Status int       `json:"status"` // 0 if there was no response
}

// DeliveryOption configures [Instance.Deliver].
type DeliveryOption func(*receiver)

// RetryAfter sets how long the instance waits before it tries again, after each failure in
// turn. By default it waits 10 ms after the first of 8 attempts, and then twice as long each
// time.
func RetryAfter(delays ...time.Duration) DeliveryOption {
	return func(r *receiver) { r.delays = delays }
}

// Shuffled changes the order of the messages that wait for their delivery, and lets the
// first of them wait for others.
func Shuffled(seed uint64) DeliveryOption {
	return func(r *receiver) { r.order = rand.New(rand.NewPCG(seed, seed)) }
}

// Duplicated delivers every nth message twice.
func Duplicated(every int) DeliveryOption { return func(r *receiver) { r.duplicateEvery = every } }

// Dropping does not deliver every nth message.
func Dropping(every int) DeliveryOption { return func(r *receiver) { r.dropEvery = every } }

// OnlyTypes delivers events of these types alone.
func OnlyTypes(types ...webhooks.Type) DeliveryOption { return func(r *receiver) { r.types = types } }

const (
	deliveryTimeout = 15 * time.Second
	shuffleDelay    = 20 * time.Millisecond
	// maxDeliveries is the number of messages that are kept after they are done, in an
	// emulator that runs for days.
	maxDeliveries = 1000
)

// receiver is a URL that events are sent to.
type receiver struct {
	url                       string
	delays                    []time.Duration
	order                     *rand.Rand
	duplicateEvery, dropEvery int
	types                     []webhooks.Type
	queue                     []*delivery
	count                     int
	wake                      chan struct{}
}

// delivery is a message, its body and its state.
type delivery struct {
	Delivery
	body     []byte
	receiver *receiver
}

// deliveries are the messages of an instance.
type deliveries struct {
	mu        sync.Mutex
	receivers []*receiver
	all       []*delivery
	waiting   int           // messages that are not done
	idle      chan struct{} // closed when no message waits; nil while none does
	running   sync.WaitGroup
	closing   context.Context
	close     context.CancelFunc
}

// Deliver sends an event to a URL of the loopback interface for each change of the instance
// from now on, signed and one at a time, in order unless an option says otherwise. It tries
// again as Clerk does. The function that it returns ends that, and so does the end of the
// instance. If the URL is refused, Deliver fails the test, or panics outside of a test.
func (i *Instance) Deliver(to string, opts ...DeliveryOption) (stop func()) {
	i.helper()
	stop, err := i.deliverTo(to, opts)
	if err != nil {
		i.fatal(err)
	}
	return stop
}

// WithWebhook makes the instance send an event to a URL for each change of its content, as
// [Instance.Deliver] does.
func WithWebhook(to string, opts ...DeliveryOption) Option {
	return func(c *config) { c.webhooks = append(c.webhooks, webhook{to, opts}) }
}

type webhook struct {
	to   string
	opts []DeliveryOption
}

func (i *Instance) deliverTo(to string, opts []DeliveryOption) (stop func(), err error) {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !isLocalHost(hostName(u.Host)) {
		return nil, fmt.Errorf("clerktest: the webhook %q is not a URL on the loopback interface", to)
	}
	r := &receiver{url: to, wake: make(chan struct{}, 1)}
	for delay := 10 * time.Millisecond; len(r.delays) < 7; delay *= 2 {
		r.delays = append(r.delays, delay)
	}
	for _, opt := range opts {
		opt(r)
	}
	d := &i.deliveries
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closing == nil {
		d.closing, d.close = context.WithCancel(context.Background())
	}
	ctx, cancel := context.WithCancel(d.closing)
	d.receivers = append(d.receivers, r)
	d.running.Go(func() { i.send(ctx, r) })
	return func() {
		cancel()
		d.mu.Lock()
		defer d.mu.Unlock()
		d.receivers = slices.DeleteFunc(d.receivers, func(other *receiver) bool { return other == r })
		d.dropQueue(r)
	}, nil
}

// dropQueue drops the messages that wait for a receiver. Its caller holds the lock.
func (d *deliveries) dropQueue(r *receiver) {
	for _, m := range r.queue {
		d.finish(m, false)
	}
	r.queue = nil
}

// announce adds the events of a write to the queue of each receiver. The store calls it in
// the order of the writes.
func (i *Instance) announce(changes []store.Change) {
	d := &i.deliveries
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.receivers) == 0 {
		return
	}
	for _, e := range i.eventsOf(changes) {
		body, err := i.payload(e)
		if err != nil {
			i.logger.Error("an event cannot be encoded", "type", string(e.kind), "error", err)
			continue
		}
		for _, r := range d.receivers {
			if len(r.types) == 0 || slices.Contains(r.types, e.kind) {
				d.enqueue(r, &delivery{Delivery{ID: newID("msg", e.at), Type: e.kind, URL: r.url}, body, r})
			}
		}
	}
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
	header, err := webhooks.Sign(i.WebhookSecret(), m.ID, at, m.body)
	if err != nil {
		return 0, true
	}
	ctx, cancel := context.WithTimeout(ctx, deliveryTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.URL, bytes.NewReader(m.body))
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

// Deliveries returns the messages of the instance, oldest first.
func (i *Instance) Deliveries() []Delivery {
	d := &i.deliveries
	d.mu.Lock()
	defer d.mu.Unlock()
	list := make([]Delivery, len(d.all))
	for n, m := range d.all {
		list[n] = m.Delivery
		list[n].Attempts = slices.Clone(m.Attempts)
	}
	return list
}

// errNoDelivery is the error for an ID that no message has.
var errNoDelivery = errors.New("clerktest: the delivery does not exist")

// Redeliver sends a message again, with its ID and in its turn.
func (i *Instance) Redeliver(id string) error {
	d := &i.deliveries
	d.mu.Lock()
	defer d.mu.Unlock()
	n := slices.IndexFunc(d.all, func(m *delivery) bool { return m.ID == id })
	if n < 0 {
		return fmt.Errorf("%w: %s", errNoDelivery, id)
	}
	m := d.all[n]
	if !slices.Contains(d.receivers, m.receiver) {
		return fmt.Errorf("clerktest: nothing is delivered to %s any more", m.URL)
	}
	if m.Done {
		d.wait(m)
	}
	return nil
}

// Flush waits until every message is done.
func (i *Instance) Flush(ctx context.Context) error {
	d := &i.deliveries
	d.mu.Lock()
	idle := d.idle
	d.mu.Unlock()
	if idle == nil {
		return nil
	}
	select {
	case <-idle:
		return i.Flush(ctx)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// end stops the delivery of messages.
func (d *deliveries) end() {
	d.mu.Lock()
	if d.close != nil {
		d.close()
	}
	for _, r := range d.receivers {
		d.dropQueue(r)
	}
	d.receivers = nil
	d.mu.Unlock()
	d.running.Wait()
}
