package clerktest

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerktest/internal/signing"
)

// Token returns a token that the instance has signed. By default it is a version 2
// session token for the oldest user, whom Token creates if the instance has no users. It
// names no authorized party; see [WithAuthorizedParty].
// If the options name a user, session or template that the instance does not have,
// Token fails the test, or panics outside of a test.
func (i *Instance) Token(opts ...TokenOption) string {
	i.helper()
	text, err := i.token(newTokenRequest(opts))
	if err != nil {
		i.fatal(fmt.Errorf("clerktest: token: %w", err))
	}
	return text
}

func newTokenRequest(opts []TokenOption) tokenRequest {
	request := tokenRequest{claims: map[string]any{}, header: map[string]any{}}
	for _, opt := range opts {
		opt(&request)
	}
	return request
}

func (i *Instance) token(request tokenRequest) (string, error) {
	if request.opaque || request.keyOf != "" {
		return i.createOpaqueToken(request)
	}
	if request.revoked {
		return "", errors.New("a JWT cannot be revoked")
	}
	s, u, err := i.tokenSession(request)
	if err != nil {
		return "", err
	}
	by := i.signer()
	if request.byStranger {
		by = signing.RS256(strangerKey())
	}
	var header, claims map[string]any
	switch {
	case request.machineID != "":
		header, claims = i.machineToken(request)
	case request.clientID != "":
		header, claims = i.oauthToken(request, u)
	case request.template != "":
		t := i.templateNamed(request.template)
		if t == nil {
			return "", fmt.Errorf("JWT template named %q not found", request.template)
		}
		if !request.byStranger {
			by = t.signerOr(by)
		}
		begun, lifetime := i.window(request, time.Duration(t.Lifetime)*time.Second)
		header, claims = i.header(templateCategory, "JWT"), i.templateClaims(t, s, u, begun, lifetime)
	default:
		header, claims = i.sessionTokenParts(request, s, u)
	}
	if request.authorizedParty != "" {
		claims["azp"] = request.authorizedParty
	}
	return request.sign(by, header, claims)
}

// cookieToken makes the token of a session cookie for the pages of origin.
func (i *Instance) cookieToken(sessionID, origin string) (string, error) {
	opts := []TokenOption{ForSession(sessionID)}
	if !i.partyless {
		opts = append(opts, WithAuthorizedParty(origin))
	}
	return i.token(newTokenRequest(opts))
}

// sign sets and removes single claims and header parameters as requested and signs the
// token.
func (t tokenRequest) sign(by signing.Signer, header, claims map[string]any) (string, error) {
	header["alg"] = by.Algorithm
	maps.Copy(header, t.header)
	for _, name := range t.absentHeader {
		delete(header, name)
	}
	maps.Copy(claims, t.claims)
	for _, name := range t.absentClaims {
		delete(claims, name)
	}
	return by.Sign(header, claims)
}

// window returns when the token was issued and how long it lasts.
func (i *Instance) window(request tokenRequest, byDefault time.Duration) (time.Time, time.Duration) {
	now, lifetime := i.now(), byDefault
	if request.lifetime != 0 {
		lifetime = request.lifetime
	}
	switch {
	case request.expired:
		now = now.Add(-lifetime - time.Hour)
	case request.notYet:
		now = now.Add(time.Hour)
	}
	return now, lifetime
}

// tokenSession returns the session and the user of a token, both nil for a machine. It
// begins a session if the user has no live session.
func (i *Instance) tokenSession(request tokenRequest) (s *session, u *api.User, err error) {
	if request.machineID != "" {
		return nil, nil, nil
	}
	err = i.store.Write(func() error {
		if s, u, err = i.subjectOf(request); err != nil {
			return err
		}
		if request.inOrganization != "" {
			m, err := i.memberOf(request.inOrganization, u.ID)
			if err != nil {
				return err
			}
			s = i.setActive(s, m.OrganizationID)
		}
		s = i.resolved(s)
		return nil
	})
	return s, u, err
}

// subjectOf is tokenSession in the course of a write.
func (i *Instance) subjectOf(request tokenRequest) (*session, *api.User, error) {
	if request.sessionID != "" {
		s, err := i.existingSession(request.sessionID)
		if err != nil {
			return nil, nil, err
		}
		u, err := i.users.existing(s.UserID)
		return s, u, err
	}
	u, err := i.tokenUser(request.userID)
	if err != nil {
		return nil, nil, err
	}
	if s := i.liveSession(u.ID); s != nil {
		return s, u, nil
	}
	s := i.beginSession(u)
	return s, i.users.Get(u.ID), nil
}

func (i *Instance) tokenUser(id string) (*api.User, error) {
	if id != "" {
		return i.users.existing(id)
	}
	if u := i.users.Find(func(*api.User) bool { return true }); u != nil {
		return u, nil
	}
	u := blankUser(newID("user", i.now()), i.frontendAPI, i.now())
	i.users.Put(u)
	return u, nil
}

func (i *Instance) sessionTokenParts(request tokenRequest, s *session, u *api.User) (header, claims map[string]any) {
	begun, lifetime := i.window(request, sessionTokenLife)
	changed := *s
	if request.organization != nil {
		changed.Organization = request.organization
	}
	if request.actor != "" {
		changed.Actor = &api.Actor{Subject: request.actor}
	}
	if request.pending {
		changed.Status = api.SessionStatusPending
	}
	claims = i.sessionClaims(&changed, u, begun, lifetime)
	if request.factorAges != nil {
		claims["fva"] = request.factorAges
	}
	if request.version1 {
		for _, name := range []string{"v", "jti", "o", "fea"} {
			delete(claims, name)
		}
		if changed.Organization != nil {
			changed.Organization.addVersion1Claims(claims)
		}
	}
	return i.header(sessionCategory, "JWT"), claims
}

func (i *Instance) machineToken(request tokenRequest) (header, claims map[string]any) {
	begun, lifetime := i.window(request, machineTokenLife)
	claims = i.standardClaims(request.machineID, begun, lifetime, 0)
	claims["jti"] = "mt_" + randomHex(16)
	if request.scopes != nil {
		claims["aud"], claims["scopes"] = request.scopes, strings.Join(request.scopes, " ")
	}
	return i.header(machineCategory, "JWT"), claims
}

func (i *Instance) oauthToken(request tokenRequest, u *api.User) (header, claims map[string]any) {
	begun, lifetime := i.window(request, machineTokenLife)
	claims = i.standardClaims(u.ID, begun, lifetime, 0)
	claims["jti"] = "oat_" + randomHex(16)
	claims["client_id"] = request.clientID
	claims["scope"] = strings.Join(oauthScopes(request), " ")
	header = i.header("", "at+jwt")
	delete(header, "cat")
	return header, claims
}
