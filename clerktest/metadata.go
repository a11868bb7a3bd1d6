package clerktest

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// mergeJSON lays the patch over the value: objects are merged member by
// member, a null member is removed, anything else replaces what was there.
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
