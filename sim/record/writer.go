package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"slasim/model"
	"slasim/model/trail"
	"slasim/model/world"
)

// Options of a record.
type Options struct {
	Info      Info
	World     *world.World
	Calendars []CalendarDef // definitions of World.Calendars, by index (NewCalendar)
	Scenario  []byte        // the resolved scenario
	History   *History      // what is replayed; nil if faults are drawn
	Events    int           // replications whose events are recorded
	Force     bool          // write into a directory that holds other files; they stay
}

// Writer writes a record. Buffer and Append may be called from several goroutines.
type Writer struct {
	dir, tmp string
	opt      Options

	tickets   *tableWriter[Subject]
	intervals *tableWriter[intervalRow]
	clocks    *tableWriter[Clock]
	people    *tableWriter[Person]
	stock     *tableWriter[StockMove]
	events    *tableWriter[Event]

	mu      sync.Mutex
	next    int32             // the replication to be written next
	waiting map[int32]*Buffer // came before their turn
	free    []*Buffer
	written int
	err     error // the first; nothing is written after it

	rows struct { // of one replication, reused
		subjects  []Subject
		intervals []intervalRow
		people    []Person
		moves     []StockMove
		events    []Event
	}
}

// table is what all tableWriters have in common.
type table interface {
	count() int64
	close() error
	abort()
}

// ErrNotRecord is returned for a directory that holds files but no record.
var ErrNotRecord = errors.New("the directory is not empty and holds no record")

// ErrHere is returned for the working directory or one above it: a record replaces its directory whole.
var ErrHere = errors.New("the directory is the working directory or one above it")

// Create begins a record that will stand at dir. Nothing is seen there until Close.
func Create(dir string, opt Options) (*Writer, error) {
	dir = filepath.Clean(dir)
	if err := mayReplace(dir, opt.Force); err != nil {
		return nil, err
	}
	promises, err := NewContract(opt.World, opt.Calendars)
	if err != nil {
		return nil, err
	}
	tmp, err := beside(dir)
	if err != nil {
		return nil, err
	}
	w := &Writer{dir: dir, tmp: tmp, opt: opt, waiting: map[int32]*Buffer{}}
	if err := w.begin(promises); err != nil {
		w.Abort()
		return nil, err
	}
	return w, nil
}

// beside makes a directory to be filled and then moved to dir.
func beside(dir string) (string, error) {
	parent, base := filepath.Split(dir)
	if parent == "" {
		parent = "."
	} else if err := os.MkdirAll(parent, 0o755); err != nil {
		return "", err
	}
	return os.MkdirTemp(parent, "."+base+".new-")
}

func (w *Writer) begin(promises *Contract) error {
	text, err := json.MarshalIndent(promises, "", " ")
	if err != nil {
		return err
	}
	if h := w.opt.History; h != nil {
		for i, text := range [][]byte{h.Tickets, h.Map, h.Given} {
			if err := os.WriteFile(filepath.Join(w.tmp, historyFiles[i]), text, 0o644); err != nil {
				return err
			}
		}
	}
	return errors.Join(
		os.Chmod(w.tmp, 0o755),
		os.WriteFile(filepath.Join(w.tmp, ContractFile), append(text, '\n'), 0o644),
		os.WriteFile(filepath.Join(w.tmp, ScenarioFile), w.opt.Scenario, 0o644),
		open(w, &w.tickets, TicketsFile, subjectColumns()),
		open(w, &w.intervals, IntervalsFile, intervalColumns()),
		open(w, &w.clocks, ClocksFile, clockColumns()),
		open(w, &w.people, PeopleFile, personColumns()),
		open(w, &w.stock, StockFile, stockColumns()),
		open(w, &w.events, EventsFile, eventColumns()),
	)
}

