package generator

import (
	"math/rand/v2"
	"runtime"
	"sync"
)

// A family generates requests that exercise one part of the rules.
type family struct {
	name   string
	weight int
	fill   func(*draft)
}

var families = []family{
	{"header", 12, (*draft).headerToken},
	{"cookies", 16, (*draft).cookieToken},
	{"suffix", 12, (*draft).suffixes},
	{"satellite", 10, (*draft).satellite},
	{"primary", 4, (*draft).primary},
	{"referrer", 6, (*draft).referrer},
	{"organization", 10, (*draft).patterns},
	{"handshake", 22, (*draft).handshake},
	{"refresh", 24, (*draft).refresh},
	{"opaque", 18, (*draft).opaque},
	{"machine-jwt", 14, (*draft).machineJWT},
	{"accepts", 6, (*draft).accepts},
	{"keys", 14, (*draft).keySets},
	{"settings", 14, (*draft).settings},
	{"origin", 12, (*draft).origin},
	{"claims", 12, (*draft).claimsAsked},
	{"syntax", 12, (*draft).syntax},
	{"strange", 14, (*draft).strangeToken},
}

// Generate generates n cases from a seed, starting with the case of the number first.
// A case depends on the seed and its number alone.
func Generate(seed uint64, first, n int, keys *Keys) []*Case {
	var deck []family
	for _, f := range families {
		for range f.weight {
			deck = append(deck, f)
		}
	}
	cases := make([]*Case, n)
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for worker := range workers {
		wg.Go(func() {
			for i := worker; i < n; i += workers {
				r := rand.New(rand.NewPCG(seed, uint64(first+i)))
				f := deck[r.IntN(len(deck))]
				d := newDraft(r, keys, first+i, f.name)
				f.fill(d)
				cases[i] = d.done()
			}
		})
	}
	wg.Wait()
	return cases
}

// headerToken generates a token in the Authorization header, sometimes with cookies.
func (d *draft) headerToken() {
	d.anyCaller()
	d.checks()
	d.acceptSessions()
	token := ""
	if d.chance(25) {
		token = d.mint(d.expired())
	} else {
		token = d.any()
	}
	d.header("Authorization", d.authorization(token))
	if d.chance(25) {
		d.signedInCookies(d.good())
	}
	if d.chance(10) {
		d.cookie("__refresh"+d.instance.suffix(), "refresh_1")
	}
	d.redirects()
}

func (d *draft) authorization(token string) string {
	if d.chance(80) {
		return "Bearer " + token
	}
	return pick(d, token, "bearer "+token, "BEARER "+token, "Bearer  "+token, "Basic dXNlcjpwYXNz", "Token "+token, "Bearer", "Bearer ", "bearer", "Bearer "+token+" x", "Basic", "Bearer\t"+token)
}

// checks sometimes sets what tokens are verified against.
func (d *draft) checks() {
	o := &d.c.Options
	if d.chance(30) {
		o.AuthorizedParties = pick(d, []string{party}, []string{"https://other.example.com", party}, []string{"https://other.example.com"})
	}
	if d.chance(20) {
		o.Audience = pick(d, []string{"api"}, []string{"x", "api"}, []string{"y"})
		o.RequiredAudience = d.chance(25)
	}
	if d.chance(10) {
		o.Issuer = d.issuer()
	}
	if d.chance(20) {
		o.ClockSkew = new(pick[int64](d, 0, 1000, 5999, 10_000, 86_400_000))
	}
}

// issuer returns the issuer of the instance's tokens, or another one.
func (d *draft) issuer() string {
	return pick(d, "https://"+d.instance.frontend, "https://clerk.other.example.com")
}

// acceptSessions accepts session tokens, alone or among others.
func (d *draft) acceptSessions() {
	o := &d.c.Options
	switch d.IntN(10) {
	case 0, 1:
		o.Any = true
	case 2:
		o.Accepts = []string{Session, APIKey}
	case 3:
		o.Accepts = []string{M2M, OAuth, Session}
	case 4:
		o.Accepts = []string{Session}
	}
}

