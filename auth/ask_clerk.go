package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/backend-sdk/clerk-go/auth/internal/keyset"
	"github.com/backend-sdk/clerk-go/auth/internal/outbound"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/internal/calloption"
)

// The longest that a request waits for each kind of call, its turn included. A client
// whose own limits are shorter keeps them.
const (
	refreshTimeout      = 3 * time.Second
	nonceTimeout        = 3 * time.Second
	verificationTimeout = 5 * time.Second
)

// How long Clerk is not asked again about what it refused, and how many refusals of a kind
// are remembered.
const (
	refusalLife = 10 * time.Second
	maxRefusals = 4096
)

func newRefusals() *outbound.Memory[error] { return outbound.NewMemory[error](maxRefusals) }

// callKind names a kind of calls for people.
type callKind string

const (
	refreshCalls      callKind = "refreshing a session"
	nonceCalls        callKind = "the nonce of a handshake"
	verificationCalls callKind = "verifying an opaque token"
)

// clerkCalls makes the calls of one kind to Clerk that a stranger can cause. Each kind
// has its own places and its own memory of refusals, so that a flood of one kind holds
// up no other.
type clerkCalls[T any] struct {
	kind     callKind
	calls    *outbound.Calls[T]
	once     bool                    // a call answers only the request that caused it
	refusals *outbound.Memory[error] // nil: none is remembered
	outages  *outages                // nil: silent
}

func newClerkCalls[T any](kind callKind, timeout time.Duration, c *config) *clerkCalls[T] {
	calls := &clerkCalls[T]{kind: kind, outages: newOutages(c.logger, c.now, string(kind), calm)}
	calls.calls = outbound.New[T](timeout, calls.judge)
	return calls
}

// ask makes a call, or returns the result of one with the same key that is under way, or
// a refusal that is remembered. Every call to Clerk that a stranger can cause goes
// through here.
func (c *clerkCalls[T]) ask(ctx context.Context, key outbound.Key, call func(context.Context, ...clerk.CallOption) (T, error)) (T, error) {
	if c.refusals != nil {
		if err, found := c.refusals.Recall(key, time.Now()); found {
			var none T
			return none, err
		}
	}
	attempt := func(ctx context.Context) (T, error) {
		answer, err := call(ctx, strangersCall...)
		err = c.sortFailure(err)
		if c.refusals != nil && isUnknown(err) {
			now := time.Now()
			c.refusals.Remember(key, err, now, now.Add(refusalLife))
		}
		return answer, err
	}
	var answer T
	var err error
	if c.once {
		answer, err = c.calls.Do(ctx, attempt)
	} else {
		answer, err = c.calls.Share(ctx, key, attempt)
	}
	err = c.sortFailure(err) // also of a call that was not made
	result, _ := outcomeOf(err)
	c.outages.note(ctx, result, err)
	return answer, err
}

// strangersCall keeps these calls apart from the program's own: they are neither
// repeated, nor do they take part in what the client does about its rate limit.
var strangersCall = []clerk.CallOption{clerk.WithMaxRetries(0), calloption.Apart.(clerk.CallOption)}

// outcome is what became of a call.
type outcome int

const (
	answered         outcome = iota
	refused                  // Clerk does not accept what the request presented
	outOfReach               // Clerk is down, too slow or limits the rate, or its response does not decode
	ownLimit                 // too many calls are under way, so this one was not made
	secretKeyRefused         // by Clerk; a mistake of the configuration
	abandoned                // the request ended first
	outcomeCount
)

// outcomeOf returns what an error of ask means, and when to try again if that is known.
func outcomeOf(err error) (outcome, time.Duration) {
	var limit *outbound.LimitError
	switch {
	case err == nil:
		return answered, 0
	case errors.Is(err, outbound.ErrGaveUp):
		return abandoned, 0
	case errors.Is(err, ErrSecretKey):
		return secretKeyRefused, 0
	case errors.As(err, &limit) && !limit.Paused:
		return ownLimit, retryAfter(err)
	case errors.Is(err, ErrVerificationUnavailable):
		return outOfReach, retryAfter(err)
	default:
		return refused, 0
	}
}

