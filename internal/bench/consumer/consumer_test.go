// Package consumer builds a program as a user of the SDK would, in a module of
// its own, and looks at what that drags in.
package consumer

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const program = `package main

import (
	"log"
	"net/http"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/users"
)

func main() {
	client, err := clerk.FromEnv()
	if err != nil {
		log.Fatal(err)
	}
	authn, err := auth.FromEnv(client)
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", authn.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := auth.FromContext(r.Context())
		if !a.IsAuthenticated() {
			http.Error(w, "Unauthorized", http.StatusUnauthorized)
			return
		}
		if _, err := users.UpdateUser(r.Context(), client, a.UserID, users.UpdateUserParams{FirstName: clerk.Set("Ada")}); err != nil {
			http.Error(w, "Bad Gateway", http.StatusBadGateway)
		}
	}))))
}
`

func TestProgramOutsideTheModule(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"main.go": program,
		"go.sum":  string(sums),
		"go.mod": "module example.com/service\n\ngo 1.26\n\nrequire github.com/backend-sdk/clerk-go v0.0.0\n\n" +
			"replace github.com/backend-sdk/clerk-go => " + root + "\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run(t, dir, "mod", "tidy")
	run(t, dir, "build", "-o", filepath.Join(dir, "service"), ".")

	listed := strings.Fields(run(t, dir, "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", "."))
	slices.Sort(listed)
	want := []string{
		"example.com/service",
		"github.com/apapsch/go-jsonmerge/v2", // needed by oapi-codegen/runtime
		"github.com/backend-sdk/clerk-go",
		"github.com/google/uuid", // needed by oapi-codegen/runtime
		"github.com/hashicorp/go-cleanhttp",
		"github.com/hashicorp/go-retryablehttp",
		"github.com/oapi-codegen/runtime",
	}
	if diff := cmp.Diff(want, slices.Compact(listed)); diff != "" {
		t.Errorf("modules in the program (-want +got):\n%s", diff)
	}
}

func run(t *testing.T, dir string, args ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", args...)
	command.Dir = dir
	command.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	var stderr strings.Builder
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return string(out)
}
