package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestOnlyDecisionsRetire brings fields whose type follows from a published sentence and
// takes them away again: nothing of them is kept, except for what somebody decided.
func TestOnlyDecisionsRetire(t *testing.T) {
	t.Parallel()
	const fields = `        period_end:
          type: integer
          description: Unix timestamp in milliseconds of the end.
        lost_at:
          type: integer
          format: int64
          description: Unix timestamp of the loss.
        left_at:
          type: number
        found:
          type: integer
          format: int64
`
	more := edited(t, first, "        status:\n", fields+"        status:\n")
	dir := imported(t)
	before := content(t, dir)
	tool(t, fine, dir, "import", more)
	contains(t, content(t, dir)["components.yaml"],
		"        period_end:\n          x-go-type: clerk.Timestamp\n",
		"        lost_at:\n          x-go-type: clerk.Timestamp\n",
		"        left_at:\n          x-go-type: int64\n")
	tool(t, fine, dir, "import", first)
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Errorf("there and back (-before +after):\n%s", diff)
	}

	tool(t, fine, dir, "import", more)
	components := filepath.Join(dir, "components.yaml")
	replace(t, components, "        found:\n", "        found:\n          x-go-type: clerk.Timestamp\n")
	replace(t, components, "        lost_at:\n          x-go-type: clerk.Timestamp\n", "        lost_at:\n          x-go-type: time.Duration\n")
	decided := content(t, dir)
	tool(t, fine, dir, "check")
	tool(t, fine, dir, "import", first)
	const want = retiredHeader + "schema Book > .found:\n  x-go-type: clerk.Timestamp\nschema Book > .lost_at:\n  x-go-type: time.Duration\n"
	if diff := cmp.Diff(want, content(t, dir)[retiredFile]); diff != "" {
		t.Errorf("retired words (-want +got):\n%s", diff)
	}
	tool(t, fine, dir, "import", more)
	if diff := cmp.Diff(decided, content(t, dir)); diff != "" {
		t.Errorf("decisions there and back (-before +after):\n%s", diff)
	}
}

// TestTypesFollowTheirSentenceWhereverTheyGo moves and renames what has such a field,
// before it goes.
func TestTypesFollowTheirSentenceWhereverTheyGo(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	const until = "                loan_until:\n                  type: string\n"
	more := []string{
		until, until + "                period:\n                  type: integer\n                  description: Unix timestamp in milliseconds.\n",
		"        giver:\n", "        given:\n          type: integer\n          description: Unix timestamp in milliseconds.\n        giver:\n",
	}
	tool(t, fine, dir, "import", edited(t, first, more...))
	moved := slices.Concat(more, giftRenamed, []string{"  /books:\n", "  /volumes:\n"})
	tool(t, fine, dir, "import", edited(t, first, moved...))
	contains(t, content(t, dir)["users.yaml"], "                period:\n                  x-go-type: clerk.Timestamp\n")
	contains(t, content(t, dir)["components.yaml"], "        given:\n          x-go-type: clerk.Timestamp\n")
	tool(t, fine, dir, "import", first)
	if text := content(t, dir)[retiredFile]; strings.Contains(text, "x-go-type") {
		t.Errorf("retired, although nobody decided it:\n%s", text)
	}
}
