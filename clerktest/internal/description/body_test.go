package description_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
	"github.com/google/go-cmp/cmp"
)

func TestCheckBody(t *testing.T) {
	t.Parallel()
	const bad = "Unprocessable Entity"
	malformed := []string{"Bad Request", "request_body_invalid"}
	for _, tc := range []struct {
		method, path, body string
		want               []string
	}{
		{"PATCH", "/users/u", `{"username":null,"first_name":"Ada"}`, nil},
		{"PATCH", "/users/u", `{}`, nil},
		{"PATCH", "/users/u", ``, malformed},
		{"PATCH", "/users/u", `{"first_name":`, malformed},
		{"PATCH", "/users/u", `{} {}`, malformed},
		{"PATCH", "/users/u", "{\"first_name\":\"\xff\"}", malformed},
		{"PATCH", "/users/u", strings.Repeat(`[`, 100) + strings.Repeat(`]`, 100), malformed},
		{"PATCH", "/users/u", `[]`, []string{bad, "form_param_type_invalid"}},
		{"PATCH", "/users/u", `null`, []string{bad, "form_param_nil"}},
		{"PATCH", "/users/u", `{"firstname":"Ada"}`, []string{bad, "form_param_unknown firstname"}},
		{"PATCH", "/users/u", `{"First_name":"Ada"}`, []string{bad, "form_param_unknown First_name"}},
		{"PATCH", "/users/u", `{"first_name":7,"backup_codes":["a",1]}`, []string{bad, "form_param_type_invalid backup_codes[1]", "form_param_type_invalid first_name"}},
		{"PATCH", "/users/u", `{"first_name":"a","first_name":"b"}`, []string{bad, "form_param_duplicate first_name"}},
		{"PATCH", "/users/u", `{"backup_codes":null}`, []string{bad, "form_param_nil backup_codes"}},
		{"PATCH", "/users/u", `{"create_organizations_limit":1.5}`, []string{bad, "form_param_type_invalid create_organizations_limit"}},
		{"POST", "/users", `{"email_address_identification_status":["sure"]}`, []string{bad, "form_param_value_invalid email_address_identification_status[0]"}},
		{"PATCH", "/users/u/metadata", `{"public_metadata":{"a":{"b":[1,null]}}}`, nil},
		{"PATCH", "/users/u/metadata", ``, nil},
		{"PATCH", "/users/u/metadata", `{"public_metadata":{"a":{"b":1,"b":2}}}`, []string{bad, "form_param_duplicate public_metadata.a.b"}},
		{"POST", "/sessions", `{}`, []string{bad, "form_param_missing user_id"}},
		{"POST", "/sessions", ``, []string{bad, "form_param_missing user_id"}},
		{"POST", "/sessions/s/tokens", `{"expires_in_seconds":30}`, nil},
		{"POST", "/sessions/s/tokens", `{"expires_in_seconds":null}`, nil},
		{"POST", "/sessions/s/tokens", `{"expires_in_seconds":29}`, []string{bad, "form_param_value_invalid expires_in_seconds"}},
		{"POST", "/sessions/s/tokens", `{"expires_in_seconds":315360001}`, []string{bad, "form_param_value_too_large expires_in_seconds"}},
		{"POST", "/sessions/s/tokens", `{"expires_in_seconds":1e999}`, []string{bad, "form_param_type_invalid expires_in_seconds"}},
		{"POST", "/users/u/ban", `{}`, nil},
		{"POST", "/users/u/ban", " null\n", nil},
		{"DELETE", "/users/u", `null`, nil},
		{"POST", "/users/u/ban", `[]`, malformed},
		{"POST", "/users/u/ban", `{"a":1}`, malformed},
		{"POST", "/users/u/ban", `{`, malformed},
		{"POST", "/users/ban", `{"user_ids":[]}`, []string{bad, "form_param_missing user_ids"}},
		{"POST", "/users/ban", `{"user_ids":[` + strings.Repeat(`"a",`, 50) + `"a"]}`, []string{bad, "form_param_array_size_exceeded user_ids"}},
		{"PATCH", "/instance/communication", `{"blocked_country_codes":["GR","gr"]}`, []string{bad, "form_param_format_invalid blocked_country_codes[1]"}},
		{"PATCH", "/instance/communication", `{"blocked_country_codes":["GR","GR"]}`, []string{bad, "duplicate_list_items_not_allowed blocked_country_codes"}},
		{"POST", "/api_keys", `{"name":"ab","subject":"user_000000000000000000000000000","seconds_until_expiration":0}`, []string{bad, "form_param_min_length_exceeded name", "form_param_value_invalid seconds_until_expiration"}},
		{"POST", "/saml_connections", `{"name":"n","provider":"saml_okta"}`, []string{bad, "form_param_missing domain"}},
		{"POST", "/waitlist_entries/bulk", `[{"email_address":"no"}]`, []string{bad, "form_param_format_invalid [0].email_address"}},
		{"PATCH", "/directories/d", `{"attribute_mapping":{"a":null,"b":1}}`, []string{bad, "form_param_type_invalid attribute_mapping.b"}},
	} {
		got := problemLines(findOperation(t, tc.method, tc.path).CheckBody("application/json; charset=utf-8", []byte(tc.body), nil))
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s %s %s (-want +got):\n%s", tc.method, tc.path, tc.body, diff)
		}
	}
}

