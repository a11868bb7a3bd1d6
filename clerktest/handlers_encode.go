package clerktest

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"sync"

	"github.com/backend-sdk/clerk-go/api"
)

// encode returns the JSON of a result. Unlike encoding/json it writes members that are
// false, as the API does: the models leave them out, since a program that gets one cannot
// tell the difference.
func encode(result any) ([]byte, error) {
	if encoded, ok := result.(json.RawMessage); ok {
		return encoded, nil
	}
	raw, err := json.Marshal(result)
	if err != nil {
		return nil, err
	}
	v := reflect.Indirect(reflect.ValueOf(result))
	if v.Kind() != reflect.Struct {
		return raw, nil
	}
	for _, truth := range truthsOf(v.Type()) {
		if !v.FieldByIndex(truth.index).Bool() {
			raw = addMember(raw, truth.name, "false")
		}
	}
	if t, ok := result.(*api.VerifiedOAuthAccessToken); ok && t.Object != "" && t.RevocationReason == nil {
		// The model has two forms in one, and only this form must have the member.
		raw = addMember(raw, "revocation_reason", "null")
	}
	return raw, nil
}

// addMember adds a member to a JSON object that has some.
func addMember(object []byte, name, value string) []byte {
	object = append(bytes.TrimSuffix(object, []byte("}")), ',')
	return append(object, `"`+name+`":`+value+`}`...)
}

// encodeAll returns the JSON of a list of results.
func encodeAll[T any](list []*T) (json.RawMessage, error) {
	all := []byte("[")
	for n, v := range list {
		raw, err := encode(v)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			all = append(all, ',')
		}
		all = append(all, raw...)
	}
	return append(all, ']'), nil
}

// truth is a boolean that the model leaves out when it is false.
type truth struct {
	name  string
	index []int
}

var truths sync.Map // by type

func truthsOf(t reflect.Type) []truth {
	if known, ok := truths.Load(t); ok {
		return known.([]truth)
	}
	var list []truth
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Type.Kind() == reflect.Bool && strings.Contains(options, "omitempty") {
			list = append(list, truth{name, f.Index})
		}
	}
	truths.Store(t, list)
	return list
}
