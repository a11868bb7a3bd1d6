package description

import (
	"net/http"
	"strings"
)

// Refusal describes why a request does not conform to the description.
type Refusal struct {
	Status   int
	Problems []Problem
	Allow    []string // the methods of the path, for status 405
}

// Problem is one fault of a request.
type Problem struct {
	Code    string // Clerk's code, such as "form_param_unknown"
	Message string // short, such as "is unknown"; empty where the code says as much
	Detail  string // one sentence
	Param   string // the parameter or member, such as "email_address[0]"; may be empty
}

// Error returns the refusal as a single line.
func (r *Refusal) Error() string {
	details := make([]string, len(r.Problems))
	for i, p := range r.Problems {
		details[i] = p.Detail
	}
	return http.StatusText(r.Status) + ": " + strings.Join(details, "; ")
}

func refuse(status int, code, detail, param string) *Refusal {
	return &Refusal{Status: status, Problems: []Problem{{Code: code, Detail: detail, Param: param}}}
}
