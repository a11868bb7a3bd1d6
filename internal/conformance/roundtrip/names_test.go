package roundtrip

import (
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
)

// notFound responds to every request as to one for something that does not exist.
type notFound struct{}

func (notFound) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusNotFound, Request: r, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(`{"errors":[]}`)),
	}, nil
}

// Two functions can have one name in different packages, so that an error names both.
func TestErrorsNameTheFunctionWithItsPackage(t *testing.T) {
	client, err := clerk.New("sk_test_names", clerk.WithTransport(notFound{}))
	if err != nil {
		t.Fatal(err)
	}
	for i := range All {
		f := &All[i]
		ids := make([]string, f.IDs())
		for n := range ids {
			ids[n] = "id_1"
		}
		var params reflect.Value
		if f.Params() != nil {
			params = reflect.New(f.Params()).Elem()
		}
		_, err := f.Invoke(t.Context(), client, ids, params)
		if err == nil || !strings.HasPrefix(err.Error(), "clerk: "+f.Name()+": ") {
			t.Errorf("the error of %s is %v", f.Name(), err)
		}
	}
}
