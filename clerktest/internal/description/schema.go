// Package description checks requests against the description of the API.
//
// Tables generated from openapi/ hold the path, the query parameters and the body of
// every operation. The checks refuse what the description does not allow, with the
// status and the error codes that Clerk uses.
package description

import "slices"

// Type is a JSON type.
type Type uint8

// The JSON types. Any stands for every type.
const (
	Any Type = iota
	String
	Integer
	Number
	Boolean
	Array
	Object
)

var typeNames = [...]string{"value", "string", "integer", "number", "boolean", "array", "object"}

// String returns the type's name in the description.
func (t Type) String() string { return typeNames[t] }

// Schema describes a set of JSON values.
type Schema struct {
	Type     Type
	Nullable bool     // null is allowed, too
	Enum     []string // the allowed values of a string; empty for any
	Pattern  string   // a regular expression that a string must match
	Format   string   // email, uri, date-time or binary; others are not checked
	Limits   []Limit
	Items    *Schema    // elements of an array
	Unique   bool       // no two elements of an array are equal
	Members  []Member   // named members of an object, in name order
	Open     bool       // other members may be anything
	Values   *Schema    // the schema of other members
	Groups   [][]string // an object has every member of at least one group
	AnyOf    []*Schema  // at least one of these allows the value
	AllOf    []*Schema  // each of these allows the value
}

// Member is one named member of an object.
type Member struct {
	Name     string
	Schema   *Schema
	Required bool
}

// Limit is a bound of a value.
type Limit struct {
	Kind  LimitKind
	Value float64
}

// LimitKind is the kind of a limit.
type LimitKind uint8

// The kinds of limits. Lengths count characters.
const (
	Minimum LimitKind = iota
	ExclusiveMinimum
	Maximum
	MinLength
	MaxLength
	MinItems
	MaxItems
)

// The schemas that most members share. The generator refers to them by name.
var (
	text          = Schema{Type: String}
	textOrNull    = Schema{Type: String, Nullable: true}
	texts         = Schema{Type: Array, Items: &text}
	textsOrNull   = Schema{Type: Array, Items: &text, Nullable: true}
	integer       = Schema{Type: Integer}
	integerOrNull = Schema{Type: Integer, Nullable: true}
	truth         = Schema{Type: Boolean}
	truthOrNull   = Schema{Type: Boolean, Nullable: true}
	record        = Schema{Type: Object, Open: true}
	recordOrNull  = Schema{Type: Object, Open: true, Nullable: true}
)

// Member returns the member with this name, or nil.
func (s *Schema) Member(name string) *Member {
	for i := range s.Members {
		if s.Members[i].Name == name {
			return &s.Members[i]
		}
	}
	return nil
}

// tooMany reports whether a list of n items is longer than the schema allows.
func (s *Schema) tooMany(n int) bool {
	return slices.ContainsFunc(s.Limits, func(l Limit) bool { return l.Kind == MaxItems && n > int(l.Value) })
}

// Named returns the component schema with this name, or nil if the tables do not have
// it.
func Named(name string) *Schema {
	for _, n := range named {
		if n.Name == name {
			return n.Schema
		}
	}
	return nil
}
