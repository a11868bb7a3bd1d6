package resource

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// DefaultLimit is the size of a page unless the request says otherwise.
const DefaultLimit = 10

// Listing says how resources of a type are searched and sorted.
type Listing[T any] struct {
	// Search returns the texts that the parameter query looks into, besides the ID.
	Search func(*T) []string
	// Orders compares two resources by each property that order_by may name.
	Orders map[string]func(a, b *T) int
	// ByDefault is the order without order_by, such as "-created_at". Without it the
	// newest come first.
	ByDefault string
}

// By compares two resources by a key.
func By[T any, K cmp.Ordered](key func(*T) K) func(a, b *T) int {
	return func(a, b *T) int { return cmp.Compare(key(a), key(b)) }
}

// UnknownOrder is the error for a property that a list cannot be sorted by.
type UnknownOrder struct{ Allowed []string }

func (e *UnknownOrder) Error() string {
	return fmt.Sprintf("must be one of %s, with an optional - or +", strings.Join(e.Allowed, ", "))
}

// Page returns the part of a list that the parameters of a list operation select, and the
// size of the whole. Of resources with equal order those that come first in the list come
// first. Parameters that have the name of a member of the resource filter by it.
func (l Listing[T]) Page(list []*T, params any) ([]*T, int, error) {
	query := queryOf(params)
	compare, descending, err := l.order(query.text("order_by"))
	if err != nil {
		return nil, 0, err
	}
	list = slices.DeleteFunc(slices.Clone(list), func(v *T) bool { return !query.selects(v) || !l.found(v, query.text("query")) })
	if compare != nil {
		slices.SortStableFunc(list, compare)
	}
	if descending {
		slices.Reverse(list)
	}
	return Cut(list, params), len(list), nil
}

// Cut returns the part of a list that the parameters limit and offset select.
func Cut[T any](list []*T, params any) []*T {
	query := queryOf(params)
	list = list[min(query.number("offset", 0), len(list)):]
	return list[:min(query.number("limit", DefaultLimit), len(list))]
}

func (l Listing[T]) order(text string) (compare func(a, b *T) int, descending bool, err error) {
	text = cmp.Or(text, l.ByDefault)
	if text == "" {
		return nil, true, nil
	}
	// A + that was not escaped arrives as a space.
	property, descending := strings.CutPrefix(strings.TrimLeft(text, "+ "), "-")
	if compare = l.Orders[property]; compare == nil {
		return nil, false, &UnknownOrder{slices.Sorted(maps.Keys(l.Orders))}
	}
	return compare, descending, nil
}

// found reports whether the query is the ID of a resource, or part of one of its texts,
// ignoring case.
func (l Listing[T]) found(v *T, query string) bool {
	if query == "" || l.Search == nil {
		return true
	}
	if id := member(reflect.ValueOf(v).Elem(), "id"); id.IsValid() && id.String() == query {
		return true
	}
	query = strings.ToLower(query)
	return slices.ContainsFunc(l.Search(v), func(text string) bool { return strings.Contains(strings.ToLower(text), query) })
}

// query is the parameters of a list operation.
type query struct {
	params reflect.Value
	fields map[string][]int
}

func queryOf(params any) query {
	v := reflect.Indirect(reflect.ValueOf(params))
	return query{v, fieldsOf(v.Type(), "query")}
}

func (q query) get(name string) (reflect.Value, bool) {
	index, known := q.fields[name]
	if !known {
		return reflect.Value{}, false
	}
	value, ok, _ := given(q.params.FieldByIndex(index))
	return value, ok
}

func (q query) text(name string) string {
	if v, ok := q.get(name); ok && v.Kind() == reflect.String {
		return v.String()
	}
	return ""
}

func (q query) number(name string, byDefault int) int {
	v, ok := q.get(name)
	switch {
	case ok && v.CanInt():
		return int(v.Int())
	case ok && v.CanFloat():
		return int(v.Float())
	}
	return byDefault
}

// ofPages are the parameters that do not filter.
var ofPages = []string{"limit", "offset", "order_by", "query", "paginated"}

// selects reports whether a resource has the values that parameters with the names of its
// members ask for.
func (q query) selects(resource any) bool {
	r := reflect.ValueOf(resource).Elem()
	for name := range q.fields {
		wanted, ok := q.get(name)
		if !ok || slices.Contains(ofPages, name) {
			continue
		}
		m := member(r, name)
		if !m.IsValid() {
			continue
		}
		if m.Kind() == reflect.Pointer {
			if m.IsNil() {
				return false
			}
			m = m.Elem()
		}
		if !isOneOf(m, wanted) {
			return false
		}
	}
	return true
}

// isOneOf compares a member with a wanted value or with a list of them.
func isOneOf(member, wanted reflect.Value) bool {
	if wanted.Kind() != reflect.Slice {
		return fmt.Sprint(member.Interface()) == fmt.Sprint(wanted.Interface())
	}
	for n := range wanted.Len() {
		if isOneOf(member, wanted.Index(n)) {
			return true
		}
	}
	return wanted.Len() == 0
}
