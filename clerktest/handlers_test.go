package clerktest_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/enterprise"
	"github.com/backend-sdk/clerk-go/instance"
	"github.com/backend-sdk/clerk-go/machines"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/sessions"
	"github.com/backend-sdk/clerk-go/users"
)

// double returns handlers for some operations, each with a different kind of result.
func double() *clerktest.Handlers {
	return &clerktest.Handlers{
		GetUser: func(_ context.Context, userID string) (*api.User, error) {
			switch userID {
			case "user_plain":
				return nil, errors.New("disk full")
			case "user_limited":
				return nil, &clerk.Error{StatusCode: 429, RetryAfter: 3 * time.Second}
			case "user_odd":
				return nil, &clerk.Error{StatusCode: 200}
			case "user_nil":
				return nil, nil
			}
			return &api.User{ID: userID}, nil
		},
		UpdateUser: func(_ context.Context, userID string, params users.UpdateUserParams) (*api.User, error) {
			return &api.User{ID: userID, FirstName: new(params.FirstName.Or("unchanged"))}, nil
		},
		ListClients: func(context.Context, sessions.ListClientsParams) (*clerk.List[api.Client], error) {
			return &clerk.List[api.Client]{TotalCount: clerk.Set[int64](9)}, nil
		},
		ListM2MTokens: func(context.Context, machines.ListM2MTokensParams) (*clerk.List[api.M2MToken], error) {
			return &clerk.List[api.M2MToken]{}, nil
		},
		ListInstanceOrganizationDomains: func(_ context.Context, params organizations.ListInstanceOrganizationDomainsParams) (*clerk.List[api.OrganizationDomain], error) {
			var names []*api.OrganizationDomain
			for _, m := range params.EnrollmentMode {
				names = append(names, &api.OrganizationDomain{Name: string(m)})
			}
			return &clerk.List[api.OrganizationDomain]{Data: names}, nil
		},
		CreateEnterpriseConnection: func(context.Context, enterprise.CreateEnterpriseConnectionParams) (*api.EnterpriseConnection, error) {
			return &api.EnterpriseConnection{}, nil
		},
		UpdateInstance: func(context.Context, instance.UpdateInstanceParams) error { return nil },
		GetPublicInterstitial: func(context.Context, instance.GetPublicInterstitialParams) (*clerk.HTML, error) {
			return new(clerk.HTML("<p>hello</p>")), nil
		},
	}
}

