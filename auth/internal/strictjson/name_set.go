package strictjson

import "slices"

// nameSet holds the names of an object's members, to find a repeated one. It allocates a
// map only for an object that has more members than any in a token that Clerk issues.
type nameSet struct {
	few  [32]string
	n    int
	hint uint64 // has the bit of every name in few; names may share a bit
	many map[string]struct{}
}

// add adds name and reports whether it was absent before.
func (s *nameSet) add(name string) bool {
	bit := uint64(1)
	if n := len(name); n > 0 {
		bit <<= (uint(name[0])*7 + uint(name[n-1]) + uint(n)) % 64
	}
	if s.hint&bit != 0 && slices.Contains(s.few[:s.n], name) {
		return false
	}
	s.hint |= bit
	if s.n < len(s.few) {
		s.few[s.n] = name
		s.n++
		return true
	}
	if _, have := s.many[name]; have {
		return false
	}
	if s.many == nil {
		s.many = make(map[string]struct{})
	}
	s.many[name] = struct{}{}
	return true
}
