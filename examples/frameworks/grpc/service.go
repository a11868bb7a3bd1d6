package main

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/accounts"
)

// service is called behind the Guard, whose caller is in the context.
type service struct {
	accounts.UnimplementedAccountsServer
}

func (service) WhoAmI(ctx context.Context, _ *emptypb.Empty) (*wrapperspb.StringValue, error) {
	return wrapperspb.String(auth.FromContext(ctx).UserID), nil
}

func (service) Refund(ctx context.Context, _ *emptypb.Empty) (*wrapperspb.StringValue, error) {
	return wrapperspb.String(auth.FromContext(ctx).UserID), nil
}

func (service) Report(ctx context.Context, _ *emptypb.Empty) (*wrapperspb.StringValue, error) {
	return wrapperspb.String(auth.FromContext(ctx).UserID), nil
}

func (service) Watch(_ *emptypb.Empty, stream grpc.ServerStreamingServer[wrapperspb.StringValue]) error {
	ctx := stream.Context()
	if err := stream.Send(wrapperspb.String(auth.FromContext(ctx).UserID)); err != nil {
		return err
	}
	<-ctx.Done()
	return ctx.Err()
}

func (service) Chat(stream grpc.BidiStreamingServer[wrapperspb.StringValue, wrapperspb.StringValue]) error {
	caller := auth.FromContext(stream.Context()).UserID
	for {
		m, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := stream.Send(wrapperspb.String(caller + ": " + m.Value)); err != nil {
			return err
		}
	}
}
