package record

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slasim/model"
	"slasim/model/calendar"
	"slasim/model/clock"
	"slasim/model/contract"
	"slasim/model/trail"
	"slasim/model/world"
)

// start is a local midnight eight hours ahead of UTC.
var start = time.Date(2025, 3, 3, 0, 0, 0, 0, time.FixedZone("", 8*3600))

func officeHours() calendar.Weekly {
	w, err := calendar.ParseWeekly(map[string]string{"mon-fri": "08:00-18:00"})
	if err != nil {
		panic(err)
	}
	return w
}

// small is a world with one of everything, and the definition of its calendar.
func small() (*world.World, []CalendarDef) {
	days := calendar.NewDays(start, 30, 800, calendar.Options{System: calendar.China})
	rules := calendar.Rules{HolidaysOff: true, MakeUpWork: true}
	office := calendar.New(days, officeHours(), rules)
	w := &world.World{
		Name: "small", Start: start, Term: model.Year, Replications: 40, Days: days,
		Calendars: []*calendar.Calendar{office}, CalNames: []string{"office"},
		Places: []world.Place{{ID: "shenyang", Tags: []string{"urban"}}, {ID: "anshan"}},
		Contracts: []world.Contract{{
			ID:         "net",
			Severities: []world.Severity{{ID: "major", Outage: true, Age: 4 * time.Hour, Share: 0.3}, {ID: "general", Share: -1}},
			Bands:      []world.Band{{ID: "city", Metres: -1, Tags: []string{"urban"}}, {ID: "near", Metres: 100_000}},
		}},
		Clauses: []contract.Clause{{
			ID: "S2-40", Target: 1, NSev: 1, NBand: 2,
			Scope: contract.Scope{Severities: 1, Bands: 3},
			Clock: clock.Spec{
				Start: clock.Event{Of: []model.Milestone{model.OnsiteRequested, model.RemoteFailed}}, Stop: clock.Event{Of: []model.Milestone{model.Arrived}},
				Pauses: model.KindSet(0).With(model.CustomerAbsent), Calendar: office, Shift: true,
			},
			Limits: []clock.Limit{{Mode: clock.Wall, Span: 30 * time.Minute}, {Mode: clock.Wall, Span: time.Hour}},
		}},
		Sources:  []world.Source{{Name: "router@anshan", Site: 1}},
		Failures: []world.Failure{{ID: "router.card"}},
		History:  []world.HistoryTicket{{ID: "INC 7", Severity: 2}},
		Teams:    []world.Team{{ID: "field"}},
		Persons:  []world.Person{{Name: "field-1"}, {Name: "field-2"}},
		Parts:    []world.Part{{ID: "card"}},
		Depots:   []world.Depot{{ID: "main"}},
		Stock:    []world.Stock{{Rule: world.BaseStock, S: 2}},
	}
	return w, []CalendarDef{NewCalendar("office", days, officeHours(), rules)}
}

func options(force bool) Options {
	w, cals := small()
	return Options{
		Info:  Info{Version: "test", Scenario: "small", ScenarioHash: "abc", Seed: 7, Start: start},
		World: w, Calendars: cals, Scenario: []byte("run: {}\n"), Events: 1, Force: force,
		History: &History{File: "h.csv", SHA256: "ab", Mapping: "m.yaml", Rows: 3, Weeks: 52, Tickets: []byte("id\nA\n"), Map: []byte("id: id\n"), Given: []byte("id: ID\n")},
	}
}

