package calendar

import (
	"testing"
	"time"

	"slasim/model"

	"pgregory.net/rapid"
)

// officeHours is Monday to Friday 08:00–18:00 in 2025, holidays off, make-up days worked.
func officeHours(t testing.TB, hours string, rules Rules) (*Calendar, *Days) {
	w, err := ParseWeekly(map[string]string{"mon-fri": hours})
	if err != nil {
		t.Fatal(err)
	}
	d := NewDays(time.Date(2025, 1, 1, 0, 0, 0, 0, shanghai), 31, 400, Options{System: China})
	return New(d, w, rules), d
}

// moment reads a local time; 24:00 is the end of the day.
func moment(t testing.TB, d *Days, text string) model.Time {
	var extra model.Time
	if n := len(text) - len("24:00"); text[n:] == "24:00" {
		text, extra = text[:n]+"00:00", model.Day
	}
	layout := "2006-01-02 15:04"
	if len(text) > len(layout) {
		layout += ":05"
	}
	at, err := time.ParseInLocation(layout, text, shanghai)
	if err != nil {
		t.Fatal(err)
	}
	return d.Moment(at) + extra
}

// Hand calculation on the calendar of 2025: holiday 01-28 … 02-04, make-up days Sun 01-26 and Sat 02-08;
// Qingming 04-04 … 06; National Day 10-01 … 08, make-up days Sun 09-28 and Sat 10-11.
func TestCalendar(t *testing.T) {
	split, days := officeHours(t, "08:00-12:00,13:30-17:30", Rules{HolidaysOff: true, MakeUpWork: true})
	full, _ := officeHours(t, "08:00-18:00", Rules{HolidaysOff: true, MakeUpWork: true})
	literal, _ := officeHours(t, "08:00-18:00", Rules{HolidaysOff: true})
	deaf, _ := officeHours(t, "08:00-18:00", Rules{})
	const h = time.Hour
	at := func(text string) model.Time { return moment(t, days, text) }
	for _, c := range []struct {
		name string
		got  model.Time
		want string
	}{
		{"inside hours", full.NextOpen(at("2025-03-07 17:59:59")), "2025-03-07 17:59:59"},
		{"closing time is outside", full.NextOpen(at("2025-03-07 18:00")), "2025-03-10 08:00"},
		{"opening time is inside", full.NextOpen(at("2025-03-10 08:00")), "2025-03-10 08:00"},
		{"before opening", full.NextOpen(at("2025-03-10 05:00")), "2025-03-10 08:00"},
		{"lunch", split.NextOpen(at("2025-03-10 12:00")), "2025-03-10 13:30"},
		{"weekend before a make-up Sunday", full.NextOpen(at("2025-01-25 10:00")), "2025-01-26 08:00"},
		{"the same, Monday to Friday literally", literal.NextOpen(at("2025-01-25 10:00")), "2025-01-27 08:00"},
		{"across the holiday", full.NextOpen(at("2025-01-27 18:00")), "2025-02-05 08:00"},
		{"holidays ignored", deaf.NextOpen(at("2025-01-27 18:00")), "2025-01-28 08:00"},
		{"make-up Saturday", full.NextOpen(at("2025-02-07 18:00")), "2025-02-08 08:00"},

		{"filling the day ends at closing", full.Add(at("2025-03-07 08:00"), 10*h), "2025-03-07 18:00"},
		{"a second more", full.Add(at("2025-03-07 08:00"), 10*h+time.Second), "2025-03-10 08:00:01"},
		{"ends at lunch", split.Add(at("2025-03-07 08:00"), 4*h), "2025-03-07 12:00"},
		{"through lunch", split.Add(at("2025-03-07 11:00"), 2*h), "2025-03-07 14:30"},
		{"nothing, in closed hours", full.Add(at("2025-03-08 10:00"), 0), "2025-03-08 10:00"},
		{"from closed hours", full.Add(at("2025-03-08 10:00"), h), "2025-03-10 09:00"},
		{"over the make-up Sunday and the holiday", full.Add(at("2025-01-24 17:00"), 22*h), "2025-02-05 09:00"},
		{"over New Year", full.Add(at("2025-12-31 17:00"), 2*h), "2026-01-04 09:00"}, // make-up Sunday 2026-01-04

		{"back to opening", full.Sub(at("2025-03-10 09:00"), h), "2025-03-10 08:00"},
		{"latest moment with an hour left", full.Sub(at("2025-03-10 08:00"), h), "2025-03-07 17:00"},
		{"back over the weekend", full.Sub(at("2025-03-10 08:30"), h), "2025-03-07 17:30"},
		{"ten hours back: the whole Friday", full.Sub(at("2025-03-10 08:00"), 10*h), "2025-03-07 08:00"},
		{"ten back from Monday evening", full.Sub(at("2025-03-10 18:00"), 10*h), "2025-03-10 08:00"},
		{"nothing back", full.Sub(at("2025-03-08 10:00"), 0), "2025-03-08 10:00"},

		{"five working days with make-up Saturday", full.AddWorkdays(at("2025-01-31 23:59:59"), 5), "2025-02-10 24:00"},
		{"five without", literal.AddWorkdays(at("2025-01-31 10:00"), 5), "2025-02-11 24:00"},
		{"five, holidays ignored", deaf.AddWorkdays(at("2025-01-31 10:00"), 5), "2025-02-07 24:00"},
		{"none: end of the day", full.AddWorkdays(at("2025-02-01 10:00"), 0), "2025-02-01 24:00"},
		{"one from a working day", full.AddWorkdays(at("2025-03-07 00:00"), 1), "2025-03-10 24:00"},
		{"one from a rest day", full.AddWorkdays(at("2025-03-08 12:00"), 1), "2025-03-10 24:00"},
		{"same time", full.SameTimeWorkdays(at("2025-03-07 08:50"), 1), "2025-03-10 08:50"},
		{"same time back", full.SameTimeWorkdays(at("2025-03-10 08:50"), -1), "2025-03-07 08:50"},
		{"same time, no days", full.SameTimeWorkdays(at("2025-03-08 08:50"), 0), "2025-03-08 08:50"},

		// S2-53: three whole working days between the notice and the day of the visit.
		{"visit Thursday", full.WorkdaysBefore(at("2025-03-13 09:00"), 3), "2025-03-10 00:00"},
		{"visit Monday", full.WorkdaysBefore(at("2025-03-10 09:00"), 3), "2025-03-05 00:00"},
		{"visit Sunday", full.WorkdaysBefore(at("2025-03-09 09:00"), 3), "2025-03-05 00:00"},
		{"visit after the holiday", full.WorkdaysBefore(at("2025-02-05 09:00"), 3), "2025-01-24 00:00"}, // 27, 26, 24
		{"notice of no days", full.WorkdaysBefore(at("2025-03-10 09:00"), 0), "2025-03-10 00:00"},

		{"civil day on a Friday rolls over", full.AddCivil(at("2025-03-07 10:00"), 1), "2025-03-10 24:00"},
		{"civil day on a Monday", full.AddCivil(at("2025-03-10 10:00"), 1), "2025-03-11 24:00"},
		{"seven civil days into the holiday", full.AddCivil(at("2025-01-22 10:00"), 7), "2025-02-05 24:00"},
		{"civil days back", full.CivilBefore(at("2025-03-10 10:00"), 1), "2025-03-07 00:00"},
		{"leap day", full.AddCivil(at("2028-02-28 10:00"), 1), "2028-02-29 24:00"}, // a Tuesday, outside the range
		{"month end", full.AddCivil(at("2025-04-29 10:00"), 1), "2025-04-30 24:00"},

		{"always open", Always.NextOpen(at("2025-03-08 03:00")), "2025-03-08 03:00"},
		{"always: a span", Always.Add(at("2025-03-08 03:00"), 30*h), "2025-03-09 09:00"},
		{"always: a span back", Always.Sub(at("2025-03-09 09:00"), 30*h), "2025-03-08 03:00"},
		{"always: every day works", Always.AddWorkdays(at("2025-03-08 03:00"), 2), "2025-03-10 24:00"},
		{"always: days back", Always.WorkdaysBefore(at("2025-03-10 03:00"), 2), "2025-03-08 00:00"},
		{"always: civil", Always.AddCivil(at("2025-03-08 03:00"), 1), "2025-03-09 24:00"},
	} {
		if want := at(c.want); c.got != want {
			t.Errorf("%s: %s, want %s", c.name, days.Date(c.got).Format(time.DateTime), c.want)
		}
	}
	for _, c := range []struct {
		name string
		got  model.Time
		want model.Time
	}{
		{"Friday to Monday", full.Between(at("2025-03-07 17:00"), at("2025-03-10 09:00")), 2 * h},
		{"closed all along", full.Between(at("2025-01-28 00:00"), at("2025-02-05 08:00")), 0},
		{"a day with lunch", split.Between(at("2025-03-07 00:00"), at("2025-03-07 24:00")), 8 * h},
		{"in lunch", split.Between(at("2025-03-07 12:00"), at("2025-03-07 13:30")), 0},
		{"backwards", full.Between(at("2025-03-10 09:00"), at("2025-03-07 17:00")), 0},
		{"year 2025", full.Between(0, at("2025-12-31 24:00")), 248 * 10 * h},                            // 248 working days
		{"2030, weeks only", full.Between(at("2029-12-31 00:00"), at("2030-12-30 00:00")), 52 * 50 * h}, // 52 weeks from a Monday
		{"always", Always.Between(at("2025-03-07 17:00"), at("2025-03-08 17:00")), model.Day},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", c.name, c.got, c.want)
		}
	}
}

