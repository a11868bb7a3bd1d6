package main

import (
	"go/ast"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestExportedNames finds exported names without a comment, types that end with a
// number, and types that read like a function.
func TestExportedNames(t *testing.T) {
	t.Parallel()
	count := 0
	for _, p := range visible(t) {
		count += len(p.types) + len(p.functions)
		if len(p.bare) > 0 {
			t.Errorf("%s: no comment: %q", p.name, p.bare)
		}
		for _, typ := range p.types {
			name := typ.Name.Name
			if last := name[len(name)-1]; last >= '0' && last <= '9' {
				t.Errorf("%s.%s ends with a number", p.name, name)
			}
			if f := p.like(name); f != "" {
				t.Errorf("%s.%s reads like the function %s: give it an x-go-type-name", p.name, name, f)
			}
		}
	}
	if count < 800 {
		t.Errorf("%d types and functions", count)
	}
}

// like is the operation that a type's name starts with, unless the type has the
// parameters of one.
func (p *shown) like(name string) (operation string) {
	for _, f := range p.functions {
		if callOf(f) == nil {
			continue
		}
		switch rest, like := strings.CutPrefix(name, f.Name.Name); {
		case rest == "Params":
			return ""
		case like:
			operation = f.Name.Name
		}
	}
	return operation
}

// TestEnums requires constants for every string type of the models and of the packages
// with operations. A constant is named by its type and a word for its value, and no
// value has two.
func TestEnums(t *testing.T) {
	t.Parallel()
	count := 0
	for _, p := range visible(t) {
		if p.name == "clerk" || p.name == "auth" || p.name == "clerktest" {
			continue
		}
		for _, typ := range p.types {
			if id, ok := typ.Type.(*ast.Ident); !ok || id.Name != "string" {
				continue
			}
			name, values := typ.Name.Name, map[string]bool{}
			if p.name == "webhooks" && name == "Type" { // whose constants are named by their values alone
				continue
			}
			count++
			if typ.Assign.IsValid() || len(p.constants[name]) == 0 {
				t.Errorf("%s.%s is not a type with constants", p.name, name)
			}
			for constant, value := range p.constants[name] {
				word, ok := strings.CutPrefix(constant, name)
				if !ok || word == "" || stutters(name, word) {
					t.Errorf("%s.%s is not a good name for %s", p.name, constant, value)
				}
				if values[value] {
					t.Errorf("%s: the value %s has two names", p.name, value)
				}
				values[value] = true
				if _, err := strconv.Unquote(value); err != nil {
					t.Errorf("%s.%s is %s", p.name, constant, value)
				}
			}
		}
	}
	if count < 40 {
		t.Errorf("%d string types", count)
	}
}

var lastWord = regexp.MustCompile(`[A-Z][a-z0-9]+$`)

// stutters reports whether a constant repeats the name of its type.
func stutters(typ, word string) bool {
	last := lastWord.FindString(typ)
	return strings.HasPrefix(word, typ) || last != "" && strings.HasPrefix(word, last)
}

// open are the places with values of any type, where the API documents nothing more
// specific, or where a caller uses a type of their own.
var open = []string{
	// A caller's own type, or values of several.
	"clerk.FormatHidden", "clerk.LogHidden",
	"clerk.NewMetadata", "clerk.SetMetadata", "clerk.Metadata.Decode", "clerk.Decode", "clerk.Request.Body", "clerk.Request.Params", "clerk.Query", "clerk.Form", "clerk.DecodeError.Partial",
	"auth.Claims.Decode", "webhooks.Event.Data", "clerktest.Instance.CreateJWTTemplate", "clerktest.Instance.Webhook", "clerktest.WithClaim", "clerktest.WithHeader",
	// Any JSON value, according to the API. In a response it is a json.RawMessage.
	"machines.CreateAPIKeyParams.Claims", "machines.UpdateAPIKeyParams.Claims", "machines.CreateM2MTokenParams.Claims",
}

// TestNothingIsAny allows the empty interface only at the places of open, and forbids
// structs without a name.
func TestNothingIsAny(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for _, p := range visible(t) {
		for _, f := range p.functions {
			name := f.Name.Name
			if f.Recv != nil {
				name = receiver(f) + "." + name
			}
			p.look(t, found, name, f.Type.Params)
			if f.Type.Results != nil {
				p.look(t, found, name, f.Type.Results)
			}
		}
		for _, typ := range p.types {
			s, ok := typ.Type.(*ast.StructType)
			if !ok {
				p.look(t, found, typ.Name.Name, typ.Type)
				continue
			}
			for _, field := range s.Fields.List {
				for _, n := range field.Names {
					if n.IsExported() {
						p.look(t, found, typ.Name.Name+"."+n.Name, field.Type)
					}
				}
			}
		}
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(open)), slices.Sorted(maps.Keys(found))); diff != "" {
		t.Errorf("places of any type (-allowed +found):\n%s", diff)
	}
}

// look finds the empty interface and structs without a name in a type.
func (p *shown) look(t *testing.T, found map[string]bool, name string, in ast.Node) {
	t.Helper()
	name = p.name + "." + name
	ast.Inspect(in, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.StructType:
			if n.Fields.NumFields() > 0 {
				t.Errorf("%s has a struct without a name", name)
			}
		case *ast.InterfaceType:
			if n.Methods.NumFields() == 0 {
				found[name] = true
			}
		case *ast.Ident:
			if n.Name == "any" {
				found[name] = true
			}
		}
		return true
	})
}
