package clerk

import "runtime/debug"

const modulePath = "github.com/backend-sdk/clerk-go"

// userAgent names this module in the version that the program was built with.
func userAgent() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "clerk-go/devel"
	}
	return "clerk-go/" + moduleVersion(info)
}

func moduleVersion(info *debug.BuildInfo) string {
	for _, m := range append([]*debug.Module{&info.Main}, info.Deps...) {
		if m.Path != modulePath {
			continue
		}
		if m.Replace != nil {
			m = m.Replace
		}
		if m.Version != "" && m.Version != "(devel)" {
			return m.Version
		}
	}
	return "devel"
}
