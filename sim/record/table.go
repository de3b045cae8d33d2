package record

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"sort"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"slasim/model"
)

// groupRows is when a row group is closed. A replication lies in one group unless it alone has more than
// maxGroupRows rows, so that one replication can be read without the others.
const (
	groupRows    = 50_000
	maxGroupRows = 400_000
	block        = 128 // rows that are cut into columns together: they fit the cache
)

// column is one column of a table: how a row gives its value and takes it back.
type column[R any] struct {
	name string
	node parquet.Node
	put  func(*R) parquet.Value // null where the value is absent
	get  func(*R, parquet.Value)
}

// present marks the value of an optional column as not null.
func present(v parquet.Value) parquet.Value { return v.Level(0, 1, 0) }

func int32s[R any](name string, at func(*R) *int32) column[R] {
	return column[R]{name, delta(32),
		func(r *R) parquet.Value { return parquet.Int32Value(*at(r)) },
		func(r *R, v parquet.Value) { *at(r) = v.Int32() }}
}

// ordinals are numbers of which −1, none, is null.
func ordinals[R any](name string, at func(*R) *int32) column[R] {
	return column[R]{name, parquet.Optional(delta(32)),
		func(r *R) parquet.Value {
			if n := *at(r); n >= 0 {
				return present(parquet.Int32Value(n))
			}
			return parquet.NullValue()
		},
		func(r *R, v parquet.Value) {
			*at(r) = -1
			if !v.IsNull() {
				*at(r) = v.Int32()
			}
		}}
}

func ranks[R any](name string, at func(*R) *uint8) column[R] {
	return column[R]{name, delta(32),
		func(r *R) parquet.Value { return parquet.Int32Value(int32(*at(r))) },
		func(r *R, v parquet.Value) { *at(r) = uint8(v.Int32()) }}
}

func int64s[R any](name string, at func(*R) *int64) column[R] {
	return column[R]{name, delta(64),
		func(r *R) parquet.Value { return parquet.Int64Value(*at(r)) },
		func(r *R, v parquet.Value) { *at(r) = v.Int64() }}
}

// seconds are times and spans that are always there.
func seconds[R any](name string, at func(*R) *model.Time) column[R] {
	return column[R]{name, delta(64),
		func(r *R) parquet.Value { return parquet.Int64Value(int64(*at(r) / time.Second)) },
		func(r *R, v parquet.Value) { *at(r) = model.Time(v.Int64()) * time.Second }}
}

// moments are times of which one value, none, is null.
func moments[R any](name string, none model.Time, at func(*R) *model.Time) column[R] {
	return column[R]{name, parquet.Optional(delta(64)),
		func(r *R) parquet.Value {
			if t := *at(r); t != none {
				return present(parquet.Int64Value(int64(t / time.Second)))
			}
			return parquet.NullValue()
		},
		func(r *R, v parquet.Value) {
			*at(r) = none
			if !v.IsNull() {
				*at(r) = model.Time(v.Int64()) * time.Second
			}
		}}
}

func bools[R any](name string, at func(*R) *bool) column[R] {
	return column[R]{name, parquet.Leaf(parquet.BooleanType),
		func(r *R) parquet.Value { return parquet.BooleanValue(*at(r)) },
		func(r *R, v parquet.Value) { *at(r) = v.Boolean() }}
}

func floats[R any](name string, at func(*R) *float64) column[R] {
	return column[R]{name, parquet.Leaf(parquet.DoubleType),
		func(r *R) parquet.Value { return parquet.DoubleValue(*at(r)) },
		func(r *R, v parquet.Value) { *at(r) = v.Double() }}
}

// shares are numbers of which nil is null.
func shares[R any](name string, at func(*R) **float64) column[R] {
	return column[R]{name, parquet.Optional(parquet.Leaf(parquet.DoubleType)),
		func(r *R) parquet.Value {
			if x := *at(r); x != nil {
				return present(parquet.DoubleValue(*x))
			}
			return parquet.NullValue()
		},
		func(r *R, v parquet.Value) {
			*at(r) = nil
			if !v.IsNull() {
				x := v.Double()
				*at(r) = &x
			}
		}}
}

