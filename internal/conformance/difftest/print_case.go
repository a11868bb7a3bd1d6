package difftest

import (
	"encoding/json"
	"fmt"
	"io"
)

// WriteCase writes everything about the first case: each version with the JavaScript
// SDK's outcome, the outcome that package auth must have, and the one that it has.
func (t *Trial) WriteCase(w io.Writer) {
	v := t.verdicts[0]
	for i, version := range v.Versions {
		fmt.Fprintf(w, "version %d: %s\nJavaScript %s: %s\n", i, pretty(version), t.SDK, pretty(t.Theirs[i]))
	}
	want, _ := v.Expect(t.Theirs)
	fmt.Fprintf(w, "expected: %s\nhere: %s\n", pretty(want), pretty(t.ours[0]))
}

func pretty(v any) string {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err.Error()
	}
	return string(text)
}
