package clerk_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
)

func TestOneStringIsAListOfOne(t *testing.T) {
	t.Parallel()
	type token struct {
		Audience clerk.StringList `json:"aud"`
	}
	for data, tt := range map[string]struct {
		want clerk.StringList
		path string // of a misfit
	}{
		`{"aud":"a"}`:       {clerk.StringList{"a"}, ""},
		`{"aud":["a","b"]}`: {clerk.StringList{"a", "b"}, ""},
		`{"aud":[]}`:        {clerk.StringList{}, ""},
		`{"aud":""}`:        {clerk.StringList{""}, ""},
		`{"aud":null}`:      {nil, ""},
		`{}`:                {nil, ""},
		`{"aud":5}`:         {nil, "aud"},
		`{"aud":["a",5]}`:   {clerk.StringList{"a", ""}, "aud[1]"},
	} {
		var got token
		err := clerk.Decode([]byte(data), &got)
		if path := pathOf(err); path != tt.path {
			t.Errorf("%s: %v, want a misfit at %q", data, err, tt.path)
		}
		if diff := cmp.Diff(tt.want, got.Audience); diff != "" {
			t.Errorf("%s (-want +got):\n%s", data, diff)
		}
		var standard token
		if err := json.Unmarshal([]byte(data), &standard); (err == nil) != (tt.path == "") || !cmp.Equal(tt.want, standard.Audience) {
			t.Errorf("%s with encoding/json: %q, %v", data, standard.Audience, err)
		}
	}
}

// pathOf returns the path of a misfit, and "" without an error.
func pathOf(err error) string {
	if bad, ok := errors.AsType[*clerk.DecodeError](err); ok {
		return bad.Path
	}
	return ""
}
