package journal

import (
	"errors"
	"os"
)

// openLocked opens or creates the file that path leads to and locks it.
func openLocked(path string) (*os.File, error) {
	for {
		if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
			return nil, errors.New("is not a regular file")
		}
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, err
		}
		if err := lock(f); err != nil {
			f.Close()
			return nil, err
		}
		// Before it was locked, another process may have replaced the file and ended.
		opened, err := f.Stat()
		named, nameErr := os.Stat(path)
		if err == nil && nameErr == nil && os.SameFile(opened, named) {
			return f, nil
		}
		f.Close()
		if err := errors.Join(err, nameErr); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
}
