package webhooks

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"
)

// Handler returns a handler of deliveries that calls the functions of h. It acknowledges
// an event with 204 when its function returns nil, and when there is none for it. Clerk
// sends an event again after any other answer, except that to a [Permanent] error.
//
//	400  the delivery is not verified, its body is incomplete, or it is not an event
//	405  the method is not POST
//	413  the body is too large
//	415  the body has a content coding
//	422  the function returned a Permanent error
//	500  the function or the Deduplicator returned an error, the data of the event does not
//	     decode and h.Malformed is nil, or the Receiver was not made by New
//
// The body of a refusal is a single word. A panic of a function is not recovered.
func (r *Receiver) Handler(h Handlers) http.Handler {
	return &endpoint{receiver: r, handlers: h}
}

type endpoint struct {
	receiver *Receiver
	handlers Handlers
}

// outcome is how a delivery is answered. Its word is the body of a refusal, and what the
// log calls it.
type outcome struct {
	status int
	word   string
}

var (
	handled       = outcome{http.StatusNoContent, "handled"}
	ignored       = outcome{http.StatusNoContent, "ignored"}
	failed        = outcome{http.StatusInternalServerError, "failed"}
	rejected      = outcome{http.StatusUnprocessableEntity, "permanent"}
	malformed     = outcome{http.StatusInternalServerError, "payload"}
	noEvent       = outcome{http.StatusBadRequest, "payload"}
	unconfigured  = outcome{http.StatusInternalServerError, string(ReasonConfiguration)}
	notPost       = outcome{http.StatusMethodNotAllowed, "method"}
	encoded       = outcome{http.StatusUnsupportedMediaType, "content-encoding"}
	tooLarge      = outcome{http.StatusRequestEntityTooLarge, "too-large"}
	incomplete    = outcome{http.StatusBadRequest, "incomplete"}
	abortDelivery = http.CanonicalHeaderKey("webhook-delivery")
)

func (p *endpoint) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	began := time.Now()
	event, result, err := p.process(req)
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	switch result {
	case notPost:
		h.Set("Allow", http.MethodPost)
	case rejected:
		h.Set(abortDelivery, "abort-message")
	}
	p.receiver.report(req.Context(), event, result, err, time.Since(began))
	if result.status == http.StatusNoContent {
		w.WriteHeader(result.status)
		return
	}
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(result.status)
	_, _ = io.WriteString(w, result.word)
}

// process reads a delivery and calls its function.
func (p *endpoint) process(req *http.Request) (*Event, outcome, error) {
	if p.receiver.ready() && req.Method != http.MethodPost {
		return nil, notPost, nil
	}
	event, err := p.receiver.Read(req)
	var misfit *PayloadError
	if err != nil && !errors.As(err, &misfit) || misfit != nil && misfit.Event == nil {
		return nil, refusal(err), err
	}
	result, err := p.dispatch(req.Context(), event, misfit)
	return event, result, err
}

// refusal returns the answer to a request that is not an event.
func refusal(err error) outcome {
	var unverified *VerificationError
	switch {
	case errors.As(err, &unverified) && unverified.Reason == ReasonConfiguration:
		return unconfigured
	case errors.As(err, &unverified):
		return outcome{http.StatusBadRequest, string(unverified.Reason)}
	case errors.Is(err, errEncoding):
		return encoded
	case errors.Is(err, errIncomplete):
		return incomplete
	case errors.As(err, new(*PayloadError)):
		return noEvent
	default:
		return tooLarge
	}
}

// dispatch calls the function for event. A misfit says that a part of its data does not
// decode.
func (p *endpoint) dispatch(ctx context.Context, event *Event, misfit *PayloadError) (outcome, error) {
	handle := p.handlers.function(event)
	switch {
	case handle == nil && p.handlers.Other == nil:
		return ignored, nil
	case handle == nil:
		return resultOf(p.handlers.Other(ctx, event))
	case misfit != nil && p.handlers.Malformed == nil:
		return malformed, misfit
	case misfit != nil:
		return resultOf(p.handlers.Malformed(ctx, event, misfit))
	case p.receiver.once != nil:
		return resultOf(p.receiver.once.Once(ctx, event.ID, handle))
	default:
		return resultOf(handle(ctx))
	}
}

func resultOf(err error) (outcome, error) {
	switch {
	case err == nil:
		return handled, nil
	case isPermanent(err):
		return rejected, err
	default:
		return failed, err
	}
}

// report logs a delivery: what an operator has to do something about as an error, and what
// the sender did wrong as a warning.
func (r *Receiver) report(ctx context.Context, event *Event, result outcome, err error, took time.Duration) {
	if r == nil || r.log == nil {
		return
	}
	level, text := slog.LevelInfo, "webhook handled"
	switch {
	case result.status >= http.StatusInternalServerError || result == rejected:
		level, text = slog.LevelError, "webhook failed"
	case result.status >= http.StatusBadRequest:
		level, text = slog.LevelWarn, "webhook refused"
	}
	attrs := []slog.Attr{slog.String("outcome", result.word), slog.Int("status", result.status), slog.Duration("duration", took)}
	if event != nil {
		attrs = append(attrs, slog.String("type", string(event.Type)), slog.String("id", event.ID))
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	r.log.LogAttrs(ctx, level, text, attrs...)
}

// bind returns f with its event and the data in it, and nil if f is nil.
func bind[T any](f func(context.Context, *Event, *T) error, e *Event) func(context.Context) error {
	if f == nil {
		return nil
	}
	return func(ctx context.Context) error { return f(ctx, e, e.Data.(*T)) }
}
