package clerk

import "time"

// Timestamp is a point in time in milliseconds since 1970, as most of the API
// writes it.
type Timestamp int64

// At returns the Timestamp of t, cut to the millisecond.
func At(t time.Time) Timestamp { return Timestamp(t.UnixMilli()) }

// Time returns the point in time in the local time zone.
func (t Timestamp) Time() time.Time { return time.UnixMilli(int64(t)) }

// String returns the point in time as RFC 3339 has it, in UTC.
func (t Timestamp) String() string { return t.Time().UTC().Format("2006-01-02T15:04:05.000Z07:00") }
