package roundtrip

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/internal/conformance/examples"
	"github.com/backend-sdk/clerk-go/internal/conformance/schema"
	"github.com/backend-sdk/clerk-go/webhooks"
)

// secret is 24 bytes.
const secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"

// TestEvents delivers an example of each event to a handler with a function for each.
// The function of its type must be called, with everything that the example has.
func TestEvents(t *testing.T) {
	t.Parallel()
	events := schema.Events(t)
	if len(events) != 46 {
		t.Errorf("%d events are described", len(events))
	}
	called := ""
	var data any
	handler := recording(t, func(field string, with any) { called, data = field, with })
	for typ, ref := range events {
		for _, mode := range examples.Modes {
			m := examples.Maker{Mode: mode}
			tree := m.All(ref)[0]
			called, data = "", nil
			body := bodyOf(t, typ, tree)
			header, err := webhooks.Sign(secret, "msg_1", time.Now(), body)
			if err != nil {
				t.Fatal(err)
			}
			req := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
			req.Header = header
			rec := httptest.NewRecorder()
			handler.ServeHTTP(rec, req)
			if rec.Code != http.StatusNoContent || !strings.EqualFold(called, strings.ReplaceAll(typ, ".", "")) {
				t.Errorf("%s, %s: %d, %s was called", typ, mode, rec.Code, called)
				continue
			}
			compare(t, typ+", "+mode.String(), comparison{lenient: true}, tree, data)
		}
	}
}

// recording is a handler whose functions report their names and what they are called
// with.
func recording(t *testing.T, report func(field string, data any)) http.Handler {
	t.Helper()
	receiver, err := webhooks.New(secret)
	if err != nil {
		t.Fatal(err)
	}
	var h webhooks.Handlers
	fields, typed := reflect.ValueOf(&h).Elem(), 0
	for i := range fields.NumField() {
		name, function := fields.Type().Field(i).Name, fields.Type().Field(i).Type
		if name == "Other" || name == "Malformed" {
			continue
		}
		typed++
		fields.Field(i).Set(reflect.MakeFunc(function, func(args []reflect.Value) []reflect.Value {
			if ctx := args[0].Interface().(context.Context); ctx.Err() != nil || args[1].Interface().(*webhooks.Event).Data != args[2].Interface() {
				t.Errorf("%s is called with something else than the data", name)
			}
			report(name, args[2].Interface())
			return []reflect.Value{reflect.Zero(function.Out(0))}
		}))
	}
	if typed != 46 {
		t.Errorf("Handlers has %d functions with data", typed)
	}
	return receiver.Handler(h)
}

func bodyOf(t *testing.T, typ string, data any) []byte {
	t.Helper()
	body, err := json.Marshal(map[string]any{"type": typ, "object": "event", "data": data})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// TestGrowthOfEvents decodes the data of each event as TestGrowth decodes responses,
// changed in one place at a time.
func TestGrowthOfEvents(t *testing.T) {
	t.Parallel()
	var n counts
	w, models := &walker{seen: map[string]bool{}}, map[reflect.Type]bool{}
	events := schema.Events(t)
	for _, typ := range slices.Sorted(maps.Keys(events)) {
		data, _ := readEvent(t, typ, nil)
		models[reflect.TypeOf(data)] = true
		s := &subject{event: typ, examples: changes(events[typ], typ, w)}
		t.Run(typ, func(t *testing.T) { s.grow(t, &n) })
	}
	t.Logf("%d events of %d models: %d fields dropped, %d values null, %d unknown enum values, %d unknown fields, %d numbers written differently, %d values of another type, %d of them reported",
		len(events), len(models), n.dropped.Load(), n.nulled.Load(), n.valued.Load(), n.added.Load(), n.respelled.Load(), n.mistyped.Load(), n.reported.Load())
	if len(models) != 15 || n.dropped.Load() < 1000 || n.reported.Load() < 5000 {
		t.Error("the examples have too few places to change")
	}
}

func readEvent(t *testing.T, typ string, tree any) (any, error) {
	t.Helper()
	event, err := webhooks.Decode(bodyOf(t, typ, tree))
	if event == nil {
		t.Fatalf("%s is not an event: %v", typ, err)
	}
	return event.Data, err
}

func eventReported(t *testing.T, what, path string, tree any, err error) {
	t.Helper()
	e, ok := errors.AsType[*webhooks.PayloadError](err)
	if !ok || e.Path != "data."+path || e.Event == nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	compare(t, what, comparison{skip: path}, tree, e.Event.Data)
}

// TestTheEnvelopeOfEachEvent changes what is around the data of each event. The data is
// read all the same, and what does not fit is left out, except for a type.
func TestTheEnvelopeOfEachEvent(t *testing.T) {
	t.Parallel()
	tried := 0
	for typ, ref := range schema.Events(t) {
		m := examples.Maker{}
		tree := m.All(ref)[0]
		for _, path := range []string{"object", "timestamp", "instance_id", "event_attributes", "http_request", "client_ip", "user_agent"} {
			for _, change := range append([]jsonKind{{"nothing", nil}, {"null", nil}}, kinds...) {
				request := map[string]any{"client_ip": "203.0.113.7", "user_agent": "curl/8"}
				attributes := map[string]any{"http_request": request}
				body := map[string]any{"type": typ, "object": "event", "timestamp": 1767225599000, "instance_id": "ins_1", "event_attributes": attributes, "data": tree}
				at := map[string]map[string]any{"http_request": attributes, "client_ip": request, "user_agent": request}[path]
				if at == nil {
					at = body
				}
				if at[path] = change.value; change.name == "nothing" {
					delete(at, path)
				}
				encoded, err := json.Marshal(body)
				if err != nil {
					t.Fatal(err)
				}
				what := change.name + " in " + path + " of " + typ
				event, err := webhooks.Decode(encoded)
				if err != nil || string(event.Type) != typ {
					t.Errorf("%s: %v, %v", what, event, err)
					continue
				}
				compare(t, what, comparison{}, tree, event.Data)
				if path != "instance_id" && event.InstanceID != "ins_1" || path != "timestamp" && event.Time.IsZero() ||
					path == "client_ip" && event.UserAgent != "curl/8" || path == "user_agent" && event.ClientIP != "203.0.113.7" {
					t.Errorf("%s: what is beside it is lost", what)
				}
				tried++
			}
		}
	}
	if tried < 46*7*len(kinds) {
		t.Errorf("only %d envelopes were decoded", tried)
	}
}
