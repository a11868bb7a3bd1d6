package clerktest

import (
	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
)

// seedZeros has those members of the resources in a seed that are zero there and not left out,
// which their fields do not tell apart. The keys are the name of the list and the identity
// of the resource.
type seedZeros map[string]map[string]*description.Zeros

func (z *seedZeros) set(list, identity string, of *description.Zeros) {
	if of == nil {
		return
	}
	if *z == nil {
		*z = seedZeros{}
	}
	if (*z)[list] == nil {
		(*z)[list] = map[string]*description.Zeros{}
	}
	(*z)[list][identity] = of
}

// note keeps which members of the resources are zero in a seed that was parsed.
func (k *kind[T]) note(seed *Seed, zeros *description.Zeros) {
	list := *k.seed(seed)
	for n := range list {
		of := zeros.Of(k.Name(), n)
		resource.Identify(&list[n], of)
		seed.zeros.set(k.Name(), resource.Identity(&list[n]), of)
	}
}

// fillIn sets what a seed leaves out of a resource.
func (k *kind[T]) fillIn(i *Instance, v *T, seed *Seed) {
	var zeros *description.Zeros
	if known := seed.zeros[k.Name()]; known != nil {
		zeros = known[resource.Identity(v)]
	}
	before := *v
	resource.Date(v, seedBegin)
	if k.fill != nil {
		k.fill(i, v)
	}
	resource.Restore(v, &before, zeros)
}
