package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/publishedtest"
)

const firstEvents = "testdata/webhooks-2030-01-01.yaml"

// withLibraryEvents returns a folder with the facts of both first documents and words for
// some of the events.
func withLibraryEvents(t *testing.T) string {
	t.Helper()
	dir := imported(t)
	tool(t, fine, dir, "import", firstEvents)
	file := filepath.Join(dir, description.WebhooksFile)
	replace(t, file, "operationId: loan.ended\n", "operationId: loan.ended\n      description: A book came back.\n")
	replace(t, file, "    LoanEventPayload:\n", "    LoanEventPayload:\n      x-go-name: Loan\n      description: is a book that somebody has.\n")
	replace(t, file, "        fee:\n", "        fee:\n          x-go-credential: true\n          description: is what it costs.\n")
	tool(t, fine, dir, "check")
	return dir
}

// publication returns the path of a copy of the first document of events with another
// date in its name and texts replaced.
func publication(t *testing.T, pairs ...string) string {
	t.Helper()
	from := edited(t, firstEvents, pairs...)
	to := filepath.Join(t.TempDir(), "webhooks-2030-02-02.yaml")
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
	return to
}

// loanReturned is one more event.
const loanReturned = `  loan.returned:
    post:
      operationId: loan.returned
      requestBody: {content: {application/json: {schema: {allOf: [{$ref: '#/components/schemas/Envelope'}, {properties: {data: {$ref: '#/components/schemas/LoanEventPayload'}}}]}}}}
`

func TestImportOfEventsTouchesTheirFilesAlone(t *testing.T) {
	t.Parallel()
	dir := imported(t)
	before := content(t, dir)
	out, _ := tool(t, fine, dir, "import", firstEvents)
	contains(t, out, "wrote LOCK\nwrote webhooks.yaml\n", "adds: ", "3 events added")
	after := content(t, dir)
	contains(t, after["LOCK"], before["LOCK"]+"webhooks:\n  version: \"2030-01-01\"\n")
	events := after[description.WebhooksFile]
	contains(t, events, "$ref: components.yaml#/components/schemas/Book\n", "$ref: '#/components/schemas/LoanEventPayload'\n",
		"        ends_at:\n          x-go-type: clerk.Timestamp\n", "        - state\n", `version: "2030-01-01"`)
	if strings.Contains(events, "Prose") || strings.Contains(events, "b_1") || strings.Contains(events, "book_gift") {
		t.Errorf("sentences of the publisher, or what components.yaml has:\n%s", events)
	}
	for _, name := range []string{"LOCK", description.WebhooksFile} {
		delete(before, name)
		delete(after, name)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("other files changed (-before +after):\n%s", diff)
	}
	tool(t, fine, dir, "check")
	out, _ = tool(t, fine, dir, "diff", firstEvents)
	if want := "nothing differs: the description has the facts of this document, version 2030-01-01\n"; out != want {
		t.Errorf("diff reports %q, want %q", out, want)
	}
}

