package webhooks

import "errors"

// Permanent marks an error that sending the event again would not mend. It answers the
// delivery so that Clerk stops. A nil error stays nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return &permanent{err}
}

type permanent struct{ err error }

func (p *permanent) Error() string { return p.err.Error() }
func (p *permanent) Unwrap() error { return p.err }

func isPermanent(err error) bool {
	_, found := errors.AsType[*permanent](err)
	return found
}
