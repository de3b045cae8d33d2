package scenarios

import (
	"math"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"slasim/model"
	"slasim/model/calendar"
	"slasim/model/world"
)

// changed is the starter with changes; it must load.
func changed(t *testing.T, changes string, opt Options) *Scenario {
	t.Helper()
	opt.FS = fstest.MapFS{
		"base.yaml": {Data: Starter("base")}, "x.yaml": {Data: []byte("extends: base.yaml\n" + changes)},
	}
	s, diags := Load("x.yaml", opt)
	if s == nil {
		t.Fatalf("%s\ndoes not load:\n%v", changes, diags)
	}
	return s
}

func team(t *testing.T, w *world.World, id string) (world.Team, []world.Person) {
	t.Helper()
	for _, team := range w.Teams {
		if team.ID == id {
			return team, w.Persons[team.First : team.First+team.Count]
		}
	}
	t.Fatalf("no team %s", id)
	return world.Team{}, nil
}

func near(a, b, relative float64) bool { return math.Abs(a-b) <= relative*math.Abs(b) }

// Four people on D N - -: 24 h in 4 days are 2,190 h a year, so a seat of 8,759.52 h (168 × 52.14) takes
// 4.000 of them; with two weeks of leave and 3 % sick 2,190 × (1 − 2/52.14) × 0.97 = 2,042.8 h, so 4.288.
func TestCycleOfShifts(t *testing.T) {
	for _, c := range []struct {
		extra string
		heads float64
	}{{"", 3.99978}, {", leave: 2w, sick: 3%", 4.28797}} {
		s := changed(t, `people: {field: null, crew: {place: shenyang, headcount: 4, roles: [field]`+c.extra+`,
  roster: {shifts: {D: "08:00-20:00", N: "20:00-08:00"}, cycle: D N - -}}}`, Options{})
		crew, people := team(t, s.World, "crew")
		if !near(crew.HeadsPerSeat, c.heads, 1e-5) {
			t.Errorf("heads per seat %.5f, want %.5f", crew.HeadsPerSeat, c.heads)
		}
		h := time.Hour
		for i, want := range [][]world.Duty{
			{{Start: 8 * h, End: 20 * h}, {Start: 44 * h, End: 56 * h}, {Start: 104 * h, End: 116 * h}}, // D N - - D
			{{Start: 20 * h, End: 32 * h}, {Start: 80 * h, End: 92 * h}},                                // N - - D
			{{Start: 0, End: 8 * h}, {Start: 56 * h, End: 68 * h}},                                      // the end of N; - - D
			{{Start: 32 * h, End: 44 * h}, {Start: 68 * h, End: 80 * h}},                                // - D N
		} {
			for k, d := range want {
				if got := people[i].Duties[k]; got != d {
					t.Errorf("person %d duty %d: %v, want %v", i, k, got, d)
				}
			}
		}
		for at := model.Time(0); at < s.World.Term+s.World.DrainCap; at += h {
			n := 0
			for _, p := range people {
				for _, d := range p.Duties {
					if d.Start <= at && at < d.End {
						n++
					}
				}
			}
			if n != 1 {
				t.Fatalf("%d on shift at %v", n, at)
			}
		}
	}
}

// 2026 has 261 days from Monday to Friday; 19 of them are holidays (1–2 January; 16–20 and 23 February; 6
// April; 1, 4 and 5 May; 19 June; 25 September; 1, 2 and 5–7 October) and 6 weekend days are worked: 248
// working days of 9 h are 2,232 h.
func TestWeeklyRosterOnTheChineseCalendar(t *testing.T) {
	s := changed(t, "people: {field: {leave: null, on_call: null}}", Options{})
	field, people := team(t, s.World, "field")
	if got := hoursWithin(people[0].Duties, 0, s.World.Term); got != 2232 {
		t.Errorf("%v h a year, want 2232", got)
	}
	if want := 8759.52 / 2232; !near(field.HeadsPerSeat, want, 1e-9) {
		t.Errorf("heads per seat %v, want %v", field.HeadsPerSeat, want)
	}
	// Thursday 1 January is a holiday; Sunday the 4th is worked.
	if first := people[0].Duties[0]; first.Start != 3*model.Day+8*time.Hour+30*time.Minute || first.End != 3*model.Day+17*time.Hour+30*time.Minute {
		t.Errorf("first duty %v", first)
	}
}

