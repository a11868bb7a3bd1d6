package migration

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

const namesPage = "docs/migration-names.md"

// TestEveryNameOfTheSDKIsListed compares the tables of the page with the exported names
// of clerk-sdk-go.
func TestEveryNameOfTheSDKIsListed(t *testing.T) {
	t.Parallel()
	want := exported(t)
	got := make(map[string][]string)
	for _, row := range rows(t, read(t, namesPage)) {
		got[row.heading] = append(got[row.heading], row.name)
	}
	for _, problem := range compare(got, want) {
		t.Errorf("%s: %s", namesPage, problem)
	}
}

// compare returns the names that one side has and the other does not, and those that are
// listed twice.
func compare(got, want map[string][]string) []string {
	var problems []string
	for name, listed := range got {
		for n, entry := range listed {
			switch {
			case slices.Contains(listed[:n], entry):
				problems = append(problems, name+"."+entry+" is listed twice")
			case !slices.Contains(want[name], entry):
				problems = append(problems, name+"."+entry+" is not a name of the SDK")
			}
		}
	}
	for name, all := range want {
		for _, entry := range all {
			if !slices.Contains(got[name], entry) {
				problems = append(problems, name+"."+entry+" is missing")
			}
		}
	}
	slices.Sort(problems)
	return problems
}

func TestCompare(t *testing.T) {
	t.Parallel()
	got := compare(
		map[string][]string{"user": {"Get", "Get", "Gone"}, "old": {"Get"}},
		map[string][]string{"user": {"Get", "List"}, "session": {"Get"}})
	want := []string{
		"old.Get is not a name of the SDK", "session.Get is missing", "user.Get is listed twice",
		"user.Gone is not a name of the SDK", "user.List is missing",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestEveryNameHasACounterpartOrAReason looks up the counterparts among the exported
// declarations of this module.
func TestEveryNameHasACounterpartOrAReason(t *testing.T) {
	t.Parallel()
	surface := surface(t)
	for _, row := range rows(t, read(t, namesPage)) {
		if problem := judge(row.here, surface); problem != "" {
			t.Errorf("%s: %s.%s: %s", namesPage, row.heading, row.name, problem)
		}
	}
}

var quoted = regexp.MustCompile("`([^`]+)`")

// judge returns what is wrong with the text about a counterpart.
func judge(here string, surface map[string]bool) string {
	reason, none := strings.CutPrefix(here, "none: ")
	names := quoted.FindAllStringSubmatch(here, -1)
	for _, name := range names {
		if !surface[name[1]] {
			return name[1] + " does not exist"
		}
	}
	switch {
	case none && strings.TrimSpace(reason) == "":
		return "the reason is missing"
	case !none && len(names) == 0:
		return "there is neither a counterpart nor a reason"
	}
	return ""
}

func TestJudge(t *testing.T) {
	t.Parallel()
	surface := map[string]bool{"users.GetUser": true}
	for here, want := range map[string]string{
		"`users.GetUser`":                 "",
		"`users.GetUser`, and `users.No`": "users.No does not exist",
		"none: it called nothing":         "",
		"none: `users.No` does it":        "users.No does not exist",
		"none: ":                          "the reason is missing",
		"it called nothing":               "there is neither a counterpart nor a reason",
		"":                                "there is neither a counterpart nor a reason",
	} {
		if got := judge(here, surface); got != want {
			t.Errorf("%q: %q, want %q", here, got, want)
		}
	}
}

// ours matches an exported name of a package of this module.
var ours = regexp.MustCompile(`\b((?:api|auth|billing|clerk|clerktest|enterprise|instance|invitations|machines|oauth|organizations|sessions|users|webhooks)(?:\.[A-Z]\w*)+)`)

// TestGuidesNameWhatExists looks up what the pages for newcomers say is here: the last
// column of their tables, and all of the page that has no name of another Go module.
func TestGuidesNameWhatExists(t *testing.T) {
	t.Parallel()
	surface := surface(t)
	texts := map[string]string{"docs/from-javascript.md": read(t, "docs/from-javascript.md")}
	for _, page := range []string{"docs/migration.md", "docs/differences.md"} {
		for _, row := range rows(t, read(t, page)) {
			texts[page] += row.here + "\n"
		}
	}
	for page, text := range texts {
		names := ours.FindAllString(text, -1)
		if len(names) == 0 {
			t.Errorf("%s names nothing of this module", page)
		}
		for _, name := range names {
			if !surface[name] {
				t.Errorf("%s: %s does not exist", page, name)
			}
		}
	}
}
