package clerktest

import (
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"
)

const (
	uatCookieAge     = 315360000 // seconds, as Clerk sets it
	sessionCookieAge = 31536000
)

// cookieDirective returns one Set-Cookie header for the application's host. An empty
// value deletes the cookie.
func cookieDirective(name, value, domain string, age int, secure, httpOnly bool) string {
	c := http.Cookie{
		Name: name, Value: value, Path: "/", Domain: domain, MaxAge: age,
		Secure: secure, HttpOnly: httpOnly, SameSite: http.SameSiteLaxMode,
	}
	if value == "" {
		c.MaxAge, c.Expires = 0, time.Unix(0, 0)
	}
	return c.String()
}

// cookieDomain returns the domain of cookies that every host of an application
// receives, or "" for an IP address, which browsers do not accept as a domain.
func (i *Instance) cookieDomain(target *url.URL) string {
	if i.production {
		return i.domain()
	}
	if _, err := netip.ParseAddr(target.Hostname()); err == nil {
		return ""
	}
	return target.Hostname()
}

// uatDirectives returns the cookies that tell the application when the browser last
// signed in or out.
func (i *Instance) uatDirectives(c *frontendClient, s *session, target *url.URL) []string {
	uat := "0"
	if s != nil {
		uat = strconv.FormatInt(c.Updated.Unix(), 10)
	}
	domain, secure := i.cookieDomain(target), target.Scheme == "https"
	return []string{
		cookieDirective("__client_uat", uat, domain, uatCookieAge, secure, false),
		cookieDirective("__client_uat_"+cookieSuffix(i.publishableKey), uat, domain, uatCookieAge, secure, false),
	}
}

// cookieDirectives returns Set-Cookie headers that bring the application's cookies in
// step with the browser's session. Without a session they delete its cookies.
func (i *Instance) cookieDirectives(c *frontendClient, s *session, token string, target *url.URL) []string {
	suffix, secure := "_"+cookieSuffix(i.publishableKey), target.Scheme == "https"
	// A cookie without a domain would hide the cookie that follows.
	list := []string{cookieDirective("__client_uat", "", "", 0, secure, false)}
	if i.production {
		for _, name := range []string{"__clerk_handshake", "__clerk_handshake_nonce"} {
			list = append(list, cookieDirective(name, "", i.domain(), 0, true, false))
		}
	}
	list = append(list, i.uatDirectives(c, s, target)...)
	refresh, refreshAge := "", 0
	if s != nil {
		refresh, refreshAge = i.RefreshToken(s.ID), int(s.ExpireAt.Time().Sub(i.now()).Seconds())
	}
	list = append(list, cookieDirective("__refresh"+suffix, refresh, "", refreshAge, secure, true))
	if !i.production {
		list = append(list,
			cookieDirective("__clerk_db_jwt", c.DevBrowser, "", sessionCookieAge, secure, false),
			cookieDirective("__clerk_db_jwt"+suffix, c.DevBrowser, "", sessionCookieAge, secure, false))
	}
	return append(list, i.sessionDirectives(token, secure)...)
}

func (i *Instance) sessionDirectives(token string, secure bool) []string {
	return []string{
		cookieDirective("__session", token, "", sessionCookieAge, secure, false),
		cookieDirective("__session_"+cookieSuffix(i.publishableKey), token, "", sessionCookieAge, secure, false),
	}
}
