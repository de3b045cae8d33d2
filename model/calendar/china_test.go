package calendar

import (
	"testing"
	"time"

	"slasim/model"
)

var shanghai = time.FixedZone("CST", 8*60*60) // no summer time since 1991

func china(year, days int, opt Options) *Days {
	opt.System = China
	return NewDays(time.Date(year, 1, 1, 0, 0, 0, 0, shanghai), 0, days, opt)
}

func TestKnownYears(t *testing.T) {
	// Working days: counted in the public tables NateScarlet/holiday-cn and chinese-days, which agree on every
	// day. Statutory days: 11 by decree 644, 13 by decree 795 from 2025; 2023-09-29 is Mid-Autumn. Days off and
	// make-up days: counted in the notices (116 and 26, of which one day off is in 2022).
	off, work := 1, 0
	for _, c := range []struct{ year, workdays, statutory int }{{2023, 249, 11}, {2024, 251, 11}, {2025, 248, 13}, {2026, 248, 13}} {
		d := china(c.year, 366, Options{})
		workdays, statutory, weekdays := 0, 0, 0
		for i := 0; d.DateOfDay(i) < NewDate(c.year+1, 1, 1); i++ {
			kind, w := d.KindOfDay(i), d.DateOfDay(i).Weekday()
			if kind.IsWorkday() {
				workdays++
			}
			if !restDay(w) {
				weekdays++
			}
			switch kind {
			case Statutory:
				statutory++
				off++
			case DayOff:
				off++
			case MakeUp:
				work++
				if !restDay(w) {
					t.Errorf("%s is a make-up day on a %s", d.DateOfDay(i), w)
				}
			case Weekend:
				if !restDay(w) {
					t.Errorf("%s, a %s, is a weekend", d.DateOfDay(i), w)
				}
			}
		}
		if workdays != c.workdays || statutory != c.statutory {
			t.Errorf("%d: %d working and %d statutory days, want %d and %d", c.year, workdays, statutory, c.workdays, c.statutory)
		}
		// The law of the regulation: the arrangements move days but neither give nor take any.
		if workdays != weekdays-c.statutory {
			t.Errorf("%d: %d working days, but %d weekdays less %d", c.year, workdays, weekdays, c.statutory)
		}
	}
	if off != 116 || work != 26 {
		t.Errorf("%d days off and %d make-up days, want 116 and 26", off, work)
	}
}

func TestStatutoryDaysAreInTheArrangements(t *testing.T) {
	off := map[Date]bool{}
	for _, a := range arrangements() {
		off[a.date] = !a.work
	}
	for year := FirstKnownYear; year <= LastKnownYear; year++ {
		for _, h := range statutory(year) {
			if !off[h.date] {
				t.Errorf("%s (%s) is statutory but no notice gives it off", h.date, h.name.En)
			}
		}
	}
}

func TestKinds(t *testing.T) {
	// From the notices of the State Council, except where noted.
	for _, c := range []struct {
		date string
		want DayKind
		name string
	}{
		{"2022-12-31", DayOff, "元旦"}, // in the notice for 2023
		{"2023-09-29", Statutory, "国庆节、中秋节"},
		{"2023-09-30", DayOff, "国庆节、中秋节"},
		{"2024-02-09", Workday, ""}, // the eve was not a holiday by the rule before 2025
		{"2024-02-10", Statutory, "春节"},
		{"2024-02-13", DayOff, "春节"},
		{"2024-05-02", DayOff, "劳动节"},
		{"2025-01-26", MakeUp, "春节"}, // a Sunday
		{"2025-01-27", Workday, ""},
		{"2025-01-28", Statutory, "春节"}, // the eve, by the rule since 2025
		{"2025-01-31", Statutory, "春节"},
		{"2025-02-01", DayOff, "春节"},
		{"2025-02-08", MakeUp, "春节"}, // a Saturday
		{"2025-05-02", Statutory, "劳动节"},
		{"2025-10-06", Statutory, "国庆节、中秋节"}, // Mid-Autumn
		{"2026-03-01", Weekend, ""},
		{"2028-01-25", Statutory, "春节"},  // projected: eve of 2028-01-26
		{"2028-10-03", Statutory, "国庆节"}, // projected: also Mid-Autumn …
		{"2028-10-04", DayOff, "国庆节"},    // … made up for on the next working day
		{"2045-05-01", Statutory, "劳动节"}, // beyond the table of festivals: fixed dates only
	} {
		date, err := ParseDate(c.date)
		if err != nil {
			t.Fatal(err)
		}
		y, m, day := date.YMD()
		d := NewDays(time.Date(y, m, day, 0, 0, 0, 0, shanghai), 1, 2, Options{System: China})
		if got := d.KindOfDay(0); got != c.want || d.Name(0).Zh != c.name {
			t.Errorf("%s is %s %q, want %s %q", c.date, got, d.Name(0).Zh, c.want, c.name)
		}
	}
}

