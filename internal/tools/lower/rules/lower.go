// Package rules lowers the description of the API to its Go surface: unions to
// one struct, optional fields to Optional, lists to List, and every name decided.
package rules

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/surface"
)

type lowering struct {
	root    *yaml.Node
	models  *scope
	domains map[string]*scope
	notes   []string
}

// Lower returns the surface of a merged description, whose references are all local,
// and notes on what it could not type. packageOf returns the package of an operation.
func Lower(root *yaml.Node, version string, packageOf func(op *yaml.Node) string) (*surface.Surface, []string, error) {
	l := &lowering{root: root, models: newScope("api", false), domains: map[string]*scope{}}
	operations, err := l.operations(packageOf)
	if err != nil {
		return nil, nil, err
	}
	l.decisions(operations)
	var refused []error
	for _, op := range operations {
		refused = append(refused, l.operation(op))
	}
	if err := errors.Join(refused...); err != nil {
		return nil, nil, err
	}
	s := &surface.Surface{Version: version, Models: l.models.pkg}
	for _, sc := range l.domains {
		s.Domains = append(s.Domains, sc.pkg)
	}
	slices.SortFunc(s.Domains, func(a, b *surface.Package) int { return cmp.Compare(a.Name, b.Name) })
	if s.Webhooks, err = l.webhooks(); err != nil {
		return nil, nil, err
	}
	takeLiterals(s)
	s.FindCredentials()
	for _, p := range s.Packages() {
		slices.SortFunc(p.Types, func(a, b *surface.Type) int { return cmp.Compare(a.Name, b.Name) })
	}
	return s, l.notes, s.Check()
}

// operation is one operation of the description and its package.
type operation struct {
	path, method string
	node         *yaml.Node
	scope        *scope
}

// operations lists the operations in document order and creates their packages.
func (l *lowering) operations(packageOf func(op *yaml.Node) string) ([]operation, error) {
	var found []operation
	for path, item := range description.Pairs(description.Get(l.root, "paths")) {
		for method, node := range description.Pairs(item) {
			if !slices.Contains(description.Methods, method) {
				continue
			}
			if !slices.Contains([]string{"get", "post", "put", "patch", "delete"}, method) {
				return nil, fail(strings.ToUpper(method)+" "+path, "the method is not supported")
			}
			pkg := packageOf(node)
			if pkg == "" {
				return nil, fail(strings.ToUpper(method)+" "+path, "the operation belongs to no package")
			}
			if l.domains[pkg] == nil {
				l.domains[pkg] = newScope(pkg, true)
			}
			found = append(found, operation{path, method, node, l.domains[pkg]})
		}
	}
	return found, nil
}

// decisions collects the schemas with a decided type name: those inside a request body
// or a query belong to its package, all others to the models.
func (l *lowering) decisions(operations []operation) {
	for _, op := range operations {
		for key, part := range description.Pairs(op.node) {
			sc := l.models
			if key == "requestBody" || key == "parameters" {
				sc = op.scope
			}
			collect(sc, part, false)
		}
	}
	for _, response := range description.Pairs(description.Get(l.root, "components", "responses")) {
		collect(l.models, response, false)
	}
	schemas := description.Get(l.root, "components", "schemas")
	for _, s := range description.Pairs(schemas) {
		collect(l.models, s, false)
	}
	named := l.modelTypes()
	for _, pkg := range slices.Sorted(maps.Keys(l.domains)) {
		l.share(l.domains[pkg], named)
	}
	// A decided name that equals the name of a component means that component, unless
	// it was renamed.
	for published, s := range description.Pairs(schemas) {
		name := ModelName(published, s)
		if description.Text(s, "x-go-name") == "" && len(l.models.decided[name]) > 0 {
			l.models.decided[name] = append(l.models.decided[name], s)
			l.models.titled[s] = true
		}
	}
}

// modelTypes lists the x-go-type of all properties of the models.
func (l *lowering) modelTypes() map[string]bool {
	found := map[string]bool{}
	var visit func(n *yaml.Node)
	visit = func(n *yaml.Node) {
		found[description.Text(n, "x-go-type")] = true
		for _, v := range description.Pairs(n) {
			visit(v)
		}
		for _, v := range description.Items(n) {
			visit(v)
		}
	}
	visit(description.Get(l.root, "components"))
	return found
}

// share moves the enums of a package that have the name of an enum of the models, or that
// a field of theirs names as its type, to the models, so that a filter takes the values of
// the field.
func (l *lowering) share(sc *scope, named map[string]bool) {
	for name, schemas := range sc.decided {
		others := l.models.decided[name]
		if (len(others) > 0 || named[name]) && !slices.ContainsFunc(slices.Concat(schemas, others), func(s *yaml.Node) bool { return !isEnum(s) }) {
			l.models.decided[name] = slices.Concat(others, schemas)
			sc.shared[name] = true
		}
	}
}

// collect records n under its decided name and continues with what n contains.
func collect(sc *scope, n *yaml.Node, property bool) {
	if name := decidedName(n, property); name != "" && (isStruct(n) || isEnum(n)) {
		sc.decided[name] = append(sc.decided[name], n)
		sc.titled[n] = !property
	}
	collectMembers(sc, n)
}

func collectMembers(sc *scope, n *yaml.Node) {
	for key, v := range description.Pairs(n) {
		if key == "properties" {
			for _, p := range description.Pairs(v) {
				collect(sc, p, true)
			}
			continue
		}
		collect(sc, v, false)
	}
	for _, e := range description.Items(n) {
		collect(sc, e, false)
	}
}

// operation lowers one operation into its package.
func (l *lowering) operation(op operation) error {
	method := strings.ToUpper(op.method)
	name := FunctionName(op.node)
	o := &surface.Operation{
		Name: name, Package: op.scope.pkg.Name, Method: method, Path: op.path,
		Doc:        operationDoc(name, method, op.path, op.node),
		Deprecated: flag(op.node, "deprecated"),
	}
	if err := l.parameters(o, op.scope, op.node); err != nil {
		return err
	}
	if err := l.body(o, op.scope, op.node); err != nil {
		return err
	}
	if err := l.result(o, op.scope, op.node); err != nil {
		return err
	}
	if err := orderIDs(o); err != nil {
		return err
	}
	l.shareEnums(op.scope, o.Result, map[string]bool{})
	o.Iterator = iterator(o)
	op.scope.pkg.Operations = append(op.scope.pkg.Operations, o)
	return nil
}

// orderIDs puts the path parameters into the order of the placeholders.
func orderIDs(o *surface.Operation) error {
	var ordered []surface.ID
	for part := range strings.SplitSeq(o.Path, "/") {
		wire, ok := strings.CutPrefix(part, "{")
		if !ok {
			continue
		}
		wire = strings.TrimSuffix(wire, "}")
		i := slices.IndexFunc(o.IDs, func(id surface.ID) bool { return id.Wire == wire })
		if i < 0 {
			return fail(o.Method+" "+o.Path, "the placeholder %s has no parameter", wire)
		}
		ordered = append(ordered, o.IDs[i])
	}
	if len(ordered) != len(o.IDs) {
		return fail(o.Method+" "+o.Path, "a path parameter has no placeholder")
	}
	o.IDs = ordered
	return nil
}
