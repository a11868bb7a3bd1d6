package auth

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"
)

func TestHasChecksTheActiveOrganization(t *testing.T) {
	t.Parallel()
	version1 := map[string]any{"v": 1, "org_id": "org_1", "org_role": "admin", "org_permissions": []string{"org:reports:read", "org:org:odd:read", "bare:read"}}
	version2 := map[string]any{"fea": "o:reports,u:dashboard,uo:chat", "o": map[string]any{"id": "org_1", "rol": "admin", "per": "read,manage", "fpm": "2,3"}}
	with := func(claims map[string]any, name string, v any) map[string]any {
		changed := maps.Clone(claims)
		changed[name] = v
		return changed
	}
	tests := map[string]struct {
		claims map[string]any
		checks []Check
		want   bool
	}{
		"no checks":                         {claims: version1},
		"zero check":                        {claims: version1, checks: []Check{{}}},
		"zero check beside a good one":      {claims: version1, checks: []Check{Role("admin"), {}}},
		"role":                              {claims: version1, checks: []Check{Role("org:admin")}, want: true},
		"role, no prefix":                   {claims: version1, checks: []Check{Role("admin")}, want: true},
		"role, prefix twice":                {claims: version1, checks: []Check{Role("org:org:admin")}, want: true},
		"role, another":                     {claims: version1, checks: []Check{Role("org:member")}},
		"role, another case":                {claims: version1, checks: []Check{Role("org:Admin")}},
		"role, empty":                       {claims: version1, checks: []Check{Role("")}},
		"role, empty, of a token without":   {claims: with(version1, "org_role", ""), checks: []Check{Role("")}},
		"role, prefix alone, token without": {claims: with(version1, "org_role", ""), checks: []Check{Role("org:")}},
		"role, no organization":             {claims: map[string]any{"v": 1, "org_role": "admin"}, checks: []Check{Role("admin")}},
		"role, version 2":                   {claims: version2, checks: []Check{Role("org:admin")}, want: true},
		"role, version 2, prefix in claim":  {claims: with(version2, "o", map[string]any{"id": "org_1", "rol": "org:admin"}), checks: []Check{Role("admin")}, want: true},
		"permission":                        {claims: version1, checks: []Check{Permission("org:reports:read")}, want: true},
		"permission, no prefix":             {claims: version1, checks: []Check{Permission("reports:read")}, want: true},
		"permission, another":               {claims: version1, checks: []Check{Permission("org:reports:manage")}},
		"permission, claim is not changed":  {claims: version1, checks: []Check{Permission("org:org:odd:read")}},
		"permission, claim has no prefix":   {claims: version1, checks: []Check{Permission("bare:read")}},
		"permission, empty":                 {claims: version1, checks: []Check{Permission("")}},
		"permission, system":                {claims: version1, checks: []Check{Permission("org:sys_memberships:read")}},
		"permission, no organization":       {claims: map[string]any{"v": 1, "org_permissions": []string{"org:reports:read"}}, checks: []Check{Permission("reports:read")}},
		"permission, version 2":             {claims: version2, checks: []Check{Permission("reports:manage"), Permission("chat:read")}, want: true},
		"permission, bit not set":           {claims: version2, checks: []Check{Permission("reports:read")}},
		"permission, the user's feature":    {claims: version2, checks: []Check{Permission("dashboard:read")}},
		"permission, features malformed":    {claims: with(version2, "fea", "reports,chat"), checks: []Check{Permission("reports:manage")}},
		"permission, mask negative":         {claims: with(version2, "o", map[string]any{"id": "org_1", "per": "read", "fpm": "-1"}), checks: []Check{Permission("reports:read")}},
		"role and permission":               {claims: version1, checks: []Check{Role("admin"), Permission("reports:read")}, want: true},
		"role, not permission":              {claims: version1, checks: []Check{Role("admin"), Permission("reports:manage")}},
		"version that is a string":          {claims: with(version2, "v", "2"), checks: []Check{Role("admin")}},
		"version unknown":                   {claims: with(version2, "v", 3), checks: []Check{Role("admin")}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := authFor(t, withClaims(test.claims)).Has(test.checks...); got != test.want {
				t.Errorf("Has = %t, want %t", got, test.want)
			}
		})
	}
}

