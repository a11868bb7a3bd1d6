package description

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
)

// MaxBody returns how many bytes the operation's body may have.
func (o *Operation) MaxBody() int64 {
	if o.Body != nil && o.Body.Multipart {
		return 16 << 20
	}
	return 1 << 20
}

// TooLarge returns the refusal of a body beyond MaxBody.
func (o *Operation) TooLarge() *Refusal {
	return refuse(http.StatusRequestEntityTooLarge, "request_body_invalid", "the request body is too large", "")
}

// Unreadable returns the refusal of a truncated body.
func Unreadable() *Refusal {
	return refuse(http.StatusBadRequest, "request_body_invalid", "the request body cannot be read", "")
}

// CheckBody returns what is wrong with the body of a request, or nil.
func (o *Operation) CheckBody(contentType string, data []byte) *Refusal {
	switch {
	case o.Body == nil && len(data) > 0:
		return refuse(http.StatusBadRequest, "request_body_invalid", "the operation takes no request body", "")
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
		return o.Body.checkForm(data, params["boundary"])
	}
	return Check(o.Body.Schema, data)
}

// Check returns what is wrong with a JSON text, or nil.
func Check(s *Schema, data []byte) *Refusal { return checkJSON(s, data, checker{}) }

// CheckPart is Check for a text that has only some members of a resource: no member is
// required.
func CheckPart(s *Schema, data []byte) *Refusal { return checkJSON(s, data, checker{lenient: true}) }

func checkJSON(s *Schema, data []byte, c checker) *Refusal {
	v, err := parse(data)
	if err != nil {
		return refuse(http.StatusBadRequest, "request_body_invalid", "the request body is "+err.Error(), "")
	}
	c.checkValue("", s, v)
	return c.refusal(http.StatusUnprocessableEntity)
}

// absent treats a missing body as an object without members, unless a body is required.
func (b *Body) checkAbsent() *Refusal {
	var c checker
	if !b.Multipart && b.Schema.Type == Object {
		c.checkObject("", b.Schema, &object{})
	}
	if b.Required && len(c.problems) == 0 {
		return refuse(http.StatusBadRequest, "request_body_invalid", "the operation needs a request body", "")
	}
	return c.refusal(http.StatusUnprocessableEntity)
}

func (b *Body) checkForm(data []byte, boundary string) *Refusal {
	reader := multipart.NewReader(bytes.NewReader(data), boundary)
	var c checker
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