func TestEventsAreImportedThereAndBack(t *testing.T) {
	t.Parallel()
	const loan, fee = "    LoanEventPayload:\n", "        fee: {type: integer}\n"
	tests := []struct {
		name  string
		edits []string
		want  string
		also  []string
	}{
		{"a new event", []string{"  loan.started:\n", loanReturned + "  loan.started:\n"}, "adds", []string{
			"events added:\n  + loan.returned (webhooks.LoanReturned)\n", "breaks Go callers: nothing\n", "added without words:\n  loan.returned (webhooks.LoanReturned): itself\n",
			"*Webhook events:* 2030-02-02, 4 published.\n", "- `webhooks.Handlers.LoanReturned`, `webhooks.LoanReturned`\n",
		}},
		{"an event removed", []string{"  loan.ended:\n    post:\n      description: Prose of the publisher\n      operationId: loan.ended\n", "  loan.over:\n    post:\n      operationId: loan.over\n"}, "breaks", []string{
			"events removed:\n  - loan.ended (webhooks.LoanEnded)\n", "events added:\n  + loan.over (webhooks.LoanOver)\n",
			"breaks Go callers:\n  webhooks.LoanEnded is gone, and Handlers.LoanEnded with it\n",
			"Breaking\n- `webhooks.Handlers.LoanEnded`, `webhooks.LoanEnded`\n",
		}},
		{"a member added", []string{fee, fee + "        note: {type: string}\n"}, "adds", []string{
			"LoanEventPayload (webhooks.Loan)\n    + field note (string)\n", "LoanEventPayload (webhooks.Loan): field note\n", "- `webhooks.Loan.Note`\n",
		}},
		{"a member removed", []string{fee, ""}, "breaks", []string{"    - field fee (integer)\n", "  webhooks.Loan.Fee is gone\n", "- `webhooks.Loan.Fee`\n"}},
		{"a member of another type", []string{fee, "        fee: {type: string}\n"}, "breaks", []string{
			"~ type of field fee: \"integer\", now \"string\"\n", "  webhooks.Loan.Fee: int, now string\n",
		}},
		{"a member that may be null", []string{fee, "        fee: {type: integer, nullable: true}\n"}, "breaks", []string{
			"~ field fee may now be null\n", "  webhooks.Loan.Fee: int, now *int\n",
		}},
		{"a member that is required", []string{"required: [id, state]", "required: [id, state, reader]"}, "invisible", []string{"~ field reader is now required\n", "breaks Go callers: nothing\n"}},
		{"one more value", []string{"enum: [open, late]", "enum: [open, late, lost]"}, "adds", []string{"+ value \"lost\" of field state\n", "- `webhooks.LoanStateLost`\n"}},
		{"one value less", []string{"enum: [open, late]", "enum: [open]"}, "breaks", []string{"  webhooks.LoanStateLate is gone\n"}},
		{"a schema renamed", []string{
			"$ref: '#/components/schemas/LoanReader'", "$ref: '#/components/schemas/Reader'", "    LoanReader:\n", "    Reader:\n",
		}, "invisible", []string{"models renamed:\n  ~ LoanReader, now Reader (webhooks.LoanReader)\n", "breaks Go callers: nothing\n"}},
		{"a shared schema renamed", []string{
			"$ref: '#/components/schemas/Book'\n                  required", "$ref: '#/components/schemas/BookPayload'\n                  required", "    Book:\n", "    BookPayload:\n",
		}, "invisible", []string{"  ~ Book, now BookPayload (api.Book)\n", "breaks Go callers: nothing\n"}},
		{"other data", []string{"$ref: '#/components/schemas/Book'\n", "$ref: '#/components/schemas/LoanEventPayload'\n"}, "breaks", []string{
			"  webhooks.Handlers.BookLent: the data is *api.Book, now *webhooks.Loan\n", "- `webhooks.Handlers.BookLent`\n",
		}},
		{"a new model", []string{loan, "    Fine:\n      type: object\n      properties: {sum: {type: integer}}\n" + loan, fee, "        fee: {$ref: '#/components/schemas/Fine'}\n"}, "breaks", []string{
			"  + Fine (webhooks.Fine)\n", "  webhooks.Loan.Fee: int, now *webhooks.Fine\n", "  Fine (webhooks.Fine): itself, field sum\n",
		}},
		{"the envelope", []string{"        timestamp: {type: integer}\n", "        timestamp: {type: integer}\n        trace: {type: string}\n"}, "invisible", []string{"+ field trace (string)\n"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := withLibraryEvents(t)
			before := content(t, dir)
			changed := publication(t, tt.edits...)
			status := differing
			if tt.want == "breaks" {
				status = breaks
			}
			report, _ := tool(t, status, dir, "diff", changed)
			contains(t, report, append(tt.also, "version 2030-01-01, now 2030-02-02\n", "\n"+tt.want+": ")...)
			if diff := cmp.Diff(before, content(t, dir)); diff != "" {
				t.Errorf("diff changed files (-before +after):\n%s", diff)
			}
			tool(t, fine, dir, "import", changed)
			tool(t, fine, dir, "check")
			contains(t, content(t, dir)["LOCK"], `  version: "2030-02-02"`)
			tool(t, fine, dir, "diff", changed)
			tool(t, fine, dir, "import", firstEvents)
			if diff := cmp.Diff(before, content(t, dir)); diff != "" {
				t.Errorf("there and back (-before +after):\n%s", diff)
			}
		})
	}
}

