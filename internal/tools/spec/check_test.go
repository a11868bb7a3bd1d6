package main

import (
	"path/filepath"
	"testing"
)

func TestCheckSeesOtherForms(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, old, text, want string }{
		{"a comment", "users.yaml", "operationId: createBook", "operationId: createBook # why", "users.yaml is not in canonical form"},
		{"another order", "users.yaml", "- name: sort\n          in: query\n", "- in: query\n          name: sort\n", "first at line 20"},
		{"a fact", "components.yaml", "maximum: 100", "maximum: 99", "only spec import may change facts"},
		{"a version", "LOCK", "2030-01-01", "2030-01-09", "LOCK has version 2030-01-09"},
		{"an example", "components.yaml", "maximum: 100", "example: 7", `"example" is not a member`},
		{"a wrong file", "sessions.yaml", "- Sessions", "- Users", "users.yaml"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := imported(t)
			replace(t, filepath.Join(dir, tt.file), tt.old, tt.text)
			_, errs := tool(t, differing, dir, "check")
			contains(t, errs, tt.want)
		})
	}
}
