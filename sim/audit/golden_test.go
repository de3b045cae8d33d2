package audit

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"slasim/model"
	"slasim/sim/record"
)

// calendar2025 is the arrangement of Spring Festival 2025 that CLAUSES § 7 gives: off from 28 January to 4 February, worked
// on 26 January and 8 February.
func calendar2025(makeUp, holidays bool, hours record.SpanDef) *record.CalendarDef {
	def := &record.CalendarDef{ID: "cal", HolidaysOff: holidays, MakeUpWork: makeUp}
	for w := 1; w <= 5; w++ {
		def.Hours[w] = []record.SpanDef{hours}
	}
	def.Days = []record.DayDef{{Date: "2025-01-26", Kind: "make_up"}, {Date: "2025-02-08", Kind: "make_up"}}
	for d := civil(2025, 1, 28); d <= civil(2025, 2, 4); d++ {
		y, m, dd := d.date()
		def.Days = append(def.Days, record.DayDef{Date: fmt.Sprintf("%04d-%02d-%02d", y, m, dd), Kind: "day_off"})
	}
	return def
}

var (
	hours8to18 = record.SpanDef{Open: 8 * 3600, Close: 18 * 3600}
	wholeDay   = record.SpanDef{Open: 0, Close: 24 * 3600}
)

// goldenStart is day 0 of the golden examples.
const goldenStart = "2025-01-01"

// at reads "03-07 18:30" or "03-07 18:30:05" of 2025; 24:00 is allowed, "" is unset.
func at(text string) model.Time {
	if text == "" {
		return model.Unset
	}
	var mo, d, h, m, s int
	if _, err := fmt.Sscanf(text+":00", "%d-%d %d:%d:%d", &mo, &d, &h, &m, &s); err != nil {
		panic(text + ": " + err.Error())
	}
	return moment(int64(civil(2025, mo, d)-civil(2025, 1, 1)), int64(h*3600+m*60+s))
}

func limit(text string) record.LimitDef {
	mode, n, _ := strings.Cut(text, " ")
	l := record.LimitDef{Mode: mode}
	if d, err := time.ParseDuration(n); err == nil {
		l.Span = int64(d / time.Second)
	} else {
		fmt.Sscanf(n, "%d", &l.Days)
	}
	return l
}

