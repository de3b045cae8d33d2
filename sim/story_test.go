package sim_test

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"slasim/model"
	"slasim/model/clock"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/scenarios"
	"slasim/sim"
	"slasim/sim/judge"
)

const stories = "../testdata/stories"

// TestStories runs the worlds of testdata/stories and compares what happened with what the prose of each story
// works out by hand. A story is prose, then sections that begin with a line "-- name --": the world (a scenario that
// may extend base.yaml), the faults (date, hour, site/class, then failure=NAME and severity=NAME if they matter) and
// what is expected: milestones, people, waits, stock, tickets, clocks, totals. Only the sections that are there are compared.
func TestStories(t *testing.T) {
	for _, name := range storyFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			s := readStory(t, name)
			s.tell(t)
			changed := false
			for i := range s.sections {
				sec := &s.sections[i]
				print, known := sections[sec.name]
				if !known {
					continue
				}
				got := print(s.log)
				if d := gocmp.Diff(strings.Split(sec.text, "\n"), strings.Split(got, "\n")); d != "" {
					if os.Getenv("UPDATE") != "" {
						sec.text, changed = got, true
						continue
					}
					t.Errorf("%s differ (-hand +run):\n%s", sec.name, d)
				}
			}
			if changed {
				s.write(t, name)
			}
		})
	}
}

func storyFiles(t *testing.T) []string {
	names, err := filepath.Glob(stories + "/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	return names
}

type section struct{ name, text string }

type story struct {
	prose    string
	sections []section
	world    *world.World
	log      *storyLog
}

func readStory(t *testing.T, name string) *story {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	s := &story{}
	for line := range strings.Lines(string(data)) {
		head, isHead := strings.CutPrefix(strings.TrimSpace(line), "-- ")
		if head, ok := strings.CutSuffix(head, " --"); ok && isHead {
			s.sections = append(s.sections, section{name: head})
			continue
		}
		if n := len(s.sections); n > 0 {
			s.sections[n-1].text += line
		} else {
			s.prose += line
		}
	}
	s.world = s.load(t)
	return s
}

func (s *story) section(name string) string {
	for _, sec := range s.sections {
		if sec.name == name {
			return sec.text
		}
	}
	return ""
}

func (s *story) write(t *testing.T, name string) {
	var b bytes.Buffer
	b.WriteString(s.prose)
	for _, sec := range s.sections {
		fmt.Fprintf(&b, "-- %s --\n%s", sec.name, sec.text)
	}
	if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// load compiles the story's world; its faults are those of the story and no others.
func (s *story) load(t *testing.T, set ...string) *world.World {
	t.Helper()
	base, err := os.ReadFile(stories + "/base.yaml")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{"base.yaml": {Data: base}, "story.yaml": {Data: []byte(s.section("world"))}}
	sc, diags := scenarios.Load("story.yaml", scenarios.Options{FS: files, Set: set})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	w := sc.World
	w.History = []world.HistoryTicket{}
	for line := range strings.Lines(s.section("faults")) {
		if f := strings.Fields(line); len(f) > 0 {
			h := historyOf(t, w, f)
			h.ID = fmt.Sprint(len(w.History))
			w.History = append(w.History, h)
		}
	}
	return w
}

// historyOf reads "2026-01-06 10:00 near/unit failure=card severity=bad".
func historyOf(t *testing.T, w *world.World, f []string) world.HistoryTicket {
	t.Helper()
	if len(f) < 3 {
		t.Fatalf("fault %q: want date, hour, site/class", f)
	}
	h := world.HistoryTicket{Source: -1, Failure: -1}
	at, err := time.ParseInLocation("2006-01-02 15:04", f[0]+" "+f[1], w.Start.Location())
	if err != nil {
		t.Fatal(err)
	}
	h.At = at.Sub(w.Start)
	for i := range w.Sources {
		if strings.HasSuffix(w.Sources[i].Name, "/"+f[2]) {
			h.Source = int32(i)
		}
	}
	if h.Source < 0 {
		t.Fatalf("fault at %s: no such source", f[2])
	}
	for _, opt := range f[3:] {
		key, value, _ := strings.Cut(opt, "=")
		found := false
		switch key {
		case "failure":
			for _, x := range w.Sources[h.Source].Failures {
				if w.Failures[x.Failure].ID == value {
					h.Failure, found = x.Failure, true
				}
			}
		case "severity":
			for i, x := range w.Contracts[w.Sources[h.Source].Contract].Severities {
				if x.ID == value {
					h.Severity, found = int32(i)+1, true
				}
			}
		}
		if !found {
			t.Fatalf("fault: no %s", opt)
		}
	}
	return h
}

// tell runs the story.
func (s *story) tell(t *testing.T) {
	t.Helper()
	w := s.world
	s.log = &storyLog{w: w, judge: judge.New(w)}
	s.log.judge.Clocks = s.log
	s.log.judge.Reset(0)
	tot, err := sim.New(w).Run(0, s.log, s.log, false)
	if err != nil {
		t.Fatal(err)
	}
	s.log.totals = tot
}

// storyLog keeps all that a replication leaves behind.
type storyLog struct {
	w        *world.World
	judge    *judge.Judge
	subjects []trail.Subject
	spans    []trail.PersonSpan
	moves    []trail.StockMove
	ends     []dated // how clocks ended
	totals   *trail.Totals
}

// Clock keeps how a clock ended.
func (l *storyLog) Clock(kind model.Subject, ordinal, clause, _ int32, o clock.Outcome) {
	text := fmt.Sprintf("%s %d  %s  from %s %v", kind, ordinal, l.w.Clauses[clause].ID, l.clockOf(o.Start), o.Elapsed)
	l.ends = append(l.ends, dated{o.Start, int(kind)<<20 | int(ordinal), text + " " + states[o.State]})
}

var states = map[clock.State]string{clock.Met: "met", clock.Breached: "late", clock.Cancelled: "cancelled", clock.Censored: "open"}

// clocks are the clauses' clocks, with the time that counted.
func (l *storyLog) clocks() string { return listed(slices.Clone(l.ends)) }

func (l *storyLog) Subject(s *trail.Subject) {
	l.judge.Subject(s)
	c := *s
	c.Milestones, c.Intervals = slices.Clone(s.Milestones), slices.Clone(s.Intervals)
	l.subjects = append(l.subjects, c)
}
func (l *storyLog) Stock(m trail.StockMove) { l.moves = append(l.moves, m) }
func (l *storyLog) Event(trail.Event)       {}
func (l *storyLog) Person(p trail.PersonSpan) {
	if p.Activity == model.ActIdle {
		return
	}
	for i := len(l.spans) - 1; i >= 0; i-- { // one line for steps of one activity
		q := &l.spans[i]
		if q.Person == p.Person {
			if q.End == p.Start && q.Activity == p.Activity && q.Ticket == p.Ticket && q.Overtime == p.Overtime {
				q.End = p.End
				return
			}
			break
		}
	}
	l.spans = append(l.spans, p)
}

var sections = map[string]func(*storyLog) string{
	"milestones": (*storyLog).milestones, "people": (*storyLog).people, "waits": (*storyLog).waits,
	"stock": (*storyLog).stock, "tickets": (*storyLog).tickets, "totals": (*storyLog).sums, "costs": (*storyLog).costs,
	"clocks": (*storyLog).clocks,
}

// clockOf writes an instant as weekday, day of the month and hour.
func (l *storyLog) clockOf(t model.Time) string {
	at := l.w.Start.Add(t)
	if t%time.Minute != 0 {
		return at.Format("Mon 02 15:04:05")
	}
	return at.Format("Mon 02 15:04")
}

func (l *storyLog) span(a, b model.Time) string {
	from, to := l.clockOf(a), l.clockOf(b)
	if from[:6] == to[:6] && b-a < model.Day {
		to = to[7:]
	}
	return from + "–" + to
}

type dated struct {
	at   model.Time
	who  int
	text string
}

func listed(rows []dated) string {
	slices.SortStableFunc(rows, func(a, b dated) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.who, b.who)) })
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(strings.TrimRight(r.text, " ") + "\n")
	}
	return b.String()
}

