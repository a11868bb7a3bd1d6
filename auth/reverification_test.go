package auth

import (
	"encoding/json"
	"testing"
	"time"
)

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
			t.Error("a token without fva is fresh")
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
		"zero age":                 {ReverifiedWithin(FirstFactor, 0), []int{0, 0}, false},
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

// The token says how old the verifications were when it was issued, and it may be old.
func TestReverificationAges(t *testing.T) {
	t.Parallel()
	now := testNow
	clock := WithClock(func() time.Time { return now })
	a := newTestAuthenticator(t, clock)
	for name, test := range map[string]struct {
		fva    []int
		issued time.Duration // before now
		want   bool          // within ten minutes
	}{
		"just issued":                    {[]int{0, 0}, 0, true},
		"almost ten minutes ago":         {[]int{0, 0}, 10*time.Minute - time.Second, true},
		"ten minutes ago":                {[]int{0, 0}, 10 * time.Minute, false},
		"a day ago":                      {[]int{0, 0}, 23 * time.Hour, false},
		"age and verification together":  {[]int{5, 5}, 5 * time.Minute, false},
		"seconds do not count":           {[]int{5, 5}, 4*time.Minute + 59*time.Second, true},
		"never stays never":              {[]int{-1, -1}, 0, false},
		"without a second factor":        {[]int{5, -1}, 4 * time.Minute, true},
		"without a second factor, later": {[]int{5, -1}, 5 * time.Minute, false},
		"issued a moment in the future":  {[]int{9, 9}, -4 * time.Second, true},
	} {
		token := mint(t, withClaims(map[string]any{"fva": test.fva, "iat": now.Add(-test.issued).Unix(), "nbf": nil, "exp": now.Unix() + 60}), withoutClaim("nbf"))
		caller := stateOf(t, a, newRequest(t, "/", withBearer(token))).Auth()
		for _, check := range []Check{Reverified(StrictMFA), ReverifiedWithin(MultiFactor, 10*time.Minute)} {
			if got := caller.Has(check); got != test.want {
				t.Errorf("%s: Has = %t, want %t", name, got, test.want)
			}
		}
	}
	if authFor(t, withClaim("fva", []int{0, 0}), withoutClaim("iat")).Has(Reverified(Lax)) {
		t.Error("a token that does not say when it was issued is fresh")
	}
	// The time counts at which the check is made.
	caller := stateOf(t, a, newRequest(t, "/", withBearer(mint(t, withClaims(map[string]any{"fva": []int{0, 0}, "iat": now.Unix(), "exp": now.Unix() + 3600}))))).Auth()
	fresh := caller.Has(Reverified(StrictMFA))
	now = now.Add(10 * time.Minute)
	if stale := caller.Has(Reverified(StrictMFA)); !fresh || stale {
		t.Errorf("at first Has = %t, ten minutes later %t", fresh, stale)
	}
}
