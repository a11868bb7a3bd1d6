package examples

import (
	"regexp"
	"testing"
)

// TestScalars checks that values keep to limits, patterns and formats, and differ.
func TestScalars(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"type":"integer"}`, `{"type":"integer","format":"int32"}`, `{"type":"integer","minimum":1,"maximum":500}`,
		`{"type":"integer","minimum":0,"exclusiveMinimum":true,"maximum":20}`, `{"type":"number","format":"double"}`,
		`{"type":"number","minimum":0,"maximum":100}`, `{"type":"string","minLength":40}`, `{"type":"string","maxLength":3}`,
		`{"type":"string","format":"email"}`, `{"type":"string","format":"date-time"}`, `{"type":"string","format":"date"}`,
		`{"type":"string","pattern":"^(user|org)_\\w{27}$"}`, `{"type":"string","pattern":"^ak_[0-9A-F]{32}$"}`,
	} {
		m, s := &Maker{}, schema(t, text)
		first, second := m.All(s)[0], m.All(s)[0]
		if first == second {
			t.Errorf("%s: %v repeats", text, first)
		}
		for _, v := range []any{first, second} {
			if tm, ok := v.(Time); ok {
				v = string(tm)
			}
			if err := s.Value.VisitJSON(v); err != nil {
				t.Errorf("%s: %v: %v", text, v, err)
			}
		}
	}
	pattern := `^(\S(.*\S)?)?$`
	if got := (&Maker{}).All(schema(t, `{"type":"string","pattern":"^(\\S(.*\\S)?)?$"}`))[0].(string); got == "" || !regexp.MustCompile(pattern).MatchString(got) {
		t.Errorf("%q does not match %s", got, pattern)
	}
}
