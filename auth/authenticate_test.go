package auth

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestHeaderTokenDecidesAlone(t *testing.T) {
	t.Parallel()
	cookies := signedInCookies(t, withClaim("sub", "user_cookie"))
	tests := map[string]struct {
		options []Option
		request []requestOption
		user    string
		status  Status
		reason  Reason
	}{
		"bearer":                         {request: []requestOption{withBearer(mint(t))}, user: testUser, status: StatusSignedIn},
		"lower case bearer":              {request: []requestOption{withField("Authorization", "bearer "+mint(t))}, user: testUser, status: StatusSignedIn},
		"no scheme":                      {request: []requestOption{withField("Authorization", mint(t))}, user: testUser, status: StatusSignedIn},
		"header before cookies":          {request: []requestOption{withBearer(mint(t)), cookies}, user: testUser, status: StatusSignedIn},
		"bad header before good cookies": {request: []requestOption{withBearer("x"), cookies}, status: StatusSignedOut, reason: ReasonTokenInvalid},
		"other scheme, then cookies":     {request: []requestOption{withField("Authorization", "Basic dTpw"), cookies}, user: "user_cookie", status: StatusSignedIn},
		"scheme alone, then cookies":     {request: []requestOption{withField("Authorization", "Bearer"), cookies}, user: "user_cookie", status: StatusSignedIn},
		"two headers":                    {request: []requestOption{withBearer(mint(t)), withBearer(mint(t)), cookies}, status: StatusSignedOut, reason: ReasonTokenInvalid},
		"two tokens in one header":       {request: []requestOption{withBearer(mint(t) + ", Bearer " + mint(t))}, status: StatusSignedOut, reason: ReasonTokenInvalid},
		"tab":                            {request: []requestOption{withField("Authorization", "Bearer\t"+mint(t))}, status: StatusSignedOut, reason: ReasonTokenInvalid},
		"API key":                        {request: []requestOption{withBearer("ak_1"), cookies}, status: StatusSignedOut, reason: ReasonTokenInvalid},
		"machine token":                  {request: []requestOption{withBearer("mt_1")}, status: StatusSignedOut, reason: ReasonTokenInvalid},
		"access token":                   {request: []requestOption{withBearer("oat_1")}, status: StatusSignedOut, reason: ReasonTokenInvalid},
		"JWT of a machine":               {request: []requestOption{withBearer(mint(t, withClaim("sub", "mch_1")))}, status: StatusSignedOut, reason: ReasonTokenTypeMismatch},
		"JWT of an OAuth application":    {request: []requestOption{withBearer(mint(t, withHeader("typ", "at+jwt")))}, status: StatusSignedOut, reason: ReasonTokenTypeMismatch},
		"template token":                 {request: []requestOption{withBearer(mint(t, withHeader("cat", categoryTemplate)))}, status: StatusSignedOut, reason: ReasonTokenTypeMismatch},
		"template token, accepted":       {options: []Option{WithTemplateTokens()}, request: []requestOption{withBearer(mint(t, withHeader("cat", categoryTemplate)))}, user: testUser, status: StatusSignedIn},
		"machine's category":             {request: []requestOption{withBearer(mint(t, withHeader("cat", categoryM2M)))}, status: StatusSignedOut, reason: ReasonTokenTypeMismatch},
		"unknown category":               {request: []requestOption{withBearer(mint(t, withHeader("cat", "cl_X")))}, status: StatusSignedOut, reason: ReasonTokenTypeMismatch},
		"category ignored":               {request: []requestOption{withBearer(mint(t, withHeader("cat", categoryIgnore)))}, user: testUser, status: StatusSignedIn},
		"no category":                    {request: []requestOption{withBearer(mint(t, withoutHeader("cat")))}, user: testUser, status: StatusSignedIn},
		"forged":                         {request: []requestOption{withBearer(mint(t, signedBy(otherKey())))}, status: StatusSignedOut, reason: ReasonTokenInvalidSignature},
		"pending":                        {request: []requestOption{withBearer(mint(t, withClaim("sts", "pending")))}, status: StatusPending},
		"expired":                        {request: []requestOption{withBearer(mint(t, withClaim("exp", testNow.Unix()-5)))}, status: StatusSignedOut, reason: "session-token-expired-refresh-non-eligible-no-refresh-cookie"},
		"expired, own refresh cookie":    {request: []requestOption{withBearer(mint(t, withClaim("exp", testNow.Unix()-5))), withCookie("__refresh_"+cookieSuffix(liveKey), "r")}, status: StatusSignedOut, reason: "session-token-expired-refresh-non-eligible-no-refresh-cookie"},
		"expired, POST":                  {request: []requestOption{withBearer(mint(t, withClaim("exp", testNow.Unix()-5))), withMethod(http.MethodPost)}, status: StatusSignedOut, reason: "session-token-expired-refresh-non-eligible-non-get"},
		"not active yet":                 {request: []requestOption{withBearer(mint(t, withClaim("nbf", testNow.Unix()+6)))}, status: StatusSignedOut, reason: ReasonSessionTokenNBF},
		"issued in the future":           {request: []requestOption{withBearer(mint(t, withClaim("iat", testNow.Unix()+6)))}, status: StatusSignedOut, reason: ReasonSessionTokenIATInTheFuture},
		"older than the client's uat":    {request: []requestOption{withBearer(mint(t)), withCookie("__client_uat", "9999999999")}, user: testUser, status: StatusSignedIn},
		"from a page of another site":    {request: []requestOption{withBearer(mint(t)), asPageLoad, withField("Referer", "https://evil.example/")}, user: testUser, status: StatusSignedIn},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stateOf(t, newTestAuthenticator(t, test.options...), newRequest(t, "/", test.request...))
			if s.Status != test.status || s.Reason != test.reason || s.TokenType != SessionToken {
				t.Errorf("state is %v, want %q, %q", s, test.status, test.reason)
			}
			if got := s.Auth().UserID; got != test.user {
				t.Errorf("user is %q, want %q", got, test.user)
			}
			if s.Reason == ReasonTokenTypeMismatch && !strings.Contains(s.Message, "not accepted here: ") {
				t.Errorf("message is %q", s.Message)
			}
		})
	}
}

