package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// maxDocument bounds the size of a published document; Clerk's has 0.7 MB.
const maxDocument = 64 << 20

// fetch reads a document of at most limit bytes from a path or an http(s) address. Its
// errors do not name the source.
func fetch(source string, limit int64) ([]byte, error) {
	from, err := open(source)
	if err != nil {
		return nil, reason(err)
	}
	defer from.Close()
	data, err := io.ReadAll(io.LimitReader(from, limit+1))
	if err != nil {
		return nil, reason(err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("the document is larger than %d bytes", limit)
	}
	return data, nil
}

// reason drops the source from an error of packages os and net/http.
func reason(err error) error {
	if file, ok := errors.AsType[*fs.PathError](err); ok {
		return file.Err
	}
	if web, ok := errors.AsType[*url.Error](err); ok {
		return web.Err
	}
	return err
}

func open(source string) (io.ReadCloser, error) {
	if !strings.HasPrefix(source, "http://") && !strings.HasPrefix(source, "https://") {
		return os.Open(source)
	}
	client := http.Client{Timeout: time.Minute, CheckRedirect: redirect}
	resp, err := client.Get(source)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		return nil, fmt.Errorf("the server responded with %s", resp.Status)
	}
	return resp.Body, nil
}

// redirect follows redirects, but never from https to http.
func redirect(req *http.Request, via []*http.Request) error {
	switch {
	case len(via) >= 10:
		return errors.New("more than 10 redirects")
	case via[0].URL.Scheme == "https" && req.URL.Scheme != "https":
		return errors.New("redirected from https to http")
	}
	return nil
}
