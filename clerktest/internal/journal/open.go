package journal

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Open opens the journal at path, or begins one where the file is absent or empty. The
// format is a name and, after a space, a version. A file of another format or version, a
// damaged one and one that another process has open are errors of one line that names the
// file, and the file stays as it is.
func Open(path, format string) (*Journal, error) {
	j := &Journal{path: path, header: format + "\n", done: make(chan struct{})}
	j.changed.L = &j.mu
	if err := j.open(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, reason(err))
	}
	go j.run()
	return j, nil
}

func (j *Journal) open() error {
	_, absent := os.Stat(j.path)
	opened, err := openLocked(j.path)
	if err != nil {
		return err
	}
	if err = j.read(opened); err != nil {
		if errors.Is(absent, os.ErrNotExist) {
			os.Remove(j.path)
		}
		opened.Close()
	}
	return err
}

// read takes over the opened file, or the new one that takes its place if it is empty.
func (j *Journal) read(opened lockedFile) error {
	// Compaction replaces the file and not a symbolic link to it.
	path, err := filepath.EvalSymlinks(opened.Name())
	if err != nil {
		return err
	}
	info, err := opened.Stat()
	if err != nil {
		return err
	}
	j.path = path
	if info.Size() == 0 {
		// A header that is written in place could be cut off.
		r, err := j.rewrite(func(func([]byte) error) error { return nil })
		if err != nil {
			return fmt.Errorf("cannot begin a file: %w", reason(err))
		}
		if err := errors.Join(j.replace(r), syncFolder(filepath.Dir(path))); err != nil {
			r.discard()
			return fmt.Errorf("cannot begin a file: %w", reason(err))
		}
		opened.Close()
		j.file, j.size, j.base, j.opened = r.file, r.size, r.size, r.size
		return nil
	}
	scanned, err := scan(opened, info.Size(), j.header)
	if err != nil {
		return err
	}
	if scanned.end < info.Size() {
		if err := errors.Join(opened.Truncate(scanned.end), opened.Sync()); err != nil {
			return fmt.Errorf("cannot drop its last record, which is cut off: %w", reason(err))
		}
	}
	if err := j.removeLeftover(); err != nil {
		return fmt.Errorf("cannot remove what an interrupted compaction left: %w", reason(err))
	}
	j.file, j.size, j.base, j.opened = opened, scanned.end, scanned.base, scanned.end
	j.dropped = info.Size() - scanned.end
	return nil
}

// Dropped returns how many bytes of a last record that was cut off were found at opening
// and removed.
func (j *Journal) Dropped() int64 { return j.dropped }

// Replay calls f with each record that was there at opening, in order, and stops at the
// first error. It must not be called after Append or Compact.
func (j *Journal) Replay(f func(record []byte) error) error {
	r := bufio.NewReaderSize(io.NewSectionReader(j.file, int64(len(j.header)), j.opened-int64(len(j.header))), 1<<16)
	number := 0
	for position := int64(len(j.header)); position < j.opened; {
		records, size, err := readFrame(r, j.opened-position)
		if err != nil {
			return fmt.Errorf("%s: cannot be read at byte %d: %w", j.path, position, reason(err))
		}
		position += size
		for _, record := range records {
			number++
			if err := f(record); err != nil {
				return fmt.Errorf("%s: record %d: %w", j.path, number, err)
			}
		}
	}
	return nil
}

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
