package generator

import "strings"

const (
	userID    = "user_2abcDEFghiJKL"
	sessionID = "sess_2abcDEFghiJKL"
	party     = "https://app.example.com"
)

// session returns a valid session token of the instance, with claims that vary between
// instances.
func (d *draft) session() Token {
	t := Token{
		Key:    MainKey,
		Header: Object{"alg": "RS256", "typ": "JWT", "kid": MainKey},
		Payload: Object{
			"iss": "https://" + d.instance.frontend, "sub": userID, "sid": sessionID,
			"iat": d.now() - 10, "nbf": d.now() - 20, "exp": d.now() + 50, "jti": "8a7b6c",
		},
	}
	switch d.IntN(4) {
	case 0:
	case 1:
		t.Header["cat"] = CategoryIgnore
	default:
		t.Header["cat"] = CategorySession
	}
	if d.chance(80) {
		t.Payload["azp"] = party
	}
	d.organization(&t)
	if d.chance(40) {
		t.Payload["fva"] = pick[any](d, []int{3, -1}, []int{3, 7}, []int{70, 5}, []int{-1, 2})
	}
	return t
}

// mint signs the token with its key.
func (d *draft) mint(t Token) string { return d.keys.Mint(t) }

// good returns a valid session token.
func (d *draft) good() string { return d.mint(d.session()) }

// expired returns a session token that a refresh can renew.
func (d *draft) expired() Token {
	t := d.session()
	t.Payload["exp"], t.Payload["iat"], t.Payload["nbf"] = d.now()-60, d.now()-120, d.now()-130
	return t
}

// sessionOf returns a session token of another instance, signed with a foreign key.
func (d *draft) sessionOf(other instance) Token {
	t := d.session()
	t.Payload["iss"] = "https://" + other.frontend
	t.Header["kid"], t.Key = ForeignKey, ForeignKey
	return t
}

// A fault changes a token so that it is invalid, or just still valid.
type fault func(d *draft, t *Token)

// timeFaults are close to the limits on both sides. The clock skew is 5 s.
var timeFaults = []fault{
	claim("exp", func(d *draft) any { return d.now() - 60 }),
	claim("exp", func(d *draft) any { return d.now() - 4 }),
	claim("exp", func(d *draft) any { return d.now() - 5 }),
	claim("exp", func(d *draft) any { return d.now() - 6 }),
	claim("exp", func(d *draft) any { return float64(d.now()-5) + 0.9 }),
	claim("nbf", func(d *draft) any { return d.now() + 4 }),
	claim("nbf", func(d *draft) any { return d.now() + 5 }),
	claim("nbf", func(d *draft) any { return d.now() + 6 }),
	claim("nbf", func(d *draft) any { return d.now() + 60 }),
	claim("iat", func(d *draft) any { return d.now() + 2 }),
	claim("iat", func(d *draft) any { return d.now() + 5 }),
	claim("iat", func(d *draft) any { return d.now() + 6 }),
	claim("iat", func(d *draft) any { return d.now() + 60 }),
	claim("iat", func(d *draft) any { return d.now() + 600 }),
	func(d *draft, t *Token) { t.Payload["nbf"], t.Payload["iat"] = d.now()+60, d.now()+60 },
	func(d *draft, t *Token) { t.Payload["exp"], t.Payload["iat"] = d.now()-60, d.now()-100 },
}

var claimFaults = []fault{
	claim("exp", value(nil)), claim("exp", value("soon")), claim("exp", value(0)), claim("exp", value(-5)), without("exp"),
	claim("nbf", value(nil)), claim("nbf", value("now")), without("nbf"),
	claim("iat", value(nil)), claim("iat", value("now")), without("iat"), claim("iat", value(0)),
	without("sub"), claim("sub", value(7)), claim("sub", value(nil)), claim("sub", value([]string{userID})),
	without("azp"), claim("azp", value("")), claim("azp", value(nil)), claim("azp", value("https://APP.example.com")), claim("azp", value(party+"/")), claim("azp", value("https://evil.example.com")),
	claim("aud", value("api")), claim("aud", value("other")), claim("aud", value([]string{"api", "x"})), claim("aud", value([]string{"x"})), claim("aud", value([]any{"x", 1})), claim("aud", value(7)), claim("aud", value("")), claim("aud", value([]string{})), claim("aud", value(nil)),
	without("sid"), claim("sts", value("pending")), claim("sts", value("active")), claim("act", value(Object{"sub": "user_admin", "iss": "https://x.example"})),
	without("iss"), claim("iss", value("https://clerk.evil.example")), claim("iss", value(7)),
}

