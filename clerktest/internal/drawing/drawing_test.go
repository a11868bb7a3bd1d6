package drawing_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest/internal/drawing"
)

// element is an element of a picture.
type element struct {
	name, text string
	attributes map[string]string
}

func (e element) number(t *testing.T, name string) int {
	t.Helper()
	n, err := strconv.Atoi(e.attributes[name])
	if err != nil {
		t.Fatalf("%s of %+v: %v", name, e, err)
	}
	return n
}

// elements parses a picture, which must be well-formed XML.
func elements(t *testing.T, picture string) (list []element) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(picture))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatalf("%v in %s", err, picture)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := element{name: token.Name.Local, attributes: map[string]string{}}
			for _, a := range token.Attr {
				e.attributes[a.Name.Local] = a.Value
			}
			list = append(list, e)
		case xml.CharData:
			list[len(list)-1].text += string(token)
		}
	}
}

func named(list []element, name string) (found []element) {
	for _, e := range list {
		if e.name == name {
			found = append(found, e)
		}
	}
	return found
}

func TestTree(t *testing.T) {
	t.Parallel()
	list := elements(t, string(drawing.Tree("<Acme & Co>", []drawing.Node{
		{Label: "Ada", Note: "admin", From: -1}, {Label: "Grace", From: 0}, {Label: "guest", From: 1, Dashed: true}, {Label: "A name that is much too long for its box", From: 99},
	})))
	boxes := named(list, "rect")
	if len(boxes) != 5 || len(named(list, "path")) != 4 {
		t.Fatalf("the picture has %d boxes and %d lines", len(boxes), len(named(list, "path")))
	}
	at := map[string]int{} // columns by label
	for _, text := range named(list, "text") {
		at[text.text] = text.number(t, "x")
	}
	if !(at["<Acme & Co>"] < at["Ada"] && at["Ada"] < at["Grace"] && at["Grace"] < at["guest"]) || at["A name that is much too…"] != at["Ada"] {
		t.Errorf("the labels are at %v", at)
	}
	width, height := list[0].number(t, "width"), list[0].number(t, "height")
	for n, b := range boxes {
		if b.number(t, "x")+b.number(t, "width") > width || b.number(t, "y")+b.number(t, "height") > height {
			t.Errorf("a box of a picture of %d × %d is at %v", width, height, b.attributes)
		}
		for _, other := range boxes[:n] {
			if b.number(t, "x") == other.number(t, "x") && b.number(t, "y") < other.number(t, "y")+other.number(t, "height") && other.number(t, "y") < b.number(t, "y")+b.number(t, "height") {
				t.Errorf("two boxes are at %v and %v", b.attributes, other.attributes)
			}
		}
	}
}

// TestTreeOfACircle checks that nodes which come from each other are drawn.
func TestTreeOfACircle(t *testing.T) {
	t.Parallel()
	list := elements(t, string(drawing.Tree("root", []drawing.Node{{Label: "a", From: 1}, {Label: "b", From: 0}, {Label: "c", From: 2}, {Label: "d", From: 1}})))
	if n := len(named(list, "rect")); n != 5 {
		t.Errorf("the picture has %d boxes", n)
	}
}

func TestTreeOfNobody(t *testing.T) {
	t.Parallel()
	list := elements(t, string(drawing.Tree("root", nil)))
	if n := len(named(list, "rect")); n != 1 || list[0].number(t, "height") <= 0 {
		t.Errorf("the picture is %+v", list)
	}
}

func TestColumns(t *testing.T) {
	t.Parallel()
	list := elements(t, string(drawing.Columns([]drawing.Column{{Title: "a", Good: 10}, {}, {Title: "<b>", Good: 1000, Wrong: 1}})))
	bars := named(list, "rect")
	if len(bars) != 3 {
		t.Fatalf("the picture has %d bars", len(bars))
	}
	low, high, refused := bars[0], bars[1], bars[2]
	if low.number(t, "height") >= high.number(t, "height") || refused.number(t, "height") < 2 {
		t.Errorf("the heights of 10, 1,000 and 1 are %s, %s and %s", low.attributes["height"], high.attributes["height"], refused.attributes["height"])
	}
	if refused.number(t, "y")+refused.number(t, "height") != high.number(t, "y") || refused.attributes["x"] != high.attributes["x"] {
		t.Errorf("%v does not stand on %v", refused.attributes, high.attributes)
	}
	if titles := named(list, "title"); len(titles) != 3 || titles[2].text != "<b>" {
		t.Errorf("the titles are %+v", titles)
	}
	elements(t, string(drawing.Columns(nil)))
}
