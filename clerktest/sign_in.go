package clerktest

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
)

// SignIn sets the Authorization header of a request to a session token of the user,
// as a frontend does when it calls a backend. The token's authorized party is the
// Origin of the request or, without one, the origin of the request's URL and host.
func (i *Instance) SignIn(r *http.Request, userID string, opts ...TokenOption) {
	i.helper()
	r.Header.Set("Authorization", "Bearer "+i.Token(pageOptions(r, userID, opts)...))
}

// SignInCookies adds the cookies to a request that a browser sends after the user has
// signed in: the session token, the time of the sign-in and, on a development
// instance, the development browser token. Each cookie is added under its plain name
// and under its name with the instance's suffix. The frontend API recognizes the
// development browser token. SignInCookies does not add a __refresh cookie;
// [Instance.RefreshToken] returns its value.
func (i *Instance) SignInCookies(r *http.Request, userID string, opts ...TokenOption) {
	i.helper()
	opts = pageOptions(r, userID, opts)
	s, _, err := i.tokenSession(newTokenRequest(opts))
	if err == nil && s == nil {
		err = errors.New("a machine cannot sign in")
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
		browser, err := i.devBrowserOf(s)
		if err != nil {
			i.fatal(fmt.Errorf("clerktest: sign in: %w", err))
		}
		cookies = append(cookies, [2]string{"__clerk_db_jwt", browser})
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
