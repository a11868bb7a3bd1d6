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

// maxRequestBody bounds the size of a request body.
const maxRequestBody = 32 << 20

// body decodes the JSON body of a request into params. If that fails, it sends an
// error and returns false. An empty body leaves params unchanged.
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
			fail(x.w, invalid("form_param_invalid_time", memberOf(raw, strings.Trim(bad.Value, `"`)), "must be an RFC 3339 time"))
			return false
		}
		fail(x.w, failure(http.StatusBadRequest, "request_body_invalid", "the body of "+x.name+" is not valid: "+err.Error(), ""))
		return false
	}
	if member := unknownMember(raw, params); member != "" {
		fail(x.w, failure(http.StatusUnprocessableEntity, "form_param_unknown", x.name+" has no parameter "+member, member))
		return false
	}
	return true
}

// memberOf returns the name of a member of the body with the given value, or "".
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

// unknownMember returns the path of a member of the body that params do not have, or
// "". It encodes params again and looks for members that are missing: unlike a
// strict decoder, this also finds unknown members inside optional values.
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
