package rules

import (
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestOperationDoc(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, op, want string }{
		{
			"no words",
			`responses: {"200": {}, "422": {}, "400": {}, "500": {}}`,
			"BanUser sends POST /x. The API documents these failures: 400, 422, 500.\n\nPOST /x",
		}, {
			"a predicate",
			"{summary: \"keeps a user out\", description: \"Sessions end\", responses: {}}",
			"BanUser keeps a user out.\n\nSessions end.\n\nPOST /x",
		}, {
			"a whole sentence",
			"{summary: BanUser keeps a user out., responses: {}}",
			"BanUser keeps a user out.\n\nPOST /x",
		}, {
			"a sentence that does not begin with the name",
			"{summary: Sessions end., responses: {}}",
			"BanUser sends POST /x.\n\nSessions end.\n\nPOST /x",
		}, {
			"deprecated without words",
			"{summary: bans, deprecated: true, responses: {}}",
			"BanUser bans.\n\nDeprecated: the API marks this operation as deprecated.\n\nPOST /x",
		}, {
			"deprecated in the words",
			"{summary: bans, deprecated: true, description: \"Deprecated: use LockUser.\", responses: {}}",
			"BanUser bans.\n\nDeprecated: use LockUser.\n\nPOST /x",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var op yaml.Node
			if err := yaml.Unmarshal([]byte(c.op), &op); err != nil {
				t.Fatal(err)
			}
			if got := operationDoc("BanUser", "POST", "/x", op.Content[0]); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
