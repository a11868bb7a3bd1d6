package auth

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
)

// warning is a kind of operational problem.
type warning int

const (
	redirectLoop warning = iota
	organizationLoop
	partyMissing
	clockWrong
	handshakeRefused
	handshakeOutdated
	payloadUnavailable
	misconfiguration
	warningKinds
)

var warningTexts = [warningKinds]string{
	redirectLoop: "a browser keeps being sent to Clerk for cookies and comes back without: " +
		"publishable and secret key may belong to different instances, or the domain is not one of the instance's",
	organizationLoop: "a browser was sent to Clerk several times to activate the organization that the path names, " +
		"which may not exist: the session keeps its own",
	partyMissing:     "a session cookie's token names no authorized party, which Clerk will require one day",
	clockWrong:       "the session token of a handshake is not valid at this machine's time, whose clock may be wrong",
	handshakeRefused: "the outcome of a handshake was refused, and the request is treated as if it had none",
	handshakeOutdated: "a handshake token that signs the browser out has no iat, or was issued more than a day ago: " +
		"it is ignored",
	payloadUnavailable: "the cookies of a handshake could not be fetched",
	misconfiguration:   "a request cannot be authenticated",
}

// warnings logs each kind of problem once. A nil one is silent.
type warnings struct {
	log  *slog.Logger
	said [warningKinds]atomic.Bool
}

func newWarnings(logger *slog.Logger) *warnings {
	if logger == nil {
		return nil
	}
	return &warnings{log: logger}
}

func (w *warnings) once(ctx context.Context, kind warning, attrs ...slog.Attr) {
	if w == nil || w.said[kind].Load() || w.said[kind].Swap(true) {
		return
	}
	w.log.LogAttrs(ctx, slog.LevelWarn, "auth: "+warningTexts[kind], attrs...)
}

func cause(err error) slog.Attr { return slog.String("cause", err.Error()) }

// maskWarning logs once that a token's permissions differ between its two readings. A
// nil one is silent.
type maskWarning struct {
	log  *slog.Logger
	once sync.Once
}

func (w *maskWarning) warn(ctx context.Context, c *Claims) {
	if w == nil || !c.permissionsAmbiguous() {
		return
	}
	w.once.Do(func() {
		w.log.WarnContext(ctx, "auth: the token has a permission mask for each feature, those of the user included; "+
			"permissions are read as if there were none for the user's")
	})
}
