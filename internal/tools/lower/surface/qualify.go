package surface

import "regexp"

// own matches the package's own types in a Go type, as the package itself writes it.
var own = regexp.MustCompile(`(^|[^.\w])([A-Z]\w*)`)

// Qualify returns a Go type of package pkg as other packages write it.
func Qualify(pkg, typ string) string {
	return own.ReplaceAllString(typ, "${1}"+pkg+".${2}")
}

// OwnTypes lists the types of the package itself in a Go type.
func OwnTypes(typ string) []string {
	var names []string
	for _, match := range own.FindAllStringSubmatch(typ, -1) {
		names = append(names, match[2])
	}
	return names
}
