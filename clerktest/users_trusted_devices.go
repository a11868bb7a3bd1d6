package clerktest

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
)

func (i *Instance) setTrustedDeviceHandlers(h *Handlers) {
	h.ListTrustedDevices = func(_ context.Context, userID string) (*clerk.List[api.TrustedDevice], error) {
		return read(i, func() (*clerk.List[api.TrustedDevice], error) {
			if _, err := i.users.existing(userID); err != nil {
				return nil, err
			}
			list := &clerk.List[api.TrustedDevice]{Data: []*api.TrustedDevice{}}
			for _, d := range i.credentialsOf(userID).TrustedDevices {
				if d.Status == api.TrustedDeviceStatusActive {
					list.Data = append(list.Data, &d)
				}
			}
			return list, nil
		})
	}
	h.RevokeTrustedDevice = i.revokeTrustedDevice
}

func (i *Instance) revokeTrustedDevice(_ context.Context, userID, deviceID string) (*api.TrustedDevice, error) {
	return write(i, func() (*api.TrustedDevice, error) {
		if _, err := i.users.existing(userID); err != nil {
			return nil, err
		}
		kept := i.credentialsOf(userID)
		at := slices.IndexFunc(kept.TrustedDevices, func(d api.TrustedDevice) bool {
			return d.ID == deviceID && d.Status == api.TrustedDeviceStatusActive
		})
		if at < 0 {
			return nil, notFound("active trusted device", deviceID)
		}
		now := i.now()
		kept.TrustedDevices = slices.Clone(kept.TrustedDevices)
		d := &kept.TrustedDevices[at]
		d.Status = api.TrustedDeviceStatusRevoked
		stamp(&d.UpdatedAt, now)
		stampPointer(&d.RevokedAt, now)
		i.credentials.Put(kept)
		return d, nil
	})
}

// completeDevice sets what a seed leaves out of the device at a place of a user's list.
func completeDevice(userID string, place int, d *api.TrustedDevice) {
	d.Object = "trusted_device"
	d.ID = cmp.Or(d.ID, derivedID("td", userID, fmt.Sprint(place)))
	d.Platform = cmp.Or(d.Platform, api.TrustedDevicePlatformIOS)
	d.AppIdentifier = cmp.Or(d.AppIdentifier, "com.example.app")
	d.Algorithm = cmp.Or(d.Algorithm, api.TrustedDeviceAlgorithmES256)
	d.Status = cmp.Or(d.Status, api.TrustedDeviceStatusActive)
	d.CreatedAt = cmp.Or(d.CreatedAt, clerk.At(seedBegin))
	d.UpdatedAt = cmp.Or(d.UpdatedAt, d.CreatedAt)
}