// open begins one table.
func open[R any](w *Writer, t **tableWriter[R], name string, cols []column[R]) (err error) {
	info := &w.opt.Info
	_, offset := info.Start.Zone()
	*t, err = createTable(filepath.Join(w.tmp, name), cols, [][2]string{
		{"slasim.format", strconv.Itoa(Format)},
		{"slasim.version", info.Version},
		{"slasim.scenario_hash", info.ScenarioHash},
		{"slasim.seed", strconv.FormatUint(info.Seed, 10)},
		{"slasim.replications", strconv.Itoa(w.opt.World.Replications)}, // asked; the manifest has those done
		{"slasim.start_utc", info.Start.UTC().Format(time.RFC3339)},
		{"slasim.utc_offset_s", strconv.Itoa(offset)},
	}, info.Version)
	return err
}

// tables are the open tables with their names.
func (w *Writer) tables() (names []string, tables []table) {
	add := func(name string, t table, open bool) {
		if open {
			names, tables = append(names, name), append(tables, t)
		}
	}
	add(TicketsFile, w.tickets, w.tickets != nil)
	add(IntervalsFile, w.intervals, w.intervals != nil)
	add(ClocksFile, w.clocks, w.clocks != nil)
	add(PeopleFile, w.people, w.people != nil)
	add(StockFile, w.stock, w.stock != nil)
	add(EventsFile, w.events, w.events != nil)
	return names, tables
}

// Buffer is an empty buffer for a replication. It goes back to the Writer with Append.
func (w *Writer) Buffer(replication int) *Buffer {
	w.mu.Lock()
	defer w.mu.Unlock()
	b := new(Buffer)
	if n := len(w.free); n > 0 {
		b, w.free = w.free[n-1], w.free[:n-1]
	}
	b.reset(int32(replication), replication < w.opt.Events)
	return b
}

// Append takes a filled buffer. Replications are written in order from 0; one that comes early waits. The first error
// is returned by this and every later call, and by Close.
func (w *Writer) Append(b *Buffer) error {
	b.sort()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return w.err
	}
	if w.waiting[b.rep] != nil || b.rep < w.next {
		w.err = fmt.Errorf("replication %d came twice", b.rep)
		return w.err
	}
	w.waiting[b.rep] = b
	for w.err == nil && w.waiting[w.next] != nil {
		w.write(w.waiting[w.next])
		w.next++
	}
	return w.err
}

// write appends one replication to the tables.
func (w *Writer) write(b *Buffer) {
	world, r := w.opt.World, &w.rows
	r.subjects, r.intervals, r.people = r.subjects[:0], r.intervals[:0], r.people[:0]
	r.moves, r.events = r.moves[:0], r.events[:0]
	for i := range b.subjects {
		s := &b.subjects[i]
		r.subjects = append(r.subjects, subject(world, b.rep, s))
		for _, v := range s.Intervals {
			r.intervals = append(r.intervals, intervalRow{
				Replication: b.rep, Of: owner(s.Kind), Ordinal: s.ID, Kind: doing(v.Kind), Start: v.Start, End: v.End, Ticket: -1,
			})
		}
	}
	for _, s := range b.spans {
		r.intervals = append(r.intervals, intervalRow{
			Replication: b.rep, Of: ofPerson, Ordinal: s.Person, Kind: activities[s.Activity], Start: s.Start, End: s.End,
			Ticket: s.Ticket, Overtime: s.Overtime,
		})
	}
	for _, p := range b.people {
		if p.Time != [model.NumActivities]model.Time{} {
			who := &world.Persons[p.Person]
			p.Name, p.Team = who.Name, world.Teams[who.Team].ID
			r.people = append(r.people, p)
		}
	}
	for _, m := range b.moves {
		r.moves = append(r.moves, StockMove{
			Replication: b.rep, At: m.At, Depot: world.Depots[m.Depot].ID, Part: world.Parts[m.Part].ID, Kind: m.Kind,
			OnHand: m.OnHand, Backorders: m.Backorders, OnOrder: m.OnOrder, Ticket: m.Ticket,
		})
	}
	for _, e := range b.events {
		r.events = append(r.events, Event{b.rep, e.At, e.Kind, e.Subject, e.Other})
	}
	for i := range b.clocks {
		c := &b.clocks[i]
		c.Replication, c.ClauseID = b.rep, world.Clauses[c.Clause].ID
		if c.Due == model.Unset {
			c.Due = model.Far
		}
	}
	w.err = errors.Join(
		w.tickets.append(r.subjects), w.intervals.append(r.intervals), w.clocks.append(b.clocks),
		w.people.append(r.people), w.stock.append(r.moves), w.events.append(r.events),
	)
	w.written++
	delete(w.waiting, b.rep)
	w.free = append(w.free, b)
}

