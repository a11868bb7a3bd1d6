package description

// Kind names an object of OpenAPI 3.0.
type Kind string

// The kinds of objects that a description is made of.
const (
	Document       Kind = "document"
	Info           Kind = "info"
	Server         Kind = "server"
	PathItem       Kind = "path item"
	EventItem      Kind = "event item" // what a path item is to an operation
	Event          Kind = "event"
	Operation      Kind = "operation"
	Parameter      Kind = "parameter"
	RequestBody    Kind = "request body"
	MediaType      Kind = "media type"
	Encoding       Kind = "encoding"
	Response       Kind = "response"
	Header         Kind = "header"
	Schema         Kind = "schema"
	Discriminator  Kind = "discriminator"
	Components     Kind = "components"
	SecurityScheme Kind = "security scheme"
)

// Methods are the keys of a path item that hold operations, in canonical order.
var Methods = []string{"get", "post", "put", "patch", "delete", "head", "options", "trace"}

// form is the form of a member's value, and says whether its order is kept.
type form int

const (
	value      form = iota // any value, taken as it is
	word                   // a sentence of ours
	sentence               // a sentence or an example, which a description drops
	set                    // scalars whose order has no meaning
	sequence               // scalars whose order is kept
	one                    // an object
	named                  // objects by name, sorted by it
	fields                 // objects by name, whose order is kept
	list                   // objects that name themselves, whose order is kept
	union                  // schemas identified by their reference or their position
	additional             // a schema or a bool
)

// member is one key that a kind of object may have.
type member struct {
	key  string
	form form
	kind Kind
}

// grammar lists the members of each kind in canonical order. A member that is not
// listed is refused, so that nothing is lost silently.
var grammar = map[Kind][]member{
	Document: {
		{"openapi", value, ""}, {"info", one, Info}, {"servers", list, Server}, {"security", value, ""},
		{"tags", sentence, ""}, {"externalDocs", sentence, ""},
		{"paths", named, PathItem}, {"x-webhooks", fields, EventItem}, {"components", one, Components},
	},
	Info: {
		{"title", word, ""}, {"description", word, ""}, {"version", value, ""},
		{"termsOfService", sentence, ""}, {"contact", sentence, ""}, {"license", sentence, ""},
	},
	Server: {{"url", value, ""}, {"description", word, ""}},
	PathItem: {
		{"summary", word, ""}, {"description", word, ""}, {"parameters", list, Parameter},
		{"get", one, Operation}, {"post", one, Operation}, {"put", one, Operation}, {"patch", one, Operation},
		{"delete", one, Operation}, {"head", one, Operation}, {"options", one, Operation}, {"trace", one, Operation},
	},
	Operation: {
		{"operationId", value, ""}, {"summary", word, ""}, {"description", word, ""}, {"tags", sequence, ""},
		{"externalDocs", sentence, ""}, {"deprecated", value, ""}, {"security", value, ""},
		{"parameters", list, Parameter}, {"requestBody", one, RequestBody}, {"responses", named, Response},
	},
	EventItem: {{"post", one, Event}},
	Event: {
		{"operationId", value, ""}, {"summary", word, ""}, {"description", word, ""}, {"tags", sequence, ""},
		{"externalDocs", sentence, ""}, {"deprecated", value, ""}, {"security", value, ""},
		{"requestBody", one, RequestBody}, {"responses", named, Response},
	},
	Parameter: {
		{"$ref", value, ""}, {"name", value, ""}, {"in", value, ""}, {"description", word, ""},
		{"deprecated", value, ""}, {"required", value, ""}, {"allowEmptyValue", value, ""}, {"style", value, ""},
		{"explode", value, ""}, {"allowReserved", value, ""}, {"example", sentence, ""}, {"examples", sentence, ""},
		{"schema", one, Schema}, {"content", named, MediaType},
	},
	RequestBody: {
		{"$ref", value, ""}, {"description", word, ""}, {"required", value, ""}, {"content", named, MediaType},
	},
	MediaType: {
		{"example", sentence, ""}, {"examples", sentence, ""}, {"schema", one, Schema}, {"encoding", named, Encoding},
	},
	Encoding: {
		{"contentType", value, ""}, {"style", value, ""}, {"explode", value, ""}, {"allowReserved", value, ""},
		{"headers", named, Header},
	},
	Response: {
		{"$ref", value, ""}, {"description", word, ""}, {"headers", named, Header}, {"content", named, MediaType},
	},
	Header: {
		{"$ref", value, ""}, {"description", word, ""}, {"deprecated", value, ""}, {"required", value, ""},
		{"allowEmptyValue", value, ""}, {"style", value, ""}, {"explode", value, ""}, {"allowReserved", value, ""},
		{"example", sentence, ""}, {"examples", sentence, ""}, {"schema", one, Schema}, {"content", named, MediaType},
	},
	Schema: {
		{"$ref", value, ""}, {"title", sentence, ""}, {"description", word, ""}, {"deprecated", value, ""},
		{"type", value, ""}, {"format", value, ""}, {"nullable", value, ""}, {"readOnly", value, ""},
		{"writeOnly", value, ""}, {"enum", sequence, ""}, {"default", value, ""}, {"example", sentence, ""},
		{"externalDocs", sentence, ""}, {"xml", sentence, ""},
		{"minimum", value, ""}, {"exclusiveMinimum", value, ""}, {"maximum", value, ""},
		{"exclusiveMaximum", value, ""}, {"multipleOf", value, ""}, {"minLength", value, ""},
		{"maxLength", value, ""}, {"pattern", value, ""}, {"minItems", value, ""}, {"maxItems", value, ""},
		{"uniqueItems", value, ""}, {"minProperties", value, ""}, {"maxProperties", value, ""},
		{"required", set, ""}, {"properties", fields, Schema}, {"additionalProperties", additional, Schema},
		{"items", one, Schema}, {"discriminator", one, Discriminator}, {"oneOf", union, Schema},
		{"anyOf", union, Schema}, {"allOf", union, Schema}, {"not", one, Schema},
	},
	Discriminator: {{"propertyName", value, ""}, {"mapping", value, ""}},
	Components: {
		{"schemas", named, Schema}, {"responses", named, Response}, {"parameters", named, Parameter},
		{"requestBodies", named, RequestBody}, {"headers", named, Header},
		{"securitySchemes", named, SecurityScheme}, {"examples", sentence, ""},
	},
	SecurityScheme: {
		{"$ref", value, ""}, {"type", value, ""}, {"description", word, ""}, {"name", value, ""},
		{"in", value, ""}, {"scheme", value, ""}, {"bearerFormat", value, ""},
	},
}

// memberOf returns the grammar's entry of a key, and its place in canonical order.
func memberOf(kind Kind, key string) (member, int, bool) {
	for i, m := range grammar[kind] {
		if m.key == key {
			return m, i, true
		}
	}
	return member{}, 0, false
}
