package auth

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// Refusal is the response in place of a protected handler's; see [WithRefusal].
type Refusal struct {
	Status int    // 401, 403, 500 or 503
	Code   string // unauthenticated, forbidden, authentication_misconfigured or authentication_unavailable
	// Reason is that of the refusal itself, such as session-pending, or else of the
	// authentication. It may be "".
	Reason  Reason
	Message string // for people; it shows nothing of a token whose signature did not verify
	// Reverification is what Clerk's frontend needs to let the user verify their identity
	// again, if only that is missing, and else nil.
	Reverification json.RawMessage
	RetryAfter     time.Duration // 0 if it is not known
	Challenge      string        // the WWW-Authenticate field, or ""
	Err            error         // what [Authorize] returns
}

// The codes of refusals, in the place of those that the Backend API's errors have.
const (
	codeUnavailable     = "authentication_unavailable"
	codeMisconfigured   = "authentication_misconfigured"
	codeUnauthenticated = "unauthenticated"
	codeForbidden       = "forbidden"
)

func unavailable(a *Auth) *Refusal {
	err := a.Err()
	return &Refusal{Status: http.StatusServiceUnavailable, Code: codeUnavailable, Reason: a.Reason(),
		Message: "authentication is not possible at the moment", RetryAfter: retryAfter(err), Err: err}
}

// unauthenticated says why a caller does not count as authenticated, which may be
// because of what the endpoint takes.
func unauthenticated(a *Auth) *Refusal {
	f := &Refusal{Status: http.StatusUnauthorized, Code: codeUnauthenticated, Reason: a.Reason(), Challenge: "Bearer"}
	switch rec := a.record; {
	case rec == nil:
		f.Message = "nobody is signed in"
	case rec.reason == "" && a.refusesType():
		f.Message = "the token is of type " + string(rec.tokenType) + ", and this endpoint takes " + a.authOptions.accepted().String()
	case rec.pending():
		f.Reason, f.Message = ReasonSessionPending, "the session is pending: its user has a task left to complete"
	case rec.refused != nil:
		f.Message = rec.refused.finding()
	case rec.message != "":
		f.Message = rec.message
	default:
		f.Message = "the request carries no token that is accepted here"
	}
	return f.because(ErrUnauthenticated)
}

func forbidden(reason Reason, message string) *Refusal {
	f := &Refusal{Status: http.StatusForbidden, Code: codeForbidden, Reason: reason, Message: message}
	return f.because(ErrForbidden)
}

// unverified is for a caller who only lacks a reverification.
func unverified(policy *reverification) *Refusal {
	f := &Refusal{Status: http.StatusForbidden, Code: codeForbidden, Message: "the user must verify their identity again",
		Reverification: policy.payloadJSON()}
	return f.because(ErrReverification)
}

// because returns f with the error of Authorize.
func (f *Refusal) because(kind error) *Refusal {
	f.Err = &AuthorizationError{Reason: f.Reason, Message: f.Message, kind: kind}
	return f
}

// refuse responds to a request that does not reach its handler. Every refusal is written
// here.
func (a *Authenticator) refuse(w http.ResponseWriter, r *http.Request, f *Refusal) {
	h := w.Header()
	if f.Challenge != "" {
		h.Set("WWW-Authenticate", f.Challenge)
	}
	if f.RetryAfter > 0 {
		seconds := (f.RetryAfter + time.Second - 1) / time.Second
		h.Set("Retry-After", strconv.Itoa(int(seconds)))
	}
	if f.Reason != "" && h.Get(headerReason) == "" {
		explain(h, StatusSignedOut, f.Reason, f.Message)
	}
	h.Set("Cache-Control", "no-store")
	if a == nil || a.refusal == nil {
		f.ServeHTTP(w, r)
		return
	}
	own := &answerWriter{ResponseWriter: w, status: f.Status}
	a.refusal(own, r, f)
	if !own.answered {
		f.ServeHTTP(w, r)
	}
}

// ServeHTTP writes the default response: the status, and a body in JSON. Its body has the
// form of the Backend API's errors, or if a reverification is missing, the one that Clerk's
// frontend handles.
func (f *Refusal) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(f.Status)
	w.Write(f.body())
}

func (f *Refusal) body() []byte {
	if f.Reverification != nil {
		return reverificationBody(f.Reverification)
	}
	type meta struct {
		Reason Reason `json:"reason"`
	}
	type problem struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		Meta    *meta  `json:"meta,omitempty"`
	}
	one := problem{Code: f.Code, Message: f.Message}
	if f.Reason != "" {
		one.Meta = &meta{f.Reason}
	}
	// Strings can always be encoded.
	body, _ := json.Marshal(map[string][]problem{"errors": {one}})
	return body
}

// answerWriter notes whether a function of WithRefusal responded, and sends the status of
// the refusal where the function writes a body without one.
type answerWriter struct {
	http.ResponseWriter
	status   int
	answered bool
}

func (w *answerWriter) WriteHeader(status int) {
	w.answered = w.answered || status >= http.StatusOK || status == http.StatusSwitchingProtocols
	w.ResponseWriter.WriteHeader(status)
}

func (w *answerWriter) Write(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	w.answer()
	return w.ResponseWriter.Write(b)
}

// FlushError sends the header.
func (w *answerWriter) FlushError() error {
	w.answer()
	return http.NewResponseController(w.ResponseWriter).Flush()
}

func (w *answerWriter) answer() {
	if !w.answered {
		w.WriteHeader(w.status)
	}
}

// Unwrap lets http.ResponseController find the other methods.
func (w *answerWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
