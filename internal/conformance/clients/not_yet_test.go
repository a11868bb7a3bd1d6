package clients

import (
	"reflect"
	"slices"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// TestOperationsNotYetEmulated holds notYet to what the instance does not emulate.
func TestOperationsNotYetEmulated(t *testing.T) {
	handlers := reflect.ValueOf(clerktest.New(t).Handlers()).Elem()
	for n := range handlers.NumField() {
		name := handlers.Type().Field(n).Name
		if listed := slices.Contains(notYet, name); listed && !handlers.Field(n).IsNil() {
			t.Errorf("the instance emulates %s: take it off the list", name)
		} else if !listed && handlers.Field(n).IsNil() {
			t.Errorf("the instance does not emulate %s", name)
		}
	}
	for _, name := range notYet {
		if _, ok := handlers.Type().FieldByName(name); !ok {
			t.Errorf("the API has no %s", name)
		}
	}
}

// notYet are the operations that the instance does not emulate.
var notYet = []string{}
