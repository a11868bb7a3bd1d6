package auth

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// refusedRequest is a request that does not reach its handler, and the whole response.
type refusedRequest struct {
	what    string // as docs/protecting.md says it
	protect http.Handler
	request *http.Request

	status  int
	code    string
	reason  Reason
	message string      // of the body
	more    http.Header // beside those that every refusal has
	body    string      // instead of code, message and reason
}

func refusedRequests(t *testing.T) []refusedRequest {
	t.Helper()
	machines := newMachineBackend(t, http.StatusOK, "")
	unknown := newMachineBackend(t, http.StatusNotFound, `{"errors":[{"code":"x"}]}`)
	busy := newRecordingBackend(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	wrongKey := newBackend(t, respond(http.StatusUnauthorized, "application/json", `{"errors":[{"code":"clerk_key_invalid"}]}`))
	down := newBackend(t, badGateway)
	all, paths := everyType(), WithOrganizationPatterns("/orgs/:slug")
	a := machines.authenticator(t, all, paths, WithAuthorizedParties(testParty), WithCrossOriginProtection(http.NewCrossOriginProtection()))
	never := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("the handler ran for %s", r.URL) })
	to := func(a *Authenticator, reqs ...Requirement) http.Handler { return a.Require(reqs...)(never) }
	session := withBearer(mint(t))
	get := func(opts ...requestOption) *http.Request { return newRequest(t, "/orgs/acme", opts...) }
	signIn := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.RedirectToSignIn(w, r) })
	header := func(message string) http.Header { return http.Header{headerMessage: {message}} }
	const nothing = "the request has neither a token in its Authorization header nor a session cookie"
	const denied = "the caller may not do this"
	return []refusedRequest{
		{what: "no token", protect: to(a), request: get(), status: 401, code: codeUnauthenticated, reason: ReasonSessionTokenAndUATMissing, message: nothing},
		{what: "preflight", protect: to(a), request: get(withMethod(http.MethodOptions), withField("Access-Control-Request-Method", "PUT")),
			status: 401, code: codeUnauthenticated, reason: ReasonSessionTokenAndUATMissing, message: messagePreflight},
		{what: "not a token", protect: to(a), request: get(withBearer("x")), status: 401, code: codeUnauthenticated, reason: ReasonTokenInvalid,
			message: "the token is invalid: not three parts", more: header("the token is invalid: not three parts (reason=token-invalid, token-carrier=header)")},
		{what: "forged token", protect: to(a), request: get(withBearer(mint(t, signedBy(otherKey())))), status: 401, code: codeUnauthenticated,
			reason: ReasonTokenInvalidSignature, message: "the signature does not match",
			more: header("the signature does not match (reason=token-invalid-signature, token-carrier=header)")},
		{what: "expired token", protect: to(a), request: get(withBearer(mint(t, withClaim("exp", testNow.Unix()-42)))), status: 401, code: codeUnauthenticated,
			reason: "session-token-expired-refresh-non-eligible-no-refresh-cookie", message: "the token has expired: 42 s ago",
			more: header("the token has expired: 42 s ago (reason=token-expired, token-carrier=header)")},
		{what: "made for another origin", protect: to(a), request: get(withBearer(mint(t, withClaim("azp", "https://b.example")))), status: 401, code: codeUnauthenticated,
			reason: ReasonTokenInvalidAuthorizedParties, message: "the token was issued to a party that is not authorized: azp is not allowed",
			more: header("the token was issued to a party that is not authorized: azp is not allowed (reason=token-invalid-authorized-parties, token-carrier=header)")},
		{what: "page of another origin", protect: to(a), request: get(withMethod(http.MethodPost), signedInCookies(t), withField("Sec-Fetch-Site", "cross-site")),
			status: 401, code: codeUnauthenticated, reason: ReasonCrossOriginRequest, message: "a page of another origin sent this request"},
		{what: "pending session", protect: to(a), request: get(withBearer(mint(t, withClaim("sts", "pending")))), status: 401, code: codeUnauthenticated,
			reason: ReasonSessionPending, message: "the session is pending: its user has a task left to complete"},
		{what: "API key, endpoint for sessions", protect: to(a), request: get(withBearer("ak_1")), status: 401, code: codeUnauthenticated, reason: ReasonTokenTypeMismatch,
			message: "the token is of type api_key, and this endpoint takes session_token"},
		{what: "session, endpoint for API keys", protect: to(a, Accepts(APIKey)), request: get(session), status: 401, code: codeUnauthenticated, reason: ReasonTokenTypeMismatch,
			message: "the token is of type session_token, and this endpoint takes api_key"},
		{what: "API key that Clerk does not know", protect: to(unknown.authenticator(t, all), Accepts(APIKey)), request: get(withBearer("ak_1")), status: 401,
			code: codeUnauthenticated, reason: ReasonTokenInvalid, message: "the token is invalid: no such API key",
			more: header("the token is invalid: no such API key (reason=token-invalid, token-carrier=header)")},
		{what: "no branch of `AnyOf` takes the token", protect: to(a, AnyOf(Accepts(SessionToken), AllOf(Accepts(APIKey), Scope("read")))), request: get(withBearer("mt_1")),
			status: 401, code: codeUnauthenticated, reason: ReasonTokenTypeMismatch,
			message: "the token is of type m2m_token, and this endpoint takes session_token or api_key"},
		{what: "without the `Role`", protect: to(a, Role("org:admin")), request: get(session), status: 403, code: codeForbidden, message: denied},
		{what: "without the `Permission`", protect: to(a, Permission("org:a:b")), request: get(session), status: 403, code: codeForbidden, message: denied},
		{what: "without the `Feature`", protect: to(a, Feature("x")), request: get(session), status: 403, code: codeForbidden, message: denied},
		{what: "without the `Plan`", protect: to(a, Plan("pro")), request: get(session), status: 403, code: codeForbidden, message: denied},
		{what: "without the `Scope`", protect: to(a, Accepts(APIKey), Scope("delete")), request: get(withBearer("ak_1")), status: 403, code: codeForbidden, message: denied,
			more: http.Header{"Www-Authenticate": {`Bearer error="insufficient_scope", scope="delete"`}}},
		{what: "`If` returns false", protect: to(a, If(func(a *Auth) bool { return a.UserID == "" })), request: get(session), status: 403, code: codeForbidden, message: denied},
		{what: "no branch of `AnyOf` is met", protect: to(a, AnyOf(Role("org:admin"), Plan("pro"))), request: get(session), status: 403, code: codeForbidden, message: denied},
		{what: "`OrganizationOfPath`, another is active", protect: to(a, OrganizationOfPath()), request: get(session), status: 403, code: codeForbidden,
			reason: ReasonActiveOrganizationMismatch, message: "the active organization is not that of the path"},
		{what: "`Reverified`, too long ago", protect: to(a, Reverified(StrictMFA)), request: get(withBearer(mint(t, withClaim("fva", []int{99, -1})))), status: 403,
			body: `{"clerk_error":{"type":"forbidden","reason":"reverification-error","metadata":{"reverification":"strict_mfa"}}}`},
		{what: "`RedirectToSignIn`, made for another origin", protect: a.Middleware(signIn), request: get(withBearer(mint(t, withClaim("azp", "https://b.example")))),
			status: 403, code: codeForbidden, reason: ReasonTokenInvalidAuthorizedParties, message: "the token was issued to a party that is not authorized: azp is not allowed",
			more: header("the token was issued to a party that is not authorized: azp is not allowed (reason=token-invalid-authorized-parties, token-carrier=header)")},
		{what: "the `Authenticator` is misconfigured", protect: to(nil), request: get(session), status: 500, code: codeMisconfigured, message: "authentication is misconfigured"},
		{what: "signing keys out of reach", protect: to(down.authenticator(t), Role("org:admin")), request: get(session), status: 503, code: codeUnavailable,
			reason: ReasonJWKRemoteFailedToLoad, message: "authentication is not possible at the moment", more: http.Header{headerMessage: nil}},
		{what: "verification out of reach", protect: to(busy.authenticator(t, all), Accepts(APIKey)), request: get(withBearer("ak_1")), status: 503, code: codeUnavailable,
			reason: ReasonUnexpectedError, message: "authentication is not possible at the moment", more: http.Header{headerMessage: nil, "Retry-After": {"7"}}},
		{what: "the secret key is refused", protect: to(wrongKey.authenticator(t)), request: get(session), status: 503, code: codeUnavailable,
			reason: ReasonSecretKeyInvalid, message: "authentication is not possible at the moment", more: http.Header{headerMessage: nil}},
	}
}

