package publishable_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth/internal/publishable"
	"github.com/backend-sdk/clerk-go/clerk"
)

func TestPublishableKeyBase64IsReadAsBrowsersDo(t *testing.T) {
	t.Parallel()
	const host = "clerk.clerk.dev" // 16 bytes with the dollar sign: 22 digits and two of padding
	tests := []struct {
		name, encoded string
		valid         bool
	}{
		{"without padding", "Y2xlcmsuY2xlcmsuZGV2JA", true},
		{"with padding", "Y2xlcmsuY2xlcmsuZGV2JA==", true},
		{"with half of the padding", "Y2xlcmsuY2xlcmsuZGV2JA=", false},
		{"with too much padding", "Y2xlcmsuY2xlcmsuZGV2JA===", false},
		{"with padding that goes on", "Y2xlcmsuY2xlcmsuZGV2JA======", false},
		{"with spare bits set", "Y2xlcmsuY2xlcmsuZGV2JB", true},
		{"with blanks", " Y2xl\tcmsu\r\nY2xl\fcmsuZGV2JA \n", true},
		{"with another kind of blank", "Y2xlcmsuY2xlcmsuZGV2JA\v", false},
		{"with a character too many", "Y2xlcmsuY2xlcmsuZGV2JAAAA", false},
		{"with the alphabet of URLs", "Y2xlcmsuY2xlcmsuZGV2J-", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			key, err := publishable.Parse("pk_test_" + tt.encoded)
			if (err == nil) != tt.valid {
				t.Fatalf("error is %v, want valid = %t", err, tt.valid)
			}
			if tt.valid && key.FrontendAPI != host {
				t.Errorf("host is %q, want %q", key.FrontendAPI, host)
			}
		})
	}
}

func TestInvalidPublishableKeyIsRefused(t *testing.T) {
	t.Parallel()
	encode := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	tests := map[string]string{
		"":                                       "empty",
		"pk":                                     "form",
		"pk_test":                                "form",
		"pk_test_":                               "form",
		"PK_test_" + encode("a.b$"):              "form",
		"pk_Test_" + encode("a.b$"):              "form",
		"pk_prod_" + encode("a.b$"):              "form",
		"sk_test_" + encode("a.b$"):              "form",
		" pk_test_" + encode("a.b$"):             "form",
		"pk_test_" + encode("a.b$") + "_":        "form",
		"pk_test__" + encode("a.b$"):             "form",
		"pk_test_*":                              "base64",
		"pk_test_A":                              "base64",
		"pk_test_ ":                              "host",
		"pk_test_" + encode("clerk.example.dev"): "host",
		"pk_test_" + encode("$"):                 "host",
		"pk_test_" + encode("localhost$"):        "host",
		"pk_test_" + encode("a.b$$"):             "host",
		"pk_test_" + encode("a$b.c$"):            "host",
		"pk_test_" + encode("a.b$c"):             "host",
	}
	for key, want := range tests {
		_, err := publishable.Parse(key)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error is %v, want one about %q", key, err, want)
			continue
		}
		if len(key) > len("pk_test_") && strings.Contains(err.Error(), strings.TrimSpace(key)) {
			t.Errorf("%q: the error repeats the key", key)
		}
	}
}

func FuzzPublishableKey(f *testing.F) {
	for _, seed := range []string{"", "pk_test_", "pk_test_Y2xlcmsuY2xlcmsuZGV2JA", "pk_live_YS5iJA==", "pk_test_\xff", "pk_live_4pi6Lg$"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		key, err := publishable.Parse(s)
		if err != nil {
			if key != (publishable.Key{}) {
				t.Fatalf("a refused key is read as %+v", key)
			}
			return
		}
		if !strings.Contains(key.FrontendAPI, ".") || strings.Contains(key.FrontendAPI, "$") {
			t.Fatalf("%q is read as %+v", s, key)
		}
		if live := strings.HasPrefix(s, "pk_live_"); live != (key.InstanceType == clerk.Production) {
			t.Fatalf("%q is of type %q", s, key.InstanceType)
		}
	})
}
