package clerktest

import (
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
)

// sentMessage is an email or a text message that Clerk would have sent.
type sentMessage struct {
	ID        string          `json:"id"`
	Kind      string          `json:"kind"` // the slug of the template, such as "organization_invitation"
	To        string          `json:"to"`   // an email address or a phone number
	Link      string          `json:"link,omitempty"`
	Code      string          `json:"code,omitempty"`
	CreatedAt clerk.Timestamp `json:"created_at"`
}

// maxMessages bounds the memory of an emulator that runs for days.
const maxMessages = 1000

type outboxTables struct {
	emails kind[sentMessage]
}

func (t *tables) addOutbox() {
	t.emails = addKind(t, "emails", kind[sentMessage]{noun: "email", prefix: "ema"}, func(m *sentMessage) string { return m.ID })
}

// outbox keeps a message instead of sending it, in the course of a write. Of the values it
// has the link or the code. The oldest message makes room for a new one.
func (i *Instance) outbox(kind, to string, values sentMessage) {
	values.Kind, values.To = kind, to
	resource.Begin(&values, newID("ema", i.now()), "", i.now())
	if i.emails.Len() >= maxMessages {
		oldest := i.emails.Find(func(*sentMessage) bool { return true })
		i.emails.Remove(oldest.ID)
	}
	i.emails.Put(&values)
}
