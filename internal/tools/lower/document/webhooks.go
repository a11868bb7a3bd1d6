package document

import (
	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/surface"
)

// eventPaths lists every event as an operation with what the template of the events
// prints for it.
func eventPaths(events []surface.Event) *yaml.Node {
	paths := description.Map()
	for _, e := range events {
		description.Set(paths, "/"+e.Type, description.Map("post", description.Map(
			"operationId", e.Name,
			"responses", description.Map("default", description.Map("description", "lowered")),
			"x-sdk-name", e.Name,
			"x-sdk-type", e.Type,
			"x-sdk-doc", Comment(e.Doc),
			"x-sdk-data", e.Data,
			"x-sdk-argument", e.Argument,
		)))
	}
	return paths
}
