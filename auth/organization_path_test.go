package auth

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
)

func TestOrganizationOfPath(t *testing.T) {
	t.Parallel()
	patterns := []Option{WithOrganizationPatterns("/orgs/:slug", "/orgs/:slug/(.*)", "/by-id/:id"), WithPersonalAccountPatterns("/me", "/me/(.*)"), everyType()}
	b := newRecordingBackend(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		body := goodResponse(r.URL.Path)
		if strings.Contains(r.URL.Path, "api_keys") {
			body = strings.Replace(body, "user_1", "org_1", 1)
		}
		w.Write([]byte(body))
	})
	a := b.authenticator(t, patterns...)
	acme := mint(t, withClaim("o", map[string]any{"id": "org_1", "slg": "acme", "rol": "admin"}))
	nowhere := mint(t)
	for _, test := range []struct {
		who, token, path string
		status           int
	}{
		{"member", acme, "/orgs/acme", 200},
		{"member", acme, "/orgs/acme/", 200},
		{"member", acme, "/orgs/acme/invoices", 200},
		{"member", acme, "/by-id/org_1", 200},
		{"member", acme, "/elsewhere", 200},
		{"member", acme, "/", 200},
		{"member", acme, "/orgs/acme?x=/orgs/other", 200},
		{"member", acme, "/orgs/other", 403},
		{"member", acme, "/orgs/other?x=/orgs/acme", 403},
		{"member", acme, "/ORGS/other", 403},
		{"member", acme, "/orgs/ACME", 403},
		{"member", acme, "/by-id/acme", 403},
		{"member", acme, "/by-id/org_2", 403},
		{"member", acme, "/me", 403},
		{"member", acme, "/me/settings", 403},
		// Other spellings of a path lead routers to the same handler.
		{"member", acme, "/%6Frgs/other", 403},
		{"member", acme, "/orgs/%6Fther", 403},
		{"member", acme, "/orgs%2Fother", 403},
		{"member", acme, "//orgs//other", 403},
		{"member", acme, "/x/../orgs/other", 403},
		{"member", acme, "/%2e/orgs/other", 403},
		{"member", acme, "/%6De", 403},
		{"member", acme, "http://app.example.com/orgs/other", 403},
		{"member", acme, "http://app.example.com/orgs/acme", 200},
		{"nobody's member", nowhere, "/orgs/acme", 403},
		{"nobody's member", nowhere, "/me/settings", 200},
		{"nobody's member", nowhere, "/elsewhere", 200},
		{"API key of the organization", "ak_1", "/by-id/org_1", 200},
		{"API key of the organization", "ak_1", "/by-id/org_2", 403},
		{"API key of the organization", "ak_1", "/orgs/acme", 403},
		{"API key of the organization", "ak_1", "/me", 403},
		{"API key of the organization", "ak_1", "/elsewhere", 200},
		{"M2M token", "mt_1", "/by-id/org_1", 403},
		{"M2M token", "mt_1", "/by-id/mch_1", 403},
		{"M2M token", "mt_1", "/me", 403},
		{"M2M token", "mt_1", "/elsewhere", 200},
		{"OAuth token", "oat_1", "/by-id/user_2", 403},
		{"OAuth token", "oat_1", "/me", 403},
		{"guest", "", "/elsewhere", 401},
	} {
		// As a server reads it, and behind a handler that takes the path apart.
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader("GET " + test.path + " HTTP/1.1\r\nHost: app.example.com\r\n\r\n")))
		if err != nil {
			t.Fatal(err)
		}
		if test.token != "" {
			withBearer(test.token)(r)
		}
		handler := a.Require(anyType, OrganizationOfPath())(inspect(nil))
		for what, h := range map[string]http.Handler{"direct": handler, "stripped": stripped(handler)} {
			if resp := serve(t, h, r); resp.StatusCode != test.status {
				t.Errorf("%s, %s, %s: status %d, want %d", what, test.who, test.path, resp.StatusCode, test.status)
			} else if test.status == 403 && resp.Header.Get(headerReason) != string(ReasonActiveOrganizationMismatch) {
				t.Errorf("%s, %s, %s: header %v", what, test.who, test.path, resp.Header)
			}
		}
	}
}

// stripped hides the path from h, as handlers do that take off a prefix.
func stripped(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inner := r.Clone(r.Context())
		inner.URL.Path, inner.URL.RawPath = "/", ""
		h.ServeHTTP(w, inner)
	})
}