// Week 0 is 1–7 January 2026: 168 h less four shifts of 9 h (4–7 January) leave 132 h on call, all of person
// 0; person 1 has week 1, and person 0 again week 4 of four people.
func TestOnCallTakesTurnsByTheWeek(t *testing.T) {
	s := changed(t, "people: {field: {leave: null}}", Options{})
	_, people := team(t, s.World, "field")
	onCall := func(p, week int) float64 {
		sum := model.Time(0)
		from, to := model.Time(week)*7*model.Day, model.Time(week+1)*7*model.Day
		for i, d := range people[p].Duties {
			if i > 0 && d.Start < people[p].Duties[i-1].End {
				t.Fatalf("person %d: %v begins before the end of %v", p, d, people[p].Duties[i-1])
			}
			if d.OnCall && d.End > from && d.Start < to {
				sum += min(d.End, to) - max(d.Start, from)
			}
		}
		return model.Hours(sum)
	}
	for p := range people {
		if got, want := onCall(p, 0), []float64{132, 0, 0, 0}[p]; got != want {
			t.Errorf("person %d has %v h on call in week 0, want %v", p, got, want)
		}
		if got := onCall(p, 1) > 0; got != (p == 1) {
			t.Errorf("person %d on call in week 1: %v", p, got)
		}
	}
	if onCall(0, 4) == 0 {
		t.Error("person 0 is not on call again in week 4")
	}
	// Nights only: 12 h in each of the seven nights that begin in week 0, of which the last reaches 8 h into week 1.
	s = changed(t, `people: {field: {leave: null, on_call: {people: 2, hours: "20:00-08:00"}}}`, Options{})
	_, people = team(t, s.World, "field")
	if got := onCall(0, 0) + onCall(1, 0); got != 2*(7*12-8) {
		t.Errorf("%v h on call in the nights of week 0, want %v", got, 2*(7*12-8))
	}
}

func TestShifts(t *testing.T) {
	for _, c := range []struct {
		text, want string
	}{
		{"08:00-20:00", "08:00-20:00"},
		{"20:00-08:00", "20:00-32:00"},
		{"16:00-00:00", "16:00-24:00"},
		{"08:00-12:00,13:00-17:00", "08:00-12:00,13:00-17:00"},
		{"08:00-12:00,22:00-02:00", "08:00-12:00,22:00-26:00"},
		{"00:00-24:00", "00:00-24:00"},
		{"8-20", ""},
		{"08:00-08:00", "08:00-32:00"}, // 24 hours
		{"25:00-02:00", ""},
		{"", ""},
	} {
		spans, err := parseShift(c.text)
		var got []string
		for _, s := range spans {
			got = append(got, calendar.Span(s).String())
		}
		if (err != nil) != (c.want == "") || err == nil && strings.Join(got, ",") != c.want {
			t.Errorf("%q: %v %v, want %q", c.text, got, err, c.want)
		}
	}
}

func TestPersonsKeepTheirNamesWhenATeamGrows(t *testing.T) {
	a := changed(t, "", Options{}).World.Persons
	b := changed(t, "", Options{Set: []string{"people.desk.headcount=9"}}).World.Persons
	for i, p := range a[:5] {
		if p.Name != b[i].Name || p.Hash != b[i].Hash {
			t.Errorf("%s became %s", p.Name, b[i].Name)
		}
	}
}

// Pay 110k × 1.6 loaded; overtime 110,000 / 2,088 h = 52.68 an hour.
func TestPay(t *testing.T) {
	field, _ := team(t, changed(t, "", Options{}).World, "field")
	if field.Pay.Annual != 176_000 || !near(field.Pay.OvertimeHour, 52.6820, 1e-5) || field.LeaveWeeks != 2 || field.Pay.CostShare != 1 {
		t.Errorf("%+v, %d weeks", field.Pay, field.LeaveWeeks)
	}
}

// days lists the days of January 2026 on which a person comes on shift, and those on call with a star.
func days(p world.Person) string {
	var b strings.Builder
	for _, d := range p.Duties {
		if d.Start < 0 || d.Start >= 31*model.Day {
			continue
		}
		b.WriteString(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(d.Start).Format("2"))
		if d.OnCall {
			b.WriteByte('*')
		}
		b.WriteByte(' ')
	}
	return strings.TrimSpace(b.String())
}

