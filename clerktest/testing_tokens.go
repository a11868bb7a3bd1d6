package clerktest

import (
	"context"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
)

// testingToken lets tests pass the bot protection of the frontend API. The emulated one has
// none, so it accepts every request with or without a token.
type testingToken struct {
	ID        string          `json:"id"`
	ExpiresAt clerk.Timestamp `json:"expires_at"`
}

const testingTokenLife = time.Hour

type testingTokenTables struct{ testingTokens kind[testingToken] }

func (t *tables) addTestingTokens() {
	t.testingTokens = addKind(t, "testing_tokens", kind[testingToken]{noun: "testing token"}, func(v *testingToken) string { return v.ID })
}

func (i *Instance) createTestingToken(context.Context) (*api.TestingToken, error) {
	return write(i, func() (*api.TestingToken, error) {
		now := i.now()
		for _, old := range i.testingTokens.All() {
			if old.ExpiresAt < clerk.At(now) {
				i.testingTokens.Remove(old.ID)
			}
		}
		v := &testingToken{ID: randomHex(32), ExpiresAt: clerk.At(now.Add(testingTokenLife))}
		i.testingTokens.Put(v)
		return &api.TestingToken{Object: "testing_token", Token: v.ID, ExpiresAt: clerk.Seconds(now.Add(testingTokenLife).Unix())}, nil
	})
}
