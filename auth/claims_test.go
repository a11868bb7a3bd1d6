package auth

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestClaimsAreReadExactly(t *testing.T) {
	t.Parallel()
	c, err := testVerifier().session(t.Context(), mint(t, withClaim("aud", []string{"a", "b"}),
		withClaim("SID", "sess_other"), withClaim("Sub", "user_other")))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]any{
		"iss": c.Issuer(), "sub": c.Subject(), "sid": c.SessionID(), "jti": c.ID(), "azp": c.AuthorizedParty(),
		"sts": c.Status(), "aud": c.Audience(), "v": c.Version(),
		"exp": c.ExpiresAt().UTC(), "iat": c.IssuedAt().UTC(), "nbf": c.NotBefore().UTC(),
	}
	want := map[string]any{
		"iss": testIssuer, "sub": testUser, "sid": testSession, "jti": "004f0096e5cd44911924", "azp": testParty,
		"sts": "active", "aud": []string{"a", "b"}, "v": 2,
		"exp": testNow.Add(time.Minute), "iat": testNow, "nbf": testNow.Add(-10 * time.Second),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}

func TestAbsentClaimsAreZero(t *testing.T) {
	t.Parallel()
	c := claimsOf(t, `{}`)
	if !c.ExpiresAt().IsZero() || !c.IssuedAt().IsZero() || !c.NotBefore().IsZero() {
		t.Error("a time is not zero")
	}
	if c.Issuer()+c.Subject()+c.SessionID()+c.ID()+c.AuthorizedParty()+c.Status() != "" || c.Audience() != nil || c.Actor() != nil {
		t.Error("a claim is not empty")
	}
	if c.Version() != 1 {
		t.Errorf("version is %d, want 1", c.Version())
	}
}

func TestFactorVerificationAge(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		minutes [2]float64
		ok      bool
	}{
		`[7,-1]`:    {[2]float64{7, -1}, true},
		`[0,0]`:     {[2]float64{0, 0}, true},
		`[-1,-1]`:   {[2]float64{-1, -1}, true},
		`[1.5,1e3]`: {[2]float64{1.5, 1000}, true},
		`[ 1 , 2 ]`: {[2]float64{1, 2}, true},
		`null`:      {}, `{}`: {}, `"7,-1"`: {}, `7`: {}, `[]`: {}, `[7]`: {}, `[7,-1,3]`: {},
		`["7","-1"]`: {}, `[7,null]`: {}, `[7,[1]]`: {}, `[-2,1]`: {}, `[1,-0.5]`: {}, `[1e400,1]`: {}, `[1,-1e400]`: {},
	}
	for fva, want := range tests {
		minutes, ok := claimsOf(t, `{"fva":`+fva+`}`).FactorVerificationAge()
		if minutes != want.minutes || ok != want.ok {
			t.Errorf("fva %s: got %v %t, want %v %t", fva, minutes, ok, want.minutes, want.ok)
		}
	}
	if minutes, ok := claimsOf(t, `{}`).FactorVerificationAge(); ok {
		t.Errorf("without fva: got %v, want no ages", minutes)
	}
}

func TestActor(t *testing.T) {
	t.Parallel()
	tests := map[string]*Actor{
		`{"sub":"user_2","iss":"https://x","sid":"sess_2","type":"agent"}`: {Issuer: "https://x", Subject: "user_2", SessionID: "sess_2", Type: "agent"},
		`{"sub":7}`: {}, `{}`: {}, `"user_2"`: {}, `[]`: {}, `true`: {},
		`null`: nil, `false`: nil, `""`: nil, `0`: nil,
	}
	for act, want := range tests {
		if diff := cmp.Diff(want, claimsOf(t, `{"act":`+act+`}`).Actor()); diff != "" {
			t.Errorf("act %s (-want +got):\n%s", act, diff)
		}
	}
}

