package generator

import (
	"strconv"
)

func text(n int64) string { return strconv.FormatInt(n, 10) }

// suffixes generates plain and suffixed cookies that contradict each other.
func (d *draft) suffixes() {
	d.anyCaller()
	if d.isDevelopment() && d.chance(20) {
		d.signedInElsewhere()
		return
	}
	older, newer := d.session(), d.session()
	older.Payload["iat"] = d.now() - 30
	plain, suffixed := older, newer
	if d.chance(50) {
		plain, suffixed = newer, older
	}
	if d.chance(20) {
		suffixed.Payload["exp"] = d.now() - pick[int64](d, 0, 1, -1, 60)
	}
	if d.chance(10) {
		plain.Payload["exp"] = d.now() - 60
	}
	if token := d.plainToken(plain); token != "" {
		d.cookie("__session", token)
	}
	suffix := d.instance.suffix()
	if d.chance(80) {
		d.cookie("__session"+suffix, d.suffixedToken(suffixed))
	}
	d.clientUAT("__client_uat")
	d.clientUAT("__client_uat" + suffix)
	if d.isDevelopment() {
		for _, name := range []string{"__clerk_db_jwt", "__clerk_db_jwt" + suffix} {
			if d.chance(80) {
				d.cookie(name, "dvb_"+text(int64(d.IntN(9))))
			}
		}
	}
	if d.chance(30) {
		d.cookie("__refresh"+suffix, "refresh_1")
	}
	if d.chance(20) {
		d.cookie("__session"+stranger.suffix(), d.mint(d.sessionOf(stranger)))
		d.cookie("__client_uat"+stranger.suffix(), text(d.now()))
	}
	d.redirects()
}

// signedInElsewhere generates plain cookies of a signed-out browser beside suffixed
// ones with a token that is about to expire or has expired.
func (d *draft) signedInElsewhere() {
	t, suffix := d.session(), d.instance.suffix()
	t.Payload["exp"] = d.now() - pick[int64](d, 60, 1, 0, -1)
	d.cookie("__client_uat", "0")
	d.cookie("__client_uat"+suffix, text(d.now()-100))
	d.cookie("__session"+suffix, d.mint(t))
	d.cookie("__clerk_db_jwt", "dvb_2abc")
}

func (d *draft) plainToken(t Token) string {
	switch d.IntN(10) {
	case 0:
		return ""
	case 1:
		return d.mint(d.sessionOf(stranger))
	case 2:
		return d.ruined()
	case 3:
		t.Payload["iss"] = pick[any](d, nil, "", 0, 7, "http://"+d.instance.frontend, "https://https://"+d.instance.frontend, "HTTPS://"+d.instance.frontend, d.instance.frontend, "https://"+d.instance.frontend+"/")
	}
	return d.mint(t)
}

func (d *draft) suffixedToken(t Token) string {
	if d.chance(10) {
		return pick(d, "garbage", "", "a.b.c")
	}
	if d.chance(5) {
		delete(t.Payload, pick(d, "exp", "iat"))
	}
	return d.mint(t)
}

func (d *draft) clientUAT(name string) {
	switch d.IntN(6) {
	case 0:
	case 1, 2:
		d.cookie(name, "0")
	case 3:
		d.cookie(name, pick(d, "", "x", "00"))
	default:
		d.cookie(name, text(d.now()-pick[int64](d, 100, 25, 5)))
	}
}

