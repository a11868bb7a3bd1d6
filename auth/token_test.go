package auth

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth/internal/strictjson"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestMalformedTokensAreRefused(t *testing.T) {
	t.Parallel()
	good := mint(t)
	parts := strings.Split(good, ".")
	deep := func(n int) string {
		return `{"sub":"user_1","x":` + strings.Repeat("[", n) + strings.Repeat("]", n) + `}`
	}
	payload := func(raw string) string { return mint(t, withRawPayload(raw)) }
	header := func(raw string) string { return mint(t, withRawHeader(raw)) }
	tests := map[string]string{
		"nothing": "", "a dot": ".", "two dots": "..", "four dots": "....",
		"one part": parts[0], "two parts": parts[0] + "." + parts[1],
		"four parts": good + ".AA", "five parts, as JWE has": strings.Repeat("AA.", 4) + "AA",
		"a million dots":      strings.Repeat(".", 1_000_000),
		"10 MB":               good + strings.Repeat("A", 10<<20),
		"a byte too long":     parts[0] + "." + strings.Repeat("A", maxTokenLength-len(parts[0])-len(parts[2])-1) + "." + parts[2],
		"no header":           "." + parts[1] + "." + parts[2],
		"no payload":          parts[0] + ".." + parts[2],
		"blank before it":     " " + good,
		"blank after it":      good + " ",
		"line break after it": good + "\n",
		"line break inside":   parts[0] + "." + parts[1][:8] + "\n" + parts[1][8:] + "." + parts[2],
		"CR in the signature": parts[0] + "." + parts[1] + "." + parts[2][:8] + "\r" + parts[2][8:],
		"the other alphabet":  parts[0] + "." + parts[1] + "." + strings.Repeat("+/", 171),
		"padding inside":      parts[0] + "." + parts[1][:4] + "=" + parts[1][4:] + "." + parts[2],
		"half a byte":         parts[0] + "." + parts[1] + ".A",
		"spare bits set":      parts[0] + "." + parts[1] + ".AB",
		"not ASCII":           parts[0] + "." + parts[1] + ".ÄÖ",
		"header is not JSON":  header("x"), "header is null": header("null"), "header is a list": header("[]"),
		"header is a string": header(`"x"`), "header is a number": header("7"), "header goes on": header(`{"alg":"RS256"}{}`),
		"header has a name twice":      header(`{"alg":"RS256","alg":"none","kid":"` + testKeyID + `"}`),
		"header has a byte order mark": header("\ufeff{}"),
		"payload is null":              payload("null"), "payload is a number": payload("7"), "payload is a list": payload("[]"),
		"payload is a string": payload(`"x"`), "payload is empty": payload(" "), "payload is cut off": payload(`{"sub":"user_1"`),
		"payload goes on":           payload(`{"sub":"user_1"} x`),
		"payload has a name twice":  payload(`{"sub":"user_1","sub":"user_2"}`),
		"the second one is escaped": payload(`{"sub":"user_1","s\u0075b":"user_2"}`),
		"a name twice further in":   payload(`{"sub":"user_1","x":[{"a":1,"a":1}]}`),
		"a name twice among many":   payload(`{` + manyMembers(40) + `,"m3":1}`),
		"a late name twice":         payload(`{` + manyMembers(40) + `,"m39":1}`),
		"nested too deep":           payload(deep(strictjson.MaxDepth)),
		"objects nested too deep":   payload(strings.Repeat(`{"x":`, strictjson.MaxDepth) + "{}" + strings.Repeat("}", strictjson.MaxDepth)),
		"nested 5000 deep":          payload(deep(5000)),
		"broken UTF-8":              payload("{\"sub\":\"user_\xff\"}"),
		"half a surrogate pair":     payload(`{"sub":"user_\ud83d"}`),
		"the other half":            payload(`{"sub":"user_\ude00"}`),
		"two first halves":          payload(`{"sub":"user_\ud83d\ud83d"}`),
		"a comma too many":          payload(`{"sub":"user_1",}`),
		"single quotes":             payload(`{'sub':'user_1'}`),
		"a comment":                 payload(`{"sub":"user_1"/**/}`),
		"a line break in a string":  payload("{\"sub\":\"user_\n\"}"),
		"a tab after an escape":     payload("{\"sub\":\"\\n\t\"}"),
		"an unknown escape":         payload(`{"sub":"\x41"}`),
		"a number with zeros":       payload(`{"exp":0123}`), "a number in hex": payload(`{"exp":0x1}`), "NaN": payload(`{"exp":NaN}`),
		"a number with a plus": payload(`{"exp":+1}`), "half a number": payload(`{"exp":1.}`), "half an exponent": payload(`{"exp":1e}`),
	}
	a := newTestAuthenticator(t)
	protected := a.Require()(inspect(func(*http.Request) { t.Error("the handler ran") }))
	for name, token := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := a.tokens.session(t.Context(), token); reasonOf(t, err) != ReasonTokenInvalid {
				t.Errorf("error is %v, want %s", err, ReasonTokenInvalid)
			}
			if _, err := parseToken(token, nil); reasonOf(t, err) != ReasonTokenInvalid {
				t.Errorf("parseToken: error is %v, want %s", err, ReasonTokenInvalid)
			}
			if formOf(token, nil).kind != SessionToken {
				t.Error("its form is that of a machine's token")
			}
			if strings.Trim(token, " ") != token {
				return // HTTP removes blanks around a value
			}
			for carrier, credentials := range map[string]requestOption{"header": withBearer(token), "cookie": signedInCookie(token)} {
				if resp := serve(t, protected, newRequest(t, "/", credentials)); resp.StatusCode != http.StatusUnauthorized {
					t.Errorf("in a %s the response is %d, want 401", carrier, resp.StatusCode)
				}
			}
		})
	}
}