// A part of a version 2 token that cannot be read grants nothing, and the other parts
// stay valid.
func TestHasDeniesWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	type org = map[string]any
	good := func(pairs ...any) org {
		o := org{"id": "org_1", "rol": "admin", "per": "read,manage", "fpm": "3,3"}
		for i := 0; i < len(pairs); i += 2 {
			o[pairs[i].(string)] = pairs[i+1]
		}
		return o
	}
	tests := map[string]struct {
		fea, o, v any
		denied    string
		granted   string // beside it
	}{
		"feature without a colon":     {fea: "a,o:b", denied: "b:read"},
		"scope unknown":               {fea: "x:a,o:b", denied: "a:read", granted: "b:read"},
		"user's feature before":       {fea: "u:a,o:b,o:c", o: good("fpm", "1,2"), denied: "b:manage", granted: "c:manage"},
		"user's feature":              {fea: "u:a,o:b,o:c", denied: "a:read", granted: "b:read"},
		"fewer masks":                 {o: good("fpm", "3"), denied: "b:read", granted: "a:read"},
		"more masks":                  {o: good("fpm", "1,1,3"), denied: "b:manage", granted: "b:read"},
		"mask negative":               {o: good("fpm", "-1,3"), denied: "a:read", granted: "b:read"},
		"mask with an exponent":       {o: good("fpm", "1e3,3"), denied: "a:read", granted: "b:read"},
		"mask of 200 digits":          {o: good("fpm", "1"+strings.Repeat("0", 199)+",3"), denied: "a:read", granted: "b:read"},
		"per empty":                   {o: good("per", ""), denied: "a:"},
		"per absent":                  {o: good("per", nil), denied: "a:read"},
		"o null":                      {o: json.RawMessage("null"), denied: "a:read"},
		"v a string":                  {v: "2", denied: "a:read"},
		"v unknown":                   {v: 3, denied: "a:read"},
		"well-formed":                 {denied: "c:read", granted: "a:manage"},
		"fea that is not a string":    {fea: []string{"o:a"}, denied: "a:read"},
		"masks that are not a string": {o: good("fpm", 3), denied: "a:read"},
		"organization without its id": {o: good("id", nil), denied: "a:read"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			claims := map[string]any{"fea": "o:a,o:b", "o": good(), "v": 2}
			for claim, v := range map[string]any{"fea": test.fea, "o": test.o, "v": test.v} {
				if v != nil {
					claims[claim] = v
				}
			}
			a := authFor(t, withClaims(claims))
			if a.Has(Permission(test.denied)) {
				t.Errorf("%s is granted", test.denied)
			}
			if test.granted != "" && !a.Has(Permission(test.granted)) {
				t.Errorf("%s is denied", test.granted)
			}
		})
	}
}

func TestHasChecksFeaturesAndPlans(t *testing.T) {
	t.Parallel()
	claims := map[string]any{"fea": "o:reports, u:dashboard,uo:chat,x:odd,o:org", "pla": "u:free,o:pro"}
	tests := map[string]struct {
		claims map[string]any
		checks []Check
		want   bool
	}{
		"the organization's":         {checks: []Check{Feature("reports")}, want: true},
		"the user's":                 {checks: []Check{Feature("dashboard")}, want: true},
		"both":                       {checks: []Check{Feature("o:chat"), Feature("u:chat")}, want: true},
		"scope o":                    {checks: []Check{Feature("o:reports")}, want: true},
		"scope org":                  {checks: []Check{Feature("org:reports")}, want: true},
		"scope organization":         {checks: []Check{Feature("organization:reports")}, want: true},
		"scope u":                    {checks: []Check{Feature("u:dashboard")}, want: true},
		"scope user":                 {checks: []Check{Feature("user:dashboard")}, want: true},
		"scope of the other":         {checks: []Check{Feature("user:reports")}},
		"scope that does not exist":  {checks: []Check{Feature("x:odd")}},
		"claimed scope unknown":      {checks: []Check{Feature("odd")}},
		"empty scope":                {checks: []Check{Feature(":reports")}},
		"empty id is the scope":      {checks: []Check{Feature("org:")}, want: true},
		"a second colon is dropped":  {checks: []Check{Feature("o:reports:x")}, want: true},
		"another":                    {checks: []Check{Feature("export")}},
		"empty":                      {checks: []Check{Feature("")}},
		"plan":                       {checks: []Check{Plan("pro")}, want: true},
		"plan of the user":           {checks: []Check{Plan("user:free")}, want: true},
		"plan of the other":          {checks: []Check{Plan("user:pro")}},
		"plan is not a feature":      {checks: []Check{Feature("pro")}},
		"feature and plan":           {checks: []Check{Feature("reports"), Plan("pro")}, want: true},
		"feature, not plan":          {checks: []Check{Feature("reports"), Plan("max")}},
		"no claim":                   {claims: map[string]any{"v": 2}, checks: []Check{Feature("reports")}},
		"empty claim":                {claims: map[string]any{"fea": ""}, checks: []Check{Feature("")}},
		"claim with an empty id":     {claims: map[string]any{"fea": "o:"}, checks: []Check{Feature("")}},
		"claim that is not a string": {claims: map[string]any{"fea": []string{"o:reports"}}, checks: []Check{Feature("reports")}},
		"one entry without a colon":  {claims: map[string]any{"fea": "o:reports,chat"}, checks: []Check{Feature("reports")}},
		"version 1 has them as well": {claims: map[string]any{"v": 1, "fea": "u:dashboard"}, checks: []Check{Feature("dashboard")}, want: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.claims == nil {
				test.claims = claims
			}
			if got := authFor(t, withClaims(test.claims)).Has(test.checks...); got != test.want {
				t.Errorf("Has = %t, want %t", got, test.want)
			}
		})
	}
}

