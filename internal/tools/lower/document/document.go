// Package document writes the Go surface as lowered OpenAPI documents, one per package,
// for oapi-codegen and this project's templates. What a template prints is in members
// that begin with x-sdk-, already in Go's spelling.
package document

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/surface"
)

// Write makes the lowered documents of s the only ones in the folder dir:
// api.yaml, one file for each package, and handlers.yaml with every operation; that of
// package webhooks has its events.
// Each file is replaced as a whole, so that two concurrent runs do not disturb each other.
func Write(dir string, s *surface.Surface, handlers map[*surface.Operation]string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := removeOthers(dir, s); err != nil {
		return err
	}
	if err := save(dir, "api", s.Version, description.Map(), schemas(s.Models.Types)); err != nil {
		return err
	}
	for _, p := range s.Domains {
		own, shared := p.Own()
		paths := description.Map()
		for _, o := range p.Operations {
			add(paths, o, call(o, own[o]))
		}
		if err := save(dir, p.Name, s.Version, paths, schemas(shared)); err != nil {
			return err
		}
	}
	if s.Webhooks != nil {
		if err := save(dir, s.Webhooks.Name, s.Version, eventPaths(s.Webhooks.Events), schemas(s.Webhooks.Types)); err != nil {
			return err
		}
	}
	return save(dir, "handlers", s.Version, handlerPaths(s, handlers), description.Map())
}

// removeOthers removes the documents of packages that s does not have.
func removeOthers(dir string, s *surface.Surface) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return err
	}
	names := []string{"handlers"}
	for _, p := range s.Packages() {
		names = append(names, p.Name)
	}
	for _, file := range files {
		if !slices.Contains(names, strings.TrimSuffix(filepath.Base(file), ".yaml")) {
			if err := os.Remove(file); err != nil {
				return err
			}
		}
	}
	return nil
}

func save(dir, name, version string, paths, schemas *yaml.Node) error {
	doc := description.Map(
		"openapi", "3.0.3",
		"info", description.Map("title", name, "version", version),
		"paths", paths,
		"components", description.Map("schemas", schemas),
	)
	data, err := description.Encode("", doc)
	if err != nil {
		return fmt.Errorf("writing %s.yaml: %w", name, err)
	}
	aside, err := os.CreateTemp(dir, "."+name+"-")
	if err != nil {
		return err
	}
	_, err = aside.Write(data)
	if err = errors.Join(err, aside.Close()); err == nil {
		err = os.Rename(aside.Name(), filepath.Join(dir, name+".yaml"))
	}
	if err != nil {
		return errors.Join(err, os.Remove(aside.Name()))
	}
	return nil
}

// add adds an operation to paths with what the templates print for it.
func add(paths *yaml.Node, o *surface.Operation, printed *yaml.Node) {
	item := description.Get(paths, o.Path)
	if item == nil {
		item = description.Map()
		description.Set(paths, o.Path, item)
	}
	params := description.Seq()
	for _, id := range o.IDs {
		params.Content = append(params.Content, description.Map(
			"name", id.Wire, "in", "path", "required", true, "schema", description.Map("type", "string")))
	}
	op := description.Map("operationId", o.Package+o.Name)
	if len(params.Content) > 0 {
		description.Set(op, "parameters", params)
	}
	description.Set(op, "responses", description.Map("default", description.Map("description", "lowered")))
	op.Content = append(op.Content, printed.Content...)
	description.Set(item, strings.ToLower(o.Method), op)
}