func TestProjectedYearsKeepTheLaw(t *testing.T) {
	// 13 weekdays less than the year has, whatever falls on weekends or on each other.
	for year := 2027; year <= 2040; year++ {
		d := china(year, 366, Options{})
		weekdays, workdays := 0, 0
		for i := 0; d.DateOfDay(i) < NewDate(year+1, 1, 1); i++ {
			if !restDay(d.DateOfDay(i).Weekday()) {
				weekdays++
			}
			if d.KindOfDay(i).IsWorkday() {
				workdays++
			}
		}
		if workdays != weekdays-13 {
			t.Errorf("%d: %d working days, %d weekdays", year, workdays, weekdays)
		}
	}
}

func TestProjected(t *testing.T) {
	for _, c := range []struct {
		year, month, days int
		system            System
		want              int
	}{
		{2026, 1, 365, China, 0},
		{2026, 1, 366, China, 2027},
		{2023, 1, 4, China, 0},
		{2022, 12, 31, China, 2022},
		{2030, 1, 365, NoHolidays, 0},
	} {
		d := NewDays(time.Date(c.year, time.Month(c.month), 1, 0, 0, 0, 0, shanghai), 0, c.days, Options{System: c.system})
		if d.ProjectedYear() != c.want || d.Projected() != (c.want != 0) {
			t.Errorf("%d-%02d + %d days: projected from %d, want %d", c.year, c.month, c.days, d.ProjectedYear(), c.want)
		}
	}
}

func TestMakeUpRuleAndExtra(t *testing.T) {
	d := china(2025, 60, Options{MakeUp: MakeUpWeekend, Extra: map[string]DayKind{"2025-01-28": Workday, "2025-01-06": DayOff}})
	at := func(text string) DayKind {
		date, err := ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		return d.KindOfDay(d.IndexOf(date))
	}
	for date, want := range map[string]DayKind{"2025-01-26": Weekend, "2025-01-28": Workday, "2025-01-06": DayOff, "2025-01-29": Statutory} {
		if got := at(date); got != want {
			t.Errorf("%s is %s, want %s", date, got, want)
		}
	}
}

func TestDaysAgreeWithTime(t *testing.T) {
	// Package time is the oracle, inside the range, outside it and before the start.
	start := time.Date(2024, 2, 1, 0, 0, 0, 0, shanghai)
	d := NewDays(start, 40, 400, Options{})
	for s := -90 * 24; s < 800*24; s += 5 {
		at := model.Time(s)*time.Hour + 59*time.Minute + 59*time.Second
		want := start.Add(at)
		y, m := d.Month(at)
		switch {
		case !d.Date(at).Equal(want), d.Moment(want) != at:
			t.Fatalf("Date(%s) = %s, want %s", at, d.Date(at), want)
		case y != want.Year(), m != want.Month(), d.HourOfDay(at) != want.Hour(), d.Weekday(at) != want.Weekday():
			t.Fatalf("%s: %d-%d %d h %s", want, y, m, d.HourOfDay(at), d.Weekday(at))
		case d.DateOfDay(d.Day(at)).String() != want.Format(time.DateOnly):
			t.Fatalf("%s: day %d is %s", want, d.Day(at), d.DateOfDay(d.Day(at)))
		case d.MonthIndex(at) != (want.Year()-2024)*12+int(want.Month())-2:
			t.Fatalf("%s: month %d", want, d.MonthIndex(at))
		case !d.Date(d.MonthStart(d.MonthIndex(at))).Equal(time.Date(y, m, 1, 0, 0, 0, 0, shanghai)):
			t.Fatalf("%s: month starts %s", want, d.Date(d.MonthStart(d.MonthIndex(at))))
		}
	}
}

func TestParseDayKind(t *testing.T) {
	for i, name := range DayKinds() {
		if k, ok := ParseDayKind(name); !ok || int(k) != i || k.String() != name {
			t.Errorf("%s: %d %v", name, k, ok)
		}
	}
	if _, ok := ParseDayKind("feast"); ok {
		t.Error("feast is a kind of day")
	}
}

func TestNewDaysRefuses(t *testing.T) {
	midnight := time.Date(2025, 1, 1, 0, 0, 0, 0, shanghai)
	for name, f := range map[string]func(){
		"noon":    func() { NewDays(midnight.Add(12*time.Hour), 0, 1, Options{}) },
		"system":  func() { NewDays(midnight, 0, 1, Options{System: "mars"}) },
		"make-up": func() { NewDays(midnight, 0, 1, Options{MakeUp: "maybe"}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}
