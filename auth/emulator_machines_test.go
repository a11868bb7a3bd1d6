package auth_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/machines"
)

// anyType is the option of an endpoint or a call that accepts all types.
var anyType = auth.Accepts(auth.SessionToken, auth.APIKey, auth.M2MToken, auth.OAuthToken)

func anyToken() auth.Option {
	return auth.WithAcceptedTokens(auth.SessionToken, auth.APIKey, auth.M2MToken, auth.OAuthToken)
}

// statusFor sends a token to an endpoint and returns the status of the response.
func statusFor(t *testing.T, endpoint http.Handler, token string) int {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://api.example/", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	endpoint.ServeHTTP(w, r)
	return w.Code
}

func done(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

// Every type of token is accepted only where an endpoint accepts it, and not when it
// is expired, revoked or of another instance.
func TestEmulatedMachineTokens(t *testing.T) {
	t.Parallel()
	instance, authn := emulate(t, anyToken())
	stranger := clerktest.New(t)
	kinds := map[auth.TokenType][][]clerktest.TokenOption{
		auth.SessionToken: {{clerktest.ForUser("user_1")}},
		auth.APIKey:       {{clerktest.ForAPIKey("user_1"), clerktest.WithClaim("sub", "user_2"), clerktest.WithClaim("scopes", "admin")}},
		auth.M2MToken:     {{clerktest.ForMachine("mch_1")}, {clerktest.ForMachine("mch_1"), clerktest.Opaque()}},
		auth.OAuthToken:   {{clerktest.ForOAuthClient("c")}, {clerktest.ForOAuthClient("c"), clerktest.Opaque()}},
	}
	for kind, forms := range kinds {
		for _, opts := range forms {
			with := func(more ...clerktest.TokenOption) string { return instance.Token(slices.Concat(opts, more)...) }
			opaque := kind == auth.APIKey || len(opts) == 2
			for wanted := range kinds {
				endpoint := authn.Require(auth.Accepts(wanted))(http.HandlerFunc(done))
				want := http.StatusUnauthorized
				if wanted == kind {
					want = http.StatusNoContent
				}
				if got := statusFor(t, endpoint, with()); got != want {
					t.Errorf("%s to an endpoint for %s: %d, want %d", kind, wanted, got, want)
				}
			}
			everything := authn.Require(anyType)(http.HandlerFunc(done))
			bad := map[string]string{"expired": with(clerktest.Expired()), "of a stranger": with(clerktest.SignedByStranger())}
			if opaque {
				bad["revoked"] = with(clerktest.Revoked())
			}
			if kind != auth.SessionToken {
				bad["of another instance"] = stranger.Token(opts...)
			}
			for name, token := range bad {
				if got := statusFor(t, everything, token); got != http.StatusUnauthorized {
					t.Errorf("%s that is %s: %d", kind, name, got)
				}
			}
		}
	}
	got, err := authn.AuthenticateToken(t.Context(), instance.Token(kinds[auth.APIKey][0]...), anyType)
	if err != nil || got.UserID != "user_1" || got.Subject != "user_1" || len(got.Scopes) != 0 || string(got.MachineClaims()) != `{"scopes":"admin","sub":"user_2"}` {
		t.Errorf("the claims of a key changed its identity: %v, %v", got, err)
	}
}

// A revoked key is refused on the next request, and an outage is not a refusal.
func TestEmulatedAPIKeyIsAcceptedUntilRevoked(t *testing.T) {
	t.Parallel()
	instance, authn := emulate(t, auth.WithAcceptedTokens(auth.APIKey))
	key, err := machines.CreateAPIKey(t.Context(), instance.Client(), machines.CreateAPIKeyParams{
		Name: "pipeline", Subject: "org_" + "123456789012345678901234567", Scopes: clerk.Set([]string{"read"}),
	})
	if err != nil {
		t.Fatal(err)
	}
	secret, err := machines.GetAPIKeySecret(t.Context(), instance.Client(), key.ID)
	if err != nil {
		t.Fatal(err)
	}
	read := authn.Require(auth.Accepts(auth.APIKey), auth.Scope("read"))(http.HandlerFunc(done))
	write := authn.Require(auth.Accepts(auth.APIKey), auth.Scope("write"))(http.HandlerFunc(done))
	if got := statusFor(t, read, secret.Secret); got != http.StatusNoContent {
		t.Errorf("reading: %d", got)
	}
	if got := statusFor(t, write, secret.Secret); got != http.StatusForbidden {
		t.Errorf("writing: %d", got)
	}
	instance.Inject(clerktest.Fault{Operation: "VerifyAPIKey", Times: 1, Status: http.StatusBadGateway})
	if got := statusFor(t, read, secret.Secret); got != http.StatusServiceUnavailable {
		t.Errorf("in an outage: %d", got)
	}
	if _, err := machines.RevokeAPIKey(t.Context(), instance.Client(), key.ID, machines.RevokeAPIKeyParams{}); err != nil {
		t.Fatal(err)
	}
	if got := statusFor(t, read, secret.Secret); got != http.StatusUnauthorized {
		t.Errorf("after the revocation: %d", got)
	}
}

// A service with the key of its machine accepts the machines that may call it. With
// the key of the instance it accepts all machines.
func TestEmulatedMachineCallsAnother(t *testing.T) {
	t.Parallel()
	instance, _ := emulate(t)
	b := instance.CreateMachine(machines.CreateMachineParams{Name: "b"})
	a := instance.CreateMachine(machines.CreateMachineParams{Name: "a", ScopedMachines: clerk.Set([]string{b.ID})})
	other := instance.CreateMachine(machines.CreateMachineParams{Name: "other"})
	asOther := clerk.WithKey(other.SecretKey)
	if _, err := machines.CreateM2MToken(t.Context(), instance.Client(), machines.CreateM2MTokenParams{}, asOther); err != nil {
		t.Fatal(err)
	}
	fromA := instance.Token(clerktest.ForMachine(a.ID), clerktest.Opaque())
	fromOther := instance.Token(clerktest.ForMachine(other.ID), clerktest.Opaque())
	service := func(opts ...auth.Option) http.Handler {
		authn, err := auth.New(instance.Client(), append(opts, auth.WithAcceptedTokens(auth.M2MToken))...)
		if err != nil {
			t.Fatal(err)
		}
		return authn.Require(auth.Accepts(auth.M2MToken))(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			caller := auth.FromContext(r.Context())
			if token, err := caller.GetToken(r.Context()); err != nil || "Bearer "+token != r.Header.Get("Authorization") || caller.MachineID == "" {
				t.Errorf("the caller is %v, %v", caller, err)
			}
			done(w, r)
		}))
	}
	asB, asInstance := service(auth.WithMachineSecretKey(b.SecretKey)), service()
	for _, test := range []struct {
		name    string
		service http.Handler
		token   string
		want    int
	}{
		{"a to b", asB, fromA, http.StatusNoContent},
		{"another to b", asB, fromOther, http.StatusUnauthorized},
		{"a to the instance", asInstance, fromA, http.StatusNoContent},
		{"another to the instance", asInstance, fromOther, http.StatusNoContent},
		{"a to b with the key of a deleted machine", service(auth.WithMachineSecretKey("ak_gone")), fromA, http.StatusServiceUnavailable},
	} {
		if got := statusFor(t, test.service, test.token); got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
	}
}

