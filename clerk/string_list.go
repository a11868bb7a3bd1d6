package clerk

import (
	"encoding/json"

	"github.com/backend-sdk/clerk-go/clerk/internal/decode"
)

// StringList is a list for which the API may send one string instead of a list of one.
type StringList []string

// UnmarshalJSON decodes a list of strings, or one string. null leaves a nil list.
func (l *StringList) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		*l = make(StringList, 1)
		return json.Unmarshal(b, &(*l)[0])
	}
	return json.Unmarshal(b, (*[]string)(l))
}

// decode is UnmarshalJSON for the responses of the API.
func (l *StringList) decode(d *decode.Decoder) bool {
	if d.Kind() == '"' {
		*l = make(StringList, 1)
		return d.Value(&(*l)[0])
	}
	return d.Value((*[]string)(l))
}
