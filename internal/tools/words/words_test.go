// Package words holds the documentation of the generated packages against what
// a reader needs: words that say more than the names do.
package words

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

const module = "../../.."

// enough is how many words an operation's comment needs that are neither in its
// name, path and types nor among the small words.
const enough = 8

// small are words that carry no meaning of their own.
var small = set("a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "have", "in", "is", "it", "its",
	"not", "of", "on", "one", "or", "so", "that", "the", "this", "to", "what", "which", "with")

// plain are the parameters whose name says all there is to say.
var plain = set("FirstName", "LastName")

// silent matches the comments that the lowering makes where nobody wrote one.
var silent = regexp.MustCompile(`\A\w+ (is the type of|is the schema|is an item of what|is an element of|is what [A-Z]+ /)`)

func set(words ...string) map[string]bool {
	all := map[string]bool{}
	for _, w := range words {
		all[w] = true
	}
	return all
}

// TestWords reads package api and every package of operations.
func TestWords(t *testing.T) {
	t.Parallel()
	packages := map[string]*source{}
	for _, name := range append(description.Packages(), "api") {
		packages[name] = read(t, files(t, name))
	}
	var operations, deprecated, unsaid, fields int
	for name, s := range packages {
		for _, o := range s.operations {
			operations++
			if o.deprecation() != "" {
				deprecated++
			}
		}
		for _, f := range s.fields {
			fields++
			if f.words == "" && name != "api" {
				unsaid++
			}
		}
	}
	for _, problem := range check(packages) {
		t.Error(problem)
	}
	t.Logf("%d operations, %d of them deprecated; %d fields, %d parameters among them whose name says all", operations, deprecated, fields, unsaid)
	if operations != 249 || deprecated != 14 {
		t.Errorf("%d operations, %d deprecated", operations, deprecated)
	}
}

func files(t *testing.T, pkg string) map[string]string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(module, pkg, "*.gen.go"))
	if err != nil || len(names) != 2 {
		t.Fatalf("package %s has %d generated files, %v", pkg, len(names), err)
	}
	all := map[string]string{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = string(data)
	}
	return all
}