func TestUserDaysBeatTheWeek(t *testing.T) {
	w, err := ParseWeekly(map[string]string{"tue-fri": "08:00-18:00", "sun": "10:00-12:00"})
	if err != nil {
		t.Fatal(err)
	}
	// 2025-03-03 is a Monday.
	d := NewDays(time.Date(2025, 3, 3, 0, 0, 0, 0, shanghai), 0, 14, Options{Extra: map[string]DayKind{
		"2025-03-04": DayOff, "2025-03-05": Weekend, "2025-03-08": Workday, "2025-03-09": MakeUp}})
	c := New(d, w, Rules{HolidaysOff: true, MakeUpWork: true})
	want := []model.Time{0, 0, 2, 10, 10, 10, 10, 0, 10, 10, 10, 10, 0, 2} // hours open from Monday on
	for i, h := range want {
		if got := c.Between(dayStart(i), dayStart(i+1)); got != h*time.Hour {
			t.Errorf("%s: open %s, want %d h", d.DateOfDay(i), got, h)
		}
	}
}

func TestNeverOpen(t *testing.T) {
	d := NewDays(time.Date(2025, 1, 1, 0, 0, 0, 0, shanghai), 5, 30, Options{})
	c := New(d, Weekly{}, Rules{})
	if c.Open(0) || c.NextOpen(0) != model.Far || c.Add(0, 1) != model.Far || c.Sub(0, 1) != model.Unset || c.Between(0, model.Far) != 0 ||
		c.AddWorkdays(0, 1) != model.Far || c.SameTimeWorkdays(0, 1) != model.Far || c.AddCivil(0, 1) != model.Far ||
		c.WorkdaysBefore(0, 1) != model.Unset || c.SameTimeWorkdays(0, -1) != model.Unset || c.CivilBefore(0, 1) != model.Unset {
		t.Error("a calendar that never opens has a next opening")
	}
}

