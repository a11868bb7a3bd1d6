// Package calloption holds options of calls that only the packages of this module use.
package calloption

// Apart is a clerk.CallOption, which package clerk sets. A call with it takes no part in
// rate limits: it waits neither for a gate that a 429 closed, nor for the limits of
// clerk.WithRateLimit and clerk.WithLimiter, and a 429 to it closes no gate. It is for
// calls that strangers cause, which must not hold back a program's own, nor wait behind
// them.
var Apart any
