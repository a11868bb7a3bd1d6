package auth

import (
	"os"
	"strings"
	"testing"
)

// Every record that an operator can find in a log is explained.
func TestLogRecordsAreDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	texts := append([]string{"auth: refused", "auth: denied", maskText}, warningTexts[:]...)
	for _, text := range outageTexts {
		texts = append(texts, text)
	}
	texts = append(texts, string(refreshCalls), string(nonceCalls), string(verificationCalls))
	for _, text := range texts {
		if i := strings.IndexAny(text[len("auth:"):], ",:"); i >= 0 {
			text = text[:len("auth:")+i]
		}
		if text == "" || !strings.Contains(string(page), text) {
			t.Errorf("docs/operations.md does not explain %q", text)
		}
	}
}
