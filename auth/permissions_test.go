package auth

import (
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPermissionsAreUnpacked(t *testing.T) {
	t.Parallel()
	wide := new(big.Int).Lsh(big.NewInt(1), 70)
	names := make([]string, 71)
	for i := range names {
		names[i] = "p" + strings.Repeat("x", i)
	}
	tests := []struct {
		name, fea, per, fpm string
		want                []string
	}{
		{"features of the user take up no mask", "o:reservations,u:dashboard,uo:support-chat,o:impersonation", "read,manage", "2,3",
			[]string{"org:reservations:manage", "org:support-chat:read", "org:support-chat:manage"}},
		{"both readings fit", "ou:memberships,u:impersonation", "read,manage", "3,0",
			[]string{"org:memberships:read", "org:memberships:manage"}},
		{"the user's feature first", "u:dash,o:billing", "read", "1", []string{"org:billing:read"}},
		{"the user's feature first, with a mask", "u:dash,o:billing", "read", "0,1", []string{}},
		{"blanks", " o:a , o:b ", " read , manage ", " 1 , 2 ", []string{"org:a:read", "org:b:manage"}},
		{"a colon in a feature", "o:a:b", "read", "1", []string{"org:a:b:read"}},
		{"fewer masks", "o:a,o:b", "read", "1", []string{"org:a:read"}},
		{"more masks", "o:a", "read", "1,1,1", []string{"org:a:read"}},
		{"more bits", "o:a", "read", "255", []string{"org:a:read"}},
		{"seventy permissions", "o:a", strings.Join(names, ","), wide.String(), []string{"org:a:" + names[70]}},
		{"200 digits", "o:a", "read", "1" + strings.Repeat("0", 199), []string{}},
		{"zero", "o:a", "read", "0", []string{}},
		{"zeros in front", "o:a", "read", "0001", []string{"org:a:read"}},
		{"negative", "o:a,o:b", "read", "-1,1", []string{"org:b:read"}},
		{"plus", "o:a", "read", "+1", []string{}},
		{"exponent", "o:a", "read", "1e3", []string{}},
		{"hexadecimal", "o:a", "read", "0x1", []string{}},
		{"underscores", "o:a", "read", "1_1", []string{}},
		{"other digits", "o:a", "read", "\u0661", []string{}},
		{"an empty mask", "o:a,o:b", "read", ",1", []string{"org:b:read"}},
		{"no masks", "o:a", "read", "", []string{}},
		{"no permissions", "o:a", "", "1", []string{}},
		{"no features", "", "read", "1", []string{}},
		{"an unknown scope", "x:a,o:b", "read", "1", []string{"org:b:read"}},
		{"no colon", "o:a,b", "read", "1,1", []string{}},
		{"an empty entry", "o:a,", "read", "1", []string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := decodePermissions(tt.fea, tt.per, tt.fpm)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestScopesAreSplit(t *testing.T) {
	t.Parallel()
	tests := []struct {
		list      string
		org, user []string
		ok        bool
	}{
		{"", nil, nil, true},
		{"o:a,u:b,ou:c,uo:d,x:e", []string{"a", "c", "d"}, []string{"b", "c", "d"}, true},
		{"o:", []string{""}, nil, true},
		{"o:a:b", []string{"a:b"}, nil, true},
		{" u:a ,\to:b", []string{"b"}, []string{"a"}, true},
		{"O:a", nil, nil, true},
		{"a", nil, nil, false},
		{"o:a,,u:b", nil, nil, false},
	}
	for _, tt := range tests {
		org, user, ok := splitByScope(tt.list)
		if diff := cmp.Diff([]any{tt.org, tt.user, tt.ok}, []any{org, user, ok}); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.list, diff)
		}
	}
}

func TestOrganizationOfBothVersions(t *testing.T) {
	t.Parallel()
	type org struct {
		ID, Slug, Role string
		Permissions    []string
		Version        int
	}
	const plain = `"org_id":"org_1","org_slug":"s","org_role":"org:admin","org_permissions":["org:a:read","org:b:read"]`
	const compact = `"fea":"o:a","o":{"id":"org_2","slg":"t","rol":"member","per":"read,manage","fpm":"3"}`
	v1 := org{"org_1", "s", "org:admin", []string{"org:a:read", "org:b:read"}, 1}
	v2 := org{"org_2", "t", "org:member", []string{"org:a:read", "org:a:manage"}, 2}
	empty1, empty2 := org{Version: 1}, org{Permissions: []string{}, Version: 2}
	tests := map[string]org{
		`{` + plain + `}`:                                              v1,
		`{"v":1,` + plain + `,` + compact + `}`:                        v1,
		`{"v":"2",` + plain + `,` + compact + `}`:                      v1,
		`{"v":3,` + plain + `,` + compact + `}`:                        v1,
		`{"v":null,` + plain + `,` + compact + `}`:                     v1,
		`{"v":2,` + plain + `,` + compact + `}`:                        v2,
		`{` + compact + `,` + plain + `,"v":2.0}`:                      v2,
		`{"v":2e0,` + compact + `}`:                                    v2,
		`{"v":2,` + plain + `}`:                                        empty2,
		`{"v":2,"o":null,"fea":"o:a"}`:                                 empty2,
		`{"v":2,"o":"org_2"}`:                                          empty2,
		`{"v":2,"o":[]}`:                                               empty2,
		`{"v":2,"o":{}}`:                                               empty2,
		`{"v":2,"o":{"id":7,"slg":null,"rol":[]}}`:                     empty2,
		`{"v":2,"fea":7,"o":{"per":"a","fpm":"1"}}`:                    empty2,
		`{"v":2,"fea":"o:a","o":{"per":7,"fpm":1}}`:                    empty2,
		`{"v":2,"o":{"rol":"org:admin"}}`:                              {Role: "org:org:admin", Permissions: []string{}, Version: 2},
		`{"v":2,"o":{"rol":""}}`:                                       empty2,
		`{}`:                                                           empty1,
		`{"org_id":7,"org_permissions":"org:a:read","org_role":null}`:  empty1,
		`{"org_role":"admin","org_permissions":["org:a:read",7,null]}`: {Role: "admin", Permissions: []string{"org:a:read"}, Version: 1},
	}
	for payload, want := range tests {
		c := claimsOf(t, payload)
		got := org{c.OrganizationID(), c.OrganizationSlug(), c.OrganizationRole(), c.OrganizationPermissions(), c.Version()}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", payload, diff)
		}
	}
}

func TestAmbiguousMasksAreNoticed(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{
		`{"v":2,"fea":"u:a,o:b","o":{"per":"x","fpm":"0,1"}}`:  true,
		`{"v":2,"fea":"u:a,o:b","o":{"per":"x","fpm":"1"}}`:    false,
		`{"v":2,"fea":"ou:a,o:b","o":{"per":"x","fpm":"0,1"}}`: false,
		`{"v":2,"fea":"u:a,b","o":{"per":"x","fpm":"0,1"}}`:    false,
		`{"v":2,"fea":"u:a","o":{"per":"x"}}`:                  false,
		`{"fea":"u:a,o:b","o":{"per":"x","fpm":"0,1"}}`:        false,
	}
	for payload, want := range tests {
		if got := claimsOf(t, payload).permissionsAmbiguous(); got != want {
			t.Errorf("%s: ambiguous = %t, want %t", payload, got, want)
		}
	}
}

func FuzzPermissions(f *testing.F) {
	f.Add("o:a,u:b,ou:c", "read,manage", "3,1")
	f.Add("o:a", "read", "-1")
	f.Add("x", ",", strings.Repeat("9", 100))
	f.Fuzz(func(t *testing.T, fea, per, fpm string) {
		granted := decodePermissions(fea, per, fpm)
		if granted == nil {
			t.Fatal("the list is nil, want an empty one")
		}
		org, _, ok := splitByScope(fea)
		if !ok && len(granted) > 0 {
			t.Fatalf("malformed features grant %q", granted)
		}
		names := strings.Split(per, ",")
		if len(granted) > len(org)*len(names) {
			t.Fatalf("%d permissions come out of %d features and %d names", len(granted), len(org), len(names))
		}
		for _, g := range granted {
			if !strings.HasPrefix(g, "org:") {
				t.Fatalf("permission %q has no prefix", g)
			}
		}
		if !strings.ContainsAny(fpm, "123456789") && len(granted) > 0 {
			t.Fatalf("masks without a bit grant %q", granted)
		}
	})
}
