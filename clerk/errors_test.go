package clerk_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
)

func TestEveryFailureIsAnError(t *testing.T) {
	t.Parallel()
	const taken = `{"errors":[{"code":"form_identifier_exists","message":"taken","long_message":"That address is taken.","meta":{"param_name":"email"}}],"clerk_trace_id":"body1"}`
	for _, test := range []struct {
		name, body string
		status     int
		header     map[string]string
		want       clerk.Error
		text       string
	}{
		{
			name: "the API's form", status: 422, body: taken, header: map[string]string{"Clerk-Trace-Id": "header1", "Cf-Ray": "ray1"},
			want: clerk.Error{TraceID: "body1", Problems: []clerk.Problem{{
				Code: "form_identifier_exists", Message: "taken", LongMessage: "That address is taken.", Meta: json.RawMessage(`{"param_name":"email"}`),
			}}},
			text: "422 form_identifier_exists: taken",
		},
		{
			name: "with a byte order mark", status: 422, body: "\xef\xbb\xbf" + `{"errors":[{"code":"a","long_message":"b"},{"code":"c"},{}]}`,
			want: clerk.Error{Problems: []clerk.Problem{{Code: "a", LongMessage: "b"}, {Code: "c"}, {}}},
			text: "422 a: b (and 2 more)",
		},
		{
			name: "page of a proxy", status: 502, body: "<html>" + strings.Repeat("x", 500), header: map[string]string{"Cf-Ray": "ray1", "Content-Type": "text/html"},
			want: clerk.Error{TraceID: "ray1"}, text: "502 Bad Gateway",
		},
		{name: "empty", status: 503, header: map[string]string{"Clerk-Trace-Id": "header1", "Cf-Ray": "ray1", "Retry-After": "7"}, want: clerk.Error{TraceID: "header1", RetryAfter: 7e9}, text: "503 Service Unavailable"},
		{name: "null", status: 500, body: "null", text: "500 Internal Server Error"},
		{name: "truncated", status: 404, body: taken[:len(taken)/2], text: "404 Not Found"},
		{name: "array", status: 400, body: `[]`, text: "400 Bad Request"},
		{name: "unknown status", status: 599, body: `{"error":"x"}`, text: "599"},
		{
			name: "unexpected types", status: 400, body: `{"errors":[{"code":7,"message":"m","meta":[]},"x",{"code":"c","message":null}],"clerk_trace_id":5}`,
			want: clerk.Error{Problems: []clerk.Problem{{Message: "m", Meta: json.RawMessage(`[]`)}, {}, {Code: "c"}}},
			text: "400: m (and 2 more)",
		},
		{name: "errors is an object", status: 400, body: `{"errors":{"code":"x"},"clerk_trace_id":"t"}`, want: clerk.Error{TraceID: "t"}, text: "400 Bad Request"},
		{
			name: "hostile text", status: 400, body: `{"errors":[{"code":"a\u001b[31m","message":"x\n\u0000\u202ey` + strings.Repeat("é", 300) + `"}],"clerk_trace_id":"t\nt"}`,
			want: clerk.Error{TraceID: "t t", Problems: []clerk.Problem{{Code: "a\u001b[31m", Message: "x\n\u0000\u202ey" + strings.Repeat("é", 300)}}},
			text: "400 a[31m: x y" + strings.Repeat("é", 96) + "…",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				for name, value := range test.header {
					w.Header().Set(name, value)
				}
				w.WriteHeader(test.status)
				write(w, test.body)
			})
			var meta clerk.Response
			v, err := clerk.Call[thing](t.Context(), c, post("/things", nil), clerk.WithResponse(&meta))
			var got *clerk.Error
			if v != nil || !errors.As(err, &got) {
				t.Fatalf("%v, error %v", v, err)
			}
			want := test.want
			want.StatusCode, want.Operation, want.Attempts, want.Body = test.status, "CreateThing", 1, []byte(test.body)
			if len(want.Body) == 0 {
				want.Body = nil
			}
			if diff := cmp.Diff(fields(&want), fields(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := err.Error(); got != "clerk: CreateThing: "+test.text {
				t.Errorf("%s\nwant %s", got, test.text)
			}
			if meta.StatusCode != test.status || meta.Attempts != 1 || meta.Header == nil {
				t.Errorf("response %+v", meta)
			}
		})
	}
}

// fields returns the fields of e for cmp.Diff, which would otherwise call Error.
func fields(e *clerk.Error) map[string]any {
	return map[string]any{
		"status": e.StatusCode, "problems": e.Problems, "trace": e.TraceID, "after": e.RetryAfter,
		"operation": e.Operation, "attempts": e.Attempts, "body": string(e.Body),
	}
}

