package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// errCollision marks operations that one Go package cannot hold beside each other.
var errCollision = errors.New("two operations collide")

// checkNames refuses a description in which two operations are one Go function, and says
// what to write into the file at retired, where words wait for places that are to come.
func (m *merged) checkNames(retired string) error {
	functions := map[string]string{}
	for p := range description.Places(m.doc) {
		if p.Kind != description.Operation {
			continue
		}
		name := packageOf(p.Node) + "." + description.Text(p.Node, nameKey)
		if other, taken := functions[name]; taken {
			newer := p.Address
			if !slices.Contains(m.fresh, newer) {
				newer = other
			}
			return fmt.Errorf("%w: %s and %s would both be %s; \"%s: {%s: AnotherName}\" in %s decides",
				errCollision, other, p.Address, name, newer, nameKey, retired)
		}
		functions[name] = p.Address
	}
	return nil
}