// fill gives a buffer n made-up tickets of its replication, in no order, and one of all else.
func fill(b *Buffer, n int) {
	r := rand.New(rand.NewPCG(uint64(b.Replication()), 1))
	sec := func(n int) model.Time { return model.Time(r.IntN(n)) * time.Second }
	ms := make([]model.Time, model.NumTicketMilestones)
	for _, i := range r.Perm(n) {
		for m := range ms {
			if ms[m] = sec(1e6); r.IntN(3) == 0 {
				ms[m] = model.Unset
			}
		}
		ms[model.Occurred] = 0 // zero is a time, not "none"
		b.Subject(&trail.Subject{
			Rep: b.Replication(), Kind: model.SubjectTicket, ID: int32(i), Recorded: int32(i%3) % 2, Parent: -1, Plan: -1, Site: 1, Lead: int32(i % 2), Part: int32(i%2) - 1,
			Depot: -1, Unit: -1, Band: 1, BandMetres: 94_000, Declared: 1, Final: 2, Hardware: i%2 == 0, Visit: true, UserShare: float64(i) / 7,
			Tag: []string{"", "storm"}[i%2], Milestones: ms, End: 2e6 * time.Second,
			Intervals: []model.Interval{{Start: sec(10), End: sec(10) + 20*time.Second, Kind: model.Travel}, {Start: 5 * time.Second, End: 5 * time.Second, Kind: model.CustomerAbsent}}[:r.IntN(3)],
		})
		b.Clock(model.SubjectTicket, int32(i), 0, 0, clock.Outcome{State: clock.Met, Start: 60 * time.Second, Stop: sec(100), Due: model.Far, Elapsed: sec(9)})
		b.Clock(model.SubjectTicket, int32(i), 0, 0, clock.Outcome{State: clock.NotStarted, Start: model.Unset})
	}
	b.Subject(&trail.Subject{Rep: b.Replication(), Kind: model.SubjectCall, Parent: 0, Plan: -1, Site: -1, Source: -1, Failure: -1, Lead: -1, Part: -1, Depot: -1, Unit: -1, Band: -1, BandMetres: -1,
		Milestones: []model.Time{0, 5 * time.Second, model.Unset, model.Unset}, End: time.Minute})
	b.Person(trail.PersonSpan{Person: 1, Activity: model.ActWork, Ticket: 3, Start: 0, End: time.Hour})
	b.Person(trail.PersonSpan{Person: 0, Activity: model.ActTravel, Ticket: -1, Start: 0, End: time.Minute, Overtime: true})
	b.Person(trail.PersonSpan{Person: 1, Activity: model.ActTravel, Ticket: 3, Start: time.Hour, End: 2 * time.Hour})
	b.Person(trail.PersonSpan{Person: 1, Activity: model.ActIdle, Ticket: -1, Start: 2 * time.Hour, End: 5 * time.Hour})
	b.Stock(trail.StockMove{At: time.Hour, OnHand: 1, OnOrder: 1, Ticket: 3, Kind: trail.Issue})
	b.Event(trail.Event{At: time.Hour, Kind: 3, Subject: 1, Other: 2})
}

var clauseRows = []ClauseRow{{Clause: "S2-40", Contract: "net", Verdict: "MISSED", Target: 1, Met: 3, Periods: -1, Held: -1, Share: new(float64)}}

