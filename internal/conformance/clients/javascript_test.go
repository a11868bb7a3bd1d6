package clients

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// chapters are the scenarios in the folder javascript, in the order in which they run.
var chapters = []string{"users", "organizations", "sessions", "express", "machines", "invitations", "instance", "enterprise", "billing", "beyond"}

// beyondJavaScript are the methods of @clerk/backend that the published document does not
// have.
var beyondJavaScript = []string{
	"sessions.verifySession", "invitations.deleteInvitation", "betaFeatures.changeDomain",
	"emails.create", "emails.createBatch", "emails.get",
	"__experimental_accountlessApplications.createAccountlessApplication",
	"__experimental_accountlessApplications.completeAccountlessApplicationOnboarding",
}

// TestJavaScriptSDKGetsAlong plays the scenarios with @clerk/backend and @clerk/express,
// all in one process.
func TestJavaScriptSDKGetsAlong(t *testing.T) {
	install(t)
	instance := startSeeded(t)
	r := &record{client: "@clerk/backend", beyond: beyondJavaScript}
	// Not methods of the client but functions and middlewares of the packages.
	r.methods = []string{"verifyToken", "verifyMachineAuthToken", "express"}
	for _, line := range playJavaScript(t, world(t, instance)) {
		if line.Methods != nil {
			r.methods = append(r.methods, line.Methods...)
		} else {
			r.attempts = append(r.attempts, line.attempt)
		}
	}
	r.judge(t)
}

// line is what the Node program writes: first the methods, then its calls.
type line struct {
	Methods []string `json:"methods"`
	attempt
}

func world(t *testing.T, instance *clerktest.Instance) map[string]any {
	t.Helper()
	return map[string]any{
		"chapters": chapters,
		"keys":     map[string]string{"secretKey": instance.SecretKey(), "publishableKey": instance.PublishableKey(), "apiUrl": instance.URL()},
		"jwtKey":   instance.JWTKey(),
		"seed":     seedNames,
		"tokens":   credentials(t, instance),
	}
}

// credentials are those that only a browser or a token endpoint hands out.
func credentials(t *testing.T, instance *clerktest.Instance) map[string]string {
	t.Helper()
	const origin = "https://app.example"
	ofSession, party := clerktest.ForSession(seedSession), clerktest.WithAuthorizedParty(origin)
	return map[string]string{
		"expired":   instance.Token(ofSession, party, clerktest.Expired()),
		"refresh":   instance.RefreshToken(seedSession),
		"forged":    instance.Token(ofSession, clerktest.SignedByStranger()),
		"nonce":     nonce(t, instance),
		"client":    seedClientToken,
		"oauth":     seedOAuthToken,
		"revocable": seedRevocable,
	}
}

// nonce returns the nonce of a handshake.
func nonce(t *testing.T, instance *clerktest.Instance) string {
	t.Helper()
	browser := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost:3000/", nil)
	instance.SignInCookies(browser, seedUser, clerktest.ForSession(seedSession))
	of, err := browser.Cookie("__clerk_db_jwt")
	if err != nil {
		t.Fatal(err)
	}
	frontend := httptest.NewServer(instance.Frontend())
	defer frontend.Close()
	query := url.Values{"redirect_url": {"http://localhost:3000/"}, "format": {"nonce"}, "suffixed_cookies": {"true"}, "__clerk_db_jwt": {of.Value}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, frontend.URL+"/v1/client/handshake?"+query.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	back, err := resp.Location()
	if err != nil {
		t.Fatalf("the handshake answers %d: %v", resp.StatusCode, err)
	}
	found := back.Query().Get("__clerk_handshake_nonce")
	for _, cookie := range resp.Cookies() {
		if cookie.Name == "__clerk_handshake_nonce" {
			found = cookie.Value
		}
	}
	return found
}

// playJavaScript runs the Node program with a world.
func playJavaScript(t *testing.T, world map[string]any) []line {
	t.Helper()
	input, err := json.Marshal(world)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "node", "run.mjs")
	command.Dir = "javascript"
	command.Env = []string{"PATH=" + os.Getenv("PATH")} // which must not configure the SDK
	command.Stdin = bytes.NewReader(input)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		t.Errorf("node: %v: %s", err, stderr.String())
	}
	var lines []line
	for scanner := bufio.NewReader(&stdout); ; {
		text, err := scanner.ReadBytes('\n')
		if err != nil {
			return lines
		}
		var l line
		if err := json.Unmarshal(text, &l); err != nil {
			t.Fatalf("the Node program wrote %.200q: %v", text, err)
		}
		lines = append(lines, l)
	}
}
