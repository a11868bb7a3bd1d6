package clerktest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/backend-sdk/clerk-go/webhooks"
)

// Delivery is one message to one webhook. It has no body, which may hold what is secret.
type Delivery struct {
	ID       string            `json:"id"`
	Type     webhooks.Type     `json:"type"`
	URL      string            `json:"url"` // without its query, which may have a secret
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

// shown is the URL as others may see it.
func (r *receiver) shown() string {
	url, _, _ := strings.Cut(r.url, "?")
	return url
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

// check returns an error for a URL that nothing is delivered to. It does not quote the URL,
// which may have a password.
func (w webhook) check() error {
	u, err := url.Parse(w.to)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !isLocalHost(hostName(u.Host)) {
		return errors.New("clerktest: the URL of the webhook is not one on the loopback interface")
	}
	if u.User != nil {
		return errors.New("clerktest: the URL of the webhook has a user or a password, which deliveries would show")
	}
	return nil
}

func (i *Instance) deliverTo(to string, opts []DeliveryOption) (stop func(), err error) {
	if err := (webhook{to, opts}).check(); err != nil {
		return nil, err
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
