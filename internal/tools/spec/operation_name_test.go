package main

import (
	"testing"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

func TestOperationName(t *testing.T) {
	t.Parallel()
	tests := []struct{ route, id, want string }{
		{"GET /books", "GetBookList", "ListBooks"},
		{"GET /books", "GetCountryList", "ListCountries"},
		{"GET /books", "GetNewsList", "ListNews"},
		{"GET /books", "GetWaitlist", "GetWaitlist"},
		{"POST /books", "GetBookList", "GetBookList"},
		{"GET /keys", "getApiKey", "GetAPIKey"},
		{"PATCH /books/{id}", "update_book", "UpdateBook"},
	}
	for _, tt := range tests {
		p := &description.Place{Address: tt.route, Step: tt.route, Kind: description.Operation, Node: description.Map("operationId", tt.id)}
		if got := operationName(p); got != tt.want {
			t.Errorf("%s is %s, want %s", tt.route+" "+tt.id, got, tt.want)
		}
	}
}
