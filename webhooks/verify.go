package webhooks

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	maxID        = 256
	maxTimestamp = 15 // digits
)

// signatureLength is the length of a signature in base64.
const signatureLength = (sha256.Size + 2) / 3 * 4

// message is what the header of a verified delivery says.
type message struct {
	id   string
	sent time.Time
}

// family is the set of names that the three fields of a delivery have.
type family struct{ id, timestamp, signature string }

var (
	svix     = family{"Svix-Id", "Svix-Timestamp", "Svix-Signature"}
	standard = family{"Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"}
)

// familyOf returns the names that h uses, and those that Clerk uses if h has none. Fields of
// the two families never count together.
func familyOf(h http.Header) family {
	if svix.isAbsent(h) && !standard.isAbsent(h) {
		return standard
	}
	return svix
}

func (f family) isAbsent(h http.Header) bool {
	return len(h[f.id])+len(h[f.timestamp])+len(h[f.signature]) == 0
}

// Verify reports with a [*VerificationError] that a delivery does not come from Clerk or
// is not fresh. body must be exactly what was received.
func (r *Receiver) Verify(h http.Header, body []byte) error {
	_, err := r.verify(h, body)
	return err
}

// verify looks at the header first, which costs nothing, and computes signatures last.
// Nothing in the body is looked at.
func (r *Receiver) verify(h http.Header, body []byte) (message, error) {
	if !r.ready() {
		return message{}, refuse(ReasonConfiguration, "the Receiver was not made by New or FromEnv")
	}
	names := familyOf(h)
	if missing := names.missingIn(h); missing != "" {
		return message{}, refuse(ReasonMissingHeaders, "%s", missing)
	}
	id, timestamp, err := names.readFrom(h)
	if err != nil {
		return message{}, err
	}
	// As many digits as are allowed fit an int64.
	seconds, _ := strconv.ParseInt(timestamp, 10, 64)
	switch age := r.now().Unix() - seconds; {
	case age > r.tolerance:
		return message{}, refuse(ReasonTooOld, "it was sent %d s ago, and %d s are allowed", age, r.tolerance)
	case age < -r.tolerance:
		return message{}, refuse(ReasonTooNew, "it was sent %d s ahead of the clock, and %d s are allowed", -age, r.tolerance)
	}
	if !r.signed(id, timestamp, body, h[names.signature]) {
		return message{}, refuse(ReasonNoMatchingSignature, "no signature was made with a configured secret, of which there are %d: %s", len(r.keys()), suspicion(body))
	}
	return message{id: id, sent: time.Unix(seconds, 0)}, nil
}

// suspicion says what the cause of a signature that does not match may be.
func suspicion(body []byte) string {
	if len(body) == 0 {
		return "the body is empty, so something may have read it before"
	}
	return "the secret may be another endpoint's, or the body may have been changed on its way"
}

// trim cuts the white space of HTTP alone. Header values are bytes, so that the blanks of
// Unicode are not what another reader of the same header would cut.
func trim(value string) string { return strings.Trim(value, " \t\r\n") }

// missingIn lists the fields that h does not have or has only empty.
func (f family) missingIn(h http.Header) string {
	var missing []string
	for _, name := range []string{f.id, f.timestamp, f.signature} {
		if trim(strings.Join(h[name], "")) == "" {
			missing = append(missing, strings.ToLower(name))
		}
	}
	return strings.Join(missing, ", ")
}

// readFrom returns the id and the timestamp. Both are signed together with the body, with
// a full stop in between; one within the id would let the borders move.
func (f family) readFrom(h http.Header) (id, timestamp string, err error) {
	if len(h[f.id]) > 1 || len(h[f.timestamp]) > 1 {
		return "", "", refuse(ReasonMalformedHeaders, "the id or the timestamp occurs more than once")
	}
	id, timestamp = trim(h[f.id][0]), trim(h[f.timestamp][0])
	if !validID(id) {
		return "", "", refuse(ReasonMalformedHeaders, "the id is not 1 to %d visible ASCII characters without a full stop", maxID)
	}
	if !validTimestamp(timestamp) {
		return "", "", refuse(ReasonMalformedHeaders, "the timestamp is not a number of seconds")
	}
	return id, timestamp, nil
}

func validID(id string) bool {
	for _, c := range []byte(id) {
		if c <= ' ' || c > '~' || c == '.' {
			return false
		}
	}
	return id != "" && len(id) <= maxID
}

func validTimestamp(timestamp string) bool {
	for _, c := range []byte(timestamp) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return timestamp != "" && len(timestamp) <= maxTimestamp && timestamp[0] != '0'
}

// signed reports whether one of the signatures in lines was made with one of the keys. How
// long that takes does not depend on which.
func (r *Receiver) signed(id, timestamp string, body []byte, lines []string) bool {
	scratch := make([]byte, 0, len(id)+len(timestamp)+2+sha256.Size)
	scratch = append(append(append(append(scratch, id...), '.'), timestamp...), '.')
	matched := false
	for _, key := range r.keys() {
		var want [signatureLength]byte
		mac := hmac.New(sha256.New, key)
		mac.Write(scratch)
		mac.Write(body)
		base64.StdEncoding.Encode(want[:], mac.Sum(scratch[len(scratch):]))
		for _, line := range lines {
			for entry := range strings.SplitSeq(trim(line), " ") {
				matched = equalsEntry(&want, entry) || matched
			}
		}
	}
	return matched
}

// equalsEntry compares want with an entry such as v1,K5oZ…=, which may be followed by a
// comma and anything else.
func equalsEntry(want *[signatureLength]byte, entry string) bool {
	version, rest, _ := strings.Cut(entry, ",")
	text, _, _ := strings.Cut(rest, ",")
	if version != "v1" || len(text) != len(want) {
		return false
	}
	var have [signatureLength]byte
	copy(have[:], text)
	return hmac.Equal(want[:], have[:])
}
