package clerktest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// maxRequestBody bounds how much of a body a handler reads.
const maxRequestBody = 32 << 20

// body decodes the JSON of a request into params, and responds itself if it cannot.
// Without a body params stay as they are.
func (x *exchange) body(params any) bool {
	raw, err := io.ReadAll(http.MaxBytesReader(x.w, x.r.Body, maxRequestBody))
	if err != nil {
		fail(x.w, failure(http.StatusBadRequest, "request_body_invalid", "the body cannot be read", ""))
		return false
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return true
	}
	if err := json.Unmarshal(raw, params); err != nil {
		if bad, ok := errors.AsType[*time.ParseError](err); ok {
			fail(x.w, invalid("form_param_invalid_time", memberOf(raw, strings.Trim(bad.Value, `"`)), "must be a time in the form of RFC 3339"))
			return false
		}
		fail(x.w, failure(http.StatusBadRequest, "request_body_invalid", "the body is not what "+x.name+" takes: "+err.Error(), ""))
		return false
	}
	if member := unknownMember(raw, params); member != "" {
		fail(x.w, failure(http.StatusUnprocessableEntity, "form_param_unknown", x.name+" has no parameter "+member, member))
		return false
	}
	return true
}

// memberOf returns the name of a member of the body that has the value, or "".
func memberOf(raw []byte, value string) string {
	var members map[string]any
	if json.Unmarshal(raw, &members) != nil {
		return ""
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if members[name] == value {
			return name
		}
	}
	return ""
}

// unknownMember returns the path of a member that params do not have, or "". It encodes
// params again and looks for what is missing. Unlike a strict decoder it thus also
// looks into optional values.
func unknownMember(raw []byte, params any) string {
	held, err := json.Marshal(params)
	if err != nil {
		return ""
	}
	var sent, kept any
	if json.Unmarshal(raw, &sent) != nil || json.Unmarshal(held, &kept) != nil {
		return ""
	}
	return lost(sent, kept, "")
}

func lost(sent, kept any, path string) string {
	switch sent := sent.(type) {
	case map[string]any:
		kept, _ := kept.(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(sent)) {
			at := key
			if path != "" {
				at = path + "." + key
			}
			value, ok := kept[key]
			if !ok {
				return at
			}
			if found := lost(sent[key], value, at); found != "" {
				return found
			}
		}
	case []any:
		kept, _ := kept.([]any)
		for i := range min(len(sent), len(kept)) {
			if found := lost(sent[i], kept[i], fmt.Sprintf("%s[%d]", path, i)); found != "" {
				return found
			}
		}
	}
	return ""
}