// Thursday 15 to Friday 16 January and the weekend after them are a holiday, worked by one of three in turn: the first on the
// 15th and the 18th, the second on the 16th, the third on the 17th. Each has had a day off for it, the last working days
// before: the 14th and, for the 18th, the fourth last, the 9th; the 13th; the 12th. The weekend of the 10th is no holiday.
func TestHolidaysInTurn(t *testing.T) {
	s := changed(t, `run: {start_date: 2026-01-01, term: 30d}
calendars: {own: {holidays: {2026-01-15: statutory, 2026-01-16: holiday}}}
people: {field: null, crew: {place: shenyang, headcount: 3, roles: [field],
  roster: {weekly: {mon-fri: "09:00-17:00"}, calendar: own, holidays: 1}}}`, Options{})
	crew, people := team(t, s.World, "crew")
	for i, want := range []string{
		"1 2 5 6 7 8 12 13 15 18 19 20 21 22 23 26 27 28 29 30",
		"1 2 5 6 7 8 9 12 14 16 19 20 21 22 23 26 27 28 29 30",
		"1 2 5 6 7 8 9 13 14 17 19 20 21 22 23 26 27 28 29 30",
	} {
		if got := days(people[i]); got != want {
			t.Errorf("person %d\n got %s\nwant %s", i, got, want)
		}
	}
	// each works 20 of the 30 days, 8 h
	if want := headsPerSeat(20*8/(30.0/365), 0, 0); !near(crew.HeadsPerSeat, want, 1e-9) {
		t.Errorf("heads per seat %v, want %v", crew.HeadsPerSeat, want)
	}
}

// From 10 to 12 and on 20 January two people are at the site of a customer, around the clock by shifts of which each has one;
// one of them is taken from the crew, whose last person is away on these days and paid there. The other two are paid for four days of thirty.
func TestPeopleOfKeyPeriods(t *testing.T) {
	s := changed(t, `run: {start_date: 2026-01-01, term: 30d}
contracts: {network: {key_periods: {fair: {from: 2026-01-10, to: 2026-01-12}, visit: {from: 2026-01-20, to: 2026-01-20}}}}
people:
  field: null
  crew: {place: shenyang, headcount: 2, roles: [field], pay: 3000 CNY, roster: {shifts: {D: "08:00-20:00"}, cycle: D}}
  watch: {place: shenyang, headcount: 2, roles: [field], key_periods: true, pay: 3000 CNY, roster: {shifts: {D: "08:00-20:00", N: "20:00-08:00"}, cycle: D N}}
  away: {place: shenyang, headcount: 1, roles: [field], key_periods: true, taken_from: crew, pay: 3000 CNY}`, Options{})
	_, crew := team(t, s.World, "crew")
	watch, watchers := team(t, s.World, "watch")
	away, gone := team(t, s.World, "away")
	if got := len(crew[0].Duties) - len(crew[1].Duties); got != 4 {
		t.Errorf("the last of the crew is away on %d days", got)
	}
	if got := days(gone[0]); got != "10 20" { // two spans, without a shift's end
		t.Errorf("away: %s", got)
	}
	var on model.Time
	for _, p := range watchers {
		for _, d := range p.Duties {
			on += d.End - d.Start
		}
	}
	if on != 4*model.Day {
		t.Errorf("somebody watches for %v of 4 days", on)
	}
	if watch.Pay.Annual != 400 || away.Pay.Annual != 0 || len(watch.Only) != 2 {
		t.Errorf("paid %v and %v", watch.Pay.Annual, away.Pay.Annual)
	}
}

// Who has no roster is there day and night and never away: so from the tenth day of thirty to the twentieth, and paid a third.
func TestPeopleOfAPartOfTheTerm(t *testing.T) {
	s := changed(t, `run: {start_date: 2026-01-01, term: 30d}
people:
  watch: {place: shenyang, headcount: 1, roles: [field], from: 10d, until: 20d, leave: 2w, sick: 0.5, pay: 3000 CNY}`, Options{})
	watch, people := team(t, s.World, "watch")
	if d := people[0].Duties; len(d) != 1 || d[0] != (world.Duty{Start: 10 * model.Day, End: 20 * model.Day}) {
		t.Errorf("there %+v", d)
	}
	if watch.Pay.Annual != 1000 || watch.LeaveWeeks != 0 || watch.Sick != 0 {
		t.Errorf("paid %v, away %d weeks and %v", watch.Pay.Annual, watch.LeaveWeeks, watch.Sick)
	}
}
