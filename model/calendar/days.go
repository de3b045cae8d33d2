package calendar

import (
	"fmt"
	"time"

	"slasim/model"
)

// DayKind says what a day is for work and pay.
type DayKind uint8

// Kinds of days.
const (
	Workday   DayKind = iota // an ordinary working day
	Weekend                  // an ordinary Saturday or Sunday
	DayOff                   // off by a holiday arrangement, not statutory
	Statutory                // a statutory holiday
	MakeUp                   // a Saturday or Sunday that is worked (调休)
	numDayKinds
)

var dayKindNames = [numDayKinds]string{"workday", "weekend", "day_off", "statutory", "make_up"}

func (k DayKind) String() string { return dayKindNames[k] }

// DayKinds lists the names; a kind's value is its index.
func DayKinds() []string { return dayKindNames[:] }

// ParseDayKind finds a kind by name.
func ParseDayKind(name string) (DayKind, bool) {
	for i, n := range dayKindNames {
		if n == name {
			return DayKind(i), true
		}
	}
	return 0, false
}

// IsWorkday reports whether the day is worked: an ordinary working day or a make-up day.
func (k DayKind) IsWorkday() bool { return k == Workday || k == MakeUp }

// System names a holiday system.
type System string

// Holiday systems; the empty one is NoHolidays.
const (
	NoHolidays System = "none"
	China      System = "china" // the State Council's calendar
)

// MakeUpRule says what a make-up day counts as.
type MakeUpRule string

// Rules for make-up days; the empty one is MakeUpWorkday.
const (
	MakeUpWorkday MakeUpRule = "workday"
	MakeUpWeekend MakeUpRule = "weekend"
)

// Options of a Days.
type Options struct {
	System System
	MakeUp MakeUpRule
	Extra  map[string]DayKind // what the user says of single dates, written 2006-01-02; it beats the system
}

// Days is the days around the start of a run: what each is, and in which month. Moments outside the
// compiled range are ordinary weekdays and weekends; nothing panics there.
type Days struct {
	start     time.Time // local midnight of day 0
	date0     Date
	month0    int // months since year 0 of day 0
	first     int // day index of kinds[0], ≤ 0
	kinds     []DayKind
	months    []int32 // MonthIndex of each day
	name      []uint8 // index in names of each day
	names     []model.Text
	projected int
}

// NewDays compiles the days [−before, after) around day 0, which begins at start: a local midnight in a
// zone of fixed offset. It panics if start is not a midnight or an option is unknown; Extra must hold dates
// that ParseDate reads, others are never found.
func NewDays(start time.Time, before, after int, opt Options) *Days {
	if h, m, s := start.Clock(); h != 0 || m != 0 || s != 0 || start.Nanosecond() != 0 {
		panic(fmt.Sprintf("calendar: start %s is not a midnight", start))
	}
	if opt.System != "" && opt.System != NoHolidays && opt.System != China {
		panic(fmt.Sprintf("calendar: unknown system %q", opt.System))
	}
	if opt.MakeUp != "" && opt.MakeUp != MakeUpWorkday && opt.MakeUp != MakeUpWeekend {
		panic(fmt.Sprintf("calendar: unknown rule for make-up days %q", opt.MakeUp))
	}
	_, offset := start.Zone()
	start = start.In(time.FixedZone(start.Format("-07:00"), offset))
	n := max(before, 0) + max(after, 0)
	d := &Days{
		start: start, date0: DateOf(start), first: -max(before, 0),
		kinds: make([]DayKind, n), months: make([]int32, n), name: make([]uint8, n), names: make([]model.Text, 1),
	}
	year, month, _ := d.date0.YMD()
	d.month0 = year*12 + int(month) - 1
	for k := range d.kinds {
		date := d.date0 + Date(d.first+k)
		d.kinds[k] = weekdayKind(date.Weekday())
		y, m, _ := date.YMD()
		d.months[k] = int32(y*12 + int(m) - 1 - d.month0)
	}
	if opt.System == China {
		d.china(opt.MakeUp)
	}
	if len(opt.Extra) > 0 {
		for k := range d.kinds {
			if kind, ok := opt.Extra[(d.date0 + Date(d.first+k)).String()]; ok {
				d.kinds[k] = kind
			}
		}
	}
	return d
}

func weekdayKind(w time.Weekday) DayKind {
	if restDay(w) {
		return Weekend
	}
	return Workday
}

