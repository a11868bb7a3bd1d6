package clerk

import "time"

// Timestamp is a time in milliseconds since the Unix epoch, as most of the API
// represents it.
type Timestamp int64

// At returns the Timestamp of t, truncated to milliseconds.
func At(t time.Time) Timestamp { return Timestamp(t.UnixMilli()) }

// Time returns t as a time.Time in the local time zone.
func (t Timestamp) Time() time.Time { return time.UnixMilli(int64(t)) }

// String returns t in RFC 3339 format, in UTC.
func (t Timestamp) String() string { return t.Time().UTC().Format("2006-01-02T15:04:05.000Z07:00") }

// Seconds is a time in seconds since the Unix epoch, as a few parts of the API represent
// it.
type Seconds int64

// Time returns s as a time.Time in the local time zone.
func (s Seconds) Time() time.Time { return time.Unix(int64(s), 0) }

// String returns s in RFC 3339 format, in UTC.
func (s Seconds) String() string { return s.Time().UTC().Format(time.RFC3339) }
