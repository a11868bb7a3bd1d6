package surface

import "testing"

func TestTypesThatLeadToCredentialsHideThem(t *testing.T) {
	t.Parallel()
	s := &Surface{
		Models: &Package{Name: "api", Types: []*Type{
			{Name: "Key", Kind: Struct, Fields: []Field{{Name: "ID", Type: "string"}, {Name: "Secret", Type: "*string", Credential: true}}},
			{Name: "Ring", Kind: Struct, Fields: []Field{{Name: "Keys", Type: "map[string][]Key"}}},
			{Name: "House", Kind: Union, Fields: []Field{{Name: "Ring", Type: "*Ring"}}},
			{Name: "Monkey", Kind: Struct, Fields: []Field{{Name: "Keyboard", Type: "Keyboard"}, {Name: "Sent", Type: "time.Time"}}},
			{Name: "Keyboard", Kind: Struct},
			{Name: "Loop", Kind: Struct, Fields: []Field{{Name: "Next", Type: "*Loop"}}},
		}},
		Domains: []*Package{{Name: "users", Types: []*Type{
			{Name: "Key", Kind: Struct, Fields: []Field{{Name: "Shape", Type: "string"}}},
			{Name: "Ring", Kind: Alias, Underlying: "api.Ring"},
			{Name: "OwnParams", Kind: Struct, Fields: []Field{{Name: "Key", Type: "clerk.Optional[Key]"}}},
			{Name: "ModelParams", Kind: Struct, Fields: []Field{{Name: "Key", Type: "clerk.Optional[api.Key]"}}},
			{Name: "AliasParams", Kind: Struct, Fields: []Field{{Name: "Ring", Type: "Ring"}}},
		}}},
	}
	s.FindCredentials()
	hiding := map[string]bool{
		"api.Key": true, "api.Ring": true, "api.House": true, "users.ModelParams": true, "users.AliasParams": true,
	}
	for _, p := range s.Packages() {
		for _, typ := range p.Types {
			if name := p.Name + "." + typ.Name; typ.Hides != hiding[name] {
				t.Errorf("%s hides credentials: %t", name, typ.Hides)
			}
		}
	}
}

func TestAFieldCannotBeCalledLikeTheMethodThatHides(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Format", "LogValue"} {
		typ := &Type{Name: "Key", Kind: Struct, Fields: []Field{{Name: name, Wire: "x", Type: "string"}}}
		if err := typ.check("api"); err != nil {
			t.Errorf("without credentials: %v", err)
		}
		if typ.Hides = true; typ.check("api") == nil {
			t.Errorf("the field %s is not refused", name)
		}
	}
}