var headerFaults = []fault{
	parameter("alg", "none"), parameter("alg", "None"), parameter("alg", ""), parameter("alg", nil), parameter("alg", "HS256"), parameter("alg", "PS256"), parameter("alg", "ES256"), parameter("alg", "RS384"), parameter("alg", "RS512"), parameter("alg", "rs256"),
	parameter("typ", "jwt"), parameter("typ", ""), parameter("typ", nil), parameter("typ", "JOSE"), parameter("typ", "at+jwt"), parameter("typ", "application/at+jwt"), parameter("typ", 7),
	func(_ *draft, t *Token) { delete(t.Header, "typ") },
	parameter("cat", CategoryTemplate), parameter("cat", CategoryM2M), parameter("cat", "cl_future"), parameter("cat", CategoryIgnore), parameter("cat", ""), parameter("cat", nil),
	parameter("oiat", 5), parameter("jku", "https://evil.example/jwks"), parameter("b64", false),
	claim("sub", value("mch_2abc")),
}

var keyFaults = []fault{
	func(_ *draft, t *Token) { t.Key = ForeignKey },
	func(_ *draft, t *Token) { t.Key, t.Header["kid"] = ForeignKey, ForeignKey },
	func(_ *draft, t *Token) { t.Key, t.Header["kid"] = NextKey, NextKey },
	func(_ *draft, t *Token) { t.Key, t.Header["kid"], t.Header["alg"] = LongKey, LongKey, "RS512" },
	func(_ *draft, t *Token) { t.Key, t.Header["kid"] = LongKey, LongKey },
	func(_ *draft, t *Token) { t.Key, t.Header["kid"], t.Header["alg"] = OpenKey, OpenKey, "RS384" },
	func(_ *draft, t *Token) { delete(t.Header, "kid") },
	parameter("kid", ""), parameter("kid", "../../x"), parameter("kid", "' OR 1"), parameter("kid", CurveKey),
}

func claim(name string, v func(*draft) any) fault {
	return func(d *draft, t *Token) { t.Payload[name] = v(d) }
}

func value(v any) func(*draft) any { return func(*draft) any { return v } }

func without(name string) fault {
	return func(_ *draft, t *Token) { delete(t.Payload, name) }
}

func parameter(name string, v any) fault {
	return func(_ *draft, t *Token) { t.Header[name] = v }
}

// faulty returns a session token with one fault, or rarely more.
func (d *draft) faulty() Token {
	t := d.session()
	for {
		pick(d, pick(d, timeFaults, claimFaults, headerFaults, keyFaults)...)(d, &t)
		if !d.chance(15) {
			return t
		}
	}
}

// ruined returns a damaged token, or text that is not a token.
func (d *draft) ruined() string {
	token := d.good()
	header, payload, _ := Texts(token)
	parts := strings.Split(token, ".")
	switch d.IntN(14) {
	case 0:
		return strings.Join(parts[:2], ".")
	case 1:
		return token + "." + parts[2]
	case 2:
		return parts[0] + "." + parts[1] + "."
	case 3:
		return parts[0] + "." + parts[1] + "." + parts[2][:len(parts[2])-4] + "AAAA"
	case 4:
		return parts[0] + "." + parts[1] + "x." + parts[2]
	case 5:
		return "." + parts[1] + "." + parts[2]
	case 6:
		return "garbage"
	case 7:
		return d.keys.mintText("{", payload, MainKey, "")
	case 8:
		return d.keys.mintText(header, "{\"sub\":", MainKey, "")
	case 9:
		return parts[0] + "." + parts[1] + "." + parts[2] + "="
	case 10:
		return parts[0] + "." + parts[1] + "." + strings.Replace(parts[2], parts[2][:1], "+", 1)
	case 11:
		return d.keys.mintText(header+" ", " "+payload, MainKey, "")
	case 12:
		return d.keys.mintText(header, encode(Object{"SUB": userID, "EXP": d.now() + 50}), MainKey, "")
	default:
		return parts[0] + "." + parts[1] + "." + parts[2][:len(parts[2])-1]
	}
}

// any returns a session token that is valid, faulty, damaged or strange.
func (d *draft) any() string {
	switch n := d.IntN(100); {
	case n < 35:
		return d.good()
	case n < 76:
		return d.mint(d.faulty())
	case n < 90:
		t := d.session()
		pick(d, timeFaults...)(d, &t)
		return d.mint(t)
	case n < 96:
		return d.ruined()
	default:
		return d.strange()
	}
}
