package roundtrip

import (
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/internal/conformance/examples"
	"github.com/backend-sdk/clerk-go/internal/conformance/schema"
)

// always is a transport that responds with one status and body.
type always struct {
	status int
	body   string
}

func (a always) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: a.status, ProtoMajor: 1, ProtoMinor: 1, Request: r, Header: http.Header{},
		Body: io.NopCloser(strings.NewReader(a.body)), ContentLength: int64(len(a.body)),
	}, nil
}

// TestASuccessWithoutABodyIsTheZeroResult calls every function that has a result.
func TestASuccessWithoutABodyIsTheZeroResult(t *testing.T) {
	t.Parallel()
	own := schema.Own(t)
	results := 0
	for i := range All {
		f := &All[i]
		if f.Result() == nil {
			continue
		}
		results++
		given, err := schema.MakeArguments(&examples.Maker{Mode: examples.Required}, own.Operation(f.Method, f.Path), f.Params())
		if err != nil {
			t.Fatal(err)
		}
		call := func(response always) (any, error) {
			client, err := clerk.New("sk_test_empty", clerk.WithTransport(response), clerk.WithMaxRetries(0))
			if err != nil {
				t.Fatal(err)
			}
			return f.Invoke(t.Context(), client, given[0].IDs, given[0].Params)
		}
		for _, response := range []always{{204, ""}, {200, ""}, {200, " \r\n\t"}, {201, "\xef\xbb\xbf\n"}} {
			got, err := call(response)
			if err != nil || got == nil || !reflect.ValueOf(got).Elem().IsZero() {
				t.Errorf("%s returns %+v after %d with the body %q: %v", f.Name(), got, response.status, response.body, err)
			}
		}
		if f.Result() == reflect.TypeFor[clerk.HTML]() {
			continue
		}
		got, err := call(always{200, " null"})
		if _, ok := errors.AsType[*clerk.DecodeError](err); !ok || got != nil {
			t.Errorf("%s returns %+v after null: %v", f.Name(), got, err)
		}
	}
	if results < 200 {
		t.Errorf("only %d functions have a result", results)
	}
}
