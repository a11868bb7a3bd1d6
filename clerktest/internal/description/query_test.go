package description_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCheckQuery(t *testing.T) {
	t.Parallel()
	const bad = "Unprocessable Entity"
	for _, tc := range []struct {
		path, query string
		want        []string
	}{
		{"/users", "", nil},
		{"/users", "limit=500&offset=0&banned=true&user_id=a&user_id=%2Bb&created_at_before=1700000000000", nil},
		{"/users", "__clerk_api_version=2026-05-12", nil},
		{"/users", "page=2&size=1", nil},
		{"/users", "limit=501", []string{bad, "form_param_value_too_large limit"}},
		{"/users", "limit=0", []string{bad, "form_param_value_invalid limit"}},
		{"/users", "offset=-1", []string{bad, "form_param_value_invalid offset"}},
		{"/users", "limit=ten", []string{bad, "form_param_type_invalid limit"}},
		{"/users", "limit=", []string{bad, "form_param_type_invalid limit"}},
		{"/users", "limit=1.5", []string{bad, "form_param_type_invalid limit"}},
		{"/users", "limit=null", []string{bad, "form_param_type_invalid limit"}},
		{"/users", "limit=0x10", []string{bad, "form_param_type_invalid limit"}},
		{"/users", "created_at_before=99999999999999999999", []string{bad, "form_param_value_too_large created_at_before"}},
		{"/users", "banned=1", []string{bad, "form_param_type_invalid banned"}},
		{"/users", "limit=1&limit=2", []string{bad, "form_param_duplicate limit"}},
		{"/users", "query=%ff", []string{bad, "form_param_value_invalid query"}},
		{"/users", "query=%zz", []string{"Bad Request", "malformed_request_parameters"}},
		{"/users", "query=a;b", []string{"Bad Request", "malformed_request_parameters"}},
		{"/sessions", "status=active", nil},
		{"/sessions", "status=asleep", []string{bad, "form_param_value_invalid status"}},
		{"/api_keys", "limit=5", []string{"Bad Request", "missing_query_parameter subject"}},
		{"/api_keys", "subject=me", []string{bad, "form_param_format_invalid subject"}},
		{"/organizations/o/domains", "nothing=1", nil},
		{"/organization_domains", "enrollment_mode=enterprise_sso,-automatic_invitation", nil},
		{"/organization_domains", "enrollment_mode=enterprise_sso,sometimes", []string{bad, "form_param_value_invalid enrollment_mode"}},
	} {
		got := problemLines(findOperation(t, "GET", tc.path).CheckQuery(tc.query, nil))
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("GET %s?%s (-want +got):\n%s", tc.path, tc.query, diff)
		}
	}
}

func TestUnknownParameters(t *testing.T) {
	t.Parallel()
	o := findOperation(t, "GET", "/users")
	got := o.UnknownParameters("size=1&limit=2&page=3&__clerk_api_version=2026-05-12")
	if diff := cmp.Diff([]string{"page", "size"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
