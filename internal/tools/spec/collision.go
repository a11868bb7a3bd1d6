package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// errCollision marks two operations that would have one name in a Go package.
var errCollision = errors.New("two operations have one name")

// checkNames refuses a description in which two operations would be one Go function,
// and says what to write into the file retired, which also has words for places that do
// not exist yet.
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
			return fmt.Errorf("%w: %s and %s would both be %s; add \"%s: {%s: AnotherName}\" to %s",
				errCollision, other, p.Address, name, newer, nameKey, retired)
		}
		functions[name] = p.Address
	}
	return nil
}
