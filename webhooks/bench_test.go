package webhooks_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/webhooks"
)

// usual is a body of 4 kB, the usual size.
var usual = []byte(strings.Repeat("x", 4096))

func BenchmarkVerify(b *testing.B) {
	r, h := receiver(b, first), sign(b, first, "msg_1", epoch, string(usual))
	b.ReportAllocs()
	for b.Loop() {
		if err := r.Verify(h, usual); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerifyFloor is what no verification can do without.
func BenchmarkVerifyFloor(b *testing.B) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(first, "whsec_"))
	if err != nil {
		b.Fatal(err)
	}
	prefix := []byte("msg_1.1767225600.")
	b.ReportAllocs()
	for b.Loop() {
		mac := hmac.New(sha256.New, key)
		mac.Write(prefix)
		mac.Write(usual)
		_ = mac.Sum(nil)
	}
}

func BenchmarkDecode(b *testing.B) {
	body := []byte(deletion)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := webhooks.Decode(body); err != nil {
			b.Fatal(err)
		}
	}
}

func TestVerifyAllocatesLittle(t *testing.T) {
	r, h := receiver(t, first), sign(t, first, "msg_1", epoch, string(usual))
	got := testing.AllocsPerRun(100, func() {
		if err := r.Verify(h, usual); err != nil {
			t.Fatal(err)
		}
	})
	if got > 8 {
		t.Errorf("%v allocations, want 8 at most", got)
	}
}
