package auth

// NarrowOption sets what an endpoint takes for signed in; see [FromContext].
type NarrowOption interface {
	narrow(*narrowing)
}

// narrowing is what the options of one call come to.
type narrowing struct {
	pending bool
}

func narrow(opts []NarrowOption) narrowing {
	if len(opts) == 0 {
		return narrowing{}
	}
	var n narrowing
	for _, opt := range opts {
		if opt != nil {
			opt.narrow(&n)
		}
	}
	return n
}

type allowPending struct{}

func (allowPending) narrow(n *narrowing) { n.pending = true }

// AllowPending takes a pending session for signed in: for the endpoints by which
// its user does what is left to do.
func AllowPending() NarrowOption { return allowPending{} }
