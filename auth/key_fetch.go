package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/backend-sdk/clerk-go/clerk"
)

// fetchKeys fetches the key set. Its errors match ErrSecretKey or ErrKeysUnavailable.
func fetchKeys(ctx context.Context, client *clerk.Client) (map[string]verificationKey, error) {
	document, err := clerk.Call[jwkDocument](ctx, client,
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
	return document.verificationKeys(), nil
}

func keysUnavailable(cause error) error {
	return fmt.Errorf("%w: %w", ErrKeysUnavailable, cause)
}