func TestFarAway(t *testing.T) {
	// The ends of time are held, not wrapped.
	full, d := officeHours(t, "08:00-18:00", Rules{HolidaysOff: true, MakeUpWork: true})
	week := New(d, AllWeek(), Rules{})
	for _, c := range []*Calendar{nil, full, week} {
		for _, x := range []model.Time{model.Unset, model.Unset + 1, -1, 0, 1, model.Far - 1, model.Far} {
			for _, y := range []model.Time{0, 1, time.Second, model.Day, model.Far - 1, model.Far} {
				if got := c.Add(x, y); got < x {
					t.Errorf("Add(%d, %d) = %d", x, y, got)
				}
				if got := c.Sub(x, y); got > x {
					t.Errorf("Sub(%d, %d) = %d", x, y, got)
				}
				if got := c.Between(x, y); got < 0 {
					t.Errorf("Between(%d, %d) = %d", x, y, got)
				}
			}
			c.NextOpen(x)
			c.AddWorkdays(x, 3)
			c.WorkdaysBefore(x, 3)
			c.SameTimeWorkdays(x, 3)
			c.AddCivil(x, 3)
			d.HourOfDay(x)
			d.Month(x)
			d.Kind(x)
		}
		if got := c.Add(0, model.Far); got != model.Far {
			t.Errorf("Add(0, far) = %d", got)
		}
	}
}

// world is a random calendar and a table of its seconds, filled day by day from package time and the
// definitions of the kinds, not from this package.
type world struct {
	c       *Calendar
	first   model.Time // moment of open[0]
	open    []bool     // per second
	working map[int]bool
}

const oracleFirst, oracleLast = -9, 16 // days of the table; the compiled range is -3 … 6

