package journal

// FailWrites lets writes and syncs of j fail with these errors, if they are not nil.
func (j *Journal) FailWrites(write, sync error) { j.file = failing{j.file, write, sync} }

type failing struct {
	file
	write, sync error
}

func (f failing) WriteAt(b []byte, position int64) (int, error) {
	if f.write != nil {
		n, _ := f.file.WriteAt(b[:len(b)/2], position)
		return n, f.write
	}
	return f.file.WriteAt(b, position)
}

func (f failing) Sync() error {
	if f.sync != nil {
		return f.sync
	}
	return f.file.Sync()
}

// Fd returns the descriptor of the file of j.
func (j *Journal) Fd() uintptr { return j.file.(lockedFile).Fd() }
