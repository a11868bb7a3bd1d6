package surface

// Own returns the types that a single operation of the package uses, by operation:
// its parameters first, then what they are made of, in the order of the fields. The
// other types, such as aliases and what several operations use, are returned as shared,
// in the order of p.Types.
func (p *Package) Own() (own map[*Operation][]*Type, shared []*Type) {
	used := map[*Operation][]*Type{}
	users := map[*Type]int{}
	for _, o := range p.Operations {
		used[o] = p.uses(o)
		for _, t := range used[o] {
			users[t]++
		}
	}
	own = map[*Operation][]*Type{}
	for o, types := range used {
		for _, t := range types {
			if users[t] == 1 && t.Kind != Alias {
				own[o] = append(own[o], t)
			}
		}
	}
	for _, t := range p.Types {
		if users[t] != 1 || t.Kind == Alias {
			shared = append(shared, t)
		}
	}
	return own, shared
}

// uses lists the types of the package that an operation takes or returns, each once and
// before the types of its fields.
func (p *Package) uses(o *Operation) []*Type {
	var found []*Type
	seen := map[*Type]bool{}
	var visit func(expr string)
	visit = func(expr string) {
		for _, name := range OwnTypes(expr) {
			t := p.Type(name)
			if t == nil || seen[t] {
				continue
			}
			seen[t] = true
			found = append(found, t)
			visit(t.Underlying)
			for _, f := range t.Fields {
				visit(f.Type)
			}
		}
	}
	visit(o.Params)
	for _, id := range o.IDs {
		visit(id.Type)
	}
	visit(o.Result)
	return found
}