// subject gives a trail its names.
func subject(w *world.World, rep int32, s *trail.Subject) Subject {
	r := Subject{
		Replication: rep, Kind: s.Kind, Ordinal: s.ID, Parent: s.Parent, Unit: s.Unit, BandMetres: s.BandMetres,
		Declared: s.Declared, Current: s.Current, Final: s.Final, Hardware: s.Hardware, Outage: s.Outage,
		Visit: s.Visit, ByPhone: s.ByPhone, LookUp: s.LookUp, KeyPeriod: s.KeyPeriod, ThirdParty: s.ThirdParty, Discarded: s.Discarded,
		Difficulty: s.Difficulty, UserShare: s.UserShare, Tag: s.Tag, End: s.End,
	}
	if s.Contract >= 0 {
		r.Contract = w.Contracts[s.Contract].ID
		if s.Band >= 0 {
			r.Band = w.Contracts[s.Contract].Bands[s.Band].ID
		}
	}
	if s.Plan >= 0 {
		switch s.Kind {
		case model.SubjectJob:
			r.Plan = w.Jobs[s.Plan].ID
		case model.SubjectDeliverable, model.SubjectPeriod:
			r.Plan = w.Papers[s.Plan].ID
		default:
			r.Plan = w.Questions[s.Plan].Name
		}
	}
	if s.Site >= 0 {
		r.Site = w.Places[s.Site].ID
	}
	if s.Source >= 0 {
		r.Source = w.Sources[s.Source].Name
	}
	if s.Failure >= 0 {
		r.Failure = w.Failures[s.Failure].ID
	}
	if s.Recorded > 0 {
		h := &w.History[s.Recorded-1]
		r.Recorded, r.RecordedRank = h.ID, uint8(h.Severity)
	}
	if s.Lead >= 0 {
		r.Lead = w.Persons[s.Lead].Name
	}
	if s.Part >= 0 {
		r.Part = w.Parts[s.Part].ID
	}
	if s.Depot >= 0 {
		r.Depot = w.Depots[s.Depot].ID
	}
	for m := copy(r.Milestones[:], s.Milestones); m < len(r.Milestones); m++ {
		r.Milestones[m] = model.Unset
	}
	return r
}

// Close writes the report and puts the record in its place. Replications that were appended out of order because
// others are missing (an interrupted run) are written too, in order. A record that stood there before is replaced;
// files in the directory that are not a record's stay. Whatever goes wrong, what stood there before stays too.
func (w *Writer) Close(summary []byte, clauses []ClauseRow) (err error) {
	defer func() {
		if err != nil {
			w.Abort()
		}
	}()
	w.mu.Lock()
	defer w.mu.Unlock()
	reps := make([]int32, 0, len(w.waiting))
	for rep := range w.waiting {
		reps = append(reps, rep)
	}
	slices.Sort(reps)
	for _, rep := range reps {
		if w.err == nil {
			w.write(w.waiting[rep])
		}
	}
	if w.err != nil {
		return w.err
	}
	var t *tableWriter[ClauseRow]
	if err := open(w, &t, ClausesFile, clauseColumns()); err != nil {
		return err
	}
	if err := errors.Join(t.append(clauses), t.close(), os.WriteFile(filepath.Join(w.tmp, SummaryFile), summary, 0o644)); err != nil {
		return err
	}
	rows := map[string]int64{ClausesFile: t.count()}
	names, tables := w.tables()
	for i, t := range tables {
		if err := t.close(); err != nil {
			return fmt.Errorf("%s: %w", names[i], err)
		}
		rows[names[i]] = t.count()
	}
	if err := w.manifest(rows); err != nil {
		return err
	}
	return place(w.tmp, w.dir, w.opt.Force)
}