func drawWorld(t *rapid.T) world {
	var weekly Weekly
	for w := range weekly {
		cuts := rapid.SliceOfNDistinct(rapid.IntRange(0, 24), 0, 4, rapid.ID[int]).Draw(t, "cuts")
		cuts = cuts[:len(cuts)/2*2]
		sortInts(cuts)
		for i := 0; i < len(cuts); i += 2 {
			// A few seconds off the hour, to catch what only works for whole hours.
			weekly[w] = append(weekly[w], Span{model.Time(cuts[i]) * time.Hour, model.Time(cuts[i+1])*time.Hour - 7*time.Second})
		}
	}
	rules := Rules{rapid.Bool().Draw(t, "holidays off"), rapid.Bool().Draw(t, "make-up work")}
	start := time.Date(2025, 3, 3, 0, 0, 0, 0, shanghai).AddDate(0, 0, rapid.IntRange(0, 6).Draw(t, "weekday"))
	extra := map[string]DayKind{}
	for i := -3; i < 6; i++ {
		date := start.AddDate(0, 0, i)
		weekend := date.Weekday() == time.Saturday || date.Weekday() == time.Sunday
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			extra[date.Format(time.DateOnly)] = Statutory
		case 1:
			extra[date.Format(time.DateOnly)] = DayOff
		case 2:
			if weekend {
				extra[date.Format(time.DateOnly)] = MakeUp
			}
		}
	}
	days := NewDays(start, 3, 6, Options{Extra: extra})
	o := world{c: New(days, weekly, rules), first: oracleFirst * model.Day, open: make([]bool, (oracleLast-oracleFirst)*86400), working: map[int]bool{}}
	for i := oracleFirst; i < oracleLast; i++ {
		date := start.AddDate(0, 0, i)
		spans := weekly[date.Weekday()]
		kind, ok := extra[date.Format(time.DateOnly)]
		switch {
		case !ok:
		case kind == MakeUp:
			for w := time.Monday; rules.MakeUpWork && w <= time.Friday; w++ {
				if len(weekly[w]) > 0 {
					spans = weekly[w]
					break
				}
			}
		case rules.HolidaysOff:
			spans = nil
		}
		o.working[i] = len(spans) > 0
		for _, s := range spans {
			for x := s.Open; x < s.Close; x += time.Second {
				o.open[(i-oracleFirst)*86400+int(x/time.Second)] = true
			}
		}
	}
	return o
}

func sortInts(x []int) {
	for i := range x {
		for j := i; j > 0 && x[j] < x[j-1]; j-- {
			x[j], x[j-1] = x[j-1], x[j]
		}
	}
}

func (o *world) isOpen(t model.Time) bool { return o.open[(t-o.first)/time.Second] }

func (o *world) end() model.Time { return oracleLast * model.Day }

// drawMoment stays inside the table and likes the seconds at which something changes.
func (o *world) drawMoment(t *rapid.T, label string) model.Time {
	// Whole hours, evenly: rapid's own ranges prefer those near 0.
	n := 0
	for _, bit := range rapid.SliceOfN(rapid.Bool(), 10, 10).Draw(t, label) {
		n *= 2
		if bit {
			n++
		}
	}
	at := model.Time(oracleFirst*24+n%((oracleLast-oracleFirst)*24-1)) * time.Hour
	return at + model.Time(rapid.SampledFrom([]int{0, 0, 1, 1800, 3592, 3593, 3594, 3599}).Draw(t, label+" s"))*time.Second
}

func TestCalendarAgainstSeconds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := drawWorld(t)
		a, b := o.drawMoment(t, "a"), o.drawMoment(t, "b")
		d := model.Time(rapid.IntRange(1, 60*3600).Draw(t, "d")) * time.Second

		if o.c.Open(a) != o.isOpen(a) {
			t.Fatalf("Open(%s) = %v", a, o.c.Open(a))
		}
		next := a
		for next < o.end() && !o.isOpen(next) {
			next += time.Second
		}
		if got := o.c.NextOpen(a); next < o.end() && got != next || next == o.end() && got < next {
			t.Fatalf("NextOpen(%s) = %s, want %s", a, got, next)
		}
		var between model.Time
		for x := a; x < b; x += time.Second {
			if o.isOpen(x) {
				between += time.Second
			}
		}
		if got := o.c.Between(a, b); got != between {
			t.Fatalf("Between(%s, %s) = %s, want %s", a, b, got, between)
		}
		at, left := a, d
		for at < o.end() && left > 0 {
			if o.isOpen(at) {
				left -= time.Second
			}
			at += time.Second
		}
		if got := o.c.Add(a, d); left == 0 && got != at || left > 0 && got < o.end() {
			t.Fatalf("Add(%s, %s) = %s, want %s", a, d, got, at)
		}
		at, left = b, d
		for at > o.first && left > 0 {
			at -= time.Second
			if o.isOpen(at) {
				left -= time.Second
			}
		}
		if got := o.c.Sub(b, d); left == 0 && got != at || left > 0 && got > o.first {
			t.Fatalf("Sub(%s, %s) = %s, want %s", b, d, got, at)
		}
	})
}

