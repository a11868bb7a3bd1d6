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

// handshakePayload is what a nonce is exchanged for.
type handshakePayload struct {
	directives []string
	until      time.Time
}

const handshakeLife = time.Minute

// refreshByHandshake responds to the redirect with which a service finds out who is signed
// in at this browser. It redirects back with cookies to set, in a signed token or under
// a nonce that the service exchanges for them.
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
	c := i.clientOf(r)
	s := i.clientSession(c)
	if s != nil && query.Has("organization_id") {
		i.activateOrganization(s, query.Get("organization_id"))
	}
	list, err := i.handshakeDirectives(c, s, target)
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
	return failure(http.StatusBadRequest, "form_param_value_invalid", param+" has a value that is not known", param)
}

func (i *Instance) handshakeDirectives(c *frontendClient, s *session, target *url.URL) ([]string, error) {
	if s == nil {
		return i.cookieDirectives(c, nil, "", target), nil
	}
	token, err := i.token(newTokenRequest([]TokenOption{ForSession(s.ID), WithAuthorizedParty(originOf(target))}))
	if err != nil {
		return nil, err
	}
	return i.cookieDirectives(c, s, token, target), nil
}

func originOf(u *url.URL) string { return u.Scheme + "://" + u.Host }

// leadBack puts the payload into the URL in development, where the two hosts share no
// cookies, and otherwise into a cookie.
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

// keepPayload returns a nonce with which the directives can be fetched once.
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

// getHandshakePayload is the operation that exchanges a nonce. The published
// description of the API does not contain it.
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
		fail(w, failure(http.StatusNotFound, "resource_not_found", "no payload for this nonce, or it was fetched before", "nonce"))
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