// The hand-computed examples of the service plans (CLAUSES § 7).
func TestGolden(t *testing.T) {
	var (
		office    = calendar2025(true, true, hours8to18)
		literal   = calendar2025(false, true, hours8to18) // Monday to Friday to the letter
		workdays  = calendar2025(true, true, wholeDay)
		noMakeUp  = calendar2025(false, true, wholeDay)
		noHoliday = calendar2025(false, false, wholeDay)
		restore   = []string{"customer_approval_remote", "customer_approval_onsite", "customer_absent"}
	)
	for _, g := range []struct {
		name             string
		cal              *record.CalendarDef
		shift            bool
		limit            string
		reported, solved string
		pauses           string // "kind from to; …"
		start, due       string
		state            State
		elapsed          string
	}{
		{"G-01 wall", office, true, "wall 24h", "03-07 18:30", "", "", "03-10 08:00", "03-11 08:00", Breached, ""},
		{"G-01 business", office, true, "business 24h", "03-07 18:30", "", "", "03-10 08:00", "03-12 12:00", Breached, ""},
		{"G-01 no shift", office, false, "wall 24h", "03-07 18:30", "", "", "03-07 18:30", "03-08 18:30", Breached, ""},
		{"G-02 at closing", office, true, "wall 24h", "03-07 18:00", "", "", "03-10 08:00", "03-11 08:00", Breached, ""},
		{"G-02 a second before", office, true, "wall 24h", "03-07 17:59:59", "", "", "03-07 17:59:59", "03-08 17:59:59", Breached, ""},
		{"G-03 make-up days", office, true, "wall 8h", "01-25 10:00", "", "", "01-26 08:00", "01-26 16:00", Breached, ""},
		{"G-03 literal", literal, true, "wall 8h", "01-25 10:00", "", "", "01-27 08:00", "01-27 16:00", Breached, ""},
		{"G-04", nil, false, "wall 4h", "03-10 10:00", "03-10 14:30", "customer_approval_onsite 11:00 11:40", "03-10 10:00", "03-10 14:40", Met, "3h50m"},
		{"G-04 no pause", nil, false, "wall 4h", "03-10 10:00", "03-10 14:30", "", "03-10 10:00", "03-10 14:00", Breached, "4h30m"},
		{"G-05", nil, false, "wall 4h", "03-10 10:00", "03-10 14:30", "customer_approval_onsite 11:00 11:40; customer_absent 11:20 12:10", "03-10 10:00", "03-10 15:10", Met, "3h20m"},
		{"G-06 declared", nil, false, "wall 10m", "03-10 08:00", "03-10 08:08", "", "03-10 08:00", "03-10 08:10", Met, "8m"},
		{"G-06 final", nil, false, "wall 5m", "03-10 08:00", "03-10 08:08", "", "03-10 08:00", "03-10 08:05", Breached, "8m"},
		{"G-09", nil, false, "wall 24h", "03-07 20:00", "", "", "03-07 20:00", "03-08 20:00", Breached, ""},
		{"G-10 make-up day", workdays, false, "workdays 5", "01-31 12:00", "", "", "01-31 12:00", "02-10 24:00", Breached, ""},
		{"G-10 without", noMakeUp, false, "workdays 5", "01-31 12:00", "", "", "01-31 12:00", "02-11 24:00", Breached, ""},
		{"G-10 holidays ignored", noHoliday, false, "workdays 5", "01-31 12:00", "", "", "01-31 12:00", "02-07 24:00", Breached, ""},
		{"G-11", nil, false, "wall 360h", "02-14 09:00", "", "", "02-14 09:00", "03-01 09:00", Breached, ""},
		{"G-12 24h", nil, false, "wall 24h", "03-07 10:00", "", "", "03-07 10:00", "03-08 10:00", Breached, ""},
		{"G-12 workday", workdays, false, "workdays 1", "03-07 10:00", "", "", "03-07 10:00", "03-10 24:00", Breached, ""},
		{"G-12 civil", workdays, false, "civil 1", "03-07 10:00", "", "", "03-07 10:00", "03-10 24:00", Breached, ""},
		// The time of level 2 begins again at the rise, or has run since the report.
		{"G-13 level 3", nil, false, "wall 24h", "03-10 08:00", "", "", "03-10 08:00", "03-11 08:00", Breached, ""},
		{"G-13 restart", nil, false, "wall 8h", "03-11 08:00", "", "", "03-11 08:00", "03-11 16:00", Breached, ""},
		{"G-13 inherit", nil, false, "wall 8h", "03-10 08:00", "", "", "03-10 08:00", "03-10 16:00", Breached, ""},
		{"G-16 level 2", nil, false, "wall 2h", "03-10 09:00", "", "", "03-10 09:00", "03-10 11:00", Breached, ""},
		{"G-16 level 3", nil, false, "wall 4h", "03-10 12:30", "", "", "03-10 12:30", "03-10 16:30", Breached, ""},
		{"G-16 level 4", workdays, false, "workday_hours 1", "03-10 08:50", "", "", "03-10 08:50", "03-11 08:50", Breached, ""},
		{"G-16 level 4 civil", workdays, false, "civil 1", "03-10 08:50", "", "", "03-10 08:50", "03-11 24:00", Breached, ""},

		// DESIGN § 5: met exactly at the limit is met; a second later is not; the end of a pause counts again.
		{"at the limit", nil, false, "wall 4h", "03-10 10:00", "03-10 14:00", "", "03-10 10:00", "03-10 14:00", Met, "4h"},
		{"a second late", nil, false, "wall 4h", "03-10 10:00", "03-10 14:00:01", "", "03-10 10:00", "03-10 14:00", Breached, "4h0m1s"},
		{"pause outside", nil, false, "wall 4h", "03-10 10:00", "03-10 14:30", "customer_absent 09:00 10:10; customer_absent 14:20 16:00", "03-10 10:00", "03-10 14:10", Met, "4h10m"},
		{"own approval", nil, false, "wall 4h", "03-10 10:00", "03-10 14:30", "own_approval 11:00 12:00", "03-10 10:00", "03-10 14:00", Breached, "4h30m"},
		{"solved before opening", office, true, "wall 24h", "03-07 18:30", "03-08 09:00", "", "03-10 08:00", "03-11 08:00", Met, "0s"},
		{"business solved in the night", office, false, "business 4h", "03-10 14:00", "03-10 23:00", "", "03-10 14:00", "03-10 18:00", Met, "4h"},
	} {
		def := &record.ClauseDef{
			ID: g.name, Of: "ticket", Shift: g.shift, Pauses: restore,
			Start: record.EventDef{Of: []string{"reported"}}, Stop: record.EventDef{Of: []string{"confirmed"}},
		}
		var days *DayTable
		if g.cal != nil {
			var err error
			if days, err = NewDayTable(goldenStart, g.cal); err != nil {
				t.Fatal(err)
			}
		}
		s := ticket(g.reported, g.solved, g.pauses)
		l := limit(g.limit)
		if g.name == "pause outside" { // 4 h 10 min counted are in time only against 4 h 10 min
			l.Span += 600
			g.due = "03-10 14:20"
		}
		got, err := EvalClock(def, l, days, s)
		if err != nil {
			t.Fatal(err)
		}
		if got.Start != at(g.start) || got.Due != at(g.due) || got.State != g.state {
			t.Errorf("%s: start %s, due %s, %s; want %s, %s, %s", g.name, show(got.Start), show(got.Due), got.State, g.start, g.due, g.state)
		}
		if want, err := time.ParseDuration(g.elapsed); err == nil && got.Elapsed != want {
			t.Errorf("%s: elapsed %v, want %v", g.name, got.Elapsed, want)
		}
	}
}

