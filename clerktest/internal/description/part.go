package description

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// CheckPart checks a JSON object that may lack required members, also in the objects in it.
// It returns those of its members that are zero, or an error that is a single line and names
// the member or the line at fault.
func CheckPart(s *Schema, data []byte) (*Zeros, error) {
	v, err := parse(data)
	if err != nil {
		return nil, malformed(data, err)
	}
	if _, ok := v.(*object); !ok {
		return nil, errors.New("not a JSON object")
	}
	c := checker{lenient: true}
	c.checkValue("", s, v)
	if len(c.problems) > 0 {
		return nil, errors.New(c.problems[0].Detail)
	}
	return zerosOf(v), nil
}

// malformed returns why a text is not JSON, and the line if that is known.
func malformed(data []byte, err error) error {
	syntax, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(data, new(any)))
	if !ok {
		return err
	}
	before := string(data[:min(int(syntax.Offset), len(data))])
	return fmt.Errorf("line %d: %w: %w", strings.Count(before, "\n")+1, err, syntax)
}

// Zeros are the members of a JSON object that are null, false, 0 or "", which a struct that
// the object is decoded into does not tell from members that it lacks. A nil *Zeros has
// none.
type Zeros struct {
	// Names has the members of the object itself.
	Names []string
	// Within has those of the objects in it, by the member that is the object or a list of
	// objects.
	Within map[string][]*Zeros
	// Identity tells an object in a list from the others, once it is known.
	Identity string
}

// Of returns the zeros of the object at a place of a list. The member of an object that is
// not a list has one place.
func (z *Zeros) Of(member string, place int) *Zeros {
	if z == nil || place >= len(z.Within[member]) {
		return nil
	}
	return z.Within[member][place]
}

// Add adds the zeros of the objects that a member is or has, unless there are none.
func (z *Zeros) Add(member string, within []*Zeros) {
	if !slices.ContainsFunc(within, func(inner *Zeros) bool { return inner != nil }) {
		return
	}
	if z.Within == nil {
		z.Within = map[string][]*Zeros{}
	}
	z.Within[member] = within
}

// OrNone returns nil in place of zeros that are empty.
func (z *Zeros) OrNone() *Zeros {
	if z.Names == nil && z.Within == nil {
		return nil
	}
	return z
}

func zerosOf(v any) *Zeros {
	o, ok := v.(*object)
	if !ok {
		return nil
	}
	var z Zeros
	for _, name := range o.names {
		switch v := o.members[name].(type) {
		case nil:
			z.Names = append(z.Names, name)
		case json.Number:
			if f, err := v.Float64(); err == nil && f == 0 {
				z.Names = append(z.Names, name)
			}
		case bool, string:
			if v == false || v == "" {
				z.Names = append(z.Names, name)
			}
		case []any:
			within := make([]*Zeros, len(v))
			for n, item := range v {
				within[n] = zerosOf(item)
			}
			z.Add(name, within)
		default:
			z.Add(name, []*Zeros{zerosOf(v)})
		}
	}
	return z.OrNone()
}
