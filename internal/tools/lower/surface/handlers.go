package surface

// HandlerNames returns the name of the field in clerktest.Handlers for every operation.
// A name that two packages share is prefixed with the package in both, in the spelling
// that prefix returns for a package.
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
