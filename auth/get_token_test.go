package auth

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

// tokenCall is a request that the token endpoints received.
type tokenCall struct {
	path string
	body map[string]any
}

func newTokenBackend(t *testing.T, status int, reply any) (*backend, *[]tokenCall) {
	t.Helper()
	calls := new([]tokenCall)
	b := newBackend(t, nil)
	b.HandleFunc("POST /trap/v1/sessions/", func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		call := tokenCall{path: r.URL.EscapedPath()}
		if len(raw) > 0 {
			if err := json.Unmarshal(raw, &call.body); err != nil {
				t.Error(err)
			}
		}
		*calls = append(*calls, call)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(reply)
	})
	return b, calls
}

func TestGetTokenRequestsTheToken(t *testing.T) {
	t.Parallel()
	prefix := "/trap/v1/sessions/" + testSession + "/tokens"
	tests := map[string]struct {
		options  []TokenOption
		path     string
		lifetime any
	}{
		"template":              {options: []TokenOption{Template("supabase")}, path: prefix + "/supabase"},
		"template and lifetime": {options: []TokenOption{Template("supabase"), ExpiresIn(90 * time.Second)}, path: prefix + "/supabase", lifetime: 90.0},
		"lifetime":              {options: []TokenOption{ExpiresIn(30 * time.Second)}, path: prefix, lifetime: 30.0},
		"longest lifetime":      {options: []TokenOption{ExpiresIn(315_360_000 * time.Second)}, path: prefix, lifetime: 315360000.0},
		"odd name":              {options: []TokenOption{Template("my template")}, path: prefix + "/my%20template"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, calls := newTokenBackend(t, http.StatusOK, map[string]any{"object": "token", "jwt": "made.by.clerk"})
			a, err := b.authenticator(t).AuthenticateToken(t.Context(), mint(t))
			if err != nil {
				t.Fatal(err)
			}
			got, err := a.GetToken(t.Context(), test.options...)
			if err != nil || got != "made.by.clerk" {
				t.Fatalf("GetToken = %q, %v", got, err)
			}
			if len(*calls) != 1 || (*calls)[0].path != test.path || (*calls)[0].body["expires_in_seconds"] != test.lifetime {
				t.Errorf("calls are %+v, want one of %s with lifetime %v", *calls, test.path, test.lifetime)
			}
		})
	}
}

func TestGetTokenReturnsThePresentedTokenWithoutACall(t *testing.T) {
	t.Parallel()
	b, calls := newTokenBackend(t, http.StatusOK, nil)
	token := mint(t)
	for carrier, credentials := range map[string]requestOption{
		"header": withBearer(token),
		"cookie": func(r *http.Request) { withCookie("__session", token)(r); withCookie("__client_uat", "1")(r) },
	} {
		got, err := stateOf(t, b.authenticator(t), newRequest(t, "/", credentials)).Auth().GetToken(t.Context())
		if err != nil || got != token {
			t.Errorf("%s: GetToken returns another token, %v", carrier, err)
		}
	}
	if len(*calls) != 0 {
		t.Errorf("calls are %+v", *calls)
	}
}

func TestGetTokenFailsWithoutACall(t *testing.T) {
	t.Parallel()
	b, calls := newTokenBackend(t, http.StatusOK, map[string]any{"jwt": "made.by.clerk"})
	withClient, withoutClient := b.authenticator(t), newTestAuthenticator(t)
	signedIn := withBearer(mint(t))
	anyError := errors.New("any")
	tests := map[string]struct {
		from    *Authenticator
		request requestOption
		options []TokenOption
		want    error
	}{
		"signed out":               {from: withClient, request: withField("X", ""), want: ErrNotSignedIn},
		"signed out, template":     {from: withClient, request: withField("X", ""), options: []TokenOption{Template("x")}, want: ErrNotSignedIn},
		"pending":                  {from: withClient, request: withBearer(mint(t, withClaim("sts", "pending"))), options: []TokenOption{Template("x")}, want: ErrNotSignedIn},
		"no session id":            {from: withClient, request: withBearer(mint(t, withoutClaim("sid"))), want: ErrNotSignedIn},
		"no session id, template":  {from: withClient, request: withBearer(mint(t, withoutClaim("sid"))), options: []TokenOption{Template("x")}, want: ErrNotSignedIn},
		"no client":                {from: withoutClient, request: signedIn, options: []TokenOption{Template("x")}, want: ErrNoClient},
		"no client, lifetime":      {from: withoutClient, request: signedIn, options: []TokenOption{ExpiresIn(time.Minute)}, want: ErrNoClient},
		"lifetime too short":       {from: withClient, request: signedIn, options: []TokenOption{ExpiresIn(29 * time.Second)}, want: anyError},
		"lifetime too long":        {from: withClient, request: signedIn, options: []TokenOption{ExpiresIn(315_360_001 * time.Second)}, want: anyError},
		"lifetime with a fraction": {from: withClient, request: signedIn, options: []TokenOption{ExpiresIn(30*time.Second + time.Millisecond)}, want: anyError},
		"negative lifetime":        {from: withClient, request: signedIn, options: []TokenOption{ExpiresIn(-time.Minute)}, want: anyError},
		"empty template":           {from: withClient, request: signedIn, options: []TokenOption{Template("")}, want: anyError},
		"template of dots":         {from: withClient, request: signedIn, options: []TokenOption{Template("..")}, want: anyError},
		"template with a slash":    {from: withClient, request: signedIn, options: []TokenOption{Template("a/b")}, want: anyError},
		"nil option":               {from: withClient, request: signedIn, options: []TokenOption{nil}, want: anyError},
	}
	for name, test := range tests {
		got, err := stateOf(t, test.from, newRequest(t, "/", test.request)).Auth().GetToken(t.Context(), test.options...)
		if got != "" || err == nil || test.want != anyError && !errors.Is(err, test.want) {
			t.Errorf("%s: GetToken = %q, %v, want %v", name, got, err, test.want)
		}
	}
	if len(*calls) != 0 {
		t.Errorf("calls are %+v", *calls)
	}
}

func TestGetTokenReturnsTheErrorFromClerk(t *testing.T) {
	t.Parallel()
	b, _ := newTokenBackend(t, http.StatusNotFound, map[string]any{"errors": []any{map[string]any{"code": "resource_not_found"}}})
	_, err := stateOf(t, b.authenticator(t), newRequest(t, "/", withBearer(mint(t)))).Auth().GetToken(t.Context(), Template("none"))
	if !errors.Is(err, clerk.ErrNotFound) || !clerk.HasCode(err, "resource_not_found") {
		t.Errorf("error is %v", err)
	}
	b, _ = newTokenBackend(t, http.StatusOK, map[string]any{"object": "token"})
	got, err := stateOf(t, b.authenticator(t), newRequest(t, "/", withBearer(mint(t)))).Auth().GetToken(t.Context(), Template("none"))
	if got != "" || err == nil {
		t.Errorf("for a response without a token GetToken returns %q, %v", got, err)
	}
}