// serveDouble sends a raw request to the double.
func serveDouble(t *testing.T, method, path, body string) (*http.Response, string) {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	rec := httptest.NewRecorder()
	double().ServeHTTP(rec, req)
	raw, err := io.ReadAll(rec.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return rec.Result(), string(raw)
}

func TestHandlersServe(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		want                     string // part of the body
	}{
		{"version", "GET", "/v1/users/user_1", "", 200, `"id":"user_1"`},
		{"base path", "GET", "/trap/v1/users/user_1", "", 200, `"id":"user_1"`},
		{"other version", "GET", "/api/v2/users/user_1", "", 200, `"id":"user_1"`},
		{"no version", "GET", "/users/user_1", "", 200, `"id":"user_1"`},
		{"an id like a version", "GET", "/v1/users/v1", "", 200, `"id":"v1"`},
		{"escaped id", "GET", "/v1/users/user%201", "", 200, `"id":"user 1"`},
		{"no such path", "GET", "/v1/nothing", "", 404, `"resource_not_found"`},
		{"no such method", "PUT", "/v1/users/user_1", "", 404, "the API has no PUT /users/user_1"},
		{"a suffix of a path", "GET", "/v1/x/users/user_1", "", 404, "resource_not_found"},
		{"two slashes", "GET", "/v1//users/user_1", "", 404, "resource_not_found"},
		{"unset", "DELETE", "/v1/users/user_1", "", 501, "users.DeleteUser has no handler"},
		{"other error", "GET", "/v1/users/user_plain", "", 500, "disk full"},
		{"an error with a success status", "GET", "/v1/users/user_odd", "", 500, `"errors":[]`},
		{"neither result nor error", "GET", "/v1/users/user_nil", "", 500, "users.GetUser returned neither"},
		{"body", "PATCH", "/v1/users/user_1", `{"first_name":"Ada"}`, 200, `"first_name":"Ada"`},
		{"no body", "PATCH", "/v1/users/user_1", "", 200, `"first_name":"unchanged"`},
		{"unknown member", "PATCH", "/v1/users/user_1", `{"firstname":"Ada"}`, 422, "no parameter firstname"},
		{"broken body", "PATCH", "/v1/users/user_1", `{"first_name":`, 400, "request_body_invalid"},
		{"wrong type", "PATCH", "/v1/users/user_1", `{"first_name":1}`, 400, "request_body_invalid"},
		{"unknown nested member", "POST", "/v1/enterprise_connections", `{"name":"a","saml":{"idp":"x"}}`, 422, "no parameter saml.idp"},
		{"unknown member of an element", "POST", "/v1/enterprise_connections", `{"custom_attributes":[{"key":"k"},{"kay":"x"}]}`, 422, "no parameter custom_attributes[1].kay"},
		{"created", "POST", "/v1/enterprise_connections", `{"name":"a"}`, 201, `"object"`},
		{"no content", "PATCH", "/v1/instance", `{"test_mode":true}`, 204, ""},
		{"html", "GET", "/v1/public/interstitial", "", 200, "<p>hello</p>"},
		{"bare array", "GET", "/v1/clients", "", 200, `[]`},
		{"paginated", "GET", "/v1/clients?paginated=true", "", 200, `{"data":[],"total_count":9}`},
		{"list under another key", "GET", "/v1/m2m_tokens?subject=mch_1", "", 200, `{"m2m_tokens":[],"total_count":0}`},
		{"missing query parameter", "GET", "/v1/m2m_tokens", "", 422, "the parameter subject of machines.ListM2MTokens is not valid: required"},
		{"unknown query parameter", "GET", "/v1/clients?limt=1", "", 200, "[]"},
		{"malformed number", "GET", "/v1/clients?limit=ten", "", 422, `\"ten\" is not a whole number`},
		{"comma-separated", "GET", "/v1/organization_domains?enrollment_mode=enterprise_sso,-manual_invitation", "", 200, `"name":"-manual_invitation"`},
		{"no handler for a form", "PUT", "/v1/organizations/org_1/logo", "", 501, "organizations.UploadOrganizationLogo"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			resp, body := serveDouble(t, c.method, c.path, c.body)
			if resp.StatusCode != c.status || !strings.Contains(body, c.want) {
				t.Errorf("%d %s, want %d with %q", resp.StatusCode, body, c.status, c.want)
			}
			if resp.StatusCode < 400 {
				return
			}
			var sent struct {
				Errors []clerk.Problem
				Trace  string `json:"clerk_trace_id"`
			}
			if err := json.Unmarshal([]byte(body), &sent); err != nil || sent.Errors == nil || sent.Trace == "" {
				t.Errorf("the error is not in the API's form: %s", body)
			}
		})
	}
}

func TestHandlersHeaders(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ method, path, header, want string }{
		{"GET", "/v1/users/user_limited", "Retry-After", "3"},
		{"GET", "/v1/users/user_1", "Content-Type", "application/json"},
		{"GET", "/v1/users/user_nil", "Content-Type", "application/json"},
		{"GET", "/v1/public/interstitial", "Content-Type", "text/html; charset=utf-8"},
		{"PATCH", "/v1/instance", "Content-Type", ""},
	} {
		resp, _ := serveDouble(t, c.method, c.path, "")
		if got := resp.Header.Get(c.header); got != c.want {
			t.Errorf("%s %s: %s is %q, want %q", c.method, c.path, c.header, got, c.want)
		}
	}
}

// TestHandlersThroughMiddleware checks that a double is an ordinary http.Handler.
func TestHandlersThroughMiddleware(t *testing.T) {
	t.Parallel()
	var paths []string
	h := double()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		paths = append(paths, r.Method+" "+r.URL.Path)
		h.ServeHTTP(w, r)
		paths = append(paths, "done "+r.URL.Path)
	}))
	t.Cleanup(srv.Close)
	client, err := clerk.New("sk_test_x", clerk.WithBaseURL(srv.URL+"/trap"))
	if err != nil {
		t.Fatal(err)
	}
	user, err := users.GetUser(t.Context(), client, "user_1")
	if err != nil || user.ID != "user_1" {
		t.Fatal(user, err)
	}
	want := []string{"GET /trap/v1/users/user_1", "done /trap/v1/users/user_1"}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Error(diff)
	}
}
