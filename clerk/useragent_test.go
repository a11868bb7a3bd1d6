package clerk

import (
	"runtime/debug"
	"testing"
)

func TestTheUserAgentNamesTheVersionOfTheModule(t *testing.T) {
	t.Parallel()
	module := func(version string) *debug.Module { return &debug.Module{Path: modulePath, Version: version} }
	other := &debug.Module{Path: "example.com/app", Version: "v9.9.9"}
	replaced := &debug.Module{Path: modulePath, Version: "v0.1.0", Replace: &debug.Module{Path: "../clerk-go"}}
	fork := &debug.Module{Path: modulePath, Version: "v0.1.0", Replace: &debug.Module{Path: "example.com/fork", Version: "v0.2.0"}}
	for name, test := range map[string]struct {
		info debug.BuildInfo
		want string
	}{
		"dependency":    {debug.BuildInfo{Main: *other, Deps: []*debug.Module{other, module("v0.3.1")}}, "v0.3.1"},
		"main module":   {debug.BuildInfo{Main: *module("v0.4.0")}, "v0.4.0"},
		"working copy":  {debug.BuildInfo{Main: *module("(devel)")}, "devel"},
		"local replace": {debug.BuildInfo{Main: *other, Deps: []*debug.Module{replaced}}, "devel"},
		"fork":          {debug.BuildInfo{Main: *other, Deps: []*debug.Module{fork}}, "v0.2.0"},
		"absent":        {debug.BuildInfo{Main: *other}, "devel"},
	} {
		if got := moduleVersion(&test.info); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
