package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"

	"slasim/model"
	"slasim/model/clock"
)

// Record is a record that was found whole: every file has the size and SHA-256 that the manifest names.
type Record struct {
	Dir      string
	Manifest *Manifest
	Contract *Contract
	Summary  []byte // the report
	Clauses  []ClauseRow

	tickets   *tableReader[Subject]
	intervals *tableReader[intervalRow]
	clocks    *tableReader[Clock]
	people    *tableReader[Person]
	stock     *tableReader[StockMove]
	events    *tableReader[Event]
}

// Open reads the manifest of a record, checks every file against it and opens the tables. A damaged record is an error
// of type model.Diagnostics that names every file at fault.
func Open(dir string) (r *Record, err error) {
	r = &Record{Dir: dir}
	defer func() {
		if err != nil {
			r.Close()
			r = nil
		}
	}()
	if r.Manifest, err = ReadManifest(dir); err != nil {
		return r, err
	}
	if err := r.Manifest.check(dir); err != nil {
		return r, err
	}
	if r.Summary, err = os.ReadFile(filepath.Join(dir, SummaryFile)); err != nil {
		return r, err
	}
	text, err := os.ReadFile(filepath.Join(dir, ContractFile))
	if err != nil {
		return r, err
	}
	r.Contract = new(Contract)
	if err := json.Unmarshal(text, r.Contract); err != nil {
		return r, fmt.Errorf("%s: %w", filepath.Join(dir, ContractFile), err)
	}
	clauses, err := openTable(filepath.Join(dir, ClausesFile), clauseColumns())
	if err != nil {
		return r, err
	}
	defer clauses.close()
	for i := range clauses.groups() {
		rows, err := clauses.group(i, nil)
		if err != nil {
			return r, err
		}
		r.Clauses = append(r.Clauses, rows...)
	}
	return r, errors.Join(
		reopen(r, &r.tickets, TicketsFile, subjectColumns()),
		reopen(r, &r.intervals, IntervalsFile, intervalColumns()),
		reopen(r, &r.clocks, ClocksFile, clockColumns()),
		reopen(r, &r.people, PeopleFile, personColumns()),
		reopen(r, &r.stock, StockFile, stockColumns()),
		reopen(r, &r.events, EventsFile, eventColumns()),
	)
}

func reopen[R any](r *Record, t **tableReader[R], name string, cols []column[R]) (err error) {
	*t, err = openTable(filepath.Join(r.Dir, name), cols)
	if err != nil {
		return err
	}
	f, _ := r.Manifest.file(name)
	if n := (*t).pf.NumRows(); n != f.Rows {
		return fmt.Errorf("%s: %d rows, the manifest says %d", (*t).path, n, f.Rows)
	}
	return nil
}

// Close closes the tables.
func (r *Record) Close() error {
	var err error
	if r.tickets != nil {
		err = errors.Join(err, r.tickets.close())
	}
	if r.intervals != nil {
		err = errors.Join(err, r.intervals.close())
	}
	if r.clocks != nil {
		err = errors.Join(err, r.clocks.close())
	}
	if r.people != nil {
		err = errors.Join(err, r.people.close())
	}
	if r.stock != nil {
		err = errors.Join(err, r.stock.close())
	}
	if r.events != nil {
		err = errors.Join(err, r.events.close())
	}
	return err
}

// Scenario is the resolved scenario.
func (r *Record) Scenario() ([]byte, error) { return os.ReadFile(filepath.Join(r.Dir, ScenarioFile)) }

// PersonSpan is what one person did in [Start, End).
type PersonSpan struct {
	Person     int32
	Activity   model.Activity
	Ticket     int32 // −1 none
	Start, End model.Time
	Overtime   bool
}

// Replication is one replication read back. Its slices are used again for the next one.
type Replication struct {
	Index    int32
	Subjects []Subject    // by kind and ordinal, with their intervals
	Spans    []PersonSpan // by person and start
	People   []Person
	Stock    []StockMove // by depot and part, in the order of the simulation
	Events   []Event
	Clocks   []Clock // by kind, ordinal and clause

	intervals []model.Interval
}

