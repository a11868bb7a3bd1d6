package clerktest

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/backend-sdk/clerk-go/webhooks"
)

// replacedSecretLife is how long a secret signs beside the one that replaced it.
const replacedSecretLife = 24 * time.Hour

// rotations are the times at which the secret of the webhooks was replaced.
type rotations struct {
	mu    sync.Mutex
	times []time.Time
}

func (r *rotations) list() []time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.times
}

// WebhookSecret returns the secret that signs the webhooks of the instance, in the form of
// CLERK_WEBHOOK_SIGNING_SECRET.
func (i *Instance) WebhookSecret() string { return i.webhookSecret(len(i.rotations.list())) }

// RotateWebhookSecret replaces the secret of the webhooks and returns the new one. For the
// next 24 hours of the instance's clock, deliveries are signed with the old one, too.
func (i *Instance) RotateWebhookSecret() string {
	i.rotations.mu.Lock()
	i.rotations.times = append(i.rotations.times, i.now())
	n := len(i.rotations.times)
	i.rotations.mu.Unlock()
	return i.webhookSecret(n)
}

// webhookSecret returns the secret after the nth rotation.
func (i *Instance) webhookSecret(n int) string {
	seed := "webhooks\x00" + i.secretKey
	if n > 0 {
		seed = fmt.Sprintf("webhooks\x00%d\x00%s", n, i.secretKey)
	}
	sum := sha256.Sum256([]byte(seed))
	return "whsec_" + base64.StdEncoding.EncodeToString(sum[:])
}

// signed returns the header of a delivery, with a signature by each secret that is valid.
func (i *Instance) signed(id string, at time.Time, body []byte) (http.Header, error) {
	times := i.rotations.list()
	header, err := webhooks.Sign(i.webhookSecret(len(times)), id, at, body)
	for n, replaced := range times {
		if err != nil || !at.Before(replaced.Add(replacedSecretLife)) {
			continue
		}
		var other http.Header
		if other, err = webhooks.Sign(i.webhookSecret(n), id, at, body); err == nil {
			const signature = "Svix-Signature"
			header.Set(signature, header.Get(signature)+" "+other.Get(signature))
		}
	}
	return header, err
}
