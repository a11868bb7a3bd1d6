package webhooks_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/webhooks"
)

func TestTheToleranceEndsAtItsSecond(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		tolerance time.Duration
		offset    int64
		want      webhooks.Reason
	}{
		{5 * time.Minute, -300, ""},
		{5 * time.Minute, -301, webhooks.ReasonTooOld},
		{5 * time.Minute, 300, ""},
		{5 * time.Minute, 301, webhooks.ReasonTooNew},
		{time.Second, -1, ""},
		{time.Second, -2, webhooks.ReasonTooOld},
		{time.Second, 1, ""},
		{time.Second, 2, webhooks.ReasonTooNew},
		{24 * time.Hour, -86400, ""},
		{24 * time.Hour, -86401, webhooks.ReasonTooOld},
	} {
		// The fraction of the clock's second does not count.
		for _, fraction := range []time.Duration{0, time.Second - 1} {
			clock := webhooks.WithClock(func() time.Time { return time.Unix(epoch, 0).Add(fraction) })
			r := receiver(t, first, webhooks.WithTolerance(test.tolerance), clock)
			err := r.Verify(sign(t, first, "msg_1", epoch+test.offset, deletion), []byte(deletion))
			if got := verdict(err); got != string(test.want) {
				t.Errorf("%v, %d s: %q, want %q", test.tolerance, test.offset, got, test.want)
			}
			if by := strings.TrimPrefix(strconv.FormatInt(test.offset, 10), "-") + " s"; err != nil && !strings.Contains(err.Error(), by) {
				t.Errorf("%v does not say %q", err, by)
			}
		}
	}
}

