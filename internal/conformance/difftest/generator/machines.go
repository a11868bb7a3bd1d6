package generator

// opaque generates machine tokens that only Clerk can verify.
func (d *draft) opaque() {
	d.anyCaller()
	kind := pick(d, APIKey, M2M, OAuth)
	token := map[string]string{APIKey: "ak_", M2M: "mt_", OAuth: "oat_"}[kind] + pick(d, "2abcDEF", "a/b+c=", "x.y.z", "")
	d.acceptMachines(kind)
	d.c.API.Verify = d.verification(kind)
	if kind == M2M && d.chance(30) || d.chance(5) {
		d.c.Options.MachineSecretKey = "ak_machine_2abc"
	}
	if d.chance(90) {
		d.header("Authorization", "Bearer "+token)
	} else {
		d.cookie("__session", token)
		d.cookie("__client_uat", text(d.now()-100))
		d.cookie("__clerk_db_jwt", "dvb_2abc")
	}
	if d.chance(10) {
		d.signedInCookies(d.good())
	}
	if d.chance(20) {
		d.c.Options.AuthorizedParties = []string{party}
	}
}

// acceptMachines accepts a token type, alone or among others, or rarely not at all.
func (d *draft) acceptMachines(kind string) {
	o := &d.c.Options
	switch d.IntN(8) {
	case 0, 1, 2:
		o.Accepts = []string{kind}
	case 3:
		o.Accepts = []string{Session, kind}
	case 4:
		o.Accepts = []string{APIKey, M2M, OAuth}
	case 5:
		o.Accepts = pick(d, []string{Session, OAuth}, []string{APIKey}, []string{M2M}, []string{OAuth}, []string{M2M, APIKey}, []string{Session})
	default:
		o.Any = true
	}
}

// verification returns the response of a verify endpoint for an opaque token.
func (d *draft) verification(kind string) Reply {
	if d.chance(50) {
		return d.refusal()
	}
	subject := pick(d, userID, "org_acme")
	token := Object{
		"id": "tok_2abc", "subject": subject, "scopes": pick(d, []string{"read", "write"}, []string{}),
		"revoked": false, "revocation_reason": nil, "expired": false, "expiration": pick[any](d, nil, d.c.Clock+60_000),
		"created_at": d.c.Clock - 1000, "updated_at": d.c.Clock - 1000,
	}
	switch kind {
	case APIKey:
		token["object"], token["type"], token["name"], token["description"] = "api_key", "api_key", "deploy", nil
		token["claims"], token["created_by"], token["last_used_at"] = pick[any](d, nil, Object{"team": "a", "sub": "user_other"}), userID, nil
	case M2M:
		token["object"], token["subject"] = "machine_to_machine_token", "mch_2abc"
		token["claims"] = pick[any](d, nil, Object{"role": "worker"})
	case OAuth:
		token["object"], token["client_id"], token["type"], token["subject"] = "clerk_idp_oauth_access_token", "client_1", "oauth:access_token", userID
	}
	switch d.IntN(6) {
	case 0:
		token["revoked"], token["revocation_reason"] = true, "leaked"
	case 1:
		token["expired"] = true
	case 2:
		if kind == OAuth {
			token = Object{"active": false}
		}
	}
	return Reply{Status: 200, Body: encode(token)}
}

func (d *draft) refusal() Reply {
	switch d.IntN(6) {
	case 5:
		return Reply{Broken: true}
	case 0:
		return Reply{Status: 401, Body: pick(d, `{"errors":[{"code":"authentication_invalid","message":"Invalid key"}]}`, `{"errors":[]}`)}
	case 1, 2:
		return Reply{Status: 404, Body: `{"errors":[{"code":"resource_not_found","message":"not found"}]}`}
	default:
		return d.failure()
	}
}

