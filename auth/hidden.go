package auth

// hidden keeps a secret from package fmt. That goes past the methods of what
// stands in an unexported field, and follows a pointer there when the verb does
// not fit it; of a pointer behind that one it prints the address.
type hidden[T any] struct{ at *T }

func hide[T any](v T) hidden[T] { return hidden[T]{&v} }

// value is the zero T when nothing was hidden.
func (h hidden[T]) value() (v T) {
	if h.at != nil {
		v = *h.at
	}
	return v
}