// TestFieldsOfTheHeader changes one field of a good delivery. The signature is checked
// last, so that a field that is not malformed does not match it.
func TestFieldsOfTheHeader(t *testing.T) {
	t.Parallel()
	const missing, malformed, other = string(webhooks.ReasonMissingHeaders), string(webhooks.ReasonMalformedHeaders), string(webhooks.ReasonNoMatchingSignature)
	stamp := strconv.Itoa(epoch)
	for _, test := range []struct {
		name, field string
		lines       []string
		want        string
	}{
		{"no id", "Svix-Id", nil, missing},
		{"two empty ids", "Svix-Id", []string{"", " \t"}, missing},
		{"an empty id and a good one", "Svix-Id", []string{"", "msg_1"}, malformed},
		{"the same id twice", "Svix-Id", []string{"msg_1", "msg_1"}, malformed},
		{"one character", "Svix-Id", []string{"~"}, other},
		{"the first visible character", "Svix-Id", []string{"!"}, other},
		{"a space within", "Svix-Id", []string{"msg 1"}, malformed},
		{"a control character", "Svix-Id", []string{"msg\x01"}, malformed},
		{"a deletion character", "Svix-Id", []string{"msg\x7f"}, malformed},
		{"not ASCII", "Svix-Id", []string{"msgé"}, malformed},
		{"a full stop", "Svix-Id", []string{"msg.1"}, malformed},
		{"256 characters", "Svix-Id", []string{strings.Repeat("m", 256)}, other},
		{"257 characters", "Svix-Id", []string{strings.Repeat("m", 257)}, malformed},
		{"tabs around the id", "Svix-Id", []string{"\tmsg_1\t"}, ""},
		{"a no-break space before the id", "Svix-Id", []string{"\u00a0msg_1"}, malformed},
		{"a no-break space after the timestamp", "Svix-Timestamp", []string{stamp + "\u00a0"}, malformed},
		{"an id of blanks of Unicode", "Svix-Id", []string{"\u2003"}, malformed},
		{"a no-break space before the signature", "Svix-Signature", []string{"\u00a0" + ofFirst}, other},
		{"a no-break space after the signature", "Svix-Signature", []string{ofFirst + "\u00a0"}, other},
		{"no timestamp", "Svix-Timestamp", nil, missing},
		{"an empty timestamp", "Svix-Timestamp", []string{""}, missing},
		{"the same timestamp twice", "Svix-Timestamp", []string{stamp, stamp}, malformed},
		{"a minus sign", "Svix-Timestamp", []string{"-" + stamp}, malformed},
		{"a letter", "Svix-Timestamp", []string{stamp + "s"}, malformed},
		{"digits of another script", "Svix-Timestamp", []string{"١٧٦٧٢٢٥٦٠٠"}, malformed},
		{"an underscore", "Svix-Timestamp", []string{"1_767_225_600"}, malformed},
		{"an exponent", "Svix-Timestamp", []string{"1e9"}, malformed},
		{"zero", "Svix-Timestamp", []string{"0"}, malformed},
		{"one", "Svix-Timestamp", []string{"1"}, string(webhooks.ReasonTooOld)},
		{"15 digits", "Svix-Timestamp", []string{strings.Repeat("9", 15)}, string(webhooks.ReasonTooNew)},
		{"16 digits", "Svix-Timestamp", []string{strings.Repeat("9", 16)}, malformed},
		{"no signature", "Svix-Signature", nil, missing},
		{"empty signatures", "Svix-Signature", []string{"", "  "}, missing},
		{"an empty signature and a good one", "Svix-Signature", []string{"", ofFirst}, ""},
		{"tabs around a signature", "Svix-Signature", []string{"\t" + ofFirst + "\t"}, ""},
		{"a good signature in front", "Svix-Signature", []string{ofFirst + " " + ofSecond}, ""},
		{"a good signature in the first line", "Svix-Signature", []string{ofFirst, ofSecond}, ""},
		{"a version that begins so", "Svix-Signature", []string{"v1a," + macOfFirst}, other},
		{"a tab between signatures", "Svix-Signature", []string{ofSecond + "\t" + ofFirst}, other},
		{"a capital version", "Svix-Signature", []string{"V1" + ofFirst[2:]}, other},
		{"the version alone", "Svix-Signature", []string{"v1"}, other},
		{"without padding", "Svix-Signature", []string{strings.TrimSuffix(ofFirst, "=")}, other},
		{"one character more", "Svix-Signature", []string{ofFirst + "="}, other},
		{"another last bit of the same bytes", "Svix-Signature", []string{strings.Replace(ofFirst, "c=", "d=", 1)}, other},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := sign(t, first, "msg_1", epoch, deletion)
			h[test.field] = test.lines
			if got := verdict(receiver(t, first).Verify(h, []byte(deletion))); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestTheSecretsHaveNoOrder(t *testing.T) {
	t.Parallel()
	h := sign(t, first, "msg_1", epoch, deletion)
	for _, secrets := range [][]string{{first, second, third}, {second, first, third}, {second, third, first}} {
		if err := receiver(t, secrets[0], webhooks.WithSecrets(secrets[1]), webhooks.WithSecrets(secrets[2])).Verify(h, []byte(deletion)); err != nil {
			t.Error(err)
		}
	}
}

func TestAMissingFieldIsNamed(t *testing.T) {
	t.Parallel()
	r := receiver(t, first)
	err := r.Verify(http.Header{"Svix-Timestamp": {"1"}}, nil)
	if want := "webhooks: missing-headers: svix-id, svix-signature"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	err = r.Verify(nil, nil)
	if want := "webhooks: missing-headers: svix-id, svix-timestamp, svix-signature"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// TestFamiliesOfNamesDoNotMix adds one field of svix to a good delivery with the other
// names.
func TestFamiliesOfNamesDoNotMix(t *testing.T) {
	t.Parallel()
	for _, field := range []string{"Id", "Timestamp", "Signature"} {
		good := sign(t, first, "msg_1", epoch, deletion)
		h := http.Header{}
		for _, each := range []string{"Id", "Timestamp", "Signature"} {
			h["Webhook-"+each] = good["Svix-"+each]
		}
		r := receiver(t, first)
		if err := r.Verify(h, []byte(deletion)); err != nil {
			t.Fatal(err)
		}
		h["Svix-"+field] = good["Svix-"+field]
		if got := verdict(r.Verify(h, []byte(deletion))); got != string(webhooks.ReasonMissingHeaders) {
			t.Errorf("%s: %q", field, got)
		}
	}
}

func TestTheMessageSaysThatABodyIsEmpty(t *testing.T) {
	t.Parallel()
	h := sign(t, first, "msg_1", epoch, deletion)
	for body, want := range map[string]bool{"": true, "x": false} {
		err := receiver(t, first).Verify(h, []byte(body))
		if verdict(err) != string(webhooks.ReasonNoMatchingSignature) || strings.Contains(err.Error(), "the body is empty") != want {
			t.Errorf("%q: %v", body, err)
		}
	}
}

// TestAKnownSignature is of a delivery whose signature is published elsewhere.
func TestAKnownSignature(t *testing.T) {
	t.Parallel()
	h, err := webhooks.Sign("whsec_dGVzdF9zaWduaW5nX3NlY3JldF8zMl9jaGFyc19sb25n", "msg_123", time.Unix(1_700_000_000, 999),
		[]byte(`{"type":"user.created","data":{"id":"user_123"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := h.Get("Svix-Signature"); got != "v1,kLln/mW/qoI9eUisvvoz9O/1VqBkTyNgcAAorkVSisc=" || h.Get("Svix-Timestamp") != "1700000000" || h.Get("Svix-Id") != "msg_123" {
		t.Errorf("%v", h)
	}
}

func TestSignRefusesWhatVerifyWouldRefuse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		id   string
		at   int64
		good bool
	}{
		{"msg_1", epoch, true},
		{strings.Repeat("m", 256), epoch, true},
		{strings.Repeat("m", 257), epoch, false},
		{"", epoch, false},
		{"msg.1", epoch, false},
		{" msg_1", epoch, false},
		{"msg\n1", epoch, false},
		{"msg_1", 1, true},
		{"msg_1", 0, false},
		{"msg_1", -1, false},
		{"msg_1", 999_999_999_999_999, true},
		{"msg_1", 1_000_000_000_000_000, false},
	} {
		h, err := webhooks.Sign(first, test.id, time.Unix(test.at, 0), []byte(deletion))
		if (err == nil) != test.good {
			t.Errorf("%q at %d: %v", test.id, test.at, err)
		}
		if !test.good {
			continue
		}
		clock := webhooks.WithClock(func() time.Time { return time.Unix(test.at, 0) })
		if err := receiver(t, first, clock).Verify(h, []byte(deletion)); err != nil {
			t.Errorf("%q at %d: %v", test.id, test.at, err)
		}
	}
}
