// Package surface holds the Go surface of the SDK as data: every package with
// its types and operations, all names and types decided, nothing left to guess
// for whoever prints it.
package surface

import "slices"

// Surface is everything that is generated.
type Surface struct {
	// Version is the version of the API, such as 2026-05-12.
	Version string
	// Models is package api.
	Models *Package
	// Domains are the packages with operations, in alphabetical order.
	Domains []*Package
}

// Package is one generated Go package.
type Package struct {
	Name       string
	Types      []*Type
	Operations []*Operation
}

// Kind says how a type is declared.
type Kind string

// The ways to declare a type.
const (
	Struct  Kind = "struct"  // type T struct{…}
	Union   Kind = "union"   // a struct that also keeps the JSON it came from
	Enum    Kind = "enum"    // type T string, with constants
	Defined Kind = "defined" // type T <underlying>
	Alias   Kind = "alias"   // type T = <underlying>
)

// Type is one declared type.
type Type struct {
	Name       string
	Doc        string // sentences, without comment marks
	Kind       Kind
	Underlying string // of Defined and Alias
	Fields     []Field
	Constants  []Constant
	Source     string // where in the description it comes from, for messages
}

// Field is a field of a struct.
type Field struct {
	Name string // in Go
	Wire string // in JSON, in the query or in the form
	Type string // the whole Go type
	Tag  string // without the backquotes
	Doc  string
}

// Constant is a known value of an enum.
type Constant struct {
	Name, Value string
}

// ListShape is how a list looks on the wire.
type ListShape string

// The shapes the API has for lists; the empty shape is no list.
const (
	BareArray ListShape = "array"      // [...]
	DataKey   ListShape = "data"       // {"data": [...], "total_count": n}
	M2MKey    ListShape = "m2m_tokens" // {"m2m_tokens": [...], "total_count": n}
)

// Operation is one generated function.
type Operation struct {
	Name    string
	Package string
	Method  string // upper case
	Path    string // with the API's placeholders
	Doc     string
	IDs     []ID
	Params  string // type of the params argument, empty when there is none
	Carrier Carrier
	Query   []Field  // the fields of Params that go into the query
	Comma   []string // names of query lists that are sent as one comma-separated value
	Form    []Field  // the fields of Params that go into the form
	Result  string   // type the answer decodes into, empty when there is no body
	List    ListShape
	Item    string // element type of a list
	// Identified tells that the items of the list have an ID.
	Identified bool
	// Paginated tells that the API makes pages only for those who ask, by the
	// query parameter paginated.
	Paginated bool
	// Cursor is set where pages can follow each other by the id of an item.
	Cursor *Cursor
	// Iterator is the name of the function that walks all pages, if any.
	Iterator string
	// Status is the success status that the description gives.
	Status     int
	Deprecated bool
}

// Carrier is the part of a request that params travel in.
type Carrier string

// The carriers; an operation has at most one, and none is empty.
const (
	QueryValue Carrier = "query"
	JSONBody   Carrier = "body"
	FormBody   Carrier = "form"
)

// Cursor says how a list goes on after an item that a caller has.
type Cursor struct {
	After Field  // the parameter that takes the id of the last item
	Order Field  // the parameter that gives the order
	Field string // what Order has to name, with or without a sign
}

// ID is a path parameter.
type ID struct {
	Variable string // Go argument
	Wire     string // placeholder
	Type     string // named string type, empty for string itself
	// Taken are the values that the API takes for the path of another operation.
	Taken []string
}

// Identified reports whether values of the type have an ID of their own.
func (t *Type) Identified() bool {
	return slices.ContainsFunc(t.Fields, func(f Field) bool { return f.Name == "ID" && f.Type == "string" })
}

// Type returns the type called name, or nil.
func (p *Package) Type(name string) *Type {
	for _, t := range p.Types {
		if t.Name == name {
			return t
		}
	}
	return nil
}
