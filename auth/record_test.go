package auth

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/auth/internal/keyset"
)

// brokenKeys is a key source that fails with err for every key.
type brokenKeys struct{ err error }

func (b brokenKeys) key(context.Context, string) (keyset.Key, time.Time, error) {
	return keyset.Key{}, time.Time{}, b.err
}

// An error of the key source has its own reason, and is undecided unless it refuses the token.
func TestSessionTokenWithoutAKey(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		keys    keySource
		reason  Reason
		message string
		err     bool
	}{
		"no verification error":     {brokenKeys{errors.New("x")}, ReasonUnexpectedError, "", true},
		"cancelled":                 {brokenKeys{context.Canceled}, ReasonUnexpectedError, "", true},
		"jwk-kid-mismatch":          {keyMap{}, ReasonJWKKidMismatch, "(reason=jwk-kid-mismatch, token-carrier=", false},
		"jwk-remote-failed-to-load": {brokenKeys{ErrKeysUnavailable}, ReasonJWKRemoteFailedToLoad, "", true},
		"secret-key-invalid":        {brokenKeys{ErrSecretKey}, ReasonSecretKeyInvalid, "", true},
	} {
		a := newTestAuthenticator(t)
		a.tokens.keys = test.keys
		for carrier, credentials := range map[string]requestOption{"cookie": signedInCookies(t), "header": withBearer(mint(t))} {
			t.Run(name+" in a "+carrier, func(t *testing.T) {
				s := stateOf(t, a, newRequest(t, "/", credentials, asPageLoad))
				if s.Status != StatusSignedOut || s.Reason != test.reason || (s.Err() != nil) != test.err {
					t.Errorf("state is %v, err %v, want %q", s, s.Err(), test.reason)
				}
				if !strings.Contains(s.Message, test.message) || (s.Message == "") != (test.message == "") {
					t.Errorf("message is %q", s.Message)
				}
				if got := s.Header; got.Get("Location") != "" || got.Get("X-Clerk-Auth-Reason") != string(test.reason) || got.Get("X-Clerk-Auth-Message") != s.Message {
					t.Errorf("header is %v", got)
				}
			})
		}
	}
}

func TestRecordOfAContext(t *testing.T) {
	t.Parallel()
	var nilContext context.Context
	if viewFrom(nilContext) != (view{}) || viewFrom(context.Background()) != (view{}) {
		t.Error("a context without a record contains one")
	}
	rec := &record{reason: ReasonTokenExpired}
	r := view{record: rec}.shownTo(newRequest(t, "/"))
	if got := r.Context().Value(recordKey{}); got != rec {
		t.Errorf("the context contains %v", got)
	}
	if again := (view{record: rec}).shownTo(r); again != r {
		t.Error("a request that shows a view already is copied")
	}
	if got := viewFrom(NewContext(r.Context(), &Auth{record: rec})); got != (view{record: rec, handedOver: true}) {
		t.Errorf("the view of NewContext is %v", got)
	}
}
