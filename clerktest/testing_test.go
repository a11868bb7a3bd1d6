package clerktest_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/instance"
)

// signingKey is the key of most instances in tests, because generating RSA keys is slow.
// It is published here and protects nothing.
const signingKey = `-----BEGIN PRIVATE KEY-----
MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQCVFkbseuyFvvzz
T4ooCHRvh0j/CtV1YhXyJ84UX0KR2r7YxNICgnSjl7/Qm/tqUX5bkCNFOOiOJ4k7
3OH6tm1bK+BUZCOvJah4hyv0284MezMhDU6vyPqsXcL1kvNEkYUU5sqymoQ2NhWy
bszDEVLbRx4HroUmP7YXXkKSB3YrK1XrGhQwjv+qdfWYQwpOtL8avu46ntOJqH0D
vhBnSaF1ZZnZmyCZYFFBAup13M36bCmO/QhqP+omsHCpSGiutM3wYyDnyXPNJY/6
OzwzxQOfPT74dxcEPQ3ROFS1Ss6Qr3RtQ7iBntJ4W8ouvw38AqnWJ2RaONeGvUyE
bEdvDZJ5AgMBAAECggEAEYtS0tLfYRjZ2wcd7rqZ+yLsNekwN/VQOFQzVeXk51Wa
1lcJELcJ41OBBNtKQZdv+3XxlJyPD2V7KpKCfFa59TvrVPsI0PxpQC/F/jVcoM7h
tC7E9v47c4vAHNaLbqMCSnSjX1O8IcYJFRuhWIZCHiBXGhfRPvBJ7SOQSW972jX7
9YMSWFj8vOV+JSqLUckN3IC39Jt7SLZd8hHucOQm+j3e76Xw6K5pE9U/fB4dvQy0
Ha1CzMdM9Rer3rUAc7Is6mqFkGEqnmMPgIehJH9MLHfZJt4P5wmJJaR1AUVv7gc/
pi7VPJy3JCDKrFF6q+XUzszAdw94Lg092BZco/xKQQKBgQDSeY3R616hqaj+B5zM
OB0F8cPX3m9i3/fabv8KtjE9NJS2fTitRA4xie7g0RZy0TsddcLMbes9e+WlSlvN
xk29AWTuMQuFjp0wwBaQ+wZAxjbkzQiuQLSQ7InvEUzfRZ9NGBhO46j7ZpXLS0u2
aSEJct+4KYChtKcXIVMgIiTRGQKBgQC1VYw6/KQNtflN8m61pFOjO8yTYfAxUGbM
V1Mqm/036vtBGZX5UytPw3tkn9m4o0oFLFwNKg91EANIkNgJQ0iMhRb6YPHL1kO7
B8AeYCPbHKxgRSqExrSJ1UA60BVt68QCVx7NMUBxgmtXXyBKinmSweF3zMZXxwCp
LFrHV4AYYQKBgG3Y+ueATBdbkNNj7bW3443irC/R65hTA+yA2aMhi3lCJAtKN3ZW
eoHoV0AGYAz0nkG14EEJbSjdrPEjad5vjMsEG0UlW7oMwIVc+2oXWSAdUzD+wXUQ
WCz7BtI62T/9+jImTSl/MAZld/BuD8nX/GIODizznCrJOhucTOIMb+KhAoGAa4Qf
s1Hcy6xb91WJQvX+CUkJkVF+ox6y9PHKA/edeiw/cWgEPmKLya10WkNVSl63Ir4c
jkmkBJrL95i6HzPfrkGzUB1vAJc4bYq45MnIOMCVjDc2cKeIoDjq7nQ2YIhsHZ8e
SjerqCHWF2X1tXzJfLSsROYLrDv4LlZ4NL2y28ECgYAYFt0k+lihiEt5SQ/00RE4
QREaCQt61Gu3JLtXRozzJWjixkSqUyUpUVxeoWg4r0A363SncNh1Z/Qp3LjP+C5h
2Xfkt2AiLLVR8IsqJLRp0a9SEwjUOF9hMkK5ex/snErZGXuHNz342auN/g2p4Fga
I0ZS0ASGTrLJ/WNJ6Lav9A==
-----END PRIVATE KEY-----
`

