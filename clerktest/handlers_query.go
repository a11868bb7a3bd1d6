package clerktest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

// query decodes the query of a request into params by the query tags of the fields, and
// ignores what params do not have. If that fails, it sends an error and returns false.
func (x *exchange) query(params any) bool {
	_, ok := x.values(params, "query", x.r.URL.Query(), nil)
	return ok
}

// form decodes a multipart body into params by the form tags of the fields. If that
// fails, it sends an error and returns false.
func (x *exchange) form(params any) bool {
	x.r.Body = http.MaxBytesReader(x.w, x.r.Body, maxRequestBody)
	if err := x.r.ParseMultipartForm(maxRequestBody); err != nil {
		fail(x.w, failure(http.StatusBadRequest, "request_body_invalid", "the body is not a multipart form: "+err.Error(), ""))
		return false
	}
	defer x.r.MultipartForm.RemoveAll()
	left, ok := x.values(params, "form", x.r.MultipartForm.Value, x.r.MultipartForm.File)
	if ok && len(left) > 0 {
		name := slices.Min(slices.Collect(maps.Keys(left)))
		fail(x.w, failure(http.StatusUnprocessableEntity, "form_param_unknown", x.name+" has no parameter "+name, name))
		return false
	}
	return ok
}

// values sets the fields of params with the tag, and returns what they do not have.
func (x *exchange) values(params any, tag string, values map[string][]string, files map[string][]*multipart.FileHeader) (left map[string][]string, ok bool) {
	left = maps.Clone(values)
	into := reflect.ValueOf(params).Elem()
	for i := range into.NumField() {
		name, comma := strings.CutSuffix(into.Type().Field(i).Tag.Get(tag), ",comma")
		if name == "" {
			continue // a field of the body
		}
		given := left[name]
		delete(left, name)
		if comma && len(given) > 0 {
			given = strings.Split(strings.Join(given, ","), ",")
		}
		if err := setField(into.Field(i), given, files[name]); err != nil {
			fail(x.w, failure(http.StatusUnprocessableEntity, "form_param_format_invalid", "the parameter "+name+" of "+x.name+" is not valid: "+err.Error(), name))
			return nil, false
		}
	}
	return left, true
}

// setField sets a field of params to the values or files of a request.
func setField(field reflect.Value, given []string, files []*multipart.FileHeader) error {
	switch target := field.Addr().Interface().(type) {
	case *clerk.File, *clerk.Optional[clerk.File]:
		return setFile(target, files)
	case json.Unmarshaler:
		if len(given) == 0 {
			return nil
		}
		// The type of an Optional's value is the first result of its method Get.
		inner := reflect.New(field.MethodByName("Get").Type().Out(0)).Elem()
		if err := setScalar(inner, given[0]); err != nil {
			return err
		}
		raw, err := json.Marshal(inner.Interface())
		if err != nil {
			return err
		}
		return target.UnmarshalJSON(raw)
	}
	if field.Kind() != reflect.Slice {
		if len(given) == 0 {
			return errors.New("required")
		}
		return setScalar(field, given[0])
	}
	for _, text := range given {
		element := reflect.New(field.Type().Elem()).Elem()
		if err := setScalar(element, text); err != nil {
			return err
		}
		field.Set(reflect.Append(field, element))
	}
	return nil
}

func setScalar(v reflect.Value, text string) error {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("%q is not a boolean", text)
		}
		v.SetBool(b)
	case reflect.Int, reflect.Int32, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, v.Type().Bits())
		if err != nil {
			return fmt.Errorf("%q is not a whole number", text)
		}
		v.SetInt(n)
	case reflect.Float64:
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return fmt.Errorf("%q is not a number", text)
		}
		v.SetFloat(f)
	case reflect.Struct:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fmt.Errorf("%q is not a number of milliseconds", text)
		}
		v.Set(reflect.ValueOf(time.UnixMilli(n)))
	default:
		return fmt.Errorf("clerktest cannot decode a %s", v.Type())
	}
	return nil
}

// setFile reads an uploaded file into memory.
func setFile(target any, files []*multipart.FileHeader) error {
	if len(files) == 0 {
		if _, required := target.(*clerk.File); required {
			return errors.New("required")
		}
		return nil
	}
	opened, err := files[0].Open()
	if err != nil {
		return err
	}
	defer opened.Close()
	content, err := io.ReadAll(opened)
	if err != nil {
		return err
	}
	file := clerk.File{Name: files[0].Filename, ContentType: files[0].Header.Get("Content-Type"), Content: bytes.NewReader(content)}
	switch target := target.(type) {
	case *clerk.File:
		*target = file
	case *clerk.Optional[clerk.File]:
		*target = clerk.Set(file)
	}
	return nil
}
