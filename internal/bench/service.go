package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"

	"github.com/backend-sdk/clerk-go/auth"
)

// connections is the number of connections on which a service is asked at once.
const connections = 64

// protectedService responds like the endpoint of examples/endpoints that says who is
// calling, and bareService writes the same response without asking.
func protectedService() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := auth.FromContext(r.Context())
		if !a.IsAuthenticated() {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		reply(w, a.UserID, a.SessionID)
	})
}

func bareService() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { reply(w, subject, session) })
}

func reply(w http.ResponseWriter, user, session string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	must(json.NewEncoder(w).Encode(map[string]string{"user_id": user, "session_id": session}))
}

// service is a server on loopback and the connections to it. The client writes bytes
// and counts those of the response, so that it costs little beside the server.
type service struct {
	server *httptest.Server
	idle   chan *connection
	sent   []byte
}

type connection struct {
	net.Conn
	response []byte // as long as each response
}

// startService serves handler, and sends token with each request.
func startService(handler http.Handler, token string) (*service, error) {
	s := &service{
		server: httptest.NewServer(handler), idle: make(chan *connection, connections),
		sent: []byte("GET /api/auth HTTP/1.1\r\nHost: app.example.com\r\nAuthorization: Bearer " + token + "\r\n\r\n"),
	}
	for range connections {
		c, err := s.connect()
		if err != nil {
			s.close()
			return nil, err
		}
		s.idle <- c
	}
	return s, nil
}

// connect opens a connection and learns from a first response how long they are.
func (s *service) connect() (*connection, error) {
	conn, err := net.Dial("tcp", s.server.Listener.Addr().String())
	if err != nil {
		return nil, err
	}
	c := &connection{Conn: conn}
	if _, err := c.Write(s.sent); err != nil {
		return nil, err
	}
	var raw counter
	response, err := http.ReadResponse(bufio.NewReader(io.TeeReader(c, &raw)), nil)
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK || response.ContentLength < 0 {
		return nil, fmt.Errorf("the service responds %s", response.Status)
	}
	c.response = make([]byte, raw)
	return c, nil
}

// counter counts what is written to it.
type counter int

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}

// request sends one request on a connection that is idle.
func (s *service) request() {
	c := <-s.idle
	_, err := c.Write(s.sent)
	must(err)
	_, err = io.ReadFull(c, c.response)
	must(err)
	if string(c.response[:12]) != "HTTP/1.1 200" {
		must(errors.New("the service refused a valid token"))
	}
	s.idle <- c
}

func (s *service) close() {
	for len(s.idle) > 0 {
		(<-s.idle).Close()
	}
	s.server.Close()
}
