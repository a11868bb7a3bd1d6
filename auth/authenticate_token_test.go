package auth

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
)

// AuthenticateToken takes sessions, or what Accepts names, and sends Clerk nothing else.
func TestAuthenticateTokenTakesWhatAcceptsNames(t *testing.T) {
	t.Parallel()
	session, pending := mint(t), mint(t, withClaim("sts", "pending"))
	for name, test := range map[string]struct {
		token  string
		opts   []AuthOption
		reason Reason // "" if it is accepted
		calls  int
	}{
		"session":                          {session, nil, "", 0},
		"session, keys":                    {session, []AuthOption{Accepts(APIKey)}, ReasonTokenTypeMismatch, 0},
		"session, either":                  {session, []AuthOption{Accepts(SessionToken, APIKey)}, "", 0},
		"session, nothing":                 {session, []AuthOption{Accepts()}, ReasonTokenTypeMismatch, 0},
		"session, nil":                     {session, []AuthOption{nil}, "", 0},
		"key":                              {"ak_1", nil, ReasonTokenTypeMismatch, 0},
		"key, pending allowed":             {"ak_1", []AuthOption{AllowPending()}, ReasonTokenTypeMismatch, 0},
		"key, keys":                        {"ak_1", []AuthOption{Accepts(APIKey)}, "", 1},
		"key, either":                      {"ak_1", []AuthOption{Accepts(SessionToken, APIKey)}, "", 1},
		"key, twice in common":             {"ak_1", []AuthOption{Accepts(SessionToken, APIKey), Accepts(APIKey)}, "", 1},
		"key, twice without":               {"ak_1", []AuthOption{Accepts(SessionToken, APIKey), Accepts(SessionToken)}, ReasonTokenTypeMismatch, 0},
		"M2M token":                        {"mt_1", nil, ReasonTokenTypeMismatch, 0},
		"M2M token, keys":                  {"mt_1", []AuthOption{Accepts(APIKey)}, ReasonTokenTypeMismatch, 0},
		"M2M token, M2M":                   {"mt_1", []AuthOption{Accepts(M2MToken)}, "", 1},
		"M2M JWT":                          {m2mJWT(t), nil, ReasonTokenTypeMismatch, 0},
		"M2M JWT, M2M":                     {m2mJWT(t), []AuthOption{Accepts(M2MToken)}, "", 0},
		"OAuth token":                      {"oat_1", nil, ReasonTokenTypeMismatch, 0},
		"OAuth token, OAuth":               {"oat_1", []AuthOption{Accepts(OAuthToken)}, "", 1},
		"OAuth JWT, keys":                  {oauthJWT(t), []AuthOption{Accepts(APIKey)}, ReasonTokenTypeMismatch, 0},
		"garbage":                          {"x", nil, ReasonTokenInvalid, 0},
		"garbage, keys":                    {"x", []AuthOption{Accepts(APIKey)}, ReasonTokenTypeMismatch, 0},
		"pending, allowed":                 {pending, []AuthOption{AllowPending()}, "", 0},
		"pending, allowed, either":         {pending, []AuthOption{AllowPending(), Accepts(SessionToken, APIKey)}, "", 0},
		"pending, allowed, for keys alone": {pending, []AuthOption{AllowPending(), Accepts(APIKey)}, ReasonTokenTypeMismatch, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newMachineBackend(t, http.StatusOK, "")
			got, err := b.authenticator(t, everyType()).AuthenticateToken(t.Context(), test.token, test.opts...)
			if calls := len(b.verifyCalls()); calls != test.calls {
				t.Errorf("%d tokens were sent to Clerk, want %d", calls, test.calls)
			}
			if test.reason != "" {
				if got != nil || reasonOf(t, err) != test.reason {
					t.Errorf("got %v, %v, want %q", got, err, test.reason)
				}
				return
			}
			if err != nil || !got.IsAuthenticated() {
				t.Fatalf("got %v, %v", got, err)
			}
			if token, err := got.GetToken(t.Context()); err != nil || token != test.token {
				t.Errorf("GetToken: %v", err)
			}
		})
	}
}

