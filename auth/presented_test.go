package auth

import (
	"net/http"
	"strings"
	"testing"
)

func TestHeaderTokenReadsOneAuthorizationHeader(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		values    []string
		token     string
		ambiguous bool
	}{
		"absent":                        {},
		"empty":                         {values: []string{""}},
		"bearer":                        {values: []string{"Bearer a.b.c"}, token: "a.b.c"},
		"lower case scheme":             {values: []string{"bearer a.b.c"}, token: "a.b.c"},
		"upper case scheme":             {values: []string{"BEARER a.b.c"}, token: "a.b.c"},
		"two spaces":                    {values: []string{"Bearer  a.b.c"}},
		"the scheme alone":              {values: []string{"Bearer"}},
		"the scheme alone, lower case":  {values: []string{"bearer"}},
		"the scheme and a blank":        {values: []string{"Bearer "}},
		"no scheme":                     {values: []string{"a.b.c"}, token: "a.b.c"},
		"basic":                         {values: []string{"Basic dXNlcjpwYXNz"}},
		"another scheme":                {values: []string{"DPoP a.b.c"}},
		"a tab is not a separator":      {values: []string{"Bearer\ta.b.c"}, token: "Bearer\ta.b.c"},
		"blanks around":                 {values: []string{" \tBearer a.b.c \t"}, token: "a.b.c"},
		"a third piece is dropped":      {values: []string{"Bearer a.b.c d"}, token: "a.b.c"},
		"two in one header":             {values: []string{"Bearer a, Bearer b"}, token: "a,"},
		"two headers":                   {values: []string{"Bearer a.b.c", "Bearer a.b.c"}, ambiguous: true},
		"two headers, one of them ours": {values: []string{"Basic x", "Bearer a.b.c"}, ambiguous: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			token, ambiguous := headerToken(http.Header{"Authorization": test.values})
			if token != test.token || ambiguous != test.ambiguous {
				t.Errorf("headerToken(%q) = %q, %t, want %q, %t", test.values, token, ambiguous, test.token, test.ambiguous)
			}
		})
	}
}

func FuzzHeaderToken(f *testing.F) {
	for _, value := range []string{"Bearer a.b.c", "bearer", "Bearer  x", "Basic x", "a.b.c", "\t", " Bearer a b c"} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		token, ambiguous := headerToken(http.Header{"Authorization": {value}})
		if ambiguous {
			t.Error("one header is ambiguous")
		}
		if strings.Contains(token, " ") || !strings.Contains(value, token) {
			t.Errorf("headerToken(%q) = %q", value, token)
		}
		if strings.EqualFold(token, "Bearer") && strings.EqualFold(strings.TrimSpace(value), "Bearer") {
			t.Errorf("headerToken(%q) returns the scheme as a token", value)
		}
	})
}

func FuzzFormOf(f *testing.F) {
	for _, token := range []string{"", ".", "..", "a.b.c", "ak_", "mt_1", "oat_1", "ak_.b.c", mint(f), m2mJWT(f), oauthJWT(f), m2mJWT(f, withClaim("sub", nil)), mint(f, withRawPayload(`{"sub":{"mch_":1}}`))} {
		f.Add(token)
	}
	v := testVerifier()
	m := newMachineVerifier(nil, new(config), nil, nil)
	m.tokens = v
	f.Fuzz(func(t *testing.T, token string) {
		p := formOf(token, v.known)
		if !setOf(allTokenTypes[:]...).has(p.kind) || p.token != token {
			t.Fatalf("%q has the form of type %q", token, p.kind)
		}
		if p.opaque != (opaqueType(token) != "" && !isJWTShaped(token)) || p.kind == APIKey && !p.opaque && p.err == nil {
			t.Fatalf("%q is opaque: %v", token, p.opaque)
		}
		found, err := m.verifyToken(t.Context(), p)
		if (found == nil) == (err == nil) || err == nil && found.kind != p.kind {
			t.Fatalf("verifying %q returns %+v, %v", token, found, err)
		}
	})
}

func TestMachineTokensAreRecognized(t *testing.T) {
	t.Parallel()
	m2m := mint(t, withClaim("sub", "mch_1"))
	oauth := mint(t, withHeader("typ", "at+jwt"))
	tests := map[string]bool{
		"mt_x": true, "oat_x": true, "ak_x/y+z=": true, "ak_": true,
		"MT_x": false, "sk_test_x": false, "x": false, "": false, "a.b.c": false,
		m2m: true, oauth: true, mint(t): false,
		mint(t, withHeader("typ", "application/at+jwt")):         true,
		mint(t, withHeader("typ", "AT+JWT")):                     false,
		mint(t, withClaim("sub", 7)):                             false,
		mint(t, withClaim("sub", []string{"mch_1"})):             false,
		mint(t, withClaim("sub", "user_mch_1")):                  false,
		mint(t, withHeader("cat", categoryM2M)):                  false,
		mint(t, withClaim("sub", "mch_1"), withSignature("")):    false, // not of the shape
		mint(t, withClaim("sub", "mch_1"), withSignature("AA=")): false,
	}
	for token, want := range tests {
		if got := formOf(token, nil).kind != SessionToken; got != want {
			t.Errorf("%.40s…: machine = %t, want %t", token, got, want)
		}
	}
}
