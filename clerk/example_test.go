package clerk_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

// A server that stands for the Backend API in these examples.
func exampleServer(routes map[string]string) (*clerk.Client, func()) {
	mux := http.NewServeMux()
	for pattern, body := range routes {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"errors":[{"code":"resource_not_found","message":"not found"}],"clerk_trace_id":"trace_1"}`)
	})
	srv := httptest.NewServer(mux)
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(srv.URL))
	if err != nil {
		log.Fatal(err)
	}
	return client, srv.Close
}

func ExampleNew() {
	client, err := clerk.New("sk_test_example",
		clerk.WithCallTimeout(5*time.Second),
		clerk.WithRetryLimit(1),
	)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client)

	_, err = clerk.New("pk_test_example")
	fmt.Println(err)
	// Output:
	// clerk.Client(https://api.clerk.com/v1, development)
	// clerk: secret key: this is a publishable key; the secret key starts with sk_
}

// An operation that no package has is called by method and path. Key, version,
// retries, limits and errors are those of every other call.
func ExampleCall() {
	client, stop := exampleServer(map[string]string{
		"GET /v1/clients/handshake_payload": `{"directives":["__session=example; Path=/; Secure"]}`,
	})
	defer stop()

	type payload struct {
		Directives []string `json:"directives"` // each the value of a Set-Cookie header
	}
	handshake, err := clerk.Call[payload](context.Background(), client, clerk.Request{
		Method:    http.MethodGet,
		Path:      "/clients/handshake_payload",
		Query:     clerk.Query{"nonce": "example"},
		Operation: "GetHandshakePayload", // names the call in errors and logs
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(handshake.Directives))
	// Output: 1
}

// Ids go into IDs and never into Path, so that they are checked and escaped. A
// body is anything that encodes to JSON; None is for a call without a result.
func ExampleCall_write() {
	client, stop := exampleServer(map[string]string{"PATCH /v1/widgets/{id}": `{}`})
	defer stop()

	type changes struct {
		Label clerk.Optional[string] `json:"label,omitzero"`
		Turns clerk.Optional[int]    `json:"turns,omitzero"`
	}
	rename := func(widgetID string) error {
		_, err := clerk.Call[clerk.None](context.Background(), client, clerk.Request{
			Method:    http.MethodPatch,
			Path:      "/widgets/{widget_id}",
			IDs:       []string{widgetID},
			Body:      changes{Label: clerk.Set("blue")},
			Operation: "UpdateWidget",
		})
		return err
	}
	fmt.Println(rename("wid_1"))
	fmt.Println(rename("../users"))
	// Output:
	// <nil>
	// clerk: UpdateWidget: widget_id: holds /, which no id does
}

// A field that a model does not have yet is read beside those that it has.
func ExampleCall_field() {
	client, stop := exampleServer(map[string]string{"GET /v1/users/{id}": `{"id":"user_1","first_name":"Ada","favorite_color":"blue"}`})
	defer stop()

	type user struct {
		users.User
		FavoriteColor string `json:"favorite_color"`
	}
	u, err := clerk.Call[user](context.Background(), client, clerk.Request{
		Method: http.MethodGet, Path: "/users/{user_id}", IDs: []string{"user_1"}, Operation: "GetUser",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(u.ID, *u.FirstName, u.FavoriteColor)
	// Output: user_1 Ada blue
}

func ExampleError() {
	client, stop := exampleServer(nil)
	defer stop()

	_, err := clerk.Call[clerk.None](context.Background(), client, clerk.Request{
		Method: http.MethodDelete, Path: "/users/{user_id}", IDs: []string{"user_1"}, Operation: "DeleteUser",
	})
	fmt.Println(err)
	fmt.Println(errors.Is(err, clerk.ErrNotFound), clerk.HasCode(err, "resource_not_found"))
	var e *clerk.Error
	if errors.As(err, &e) {
		fmt.Println(e.StatusCode, e.TraceID)
	}
	// Output:
	// clerk: DeleteUser: 404 resource_not_found: not found
	// true true
	// 404 trace_1
}

func ExampleDecodeError() {
	client, stop := exampleServer(map[string]string{"GET /v1/users": `[{"id":"user_1"},{"id":7}]`})
	defer stop()

	type user struct {
		ID string `json:"id"`
	}
	_, err := clerk.Call[clerk.List[user]](context.Background(), client, clerk.Request{
		Method: http.MethodGet, Path: "/users", Operation: "ListUsers",
	})
	var e *clerk.DecodeError
	if errors.As(err, &e) {
		fmt.Println(e.Path)
		if list, ok := e.Partial.(*clerk.List[user]); ok {
			fmt.Println(list.Data[0].ID)
		}
	}
	// Output:
	// [1].id
	// user_1
}

func ExampleOptional() {
	type params struct {
		FirstName clerk.Optional[string] `json:"first_name,omitzero"`
		Username  clerk.Optional[string] `json:"username,omitzero"`
	}
	for _, p := range []params{
		{},                               // leaves both alone
		{FirstName: clerk.Set("Ada")},    // sets one
		{Username: clerk.Null[string]()}, // clears the other
	} {
		body, err := json.Marshal(p)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(string(body))
	}
	// Output:
	// {}
	// {"first_name":"Ada"}
	// {"username":null}
}

func ExampleSetMetadata() {
	var m clerk.Metadata
	if err := json.Unmarshal([]byte(`{"plan":"pro","counter":9007199254740993}`), &m); err != nil {
		log.Fatal(err)
	}
	members := map[string]json.RawMessage{}
	if err := m.Decode(&members); err != nil {
		log.Fatal(err)
	}
	members["plan"] = json.RawMessage(`"max"`)
	body, err := json.Marshal(clerk.SetMetadata(members))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(body))
	// Output: {"counter":9007199254740993,"plan":"max"}
}

func ExamplePages() {
	client, stop := exampleServer(map[string]string{
		"GET /v1/users": `{"data":[{"id":"user_1"},{"id":"user_2"}],"total_count":2}`,
	})
	defer stop()

	type user struct {
		ID string `json:"id"`
	}
	all := clerk.Pages(clerk.Set(50), clerk.Optional[int]{}, func(limit, offset clerk.Optional[int]) (*clerk.List[user], error) {
		return clerk.Call[clerk.List[user]](context.Background(), client, clerk.Request{
			Method: http.MethodGet, Path: "/users", Query: clerk.Query{"limit": limit, "offset": offset},
		})
	}, func(u *user) string { return u.ID })
	for u, err := range all {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(u.ID)
	}
	// Output:
	// user_1
	// user_2
}

func ExampleWithResponse() {
	client, stop := exampleServer(map[string]string{"GET /v1/jwks": `{"keys":[]}`})
	defer stop()

	var response clerk.Response
	_, err := clerk.Call[clerk.None](context.Background(), client,
		clerk.Request{Method: http.MethodGet, Path: "/jwks"},
		clerk.WithTimeout(time.Second), clerk.WithMaxRetries(0), clerk.WithResponse(&response))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(response.StatusCode, response.Attempts)
	// Output: 200 1
}
