package auth

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// panicOf returns what a call panics with, or "".
func panicOf(call func()) (text string) {
	defer func() {
		if p := recover(); p != nil {
			text = fmt.Sprint(p)
		}
	}()
	call()
	return ""
}

// Requirements that nobody can satisfy are a mistake of the program, which shows when its
// routes are set up.
func TestRequirePanicsForWhatNobodyCanSatisfy(t *testing.T) {
	t.Parallel()
	var nilCheck *Check
	var nilTypes *AcceptedTypes
	sessions := newTestAuthenticator(t)
	both := newTestAuthenticator(t, WithAcceptedTokens(SessionToken, M2MToken))
	machines := newTestAuthenticator(t, WithAcceptedTokens(M2MToken, OAuthToken))
	for name, test := range map[string]struct {
		a    *Authenticator
		reqs []Requirement
		want string
	}{
		"nil":                             {sessions, []Requirement{nil}, "nil or zero"},
		"nil beside a good one":           {sessions, []Requirement{Role("org:admin"), nil}, "nil or zero"},
		"nil check":                       {sessions, []Requirement{nilCheck}, "nil or zero"},
		"zero check":                      {sessions, []Requirement{Check{}}, "nil or zero"},
		"pointer to a zero check":         {sessions, []Requirement{new(Check)}, "nil or zero"},
		"nil types":                       {sessions, []Requirement{nilTypes}, "Accepts names no type"},
		"no types":                        {sessions, []Requirement{Accepts()}, "Accepts names no type"},
		"types that do not exist":         {sessions, []Requirement{Accepts("any")}, "Accepts names no type"},
		"types that are not accepted":     {sessions, []Requirement{Accepts(APIKey, M2MToken)}, "which is session_token: WithAcceptedTokens or CLERK_ACCEPTED_TOKENS"},
		"types with nothing in common":    {both, []Requirement{Accepts(SessionToken), Accepts(M2MToken)}, "Accepts names no type"},
		"role without a name":             {sessions, []Requirement{Role("")}, `Role(""): the name is empty`},
		"permission without a name":       {sessions, []Requirement{Permission("")}, `Permission("")`},
		"feature without a name":          {sessions, []Requirement{Feature("")}, `Feature("")`},
		"plan without a name":             {sessions, []Requirement{Plan("")}, `Plan("")`},
		"role, prefix alone":              {sessions, []Requirement{Role("org:")}, `Role("org:"): the name is empty`},
		"permission, prefixes alone":      {sessions, []Requirement{Permission("org:org:")}, `Permission("org:org:"): the name is empty`},
		"feature, prefix alone":           {sessions, []Requirement{Feature("user:")}, `Feature("user:"): the name is empty`},
		"feature of nobody":               {sessions, []Requirement{Feature("team:x")}, `Feature("team:x"): its prefix is neither org nor user`},
		"plan of nobody":                  {sessions, []Requirement{Plan(":pro")}, `Plan(":pro"): its prefix is neither org nor user`},
		"scope without a name":            {both, []Requirement{Accepts(M2MToken), Scope("")}, `Scope("")`},
		"preset that does not exist":      {sessions, []Requirement{Reverified("x")}, `Reverified("x"): the preset does not exist`},
		"level that does not exist":       {sessions, []Requirement{ReverifiedWithin("x", time.Hour)}, `ReverifiedWithin("x", 1h0m0s)`},
		"age of nothing":                  {sessions, []Requirement{ReverifiedWithin(FirstFactor, 0)}, "not positive"},
		"scope without machines":          {sessions, []Requirement{Scope("read")}, `Scope("read") is for machines`},
		"scope, machines not named":       {both, []Requirement{Scope("read")}, "add Accepts"},
		"role without sessions":           {both, []Requirement{Accepts(M2MToken), Role("admin")}, `Role("admin") is for sessions, and the endpoint takes only m2m_token`},
		"reverification without sessions": {both, []Requirement{Accepts(M2MToken), Reverified(Lax)}, "is for sessions"},
		"role and scope":                  {both, []Requirement{Accepts(SessionToken, M2MToken), Role("admin"), Scope("read")}, "nobody is both"},
		"nothing, without sessions":       {machines, nil, "the Authenticator accepts m2m_token or oauth_token"},
		"AnyOf of nothing":                {sessions, []Requirement{AnyOf()}, "AnyOf(): it has no requirements"},
		"AllOf of nothing":                {sessions, []Requirement{AllOf()}, "AllOf(): it has no requirements"},
		"AllOf with nil":                  {sessions, []Requirement{AllOf(Role("a"), nil)}, "nil or zero"},
		"If of nothing":                   {sessions, []Requirement{If(nil)}, "If(nil): the function is nil"},
		"AnyOf with nil":                  {sessions, []Requirement{AnyOf(Role("a"), nil)}, "requirement 2 of AnyOf: a requirement is nil or zero"},
		"AnyOf with an empty name":        {sessions, []Requirement{AnyOf(Role("a"), Plan(""))}, `requirement 2 of AnyOf: Plan("")`},
		"AnyOf within AnyOf":              {sessions, []Requirement{AnyOf(Role("a"), AnyOf(Plan("p"), AnyOf()))}, "requirement 2 of AnyOf: requirement 2 of AnyOf: AnyOf()"},
		"branch with types not accepted":  {sessions, []Requirement{AnyOf(Role("a"), Accepts(APIKey))}, "requirement 2 of AnyOf: Accepts names no type"},
		"branch with a scope of sessions": {both, []Requirement{AnyOf(Role("a"), Scope("s"))}, "requirement 2 of AnyOf: Scope"},
		"branch narrowed to nothing":      {both, []Requirement{Accepts(SessionToken), AnyOf(Role("a"), Accepts(M2MToken))}, "requirement 2 of AnyOf: Accepts names no type"},
		"branch for machines beside role": {both, []Requirement{Role("a"), AnyOf(Role("b"), AllOf(Accepts(M2MToken), Scope("s")))}, "requirement 2 of AnyOf takes m2m_token, and what is required beside AnyOf only session_token"},
		"one AnyOf for each":              {both, []Requirement{AnyOf(Accepts(SessionToken)), AnyOf(Accepts(M2MToken))}, "requirement 1 of AnyOf takes m2m_token"},
		"branch without sessions":         {machines, []Requirement{AnyOf(Accepts(M2MToken), Role("a"))}, "requirement 2 of AnyOf: without Accepts"},
		"role and scope in AllOf":         {both, []Requirement{Accepts(SessionToken, M2MToken), AllOf(Role("a"), AllOf(Scope("s")))}, "nobody is both"},
		"path without patterns":           {sessions, []Requirement{OrganizationOfPath()}, "WithOrganizationPatterns or CLERK_ORGANIZATION_PATTERNS"},
		"path in a branch":                {sessions, []Requirement{AnyOf(Role("a"), OrganizationOfPath())}, "requirement 2 of AnyOf: OrganizationOfPath"},
		"role, without sessions":          {machines, []Requirement{Role("admin")}, "without Accepts"},
	} {
		got := panicOf(func() { test.a.Require(test.reqs...) })
		if !strings.HasPrefix(got, "auth: Require: ") || !strings.Contains(got, test.want) {
			t.Errorf("%s: panic %q, want %q in it", name, got, test.want)
		}
		// What is not caught at set-up denies all the same.
		if (Check{}).holds(authFor(t)) {
			t.Error("a zero check holds")
		}
	}
}

