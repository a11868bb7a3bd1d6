package clerk_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/machines"
	"github.com/backend-sdk/clerk-go/users"
)

// The functions of this file are the code of docs/calling.md. Tests run them.

// settings is what a service keeps in the metadata of a user.
type settings struct {
	Theme string `json:"theme"`
}

func changeTheme(ctx context.Context, client *clerk.Client, userID, theme string) (*users.User, error) {
	return users.MergeUserMetadata(ctx, client, userID, users.MergeUserMetadataParams{
		PublicMetadata:  clerk.SetMetadata(settings{Theme: theme}),
		PrivateMetadata: clerk.SetMetadata(map[string]any{"trial": nil}), // removes the member
	})
}

func themeOf(user *users.User) (string, error) {
	var s settings
	err := user.PublicMetadata.Decode(&s)
	return s.Theme, err
}

func changePicture(ctx context.Context, client *clerk.Client, userID string, picture io.ReadSeeker) error {
	_, err := users.SetProfileImage(ctx, client, userID, users.SetProfileImageParams{
		File: clerk.File{Name: "portrait.png", Content: picture},
	})
	return err
}

// getFrom asks another service. machine is a client with the secret key of the machine that
// this service is.
func getFrom(ctx context.Context, machine *clerk.Client, url string) (*http.Response, error) {
	token, err := machines.CreateM2MToken(ctx, machine, machines.CreateM2MTokenParams{
		SecondsUntilExpiration: clerk.Set(600),
		MinRemainingTTLSeconds: clerk.Set(60), // an earlier token will do that is valid for so long
	})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+token.Token)
	return http.DefaultClient.Do(r)
}

func TestMetadataOfThePage(t *testing.T) {
	t.Parallel()
	instance := clerktest.New(t)
	user := instance.CreateUser(users.CreateUserParams{
		PublicMetadata:  clerk.SetMetadata(map[string]any{"theme": "light", "plan": "free"}),
		PrivateMetadata: clerk.SetMetadata(map[string]any{"trial": true, "notes": 1}),
	})
	changed, err := changeTheme(t.Context(), instance.Client(), user.ID, "dark")
	if err != nil {
		t.Fatal(err)
	}
	if theme, err := themeOf(changed); err != nil || theme != "dark" {
		t.Errorf("the theme is %q, error %v", theme, err)
	}
	if !changed.PublicMetadata.Equal(clerk.NewMetadata(map[string]any{"theme": "dark", "plan": "free"})) ||
		!changed.PrivateMetadata.Equal(clerk.NewMetadata(map[string]any{"notes": 1})) {
		t.Errorf("the metadata are %v and %v", changed.PublicMetadata, changed.PrivateMetadata)
	}
}

func TestPictureOfThePage(t *testing.T) {
	t.Parallel()
	instance := clerktest.New(t)
	user := instance.CreateUser(users.CreateUserParams{})
	picture := []byte("\x89PNG\r\n\x1a\n")
	if err := changePicture(t.Context(), instance.Client(), user.ID, bytes.NewReader(picture)); err != nil {
		t.Fatal(err)
	}
	if changed, err := users.GetUser(t.Context(), instance.Client(), user.ID); err != nil || !changed.HasImage {
		t.Errorf("the user has a picture: %v, error %v", changed.HasImage, err)
	}
}

func TestMachineOfThePage(t *testing.T) {
	t.Parallel()
	instance := clerktest.New(t)
	callee := instance.CreateMachine(machines.CreateMachineParams{Name: "stock"})
	caller := instance.CreateMachine(machines.CreateMachineParams{Name: "shop", ScopedMachines: clerk.Set([]string{callee.ID})})
	authn, err := auth.New(instance.Client(), auth.WithoutCookies(), auth.WithAcceptedTokens(auth.M2MToken), auth.WithMachineSecretKey(callee.SecretKey))
	if err != nil {
		t.Fatal(err)
	}
	stock := httptest.NewServer(authn.Require(auth.Accepts(auth.M2MToken))(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, auth.FromContext(r.Context()).Subject)
	})))
	defer stock.Close()
	machine, err := clerk.New(caller.SecretKey, clerk.WithBaseURL(instance.URL()))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		resp, err := getFrom(t.Context(), machine, stock.URL)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK || string(body) != caller.ID {
			t.Errorf("%d %s, error %v", resp.StatusCode, body, err)
		}
	}
}
