package auth

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
	"github.com/backend-sdk/clerk-go/clerk"
)

// warning is a kind of operational problem.
type warning int

const (
	redirectLoop warning = iota
	organizationLoop
	partyMissing
	clockWrong
	partyNotAllowed
	partyRequired
	audienceNotAllowed
	issuerNotAllowed
	handshakeRefused
	handshakeOutdated
	headersIgnored
	originUnlikely
	misconfiguration
	warningKinds
)

var warningTexts = [warningKinds]string{
	redirectLoop: "a browser keeps being sent to Clerk for cookies and comes back without: " +
		"publishable and secret key may belong to different instances, or the domain is not one of the instance's",
	organizationLoop: "a browser was sent to Clerk several times to activate the organization that the path names, " +
		"which may not exist: the session keeps its own",
	partyMissing:    "a session cookie's token names no authorized party, which Clerk will require one day",
	clockWrong:      "a token of this instance is not valid at this machine's time, whose clock may be wrong",
	partyNotAllowed: "a token of this instance was made for a party that is not allowed here: WithAuthorizedParties",
	partyRequired: "a token of this instance names no authorized party, and is refused: WithSameOriginSessions accepts " +
		"one in a cookie if its request comes from the service's own origin",
	audienceNotAllowed: "a token of this instance was made for an audience that is not allowed here: WithAudience, WithMachineAudience or WithResource",
	issuerNotAllowed:   "a token of this instance has an issuer that is not allowed here: WithIssuer",
	handshakeRefused:   "the outcome of a handshake was refused, and the request is treated as if it had none",
	handshakeOutdated: "a handshake token that signs the browser out has no iat, or was issued more than a day ago: " +
		"it is ignored",
	headersIgnored: "forwarding headers are ignored, because their peer is not trusted: WithTrustedProxies",
	originUnlikely: "a handshake would lead a browser back to an origin that can hardly be that of a production instance: " +
		"WithPublicOrigin, or WithTrustedProxies",
	misconfiguration: "a request cannot be authenticated",
}

// notForThisService is the warning for each claim that says whom a token is for.
var notForThisService = map[string]warning{"azp": partyNotAllowed, "aud": audienceNotAllowed, "iss": issuerNotAllowed}

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
	if w == nil || kind == redirectLoop && w.explainsLoop() || w.said[kind].Load() || w.said[kind].Swap(true) {
		return
	}
	w.log.LogAttrs(ctx, slog.LevelWarn, "auth: "+warningTexts[kind], attrs...)
}

// warnOfIgnoredHeaders warns of a proxy whose headers do not count. Anybody can send such
// headers.
func (a *Authenticator) warnOfIgnoredHeaders(r *http.Request) {
	if a.warnings == nil || a.warnings.said[headersIgnored].Load() {
		return
	}
	if peer, names := a.proxies.Ignored(r); names != nil {
		a.warnings.once(r.Context(), headersIgnored, slog.String("peer", peer), slog.Any("headers", names))
	}
}

// warnOfOrigin warns of a public origin of a production instance that no browser elsewhere
// can reach, or that sends sessions over plain http.
func (a *Authenticator) warnOfOrigin(ctx context.Context, o weburl.Origin) {
	if a.production() && (o.Scheme == "http" || o.IsLoopback() || o.IsPrivate()) {
		a.warnings.once(ctx, originUnlikely, slog.String("scheme", o.Scheme), slog.String("host", o.Host))
	}
}

// explainsLoop reports whether a warning named what makes browsers come back without a
// session that is accepted.
func (w *warnings) explainsLoop() bool {
	return slices.ContainsFunc([]warning{clockWrong, partyNotAllowed, partyRequired, audienceNotAllowed, issuerNotAllowed},
		func(kind warning) bool { return w.said[kind].Load() })
}

func cause(err error) slog.Attr { return slog.String("cause", err.Error()) }

const maskText = "the token has a permission mask for each feature, those of the user included; " +
	"permissions are read as if there were none for the user's"

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
		w.log.WarnContext(ctx, "auth: "+maskText)
	})
}

// outageTexts are what an operator reads. Other outcomes are no outages.
var outageTexts = map[outcome]string{
	outOfReach:       "Clerk is out of reach",
	secretKeyRefused: "Clerk refuses the secret key, which may have been deleted",
	ownLimit:         "too many calls to Clerk are under way",
}

// calm is how long no request may have met an outage of calls before it is over, so that
// calls that fail now and then do not fill the log. Keys are fetched much less often.
const calm = 10 * time.Second

// outages logs when something that requests need of Clerk cannot be used, once until it
// works again, and then how long that took. A nil one is silent.
type outages struct {
	log   *slog.Logger
	now   func() time.Time
	which string // what cannot be used
	calm  time.Duration
	each  [outcomeCount]outage
}

type outage struct {
	on          atomic.Bool // whether mu must be taken at all
	mu          sync.Mutex
	began, last time.Time
	requests    int64
}

func newOutages(logger *slog.Logger, now func() time.Time, which string, calm time.Duration) *outages {
	if logger == nil {
		return nil
	}
	return &outages{log: logger, now: now, which: which, calm: calm}
}

// note takes the outcome of a request that needed a call. It counts requests that met an
// outage, and logs its first one and its end.
func (o *outages) note(ctx context.Context, result outcome, err error, attrs ...slog.Attr) {
	if o == nil || result == abandoned {
		return
	}
	if _, isOutage := outageTexts[result]; !isOutage {
		o.works(ctx)
		return
	}
	if o.each[result].count(o.now()) {
		o.begin(ctx, result, err, attrs)
	}
}

func (o *outages) begin(ctx context.Context, result outcome, err error, attrs []slog.Attr) {
	all := append([]slog.Attr{slog.String("which", o.which), cause(err)}, attrs...)
	var answer *clerk.Error
	if errors.As(err, &answer) {
		all = append(all, slog.String("operation", answer.Operation), slog.String("trace_id", answer.TraceID))
	}
	if after := retryAfter(err); after > 0 {
		all = append(all, slog.Duration("retry_after", after))
	}
	level := slog.LevelWarn
	if result == secretKeyRefused {
		level = slog.LevelError
	}
	o.log.LogAttrs(ctx, level, "auth: "+outageTexts[result], all...)
}

// works ends every outage that no request met for a while.
func (o *outages) works(ctx context.Context) {
	for result := range o.each {
		e := &o.each[result]
		if !e.on.Load() {
			continue
		}
		if lasted, requests, over := e.end(o.now(), o.calm); over {
			o.log.LogAttrs(ctx, slog.LevelInfo, "auth: over: "+outageTexts[outcome(result)], slog.String("which", o.which),
				slog.Duration("lasted", lasted), slog.Int64("requests", requests))
		}
	}
}

// count counts a request, and reports whether it is the first one.
func (e *outage) count(now time.Time) (first bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if first = !e.on.Load(); first {
		e.began, e.requests = now, 0
		e.on.Store(true)
	}
	e.last = now
	e.requests++
	return first
}

func (e *outage) end(now time.Time, calm time.Duration) (lasted time.Duration, requests int64, over bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if since := now.Sub(e.last); !e.on.Load() || since >= 0 && since < calm {
		return 0, 0, false
	}
	e.on.Store(false)
	return e.last.Sub(e.began), e.requests, true
}
