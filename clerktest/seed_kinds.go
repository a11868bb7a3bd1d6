package clerktest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
)

// seeded is a kind of resource that a seed may have a list of.
type seeded interface {
	plant(i *Instance, seed *Seed) error
	save(seed *Seed)
	note(seed *Seed, zeros *description.Zeros)
	member() description.Member
}

// plant stores the resources of a seed.
func (k *kind[T]) plant(i *Instance, seed *Seed) error {
	list := *k.seed(seed)
	ids, pattern := make([]string, len(list)), idPattern(k.prefix)
	for n, v := range list {
		var err error
		k.fillIn(i, &v, seed)
		if k.complete != nil {
			err = k.complete(i, &v)
		}
		resource.Plant(&v, k.object)
		if err == nil {
			err = k.checkPlanted(&v)
		}
		id := k.IDOf(&v)
		wrongID := !pattern.MatchString(id)
		switch {
		case wrongID && (id != "" || err == nil):
			return fmt.Errorf("%s[%d].id must be %s_ and letters or digits", k.Name(), n, k.prefix)
		case err != nil:
			return fmt.Errorf("%s[%d].%s", k.Name(), n, reasonOf(err))
		case k.Get(id) != nil:
			return fmt.Errorf("%s[%d].id belongs to another %s", k.Name(), n, k.noun)
		}
		k.Put(&v)
		ids[n] = id
	}
	if k.linked == nil {
		return nil
	}
	for n, id := range ids {
		if err := k.linked(i, k.Get(id)); err != nil {
			return fmt.Errorf("%s[%d].%w", k.Name(), n, err)
		}
	}
	return nil
}

// checkPlanted returns an error for a resource of a seed that the API would not show. Most
// users, of whom a seed may have thousands, have nothing that was not checked already.
func (k *kind[T]) checkPlanted(v *T) error {
	u, isUser := any(v).(*api.User)
	if k.component == "" || isUser && len(u.EnterpriseAccounts)+len(u.SAMLAccounts) == 0 {
		return nil
	}
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if refusal := description.Check(k.member().Schema.Items, text); refusal != nil {
		return errors.New(refusal.Problems[0].Detail)
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
		seed.zeros.set(k.Name(), resource.Identity(v), resource.ZerosOf(v))
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

// Schemas of members that a seed has beside those of the description.
var (
	seedText     = &description.Schema{Type: description.String, Nullable: true}
	seedTexts    = &description.Schema{Type: description.Array, Items: &description.Schema{Type: description.String}}
	seedNumber   = &description.Schema{Type: description.Integer, Nullable: true}
	seedMetadata = &description.Schema{Type: description.Object, Open: true}
	seedTruth    = &description.Schema{Type: description.Boolean}
	seedAny      = &description.Schema{Nullable: true}
)

func membersOf(schema *description.Schema, names ...string) []description.Member {
	list := make([]description.Member, len(names))
	for i, name := range names {
		list[i] = description.Member{Name: name, Schema: schema}
	}
	return list
}

// tokenMembers are the members of API keys and M2M tokens, with further texts.
func tokenMembers(texts ...string) []description.Member {
	return slices.Concat(membersOf(seedText, "object", "id", "subject", "revocation_reason"), membersOf(seedText, texts...),
		membersOf(seedTexts, "scopes"), membersOf(seedTruth, "revoked", "expired"), membersOf(seedAny, "claims"),
		membersOf(seedNumber, "expiration", "last_used_at", "created_at", "updated_at"))
}
