package clerk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/textproto"
	"path"
	"slices"

	"github.com/oapi-codegen/runtime"

	"github.com/backend-sdk/clerk-go/clerk/internal/wire"
)

// Form holds the fields of a multipart/form-data body by name. A value is a File, an
// Optional[File], or anything that a Query accepts.
type Form map[string]any

// File is an upload. Content is read while it is sent and is not kept in memory. If
// Content cannot seek, the call is not retried after some of it has been read.
type File struct {
	Name        string // "file" when empty
	ContentType string // derived from the extension of Name when empty
	Content     io.Reader
}

// stream returns the form as a body, and its content type. Files are read later, when
// the body is read.
func (f Form) stream() (*wire.Stream, string, error) {
	var readers []io.Reader
	var text bytes.Buffer
	w := multipart.NewWriter(&text)
	for _, name := range slices.Sorted(maps.Keys(f)) {
		v, err := unwrap(f[name])
		if err == nil && v != nil {
			if file, ok := v.(File); ok {
				if err = file.open(w, name); err == nil {
					readers = append(readers, bytes.NewReader(bytes.Clone(text.Bytes())), file.Content)
					text.Reset()
				}
			} else {
				err = writeField(w, name, v)
			}
		}
		if err != nil {
			return nil, "", &RequestError{Field: name, Err: err}
		}
	}
	if err := w.Close(); err != nil {
		return nil, "", &RequestError{Field: "form", Err: err}
	}
	readers = append(readers, bytes.NewReader(text.Bytes()))
	return wire.NewStream(readers...), w.FormDataContentType(), nil
}

// open writes the header of the file's part.
func (f File) open(w *multipart.Writer, field string) error {
	if f.Content == nil {
		return errors.New("content is nil")
	}
	name, contentType := f.Name, f.ContentType
	if name == "" {
		name = "file"
	}
	if contentType == "" {
		contentType = mime.TypeByExtension(path.Ext(name))
	}
	if contentType == "" {
		contentType = "application/octet-stream"
	}
	if !validHeaderValue(contentType) {
		return errors.New("the content type contains a control character")
	}
	_, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {multipart.FileContentDisposition(field, name)},
		"Content-Type":        {contentType},
	})
	return err
}

// writeField writes one part for each scalar in v.
func writeField(w *multipart.Writer, name string, v any) error {
	v, err := scalars(v)
	if v == nil || err != nil {
		return err
	}
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	for _, scalar := range list {
		text, err := runtime.StyleParamWithOptions("simple", false, name, scalar, runtime.StyleParamOptions{})
		if err != nil {
			return fmt.Errorf("encoding: %w", err)
		}
		if err := w.WriteField(name, text); err != nil {
			return err
		}
	}
	return nil
}