func TestUnusableDocumentsOfEvents(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(firstEvents)
	if err != nil {
		t.Fatal(err)
	}
	whole := string(data)
	swap := func(old, text string) string {
		if !strings.Contains(whole, old) {
			t.Fatalf("%q is not in the document", old)
		}
		return strings.Replace(whole, old, text, 1)
	}
	const named = "webhooks-2030-02-02.yaml"
	tests := []struct{ name, file, doc, want string }{
		{"no date", "webhooks.yaml", whole, "its name has no date"},
		{"cut in the middle", named, whole[:strings.Index(whole, "\ncomponents:")+1], "does not resolve"},
		{"no events", named, "openapi: 3.0.3\ninfo: {title: a, version: v1}\nx-webhooks: {}\n", "no events"},
		{"OpenAPI 3.1", named, strings.Replace(swap("openapi: 3.0.3", "openapi: 3.1.0"), "x-webhooks:", "webhooks:", 1), `openapi is "3.1.0"`},
		{"operations, too", named, swap("x-webhooks:\n", "paths: {/a: {get: {operationId: a, responses: {'204': {description: d}}}}}\nx-webhooks:\n"), "both operations and webhook events"},
		{"no data", named, swap("                    data:\n", "                    date:\n"), "event book.lent has no data"},
		{"no body", named, swap("          application/json:\n", "          text/plain:\n"), "event book.lent has no JSON"},
		{"another method", named, swap("    post:\n", "    put:\n"), `"put" is not a member`},
		{"another operationId", named, swap("operationId: book.lent", "operationId: lent"), `operationId "lent"`},
		{"a type with other characters", named, strings.ReplaceAll(whole, "book.lent", "book-lent"), "is not the type of an event"},
		{"an event twice", named, swap("  loan.started:\n", "  loan.ended:\n"), `"loan.ended" appears twice`},
		{"a member of no schema", named, swap("        fee: {type: integer}\n", "        fee: {type: integer, const: 1}\n"), `"const" is not a member`},
		{"a type of no schema", named, swap("        fee: {type: integer}\n", "        fee: {type: money}\n"), "money"},
	}
	dir := withLibraryEvents(t)
	before := content(t, dir)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), tt.file)
			if err := os.WriteFile(file, []byte(tt.doc), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, command := range []string{"diff", "import"} {
				_, errs := tool(t, refused, dir, command, file)
				contains(t, errs, "refused: ", tt.want)
			}
			if diff := cmp.Diff(before, content(t, dir)); diff != "" {
				t.Errorf("files were written (-before +after):\n%s", diff)
			}
		})
	}
}

// TestSharedSchemaThatDiffersIsDecidedFirst has each answer: the type of package api, or a
// model of package webhooks.
func TestSharedSchemaThatDiffersIsDecidedFirst(t *testing.T) {
	t.Parallel()
	changed := publication(t, "        id:\n          type: string\n          description", "        shelf: {type: string}\n        id:\n          type: string\n          description")
	dir := withLibraryEvents(t)
	before := content(t, dir)
	contains(t, undecidedUntil(t, dir, changed), "    + field shelf (string)\n", "needs a decision: 1 to decide, nothing is written, ",
		"\nschema Book: {x-go-same-as: Book}\nschema Book: {x-go-name: BookOfEvents}\n")
	decided := filepath.Join(dir, retiredWebhooksFile)
	paste(t, decided, "schema Book: {x-go-same-as: Book}")
	out, _ := tool(t, fine, dir, "import", changed)
	contains(t, out, "breaks Go callers: nothing\n", "\ninvisible: ")
	contains(t, content(t, dir)[description.WebhooksFile], "    Book:\n      x-go-same-as: Book\n      type: object\n")
	tool(t, fine, dir, "check")
	tool(t, fine, dir, "import", firstEvents)
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Errorf("there and back (-before +after):\n%s", diff)
	}
	paste(t, decided, "schema Book: {x-go-name: BookOfEvents}")
	out, _ = tool(t, fine, dir, "import", changed)
	contains(t, out, "  webhooks.Handlers.BookLent: the data is *api.Book, now *webhooks.BookOfEvents\n", "\nbreaks: ")
	tool(t, fine, dir, "check")
}

