package record

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/parquet-go/parquet-go"

	"slasim/sim/judge"
)

// The files of a sweep beside those that all studies have. Every point that has finished is a file of its own in PointsDir, so
// that a sweep which was killed goes on where it was.
const (
	PointsDir    = "points"
	SweepTable   = "sweep.parquet"
	SweepCSVFile = "sweep.csv"
)

// SweepStore is the directory of a sweep that is under way.
type SweepStore struct {
	dir   string
	study Study
	given []File // the scenario that is varied, and the history it replays
}

// OpenSweep begins a sweep at dir with the files it starts from, or goes on with one that stands there. ErrNotRecord if it holds other files, and
// ErrOtherKind if it holds a record of another kind; force overrides the first.
func OpenSweep(dir string, s Study, given []File, force bool) (*SweepStore, error) {
	dir = filepath.Clean(dir)
	switch kind := KindOf(dir); {
	case kind != "" && kind != Sweep:
		return nil, ErrOtherKind
	case kind == "":
		if err := mayReplace(dir, force); err != nil {
			return nil, err
		}
	}
	w := &SweepStore{dir: dir, study: s, given: given}
	if err := os.MkdirAll(filepath.Join(dir, PointsDir), 0o755); err != nil {
		return nil, err
	}
	return w, w.study.fill(dir, given)
}

// ErrOtherKind is returned for a directory that holds a record of another kind.
var ErrOtherKind = errors.New("the directory holds a record of another kind")

// storedPoint is the file of a point. A point counts as finished for the scenario, seed, number of replications and version
// with which it ran.
type storedPoint struct {
	Version      string          `json:"version"`
	ScenarioHash string          `json:"scenario_hash"`
	Seed         uint64          `json:"seed"`
	Replications int             `json:"replications"`
	SHA256       string          `json:"sha256"` // of the point
	Point        json.RawMessage `json:"point"`
}

func (w *SweepStore) pointFile(hash string) string {
	return filepath.Join(w.dir, PointsDir, fmt.Sprintf("%s-s%d-r%d.json", hash[:min(16, len(hash))], w.study.Seed, w.study.Replications))
}

// Point is the point of a scenario if it has finished before; nil if not, or if its file cannot be trusted.
func (w *SweepStore) Point(hash string) *judge.Point {
	text, err := os.ReadFile(w.pointFile(hash))
	if err != nil {
		return nil
	}
	var f storedPoint
	if json.Unmarshal(text, &f) != nil || f.Version != w.study.Version || f.ScenarioHash != hash || f.Seed != w.study.Seed ||
		f.Replications != w.study.Replications || f.SHA256 != pointDigest(f.Point) {
		return nil
	}
	p := new(judge.Point)
	if json.Unmarshal(f.Point, p) != nil {
		return nil
	}
	return p
}

func pointDigest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Put keeps a point that has finished. It may be called from several goroutines.
func (w *SweepStore) Put(p *judge.Point) error {
	bare := *p
	bare.Place = nil // where it lies depends on the grid
	text, err := json.Marshal(&bare)
	if err != nil {
		return err
	}
	file, err := json.Marshal(storedPoint{w.study.Version, p.ScenarioHash, w.study.Seed, w.study.Replications, pointDigest(text), text})
	if err != nil {
		return err
	}
	return writeWhole(w.pointFile(p.ScenarioHash), append(file, '\n'))
}

// Close writes the result and its table, as Parquet and as the CSV that is given.
func (w *SweepStore) Close(s *judge.Sweep, summary, csv []byte) error {
	table, err := w.table(s)
	if err != nil {
		return err
	}
	return w.study.fill(w.dir, append(slices.Clone(w.given), File{SummaryFile, summary}, File{SweepCSVFile, csv}, File{SweepTable, table}))
}

// table is the Parquet file.
func (w *SweepStore) table(s *judge.Sweep) ([]byte, error) {
	tmp, err := os.MkdirTemp(w.dir, ".table-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	name := filepath.Join(tmp, SweepTable)
	t, err := createTable(name, sweepColumns(s.Variables), [][2]string{
		{"slasim.format", strconv.Itoa(StudyFormat)},
		{"slasim.version", s.Version},
		{"slasim.scenario_hash", s.ScenarioHash},
		{"slasim.seed", strconv.FormatUint(s.Seed, 10)},
		{"slasim.replications", strconv.Itoa(s.Replications)},
	}, s.Version)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(t.append(s.Rows()), t.close()); err != nil {
		return nil, err
	}
	return os.ReadFile(name)
}

// sweepColumns are the columns of the table of a sweep: a variable whose values are numbers has a column of numbers, with the
// unit in its name.
func sweepColumns(variables []judge.Variable) []column[judge.SweepRow] {
	type R = judge.SweepRow
	cols := []column[R]{int32s("point", func(r *R) *int32 { return &r.Point })}
	for i := range variables {
		v := &variables[i]
		if v.Numbers == nil {
			cols = append(cols, column[R]{name: v.Column(), node: parquet.Encoded(parquet.String(), &parquet.RLEDictionary),
				put: func(r *R) parquet.Value { return parquet.ValueOf(v.Values[r.Place[i]]) }})
			continue
		}
		cols = append(cols, column[R]{name: v.Column(), node: parquet.Leaf(parquet.DoubleType),
			put: func(r *R) parquet.Value { return parquet.DoubleValue(v.Numbers[r.Place[i]]) }})
	}
	return append(cols,
		names("scenario_hash", func(r *R) *string { return &r.ScenarioHash }),
		names("kind", func(r *R) *string { return &r.Kind }),
		names("contract", func(r *R) *string { return &r.Contract }),
		names("id", func(r *R) *string { return &r.ID }),
		names("verdict", func(r *R) *string { return &r.Verdict }),
		shares("events_per_year", func(r *R) **float64 { return &r.EventsPerYear }),
		shares("late_per_year", func(r *R) **float64 { return &r.LatePerYear }),
		shares("late_low", func(r *R) **float64 { return &r.LateLow }),
		shares("late_high", func(r *R) **float64 { return &r.LateHigh }),
		shares("share", func(r *R) **float64 { return &r.Share }),
		shares("share_low", func(r *R) **float64 { return &r.ShareLow }),
		shares("share_high", func(r *R) **float64 { return &r.ShareHigh }),
		shares("p_hold", func(r *R) **float64 { return &r.PHold }),
		shares("p_hold_low", func(r *R) **float64 { return &r.PHoldLow }),
		shares("p_hold_high", func(r *R) **float64 { return &r.PHoldHigh }),
		shares("headcount", func(r *R) **float64 { return &r.Headcount }),
		shares("utilisation", func(r *R) **float64 { return &r.Utilisation }),
		shares("overtime_hours_per_year", func(r *R) **float64 { return &r.Overtime }),
		shares("amount", func(r *R) **float64 { return &r.Amount }),
	)
}
