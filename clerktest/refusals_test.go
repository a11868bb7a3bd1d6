package clerktest_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
	"github.com/backend-sdk/clerk-go/users"
)

// keyHeader returns the Authorization header for a request of the operation.
func keyHeader(o description.Operation, instance *clerktest.Instance) []string {
	key := instance.SecretKey()
	if o.Name == "CreateM2MToken" {
		key = "ak_machine"
	}
	return []string{"Authorization", "Bearer " + key}
}

// emulatedOperations returns the operations that an instance emulates.
func emulatedOperations(t *testing.T, instance *clerktest.Instance) []description.Operation {
	t.Helper()
	var list []description.Operation
	handlers := reflect.ValueOf(instance.Handlers()).Elem()
	for _, o := range description.Operations() {
		field := handlers.FieldByName(o.Name)
		if !field.IsValid() {
			t.Errorf("Handlers has no field %s for %s %s", o.Name, o.Method, o.Path)
		} else if !field.IsNil() {
			list = append(list, o)
		}
	}
	if len(list) < 47 {
		t.Fatalf("%d operations are emulated", len(list))
	}
	return list
}

// wrongRequest is a request that the description does not allow.
type wrongRequest struct {
	name, query, body, param string
}

// wrongRequests returns the requests to an operation that are wrong in one way: something
// is missing, added or changed.
func wrongRequests(t *testing.T, o description.Operation) []wrongRequest {
	t.Helper()
	right := rightRequests[o.Name].body
	body := func(edit func(map[string]any)) string {
		changed := maps.Clone(right)
		if changed == nil {
			changed = map[string]any{}
		}
		edit(changed)
		text, err := json.Marshal(changed)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	base := ""
	if right != nil {
		base = body(func(map[string]any) {})
	}
	query := rightRequests[o.Name].query
	var list []wrongRequest
	for _, p := range o.Query {
		if p.Schema.Type != description.String && p.Schema.Type != description.Array {
			list = append(list, wrongRequest{"wrong type of " + p.Name, query + "&" + p.Name + "=nonsense", base, p.Name})
		}
		if p.Required {
			list = append(list, wrongRequest{"no " + p.Name, "", base, p.Name})
		}
	}
	if o.Body == nil {
		return append(list, wrongRequest{"a body where the operation does not take one", query, `{"surprise":1}`, ""})
	}
	switch {
	case o.Body.Multipart:
		return append(list, wrongRequest{"JSON for a form", query, `{}`, ""})
	case o.Body.Schema.Type == description.Array:
		return append(list,
			wrongRequest{"object for a list", "", `{}`, ""},
			wrongRequest{"number in a list", "", `[1]`, ""},
			wrongRequest{"malformed JSON", "", `[`, ""})
	}
	list = append(list,
		wrongRequest{"unknown member", "", body(func(m map[string]any) { m["surprise"] = 1 }), "surprise"},
		wrongRequest{"malformed JSON", "", "{", ""},
		wrongRequest{"array for an object", "", `[]`, ""})
	for _, m := range o.Body.Schema.Members {
		if m.Schema.Type == description.Any {
			continue
		}
		var other any = "nonsense"
		if m.Schema.Type == description.String {
			other = 7
		}
		list = append(list, wrongRequest{"wrong type of " + m.Name, "", body(func(b map[string]any) { b[m.Name] = other }), m.Name})
		if !m.Schema.Nullable {
			list = append(list, wrongRequest{"null for " + m.Name, "", body(func(b map[string]any) { b[m.Name] = nil }), m.Name})
		}
		if m.Required {
			list = append(list, wrongRequest{"no " + m.Name, "", body(func(b map[string]any) { delete(b, m.Name) }), m.Name})
		}
	}
	if o.Body.Required {
		list = append(list, wrongRequest{"no body", "", "", ""})
	}
	return list
}

// TestWrongRequests sends every wrong request to every emulated operation. Each must be
// refused in Clerk's form and change nothing, and the valid request must then succeed.
func TestWrongRequests(t *testing.T) {
	t.Parallel()
	for _, o := range emulatedOperations(t, startPopulated(t)) {
		t.Run(o.Name, func(t *testing.T) {
			t.Parallel()
			right := rightRequests[o.Name]
			seed := parseSeed(t, populationSeed(t))
			if right.seed != nil {
				right.seed(&seed)
			}
			instance := startInstance(t, clerktest.WithSeed(seed))
			path := right.pathOf(o)
			before, key := dump(t, instance), keyHeader(o, instance)
			for _, w := range wrongRequests(t, o) {
				got := send(t, instance, o.Method, path+"?"+w.query, w.body, key...)
				problems := got.problemLines(t)
				if got.status < 400 || got.status > 499 {
					t.Errorf("%s: %d %s", w.name, got.status, got.body)
				}
				if w.param != "" && !strings.HasSuffix(problems[0], " "+w.param) {
					t.Errorf("%s: the problem %q does not name %s", w.name, problems[0], w.param)
				}
				if after := dump(t, instance); after != before {
					t.Fatalf("%s: something changed: before %s, after %s", w.name, before, after)
				}
			}
			if got := right.send(t, instance, o, key); got.status < 200 || got.status > 299 {
				t.Errorf("the valid request: %d %s", got.status, got.body)
			}
		})
	}
}

func TestWrongContentType(t *testing.T) {
	t.Parallel()
	instance := startPopulated(t)
	before := dump(t, instance)
	got := send(t, instance, "PATCH", "/users/user_1", "first_name=New", "Content-Type", "application/x-www-form-urlencoded")
	if got.status != http.StatusUnsupportedMediaType || got.problemLines(t)[0] != "unsupported_content_type" {
		t.Errorf("the response to a form is %d %s", got.status, got.body)
	}
	if dump(t, instance) != before {
		t.Error("and changed something")
	}
}

// TestSeveralProblems checks that one response reports every problem.
func TestSeveralProblems(t *testing.T) {
	t.Parallel()
	_, err := clerk.Call[users.User](t.Context(), startPopulated(t).Client(), clerk.Request{
		Method: "PATCH", Path: "/users/{user_id}", IDs: []string{"user_1"},
		Body: map[string]any{"first_name": 1, "surprise": true},
	})
	if !clerk.HasCode(err, "form_param_unknown") || !clerk.HasCode(err, "form_param_type_invalid") {
		t.Errorf("the error is %v", err)
	}
}
