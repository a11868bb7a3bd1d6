package clerktest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/clerktest/internal/signing"
)

// closedInstance returns a token of an instance that has been closed since, so that its
// key is free.
func closedInstance(t *testing.T) (i *clerktest.Instance, token string) {
	t.Helper()
	i, err := clerktest.NewInstance(clerktest.Seed{})
	if err != nil {
		t.Fatal(err)
	}
	token = i.Token()
	if err := i.Close(); err != nil {
		t.Fatal(err)
	}
	return i, token
}

// TestATokenOfAClosedInstanceIsRefused opens many instances, one of which has the key of
// the closed one.
func TestATokenOfAClosedInstanceIsRefused(t *testing.T) {
	t.Parallel()
	closed, token := closedInstance(t)
	for range 5 {
		i := clerktest.New(t)
		for name, opts := range map[string][]auth.Option{
			"with the JWKS":               nil,
			"with a PEM key":              {auth.WithJWTKey(i.JWTKey())},
			"with a PEM key and issuer":   {auth.WithJWTKey(i.JWTKey()), auth.WithIssuer(i.Issuer())},
			"with the JWKS and an issuer": {auth.WithIssuer(i.Issuer())},
		} {
			authn, err := auth.New(i.Client(), append(opts, auth.WithPublishableKey(i.PublishableKey()))...)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range []struct {
				token string
				want  bool
			}{{token, false}, {i.Token(), true}} {
				r := httptest.NewRequest(http.MethodGet, "http://app.test/", nil)
				r.Header.Set("Authorization", "Bearer "+c.token)
				authn.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
					if a := auth.FromContext(r.Context()); a.IsAuthenticated() != c.want {
						t.Errorf("%s a token of this instance, %t, is accepted: %t", name, c.want, !c.want)
					}
				})).ServeHTTP(httptest.NewRecorder(), r)
			}
		}
		if i.JWTKey() == closed.JWTKey() || i.ID() == closed.ID() || i.Issuer() == closed.Issuer() || i.PublishableKey() == closed.PublishableKey() {
			t.Errorf("the instance shares %s or %s with the closed one, or its key", i.ID(), i.Issuer())
		}
	}
}

func TestInstancesThatLiveAtOnceShareNoKey(t *testing.T) {
	t.Parallel()
	moduli := map[string]bool{}
	for range 3 {
		key, _ := publicKey(t, clerktest.New(t))
		if moduli[key.N.String()] {
			t.Error("two instances have the same key")
		}
		moduli[key.N.String()] = true
	}
}

func TestASeedDecidesTheFrontendAPI(t *testing.T) {
	t.Parallel()
	for want, seed := range map[string]clerktest.Seed{
		"https://clerk-emulator-ab51154902.clerk.accounts.test": {SecretKey: "sk_test_pinned"},
		"https://clerk-emulator-ee2a214875.clerk.accounts.test": {InstanceID: "ins_pinned", SigningKey: signingKey},
		"https://named.example.test":                            {FrontendAPI: "named.example.test", SigningKey: signingKey},
		"https://clerk.example.test":                            {PublishableKey: "pk_test_Y2xlcmsuZXhhbXBsZS50ZXN0JA", SigningKey: signingKey},
	} {
		i, err := clerktest.NewInstance(seed)
		if err != nil {
			t.Fatal(err)
		}
		if i.Issuer() != want {
			t.Errorf("the issuer is %s, want %s", i.Issuer(), want)
		}
	}
	production, err := clerktest.NewInstance(clerktest.Seed{Production: true})
	if err != nil {
		t.Fatal(err)
	}
	if issuer := production.Issuer(); !strings.HasPrefix(issuer, "https://clerk.emulator-") || !strings.HasSuffix(issuer, ".test") {
		t.Errorf("the issuer of a production instance is %s", issuer)
	}
}

func TestTheKeyOfAnInstanceReturnsOnce(t *testing.T) { // alone, because others take keys too
	for name, end := range map[string]func(){
		"refused": func() {
			if _, err := clerktest.NewInstance(clerktest.Seed{Users: []api.User{{ID: "nobody"}}}); err == nil {
				t.Fatal("a user with a wrong ID is accepted")
			}
		},
		"closed twice": func() {
			i, _ := closedInstance(t)
			if err := i.Close(); err != nil {
				t.Fatal(err)
			}
		},
	} {
		primes := map[string]bool{}
		for range 10 {
			end()
			one, giveBack := signing.Lend()
			other, giveBackOther := signing.Lend()
			lent := map[string]bool{}
			for _, p := range append(one.Primes, other.Primes...) {
				primes[p.String()], lent[p.String()] = true, true
			}
			if len(lent) != 8 {
				t.Errorf("the key of an instance that was %s is lent to two", name)
			}
			giveBackOther()
			giveBack()
		}
		if len(primes) > 16 {
			t.Errorf("%d primes were found for 30 keys: those of an instance that was %s are lost", len(primes), name)
		}
	}
}

// BenchmarkNew starts and closes an instance, whose key the next one has.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if err := clerktest.New(b).Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNewWithSecretKey starts instances of one seed, whose key is derived once.
func BenchmarkNewWithSecretKey(b *testing.B) {
	for b.Loop() {
		if err := clerktest.New(b, clerktest.WithSeed(clerktest.Seed{SecretKey: "sk_test_benchmark"})).Close(); err != nil {
			b.Fatal(err)
		}
	}
}
