// Package drawing makes the pictures on the pages of the emulator: SVG without scripts and
// styles of its own. The stylesheet of the page colors their classes.
package drawing

import (
	"html/template"
	"strings"
)

// Node is a box of a [Tree].
type Node struct {
	Label, Note string
	// From is the index of the node that the line comes from. Any number that is not one
	// stands for the root.
	From int
	// Dashed draws the box and its line for what is not there yet.
	Dashed bool
}

// Sizes in pixels.
const (
	boxWidth, boxHeight   = 190, 42
	columnGap, rowGap     = 56, 12
	margin                = 6
	columnWidth           = boxWidth + columnGap
	rowHeight             = boxHeight + rowGap
	maxLabel, maxNoteText = 24, 28 // characters
)

type box struct {
	X, Y        int
	Label, Note string
	Class       string
}

// Middle is the height of the line through a box.
func (b box) Middle() int { return b.Y + boxHeight/2 }

// Right is the right edge of a box.
func (b box) Right() int { return b.X + boxWidth }

type line struct {
	From, To box
	Bend     int
	Class    string
}

type tree struct {
	nodes    []Node
	children map[int][]int // by the index of the node, root for the root
	placed   []bool
	row      int
	columns  int
	Boxes    []box
	Lines    []line
}

const root = -1

// Tree draws nodes from left to right, each to the right of the one that it comes from.
func Tree(label string, nodes []Node) template.HTML {
	t := &tree{nodes: nodes, children: map[int][]int{}, placed: make([]bool, len(nodes))}
	for n, node := range nodes {
		from := node.From
		if from < 0 || from >= len(nodes) || t.circular(n) {
			from = root
		}
		t.children[from] = append(t.children[from], n)
	}
	t.place(root, 0, box{Label: short(label, maxLabel), Class: "root"})
	return render(treeSVG, struct {
		*tree
		Width, Height, BoxWidth, BoxHeight int
	}{t, (t.columns+1)*columnWidth - columnGap + 2*margin, t.row*rowHeight - rowGap + 2*margin, boxWidth, boxHeight})
}

// circular reports whether the way from a node to the root does not end.
func (t *tree) circular(n int) bool {
	at := n
	for range t.nodes {
		at = t.nodes[at].From
		if at < 0 || at >= len(t.nodes) {
			return false
		}
	}
	return true
}

// place draws a box, which only lacks its place, and what comes from it.
func (t *tree) place(n, column int, b box) box {
	t.columns = max(t.columns, column)
	b.X = margin + column*columnWidth
	below := t.children[n]
	var ends []box
	for _, child := range below {
		c := box{Label: short(t.nodes[child].Label, maxLabel), Note: short(t.nodes[child].Note, maxNoteText)}
		if t.nodes[child].Dashed {
			c.Class = "dashed"
		}
		ends = append(ends, t.place(child, column+1, c))
	}
	if len(ends) == 0 {
		b.Y = margin + t.row*rowHeight
		t.row++
	} else {
		b.Y = (ends[0].Y + ends[len(ends)-1].Y) / 2
	}
	t.Boxes = append(t.Boxes, b)
	for _, end := range ends {
		t.Lines = append(t.Lines, line{b, end, columnGap / 2, end.Class})
	}
	return b
}

// short cuts a text that is too long for a box.
func short(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most-1]) + "…"
}

func render(t *template.Template, data any) template.HTML {
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		panic(err) // the templates fit their data
	}
	return template.HTML(b.String())
}

var treeSVG = template.Must(template.New("tree").Funcs(template.FuncMap{"add": func(a, b int) int { return a + b }}).Parse(
	`<svg class="tree" role="img" width="{{.Width}}" height="{{.Height}}" viewBox="0 0 {{.Width}} {{.Height}}">
{{- range .Lines}}<path class="{{.Class}}" d="M{{.From.Right}} {{.From.Middle}}C{{add .From.Right .Bend}} {{.From.Middle}} {{add .From.Right .Bend}} {{.To.Middle}} {{.To.X}} {{.To.Middle}}"/>{{end}}
{{- range .Boxes}}<rect class="{{.Class}}" x="{{.X}}" y="{{.Y}}" width="{{$.BoxWidth}}" height="{{$.BoxHeight}}" rx="8"/>
{{- if .Note}}<text x="{{add .X 12}}" y="{{add .Y 18}}">{{.Label}}</text><text class="note" x="{{add .X 12}}" y="{{add .Y 33}}">{{.Note}}</text>
{{- else}}<text x="{{add .X 12}}" y="{{add .Y 26}}">{{.Label}}</text>{{end}}{{end}}</svg>`))
