package auth

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/auth/internal/tokencache"
)

func heap() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// unsigned returns the i-th of many tokens of 1,200 bytes that nobody signed.
func unsigned(i int, header string) string {
	payload := fmt.Sprintf(`{"azp":%q,"exp":1900000000,"fea":"o:dashboard,o:impersonation,o:teams,o:audit_log,o:api_keys,o:webhooks,u:priority_support",`+
		`"fva":[7,-1],"iat":1700000000,"iss":%q,"jti":"%020d","o":{"fpm":"3,2,7,0,1,5","id":"org_2fZ8NwE0uIyPa3ScDf7GhJkLz9X",`+
		`"per":"read,manage,delete,publish","rol":"administrator","slg":"the-example-organization-whose-name-is-long-enough-for-this-12"},"pla":"o:pro","sid":%q,"sts":"active","sub":%q,"v":2}`,
		testParty, testIssuer, i, testSession, testUser)
	// The end of the signature differs; its beginning makes it larger than any modulus.
	signature := strings.Repeat("\xff", 236) + fmt.Sprintf("%020d", i)
	return header + "." + segment([]byte(payload)) + "." + segment([]byte(signature))
}

// TestKnownTokensTakeLittleMemory measures the heap, so it is not parallel.
func TestKnownTokensTakeLittleMemory(t *testing.T) {
	const size = 8 << 20
	header, _, _ := strings.Cut(mint(t), ".")
	if n := len(unsigned(0, header)); n != 1200 {
		t.Fatalf("the token has %d bytes", n)
	}
	known := &knownTokens{whole: tokencache.New[knownToken](size)}
	before := heap()
	keep := func(i int) {
		u, err := parseToken(unsigned(i, header), known)
		if err != nil {
			t.Fatal(err)
		}
		known.keepHeader(&u)
		known.keep(&u, &testKey().PublicKey, testNow, testNow.Add(time.Minute))
	}
	for i := range size / 5000 {
		keep(i)
	}
	few := heap() - before
	if per := few / known.entries(); per > 2400 {
		t.Errorf("a token takes %d bytes of the heap, want at most 2,400", per)
	}
	for i := range size / 1000 {
		keep(size + i)
	}
	if grown := heap() - before; grown > size || grown < size*2/3 {
		t.Errorf("a full cache of %d bytes takes %d of the heap", size, grown)
	}
	runtime.KeepAlive(known)
}

// TestHeapSizeOfClaimsIsEnough measures the heap, so it is not parallel.
func TestHeapSizeOfClaimsIsEnough(t *testing.T) {
	for name, payload := range map[string]string{
		"plain":   `{"sub":"user_1","fea":"` + strings.Repeat("o:docs,", 200) + `"}`,
		"escapes": `{"sub":"user_\u0031","fea":"\u006f:docs,` + strings.Repeat("o:docs,", 200) + `"}`,
		"short escapes": `{"sub":"\n","sid":"\n","azp":"\n","jti":"\n","sts":"\n","fea":"\n","pla":"\n","iss":"\n","aud":"\n",` +
			`"v":2,"o":{"id":"\n","slg":"\n","rol":"\n","per":"\n","fpm":"\n"}}`,
	} {
		kept := make([]*Claims, 1000)
		before := heap()
		for i := range kept {
			kept[i] = claimsOf(t, strings.Clone(payload))
		}
		if each := (heap() - before) / len(kept); each > kept[0].heapSize() {
			t.Errorf("%s: claims take %d bytes of the heap, counted as %d", name, each, kept[0].heapSize())
		}
		runtime.KeepAlive(kept)
	}
}

// What strangers send leaves nothing behind.
func TestBadTokensLeaveNothing(t *testing.T) {
	a, good := newTestAuthenticator(t), mint(t)
	a.tokens.keys = keyMap{testKeyID: {Public: &testKey().PublicKey, Algorithm: "RS256"}}
	remembered(t, a.tokens, good)
	header, _, _ := strings.Cut(good, ".")
	unknown, _, _ := strings.Cut(mint(t, withHeader("kid", "x")), ".")
	bad := [...]string{unsigned(0, header), unsigned(0, unknown), good[:len(good)-100]}
	send := func(i int) {
		token := bad[i%len(bad)]
		token = token[:len(token)-30] + fmt.Sprintf("%020d", i) + token[len(token)-10:]
		if _, err := a.VerifyToken(t.Context(), token); err == nil {
			t.Fatalf("accepted %s", token)
		}
	}
	send(0)
	before := heap()
	for i := range 100_000 {
		send(i)
	}
	if grown := heap() - before; grown > 64<<10 {
		t.Errorf("the heap grew by %d bytes", grown)
	}
	wantEntries(t, a.tokens.known, 1)
	if _, found := a.tokens.known.whole.Get(good); !found {
		t.Error("bad tokens displaced a good one")
	}
}