func (w *Writer) manifest(rows map[string]int64) error {
	info := &w.opt.Info
	_, offset := info.Start.Zone()
	m := Manifest{
		Format: Format, Version: info.Version, Scenario: info.Scenario, ScenarioHash: info.ScenarioHash, Seed: info.Seed,
		Replications: w.written, StartUTC: info.Start.UTC().Format(time.RFC3339), UTCOffset: offset, History: w.opt.History,
	}
	for _, name := range m.names() {
		n, sum, err := digest(filepath.Join(w.tmp, name))
		if err != nil {
			return err
		}
		f := FileInfo{Name: name, Rows: -1, Bytes: n, SHA256: sum}
		if r, ok := rows[name]; ok {
			f.Rows = r
		}
		m.Files = append(m.Files, f)
	}
	text, err := m.encode()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(w.tmp, ManifestFile), text, 0o644)
}

// place moves the finished directory tmp to where it belongs. What a record that stood there held is gone, other files stay.
func place(tmp, dir string, force bool) error {
	if err := mayReplace(dir, force); err != nil { // it may have changed during the run
		return err
	}
	old := tmp + ".old"
	err := os.Rename(dir, old)
	if errors.Is(err, fs.ErrNotExist) {
		return os.Rename(tmp, dir)
	}
	if err != nil {
		return err
	}
	if err := os.Rename(tmp, dir); err != nil {
		return errors.Join(err, os.Rename(old, dir))
	}
	gone := ours(old)
	entries, err := os.ReadDir(old)
	for _, e := range entries {
		from := filepath.Join(old, e.Name())
		if slices.Contains(gone, e.Name()) {
			err = errors.Join(err, os.Remove(from))
		} else {
			err = errors.Join(err, os.Rename(from, filepath.Join(dir, e.Name())))
		}
	}
	return errors.Join(err, os.Remove(old))
}

// Abort throws away what was written. After Close it does nothing.
func (w *Writer) Abort() {
	_, tables := w.tables()
	for _, t := range tables {
		t.abort()
	}
	os.RemoveAll(w.tmp)
}

// Abandon throws away what was written because the program is about to end, from another goroutine than the Writer's: what is
// being written or moved to its place is finished first, and nothing is written after it.
func (w *Writer) Abandon() {
	w.mu.Lock() // for good
	os.RemoveAll(w.tmp)
}

// mayReplace says whether a record may be put at dir.
func mayReplace(dir string, force bool) error {
	if last := filepath.Base(dir); last == "." || last == ".." {
		return ErrHere
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	if force || KindOf(dir) != "" {
		return nil
	}
	return fmt.Errorf("%s: %w", dir, ErrNotRecord)
}

// Is reports whether dir looks like a record of any version, complete or damaged in its tables.
func Is(dir string) bool {
	text, err := os.ReadFile(filepath.Join(dir, ManifestFile))
	var m struct {
		Format       *int    `json:"format"`
		ScenarioHash *string `json:"scenario_hash"`
	}
	return err == nil && json.Unmarshal(text, &m) == nil && m.Format != nil && m.ScenarioHash != nil
}

// WantsEvents reports whether the events of a replication are recorded.
func (w *Writer) WantsEvents(replication int) bool { return replication < w.opt.Events }
