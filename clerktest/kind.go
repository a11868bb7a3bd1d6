package clerktest

import (
	"errors"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
)

// read returns what f returns. No write is in progress meanwhile.
func read[R any](i *Instance, f func() (R, error)) (result R, err error) {
	i.store.Read(func() { result, err = f() })
	return result, err
}

// write returns what f returns, which may change the tables. If f fails, nothing has
// changed.
func write[R any](i *Instance, f func() (R, error)) (result R, err error) {
	err = i.store.Write(func() error {
		result, err = f()
		return err
	})
	return result, err
}

// kind is a type of resource: its table and what the description says of it in words. Its
// methods are called in the course of a read or of a write.
type kind[T any] struct {
	*store.Table[T]
	noun    string // in messages, such as "redirect URL"
	object  string // the member object
	prefix  string // of IDs
	listing resource.Listing[T]

	// seed returns the list of such resources in a seed. fill, which may be nil, sets what a
	// seed leaves out of one and what may also be null, false, 0 or "". complete, which may
	// be nil, sets the rest that a resource always has, or refuses the resource with an error
	// that begins with a member.
	seed     func(*Seed) *[]T
	fill     func(i *Instance, v *T)
	complete func(i *Instance, v *T) error
	// linked, which may be nil, refuses a resource of a seed that refers to one of its kind
	// that is not there.
	linked func(i *Instance, v *T) error
	// component is the resource in the description, and more are the members that only a
	// seed has. Without a component a seed has no others.
	component string
	more      []description.Member
}

// existing returns the resource with this ID or the error that there is none.
func (k *kind[T]) existing(id string) (*T, error) {
	if v := k.Get(id); v != nil {
		return v, nil
	}
	return nil, notFound(k.noun, id)
}

// create stores a resource with a fresh ID and the members that the parameters set. fill,
// which may be nil, completes or refuses it.
func (k *kind[T]) create(now time.Time, params any, fill func(v *T) error) (*T, error) {
	v := new(T)
	resource.Begin(v, newID(k.prefix, now), k.object, now)
	return k.put(v, params, fill)
}

// change replaces the resource with this ID by one with the members that the parameters
// set. Both params and fill may be nil.
func (k *kind[T]) change(id string, now time.Time, params any, fill func(v *T) error) (*T, error) {
	stored, err := k.existing(id)
	if err != nil {
		return nil, err
	}
	changed := *stored
	resource.Touch(&changed, now)
	return k.put(&changed, params, fill)
}

func (k *kind[T]) put(v *T, params any, fill func(v *T) error) (*T, error) {
	if params != nil {
		resource.Copy(v, params)
	}
	if fill != nil {
		if err := fill(v); err != nil {
			return nil, err
		}
	}
	resource.Complete(v)
	k.Put(v)
	return v, nil
}

// delete removes the resource with this ID.
func (k *kind[T]) delete(id string) (*api.DeletedObject, error) {
	if _, err := k.existing(id); err != nil {
		return nil, err
	}
	k.Remove(id)
	return &api.DeletedObject{Object: k.object, ID: id, Deleted: true}, nil
}

// page returns the page of a list that the parameters of a list operation select.
func (k *kind[T]) page(list []*T, params any) (*clerk.List[T], error) {
	return pageOf(k.listing, list, params)
}

func pageOf[T any](listing resource.Listing[T], list []*T, params any) (*clerk.List[T], error) {
	page, total, err := listing.Page(list, params)
	if unknown, ok := errors.AsType[*resource.UnknownOrder](err); ok {
		return nil, invalid("form_param_value_invalid", "order_by", "%s", unknown.Error())
	}
	if err != nil {
		return nil, err
	}
	return &clerk.List[T]{Data: page, TotalCount: clerk.Set(int64(total))}, nil
}

// cut returns the page of a list that needs neither search nor order.
func cut[T any](list []*T, params any) *clerk.List[T] {
	return &clerk.List[T]{Data: resource.Cut(list, params), TotalCount: clerk.Set(int64(len(list)))}
}

// mapped returns a list with each resource as the API shows it.
func mapped[T, A any](list *clerk.List[T], show func(*T) *A) *clerk.List[A] {
	data := make([]*A, len(list.Data))
	for n, v := range list.Data {
		data[n] = show(v)
	}
	return &clerk.List[A]{Data: data, TotalCount: list.TotalCount}
}
