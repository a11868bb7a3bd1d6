// Package surface represents the Go surface of the SDK as data: every package with its
// types and operations, and all names and types decided.
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
	// Webhooks is the package of the events, nil without any.
	Webhooks *Package
}

// Package is one generated Go package.
type Package struct {
	Name       string
	Types      []*Type
	Operations []*Operation
	Events     []Event
}

// Packages lists all packages, the models last.
func (s *Surface) Packages() []*Package {
	all := slices.Clone(s.Domains)
	if s.Webhooks != nil {
		all = append(all, s.Webhooks)
	}
	return append(all, s.Models)
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
	Constant   []Literal // what is always sent, and has no field
	Embeds     *Type     // the type of the first field, whose fields are promoted
	Constants  []Constant
	Source     string // its place in the description, for messages
	// Hides means that the type prints itself, without credentials; see
	// [Surface.FindCredentials].
	Hides bool
}

// Field is a field of a struct.
type Field struct {
	Name string // in Go
	Wire string // in JSON, in the query or in the form
	Type string // the whole Go type
	Tag  string // without the backquotes
	Doc  string
	// Credential means that no printed value shows the field.
	Credential bool
}

// Literal is a member of a body with a fixed value, as a Go literal.
type Literal struct {
	Field
	Value string
}

// Constant is a known value of an enum.
type Constant struct {
	Name, Value string
}

// ListShape is the form of a list on the wire.
type ListShape string

// The shapes of lists in the API; without a list, the shape is empty.
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
	Params  string // type of the params argument, empty without one
	Carrier Carrier
	Query   []Field  // the fields of Params that are sent in the query
	Comma   []string // names of query lists that are sent as one comma-separated value
	Form    []Field  // the fields of Params that are sent in the form
	// Constant is what the body has besides Params.
	Constant []Literal
	// Needed are the actors in Params. The call is refused without their Subject.
	Needed []Field
	Result string // type that the response decodes into, empty without a body
	List   ListShape
	Item   string // element type of a list
	// Identified means that the items of the list have an ID.
	Identified bool
	// Paginated means that the API sends pages only if the query parameter paginated is
	// set.
	Paginated bool
	// Cursor is set if pages can follow each other by the id of an item.
	Cursor *Cursor
	// Iterator is the name of the function that iterates over all pages, if any.
	Iterator string
	// Status is the success status in the description.
	Status     int
	Deprecated bool
}

// Carrier is the part of a request that has the params.
type Carrier string

// The carriers; an operation has at most one, and without one it is empty.
const (
	QueryValue Carrier = "query"
	JSONBody   Carrier = "body"
	FormBody   Carrier = "form"
)

// Cursor says how a list continues after an item.
type Cursor struct {
	After Field  // the parameter that takes the id of the last item
	Order Field  // the parameter with the order
	Field string // the required value of Order, with or without a sign
}

// ID is a path parameter.
type ID struct {
	Variable string // Go argument
	Wire     string // placeholder
	Type     string // named string type, empty for string itself
	// Taken are the values that the API reads as the path of another operation.
	Taken []string
}

// Members are the fields of the type, those of an embedded one included.
func (t *Type) Members() []Field {
	if t.Embeds == nil {
		return t.Fields
	}
	return slices.Concat(t.Embeds.Members(), t.Fields[1:])
}

// Identified reports whether values of the type have an ID of their own.
func (t *Type) Identified() bool {
	return slices.ContainsFunc(t.Members(), func(f Field) bool { return f.Name == "ID" && f.Type == "string" })
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
