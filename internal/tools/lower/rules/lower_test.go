package rules

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// TestLowerRefuses shows what the description must decide before anything is generated.
func TestLowerRefuses(t *testing.T) {
	t.Parallel()
	const ok = `responses: {"204": {description: done}}`
	for _, c := range []struct{ name, doc, want string }{
		{
			"two types of one name",
			`{paths: {/a: {get: {x-go-package: things, operationId: GetA, responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/a-b"}}}}}},
				post: {x-go-package: things, operationId: SetA, responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/a_b"}}}}}}}},
			  components: {schemas: {a-b: {type: object, properties: {x: {type: string}}}, a_b: {type: object, properties: {y: {type: string}}}}}}`,
			"schema a_b: the type name api.AB is taken by schema a-b",
		}, {
			"two fields of one name",
			`{paths: {/a: {get: {x-go-package: things, operationId: GetA, parameters: [{name: frontendApi, in: query, schema: {type: string}}, {name: frontend_api, in: query, schema: {type: string}}], ` + ok + `}}}}`,
			"the fields frontendApi and frontend_api are both FrontendAPI in Go",
		}, {
			"two operations of one name",
			`{paths: {/a: {get: {x-go-package: things, operationId: GetA, ` + ok + `}}, /b: {get: {x-go-package: things, operationId: get_a, ` + ok + `}}}}`,
			"GetA is the name of the operation GET /a and of the operation GET /b",
		}, {
			"an enum with two values of one name",
			`{paths: {/a: {get: {x-go-package: things, operationId: GetA, parameters: [{name: m, in: query, schema: {type: string, enum: [a-b, a_b]}}], ` + ok + `}}}}`,
			`GetAMAB is the name of the value "a-b" of GetAM and of the value "a_b" of GetAM`,
		}, {
			"a query and a list as the body",
			`{paths: {/a: {post: {x-go-package: things, operationId: MakeA, parameters: [{name: q, in: query, schema: {type: string}}],
				requestBody: {content: {application/json: {schema: {type: array, items: {type: string}}}}}, ` + ok + `}}}}`,
			"body of POST /a: only a JSON object can come with a query",
		}, {
			"a query and a body with a field of one name",
			`{paths: {/a: {post: {x-go-package: things, operationId: MakeA, parameters: [{name: x, in: query, schema: {type: string}}],
				requestBody: {content: {application/json: {schema: {type: object, properties: {x: {type: string}}}}}}, ` + ok + `}}}}`,
			"MakeAParams: the fields x and x are both X in Go",
		}, {
			"a time in the query that is a text",
			`{paths: {/a: {get: {x-go-package: things, operationId: GetA, parameters: [{name: at, in: query, schema: {type: string, x-go-type: time.Time}}], ` + ok + `}}}}`,
			"query parameter at of GET /a: a time in a query is a number of milliseconds",
		}, {
			"an embedded model with a member that is missing",
			`{paths: {/a: {get: {x-go-package: things, operationId: GetA, responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/Big"}}}}}}}},
			  components: {schemas: {Big: {x-go-embed: Small, type: object, properties: {y: {type: string}}}, Small: {type: object, properties: {x: {type: string}}}}}}`,
			"Big has no x and cannot embed Small",
		}, {
			"an embedded model with a member of another type",
			`{paths: {/a: {get: {x-go-package: things, operationId: GetA, responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/Big"}}}}}}}},
			  components: {schemas: {Big: {x-go-embed: Small, type: object, properties: {x: {type: integer}}}, Small: {type: object, properties: {x: {type: string}}}}}}`,
			"X of Big is a *int and that of Small a *string, so one cannot embed the other",
		}, {
			"an embedded model with a member that only the larger one requires",
			`{paths: {/a: {get: {x-go-package: things, operationId: GetA, responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/Big"}}}}}}}},
			  components: {schemas: {Big: {x-go-embed: Small, type: object, required: [x], properties: {x: {type: string}}}, Small: {type: object, properties: {x: {type: string}}}}}}`,
			"X of Big is a string and that of Small a *string, so one cannot embed the other",
		}, {
			"an embedded union",
			`{paths: {/a: {get: {x-go-package: things, operationId: GetA, responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/Big"}}}}}}}},
			  components: {schemas: {Big: {x-go-embed: Small, type: object, properties: {x: {type: string}}}, Small: {oneOf: [{type: object, properties: {x: {type: string}}}, {type: object, properties: {x: {type: string}}}]}}}}`,
			"Big cannot embed Small",
		}, {
			"a method that no function has",
			`{paths: {/a: {head: {x-go-package: things, operationId: GetA, ` + ok + `}}}}`,
			"HEAD /a: the method is not supported",
		}, {
			"no package",
			`{paths: {/a: {get: {operationId: GetA, ` + ok + `}}}}`,
			"GET /a: the operation belongs to no package",
		}, {
			"without success",
			`{paths: {/a: {get: {x-go-package: things, operationId: GetA, responses: {"404": {description: none}}}}}}`,
			"GET /a: no success response",
		}, {
			"unknown list",
			`{paths: {/a: {get: {x-go-package: things, operationId: ListA, responses: {"200": {content: {application/json: {schema: {type: object, properties: {rows: {type: array, items: {type: string}}, total_count: {type: integer}}}}}}}}}}}`,
			`response of GET /a: clerk.List does not support the key "rows"`,
		}, {
			"dangling reference",
			`{paths: {/a: {get: {x-go-package: things, operationId: GetA, responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/none"}}}}}}}}}`,
			"the reference #/components/schemas/none does not resolve",
		}, {
			"header parameter",
			`{paths: {/a: {get: {x-go-package: things, operationId: GetA, parameters: [{name: X-A, in: header, schema: {type: string}}], ` + ok + `}}}}`,
			"the parameter X-A is in header, which is not supported",
		}, {
			"object in the query",
			`{paths: {/a: {get: {x-go-package: things, operationId: GetA, parameters: [{name: q, in: query, schema: {type: object}}], ` + ok + `}}}}`,
			"query parameter q of GET /a: a query parameter must be a scalar or a list",
		}, {
			"other query style",
			`{paths: {/a: {get: {x-go-package: things, operationId: GetA, parameters: [{name: q, in: query, style: pipeDelimited, schema: {type: array, items: {type: string}}}], ` + ok + `}}}}`,
			"the style pipeDelimited is not supported",
		}, {
			"placeholder without parameter",
			`{paths: {"/a/{id}": {get: {x-go-package: things, operationId: GetA, ` + ok + `}}}}`,
			"GET /a/{id}: the placeholder id has no parameter",
		}, {
			"path parameter named like an argument",
			`{paths: {"/a/{client}": {get: {x-go-package: things, operationId: GetA, parameters: [{name: client, in: path, required: true, schema: {type: string}}], ` + ok + `}}}}`,
			`the path parameter client cannot be called "client"`,
		}, {
			"other media type of a body",
			`{paths: {/a: {post: {x-go-package: things, operationId: MakeA, requestBody: {content: {text/plain: {schema: {type: string}}}}, ` + ok + `}}}}`,
			`body of POST /a: the media type "text/plain" is not supported`,
		}, {
			"other media type of a response",
			`{paths: {/a: {get: {x-go-package: things, operationId: GetA, responses: {"200": {content: {text/csv: {schema: {type: string}}}}}}}}}`,
			`response of GET /a: the media type "text/csv" is not supported`,
		}, {
			"an x-go-type that is not a model",
			`{paths: {/a: {get: {x-go-package: things, operationId: GetA, responses: {"200": {content: {application/json: {schema: {type: object, x-go-type: Nothing}}}}}}}}}`,
			"response of GET /a: the x-go-type Nothing is not a model",
		}, {
			"unknown type",
			`{paths: {/a: {get: {x-go-package: things, operationId: GetA, parameters: [{name: q, in: query, schema: {type: file}}], ` + ok + `}}}}`,
			`the type "file" is unknown`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var doc yaml.Node
			if err := yaml.Unmarshal([]byte(strings.ReplaceAll(c.doc, "\t", " ")), &doc); err != nil {
				t.Fatal(err)
			}
			_, _, err := Lower(doc.Content[0], "1", func(op *yaml.Node) string { return description.Text(op, "x-go-package") })
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}
