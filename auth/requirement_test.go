package auth

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"
)

// outcomeClass is what a requirement may come to, from the closest to passing.
type outcomeClass int

const (
	passes outcomeClass = iota
	isUndecided
	lacksReverification
	isForbidden
	isUnauthenticated
)

func classOf(tb testing.TB, err error) outcomeClass {
	tb.Helper()
	switch {
	case err == nil:
		return passes
	case errors.Is(err, ErrVerificationUnavailable):
		return isUndecided
	case errors.Is(err, ErrReverification):
		return lacksReverification
	case errors.Is(err, ErrForbidden):
		return isForbidden
	case errors.Is(err, ErrUnauthenticated):
		return isUnauthenticated
	}
	tb.Fatalf("error is %v", err)
	return 0
}

// rule is a tree of requirements: a leaf, or AnyOf or AllOf of others.
type rule struct {
	leaf outcomeClass
	any  bool
	of   []rule
}

// outcome is the model: what AnyOf and AllOf come to.
func (x rule) outcome() outcomeClass {
	worst := passes
	best := isUnauthenticated
	for _, part := range x.of {
		o := part.outcome()
		best = min(best, o)
		switch {
		case worst >= isForbidden: // the first final one stays
		case o >= isForbidden, worst == passes, o == isUndecided:
			worst = o
		}
	}
	switch {
	case len(x.of) == 0:
		return x.leaf
	case x.any:
		return best
	default:
		return worst
	}
}

// requirement returns a leaf as a requirement that comes to it for the caller of
// everyOutcome. In AllOf its types must not narrow those of its neighbours.
func (x rule) requirement() Requirement {
	if len(x.of) == 0 {
		return AnyOf(map[outcomeClass]Requirement{
			passes:              Accepts(SessionToken),
			isUndecided:         Accepts(APIKey),
			lacksReverification: AllOf(Accepts(SessionToken), Reverified(StrictMFA)),
			isForbidden:         AllOf(Accepts(SessionToken), Role("org:none")),
			isUnauthenticated:   Accepts(M2MToken),
		}[x.leaf])
	}
	var parts []Requirement
	for _, part := range x.of {
		parts = append(parts, part.requirement())
	}
	if x.any {
		return AnyOf(parts...)
	}
	return AllOf(parts...)
}

// everyOutcome returns a caller for whom requirements come to every outcome at once, which
// no request brings about: with a session, and an API key that cannot be verified.
func everyOutcome(t testing.TB) *Auth {
	a := newTestAuthenticator(t, everyTypeButKeys())
	rec := newRecord(a)
	rec.claims = authFor(t, withClaim("fva", []int{99, -1})).record.claims
	rec.tokenType, rec.err = APIKey, ErrVerificationUnavailable
	return newAuth(rec, newAuthOptions([]AuthOption{anyType}))
}

func checkRule(t testing.TB, caller *Auth, x rule) {
	t.Helper()
	if got := classOf(t, Authorize(t.Context(), caller, x.requirement())); got != x.outcome() {
		t.Errorf("%+v comes to %d, want %d", x, got, x.outcome())
	}
}

func TestAnyOfAndAllOfInEveryOrder(t *testing.T) {
	t.Parallel()
	caller := everyOutcome(t)
	all := []outcomeClass{passes, isUndecided, lacksReverification, isForbidden, isUnauthenticated}
	for _, x := range all {
		checkRule(t, caller, rule{leaf: x})
		for _, y := range all {
			for _, any := range []bool{false, true} {
				checkRule(t, caller, rule{any: any, of: []rule{{leaf: x}, {leaf: y}}})
				for _, z := range all {
					checkRule(t, caller, rule{any: any, of: []rule{{leaf: x}, {leaf: y}, {leaf: z}}})
				}
			}
		}
	}
}

// randomRule draws a tree of at most that depth.
func randomRule(draw func(n int) int, depth int) rule {
	if depth == 0 || draw(4) == 0 {
		return rule{leaf: outcomeClass(draw(5))}
	}
	x := rule{any: draw(2) == 0}
	for range 1 + draw(3) {
		x.of = append(x.of, randomRule(draw, depth-1))
	}
	return x
}

func TestTreesOfRequirements(t *testing.T) {
	t.Parallel()
	caller := everyOutcome(t)
	random := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		checkRule(t, caller, randomRule(random.IntN, 3))
	}
}

func FuzzTreesOfRequirements(f *testing.F) {
	caller := everyOutcome(f)
	f.Add([]byte("\x01\x00\x02\x00\x01\x00\x03"))
	f.Fuzz(func(t *testing.T, choices []byte) {
		draw := func(n int) int {
			if len(choices) == 0 {
				return 0
			}
			c := choices[0]
			choices = choices[1:]
			return int(c) % n
		}
		checkRule(t, caller, randomRule(draw, 3))
	})
}

