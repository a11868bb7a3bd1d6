package schema

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestRequest shows what a document refuses.
func TestRequest(t *testing.T) {
	t.Parallel()
	d := Own(t)
	for _, tt := range []struct {
		name, method, path, body string
		want                     string // in the error; "" for none
	}{
		{"allowed", "GET", "/users?limit=10", "", ""},
		{"body", "PATCH", "/users/user_1", `{"first_name":"Ada"}`, ""},
		{"null", "PATCH", "/users/user_1", `{"first_name":null}`, ""},
		{"no operation", "GET", "/nothing", "", "no matching operation"},
		{"unknown query parameter", "GET", "/users?limit=10&sort=up", "", `no query parameter "sort"`},
		{"limit", "GET", "/users?limit=0", "", "limit"},
		{"unknown member", "PATCH", "/users/user_1", `{"nickname":"Ada"}`, "nickname"},
		{"wrong type", "PATCH", "/users/user_1", `{"first_name":1}`, "first_name"},
		{"body where there is none", "GET", "/users", `{}`, "takes no body"},
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
				t.Errorf("%v does not name %s", err, tt.want)
			case err == nil && checked.Operation.Method != tt.method:
				t.Errorf("it is %s", checked.Operation)
			}
		})
	}
}

// TestAnswer shows that answers are judged, and by status.
func TestAnswer(t *testing.T) {
	t.Parallel()
	d := Own(t)
	checked, err := d.Request(httptest.NewRequest("GET", root+"/users/count", http.NoBody))
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{"Content-Type": {"application/json"}}
	if err := checked.Answer(t.Context(), 200, header, []byte(`{"object":"total_count","total_count":1}`)); err != nil {
		t.Error(err)
	}
	for status, body := range map[int]string{200: `{"object":"total_count","total_count":"1"}`, 299: `{}`} {
		if checked.Answer(t.Context(), status, header, []byte(body)) == nil {
			t.Errorf("%d with %s passed", status, body)
		}
	}
}

// TestRelaxed finds the one union that no value of one branch could satisfy.
func TestRelaxed(t *testing.T) {
	t.Parallel()
	d := Own(t)
	keys := d.Operation("GET", "/jwks").Responses.Value("200").Value.Content["application/json"].Schema.Value.Properties["keys"]
	if n := len(keys.Value.Items.Value.AnyOf); n != 7 {
		t.Errorf("a key is one of %d", n)
	}
	email := d.Operation("GET", "/email_addresses/{email_address_id}").Responses.Value("200").Value.Content["application/json"].Schema
	if n := len(email.Value.Properties["verification"].Value.OneOf); n != 7 {
		t.Errorf("a verification is one of %d", n)
	}
}
