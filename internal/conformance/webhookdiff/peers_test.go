package webhookdiff

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	svixwebhooks "github.com/svix/svix-webhooks/go"

	"github.com/backend-sdk/clerk-go/webhooks"
)

// A verdict is ok, a reason of package webhooks, or one of these words.
type verdict string

const (
	ok       verdict = "ok"
	payload  verdict = "payload"   // verified, and no event that fits
	tooLarge verdict = "too-large" // not read

	configuration verdict = verdict(webhooks.ReasonConfiguration)
	missing       verdict = verdict(webhooks.ReasonMissingHeaders)
	malformed     verdict = verdict(webhooks.ReasonMalformedHeaders)
	tooOld        verdict = verdict(webhooks.ReasonTooOld)
	tooNew        verdict = verdict(webhooks.ReasonTooNew)
	unsigned      verdict = verdict(webhooks.ReasonNoMatchingSignature)
)

// An outcome is a verdict, and of what was accepted a part of the event.
type outcome struct {
	Verdict        verdict
	Type, Instance string
}

// ours reads a delivery with package webhooks. verified is about the signature alone.
func ours(t *testing.T, d *delivery) (o outcome, verified bool) {
	t.Helper()
	r, err := webhooks.New(d.Secrets[0], webhooks.WithSecrets(d.Secrets[1:]...), webhooks.WithClock(func() time.Time { return d.Clock }))
	if err != nil {
		return outcome{Verdict: configuration}, false
	}
	req := d.request(t)
	verified = r.Verify(req.Header, d.Body) == nil
	event, err := r.Read(req)
	var refused *webhooks.VerificationError
	switch {
	case err == nil:
		return outcome{ok, string(event.Type), event.InstanceID}, verified
	case errors.As(err, &refused):
		return outcome{Verdict: verdict(refused.Reason)}, verified
	case errors.As(err, new(*http.MaxBytesError)):
		return outcome{Verdict: tooLarge}, verified
	case errors.As(err, new(*webhooks.PayloadError)):
		return outcome{Verdict: payload}, verified
	}
	t.Fatalf("%v: %v", d, err)
	return outcome{}, false
}

// messages are the beginnings of the errors of the JavaScript SDK.
var messages = []struct {
	text string
	verdict
}{
	{"@clerk/backend: Missing webhook signing secret", configuration},
	{"Base64Coder: incorrect", configuration},
	{"Secret can't be empty", configuration},
	{"@clerk/backend: Missing required webhook headers", missing},
	{"@clerk/backend: Unable to verify incoming webhook: Invalid Signature Headers", malformed},
	{"@clerk/backend: Unable to verify incoming webhook: Message timestamp too old", tooOld},
	{"@clerk/backend: Unable to verify incoming webhook: Message timestamp too new", tooNew},
	{"@clerk/backend: Unable to verify incoming webhook: No matching signature found", unsigned},
	{"@clerk/backend: Unable to verify incoming webhook: \"", payload}, // quotes the body
	{"@clerk/backend: Unable to verify incoming webhook: Unexpected", payload},
	{"@clerk/backend: Unable to verify incoming webhook: Expected", payload},
	{"@clerk/backend: Unable to verify incoming webhook: Unterminated string", payload},
	{"@clerk/backend: Unable to verify incoming webhook: Bad control character", payload},
	{"@clerk/backend: Unable to verify incoming webhook: Cannot read properties of", payload},
}

func read(message string) (verdict, error) {
	for _, m := range messages {
		if strings.HasPrefix(message, m.text) {
			return m.verdict, nil
		}
	}
	return "", fmt.Errorf("an unknown message: %q", message)
}

// A question is a delivery in the form that the Node program reads.
type question struct {
	SigningSecret string      `json:"signingSecret"`
	Clock         int64       `json:"clock"`
	Headers       [][2]string `json:"headers"`
	Body          []byte      `json:"body"`
}

// javaScript verifies deliveries with the JavaScript SDK. It takes one secret, and is
// asked for each; what one of them accepts is accepted.
func javaScript(dir string, list []*delivery) ([]outcome, error) {
	var in, out, stderr bytes.Buffer
	encoder := json.NewEncoder(&in)
	for _, d := range list {
		headers := [][2]string{}
		for _, f := range d.Header {
			headers = append(headers, [2]string{f[0], fromLatin1(f[1])})
		}
		for _, secret := range d.Secrets {
			if err := encoder.Encode(question{secret, d.Clock.UnixMilli(), headers, d.Body}); err != nil {
				return nil, err
			}
		}
	}
	command := exec.Command("node", "verify.mjs")
	command.Dir = dir
	command.Env = []string{"PATH=" + os.Getenv("PATH")} // which must not have a secret
	command.Stdin, command.Stdout, command.Stderr = &in, &out, &stderr
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("node: %w: %s", err, &stderr)
	}
	outcomes := make([]outcome, len(list))
	decoder := json.NewDecoder(&out)
	for i, d := range list {
		for range d.Secrets {
			var answer struct{ Error, Type, Instance string }
			if err := decoder.Decode(&answer); err != nil {
				return nil, fmt.Errorf("the Node program: %w", err)
			}
			o := outcome{ok, answer.Type, answer.Instance}
			if answer.Error != "" {
				word, err := read(answer.Error)
				if err != nil {
					return nil, fmt.Errorf("%v: %w", d, err)
				}
				o = outcome{Verdict: word}
			}
			if before := outcomes[i].Verdict; before == "" || before != ok && before != payload {
				outcomes[i] = o
			}
		}
	}
	return outcomes, nil
}

// A library verifies a body with a secret.
type library func(secret string, h http.Header, body []byte) error

func ofSvix(secret string, h http.Header, body []byte) error {
	w, err := svixwebhooks.NewWebhook(secret)
	if err != nil {
		return err
	}
	return w.Verify(body, h)
}

func ofStandard(secret string, h http.Header, body []byte) error {
	w, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return err
	}
	return w.Verify(body, h)
}

// accepted says which deliveries a library accepts. It reads the clock of the program,
// which is that of the deliveries in a bubble.
func accepted(t *testing.T, verify library, list []*delivery) []bool {
	t.Helper()
	result := make([]bool, len(list))
	synctest.Test(t, func(t *testing.T) {
		order := make([]int, len(list))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int { return list[a].Clock.Compare(list[b].Clock) })
		for _, i := range order {
			d := list[i]
			time.Sleep(time.Until(d.Clock))
			h := d.request(t).Header
			result[i] = slices.ContainsFunc(d.Secrets, func(secret string) bool { return verify(secret, h, d.Body) == nil })
		}
	})
	return result
}
