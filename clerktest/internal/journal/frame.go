package journal

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
)

// A frame is a mark, its kind, the length of its payload, the checksums of the payload
// and of the bytes before it, the payload and an end mark. The payload is a sequence of
// records, each after its length. The first and the last byte are not zero, so that a
// part of the frame that a crash left zero is seen.
const (
	mark       = "\xf5jr" // 0xf5 occurs in no text in UTF-8
	headLength = 3 + 1 + 8 + 4 + 4
	endMark    = '\n'

	appended  = 'a'
	compacted = 'c'
)

var checksums = crc32.MakeTable(crc32.Castagnoli)

var errDamaged = errors.New("damaged")

func appendFrame(to []byte, kind byte, payload []byte) []byte {
	head := len(to)
	to = append(to, mark...)
	to = append(to, kind)
	to = binary.LittleEndian.AppendUint64(to, uint64(len(payload)))
	to = binary.LittleEndian.AppendUint32(to, crc32.Checksum(payload, checksums))
	to = binary.LittleEndian.AppendUint32(to, crc32.Checksum(to[head:], checksums))
	to = append(to, payload...)
	return append(to, endMark)
}

// parseHead returns kind, length and checksum of the payload of the frame that b begins with.
func parseHead(b []byte) (kind byte, length uint64, sum uint32, ok bool) {
	if len(b) < headLength || string(b[:len(mark)]) != mark {
		return 0, 0, 0, false
	}
	signed := headLength - 4
	ok = crc32.Checksum(b[:signed], checksums) == binary.LittleEndian.Uint32(b[signed:])
	return b[3], binary.LittleEndian.Uint64(b[4:]), binary.LittleEndian.Uint32(b[12:]), ok
}

func appendRecord(to, record []byte) []byte {
	to = binary.AppendUvarint(to, uint64(len(record)))
	return append(to, record...)
}

// splitRecords returns the records of a payload.
func splitRecords(payload []byte) (records [][]byte, ok bool) {
	for len(payload) > 0 {
		length, n := binary.Uvarint(payload)
		if n <= 0 || length > uint64(len(payload)-n) {
			return nil, false
		}
		end := n + int(length)
		records = append(records, payload[n:end:end])
		payload = payload[end:]
	}
	return records, true
}

// readFrame reads a frame of at most limit bytes. It returns errDamaged if the frame is
// not whole and right, whatever the reason.
func readFrame(r *bufio.Reader, limit int64) (records [][]byte, size int64, err error) {
	head, err := r.Peek(int(min(headLength, limit)))
	if err != nil {
		return nil, 0, err
	}
	_, length, sum, ok := parseHead(head)
	if !ok || length > uint64(limit) || int64(length) > limit-headLength-1 {
		return nil, 0, errDamaged
	}
	size = headLength + int64(length) + 1
	frame := make([]byte, size)
	if _, err := io.ReadFull(r, frame); err != nil {
		return nil, 0, err
	}
	payload, end := frame[headLength:size-1], frame[size-1]
	records, ok = splitRecords(payload)
	if !ok || end != endMark || crc32.Checksum(payload, checksums) != sum {
		return nil, 0, errDamaged
	}
	return records, size, nil
}

type scanned struct {
	end  int64 // of the last frame that is whole
	base int64 // the end of what a compaction wrote
}

// scan reads a file of the given size and tells a frame that a crash left incomplete from
// damage. Its error completes a sentence about the file.
func scan(f io.ReaderAt, size int64, header string) (scanned, error) {
	if err := checkHeader(f, size, header); err != nil {
		return scanned{}, err
	}
	at := scanned{end: int64(len(header)), base: int64(len(header))}
	r := bufio.NewReaderSize(io.NewSectionReader(f, at.end, size-at.end), 1<<16)
	for at.end < size {
		head, _ := r.Peek(len(mark) + 1)
		rewritten := len(head) > len(mark) && head[len(mark)] == compacted
		_, length, err := readFrame(r, size-at.end)
		if errors.Is(err, errDamaged) {
			rest := make([]byte, size-at.end)
			if _, err := f.ReadAt(rest, at.end); err != nil {
				return scanned{}, err
			}
			if isIncomplete(rest, at.end) {
				return at, nil
			}
			return scanned{}, fmt.Errorf("is damaged at byte %d of %d", at.end, size)
		}
		if err != nil {
			return scanned{}, err
		}
		at.end += length
		if rewritten {
			at.base = at.end
		}
	}
	return at, nil
}

func checkHeader(f io.ReaderAt, size int64, header string) error {
	begin := make([]byte, min(size, 100))
	if _, err := f.ReadAt(begin, 0); err != nil {
		return err
	}
	line, _, ok := strings.Cut(string(begin), "\n")
	if ok && line+"\n" == header {
		return nil
	}
	name, version := header, ""
	if n := strings.LastIndexByte(header, ' '); n >= 0 {
		name, version = header[:n], strings.TrimSpace(header[n:])
	}
	if other, found := strings.CutPrefix(line, name+" "); ok && found {
		return fmt.Errorf("has version %q of %s, version %s is needed", other, name, version)
	}
	return fmt.Errorf("does not begin as a file of %s does", name)
}

// isIncomplete reports whether rest, which is from position to the end of the file and
// does not begin with a right frame, is a last frame that did not reach the disk whole: it
// ends early, or parts that were not written are zero.
func isIncomplete(rest []byte, position int64) bool {
	_, length, _, ok := parseHead(rest)
	whole := uint64(len(rest)) > length && uint64(len(rest))-length >= headLength+1
	switch {
	case ok && !whole:
		return true
	case ok:
		return uint64(len(rest)) == headLength+length+1 && hasHole(rest, position)
	case len(rest) < headLength && (strings.HasPrefix(mark, string(rest)) || bytes.HasPrefix(rest, []byte(mark))):
		return true
	}
	return hasHole(rest, position) && !hasFrame(rest)
}

// hasHole reports whether the end or a whole sector of rest is zero.
func hasHole(rest []byte, position int64) bool {
	const sector = 512
	if rest[len(rest)-1] == 0 {
		return true
	}
	for len(rest) > 0 {
		n := min(sector-int(position%sector), len(rest))
		if len(bytes.Trim(rest[:n], "\x00")) == 0 {
			return true
		}
		rest, position = rest[n:], position+int64(n)
	}
	return false
}

// hasFrame reports whether a frame begins somewhere in rest, so that what is before it
// was on disk once.
func hasFrame(rest []byte) bool {
	for n := 0; ; n++ {
		next := bytes.Index(rest[n:], []byte(mark))
		if next < 0 {
			return false
		}
		n += next
		if _, _, _, ok := parseHead(rest[n:]); ok {
			return true
		}
	}
}