// A refused token is not copied, however long it is.
func TestLongTokensAreNotCopied(t *testing.T) {
	good := mint(t)
	v := testVerifier()
	for name, token := range map[string]string{
		"a million dots": strings.Repeat(".", 1_000_000),
		"10 MB":          good + strings.Repeat("A", 10<<20),
		"10 MB of dots":  strings.Repeat("e30.", 10<<18),
	} {
		t.Run(name, func(t *testing.T) {
			if n := testing.AllocsPerRun(10, func() {
				if _, err := v.session(t.Context(), token); err == nil {
					t.Error("the token is accepted")
				}
			}); n > 4 {
				t.Errorf("the refusal allocates %v times", n)
			}
		})
	}
}

func manyMembers(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"m` + string(rune('0'+i/10)) + string(rune('0'+i%10)) + `":0`)
	}
	return strings.ReplaceAll(b.String(), `"m0`, `"m`)
}

func TestUnusualButWellFormedTokensAreRead(t *testing.T) {
	t.Parallel()
	good := mint(t)
	parts := strings.Split(good, ".")
	claims := `"sub":"user_1","sid":"sess_1","exp":` + "1772600827"
	v := testVerifier()
	checkVerdicts(t, v, []verdict{
		{"padding after the signature", good + "==", ""},
		{"padding without need", parts[0] + "." + parts[1] + "." + parts[2] + "====", ""},
		{"blanks in JSON", mint(t, withRawPayload("\r\n{ "+strings.ReplaceAll(claims, ":", " :\t")+" } ")), ""},
		{"escapes", mint(t, withRawPayload(`{"s\u0075b":"\uD83D\uDE00\"\\\/\b\f\n\r\t\u00e9","sid":"sess_1","exp":1772600827}`)), ""},
		{"a name in another case too", mint(t, withClaim("SUB", "user_2"), withClaim("Exp", 0)), ""},
		{"custom claims", mint(t, withClaims(map[string]any{"role": "x", "nested": map[string]any{"a": []any{1, nil, true, 1.5e3}}})), ""},
		{"many claims", mint(t, withRawPayload(`{`+claims+`,`+manyMembers(60)+`}`)), ""},
		{"nested as deep as may be", mint(t, withRawPayload(`{`+claims+`,"x":`+strings.Repeat("[", strictjson.MaxDepth-1)+strings.Repeat("]", strictjson.MaxDepth-1)+`}`)), ""},
		{"long", mint(t, withClaim("x", strings.Repeat("a", 9000))), ""},
	})
	// A token is verified as it was received: another spelling of it is not what was signed.
	checkVerdicts(t, v, []verdict{{"padded payload", parts[0] + "." + parts[1] + "=." + parts[2], ReasonTokenInvalidSignature}})
}

func TestUnverifiedTokenIsRead(t *testing.T) {
	t.Parallel()
	now := testNow.Unix()
	tests := []struct {
		name  string
		token string
		want  unverifiedToken
	}{
		{"a session", mint(t), unverifiedToken{
			header: header{alg: "RS256", kid: testKeyID, typ: "JWT", cat: categorySession},
			iss:    testIssuer, sub: testUser, iat: now, exp: now + 60}},
		{"nothing", mint(t, withRawHeader("{}"), withRawPayload("{}")), unverifiedToken{}},
		{"odd types", mint(t, withRawHeader(`{"alg":1,"kid":[],"typ":null,"cat":{}}`),
			withRawPayload(`{"iss":7,"sub":7,"iat":"x","exp":null}`)), unverifiedToken{
			header: header{alg: "1", typ: "null", cat: "{}"}, iss: "7"}},
		{"falsy", mint(t, withRawHeader(`{"alg":"","kid":"","typ":"","cat":""}`),
			withRawPayload(`{"iss":0,"sub":null}`)), unverifiedToken{
			header: header{alg: `""`, typ: `""`, cat: `""`}}},
	}
	for _, tt := range tests {
		got, err := parseToken(tt.token, nil)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(unverifiedToken{}, header{}),
			cmpopts.IgnoreFields(unverifiedToken{}, "token", "signed", "claims", "signer")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestHeaderOfTheLastGoodTokenIsKept(t *testing.T) {
	t.Parallel()
	v := testVerifier()
	good := mint(t)
	kept := func() *knownHeader { return v.known.header.Load() }
	for name, bad := range map[string]string{
		"forged":  mint(t, signedBy(otherKey())),
		"unknown": mint(t, withHeader("kid", "x")),
		"typed":   mint(t, withHeader("typ", "x")),
	} {
		if _, err := v.session(t.Context(), bad); err == nil || kept() != nil {
			t.Errorf("%s: error is %v, kept %v", name, err, kept())
		}
	}
	if _, err := v.session(t.Context(), good); err != nil || kept() == nil {
		t.Fatalf("error is %v, kept %v", err, kept())
	}
	first := kept()
	// With the header known, everything is still checked.
	checkVerdicts(t, v, []verdict{
		{"the same", good, ""},
		{"forged", mint(t, signedBy(otherKey())), ReasonTokenInvalidSignature},
		{"a machine's", mint(t, withClaim("sub", "mch_1")), ReasonTokenTypeMismatch},
		{"of another category", mint(t, withHeader("cat", categoryM2M)), ReasonTokenTypeMismatch},
	})
	if kept() != first {
		t.Error("a refused token replaced the header")
	}
	v.keys = keyMap{}
	checkVerdicts(t, v, []verdict{{"key gone", good, ReasonJWKKidMismatch}})
	v.known = nil
	v.keys = testVerifier().keys
	checkVerdicts(t, v, []verdict{{"without a cache", good, ""}})
}

func FuzzToken(f *testing.F) {
	good := mint(f)
	f.Add(good)
	f.Add("")
	f.Add("..")
	f.Add(mint(f, withSignature("")))
	f.Add(mint(f, signedBy(otherKey())))
	f.Add(mint(f, withRawPayload(`{"sub":"mch_1","o":{"per":"a","fpm":"1"},"fea":"o:b"}`)))
	f.Add(mint(f, withHeader("typ", "at+jwt")))
	signed, _, _ := strings.Cut(good[strings.Index(good, ".")+1:], ".")
	f.Fuzz(func(t *testing.T, token string) {
		v := testVerifier()
		claims, err := v.session(t.Context(), token)
		if err != nil {
			if reason := reasonOf(t, err); reason == "" || strings.Contains(err.Error(), "\n") {
				t.Fatalf("error is %q", err)
			}
		} else if payload, decodeErr := base64.RawURLEncoding.DecodeString(signed); decodeErr != nil || claims.payload != string(payload) {
			// Only mint can sign a token.
			t.Fatalf("a token was accepted that was not minted: %q", token)
		}
		formOf(token, nil)
	})
}

func TestShapeOfAJWT(t *testing.T) {
	t.Parallel()
	for token, want := range map[string]bool{
		"a.b.c": true, "aZ0-_.aZ0-_.aZ0-_": true,
		"": false, "a": false, "a.b": false, "a.b.c.d": false, ".b.c": false, "a..c": false, "a.b.": false, "..": false,
		"a.b.c=": false, "a.b.c ": false, "a.b+.c": false, "a.b/.c": false, "a.b.\u00e9": false, "a.b.c\n": false,
	} {
		if got := isJWTShaped(token); got != want {
			t.Errorf("isJWTShaped(%q) = %t, want %t", token, got, want)
		}
	}
}
