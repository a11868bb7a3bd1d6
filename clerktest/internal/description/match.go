package description

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// route is a node of the tree of path segments.
type route struct {
	literal    map[string]*route
	wildcard   *route
	operations map[string]*Operation
}

var routes = sync.OnceValue(func() *route {
	root := &route{}
	for i := range operations {
		o := &operations[i]
		node := root
		for segment := range strings.SplitSeq(strings.TrimPrefix(o.Path, "/"), "/") {
			node = node.child(segment)
		}
		if node.operations == nil {
			node.operations = map[string]*Operation{}
		}
		node.operations[o.Method] = o
	}
	return root
})

func (r *route) child(segment string) *route {
	if strings.HasPrefix(segment, "{") {
		if r.wildcard == nil {
			r.wildcard = &route{}
		}
		return r.wildcard
	}
	if r.literal == nil {
		r.literal = map[string]*route{}
	}
	if r.literal[segment] == nil {
		r.literal[segment] = &route{}
	}
	return r.literal[segment]
}

// find appends the routes that match the segments, the most literal first. There can
// be several: POST /users/ban also matches the path of GET /users/{user_id}.
func (r *route) find(segments []string, found []*route) []*route {
	if len(segments) == 0 {
		if r.operations != nil {
			found = append(found, r)
		}
		return found
	}
	if next := r.literal[segments[0]]; next != nil {
		found = next.find(segments[1:], found)
	}
	if r.wildcard != nil && segments[0] != "" {
		found = r.wildcard.find(segments[1:], found)
	}
	return found
}

// Match returns the operation for a method and an escaped path without the version
// segment. If there is none, it returns a refusal: 404, or 405 with the methods that
// the path does have. It also returns a refusal if a path parameter is not valid. known,
// which may be nil, is that of [IDs].
func Match(method, escapedPath string, known IDs) (*Operation, *Refusal) {
	segments, err := split(escapedPath)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "malformed_request_parameters", "the path has an invalid escape", "")
	}
	found := routes().find(segments, nil)
	var allow []string
	for _, r := range found {
		if o := r.operations[method]; o != nil {
			return o, o.checkPath(segments, known)
		}
		for m := range r.operations {
			allow = append(allow, m)
		}
	}
	if len(allow) == 0 {
		return nil, refuse(http.StatusNotFound, "resource_not_found", "the API has no such path", "")
	}
	slices.Sort(allow)
	refusal := refuse(http.StatusMethodNotAllowed, "method_not_allowed", "the path does not have this method", "")
	refusal.Allow = slices.Compact(allow)
	return nil, refusal
}

// split returns the unescaped segments of an escaped path.
func split(escapedPath string) ([]string, error) {
	segments := strings.Split(strings.TrimPrefix(escapedPath, "/"), "/")
	for i, segment := range segments {
		plain, err := url.PathUnescape(segment)
		if err != nil {
			return nil, err
		}
		segments[i] = plain
	}
	return segments, nil
}

// PathValues returns the path parameters in an escaped path that matches the
// operation.
func (o *Operation) PathValues(escapedPath string) map[string]string {
	segments, err := split(escapedPath)
	if err != nil {
		return nil
	}
	return o.placeholders(segments)
}

func (o *Operation) placeholders(segments []string) map[string]string {
	values := map[string]string{}
	for i, part := range strings.Split(strings.TrimPrefix(o.Path, "/"), "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			values[strings.TrimSuffix(name, "}")] = segments[i]
		}
	}
	return values
}

func (o *Operation) checkPath(segments []string, known IDs) *Refusal {
	c := checker{known: known}
	values := o.placeholders(segments)
	for _, p := range o.Params {
		c.checkParameter(p.Name, p.Schema, values[p.Name])
	}
	return c.refusal(http.StatusUnprocessableEntity)
}
