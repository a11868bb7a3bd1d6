package main

import "testing"

func TestRead(t *testing.T) {
	t.Parallel()
	tests := []struct{ key, where, member, value string }{
		{"GET /books", "", "", ""},
		{"GET /books > 404", "the 404 response", "", ""},
		{"GET /books > default", "the default response", "", ""},
		{"GET /books > tags > \"Users\"", "", "tags", `"Users"`},
		{"GET /books > query sort > schema > default", "query parameter sort", "default", ""},
		{"GET /books > header trace", "header parameter trace", "", ""},
		{"GET /books > 200 > header trace", "header trace of the 200 response", "", ""},
		{"GET /books > 200 > application/json > schema > [] > .id > type", "field id of each element of the 200 response", "type", ""},
		{"GET /books > 200 > text/csv", "media type text/csv of the 200 response", "", ""},
		{"GET /books > 200 > application/json", "media type application/json of the 200 response", "", ""},
		{"schema Book > .tags > [] > .names > {} > maxLength", "field tags[].names{}", "maxLength", ""},
		{"schema Book > oneOf #2 > required > \"id\"", "branch #2", "required", `"id"`},
		{`schema Book > enum > "a > b"`, "", "enum", `"a > b"`},
	}
	for _, tt := range tests {
		got := read(tt.key)
		if got.where != tt.where || got.member != tt.member || got.value != tt.value {
			t.Errorf("%s is %q, %q, %q; want %q, %q, %q", tt.key, got.where, got.member, got.value, tt.where, tt.member, tt.value)
		}
	}
}
