package description

import (
	"strings"
	"testing"
)

const untidy = `
# a comment
components:
  schemas:
    Zebra: {type: object, required: [b, a], properties: {b: {enum: ['on', "2", 3, 1.0, 0x10, true, null], type: string}, a: {minimum: 1.50, type: number}}}
    Ant:
      description: >-
        works
        hard.
      x-go-name: Emmet   # why
      type: object
info: {version: 2026-05-12, title: Zoo}
openapi: 3.0.3
paths:
  /b:
    delete: {responses: {default: {description: d}, '404': {description: "one\ntwo"}, 200: {description: x}}, operationId: B, tags: [T]}
    get: {responses: {}, operationId: A}
  /a: {}
`

const tidy = `openapi: 3.0.3
info:
  title: Zoo
  version: "2026-05-12"
paths:
  /a: {}
  /b:
    get:
      operationId: A
      responses: {}
    delete:
      operationId: B
      tags:
        - T
      responses:
        "200":
          description: x
        "404":
          description: |-
            one
            two
        default:
          description: d
components:
  schemas:
    Ant:
      x-go-name: Emmet
      description: works hard.
      type: object
    Zebra:
      type: object
      required:
        - a
        - b
      properties:
        b:
          type: string
          enum:
            - "on"
            - "2"
            - 3
            - 1
            - 16
            - true
            - null
        a:
          type: number
          minimum: 1.5
`

func TestFactsDropsPublishedProse(t *testing.T) {
	t.Parallel()
	facts, err := Facts(parse(t, `
openapi: 3.0.3
x-logo: {url: u}
info: {title: Zoo, description: long, version: "1", contact: {name: n}}
tags: [{name: T, description: about}]
externalDocs: {url: u}
paths:
  x-note: none
  /a:
    get:
      summary: s
      description: d
      x-other-name: n
      operationId: A
      externalDocs: {url: u}
      responses:
        "200":
          description: d
          content:
            application/json:
              example: {a: b}
              schema:
                title: t
                type: object
                properties:
                  description: {type: string, description: d, example: e}
                  example: {type: string, default: d}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"info":{"version":"1"},"openapi":"3.0.3","paths":{"/a":{"get":{"operationId":"A","responses":` +
		`{"200":{"content":{"application/json":{"schema":{"properties":{"description":{"type":"string"},` +
		`"example":{"default":"d","type":"string"}},"type":"object"}}}}}}}}}`
	if got := Value(facts); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestCanonicalRefuses(t *testing.T) {
	t.Parallel()
	const head = "openapi: 3.0.3\npaths:\n  /a:\n    get:\n"
	tests := []struct{ name, doc, want string }{
		{"a member that OpenAPI does not have", head + "      colour: red\n", `"colour" is not a member`},
		{"callbacks, which the grammar does not have", head + "      callbacks: {}\n", `"callbacks" is not a member`},
		{"an example", head + "      parameters: [{name: a, in: query, example: b}]\n", `"example" is not a member`},
		{"an x- member that is not ours", head + "      x-internal: true\n", "only x-go- members are ours"},
		{"no value", head + "      operationId:\n", "no value"},
		{"a list instead of a mapping", head + "      responses: []\n", "not a mapping"},
		{"a mapping instead of a list", head + "      parameters: {}\n", "not a list"},
		{"a text instead of an object", head + "      requestBody: none\n", "not a request body"},
		{"a text instead of a list of scalars", head + "      tags: T\n", "not a list"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := Canonical(parse(t, tt.doc))
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "/a > get") {
				t.Errorf("Canonical = %v, want the place and %q", err, tt.want)
			}
		})
	}
}
