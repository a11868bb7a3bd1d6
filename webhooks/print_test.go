package webhooks_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/webhooks"
)

// TestNothingPrintsASecret prints with every verb and both handlers of slog, by value and
// by pointer, alone and in a list.
func TestNothingPrintsASecret(t *testing.T) {
	t.Parallel()
	r := receiver(t, "whsec_aHVudGVyMmh1bnRlcjJodW50ZXIyaHVudGVyMg") // hunter2 four times
	mail := []byte(`{"type":"email.created","instance_id":"ins_1","data":{"id":"ema_1","subject":"hunter2","body":"hunter2","body_plain":"hunter2",` +
		`"data":{"otp_code":"hunter2"}}}`)
	sms := []byte(`{"type":"sms.created","instance_id":"ins_1","data":{"id":"sms_1","message":"hunter2","data":{"otp_code":"hunter2"}}}`)
	invitation := []byte(`{"type":"organizationInvitation.created","data":{"id":"orginv_1","url":"https://hunter2"}}`)
	var values []any
	for _, body := range [][]byte{mail, sms, invitation} {
		event, err := webhooks.Decode(body)
		if err != nil {
			t.Fatal(err)
		}
		values = append(values, event, *event, []webhooks.Event{*event}, event.Data, []any{event.Data}, map[string]any{"data": event.Data})
	}
	event, err := webhooks.Decode([]byte(`{"type":"user.created","data":{"created_at":1.5,"banned":"hunter2","totp_enabled":"hunter2"}}`))
	misfit, ok := errors.AsType[*webhooks.PayloadError](err)
	if !ok {
		t.Fatal(err)
	}
	misfit.Err = fmt.Errorf("quotes hunter2: %w", misfit.Err)
	_, noEvent := webhooks.Decode([]byte("hunter2"))
	values = append(values, event, misfit, *misfit, []any{misfit}, fmt.Errorf("wrapped: %w", misfit), errors.Join(misfit, noEvent), noEvent,
		r, *r, []*webhooks.Receiver{r}, struct{ R webhooks.Receiver }{*r}, struct{ r webhooks.Receiver }{*r}, struct{ E *webhooks.Event }{event})
	for _, err := range refusals(t, r) {
		refused, ok := errors.AsType[*webhooks.VerificationError](err)
		if !ok {
			t.Fatal(err)
		}
		values = append(values, err, *refused, refused.Reason, []error{err}, struct{ err error }{err})
	}
	for _, secret := range []string{"hunter2", "sk_test_hunter2", "whsec_hunter2", "whsec_aHVudGVyMg==", "hunter2\n"} {
		_, err := webhooks.New(first, webhooks.WithSecrets(secret))
		_, signing := webhooks.Sign(secret, "msg_1", time.Unix(epoch, 0), []byte("hunter2"))
		_, naming := webhooks.Sign(first, "hunter2.", time.Unix(epoch, 0), nil)
		if err == nil || signing == nil || naming == nil {
			t.Errorf("%q: %v, %v, %v", secret, err, signing, naming)
		}
		values = append(values, err, signing, naming)
	}
	option := webhooks.WithSecrets("whsec_aHVudGVyMmh1bnRlcjJodW50ZXIyaHVudGVyMg")
	values = append(values, option, []webhooks.Option{option}, r.Handler(webhooks.Handlers{}), webhooks.Permanent(misfit))
	for _, v := range values {
		for _, verb := range "vsdxXqTtbcoOUeEfFgGpw" {
			for _, flags := range []string{"", "+", "#", " ", "-0", "+#"} {
				if format := "%" + flags + string(verb); verb != 'p' && verb != 'w' {
					checkPrinted(t, format, v, fmt.Sprintf(format, v))
				}
			}
		}
		var text, json bytes.Buffer
		slog.New(slog.NewTextHandler(&text, nil)).Info("it", "v", v)
		checkPrinted(t, "slog's text", v, text.String())
		if !holdsEvents(v) {
			slog.New(slog.NewJSONHandler(&json, nil)).Info("it", "v", v)
			checkPrinted(t, "slog's JSON", v, json.String())
		}
	}
}

// refusals has an error of each reason, and "hunter2" in every place of a delivery.
func refusals(t *testing.T, r *webhooks.Receiver) map[webhooks.Reason]error {
	t.Helper()
	all := map[webhooks.Reason]error{}
	_, all[webhooks.ReasonConfiguration] = new(webhooks.Receiver).Event(nil, []byte("hunter2"))
	for reason, change := range map[webhooks.Reason][2]string{
		webhooks.ReasonMissingHeaders:      {"Svix-Signature", ""},
		webhooks.ReasonMalformedHeaders:    {"Svix-Timestamp", "hunter2"},
		webhooks.ReasonTooOld:              {"Svix-Timestamp", "1"},
		webhooks.ReasonTooNew:              {"Svix-Timestamp", "999999999999999"},
		webhooks.ReasonNoMatchingSignature: {"Svix-Signature", "v1,hunter2"},
	} {
		h := sign(t, first, "hunter2", epoch, "hunter2")
		h.Set(change[0], change[1])
		_, err := r.Event(h, []byte("hunter2"))
		if verdict(err) != string(reason) {
			t.Errorf("%v, want %s", err, reason)
		}
		all[reason] = err
	}
	return all
}

// holdsEvents reports whether v is a list, a map or a struct, whose elements encoding/json
// is meant to encode whole.
func holdsEvents(v any) bool {
	switch v.(type) {
	case []webhooks.Event, []any, map[string]any, struct{ E *webhooks.Event }:
		return true
	}
	return false
}

var hidden = []string{"hunter2", "68756e74657232", "68756E74657232", "aHVudGVyMm", "[104 117 110 116", "0x68, 0x75", "104, 117", "1101000 1110101"}

func checkPrinted(t *testing.T, format string, v any, printed string) {
	t.Helper()
	for _, secret := range hidden {
		if strings.Contains(printed, secret) {
			t.Errorf("%s of a %T: %s", format, v, printed)
		}
	}
}

func TestWhatIsPrinted(t *testing.T) {
	t.Parallel()
	event, err := receiver(t, first).Event(sign(t, first, "msg_1", epoch, creation), []byte(creation))
	if err != nil {
		t.Fatal(err)
	}
	_, misfit := webhooks.Decode([]byte(misfit))
	for want, v := range map[string]any{
		"webhooks.Event(user.created msg_1 ins_1)":                               event,
		"webhooks.Receiver(secrets: 2)":                                          receiver(t, first, webhooks.WithSecrets(second)),
		"webhooks.Receiver(unconfigured)":                                        webhooks.Receiver{},
		"webhooks: data.banned of an event of type user.created does not decode": misfit,
		"webhooks: malformed-headers: the timestamp is not a number of seconds":  receiver(t, first).Verify(map[string][]string{"Svix-Id": {"a"}, "Svix-Timestamp": {"x"}, "Svix-Signature": {"v1,"}}, nil),
		"webhooks: configuration: the Receiver was not made by New or FromEnv":   new(webhooks.Receiver).Verify(nil, nil),
	} {
		for _, verb := range []string{"%v", "%+v", "%s"} {
			if got := fmt.Sprintf(verb, v); got != want {
				t.Errorf("%s: %s, want %s", verb, got, want)
			}
		}
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("it", "event", event, "error", misfit)
	for _, part := range []string{"event.type=user.created", "event.id=msg_1", "event.instance=ins_1", "error.type=user.created", "error.path=data.banned"} {
		if !strings.Contains(log.String(), part) {
			t.Errorf("no %s in %s", part, &log)
		}
	}
}
