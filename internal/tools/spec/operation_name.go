package main

import (
	"strings"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/rules"
)

// operationName derives the Go name of an operation from its id. Ids of the form
// GetThingList become ListThings, the naming convention for lists here.
func operationName(p *description.Place) string {
	name := rules.GoName(description.Text(p.Node, "operationId"))
	noun, isList := strings.CutSuffix(strings.TrimPrefix(name, "Get"), "List")
	if !isList || noun == "" || !strings.HasPrefix(name, "Get") || !strings.HasPrefix(p.Step, "GET ") {
		return name
	}
	return "List" + plural(noun)
}

func plural(noun string) string {
	switch {
	case strings.HasSuffix(noun, "s"):
		return noun
	case strings.HasSuffix(noun, "y"):
		return strings.TrimSuffix(noun, "y") + "ies"
	}
	return noun + "s"
}
