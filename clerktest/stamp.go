package clerktest

import (
	"net/http"
	"time"
)

// whole is any type that the API's milliseconds are decoded into.
type whole interface{ ~int | ~int64 }

// stamp stores a time as the API writes it, in milliseconds.
func stamp[T whole](dst *T, t time.Time) { *dst = T(t.UnixMilli()) }

// stampPointer is stamp for a time that may be absent.
func stampPointer[T whole](dst **T, t time.Time) {
	*dst = new(T(t.UnixMilli()))
}

// parseTime reads a time that a parameter gives as RFC 3339 text.
func parseTime(param, text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, failure(http.StatusUnprocessableEntity, "form_param_invalid_time", param+" must be a time like 2012-10-20T07:15:20.902Z", param)
	}
	return t, nil
}

func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
