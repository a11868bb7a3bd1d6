package webhooks

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"
)

// variable is the environment variable that [FromEnv] reads.
const variable = "CLERK_WEBHOOK_SIGNING_SECRET"

const (
	defaultTolerance = 5 * time.Minute
	maxTolerance     = 24 * time.Hour
	defaultBodyLimit = 1 << 20
)

// Receiver verifies and decodes deliveries. It never changes, and is safe for concurrent
// use. A nil or zero Receiver refuses everything with [ReasonConfiguration].
type Receiver struct {
	// keys is a function because fmt ignores the Format method of a Receiver in a field
	// that is not exported, and prints what is in it.
	keys      func() [][]byte
	tolerance int64 // seconds
	now       func() time.Time
	bodyLimit int64
	log       *slog.Logger // nil: silent
	once      Deduplicator // nil: none
}

// New returns a Receiver for the endpoint with the signing secret secret, which starts
// with whsec_ in Clerk's dashboard. An error shows nothing of the secret.
func New(secret string, opts ...Option) (*Receiver, error) {
	return newReceiver("secret", []string{secret}, opts)
}

// FromEnv is [New] with the secrets in CLERK_WEBHOOK_SIGNING_SECRET, which are separated
// by commas: those of several endpoints, or the new and the old one. It is an error if the
// variable is unset or empty, or has an empty entry.
func FromEnv(opts ...Option) (*Receiver, error) {
	value := strings.TrimSpace(os.Getenv(variable))
	if value == "" {
		return nil, fmt.Errorf("webhooks: %s is not set", variable)
	}
	secrets := strings.Split(value, ",")
	for i, s := range secrets {
		secrets[i] = strings.TrimSpace(s)
	}
	return newReceiver(variable+": secret", secrets, opts)
}

func newReceiver(source string, secrets []string, opts []Option) (*Receiver, error) {
	c := config{receiver: Receiver{
		tolerance: int64(defaultTolerance / time.Second), now: time.Now, bodyLimit: defaultBodyLimit,
	}}
	for _, opt := range opts {
		if opt == nil {
			return nil, errors.New("webhooks: an option is nil")
		}
		if err := opt(&c); err != nil {
			return nil, fmt.Errorf("webhooks: %w", err)
		}
	}
	var keys [][]byte
	for i, s := range append(secrets[:len(secrets):len(secrets)], c.more...) {
		if i == len(secrets) {
			source = "WithSecrets: secret"
		}
		key, err := decodeSecret(s)
		if err != nil {
			return nil, fmt.Errorf("webhooks: %s %d: %w", source, i+1, err)
		}
		keys = append(keys, key)
	}
	c.receiver.keys = func() [][]byte { return keys }
	return &c.receiver, nil
}

// ready reports whether r was made by [New].
func (r *Receiver) ready() bool { return r != nil && r.keys != nil }

// Format implements fmt.Formatter. It prints the number of secrets and none of them,
// whatever the verb.
func (r Receiver) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, r.describe()) }

func (r *Receiver) describe() string {
	if !r.ready() {
		return "webhooks.Receiver(unconfigured)"
	}
	return fmt.Sprintf("webhooks.Receiver(secrets: %d)", len(r.keys()))
}

// Event verifies a delivery and decodes its body. The event of a [*PayloadError] that says
// that a part of the data does not decode is returned beside it.
func (r *Receiver) Event(h http.Header, body []byte) (*Event, error) {
	m, err := r.verify(h, body)
	if err != nil {
		return nil, err
	}
	return decodeDelivery(m, body)
}