// sortFailure wraps err in ErrSecretKey or ErrVerificationUnavailable, unless it refuses
// what was presented.
func (c *clerkCalls[T]) sortFailure(err error) error {
	var token *TokenError
	var unsent *clerk.RequestError
	var answer *clerk.Error
	switch {
	case err == nil, errors.As(err, &token), errors.As(err, &unsent), errors.Is(err, ErrSecretKey), errors.Is(err, ErrVerificationUnavailable):
		return err
	case clerk.HasCode(err, "clerk_key_invalid"):
		return fmt.Errorf("%w: %w", ErrSecretKey, err)
	case errors.As(err, &answer) && answer.StatusCode/100 == 4 && answer.StatusCode != http.StatusTooManyRequests:
		return err
	default:
		return fmt.Errorf("%w: %s: %w", ErrVerificationUnavailable, c.kind, err)
	}
}

// isUnknown reports whether err says that Clerk has no such token or nonce, or no longer
// honors it: nothing that the next call could answer differently.
func isUnknown(err error) bool {
	var token *TokenError
	return errors.As(err, &token) && token.Reason == ReasonTokenInvalid
}

// judge says what the error of a call means for the next calls of its kind.
func (c *clerkCalls[T]) judge(err error) (isRefusal bool, pause time.Duration) {
	result, after := outcomeOf(c.sortFailure(err))
	if !errors.Is(err, clerk.ErrRateLimited) {
		after = 0
	}
	return result == refused, after
}

// maxRetryAfter is the longest that a client is told to wait.
const maxRetryAfter = time.Minute

// retryAfter returns how long the cause of an outage lasts, or 0 if that is not known.
func retryAfter(err error) time.Duration {
	var limit *outbound.LimitError
	var answer *clerk.Error
	switch {
	case errors.As(err, &limit):
		return min(limit.RetryAfter, maxRetryAfter)
	case errors.Is(err, keyset.ErrTooManyWaiting):
		return time.Second
	case errors.As(err, &answer):
		return min(answer.RetryAfter, maxRetryAfter)
	default:
		return 0
	}
}

// handshakePayload is what Clerk returns for a nonce.
type handshakePayload struct {
	Directives []string `json:"directives"`
}

// newNonceCalls returns the calls for nonces. A nonce works once, so what Clerk returns
// for it is only for the request that brought it.
func newNonceCalls(c *config) *clerkCalls[handshakePayload] {
	calls := newClerkCalls[handshakePayload](nonceCalls, nonceTimeout, c)
	calls.once, calls.refusals = true, newRefusals()
	return calls
}

// fetchHandshake returns what Clerk keeps under a nonce. The error is a *TokenError for a
// nonce that Clerk does not know.
func (a *Authenticator) fetchHandshake(ctx context.Context, nonce string) (handshakePayload, error) {
	return a.nonces.ask(ctx, outbound.KeyOf(nonce), func(ctx context.Context, opts ...clerk.CallOption) (handshakePayload, error) {
		raw, err := clerk.Call[json.RawMessage](ctx, a.client, clerk.Request{
			Operation: "auth.GetHandshakePayload", Method: http.MethodGet, Path: "/clients/handshake_payload",
			Query: clerk.Query{"nonce": nonce},
		}, opts...)
		var payload handshakePayload
		switch {
		case err != nil:
		case len(*raw) == 0: // which is the zero result of other calls
			err = errors.New("the response of Clerk is empty")
		default:
			err = clerk.Decode(*raw, &payload)
		}
		err = a.nonces.sortFailure(err)
		if what, _ := outcomeOf(err); what == refused {
			err = refuseFor(ReasonTokenInvalid, "Clerk does not know the nonce")
		}
		return payload, err
	})
}
