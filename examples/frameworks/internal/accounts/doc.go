// Package accounts is what protoc makes of accounts.proto, with its plugins for Go, gRPC and
// connect.
package accounts

//go:generate protoc --go_out=. --go-grpc_out=. --connect-go_out=. --go_opt=paths=source_relative --go-grpc_opt=paths=source_relative --connect-go_opt=paths=source_relative,simple accounts.proto