func TestHasWithoutASession(t *testing.T) {
	t.Parallel()
	claims := map[string]any{"v": 1, "org_id": "org_1", "org_role": "admin"}
	pending := stateOf(t, newTestAuthenticator(t), newRequest(t, "/", withBearer(mint(t, withClaims(claims), withClaim("sts", "pending")))))
	for name, a := range map[string]*Auth{
		"nil": nil, "zero": {}, "hand-made": {UserID: testUser, OrganizationID: "org_1", OrganizationRole: "org:admin"},
		"pending": pending.Auth(), "without middleware": FromContext(t.Context()),
	} {
		t.Run(name, func(t *testing.T) {
			if a.Has(Role("admin")) {
				t.Error("Has = true")
			}
		})
	}
	if !pending.Auth(AllowPending()).Has(Role("admin")) {
		t.Error("a pending session that is allowed has no role")
	}
}

// A machine's token satisfies no checks but those of its scopes.
func TestHasOfMachines(t *testing.T) {
	t.Parallel()
	a := newMachineBackend(t, http.StatusOK, "").authenticator(t, everyType())
	sessionClaims := withClaims(map[string]any{
		"v": 1, "org_id": "org_1", "org_role": "org:admin", "org_permissions": []string{"org:a:b"}, "fea": "u:x", "pla": "u:y", "fva": []int{0, 0}, "scopes": "read", "scope": "read", "scp": []string{"read"},
	})
	sessionChecks := map[string]Check{
		"role": Role("org:admin"), "permission": Permission("org:a:b"), "feature": Feature("x"), "plan": Plan("y"),
		"reverification": Reverified(Lax), "own reverification": ReverifiedWithin(FirstFactor, 3600e9), "zero": {},
	}
	for _, token := range []string{"ak_1", m2mJWT(t, sessionClaims), oauthJWT(t, sessionClaims)} {
		got, err := a.AuthenticateToken(t.Context(), token, anyType)
		if err != nil {
			t.Fatal(err)
		}
		for name, check := range sessionChecks {
			if got.Has(check) || got.Has(Scope("read"), check) || got.Has(check, Scope("read")) {
				t.Errorf("%s: %s holds", got.TokenType, name)
			}
		}
		if !got.Has(Scope("read")) || got.Has(Scope("read"), Scope("delete")) || got.Has(Scope("")) || got.Has(Scope("rea")) || got.Has() {
			t.Errorf("%s: its scopes are %q", got.TokenType, got.Scopes)
		}
	}
	session, err := a.AuthenticateToken(t.Context(), mint(t, sessionClaims))
	if err != nil || session.Has(Scope("read")) || !session.Has(Role("admin")) {
		t.Errorf("a session has a scope, %v", err)
	}
	narrowed := FromContext(NewContext(t.Context(), session), Accepts(APIKey))
	if narrowed.Has(Role("admin")) || narrowed.Has(Scope("read")) {
		t.Error("a session has a role where only API keys are accepted")
	}
}