// A type that the Authenticator does not accept stays refused, whatever Accepts names.
func TestAuthenticateTokenTakesNothingMoreThanTheAuthenticator(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		accepted []TokenType
		token    string
		opts     []AuthOption
		reason   Reason
	}{
		"sessions alone, key":              {[]TokenType{SessionToken}, "ak_1", []AuthOption{Accepts(APIKey)}, ReasonTokenTypeMismatch},
		"sessions alone, key, either":      {[]TokenType{SessionToken}, "ak_1", []AuthOption{Accepts(SessionToken, APIKey)}, ReasonTokenInvalid},
		"keys alone, session":              {[]TokenType{APIKey}, mint(t), nil, ReasonTokenTypeMismatch},
		"keys alone, key":                  {[]TokenType{APIKey}, "ak_1", nil, ReasonTokenTypeMismatch},
		"sessions and M2M, key":            {[]TokenType{SessionToken, M2MToken}, "ak_1", []AuthOption{anyType}, ReasonTokenTypeMismatch},
		"sessions and M2M, API key wanted": {[]TokenType{SessionToken, M2MToken}, mint(t), []AuthOption{Accepts(APIKey)}, ReasonTokenTypeMismatch},
	} {
		b := newMachineBackend(t, http.StatusOK, "")
		got, err := b.authenticator(t, WithAcceptedTokens(test.accepted...)).AuthenticateToken(t.Context(), test.token, test.opts...)
		if got != nil || reasonOf(t, err) != test.reason || len(b.verifyCalls()) != 0 {
			t.Errorf("%s: %v, %v after %d calls, want %q", name, got, err, len(b.verifyCalls()), test.reason)
		}
	}
}

// NewContext carries on the types that were accepted, as an interceptor needs it that
// serves procedures of several kinds. It never carries AllowPending.
func TestNewContextCarriesTheAcceptedTypes(t *testing.T) {
	t.Parallel()
	a := newMachineBackend(t, http.StatusOK, "").authenticator(t, everyType())
	// call is what an interceptor does, and the procedure behind it.
	call := func(token string, accepted []AuthOption, procedure ...AuthOption) (*Auth, error) {
		caller, err := a.AuthenticateToken(t.Context(), token, accepted...)
		if err != nil {
			return nil, err
		}
		return FromContext(NewContext(t.Context(), caller), procedure...), nil
	}
	either := []AuthOption{Accepts(SessionToken, APIKey)}
	for name, test := range map[string]struct {
		token     string
		accepted  []AuthOption
		procedure []AuthOption
		want      TokenType // "" if nobody is authenticated in the procedure
	}{
		"session":                      {mint(t), nil, nil, SessionToken},
		"session, either":              {mint(t), either, nil, SessionToken},
		"key, either":                  {"ak_1", either, nil, APIKey},
		"key, procedure for keys":      {"ak_1", either, []AuthOption{Accepts(APIKey)}, APIKey},
		"key, procedure for sessions":  {"ak_1", either, []AuthOption{Accepts(SessionToken)}, ""},
		"session, procedure for keys":  {mint(t), either, []AuthOption{Accepts(APIKey)}, ""},
		"session, procedure for more":  {mint(t), nil, []AuthOption{anyType}, SessionToken},
		"session, not widened to keys": {mint(t), nil, []AuthOption{Accepts(APIKey)}, ""},
	} {
		got, err := call(test.token, test.accepted, test.procedure...)
		if err != nil || got.IsAuthenticated() != (test.want != "") || test.want != "" && got.TokenType != test.want {
			t.Errorf("%s: %v, %v, want %q", name, got, err, test.want)
		}
	}
	pending := mint(t, withClaim("sts", "pending"))
	if _, err := call(pending, nil); !errors.Is(err, ErrPending) {
		t.Errorf("a pending session: %v", err)
	}
	for _, accepted := range [][]AuthOption{{AllowPending()}, {AllowPending(), Accepts(SessionToken, APIKey)}} {
		if got, err := call(pending, accepted); err != nil || got.IsAuthenticated() || got.SessionStatus != sessionPending {
			t.Errorf("a pending session behind NewContext: %v, %v", got, err)
		}
		if got, err := call(pending, accepted, AllowPending()); err != nil || !got.IsAuthenticated() {
			t.Errorf("a pending session where the procedure allows it: %v, %v", got, err)
		}
	}
}

