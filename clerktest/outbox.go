package clerktest

import (
	"fmt"
	"log/slog"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
)

// Message is an email or a text message that Clerk would have sent.
type Message struct {
	ID        string          `json:"id"`
	Kind      string          `json:"kind"` // the slug of the template, such as "organization_invitation"
	To        string          `json:"to"`   // an email address or a phone number
	Link      string          `json:"link,omitempty" clerk:"credential"`
	Code      string          `json:"code,omitempty" clerk:"credential"`
	CreatedAt clerk.Timestamp `json:"created_at"`
}

// Format implements [fmt.Formatter] and hides credentials.
func (m Message) Format(s fmt.State, _ rune) { clerk.FormatHidden(s, m) }

// LogValue implements [slog.LogValuer] and hides credentials.
func (m Message) LogValue() slog.Value { return clerk.LogHidden(m) }

// Messages returns the messages that Clerk would have sent, oldest first.
func (i *Instance) Messages() []Message {
	kept := i.emails.Snapshot()
	sent := make([]Message, len(kept))
	for n, m := range kept {
		sent[n] = *m
	}
	return sent
}

// maxMessages bounds the memory of an emulator that runs for days.
const maxMessages = 1000

type outboxTables struct {
	emails kind[Message]
}

func (t *tables) addOutbox() {
	t.emails = addKind(t, "emails", kind[Message]{noun: "email", prefix: "ema"}, func(m *Message) string { return m.ID })
}

// outbox keeps a message instead of sending it, in the course of a write. Of the values it
// has the link or the code. The oldest message makes room for a new one.
func (i *Instance) outbox(kind, to string, values Message) {
	values.Kind, values.To = kind, to
	resource.Begin(&values, newID("ema", i.now()), "", i.now())
	if i.emails.Len() >= maxMessages {
		oldest := i.emails.Find(func(*Message) bool { return true })
		i.emails.Remove(oldest.ID)
	}
	i.emails.Put(&values)
}
