package description

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// VersionParameter selects the dated API version on any operation, as the
// header Clerk-API-Version does.
const VersionParameter = "__clerk_api_version"

// UnknownParameters returns the names in the raw query of a request that the operation
// does not have. They are ignored, as the API does.
func (o *Operation) UnknownParameters(raw string) []string {
	values, _ := url.ParseQuery(raw)
	var unknown []string
	for name := range values {
		if o.queryParameter(name) == nil && name != VersionParameter {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	return unknown
}

// CheckQuery checks the raw query of a request. It returns nil if the query is valid.
func (o *Operation) CheckQuery(raw string, known IDs) *Refusal {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return refuse(http.StatusBadRequest, "malformed_request_parameters", "the query is malformed", "")
	}
	c := checker{known: known}
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if p := o.queryParameter(name); p != nil {
			c.checkQuery(p, values[name])
		}
	}
	if refusal := c.refusal(http.StatusUnprocessableEntity); refusal != nil {
		return refusal
	}
	for _, p := range o.Query {
		if p.Required && !values.Has(p.Name) {
			c.add("missing_query_parameter", "is missing", p.Name, "the query parameter %s is required", p.Name)
		}
	}
	return c.refusal(http.StatusBadRequest)
}

func (c *checker) checkQuery(p *Parameter, values []string) {
	if p.Schema.Type == Array {
		if p.Comma {
			values = strings.Split(strings.Join(values, ","), ",")
		}
		for _, v := range values {
			c.checkParameter(p.Name, p.Schema.Items, v)
		}
		return
	}
	if len(values) > 1 {
		c.add("form_param_duplicate", "is duplicate", p.Name, "%s occurs more than once", p.Name)
		return
	}
	c.checkParameter(p.Name, p.Schema, values[0])
}

// checkParameter checks the text of a path or query parameter.
func (c *checker) checkParameter(name string, s *Schema, raw string) {
	if !utf8.ValidString(raw) {
		c.add("form_param_value_invalid", "has an invalid encoding", name, "%s is not valid UTF-8", name)
		return
	}
	var v any = raw
	switch s.Type {
	case Integer, Number:
		// The text must be a JSON number, so a + sign or hexadecimal digits are not valid.
		if v = json.Number(raw); !json.Valid([]byte(raw)) || strings.ContainsAny(raw, `"[{tfn`) {
			v = raw
		}
	case Boolean:
		if b, err := strconv.ParseBool(raw); err == nil && (raw == "true" || raw == "false") {
			v = b
		}
	}
	c.checkValue(name, s, v)
}
