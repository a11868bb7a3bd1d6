package description_test

import (
	"encoding/json"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
)

func FuzzCheckBody(f *testing.F) {
	for _, seed := range []string{`{}`, `null`, `{"a":{"a":[{"a":1e9}]}}`, `{"first_name":null,"first_name":""}`, "[\"\\ud800\"]"} {
		f.Add([]byte(seed), uint16(0))
	}
	all := description.Operations()
	f.Fuzz(func(t *testing.T, body []byte, n uint16) {
		o := all[int(n)%len(all)]
		refusal := o.CheckBody("application/json", body)
		if refusal == nil && len(body) > 0 && !json.Valid(body) {
			t.Errorf("%s accepts %q", o.Name, body)
		}
		if refusal != nil && (refusal.Status < 400 || refusal.Status > 499 || len(refusal.Problems) == 0) {
			t.Errorf("%s answers %q with %d and %v", o.Name, body, refusal.Status, refusal.Problems)
		}
	})
}

func FuzzMatch(f *testing.F) {
	f.Add("GET", "/users/user_1", "limit=1&order_by=-created_at")
	f.Add("POST", "//%2F/", "a=%00&&=;")
	f.Fuzz(func(t *testing.T, method, path, query string) {
		o, refusal := description.Match(method, path)
		if o == nil && refusal == nil {
			t.Fatalf("%s %q is neither found nor refused", method, path)
		}
		if o != nil {
			o.CheckQuery(query)
		}
	})
}