// write makes a record of reps replications, handed over in the given order.
func write(t *testing.T, dir string, order []int, tickets int) {
	t.Helper()
	w, err := Create(dir, options(false))
	if err != nil {
		t.Fatal(err)
	}
	for _, rep := range order {
		b := w.Buffer(rep)
		fill(b, tickets)
		if err := w.Append(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close([]byte("{}\n"), clauseRows); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, dir string) (*Record, []*Replication) {
	t.Helper()
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	var all []*Replication
	for i := range r.Manifest.Replications {
		rep, err := r.Replication(int32(i))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rep)
	}
	return r, all
}

func TestRoundTrip(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out", "rec")
	write(t, dir, []int{0, 1, 2}, 5)
	r, reps := read(t, dir)
	if len(reps) != 3 || r.Manifest.Seed != 7 || r.Manifest.StartUTC != "2025-03-02T16:00:00Z" {
		t.Fatalf("manifest %+v", r.Manifest)
	}
	if d := cmp.Diff(clauseRows, r.Clauses); d != "" {
		t.Error(d)
	}
	if at, err := r.Manifest.StartTime(); err != nil || !at.Equal(start) || at.Format(time.DateOnly) != "2025-03-03" {
		t.Error(at, err)
	}

	// What went in, kept by a plain buffer, is what comes out.
	w, _ := small()
	for i, got := range reps {
		b := new(Buffer)
		b.reset(int32(i), true)
		fill(b, 5)
		b.sort()
		var want []Subject
		for k := range b.subjects {
			s := subject(w, int32(i), &b.subjects[k])
			if len(b.subjects[k].Intervals) > 0 {
				s.Intervals = b.subjects[k].Intervals
			}
			want = append(want, s)
		}
		if d := cmp.Diff(want, got.Subjects); d != "" {
			t.Errorf("replication %d subjects: %s", i, d)
		}
		for k := range b.clocks {
			b.clocks[k].Replication, b.clocks[k].ClauseID = int32(i), "S2-40"
		}
		if d := cmp.Diff(b.clocks, got.Clocks); d != "" {
			t.Errorf("replication %d clocks: %s", i, d)
		}
		wantSpans := []PersonSpan{
			{Person: 0, Activity: model.ActTravel, Ticket: -1, End: time.Minute, Overtime: true},
			{Person: 1, Activity: model.ActWork, Ticket: 3, End: time.Hour},
			{Person: 1, Activity: model.ActTravel, Ticket: 3, Start: time.Hour, End: 2 * time.Hour},
		}
		if i == 0 { // with events: all spans; without, idleness is in the totals only
			wantSpans = append(wantSpans, PersonSpan{Person: 1, Activity: model.ActIdle, Ticket: -1, Start: 2 * time.Hour, End: 5 * time.Hour})
		}
		if d := cmp.Diff(wantSpans, got.Spans); d != "" {
			t.Error(d)
		}
		p1 := Person{Replication: int32(i), Person: 1, Name: "field-2", Team: "field"}
		p1.Time[model.ActWork], p1.Time[model.ActTravel], p1.Time[model.ActIdle] = time.Hour, time.Hour, 3*time.Hour
		if len(got.People) != 2 || got.People[1] != p1 || got.People[0].Overtime != time.Minute {
			t.Errorf("people %+v", got.People)
		}
		if d := cmp.Diff([]StockMove{{int32(i), time.Hour, "main", "card", trail.Issue, 1, 0, 1, 3}}, got.Stock); d != "" {
			t.Error(d)
		}
		if len(got.Events) != map[bool]int{true: 1}[i == 0] {
			t.Errorf("replication %d has %d events", i, len(got.Events))
		}
	}

	rep, err := r.Replication(2)
	if err != nil {
		t.Fatal(err)
	}
	s := rep.Find(model.SubjectTicket, 4)
	if s == nil || s.Ordinal != 4 || s.Replication != 2 || s.Site != "anshan" || s.Band != "near" {
		t.Errorf("found %+v", s)
	}
	if s := rep.Find(model.SubjectTicket, 5); s != nil {
		t.Errorf("found %+v", s)
	}
	if _, err := r.Replication(3); err == nil {
		t.Error("replication 3 was found")
	}
	if s, rep, err := r.Recorded("INC 7"); err != nil || s.Ordinal != 1 || rep.Index != 0 { // ticket 1, 4, …
		t.Errorf("found %+v, %v", s, err)
	}
	if _, _, err := r.Recorded("INC 8"); !errors.Is(err, ErrNotReplayed) {
		t.Error(err)
	}
	if h := r.Manifest.History; h == nil || h.File != "h.csv" || h.Weeks != 52 {
		t.Errorf("history %+v", h)
	}
	for _, id := range []string{"r2t1", "r1-x1", "x1-t1", "r1-t", "r1--1", "t1", ""} {
		if _, _, _, err := ParseID(id); err == nil {
			t.Errorf("%q was taken", id)
		}
	}
}

// The contract in the record says what the world says, in words.
func TestContract(t *testing.T) {
	w, cals := small()
	c, err := NewContract(w, cals)
	if err != nil {
		t.Fatal(err)
	}
	cl := c.Clauses[0]
	want := ClauseDef{
		ID: "S2-40", Contract: "net", Kind: "limit", Of: "ticket", Calendar: "office", Shift: true,
		Scope:  ScopeDef{Severities: []int32{1}, By: "declared", Bands: []string{"city", "near"}},
		Start:  EventDef{Of: []string{"onsite_requested", "remote_failed"}},
		Stop:   EventDef{Of: []string{"arrived"}},
		Pauses: []string{"customer_absent"},
		Limits: []LimitDef{{Mode: "wall", Span: 1800}, {Mode: "wall", Span: 3600}}, NSev: 1, NBand: 2, Target: 1,
	}
	if d := cmp.Diff(want, cl); d != "" {
		t.Error(d)
	}
	if c.StartDate != "2025-03-03" || c.UTCOffset != 28800 || c.Term != 365*86400 {
		t.Errorf("%+v", c)
	}
	// The State Council's notice for 2025: 5 May is off, 27 April is worked.
	for _, d := range []DayDef{{"2025-05-05", "day_off"}, {"2025-04-27", "make_up"}, {"2025-05-01", "statutory"}} {
		if !slices.Contains(c.Calendars[0].Days, d) {
			t.Errorf("no %v", d)
		}
	}
	if d := cmp.Diff([]StockDef{{"main", "card", 2, false}}, c.Stock); d != "" {
		t.Error(d)
	}
	if _, err := NewContract(w, nil); err == nil {
		t.Error("a calendar without definition was accepted")
	}
}

// DESIGN § 12: any order in which the workers finish gives the same rows – here even the same bytes.
func TestOrderOfWorkers(t *testing.T) {
	dir := t.TempDir()
	order := make([]int, 40)
	for i := range order {
		order[i] = i
	}
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	write(t, a, order, 30)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	write(t, b, order, 30)
	for _, name := range slices.Concat(files, historyFiles, []string{ManifestFile}) {
		x, err1 := os.ReadFile(filepath.Join(a, name))
		y, err2 := os.ReadFile(filepath.Join(b, name))
		if err1 != nil || err2 != nil || !bytes.Equal(x, y) {
			t.Errorf("%s differs (%v, %v)", name, err1, err2)
		}
	}
}

// An interrupted run leaves gaps; what was finished is recorded.
func TestGaps(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "rec")
	write(t, dir, []int{0, 5, 3}, 2)
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var got []int32
	if err := r.Each(func(rep *Replication) error { got = append(got, rep.Index); return nil }); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(got) != "[0 3 5]" || r.Manifest.Replications != 3 {
		t.Error(got, r.Manifest.Replications)
	}
}

