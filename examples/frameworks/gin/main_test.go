package main

import (
	"testing"

	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/table"
)

func TestGin(t *testing.T) {
	table.Run(t, table.Service{App: whoami, Serve: table.Handler(routes)})
}
