package description

import (
	"net/http"
	"strings"
)

// Refusal says why a request does not match the description.
type Refusal struct {
	Status   int
	Problems []Problem
	Allow    []string // with status 405: the methods of the path
}

// Problem is one thing that is wrong with a request.
type Problem struct {
	Code    string // Clerk's code, as in "form_param_unknown"
	Message string // short, as in "is unknown"
	Detail  string // one sentence
	Param   string // the parameter or member, as in "email_address[0]"; may be empty
}

// Error returns the refusal as one line.
func (r *Refusal) Error() string {
	details := make([]string, len(r.Problems))
	for i, p := range r.Problems {
		details[i] = p.Detail
	}
	return http.StatusText(r.Status) + ": " + strings.Join(details, "; ")
}

func refuse(status int, code, detail, param string) *Refusal {
	return &Refusal{Status: status, Problems: []Problem{{Code: code, Message: http.StatusText(status), Detail: detail, Param: param}}}
}