// Every way to be refused, with the whole response.
func TestEveryRefusal(t *testing.T) {
	t.Parallel()
	for _, x := range refusedRequests(t) {
		w := httptest.NewRecorder()
		x.protect.ServeHTTP(w, x.request)
		want := http.Header{"Content-Type": {"application/json"}, "Cache-Control": {"no-store"}, "Vary": {"Authorization, Cookie"}}
		if x.status == http.StatusUnauthorized {
			want["Www-Authenticate"] = []string{"Bearer"}
			if x.request.Header.Get("Authorization") != "" {
				want["Www-Authenticate"] = []string{`Bearer error="invalid_token"`}
			}
		}
		if x.reason != "" {
			want[headerReason], want[headerStatus], want[headerMessage] = []string{string(x.reason)}, []string{"signed-out"}, []string{x.message}
		}
		maps.Copy(want, x.more)
		maps.DeleteFunc(want, func(_ string, values []string) bool { return values == nil })
		if diff := cmp.Diff(want, w.Header()); w.Code != x.status || diff != "" {
			t.Errorf("%s: status %d, header (-want +got):\n%s", x.what, w.Code, diff)
		}
		body := x.body
		if body == "" && x.reason != "" {
			body = fmt.Sprintf(`{"errors":[{"code":%q,"message":%q,"meta":{"reason":%q}}]}`, x.code, x.message, x.reason)
		} else if body == "" {
			body = fmt.Sprintf(`{"errors":[{"code":%q,"message":%q}]}`, x.code, x.message)
		}
		if diff := cmp.Diff(body, w.Body.String()); diff != "" {
			t.Errorf("%s: body (-want +got):\n%s", x.what, diff)
		}
	}
}

// The page for people has the same table.
func TestRefusalsAreDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/protecting.md")
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	want.WriteString("| request | status | code | reason |\n|---|---|---|---|\n")
	for _, x := range refusedRequests(t) {
		code := "`" + x.code + "`"
		if x.code == "" {
			code = "none, see below"
		}
		reason := "`" + string(x.reason) + "`"
		if x.reason == "" {
			reason = ""
		}
		fmt.Fprintf(&want, "| %s | %d | %s | %s |\n", x.what, x.status, code, reason)
	}
	if !strings.Contains(string(page), strings.ReplaceAll(want.String(), "|  |", "| |")) {
		t.Errorf("docs/protecting.md does not have this table:\n%s", strings.ReplaceAll(want.String(), "|  |", "| |"))
	}
}
