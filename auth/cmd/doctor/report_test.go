package main

import "testing"

func TestReportShowsNothingSecret(t *testing.T) {
	setEnvironment(t, map[string]string{"CLERK_SECRET_KEY": "test_without_the_known_form", "CLERK_MACHINE_SECRET_KEY": " ak_1 "})
	for text, want := range map[string]string{
		"key test_without_the_known_form is bad":  "key … is bad",
		"https://sk_live_abc/path":                "https://sk_live_…",
		`domain "sk_test_a+b/c=" is not a host`:   `domain "sk_test_…" is not a host`,
		"machine ak_1, and whsec_abc+/=":          "machine …, and whsec_…",
		"a tak_e and pk_test_abc":                 "a tak_e and pk_test_abc",
		"one\nok secret key\x1b[2K\x7f\u009b":     "one\uFFFDok secret key\uFFFD[2K\uFFFD\uFFFD",
		"Umlaute, … and 漢字 can be read by people": "Umlaute, … and 漢字 can be read by people",
	} {
		if got := printable(text); got != want {
			t.Errorf("%q is printed as %q, want %q", text, got, want)
		}
	}
}
