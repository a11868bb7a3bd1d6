package clerktest

import (
	html "html/template"
	"net/http"

	"github.com/backend-sdk/clerk-go/api"
)

var accountHTML = html.Must(html.New("account").Parse(`<!doctype html>
<title>Emulated Clerk</title>
{{$back := .Back}}
{{with .User}}<p>Signed in as <b id="user">{{.ID}}</b></p>
<form method="post" action="sign-out"><input type="hidden" name="redirect_url" value="{{$back}}"><input type="hidden" name="__clerk_db_jwt" value="{{$.Browser}}"><button id="sign-out">Sign out</button></form>
{{else}}<p id="nobody">Nobody is signed in.</p>{{end}}
{{range .Users}}<form method="post" action="sign-in"><input type="hidden" name="redirect_url" value="{{$back}}"><input type="hidden" name="__clerk_db_jwt" value="{{$.Browser}}"><button id="{{.ID}}" name="user_id" value="{{.ID}}">Sign in as {{.ID}}</button></form>
{{end}}`))

// accountPage shows who is signed in at the browser and a sign-in button per user.
func (i *Instance) accountPage(w http.ResponseWriter, r *http.Request) {
	back := r.FormValue("redirect_url")
	if _, err := i.returnURL(back); err != nil {
		fail(w, err)
		return
	}
	c, err := i.clientOf(r)
	if err != nil {
		fail(w, err)
		return
	}
	s := i.clientSession(c)
	shown := struct {
		Back, Browser string
		User          *api.User
		Users         []*api.User
	}{Back: back}
	if !i.production {
		shown.Browser = c.DevBrowser
	}
	i.store.Read(func() {
		shown.Users = i.users.All()
		if s != nil {
			shown.User = i.users.Get(s.UserID)
		}
	})
	i.setClient(w, r, c)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	accountHTML.Execute(w, shown)
}

func (i *Instance) signInPage(w http.ResponseWriter, r *http.Request) {
	i.changeSignIn(w, r, func(c *frontendClient) (*frontendClient, error) {
		return i.signInClient(c, r.PostFormValue("user_id"))
	})
}

func (i *Instance) signOutPage(w http.ResponseWriter, r *http.Request) {
	i.changeSignIn(w, r, i.signOutClient)
}

// changeSignIn signs the browser in or out and redirects it. The application
// notices at its next handshake, which the newer __client_uat triggers.
func (i *Instance) changeSignIn(w http.ResponseWriter, r *http.Request, change func(*frontendClient) (*frontendClient, error)) {
	target, err := i.returnURL(r.FormValue("redirect_url"))
	if err != nil {
		fail(w, err)
		return
	}
	c, err := i.clientOf(r)
	if err == nil {
		c, err = change(c)
	}
	if err != nil {
		fail(w, err)
		return
	}
	i.setClient(w, r, c)
	if i.production {
		for _, line := range i.uatDirectives(c, i.clientSession(c), target) {
			w.Header().Add("Set-Cookie", line)
		}
	} else {
		target = withParameter(target, "__clerk_db_jwt", c.DevBrowser)
	}
	w.Header().Set("Location", target.String())
	w.WriteHeader(http.StatusSeeOther)
}

// setClient sets the cookie by which the frontend API recognizes the browser.
func (i *Instance) setClient(w http.ResponseWriter, r *http.Request, c *frontendClient) {
	w.Header().Add("Set-Cookie", cookieDirective("__client", c.Token, "", uatCookieAge, r.TLS != nil, true))
}
