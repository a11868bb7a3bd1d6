package clerktest_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/billing"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/instance"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/sessions"
	"github.com/backend-sdk/clerk-go/users"
)

func TestParamsAreSentAsTheWireWantsThem(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 12, 10, 0, 0, 123_456_789, time.FixedZone("", 3600))
	for name, tt := range map[string]struct {
		call  func(ctx context.Context, client *clerk.Client) error
		query url.Values
		body  map[string]string
	}{
		"a time in a query as milliseconds": {func(ctx context.Context, client *clerk.Client) error {
			_, err := users.ListUsers(ctx, client, users.ListUsersParams{CreatedAtBefore: clerk.Set(at)})
			return err
		}, url.Values{"created_at_before": {"1778576400123"}}, nil},
		"several statuses repeated": {func(ctx context.Context, client *clerk.Client) error {
			_, err := organizations.ListOrganizationInvitations(ctx, client, "org_1", organizations.ListOrganizationInvitationsParams{
				Status: []organizations.InvitationStatus{organizations.InvitationStatusPending, organizations.InvitationStatusRevoked},
			})
			return err
		}, url.Values{"status": {"pending", "revoked"}}, nil},
		"an enrollment mode to leave out": {func(ctx context.Context, client *clerk.Client) error {
			_, err := organizations.ListOrganizationDomains(ctx, client, "org_1", organizations.ListOrganizationDomainsParams{
				EnrollmentMode: clerk.Set(organizations.EnrollmentModeFilterMinusEnterpriseSSO),
			})
			return err
		}, url.Values{"enrollment_mode": {"-enterprise_sso"}}, nil},
		"a query beside a body, and headers": {func(ctx context.Context, client *clerk.Client) error {
			_, err := sessions.RefreshSession(ctx, client, "sess_1", sessions.RefreshSessionParams{
				ExpiredToken: "e", RefreshToken: "r", RequestOrigin: "o",
				RequestHeaders: clerk.Set(http.Header{"Accept": {"a", "b"}}), SuffixedCookies: clerk.Set(true),
			})
			return err
		}, url.Values{"suffixed_cookies": {"true"}}, map[string]string{
			"expired_token": `"e"`, "refresh_token": `"r"`, "request_origin": `"o"`, "request_headers": `{"Accept":["a","b"]}`,
		}},
		"what is the same for every domain": {func(ctx context.Context, client *clerk.Client) error {
			_, err := instance.CreateDomain(ctx, client, instance.CreateDomainParams{Name: "a.test"})
			return err
		}, nil, map[string]string{"name": `"a.test"`, "is_satellite": "true"}},
		"an amount of nothing": {func(ctx context.Context, client *clerk.Client) error {
			_, err := billing.CreatePrice(ctx, client, billing.CreatePriceParams{PlanID: "p"})
			return err
		}, nil, map[string]string{"plan_id": `"p"`, "amount": "0"}},
		"the name of a domain": {func(ctx context.Context, client *clerk.Client) error {
			_, err := organizations.CreateOrganizationDomain(ctx, client, "org_1", organizations.CreateOrganizationDomainParams{Name: "a.test"})
			return err
		}, nil, map[string]string{"name": `"a.test"`}},
		"an actor with further members": {func(ctx context.Context, client *clerk.Client) error {
			_, err := sessions.CreateActorToken(ctx, client, sessions.CreateActorTokenParams{
				UserID: "user_1", Actor: api.Actor{Subject: "user_2", Raw: []byte(`{"why":"support"}`)},
			})
			return err
		}, nil, map[string]string{"user_id": `"user_1"`, "actor": `{"sub":"user_2","why":"support"}`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, client := listening(t)
			if err := tt.call(t.Context(), client); err == nil || !l.sent {
				t.Fatalf("nothing was sent: %v", err)
			}
			body := map[string]string{}
			for member, raw := range l.body {
				body[member] = string(raw)
			}
			if diff := cmp.Diff(tt.query, l.query); diff != "" && len(tt.query)+len(l.query) > 0 {
				t.Errorf("the query (-want +got):\n%s", diff)
			}
			if !maps.Equal(tt.body, body) {
				t.Errorf("the body is %q, want %q", body, tt.body)
			}
		})
	}
}

func TestWhatIsIncompleteIsRefusedBeforeSending(t *testing.T) {
	t.Parallel()
	for field, call := range map[string]func(ctx context.Context, client *clerk.Client) error{
		"actor": func(ctx context.Context, client *clerk.Client) error {
			_, err := sessions.CreateActorToken(ctx, client, sessions.CreateActorTokenParams{UserID: "user_1", Actor: api.Actor{Raw: []byte(`{"iss":"i"}`)}})
			return err
		},
		"file": func(ctx context.Context, client *clerk.Client) error {
			_, err := users.SetProfileImage(ctx, client, "user_1", users.SetProfileImageParams{})
			return err
		},
	} {
		l, client := listening(t)
		err := call(t.Context(), client)
		if bad, ok := errors.AsType[*clerk.RequestError](err); !ok || bad.Field != field || l.sent {
			t.Errorf("%s: %v, sent: %t", field, err, l.sent)
		}
	}
}

// listening returns a server that records requests, and a client for it.
func listening(t *testing.T) (*listener, *clerk.Client) {
	t.Helper()
	l := &listener{}
	server := httptest.NewServer(l)
	t.Cleanup(server.Close)
	client, err := clerk.New("sk_test_sent", clerk.WithBaseURL(server.URL), clerk.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return l, client
}
