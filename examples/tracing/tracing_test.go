package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

func TestCallsHaveSpansAndMetrics(t *testing.T) {
	t.Parallel()
	spans, reader := tracetest.NewInMemoryExporter(), metric.NewManualReader()
	tracer := trace.NewTracerProvider(trace.WithSyncer(spans)).Tracer("test")
	hooks, err := newHooks(tracer, metric.NewMeterProvider(metric.WithReader(reader)).Meter("test"))
	if err != nil {
		t.Fatal(err)
	}
	attempts := 0
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch attempts++; {
		case strings.HasSuffix(r.URL.Path, "hunter2"):
			w.WriteHeader(http.StatusNotFound)
		case attempts == 1:
			w.WriteHeader(http.StatusBadGateway)
		default:
			fmt.Fprint(w, `{"id":"user_1"}`)
		}
	}))
	defer api.Close()
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(api.URL), clerk.WithHooks(hooks))
	if err != nil {
		t.Fatal(err)
	}
	ctx, outer := tracer.Start(t.Context(), "import")
	if _, err := users.GetUser(ctx, client, "user_1"); err != nil {
		t.Fatal(err)
	}
	if _, err := users.DeleteUser(ctx, client, "hunter2"); !errors.Is(err, clerk.ErrNotFound) {
		t.Fatal(err)
	}
	outer.End()

	want := []string{
		"GET /users/{user_id}: below users.GetUser, 502, Error",
		"GET /users/{user_id}: below users.GetUser, 200, Unset",
		"users.GetUser: below import, 200, Unset",
		"DELETE /users/{user_id}: below users.DeleteUser, 404, Error",
		"users.DeleteUser: below import, 404, Error",
		"import: below , 0, Unset",
	}
	if got := describe(spans.GetSpans()); !slices.Equal(got, want) {
		t.Errorf("spans are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, s := range spans.GetSpans() {
		if text := fmt.Sprintf("%+v", s); strings.Contains(text, "hunter2") || strings.Contains(text, "sk_test") {
			t.Errorf("a span has an id or a key: %s", text)
		}
	}
	checkDurations(t, reader, map[string]uint64{"users.GetUser 200": 1, "users.DeleteUser 404": 1})
}

// describe returns a line for each span, in the order in which they ended.
func describe(spans tracetest.SpanStubs) (lines []string) {
	names := map[string]string{}
	for _, s := range spans {
		names[s.SpanContext.SpanID().String()] = s.Name
	}
	for _, s := range spans {
		status := int64(0)
		for _, a := range s.Attributes {
			if a.Key == "http.response.status_code" {
				status = a.Value.AsInt64()
			}
		}
		lines = append(lines, fmt.Sprintf("%s: below %s, %d, %s", s.Name, names[s.Parent.SpanID().String()], status, s.Status.Code))
		if s.EndTime.Before(s.StartTime) {
			lines = append(lines, "ends before it begins")
		}
	}
	return lines
}

func checkDurations(t *testing.T, reader metric.Reader, want map[string]uint64) {
	t.Helper()
	var all metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			for _, point := range m.Data.(metricdata.Histogram[float64]).DataPoints {
				operation, _ := point.Attributes.Value(attribute.Key("clerk.operation"))
				status, _ := point.Attributes.Value(attribute.Key("http.response.status_code"))
				name := fmt.Sprint(operation.AsString(), " ", status.AsInt64())
				if point.Count != want[name] || point.Sum <= 0 {
					t.Errorf("%s was counted %d times and took %v s", name, point.Count, point.Sum)
				}
				delete(want, name)
			}
		}
	}
	if len(want) != 0 {
		t.Errorf("not counted: %v", want)
	}
}
