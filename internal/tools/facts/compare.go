package facts

import (
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// Change is a fact that differs between two sets.
type Change struct{ Key, Was, Is string }

// Difference has the facts in which two sets differ.
type Difference struct {
	// Lost and Added hold keys. A fact that is lost or added together with the thing it
	// belongs to, such as the type of a lost field, is not listed separately.
	Lost, Added []string
	Changed     []Change
}

// Empty reports whether the two sets are equal.
func (d Difference) Empty() bool { return len(d.Lost)+len(d.Added)+len(d.Changed) == 0 }

// Compare returns the difference from was to is. All lists are sorted.
func Compare(was, is Set) Difference {
	var d Difference
	d.Lost = topmost(missing(was, is))
	d.Added = topmost(missing(is, was))
	for key, value := range was {
		if other, ok := is[key]; ok && other != value {
			d.Changed = append(d.Changed, Change{Key: key, Was: value, Is: other})
		}
	}
	slices.SortFunc(d.Changed, func(a, b Change) int { return strings.Compare(a.Key, b.Key) })
	return d
}

func missing(from, in Set) Set {
	out := Set{}
	for key, value := range from {
		if _, ok := in[key]; !ok {
			out[key] = value
		}
	}
	return out
}

// topmost keeps the keys without another key of the set above them.
func topmost(all Set) []string {
	var out []string
	for key := range all {
		if !above(all, key) {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return out
}

func above(all Set, key string) bool {
	for {
		i := strings.LastIndex(key, description.Separator)
		if i < 0 {
			return false
		}
		key = key[:i]
		if _, ok := all[key]; ok {
			return true
		}
	}
}
