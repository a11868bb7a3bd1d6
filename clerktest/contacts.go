package clerktest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
)

// contacts are the email addresses or the phone numbers of users, which the API shows in
// the user and by themselves.
type contacts[T any] struct {
	noun, object string
	list         string // the member of a user
	strategy     string // of a verification by code
	of           func(u *api.User) *[]T
	primary      func(u *api.User) **string
	parts        func(v *T) contact
	check        func(param, text string) error
	taken        func(i *Instance, text, except string) bool
	fresh        func(id, text string, reserved bool, now time.Time) T
}

// contact points to what an email address and a phone number have in common.
type contact struct {
	id, text     *string
	reserved     *bool
	verification **api.Verification
	linked       *[]api.IdentificationLink
	updated      *clerk.Timestamp
}

// held reports whether nobody else can have the address or the number.
func (c contact) held() bool { return *c.reserved || isVerified(*c.verification) }

var emails = contacts[api.EmailAddress]{
	noun: "email address", object: "email_address", list: "email_addresses", strategy: "email_code",
	of:      func(u *api.User) *[]api.EmailAddress { return &u.EmailAddresses },
	primary: func(u *api.User) **string { return &u.PrimaryEmailAddressID },
	parts: func(e *api.EmailAddress) contact {
		return contact{&e.ID, &e.EmailAddress, &e.Reserved, &e.Verification, &e.LinkedTo, &e.UpdatedAt}
	},
	check: checkEmail, taken: (*Instance).emailTaken, fresh: newEmail,
}

var phones = contacts[api.PhoneNumber]{
	noun: "phone number", object: "phone_number", list: "phone_numbers", strategy: "phone_code",
	of:      func(u *api.User) *[]api.PhoneNumber { return &u.PhoneNumbers },
	primary: func(u *api.User) **string { return &u.PrimaryPhoneNumberID },
	parts: func(p *api.PhoneNumber) contact {
		return contact{&p.ID, &p.PhoneNumber, &p.Reserved, &p.Verification, &p.LinkedTo, &p.UpdatedAt}
	},
	check: checkPhone, taken: (*Instance).phoneTaken, fresh: newPhone,
}

// held returns the texts that no other user can have.
func (c contacts[T]) held(u *api.User) []string {
	var list []string
	for n := range *c.of(u) {
		if p := c.parts(&(*c.of(u))[n]); p.held() {
			list = append(list, *p.text)
		}
	}
	return list
}

func (c contacts[T]) ids(u *api.User) []string {
	list := make([]string, len(*c.of(u)))
	for n := range list {
		list[n] = *c.parts(&(*c.of(u))[n]).id
	}
	return list
}

// find returns the user who has the contact, and its position.
func (c contacts[T]) find(i *Instance, id string) (u *api.User, at int, err error) {
	if u = i.usersByIdentification.First(id); u != nil {
		if at = c.position(u, id); at >= 0 {
			return u, at, nil
		}
	}
	return nil, 0, notFound(c.noun, id)
}

func (c contacts[T]) position(u *api.User, id string) int {
	return slices.IndexFunc(*c.of(u), func(v T) bool { return *c.parts(&v).id == id })
}

func (c contacts[T]) get(i *Instance, id string) (*T, error) {
	return read(i, func() (*T, error) {
		u, at, err := c.find(i, id)
		if err != nil {
			return nil, err
		}
		return &(*c.of(u))[at], nil
	})
}

// flags are what a request sets of a contact.
type flags struct {
	verified, primary clerk.Optional[bool]
}

// create adds a contact to a user. extra, which may be nil, sets what only one type has.
func (c contacts[T]) create(i *Instance, userID, text string, f flags, extra func(u *api.User, at int, now time.Time) error) (*T, error) {
	if err := c.check(c.object, text); err != nil {
		return nil, err
	}
	var id string
	u, err := i.changeUser(userID, func(u *api.User, now time.Time) error {
		list := c.of(u)
		if c.taken(i, text, u.ID) || slices.ContainsFunc(*list, func(v T) bool { return strings.EqualFold(*c.parts(&v).text, text) }) {
			return identifierTaken(c.object)
		}
		id = newID("idn", now)
		v := c.fresh(id, text, false, now)
		*c.parts(&v).verification = nil
		*list = append(slices.Clone(*list), v)
		return c.apply(i, u, len(*list)-1, f, extra, now)
	})
	if err != nil {
		return nil, err
	}
	return &(*c.of(u))[c.position(u, id)], nil
}