// china lays the State Council's calendar over the weeks.
func (d *Days) china(makeUp MakeUpRule) {
	if len(d.kinds) == 0 {
		return
	}
	firstYear, _, _ := (d.date0 + Date(d.first)).YMD()
	lastYear, _, _ := (d.date0 + Date(d.first+len(d.kinds)-1)).YMD()
	for year := firstYear; year <= lastYear; year++ {
		days := statutory(year)
		if year < FirstKnownYear || year > LastKnownYear {
			if d.projected == 0 {
				d.projected = year
			}
			for _, h := range substitutes(days) {
				d.set(h.date, DayOff, h.name)
			}
		}
		for _, h := range days {
			d.set(h.date, Statutory, h.name)
		}
	}
	for _, a := range arrangements() {
		k := int(a.date-d.date0) - d.first
		switch {
		case !a.work && k >= 0 && k < len(d.kinds) && d.kinds[k] == Statutory:
			d.set(a.date, Statutory, a.name)
		case !a.work:
			d.set(a.date, DayOff, a.name)
		case makeUp != MakeUpWeekend:
			d.set(a.date, MakeUp, a.name)
		}
	}
}

func (d *Days) set(date Date, kind DayKind, name model.Text) {
	k := int(date-d.date0) - d.first
	if k < 0 || k >= len(d.kinds) {
		return
	}
	d.kinds[k] = kind
	for i, n := range d.names {
		if n == name {
			d.name[k] = uint8(i)
			return
		}
	}
	d.name[k] = uint8(len(d.names))
	d.names = append(d.names, name)
}

// Projected reports whether the range reaches years whose arrangement is not known: their statutory days
// follow the rule, make-up days and bridge days are missing.
func (d *Days) Projected() bool { return d.projected != 0 }

// ProjectedYear is the first year projected, 0 if none is.
func (d *Days) ProjectedYear() int { return d.projected }

// Kind says what the day of t is.
func (d *Days) Kind(t model.Time) DayKind { return d.KindOfDay(d.Day(t)) }

// KindOfDay says what day i is, 0 being the day of the start.
func (d *Days) KindOfDay(i int) DayKind {
	if k := i - d.first; k >= 0 && k < len(d.kinds) {
		return d.kinds[k]
	}
	return weekdayKind(d.weekdayOfDay(i))
}

// Name is the name of the holiday whose arrangement day i belongs to, empty for other days.
func (d *Days) Name(i int) model.Text {
	if k := i - d.first; k >= 0 && k < len(d.name) {
		return d.names[d.name[k]]
	}
	return model.Text{}
}

// Day is the index of the day of t; day 0 begins at the start, earlier days are negative.
func (d *Days) Day(t model.Time) int { return dayIndex(t) }

func dayIndex(t model.Time) int { return int(floorDiv(int64(t), int64(model.Day))) }

// timeOfDay is the time since the last midnight, in [0, model.Day).
func timeOfDay(t model.Time) model.Time {
	r := t % model.Day
	if r < 0 {
		r += model.Day
	}
	return r
}

// dayStart is the moment day i begins, model.Far if that is too far.
func dayStart(i int) model.Time {
	if i > int(model.Far/model.Day) {
		return model.Far
	}
	return max(model.Time(i), model.Unset/model.Day) * model.Day
}

// DateOfDay is the date of day i.
func (d *Days) DateOfDay(i int) Date { return d.date0 + Date(i) }

// IndexOf is the day index of a date.
func (d *Days) IndexOf(date Date) int { return int(date - d.date0) }

// MonthIndex counts the first days of a month between the start and t: 0 in the month of day 0.
func (d *Days) MonthIndex(t model.Time) int {
	i := d.Day(t)
	if k := i - d.first; k >= 0 && k < len(d.months) {
		return int(d.months[k])
	}
	y, m, _ := d.DateOfDay(i).YMD()
	return y*12 + int(m) - 1 - d.month0
}

// Month is the year and month of t.
func (d *Days) Month(t model.Time) (int, time.Month) {
	m := d.month0 + d.MonthIndex(t)
	return int(floorDiv(int64(m), 12)), time.Month(mod(m, 12) + 1)
}

// MonthStart is the moment month i begins, month 0 being that of day 0; it is negative or 0 for i = 0.
func (d *Days) MonthStart(i int) model.Time {
	m := d.month0 + i
	return dayStart(d.IndexOf(NewDate(int(floorDiv(int64(m), 12)), time.Month(mod(m, 12)+1), 1)))
}

// HourOfDay is the local hour of t, 0 to 23.
func (d *Days) HourOfDay(t model.Time) int {
	return int(timeOfDay(t) / time.Hour)
}

// Weekday is the local day of the week of t.
func (d *Days) Weekday(t model.Time) time.Weekday { return d.weekdayOfDay(d.Day(t)) }

func (d *Days) weekdayOfDay(i int) time.Weekday { return d.DateOfDay(i).Weekday() }

// Date is t as a time.Time in the zone of the start.
func (d *Days) Date(t model.Time) time.Time { return d.start.Add(t) }

// Moment is the inverse of Date.
func (d *Days) Moment(t time.Time) model.Time { return t.Sub(d.start) }
