package prose

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// enough is the number of words that the comment of an operation needs, besides the
// small ones and those in its name, its path and its types.
const enough = 8

// small are the words that have no meaning of their own.
var small = set("a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "have", "in", "is", "it", "its",
	"not", "of", "on", "one", "or", "so", "that", "the", "this", "to", "what", "which", "with")

// plain are the parameters whose name says everything.
var plain = set("FirstName", "LastName")

// silent matches the comments that the generator writes in place of missing words.
var silent = regexp.MustCompile(`\A\w+ (is the type of|is the schema|is an item of the list that|is an element of|is the response of [A-Z]+ /)`)

func set(words ...string) map[string]bool {
	all := map[string]bool{}
	for _, w := range words {
		all[w] = true
	}
	return all
}

// Silence returns what the comments of packages, given by name, leave unsaid.
func Silence(packages map[string]*Source) (problems []string) {
	functions, paragraphs := map[string]bool{}, map[string]string{}
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
		s.operationsSay(functions, paragraphs, report)
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

// operationsSay reports operations whose comments say too little, repeat a paragraph of
// another one, or do not say what replaces a deprecated operation.
func (s *Source) operationsSay(functions map[string]bool, paragraphs map[string]string, report func(format string, args ...any)) {
	for _, o := range s.operations {
		if n := o.others(); n < enough {
			report("%s has %d words that are not in its name", o.name, n)
		}
		for _, p := range o.words {
			p = strings.TrimPrefix(p, o.name+" ")
			if other, ok := paragraphs[p]; ok {
				report("%s repeats a paragraph of %s", o.name, other)
			}
			paragraphs[p] = o.name
		}
		if why := o.deprecation(); why != "" && !instead(why, functions) {
			report("%s does not name a replacement", o.name)
		}
	}
}

var (
	mention = regexp.MustCompile(`\[([A-Z]\w*)\]|\b([a-z]+)\.([A-Z]\w+)`)
	runtime = regexp.MustCompile(`(?:^|[^\[*\w.])\*?(clerk\.[A-Z]\w*)`)
)

// links returns what comments mention without leading the reader there: functions and
// types that do not exist, in brackets or after the name of a package, and names of
// package clerk that are not in brackets.
func links(packages map[string]*Source) (problems []string) {
	for _, name := range slices.Sorted(maps.Keys(packages)) {
		for _, comment := range packages[name].comments {
			for _, m := range mention.FindAllStringSubmatch(comment, -1) {
				in, what := cmp.Or(m[2], name), m[1]+m[3]
				if p := packages[in]; p != nil && !p.names[what] {
					problems = append(problems, fmt.Sprintf("%s: %s.%s does not exist", name, in, what))
				}
			}
			for _, m := range runtime.FindAllStringSubmatch(comment, -1) {
				problems = append(problems, fmt.Sprintf("%s: %s is not a link: write [%[2]s]", name, m[1]))
			}
		}
	}
	return problems
}

// others counts the different words of a comment that are not in a name.
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

// instead reports whether a deprecation links to a function that exists, or sends the
// reader to the dashboard.
func instead(why string, functions map[string]bool) bool {
	for _, m := range link.FindAllStringSubmatch(why, -1) {
		if functions[m[1]] {
			return true
		}
	}
	return strings.Contains(why, "dashboard")
}
