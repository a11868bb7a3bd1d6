package description

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
)

// MaxBody returns the maximum size of the operation's body in bytes.
func (o *Operation) MaxBody() int64 {
	if o.Body != nil && o.Body.Multipart {
		return 16 << 20
	}
	return 1 << 20
}

// TooLarge returns the refusal of a body that exceeds MaxBody.
func (o *Operation) TooLarge() *Refusal {
	return refuse(http.StatusRequestEntityTooLarge, "request_body_invalid", "the request body is too large", "")
}

// Unreadable returns the refusal of a body that cannot be read completely.
func Unreadable() *Refusal {
	return refuse(http.StatusBadRequest, "request_body_invalid", "the request body cannot be read", "")
}

// CheckBody checks the body of a request. It returns nil if the body is valid. Where the
// description has none, a body that says nothing is ignored: there are clients that always
// send null.
func (o *Operation) CheckBody(contentType string, data []byte, known IDs) *Refusal {
	switch {
	case o.Body == nil && !saysNothing(data):
		return refuse(http.StatusBadRequest, "request_body_invalid", "the operation does not take a request body", "")
	case o.Body == nil:
		return nil
	case len(data) == 0:
		return o.Body.checkAbsent()
	}
	want := "application/json"
	if o.Body.Multipart {
		want = "multipart/form-data"
	}
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil || media != want {
		return refuse(http.StatusUnsupportedMediaType, "unsupported_content_type", "the content type must be "+want, "")
	}
	if o.Body.Multipart {
		return o.Body.checkForm(data, params["boundary"], known)
	}
	return checkJSON(o.Body.Schema, data, checker{known: known})
}

func saysNothing(data []byte) bool {
	text := string(bytes.TrimSpace(data))
	return text == "" || text == "null" || text == "{}"
}

// Check checks a JSON text. It returns nil if the text is valid.
func Check(s *Schema, data []byte) *Refusal { return checkJSON(s, data, checker{}) }

func checkJSON(s *Schema, data []byte, c checker) *Refusal {
	v, err := parse(data)
	if err != nil {
		return refuse(http.StatusBadRequest, "request_body_invalid", "the request body is "+err.Error(), "")
	}
	if list, ok := v.([]any); ok && s.Type == Array && s.tooMany(len(list)) {
		return refuse(http.StatusBadRequest, "bulk_size_exceeded", fmt.Sprintf("the list has %d items, which are too many for one call", len(list)), "")
	}
	c.checkValue("", s, v)
	return c.refusal(http.StatusUnprocessableEntity)
}

// checkAbsent checks an absent body as if it were an object without members.
func (b *Body) checkAbsent() *Refusal {
	var c checker
	if !b.Multipart && b.Schema.Type == Object {
		c.checkObject("", b.Schema, &object{})
	}
	if b.Required && len(c.problems) == 0 {
		return refuse(http.StatusBadRequest, "request_body_invalid", "the operation requires a request body", "")
	}
	return c.refusal(http.StatusUnprocessableEntity)
}

func (b *Body) checkForm(data []byte, boundary string, known IDs) *Refusal {
	reader := multipart.NewReader(bytes.NewReader(data), boundary)
	c := checker{known: known}
	seen := &object{members: map[string]any{}}
	for {
		part, err := reader.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return refuse(http.StatusBadRequest, "request_body_invalid", "the request body is not a well-formed form", "")
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return refuse(http.StatusBadRequest, "request_body_invalid", "the request body is not a well-formed form", "")
		}
		name := part.FormName()
		if _, twice := seen.members[name]; twice {
			seen.duplicates = append(seen.duplicates, name)
			continue
		}
		seen.names = append(seen.names, name)
		seen.members[name] = string(content)
		if m := b.Schema.Member(name); m != nil && m.Schema.Format == "binary" && part.FileName() == "" {
			c.add("form_param_type_invalid", "has the wrong type", name, "%s must be a file", name)
		}
	}
	c.checkObject("", b.Schema, seen)
	return c.refusal(http.StatusUnprocessableEntity)
}
