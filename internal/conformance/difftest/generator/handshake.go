package generator

import (
	"slices"
	"strings"
)

// handshake generates requests of a browser that returns from the frontend API.
func (d *draft) handshake() {
	d.anyCaller()
	if d.chance(5) {
		d.c.Method = "OPTIONS"
	}
	d.checks()
	if d.chance(50) {
		d.nonce()
	} else {
		d.handshakeToken()
	}
	if d.chance(25) {
		d.c.Options.HandshakeCookiesOnly = true
	}
	if d.chance(40) {
		d.signedInCookies(d.good())
	}
	if d.chance(30) {
		d.query = append(d.query, pick(d, "__clerk_help=1", "__clerk_synced=true", "__clerk_db_jwt=dvb_url", "__clerk_handshake_nonce="))
	}
	if d.chance(10) {
		d.c.Options.Any = true
	}
	if d.chance(5) {
		d.header("Authorization", "Bearer "+d.good())
	}
	d.redirects()
	d.otherOrigin()
}

// otherOrigin sometimes makes the request one that a page of another origin sends,
// often to open a WebSocket.
func (d *draft) otherOrigin() {
	if !d.chance(35) {
		return
	}
	d.c.Options.CrossOriginProtection = d.chance(90)
	if d.chance(60) {
		d.c.Method = "GET"
		d.header("Upgrade", pick(d, "websocket", "websocket", "WebSocket", "h2c"))
		if d.chance(60) {
			d.dropHeader("Sec-Fetch-Dest")
			d.header("Sec-Fetch-Dest", "websocket")
		}
	}
	if d.chance(85) {
		d.header("Origin", pick(d, "https://evil.example.com", "https://sibling.app.example.com", "null"))
	}
	if d.chance(50) {
		d.header("Sec-Fetch-Site", pick(d, "cross-site", "same-site"))
	}
}

// carry puts a value into the query or into a cookie.
func (d *draft) carry(name, value string) {
	switch d.IntN(5) {
	case 0, 1:
		d.param(name, value)
	case 2:
		d.param(name, value)
		d.cookie(name, "other")
	default:
		d.cookie(name, value)
	}
}

func (d *draft) nonce() {
	d.carry("__clerk_handshake_nonce", pick(d, "nonce_1", "a/b?c=d&e", "é ü", "nonce_1"))
	switch d.IntN(8) {
	case 0:
		d.c.API.Nonce = d.failure()
	case 2:
		d.c.API.Nonce = Reply{Status: pick(d, 400, 404, 422), Body: `{"errors":[{"code":"resource_not_found","message":"no"}]}`}
	case 1:
		d.c.API.Nonce = Reply{Status: 200, Body: pick(d, `{"directives":[]}`, `{}`, `null`, `{"directives":null}`)}
	default:
		list := d.directives()
		d.c.Way = wayOf("nonce", list)
		d.c.API.Nonce = Reply{Status: 200, Body: encode(Object{"directives": list})}
	}
	if d.chance(10) {
		d.carry("__clerk_handshake", "ignored")
	}
}

// wayOf returns the way of an outcome, or sign-out where its cookies bring no session.
func wayOf(way string, directives []string) string {
	for _, directive := range directives {
		if name, value, _ := strings.Cut(directive, "="); strings.HasPrefix(name, "__session") && !strings.HasPrefix(value, ";") {
			return way
		}
	}
	return "sign-out"
}

func (d *draft) handshakeToken() {
	list := d.directives()
	d.c.Way = wayOf("handshake-token", list)
	t := Token{
		Key:     MainKey,
		Header:  Object{"alg": "RS256", "typ": "JWT", "kid": MainKey, "cat": CategorySession},
		Payload: Object{"handshake": list, "iat": d.now() - 3},
	}
	switch d.IntN(22) {
	case 0:
		t.Key = ForeignKey
	case 1:
		pick(d, headerFaults...)(d, &t)
	case 2:
		pick(d, keyFaults...)(d, &t)
	case 3:
		t.Payload["handshake"] = pick[any](d, nil, "x", []string{}, 7)
	case 4:
		delete(t.Header, "cat")
	case 5:
		t.Payload["exp"], t.Payload["nbf"] = d.now()-1000, d.now()+1000
	case 6:
		d.carry("__clerk_handshake", pick(d, "garbage", "a.b.c", "e30.e30.AA"))
		return
	case 7, 8:
		t.Payload["sub"] = "mch_2abc"
	case 9, 10, 11:
		delete(t.Payload, "iat")
		d.signOut(&t)
	case 12, 13, 14:
		t.Payload["iat"] = d.now() + pick[int64](d, -86_401, -86_400, 86_400, 86_401, -30*86_400)
		d.signOut(&t)
	}
	d.carry("__clerk_handshake", d.mint(t))
}

// signOut mostly makes the outcome of a handshake one without a session.
func (d *draft) signOut(t *Token) {
	if d.chance(70) {
		t.Payload["handshake"], d.c.Way = signedOutCookies, "sign-out"
	}
}

// signedOutCookies are the cookies of a browser that is signed out.
var signedOutCookies = []string{"__session=; Path=/; Max-Age=0", "__client_uat=0; Path=/"}