// What AnyOf says about types holds in its branches, and the handler gets whoever passed.
func TestAcceptsHoldsInItsBranch(t *testing.T) {
	t.Parallel()
	a := newMachineBackend(t, http.StatusOK, "").authenticator(t, everyType())
	admin := mint(t, withClaims(map[string]any{"v": 1, "org_id": "org_1", "org_role": "admin"}))
	protect := a.Require(AnyOf(
		AllOf(Accepts(SessionToken), Role("org:admin")),
		AllOf(Accepts(APIKey), Scope("read")),
	))
	narrowed := a.Require(Accepts(APIKey), AnyOf(Scope("read"), AllOf(Accepts(APIKey, SessionToken), Scope("write"))))
	for name, test := range map[string]struct {
		protect func(http.Handler) http.Handler
		token   string
		status  int
		kind    TokenType
	}{
		"first branch":                       {protect, admin, http.StatusOK, SessionToken},
		"second branch":                      {protect, "ak_1", http.StatusOK, APIKey},
		"session without the role":           {protect, mint(t), http.StatusForbidden, ""},
		"type of no branch":                  {protect, "mt_1", http.StatusUnauthorized, ""},
		"narrowed outside":                   {narrowed, "ak_1", http.StatusOK, APIKey},
		"accepted inside, but not outside":   {narrowed, admin, http.StatusUnauthorized, ""},
		"without Accepts it is for sessions": {a.Require(AnyOf(Role("org:admin"), AllOf(Accepts(M2MToken), Scope("mch_2")))), "ak_1", http.StatusUnauthorized, ""},
	} {
		got, resp := callThrough(t, test.protect, newRequest(t, "/", withBearer(test.token)))
		if resp.StatusCode != test.status || (got != nil) != (test.status == http.StatusOK) {
			t.Errorf("%s: status %d, the handler got %v", name, resp.StatusCode, got)
		}
		if got != nil && (got.TokenType != test.kind || !got.IsAuthenticated() || got.Subject == "" && got.UserID == "") {
			t.Errorf("%s: the handler got %v", name, got)
		}
	}
	_, resp := callThrough(t, protect, newRequest(t, "/", withBearer("mt_1")))
	if want := "the token is of type m2m_token, and this endpoint takes session_token or api_key"; resp.Header.Get(headerMessage) != want {
		t.Errorf("the message is %q, want %q", resp.Header.Get(headerMessage), want)
	}
}

func TestIfIsAskedAboutWhoIsAuthenticated(t *testing.T) {
	t.Parallel()
	a := newMachineBackend(t, http.StatusOK, "").authenticator(t, everyType())
	var asked []string
	own := func(want string) Requirement {
		return If(func(a *Auth) bool {
			asked = append(asked, fmt.Sprintf("%s %s %t", a.UserID, a.ID, a.IsAuthenticated()))
			return a.UserID == want
		})
	}
	for name, test := range map[string]struct {
		reqs    []Requirement
		request requestOption
		status  int
		asked   []string
	}{
		"true":                  {[]Requirement{own(testUser)}, withBearer(mint(t)), http.StatusOK, []string{testUser + "  true"}},
		"false":                 {[]Requirement{own("user_x")}, withBearer(mint(t)), http.StatusForbidden, []string{testUser + "  true"}},
		"guest":                 {[]Requirement{own("")}, withField("X", ""), http.StatusUnauthorized, nil},
		"pending":               {[]Requirement{own(testUser)}, withBearer(mint(t, withClaim("sts", "pending"))), http.StatusUnauthorized, nil},
		"machine that may come": {[]Requirement{Accepts(APIKey), own("user_1")}, withBearer("ak_1"), http.StatusOK, []string{"user_1 ak_id true"}},
		"machine that may not":  {[]Requirement{own("user_1")}, withBearer("ak_1"), http.StatusUnauthorized, nil},
		"other branch":          {[]Requirement{AnyOf(own("user_x"), Accepts(SessionToken))}, withBearer(mint(t)), http.StatusOK, []string{testUser + "  true"}},
	} {
		asked = nil
		resp := serve(t, a.Require(test.reqs...)(inspect(nil)), newRequest(t, "/", test.request))
		if resp.StatusCode != test.status || !slices.Equal(asked, test.asked) {
			t.Errorf("%s: status %d, asked about %q", name, resp.StatusCode, asked)
		}
	}
}

// Without set-up, what nobody can meet denies.
func TestRequirementsThatNobodyCanMeetDeny(t *testing.T) {
	t.Parallel()
	caller := authFor(t)
	for name, req := range map[string]Requirement{
		"nil": nil, "zero check": Check{}, "nil check": (*Check)(nil), "nil types": (*AcceptedTypes)(nil), "AnyOf": AnyOf(), "AllOf": AllOf(),
		"If": If(nil), "empty role": Role(""), "preset": Reverified("x"), "level": ReverifiedWithin("x", time.Hour), "no types": Accepts(),
		"AnyOf nil": AnyOf(nil), "AllOf nil": AllOf(nil), "path": OrganizationOfPath(),
	} {
		if err := Authorize(t.Context(), caller, req); !errors.Is(err, ErrForbidden) && !errors.Is(err, ErrUnauthenticated) {
			t.Errorf("%s: error is %v", name, err)
		}
		if err := Authorize(t.Context(), caller, Feature("x"), AnyOf(req, nil)); err == nil {
			t.Errorf("%s beside others passes", name)
		}
	}
	for name, a := range map[string]*Auth{"nil": nil, "hand-made": {UserID: "user_1"}} {
		if err := Authorize(t.Context(), a); !errors.Is(err, ErrUnauthenticated) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}
