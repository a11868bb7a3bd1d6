package clerk_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
)

func TestASuccessWithAnInvalidBodyIsADecodeError(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, body, contentType string
		status                  int
		want                    string
	}{
		{"HTML", "<html>hunter2</html>", "text/html; charset=utf-8", 200, "content type text/html: invalid character '<' looking for beginning of value"},
		{"HTML as JSON", "<html>hunter2</html>", "application/json", 200, "invalid character '<' looking for beginning of value"},
		{"null", " null\n", "application/json", 200, "null"},
		{"truncated", `{"id":"hunter2","count":`, "application/json", 200, "unexpected end of JSON input"},
		{"two values", `{}{}`, "application/json", 200, "invalid character '{' after top-level value"},
		{"array for an object", `[{"id":"hunter2"}]`, "application/json", 200, "JSON array does not fit clerk_test.thing"},
		{"string", `"hunter2"`, "application/json", 200, "JSON string does not fit clerk_test.thing"},
		{"too large", `{"id":"` + strings.Repeat("x", 4096) + `"}`, "application/json", 200, "larger than 4096 bytes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Content-Type"] = []string{test.contentType}
				w.Header().Set("Clerk-Trace-Id", "trace1")
				w.WriteHeader(test.status)
				write(w, test.body)
			}, clerk.WithBodyLimit(4096), clerk.WithFailureLimit(8))
			v, err := clerk.Call[thing](t.Context(), c, get("/things"))
			var e *clerk.DecodeError
			if v != nil || !errors.As(err, &e) {
				t.Fatalf("result %v, error %v", v, err)
			}
			if e.StatusCode != test.status || e.TraceID != "trace1" || e.Operation != "GetThing" || e.Partial != nil || e.Path != "" {
				t.Errorf("%#v", *e)
			}
			if want := test.body[:min(8, len(test.body))]; string(e.Body) != want {
				t.Errorf("body %q, want %q", e.Body, want)
			}
			want := fmt.Sprintf("clerk: GetThing: %d: cannot decode the body: %s", test.status, test.want)
			if err.Error() != want || strings.Contains(want, "hunter2") {
				t.Errorf("%s\nwant %s", err, want)
			}
		})
	}
}

func TestASuccessWithoutABodyIsTheZeroResult(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 201, 204} {
		for _, body := range []string{"", " \r\n\t", "\xef\xbb\xbf", "\xef\xbb\xbf\n"} {
			if status == 204 && body != "" {
				continue // which net/http does not send
			}
			c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(status)
				write(w, body)
			})
			if v, err := clerk.Call[thing](t.Context(), c, get("/things")); err != nil || v.ID != "" {
				t.Errorf("%d %q: %v, error %v", status, body, v, err)
			}
			if v, err := clerk.Call[clerk.List[thing]](t.Context(), c, get("/things")); err != nil || v.Data != nil {
				t.Errorf("%d %q: list %v, error %v", status, body, v, err)
			}
			if v, err := clerk.Call[clerk.HTML](t.Context(), c, get("/things")); err != nil || *v != "" {
				t.Errorf("%d %q: page %q, error %v", status, body, *v, err)
			}
		}
	}
}

func TestEverySuccessStatusIsASuccess(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 201, 202, 203, 206, 299} {
		for _, contentType := range []string{"application/json", "application/json; charset=utf-8", "text/plain", ""} {
			c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Content-Type"] = []string{contentType}
				w.WriteHeader(status)
				write(w, "\xef\xbb\xbf {\"id\":\"a\",\"unknown\":[1]}\n")
			})
			v, err := clerk.Call[thing](t.Context(), c, get("/things"))
			if err != nil || v.ID != "a" {
				t.Errorf("%d %s: %v, error %v", status, contentType, v, err)
			}
		}
	}
}

