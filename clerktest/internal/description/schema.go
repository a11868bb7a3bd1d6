// Package description has the request side of the API's description as Go tables, and
// checks requests against them.
//
// The tables are generated from openapi/ and know every operation: its path,
// its query parameters and its body. The checks refuse what the description
// does not allow with the status and codes that Clerk uses.
package description

// Type is the JSON type that a schema requires.
type Type uint8

// The JSON types; Any requires none.
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

// Schema says which JSON values are allowed.
type Schema struct {
	Type     Type
	Nullable bool     // null is allowed too
	Enum     []string // the allowed values of a string; none means any
	Pattern  string   // a regular expression that a string must match
	Format   string   // email, uri, date-time or binary; others are not checked
	Limits   []Limit
	Items    *Schema    // elements of an array
	Unique   bool       // no two elements of an array are equal
	Members  []Member   // named members of an object, in name order
	Open     bool       // members that are not named may be anything
	Values   *Schema    // what members that are not named must be
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

// Limit is one bound of a value.
type Limit struct {
	Kind  LimitKind
	Value float64
}

// LimitKind says what a limit bounds.
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

// The schemas of most members.
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

// Member returns the named member, or nil if the schema has none of that name.
func (s *Schema) Member(name string) *Member {
	for i := range s.Members {
		if s.Members[i].Name == name {
			return &s.Members[i]
		}
	}
	return nil
}

// Named returns the schema of that name among the components that the tables contain,
// or nil.
func Named(name string) *Schema {
	for _, n := range named {
		if n.Name == name {
			return n.Schema
		}
	}
	return nil
}
