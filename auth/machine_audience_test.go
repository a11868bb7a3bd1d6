package auth

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// With WithMachineAudience a token must say that it is for this service, whichever way it
// is verified: any client of the instance gets a token without an audience.
func TestMachineAudienceBinds(t *testing.T) {
	t.Parallel()
	const mine = "https://api.mine.example"
	for name, test := range map[string]struct {
		aud string // JSON; "" for none
		in  bool
	}{
		"mine":                {`"` + mine + `"`, true},
		"mine in a list":      {`["https://other.example","` + mine + `"]`, true},
		"another":             {`"https://other.example"`, false},
		"another in a list":   {`["https://other.example"]`, false},
		"none":                {"", false},
		"null":                {"null", false},
		"empty":               {`""`, false},
		"empty list":          {`[]`, false},
		"a number":            {`7`, false},
		"an object":           {`{"` + mine + `":1}`, false},
		"mine and a number":   {`["` + mine + `",1]`, false},
		"mine and null":       {`["` + mine + `",null]`, false},
		"mine and empty":      {`["` + mine + `",""]`, false},
		"list in a list":      {`[["` + mine + `"]]`, false},
		"mine in upper case":  {`"` + strings.ToUpper(mine) + `"`, false},
		"mine, with a slash":  {`"` + mine + `/"`, false},
		"true":                {`true`, false},
		"mine twice":          {`["` + mine + `","` + mine + `"]`, true},
		"escaped, still mine": {`"https:\/\/api.mine.example"`, true},
	} {
		jwtOption, member := withoutClaim("aud"), ""
		if test.aud != "" {
			jwtOption, member = withClaim("aud", json.RawMessage(test.aud)), `,"aud":`+test.aud
		}
		b := newMachineBackend(t, http.StatusOK, strings.TrimSuffix(goodOAuth, "}")+member+"}")
		bound, free := b.authenticator(t, everyType(), WithMachineAudience(mine)), b.authenticator(t, everyType())
		for form, token := range map[string]string{"opaque OAuth": "oat_1", "OAuth JWT": oauthJWT(t, jwtOption), "M2M JWT": m2mJWT(t, jwtOption)} {
			t.Run(form+"/"+name, func(t *testing.T) {
				t.Parallel()
				s := stateOf(t, bound, newRequest(t, "/", withBearer(token)))
				if in := s.Status == StatusSignedIn; in != test.in || s.Err() != nil || !in && s.Reason != ReasonTokenVerificationFailed {
					t.Errorf("state is %v, err %v, want signed in: %t", s, s.Err(), test.in)
				}
				if again := stateOf(t, bound, newRequest(t, "/", withBearer(token))); again.Status != s.Status || again.Reason != s.Reason {
					t.Errorf("the second time the state is %v, the first time %v", again, s)
				}
				if s := stateOf(t, free, newRequest(t, "/", withBearer(token))); s.Status != StatusSignedIn {
					t.Errorf("without the option the state is %v", s)
				}
			})
		}
	}
	b := newMachineBackend(t, http.StatusOK, "")
	for _, token := range []string{"ak_1", "mt_1"} {
		if s := stateOf(t, b.authenticator(t, everyType(), WithMachineAudience(mine)), newRequest(t, "/", withBearer(token))); s.Status != StatusSignedIn {
			t.Errorf("%s, which has no audience: %v", token, s)
		}
	}
}

// A response that two readers could understand differently decides nothing.
func TestAmbiguousResponseAboutAnOAuthToken(t *testing.T) {
	t.Parallel()
	b := newMachineBackend(t, http.StatusOK, strings.TrimSuffix(goodOAuth, "}")+`,"aud":"a","aud":"b"}`)
	s := stateOf(t, b.authenticator(t, everyType()), newRequest(t, "/", withBearer("oat_1")))
	if s.Status != StatusSignedOut || !errors.Is(s.Err(), ErrVerificationUnavailable) {
		t.Errorf("state is %v, err %v", s, s.Err())
	}
}

