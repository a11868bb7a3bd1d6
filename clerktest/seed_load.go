package clerktest

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/signing"
)

// The default times of a seed are fixed, so that a restart does not change them:
// users and sessions begin at seedBegin, and sessions expire at seedEnd.
var (
	seedBegin = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	seedEnd   = time.Date(2100, time.January, 1, 0, 0, 0, 0, time.UTC)
)

func idPattern(prefix string) *regexp.Regexp {
	return regexp.MustCompile(`^` + prefix + `_[A-Za-z0-9_]+$`)
}

var (
	keyBodyPattern    = regexp.MustCompile(`^[A-Za-z0-9_]+$`)
	productionHost    = regexp.MustCompile(`^clerk(\.[^.:]+){2,}(:|$)`)
	instanceIDPattern = idPattern("ins")
	userIDPattern     = idPattern("user")
	sessionIDPattern  = idPattern("sess")
	templateIDPattern = idPattern("jtmp")
)

// load fills a new instance from a seed.
func (i *Instance) load(seed Seed) error {
	err := i.loadKeys(seed)
	if err == nil {
		err = i.store.Write(func() error { return i.loadResources(seed) })
	}
	if err != nil {
		return fmt.Errorf("clerktest: seed: %w", err)
	}
	return nil
}

// loadResources adds the content of a seed to an empty instance, and what every instance
// has.
func (i *Instance) loadResources(seed Seed) error {
	err := errors.Join(i.loadSettings(seed), i.loadRoles(seed))
	if err == nil {
		err = i.addResources(seed)
	}
	if err == nil {
		i.loadPrimaryDomain()
		i.loadDefaultPlans()
	}
	return err
}

// addResources adds the content of a seed.
func (i *Instance) addResources(seed Seed) error {
	steps := []func(Seed) error{i.loadSvixApp, i.loadUsers, i.loadSessions, i.loadTemplates, i.loadMachines, i.loadMachineTokens}
	if seed.Settings != nil {
		steps = append(steps, i.loadSettings)
	}
	for _, step := range steps {
		if err := step(seed); err != nil {
			return err
		}
	}
	for _, k := range i.seeded {
		if err := k.plant(i, &seed); err != nil {
			return err
		}
	}
	return nil
}

func (i *Instance) loadKeys(seed Seed) error {
	i.id = cmp.Or(seed.InstanceID, newID("ins", i.now()))
	if seed.SecretKey != "" && seed.InstanceID == "" {
		i.id = derivedID("ins", seed.SecretKey)
	}
	shape := shapeOf(seed.Production)
	i.production = seed.Production
	i.secretKey = cmp.Or(seed.SecretKey, shape.secret+randomHex(20))
	i.frontendAPI = cmp.Or(seed.FrontendAPI, fmt.Sprintf(shape.frontendAPI, hostLabel(i.id)))
	body, known := strings.CutPrefix(i.secretKey, shape.secret)
	switch {
	case !instanceIDPattern.MatchString(i.id):
		return fmt.Errorf("instance_id must be ins_ and letters or digits")
	case !known || !keyBodyPattern.MatchString(body):
		return fmt.Errorf("secret_key must be %s and letters or digits", shape.secret)
	case !hostPattern.MatchString(i.frontendAPI):
		return fmt.Errorf("frontend_api must be a host name in lower case")
	}
	i.publishableKey = cmp.Or(seed.PublishableKey, encodePublishableKey(shape.publishable, i.frontendAPI))
	host, err := decodePublishableKey(shape.publishable, i.publishableKey)
	if err != nil {
		return fmt.Errorf("publishable_key %w", err)
	}
	if seed.FrontendAPI != "" && host != seed.FrontendAPI {
		return fmt.Errorf("frontend_api is not the host in publishable_key")
	}
	if seed.Production && !productionHost.MatchString(host) {
		return fmt.Errorf("frontend_api of a production instance must be clerk. and the domain of the application")
	}
	i.frontendAPI = host
	return i.loadSigningKey(seed)
}

func (i *Instance) loadSigningKey(seed Seed) (err error) {
	switch {
	case seed.SigningKey != "":
		i.key, err = signing.ParseKey(seed.SigningKey)
	case seed.SecretKey != "":
		i.key = signing.DerivedKey(seed.SecretKey, seed.InstanceID)
	default:
		i.key, i.giveBackKey = signing.Lend()
	}
	if err != nil {
		return fmt.Errorf("signing_key %w", err)
	}
	return nil
}

func (i *Instance) loadUsers(seed Seed) error {
	for n := range seed.Users {
		u := seed.Users[n]
		at := fmt.Sprintf("users[%d]", n)
		switch {
		case !userIDPattern.MatchString(u.ID):
			return fmt.Errorf("%s.id must be user_ and letters or digits", at)
		case i.users.Get(u.ID) != nil:
			return fmt.Errorf("%s.id belongs to another user", at)
		}
		i.fillUser(&u)
		if err := i.checkSeedUser(&u); err != nil {
			return fmt.Errorf("%s.%w", at, err)
		}
		i.users.Put(&u)
	}
	return nil
}

