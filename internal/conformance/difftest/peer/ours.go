package peer

import (
	"bufio"
	"crypto/tls"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
)

// atOnce is how many cases package auth works on at the same time. Most of them
// wait before they ask the API again.
const atOnce = 64

// Ours asks package auth about the cases. The answers are in their order.
func Ours(double *Double, cases []*generator.Case) []Answer {
	answers := make([]Answer, len(cases))
	var wg sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for i, c := range cases {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			name := "go" + strconv.Itoa(i)
			answers[i] = our(c, double.Open(name, c.API), double)
			answers[i].Calls = double.Shut(name)
		})
	}
	wg.Wait()
	return answers
}

func our(c *generator.Case, api string, transport http.RoundTripper) Answer {
	authn, err := authenticator(c, api, transport)
	if err != nil {
		return Answer{Error: err.Error()}
	}
	r, err := Request(c)
	if err != nil {
		return Answer{Error: "net/http: " + err.Error()}
	}
	state, err := authn.Authenticate(r)
	if err != nil {
		return Answer{Error: err.Error()}
	}
	h := state.Header
	a := Answer{
		Status: string(state.Status), Reason: string(state.Reason), TokenType: string(state.TokenType),
		Location: h.Get("Location"), CacheControl: h.Get("Cache-Control"),
		AllowOrigin: h.Get("Access-Control-Allow-Origin"), AllowCredentials: h.Get("Access-Control-Allow-Credentials"),
		Cookies:    h.Values("Set-Cookie"),
		AuthStatus: h.Get("X-Clerk-Auth-Status"), AuthReason: h.Get("X-Clerk-Auth-Reason"),
		AuthMessage: h.Get("X-Clerk-Auth-Message") != "",
		Undecided:   state.Err() != nil,
	}
	every := auth.Accepts(kinds(everyKind)...)
	a.Auth = who(r, state.Auth(every), c.Asks)
	a.PendingAuth = who(r, state.Auth(every, auth.AllowPending()), c.Asks)
	a.EndpointAuth = who(r, state.Auth(auth.Accepts(kinds(c.Endpoint)...)), c.Asks)
	return a
}

// Request reads the request as a server does.
func Request(c *generator.Case) (*http.Request, error) {
	var text strings.Builder
	text.WriteString(c.Method + " " + c.Target + " HTTP/1.1\r\nHost: " + c.Host + "\r\n")
	for _, f := range c.Header {
		text.WriteString(f[0] + ": " + f[1] + "\r\n")
	}
	text.WriteString("\r\n")
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text.String())))
	if err != nil {
		return nil, err
	}
	r.RemoteAddr = c.Peer
	if c.Scheme == "https" {
		r.TLS = &tls.ConnectionState{}
	}
	return r, nil
}

func who(r *http.Request, a *auth.Auth, asks []generator.Ask) *Auth {
	w := &Auth{
		IsAuthenticated: a.IsAuthenticated(), TokenType: string(a.TokenType),
		UserID: a.UserID, SessionID: a.SessionID, SessionStatus: a.SessionStatus,
		OrgID: a.OrganizationID, OrgSlug: a.OrganizationSlug, OrgRole: a.OrganizationRole,
		OrgPermissions: a.OrganizationPermissions(),
		ID:             a.ID, Subject: a.Subject, Name: a.Name, ClientID: a.ClientID, MachineID: a.MachineID, Scopes: a.Scopes,
	}
	w.Token, _ = a.GetToken(r.Context())
	if claims := a.Claims(); claims != nil {
		w.Claims = ToJSON(claims.Raw())
	} else if claims := a.MachineClaims(); claims != nil {
		w.Claims = ToJSON(claims)
	}
	if a.Actor != nil {
		w.Actor = actor(a.Actor)
	}
	for _, ask := range asks {
		bit := "0"
		if a.Has(checks(ask)...) {
			bit = "1"
		}
		w.Has += bit
	}
	return w
}

// actor gives what the JavaScript SDK hands out as it stands in the token.
func actor(a *auth.Actor) JSON {
	members := map[string]string{}
	for name, value := range map[string]string{"iss": a.Issuer, "sub": a.Subject, "sid": a.SessionID, "type": a.Type} {
		if value != "" {
			members[name] = value
		}
	}
	return ToJSON(members)
}

func checks(ask generator.Ask) []auth.Check {
	var list []auth.Check
	for _, c := range []struct {
		name  *string
		check func(string) auth.Check
	}{{ask.Role, auth.Role}, {ask.Permission, auth.Permission}, {ask.Feature, auth.Feature}, {ask.Plan, auth.Plan}} {
		if c.name != nil {
			list = append(list, c.check(*c.name))
		}
	}
	switch policy := ask.Reverification.(type) {
	case string:
		list = append(list, auth.Reverified(auth.Preset(policy)))
	case generator.Policy:
		age := time.Duration(policy.AfterMinutes * float64(time.Minute))
		list = append(list, auth.ReverifiedWithin(auth.Level(policy.Level), age))
	}
	return list
}