// Whoever is refused because of the token is not authenticated; an outage says nothing.
func TestEveryRefusedTokenIsUnauthenticated(t *testing.T) {
	t.Parallel()
	a := newMachineBackend(t, http.StatusNotFound, `{"errors":[{"code":"x"}]}`).authenticator(t, WithAcceptedTokens(SessionToken, APIKey))
	keys, either := []AuthOption{Accepts(APIKey)}, []AuthOption{Accepts(SessionToken, APIKey)}
	for name, test := range map[string]struct {
		token string
		opts  []AuthOption
		text  string
	}{
		"guest":                    {"", nil, "the token is empty"},
		"guest, keys":              {"", keys, "the token is empty"},
		"guest, either":            {"", either, "the token is empty"},
		"garbage":                  {"garbage", nil, "the token is invalid"},
		"pending":                  {mint(t, withClaim("sts", "pending")), nil, "pending"},
		"expired":                  {mint(t, withClaim("exp", testNow.Unix()-100)), either, "expired"},
		"session where keys are":   {mint(t), keys, "not accepted here"},
		"key where sessions are":   {"ak_1", nil, "not accepted here"},
		"key that nobody knows":    {"ak_1", either, "token"},
		"type that nobody accepts": {"oat_1", either, "not accepted"},
	} {
		if _, err := a.AuthenticateToken(t.Context(), test.token, test.opts...); !errors.Is(err, ErrUnauthenticated) || !strings.Contains(err.Error(), test.text) {
			t.Errorf("%s: %v", name, err)
		}
	}
	down := newMachineBackend(t, http.StatusServiceUnavailable, `{"errors":[{"code":"x"}]}`).authenticator(t, WithAcceptedTokens(SessionToken, APIKey))
	if _, err := down.AuthenticateToken(t.Context(), "ak_1", either...); err == nil || errors.Is(err, ErrUnauthenticated) {
		t.Errorf("an outage: %v", err)
	}
}

// NewContext shows what a handler got, and no more.
func TestNewContextOfWhatAHandlerGot(t *testing.T) {
	t.Parallel()
	a := newMachineBackend(t, http.StatusOK, "").authenticator(t, everyType())
	type result struct{ carried, narrowed bool }
	for name, test := range map[string]struct {
		guard func(http.Handler) http.Handler
		opts  []AuthOption
		want  result
	}{
		"behind Require":                   {a.Require(Accepts(APIKey)), nil, result{true, false}},
		"behind Middleware":                {a.Middleware, nil, result{false, false}},
		"behind Middleware, accepted":      {a.Middleware, []AuthOption{Accepts(APIKey)}, result{true, false}},
		"behind Require, narrowed to none": {a.Require(Accepts(APIKey, M2MToken)), []AuthOption{Accepts(M2MToken)}, result{false, false}},
	} {
		var got result
		h := test.guard(inspect(func(r *http.Request) {
			ctx := NewContext(context.Background(), FromContext(r.Context(), test.opts...))
			got = result{FromContext(ctx).IsAuthenticated(), FromContext(ctx, Accepts(M2MToken)).IsAuthenticated()}
		}))
		serve(t, h, newRequest(t, "/", withBearer("ak_1")))
		if got != test.want {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
}