// check returns what the packages leave unsaid.
func check(packages map[string]*source) (problems []string) {
	functions, said := map[string]bool{}, map[string]string{}
	problems = links(packages)
	for name, s := range packages {
		for _, o := range s.operations {
			functions[o.name], functions[name+"."+o.name] = true, true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(packages)) {
		s, report := packages[name], func(format string, args ...any) {
			problems = append(problems, name+": "+fmt.Sprintf(format, args...))
		}
		if len(split(s.comment)) < 12 {
			report("the package comment says too little")
		}
		for _, o := range s.operations {
			if n := o.others(); n < enough {
				report("%s says %d words that its name does not", o.name, n)
			}
			for _, p := range o.words {
				p = strings.TrimPrefix(p, o.name+" ")
				if was, ok := said[p]; ok {
					report("%s has a paragraph of %s", o.name, was)
				}
				said[p] = o.name
			}
			if why := o.deprecation(); why != "" && !instead(why, functions) {
				report("%s does not name what to use instead", o.name)
			}
		}
		for _, typ := range s.types {
			if typ.words == "" || silent.MatchString(typ.words) {
				report("%s has no words", typ.name)
			}
		}
		for _, f := range s.fields {
			if f.words == "" && !(name == "api" && f.reference != "") && !(name != "api" && plain[f.name]) {
				report("%s.%s has no words", f.of, f.name)
			}
		}
	}
	return problems
}

var mention = regexp.MustCompile(`\[([A-Z]\w*)\]|\b([a-z]+)\.([A-Z]\w+)`)

// links returns the functions and types that comments speak of and that do not
// exist, in brackets or behind the name of a package.
func links(packages map[string]*source) (problems []string) {
	for _, name := range slices.Sorted(maps.Keys(packages)) {
		for _, comment := range packages[name].comments {
			for _, m := range mention.FindAllStringSubmatch(comment, -1) {
				in, what := cmp.Or(m[2], name), m[1]+m[3]
				if p := packages[in]; p != nil && !p.names[what] {
					problems = append(problems, fmt.Sprintf("%s: there is no %s.%s", name, in, what))
				}
			}
		}
	}
	return problems
}

// others counts the different words that are in no name.
func (o *operation) others() int {
	names := set(split(o.name + " " + o.route + " " + strings.Join(o.types, " "))...)
	more := map[string]bool{}
	for _, w := range split(strings.Join(o.words, " ")) {
		if !names[w] && !small[w] {
			more[w] = true
		}
	}
	return len(more)
}

func (o *operation) deprecation() string {
	for _, p := range o.words {
		if why, ok := strings.CutPrefix(p, "Deprecated: "); ok {
			return why
		}
	}
	return ""
}

var link = regexp.MustCompile(`\[([\w.]+)\]`)

// instead tells whether a reason names a function that there is, or the
// dashboard for what no function does any longer.
func instead(why string, functions map[string]bool) bool {
	for _, m := range link.FindAllStringSubmatch(why, -1) {
		if functions[m[1]] {
			return true
		}
	}
	return strings.Contains(why, "dashboard")
}

// TestCheck finds each kind of silence, and nothing in a package that speaks.
func TestCheck(t *testing.T) {
	t.Parallel()
	const good = `// Package things keeps what belongs to a library: its books, shelves and the people who borrow them.
package things

// GetThing fetches a book from the shelf by number, together with whoever borrowed it last.
//
// Lost books are reported as missing and stay listed.
//
// GET /things/{thing_id}
func GetThing(thingID string, params GetThingParams) (*Thing, error) { return nil, nil }

// GetThingParams are the parameters of [GetThing].
type GetThingParams struct {
	// Deep true looks into boxes too.
	Deep bool
	FirstName string
}

// Thing is a book.
type Thing struct {
	// ID is the number on its back.
	ID string
}
`
	for _, c := range []struct{ old, new, want string }{
		{"", "", ""},
		{": its books, shelves and the people who borrow them", "", "things: the package comment says too little"},
		{"fetches a book from the shelf by number, together with whoever borrowed it last", "gets the thing", "things: GetThing says 6 words that its name does not"},
		{"// Lost books are reported as missing and stay listed.", "// Deprecated: it is old.", "things: GetThing does not name what to use instead"},
		{"// Lost books are reported as missing and stay listed.", "// Deprecated: use [GetOther].", "things: there is no things.GetOther; things: GetThing does not name what to use instead"},
		{"// Lost books are reported as missing and stay listed.", "// Deprecated: use [GetThing], or [things.GetThing].", ""},
		{"	// Deep true looks into boxes too.\n", "", "things: GetThingParams.Deep has no words"},
		{"// Thing is a book.", "// Thing is the type of Things in things.Library.", "things: there is no things.Library; things: Thing has no words"},
		{"// ID is the number on its back.", "", "things: Thing.ID has no words"},
	} {
		text := strings.Replace(good, cmp.Or(c.old, "\x00"), c.new, 1)
		got := check(map[string]*source{"things": read(t, map[string]string{"things.go": text})})
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%q for %q: %q, want %q", c.new, c.old, got, c.want)
		}
	}
	other := strings.ReplaceAll(good, "GetThing", "ListThing")
	for old, replaced := range map[string]string{"fetches": "finds", "Lost": "Missing"} {
		got := check(map[string]*source{
			"things": read(t, map[string]string{"things.go": good}),
			"others": read(t, map[string]string{"others.go": strings.ReplaceAll(other, old, replaced)}),
		})
		if want := "things: GetThing has a paragraph of ListThing"; strings.Join(got, "; ") != want {
			t.Errorf("%s: %q, want %q", replaced, got, want)
		}
	}
}