// clock is a clock that a test advances.
type clock struct{ ms atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.ms.Store(time.Date(2026, time.June, 1, 12, 0, 0, 0, time.UTC).UnixMilli())
	return c
}

func (c *clock) now() time.Time { return time.UnixMilli(c.ms.Load()) }

func (c *clock) advance(d time.Duration) { c.ms.Add(d.Milliseconds()) }

// startInstance starts an instance without users.
func startInstance(t *testing.T, opts ...clerktest.Option) *clerktest.Instance {
	t.Helper()
	seed := clerktest.Seed{SigningKey: signingKey}
	return clerktest.New(t, append([]clerktest.Option{clerktest.WithSeed(seed)}, opts...)...)
}

// dump returns the content of the instance as text.
func dump(t *testing.T, instance *clerktest.Instance) string {
	t.Helper()
	text, err := json.MarshalIndent(instance.Seed(), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// response is the response to a request of send.
type response struct {
	status int
	header http.Header
	body   []byte
}

// send sends a raw request, with the instance's key unless header has another.
func send(t testing.TB, instance *clerktest.Instance, method, path, body string, header ...string) response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, instance.URL()+"/v1"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+instance.SecretKey())
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for n := 0; n < len(header); n += 2 {
		r.Header.Set(header[n], header[n+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response{resp.StatusCode, resp.Header, raw}
}

// problemLines decodes an API error strictly and returns a "code param" line for each
// problem.
func (r response) problemLines(t *testing.T) []string {
	t.Helper()
	var body struct {
		Errors []struct {
			Code        string `json:"code"`
			Message     string `json:"message"`
			LongMessage string `json:"long_message"`
			Meta        struct {
				ParamName string `json:"param_name"`
			} `json:"meta"`
		} `json:"errors"`
		TraceID string `json:"clerk_trace_id"`
	}
	dec := json.NewDecoder(bytes.NewReader(r.body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&body); err != nil {
		t.Fatalf("the response %d is not an API error: %v: %s", r.status, err, r.body)
	}
	if len(body.Errors) == 0 || body.TraceID == "" || r.header.Get("Content-Type") != "application/json" {
		t.Errorf("the error %s lacks problems, a trace ID or the content type", r.body)
	}
	var lines []string
	for _, e := range body.Errors {
		if e.Code == "" || e.Message == "" || e.LongMessage == "" {
			t.Errorf("the problem %+v lacks a code or a message", e)
		}
		lines = append(lines, strings.TrimSpace(e.Code+" "+e.Meta.ParamName))
	}
	return lines
}

// parseSeed parses a seed. Its signing key is signingKey unless the text has one.
func parseSeed(t *testing.T, text string) clerktest.Seed {
	t.Helper()
	seed, err := clerktest.ParseSeed([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	seed.SigningKey = cmp.Or(seed.SigningKey, signingKey)
	return seed
}

// startSeeded starts an instance from a seed.
func startSeeded(t *testing.T, text string) *clerktest.Instance {
	t.Helper()
	return clerktest.New(t, clerktest.WithSeed(parseSeed(t, text)))
}

// startPopulated starts an instance with the population.
func startPopulated(t *testing.T) *clerktest.Instance {
	t.Helper()
	seed := parseSeed(t, populationSeed(t))
	return startInstance(t, clerktest.WithSeed(seed))
}

// publicKey fetches the instance's key from its JWKS.
func publicKey(t *testing.T, i *clerktest.Instance) (*rsa.PublicKey, string) {
	t.Helper()
	set, err := instance.GetJWKS(t.Context(), i.Client())
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Keys) != 1 || set.Keys[0].Alg != "RS256" || set.Keys[0].Use != "sig" || set.Keys[0].Kty != "RSA" {
		t.Fatalf("the key set is %+v", set)
	}
	n, err := base64.RawURLEncoding.DecodeString(*set.Keys[0].N)
	if err != nil {
		t.Fatal(err)
	}
	e, err := base64.RawURLEncoding.DecodeString(*set.Keys[0].E)
	if err != nil {
		t.Fatal(err)
	}
	return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}, set.Keys[0].Kid
}

// parts decodes a token without verifying it.
func parts(t *testing.T, token string) (header, claims map[string]any) {
	t.Helper()
	segments := strings.Split(token, ".")
	if len(segments) != 3 {
		t.Fatalf("the token has %d parts", len(segments))
	}
	for n, into := range []*map[string]any{&header, &claims} {
		raw, err := base64.RawURLEncoding.DecodeString(segments[n])
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, into); err != nil {
			t.Fatal(err)
		}
	}
	return header, claims
}

// verifySignature checks the signature of a token with the key in the instance's JWKS.
func verifySignature(t *testing.T, i *clerktest.Instance, token string) error {
	t.Helper()
	key, kid := publicKey(t, i)
	header, _ := parts(t, token)
	if header["kid"] != kid || header["alg"] != "RS256" {
		return errors.New("the header names another key or algorithm")
	}
	dot := strings.LastIndexByte(token, '.')
	signature, err := base64.RawURLEncoding.DecodeString(token[dot+1:])
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(token[:dot]))
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature)
}

func unixSeconds(t time.Time) float64 { return float64(t.Unix()) }

func errorOf[T any](_ T, err error) error { return err }

func toMetadata(v any) clerk.Metadata { return clerk.SetMetadata(v).Or(clerk.Metadata{}) }

// function is a generated function with its field in Handlers and its iterator, if it
// has one.
type function struct {
	field    string
	function any
	iterator any
}

// callFunction calls a generated function with args between client and opts.
func callFunction(t *testing.T, client *clerk.Client, f any, args []reflect.Value) []reflect.Value {
	t.Helper()
	for _, a := range args {
		rewind(t, a)
	}
	in := []reflect.Value{reflect.ValueOf(context.Context(t.Context())), reflect.ValueOf(client)}
	return reflect.ValueOf(f).Call(append(in, args...))
}

// rewind makes the files among the fields of params readable again.
func rewind(t *testing.T, params reflect.Value) {
	t.Helper()
	if params.Kind() != reflect.Struct {
		return
	}
	for _, field := range params.Fields() {
		file, ok := field.Interface().(clerk.File)
		if optional, is := field.Interface().(clerk.Optional[clerk.File]); is {
			file, ok = optional.Get()
		}
		if !ok {
			continue
		}
		if _, err := file.Content.(io.Seeker).Seek(0, io.SeekStart); err != nil {
			t.Fatal(err)
		}
	}
}

// shapes returns directives with long values shortened.
func shapes(directives []string) []string {
	list := slices.Clone(directives)
	for n, line := range list {
		name, rest, _ := strings.Cut(line, "=")
		value, attributes, _ := strings.Cut(rest, ";")
		if len(value) > 12 {
			value = value[:2] + "…"
		}
		list[n] = name + "=" + value + ";" + attributes
	}
	return list
}

// startSuffixed starts an instance whose cookie suffix is known.
func startSuffixed(t *testing.T, production bool, opts ...clerktest.Option) *clerktest.Instance {
	t.Helper()
	seed := parseSeed(t, populationSeed(t))
	seed.Production = production
	seed.PublishableKey = "pk_test_Y2xlcmsuaW5zcGlyZWQucHVtYS03NC5sY2wuZGV2JA"
	if production {
		seed.PublishableKey = "pk_live_Y2xlcmsuaW5zcGlyZWQucHVtYS03NC5sY2wuZGV2JA"
	}
	return startInstance(t, append([]clerktest.Option{clerktest.WithSeed(seed)}, opts...)...)
}

func TestMain(m *testing.M) {
	if path := os.Getenv("CLERKTEST_PERSISTED"); path != "" {
		persistedChild(path)
		return
	}
	os.Exit(m.Run())
}

// startFrom returns an instance that is not started, or the error of its seed.
func startFrom(t *testing.T, seed string) (*clerktest.Instance, error) {
	t.Helper()
	return clerktest.NewInstance(parseSeed(t, seed))
}
