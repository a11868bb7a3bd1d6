package main

import (
	"errors"
	"fmt"
	"path"
	"regexp"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

var (
	date      = regexp.MustCompile(`[0-9]{4}-[0-9]{2}-[0-9]{2}`)
	eventType = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*([._][A-Za-z0-9]+)*$`)
)

// describesWebhooks reports whether a document has the events that Clerk sends instead of
// operations.
func describesWebhooks(raw *yaml.Node) bool {
	paths := description.Get(raw, "paths")
	return (paths == nil || len(paths.Content) == 0) &&
		(description.Get(raw, "x-webhooks") != nil || description.Get(raw, "webhooks") != nil)
}

// webhooksVersion returns the version of a document of webhook events, which calls all of
// them v1: the date in its name.
func webhooksVersion(version, source string) (string, error) {
	if date.MatchString(version) {
		return version, nil
	}
	if dates := date.FindAllString(path.Base(source), -1); len(dates) > 0 {
		return dates[len(dates)-1], nil
	}
	return "", fmt.Errorf("the document of webhook events has the version %q, and its name has no date such as webhooks-2025-04-15.yml", version)
}

// checkWebhooks refuses documents whose events have no data that could be decoded.
func checkWebhooks(doc *yaml.Node) error {
	count := 0
	for typ, item := range description.Pairs(description.Get(doc, "x-webhooks")) {
		count++
		if !eventType.MatchString(typ) {
			return fmt.Errorf("%q is not the type of an event", typ)
		}
		event := description.Get(item, "post")
		if event == nil {
			return fmt.Errorf("event %s is not a POST request", typ)
		}
		if id := description.Text(event, "operationId"); id != typ {
			return fmt.Errorf("event %s has the operationId %q", typ, id)
		}
		body := description.Get(event, "requestBody", "content", "application/json", "schema")
		if body == nil {
			return fmt.Errorf("event %s has no JSON", typ)
		}
		if !hasProperty(doc, body, "data", nil) {
			return fmt.Errorf("event %s has no data", typ)
		}
	}
	if count == 0 {
		return errors.New("the document has no events")
	}
	return nil
}

// validateWebhooks validates a document of webhook events as if they were operations,
// because the library takes x-webhooks for anything.
func validateWebhooks(raw *yaml.Node) error {
	doc, paths := description.Clone(raw), description.Map()
	for typ, item := range description.Pairs(description.Get(doc, "x-webhooks")) {
		if event := description.Get(item, "post"); event != nil && description.Get(event, "responses") == nil {
			description.Set(event, "responses", description.Map("204", description.Map("description", "taken")))
		}
		description.Set(paths, "/"+typ, item)
	}
	description.Delete(doc, "x-webhooks")
	description.Set(doc, "paths", paths)
	data, err := description.Encode("", doc)
	if err != nil {
		return err
	}
	return validate(data)
}