// TestEventsFollowTheBackendAPI imports a document of the Backend API that changes a
// schema of events, renames it or has it no longer. The events keep their facts.
func TestEventsFollowTheBackendAPI(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		edits []string
		want  []string
	}{
		{"changed", []string{"enum: [lent, here]", "enum: [lent, here, lost]"}, []string{
			"schemas of events that differ from now on:\n  Book keeps its facts in webhooks.yaml, and is Book in Go\n", "\nadds: ",
		}},
		{"renamed", []string{
			"    Book:\n      type: object\n", "    Volume:\n      type: object\n",
			"                  $ref: '#/components/schemas/Book'\n        '404'", "                  $ref: '#/components/schemas/Volume'\n        '404'",
			"          schema:\n            $ref: '#/components/schemas/Book'\n", "          schema:\n            $ref: '#/components/schemas/Volume'\n",
		}, []string{"~ Book, now Volume (api.Book)\n", "breaks Go callers: nothing\n"}},
		{"gone", []string{
			"    Book:\n      type: object\n", "    Tome:\n      type: object\n", "        id:\n          type: string\n", "        code:\n          type: string\n", "required: [id,", "required: [code,",
			"                  $ref: '#/components/schemas/Book'\n        '404'", "                  $ref: '#/components/schemas/Tome'\n        '404'",
			"          schema:\n            $ref: '#/components/schemas/Book'\n", "          schema:\n            $ref: '#/components/schemas/Tome'\n",
		}, []string{"  webhooks.Handlers.BookLent: the data is *api.Book, now *webhooks.Book\n", "Book has its last form in webhooks.yaml\n"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := withLibraryEvents(t)
			before := content(t, dir)
			out, _ := tool(t, fine, dir, "import", edited(t, first, tt.edits...))
			contains(t, out, tt.want...)
			tool(t, fine, dir, "check")
			tool(t, fine, dir, "diff", firstEvents)
			tool(t, fine, dir, "import", first)
			if diff := cmp.Diff(before, content(t, dir)); diff != "" {
				t.Errorf("there and back (-before +after):\n%s", diff)
			}
		})
	}
}

// TestWhatWasKnownBeforeItIsPublished has an event and a member that only others know.
func TestWhatWasKnownBeforeItIsPublished(t *testing.T) {
	t.Parallel()
	dir := withLibraryEvents(t)
	file := filepath.Join(dir, description.WebhooksFile)
	replace(t, file, "components:\n", "  loan.returned:\n    post:\n      x-go-unpublished: true\n      description: A book is back.\n      requestBody:\n        content:\n          application/json:\n            schema:\n              properties:\n                data:\n                  $ref: '#/components/schemas/LoanEventPayload'\ncomponents:\n")
	replace(t, file, "        fee:\n", "        note:\n          x-go-unpublished: true\n          type: string\n        fee:\n")
	tool(t, fine, dir, "format")
	tool(t, fine, dir, "check")
	before := content(t, dir)
	tool(t, fine, dir, "diff", firstEvents)
	published := publication(t, "  loan.started:\n", loanReturned+"  loan.started:\n", "        fee: {type: integer}\n", "        fee: {type: integer}\n        note: {type: string}\n")
	out, _ := tool(t, fine, dir, "import", published)
	contains(t, out, "known before they were published:\n  event loan.returned: published now, x-go-unpublished can be deleted\n", "schema LoanEventPayload > .note: published now")
	contains(t, content(t, dir)[description.WebhooksFile], "x-go-unpublished: false\n      operationId: loan.returned\n      description: A book is back.\n")
	tool(t, fine, dir, "check")
	out, _ = tool(t, fine, dir, "import", firstEvents)
	contains(t, out, "breaks Go callers: nothing\n")
	if got := content(t, dir)[description.WebhooksFile]; !strings.Contains(got, "x-go-unpublished: true") || !strings.Contains(before[description.WebhooksFile], "note:") {
		t.Errorf("what is not published any more is lost:\n%s", got)
	}
	// An event and a schema that were gone return with what was known about them.
	before = content(t, dir)
	less := publication(t, "#/components/schemas/LoanEventPayload'\n              required: [data]\n  loan.started", "#/components/schemas/Loan'\n              required: [data]\n  loan.started",
		"                      $ref: '#/components/schemas/LoanEventPayload'\n              required: [data]\ncomponents", "                      $ref: '#/components/schemas/Loan'\n              required: [data]\ncomponents",
		"    LoanEventPayload:\n", "    Loan:\n", "        state:\n", "        condition:\n", "[id, state]", "[id, condition]")
	if out, _ := tool(t, unanswered, dir, "import", less); !strings.Contains(out, "Go names") {
		t.Errorf("an event without its schema is not reported:\n%s", out)
	}
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Errorf("files were written (-before +after):\n%s", diff)
	}
}

