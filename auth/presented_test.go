package auth

import (
	"net/http"
	"strings"
	"testing"
)

func TestHeaderTokenReadsOneAuthorizationHeader(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		values    []string
		token     string
		ambiguous bool
	}{
		"absent":                        {},
		"empty":                         {values: []string{""}},
		"bearer":                        {values: []string{"Bearer a.b.c"}, token: "a.b.c"},
		"lower case scheme":             {values: []string{"bearer a.b.c"}, token: "a.b.c"},
		"upper case scheme":             {values: []string{"BEARER a.b.c"}, token: "a.b.c"},
		"two spaces":                    {values: []string{"Bearer  a.b.c"}},
		"the word alone":                {values: []string{"Bearer"}},
		"the word alone, lower case":    {values: []string{"bearer"}},
		"the word and a blank":          {values: []string{"Bearer "}},
		"no scheme":                     {values: []string{"a.b.c"}, token: "a.b.c"},
		"basic":                         {values: []string{"Basic dXNlcjpwYXNz"}},
		"another scheme":                {values: []string{"DPoP a.b.c"}},
		"a tab is not a separator":      {values: []string{"Bearer\ta.b.c"}, token: "Bearer\ta.b.c"},
		"blanks around":                 {values: []string{" \tBearer a.b.c \t"}, token: "a.b.c"},
		"a third piece is dropped":      {values: []string{"Bearer a.b.c d"}, token: "a.b.c"},
		"two in one header":             {values: []string{"Bearer a, Bearer b"}, token: "a,"},
		"two headers":                   {values: []string{"Bearer a.b.c", "Bearer a.b.c"}, ambiguous: true},
		"two headers, one of them ours": {values: []string{"Basic x", "Bearer a.b.c"}, ambiguous: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			token, ambiguous := headerToken(http.Header{"Authorization": test.values})
			if token != test.token || ambiguous != test.ambiguous {
				t.Errorf("headerToken(%q) = %q, %t, want %q, %t", test.values, token, ambiguous, test.token, test.ambiguous)
			}
		})
	}
}

func FuzzHeaderToken(f *testing.F) {
	for _, value := range []string{"Bearer a.b.c", "bearer", "Bearer  x", "Basic x", "a.b.c", "\t", " Bearer a b c"} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		token, ambiguous := headerToken(http.Header{"Authorization": {value}})
		if ambiguous {
			t.Error("one header is ambiguous")
		}
		if strings.Contains(token, " ") || !strings.Contains(value, token) {
			t.Errorf("headerToken(%q) = %q", value, token)
		}
		if strings.EqualFold(token, "Bearer") && strings.EqualFold(strings.TrimSpace(value), "Bearer") {
			t.Errorf("headerToken(%q) takes the scheme for a token", value)
		}
	})
}
