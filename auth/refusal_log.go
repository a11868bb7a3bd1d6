package auth

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// reportRefusal says in the record's message and in the log why nobody is signed in. It
// is called once for each request that is refused, and never for another.
func (a *Authenticator) reportRefusal(r *http.Request, rec *record) {
	token, ambiguous := headerToken(r.Header)
	if rec.message == "" && rec.err == nil && token == "" && !ambiguous && !loadsPage(r) {
		rec.message = guestMessage(r, rec)
	}
	carrier := ""
	switch {
	case token != "" || ambiguous:
		carrier = carrierHeader
	case rec.refused != nil:
		carrier = carrierCookie
	}
	a.logRefusal(r.Context(), rec.reason, rec.tokenType, carrier, rec.refused)
}

// reportRefusedToken is reportRefusal for a token that came without a request.
func (a *Authenticator) reportRefusedToken(ctx context.Context, kind TokenType, err error) {
	var refused *TokenError
	if errors.As(err, &refused) {
		a.warnOfRefusal(ctx, refused, false)
		a.logRefusal(ctx, refused.Reason, kind, "", refused)
	}
}

// What the developer of a client reads whose request says nothing about its caller.
const (
	messagePreflight = "a preflight request carries no token: respond to CORS before authentication"
	messageScheme    = "the scheme of the Authorization header is not Bearer"
	messageNoToken   = "the request has no token in its Authorization header"
	messageNothing   = "the request has neither a token in its Authorization header nor a session cookie"
)

// guestMessage returns what a request lacks, or "" if the reason says it all.
func guestMessage(r *http.Request, rec *record) string {
	switch {
	case r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "":
		return messagePreflight
	case r.Header.Get("Authorization") != "":
		return messageScheme
	case rec.reason == ReasonNoTokenInHeader, rec.reason == ReasonTokenTypeMismatch:
		return messageNoToken
	case rec.reason == ReasonSessionTokenAndUATMissing, rec.reason == ReasonDevBrowserMissing && !mentionsSession(r.Header["Cookie"]):
		return messageNothing
	default:
		return ""
	}
}

func mentionsSession(lines []string) bool {
	return slices.ContainsFunc(lines, func(line string) bool { return strings.Contains(line, "__session") })
}

// logRefusal logs a refused token or request for debugging. Of a token whose signature
// did not verify it logs nothing but the type.
func (a *Authenticator) logRefusal(ctx context.Context, reason Reason, kind TokenType, carrier string, refused *TokenError) {
	w := a.warnings
	if w == nil {
		return
	}
	if !w.log.Enabled(ctx, slog.LevelDebug) {
		return
	}
	attrs := []slog.Attr{slog.String("reason", string(reason)), slog.String("token_type", string(kind)), slog.String("carrier", carrier)}
	if refused != nil && refused.claims != nil {
		c, now := refused.claims, a.tokens.now().Unix()
		attrs = append(attrs, slog.String("azp", shown(c.authorizedParty)), slog.String("iss", shown(c.Issuer())),
			slog.String("user", shown(c.subject)), slog.String("session", shown(c.sessionID)))
		if c.expiresAt.state == dateValid {
			attrs = append(attrs, slog.Int64("exp_in_seconds", c.expiresAt.seconds-now))
		}
		if c.notBefore.state == dateValid {
			attrs = append(attrs, slog.Int64("nbf_in_seconds", c.notBefore.seconds-now))
		}
	}
	w.log.LogAttrs(ctx, slog.LevelDebug, "auth: refused", attrs...)
}

// logRefusalOf logs for debugging that an authenticated caller may not pass. Why others
// may not was logged when they were authenticated.
func (a *Authenticator) logRefusalOf(ctx context.Context, caller *Auth, f *Refusal) {
	if a == nil || a.warnings == nil || caller.record.unexplained() || !a.warnings.log.Enabled(ctx, slog.LevelDebug) {
		return
	}
	attrs := []slog.Attr{slog.String("code", f.Code), slog.String("reason", string(f.Reason)),
		slog.String("token_type", string(caller.record.tokenType))}
	if c := caller.record.claims; c != nil {
		attrs = append(attrs, slog.String("user", shown(c.subject)), slog.String("session", shown(c.sessionID)))
	} else {
		m := caller.record.machine
		attrs = append(attrs, slog.String("id", shown(m.id)), slog.String("subject", shown(m.subject)))
	}
	a.warnings.log.LogAttrs(ctx, slog.LevelDebug, "auth: denied", attrs...)
}

// warnOfRefusal warns of a verified token that was refused for what the configuration or
// a clock may have wrong, and reports whether it was. fresh says that Clerk made the
// token a moment ago, so that it cannot have expired.
func (a *Authenticator) warnOfRefusal(ctx context.Context, refused *TokenError, fresh bool) bool {
	if refused == nil || refused.claims == nil && refused.mismatch == nil {
		return false
	}
	c, now := refused.claims, a.tokens.now().Unix()
	switch {
	case refused.mismatch != nil && refused.mismatch.claim == "azp" && len(refused.mismatch.value) == 0:
		a.warnings.once(ctx, partyRequired, slog.Any("allowed", refused.mismatch.allowed))
	case refused.mismatch != nil:
		a.warnings.once(ctx, notForThisService[refused.mismatch.claim],
			slog.String(refused.mismatch.claim, refused.mismatch.shownValue()), slog.Any("allowed", refused.mismatch.allowed))
	case refused.Reason == ReasonTokenNotActiveYet:
		a.warnings.once(ctx, clockWrong, slog.String("clock", "behind"), slog.Int64("seconds", c.notBefore.seconds-now))
	case refused.Reason == ReasonTokenIATInTheFuture:
		a.warnings.once(ctx, clockWrong, slog.String("clock", "behind"), slog.Int64("seconds", c.issuedAt.seconds-now))
	case refused.Reason == ReasonTokenExpired && fresh:
		a.warnings.once(ctx, clockWrong, slog.String("clock", "ahead"), slog.Int64("seconds", now-c.expiresAt.seconds))
	default:
		return false
	}
	return true
}

// mismatch is a claim of a verified token that the options do not allow.
type mismatch struct {
	claim   string // azp, aud or iss
	value   []string
	allowed []string
}

// shownValue returns the claim for a log or an error.
func (m *mismatch) shownValue() string {
	if len(m.value) == 0 {
		return "none"
	}
	return shown(strings.Join(m.value, ", "))
}

// text returns what is wrong: with the values for a developer, without them for
// everybody else.
func (m *mismatch) text(development bool) string {
	switch {
	case development:
		return m.claim + " is " + m.shownValue() + ", and allowed is " + shown(strings.Join(m.allowed, ", "))
	case len(m.value) == 0:
		return m.claim + " is missing or malformed"
	default:
		return m.claim + " is not allowed"
	}
}

const maxShown = 200

// shown returns a value of a verified token for a log or an error: cut, and quoted if it
// is not plain text.
func shown(value string) string {
	cut := value[:min(len(value), maxShown)]
	plain := cut
	if quoted := strconv.QuoteToASCII(cut); len(quoted) != len(cut)+2 {
		plain = quoted
	}
	if len(cut) < len(value) {
		plain += "…"
	}
	return plain
}