func TestCheckSeesOtherFormsOfEvents(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, old, text, want string }{
		{"a comment", description.WebhooksFile, "operationId: loan.ended", "operationId: loan.ended # why", "webhooks.yaml is not in canonical form"},
		{"a fact", description.WebhooksFile, "- late", "- later", "the facts of webhooks.yaml are not those that LOCK records"},
		{"a required member", description.WebhooksFile, "        - state\n", "", "the facts of webhooks.yaml"},
		{"a fact of a shared schema", "components.yaml", "- lent", "- gone", "the facts of webhooks.yaml"},
		{"a version", description.WebhooksFile, `"2030-01-01"`, `"2030-01-02"`, "LOCK has version 2030-01-01 of the webhook events"},
		{"an example", description.WebhooksFile, "- late\n", "- late\n          example: late\n", `"example" is not a member`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := withLibraryEvents(t)
			replace(t, filepath.Join(dir, tt.file), tt.old, tt.text)
			_, errs := tool(t, differing, dir, "check")
			contains(t, errs, tt.want)
		})
	}
}

func TestEventsNeedTheBackendAPI(t *testing.T) {
	t.Parallel()
	_, errs := tool(t, unusable, empty(t), "import", firstEvents)
	contains(t, errs, "the Backend API, whose document is imported first")
}

// TestPublishedEventsThereAndBack changes the newest published document in the project's
// own description.
func TestPublishedEventsThereAndBack(t *testing.T) {
	t.Parallel()
	const version = "2025-04-15"
	source := publishedtest.WebhooksPath(t, version)
	tests := []struct {
		name, want string
		edits      []string
	}{
		{"nothing", "nothing differs", nil},
		{"an event renamed", "webhooks.WaitlistEntryUpdated is gone, and Handlers.WaitlistEntryUpdated with it", []string{
			"  waitlistEntry.updated:\n", "  waitlistEntry.changed:\n", "operationId: waitlistEntry.updated\n", "operationId: waitlistEntry.changed\n",
		}},
		{"a schema renamed", "~ SmsEventPayload, now SmsPayload (webhooks.SMS)", []string{
			"$ref: '#/components/schemas/SmsEventPayload'", "$ref: '#/components/schemas/SmsPayload'", "    SmsEventPayload:\n", "    SmsPayload:\n",
		}},
		{"a member removed", "webhooks.SMS.ToPhoneNumber is gone", []string{"        to_phone_number:\n          type: string\n", "        recipient:\n          type: string\n"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "openapi")
			if err := os.CopyFS(dir, os.DirFS("../../../openapi")); err != nil {
				t.Fatal(err)
			}
			before := content(t, dir)
			document := filepath.Join(t.TempDir(), "webhooks-"+version+".yml")
			if err := os.Rename(edited(t, source, tt.edits...), document); err != nil {
				t.Fatal(err)
			}
			out, _ := tool(t, fine, dir, "import", document)
			contains(t, out, tt.want)
			tool(t, fine, dir, "check")
			tool(t, fine, dir, "import", source)
			if diff := cmp.Diff(before, content(t, dir)); diff != "" {
				t.Errorf("there and back (-before +after):\n%s", diff)
			}
		})
	}
}