// A replication is read alone, whatever row group it is in.
func TestManyRowGroups(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.parquet")
	w, err := createTable(path, eventColumns(), nil, "test")
	if err != nil {
		t.Fatal(err)
	}
	const n = groupRows/2 + 1
	for rep := range int32(7) {
		rows := make([]Event, n)
		for i := range rows {
			rows[i] = Event{Replication: rep, Subject: rep*n + int32(i)}
		}
		if err := w.append(rows); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	r, err := openTable(path, eventColumns())
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	if r.groups() != 4 {
		t.Errorf("%d row groups", r.groups())
	}
	for only := range int32(7) {
		c := cursor[Event]{t: r, rep: func(e *Event) int32 { return e.Replication }, only: only}
		for {
			rep, ok, err := c.next()
			if err != nil || !ok {
				t.Fatal(rep, ok, err)
			}
			var rows []Event
			if err := c.take(rep, &rows); err != nil || len(rows) != n {
				t.Fatal(len(rows), err)
			}
			if rep == only {
				if rows[0].Subject != rep*n || rows[n-1].Subject != rep*n+n-1 {
					t.Errorf("replication %d: rows %v … %v", rep, rows[0], rows[n-1])
				}
				break
			}
		}
	}
}

// Other columns than ours are refused, not read as zeros.
func TestOtherSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.parquet")
	cols := eventColumns()
	for name, other := range map[string][]column[Event]{
		"missing": cols[:4],
		"renamed": append(slices.Clone(cols[:4]), int32s("others", func(e *Event) *int32 { return &e.Other })),
		"type":    append(slices.Clone(cols[:4]), ordinals("other", func(e *Event) *int32 { return &e.Other })),
	} {
		w, err := createTable(path, other, nil, "test")
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.append([]Event{{}}), w.close()); err != nil {
			t.Fatal(err)
		}
		if _, err := openTable(path, cols); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// Any flipped bit, missing byte or missing file is found by Open.
func TestDamage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "rec")
	write(t, dir, []int{0, 1}, 3)
	r := rand.New(rand.NewPCG(3, 4))
	for _, name := range slices.Concat(files, historyFiles, []string{ManifestFile}) {
		path := filepath.Join(dir, name)
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		try := func(what string, bad []byte) {
			t.Helper()
			if err := os.WriteFile(path, bad, 0o644); err != nil {
				t.Fatal(err)
			}
			if rec, err := Open(dir); err == nil {
				rec.Close()
				t.Errorf("%s: %s was not noticed", name, what)
			}
		}
		for range 40 {
			bad := bytes.Clone(whole)
			i := r.IntN(len(bad))
			bad[i] ^= byte(1 << r.IntN(8))
			try(fmt.Sprintf("flip at %d", i), bad)
		}
		try("truncation", whole[:r.IntN(len(whole))])
		try("a byte more", append(bytes.Clone(whole), '\n'))
		os.Remove(path)
		if _, err := Open(dir); err == nil {
			t.Errorf("%s: missing file was not noticed", name)
		}
		if err := os.WriteFile(path, whole, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	rec, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	rec.Close()
}

// Even without the manifest a damaged table gives an error or rows, never a panic.
func TestDamagedTable(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "rec")
	write(t, dir, []int{0}, 20)
	whole, err := os.ReadFile(filepath.Join(dir, TicketsFile))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), TicketsFile)
	r := rand.New(rand.NewPCG(5, 6))
	for range 1500 {
		bad := bytes.Clone(whole)
		bad[r.IntN(len(bad))] ^= byte(1 + r.IntN(255))
		if err := os.WriteFile(path, bad, 0o644); err != nil {
			t.Fatal(err)
		}
		f, err := openTable(path, subjectColumns())
		if err != nil {
			continue
		}
		var rows []Subject
		for i := range f.groups() {
			rows, _ = f.group(i, rows[:0])
		}
		f.close()
	}
}