// Tokens of a type that is not accepted are not sent to Clerk.
func TestEmulatedTokensThatAreNotAcceptedAreNotSent(t *testing.T) {
	t.Parallel()
	instance, authn := emulate(t)
	tokens := []string{"ak_1", "mt_1", "oat_1"}
	for _, token := range tokens {
		endpoint := authn.Require(anyType)(http.HandlerFunc(done))
		if got := statusFor(t, endpoint, token); got != http.StatusUnauthorized {
			t.Errorf("%s: %d", token, got)
		}
		var refused *auth.TokenError
		if _, err := authn.AuthenticateToken(t.Context(), token, anyType); !errors.As(err, &refused) || refused.Reason != auth.ReasonTokenInvalid {
			t.Errorf("%s: %v", token, err)
		}
	}
	if got := instance.Requests(); len(got) != 0 {
		t.Errorf("Clerk received %+v", got)
	}
}

func TestAcceptedTokensFromTheEnvironment(t *testing.T) {
	instance := clerktest.New(t)
	machine := instance.CreateMachine(machines.CreateMachineParams{Name: "m"})
	t.Setenv("CLERK_ACCEPTED_TOKENS", "m2m_token, api_key")
	t.Setenv("CLERK_MACHINE_SECRET_KEY", machine.SecretKey)
	authn, err := auth.FromEnv(instance.Client())
	if err != nil {
		t.Fatal(err)
	}
	granted := instance.Token(clerktest.ForMachine("mch_1"), clerktest.Opaque(), clerktest.WithScopes(machine.ID))
	if got, err := authn.AuthenticateToken(t.Context(), granted, anyType); err != nil || got.MachineID != "mch_1" {
		t.Errorf("with the machine's key: %v, %v", got, err)
	}
	if got, err := authn.AuthenticateToken(t.Context(), instance.Token(clerktest.ForAPIKey("user_1")), anyType); err != nil || got.UserID != "user_1" {
		t.Errorf("an API key: %v, %v", got, err)
	}
	if _, err := authn.AuthenticateToken(t.Context(), instance.Token(), anyType); err == nil {
		t.Error("a session token is accepted")
	}
	for name, value := range map[string]string{"CLERK_ACCEPTED_TOKENS": "sessions", "CLERK_MACHINE_SECRET_KEY": "sk_test_1"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, value)
			if _, err := auth.FromEnv(instance.Client()); !errors.Is(err, auth.ErrConfiguration) {
				t.Errorf("%q: %v", value, err)
			}
		})
	}
}

func TestAnyTokenFromTheEnvironment(t *testing.T) {
	instance := clerktest.New(t)
	t.Setenv("CLERK_PUBLISHABLE_KEY", instance.PublishableKey())
	t.Setenv("CLERK_ACCEPTED_TOKENS", "any")
	authn, err := auth.FromEnv(instance.Client())
	if err != nil {
		t.Fatal(err)
	}
	for want, token := range map[auth.TokenType]string{
		auth.SessionToken: instance.Token(),
		auth.APIKey:       instance.Token(clerktest.ForAPIKey("user_1")),
		auth.M2MToken:     instance.Token(clerktest.ForMachine("mch_1")),
		auth.OAuthToken:   instance.Token(clerktest.ForOAuthClient("client_1")),
	} {
		if got, err := authn.AuthenticateToken(t.Context(), token, anyType); err != nil || got.TokenType != want {
			t.Errorf("%s: %v, %v", want, got, err)
		}
	}
	t.Setenv("CLERK_ACCEPTED_TOKENS", "any,api_key")
	if _, err := auth.FromEnv(instance.Client()); !errors.Is(err, auth.ErrConfiguration) {
		t.Errorf("any beside a type: %v", err)
	}
}
