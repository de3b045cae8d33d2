package record

import (
	"fmt"
	"strconv"
	"strings"

	"slasim/model"
)

// letters mark the kinds of subjects in their ids.
const letters = "tcmjdpu"

// kindNames are the kinds of subjects as the column "kind" names them.
var kindNames = func() (names []string) {
	for k := range model.NumSubjects {
		names = append(names, k.String())
	}
	return names
}()

// ID names a subject in the whole record: r012-t00345 is ticket 345 of replication 12, both counted from 0. Calls
// are c, complaints m, jobs j, deliverables d, counts of a period p, rises of a level u.
func ID(replication int32, kind model.Subject, ordinal int32) string {
	return fmt.Sprintf("r%03d-%c%05d", replication, letters[kind], ordinal)
}

// ParseID reads what ID writes; leading zeros may be missing.
func ParseID(id string) (replication int32, kind model.Subject, ordinal int32, err error) {
	rep, rest, ok := strings.Cut(id, "-")
	if ok && strings.HasPrefix(rep, "r") && len(rest) > 1 {
		k := strings.IndexByte(letters, rest[0])
		r, err1 := strconv.ParseUint(rep[1:], 10, 31)
		n, err2 := strconv.ParseUint(rest[1:], 10, 31)
		if k >= 0 && err1 == nil && err2 == nil {
			return int32(r), model.Subject(k), int32(n), nil
		}
	}
	return 0, 0, 0, fmt.Errorf("%q is not an id of the form r012-t00345", id)
}

// ID names the subject.
func (s *Subject) ID() string { return ID(s.Replication, s.Kind, s.Ordinal) }
