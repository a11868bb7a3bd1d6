package webhooks_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/webhooks"
)

const (
	creation   = `{"type":"user.created","data":{"id":"user_1","object":"user"},"instance_id":"ins_1"}`
	misfit     = `{"type":"user.created","data":{"id":"user_1","banned":"hunter2"}}`
	unheardOf  = `{"type":"moon.full","data":{}}`
	notAnEvent = `{"data":{}}`
)

var errHandler = errors.New("the database is down")

// created has a function for user.created alone, which returns err.
func created(err error) webhooks.Handlers {
	return webhooks.Handlers{UserCreated: func(context.Context, *webhooks.Event, *api.User) error { return err }}
}

func other(err error) webhooks.Handlers {
	return webhooks.Handlers{Other: func(context.Context, *webhooks.Event) error { return err }}
}

func withMalformed(err error) webhooks.Handlers {
	h := created(errors.New("called in spite of a misfit"))
	h.Malformed = func(_ context.Context, e *webhooks.Event, misfit *webhooks.PayloadError) error {
		if user, ok := e.Data.(*api.User); !ok || user.ID != "user_1" || misfit.Path != "data.banned" || misfit.Event != e {
			return fmt.Errorf("called with %v and %w", e, misfit)
		}
		return err
	}
	return h
}

// store is a Deduplicator that fails, or does as if it knew every id.
type store struct{ err error }

func (s store) Once(context.Context, string, func(context.Context) error) error { return s.err }

