package clerktest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
)

// failure returns an API error with one problem. message says what is wrong with which
// resource; the short message follows from the code. param names the parameter at fault
// and may be empty.
func failure(status int, code, message, param string) *clerk.Error {
	return &clerk.Error{StatusCode: status, Problems: []clerk.Problem{problem(code, shortMessage(code), message, param)}}
}

// shortMessages are those of codes that do not say what is wrong in words.
var shortMessages = map[string]string{
	"resource_not_found":        "not found",
	"form_identifier_exists":    "is taken",
	"form_data_missing":         "missing data",
	"form_param_value_invalid":  "has an invalid value",
	"form_param_format_invalid": "has an invalid format",
	"form_param_type_invalid":   "has the wrong type",
	"form_param_missing":        "is missing",
	"form_param_unknown":        "is unknown",
	"form_password_pwned":       "was found in a data breach",
	"form_resource_not_found":   "not found",
	"request_body_invalid":      "invalid request body",
	"duplicate_record":          "is a duplicate",
	"ticket_invalid_code":       "invalid ticket",
	"internal":                  "internal error",
	"clerk_key_invalid":         "invalid key",
}

// shortMessage returns what a code says in words, such as "already a member in organization".
func shortMessage(code string) string {
	if known, ok := shortMessages[code]; ok {
		return known
	}
	text := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(code, "form_param_"), "form_"), "_code")
	return strings.ReplaceAll(text, "_", " ")
}

func problem(code, message, long, param string) clerk.Problem {
	p := clerk.Problem{Code: code, Message: message, LongMessage: long}
	if param != "" {
		// A string always encodes.
		name, _ := json.Marshal(param)
		p.Meta = json.RawMessage(`{"param_name":` + string(name) + `}`)
	}
	return p
}

// invalid returns the error for a parameter whose value the API refuses with 422.
func invalid(code, param, format string, args ...any) error {
	return failure(http.StatusUnprocessableEntity, code, param+" "+fmt.Sprintf(format, args...), param)
}

// identifierTaken returns the error for an identifier that another resource has.
func identifierTaken(param string) error {
	return invalid("form_identifier_exists", param, "is taken")
}

func notFound(noun, id string) error {
	return failure(http.StatusNotFound, "resource_not_found", fmt.Sprintf("no %s was found with id %s", noun, id), "")
}

// missingReference returns the error for a parameter with the ID of what is not there.
func missingReference(noun, id, param string) error {
	return failure(http.StatusNotFound, "resource_not_found", fmt.Sprintf("%s: no %s was found with id %s", param, noun, id), param)
}

func refusalError(r *description.Refusal) *clerk.Error {
	e := &clerk.Error{StatusCode: r.Status}
	for _, p := range r.Problems {
		e.Problems = append(e.Problems, problem(p.Code, cmp.Or(p.Message, shortMessage(p.Code)), p.Detail, p.Param))
	}
	return e
}

// writeError sends an error in the API's form, with a fresh trace ID unless the
// error has one.
func writeError(w http.ResponseWriter, e *clerk.Error) {
	trace := e.TraceID
	if trace == "" {
		trace = randomHex(16)
	}
	body, err := json.Marshal(struct {
		Errors  []clerk.Problem `json:"errors"`
		TraceID string          `json:"clerk_trace_id"`
	}{e.Problems, trace})
	if err != nil {
		http.Error(w, "clerktest: "+err.Error(), http.StatusInternalServerError)
		return
	}
	if rec, ok := w.(*recorder); ok && len(e.Problems) > 0 {
		rec.code = e.Problems[0].Code
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(e.StatusCode)
	w.Write(body)
}

// malformedToken returns the error for a token that does not have the prefix of its
// kind.
func malformedToken(param, prefix string) error {
	return failure(http.StatusBadRequest, "token_invalid", param+" does not begin with "+prefix, param)
}
