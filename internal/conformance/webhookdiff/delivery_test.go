// Package webhookdiff compares package webhooks with Clerk's JavaScript backend SDK, with
// two Go libraries that verify the same signatures and with Clerk's command-line tool. All
// verify the same generated deliveries at the same times, and every difference between
// their verdicts must be a known one.
package webhookdiff

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// The families of header names.
const (
	svix     = "svix-"
	standard = "webhook-"
)

// parts are what follows the prefix of a family.
var parts = []string{"id", "timestamp", "signature"}

// A delivery is what a receiver gets.
type delivery struct {
	Kind    string // what is special about it
	Secrets []string
	Clock   time.Time
	Header  [][2]string // in any case, with values as bytes
	Body    []byte
	Misfit  bool // a part of the data does not have the type that is described
}

func (d *delivery) String() string {
	body := d.Body
	if len(body) > 300 {
		body = append(slices.Clone(body[:300]), "…"...)
	}
	return fmt.Sprintf("%s: secrets %q, clock %d.%d, header %q, body %q", d.Kind, d.Secrets, d.Clock.Unix(), d.Clock.Nanosecond(), d.Header, body)
}

// request returns the delivery as a server reads it.
func (d *delivery) request(t *testing.T) *http.Request {
	t.Helper()
	var text strings.Builder
	text.WriteString("POST /webhooks HTTP/1.1\r\nHost: 127.0.0.1\r\n")
	for _, f := range d.Header {
		text.WriteString(f[0] + ": " + f[1] + "\r\n")
	}
	fmt.Fprintf(&text, "Content-Length: %d\r\n\r\n", len(d.Body))
	r, err := http.ReadRequest(bufio.NewReader(io.MultiReader(strings.NewReader(text.String()), bytes.NewReader(d.Body))))
	if err != nil {
		t.Fatalf("%v: %v", d, err)
	}
	return r
}

func (d *delivery) clone() *delivery {
	c := *d
	c.Secrets, c.Header = slices.Clone(d.Secrets), slices.Clone(d.Header)
	return &c
}

// lines returns the values of a header without the blanks around them.
func (d *delivery) lines(name string) (list []string) {
	for _, f := range d.Header {
		if strings.EqualFold(f[0], name) {
			list = append(list, strings.Trim(f[1], " \t"))
		}
	}
	return list
}

// has reports whether a header of the family is there.
func (d *delivery) has(family string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return len(d.lines(family+part)) > 0 })
}

// isComplete reports whether no header of the family is missing or empty.
func (d *delivery) isComplete(family string) bool {
	return !slices.ContainsFunc(parts, func(part string) bool { return strings.Join(d.lines(family+part), "") == "" })
}

// family is the family that counts.
func (d *delivery) family() string {
	if d.has(svix) {
		return svix
	}
	return standard
}

// one returns a header of the family that counts, and all its lines with commas between
// them where it has several.
func (d *delivery) one(part string) string { return strings.Join(d.lines(d.family()+part), ", ") }

// rename changes the names of one family into those of another.
func (d *delivery) rename(from, to string) {
	for i, f := range d.Header {
		if rest, found := strings.CutPrefix(strings.ToLower(f[0]), from); found {
			d.Header[i][0] = to + rest
		}
	}
}

func (d *delivery) remove(family string) {
	d.Header = slices.DeleteFunc(d.Header, func(f [2]string) bool { return strings.HasPrefix(strings.ToLower(f[0]), family) })
}

// age is in whole seconds. The timestamp must be good.
func (d *delivery) age() int64 {
	sent, err := strconv.ParseInt(d.one("timestamp"), 10, 64)
	if err != nil {
		panic(err)
	}
	return d.Clock.Unix() - sent
}

var (
	goodID   = regexp.MustCompile(`\A[!-\-/-~]{1,256}\z`)
	goodTime = regexp.MustCompile(`\A[1-9][0-9]{0,14}\z`)
)

// isSigned says by means of its own whether one of the secrets signed the delivery. Its
// secrets must be good.
func (d *delivery) isSigned() bool {
	return slices.ContainsFunc(d.Secrets, func(secret string) bool {
		want := "v1," + sign(leniently(secret), d.one("id"), d.one("timestamp"), d.Body)
		return slices.ContainsFunc(d.lines(d.family()+"signature"), func(line string) bool {
			return slices.ContainsFunc(strings.Split(line, " "), func(entry string) bool {
				return entry == want || strings.HasPrefix(entry, want+",")
			})
		})
	})
}

// sign returns the signature of a message.
func sign(key []byte, id, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", id, timestamp, body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// leniently decodes a secret as most readers do: whatever padding it has, and without
// what does not make a byte.
func leniently(secret string) []byte {
	text := strings.NewReplacer("\r", "", "\n", "").Replace(strings.TrimPrefix(secret, "whsec_"))
	text = strings.TrimRight(text, "=")
	if len(text)%4 == 1 {
		text = text[:len(text)-1]
	}
	key, _ := base64.RawStdEncoding.DecodeString(text)
	return key
}

// isText reports whether the body is what a reader of UTF-8 takes and leaves unchanged.
func isText(body []byte) bool {
	return utf8.Valid(body) && !bytes.HasPrefix(body, []byte(byteOrderMark))
}

const byteOrderMark = "\ufeff"
