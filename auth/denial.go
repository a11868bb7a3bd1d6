package auth

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strconv"
	"time"
)

// denial is a response in place of the protected handler's.
type denial struct {
	status         int
	code           string
	reason         Reason // of the refusal itself, or of the authentication
	message        string
	retryAfter     time.Duration   // 0 if it is not known
	reverification *reverification // that would change the decision, if that is all that lacks
}

// The codes of denials, in the place of those that the Backend API's errors have.
const (
	codeUnavailable     = "authentication_unavailable"
	codeUnauthenticated = "unauthenticated"
	codeForbidden       = "forbidden"
)

func unavailable(a *Auth) *denial {
	return &denial{status: http.StatusServiceUnavailable, code: codeUnavailable, reason: a.Reason(),
		message: "authentication is not possible at the moment", retryAfter: retryAfter(a.Err())}
}

// unauthenticated says why a caller does not count as authenticated, which may be
// because of what the endpoint takes.
func unauthenticated(a *Auth) *denial {
	d := &denial{status: http.StatusUnauthorized, code: codeUnauthenticated, reason: a.Reason()}
	rec := a.record
	switch {
	case rec.reason == "" && a.refusesType():
		d.message = "the token is of type " + string(rec.tokenType) + ", and this endpoint takes " + a.authOptions.accepted().String()
	case rec.pending():
		d.reason, d.message = ReasonSessionPending, "the session is pending: its user has a task left to complete"
	case rec.refused != nil:
		d.message = rec.refused.finding()
	case rec.message != "":
		d.message = rec.message
	default:
		d.message = "the request carries no token that is accepted here"
	}
	return d
}

func forbidden() *denial {
	return &denial{status: http.StatusForbidden, code: codeForbidden, message: "the caller may not do this"}
}

func (d *denial) write(w http.ResponseWriter) {
	h := w.Header()
	if d.status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	if d.retryAfter > 0 {
		seconds := (d.retryAfter + time.Second - 1) / time.Second
		h.Set("Retry-After", strconv.Itoa(int(seconds)))
	}
	if d.reason != "" && h.Get("X-Clerk-Auth-Reason") == "" {
		explain(h, StatusSignedOut, d.reason, d.message)
	}
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(d.status)
	w.Write(d.body())
}

// body has the form of the Backend API's errors, which clients know.
func (d *denial) body() []byte {
	if d.reverification != nil {
		return d.reverification.body()
	}
	type meta struct {
		Reason Reason `json:"reason"`
	}
	type problem struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		Meta    *meta  `json:"meta,omitempty"`
	}
	one := problem{Code: d.code, Message: d.message}
	if d.reason != "" {
		one.Meta = &meta{d.reason}
	}
	// Strings can always be encoded.
	body, _ := json.Marshal(map[string][]problem{"errors": {one}})
	return body
}

// logDenial logs for debugging that an authenticated caller may not pass. Why others may
// not was logged when they were authenticated.
func (a *Authenticator) logDenial(ctx context.Context, caller *Auth, d *denial) {
	if a == nil || a.warnings == nil || caller.record.unexplained() || !a.warnings.log.Enabled(ctx, slog.LevelDebug) {
		return
	}
	attrs := []slog.Attr{slog.String("code", d.code), slog.String("reason", string(d.reason)),
		slog.String("token_type", string(caller.record.tokenType))}
	if c := caller.record.claims; c != nil {
		attrs = append(attrs, slog.String("user", shown(c.subject)), slog.String("session", shown(c.sessionID)))
	} else {
		m := caller.record.machine
		attrs = append(attrs, slog.String("id", shown(m.id)), slog.String("subject", shown(m.subject)))
	}
	a.warnings.log.LogAttrs(ctx, slog.LevelDebug, "auth: denied", attrs...)
}