// checkSeedUser returns an error for identifiers that are malformed or belong to
// another user. The error begins with the member at fault.
func (i *Instance) checkSeedUser(u *api.User) error {
	for n, e := range u.EmailAddresses {
		param := fmt.Sprintf("email_addresses[%d].email_address", n)
		if checkEmail(param, e.EmailAddress) != nil {
			return fmt.Errorf("%s is not a valid email address", param)
		}
		if emails.parts(&e).held() && i.emailTaken(e.EmailAddress, u.ID) {
			return fmt.Errorf("%s belongs to another user", param)
		}
	}
	for n, p := range u.PhoneNumbers {
		param := fmt.Sprintf("phone_numbers[%d].phone_number", n)
		if checkPhone(param, p.PhoneNumber) != nil {
			return fmt.Errorf("%s is not an E.164 phone number", param)
		}
		if phones.parts(&p).held() && i.phoneTaken(p.PhoneNumber, u.ID) {
			return fmt.Errorf("%s belongs to another user", param)
		}
	}
	for _, id := range append(emails.ids(u), phones.ids(u)...) {
		if i.usersByIdentification.First(id) != nil {
			return fmt.Errorf("email_addresses or phone_numbers have the id %s, which belongs to another user", id)
		}
	}
	for n, w := range u.Web3Wallets {
		param := fmt.Sprintf("web3_wallets[%d].web3_wallet", n)
		if checkWallet(param, w.Web3Wallet) != nil {
			return fmt.Errorf("%s is not 0x followed by 40 hexadecimal digits", param)
		}
		if i.walletTaken(w.Web3Wallet, u.ID) {
			return fmt.Errorf("%s belongs to another user", param)
		}
	}
	switch {
	case checkUsername(clerk.Value(u.Username)) != nil:
		return fmt.Errorf("username is not valid")
	case i.usernameTaken(clerk.Value(u.Username), u.ID):
		return fmt.Errorf("username belongs to another user")
	case i.externalIDTaken(clerk.Value(u.ExternalID), u.ID):
		return fmt.Errorf("external_id belongs to another user")
	case u.PrimaryEmailAddressID != nil && u.PrimaryEmail() == nil:
		return fmt.Errorf("primary_email_address_id is not the id of one of the email_addresses")
	case u.PrimaryPhoneNumberID != nil && u.PrimaryPhone() == nil:
		return fmt.Errorf("primary_phone_number_id is not the id of one of the phone_numbers")
	}
	return nil
}

func (i *Instance) loadSessions(seed Seed) error {
	for n, seeded := range seed.Sessions {
		s := seeded
		at := fmt.Sprintf("sessions[%d]", n)
		s.Status = cmp.Or(s.Status, api.SessionStatusActive)
		switch {
		case !sessionIDPattern.MatchString(s.ID):
			return fmt.Errorf("%s.id must be sess_ and letters or digits", at)
		case i.sessions.Get(s.ID) != nil:
			return fmt.Errorf("%s.id belongs to another session", at)
		case s.live() && i.users.Get(s.UserID) == nil:
			return fmt.Errorf("%s.user_id is not the id of a user", at)
		case s.Organization != nil && s.Organization.ID == "":
			return fmt.Errorf("%s.organization.id is required", at)
		}
		fillSession(&s)
		i.sessions.Put(&s)
	}
	return nil
}

func (i *Instance) loadTemplates(seed Seed) error {
	for n, seeded := range seed.JWTTemplates {
		t := seeded
		at := fmt.Sprintf("jwt_templates[%d]", n)
		fillTemplate(&t)
		reserved := reservedIn(t.Claims)
		switch {
		case !templateName.MatchString(t.Name):
			return fmt.Errorf("%s.name must be letters, digits and the characters _ -", at)
		case i.templates.Find(func(o *template) bool { return o.Name == t.Name || o.ID == t.ID }) != nil:
			return fmt.Errorf("%s has the name or id of another template", at)
		case !templateIDPattern.MatchString(t.ID):
			return fmt.Errorf("%s.id must be jtmp_ and letters or digits", at)
		case t.Claims.IsZero():
			return fmt.Errorf("%s.claims is required", at)
		case reserved != "":
			return fmt.Errorf("%s.claims cannot set %s", at, reserved)
		case t.CustomSigningKey != (t.SigningKey != ""):
			return fmt.Errorf("%s.signing_key and custom_signing_key must be given together", at)
		case !slices.Contains(signing.Algorithms, t.SigningAlgorithm):
			return fmt.Errorf("%s.signing_algorithm must be one of %v", at, signing.Algorithms)
		}
		if t.CustomSigningKey {
			if _, err := signing.NewSigner(t.SigningAlgorithm, t.SigningKey); err != nil {
				return fmt.Errorf("%s.signing_key %w", at, err)
			}
		}
		i.templates.Put(&t)
	}
	return nil
}

