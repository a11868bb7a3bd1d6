package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
)

func TestHello(t *testing.T) {
	instance := clerktest.New(t)
	user := instance.CreateUser(users.CreateUserParams{})
	authn, err := auth.New(instance.Client(), auth.WithPublishableKey(instance.PublishableKey()))
	if err != nil {
		t.Fatal(err)
	}

	guest := httptest.NewRequest(http.MethodGet, "/hello", nil)
	known := httptest.NewRequest(http.MethodGet, "/hello", nil)
	instance.SignIn(known, user.ID) // a real token, signed with the instance's key
	for r, want := range map[*http.Request]int{guest: http.StatusUnauthorized, known: http.StatusOK} {
		w := httptest.NewRecorder()
		routes(authn).ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%d %s, want %d", w.Code, w.Body, want)
		}
	}
}
