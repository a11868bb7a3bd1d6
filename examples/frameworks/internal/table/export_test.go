package table

import (
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
)

// Names returns the names of the requests.
func Names(t *testing.T) []string {
	var names []string
	for _, r := range newWorld(t, Service{Serve: func(*testing.T, *auth.Authenticator, App) string { return "" }}).requests() {
		names = append(names, r.name)
	}
	return names
}
