package webhooks_test

import (
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/webhooks"
)

func sign(t testing.TB, secret, id string, at int64, body string) http.Header {
	t.Helper()
	h, err := webhooks.Sign(secret, id, time.Unix(at, 0), []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// receiver makes a Receiver whose clock stands at epoch.
func receiver(t testing.TB, secret string, opts ...webhooks.Option) *webhooks.Receiver {
	t.Helper()
	opts = append([]webhooks.Option{webhooks.WithClock(func() time.Time { return time.Unix(epoch, 0) })}, opts...)
	r, err := webhooks.New(secret, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// verdict is "" for no error, the reason of a refusal, and payload for a *PayloadError.
func verdict(err error) string {
	if refused, ok := errors.AsType[*webhooks.VerificationError](err); ok && errors.Is(err, webhooks.ErrUnverified) {
		return string(refused.Reason)
	}
	if _, ok := errors.AsType[*webhooks.PayloadError](err); ok {
		return payload
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// post is the request of a delivery.
func post(h http.Header, body string) *http.Request {
	req := httptest.NewRequest(http.MethodPost, "/webhooks", strings.NewReader(body))
	maps.Copy(req.Header, h)
	return req
}
