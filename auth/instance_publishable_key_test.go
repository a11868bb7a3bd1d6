package auth

import (
	"encoding/base64"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
)

func TestPublishableKeyNamesItsInstance(t *testing.T) {
	t.Parallel()
	encode := base64.RawStdEncoding.EncodeToString
	tests := map[string]publishableKey{
		"pk_test_Y2xlcmsuaW5zcGlyZWQucHVtYS03NC5sY2wuZGV2JA": {
			instanceType: clerk.Development, frontendAPI: "clerk.inspired.puma-74.lcl.dev", suffix: "vWCgMp3A"},
		"pk_live_Y2xlcmsuaW5zcGlyZWQucHVtYS03NC5sY2wuZGV2JA": {
			instanceType: clerk.Production, frontendAPI: "clerk.inspired.puma-74.lcl.dev", suffix: "MqCvchyS"},
		"pk_live_Y2xlcmsuY2xlcmsuZGV2JA": {
			instanceType: clerk.Production, frontendAPI: "clerk.clerk.dev", suffix: "1Z8AzTQD"},
		"pk_test_Y2xlcmsuY2xlcmsuZGV2JA": {
			instanceType: clerk.Development, frontendAPI: "clerk.clerk.dev", suffix: "QvfNY2dr"},
		"pk_test_ZW5vdWdoLWFscGFjYS04Mi5jbGVyay5hY2NvdW50cy5sY2xjbGVyay5jb20k": {
			instanceType: clerk.Development, frontendAPI: "enough-alpaca-82.clerk.accounts.lclclerk.com", suffix: "jtYvyt_H"},
		"pk_test_eHh4eHh4LXhhYWFhYS1hYS5jbGVyay5hY2NvdW50cy5sY2xjbGVyay5jb20k": {
			instanceType: clerk.Development, frontendAPI: "xxxxxx-xaaaaa-aa.clerk.accounts.lclclerk.com", suffix: "tZJdb-5s"},
		"pk_live_ZmFrZS1jbGVyay10ZXN0LmNsZXJrLmFjY291bnRzLmRldiQ=": {
			instanceType: clerk.Production, frontendAPI: "fake-clerk-test.clerk.accounts.dev", suffix: "qReyu04C"},
		"pk_test_" + encode([]byte("clerk.example.com:8443$")): {
			instanceType: clerk.Development, frontendAPI: "clerk.example.com:8443", suffix: cookieSuffix("pk_test_" + encode([]byte("clerk.example.com:8443$")))},
	}
	for key, want := range tests {
		want.raw = key
		got, err := parsePublishableKey(key)
		if err != nil {
			t.Errorf("%s: %v", key, err)
			continue
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(publishableKey{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", key, diff)
		}
	}
}

func TestCookieSuffixKeepsPaddingApart(t *testing.T) {
	t.Parallel()
	const key = "pk_test_Y2xlcmsuY2xlcmsuZGV2JA"
	if cookieSuffix(key) == cookieSuffix(key+"==") {
		t.Error("a key and its padded form have the same suffix")
	}
}