// cookieToken generates the cookies of one instance, without contradictions.
func (d *draft) cookieToken() {
	d.anyCaller()
	d.checks()
	if d.chance(15) {
		d.acceptSessions()
	}
	if d.chance(15) {
		d.partyless()
		return
	}
	token, uat := "", ""
	if !d.chance(12) {
		token = d.any()
	}
	switch d.IntN(12) {
	case 0:
	case 1:
		uat = "0"
	case 2, 4:
		uat = pick(d, "abc", "-5", " 7", "12x", "+3", "1e9", "0x10")
	case 3:
		uat = text(d.now() - pick[int64](d, 9, 10, 11, 0, -30))
	default:
		uat = text(d.now() - 100)
	}
	if d.chance(15) {
		token, uat = d.good(), text(d.now()-10) // a token as old as the client's last change
	} else if d.chance(8) {
		t := d.session()
		t.Payload["nbf"] = d.now() + pick[int64](d, 6, 60)
		token, uat = d.mint(t), text(d.now()-100)
	}
	d.ownCookies(token, uat)
	if d.chance(20) {
		d.cookie("__refresh", "refresh_plain")
	}
	d.redirects()
	d.foreignPage()
	if d.isDevelopment() && d.chance(10) {
		d.query = append(d.query, pick(d, "__clerk_db_jwt=dvb_url", "__clerk_db_jwt=", "__clerk_db_jwt"))
	}
}

// partyless generates cookies whose token names no authorized party, although the
// service has some.
func (d *draft) partyless() {
	d.c.Options.AuthorizedParties = []string{party}
	t := d.session()
	delete(t.Payload, "azp")
	d.ownCookies(d.mint(t), text(d.now()-100))
	d.sameOriginSessions()
}

// sameOriginSessions lets pages of the service's own origin use tokens without an
// authorized party, and says in some way from where the request comes.
func (d *draft) sameOriginSessions() {
	d.c.Options.SameOriginSessions = true
	if site := pick(d, "same-origin", "same-origin", "none", "same-site", "cross-site", ""); site != "" {
		d.header("Sec-Fetch-Site", site)
	}
}

// foreignPage sometimes makes the request one that a page of another origin sends.
func (d *draft) foreignPage() {
	if !d.chance(40) {
		return
	}
	d.c.Options.CrossOriginProtection = d.chance(70)
	d.c.Method = pick(d, "GET", "POST", "POST", "DELETE")
	switch d.IntN(4) {
	case 0:
		d.header("Sec-Fetch-Site", pick(d, "cross-site", "same-site", "same-origin", "none"))
	case 1:
		d.header("Origin", pick(d, "https://evil.example.com", "https://app.example.com", "null"))
	case 2:
		d.header("Sec-Fetch-Site", "cross-site")
		d.header("Origin", "https://evil.example.com")
	}
}

// ownCookies sets the cookies of the instance under plain names, suffixed ones or
// both.
func (d *draft) ownCookies(token, uat string) {
	devBrowser := ""
	if d.isDevelopment() && d.chance(90) {
		devBrowser = "dvb_2abc"
	}
	kind := d.IntN(3)
	for _, c := range []struct{ name, value string }{{"__session", token}, {"__client_uat", uat}, {"__clerk_db_jwt", devBrowser}} {
		if c.value == "" {
			continue
		}
		if kind != 0 {
			d.cookie(c.name, c.value)
		}
		if kind != 1 {
			d.cookie(c.name+d.instance.suffix(), c.value)
		}
	}
}

// signedInCookies sets the cookies of a signed-in browser.
func (d *draft) signedInCookies(token string) {
	suffix := pick(d, "", d.instance.suffix())
	d.cookie("__session"+suffix, token)
	d.cookie("__client_uat"+suffix, text(d.now()-1000))
	if d.isDevelopment() {
		d.cookie("__clerk_db_jwt"+suffix, "dvb_2abc")
	}
	if suffix == "" {
		return
	}
	if d.chance(30) {
		d.cookie("__session", d.mint(d.sessionOf(stranger)))
	}
}

// claimsAsked generates a valid token with claims of every shape, and checks of them.
func (d *draft) claimsAsked() {
	t := d.claims()
	d.c.Asks = d.asks(16)
	if d.chance(15) {
		t.Payload["fea"], t.Payload["pla"] = "o:invoices,"+pick(d, "o:", "u:", "uo:"), "u:free,u:"
		d.c.Asks = append(d.c.Asks, Ask{Feature: new("")}, Ask{Plan: new("")})
	}
	if d.chance(15) {
		// Verified recently enough when the token was made, but no longer.
		t.Payload["fva"], t.Payload["iat"] = []int{9, 9}, d.now()-pick[int64](d, 60, 120)
		d.c.Asks = append(d.c.Asks, Ask{Reverification: pick(d, "strict", "strict_mfa")})
	}
	token := d.mint(t)
	if d.chance(60) {
		d.call()
		d.header("Authorization", "Bearer "+token)
		return
	}
	d.anyCaller()
	d.signedInCookies(token)
}