func TestVerifyTokenRefusesWhatTheMiddlewareWould(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t)
	for name, test := range map[string]struct {
		token string
		want  Reason
	}{
		"empty":           {token: "", want: ReasonTokenInvalid},
		"opaque":          {token: "mt_1", want: ReasonTokenInvalid},
		"template":        {token: mint(t, withHeader("cat", categoryTemplate)), want: ReasonTokenTypeMismatch},
		"machine":         {token: mint(t, withClaim("sub", "mch_1")), want: ReasonTokenTypeMismatch},
		"expired":         {token: mint(t, withClaim("exp", testNow.Unix()-60)), want: ReasonTokenExpired},
		"with its scheme": {token: "Bearer " + mint(t), want: ReasonTokenInvalid},
	} {
		_, err := a.VerifyToken(t.Context(), test.token)
		if got := reasonOf(t, err); got != test.want {
			t.Errorf("%s: reason is %q, want %q", name, got, test.want)
		}
		if got, err := a.AuthenticateToken(t.Context(), test.token); got != nil || reasonOf(t, err) != test.want {
			t.Errorf("%s: AuthenticateToken returns %v, %v", name, got, err)
		}
	}
	pending := mint(t, withClaim("sts", "pending"))
	if _, err := a.VerifyToken(t.Context(), pending); !errors.Is(err, ErrPending) {
		t.Errorf("pending: %v", err)
	}
	if got, err := a.AuthenticateToken(t.Context(), pending); got != nil || !errors.Is(err, ErrPending) {
		t.Errorf("pending: AuthenticateToken returns %v, %v", got, err)
	}
	token := mint(t)
	got, err := a.AuthenticateToken(t.Context(), token)
	if err != nil || got.UserID != testUser || !got.IsAuthenticated() {
		t.Fatalf("got %v, %v", got, err)
	}
	if presented, err := FromContext(NewContext(t.Context(), got)).GetToken(t.Context()); err != nil || presented != token {
		t.Errorf("GetToken returns another token, %v", err)
	}
	claims, err := a.VerifyToken(t.Context(), token)
	if err != nil || claims.Subject() != testUser {
		t.Errorf("claims %v, %v", claims, err)
	}
}

