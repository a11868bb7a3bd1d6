package description

// Operation is one operation of the API.
type Operation struct {
	Name    string // of the field of clerktest.Handlers, such as "UpdateUser"
	Package string // of the Go function, such as "users"
	Method  string
	Path    string // with placeholders, such as "/users/{user_id}"
	Public  bool   // does not require a secret key
	Params  []Parameter
	Query   []Parameter
	Body    *Body
}

// Parameter is a query parameter, or a path parameter with a restriction.
type Parameter struct {
	Name     string
	Schema   *Schema
	Required bool
	Comma    bool // the values of an array are separated by commas in one parameter
}

// Body is the request body of an operation.
type Body struct {
	Schema    *Schema
	Required  bool
	Multipart bool // multipart/form-data, not JSON
}

// Operations returns every operation of the description, ordered by path and method.
// The slice is shared and must not be modified.
func Operations() []Operation { return operations[:] }

func (o *Operation) queryParameter(name string) *Parameter {
	for i := range o.Query {
		if o.Query[i].Name == name {
			return &o.Query[i]
		}
	}
	return nil
}
