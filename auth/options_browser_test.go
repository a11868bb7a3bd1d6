package auth

import (
	"strings"
	"testing"
)

func TestErrorsShowURLsWithoutTheirUser(t *testing.T) {
	t.Parallel()
	for name, option := range map[string]Option{
		"domain":          WithDomain("ada:pa55@wor:d@app.example.com"),
		"proxy URL":       WithProxyURL("https://ada:pa55@wor:d@app.example.com/__clerk"),
		"sign-in URL":     WithSignInURL("https://ada:pa55@wor:d@app.example.com/in"),
		"sign-up URL":     WithSignUpURL("https://ada:pa55@wor:d@app.example.com/up"),
		"redirect origin": WithRedirectOrigins("https://ada:pa55@wor:d@app.example.com"),
		"public origin":   WithPublicOrigin("https://ada:pa55@wor:d@app.example.com"),
	} {
		_, err := New(nil, WithJWTKey(testPEM(t)), WithPublishableKey(liveKey), option)
		if err == nil || strings.Contains(err.Error(), "pa55") || strings.Contains(err.Error(), "wor:d") || !strings.Contains(err.Error(), "app.example.com") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
