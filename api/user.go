package api

import (
	"strings"

	"github.com/backend-sdk/clerk-go/clerk"
)

// PrimaryEmail returns the entry of EmailAddresses that PrimaryEmailAddressID names, and
// nil if there is none.
func (u *User) PrimaryEmail() *EmailAddress {
	if u == nil || clerk.Value(u.PrimaryEmailAddressID) == "" {
		return nil
	}
	for i := range u.EmailAddresses {
		if u.EmailAddresses[i].ID == *u.PrimaryEmailAddressID {
			return &u.EmailAddresses[i]
		}
	}
	return nil
}

// PrimaryPhone returns the entry of PhoneNumbers that PrimaryPhoneNumberID names, and nil
// if there is none.
func (u *User) PrimaryPhone() *PhoneNumber {
	if u == nil || clerk.Value(u.PrimaryPhoneNumberID) == "" {
		return nil
	}
	for i := range u.PhoneNumbers {
		if u.PhoneNumbers[i].ID == *u.PrimaryPhoneNumberID {
			return &u.PhoneNumbers[i]
		}
	}
	return nil
}

// FullName returns the first and the last name with a blank between them, one of them if
// the other is missing, and "" without both.
func (u *User) FullName() string {
	if u == nil {
		return ""
	}
	return strings.TrimSpace(clerk.Value(u.FirstName) + " " + clerk.Value(u.LastName))
}
