package description_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
	"github.com/google/go-cmp/cmp"
)

func FuzzMatch(f *testing.F) {
	f.Add("GET", "/users/user_1", "limit=1&order_by=-created_at")
	f.Add("POST", "//%2F/", "a=%00&&=;")
	f.Fuzz(func(t *testing.T, method, path, query string) {
		o, refusal := description.Match(method, path, nil)
		if o == nil && refusal == nil {
			t.Fatalf("%s %q is neither found nor refused", method, path)
		}
		if o != nil {
			o.CheckQuery(query, nil)
		}
	})
}

func TestMatchFindsEveryOperation(t *testing.T) {
	t.Parallel()
	all := description.Operations()
	if len(all) < 200 {
		t.Fatalf("the tables have %d operations", len(all))
	}
	names := map[string]bool{}
	for _, o := range all {
		segments := strings.Split(o.Path, "/")
		for i, s := range segments {
			if strings.HasPrefix(s, "{") {
				segments[i] = "x%2Fy"
			}
		}
		got, refusal := description.Match(o.Method, strings.Join(segments, "/"), nil)
		if refusal == nil && got.Name != o.Name || refusal != nil && refusal.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s %s matches %v, %v", o.Method, o.Path, got, refusal)
		}
		if key := o.Package + "." + o.Name; names[key] {
			t.Errorf("%s occurs twice", key)
		} else {
			names[key] = true
		}
	}
}

func TestMatchRefusals(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		method, path string
		want         []string
		allow        []string
	}{
		{"GET", "/nothing", []string{"Not Found", "resource_not_found"}, nil},
		{"GET", "/users/", []string{"Not Found", "resource_not_found"}, nil},
		{"GET", "/users/a/b/c/d", []string{"Not Found", "resource_not_found"}, nil},
		{"PUT", "/users/user_1", []string{"Method Not Allowed", "method_not_allowed"}, []string{"DELETE", "GET", "PATCH"}},
		{"GET", "/users/%zz", []string{"Bad Request", "malformed_request_parameters"}, nil},
		{"GET", "/templates/letter", []string{"Unprocessable Entity", "form_param_value_invalid template_type"}, nil},
	} {
		_, refusal := description.Match(tc.method, tc.path, nil)
		if diff := cmp.Diff(tc.want, problemLines(refusal)); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", tc.method, tc.path, diff)
		}
		if refusal != nil {
			if diff := cmp.Diff(tc.allow, refusal.Allow); diff != "" {
				t.Errorf("%s %s: Allow (-want +got):\n%s", tc.method, tc.path, diff)
			}
		}
	}
}
