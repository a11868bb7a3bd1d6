package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// refusalsOf returns an Authenticator that refuses with respond.
func refusalsOf(t *testing.T, respond func(http.ResponseWriter, *http.Request, *Refusal)) *Authenticator {
	t.Helper()
	return newTestAuthenticator(t, WithRefusal(respond))
}

func refuseGuest(t *testing.T, a *Authenticator, opts ...requestOption) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	a.Require(Role("org:admin"))(inspect(func(*http.Request) { t.Error("the handler ran") })).ServeHTTP(w, newRequest(t, "/", opts...))
	return w
}

func TestProgramWritesItsRefusals(t *testing.T) {
	t.Parallel()
	page := template.Must(template.New("").Parse(`<p>{{.Status}} {{.Reason}}</p>`))
	reason := string(ReasonSessionTokenAndUATMissing)
	for name, test := range map[string]struct {
		respond func(http.ResponseWriter, *http.Request, *Refusal)
		status  int
		kind    string // of the content
		body    string
		header  http.Header // "" where it must be absent
	}{
		"problem+json": {
			respond: func(w http.ResponseWriter, _ *http.Request, f *Refusal) {
				w.Header().Set("Content-Type", "application/problem+json")
				w.WriteHeader(f.Status)
				json.NewEncoder(w).Encode(map[string]any{"status": f.Status, "title": f.Code, "detail": f.Reason})
			},
			status: 401, kind: "application/problem+json", body: `{"detail":"` + reason + `","status":401,"title":"unauthenticated"}` + "\n",
		},
		"HTML, without a status": {
			respond: func(w http.ResponseWriter, _ *http.Request, f *Refusal) {
				w.Header().Set("Content-Type", "text/html")
				if err := page.Execute(w, f); err != nil {
					t.Error(err)
				}
			},
			status: 401, kind: "text/html", body: "<p>401 " + reason + "</p>",
		},
		"another status": {
			respond: func(w http.ResponseWriter, _ *http.Request, _ *Refusal) {
				http.Error(w, "nothing here", http.StatusNotFound)
			},
			status: 404, kind: "text/plain; charset=utf-8", body: "nothing here\n",
		},
		"changed fields": {
			respond: func(w http.ResponseWriter, r *http.Request, f *Refusal) {
				w.Header().Del("WWW-Authenticate")
				w.Header().Del(headerReason)
				f.Message, f.Reason = "please sign in", ""
				f.ServeHTTP(w, r)
			},
			status: 401, kind: "application/json", body: `{"errors":[{"code":"unauthenticated","message":"please sign in"}]}`,
			header: http.Header{"WWW-Authenticate": {""}, headerReason: {""}},
		},
		"nothing": {
			respond: func(http.ResponseWriter, *http.Request, *Refusal) {},
			status:  401, kind: "application/json", body: `{"errors":[{"code":"unauthenticated","message":"` + messageNothing + `","meta":{"reason":"` + reason + `"}}]}`,
		},
		"an empty body": {
			respond: func(w http.ResponseWriter, _ *http.Request, _ *Refusal) { w.Write(nil); io.WriteString(w, "") },
			status:  401, kind: "application/json", body: `{"errors":[{"code":"unauthenticated","message":"` + messageNothing + `","meta":{"reason":"` + reason + `"}}]}`,
		},
		"early hints": {
			respond: func(w http.ResponseWriter, _ *http.Request, _ *Refusal) { w.WriteHeader(http.StatusEarlyHints) },
			status:  401, kind: "application/json", body: `{"errors":[{"code":"unauthenticated","message":"` + messageNothing + `","meta":{"reason":"` + reason + `"}}]}`,
		},
		"flushed": {
			respond: func(w http.ResponseWriter, _ *http.Request, _ *Refusal) {
				w.Header().Set("Content-Type", "text/plain")
				if err := http.NewResponseController(w).Flush(); err != nil {
					t.Error(err)
				}
				io.WriteString(w, "streamed")
			},
			status: 401, kind: "text/plain", body: "streamed",
		},
		"redirect": {
			respond: func(w http.ResponseWriter, r *http.Request, _ *Refusal) {
				http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
			},
			status: 303, kind: "text/html; charset=utf-8", body: "<a href=\"/sign-in\">See Other</a>.\n\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewServer(refusalsOf(t, test.respond).Require(Role("org:admin"))(inspect(func(*http.Request) { t.Error("the handler ran") })))
			t.Cleanup(srv.Close)
			client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			resp, err := client.Get(srv.URL)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if got := bodyOf(t, resp); resp.StatusCode != test.status || resp.Header.Get("Content-Type") != test.kind || got != test.body {
				t.Errorf("status %d, %s, body %q", resp.StatusCode, resp.Header.Get("Content-Type"), got)
			}
			want := http.Header{"WWW-Authenticate": {"Bearer"}, "Cache-Control": {"no-store"}, "Vary": {"Authorization, Cookie"}, headerReason: {reason}}
			maps.Copy(want, test.header)
			for field, values := range want {
				if got := resp.Header.Get(field); got != values[0] {
					t.Errorf("%s is %q, want %q", field, got, values[0])
				}
			}
			head, err := client.Head(srv.URL)
			if err != nil {
				t.Fatal(err)
			}
			head.Body.Close()
			if head.StatusCode != test.status {
				t.Errorf("HEAD: status %d, want %d", head.StatusCode, test.status)
			}
		})
	}
}

