package generator

import "strings"

// organization adds the claims of an active organization in either token version.
func (d *draft) organization(t *Token) {
	switch d.IntN(4) {
	case 0:
		t.Payload["org_id"], t.Payload["org_slug"], t.Payload["org_role"] = "org_acme", "acme", pick(d, "org:admin", "admin", "org:org:admin")
		if d.chance(70) {
			t.Payload["org_permissions"] = []string{"org:invoices:read", "org:invoices:create"}
		}
	case 1:
		t.Payload["v"] = 2
		t.Payload["o"] = Object{"id": "org_acme", "slg": "acme", "rol": "admin", "per": "read,manage", "fpm": "3,2"}
		t.Payload["fea"], t.Payload["pla"] = "o:invoices,o:reports,u:export", "o:pro,u:free"
	case 2:
		t.Payload["v"] = 2
		t.Payload["fea"], t.Payload["pla"] = "u:export", "u:free"
	}
}

// claims returns a session token with the claims that has reads, valid and malformed.
func (d *draft) claims() Token {
	t := d.session()
	for _, name := range []string{"org_id", "org_slug", "org_role", "org_permissions", "o", "fea", "pla", "v", "fva"} {
		delete(t.Payload, name)
	}
	d.versioned(&t)
	d.billed(&t)
	if d.chance(80) {
		t.Payload["fva"] = pick[any](d,
			[]int{0, 0}, []int{9, -1}, []int{10, -1}, []int{3, 7}, []int{59, 61}, []int{-1, -1}, []int{-1, 5}, []int{1439, 1440},
			[]float64{9.5, 0.2}, []int{3}, []int{3, 4, 5}, []string{"3", "4"}, []int{-2, 3}, "3,4", nil, []any{nil, nil}, Object{"0": 1, "1": 1}, 0, false)
	}
	if d.chance(80) {
		// A token with a long life, made some time ago.
		t.Payload["iat"] = d.now() - pick[int64](d, 59, 60, 420, 3600, 86_000)
	}
	if d.chance(15) {
		t.Payload["act"] = pick[any](d, Object{"sub": "user_admin"}, Object{"sub": "user_admin", "iss": "https://x.example", "sid": "sess_1", "type": "agent"}, nil)
	}
	if d.chance(15) {
		t.Payload["sts"] = pick[any](d, "pending", "active", "odd", "", nil)
	}
	if d.chance(15) {
		t.Payload["custom"] = Object{"n": 12345.5, "list": []any{"a", nil, true}, "text": "é\u2028<&>"}
	}
	return t
}

func (d *draft) versioned(t *Token) {
	switch d.IntN(3) {
	case 0:
		d.versionOne(t)
	default:
		t.Payload["v"] = 2
		if d.chance(10) {
			t.Payload["v"] = pick[any](d, "2", 3, 1, 2.0, nil)
		}
		d.versionTwo(t)
	}
}

func (d *draft) versionOne(t *Token) {
	if d.chance(85) {
		t.Payload["org_id"] = "org_acme"
	}
	if d.chance(80) {
		t.Payload["org_slug"] = "acme"
	}
	if d.chance(80) {
		t.Payload["org_role"] = pick(d, "org:admin", "admin", "org:org:member", "")
	}
	if d.chance(80) {
		t.Payload["org_permissions"] = pick[any](d, []string{"org:invoices:read"}, []string{"invoices:read", "org:reports:manage"}, []string{}, nil)
	}
}

func (d *draft) versionTwo(t *Token) {
	if d.chance(10) {
		if d.chance(50) {
			t.Payload["o"] = nil
		}
		return
	}
	o := Object{}
	for _, member := range []struct {
		name    string
		choices []any
	}{
		{"id", []any{"org_acme", "org_acme", "org_acme", ""}},
		{"slg", []any{"acme", "acme", ""}},
		{"rol", []any{"admin", "member", "org:admin", ""}},
		{"per", []any{"read,manage", "read", " read , manage ", "read,manage,delete", "", "read,,manage"}},
		{"fpm", []any{"3,2", "1", "0,3", " 3 , 1 ", "7,7,7,7", "-1,3", "1e3,1", "0x3,3", "", "9007199254740993,1", strings.Repeat("9", 200) + ",1", "03,1", ",3", "+3,1"}},
	} {
		if d.chance(88) {
			o[member.name] = pick(d, member.choices...)
		}
	}
	t.Payload["o"] = o
}

func (d *draft) billed(t *Token) {
	if d.chance(85) {
		t.Payload["fea"] = pick[any](d,
			"o:invoices,o:reports", "o:invoices,u:export,uo:reports", "u:export,o:invoices,o:reports", "ou:invoices,u:export",
			"o:invoices, o:reports ", "x:invoices,o:reports", "o:a:b,o:reports", "u:invoices", "", "o:", "o:invoices,o:invoices")
		if d.chance(20) {
			t.Payload["fea"] = pick[any](d, "invoices", "o:invoices,reports", "o:invoices,", 7, []string{"o:invoices"})
		}
	}
	if d.chance(70) {
		t.Payload["pla"] = pick[any](d, "o:pro", "u:free", "o:pro,u:free", "uo:pro", "pro", "", 7, "o:pro,free")
	}
}

// asks returns n arguments for has.
func (d *draft) asks(n int) []Ask {
	list := make([]Ask, n)
	for i := range list {
		list[i] = d.ask()
	}
	return list
}

func (d *draft) ask() Ask {
	var a Ask
	switch d.IntN(8) {
	case 0:
		a.Role = d.role()
	case 1:
		a.Permission = d.permission()
	case 2:
		a.Feature = d.feature()
	case 3:
		a.Plan = d.plan()
	case 4:
		a.Reverification = d.reverification()
	case 5:
		a.Role, a.Permission = d.role(), d.permission()
	case 6:
		a.Permission, a.Feature, a.Reverification = d.permission(), d.feature(), d.reverification()
	default:
		a.Feature, a.Plan = d.feature(), d.plan()
	}
	if d.chance(1) {
		a = pick(d, Ask{Role: new("")}, Ask{Permission: new("")}, Ask{Feature: new("")}, Ask{Plan: new(""), Feature: d.feature()})
	}
	return a
}

func (d *draft) role() *string {
	return new(pick(d, "org:admin", "admin", "org:org:admin", "member", "org:", "ADMIN"))
}

func (d *draft) permission() *string {
	return new(pick(d, "org:invoices:read", "invoices:read", "org:reports:manage", "org:export:read", "org:invoices:delete", "org:sys_memberships:read", "org:a:b:read", "org::read"))
}

func (d *draft) feature() *string {
	return new(pick(d, "invoices", "o:invoices", "org:reports", "organization:reports", "user:export", "u:invoices", "x:invoices", "export", "a:b", "o:a:b", "org:", ":invoices"))
}

func (d *draft) plan() *string {
	return new(pick(d, "pro", "org:pro", "user:free", "free", "u:pro", "x:pro", "org:"))
}

func (d *draft) reverification() any {
	if d.chance(50) {
		return pick(d, "strict_mfa", "strict", "moderate", "lax", "none")
	}
	return Policy{pick(d, "first_factor", "second_factor", "multi_factor", "third_factor"), pick(d, 10, 60, 0.5, 1, 1440, 0, -1)}
}
