package clerktest

import (
	"math/rand/v2"
	"time"

	"github.com/backend-sdk/clerk-go/webhooks"
)

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

// Duplicated delivers every nth message twice. The second one is not among the attempts.
func Duplicated(every int) DeliveryOption { return func(r *receiver) { r.duplicateEvery = every } }

// Dropping does not deliver every nth message.
func Dropping(every int) DeliveryOption { return func(r *receiver) { r.dropEvery = every } }

// OnlyTypes delivers events of these types alone.
func OnlyTypes(types ...webhooks.Type) DeliveryOption { return func(r *receiver) { r.types = types } }