func TestAnswers(t *testing.T) {
	t.Parallel()
	canceled := func() error { return fmt.Errorf("wait: %w", context.Canceled) }
	for _, test := range []struct {
		name     string
		handlers webhooks.Handlers
		opts     []webhooks.Option
		body     string
		change   func(*http.Request)
		status   int
		word     string // the body
		outcome  string // in the log
	}{
		{name: "handled", handlers: created(nil), body: creation, status: 204, outcome: "handled"},
		{name: "no function", body: creation, status: 204, outcome: "ignored"},
		{name: "another function", handlers: webhooks.Handlers{UserDeleted: func(context.Context, *webhooks.Event, *api.DeletedObject) error { return errHandler }}, body: creation, status: 204, outcome: "ignored"},
		{name: "Other", handlers: other(nil), body: creation, status: 204, outcome: "handled"},
		{name: "Other fails", handlers: other(errHandler), body: creation, status: 500, word: "failed"},
		{name: "an unknown type", body: unheardOf, status: 204, outcome: "ignored"},
		{name: "Other for an unknown type", handlers: other(errHandler), body: unheardOf, status: 500, word: "failed"},
		{name: "a duplicate", handlers: created(errHandler), opts: []webhooks.Option{webhooks.WithDeduplicator(store{})}, body: creation, status: 204, outcome: "handled"},

		{name: "permanent", handlers: created(webhooks.Permanent(errHandler)), body: creation, status: 422, word: "permanent"},
		{name: "permanent and wrapped", handlers: created(fmt.Errorf("a: %w", webhooks.Permanent(errHandler))), body: creation, status: 422, word: "permanent"},
		{name: "permanent of Other", handlers: other(webhooks.Permanent(errHandler)), body: creation, status: 422, word: "permanent"},
		{name: "permanent of Malformed", handlers: withMalformed(webhooks.Permanent(errHandler)), body: misfit, status: 422, word: "permanent"},
		{name: "permanent nil", handlers: created(webhooks.Permanent(nil)), body: creation, status: 204, outcome: "handled"},
		{name: "failed", handlers: created(errHandler), body: creation, status: 500, word: "failed"},
		{name: "a canceled context", handlers: created(canceled()), body: creation, status: 500, word: "failed"},
		{name: "the store fails", handlers: created(nil), opts: []webhooks.Option{webhooks.WithDeduplicator(store{errHandler})}, body: creation, status: 500, word: "failed"},

		{name: "not an event", handlers: other(nil), body: notAnEvent, status: 400, word: "payload"},
		{name: "not JSON", handlers: other(nil), body: `{"type":`, status: 400, word: "payload"},
		{name: "an empty body that is signed", handlers: other(nil), body: "", status: 400, word: "payload"},
		{name: "a misfit", handlers: created(nil), body: misfit, status: 500, word: "payload"},
		{name: "a misfit with Malformed", handlers: withMalformed(nil), body: misfit, status: 204, outcome: "handled"},
		{name: "a misfit and Malformed fails", handlers: withMalformed(errHandler), body: misfit, status: 500, word: "failed"},
		{name: "a misfit without a function", body: misfit, status: 204, outcome: "ignored"},
		{name: "a misfit for Other", handlers: other(errHandler), body: misfit, status: 500, word: "failed"},
		{name: "a misfit for Malformed without a function", handlers: webhooks.Handlers{Malformed: func(context.Context, *webhooks.Event, *webhooks.PayloadError) error { return errHandler }}, body: misfit, status: 204, outcome: "ignored"},

		{name: "GET", body: creation, change: func(r *http.Request) { r.Method = http.MethodGet }, status: 405, word: "method"},
		{name: "HEAD", body: creation, change: func(r *http.Request) { r.Method = http.MethodHead }, status: 405, word: "method"},
		{name: "OPTIONS", body: creation, change: func(r *http.Request) { r.Method = http.MethodOptions }, status: 405, word: "method"},
		{name: "PUT", body: creation, change: func(r *http.Request) { r.Method = http.MethodPut }, status: 405, word: "method"},
		{name: "gzip", body: creation, change: func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") }, status: 415, word: "content-encoding"},
		{name: "identity and gzip", body: creation, change: func(r *http.Request) { r.Header["Content-Encoding"] = []string{"identity", "gzip"} }, status: 415, word: "content-encoding"},
		{name: "identity", handlers: created(nil), body: creation, change: func(r *http.Request) { r.Header.Set("Content-Encoding", " Identity ") }, status: 204, outcome: "handled"},
		{name: "any content type", handlers: created(nil), body: creation, change: func(r *http.Request) { r.Header.Set("Content-Type", "text/html") }, status: 204, outcome: "handled"},
		{name: "as long as the limit", handlers: created(nil), opts: []webhooks.Option{webhooks.WithBodyLimit(int64(len(creation)))}, body: creation, status: 204, outcome: "handled"},
		{name: "as much as a body can have", handlers: created(nil), opts: []webhooks.Option{webhooks.WithBodyLimit(math.MaxInt64)}, body: creation, status: 204, outcome: "handled"},
		{name: "over the limit", handlers: created(nil), opts: []webhooks.Option{webhooks.WithBodyLimit(int64(len(creation) - 1))}, body: creation, status: 413, word: "too-large"},
		{name: "over the limit, length unknown", handlers: created(nil), opts: []webhooks.Option{webhooks.WithBodyLimit(int64(len(creation) - 1))}, body: creation, change: unknownLength, status: 413, word: "too-large"},
		{name: "as long as the limit, length unknown", handlers: created(nil), opts: []webhooks.Option{webhooks.WithBodyLimit(int64(len(creation)))}, body: creation, change: unknownLength, status: 204, outcome: "handled"},
		{name: "over a limit that was there before", handlers: created(nil), body: creation, change: func(r *http.Request) { r.Body = http.MaxBytesReader(nil, r.Body, 10) }, status: 413, word: "too-large"},
		{name: "cut short", handlers: created(nil), body: creation, change: func(r *http.Request) { r.Body = io.NopCloser(iotest.ErrReader(io.ErrUnexpectedEOF)) }, status: 400, word: "incomplete"},
		{name: "changed", handlers: created(nil), body: creation, change: func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(unheardOf)) }, status: 400, word: "no-matching-signature"},
		{name: "read before", handlers: created(nil), body: creation, change: func(r *http.Request) { r.Body = http.NoBody }, status: 400, word: "no-matching-signature"},
		{name: "no body", handlers: created(nil), body: creation, change: func(r *http.Request) { r.Body = nil }, status: 400, word: "no-matching-signature"},
		{name: "no header", handlers: created(nil), body: creation, change: func(r *http.Request) { r.Header = http.Header{} }, status: 400, word: "missing-headers"},
		{name: "a malformed header", handlers: created(nil), body: creation, change: func(r *http.Request) { r.Header.Set("Svix-Timestamp", "0") }, status: 400, word: "malformed-headers"},
		{name: "old", handlers: created(nil), body: creation, change: func(r *http.Request) { r.Header.Set("Svix-Timestamp", "1") }, status: 400, word: "timestamp-too-old"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var log, asJSON bytes.Buffer
			both := slog.NewMultiHandler(slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&asJSON, nil))
			opts := append(test.opts, webhooks.WithLogger(slog.New(both)))
			req := post(sign(t, first, "msg_1", epoch, test.body), test.body)
			if test.change != nil {
				test.change(req)
			}
			rec := httptest.NewRecorder()
			receiver(t, first, opts...).Handler(test.handlers).ServeHTTP(rec, req)
			if rec.Code != test.status || rec.Body.String() != test.word {
				t.Errorf("%d %q, want %d %q\n%s", rec.Code, rec.Body, test.status, test.word, &log)
			}
			checkHeader(t, rec)
			outcome := test.outcome
			if outcome == "" {
				outcome = test.word
			}
			checkLog(t, log.String(), test.status, outcome)
			checkShown(t, asJSON.String())
		})
	}
}