func TestClaimsCannotBeChanged(t *testing.T) {
	t.Parallel()
	c := claimsOf(t, `{"v":2,"sub":"user_1","aud":["a"],"fea":"o:a","fva":[1,2],"act":{"sub":"user_2"},`+
		`"o":{"id":"org_1","per":"read","fpm":"1"}}`)
	raw := string(c.Raw())
	c.Raw()[2] = 'x'
	c.Audience()[0] = "b"
	c.OrganizationPermissions()[0] = "org:a:manage"
	c.Actor().Subject = "user_3"
	if got := string(c.Raw()); got != raw {
		t.Errorf("payload is %s, want %s", got, raw)
	}
	if c.Audience()[0] != "a" || c.OrganizationPermissions()[0] != "org:a:read" || c.Actor().Subject != "user_2" {
		t.Error("a change by one caller is visible to another")
	}
}

func TestCustomClaimsAreDecoded(t *testing.T) {
	t.Parallel()
	c, err := testVerifier().session(t.Context(), mint(t, withClaim("plan", "pro"), withClaim("big", json.RawMessage("9007199254740993"))))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Subject string      `json:"sub"`
		Plan    string      `json:"plan"`
		Big     json.Number `json:"big"`
	}
	if err := c.Decode(&got); err != nil {
		t.Fatal(err)
	}
	if got.Subject != testUser || got.Plan != "pro" || got.Big != "9007199254740993" {
		t.Errorf("got %+v", got)
	}
	var wrong struct {
		Plan int `json:"plan"`
	}
	if err := c.Decode(&wrong); err == nil || !strings.HasPrefix(err.Error(), "auth: ") || strings.Contains(err.Error(), `"pro"`) {
		t.Errorf("error is %v", err)
	}
}

// FuzzClaims compares the decoder with encoding/json, which is laxer: what the decoder
// accepts, encoding/json accepts too, with the same values.
func FuzzClaims(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"sub":"user_1","exp":1,"iat":1.5e3,"nbf":-0,"v":2,"aud":["a",1],"o":{"id":"\u006f\n"}}`,
		`{"iss":"\ud83d\ude00","azp":"\ud83d","x":[[{}]]}`, "{\"sub\":\"\xff\"}", `{"a":1,"a":2}`, `[1]`, ` { "fva" : [ 1 , 2 ] } `,
		`{"sub":"\"\\\/\b\f\n\r\t","org_id":"x","org_permissions":["a"],"act":{"sub":"b"},"exp":1e999}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		c, ok := decodeClaims(payload)
		if !ok {
			return
		}
		want := map[string]any{}
		decoder := json.NewDecoder(strings.NewReader(payload))
		decoder.UseNumber()
		if err := decoder.Decode(&want); err != nil || !json.Valid([]byte(payload)) {
			t.Fatalf("encoding/json refuses it: %v", err)
		}
		str := func(name string) string { s, _ := want[name].(string); return s }
		got := map[string]string{"iss": c.Issuer(), "sub": c.Subject(), "sid": c.SessionID(), "azp": c.AuthorizedParty(),
			"jti": c.ID(), "sts": c.Status(), "fea": c.features, "pla": c.plans}
		for name, s := range got {
			if s != str(name) {
				t.Errorf("%s is %q, want %q", name, s, str(name))
			}
		}
		for name, d := range map[string]numericDate{"exp": c.expiresAt, "iat": c.issuedAt, "nbf": c.notBefore} {
			wantDate(t, name, d, want)
		}
		organization, _ := want["o"].(map[string]any)
		id, _ := organization["id"].(string)
		if c.version == 1 {
			id = str("org_id")
		}
		if c.OrganizationID() != id {
			t.Errorf("organization is %q, want %q", c.OrganizationID(), id)
		}
		c.OrganizationPermissions()
		c.FactorVerificationAge()
		c.Actor()
		c.Audience()
		c.permissionsAmbiguous()
	})
}

func wantDate(t *testing.T, name string, got numericDate, claims map[string]any) {
	t.Helper()
	claim, present := claims[name]
	number, isNumber := claim.(json.Number)
	f, err := number.Float64()
	switch {
	case !present:
		if got.state != dateAbsent {
			t.Errorf("%s is %+v, want it absent", name, got)
		}
	case !isNumber || err != nil:
		if got.state != dateInvalid {
			t.Errorf("%s is %+v, want an invalid date", name, got)
		}
	case f > -1e15 && f < 1e15:
		if got.state != dateValid || got.seconds != int64(f) {
			t.Errorf("%s is %+v, want %v", name, got, f)
		}
	}
}
