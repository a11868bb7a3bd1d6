package clerktest

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/sessions"
)

// signUpTables holds the attempts to sign up, of which a completed one has a user.
type signUpTables struct{ signUps kind[api.SignUp] }

func (t *tables) addSignUps() {
	addSeeded(t, "sign_ups", &t.signUps, kind[api.SignUp]{
		noun: "sign-up", object: "sign_up_attempt", prefix: "sua", component: "SignUp",
		seed: func(s *Seed) *[]api.SignUp { return &s.SignUps },
		fill: func(_ *Instance, v *api.SignUp) {
			v.AbandonAt = cmp.Or(v.AbandonAt, clerk.At(seedBegin.Add(signUpLife)))
		},
		complete: func(i *Instance, v *api.SignUp) error {
			v.Status = cmp.Or(v.Status, api.SignUpStatusMissingRequirements)
			if v.CreatedUserID != nil && i.users.Get(*v.CreatedUserID) == nil {
				return errors.New("created_user_id is not the id of a user")
			}
			return nil
		},
	}, func(v *api.SignUp) string { return v.ID })
}

func (i *Instance) setSignUpHandlers(h *Handlers) {
	h.GetSignUp = func(_ context.Context, id string) (*api.SignUp, error) {
		return read(i, func() (*api.SignUp, error) { return i.signUps.existing(id) })
	}
	h.UpdateSignUp = func(_ context.Context, id string, params sessions.UpdateSignUpParams) (*api.SignUp, error) {
		return write(i, func() (*api.SignUp, error) {
			return i.signUps.change(id, i.now(), params, func(v *api.SignUp) error {
				if v.Status == api.SignUpStatusComplete {
					return failure(http.StatusForbidden, "sign_up_cannot_be_updated", "the sign-up is complete", "")
				}
				return nil
			})
		})
	}
}

const signUpLife = 24 * time.Hour