func unknownLength(r *http.Request) { r.ContentLength = -1 }

func checkHeader(t *testing.T, rec *httptest.ResponseRecorder) {
	t.Helper()
	want := map[string]string{"Cache-Control": "no-store", "Allow": "", "Webhook-Delivery": ""}
	switch rec.Code {
	case http.StatusMethodNotAllowed:
		want["Allow"] = "POST"
	case http.StatusUnprocessableEntity:
		want["Webhook-Delivery"] = "abort-message"
	}
	for name, value := range want {
		if got := rec.Header().Get(name); got != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
}

// checkLog demands one record with the outcome at the level of the status.
func checkLog(t *testing.T, log string, status int, outcome string) {
	t.Helper()
	level := "INFO"
	switch {
	case status >= 500 || outcome == "permanent":
		level = "ERROR"
	case status >= 400:
		level = "WARN"
	}
	for _, part := range []string{"level=" + level, "outcome=" + outcome, fmt.Sprintf("status=%d", status), "duration="} {
		if !strings.Contains(log, part) || strings.Count(log, "\n") != 1 {
			t.Errorf("no %s in %s", part, log)
		}
	}
	checkShown(t, log)
}

// checkShown demands that a log shows nothing of a body or a signature.
func checkShown(t *testing.T, log string) {
	t.Helper()
	if strings.Contains(log, "hunter2") || strings.Contains(log, macOfFirst) {
		t.Errorf("the log shows too much: %s", log)
	}
}

func TestTheHandlerOfAnUnconfiguredReceiverFails(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*webhooks.Receiver{"nil": nil, "zero": {}} {
		for _, method := range []string{http.MethodPost, http.MethodGet} {
			req := post(sign(t, first, "msg_1", epoch, creation), creation)
			req.Method = method
			rec := httptest.NewRecorder()
			r.Handler(created(nil)).ServeHTTP(rec, req)
			if rec.Code != http.StatusInternalServerError || rec.Body.String() != "configuration" {
				t.Errorf("%s, %s: %d %q", name, method, rec.Code, rec.Body)
			}
			checkHeader(t, rec)
		}
	}
}

// TestTheLogNamesTheEvent also holds that it says why a body cannot be verified.
func TestTheLogNamesTheEvent(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	handler := receiver(t, first, webhooks.WithLogger(slog.New(slog.NewTextHandler(&log, nil)))).Handler(created(errHandler))
	req := post(sign(t, first, "msg_1", epoch, creation), creation)
	handler.ServeHTTP(httptest.NewRecorder(), req)
	for _, part := range []string{"type=user.created", "id=msg_1", `error="the database is down"`} {
		if !strings.Contains(log.String(), part) {
			t.Errorf("no %s in %s", part, &log)
		}
	}
	log.Reset()
	handler.ServeHTTP(httptest.NewRecorder(), req) // its body is read
	if !strings.Contains(log.String(), "the body is empty") {
		t.Error(log.String())
	}
}

func TestWithoutALoggerNothingIsLogged(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(before)
	receiver(t, first).Handler(created(errHandler)).ServeHTTP(httptest.NewRecorder(), post(sign(t, first, "msg_1", epoch, creation), creation))
	if log.Len() > 0 {
		t.Error(log.String())
	}
}

func TestABodyOverTheLimitIsNotReadFurther(t *testing.T) {
	t.Parallel()
	read := 0
	body := reading{strings.NewReader(strings.Repeat("x", 100_000)), &read}
	req := post(sign(t, first, "msg_1", epoch, ""), "")
	req.Body, req.ContentLength = io.NopCloser(body), -1
	rec := httptest.NewRecorder()
	receiver(t, first, webhooks.WithBodyLimit(10)).Handler(webhooks.Handlers{}).ServeHTTP(rec, req)
	if rec.Code != http.StatusRequestEntityTooLarge || read > 11 {
		t.Errorf("%d after %d bytes", rec.Code, read)
	}
	read, req.ContentLength = 0, 11
	receiver(t, first, webhooks.WithBodyLimit(10)).Handler(webhooks.Handlers{}).ServeHTTP(httptest.NewRecorder(), req)
	if read > 0 {
		t.Errorf("%d bytes of a body that is known to be too large", read)
	}
}

type reading struct {
	io.Reader
	n *int
}

func (r reading) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	*r.n += n
	return n, err
}

