package surface

import "strings"

// HandlerNames gives every operation the name of its field in
// clerktest.Handlers. A name that two packages share is prefixed with the
// package in both, in the spelling that prefix gives for a package.
func (s *Surface) HandlerNames(prefix func(pkg string) string) map[*Operation]string {
	count := map[string]int{}
	for _, p := range s.Domains {
		for _, o := range p.Operations {
			count[o.Name]++
		}
	}
	names := map[*Operation]string{}
	for _, p := range s.Domains {
		for _, o := range p.Operations {
			names[o] = o.Name
			if count[o.Name] > 1 {
				names[o] = prefix(p.Name) + o.Name
			}
		}
	}
	return names
}

// Qualify writes a type of package pkg as another package sees it.
// Types of the runtime and of Go itself stay as they are.
func Qualify(pkg, typ string) string {
	if head, inner, ok := strings.Cut(typ, "["); ok && strings.HasSuffix(inner, "]") && head != "" && head != "map" {
		return head + "[" + Qualify(pkg, strings.TrimSuffix(inner, "]")) + "]"
	}
	if rest, ok := strings.CutPrefix(typ, "[]"); ok {
		return "[]" + Qualify(pkg, rest)
	}
	if strings.Contains(typ, ".") || typ == "" || typ[0] < 'A' || typ[0] > 'Z' {
		return typ
	}
	return pkg + "." + typ
}
