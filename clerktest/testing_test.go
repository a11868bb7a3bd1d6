package clerktest_test

import (
	"bytes"
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
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/instance"
)

// signingKey is made once: most tests do not need a key of their own.
var signingKey = sync.OnceValue(func() string {
	instance, err := clerktest.NewInstance(clerktest.Seed{})
	if err != nil {
		panic(err)
	}
	return instance.Seed().SigningKey
})

// clock is a time that a test moves.
type clock struct{ ms atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.ms.Store(time.Date(2026, time.June, 1, 12, 0, 0, 0, time.UTC).UnixMilli())
	return c
}

func (c *clock) now() time.Time { return time.UnixMilli(c.ms.Load()) }

func (c *clock) advance(d time.Duration) { c.ms.Add(d.Milliseconds()) }

func newInstance(t *testing.T, opts ...clerktest.Option) *clerktest.Instance {
	t.Helper()
	seed := clerktest.Seed{SigningKey: signingKey()}
	return clerktest.New(t, append([]clerktest.Option{clerktest.WithSeed(seed)}, opts...)...)
}

// dump is everything that the instance holds, as text.
func dump(t *testing.T, instance *clerktest.Instance) string {
	t.Helper()
	text, err := json.MarshalIndent(instance.Seed(), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// answer is the response to send.
type response struct {
	status int
	header http.Header
	body   []byte
}

// send sends one request as it is given, with the instance's key unless header
// says otherwise.
func send(t *testing.T, instance *clerktest.Instance, method, path, body string, header ...string) response {
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

// problems decodes an error of the API strictly and returns its "code param" lines.
func (a response) problemLines(t *testing.T) []string {
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
	dec := json.NewDecoder(bytes.NewReader(a.body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&body); err != nil {
		t.Fatalf("the response %d is not an API error: %v: %s", a.status, err, a.body)
	}
	if len(body.Errors) == 0 || body.TraceID == "" || a.header.Get("Content-Type") != "application/json" {
		t.Errorf("the error %s lacks problems, a trace ID or a content type", a.body)
	}
	var lines []string
	for _, e := range body.Errors {
		if e.Code == "" || e.Message == "" || e.LongMessage == "" {
			t.Errorf("the problem %+v lacks a text", e)
		}
		lines = append(lines, strings.TrimSpace(e.Code+" "+e.Meta.ParamName))
	}
	return lines
}

func newSeeded(t *testing.T, text string) *clerktest.Instance {
	t.Helper()
	seed, err := clerktest.ParseSeed([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return clerktest.New(t, clerktest.WithSeed(seed))
}

// IDs of the length that the description demands in places.
var (
	keySubject = "user_" + strings.Repeat("1", 27)
	machineOne = "mch_" + strings.Repeat("1", 27)
	hexDigits  = strings.Repeat("ab", 16)
)

var population = strings.NewReplacer("KEY_SUBJECT", keySubject, "MACHINE_ONE", machineOne, "HEX", hexDigits).Replace(`{
	"users": [{"id": "user_1", "email_addresses": [{"email_address": "one@example.com"}]}],
	"sessions": [{"id": "sess_1", "user_id": "user_1"}],
	"jwt_templates": [{"id": "jtmp_1", "name": "supabase", "claims": {"aud": "authenticated"}}],
	"machines": [{"id": "MACHINE_ONE", "secret_key": "ak_machine", "scoped_machines": ["mch_2"]}, {"id": "mch_2", "name": "two"}, {"id": "mch_3"}],
	"api_keys": [{"id": "ak_HEX", "subject": "KEY_SUBJECT", "name": "key", "secret": "ak_seeded", "scopes": ["read"], "claims": {"tier": 1}}],
	"m2m_tokens": [{"id": "mt_HEX", "subject": "MACHINE_ONE", "token": "mt_seeded", "scopes": ["mch_2"]}],
	"oauth_tokens": [{"subject": "user_1", "client_id": "client_1", "token": "oat_seeded", "scopes": ["email"]}]
}`)

func newPopulated(t *testing.T) *clerktest.Instance {
	t.Helper()
	seed, err := clerktest.ParseSeed([]byte(population))
	if err != nil {
		t.Fatal(err)
	}
	seed.SigningKey = signingKey()
	return newInstance(t, clerktest.WithSeed(seed))
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

// parts decodes a token without trusting it.
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

// verify checks the signature of a token with the instance's published key.
func verifySignature(t *testing.T, i *clerktest.Instance, token string) error {
	t.Helper()
	key, kid := publicKey(t, i)
	header, _ := parts(t, token)
	if header["kid"] != kid || header["alg"] != "RS256" {
		return errors.New("another key")
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

// function is a generated function, its field in Handlers and its iterator.
type function struct {
	field    string
	function any
	iterator any
}

// call calls a generated function with its own arguments between client and opts.
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

// shapes returns directives with their values cut off but for the short ones.
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

// suffixed begins an instance whose key has a known suffix.
func newSuffixed(t *testing.T, production bool, opts ...clerktest.Option) *clerktest.Instance {
	t.Helper()
	seed, err := clerktest.ParseSeed([]byte(population))
	if err != nil {
		t.Fatal(err)
	}
	seed.SigningKey, seed.Production = signingKey(), production
	seed.PublishableKey = "pk_test_Y2xlcmsuaW5zcGlyZWQucHVtYS03NC5sY2wuZGV2JA"
	if production {
		seed.PublishableKey = "pk_live_Y2xlcmsuaW5zcGlyZWQucHVtYS03NC5sY2wuZGV2JA"
	}
	return newInstance(t, append([]clerktest.Option{clerktest.WithSeed(seed)}, opts...)...)
}