func TestNoneAcceptsAnyBody(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "null", `{"deleted":true}`, "<html>", strings.Repeat("x", 1<<20)} {
		c := newClient(t, func(w http.ResponseWriter, _ *http.Request) { write(w, body) }, clerk.WithBodyLimit(8), clerk.WithFailureLimit(8))
		if _, err := clerk.Call[clerk.None](t.Context(), c, get("/things")); err != nil {
			t.Errorf("%.20q: %v", body, err)
		}
	}
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "9")
		write(w, "cut")
	})
	if _, err := clerk.Call[clerk.None](t.Context(), c, post("/things", nil)); err != nil {
		t.Errorf("truncated: %v", err)
	}
	_, err := clerk.Call[thing](t.Context(), c, post("/things", nil))
	var e *clerk.DecodeError
	if !errors.As(err, &e) || !errors.Is(err, io.ErrUnexpectedEOF) || string(e.Body) != "cut" || e.StatusCode != 200 {
		t.Errorf("truncated, with a result: %v", err)
	}
}

func TestHTMLIsReturnedUnchanged(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept") != "text/html" {
			w.WriteHeader(http.StatusNotAcceptable)
		}
		write(w, "<html>{}</html>")
	})
	v, err := clerk.Call[clerk.HTML](t.Context(), c, get("/public/interstitial"))
	if err != nil || *v != "<html>{}</html>" {
		t.Errorf("%v, error %v", v, err)
	}
}

func TestBodyLimitsCountDecompressedBytes(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	zeros := bytes.Repeat([]byte(" "), 1<<20)
	for range 8 {
		_, _ = z.Write(zeros)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, status := range []int{200, 500} {
		c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.WriteHeader(status)
			_, _ = w.Write(bomb.Bytes())
		}, clerk.WithBodyLimit(1<<20))
		_, err := clerk.Call[thing](t.Context(), c, post("/things", nil))
		var decoding *clerk.DecodeError
		var failure *clerk.Error
		switch {
		case errors.As(err, &decoding):
			if status != 200 || len(decoding.Body) != 64<<10 || !strings.Contains(err.Error(), "larger than 1048576 bytes") {
				t.Errorf("%v with %d bytes", err, len(decoding.Body))
			}
		case errors.As(err, &failure):
			if status != 500 || len(failure.Body) != 64<<10 {
				t.Errorf("%v with %d bytes", err, len(failure.Body))
			}
		default:
			t.Errorf("error %v", err)
		}
	}
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) { write(w, `{"id":"aaaaaaaa"}`) })
	if _, err := clerk.Call[thing](t.Context(), c, get("/things"), clerk.WithBodyLimit(8)); err == nil {
		t.Error("WithBodyLimit has no effect")
	}
}