// Find is the subject of this kind and number, nil if there is none.
func (r *Replication) Find(kind model.Subject, ordinal int32) *Subject {
	i := sort.Search(len(r.Subjects), func(i int) bool {
		s := &r.Subjects[i]
		return s.Kind > kind || s.Kind == kind && s.Ordinal >= ordinal
	})
	if i < len(r.Subjects) && r.Subjects[i].Kind == kind && r.Subjects[i].Ordinal == ordinal {
		return &r.Subjects[i]
	}
	return nil
}

// ClocksOf are the recorded clocks of a subject.
func (r *Replication) ClocksOf(kind model.Subject, ordinal int32) []Clock {
	at := func(kind model.Subject, ordinal int32) int {
		return sort.Search(len(r.Clocks), func(i int) bool {
			c := &r.Clocks[i]
			return c.Kind > kind || c.Kind == kind && c.Ordinal >= ordinal
		})
	}
	return r.Clocks[at(kind, ordinal):at(kind, ordinal+1)]
}

// Each calls fn with every replication in order. What fn gets is valid until it returns.
func (r *Record) Each(fn func(*Replication) error) error { return r.each(-1, fn) }

// Replication reads one replication.
func (r *Record) Replication(index int32) (*Replication, error) {
	var found *Replication
	err := r.each(index, func(rep *Replication) error { found = rep; return nil })
	if err == nil && found == nil {
		err = fmt.Errorf("%s: no replication %d", r.Dir, index)
	}
	return found, err
}

// ErrNotReplayed is returned for a ticket that the history does not have.
var ErrNotReplayed = errors.New("the history has no such ticket")

// Recorded reads the ticket of the first replication that replays a recorded one.
func (r *Record) Recorded(id string) (*Subject, *Replication, error) {
	rep, err := r.Replication(0)
	if err != nil {
		return nil, nil, err
	}
	for i := range rep.Subjects {
		if s := &rep.Subjects[i]; s.Recorded == id && id != "" {
			return s, rep, nil
		}
	}
	return nil, nil, fmt.Errorf("%s: %s: %w", r.Dir, id, ErrNotReplayed)
}

// each walks all replications, or only one.
func (r *Record) each(only int32, fn func(*Replication) error) error {
	tickets := cursor[Subject]{t: r.tickets, rep: func(s *Subject) int32 { return s.Replication }, only: only}
	intervals := cursor[intervalRow]{t: r.intervals, rep: func(i *intervalRow) int32 { return i.Replication }, only: only}
	clocks := cursor[Clock]{t: r.clocks, rep: func(c *Clock) int32 { return c.Replication }, only: only}
	people := cursor[Person]{t: r.people, rep: func(p *Person) int32 { return p.Replication }, only: only}
	stock := cursor[StockMove]{t: r.stock, rep: func(m *StockMove) int32 { return m.Replication }, only: only}
	events := cursor[Event]{t: r.events, rep: func(e *Event) int32 { return e.Replication }, only: only}
	rep := new(Replication)
	for {
		index, some := int32(0), false
		for _, next := range []func() (int32, bool, error){tickets.next, intervals.next, clocks.next, people.next, stock.next, events.next} {
			n, ok, err := next()
			if err != nil {
				return err
			}
			if ok && (!some || n < index) {
				index, some = n, true
			}
		}
		if !some {
			return nil
		}
		var rows []intervalRow
		var err error
		rep.Index = index
		take := func(e error) { err = errors.Join(err, e) }
		take(tickets.take(index, &rep.Subjects))
		take(intervals.take(index, &rows))
		take(clocks.take(index, &rep.Clocks))
		take(people.take(index, &rep.People))
		take(stock.take(index, &rep.Stock))
		take(events.take(index, &rep.Events))
		if err == nil && only >= 0 && only != index { // of others only the tables that share a group are read
			continue
		}
		if err == nil {
			err = rep.assemble(rows, r.Contract)
		}
		if err == nil {
			err = fn(rep)
		}
		if err != nil || only == index {
			return err
		}
	}
}