func TestRefusalThatPanicsReachesTheServer(t *testing.T) {
	t.Parallel()
	a := refusalsOf(t, func(http.ResponseWriter, *http.Request, *Refusal) { panic("a broken template") })
	if got := panicOf(func() { refuseGuest(t, a) }); got != "a broken template" {
		t.Errorf("panic %q", got)
	}
}

// The function is asked about every refusal, with what it is about, and never about
// handshakes or requests that pass.
func TestRefusalsAreGivenToTheProgram(t *testing.T) {
	t.Parallel()
	type seen struct {
		Status       int
		Code         string
		Reason       Reason
		Reverify     string
		Seconds      float64
		Challenge    string
		User         string // whom FromContext returns
		Unauthorized bool
		Forbidden    bool
		Reverified   bool
		Misconfig    bool
		Unavailable  bool
	}
	for name, test := range map[string]struct {
		options []Option
		reqs    []Requirement
		request []requestOption
		nobody  bool // Require of no Authenticator that works
		want    *seen
	}{
		"guest": {want: &seen{Status: 401, Code: codeUnauthenticated, Reason: ReasonSessionTokenAndUATMissing, Challenge: "Bearer", Unauthorized: true}},
		"role": {reqs: []Requirement{Role("org:admin")}, request: []requestOption{withBearer(mint(t))},
			want: &seen{Status: 403, Code: codeForbidden, User: testUser, Forbidden: true}},
		"reverification": {reqs: []Requirement{ReverifiedWithin(FirstFactor, 1)}, request: []requestOption{withBearer(mint(t))},
			want: &seen{Status: 403, Code: codeForbidden, Reverify: `{"level":"first_factor","afterMinutes":1.6666666666666667e-11}`, User: testUser, Reverified: true}},
		"misconfigured": {options: satelliteOptions(), request: []requestOption{withField("Origin", "https://app.example.com")},
			want: &seen{Status: 500, Code: codeMisconfigured, Misconfig: true}},
		"passes":    {request: []requestOption{withBearer(mint(t))}},
		"handshake": {request: []requestOption{asPageLoad, withCookie("__client_uat", "1")}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got *seen
			option := WithRefusal(func(w http.ResponseWriter, r *http.Request, f *Refusal) {
				got = &seen{f.Status, f.Code, f.Reason, string(f.Reverification), f.RetryAfter.Seconds(), f.Challenge, FromContext(r.Context()).UserID,
					errors.Is(f.Err, ErrUnauthenticated), errors.Is(f.Err, ErrForbidden), errors.Is(f.Err, ErrReverification),
					errors.Is(f.Err, ErrConfiguration), errors.Is(f.Err, ErrVerificationUnavailable)}
				if f.Message == "" {
					t.Error("the message is empty")
				}
			})
			a := newTestAuthenticator(t, append(test.options, option)...)
			serve(t, a.Require(test.reqs...)(inspect(nil)), newRequest(t, "/", test.request...))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("refusal (-want +got):\n%s", diff)
			}
		})
	}
}

// Nothing that a refusal holds shows the token.
func TestRefusalsPrintNoToken(t *testing.T) {
	t.Parallel()
	for name, token := range map[string]string{
		"forged": mint(t, signedBy(otherKey())), "expired": mint(t, withClaim("exp", testNow.Unix()-42)),
		"pending": mint(t, withClaim("sts", "pending")), "valid": mint(t), "key": "ak_secret_of_somebody",
	} {
		a := refusalsOf(t, func(_ http.ResponseWriter, _ *http.Request, f *Refusal) {
			parts := strings.Split(token, ".")
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
				for _, text := range []string{fmt.Sprintf(verb, f), fmt.Sprintf(verb, *f), fmt.Sprintf(verb, f.Err)} {
					if strings.Contains(text, parts[len(parts)-1]) {
						t.Errorf("%s: %s prints the token: %s", name, verb, text)
					}
				}
			}
		})
		if w := refuseGuest(t, a, withBearer(token)); strings.Contains(fmt.Sprint(w.Body, w.Header()), token) {
			t.Errorf("%s: the response shows the token", name)
		}
	}
}