func TestSentinelsAndCodes(t *testing.T) {
	t.Parallel()
	all := []error{
		clerk.ErrBadRequest, clerk.ErrUnauthorized, clerk.ErrForbidden, clerk.ErrNotFound, clerk.ErrConflict,
		clerk.ErrUnprocessable, clerk.ErrRateLimited, clerk.ErrServer,
	}
	for status, want := range map[int]error{
		400: clerk.ErrBadRequest, 401: clerk.ErrUnauthorized, 403: clerk.ErrForbidden, 404: clerk.ErrNotFound, 409: clerk.ErrConflict,
		422: clerk.ErrUnprocessable, 429: clerk.ErrRateLimited, 500: clerk.ErrServer, 503: clerk.ErrServer, 302: nil, 418: nil,
	} {
		err := fmt.Errorf("wrapped: %w", &clerk.Error{StatusCode: status})
		for _, sentinel := range all {
			if errors.Is(err, sentinel) != (sentinel == want) {
				t.Errorf("errors.Is(%d, %v) = %v", status, sentinel, sentinel != want)
			}
		}
	}
	err := fmt.Errorf("wrapped: %w", &clerk.Error{Problems: []clerk.Problem{{Code: "a"}, {Code: "b"}}})
	for code, want := range map[string]bool{"a": true, "b": true, "c": false, "": false} {
		if clerk.HasCode(err, code) != want {
			t.Errorf("HasCode(%q) = %v, want %v", code, !want, want)
		}
	}
	if clerk.HasCode(errors.New("a"), "a") || clerk.HasCode(nil, "a") {
		t.Error("HasCode is true for an error that is not an *Error")
	}
}

func TestErrorsPrintWithoutTheBody(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	e := &clerk.Error{StatusCode: 422, Operation: "GetThing", TraceID: "t1", Problems: []clerk.Problem{{Code: "c", Message: "m", Meta: json.RawMessage(`"hunter2"`)}}, Body: []byte("hunter2")}
	for _, v := range []any{e, *e, error(e)} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d"} {
			if got := fmt.Sprintf(verb, v); got != "clerk: GetThing: 422 c: m" {
				t.Errorf("%s: %s", verb, got)
			}
		}
		if got := fmt.Sprintf("%q", v); got != `"clerk: GetThing: 422 c: m"` {
			t.Errorf("%%q: %s", got)
		}
		if g, ok := v.(fmt.GoStringer); !ok || g.GoString() != "clerk: GetThing: 422 c: m" {
			t.Errorf("GoString of %T is missing or differs from Error", v)
		}
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", slog.Any("err", v))
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", slog.Any("err", v))
	}
	if !strings.Contains(log.String(), "t1") || !strings.Contains(log.String(), "422") {
		t.Errorf("logged %s", log.String())
	}
	if strings.Contains(log.String(), "hunter2") {
		t.Errorf("logged %s", log.String())
	}
	encoded, err := json.Marshal(e)
	if err != nil || strings.Contains(string(encoded), "aHVudGVyMg") {
		t.Errorf("encoded %s, error %v", encoded, err)
	}
	refused := &clerk.RequestError{Operation: "GetThing", Field: "f", Err: errors.New("bad\nthing")}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(verb, refused) + fmt.Sprintf(verb, *refused); got != strings.Repeat("clerk: GetThing: f: bad thing", 2) {
			t.Errorf("%s: %s", verb, got)
		}
	}
}

func TestDecodeErrorsPrintWithoutTheBody(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	e := &clerk.DecodeError{StatusCode: 200, Operation: "GetThing", Path: "id", Body: []byte("hunter2"), Partial: &thing{ID: "hunter2"}, Err: errors.New("wrong\nkind")}
	for _, v := range []any{e, *e, error(e)} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d"} {
			if got := fmt.Sprintf(verb, v); got != "clerk: GetThing: 200: cannot decode the body: id: wrong kind" {
				t.Errorf("%s: %s", verb, got)
			}
		}
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", slog.Any("err", v))
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", slog.Any("err", v))
	}
	encoded, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	log.Write(encoded)
	for _, secret := range []string{"hunter2", "aHVudGVyMg"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("logged %s", log.String())
		}
	}
}

func TestARefusedPlanAndAnInvalidRequestHaveSentinels(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusPaymentRequired) })
	_, err := clerk.Call[thing](t.Context(), c, get("/things"))
	if !errors.Is(err, clerk.ErrPaymentRequired) || errors.Is(err, clerk.ErrInvalidRequest) {
		t.Errorf("402: %v", err)
	}
	_, err = clerk.Call[thing](t.Context(), c, get("/things/{id}", "../x"))
	if !errors.Is(err, clerk.ErrInvalidRequest) || errors.Is(err, clerk.ErrPaymentRequired) {
		t.Errorf("an id: %v", err)
	}
}

func TestAContentCodingThatWasNotAskedForIsNamed(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "br")
		write(w, "\x0b\x02")
	})
	_, err := clerk.Call[thing](t.Context(), c, get("/things"))
	if err == nil || !strings.Contains(err.Error(), "content coding br") {
		t.Errorf("error %v", err)
	}
}
