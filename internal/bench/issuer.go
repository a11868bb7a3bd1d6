package main

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"time"
)

const (
	keyID   = "ins_2abcDEFghiJKLmnoPQRstuVWXyz"
	subject = "user_2abcDEFghiJKLmnoPQRstuVWXyz"
	party   = "https://app.example.com"
)

var background = context.Background()

// An issuer signs session tokens as an instance with an organization does.
type issuer struct{ key *rsa.PrivateKey }

// A signed token, taken apart and put on a request ahead of the timing, with the
// response that the request will get.
type signed struct {
	token            string
	input, signature []byte
	request          *http.Request
	answer           answer
}

func newIssuer() (*issuer, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	return &issuer{key: key}, nil
}

var base = base64.RawURLEncoding

// token mints the i-th token: 1,200 bytes, valid for a day.
func (s *issuer) token(i int) (*signed, error) {
	now := time.Now().Unix()
	header := fmt.Sprintf(`{"alg":"RS256","cat":"cl_B7d4PD111AAA","kid":%q,"typ":"JWT"}`, keyID)
	payload := fmt.Sprintf(`{"azp":%q,"exp":%d,"fea":"o:dashboard,o:teams,o:audit_log,o:api_keys,o:webhooks,o:sso,u:priority_support,o:custom_domains",`+
		`"fva":[7,-1],"iat":%d,"iss":"https://clerk.example.com","jti":"%020x","nbf":%d,`+
		`"o":{"fpm":"3,2,7,0,1,5,3","id":"org_2abcDEFghiJKLmnoPQRstuVWXyz","per":"read,manage,delete","rol":"admin","slg":"example-organization"},`+
		`"pla":"o:pro","sid":"sess_2abcDEFghiJKLmnoPQRstuVWXyz","sts":"active","sub":%q,"v":2}`,
		party, now+86400, now-30, i, now-40, subject)
	in := base.EncodeToString([]byte(header)) + "." + base.EncodeToString([]byte(payload))
	sum := sha256.Sum256([]byte(in))
	signature, err := rsa.SignPKCS1v15(rand.Reader, s.key, crypto.SHA256, sum[:])
	if err != nil {
		return nil, err
	}
	return newSigned(in, signature)
}

func newSigned(in string, signature []byte) (*signed, error) {
	token := in + "." + base.EncodeToString(signature)
	r, err := http.NewRequestWithContext(background, http.MethodGet, "http://app.example.com/api/things?limit=10", nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	return &signed{token, []byte(in), signature, r, answer{header: http.Header{}}}, nil
}

func (s *issuer) keySet() []byte {
	set, err := json.Marshal(map[string]any{"keys": []map[string]string{{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": keyID,
		"n": base.EncodeToString(s.key.N.Bytes()),
		"e": base.EncodeToString(big.NewInt(int64(s.key.E)).Bytes()),
	}}})
	must(err)
	return set
}

// serve sends the request through handler and returns the status of the answer.
func (t *signed) serve(handler http.Handler) int {
	clear(t.answer.header)
	t.answer.status = http.StatusOK
	handler.ServeHTTP(&t.answer, t.request)
	return t.answer.status
}

// An answer is a response nobody reads.
type answer struct {
	header http.Header
	status int
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) Write(b []byte) (int, error) { return len(b), nil }
func (a *answer) WriteHeader(status int)      { a.status = status }
