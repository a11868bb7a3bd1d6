package journal

import (
	"errors"
	"os"
)

// lockedFile is a file that its process has locked.
type lockedFile struct{ *os.File }

// Close unlocks the file, which closing it would not do while a child process that was just
// forked has it open too.
func (f lockedFile) Close() error {
	unlock(f.File)
	return f.File.Close()
}

// openLocked opens or creates the file that path leads to and locks it.
func openLocked(path string) (file lockedFile, err error) {
	for {
		if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
			return file, errors.New("is not a regular file")
		}
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return file, err
		}
		if err := lock(f); err != nil {
			f.Close()
			return file, err
		}
		// Before it was locked, another process may have replaced the file and ended.
		opened, err := f.Stat()
		named, nameErr := os.Stat(path)
		if err == nil && nameErr == nil && os.SameFile(opened, named) {
			return lockedFile{f}, nil
		}
		lockedFile{f}.Close()
		if err := errors.Join(err, nameErr); err != nil && !errors.Is(err, os.ErrNotExist) {
			return file, err
		}
	}
}
