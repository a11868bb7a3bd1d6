package auth

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A denial has the same reason and message in its header and its body, also where the
// endpoint refuses whom the middleware let pass, and is logged for debugging.
func TestDenialsSayWhy(t *testing.T) {
	t.Parallel()
	session := withBearer(mint(t))
	const nothing = "the request has neither a token in its Authorization header nor a session cookie"
	for name, test := range map[string]struct {
		reqs    []Requirement
		request requestOption
		status  int
		reason  Reason
		message string // of the body
		header  string // if it says more
		log     map[string]any
	}{
		"guest": {request: withField("X", ""), status: http.StatusUnauthorized, reason: ReasonSessionTokenAndUATMissing, message: nothing},
		"expired": {request: withBearer(mint(t, withClaim("exp", testNow.Unix()-42))), status: http.StatusUnauthorized,
			reason: "session-token-expired-refresh-non-eligible-no-refresh-cookie", message: "the token has expired: 42 s ago",
			header: "the token has expired: 42 s ago (reason=token-expired, token-carrier=header)"},
		"pending": {request: withBearer(mint(t, withClaim("sts", "pending"))), status: http.StatusUnauthorized, reason: ReasonSessionPending,
			message: "the session is pending: its user has a task left to complete",
			log:     map[string]any{"code": "unauthenticated", "reason": "session-pending", "token_type": "session_token", "user": testUser, "session": testSession}},
		"API key": {request: withBearer("ak_secret"), status: http.StatusUnauthorized, reason: ReasonTokenTypeMismatch,
			message: "the token is of type api_key, and this endpoint takes session_token",
			log:     map[string]any{"code": "unauthenticated", "reason": "token-type-mismatch", "token_type": "api_key", "id": "k_1", "subject": "user_1"}},
		"session where machines are accepted": {reqs: []Requirement{Accepts(APIKey, M2MToken)}, request: session, status: http.StatusUnauthorized,
			reason: ReasonTokenTypeMismatch, message: "the token is of type session_token, and this endpoint takes api_key or m2m_token",
			log: map[string]any{"code": "unauthenticated", "reason": "token-type-mismatch", "token_type": "session_token", "user": testUser, "session": testSession}},
		"guest where machines are accepted": {reqs: []Requirement{Accepts(APIKey)}, request: withField("X", ""), status: http.StatusUnauthorized,
			reason: ReasonSessionTokenAndUATMissing, message: nothing},
		"without a role": {reqs: []Requirement{Role("admin")}, request: session, status: http.StatusForbidden, message: "the caller may not do this",
			log: map[string]any{"code": "forbidden", "reason": "", "token_type": "session_token", "user": testUser, "session": testSession}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newMachineBackend(t, http.StatusOK, `{"id":"k_1","subject":"user_1"}`)
			option, records := debugLog(slog.LevelDebug)
			a := b.authenticator(t, option, WithAcceptedTokens(SessionToken, APIKey))
			resp := serve(t, a.Require(test.reqs...)(inspect(nil)), newRequest(t, "/", test.request))
			if resp.StatusCode != test.status || resp.Header.Get("X-Clerk-Auth-Reason") != string(test.reason) {
				t.Errorf("status %d, header %v", resp.StatusCode, resp.Header)
			}
			if test.header == "" && test.reason != "" {
				test.header = test.message
			}
			if got := resp.Header.Get("X-Clerk-Auth-Message"); got != test.header {
				t.Errorf("the header's message is %q, want %q", got, test.header)
			}
			var body struct {
				Errors []struct {
					Code, Message string
					Meta          struct{ Reason Reason }
				}
			}
			if err := json.Unmarshal([]byte(bodyOf(t, resp)), &body); err != nil || len(body.Errors) != 1 {
				t.Fatal(body, err)
			}
			if got := body.Errors[0]; got.Message != test.message || got.Meta.Reason != test.reason {
				t.Errorf("body is %+v", got)
			}
			got := records(t)
			if len(got) != 1 || got[0]["level"] != "DEBUG" {
				t.Fatalf("log is %v", got)
			}
			if test.log == nil {
				return
			}
			delete(got[0], "level")
			delete(got[0], "msg")
			if diff := cmp.Diff(test.log, got[0]); diff != "" {
				t.Errorf("record (-want +got):\n%s", diff)
			}
		})
	}
}
