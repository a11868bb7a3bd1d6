package difftest

import (
	"encoding/json"
	"fmt"
	"io"
)

// WriteCase writes everything about the first case: each version with the JavaScript
// SDK's outcome, the outcome that package auth must have, and the one that it has.
// With later, the later SDK's outcome follows.
func (t *Trial) WriteCase(w io.Writer, later bool) error {
	v := t.verdicts[0]
	for i, version := range v.Versions {
		fmt.Fprintf(w, "version %d: %s\nJavaScript: %s\n", i, pretty(version), pretty(t.Theirs[i]))
	}
	want, _ := v.Expect(t.Theirs)
	fmt.Fprintf(w, "expected: %s\nhere: %s\n", pretty(want), pretty(t.ours[0]))
	if later {
		outcomes, err := t.runLater()
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "later: %s\n", pretty(outcomes[0]))
	}
	return nil
}

func pretty(v any) string {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err.Error()
	}
	return string(text)
}
