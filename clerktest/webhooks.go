package clerktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/backend-sdk/clerk-go/webhooks"
)

// WebhookOption changes a delivery that [Instance.Webhook] returns.
type WebhookOption func(*webhookRequest)

type webhookRequest struct {
	id, secret string
	at         time.Time
	tampered   bool
}

// Tampered changes the body after it was signed.
func Tampered() WebhookOption { return func(r *webhookRequest) { r.tampered = true } }

// SentAt sets when the delivery was sent, by default now.
func SentAt(at time.Time) WebhookOption { return func(r *webhookRequest) { r.at = at } }

// MessageID sets the ID of the message, which its repetitions share.
func MessageID(id string) WebhookOption { return func(r *webhookRequest) { r.id = id } }

// SignedWith signs the delivery with another secret.
func SignedWith(secret string) WebhookOption { return func(r *webhookRequest) { r.secret = secret } }

// Webhook returns a signed delivery of an event for a handler under test. data is a model
// such as [api.User], or anything else that encodes to a JSON object. If it does not, or the
// options are refused, Webhook fails the test, or panics outside of a test.
func (i *Instance) Webhook(kind webhooks.Type, data any, opts ...WebhookOption) *http.Request {
	i.helper()
	request := webhookRequest{id: newID("msg", i.now()), at: i.now()}
	for _, opt := range opts {
		opt(&request)
	}
	body, err := i.payload(event{kind, data, request.at})
	if err != nil {
		i.fatal(err)
	}
	sign := i.signed
	if request.secret != "" {
		sign = func(id string, at time.Time, body []byte) (http.Header, error) {
			return webhooks.Sign(request.secret, id, at, body)
		}
	}
	header, err := sign(request.id, request.at, body)
	if err != nil {
		i.fatal(fmt.Errorf("clerktest: webhook: %w", err))
	}
	if request.tampered {
		body = bytes.Replace(body, []byte("{"), []byte("{ "), 1)
	}
	r := httptest.NewRequest(http.MethodPost, "/webhooks", bytes.NewReader(body))
	r.Header = header
	r.Header.Set("Content-Type", "application/json")
	return r
}

// payload returns the body of a delivery.
func (i *Instance) payload(e event) ([]byte, error) {
	body, err := json.Marshal(map[string]any{
		"type": e.kind, "object": "event", "data": e.data, "timestamp": e.at.UnixMilli(), "instance_id": i.id,
		"event_attributes": map[string]any{"http_request": map[string]any{"client_ip": "127.0.0.1", "user_agent": "clerk-emulator"}},
	})
	if err != nil {
		return nil, fmt.Errorf("clerktest: webhook: %w", err)
	}
	return body, nil
}
