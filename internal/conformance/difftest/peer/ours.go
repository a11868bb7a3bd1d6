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

// concurrent is the number of cases that package auth runs at the same time. Most of
// them wait before they retry a call.
const concurrent = 64

// Ours runs the cases on package auth and returns the outcomes in their order.
func Ours(backend *Backend, cases []*generator.Case) []Outcome {
	outcomes := make([]Outcome, len(cases))
	var wg sync.WaitGroup
	slots := make(chan struct{}, concurrent)
	for i, c := range cases {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			name := "go" + strconv.Itoa(i)
			outcomes[i] = our(c, backend.Open(name, c.API), backend)
			outcomes[i].Calls = backend.Forget(name)
		})
	}
	wg.Wait()
	return outcomes
}

func our(c *generator.Case, api string, transport http.RoundTripper) Outcome {
	authn, err := authenticator(c, api, transport)
	if err != nil {
		return Outcome{Error: err.Error()}
	}
	r, err := Request(c)
	if err != nil {
		return Outcome{Error: "net/http: " + err.Error()}
	}
	state, err := authn.Authenticate(r)
	if err != nil {
		return Outcome{Error: err.Error()}
	}
	h := state.Header
	a := Outcome{
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

// Request returns the request of a case as a server reads it.
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

// actor returns the actor claim, which the JavaScript SDK returns unchanged.
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