func TestAPanicIsNotCaught(t *testing.T) {
	t.Parallel()
	r := receiver(t, first, webhooks.WithDeduplicator(webhooks.Memory(1)))
	calls := 0
	handler := r.Handler(webhooks.Handlers{UserCreated: func(context.Context, *webhooks.Event, *api.User) error {
		if calls++; calls == 1 {
			panic("a bug")
		}
		return nil
	}})
	func() {
		defer func() {
			if p := recover(); p != "a bug" {
				t.Errorf("recovered %v", p)
			}
		}()
		handler.ServeHTTP(httptest.NewRecorder(), post(sign(t, first, "msg_1", epoch, creation), creation))
	}()
	handler.ServeHTTP(httptest.NewRecorder(), post(sign(t, first, "msg_1", epoch, creation), creation))
	if calls != 2 {
		t.Errorf("%d calls: the panic counts as success", calls)
	}
}

// TestOverTheWire sends deliveries through a server, with the body in chunks and over
// HTTP/2.
func TestOverTheWire(t *testing.T) {
	t.Parallel()
	seen := make(chan string, 2)
	handler := receiver(t, first).Handler(webhooks.Handlers{UserCreated: func(ctx context.Context, e *webhooks.Event, user *api.User) error {
		seen <- e.ID + " " + user.ID + " " + e.InstanceID
		return ctx.Err()
	}})
	for _, http2 := range []bool{false, true} {
		server := httptest.NewUnstartedServer(handler)
		server.EnableHTTP2 = http2
		server.StartTLS()
		defer server.Close()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, io.MultiReader(strings.NewReader(creation)))
		if err != nil {
			t.Fatal(err)
		}
		req.Header = sign(t, first, "msg_1", epoch, creation)
		res, err := server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusNoContent || (res.ProtoMajor == 2) != http2 {
			t.Errorf("%s: %d", res.Proto, res.StatusCode)
		}
		if got := <-seen; got != "msg_1 user_1 ins_1" {
			t.Error(got)
		}
	}
}

func TestOnlyHandledEventsReachTheDeduplicator(t *testing.T) {
	t.Parallel()
	asked := 0
	counting := counter{&asked}
	for body, want := range map[string]int{creation: 1, misfit: 0, unheardOf: 0, notAnEvent: 0, deletion: 0} {
		asked = 0
		handlers := withMalformed(nil)
		handlers.UserCreated = created(nil).UserCreated
		handlers.Other = other(nil).Other
		r := receiver(t, first, webhooks.WithDeduplicator(counting))
		r.Handler(handlers).ServeHTTP(httptest.NewRecorder(), post(sign(t, first, "msg_1", epoch, body), body))
		if asked != want {
			t.Errorf("%s: asked %d times, want %d", body, asked, want)
		}
	}
}

type counter struct{ n *int }

func (c counter) Once(ctx context.Context, id string, handle func(context.Context) error) error {
	if *c.n++; id != "msg_1" {
		return errHandler
	}
	return handle(ctx)
}

func TestPermanentKeepsItsError(t *testing.T) {
	t.Parallel()
	err := webhooks.Permanent(errHandler)
	if !errors.Is(err, errHandler) || err.Error() != errHandler.Error() {
		t.Error(err)
	}
	if err := webhooks.Permanent(nil); err != nil {
		t.Error(err)
	}
}
