package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// suffix of the name of a file that is being written to replace the journal's.
const suffix = ".compacting"

// frameSize is the size from which a compaction begins another frame.
const frameSize = 1 << 20

// rewrite is a new file that is on disk and locked, and not yet in its place.
type rewrite struct {
	step *step
	from int64 // what follows in the old file is to be copied

	file       lockedFile
	size, base int64
}

func (r *rewrite) discard() {
	r.file.Close()
	os.Remove(r.file.Name())
}

func (j *Journal) temporary() string { return j.path + suffix }

// removeLeftover removes what an interrupted compaction left, which has the header or its
// beginning. A file with anything else is somebody's.
func (j *Journal) removeLeftover() error {
	f, err := os.Open(j.temporary())
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	begin, err := io.ReadAll(io.LimitReader(f, int64(len(j.header))))
	if err != nil {
		return err
	}
	if !strings.HasPrefix(j.header, string(begin)) {
		return fmt.Errorf("%s is another file", j.temporary())
	}
	return os.Remove(j.temporary())
}

// compact writes the new file of a step and leaves it to run, which knows what was
// appended meanwhile.
func (j *Journal) compact(s *step, position int64) {
	r, err := j.rewrite(s.write)
	j.mu.Lock()
	defer j.mu.Unlock()
	defer j.changed.Signal()
	if err != nil {
		j.rewriting, j.base = false, j.size
		s.finish(fmt.Errorf("%s: cannot be compacted: %w", j.path, reason(err)))
		return
	}
	r.step, r.from = s, position
	j.rewritten = r
}

// rewrite writes a new file with the records that write adds.
func (j *Journal) rewrite(write func(add func(record []byte) error) error) (*rewrite, error) {
	if err := j.removeLeftover(); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(j.temporary(), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	r := &rewrite{file: lockedFile{f}}
	if err := r.fill(j.header, write); err != nil {
		r.discard()
		return nil, err
	}
	return r, nil
}

func (r *rewrite) fill(header string, write func(add func(record []byte) error) error) error {
	if err := lock(r.file.File); err != nil {
		return err
	}
	if err := r.append([]byte(header)); err != nil {
		return err
	}
	var payload []byte
	flush := func() error {
		frame := appendFrame(nil, compacted, payload)
		payload = payload[:0]
		return r.append(frame)
	}
	err := write(func(record []byte) error {
		payload = appendRecord(payload, record)
		if len(payload) < frameSize {
			return nil
		}
		return flush()
	})
	if err == nil && len(payload) > 0 {
		err = flush()
	}
	if err != nil {
		return err
	}
	r.base = r.size
	return r.file.Sync()
}

func (r *rewrite) append(b []byte) error {
	n, err := r.file.WriteAt(b, r.size)
	r.size += int64(n)
	return err
}

// adopt puts a compacted file in the place of the journal's, with the records that were
// appended meanwhile.
func (j *Journal) adopt(r *rewrite) {
	err := j.catchUp(r)
	if err == nil {
		err = j.replace(r)
	}
	if err != nil {
		r.discard()
		err = fmt.Errorf("%s: cannot be compacted: %w", j.path, reason(err))
	} else {
		j.file.Close()
		j.file = r.file
		// Until the folder is on disk a crash can bring back the old file, without what
		// is appended from now on.
		if err = syncFolder(filepath.Dir(j.path)); err != nil {
			err = j.fail(err)
		}
	}
	j.mu.Lock()
	if j.file == r.file {
		j.size, j.base = r.size, r.base
	} else {
		j.base = j.size
	}
	j.rewriting = false
	j.mu.Unlock()
	r.step.finish(err)
}

// catchUp copies the frames that were appended to the old file since the snapshot.
func (j *Journal) catchUp(r *rewrite) error {
	j.mu.Lock()
	size, err := j.size, j.err
	j.mu.Unlock()
	if err != nil {
		return err
	}
	n, err := io.Copy(io.NewOffsetWriter(r.file, r.size), io.NewSectionReader(j.file, r.from, size-r.from))
	r.size += n
	if err != nil {
		return err
	}
	return r.file.Sync()
}

// replace renames the new file. Its lock is held already, and that of the old one until
// it is closed, so no other process finds the name without a lock.
func (j *Journal) replace(r *rewrite) error { return os.Rename(r.file.Name(), j.path) }

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}
