package clerk_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
)

func upload(form clerk.Form) clerk.Request {
	return clerk.Request{Method: http.MethodPost, Path: "/things", Form: form, Operation: "UploadThing"}
}

func TestFormsAreSentAsMultipart(t *testing.T) {
	t.Parallel()
	type part struct{ Name, File, Type, Content string }
	var got []part
	var length int64
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		got, length = nil, r.ContentLength
		parts, err := r.MultipartReader()
		if err != nil {
			t.Error(err)
			return
		}
		for {
			p, err := parts.NextRawPart()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Error(err)
				return
			}
			content, _ := io.ReadAll(p)
			got = append(got, part{p.FormName(), p.FileName(), p.Header.Get("Content-Type"), string(content)})
		}
		write(w, `{}`)
	})
	for _, test := range []struct {
		name  string
		form  clerk.Form
		want  []part
		known bool
	}{
		{
			"all kinds", clerk.Form{
				"uploader_user_id": clerk.Set("user_1"), "absent": clerk.Optional[string]{}, "none": clerk.Optional[clerk.File]{},
				"file": clerk.File{Name: "é \"x\".png", Content: strings.NewReader("PNG")}, "n": 7, "list": []string{"a", "b"}, "empty": "",
			},
			[]part{
				{"empty", "", "", ""}, {"file", "é \"x\".png", "image/png", "PNG"}, {"list", "", "", "a"}, {"list", "", "", "b"},
				{"n", "", "", "7"}, {"uploader_user_id", "", "", "user_1"},
			}, true,
		},
		{
			"optional file", clerk.Form{"file": clerk.Set(clerk.File{ContentType: "image/webp", Content: bytes.NewReader([]byte("WEBP"))})},
			[]part{{"file", "file", "image/webp", "WEBP"}}, true,
		},
		{
			"two files of unknown size", clerk.Form{"a": clerk.File{Content: io.MultiReader(strings.NewReader("1"))}, "b": clerk.File{Name: "x", Content: bytes.NewBufferString("2")}},
			[]part{{"a", "file", "text/plain; charset=utf-8", "1"}, {"b", "x", "text/plain; charset=utf-8", "2"}}, false,
		},
		{
			"an image without a name", clerk.Form{"file": clerk.File{Content: strings.NewReader("\x89PNG\r\n\x1a\n")}},
			[]part{{"file", "file", "image/png", "\x89PNG\r\n\x1a\n"}}, true,
		},
		{
			"an image that cannot be read again", clerk.Form{"file": clerk.File{Content: io.MultiReader(strings.NewReader("GIF89a"))}},
			[]part{{"file", "file", "image/gif", "GIF89a"}}, false,
		},
		{
			"newlines in names", clerk.Form{"file": clerk.File{Name: "a\r\nX-Evil: 1.gif", Content: strings.NewReader("")}},
			[]part{{"file", "a%0D%0AX-Evil: 1.gif", "image/gif", ""}}, true,
		},
	} {
		if _, err := clerk.Call[thing](t.Context(), c, upload(test.form)); err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		if (length >= 0) != test.known {
			t.Errorf("%s: content length %d", test.name, length)
		}
	}
}

func TestFormsThatCannotBeSentAreRefused(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	for name, v := range map[string]any{
		"null":         clerk.Null[string](),
		"null file":    clerk.Null[clerk.File](),
		"no content":   clerk.File{Name: "x.png"},
		"content type": clerk.File{ContentType: "image/png\r\nX-Evil: 1", Content: strings.NewReader("")},
		"map":          map[string]int{},
	} {
		_, err := clerk.Call[thing](t.Context(), c, upload(clerk.Form{"other": 1, name: v}))
		var refused *clerk.RequestError
		if !errors.As(err, &refused) || refused.Field != name || refused.Operation != "UploadThing" {
			t.Errorf("%s: error %v, want a RequestError with that Field", name, err)
		}
	}
}

func TestAnUploadIsSentWhileItIsRead(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{})
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		parts, err := r.MultipartReader()
		if err != nil {
			t.Error(err)
			return
		}
		p, err := parts.NextPart()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.ReadFull(p, make([]byte, 5))
		close(arrived)
		rest, err := io.ReadAll(p)
		if err != nil || string(rest) != " rest" {
			t.Errorf("the rest is %q, error %v", rest, err)
		}
		write(w, `{}`)
	})
	r, w := io.Pipe()
	go func() {
		_, _ = io.WriteString(w, "begin")
		<-arrived
		_, _ = io.WriteString(w, " rest")
		w.Close()
	}()
	if _, err := clerk.Call[thing](t.Context(), c, upload(clerk.Form{"file": clerk.File{ContentType: "text/plain", Content: r}})); err != nil {
		t.Error(err)
	}
}

func TestAFileIsRewoundAfterARateLimit(t *testing.T) {
	t.Parallel()
	var bodies []string
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		f, _, err := r.FormFile("file")
		if err != nil {
			t.Error(err)
			return
		}
		content, _ := io.ReadAll(f)
		bodies = append(bodies, string(content))
		if len(bodies) == 1 {
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		write(w, `{}`)
	})
	content := strings.NewReader("__content")
	_, _ = content.Seek(2, io.SeekStart)
	if _, err := clerk.Call[thing](t.Context(), c, upload(clerk.Form{"file": clerk.File{Content: content}})); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"content", "content"}, bodies); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	bodies = nil
	_, err := clerk.Call[thing](t.Context(), c, upload(clerk.Form{"file": clerk.File{Content: io.MultiReader(strings.NewReader("once"))}}))
	var e *clerk.Error
	if !errors.As(err, &e) || e.StatusCode != http.StatusTooManyRequests || e.Attempts != 1 || len(bodies) != 1 {
		t.Errorf("plain reader: error %v after %d bodies", err, len(bodies))
	}
}