func TestCheckBodyContentType(t *testing.T) {
	t.Parallel()
	o := findOperation(t, "PATCH", "/users/u")
	for _, media := range []string{"", "text/plain", "application/x-www-form-urlencoded", "application/json;;"} {
		got := problemLines(o.CheckBody(media, []byte(`{}`), nil))
		if diff := cmp.Diff([]string{"Unsupported Media Type", "unsupported_content_type"}, got); diff != "" {
			t.Errorf("content type %q (-want +got):\n%s", media, diff)
		}
	}
}

func TestCheckBodyForm(t *testing.T) {
	t.Parallel()
	o := findOperation(t, "PUT", "/organizations/o/logo")
	form := func(fill func(*multipart.Writer)) (string, []byte) {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		fill(w)
		w.Close()
		return w.FormDataContentType(), b.Bytes()
	}
	file := func(w *multipart.Writer) {
		part, _ := w.CreateFormFile("file", "logo.png")
		part.Write([]byte{0xff, 0x00})
	}
	for name, tc := range map[string]struct {
		fill func(*multipart.Writer)
		want []string
	}{
		"whole":      {func(w *multipart.Writer) { file(w); w.WriteField("uploader_user_id", "user_1") }, nil},
		"no file":    {func(w *multipart.Writer) { w.WriteField("uploader_user_id", "user_1") }, []string{"Unprocessable Entity", "form_param_missing file"}},
		"unknown":    {func(w *multipart.Writer) { file(w); w.WriteField("colour", "red") }, []string{"Unprocessable Entity", "form_param_unknown colour"}},
		"twice":      {func(w *multipart.Writer) { file(w); file(w) }, []string{"Unprocessable Entity", "form_param_duplicate file"}},
		"not a file": {func(w *multipart.Writer) { w.WriteField("file", "logo") }, []string{"Unprocessable Entity", "form_param_type_invalid file"}},
	} {
		media, data := form(tc.fill)
		if diff := cmp.Diff(tc.want, problemLines(o.CheckBody(media, data, nil))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	media, data := form(file)
	if got := problemLines(o.CheckBody(media, data[:len(data)-8], nil)); len(got) == 0 {
		t.Error("a truncated form is accepted")
	}
}

func FuzzCheckBody(f *testing.F) {
	for _, seed := range []string{`{}`, `null`, `{"a":{"a":[{"a":1e9}]}}`, `{"first_name":null,"first_name":""}`, "[\"\\ud800\"]"} {
		f.Add([]byte(seed), uint16(0))
	}
	all := description.Operations()
	f.Fuzz(func(t *testing.T, body []byte, n uint16) {
		o := all[int(n)%len(all)]
		refusal := o.CheckBody("application/json", body, nil)
		if refusal == nil && len(body) > 0 && !json.Valid(body) {
			t.Errorf("%s accepts %q", o.Name, body)
		}
		if refusal != nil && (refusal.Status < 400 || refusal.Status > 499 || len(refusal.Problems) == 0) {
			t.Errorf("%s refuses %q with %d and %v", o.Name, body, refusal.Status, refusal.Problems)
		}
	})
}