// names are texts from a small set; "" is null.
func names[R any](name string, at func(*R) *string) column[R] {
	seen := map[string]string{} // one copy of each
	return column[R]{name, parquet.Optional(parquet.Encoded(parquet.String(), &parquet.RLEDictionary)),
		func(r *R) parquet.Value {
			if s := *at(r); s != "" {
				return present(parquet.ValueOf(s))
			}
			return parquet.NullValue()
		},
		func(r *R, v parquet.Value) {
			*at(r) = ""
			if v.IsNull() {
				return
			}
			s, ok := seen[string(v.ByteArray())]
			if !ok {
				s = string(v.ByteArray())
				seen[s] = s
			}
			*at(r) = s
		}}
}

// enums are small numbers written by name. A name that is not in the list is read as the number after the last.
func enums[R any, E ~uint8](name string, list []string, at func(*R) *E) column[R] {
	values := make([]parquet.Value, len(list))
	index := map[string]E{}
	for i, s := range list {
		values[i] = parquet.ValueOf(s)
		index[s] = E(i)
	}
	return column[R]{name, parquet.Encoded(parquet.String(), &parquet.RLEDictionary),
		func(r *R) parquet.Value { return values[*at(r)] },
		func(r *R, v parquet.Value) {
			e, ok := index[string(v.ByteArray())]
			if !ok {
				e = E(len(list))
			}
			*at(r) = e
		}}
}

// derived is a text for readers of the file, computed from the row and not read back.
func derived[R any](name string, of func(*R) string) column[R] {
	return column[R]{name, parquet.Encoded(parquet.String(), &parquet.DeltaLengthByteArray),
		func(r *R) parquet.Value { return parquet.ValueOf(of(r)) }, nil}
}

func delta(bits int) parquet.Node {
	return parquet.Encoded(parquet.Int(bits), &parquet.DeltaBinaryPacked)
}

// ordered is a group whose fields keep their order; parquet.Group sorts them by name.
type ordered struct {
	parquet.Group
	fields []parquet.Field
}

func (g ordered) Fields() []parquet.Field { return g.fields }

func schema[R any](name string, cols []column[R]) *parquet.Schema {
	g := ordered{Group: parquet.Group{}}
	for _, c := range cols {
		g.Group[c.name] = c.node
	}
	byName := g.Group.Fields()
	for _, c := range cols {
		i := sort.Search(len(byName), func(i int) bool { return byName[i].Name() >= c.name })
		g.fields = append(g.fields, byName[i])
	}
	return parquet.NewSchema(name, g)
}

// tableWriter appends rows to one file.
type tableWriter[R any] struct {
	file    *os.File
	buf     *bufio.Writer
	w       *parquet.GenericWriter[any]
	cols    []column[R]
	vals    []parquet.Value
	pending int   // rows in the open row group
	rows    int64 // in all
}

func createTable[R any](path string, cols []column[R], meta [][2]string, version string) (*tableWriter[R], error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	t := &tableWriter[R]{file: f, buf: bufio.NewWriterSize(f, 1<<18), cols: cols}
	options := []parquet.WriterOption{
		schema(filepath.Base(path), cols),
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedFastest}),
		parquet.CreatedBy("slasim", version, ""),
		parquet.MaxRowsPerRowGroup(math.MaxInt64), // groups are closed by append
	}
	for _, kv := range meta {
		options = append(options, parquet.KeyValueMetadata(kv[0], kv[1]))
	}
	t.w = parquet.NewGenericWriter[any](t.buf, options...)
	return t, nil
}

