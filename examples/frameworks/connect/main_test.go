package main

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"github.com/rs/cors"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/accounts"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/accounts/accountsconnect"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/callers"
)

func TestEveryProcedureHasARule(t *testing.T) {
	t.Parallel()
	var procedures []string
	methods := accounts.File_accounts_proto.Services().ByName("Accounts").Methods()
	for n := range methods.Len() {
		procedures = append(procedures, "/"+accountsconnect.AccountsName+"/"+string(methods.Get(n).Name()))
	}
	slices.Sort(procedures)
	if ruled := slices.Sorted(maps.Keys(rules)); !slices.Equal(procedures, ruled) {
		t.Errorf("the service has the procedures %v, and there are rules for %v", procedures, ruled)
	}
}

func whoAmI(ctx context.Context, client accountsconnect.AccountsClient) error {
	_, err := client.WhoAmI(ctx, &emptypb.Empty{})
	return err
}

func refund(ctx context.Context, client accountsconnect.AccountsClient) error {
	_, err := client.Refund(ctx, &emptypb.Empty{})
	return err
}

func report(ctx context.Context, client accountsconnect.AccountsClient) error {
	_, err := client.Report(ctx, &emptypb.Empty{})
	return err
}

func TestServer(t *testing.T) {
	t.Parallel()
	clerk := callers.New(t, auth.WithoutCookies())
	origin := serve(t, newHandler(clerk.Authenticator, rules))
	admin := clerktest.WithOrganization(clerktest.Organization{ID: "org_1", Role: "org:admin"})
	for name, test := range map[string]struct {
		token string
		call  func(context.Context, accountsconnect.AccountsClient) error
		want  connect.Code
	}{
		"session":                        {clerk.Session(), whoAmI, 0},
		"key":                            {clerk.APIKey(), whoAmI, connect.CodeUnauthenticated},
		"refund, admin":                  {clerk.Session(admin, clerktest.WithFactorAges(1, -1)), refund, 0},
		"refund, admin, not verified":    {clerk.Session(admin, clerktest.WithFactorAges(60, -1)), refund, connect.CodePermissionDenied},
		"refund, somebody":               {clerk.Session(clerktest.WithFactorAges(1, -1)), refund, connect.CodePermissionDenied},
		"refund, key":                    {clerk.APIKey(), refund, connect.CodeUnauthenticated},
		"report, session":                {clerk.Session(), report, 0},
		"report, key with the scope":     {clerk.APIKey(clerktest.WithScopes("reports:read")), report, 0},
		"report, key with another scope": {clerk.APIKey(clerktest.WithScopes("reports:write")), report, connect.CodePermissionDenied},
	} {
		for protocol, option := range protocolsOfClients {
			if err := test.call(t.Context(), client(t, origin, option, "Bearer "+test.token)); codeOf(err) != test.want {
				t.Errorf("%s in %s: %v, want %v", name, protocol, err, test.want)
			}
		}
	}
}

// The refusals of Require are those of a Guard for every protocol, apart from the message.
func TestRequireAlone(t *testing.T) {
	t.Parallel()
	up, down := callers.New(t, auth.WithoutCookies()), callers.New(t, auth.WithoutCookies())
	down.Inject(clerktest.Fault{Operation: "GetJWKS", Status: http.StatusServiceUnavailable})
	for name, test := range map[string]struct {
		clerk *callers.Clerk
		role  string
		want  connect.Code
	}{
		"guest":        {up, "", connect.CodeUnauthenticated},
		"member":       {up, "org:member", connect.CodePermissionDenied},
		"admin":        {up, "org:admin", 0},
		"out of reach": {down, "org:admin", connect.CodeUnavailable},
	} {
		mux := http.NewServeMux()
		mux.Handle(accountsconnect.NewAccountsHandler(service{}))
		origin := serve(t, test.clerk.Require(auth.Role("org:admin"))(mux))
		var authorization []string
		if test.role != "" {
			authorization = []string{"Bearer " + test.clerk.Session(clerktest.WithOrganization(clerktest.Organization{ID: "org_1", Role: test.role}))}
		}
		eachForm(func(protocol connect.ClientOption, form string, call func(context.Context, accountsconnect.AccountsClient) (string, error)) {
			if _, err := call(t.Context(), client(t, origin, protocol, authorization...)); codeOf(err) != test.want {
				t.Errorf("%s in %s: %v, want %v", name, form, err, test.want)
			}
		})
	}
}

// post calls WhoAmI as a script of a page does.
func post(t *testing.T, handler http.Handler, prepare func(*http.Request)) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "https://api.example.com"+accountsconnect.AccountsWhoAmIProcedure, bytes.NewReader([]byte("{}")))
	r.Header.Set("Content-Type", "application/json")
	prepare(r)
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w.Result()
}

// Cookies count unless the Authenticator takes none.
func TestCookies(t *testing.T) {
	t.Parallel()
	for want, opts := range map[int][]auth.Option{http.StatusOK: nil, http.StatusUnauthorized: {auth.WithoutCookies()}} {
		clerk := callers.New(t, opts...)
		got := post(t, newHandler(clerk.Authenticator, rules), func(r *http.Request) { clerk.SignInCookies(r, clerk.UserID) })
		if got.StatusCode != want {
			t.Errorf("status %d, want %d", got.StatusCode, want)
		}
	}
}

// A page of another origin asks before it sends a token, and can read why it is refused.
func TestCORS(t *testing.T) {
	t.Parallel()
	const page = "https://app.example.com"
	inFront := cors.New(cors.Options{AllowedOrigins: []string{page}, AllowedHeaders: []string{"Authorization", "Content-Type"},
		AllowedMethods: []string{http.MethodPost}, ExposedHeaders: []string{"X-Clerk-Auth-Reason"}})
	handler := inFront.Handler(newHandler(callers.New(t).Authenticator, rules))

	preflight := post(t, handler, func(r *http.Request) {
		r.Method = http.MethodOptions
		r.Header.Set("Origin", page)
		r.Header.Set("Access-Control-Request-Method", http.MethodPost)
		r.Header.Set("Access-Control-Request-Headers", "authorization,content-type")
	})
	if preflight.StatusCode != http.StatusNoContent || preflight.Header.Get("Access-Control-Allow-Origin") != page {
		t.Errorf("the preflight has status %d, %v", preflight.StatusCode, preflight.Header)
	}
	refused := post(t, handler, func(r *http.Request) {
		r.Header.Set("Origin", page)
		r.Header.Set("Authorization", "Bearer x")
	})
	if refused.StatusCode != http.StatusUnauthorized || refused.Header.Get("Access-Control-Allow-Origin") != page ||
		refused.Header.Get("X-Clerk-Auth-Reason") != string(auth.ReasonTokenInvalid) {
		t.Errorf("the refusal has status %d, %v", refused.StatusCode, refused.Header)
	}
	vary := strings.Join(refused.Header.Values("Vary"), ", ")
	for _, field := range []string{"Origin", "Authorization", "Cookie"} {
		if !strings.Contains(vary, field) {
			t.Errorf("Vary is %q, without %s", vary, field)
		}
	}
}