func TestADecodeErrorHasThePathAndTheRest(t *testing.T) {
	t.Parallel()
	one := clerk.Timestamp(1)
	for _, test := range []struct {
		name, body string
		call       func(*clerk.Client) error
		path, text string
		partial    any
	}{
		{
			"field", `{"id":"a","count":"many","tags":["x"]}`, decodeAs[thing], "count", "JSON string does not fit int",
			&thing{ID: "a", Tags: []string{"x"}},
		},
		{
			"number, which is not repeated", `{"id":12345.5,"count":7}`, decodeAs[thing], "id", "JSON number does not fit string",
			&thing{Count: 7},
		},
		{
			"element", `{"tags":["a",2,"c"],"count":7}`, decodeAs[thing], "tags[1]", "JSON number does not fit string",
			&thing{Count: 7, Tags: []string{"a", "", "c"}},
		},
		{
			"pointer", `{"created_at":"yesterday","id":"a"}`, decodeAs[thing], "created_at", "JSON string does not fit clerk.Timestamp",
			&thing{ID: "a"},
		},
		{
			"map", `{"by_name":{"b":{"id":1},"a":{"id":"x"}},"created_at":1}`, decodeAs[thing], "by_name.b.id", "JSON number does not fit string",
			&thing{At: &one, By: map[string]mail{"a": {"x"}, "b": {}}},
		},
		{
			"optional", `{"maybe":"x","id":"a"}`, decodeAs[thing], "maybe", "JSON string does not fit int",
			&thing{ID: "a"},
		},
		{
			"bare list", `[{"id":"a"},{"id":"b","email_addresses":[{"id":1},{"id":"m"}]},{"id":"c"}]`, decodeAs[clerk.List[thing]],
			"[1].email_addresses[0].id", "JSON number does not fit string",
			&clerk.List[thing]{Data: []*thing{{ID: "a"}, {ID: "b", Mails: []mail{{}, {"m"}}}, {ID: "c"}}},
		},
		{
			"list", `{"data":[{"id":"a"},{"id":"b","email_addresses":[{"id":1}]}],"total_count":9}`, decodeAs[clerk.List[thing]],
			"data[1].email_addresses[0].id", "JSON number does not fit string",
			&clerk.List[thing]{Data: []*thing{{ID: "a"}, {ID: "b", Mails: []mail{{}}}}, TotalCount: clerk.Set[int64](9)},
		},
		{
			"list of tokens", `{"m2m_tokens":["x",{"id":"b"}],"total_count":9}`, decodeAs[clerk.List[thing]],
			"m2m_tokens[0]", "JSON string does not fit clerk_test.thing",
			&clerk.List[thing]{Data: []*thing{{}, {ID: "b"}}, TotalCount: clerk.Set[int64](9)},
		},
		{
			"total", `{"data":[{"id":"a"}],"total_count":"9"}`, decodeAs[clerk.List[thing]], "total_count", "JSON string does not fit int64",
			&clerk.List[thing]{Data: []*thing{{ID: "a"}}},
		},
		{"not a list", `{"object":"thing"}`, decodeAs[clerk.List[thing]], "", "neither an array nor an object with an array in data", nil},
		{"list of an object", `{"data":{"id":"a"}}`, decodeAs[clerk.List[thing]], "data", "JSON object does not fit []*clerk_test.thing", &clerk.List[thing]{}},
		{
			"UnmarshalJSON method", `{"inner":{"kind":"a","mail":{"id":1}},"id":"x"}`, decodeAs[withUnion], "inner", "JSON number does not fit string",
			&withUnion{ID: "x", Inner: union{Raw: `{"kind":"a","mail":{"id":1}}`, Kind: "a"}},
		},
		{
			"UnmarshalJSON method with an error of its own", `{"inner":{"kind":"b"},"id":"x"}`, decodeAs[withUnion], "inner", "unknown kind b",
			&withUnion{ID: "x", Inner: union{Raw: `{"kind":"b"}`, Kind: "b"}},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, func(w http.ResponseWriter, _ *http.Request) { write(w, test.body) })
			err := test.call(c)
			var e *clerk.DecodeError
			if !errors.As(err, &e) {
				t.Fatalf("error %v", err)
			}
			if e.Path != test.path || !strings.HasSuffix(err.Error(), ": "+test.text) || string(e.Body) != test.body {
				t.Errorf("path %s, error %v", e.Path, err)
			}
			if diff := cmp.Diff(test.partial, e.Partial); diff != "" {
				t.Errorf("partial (-want +got):\n%s", diff)
			}
		})
	}
}

func decodeAs[T any](c *clerk.Client) error {
	v, err := clerk.Call[T](context.Background(), c, get("/things"))
	if v != nil {
		return fmt.Errorf("a result with the error %w", err)
	}
	return err
}

type withUnion struct {
	ID    string `json:"id"`
	Inner union  `json:"inner"`
}

// union stands for the generated types that keep their JSON in a field.
type union struct {
	Raw  string `json:"-"`
	Kind string `json:"kind"`
	Mail mail   `json:"mail"`
}

func (u *union) UnmarshalJSON(b []byte) error {
	type plain union
	u.Raw = string(b)
	if err := json.Unmarshal(b, (*plain)(u)); err != nil {
		return fmt.Errorf("union: %w", err)
	}
	if u.Kind == "b" {
		return errors.New("unknown kind b")
	}
	return nil
}