// change sets the flags of a contact.
func (c contacts[T]) change(i *Instance, id string, f flags, extra func(u *api.User, at int, now time.Time) error) (*T, error) {
	return write(i, func() (*T, error) {
		u, at, err := c.find(i, id)
		if err != nil {
			return nil, err
		}
		changed, err := i.changeUserLocked(u.ID, func(u *api.User, now time.Time) error {
			*c.of(u) = slices.Clone(*c.of(u))
			*c.parts(&(*c.of(u))[at]).updated = clerk.At(now)
			return c.apply(i, u, at, f, extra, now)
		})
		if err != nil {
			return nil, err
		}
		return &(*c.of(changed))[at], nil
	})
}

// apply sets flags of a contact in u, whose list is a copy. The first contact of a user
// becomes the primary one unless the request says otherwise.
func (c contacts[T]) apply(i *Instance, u *api.User, at int, f flags, extra func(u *api.User, at int, now time.Time) error, now time.Time) error {
	v := &(*c.of(u))[at]
	if f.verified.Or(false) {
		if err := c.verify(i, u.ID, v); err != nil {
			return err
		}
	}
	if f.primary.Or(*c.primary(u) == nil && len(*c.of(u)) == 1) {
		*c.primary(u) = new(*c.parts(v).id)
	}
	if extra == nil {
		return nil
	}
	return extra(u, at, now)
}

// verify marks a contact of a user as verified, unless another user has it.
func (c contacts[T]) verify(i *Instance, userID string, v *T) error {
	p := c.parts(v)
	if isVerified(*p.verification) {
		return nil
	}
	if c.taken(i, *p.text, userID) {
		return identifierTaken(c.object)
	}
	*p.reserved, *p.verification = false, adminVerified()
	return nil
}

// delete removes a contact. The next verified one becomes primary in its place.
func (c contacts[T]) delete(i *Instance, id string) (*api.DeletedObject, error) {
	return write(i, func() (*api.DeletedObject, error) {
		u, at, err := c.find(i, id)
		if err != nil {
			return nil, err
		}
		if err := c.unlinked(&(*c.of(u))[at]); err != nil {
			return nil, err
		}
		_, err = i.changeUserLocked(u.ID, func(u *api.User, now time.Time) error {
			*c.of(u) = slices.Delete(slices.Clone(*c.of(u)), at, at+1)
			if clerk.Value(*c.primary(u)) == id {
				*c.primary(u) = c.nextPrimary(u)
			}
			settleSecondFactors(u, now)
			return nil
		})
		if err != nil {
			return nil, err
		}
		i.forgetVerifications(id)
		return &api.DeletedObject{Object: c.object, ID: id, Deleted: true}, nil
	})
}

func (c contacts[T]) nextPrimary(u *api.User) *string {
	for _, v := range *c.of(u) {
		if p := c.parts(&v); isVerified(*p.verification) {
			return new(*p.id)
		}
	}
	return nil
}

// unlinked returns the error for a contact that an external account still needs.
func (c contacts[T]) unlinked(v *T) error {
	if p := c.parts(v); len(*p.linked) > 0 {
		return failure(http.StatusBadRequest, "delete_linked_identification_disallowed",
			fmt.Sprintf("%s %s is linked to a connected account, which must be deleted first", c.noun, *p.id), "")
	}
	return nil
}

// replace sets a single contact of a user in place of all that the user has.
func (c contacts[T]) replace(i *Instance, userID, text, status string) (*T, error) {
	if err := c.check(c.object, text); err != nil {
		return nil, err
	}
	u, err := i.changeUser(userID, func(u *api.User, now time.Time) error {
		for _, v := range *c.of(u) {
			if err := c.unlinked(&v); err != nil {
				return err
			}
			i.forgetVerifications(*c.parts(&v).id)
		}
		v := c.fresh(newID("idn", now), text, status == "reserved", now)
		if status == "unverified" {
			*c.parts(&v).verification = nil
		}
		if c.parts(&v).held() && c.taken(i, text, u.ID) {
			return identifierTaken(c.object)
		}
		*c.of(u) = []T{v}
		*c.primary(u) = new(*c.parts(&v).id)
		settleSecondFactors(u, now)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &(*c.of(u))[0], nil
}
