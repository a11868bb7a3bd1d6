//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package journal

import (
	"errors"
	"fmt"
	"os"
)

func lock(*os.File) error {
	return fmt.Errorf("cannot be locked on this system: %w", errors.ErrUnsupported)
}

func unlock(*os.File) {}
