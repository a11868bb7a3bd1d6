package clerktest

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
)

// SignIn puts a session token of the user into the Authorization header of a request,
// as a frontend does when it calls a backend. The token's authorized party is the
// Origin of the request, or else the request's own host.
func (i *Instance) SignIn(r *http.Request, userID string, opts ...TokenOption) {
	i.helper()
	r.Header.Set("Authorization", "Bearer "+i.Token(pageOptions(r, userID, opts)...))
}

// SignInCookies adds to a request the cookies that a browser has after the user signed
// in: the session, the time of the sign-in and, on a development instance, the
// development browser, each under its plain name and under the name with the instance's
// suffix. The frontend API knows that development browser. There is no __refresh
// cookie: [Instance.RefreshToken] returns its content.
func (i *Instance) SignInCookies(r *http.Request, userID string, opts ...TokenOption) {
	i.helper()
	opts = pageOptions(r, userID, opts)
	s, _, err := i.tokenSession(newTokenRequest(opts))
	if err == nil && s == nil {
		err = errors.New("a machine has no browser")
	}
	if err != nil {
		i.fatal(fmt.Errorf("clerktest: sign in: %w", err))
	}
	suffix := "_" + cookieSuffix(i.publishableKey)
	cookies := [][2]string{
		{"__session", i.Token(append(opts, ForSession(s.ID))...)},
		{"__client_uat", strconv.FormatInt(int64(s.CreatedAt)/1000, 10)},
	}
	if !i.production {
		cookies = append(cookies, [2]string{"__clerk_db_jwt", i.devBrowserOf(s)})
	}
	for _, cookie := range cookies {
		for _, name := range []string{cookie[0], cookie[0] + suffix} {
			r.AddCookie(&http.Cookie{Name: name, Value: cookie[1]})
		}
	}
}

func pageOptions(r *http.Request, userID string, opts []TokenOption) []TokenOption {
	origin := r.Header.Get("Origin")
	if host := r.Host; origin == "" && host != "" {
		scheme := "http"
		if r.TLS != nil || r.URL.Scheme == "https" {
			scheme = "https"
		}
		origin = scheme + "://" + host
	}
	return append([]TokenOption{ForUser(userID), WithAuthorizedParty(origin)}, opts...)
}