// machineJWT generates machine tokens that are verified with the instance's keys.
func (d *draft) machineJWT() {
	d.anyCaller()
	d.checks()
	kind := pick(d, M2M, OAuth)
	t := d.machineToken(kind)
	switch d.IntN(10) {
	case 0, 1, 2:
		pick(d, pick(d, timeFaults, claimFaults, headerFaults, keyFaults)...)(d, &t)
	case 3:
		pick(d, timeFaults...)(d, &t)
	}
	d.acceptMachines(kind)
	if d.chance(15) {
		d.c.Options.MachineAudience = []string{"svc"}
	}
	if d.chance(90) {
		d.header("Authorization", "Bearer "+d.mint(t))
	} else {
		d.ownCookies(d.mint(t), text(d.now()-1000))
	}
	if kind == M2M && d.chance(10) {
		d.c.Options.MachineSecretKey = "ak_machine_2abc"
		if o := &d.c.Options; len(o.Accepts) == 1 && o.Accepts[0] == M2M && d.chance(50) {
			o.SecretKey, o.JWTKey = "", ""
		}
	}
}

func (d *draft) machineToken(kind string) Token {
	t := Token{
		Key:    MainKey,
		Header: Object{"alg": "RS256", "typ": "JWT", "kid": MainKey},
		Payload: Object{
			"iss": "https://" + d.instance.frontend, "sub": "mch_2abc", "jti": "jti_1",
			"iat": d.now() - 10, "nbf": d.now() - 20, "exp": d.now() + 50,
		},
	}
	if kind == OAuth {
		t.Header["typ"] = pick(d, "at+jwt", "application/at+jwt")
		t.Payload["sub"], t.Payload["client_id"] = userID, "client_1"
		pick(d,
			claim("scp", value([]string{"email", "profile"})), claim("scope", value("email profile")), claim("scope", value("")), claim("scp", value("email")), func(*draft, *Token) {},
		)(d, &t)
		if d.chance(10) {
			delete(t.Payload, pick(d, "client_id", "jti"))
		}
		return t
	}
	pick(d, func(*draft, *Token) {}, parameter("cat", CategoryM2M), parameter("cat", CategoryM2M), parameter("cat", CategoryIgnore), parameter("cat", CategorySession))(d, &t)
	pick(d,
		claim("scopes", value("mch_a mch_b")), claim("scopes", value("")), claim("aud", value([]string{"mch_a"})), claim("aud", value("mch_a")), func(*draft, *Token) {},
	)(d, &t)
	if d.chance(30) {
		t.Payload["team"] = "a"
	}
	if d.chance(10) {
		t.Header["typ"] = "at+jwt"
	}
	if d.chance(10) {
		delete(t.Payload, "jti")
	}
	return t
}

// accepts generates every token type with every set of accepted types.
func (d *draft) accepts() {
	d.anyCaller()
	o := &d.c.Options
	o.Accepts = some(d, Session, APIKey, M2M, OAuth)
	if len(o.Accepts) == 4 {
		o.Any = d.chance(50)
	}
	kind := pick(d, APIKey, M2M, OAuth)
	d.c.API.Verify = d.verification(kind)
	switch d.IntN(7) {
	case 0:
	case 1:
		d.header("Authorization", "Bearer "+map[string]string{APIKey: "ak_1", M2M: "mt_1", OAuth: "oat_1"}[kind])
	case 2:
		d.header("Authorization", "Bearer "+d.mint(d.machineToken(pick(d, M2M, OAuth))))
	case 3:
		t := d.session()
		t.Header["cat"] = CategoryTemplate
		d.header("Authorization", "Bearer "+d.mint(t))
		o.TemplateTokens = d.chance(20)
	case 4:
		d.header("Authorization", "Bearer "+d.any())
	case 5:
		d.header("Authorization", pick(d, "Basic x", "Bearer"))
	default:
		d.signedInCookies(d.any())
	}
	if d.chance(30) {
		d.signedInCookies(d.good())
	}
}