// milestones are one line for an instant and subject: ticket 0, call 0 …
func (l *storyLog) milestones() string {
	var rows []dated
	for i := range l.subjects {
		s := &l.subjects[i]
		byTime := map[model.Time][]string{}
		for m, at := range s.Milestones {
			if at != model.Unset {
				byTime[at] = append(byTime[at], s.Kind.Milestones()[m])
			}
		}
		for at, names := range byTime {
			rows = append(rows, dated{at, int(s.Kind)<<20 | int(s.ID), fmt.Sprintf("%s  %s %d  %s", l.clockOf(at), s.Kind, s.ID, strings.Join(names, " "))})
		}
	}
	return listed(rows)
}

// people are the spans in which somebody did something; * marks time outside the roster.
func (l *storyLog) people() string {
	var rows []dated
	for _, p := range l.spans {
		text := fmt.Sprintf("%s  %s %s", l.span(p.Start, p.End), l.w.Persons[p.Person].Name, p.Activity)
		if p.Ticket >= 0 {
			text += fmt.Sprintf(" %d", p.Ticket)
		}
		if p.Overtime {
			text += " *"
		}
		rows = append(rows, dated{p.Start, int(p.Person), text})
	}
	return listed(rows)
}

// waits are the intervals of tickets, calls and jobs that are no work and no trip.
func (l *storyLog) waits() string {
	var rows []dated
	for i := range l.subjects {
		s := &l.subjects[i]
		for _, v := range s.Intervals {
			switch v.Kind {
			case model.Mobilise, model.Travel, model.Entry, model.Work:
				continue
			}
			rows = append(rows, dated{v.Start, int(s.Kind)<<20 | int(s.ID), fmt.Sprintf("%s  %s %d  %s", l.span(v.Start, v.End), s.Kind, s.ID, v.Kind)})
		}
	}
	return listed(rows)
}

