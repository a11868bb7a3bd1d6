package auth

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"

	"github.com/backend-sdk/clerk-go/clerk"
)

// WithLogger tells about what an operator should look at: each kind of trouble
// once, as a warning, never with a token. Without it nothing is logged.
func WithLogger(logger *slog.Logger) Option {
	return func(c *config) error {
		if logger == nil {
			return errors.New("logger is nil")
		}
		c.logger = logger
		return nil
	}
}

// warning is a kind of trouble.
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
	clockWrong:       "the session token of a handshake is not valid at this machine's time: its clock may be wrong",
	handshakeRefused: "a handshake's outcome was refused, and the request is treated as if there had been none",
	handshakeOutdated: "a handshake that would sign the browser out says not when it was made, or was made more than a day ago: " +
		"it is passed over",
	payloadUnavailable: "the cookies of a handshake could not be fetched",
	misconfiguration:   "a request cannot be authenticated as the Authenticator is set up",
}

// warnings says each thing once. A nil one is silent.
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

// complain answers a request that cannot be authenticated as a is set up. The
// developer of an instance in development sees why.
func (a *Authenticator) complain(w http.ResponseWriter, r *http.Request, err error) {
	text := "authentication is misconfigured"
	if a != nil {
		a.warnings.once(r.Context(), misconfiguration, cause(err))
		if a.publishable.instanceType == clerk.Development {
			text = err.Error()
		}
	}
	http.Error(w, text, http.StatusInternalServerError)
}

func cause(err error) slog.Attr { return slog.String("cause", err.Error()) }