func TestAtomic(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "rec")
	left := func() (names []string) {
		entries, err := os.ReadDir(parent)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return names
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}

	w, err := Create(dir, options(false))
	must(err)
	if _, err := os.Stat(dir); err == nil {
		t.Error("the directory appeared before Close")
	}
	w.Abort()
	if len(left()) != 0 {
		t.Errorf("Abort left %v", left())
	}

	write(t, dir, []int{0}, 1)
	must(os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("mine"), 0o644))
	write(t, dir, []int{0, 1}, 1) // a record is replaced …
	if len(left()) != 1 {
		t.Errorf("%v", left())
	}
	if _, reps := read(t, dir); len(reps) != 2 {
		t.Errorf("%d replications", len(reps))
	}
	if b, err := os.ReadFile(filepath.Join(dir, "notes.txt")); err != nil || string(b) != "mine" { // … and nothing else
		t.Error(err)
	}

	other := filepath.Join(parent, "other")
	must(os.Mkdir(other, 0o755))
	w, err = Create(other, options(false)) // empty: fine
	must(err)
	must(os.WriteFile(filepath.Join(other, "thesis.doc"), []byte("mine"), 0o644))
	if err := w.Close(nil, nil); !errors.Is(err, ErrNotRecord) { // no longer empty at the end
		t.Error(err)
	}
	if _, err := Create(other, options(false)); !errors.Is(err, ErrNotRecord) {
		t.Error(err)
	}
	w, err = Create(other, options(true))
	must(err)
	must(w.Close([]byte("{}"), nil))
	for _, name := range historyFiles {
		if _, err := os.Stat(filepath.Join(other, name)); err != nil {
			t.Error(err)
		}
	}
	drawn := options(false)
	drawn.History = nil
	w, err = Create(other, drawn) // a run without a history leaves none of the one before
	must(err)
	must(w.Close([]byte("{}"), nil))
	for _, name := range historyFiles {
		if _, err := os.Stat(filepath.Join(other, name)); err == nil {
			t.Errorf("%s stayed", name)
		}
	}
	if b, err := os.ReadFile(filepath.Join(other, "thesis.doc")); err != nil || string(b) != "mine" {
		t.Error(err)
	}
	if _, err := Open(other); err != nil {
		t.Error(err)
	}
	if fmt.Sprint(left()) != "[other rec]" {
		t.Error(left())
	}

	w, err = Create(dir, options(false))
	must(err)
	must(w.Append(w.Buffer(0)))
	if err := w.Append(w.Buffer(0)); err == nil {
		t.Error("the same replication twice was accepted")
	}
	if err := w.Close(nil, nil); err == nil {
		t.Error("Close after an error")
	}
	if _, reps := read(t, dir); len(reps) != 2 {
		t.Error("a failed record replaced a good one")
	}
}

func TestIDs(t *testing.T) {
	for id, want := range map[string]string{"r012-t00345": "12 ticket 345", "r000-c00000": "0 call 0", "r1000-d123456": "1000 deliverable 123456"} {
		rep, kind, n, err := ParseID(id)
		if got := fmt.Sprintf("%d %v %d", rep, kind, n); err != nil || got != want || ID(rep, kind, n) != id {
			t.Errorf("%s: %s, %v", id, got, err)
		}
	}
}

// A year of the size of the Liaoning example: about 1,000 subjects with six intervals and eight clocks each.
func BenchmarkWrite(b *testing.B) {
	for b.Loop() {
		w, err := Create(filepath.Join(b.TempDir(), "rec"), options(false))
		if err != nil {
			b.Fatal(err)
		}
		for rep := range 200 {
			buf := w.Buffer(rep)
			b.StopTimer()
			fill(buf, 1000)
			b.StartTimer()
			if err := w.Append(buf); err != nil {
				b.Fatal(err)
			}
		}
		if err := w.Close(nil, nil); err != nil {
			b.Fatal(err)
		}
	}
}
