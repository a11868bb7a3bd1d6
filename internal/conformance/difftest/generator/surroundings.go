package generator

// keySets generates requests whose keys come from the API, which may have other keys
// or none.
func (d *draft) keySets() {
	d.c.Options.JWTKey = ""
	set := func(names ...string) Reply { return Reply{Status: 200, Body: d.keys.Set(names...)} }
	switch d.IntN(12) {
	case 0:
		d.c.API.Keys = Reply{Status: 401, Body: `{"errors":[{"code":"clerk_key_invalid","message":"The provided Clerk Secret Key is invalid."}]}`}
	case 1:
		d.c.API.Keys = Reply{Status: pick(d, 401, 403, 404, 429, 500, 503), Body: `{"errors":[{"code":"other","message":"no"}]}`}
	case 2:
		d.c.API.Keys = Reply{Status: pick(d, 500, 502), ContentType: "text/html", Body: "<h1>Bad Gateway</h1>"}
	case 3:
		d.c.API.Keys = Reply{Broken: true}
	case 4:
		d.c.API.Keys = Reply{Status: 200, Body: pick(d, `{"keys":[]}`, `{}`, `{"keys":null}`)}
	case 5:
		d.c.API.Keys = set(NextKey)
	case 6:
		d.c.API.Keys = set(MainKey, SealKey)
	}
	token := d.tokenForKeys()
	d.anyCaller()
	if d.chance(60) {
		d.header("Authorization", "Bearer "+token)
	} else {
		d.ownCookies(token, text(d.now()-1000))
	}
}

// tokenForKeys returns a token that some key sets can verify.
func (d *draft) tokenForKeys() string {
	token := d.good()
	switch d.IntN(10) {
	case 0, 1:
		t := d.session()
		pick(d, keyFaults...)(d, &t)
		token = d.mint(t)
	case 2:
		t := d.session()
		t.Header["kid"], t.Key = SealKey, SealKey
		token = d.mint(t)
	case 3:
		token = d.mint(d.faulty())
	case 4:
		t := d.machineToken(pick(d, M2M, OAuth))
		d.c.Options.Any = true
		token = d.mint(t)
	case 5:
		t := d.session()
		pick(d, parameter("alg", "HS256"), parameter("alg", "none"), parameter("typ", "JOSE"))(d, &t)
		token = d.mint(t)
	case 6:
		t := d.session()
		pick(d, parameter("kid", ""), func(_ *draft, t *Token) { delete(t.Header, "kid") })(d, &t)
		token = d.mint(t)
	}
	return token
}

// settings generates keys and URLs that contradict each other.
func (d *draft) settings() {
	o := &d.c.Options
	d.anyCaller()
	if d.chance(50) {
		d.header("Authorization", "Bearer "+d.good())
	} else {
		d.signedInCookies(d.good())
	}
	switch d.IntN(9) {
	case 0:
		o.PublishableKey = pick(d, "", "pk_test_", "pk_test_garbage", "pk_live_bm9kb2xsYXI", "sk_test_x", "pk_test_Zm9vJA", "PK_TEST_"+o.PublishableKey[8:])
	case 1:
		o.SecretKey = pick(d, developments[0].secretKey, productions[0].secretKey)
	case 2:
		o.SecretKey = ""
	case 3:
		o.SecretKey, o.JWTKey = "", ""
	case 4:
		o.Satellite, o.SignInURL = true, "https://primary.example.com/"
	case 5:
		o.Satellite, o.Domain = true, "satellite.example.net"
	case 6:
		o.Satellite, o.Domain, o.SignInURL = true, "satellite.example.net", "https://primary.example.com/"
		d.header("Origin", pick(d, "https://primary.example.com", "https://satellite.example.net", "null", "HTTPS://PRIMARY.example.com", "https://primary.example.com:443"))
	case 7:
		o.Accepts, o.PublishableKey = pick(d, []string{APIKey}, []string{M2M}, []string{OAuth}, []string{M2M, OAuth}), ""
		o.SecretKey = developments[0].secretKey
	default:
		o.Accepts, o.SecretKey = []string{M2M}, ""
		o.MachineSecretKey = pick(d, "", "ak_machine_2abc")
	}
}

