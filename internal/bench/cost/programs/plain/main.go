// Command plain makes three calls with net/http and encoding/json alone.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
)

type user struct {
	FirstName *string `json:"first_name"`
}

type session struct {
	Status string `json:"status"`
}

func main() {
	ctx := context.Background()
	var before, after user
	if err := call(ctx, http.MethodGet, "/users/user_1", nil, &before); err != nil {
		log.Fatal(err)
	}
	if err := call(ctx, http.MethodPatch, "/users/user_1", map[string]string{"first_name": "Ada"}, &after); err != nil {
		log.Fatal(err)
	}
	var revoked session
	if err := call(ctx, http.MethodPost, "/sessions/sess_1/revoke", nil, &revoked); err != nil {
		log.Fatal(err)
	}
	fmt.Println(*before.FirstName, *after.FirstName, revoked.Status)
}

func call(ctx context.Context, method, path string, body, result any) error {
	var content bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&content).Encode(body); err != nil {
			return err
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, os.Getenv("CLERK_API_URL")+"/v1"+path, &content)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+os.Getenv("CLERK_SECRET_KEY"))
	r.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s", method, path, response.Status)
	}
	return json.NewDecoder(response.Body).Decode(result)
}
