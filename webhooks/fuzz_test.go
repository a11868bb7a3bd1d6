package webhooks_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/webhooks"
)

var (
	goodID   = regexp.MustCompile(`\A[!-\-/-~]{1,256}\z`)
	goodTime = regexp.MustCompile(`\A[1-9][0-9]{0,14}\z`)
)

// isDelivery says by means of its own whether the first secret signed a fresh delivery.
func isDelivery(id, timestamp, signatures string, body []byte, now int64) bool {
	const blanks = " \t\r\n"
	id, timestamp = strings.Trim(id, blanks), strings.Trim(timestamp, blanks)
	if !goodID.MatchString(id) || !goodTime.MatchString(timestamp) {
		return false
	}
	sent, _ := new(big.Int).SetString(timestamp, 10)
	if age := new(big.Int).Sub(big.NewInt(now), sent); age.CmpAbs(big.NewInt(300)) > 0 {
		return false
	}
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(first, "whsec_"))
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "." + string(body)))
	want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	return slices.ContainsFunc(strings.Split(strings.Trim(signatures, blanks), " "), func(entry string) bool {
		return entry == want || strings.HasPrefix(entry, want+",")
	})
}

func FuzzVerify(f *testing.F) {
	for _, row := range golden {
		lines := func(name string) string { return strings.Join(row.header["svix-"+name], " ") }
		f.Add(lines("id"), lines("timestamp"), lines("signature"), []byte(row.body), int64(epoch))
	}
	f.Fuzz(func(t *testing.T, id, timestamp, signatures string, body []byte, now int64) {
		now = min(max(now, -1<<40), 1<<50) // beyond, time.Time has no such second
		r := receiver(t, first, webhooks.WithClock(func() time.Time { return time.Unix(now, 0) }))
		h := http.Header{"Svix-Id": {id}, "Svix-Timestamp": {timestamp}, "Svix-Signature": {signatures}}
		err := r.Verify(h, body)
		if want := isDelivery(id, timestamp, signatures, body, now); (err == nil) != want {
			t.Errorf("%v, want success: %t", err, want)
		}
		if err != nil && !errors.Is(err, webhooks.ErrUnverified) {
			t.Errorf("%T", err)
		}
	})
}

func FuzzDecode(f *testing.F) {
	for _, body := range []string{deletion, creation, misfit, unheardOf, notAnEvent, nested(201), "", "[]",
		`{"type":"session.created","timestamp":1e9,"data":{"actor":7,"user":{"id":"user_1"}}}`,
		`{"type":"organizationInvitation.accepted","data":{"data":{"public_organization_data":{"id":"org_1"}}}}`,
		`{"type":"paymentAttempt.updated","data":{"totals":{"grand_total":{"amount":1e3}},"subscription_items":[{"plan":null}]}}`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		event, err := webhooks.Decode(body)
		misfit, isMisfit := errors.AsType[*webhooks.PayloadError](err)
		if (err != nil) != isMisfit || isMisfit && misfit.Event != event {
			t.Fatalf("%v, %v", event, err)
		}
		if event == nil {
			if err == nil {
				t.Fatal("neither an event nor an error")
			}
			return
		}
		if !bytes.Equal(event.Raw, body) || !json.Valid(body) || event.Type == "" || (event.Data != nil) != event.Type.IsKnown() {
			t.Errorf("%v of %q", event, body)
		}
		again, err := webhooks.Decode(body)
		if !reflect.DeepEqual(event, again) || (err != nil) != isMisfit {
			t.Errorf("a second time it is another event: %v", err)
		}
	})
}

func FuzzSignVerify(f *testing.F) {
	f.Add("msg_1", int64(epoch), []byte(deletion), uint16(0))
	f.Add("~", int64(1), []byte{}, uint16(300))
	f.Fuzz(func(t *testing.T, id string, at int64, body []byte, flip uint16) {
		at = min(max(at, -1<<40), 1<<50)
		h, err := webhooks.Sign(first, id, time.Unix(at, 0), body)
		if err != nil {
			return
		}
		r := receiver(t, first, webhooks.WithClock(func() time.Time { return time.Unix(at, 0) }))
		if err := r.Verify(h, body); err != nil {
			t.Fatalf("%v: %v", h, err)
		}
		parts := [][]byte{[]byte(id), []byte(h.Get("Svix-Timestamp")), []byte(h.Get("Svix-Signature")), bytes.Clone(body)}
		bit := int(flip) % (8 * (len(parts[0]) + len(parts[1]) + len(parts[2]) + len(parts[3])))
		for _, part := range parts {
			if bit < 8*len(part) {
				part[bit/8] ^= 1 << (bit % 8)
				break
			}
			bit -= 8 * len(part)
		}
		h = http.Header{"Svix-Id": {string(parts[0])}, "Svix-Timestamp": {string(parts[1])}, "Svix-Signature": {string(parts[2])}}
		if err := r.Verify(h, parts[3]); err == nil {
			t.Errorf("a flipped bit goes unnoticed: %v %q", h, parts[3])
		}
	})
}
