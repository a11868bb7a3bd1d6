package wire

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
)

func TestTheSizeOfAStreamIsKnownIfTheSizesOfItsPartsAre(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(file, []byte("0123456789"), 0o600); err != nil {
		t.Fatal(err)
	}
	open := func(skip int64) io.Reader {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		if _, err := f.Seek(skip, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		return f
	}
	pipe, other, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	defer other.Close()
	begun := strings.NewReader("xyz")
	_, _ = begun.ReadByte()
	for name, test := range map[string]struct {
		readers []io.Reader
		want    int64
	}{
		"nothing":       {nil, 0},
		"text":          {[]io.Reader{bytes.NewReader([]byte("ab")), begun}, 4},
		"buffer":        {[]io.Reader{bytes.NewBufferString("abc")}, 3},
		"file":          {[]io.Reader{open(0), open(4)}, 16},
		"pipe":          {[]io.Reader{open(0), pipe}, -1},
		"plain reader":  {[]io.Reader{io.LimitReader(begun, 1), begun}, -1},
		"broken seeker": {[]io.Reader{brokenSeeker{strings.NewReader("x")}}, -1},
	} {
		if got := NewStream(test.readers...).size; got != test.want {
			t.Errorf("%s: size %d, want %d", name, got, test.want)
		}
	}
}

type brokenSeeker struct{ io.Reader }

func (brokenSeeker) Seek(int64, int) (int64, error) { return 0, errors.New("cannot seek") }

// upload sends a stream through attempts that read the given number of bytes each
// before they respond with the given codes. It returns what each attempt saw.
func upload(t *testing.T, content io.Reader, read []int64, codes ...int) (saw []string, resp Response, err error) {
	t.Helper()
	m := message("POST", usual)
	m.Stream = NewStream(strings.NewReader("<"), content, strings.NewReader(">"))
	rt := transport(func(r *http.Request) (*http.Response, error) {
		n := len(saw)
		body, _ := io.ReadAll(io.LimitReader(r.Body, read[n]))
		saw = append(saw, string(body))
		return reply(codes[n], "{}")
	})
	resp, err = NewClient(http.Client{Transport: rt}, Settings{}).Send(t.Context(), m)
	return saw, resp, err
}

func TestUploadsAreRewoundOrNotRetried(t *testing.T) {
	t.Parallel()
	plain := func() io.Reader { return io.MultiReader(strings.NewReader("abc")) }
	skipped := func() io.Reader {
		r := strings.NewReader("__abc")
		_, _ = r.Seek(2, io.SeekStart)
		return r
	}
	for _, test := range []struct {
		name    string
		content io.Reader
		read    []int64
		codes   []int
		want    string
		status  int
	}{
		{"seekable, all read", skipped(), []int64{9, 9}, []int{429, 200}, "<abc>|<abc>", 200},
		{"seekable, some read", skipped(), []int64{2, 9}, []int{429, 200}, "<a|<abc>", 200},
		{"seekable, none read", skipped(), []int64{0, 9}, []int{429, 200}, "|<abc>", 200},
		{"seekable, three times", skipped(), []int64{9, 1, 9}, []int{429, 429, 429}, "<abc>|<|<abc>", 429},
		{"plain, all read", plain(), []int64{9}, []int{429}, "<abc>", 429},
		{"plain, some read", plain(), []int64{1}, []int{429}, "<", 429},
		{"plain, none read", plain(), []int64{0, 9}, []int{429, 200}, "|<abc>", 200},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				saw, resp, err := upload(t, test.content, test.read, test.codes...)
				defer resp.Release()
				if got := strings.Join(saw, "|"); got != test.want || err != nil || resp.Status != test.status {
					t.Errorf("attempts saw %s, status %d, error %v; want %s, status %d", got, resp.Status, err, test.want, test.status)
				}
			})
		})
	}
}

func TestAnEndedAttemptStopsReadingItsUpload(t *testing.T) {
	t.Parallel()
	var held io.Reader
	m := message("POST", usual)
	content := strings.NewReader("abc")
	m.Stream = NewStream(content)
	rt := transport(func(r *http.Request) (*http.Response, error) {
		held = r.Body
		_, _ = io.CopyN(io.Discard, r.Body, 1)
		return reply(413, "{}")
	})
	resp, err := NewClient(http.Client{Transport: rt}, Settings{}).Send(t.Context(), m)
	if err != nil || resp.Status != 413 {
		t.Fatalf("status %d, error %v", resp.Status, err)
	}
	resp.Release()
	if n, err := held.Read(make([]byte, 9)); n != 0 || !errors.Is(err, errSuperseded) || content.Len() != 2 {
		t.Errorf("read %d bytes after the call, error %v; %d bytes are left", n, err, content.Len())
	}
}

func TestAnUploadThatBlocksDoesNotBlockTheCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		ctx, cancel := context.WithCancel(t.Context())
		m := message("POST", usual)
		m.Stream = NewStream(r)
		rt := transport(func(req *http.Request) (*http.Response, error) {
			go func() { _, _ = io.Copy(io.Discard, req.Body) }()
			<-req.Context().Done()
			return nil, req.Context().Err()
		})
		go func() {
			synctest.Wait()
			cancel()
		}()
		_, err := NewClient(http.Client{Transport: rt}, Settings{}).Send(ctx, m)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want canceled", err)
		}
		w.Close()
	})
}

func TestAFailingUploadIsTheErrorOfTheCall(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk failure")
	m := message("POST", usual)
	m.Stream = NewStream(io.MultiReader(strings.NewReader("x"), failing{broken}))
	rt := transport(func(r *http.Request) (*http.Response, error) {
		_, err := io.ReadAll(r.Body)
		return nil, err
	})
	if resp, err := NewClient(http.Client{Transport: rt}, Settings{}).Send(t.Context(), m); !errors.Is(err, broken) || resp.Attempts != 1 {
		t.Errorf("%d attempts, error %v", resp.Attempts, err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
