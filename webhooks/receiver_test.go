package webhooks_test

import (
	"encoding/base64"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/webhooks"
)

const variable = "CLERK_WEBHOOK_SIGNING_SECRET"

// encoded is a secret of n bytes.
func encoded(n int) string {
	return "whsec_" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", n)))
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, secret string
		problem      string // "" for a good one
	}{
		{"24 bytes", first, ""},
		{"32 bytes", second, ""},
		{"25 bytes, padded", third, ""},
		{"25 bytes, not padded", strings.TrimRight(third, "="), ""},
		{"without the prefix", strings.TrimPrefix(first, "whsec_"), ""},
		{"64 bytes", encoded(64), ""},
		{"empty", "", "it is empty"},
		{"the prefix alone", "whsec_", "it has 0 bytes"},
		{"one byte", "whsec_AA==", "it has 1 bytes"},
		{"22 bytes", encoded(22), "it has 22 bytes"},
		{"23 bytes", encoded(23), "it has 23 bytes"},
		{"a line break at the end", first + "\n", "white space"},
		{"a line break within", first[:20] + "\n" + first[20:], "white space"},
		{"a carriage return", first + "\r", "white space"},
		{"a space in front", " " + first, "white space"},
		{"a space after the prefix", "whsec_ " + first[6:], "white space"},
		{"the prefix twice", "whsec_" + first, "not standard base64"},
		{"too little padding", strings.TrimSuffix(third, "="), "not standard base64"},
		{"too much padding", third + "=", "not standard base64"},
		{"the alphabet of URLs", strings.ReplaceAll(third, "/", "_"), "not standard base64"},
		{"bits after the last byte", strings.TrimRight(third, "A=") + "B", "not standard base64"},
		{"a secret key", "sk_test_hunter2hunter2hunter2hunter2", "a secret key of the Backend API"},
		{"a publishable key", "pk_test_hunter2hunter2hunter2hunter2", "a publishable key"},
		{"an API key", "ak_hunter2hunter2hunter2hunter2hunter2", "an API key"},
		{"a public key of the other kind", "whpk_hunter2hunter2hunter2hunter2hunter2", "a public key"},
		{"a private key of the other kind", "whsk_hunter2hunter2hunter2hunter2hunter2", "a private key"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := webhooks.New(test.secret)
			checkProblem(t, err, "webhooks: secret 1: ", test.problem, test.secret)
			_, err = webhooks.New(first, webhooks.WithSecrets(second, test.secret))
			checkProblem(t, err, "webhooks: WithSecrets: secret 3: ", test.problem, test.secret)
			_, err = webhooks.Sign(test.secret, "msg_1", time.Unix(epoch, 0), nil)
			checkProblem(t, err, "webhooks: the secret: ", test.problem, test.secret)
		})
	}
}

// checkProblem demands an error that names the place and the problem and shows nothing
// of the secret, or no error if problem is empty.
func checkProblem(t *testing.T, err error, place, problem, secret string) {
	t.Helper()
	if problem == "" {
		if err != nil {
			t.Error(err)
		}
		return
	}
	if err == nil || !strings.HasPrefix(err.Error(), place) || !strings.Contains(err.Error(), problem) {
		t.Errorf("%v, want %s%s", err, place, problem)
		return
	}
	if _, key, _ := strings.Cut(strings.TrimSpace(secret), "_"); len(key) > 4 && strings.Contains(err.Error(), key[:5]) {
		t.Errorf("%v shows the secret", err)
	}
}

func TestOptionsThatMeanNothingAreRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		opt  webhooks.Option
		good bool
	}{
		"a second":           {webhooks.WithTolerance(time.Second), true},
		"24 hours":           {webhooks.WithTolerance(24 * time.Hour), true},
		"no tolerance":       {webhooks.WithTolerance(0), false},
		"negative tolerance": {webhooks.WithTolerance(-time.Second), false},
		"half a second":      {webhooks.WithTolerance(500 * time.Millisecond), false},
		"a second and more":  {webhooks.WithTolerance(time.Second + 1), false},
		"over 24 hours":      {webhooks.WithTolerance(24*time.Hour + time.Second), false},
		"one byte":           {webhooks.WithBodyLimit(1), true},
		"no byte":            {webhooks.WithBodyLimit(0), false},
		"less than no byte":  {webhooks.WithBodyLimit(-1), false},
		"no clock":           {webhooks.WithClock(nil), false},
		"a logger":           {webhooks.WithLogger(slog.Default()), true},
		"no logger":          {webhooks.WithLogger(nil), false},
		"no Deduplicator":    {webhooks.WithDeduplicator(nil), false},
		"no option":          {nil, false},
		"no further secrets": {webhooks.WithSecrets(), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := webhooks.New(first, test.opt)
			if (err == nil) != test.good || (r != nil) != test.good {
				t.Errorf("%v, %v", r, err)
			}
		})
	}
}

func TestSecretsOfTheEnvironment(t *testing.T) {
	for _, test := range []struct{ name, value, problem string }{
		{"one", second, ""},
		{"two", first + "," + second, ""},
		{"two and spaces", " " + first + " , " + second + "\n", ""},
		{"empty", "", "is not set"},
		{"only spaces", "  ", "is not set"},
		{"an empty entry", first + ",," + second, "secret 2: it is empty"},
		{"a comma at the end", first + ",", "secret 2: it is empty"},
		{"a comma in front", "," + first, "secret 1: it is empty"},
		{"a bad one", first + ",whsec_AA==", "secret 2: it has 1 bytes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv(variable, test.value)
			r, err := webhooks.FromEnv(webhooks.WithClock(func() time.Time { return time.Unix(epoch, 0) }))
			if test.problem != "" {
				checkProblem(t, err, "webhooks: "+variable, test.problem, test.value)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			h, err := webhooks.Sign(second, "msg_1", time.Unix(epoch, 0), nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := r.Verify(h, nil); err != nil {
				t.Error(err)
			}
			if _, err := webhooks.New(""); err == nil {
				t.Error("New reads the variable")
			}
		})
	}
}

// TestSecretsAreCountedThrough has more secrets than those of the variable.
func TestSecretsAreCountedThrough(t *testing.T) {
	t.Setenv(variable, first+","+second)
	_, err := webhooks.FromEnv(webhooks.WithSecrets(third, ""))
	checkProblem(t, err, "webhooks: WithSecrets: secret 4: ", "it is empty", "")
}

func TestAReceiverThatNewDidNotMakeRefusesEverything(t *testing.T) {
	t.Parallel()
	h := sign(t, first, "msg_1", epoch, deletion)
	for name, r := range map[string]*webhooks.Receiver{"nil": nil, "zero": {}} {
		if got := verdict(r.Verify(h, []byte(deletion))); got != string(webhooks.ReasonConfiguration) {
			t.Errorf("%s: Verify: %s", name, got)
		}
		if _, err := r.Event(h, []byte(deletion)); verdict(err) != string(webhooks.ReasonConfiguration) {
			t.Errorf("%s: Event: %v", name, err)
		}
		if _, err := r.Read(post(h, deletion)); verdict(err) != string(webhooks.ReasonConfiguration) {
			t.Errorf("%s: Read: %v", name, err)
		}
	}
}