// origin generates requests whose public address depends on forwarded headers.
func (d *draft) origin() {
	d.c.Scheme = pick(d, "http", "http", "https")
	d.c.Host = pick(d, "app.example.com", "localhost:3000", "app.example.com:443", "app.example.com:80", "APP.example.com", "10.1.2.3:8080", "[::1]:8080")
	d.c.Peer = pick(d, "127.0.0.1:50000", "10.0.0.9:50000", "[::1]:50000", "203.0.113.9:50000", "198.51.100.7:443")
	if d.chance(30) {
		d.c.Options.TrustedProxies = []string{"198.51.100.0/24"}
	}
	if d.chance(65) {
		d.header("X-Forwarded-Host", pick(d,
			"public.example.com", "public.example.com, inner.example.com", "public.example.com , inner.example.com", "public.example.com:8443", "public.example.com:443", "PUBLIC.example.com", "", " public.example.com", "user@evil.example.com", "evil.example.com/path", "evil.example.com?x", "evil.example.com#x", "a b", ",x", "[::1]:99"))
	}
	if d.chance(65) {
		d.header("X-Forwarded-Proto", pick(d, "https", "https", "http", "https,http", "https , http", "http ,https", "HTTPS", "", "ftp", "javascript", "https://x", " https", "wss"))
	}
	if d.chance(80) {
		d.header("CloudFront-Forwarded-Proto", pick(d, "https", "http"))
	}
	if d.chance(15) {
		d.header("X-Forwarded-Port", "8443")
	}
	if d.chance(10) {
		d.path = pick(d, "//evil.example.com/x", "/\\evil.example.com/x", "/a//b", "/./a/../b", "/%2e%2e/x", "/a;b=c", "/é", "/a|b{c}")
	}
	if d.chance(10) {
		d.c.Options.PublicOrigin = "https://fixed.example.com"
	}
	d.page()
	switch d.IntN(6) {
	case 4, 5:
		if d.chance(70) {
			d.use(pick(d, productions...))
		}
		d.c.Options.ProxyURL = pick(d, "/__clerk", "/__clerk", "https://proxy.example.net/__clerk")
		d.ownCookies(d.mint(d.expired()), text(d.now()-1000))
	case 0:
		d.signedInCookies(d.good())
		d.header("Referer", pick(d, "https://public.example.com/x", "http://localhost:3000/", "https://app.example.com/", "https://other.example.net/"))
	case 1:
		d.c.Options.ProxyURL = pick(d, "/__clerk", "https://proxy.example.net/__clerk//", "/__clerk/")
		d.cookie("__client_uat", "5")
	case 2:
		d.carry("__clerk_handshake_nonce", "nonce_1")
		d.c.API.Nonce = Reply{Status: 200, Body: encode(Object{"directives": d.directives()})}
	default:
		d.cookie("__client_uat", "5")
		d.cookie("__clerk_db_jwt", "dvb_2abc")
	}
}

// syntax generates headers and cookies in uncommon notation.
func (d *draft) syntax() {
	d.anyCaller()
	token, uat := d.good(), text(d.now()-1000)
	if d.isDevelopment() {
		d.cookie("__clerk_db_jwt", "dvb_2abc")
	}
	switch d.IntN(16) {
	case 0:
		d.cookies = append(d.cookies, "__session="+token, "__session=garbage", "__client_uat="+uat)
	case 1:
		d.cookies = append(d.cookies, "__session=garbage", "__session="+token, "__client_uat="+uat)
	case 2:
		d.cookies = append(d.cookies, "__session=\""+token+"\"", "__client_uat="+uat)
	case 3:
		d.cookies = append(d.cookies, " __session = "+token+" ", "\t__client_uat\t=\t"+uat)
	case 4:
		d.cookies = append(d.cookies, "__session="+token[:9]+"%2E"+token[10:], "__client_uat=%31"+uat[1:])
	case 5:
		d.cookies = append(d.cookies, "x=1%3B__session="+token, "__client_uat="+uat, "broken", "=y")
	case 6:
		d.cookies = append(d.cookies, "__session="+token, "__client_uat="+uat, "__clerk_redirect_count=%zz", "a=%E0%A4%A")
	case 7:
		d.header("Cookie", "__session="+token)
		d.cookies = append(d.cookies, "__client_uat="+uat)
	case 8:
		d.cookies = append(d.cookies, "__SESSION="+token, "__client_uat="+uat, "__session_=x", "__sessionX=y")
	case 9, 12, 13, 14, 15:
		d.cookies = append(d.cookies, "__session="+token, "__client_uat="+uat, "__clerk_redirect_count="+pick(d, "3.0", "0x3", "1e0", "3x", "-1", "Infinity", "+3", "03", " 3", "5", "99999999999999999999"))
		d.header("Referer", "https://other.example.net/")
	case 10:
		d.header("Authorization", "Bearer "+token)
		d.header("Authorization", "Bearer "+d.good())
	default:
		d.cookies = append(d.cookies, "__session="+token, "__client_uat="+uat)
		d.query = append(d.query, pick(d, "__clerk_synced=%66alse", "__clerk%5Fdb_jwt=dvb", "__clerk_db_jwt;x=1", "&&=", "__clerk_db_jwt=a&__clerk_db_jwt=b"))
	}
}
