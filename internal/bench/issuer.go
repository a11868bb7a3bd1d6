package main

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"sync"
	"time"
)

const (
	keyID   = "ins_2abcDEFghiJKLmnoPQRstuVWXyz"
	subject = "user_2abcDEFghiJKLmnoPQRstuVWXyz"
	session = "sess_2abcDEFghiJKLmnoPQRstuVWXyz"
	party   = "https://app.example.com"
)

var background = context.Background()

// An issuer signs session tokens like those of a user with an active organization.
type issuer struct{ key *rsa.PrivateKey }

// A signed token, split and put on a request before the measurement.
type signed struct {
	token            string
	input, signature []byte
	request          *http.Request
}

func newIssuer() *issuer {
	block, _ := pem.Decode([]byte(signingKey))
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	must(err)
	return &issuer{key}
}

var base = base64.RawURLEncoding

// token signs the i-th token, which has 1,200 bytes and is valid for a day.
func (s *issuer) token(i int) *signed {
	now := time.Now().Unix()
	header := fmt.Sprintf(`{"alg":"RS256","cat":"cl_B7d4PD111AAA","kid":%q,"typ":"JWT"}`, keyID)
	payload := fmt.Sprintf(`{"azp":%q,"exp":%d,"fea":"o:dashboard,o:teams,o:audit_log,o:api_keys,o:webhooks,o:sso,u:priority_support,o:custom_domains",`+
		`"fva":[7,-1],"iat":%d,"iss":"https://clerk.example.com","jti":"%020x","nbf":%d,`+
		`"o":{"fpm":"3,2,7,0,1,5,3","id":"org_2abcDEFghiJKLmnoPQRstuVWXyz","per":"read,manage,delete","rol":"admin","slg":"example-organization"},`+
		`"pla":"o:pro","sid":"sess_2abcDEFghiJKLmnoPQRstuVWXyz","sts":"active","sub":%q,"v":2}`,
		party, now+86400, now-30, i, now-40, subject)
	input := base.EncodeToString([]byte(header)) + "." + base.EncodeToString([]byte(payload))
	sum := sha256.Sum256([]byte(input))
	signature, err := rsa.SignPKCS1v15(rand.Reader, s.key, crypto.SHA256, sum[:])
	must(err)
	return newSigned(input, signature)
}

func newSigned(input string, signature []byte) *signed {
	token := input + "." + base.EncodeToString(signature)
	r, err := http.NewRequestWithContext(background, http.MethodGet, "http://app.example.com/api/things?limit=10", nil)
	must(err)
	r.Header.Set("Authorization", "Bearer "+token)
	return &signed{token, []byte(input), signature, r}
}

// keySet returns the JWKS with the public key.
func (s *issuer) keySet() []byte {
	set, err := json.Marshal(map[string]any{"keys": []map[string]string{{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": keyID,
		"n": base.EncodeToString(s.key.N.Bytes()),
		"e": base.EncodeToString(big.NewInt(int64(s.key.E)).Bytes()),
	}}})
	must(err)
	return set
}

// serve sends the request through handler and returns the status of the response.
func (t *signed) serve(handler http.Handler) int {
	w := responses.Get().(*response)
	defer responses.Put(w)
	clear(w.header)
	w.status = http.StatusOK
	handler.ServeHTTP(w, t.request)
	return w.status
}

var responses = sync.Pool{New: func() any { return &response{header: http.Header{}} }}

// response is a ResponseWriter that discards the body.
type response struct {
	header http.Header
	status int
}

func (r *response) Header() http.Header         { return r.header }
func (r *response) Write(b []byte) (int, error) { return len(b), nil }
func (r *response) WriteHeader(status int)      { r.status = status }

func must(err error) {
	if err != nil {
		panic(err)
	}
}