func TestRequireTakesWhatSomebodyCanSatisfy(t *testing.T) {
	t.Parallel()
	sessions := newTestAuthenticator(t)
	both := newTestAuthenticator(t, WithAcceptedTokens(SessionToken, M2MToken))
	machines := newTestAuthenticator(t, WithAcceptedTokens(M2MToken))
	for name, test := range map[string]struct {
		a    *Authenticator
		reqs []Requirement
	}{
		"nothing":                       {sessions, nil},
		"checks of sessions":            {sessions, []Requirement{Role("admin"), Permission("a:b"), Feature("f"), Plan("p"), Reverified(Strict), ReverifiedWithin(FirstFactor, time.Minute)}},
		"either":                        {both, []Requirement{Accepts(SessionToken, M2MToken)}},
		"role, where machines may come": {both, []Requirement{Accepts(SessionToken, M2MToken), Role("admin")}},
		"scope":                         {both, []Requirement{Accepts(M2MToken), Scope("read")}},
		"one accepted type of two":      {sessions, []Requirement{Accepts(SessionToken, APIKey)}},
		"machines alone":                {machines, []Requirement{Accepts(M2MToken), Scope("read")}},
		"branches of both kinds":        {both, []Requirement{AnyOf(AllOf(Accepts(SessionToken), Role("a")), AllOf(Accepts(M2MToken), Scope("s")))}},
		"branch for either":             {both, []Requirement{Accepts(SessionToken, M2MToken), AnyOf(Role("a"), Scope("s"))}},
		"beside what holds for both":    {both, []Requirement{If(func(*Auth) bool { return true }), AnyOf(Role("a"), AllOf(Accepts(M2MToken), Scope("s")))}},
		"path":                          {newTestAuthenticator(t, WithOrganizationPatterns("/o/:id")), []Requirement{OrganizationOfPath(), Role("a")}},
		"path of a person":              {newTestAuthenticator(t, WithPersonalAccountPatterns("/me")), []Requirement{AnyOf(OrganizationOfPath())}},
		"no Authenticator":              {nil, []Requirement{nil}},
		"zero Authenticator":            {new(Authenticator), []Requirement{Role("")}},
	} {
		if got := panicOf(func() { test.a.Require(test.reqs...)(http.NotFoundHandler()) }); got != "" {
			t.Errorf("%s: panic %q", name, got)
		}
	}
}
