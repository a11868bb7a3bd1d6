package schema

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestRequest checks what a document refuses.
func TestRequest(t *testing.T) {
	t.Parallel()
	d := Own(t)
	for _, tt := range []struct {
		name, method, path, body string
		want                     string // in the error; "" for no error
	}{
		{"allowed", "GET", "/users?limit=10", "", ""},
		{"body", "PATCH", "/users/user_1", `{"first_name":"Ada"}`, ""},
		{"null", "PATCH", "/users/user_1", `{"first_name":null}`, ""},
		{"no operation", "GET", "/nothing", "", "no matching operation"},
		{"unknown query parameter", "GET", "/users?limit=10&sort=up", "", `no query parameter "sort"`},
		{"limit", "GET", "/users?limit=0", "", "limit"},
		{"unknown member", "PATCH", "/users/user_1", `{"nickname":"Ada"}`, "nickname"},
		{"wrong type", "PATCH", "/users/user_1", `{"first_name":1}`, "first_name"},
		{"unexpected body", "GET", "/users", `{}`, "takes no body"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(tt.method, root+tt.path, strings.NewReader(tt.body))
			r.Header.Set("Content-Type", "application/json")
			checked, err := d.Request(r)
			switch {
			case tt.want == "" && err != nil:
				t.Error(err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("error %v, want one with %q", err, tt.want)
			case err == nil && checked.Operation.Method != tt.method:
				t.Errorf("operation %s, want a %s", checked.Operation, tt.method)
			}
		})
	}
}

// TestResponse checks that responses are validated by their status.
func TestResponse(t *testing.T) {
	t.Parallel()
	d := Own(t)
	checked, err := d.Request(httptest.NewRequest("GET", root+"/users/count", http.NoBody))
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{"Content-Type": {"application/json"}}
	if err := checked.Response(t.Context(), 200, header, []byte(`{"object":"total_count","total_count":1}`)); err != nil {
		t.Error(err)
	}
	for status, body := range map[int]string{200: `{"object":"total_count","total_count":"1"}`, 299: `{}`} {
		if checked.Response(t.Context(), status, header, []byte(body)) == nil {
			t.Errorf("status %d with %s is valid", status, body)
		}
	}
}
