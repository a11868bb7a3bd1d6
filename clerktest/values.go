package clerktest

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

// integer is any type that the API's milliseconds are decoded into.
type integer interface{ ~int | ~int64 }

// stamp stores a time as the API writes it, in milliseconds.
func stamp[T integer](dst *T, t time.Time) { *dst = T(t.UnixMilli()) }

// stampPointer is stamp for an optional time.
func stampPointer[T integer](dst **T, t time.Time) {
	*dst = new(T(t.UnixMilli()))
}

// parseTime parses a parameter that is an RFC 3339 time.
func parseTime(param, text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, failure(http.StatusUnprocessableEntity, "form_param_invalid_time", param+" must be a time like 2012-10-20T07:15:20.902Z", param)
	}
	return t, nil
}

// maxLife bounds lifetimes in seconds, so that the end fits in a time.
const maxLife = 315_360_000

// expiration returns the end of a lifetime in seconds, or nil for no end.
func expiration(life clerk.Optional[int], now time.Time) *clerk.Timestamp {
	seconds, ok := life.Get()
	if !ok {
		return nil
	}
	return new(clerk.At(now.Add(time.Duration(min(seconds, maxLife)) * time.Second)))
}

func isOver(end *clerk.Timestamp, now time.Time) bool { return end != nil && *end <= clerk.At(now) }

// anyJSON returns the JSON of an optional value.
func anyJSON(v clerk.Optional[any]) json.RawMessage {
	// A value that was decoded from JSON can be encoded again.
	raw, _ := json.Marshal(v)
	return raw
}

// assign stores a value if it is set.
func assign[T any](dst *T, o clerk.Optional[T]) {
	if v, ok := o.Get(); ok {
		*dst = v
	}
}

// assignPointer stores a value if it is set and clears dst if it is null.
func assignPointer[T any](dst **T, o clerk.Optional[T]) {
	if v, ok := o.Get(); ok {
		*dst = &v
	} else if o.IsNull() {
		*dst = nil
	}
}

func notNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// metadata returns metadata with the given JSON object. It panics on other JSON.
func metadata(object string) clerk.Metadata {
	var m clerk.Metadata
	if err := json.Unmarshal([]byte(object), &m); err != nil {
		panic("clerktest: " + err.Error())
	}
	return m
}
