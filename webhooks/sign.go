package webhooks

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Sign returns the header of a delivery of body with an id, sent at a time. It is for
// tests, and for services that forward events.
func Sign(secret, id string, at time.Time, body []byte) (http.Header, error) {
	key, err := decodeSecret(secret)
	if err != nil {
		return nil, fmt.Errorf("webhooks: the secret: %w", err)
	}
	if !validID(id) {
		return nil, fmt.Errorf("webhooks: the id is not 1 to %d visible ASCII characters without a full stop", maxID)
	}
	timestamp := strconv.FormatInt(at.Unix(), 10)
	if !validTimestamp(timestamp) {
		return nil, fmt.Errorf("webhooks: %v is not a time that a delivery can have", at)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	return http.Header{
		svix.id: {id}, svix.timestamp: {timestamp},
		svix.signature: {"v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))},
	}, nil
}