// assemble hands the rows of intervals.parquet to their owners and checks that the tables fit together.
func (r *Replication) assemble(rows []intervalRow, c *Contract) error {
	for i := 1; i < len(r.Subjects); i++ {
		a, b := &r.Subjects[i-1], &r.Subjects[i]
		if a.Kind > b.Kind || a.Kind == b.Kind && a.Ordinal >= b.Ordinal {
			return fmt.Errorf("%s follows %s", b.ID(), a.ID())
		}
	}
	r.Spans, r.intervals = r.Spans[:0], r.intervals[:0]
	for i := 0; i < len(rows); {
		k := i
		for k < len(rows) && rows[k].Of == rows[i].Of && rows[k].Ordinal == rows[i].Ordinal {
			k++
		}
		if err := r.own(rows[i:k]); err != nil {
			return err
		}
		i = k
	}
	for i := range r.Clocks {
		k := &r.Clocks[i]
		if k.Clause < 0 || int(k.Clause) >= len(c.Clauses) || c.Clauses[k.Clause].ID != k.ClauseID || int(k.State) >= len(clockStates) || k.State == clock.NotStarted {
			return fmt.Errorf("a clock of %s names no clause or state", ID(r.Index, k.Kind, k.Ordinal))
		}
	}
	return nil
}

// own hands a run of rows to one owner.
func (r *Replication) own(rows []intervalRow) error {
	if rows[0].Of == ofPerson {
		for _, row := range rows {
			a := slices.Index(activities[:], row.Kind)
			if a < 0 {
				return fmt.Errorf("replication %d: person %d: no such activity", r.Index, row.Ordinal)
			}
			r.Spans = append(r.Spans, PersonSpan{row.Ordinal, model.Activity(a), row.Ticket, row.Start, row.End, row.Overtime})
		}
		return nil
	}
	kind := model.Subject(rows[0].Of)
	if kind >= model.NumSubjects {
		return fmt.Errorf("replication %d: intervals of no known kind of subject", r.Index)
	}
	s := r.Find(kind, rows[0].Ordinal)
	if s == nil {
		return fmt.Errorf("replication %d: intervals of a missing %s %d", r.Index, kind, rows[0].Ordinal)
	}
	from := len(r.intervals)
	for _, row := range rows {
		if row.Kind >= doing(model.NumIntervalKinds) {
			return fmt.Errorf("%s: no such kind of interval", s.ID())
		}
		r.intervals = append(r.intervals, model.Interval{Start: row.Start, End: row.End, Kind: model.IntervalKind(row.Kind)})
	}
	s.Intervals = r.intervals[from:len(r.intervals):len(r.intervals)]
	return nil
}

// Breached calls fn with every late clock, by replication, kind, ordinal and clause. What fn gets is valid until it returns.
func (r *Record) Breached(fn func(*Clock) error) error {
	var rows []Clock
	for i := range r.clocks.groups() {
		var err error
		if rows, err = r.clocks.group(i, rows); err != nil {
			return err
		}
		for k := range rows {
			c := &rows[k]
			if c.State != clock.Breached {
				continue
			}
			if c.Clause < 0 || int(c.Clause) >= len(r.Contract.Clauses) {
				return fmt.Errorf("a clock of %s names no clause", ID(c.Replication, c.Kind, c.Ordinal))
			}
			if err := fn(c); err != nil {
				return err
			}
		}
	}
	return nil
}

// cursor walks a table that is ordered by replication.
type cursor[R any] struct {
	t     *tableReader[R]
	rep   func(*R) int32
	only  int32 // −1, or the one replication wanted
	group int   // next to read
	rows  []R
	at    int
	last  int32 // replication of the row before
}

// next is the replication of the next row; false at the end.
func (c *cursor[R]) next() (int32, bool, error) {
	for c.at == len(c.rows) {
		if c.group == c.t.groups() {
			return 0, false, nil
		}
		i := c.group
		c.group++
		if c.only >= 0 {
			if lo, hi, ok := c.t.span(i, 0); ok && (c.only < lo || c.only > hi) {
				continue
			}
		}
		var err error
		if c.rows, err = c.t.group(i, c.rows); err != nil {
			return 0, false, err
		}
		c.at = 0
	}
	n := c.rep(&c.rows[c.at])
	if n < c.last {
		return 0, false, fmt.Errorf("%s: replication %d follows %d", c.t.path, n, c.last)
	}
	c.last = n
	return n, true, nil
}

// take moves the rows of a replication to dst.
func (c *cursor[R]) take(index int32, dst *[]R) error {
	*dst = (*dst)[:0]
	for {
		n, ok, err := c.next()
		if err != nil || !ok || n != index {
			return err
		}
		from := c.at
		for c.at < len(c.rows) && c.rep(&c.rows[c.at]) == index {
			c.at++
		}
		*dst = append(*dst, c.rows[from:c.at]...)
	}
}