// TestNobodyGetsTheClaimsOfAnother uses more tokens than the cache holds, at once.
func TestNobodyGetsTheClaimsOfAnother(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t, WithTokenCache(tokencache.MinSize))
	h := a.Middleware(inspect(func(r *http.Request) {
		if got, want := FromContext(r.Context()).UserID, r.Header.Get("X-Want-User"); got != want {
			t.Errorf("got user %q, want %q", got, want)
		}
	}))
	var requests []*http.Request
	for i := range 100 {
		user := fmt.Sprintf("user_%d", i)
		requests = append(requests, newRequest(t, "/", withBearer(mint(t, withClaim("sub", user))), withField("X-Want-User", user)))
	}
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 200 {
				h.ServeHTTP(httptest.NewRecorder(), requests[(worker*13+i/3*7)%len(requests)])
			}
		})
	}
	all.Wait()
	if n := a.tokens.known.entries(); n == 0 || n >= len(requests) {
		t.Errorf("the cache has %d tokens of %d", n, len(requests))
	}
}

// What one caller does to the claims does not reach the next one, who gets the same.
func TestSharedClaimsCannotBeChanged(t *testing.T) {
	t.Parallel()
	v, token := caching(), mint(t, withClaims(map[string]any{
		"aud": []string{"a", "b"}, "fea": "o:docs,o:teams", "act": map[string]any{"sub": "user_2", "iss": "i", "sid": "s", "type": "t"},
		"o": map[string]any{"id": "org_1", "rol": "admin", "per": "read,write", "fpm": "3,1"}, "list": []string{"x"},
	}))
	type all struct {
		Audience, Permissions []string
		Actor                 *Actor
		Ages                  [2]float64
		Raw                   string
		List                  []string `json:"list"`
	}
	read := func(c *Claims) (all, []byte) {
		raw := c.Raw()
		ages, _ := c.FactorVerificationAge()
		got := all{Audience: c.Audience(), Permissions: c.OrganizationPermissions(), Actor: c.Actor(), Ages: ages, Raw: string(raw)}
		if err := c.Decode(&got); err != nil {
			t.Fatal(err)
		}
		return got, raw
	}
	first, raw := read(remembered(t, v, token))
	want, _ := read(remembered(t, v, token))
	clear(raw)
	clear(first.Audience)
	clear(first.Permissions)
	clear(first.List)
	*first.Actor = Actor{}
	got, _ := read(remembered(t, v, token))
	if diff := cmp.Diff(want, got); diff != "" || len(got.Audience) != 2 || len(got.Permissions) != 3 || got.Actor.Subject != "user_2" {
		t.Errorf("claims (-before +after): %s\n%+v", diff, got)
	}
}

func TestCacheCostsFewAllocations(t *testing.T) {
	var tokens []string // more than the cache holds
	for range 4 * tokencache.MinSize / 2500 {
		tokens = append(tokens, mint(t, withClaim("jti", rand.Text())))
	}
	v, next := caching(), 0
	allocations := func(tokens []string) (n int) {
		return int(testing.AllocsPerRun(200, func() {
			next++
			if _, err := v.session(t.Context(), tokens[next%len(tokens)]); err != nil {
				t.Fatal(err)
			}
		}))
	}
	if n := allocations(tokens); n > 14 {
		t.Errorf("a new token allocates %d times with the cache, want at most 14", n)
	}
	if n := allocations(tokens[:1]); n != 0 {
		t.Errorf("a known token allocates %d times", n)
	}
	v.known.whole = nil
	if n := allocations(tokens); n > 11 {
		t.Errorf("a token allocates %d times without the cache, want at most 11", n)
	}
}

func TestTokenCacheIsSwitchedOffAndSized(t *testing.T) {
	t.Parallel()
	token := mint(t)
	off := newTestAuthenticator(t, WithTokenCache(0))
	for range 2 {
		if _, err := off.VerifyToken(t.Context(), token); err != nil || off.tokens.known.whole != nil {
			t.Errorf("%v, %v", err, off.tokens.known.whole)
		}
	}
	for _, size := range []int{tokencache.MinSize, maxTokenCache} {
		remembered(t, newTestAuthenticator(t, WithTokenCache(size)).tokens, token)
	}
	for _, size := range []int{-1, 1, 16, tokencache.MinSize - 1, maxTokenCache + 1} {
		if _, err := New(nil, WithJWTKey(testPEM(t)), WithoutCookies(), WithTokenCache(size)); err == nil || !strings.Contains(err.Error(), fmt.Sprint(size)) {
			t.Errorf("size %d: error is %v", size, err)
		}
	}
}
