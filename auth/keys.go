package auth

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/backend-sdk/clerk-go/auth/internal/keyset"
	"github.com/backend-sdk/clerk-go/clerk"
)

const (
	defaultMaxStale   = 24 * time.Hour // maximum age of keys while their endpoint is down
	maxKeySetDocument = 1 << 20        // bytes
)

// keySource finds the key with the ID kid. It also returns the time if it has just read
// the clock, and otherwise the zero time. The error is a *TokenError for an unknown key,
// and otherwise says why it could not be fetched.
type keySource interface {
	key(ctx context.Context, kid string) (key keyset.Key, now time.Time, err error)
}

// localKey is the one key that was configured. It verifies tokens of every key ID.
type localKey struct {
	public *rsa.PublicKey
}

// key implements keySource. Clerk signs with RS256, and a bare key states no algorithm.
func (l localKey) key(context.Context, string) (keyset.Key, time.Time, error) {
	return keyset.Key{Public: l.public, Algorithm: "RS256"}, time.Time{}, nil
}

// fetchedKeys are the keys that Clerk publishes for the instance of a client.
type fetchedKeys struct {
	set     *keyset.Set
	outages *outages // nil: silent
}

// newFetchedKeys returns the keys of client. replaced is called when one of them is gone.
func newFetchedKeys(client *clerk.Client, c *config, replaced func(map[string]keyset.Key)) *fetchedKeys {
	k := &fetchedKeys{outages: newOutages(c.logger, c.now, "the signing keys", 0)}
	k.set = keyset.New(keyset.Config{
		Fetch: func(ctx context.Context) (map[string]keyset.Key, error) { return fetchKeys(ctx, client) },
		Now:   c.now, MaxStale: c.maxStaleKeys, Draw: c.draw, Replaced: replaced, Noted: k.note,
	})
	return k
}

// key implements keySource.
func (k *fetchedKeys) key(ctx context.Context, kid string) (keyset.Key, time.Time, error) {
	key, now, err := k.set.Key(ctx, kid)
	if err != nil {
		err = keyError(err)
	}
	return key, now, err
}

// warm fetches the keys unless there are fresh ones.
func (k *fetchedKeys) warm(ctx context.Context) error {
	if err := k.set.Warm(ctx); err != nil {
		return keyError(err)
	}
	return nil
}

// note tells the log which keys serve in an outage.
func (k *fetchedKeys) note(ctx context.Context, err error, age time.Duration, serves bool) {
	serving := "none"
	if serves {
		serving = "fetched " + age.Round(time.Second).String() + " ago"
	}
	k.outages.note(ctx, keyOutcome(err), err, slog.String("serving_keys", serving))
}

// fetchKeys fetches the key set. Its errors match ErrSecretKey or ErrKeysUnavailable.
func fetchKeys(ctx context.Context, client *clerk.Client) (map[string]keyset.Key, error) {
	document, err := clerk.Call[keyset.Document](ctx, client,
		clerk.Request{Method: http.MethodGet, Path: "/jwks", Operation: "auth.GetJWKS"},
		append(slices.Clone(strangersCall), clerk.WithBodyLimit(maxKeySetDocument))...)
	if err != nil {
		if errors.Is(err, clerk.ErrUnauthorized) || clerk.HasCode(err, "clerk_key_invalid") {
			return nil, fmt.Errorf("%w: %w", ErrSecretKey, err)
		}
		return nil, keysUnavailable(err)
	}
	if len(document.Keys) == 0 {
		return nil, keysUnavailable(errors.New("the response contains no keys"))
	}
	return document.Usable(), nil
}

func keysUnavailable(cause error) error {
	return fmt.Errorf("%w: %w", ErrKeysUnavailable, cause)
}

// keyError returns an error of a key set as one of this package.
func keyError(err error) error {
	switch {
	case errors.Is(err, keyset.ErrUnknownKey):
		return refuse(ReasonJWKKidMismatch)
	case errors.Is(err, keyset.ErrGaveUp):
		return fmt.Errorf("auth: %w", err)
	case errors.Is(err, ErrSecretKey), errors.Is(err, ErrKeysUnavailable):
		return err
	default:
		return keysUnavailable(err)
	}
}

// keyOutcome returns what an error of a key set means for an operator.
func keyOutcome(err error) outcome {
	switch {
	case err == nil:
		return answered
	case errors.Is(err, keyset.ErrGaveUp):
		return abandoned
	case errors.Is(err, ErrSecretKey):
		return secretKeyRefused
	case errors.Is(err, keyset.ErrTooManyWaiting):
		return ownLimit
	default:
		return outOfReach
	}
}

// hasSigned reports whether key signed u. That is known if u was accepted before and this
// is the key that verified it then.
func hasSigned(key *rsa.PublicKey, u *unverifiedToken) bool {
	return key != nil && (key == u.signer || verifySignature(key, u))
}

func verifySignature(key *rsa.PublicKey, u *unverifiedToken) bool {
	// Session tokens are shorter than this, and nothing is allocated for them.
	var buf [maxTokenLength / 4]byte
	signed := append(buf[:0], u.token[:u.signed]...)
	var sigBuf [512]byte
	sig, ok := decodeSegment(sigBuf[:0], u.token[u.signed+1:])
	if !ok {
		return false
	}
	var err error
	switch u.alg {
	case "RS384":
		sum := sha512.Sum384(signed)
		err = rsa.VerifyPKCS1v15(key, crypto.SHA384, sum[:], sig)
	case "RS512":
		sum := sha512.Sum512(signed)
		err = rsa.VerifyPKCS1v15(key, crypto.SHA512, sum[:], sig)
	default:
		sum := sha256.Sum256(signed)
		err = rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], sig)
	}
	return err == nil
}