// append writes the rows of one replication.
func (t *tableWriter[R]) append(rows []R) error {
	for len(rows) > 0 {
		n := min(len(rows), block)
		for i, cw := range t.w.ColumnWriters() {
			t.vals = t.vals[:0]
			put := t.cols[i].put
			for k := range rows[:n] {
				t.vals = append(t.vals, put(&rows[k]))
			}
			if _, err := cw.WriteRowValues(t.vals); err != nil {
				return err
			}
		}
		rows = rows[n:]
		t.rows += int64(n)
		t.pending += n
		if t.pending >= maxGroupRows || t.pending >= groupRows && len(rows) == 0 {
			t.pending = 0
			if err := t.w.Flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *tableWriter[R]) count() int64 { return t.rows }

func (t *tableWriter[R]) close() error {
	return errors.Join(t.w.Close(), t.buf.Flush(), t.file.Close())
}

func (t *tableWriter[R]) abort() { t.file.Close() }

// guard turns a panic of the Parquet library on a damaged file into an error. It works as long as pages are read
// in the calling goroutine, which is the library's default.
func guard(path string, err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%s: damaged file: %v", path, r)
	}
}

// tableReader reads a table group by group.
type tableReader[R any] struct {
	path string
	file *os.File
	pf   *parquet.File
	cols []column[R]
}

// openTable insists on the very schema that this version writes: the library itself fills a column that the file
// lacks with zeros and parses a column of another type.
func openTable[R any](path string, cols []column[R]) (t *tableReader[R], err error) {
	defer guard(path, &err)
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	pf, err := parquet.OpenFile(f, st.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if got, want := pf.Schema().String(), schema(filepath.Base(path), cols).String(); got != want {
		return nil, fmt.Errorf("%s: has other columns than this version writes", path)
	}
	return &tableReader[R]{path, f, pf, cols}, nil
}

func (t *tableReader[R]) close() error { return t.file.Close() }

func (t *tableReader[R]) groups() int { return len(t.pf.RowGroups()) }

// group reads row group i into rows, which it grows.
func (t *tableReader[R]) group(i int, rows []R) (_ []R, err error) {
	defer guard(t.path, &err)
	rg := t.pf.RowGroups()[i]
	n := int(rg.NumRows())
	if cap(rows) < n {
		rows = make([]R, n)
	}
	rows = rows[:n]
	clear(rows)
	vals := make([]parquet.Value, 1024)
	for c, chunk := range rg.ColumnChunks() {
		if t.cols[c].get == nil {
			continue
		}
		k, err := t.chunk(chunk, vals, rows, t.cols[c].get)
		if err != nil {
			return nil, fmt.Errorf("%s: column %s: %w", t.path, t.cols[c].name, err)
		}
		if k != n {
			return nil, fmt.Errorf("%s: column %s: %d values in a group of %d rows", t.path, t.cols[c].name, k, n)
		}
	}
	return rows, nil
}

// chunk reads one column of a row group and returns the number of values.
func (t *tableReader[R]) chunk(chunk parquet.ColumnChunk, vals []parquet.Value, rows []R, get func(*R, parquet.Value)) (int, error) {
	pages := chunk.Pages()
	defer pages.Close()
	k := 0
	for {
		p, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			return k, nil
		}
		if err != nil {
			return k, err
		}
		values := p.Values()
		for {
			n, err := values.ReadValues(vals)
			if k+n > len(rows) {
				parquet.Release(p)
				return k + n, errors.New("too many values")
			}
			for i := range n {
				get(&rows[k], vals[i])
				k++
			}
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				parquet.Release(p)
				return k, err
			}
		}
		parquet.Release(p)
	}
}

// span is the least and greatest value of an integer column in row group i.
func (t *tableReader[R]) span(i, col int) (lo, hi int32, ok bool) {
	index, err := t.pf.RowGroups()[i].ColumnChunks()[col].ColumnIndex()
	if err != nil || index.NumPages() == 0 {
		return 0, 0, false
	}
	lo, hi = math.MaxInt32, math.MinInt32
	for p := range index.NumPages() {
		lo, hi = min(lo, index.MinValue(p).Int32()), max(hi, index.MaxValue(p).Int32())
	}
	return lo, hi, true
}