// directives returns the cookies that a handshake or a refresh sets.
func (d *draft) directives() []string {
	token := d.mint(d.afterHandshake())
	suffix := d.instance.suffix()
	attributes := pick(d, "; Path=/; Expires=Fri, 01 Jan 2027 00:00:00 GMT; Secure; SameSite=Lax", "; Path=/", "", "; Path=/; Domain=app.example.com")
	list := []string{
		"__session=" + token + attributes,
		"__session" + suffix + "=" + token + attributes,
		"__client_uat=" + text(d.now()-5) + attributes,
		"__client_uat" + suffix + "=" + text(d.now()-5) + attributes,
	}
	switch d.IntN(8) {
	case 0:
		list = list[2:]
	case 1:
		list = slices.Clone(signedOutCookies)
	case 2:
		list = append(list, "__session_"+"other=garbage; Path=/")
	case 3:
		list = append(list[:1], "__refresh"+suffix+"=refresh_2; Path=/; HttpOnly")
	}
	return list
}

// afterHandshake returns the session token that a handshake or a refresh brings.
func (d *draft) afterHandshake() Token {
	t := d.session()
	switch d.IntN(7) {
	case 0:
		pick(d, timeFaults...)(d, &t)
	case 1, 2:
		delta := pick[int64](d, 80_000, 86_000, 86_500, 87_000, 90_000)
		if d.chance(50) {
			t.Payload["exp"] = d.now() - delta
		} else {
			t.Payload["iat"] = d.now() + delta
		}
	case 3:
		if d.chance(50) {
			return d.faulty()
		}
	case 4:
		if d.chance(60) {
			t.Header["cat"] = CategoryTemplate
		}
	}
	return t
}

// refresh generates an expired token with the cookie that refreshes it.
func (d *draft) refresh() {
	d.anyCaller()
	if d.chance(60) {
		d.c.Method = "GET"
	}
	t := d.expired()
	if d.chance(8) {
		delete(t.Payload, "sid")
	}
	if d.chance(15) {
		t.Payload["sid"] = pick[any](d, "", "sess/../x", "sess_a?b#c")
	}
	uat := text(d.now() - 1000)
	suffix := d.instance.suffix()
	if d.chance(75) {
		d.ownCookies(d.mint(t), uat)
	} else {
		d.header("Authorization", "Bearer "+d.mint(t))
		switch d.IntN(4) {
		case 0:
			d.cookie("__session"+suffix, d.mint(d.expired()))
			d.cookie("__client_uat"+suffix, uat)
		case 1:
			d.cookie("__session", "garbage")
		}
		d.acceptSessions()
	}
	if d.chance(88) {
		d.cookie("__refresh"+suffix, "refresh_1")
	}
	if d.chance(8) {
		d.c.Options.NoClient, d.c.Options.Accepts, d.c.Options.Any = true, nil, false
		d.c.Options.JWTKey = d.keys.PEM()
	}
	d.c.API.Refresh = d.refreshReply()
	d.redirects()
	d.c.Way = "refresh"
	d.otherOrigin()
	if d.chance(20) {
		d.header("User-Agent", "Browser/1.0")
	}
	if d.chance(30) {
		d.cookie(pick(d, "theme", "__session"+stranger.suffix()), "dark")
	}
	if _, found := d.c.Get("Authorization"); !found && d.chance(20) {
		d.header("Authorization", "Basic dXNlcjpwYXNz")
	}
}

func (d *draft) refreshReply() Reply {
	switch d.IntN(17) {
	case 0:
		return Reply{Broken: true}
	case 1:
		return d.failure()
	case 2, 3, 4, 5, 6, 7, 15:
		return d.coded()
	case 8:
		return Reply{Status: pick(d, 401, 422), Body: pick(d, `{"errors":[]}`, `{}`, `{"errors":[{"message":"no code"}]}`)}
	case 9, 16:
		return Reply{Status: 200, Body: pick(d, `{"object":"cookies","cookies":[]}`, `{"object":"cookies","cookies":null}`, `{"object":"cookies","cookies":[`)}
	case 10:
		return Reply{Status: 200, Body: encode(Object{"object": "cookies", "cookies": []string{"__client_uat=5; Path=/"}})}
	default:
		return Reply{Status: 200, Body: encode(Object{"object": "cookies", "cookies": d.directives()})}
	}
}

// coded returns a refusal with an error code.
func (d *draft) coded() Reply {
	refusal := func(status int, code string) Reply {
		return Reply{Status: status, Body: `{"errors":[{"code":"` + code + `","message":"no"}],"clerk_trace_id":"t"}`}
	}
	return pick(d,
		refusal(401, "refresh_token_expired"), refusal(401, "session_revoked"), refusal(404, "resource_not_found"),
		refusal(pick(d, 400, 403), "form_param_invalid"), refusal(429, "too_many_requests"), refusal(500, "internal_clerk_error"), refusal(503, "internal_clerk_error"))
}

// failure returns an error response of the API, or a broken connection.
func (d *draft) failure() Reply {
	switch d.IntN(6) {
	case 0:
		return Reply{Broken: true}
	case 1:
		return Reply{Status: pick(d, 500, 502), ContentType: "text/html", Body: "<h1>Bad Gateway</h1>"}
	case 2:
		return Reply{Status: 429, Body: `{"errors":[{"code":"too_many_requests","message":"slow down"}]}`}
	case 3:
		return Reply{Status: 404, Body: `{"errors":[{"code":"resource_not_found","message":"not found"}]}`}
	case 4:
		return Reply{Status: pick(d, 400, 403), Body: `{"errors":[{"code":"form_param_invalid","message":"no"}]}`}
	default:
		return Reply{Status: 500, Body: pick(d, `{"errors":[{"code":"internal_clerk_error","message":"oops"}]}`, "{", `{}`)}
	}
}
