// Command tracing counts the users of an instance, and prints the spans and metrics of the
// calls to Clerk. CLERK_SECRET_KEY is required.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"

	"go.opentelemetry.io/otel/exporters/stdout/stdoutmetric"
	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/trace"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) (err error) {
	// A service sends both to its collector instead.
	spans, err := stdouttrace.New(stdouttrace.WithPrettyPrint())
	if err != nil {
		return err
	}
	metrics, err := stdoutmetric.New(stdoutmetric.WithPrettyPrint())
	if err != nil {
		return err
	}
	tracing := trace.NewTracerProvider(trace.WithBatcher(spans))
	metering := metric.NewMeterProvider(metric.WithReader(metric.NewPeriodicReader(metrics)))
	defer func() { err = errors.Join(err, tracing.Shutdown(ctx), metering.Shutdown(ctx)) }()

	const scope = "github.com/backend-sdk/clerk-go/clerk"
	hooks, err := newHooks(tracing.Tracer(scope), metering.Meter(scope))
	if err != nil {
		return err
	}
	client, err := clerk.FromEnv(clerk.WithHooks(hooks))
	if err != nil {
		return err
	}
	count, err := users.CountUsers(ctx, client, users.CountUsersParams{})
	if err != nil {
		return err
	}
	fmt.Println(count.TotalCount, "users")
	return nil
}