// Whoever uses an OAuth token on a user's behalf is its actor, as in a session.
func TestActorOfAnOAuthToken(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		act  string
		want *Actor
	}{
		"none":       {"", nil},
		"null":       {"null", nil},
		"an agent":   {`{"iss":"https://i.example","sub":"agent_1","type":"agent"}`, &Actor{Issuer: "https://i.example", Subject: "agent_1", Type: "agent"}},
		"empty":      {`{}`, &Actor{}},
		"a text":     {`"agent_1"`, &Actor{}},
		"empty text": {`""`, nil},
		"a list":     {`["agent_1"]`, &Actor{}},
		"false":      {`false`, nil},
		"odd sub":    {`{"sub":7}`, &Actor{}},
	} {
		jwtOption, member := withoutClaim("act"), ""
		if test.act != "" {
			jwtOption, member = withClaim("act", json.RawMessage(test.act)), `,"act":`+test.act
		}
		a := newMachineBackend(t, http.StatusOK, strings.TrimSuffix(goodOAuth, "}")+member+"}").authenticator(t, everyType())
		for form, token := range map[string]string{"opaque": "oat_1", "JWT": oauthJWT(t, jwtOption)} {
			got := stateOf(t, a, newRequest(t, "/", withBearer(token))).Auth(Accepts(OAuthToken))
			if diff := cmp.Diff(test.want, got.Actor); diff != "" || !got.IsAuthenticated() {
				t.Errorf("%s, %s: %v, actor (-want +got):\n%s", form, name, got, diff)
			}
			if got.Actor != nil {
				got.Actor.Subject = "somebody else"
			}
			if again := FromContext(NewContext(t.Context(), got), Accepts(OAuthToken)); !cmp.Equal(again.Actor, test.want) {
				t.Errorf("%s, %s: writing to the actor changed later results", form, name)
			}
		}
	}
}

func TestExpiryOfEachKindOfToken(t *testing.T) {
	t.Parallel()
	at := testNow.Add(time.Minute).Truncate(time.Second)
	exp := withClaim("exp", at.Unix())
	member := `,"expiration":` + asJSON(t, at.UnixMilli()) + `}`
	all := Accepts(allTokenTypes[:]...)
	for name, test := range map[string]struct {
		token, body string
		want        time.Time
	}{
		"session":                 {mint(t, exp), "", at},
		"M2M JWT":                 {m2mJWT(t, exp), "", at},
		"OAuth JWT":               {oauthJWT(t, exp), "", at},
		"API key":                 {"ak_1", strings.TrimSuffix(goodAPIKey, "}") + member, at},
		"API key without an end":  {"ak_1", goodAPIKey, time.Time{}},
		"M2M token":               {"mt_1", strings.TrimSuffix(goodM2M, "}") + member, at},
		"OAuth token":             {"oat_1", `{"id":"oat_id","subject":"user_2"` + member, at},
		"OAuth token without one": {"oat_1", `{"id":"oat_id","subject":"user_2"}`, time.Time{}},
		"refused":                 {mint(t, exp, signedBy(otherKey())), "", time.Time{}},
	} {
		a := newMachineBackend(t, http.StatusOK, test.body).authenticator(t, everyType())
		s := stateOf(t, a, newRequest(t, "/", withBearer(test.token)))
		if got := s.Auth(all).ExpiresAt(); !got.Equal(test.want) {
			t.Errorf("%s expires at %v, want %v", name, got, test.want)
		}
		if got := s.Auth(Accepts()).ExpiresAt(); !got.IsZero() {
			t.Errorf("%s, not accepted, expires at %v", name, got)
		}
	}
	if got := (*Auth)(nil).ExpiresAt(); !got.IsZero() {
		t.Errorf("nil expires at %v", got)
	}
}
