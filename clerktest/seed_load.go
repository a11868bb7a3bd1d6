package clerktest

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"time"

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
	i.settingsKind.Put(&settings{settingsID, DefaultSettings()})
	i.loadRoles(seed)
	if err := i.addResources(seed); err != nil {
		return err
	}
	i.loadPrimaryDomain()
	i.loadDefaultPlans()
	return nil
}

// addResources adds the content of a seed.
func (i *Instance) addResources(seed Seed) error {
	if err := i.loadSvixApp(seed); err != nil {
		return err
	}
	before := i.settings()
	if err := i.loadSettings(seed, before); err != nil {
		return err
	}
	for _, k := range i.seeded {
		if err := k.plant(i, &seed); err != nil {
			return err
		}
	}
	return i.settleRoles(&seed, &before)
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
