package description_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
)

// problemLines returns the status text of a refusal and a "code param" line for each
// problem.
func problemLines(r *description.Refusal) []string {
	if r == nil {
		return nil
	}
	lines := []string{http.StatusText(r.Status)}
	for _, p := range r.Problems {
		lines = append(lines, strings.TrimSpace(p.Code+" "+p.Param))
	}
	return lines
}

func findOperation(t *testing.T, method, path string) *description.Operation {
	t.Helper()
	o, refusal := description.Match(method, path, nil)
	if refusal != nil {
		t.Fatalf("%s %s: %v", method, path, refusal)
	}
	return o
}
