package main

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVariablesThatAreNotRead(t *testing.T) {
	for name, tt := range map[string]struct {
		env  map[string]string
		want string // "" for no line
	}{
		"a missing underscore":      {map[string]string{"CLERK_PUBLISHABLEKEY": "pk"}, "CLERK_PUBLISHABLEKEY is set, and CLERK_PUBLISHABLE_KEY is not, which is the one that is read"},
		"a missing letter":          {map[string]string{"CLERK_SECRT_KEY": "sk"}, "CLERK_SECRT_KEY is set, and CLERK_SECRET_KEY is not, which is the one that is read"},
		"the singular":              {map[string]string{"CLERK_AUTHORIZED_PARTY": "x"}, "CLERK_AUTHORIZED_PARTY is set, and CLERK_AUTHORIZED_PARTIES is not, which is the one that is read"},
		"an old name":               {map[string]string{"CLERK_API_KEY": "sk"}, "CLERK_API_KEY is set, and CLERK_SECRET_KEY is not, which is the one that is read"},
		"a slip beside the right":   {map[string]string{"CLERK_PROXY_URI": "x", "CLERK_PROXY_URL": "y"}, "CLERK_PROXY_URI is set beside CLERK_PROXY_URL, and is not read"},
		"a frontend's alone":        {map[string]string{"NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY": "pk"}, "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY is set, and CLERK_PUBLISHABLE_KEY is not, which is the one that is read"},
		"a frontend's that differs": {map[string]string{"VITE_CLERK_PUBLISHABLE_KEY": "pk", "CLERK_PUBLISHABLE_KEY": "pk2"}, "VITE_CLERK_PUBLISHABLE_KEY and CLERK_PUBLISHABLE_KEY differ: are they of one instance?"},
		"a frontend's that agrees":  {map[string]string{"VITE_CLERK_PUBLISHABLE_KEY": "pk", "CLERK_PUBLISHABLE_KEY": "pk"}, ""},
		"a frontend's own":          {map[string]string{"NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED": "1"}, ""},
		"another's":                 {map[string]string{"CLERK_TELEMETRY_DISABLED": "1"}, "CLERK_TELEMETRY_DISABLED is set, and nothing in this module reads it"},
		"an empty one":              {map[string]string{"CLERK_TELEMETRY_DISABLED": ""}, ""},
		"not Clerk's":               {map[string]string{"CLERICAL_KEY": "x"}, ""},
		"one that is read":          {map[string]string{"CLERK_AUDIENCE": "x"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			setEnvironment(t, tt.env)
			var e examination
			var environ []string
			for name, value := range tt.env {
				environ = append(environ, name+"="+value)
			}
			e.checkVariables(environ)
			var want report
			if tt.want != "" {
				want.add(warning, "variable", "%s", tt.want)
			}
			if diff := cmp.Diff(want.String(), e.report.String()); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
		})
	}
}

// TestKnownVariablesAreThoseOfTheCode compares the names with what the packages for users
// have as constants.
func TestKnownVariablesAreThoseOfTheCode(t *testing.T) {
	t.Parallel()
	read := map[string]bool{}
	for _, folder := range []string{"clerk", "auth", "auth/frontendproxy", "webhooks"} {
		files, err := filepath.Glob("../../../" + folder + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatal(folder, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range regexp.MustCompile(`"(CLERK_[A-Z_]+)"`).FindAllSubmatch(text, -1) {
				read[string(match[1])] = true
			}
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(read)), known); diff != "" {
		t.Errorf("known variables (-code +list):\n%s", diff)
	}
	page, err := os.ReadFile("../../../docs/environment.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range known {
		if !strings.Contains(string(page), "`"+name+"`") {
			t.Errorf("docs/environment.md does not explain %s", name)
		}
	}
	for name, meant := range otherNames {
		if slices.Contains(known, name) || !slices.Contains(known, meant) {
			t.Errorf("%s stands for %s", name, meant)
		}
	}
}
