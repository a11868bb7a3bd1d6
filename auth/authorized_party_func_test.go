package auth

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestAuthorizedPartyFunc(t *testing.T) {
	t.Parallel()
	const customer, stranger = "https://acme.customers.example", "https://evil.example"
	none := mint(t, withoutClaim("azp"))
	token := func(party any) string { return mint(t, withClaim("azp", party)) }
	parties, sameOrigin := WithAuthorizedParties(testParty), WithSameOriginSessions(true)
	for name, test := range map[string]struct {
		options []Option
		request []requestOption
		reason  Reason // "": signed in
		asked   []string
	}{
		"on the list":                  {[]Option{parties}, []requestOption{withBearer(token(testParty))}, "", nil},
		"not on the list, but allowed": {[]Option{parties}, []requestOption{withBearer(token(customer))}, "", []string{customer}},
		"neither":                      {[]Option{parties}, []requestOption{withBearer(token(stranger))}, ReasonTokenInvalidAuthorizedParties, []string{stranger}},
		"no list, allowed":             {nil, []requestOption{withBearer(token(customer))}, "", []string{customer}},
		"no list, not allowed":         {nil, []requestOption{withBearer(token(testParty))}, ReasonTokenInvalidAuthorizedParties, []string{testParty}},
		"no party":                     {nil, []requestOption{withBearer(none)}, ReasonTokenInvalidAuthorizedParties, nil},
		"empty party":                  {nil, []requestOption{withBearer(token(""))}, ReasonTokenInvalidAuthorizedParties, nil},
		"a list of parties":            {nil, []requestOption{withBearer(token([]string{customer}))}, ReasonTokenInvalidAuthorizedParties, nil},
		"by cookie":                    {nil, []requestOption{signedInCookie(token(customer))}, "", []string{customer}},
		"no party, from its own page":  {[]Option{sameOrigin}, []requestOption{signedInCookie(none), withField("Sec-Fetch-Site", "same-origin")}, "", nil},
		"no party, from another page":  {[]Option{sameOrigin}, []requestOption{signedInCookie(none), withField("Sec-Fetch-Site", "same-site")}, ReasonTokenInvalidAuthorizedParties, nil},
		"forged":                       {nil, []requestOption{withBearer(mint(t, withClaim("azp", customer), signedBy(otherKey())))}, ReasonTokenInvalidSignature, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked []string
			allow := WithAuthorizedPartyFunc(func(party string) bool {
				asked = append(asked, party)
				return party == customer
			})
			a := newTestAuthenticator(t, append(test.options, allow)...)
			// Also where the token is in the cache.
			for range 3 {
				asked = nil
				s := stateOf(t, a, newRequest(t, "/", test.request...))
				if s.Reason != test.reason || (s.Status == StatusSignedIn) != (test.reason == "") || !slices.Equal(asked, test.asked) {
					t.Errorf("state is %v, asked about %q", s, asked)
				}
			}
		})
	}
}

// A party whose authorization ends is refused at once, also with a token seen before.
func TestAuthorizedPartyFuncMayChangeItsMind(t *testing.T) {
	t.Parallel()
	allowed := true
	a := newTestAuthenticator(t, WithAuthorizedPartyFunc(func(string) bool { return allowed }))
	remembered(t, a.tokens, mint(t))
	allowed = false
	if _, err := a.VerifyToken(t.Context(), mint(t)); reasonOf(t, err) != ReasonTokenInvalidAuthorizedParties {
		t.Errorf("error is %v", err)
	}
}

func TestAuthorizedPartyFuncAppliesToSessionsAlone(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t, everyTypeButKeys(), WithAuthorizedPartyFunc(func(string) bool { t.Error("asked"); return false }))
	got, _ := callThrough(t, a.Middleware, newRequest(t, "/", withBearer(m2mJWT(t))), anyType)
	if !got.IsAuthenticated() {
		t.Errorf("a machine is %v", got)
	}
}

func TestNilFunctionsAreRefused(t *testing.T) {
	t.Parallel()
	for name, option := range map[string]Option{"party": WithAuthorizedPartyFunc(nil), "refusal": WithRefusal(nil)} {
		if _, err := New(nil, WithJWTKey(testPEM(t)), WithoutCookies(), option); err == nil || !strings.Contains(err.Error(), "is nil") {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}

// In development the developer reads which parties are allowed.
func TestRefusedPartySaysWhoIsAllowed(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t, WithPublishableKey(devKey), WithAuthorizedParties("https://a.example"), WithAuthorizedPartyFunc(func(string) bool { return false }))
	resp := serve(t, a.Require()(inspect(nil)), newRequest(t, "/", withBearer(mint(t))))
	if want := "azp is " + testParty + ", and allowed is https://a.example, those of WithAuthorizedPartyFunc"; resp.StatusCode != http.StatusUnauthorized || !strings.Contains(bodyOf(t, resp), want) {
		t.Errorf("status %d, header %v, want %q in it", resp.StatusCode, resp.Header, want)
	}
}
