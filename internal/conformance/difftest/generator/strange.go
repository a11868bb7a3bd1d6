package generator

import (
	"encoding/json"
	"strings"
)

// strangeToken generates a token that only one side accepts, in the header or a cookie.
func (d *draft) strangeToken() {
	d.anyCaller()
	d.acceptSessions()
	token := d.strange()
	if d.chance(25) {
		t := d.session()
		t.Header["cat"] = CategoryTemplate
		d.c.Options.TemplateTokens = d.chance(60)
		d.c.Options.Any = !d.c.Options.TemplateTokens && d.chance(60)
		token = d.mint(t)
	}
	if d.chance(60) {
		d.header("Authorization", "Bearer "+token)
	} else {
		d.ownCookies(token, text(d.now()-1000))
	}
}

// strange returns a token that only one side accepts.
func (d *draft) strange() string {
	t := d.session()
	header, payload := encode(t.Header), encode(t.Payload)
	switch d.IntN(10) {
	case 0:
		return d.keys.mintText(pick(d, "null", "7", `"x"`, "[]"), payload, MainKey, "")
	case 1:
		return d.keys.mintText(header, pick(d, "null", "7", `"x"`, "[]"), MainKey, "")
	case 2:
		t.Header["crit"] = pick[any](d, []string{"exp2"}, []string{})
	case 3:
		return d.keys.mintText(header, strings.TrimSuffix(payload, "}")+`,"sub":"user_other"}`, MainKey, "")
	case 4:
		return d.keys.mintText(header, strings.TrimSuffix(payload, "}")+",\"note\":\"\xff\"}", MainKey, "")
	case 5:
		t.Payload["deep"] = json.RawMessage(pick(d, strings.Repeat("[", 40)+strings.Repeat("]", 40), strings.Repeat(`{"a":`, 40)+"0"+strings.Repeat("}", 40)))
	case 6:
		t.Payload["note"] = strings.Repeat("x", 17_000)
	case 7:
		name := pick(d, "exp", "nbf", "iat")
		delete(t.Payload, name)
		return d.keys.mintText(header, strings.TrimSuffix(encode(t.Payload), "}")+`,"`+name+`":`+pick(d, "1e400", "-1e400")+"}", MainKey, "")
	case 8:
		t.Payload["exp"] = d.now() + 315_360_000 + pick[int64](d, 4, 5, 6, 60, 1_000_000)
	default:
		t.Payload["sub"] = ""
	}
	return d.mint(t)
}
