package wire

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"
)

// net/http quotes what a server sends that does not speak HTTP.
func TestErrorsDoNotQuoteWholeResponses(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 1<<19)
	for name, sent := range map[string]string{
		"another protocol":             long + "\r\n\r\n",
		"a long status":                "HTTP/1.1 " + strings.Repeat("9", 1<<20) + " x\r\n\r\n",
		"a long content length":        "HTTP/1.1 200 OK\r\nContent-Length: " + strings.Repeat("9", 1<<19) + "\r\n\r\n",
		"an unknown transfer encoding": "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + strings.Repeat("x", 1<<19) + "\r\n\r\n",
		"two content lengths":          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: " + strings.Repeat("9", 1<<19) + "\r\n\r\n",
	} {
		server, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		go func() {
			conn, err := server.Accept()
			if err != nil {
				return
			}
			defer conn.Close()
			conn.Read(make([]byte, 1<<10))
			conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
			conn.Write([]byte(sent))
		}()
		m := message("POST", usual)
		m.URL.Host = server.Addr().String()
		_, err = NewClient(http.Client{}, Settings{}).Send(t.Context(), m)
		if err == nil || len(err.Error()) > maxErrorText || !strings.HasSuffix(err.Error(), "…") {
			t.Errorf("%s: error of %d bytes: %.80s", name, len(fmt.Sprint(err)), err)
		}
	}
}

func TestAShortenedErrorUnwrapsToTheOriginal(t *testing.T) {
	t.Parallel()
	err := sanitize(sanitize(fmt.Errorf("%s: %w", strings.Repeat("x", 2*maxErrorText), syscall.ECONNRESET)))
	if !errors.Is(err, syscall.ECONNRESET) || len(err.Error()) > maxErrorText {
		t.Errorf("%d bytes: %.80s", len(err.Error()), err)
	}
}

func TestSanitizeRemovesURLsAndHeaderLines(t *testing.T) {
	t.Parallel()
	inner := &url.Error{Op: "Get", URL: "http://x/?secret=1", Err: io.EOF}
	if got := sanitize(&url.Error{Op: "Get", URL: "http://x/?secret=1", Err: inner}); got != io.EOF {
		t.Errorf("%v, want EOF", got)
	}
	header := fmt.Errorf("broken: %w", textproto.ProtocolError("malformed MIME header line: Set-Cookie secret"))
	if got := sanitize(header); got != errMalformed {
		t.Errorf("%v, want no header line", got)
	}
}
