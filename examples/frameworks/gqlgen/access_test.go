package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"google.golang.org/grpc/codes"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/callers"
)

func serve(t *testing.T, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL + "/graphql"
}

// reply is the response to a request.
type reply struct {
	status int
	header http.Header
	body   string
	Data   struct{ WhoAmI, Refund string }
	Errors []struct {
		Message    string
		Extensions struct{ Code string }
	}
}

// post sends a query with these values of Authorization.
func post(ctx context.Context, endpoint, query string, authorization ...string) (reply, error) {
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		return reply{}, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, strings.NewReader(string(body)))
	if err != nil {
		return reply{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header["Authorization"] = authorization
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	got := reply{status: resp.StatusCode, header: resp.Header}
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return reply{}, err
	}
	got.body = string(text)
	return got, json.Unmarshal(text, &got)
}

// socket is a WebSocket of a client in one of the two protocols for GraphQL.
type socket struct {
	*websocket.Conn
	subscribe, next string // what the protocol calls these messages
}

type message struct {
	Type    string          `json:"type"`
	ID      string          `json:"id,omitempty"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

var socketProtocols = map[string]socket{
	"graphql-transport-ws": {subscribe: "subscribe", next: "next"},
	"graphql-ws":           {subscribe: "start", next: "data"},
}

// dial opens a WebSocket, and sends the first message with these values of Authorization.
func dial(ctx context.Context, client *http.Client, endpoint, protocol string, authorization ...string) (socket, error) {
	conn, _, err := websocket.Dial(ctx, endpoint, &websocket.DialOptions{HTTPClient: client, Subprotocols: []string{protocol}})
	if err != nil {
		return socket{}, err
	}
	payload := map[string]any{}
	switch len(authorization) {
	case 0:
	case 1:
		payload["Authorization"] = authorization[0]
	default:
		payload["Authorization"] = authorization
	}
	s := socketProtocols[protocol]
	s.Conn = conn
	return s, wsjson.Write(ctx, conn, map[string]any{"type": "connection_init", "payload": payload})
}

// watch subscribes, and returns the ID that arrives.
func (s socket) watch(ctx context.Context) (string, error) {
	if err := wsjson.Write(ctx, s.Conn, map[string]any{"type": s.subscribe, "id": "1", "payload": map[string]string{"query": "subscription { watch }"}}); err != nil {
		return "", err
	}
	for {
		var m message
		if err := wsjson.Read(ctx, s.Conn, &m); err != nil {
			return "", err
		}
		if m.Type == s.next {
			var payload struct{ Data struct{ Watch string } }
			err := json.Unmarshal(m.Payload, &payload)
			return payload.Data.Watch, err
		}
	}
}

// end returns what comes from the server until it closes the socket, or acknowledges the
// first message.
func (s socket) end(ctx context.Context) (string, websocket.StatusCode) {
	var received strings.Builder
	for {
		_, text, err := s.Read(ctx)
		if err != nil {
			return received.String() + err.Error(), websocket.CloseStatus(err)
		}
		received.Write(text)
		if strings.Contains(string(text), "connection_ack") {
			return received.String(), 0
		}
	}
}

// counted returns the API with a count of the operations that are carried out.
func counted(access Access) (http.Handler, *atomic.Int32) {
	server, n := newServer(), new(atomic.Int32)
	server.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		n.Add(1)
		return next(ctx)
	})
	return routes(server, access), n
}

func TestRequests(t *testing.T) {
	t.Parallel()
	statuses := map[codes.Code]int{codes.OK: http.StatusOK, codes.Unauthenticated: http.StatusUnauthorized,
		codes.PermissionDenied: http.StatusForbidden, codes.Unavailable: http.StatusServiceUnavailable}
	for name, c := range callers.Cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "session, none accepted" {
				t.Skip("Require panics where nobody is accepted")
			}
			clerk := callers.New(t, auth.WithoutCookies())
			if c.Fault.Operation != "" {
				clerk.Inject(c.Fault)
			}
			handler, operations := counted(Access{clerk.Authenticator, c.Accepts, c.Requires})
			sent := c.Sends(clerk)
			got, err := post(t.Context(), serve(t, handler), "{ whoAmI }", sent...)
			if err != nil {
				t.Fatal(err)
			}
			if want := statuses[c.Code]; got.status != want {
				t.Fatalf("status %d, want %d: %s", got.status, want, got.body)
			}
			if c.Code == codes.OK {
				if got.Data.WhoAmI != clerk.UserID || operations.Load() != 1 {
					t.Errorf("%d operations, %s", operations.Load(), got.body)
				}
				return
			}
			if operations.Load() != 0 {
				t.Error("an operation was carried out for a caller who is refused")
			}
			if c.HTTPReason() == "reverification-error" {
				if !strings.Contains(got.body, `"reason":"reverification-error"`) {
					t.Errorf("the body is %s", got.body)
				}
			} else if reason := got.header.Get("X-Clerk-Auth-Reason"); c.Code == codes.Unauthenticated && reason != string(c.HTTPReason()) {
				t.Errorf("the reason is %q, want %q", reason, c.HTTPReason())
			}
			checkHidden(t, sent, got.body)
		})
	}
}

func TestSockets(t *testing.T) {
	t.Parallel()
	ends := map[codes.Code]websocket.StatusCode{codes.Unauthenticated: 4403, codes.PermissionDenied: 4403, codes.Unavailable: 1013}
	reasons := map[codes.Code]string{codes.Unauthenticated: "UNAUTHENTICATED", codes.PermissionDenied: "FORBIDDEN", codes.Unavailable: "UNAVAILABLE"}
	for name, c := range callers.Cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "session, none accepted" {
				t.Skip("Require panics where nobody is accepted")
			}
			clerk := callers.New(t)
			if c.Fault.Operation != "" {
				clerk.Inject(c.Fault)
			}
			handler, operations := counted(Access{clerk.Authenticator, c.Accepts, c.Requires})
			endpoint := serve(t, handler)
			for protocol := range socketProtocols {
				operations.Store(0)
				clerk.Verified.Store(0)
				sent := c.Sends(clerk)
				s, err := dial(t.Context(), http.DefaultClient, endpoint, protocol, sent...)
				if err != nil {
					t.Fatal(err)
				}
				defer s.CloseNow()
				if c.Code == codes.OK {
					if userID, err := s.watch(t.Context()); err != nil || userID != clerk.UserID || operations.Load() != 1 {
						t.Errorf("%s: %d operations of %q, %v", protocol, operations.Load(), userID, err)
					}
				} else {
					text, code := s.end(t.Context())
					want := reasons[c.Code]
					if c.Reason == "reverification-error" {
						want = "REVERIFICATION_REQUIRED"
					}
					if code != ends[c.Code] || !strings.Contains(text, want) || operations.Load() != 0 {
						t.Errorf("%s: %d operations, %s", protocol, operations.Load(), text)
					}
					checkHidden(t, sent, text)
				}
				if n := clerk.Verified.Load(); int(n) != c.Verified {
					t.Errorf("%s: %d keys were sent to Clerk, want %d", protocol, n, c.Verified)
				}
			}
		})
	}
}

func checkHidden(t *testing.T, sent []string, text string) {
	t.Helper()
	for _, value := range sent {
		if _, token, _ := strings.Cut(value, " "); strings.Contains(text, token) {
			t.Error("the response shows the token")
		}
	}
}

// Nothing is carried out on the way past the first message, nor past Require.
func TestNoWayAround(t *testing.T) {
	t.Parallel()
	clerk := callers.New(t)
	handler, operations := counted(Access{clerk.Authenticator, auth.Accepts(auth.SessionToken), nil})
	endpoint := serve(t, handler)
	for protocol, s := range socketProtocols {
		conn, _, err := websocket.Dial(t.Context(), endpoint, &websocket.DialOptions{Subprotocols: []string{protocol}})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.CloseNow()
		s.Conn = conn
		if userID, err := s.watch(t.Context()); err == nil {
			t.Errorf("%s without a first message: %q", protocol, userID)
		}
	}
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPut, http.MethodOptions} {
		r, err := http.NewRequestWithContext(t.Context(), method, endpoint+"?query=%7BwhoAmI%7D", strings.NewReader(`{"query":"{ whoAmI }"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode < 400 {
			t.Errorf("%s: status %d", method, resp.StatusCode)
		}
	}
	if n := operations.Load(); n != 0 {
		t.Errorf("%d operations were carried out", n)
	}
}
