package surface

import "regexp"

// own matches the types of a package in a Go type as the package itself writes it.
var own = regexp.MustCompile(`(^|[^.\w])([A-Z]\w*)`)

// Qualify writes a Go type of package pkg as other packages write it.
func Qualify(pkg, typ string) string {
	return own.ReplaceAllString(typ, "${1}"+pkg+".${2}")
}

// OwnTypes lists the types of its package that a Go type is made of.
func OwnTypes(typ string) []string {
	var names []string
	for _, match := range own.FindAllStringSubmatch(typ, -1) {
		names = append(names, match[2])
	}
	return names
}