func TestWorkdaysAgainstCounting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := drawWorld(t)
		a := o.drawMoment(t, "a")
		n := rapid.IntRange(1, 8).Draw(t, "n")
		day := oracleFirst
		for model.Time(day+1)*model.Day <= a {
			day++
		}
		i, left := day, n
		for i+1 < oracleLast && left > 0 {
			i++
			if o.working[i] {
				left--
			}
		}
		if left == 0 {
			if got, want := o.c.AddWorkdays(a, n), model.Time(i+1)*model.Day; got != want {
				t.Fatalf("AddWorkdays(%s, %d) = %s, want %s", a, n, got, want)
			}
			if got, want := o.c.SameTimeWorkdays(a, n), a+model.Time(i-day)*model.Day; got != want {
				t.Fatalf("SameTimeWorkdays(%s, %d) = %s, want %s", a, n, got, want)
			}
		}
		i, left = day, n
		for i-1 >= oracleFirst && left > 0 {
			i--
			if o.working[i] {
				left--
			}
		}
		if left == 0 {
			if got, want := o.c.WorkdaysBefore(a, n), model.Time(i)*model.Day; got != want {
				t.Fatalf("WorkdaysBefore(%s, %d) = %s, want %s", a, n, got, want)
			}
		}
		i = day + n
		for i < oracleLast && !o.working[i] {
			i++
		}
		if i < oracleLast {
			if got, want := o.c.AddCivil(a, n), model.Time(i+1)*model.Day; got != want {
				t.Fatalf("AddCivil(%s, %d) = %s, want %s", a, n, got, want)
			}
		}
	})
}

func TestAddAndBetweenAreInverse(t *testing.T) {
	full, _ := officeHours(t, "08:00-12:00,13:30-17:30", Rules{HolidaysOff: true, MakeUpWork: true})
	rapid.Check(t, func(t *rapid.T) {
		// Thirty years around the range of two.
		a := model.Time(rapid.Int64Range(-5*365*86400, 25*365*86400).Draw(t, "a")) * time.Second
		d := model.Time(rapid.Int64Range(1, 3000*3600).Draw(t, "d")) * time.Second
		u := full.Add(a, d)
		if got := full.Between(a, u); got != d {
			t.Fatalf("Between(a, Add(a, %s)) = %s", d, got)
		}
		if got := full.Between(a, u-time.Second); got != d-time.Second {
			t.Fatalf("Add(a, %s) is not the smallest moment", d)
		}
		v := full.Sub(u, d)
		if v < a || full.Between(v, u) != d || full.Between(v+time.Second, u) == d {
			t.Fatalf("Sub(Add(a, %s), same) = %s, a = %s", d, v, a)
		}
	})
}

func TestAllocations(t *testing.T) {
	full, d := officeHours(t, "08:00-12:00,13:30-17:30", Rules{HolidaysOff: true, MakeUpWork: true})
	var sink model.Time
	at := 100*model.Day + 10*time.Hour
	if n := testing.AllocsPerRun(100, func() {
		sink += full.Add(at, 50*time.Hour) + full.Between(at, 2*at) + full.NextOpen(at) + full.Sub(at, time.Hour)
		sink += full.AddWorkdays(at, 5) + full.AddCivil(at, 5) + full.WorkdaysBefore(at, 3) + full.SameTimeWorkdays(at, 3)
		sink += model.Time(d.MonthIndex(at)) + model.Time(d.Kind(at)) + model.Time(d.HourOfDay(at)) + model.Time(d.MonthIndex(9*at))
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkAdd(b *testing.B) {
	full, _ := officeHours(b, "08:00-18:00", Rules{HolidaysOff: true, MakeUpWork: true})
	for i := 0; b.Loop(); i++ {
		full.Add(model.Time(i%8000)*time.Hour, 24*time.Hour)
	}
}

func BenchmarkBetween(b *testing.B) {
	full, _ := officeHours(b, "08:00-18:00", Rules{HolidaysOff: true, MakeUpWork: true})
	for i := 0; b.Loop(); i++ {
		full.Between(model.Time(i%8000)*time.Hour, model.Time(i%8000+30)*time.Hour)
	}
}
