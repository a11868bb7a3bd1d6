package auth

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestIllegalHeaderValueIsNotSent(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{
		"plain": true, "tab\t": true, "caf\u00e9": true, "line\nbreak": false, "return\r": false, "nul\x00": false, "\u0100": false,
	} {
		rec := &record{reason: ReasonTokenInvalid, message: value}
		h := make(http.Header)
		rec.explain(h)
		if got := h.Get("X-Clerk-Auth-Message") != ""; got != want {
			t.Errorf("message %q sent = %t, want %t", value, got, want)
		}
	}
}

func TestStatePrintsStatusAndReason(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		state       *State
		text, group string
	}{
		"signed in":  {&State{Status: StatusSignedIn}, `auth.State(status="signed-in", reason="")`, "[status=signed-in reason=]"},
		"signed out": {&State{Status: StatusSignedOut, Reason: ReasonTokenExpired}, `auth.State(status="signed-out", reason="token-expired")`, "[status=signed-out reason=token-expired]"},
		"nil":        {nil, "auth.State(nil)", "auth.State(nil)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.state.String(); got != test.text {
				t.Errorf("String = %q, want %q", got, test.text)
			}
			if got := test.state.LogValue().String(); got != test.group {
				t.Errorf("LogValue = %q, want %q", got, test.group)
			}
			if test.state == nil {
				return
			}
			for _, got := range []string{fmt.Sprintf("%+v", *test.state), fmt.Sprintf("%#v", test.state), fmt.Sprintf("%d", test.state)} {
				if got != test.text {
					t.Errorf("it prints as %q, want %q", got, test.text)
				}
			}
		})
	}
}

// The header of a state can contain cookies with tokens.
func TestStateInJSONHasNoHeader(t *testing.T) {
	t.Parallel()
	s := stateOf(t, newTestAuthenticator(t), newRequest(t, "/", withBearer("x")))
	if s.Header == nil {
		t.Fatalf("state %v has no header", s)
	}
	var got map[string]any
	if err := json.Unmarshal(mustJSON(t, s), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"Status": "signed-out", "Reason": "token-invalid", "Message": s.Message, "TokenType": "session_token"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
}
