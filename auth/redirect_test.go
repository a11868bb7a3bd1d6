package auth

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
	"github.com/google/go-cmp/cmp"
)

func TestRedirectToSignInAndSignUp(t *testing.T) {
	t.Parallel()
	dev := WithPublishableKey(devKey)
	const back = "redirect_url=http%3A%2F%2Fapp.example.com%2Fp%3Fq%3D%257E"
	for name, test := range map[string]struct {
		options        []Option
		redirect       []RedirectOption
		request        []requestOption
		signIn, signUp string
	}{
		"account portal": {
			signIn: "https://accounts.example.com/sign-in?" + back, signUp: "https://accounts.example.com/sign-up?" + back,
		},
		"account portal, with a proxy": {
			options: []Option{WithProxyURL("https://proxy.example")},
			signIn:  "https://accounts.example.com/sign-in?" + back, signUp: "https://accounts.example.com/sign-up?" + back,
		},
		"own pages": {
			options: []Option{WithSignInURL("/in?x=~"), WithSignUpURL("https://id.example/up#here")},
			signIn:  "http://app.example.com/in?x=%7E&" + back, signUp: "https://id.example/up?" + back + "#here",
		},
		"sign-up below sign-in": {
			options: []Option{WithSignInURL("https://id.example/in/")},
			signIn:  "https://id.example/in/?" + back, signUp: "https://id.example/in/create?" + back,
		},
		"nowhere to return to": {
			options: []Option{WithSignInURL("/in?x=~")}, redirect: []RedirectOption{nil, ReturnBackURL("")},
			signIn: "http://app.example.com/in?x=~", signUp: "http://app.example.com/in/create?x=~",
		},
		"return to a path": {
			redirect: []RedirectOption{ReturnBackURL("../a b?c")},
			signIn:   "https://accounts.example.com/sign-in?redirect_url=http%3A%2F%2Fapp.example.com%2Fa%2520b%3Fc", signUp: "https://accounts.example.com/sign-up?redirect_url=http%3A%2F%2Fapp.example.com%2Fa%2520b%3Fc",
		},
		"return to another host": {
			redirect: []RedirectOption{ReturnBackURL("https://b.example")},
			signIn:   "https://accounts.example.com/sign-in?redirect_url=https%3A%2F%2Fb.example%2F", signUp: "https://accounts.example.com/sign-up?redirect_url=https%3A%2F%2Fb.example%2F",
		},
		"return to a script": {
			redirect: []RedirectOption{ReturnBackURL("javascript:alert(1)")},
			signIn:   "https://accounts.example.com/sign-in", signUp: "https://accounts.example.com/sign-up",
		},
		"development": {
			options: []Option{dev}, request: []requestOption{devBrowser},
			signIn: "https://accounts.example.com/sign-in?" + back + "&__clerk_db_jwt=dvb_2fZ", signUp: "https://accounts.example.com/sign-up?" + back + "&__clerk_db_jwt=dvb_2fZ",
		},
		"development, own host": {
			options: []Option{dev, WithSignInURL("/in")}, request: []requestOption{devBrowser},
			signIn: "http://app.example.com/in?" + back, signUp: "http://app.example.com/in/create?" + back,
		},
		"development, no dev browser": {
			options: []Option{dev},
			signIn:  "https://accounts.example.com/sign-in?" + back, signUp: "https://accounts.example.com/sign-up?" + back,
		},
		"satellite": {
			options: append(satelliteOptions(), dev), request: []requestOption{devBrowser},
			signIn: "https://app.example.com/sign-in?redirect_url=http%3A%2F%2Fs.example%2Fp%3Fq%3D%257E%26__clerk_synced%3Dfalse&__clerk_db_jwt=dvb_2fZ",
			signUp: "https://app.example.com/sign-in/create?redirect_url=http%3A%2F%2Fs.example%2Fp%3Fq%3D%257E%26__clerk_synced%3Dfalse&__clerk_db_jwt=dvb_2fZ",
		},
		"host of an untrusted peer": {
			options: []Option{WithSignInURL("/in")}, request: []requestOption{withField("X-Forwarded-Host", "evil.example")},
			signIn: "http://app.example.com/in?" + back, signUp: "http://app.example.com/in/create?" + back,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newTestAuthenticator(t, test.options...)
			r := newRequest(t, "/p?q=%7E", test.request...)
			r.RemoteAddr = "203.0.113.1:1"
			if name == "satellite" {
				r.Host = "s.example"
			}
			for want, redirect := range map[string]func(http.ResponseWriter, *http.Request, ...RedirectOption){
				test.signIn: a.RedirectToSignIn, test.signUp: a.RedirectToSignUp,
			} {
				w := httptest.NewRecorder()
				redirect(w, r, test.redirect...)
				if diff := cmp.Diff(http.Header{"Location": {want}, "Cache-Control": {"private, no-store"}}, w.Header()); diff != "" || w.Code != http.StatusTemporaryRedirect || w.Body.Len() != 0 {
					t.Errorf("status %d, header (-want +got):\n%s", w.Code, diff)
				}
			}
		})
	}
}

// A pending session is redirected to its tasks, and the body of a form is not sent again.
func TestRedirectOfAPendingSessionAndOfAForm(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t, WithSignInURL("https://id.example/in"))
	h := a.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.RedirectToSignIn(w, r, ReturnBackURL(""))
	}))
	for want, r := range map[string]*http.Request{
		"https://id.example/in/tasks": newRequest(t, "/", withMethod(http.MethodPost), withBearer(mint(t, withClaim("sts", "pending")))),
		"https://id.example/in":       newRequest(t, "/", withMethod(http.MethodPost)),
	} {
		resp := serve(t, h, r)
		if got := resp.Header.Get("Location"); got != want || resp.StatusCode != http.StatusSeeOther {
			t.Errorf("status %d to %q, want 303 to %q", resp.StatusCode, got, want)
		}
	}
}

// A page whose URL is too long to return to does not keep its visitor from signing in.
func TestRedirectFromATooLongURL(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t, WithSignInURL("/in"))
	r := newRequest(t, "/")
	r.RequestURI = "/" + strings.Repeat("a", weburl.MaxTarget)
	if got := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.RedirectToSignIn(w, r) }), r).Header.Get("Location"); got != "http://app.example.com/in" {
		t.Errorf("redirected to %d bytes beginning with %.80q", len(got), got)
	}
}

func TestRedirectWithoutAPageRespondsWith500(t *testing.T) {
	t.Parallel()
	bare, err := New(nil, WithJWTKey(testPEM(t)), WithoutCookies())
	if err != nil {
		t.Fatal(err)
	}
	noHost := newRequest(t, "/")
	noHost.Host = ""
	for name, test := range map[string]struct {
		a *Authenticator
		r *http.Request
	}{
		"no page known": {bare, newRequest(t, "/")},
		"nil":           {nil, newRequest(t, "/")},
		"zero":          {&Authenticator{}, newRequest(t, "/")},
		"path, no host": {newTestAuthenticator(t, WithSignInURL("/in")), noHost},
	} {
		w := httptest.NewRecorder()
		test.a.RedirectToSignIn(w, test.r)
		if w.Code != http.StatusInternalServerError || w.Header().Get("Location") != "" {
			t.Errorf("%s: status %d to %q", name, w.Code, w.Header().Get("Location"))
		}
	}
	w := httptest.NewRecorder()
	newTestAuthenticator(t).RedirectToSignUp(w, noHost)
	if got := w.Header().Get("Location"); got != "https://accounts.example.com/sign-up" {
		t.Errorf("without a host the portal is %q", got)
	}
}
