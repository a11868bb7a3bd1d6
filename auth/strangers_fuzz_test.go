package auth

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
)

// FuzzSignedToken signs whatever header and payload with the key of the instance, and
// compares the verdict with a second reading of the rules: what is accepted is a session
// token that is valid now, and says so in plain JSON.
func FuzzSignedToken(f *testing.F) {
	const header = `{"alg":"RS256","kid":"` + testKeyID + `","typ":"JWT"}`
	payload := func(more string) string {
		return `{"sub":"user_1","sid":"sess_1","iat":1767268800,"exp":4000000000` + more + `}`
	}
	f.Add(header, payload(""))
	f.Add(header, payload(`,"nbf":1e3,"sts":"pending","azp":"https://app.example.com"`))
	f.Add(header, payload(`,"sub":"user_2"`))
	f.Add(header, payload(`,"exp":"4000000000"`))
	f.Add(header, payload(`,"Sub":"user_2","\u0073id":"sess_2"`))
	f.Add(header, payload(`,"sub":"mch_1"`))
	f.Add(`{"alg":"RS256","kid":"`+testKeyID+`","cat":"`+categoryTemplate+`"}`, payload(""))
	f.Add(`{"alg":"none","alg":"RS256","kid":"`+testKeyID+`"}`, payload(""))
	f.Add(`{"alg":"RS256","kid":"`+testKeyID+`","crit":["b64"],"b64":false}`, payload(""))
	f.Add(`{"alg":"RS256","kid":"`+testKeyID+`","typ":"at+jwt"}`, payload(""))
	v := testVerifier()
	f.Fuzz(func(t *testing.T, header, payload string) {
		claims, err := v.session(t.Context(), mint(t, withRawHeader(header), withRawPayload(payload)))
		if err != nil {
			if reasonOf(t, err) == "" || strings.ContainsAny(err.Error(), "\r\n") {
				t.Fatalf("error is %q", err)
			}
			return
		}
		var h struct {
			Alg, Kid, Typ, Cat string
			Crit               any
		}
		var c struct {
			Sub, Sid, Sts string
			Exp, Iat, Nbf *float64
		}
		if err := json.Unmarshal([]byte(header), &h); err != nil {
			t.Fatalf("the header %q was accepted: %v", header, err)
		}
		if err := json.Unmarshal([]byte(payload), &c); err != nil {
			t.Fatalf("the payload %q was accepted: %v", payload, err)
		}
		now, skew := float64(testNow.Unix()), v.skew.Seconds()
		switch {
		case h.Alg != "RS256" || h.Kid != testKeyID || h.Crit != nil || h.Typ != "" && h.Typ != "JWT":
			t.Errorf("the header %q was accepted", header)
		case h.Cat != "" && h.Cat != categorySession && h.Cat != categoryIgnore:
			t.Errorf("the category %q was accepted", h.Cat)
		case c.Sub == "" || strings.HasPrefix(c.Sub, "mch_") || c.Sub != claims.Subject() || c.Sid == "" || c.Sid != claims.SessionID():
			t.Errorf("%q was accepted as the session %q of %q", payload, claims.SessionID(), claims.Subject())
		case c.Sts != "" && c.Sts != sessionActive && c.Sts != sessionPending:
			t.Errorf("the status %q was accepted", c.Sts)
		case c.Exp == nil || *c.Exp <= now-skew || c.Nbf != nil && *c.Nbf >= now+skew+1 || c.Iat != nil && *c.Iat >= now+skew+1:
			t.Errorf("the times of %q were accepted", payload)
		}
	})
}

// FuzzRequestOfAStranger sends requests without a valid token through the middleware: no
// caller is signed in, nothing panics or fails, and a redirect leads to the frontend API or
// stays on the host.
func FuzzRequestOfAStranger(f *testing.F) {
	expired := mint(f, withClaim("exp", testNow.Unix()-60))
	for _, cookie := range []string{
		"", "__session=a.b.c; __client_uat=1", "__session=" + expired + "; __client_uat=1", `__session="x"; __session=y; =; ;;`,
		"__client_uat=99999999999999999999; __clerk_db_jwt=dvb_1", "__client_uat=0; __session=" + mint(f, signedBy(otherKey())),
	} {
		f.Add("GET", "/?__clerk_handshake=a.b.c", "", cookie, "https://evil.example", "cross-site", "document")
		f.Add("POST", "/?__clerk_handshake_nonce=n&__clerk_db_jwt=x", "Bearer "+expired, cookie, "", "same-origin", "empty")
	}
	f.Add("CONNECT", "*", "Basic YTpi", "", "null", "", "iframe")
	all := []*Authenticator{
		newTestAuthenticator(f), newTestAuthenticator(f, WithPublishableKey(devKey)), newTestAuthenticator(f, WithAcceptedTokens(SessionToken, M2MToken, OAuthToken)),
		newTestAuthenticator(f, WithCrossOriginProtection(http.NewCrossOriginProtection())), newTestAuthenticator(f, satelliteOptions()...),
	}
	f.Fuzz(func(t *testing.T, method, target, authorization, cookie, origin, site, dest string) {
		for i, a := range all {
			r := newRequest(t, "/")
			r.Method, r.RequestURI = method, target
			if u, err := url.ParseRequestURI(target); err == nil {
				r.URL = u
			}
			for name, value := range map[string]string{
				"Authorization": authorization, "Cookie": cookie, "Origin": origin, "Sec-Fetch-Site": site, "Sec-Fetch-Dest": dest,
			} {
				r.Header[name] = []string{value}
			}
			reached := false
			resp := serve(t, a.Middleware(inspect(func(r *http.Request) {
				reached = true
				if who := FromContext(r.Context(), Accepts(SessionToken, APIKey, M2MToken, OAuthToken), AllowPending()); who.IsAuthenticated() {
					t.Errorf("%d: %v is signed in", i, who)
				}
			})), r)
			if resp.StatusCode == http.StatusInternalServerError && !reached && a.publishable.instanceType == clerk.Development {
				continue // The developer reads that a forged handshake looks like a wrong key.
			}
			location := resp.Header.Get("Location")
			if reached != (resp.StatusCode == http.StatusOK) || reached != (location == "") {
				t.Fatalf("%d: status %d, Location %q, handler reached: %t", i, resp.StatusCode, location, reached)
			}
			if u, err := url.Parse(location); err != nil || !slices.Contains([]string{"", r.Host, "clerk.example.com", "clerk.satellite.example"}, u.Host) {
				t.Errorf("%d: it is redirected to %q", i, location)
			}
		}
	})
}