// satellite generates requests to an application whose users sign in on another
// domain.
func (d *draft) satellite() {
	o := &d.c.Options
	o.Satellite = true
	o.Domain = "satellite.example.net"
	o.SignInURL = "https://primary.example.com/sign-in?a=b"
	if d.chance(15) {
		o.Domain, o.ProxyURL = "", pick(d, "https://proxy.example.net/__clerk", "/__clerk")
	}
	o.SatelliteAutoSync = d.chance(50)
	d.c.Host = "satellite.example.net"
	if d.chance(85) {
		d.document()
	} else {
		d.anyCaller()
	}
	switch d.IntN(5) {
	case 0:
		d.param("__clerk_synced", "true")
	case 1:
		d.param("__clerk_synced", "false")
	case 2:
		d.query = append(d.query, pick(d, "__clerk_synced", "__clerk_synced=TRUE", "__clerk_synced=false&__clerk_synced=true"))
	}
	if d.chance(45) {
		t := d.session()
		if o.Domain != "" && !d.isDevelopment() {
			t.Payload["iss"] = "https://clerk." + o.Domain
		}
		uat := text(d.now() - 1000)
		token := ""
		switch d.IntN(3) {
		case 0:
			token = d.mint(t)
		case 1:
			token = d.mint(d.expired())
		}
		d.ownCookies(token, pick(d, uat, uat, "0", ""))
	} else if d.chance(50) {
		d.cookie("__clerk_db_jwt", "dvb_2abc")
	}
	if d.chance(20) {
		d.header("Referer", "https://primary.example.com/")
	}
	if d.chance(10) {
		d.header("Origin", "https://satellite.example.net")
	}
	d.redirects()
}

// primary generates requests to a development application that satellites redirect
// browsers to.
func (d *draft) primary() {
	if d.chance(85) {
		d.development()
	}
	if d.chance(85) {
		d.page()
	} else {
		d.call()
	}
	back := pick(d,
		"http://localhost:4000/back?x=1", "http://localhost:4000/back?x=1", "http://127.0.0.1:3000/", "https://app.localhost/a?__clerk_synced=false", "http://[::1]:5000/#frag",
		"https://evil.example.com/", "https://satellite.example.net/p?q=%20", "//evil.example.com/", "javascript:alert(1)", "/relative", "", "http://user@localhost/", "not a url", "ftp://localhost/")
	d.param("__clerk_redirect_url", back)
	if d.chance(50) {
		d.signedInCookies(d.good())
	} else if d.chance(60) {
		d.cookie("__clerk_db_jwt", "dvb_2abc")
	}
	if d.chance(20) {
		d.query = append(d.query, "__clerk_db_jwt=dvb_url")
	}
	if d.chance(20) {
		d.c.Options.RedirectOrigins = []string{"https://satellite.example.net"}
	}
	d.redirects()
}

// referrer generates requests that follow a link on another site.
func (d *draft) referrer() {
	if d.chance(85) {
		d.document()
	} else {
		d.anyCaller()
	}
	d.signedInCookies(d.good())
	frontend := d.instance.frontend
	d.header("Referer", pick(d,
		"https://other.example.net/page", "https://other.example.net/page", "https://app.example.com/other", "http://app.example.com/", "https://app.example.com:8443/", "https://app.example.com:443/x",
		"https://"+frontend+"/v1/client/handshake", "http://"+frontend+":8080/", "https://accounts.example.com/sign-in", "https://accounts.shop.example.co.uk/", "https://accounts.inspired.puma-74.lcl.dev/sign-in",
		"https://enough-alpaca-82.accounts.dev/sign-in", "https://foo.clerk.accounts.dev/", "https://foo.accounts.dev/", "https://accounts.foo.lclclerk.com/", "https://accounts.evil.com/",
		"android-app://com.example/", "about:blank", "not a url", "//other.example.net/", "https://", "HTTPS://APP.EXAMPLE.COM/x", "https://user@other.example.net/", "ftp://app.example.com/", "https://sunny-otter-7.accountsstage.dev/"))
	if d.chance(20) {
		d.c.Options.ProxyURL = pick(d, "https://proxy.example.net/__clerk", "/__clerk", "https://app.example.com/api/__clerk/")
	}
	if d.chance(10) {
		d.c.Options.Satellite, d.c.Options.Domain, d.c.Options.SignInURL = true, "app.example.com", "https://primary.example.com/sign-in"
	}
	if d.chance(25) {
		d.cookie("__clerk_redirect_count", pick(d, "0", "1", "2", "3", "4", "x", "", "-1", "1.5", "3x"))
	}
}
