package clerktest

import (
	"encoding/json"

	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
)

// seedZeros has those members of the resources in a seed that are zero there and not left out,
// which their fields do not tell apart. The keys are the name of the list and that of keyOf.
type seedZeros map[string]map[string]*description.Zeros

func (z *seedZeros) set(list, key string, of *description.Zeros) {
	if of == nil {
		return
	}
	if *z == nil {
		*z = seedZeros{}
	}
	if (*z)[list] == nil {
		(*z)[list] = map[string]*description.Zeros{}
	}
	(*z)[list][key] = of
}

// keyOf returns what tells a resource of a seed from the others of its list.
func (k *kind[T]) keyOf(v *T) string {
	if id := k.IDOf(v); id != "" {
		return id
	}
	content, _ := json.Marshal(v) // what cannot be encoded was not decoded either
	return string(content)
}

// note keeps which members of the resources are zero in a seed that was parsed.
func (k *kind[T]) note(seed *Seed, zeros *description.Zeros) {
	list := *k.seed(seed)
	for n := range list {
		seed.zeros.set(k.Name(), k.keyOf(&list[n]), zeros.Of(k.Name(), n))
	}
}

// fillIn sets what a seed leaves out of a resource.
func (k *kind[T]) fillIn(i *Instance, v *T, seed *Seed) {
	var zeros *description.Zeros
	if known := seed.zeros[k.Name()]; known != nil {
		zeros = known[k.keyOf(v)]
	}
	before := *v
	resource.Date(v, seedBegin)
	if k.fill != nil {
		k.fill(i, v)
	}
	resource.Restore(v, &before, zeros)
}
