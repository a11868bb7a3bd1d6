package main

import (
	"context"
	"errors"
	"strconv"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.37.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/backend-sdk/clerk-go/clerk"
)

// newHooks returns hooks that make a span for each call, one below it for each attempt, and
// a histogram of the time that calls take, by operation and status.
func newHooks(tracer trace.Tracer, meter metric.Meter) (clerk.Hooks, error) {
	durations, err := meter.Float64Histogram("clerk.call.duration", metric.WithUnit("s"),
		metric.WithDescription("Duration of calls to Clerk, with all attempts and waits."))
	if err != nil {
		return clerk.Hooks{}, err
	}
	return clerk.Hooks{
		Start: func(ctx context.Context, call clerk.CallInfo) context.Context {
			ctx, _ = tracer.Start(ctx, call.Operation)
			return ctx
		},
		Attempt: func(ctx context.Context, a clerk.AttemptInfo) {
			_, span := tracer.Start(ctx, a.Method+" "+a.Path, trace.WithTimestamp(a.Start), trace.WithSpanKind(trace.SpanKindClient),
				trace.WithAttributes(semconv.HTTPRequestMethodKey.String(a.Method), semconv.URLTemplate(a.Path), semconv.HTTPRequestResendCount(a.Attempt-1)))
			conclude(span, a.Status, a.Err)
			span.End(trace.WithTimestamp(a.Start.Add(a.Duration)))
		},
		Done: func(ctx context.Context, result clerk.CallResult) {
			span := trace.SpanFromContext(ctx)
			conclude(span, result.Status, result.Err)
			span.End()
			durations.Record(ctx, result.Duration.Seconds(), metric.WithAttributes(
				attribute.String("clerk.operation", result.Operation), attribute.Int(string(semconv.HTTPResponseStatusCodeKey), result.Status)))
		},
	}, nil
}

// conclude says in a span how a call or an attempt ended. The text of an error may name an
// id, so it stays out.
func conclude(span trace.Span, status int, err error) {
	if status != 0 {
		span.SetAttributes(semconv.HTTPResponseStatusCode(status))
	}
	switch {
	case status >= 400:
		span.SetStatus(codes.Error, strconv.Itoa(status))
	case errors.Is(err, context.DeadlineExceeded):
		span.SetStatus(codes.Error, "out of time")
	case errors.Is(err, context.Canceled):
		span.SetStatus(codes.Error, "canceled")
	case errors.Is(err, clerk.ErrRateLimited):
		span.SetStatus(codes.Error, "not sent: rate limited")
	case err != nil:
		span.SetStatus(codes.Error, "no usable response")
	}
}
