package clerktest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

// mergeJSON merges a patch into a value. It merges objects member by member and
// removes members that are null in the patch; any other patch replaces the value.
func mergeJSON(value, patch json.RawMessage) (json.RawMessage, error) {
	var changes map[string]json.RawMessage
	if !isObject(patch) {
		return patch, nil
	}
	if err := json.Unmarshal(patch, &changes); err != nil {
		return nil, fmt.Errorf("metadata: %w", err)
	}
	merged := map[string]json.RawMessage{}
	if isObject(value) {
		if err := json.Unmarshal(value, &merged); err != nil {
			return nil, fmt.Errorf("metadata: %w", err)
		}
	}
	for name, change := range changes {
		if string(bytes.TrimSpace(change)) == "null" {
			delete(merged, name)
			continue
		}
		member, err := mergeJSON(merged[name], change)
		if err != nil {
			return nil, err
		}
		merged[name] = member
	}
	return json.Marshal(merged)
}

func isObject(raw json.RawMessage) bool {
	trimmed := bytes.TrimSpace(raw)
	return len(trimmed) > 0 && trimmed[0] == '{'
}

const maxMetadata = 8 << 10

func (i *Instance) mergeUserMetadata(_ context.Context, userID string, params users.MergeUserMetadataParams) (*api.User, error) {
	return i.changeUser(userID, func(u *api.User, _ time.Time) error {
		return putMetadata(u,
			merged(u.PublicMetadata, params.PublicMetadata),
			merged(u.PrivateMetadata, params.PrivateMetadata),
			merged(u.UnsafeMetadata, params.UnsafeMetadata))
	})
}

func (i *Instance) replaceUserMetadata(_ context.Context, userID string, params users.ReplaceUserMetadataParams) (*api.User, error) {
	return i.changeUser(userID, func(u *api.User, _ time.Time) error {
		return putMetadata(u, params.PublicMetadata, params.PrivateMetadata, params.UnsafeMetadata)
	})
}

// putMetadata stores those of the three metadata that are set.
func putMetadata(u *api.User, public, private, unsafe clerk.Optional[clerk.Metadata]) error {
	for _, m := range []struct {
		param string
		dst   *clerk.Metadata
		given clerk.Optional[clerk.Metadata]
	}{
		{"public_metadata", &u.PublicMetadata, public},
		{"private_metadata", &u.PrivateMetadata, private},
		{"unsafe_metadata", &u.UnsafeMetadata, unsafe},
	} {
		if err := storeMetadata(m.param, m.dst, m.given); err != nil {
			return err
		}
	}
	return nil
}

// storeMetadata stores metadata if they are set.
func storeMetadata(param string, dst *clerk.Metadata, given clerk.Optional[clerk.Metadata]) error {
	assign(dst, given)
	return checkMetadata(param, *dst)
}

func checkMetadata(param string, m clerk.Metadata) error {
	if len(m.String()) > maxMetadata {
		return invalid("form_param_exceeds_allowed_size", param, "can have at most %d bytes", maxMetadata)
	}
	return nil
}

// merged returns metadata with a patch merged into it. An absent patch stays absent.
func merged(old clerk.Metadata, patch clerk.Optional[clerk.Metadata]) clerk.Optional[clerk.Metadata] {
	given, ok := patch.Get()
	if !ok {
		return patch
	}
	raw, err := mergeJSON(json.RawMessage(old.String()), json.RawMessage(given.String()))
	if err != nil {
		return patch
	}
	return clerk.Set(metadata(string(raw)))
}
