package description

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRender(t *testing.T) {
	t.Parallel()
	for _, from := range []string{untidy, tidy} {
		got, err := render(parse(t, from))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(header+tidy, string(got)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestFilesRefusesAnUnknownTag(t *testing.T) {
	t.Parallel()
	dir := write(t, map[string]string{"users.yaml": strings.Replace(usersPart, "[Users]", "[Teleporters]", 1)})
	doc, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	p, err := ReadPackages(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Files(doc); err == nil || !strings.Contains(err.Error(), `GET /books: no package has the tag "Teleporters"`) {
		t.Errorf("Files = %v", err)
	}
}
