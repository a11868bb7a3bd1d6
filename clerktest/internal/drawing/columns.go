package drawing

import "html/template"

// Column is a column of [Columns]: parts on top of each other, the first at the bottom.
type Column struct {
	Title       string // shown under the pointer
	Good, Wrong int
}

const (
	columnsHeight, thickness, between = 96, 14, 4
	baseline                          = columnsHeight - 1
)

type bar struct {
	Class, Title        string
	X, Y, Width, Height int
}

// Columns draws numbers as columns whose heights compare.
func Columns(columns []Column) template.HTML {
	most := 1
	for _, c := range columns {
		most = max(most, c.Good+c.Wrong)
	}
	var bars []bar
	for n, c := range columns {
		foot := baseline
		for _, part := range []struct {
			class string
			count int
		}{{"good", c.Good}, {"wrong", c.Wrong}} {
			if part.count == 0 {
				continue
			}
			height := max(part.count*(columnsHeight-4)/most, 2)
			foot -= height
			bars = append(bars, bar{Class: part.class, X: n * (thickness + between), Y: max(foot, 0), Height: height, Width: thickness, Title: c.Title})
		}
	}
	width := max(len(columns)*(thickness+between)-between, 1)
	return render(columnsSVG, struct {
		Bars                    []bar
		Width, Height, Baseline int
	}{bars, width, columnsHeight, baseline})
}

var columnsSVG = template.Must(template.New("columns").Parse(
	`<svg class="columns" role="img" preserveAspectRatio="none" width="{{.Width}}" height="{{.Height}}" viewBox="0 0 {{.Width}} {{.Height}}">
{{- range .Bars}}<rect class="{{.Class}}" x="{{.X}}" y="{{.Y}}" width="{{.Width}}" height="{{.Height}}" rx="2"><title>{{.Title}}</title></rect>{{end}}
{{- /**/ -}}
<path class="axis" d="M0 {{.Baseline}}H{{.Width}}"/></svg>`))
