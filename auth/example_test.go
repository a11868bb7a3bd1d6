package auth_test

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
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	clerk "github.com/backend-sdk/clerk-go"
	"github.com/backend-sdk/clerk-go/auth"
)

// instance stands in for a Clerk instance: a key to sign with, and the two
// endpoints of its Backend API that the examples ask.
type instance struct {
	key    *rsa.PrivateKey
	server *httptest.Server
}

func newInstance() *instance {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/users/user_1", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"object":"user","id":"user_1","first_name":"Ada","private_metadata":{"debt":7}}`)
	})
	mux.HandleFunc("POST /v1/sessions/sess_1/tokens/supabase", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"object":"token","jwt":"made-for-supabase"}`)
	})
	return &instance{key: key, server: httptest.NewServer(mux)}
}

func (i *instance) authenticator() *auth.Authenticator {
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(i.server.URL))
	if err != nil {
		log.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&i.key.PublicKey)
	if err != nil {
		log.Fatal(err)
	}
	authn, err := auth.New(client,
		auth.WithPublishableKey("pk_test_"+base64.StdEncoding.EncodeToString([]byte("clerk.example.com$"))),
		auth.WithJWTKey(string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))))
	if err != nil {
		log.Fatal(err)
	}
	return authn
}

// request carries a session token of user_1 with further claims.
func (i *instance) request(claims map[string]any) *http.Request {
	all := map[string]any{
		"iss": "https://clerk.example.com", "sub": "user_1", "sid": "sess_1", "exp": time.Now().Add(time.Minute).Unix(),
	}
	for name, claim := range claims {
		all[name] = claim
	}
	payload, err := json.Marshal(all)
	if err != nil {
		log.Fatal(err)
	}
	signed := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256","typ":"JWT","kid":"ins_1"}`)) +
		"." + base64.RawURLEncoding.EncodeToString(payload)
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, i.key, crypto.SHA256, sum[:])
	if err != nil {
		log.Fatal(err)
	}
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/", nil)
	r.Header.Set("Authorization", "Bearer "+signed+"."+base64.RawURLEncoding.EncodeToString(signature))
	return r
}

func show(h http.Handler, r *http.Request) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	fmt.Println(w.Code, w.Body)
}

func ExampleAuthenticator_Middleware() {
	i := newInstance()
	defer i.server.Close()

	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := auth.FromContext(r.Context())
		switch {
		case a.Err() != nil:
			http.Error(w, "Service Unavailable", http.StatusServiceUnavailable)
		case !a.IsAuthenticated():
			http.Error(w, "Unauthorized", http.StatusUnauthorized)
		default:
			fmt.Fprint(w, "hello, ", a.UserID)
		}
	})
	protected := i.authenticator().Middleware(handler)

	show(protected, i.request(nil))
	show(protected, httptest.NewRequest(http.MethodGet, "/", nil))
	// Output:
	// 200 hello, user_1
	// 401 Unauthorized
}

func ExampleAuthenticator_Require() {
	i := newInstance()
	defer i.server.Close()

	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "invoices") })
	protected := i.authenticator().Require(auth.Permission("org:invoices:read"))(handler)

	show(protected, i.request(map[string]any{"org_id": "org_1", "org_permissions": []string{"org:invoices:read"}}))
	show(protected, i.request(nil))
	// Output:
	// 200 invoices
	// 403 {"errors":[{"code":"forbidden","message":"the session may not do this"}]}
}

func ExampleAuth_GetToken() {
	i := newInstance()
	defer i.server.Close()

	show(i.authenticator().Require()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, err := auth.FromContext(r.Context()).GetToken(r.Context(), auth.Template("supabase"))
		if err != nil {
			http.Error(w, "Bad Gateway", http.StatusBadGateway)
			return
		}
		fmt.Fprint(w, token)
	})), i.request(nil))
	// Output: 200 made-for-supabase
}

func ExampleCurrentUser() {
	i := newInstance()
	defer i.server.Close()

	show(i.authenticator().Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, err := auth.CurrentUser(r.Context())
		switch {
		case err != nil:
			http.Error(w, "Bad Gateway", http.StatusBadGateway)
		case user == nil:
			http.Error(w, "Unauthorized", http.StatusUnauthorized)
		default:
			// Chosen fields only: the user also holds private metadata.
			json.NewEncoder(w).Encode(map[string]any{"id": user.ID, "firstName": user.FirstName})
		}
	})), i.request(nil))
	// Output: 200 {"firstName":"Ada","id":"user_1"}
}

func ExampleClaimsAs() {
	i := newInstance()
	defer i.server.Close()

	type claims struct {
		Team string `json:"team"`
	}
	show(i.authenticator().Require()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		own, err := auth.ClaimsAs[claims](auth.FromContext(r.Context()))
		if err != nil {
			http.Error(w, "Bad Request", http.StatusBadRequest)
			return
		}
		fmt.Fprint(w, "team ", own.Team)
	})), i.request(map[string]any{"team": "blue"}))
	// Output: 200 team blue
}