// ticket has a report, a confirmation and intervals on the day of the report; it was watched until the end of March.
func ticket(reported, solved, intervals string) *record.Subject {
	s := &record.Subject{Kind: model.SubjectTicket, Parent: -1, Unit: -1, BandMetres: -1, End: at("03-31 24:00")}
	for m := range s.Milestones {
		s.Milestones[m] = model.Unset
	}
	s.Milestones[model.Reported], s.Milestones[model.Confirmed] = at(reported), at(solved)
	s.Intervals = spans(reported[:5], intervals)
	return s
}

// spans reads "kind 11:00 11:40; …" on a date.
func spans(date, text string) (list []model.Interval) {
	for _, v := range strings.Split(text, ";") {
		if f := strings.Fields(v); len(f) == 3 {
			k, ok := model.ParseIntervalKind(f[0])
			if !ok {
				panic(f[0])
			}
			list = append(list, model.Interval{Kind: k, Start: at(date + " " + f[1]), End: at(date + " " + f[2])})
		}
	}
	return list
}

func show(t model.Time) string {
	return (&Auditor{start: civil(2025, 1, 1)}).clockText(t)
}

// G-07: more than 4 h is 重大, exactly 4 h is not; 2 h is 严重 as soon as it is reached.
func TestGoldenSeverity(t *testing.T) {
	c := s2Severities(false)
	for _, g := range []struct {
		age   time.Duration
		share float64
		want  uint8
	}{
		{4 * time.Hour, 0.35, 3}, {4*time.Hour + time.Second, 0.35, 2}, {2 * time.Hour, 0.35, 3}, {24*time.Hour + time.Second, 0.31, 1},
		{24*time.Hour + time.Second, 0.3, 3}, // "30 %" is to be exceeded; without it the age alone gives 严重
		{2*time.Hour - time.Second, 0.9, 4},
	} {
		if got := level(c, &record.Subject{Outage: true, UserShare: g.share}, g.age); got != g.want {
			t.Errorf("%v, %.2f: %d, want %d", g.age, g.share, got, g.want)
		}
	}
	short := s2Severities(true)
	if got := level(short, &record.Subject{Outage: true}, time.Second); got != 3 {
		t.Errorf("short outage: %d", got)
	}
	if got := level(short, &record.Subject{}, 30*time.Hour); got != 4 {
		t.Errorf("no outage: %d", got)
	}
}

// s2Severities are S2-18…21, worst first.
func s2Severities(short bool) *record.ContractDef {
	return &record.ContractDef{ID: "net", Declare: "rule", ShortOutageSerious: short, Severities: []record.SeverityDef{
		{ID: "disaster", Outage: true, Age: 24 * 3600, Share: 0.3}, {ID: "major", Outage: true, Age: 4 * 3600, Share: 0.3},
		{ID: "serious", Outage: true, Age: 2 * 3600, AtLeast: true, Share: -1}, {ID: "general", Share: -1},
	}}
}

