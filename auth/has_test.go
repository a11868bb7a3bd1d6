package auth

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"
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
		"version of the future":             {claims: with(version2, "v", 3), checks: []Check{Role("admin")}},
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

// What a version 2 token says in a form that cannot be read grants nothing, and takes
// nothing from what can be read.
func TestHasDeniesWhatTheTokenDoesNotSay(t *testing.T) {
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
		"v of the future":             {v: 3, denied: "a:read"},
		"all of it well-formed":       {denied: "c:read", granted: "a:manage"},
		"fea that is not a string":    {fea: []string{"o:a"}, denied: "a:read"},
		"masks that are no string":    {o: good("fpm", 3), denied: "a:read"},
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
		"both's":                     {checks: []Check{Feature("o:chat"), Feature("u:chat")}, want: true},
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

func TestHasChecksReverification(t *testing.T) {
	t.Parallel()
	const never = -1
	all := map[Level]bool{FirstFactor: true, SecondFactor: true, MultiFactor: true}
	tests := map[string]struct {
		fva  any
		want map[Level]bool // within ten minutes
	}{
		"no second factor, first fresh": {fva: []int{9, never}, want: all},
		"no second factor, first stale": {fva: []int{10, never}},
		"no first factor, second fresh": {fva: []int{never, 9}, want: map[Level]bool{SecondFactor: true}},
		"no first factor, second stale": {fva: []int{never, 10}},
		"both fresh":                    {fva: []int{0, 9}, want: all},
		"first stale":                   {fva: []int{10, 9}, want: map[Level]bool{SecondFactor: true}},
		"second stale":                  {fva: []int{9, 10}, want: map[Level]bool{FirstFactor: true}},
		"both stale":                    {fva: []int{10, 10}},
		"fractions":                     {fva: []float64{9.9, 9.9}, want: all},
		"no factor":                     {fva: []int{never, never}},
		"strings":                       {fva: []string{"0", "0"}},
		"one item":                      {fva: []int{0}},
		"three items":                   {fva: []int{0, 0, 0}},
		"first negative":                {fva: []int{-2, 0}},
		"second negative":               {fva: []float64{0, -0.5}},
		"infinite":                      {fva: json.RawMessage(`[1e400,0]`)},
		"null":                          {fva: nil},
		"an object":                     {fva: map[string]int{"0": 0, "1": 0}},
	}
	for name, test := range tests {
		a := authFor(t, withClaim("fva", test.fva))
		for _, level := range []Level{FirstFactor, SecondFactor, MultiFactor} {
			t.Run(string(level)+"/"+name, func(t *testing.T) {
				if got := a.Has(ReverifiedWithin(level, 10*time.Minute)); got != test.want[level] {
					t.Errorf("Has = %t, want %t", got, test.want[level])
				}
			})
		}
	}
	t.Run("missing", func(t *testing.T) {
		if authFor(t, withoutClaim("fva")).Has(Reverified(Lax)) {
			t.Error("a token that does not tell is fresh")
		}
	})
}

func TestHasChecksPresets(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		check Check
		fva   []int
		want  bool
	}{
		"strict MFA":               {Reverified(StrictMFA), []int{9, 9}, true},
		"strict MFA, first stale":  {Reverified(StrictMFA), []int{10, 9}, false},
		"strict MFA, second stale": {Reverified(StrictMFA), []int{9, 10}, false},
		"strict":                   {Reverified(Strict), []int{10, 9}, true},
		"strict, stale":            {Reverified(Strict), []int{9, 10}, false},
		"moderate":                 {Reverified(Moderate), []int{99, 59}, true},
		"moderate, stale":          {Reverified(Moderate), []int{99, 60}, false},
		"lax":                      {Reverified(Lax), []int{9999, 1439}, true},
		"lax, stale":               {Reverified(Lax), []int{0, 1440}, false},
		"unknown preset":           {Reverified("strictest"), []int{0, 0}, false},
		"unknown level":            {ReverifiedWithin("third_factor", time.Hour), []int{0, 0}, false},
		"age of nothing":           {ReverifiedWithin(FirstFactor, 0), []int{0, 0}, false},
		"negative age":             {ReverifiedWithin(FirstFactor, -time.Minute), []int{0, 0}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := authFor(t, withClaim("fva", test.fva)).Has(test.check); got != test.want {
				t.Errorf("Has = %t, want %t", got, test.want)
			}
		})
	}
}

func TestHasOfNobody(t *testing.T) {
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