// stock is every move: depot/part, on hand, backorders, on order after it.
func (l *storyLog) stock() string {
	names := [...]string{trail.Demand: "demand", trail.Issue: "issue", trail.Receipt: "receipt", trail.Order: "order", trail.EmergencyOrder: "emergency_order",
		trail.Withdrawal: "withdrawal", trail.PutBack: "put_back"}
	var rows []dated
	for i, m := range l.moves {
		text := fmt.Sprintf("%s  %s/%s %s  %d %d %d", l.clockOf(m.At), l.w.Depots[m.Depot].ID, l.w.Parts[m.Part].ID, names[m.Kind], m.OnHand, m.Backorders, m.OnOrder)
		rows = append(rows, dated{m.At, i, text})
	}
	return listed(rows)
}

// tickets are what was declared, current at the end and final.
func (l *storyLog) tickets() string {
	var rows []dated
	for i := range l.subjects {
		s := &l.subjects[i]
		if s.Kind != model.SubjectTicket {
			continue
		}
		sev := l.w.Contracts[s.Contract].Severities
		text := fmt.Sprintf("ticket %d  declared %s, current %s, final %s", s.ID, sev[s.Declared-1].ID, sev[s.Current-1].ID, sev[s.Final-1].ID)
		if s.Parent >= 0 {
			text += fmt.Sprintf(", from ticket %d", s.Parent)
		}
		rows = append(rows, dated{0, int(s.ID), text})
	}
	return listed(rows)
}

// sums are the totals that are not zero: overtime by class of day and its money, kilometres, courier runs.
func (l *storyLog) sums() string {
	var b strings.Builder
	t := l.totals
	money := judge.Cost(l.w, l.judge.Rep(), t)
	hm := func(s model.Seconds) string {
		return fmt.Sprintf("%dh%02dm", s/3600, s%3600/60)
	}
	for i := range t.Overtime {
		if o := t.Overtime[i]; o != [3]model.Seconds{} {
			fmt.Fprintf(&b, "overtime %s  %s %s %s\n", l.w.Teams[i].ID, hm(o[0]), hm(o[1]), hm(o[2]))
		}
	}
	for i, n := range t.VisitsDay {
		if l.w.Teams[i].Partner && n+t.VisitsNight[i] > 0 {
			fmt.Fprintf(&b, "visits %s  day %d, night %d\n", l.w.Teams[i].ID, n, t.VisitsNight[i])
		}
	}
	for _, x := range []struct {
		name  string
		value float64
	}{
		{"overtime money", money.Overtime}, {"on-call money", money.OnCall}, {"km", float64(t.Metres) / 1000},
		{"courier runs", float64(t.CourierRuns)}, {"courier km", float64(t.CourierMetres) / 1000}, {"recalls", float64(t.Recalls)},
		{"vendor calls", float64(vendorCalls(t))}, {"emergency money", t.EmergencyMoney}, {"parts money", t.PartsMoney},
	} {
		if x.value != 0 {
			fmt.Fprintf(&b, "%s  %.10g\n", x.name, x.value)
		}
	}
	return b.String()
}

// costs is what the year comes to, by kind, and where several contracts share the pool, each one's part.
func (l *storyLog) costs() string {
	rows := func(name string, c judge.CostResult) (b string) {
		for _, x := range []struct {
			name  string
			value float64
		}{
			{"people", c.People}, {"overtime", c.Overtime}, {"on call", c.OnCall}, {"partners", c.Partners}, {"vendors", c.Vendors},
			{"places", c.Places}, {"stock", c.Stock}, {"parts", c.Parts}, {"emergency", c.Emergency}, {"travel", c.Travel},
			{"couriers", c.Couriers}, {"penalties", c.Penalties}, {"paid by others", c.Charged},
		} {
			if x.value != 0 {
				b += fmt.Sprintf("%s%s  %.10g\n", name, x.name, x.value)
			}
		}
		return b
	}
	return rows("", judge.Cost(l.w, l.judge.Rep(), l.totals))
}

func vendorCalls(t *trail.Totals) (n int64) {
	for _, k := range t.VendorCalls {
		n += k
	}
	return n
}

func judgeOf(w *world.World) *judge.Judge {
	j := judge.New(w)
	j.Reset(0)
	return j
}

// quiet hears nothing.
type quiet struct{}

func (quiet) Subject(*trail.Subject) {}

// sortedWords orders the parts of a list, for comparisons that do not depend on the order of events.
func sortedWords(s string) string {
	parts := strings.Split(strings.TrimSuffix(s, "; "), "; ")
	slices.Sort(parts)
	return strings.Join(parts, "; ")
}