// G-14: unit X fails on day 10 and day 200, its successor Y on day 300: X is repaired, then replaced by Y, Y is repaired. Any
// other set of replacements is found, and so is one of a unit for which there are no new ones.
func TestGoldenUnits(t *testing.T) {
	fault := func(n int32, day int, replaced bool) record.Subject {
		s := record.Subject{Kind: model.SubjectTicket, Ordinal: n, Contract: "net", Source: "room/box", Unit: 3, Hardware: true, Visit: true}
		for m := range s.Milestones {
			s.Milestones[m] = model.Unset
		}
		s.Milestones[model.OnsiteRequested] = moment(int64(day), 10*3600)
		s.Milestones[model.Repaired] = moment(int64(day), 13*3600)
		if replaced {
			s.Milestones[model.ReplacedNew] = s.Milestones[model.Repaired]
		}
		return s
	}
	for _, g := range []struct {
		replaced [3]bool
		sources  []string
		want     int64 // differences
	}{
		{[3]bool{false, true, false}, []string{"room/box"}, 0},
		{[3]bool{true, false, false}, []string{"room/box"}, 2},
		{[3]bool{false, true, true}, []string{"room/box"}, 1},
		{[3]bool{false, false, false}, []string{"room/box"}, 1},
		{[3]bool{false, false, false}, nil, 0},
		{[3]bool{false, true, false}, nil, 1},
	} {
		a, err := New(&record.Contract{StartDate: goldenStart, Term: 365 * 86400, Contracts: []record.ContractDef{{ID: "net", ReplaceOn: 2, NewUnits: g.sources}}})
		if err != nil {
			t.Fatal(err)
		}
		other := fault(3, 150, false) // of another unit, between X's
		other.Unit = 4
		soft := fault(4, 160, false) // of X, not hardware
		soft.Hardware = false
		// numbered by the report, asked for in another order
		a.units(&record.Replication{Subjects: []record.Subject{fault(0, 300, g.replaced[2]), fault(1, 10, g.replaced[0]), fault(2, 200, g.replaced[1]), other, soft}})
		if a.result.Failed() != g.want {
			t.Errorf("%v: %d differences, want %d: %v", g.replaced, a.result.Failed(), g.want, a.result.Differences)
		}
	}
	a, err := New(&record.Contract{StartDate: goldenStart, Term: 365 * 86400, Contracts: []record.ContractDef{{ID: "net", ReplaceOn: 2}}})
	if err != nil {
		t.Fatal(err)
	}
	nameless := fault(0, 10, false)
	nameless.Unit = -1
	if a.units(&record.Replication{Subjects: []record.Subject{nameless}}); a.result.Failed() != 1 {
		t.Error("a fault of no unit cannot be counted")
	}
}

// G-08: ends of bands are inclusive.
func TestGoldenBand(t *testing.T) {
	c := &record.Contract{StartDate: goldenStart, Term: 365 * 86400, Contracts: []record.ContractDef{{ID: "net", Bands: s2Bands}}, Sites: []record.SiteDef{{ID: "centre", Tags: []string{"urban"}}}}
	a, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range []struct {
		site   string
		metres int32
		want   string
	}{
		{"x", 100_000, "100"}, {"x", 100_010, "300"}, {"x", 300_000, "300"}, {"x", 500_000, "500"}, {"x", 500_010, ""}, {"centre", 120_000, "city"}, {"x", -1, ""},
	} {
		s := &record.Subject{Kind: model.SubjectTicket, Site: g.site, BandMetres: g.metres, Band: g.want}
		failed := a.result.Failed()
		a.band(&c.Contracts[0], s)
		if a.result.Failed() != failed {
			t.Errorf("%s at %d m is not in %q: %v", g.site, g.metres, g.want, a.result.Differences)
		}
	}
}

var s2Bands = []record.BandDef{{ID: "city", Metres: -1, Tags: []string{"urban"}}, {ID: "100", Metres: 100_000}, {ID: "300", Metres: 300_000}, {ID: "500", Metres: 500_000}}

// G-15: 95.0 % is enough, 94.7 % is not, and with fewer than 20 calls any miss fails.
func TestGoldenShare(t *testing.T) {
	for _, g := range []struct {
		target         float64
		min, met, late int64
		want           bool
	}{
		{0.95, 0, 190, 10, true}, {0.95, 0, 18, 1, false}, {0.95, 20, 18, 1, false}, {0.95, 20, 19, 0, true}, {0.95, 0, 189, 11, false},
		{1, 0, 1_000_000, 1, false}, {1, 0, 0, 0, true}, {0.95, 20, 0, 0, true}, {0.1, 0, 1, 9, true}, {0.999, 0, 999, 1, true},
	} {
		if got := Holds(g.target, g.min, g.met, g.late); got != g.want {
			t.Errorf("%v", g)
		}
	}
}

// Dates against the calendar on the wall: leap years, and weekdays that anybody can look up.
func TestCivil(t *testing.T) {
	for text, want := range map[string]struct {
		n       day
		weekday int
	}{
		"1970-01-01": {0, 4}, "2000-02-29": {11016, 2}, "2024-02-29": {19782, 4}, "2025-03-07": {20154, 5}, "1969-12-31": {-1, 3}, "2026-10-01": {20727, 4},
	} {
		got, err := parseDay(text)
		if err != nil || got != want.n || got.weekday() != want.weekday {
			t.Errorf("%s: %d weekday %d, %v", text, got, got.weekday(), err)
		}
	}
	for _, bad := range []string{"2025-02-29", "2025-13-01", "2025-1-1", "2025-00-10", "today"} {
		if _, err := parseDay(bad); err == nil {
			t.Errorf("%s was accepted", bad)
		}
	}
	for d := day(-800); d < 60000; d++ { // every day is its own date, in order
		y, m, dd := d.date()
		if civil(y, m, dd) != d {
			t.Fatalf("day %d is %d-%d-%d", d, y, m, dd)
		}
	}
}
