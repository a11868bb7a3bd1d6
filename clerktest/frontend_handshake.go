package clerktest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
)

// handshakePayload holds the Set-Cookie headers that a nonce is exchanged for.
type handshakePayload struct {
	directives []string
	until      time.Time
}

const handshakeLife = time.Minute

// refreshByHandshake handles the handshake: a service has redirected the browser
// here to refresh its cookies. It redirects back with the cookies to set, in a
// signed token or as a nonce that the service exchanges for them.
func (i *Instance) refreshByHandshake(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	target, err := i.returnURL(query.Get("redirect_url"))
	if err == nil {
		err = checkParameter(query, "format", "", "nonce", "token")
	}
	if err == nil {
		err = checkParameter(query, "suffixed_cookies", "", "true", "false")
	}
	if err != nil {
		fail(w, err)
		return
	}
	c, err := i.clientOf(r)
	if err != nil {
		fail(w, err)
		return
	}
	s := i.clientSession(c)
	if s != nil && query.Has("organization_id") {
		err = i.activateOrganization(s, query.Get("organization_id"))
	}
	var list []string
	if err == nil {
		list, err = i.handshakeDirectives(c, s, target)
	}
	if err == nil {
		err = i.leadBack(w, target, list, query.Get("format") == "nonce" && !i.handshakeTokens)
	}
	if err != nil {
		fail(w, fmt.Errorf("clerktest: handshake: %w", err))
		return
	}
	i.setClient(w, r, c)
	w.WriteHeader(http.StatusTemporaryRedirect)
}

func checkParameter(query url.Values, param string, allowed ...string) error {
	got := query.Get(param)
	if slices.Contains(allowed, got) {
		return nil
	}
	return failure(http.StatusBadRequest, "form_param_value_invalid", param+" has an unknown value", param)
}

func (i *Instance) handshakeDirectives(c *frontendClient, s *session, target *url.URL) ([]string, error) {
	if s == nil {
		return i.cookieDirectives(c, nil, "", target), nil
	}
	token, err := i.cookieToken(s.ID, originOf(target))
	if err != nil {
		return nil, err
	}
	return i.cookieDirectives(c, s, token, target), nil
}

func originOf(u *url.URL) string { return u.Scheme + "://" + u.Host }

// leadBack redirects the browser back with the payload: in the URL on a development
// instance, whose hosts do not share cookies, and otherwise in a cookie.
func (i *Instance) leadBack(w http.ResponseWriter, target *url.URL, list []string, nonce bool) error {
	name := "__clerk_handshake"
	var value string
	var err error
	if nonce {
		name += "_nonce"
		value = i.keepPayload(list)
	} else {
		value, err = i.signer().Sign(i.header(sessionCategory, "JWT"), map[string]any{"handshake": list, "iat": i.now().Unix()})
	}
	if err != nil {
		return err
	}
	if i.production {
		w.Header().Add("Set-Cookie", cookieDirective(name, value, i.domain(), int(handshakeLife.Seconds()), true, true))
	} else {
		target = withParameter(target, name, value)
	}
	w.Header().Set("Location", target.String())
	return nil
}

// keepPayload stores the directives and returns a nonce that can be exchanged for
// them once.
func (i *Instance) keepPayload(list []string) string {
	i.mu.Lock()
	defer i.mu.Unlock()
	now := i.now()
	for nonce, p := range i.payloads {
		if now.After(p.until) {
			delete(i.payloads, nonce)
		}
	}
	nonce := randomHex(16)
	i.payloads[nonce] = handshakePayload{list, now.Add(handshakeLife)}
	return nonce
}

// getHandshakePayload is the operation with which a service exchanges a nonce. The
// published description of the API does not have it.
var getHandshakePayload = &description.Operation{
	Name: "GetHandshakePayload", Method: http.MethodGet, Path: "/clients/handshake_payload",
	Query: []description.Parameter{{Name: "nonce", Schema: &description.Schema{Type: description.String}, Required: true}},
}

func (i *Instance) serveHandshakePayload(w http.ResponseWriter, r *http.Request) {
	nonce := r.URL.Query().Get("nonce")
	i.mu.Lock()
	p, known := i.payloads[nonce]
	delete(i.payloads, nonce)
	i.mu.Unlock()
	if !known || i.now().After(p.until) {
		fail(w, failure(http.StatusNotFound, "resource_not_found", "the nonce is unknown, expired or already used", "nonce"))
		return
	}
	body, err := json.Marshal(map[string][]string{"directives": p.directives})
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(body)
}
