// Package environment shows the command doctor what package auth reads of the environment.
package environment

import (
	"crypto/rsa"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

// Settings are what variables set, and what follows from it.
type Settings struct {
	InstanceType   clerk.InstanceType // of the publishable key; "" without one
	FrontendAPI    string             // the host that the publishable key names
	FrontendURL    string             // where browsers reach the frontend API; a path on the service's own host with a proxy there
	PublicOrigin   string             // "" if requests decide
	JWTKey         *rsa.PublicKey     // nil: keys are fetched
	Parties        []string
	AcceptedTokens []string
	Domain         string
	Satellite      bool
	ClockSkew      time.Duration
}

// Read reads the variables as auth.FromEnv does, except that a malformed one does not
// keep it from reading the others. Package auth sets it.
var Read func() (Settings, []error)
