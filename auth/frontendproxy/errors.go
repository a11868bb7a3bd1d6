package frontendproxy

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// responses are the bodies of the proxy's own responses.
var responses = map[int]string{
	http.StatusBadRequest:            body("proxy_request_invalid", "The request cannot be sent on to the frontend API."),
	http.StatusNotFound:              body("proxy_path_mismatch", "The path is not that of the frontend API's proxy."),
	http.StatusMethodNotAllowed:      body("proxy_request_invalid", "The frontend API has no such method."),
	http.StatusRequestEntityTooLarge: body("proxy_request_invalid", "The body of the request is too large."),
	http.StatusInternalServerError:   body("proxy_configuration_error", "The proxy is not configured."),
	http.StatusBadGateway:            body("proxy_request_failed", "The frontend API cannot be reached."),
	http.StatusGatewayTimeout:        body("proxy_timeout", "The frontend API did not respond in time."),
}

func body(code, message string) string {
	return `{"errors":[{"code":"` + code + `","message":"` + message + `"}]}`
}

// respond writes one of the proxy's own responses.
func respond(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(responses[status])) // The client may be gone.
}

// calm is how long no request may have failed before an outage is over. Requests that fail
// now and then would fill the log otherwise.
const calm = 10 * time.Second

// outage logs the beginning and the end of each outage of the target.
type outage struct {
	log  *slog.Logger // nil: silent
	last atomic.Int64 // when a request failed last, in nanoseconds; 0 outside of an outage
}

// note takes how a request failed, or "" for one that did not.
func (o *outage) note(ctx context.Context, failure string) {
	if o.log == nil {
		return
	}
	if failure != "" {
		if o.last.Swap(time.Now().UnixNano()) == 0 {
			o.log.LogAttrs(ctx, slog.LevelWarn, "frontendproxy: the frontend API fails", slog.String("failure", failure))
		}
		return
	}
	last := o.last.Load()
	if last != 0 && time.Since(time.Unix(0, last)) >= calm && o.last.CompareAndSwap(last, 0) {
		o.log.LogAttrs(ctx, slog.LevelInfo, "frontendproxy: over: the frontend API fails")
	}
}

// failureStatus returns the name of a status by which the target says that it fails.
func failureStatus(status int) string {
	if status < http.StatusInternalServerError {
		return ""
	}
	return "status " + strconv.Itoa(status)
}

// failureKind names the kind of an error. Its text might show an address.
func failureKind(err error) string {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var operation *net.OpError
	switch {
	case errors.As(err, &dns):
		return "name not resolved"
	case errors.As(err, &certificate), errors.As(err, &record):
		return "TLS"
	case errors.As(err, &operation) && operation.Op == "dial":
		return "no connection"
	}
	return "connection broken"
}
