package description

// Operation is one operation of the API.
type Operation struct {
	Name    string // of the field of clerktest.Handlers, as in "UpdateUser"
	Package string // of the Go function, as in "users"
	Method  string
	Path    string // with placeholders, as in "/users/{user_id}"
	Public  bool   // needs no secret key
	Params  []Parameter
	Query   []Parameter
	Body    *Body
}

// Parameter is one query parameter, or a path parameter that has a rule.
type Parameter struct {
	Name     string
	Schema   *Schema
	Required bool
	Comma    bool // an array's values stand in one parameter, separated by commas
}

// Body is the request body of an operation.
type Body struct {
	Schema    *Schema
	Required  bool
	Multipart bool // multipart/form-data, not JSON
}

// Operations lists every operation of the description, in the order of their
// paths and methods. The result is shared: it must not be changed.
func Operations() []Operation { return operations[:] }

func (o *Operation) queryParameter(name string) *Parameter {
	for i := range o.Query {
		if o.Query[i].Name == name {
			return &o.Query[i]
		}
	}
	return nil
}