// fillUser sets what a seed leaves out of a user. It derives IDs from what they
// identify, so that they are the same after a restart.
func (i *Instance) fillUser(u *api.User) {
	began := seedBegin
	if u.CreatedAt != 0 {
		began = time.UnixMilli(int64(u.CreatedAt))
	}
	blank := blankUser(u.ID, i.frontendAPI, began)
	u.Object = blank.Object
	u.ImageURL = cmp.Or(u.ImageURL, blank.ImageURL)
	u.BypassClientTrust = cmp.Or(u.BypassClientTrust, blank.BypassClientTrust)
	u.CreatedAt = blank.CreatedAt
	u.UpdatedAt = cmp.Or(u.UpdatedAt, u.CreatedAt)
	if u.VerificationAttemptsRemaining == nil {
		setLocked(u, u.Locked)
	}
	if u.PublicMetadata.IsZero() {
		u.PublicMetadata = blank.PublicMetadata
	}
	if u.PrivateMetadata.IsZero() {
		u.PrivateMetadata = blank.PrivateMetadata
	}
	if u.UnsafeMetadata.IsZero() {
		u.UnsafeMetadata = blank.UnsafeMetadata
	}
	u.EmailAddresses, u.PhoneNumbers = slices.Clone(u.EmailAddresses), slices.Clone(u.PhoneNumbers)
	for n := range u.EmailAddresses {
		fillEmail(u.ID, &u.EmailAddresses[n], began)
	}
	for n := range u.PhoneNumbers {
		fillPhone(u.ID, &u.PhoneNumbers[n], began)
	}
	fillAccounts(u, began)
	emptyLists(u)
	setPrimaries(u)
}

func fillEmail(userID string, e *api.EmailAddress, began time.Time) {
	id := cmp.Or(e.ID, derivedID("idn", userID, e.EmailAddress))
	blank := newEmail(id, e.EmailAddress, e.Reserved, began)
	e.ID, e.Object = blank.ID, blank.Object
	e.Verification = cmp.Or(e.Verification, blank.Verification)
	e.MatchesSSOConnection = cmp.Or(e.MatchesSSOConnection, blank.MatchesSSOConnection)
	e.LinkedTo = notNil(e.LinkedTo)
	e.CreatedAt = cmp.Or(e.CreatedAt, blank.CreatedAt)
	e.UpdatedAt = cmp.Or(e.UpdatedAt, e.CreatedAt)
}

func fillPhone(userID string, p *api.PhoneNumber, began time.Time) {
	id := cmp.Or(p.ID, derivedID("idn", userID, p.PhoneNumber))
	blank := newPhone(id, p.PhoneNumber, p.Reserved, began)
	p.ID, p.Object = blank.ID, blank.Object
	p.Verification = cmp.Or(p.Verification, blank.Verification)
	p.ReservedForSecondFactor = cmp.Or(p.ReservedForSecondFactor, blank.ReservedForSecondFactor)
	p.DefaultSecondFactor = cmp.Or(p.DefaultSecondFactor, blank.DefaultSecondFactor)
	p.LinkedTo = notNil(p.LinkedTo)
	p.CreatedAt = cmp.Or(p.CreatedAt, blank.CreatedAt)
	p.UpdatedAt = cmp.Or(p.UpdatedAt, p.CreatedAt)
}

func fillSession(s *session) {
	s.Object = "session"
	s.ClientID = cmp.Or(s.ClientID, derivedID("client", s.ID))
	if s.CreatedAt == 0 {
		stamp(&s.CreatedAt, seedBegin)
	}
	began := time.UnixMilli(int64(s.CreatedAt))
	s.UpdatedAt = cmp.Or(s.UpdatedAt, s.CreatedAt)
	if s.LastActiveAt == 0 {
		stamp(&s.LastActiveAt, began)
	}
	if s.ExpireAt == 0 {
		stamp(&s.ExpireAt, seedEnd)
	}
	if s.AbandonAt == 0 {
		stamp(&s.AbandonAt, seedEnd)
	}
	if s.Organization != nil {
		s.LastActiveOrganizationID = &s.Organization.ID
	}
}

func fillTemplate(t *template) {
	t.Object = "jwt_template"
	t.ID = cmp.Or(t.ID, derivedID("jtmp", t.Name))
	t.Lifetime = cmp.Or(t.Lifetime, templateLife)
	t.SigningAlgorithm = cmp.Or(t.SigningAlgorithm, "RS256")
	if t.CreatedAt == 0 {
		stamp(&t.CreatedAt, seedBegin)
	}
	t.UpdatedAt = cmp.Or(t.UpdatedAt, t.CreatedAt)
}