// An outage must not make its users look like guests.
func TestOutageIsNotASignOut(t *testing.T) {
	t.Parallel()
	down := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }
	refused := func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		writeJSON(w, map[string]any{"errors": []any{map[string]any{"code": "clerk_key_invalid", "message": "x"}}})
	}
	for name, test := range map[string]struct {
		keys   http.HandlerFunc
		want   error
		reason Reason
	}{
		"keys unavailable":   {keys: down, want: ErrKeysUnavailable, reason: ReasonJWKRemoteFailedToLoad},
		"secret key refused": {keys: refused, want: ErrSecretKey, reason: ReasonSecretKeyInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newBackend(t, test.keys).authenticator(t)
			for carrier, credentials := range map[string]requestOption{"header": withBearer(mint(t)), "cookie": signedInCookies(t)} {
				r := newRequest(t, "/", credentials)
				s := stateOf(t, a, r)
				if !errors.Is(s.Err(), test.want) || s.Status != StatusSignedOut || s.Reason != test.reason {
					t.Errorf("%s: state is %v, err %v", carrier, s, s.Err())
				}
				got, resp := callThrough(t, a.Middleware, r)
				if resp.StatusCode != http.StatusOK || got.IsAuthenticated() || !errors.Is(got.Err(), test.want) {
					t.Errorf("%s: the handler got %v, err %v", carrier, got, got.Err())
				}
				ctx := NewContext(t.Context(), got)
				_, tokenErr := got.GetToken(ctx)
				_, userErr := CurrentUser(ctx)
				_, claimsErr := ClaimsAs[map[string]any](got)
				for _, err := range []error{tokenErr, userErr, claimsErr} {
					if !errors.Is(err, test.want) {
						t.Errorf("%s: error is %v", carrier, err)
					}
				}
				for field, values := range resp.Header {
					if strings.Contains(strings.Join(values, " "), "127.0.0.1") {
						t.Errorf("%s: %s reveals where the API is: %q", carrier, field, values)
					}
				}
			}
			if got := stateOf(t, a, newRequest(t, "/")); got.Err() != nil {
				t.Errorf("a request without a token has err %v", got.Err())
			}
		})
	}
}

func TestCancelledRequestIsUndecided(t *testing.T) {
	t.Parallel()
	block := make(chan struct{})
	b := newBackend(t, func(http.ResponseWriter, *http.Request) { <-block })
	t.Cleanup(func() { close(block) })
	a := b.authenticator(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := stateOf(t, a, newRequest(t, "/", withBearer(mint(t))).WithContext(ctx))
	if !errors.Is(s.Err(), context.Canceled) || s.Reason != ReasonUnexpectedError || s.Message != "" {
		t.Errorf("state is %v, message %q, err %v", s, s.Message, s.Err())
	}
}

// WithMaxStaleKeys decides how old the keys may be while the endpoint is down.
func TestMaxStaleKeysIsHonoured(t *testing.T) {
	t.Parallel()
	for age, want := range map[time.Duration]Status{0: StatusSignedOut, time.Hour: StatusSignedIn} {
		var down atomic.Bool
		var past atomic.Int64
		keys := respondWithKeys(jwk(testKeyID, &testKey().PublicKey))
		serveKeys := func(w http.ResponseWriter, r *http.Request) {
			if down.Load() {
				w.WriteHeader(http.StatusBadGateway)
				return
			}
			keys(w, r)
		}
		clock := func() time.Time { return testNow.Add(time.Duration(past.Load())) }
		a := newBackend(t, serveKeys).authenticator(t, WithMaxStaleKeys(age), WithClock(clock))
		if err := a.Warm(t.Context()); err != nil {
			t.Fatal(err)
		}
		down.Store(true)
		past.Store(int64(10 * time.Minute))
		s := stateOf(t, a, newRequest(t, "/", withBearer(mint(t, withClaim("exp", testNow.Unix()+3600)))))
		if s.Status != want || (want == StatusSignedOut) != errors.Is(s.Err(), ErrKeysUnavailable) {
			t.Errorf("with %v the state is %v, err %v", age, s, s.Err())
		}
	}
}
