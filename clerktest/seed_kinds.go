package clerktest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
)

// seeded is a kind of resource that a seed may have a list of.
type seeded interface {
	plant(i *Instance, seed *Seed) error
	save(seed *Seed)
	member() description.Member
}

// plant stores the resources of a seed.
func (k *kind[T]) plant(i *Instance, seed *Seed) error {
	for n, v := range *k.seed(seed) {
		var err error
		if k.complete != nil {
			err = k.complete(i, &v)
		}
		resource.Plant(&v, k.object, seedBegin)
		id := k.IDOf(&v)
		switch {
		case err != nil:
			return fmt.Errorf("%s[%d].%s", k.Name(), n, reasonOf(err))
		case !idPattern(k.prefix).MatchString(id):
			return fmt.Errorf("%s[%d].id must be %s_ and letters or digits", k.Name(), n, k.prefix)
		case k.Get(id) != nil:
			return fmt.Errorf("%s[%d].id belongs to another %s", k.Name(), n, k.noun)
		}
		k.Put(&v)
	}
	return nil
}

// reasonOf returns what an error says, without the status and code of an API error.
func reasonOf(err error) string {
	if refused, ok := errors.AsType[*clerk.Error](err); ok && len(refused.Problems) > 0 {
		return refused.Problems[0].LongMessage
	}
	return err.Error()
}

// save adds the resources to a seed.
func (k *kind[T]) save(seed *Seed) {
	list := k.seed(seed)
	for v := range k.Each() {
		*list = append(*list, *v)
	}
}

// member describes the list of such resources in a seed file.
func (k *kind[T]) member() description.Member {
	s := description.Schema{Type: description.Object}
	if k.component != "" {
		s = *description.Named(k.component)
	}
	s.Members = append(slices.Clip(s.Members), k.more...)
	for _, part := range s.AllOf { // each would refuse the members of the others
		s.Members = append(s.Members, part.Members...)
	}
	s.Type, s.AllOf = description.Object, nil
	return description.Member{Name: k.Name(), Schema: &description.Schema{Type: description.Array, Items: &s}}
}
