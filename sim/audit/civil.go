package audit

import (
	"fmt"
	"time"

	"slasim/model"
	"slasim/sim/record"
)

// day is a civil day of the Gregorian calendar, counted from 1970-01-01.
type day int64

// civil is the day of a date. The year is taken to begin in March, so that the leap day comes last and months of
// 31, 30, 31, 30, 31 days repeat: the first day of the m-th month after February is (153·m + 2) / 5 days into the year.
func civil(year, month, date int) day {
	if month < 3 {
		year, month = year-1, month+12
	}
	m := month - 3
	century := floor(year, 100)
	return day(365*year + floor(year, 4) - century + floor(century, 4) + (153*m+2)/5 + date - 1 - 719468)
}

// floor is a/b rounded down, b > 0.
func floor(a, b int) int {
	if a < 0 {
		return -((-a + b - 1) / b)
	}
	return a / b
}

// parseDay reads 2006-01-02.
func parseDay(text string) (day, error) {
	var y, m, d int
	if n, err := fmt.Sscanf(text, "%4d-%2d-%2d", &y, &m, &d); n != 3 || err != nil || len(text) != 10 || m < 1 || m > 12 || d < 1 || d > 31 {
		return 0, fmt.Errorf("%q is not a date of the form 2006-01-02", text)
	}
	at := civil(y, m, d)
	if yy, mm, dd := at.date(); yy != y || mm != m || dd != d {
		return 0, fmt.Errorf("%q is not a day of the calendar", text)
	}
	return at, nil
}

// date finds year, month and day of month by trying: the year from a guess that is never late, then its months.
func (d day) date() (year, month, date int) {
	for year = 1970 + floor(int(d), 366); civil(year+1, 1, 1) <= d; {
		year++
	}
	for civil(year, 1, 1) > d {
		year--
	}
	for month = 12; civil(year, month, 1) > d; {
		month--
	}
	return year, month, int(d-civil(year, month, 1)) + 1
}

// weekday counts from Sunday = 0; 1970-01-01 was a Thursday.
func (d day) weekday() int { return ((int(d)+4)%7 + 7) % 7 }

// DayTable says which hours of which day count. The zero value, or nil, is 24x7.
type DayTable struct {
	start   day // day 0 of the run
	hours   [7][]record.SpanDef
	usual   []record.SpanDef // of a make-up day
	special map[day]string
	off     bool // holidays are closed
	makeUp  bool // make-up days are open
}

// NewDayTable is the table of a calendar for a run that starts at the midnight of a date.
func NewDayTable(startDate string, def *record.CalendarDef) (*DayTable, error) {
	start, err := parseDay(startDate)
	if err != nil {
		return nil, err
	}
	t := &DayTable{start: start, hours: def.Hours, special: map[day]string{}, off: def.HolidaysOff, makeUp: def.MakeUpWork}
	for w := 1; w <= 5 && len(t.usual) == 0; w++ { // Monday to Friday
		t.usual = def.Hours[w]
	}
	for _, d := range def.Days {
		at, err := parseDay(d.Date)
		if err != nil {
			return nil, err
		}
		t.special[at] = d.Kind
	}
	return t, nil
}

// at is the opening hours of the i-th day of the run.
func (t *DayTable) at(i int64) []record.SpanDef {
	d := t.start + day(i)
	w := d.weekday()
	rest := w == 0 || w == 6
	switch kind := t.special[d]; {
	case (kind == "day_off" || kind == "statutory") && t.off:
		return nil
	case kind == "make_up" && t.makeUp && len(t.usual) > 0, kind == "workday" && rest:
		return t.usual
	case kind == "weekend" && !rest:
		return t.hours[0]
	}
	return t.hours[w]
}

// works reports whether the i-th day of the run is a working day: one with opening hours.
func (t *DayTable) works(i int64) bool { return t == nil || len(t.at(i)) > 0 }

// open reports whether a moment is inside opening hours, which are half open.
func (t *DayTable) open(at model.Time) bool {
	if t == nil {
		return true
	}
	i, sec := split(at)
	for _, s := range t.at(i) {
		if s.Open <= sec && sec < s.Close {
			return true
		}
	}
	return false
}

// edge is the next moment after at where opening may change: an opening, a closing or a midnight.
func (t *DayTable) edge(at model.Time) model.Time {
	if t == nil {
		return model.Far
	}
	i, sec := split(at)
	next := int64(secondsOfDay)
	for _, s := range t.at(i) {
		for _, e := range [2]int64{s.Open, s.Close} {
			if e > sec && e < next {
				next = e
			}
		}
	}
	return moment(i, next)
}

// edgeBefore is the last moment before at where opening may change.
func (t *DayTable) edgeBefore(at model.Time) model.Time {
	i, sec := split(at)
	if sec == 0 {
		i, sec = i-1, secondsOfDay
	}
	last := int64(0)
	for _, s := range t.at(i) {
		for _, e := range [2]int64{s.Open, s.Close} {
			if e < sec && e > last {
				last = e
			}
		}
	}
	return moment(i, last)
}

const secondsOfDay = 24 * 60 * 60

// split is the day of the run and the second of that day.
func split(at model.Time) (i, sec int64) {
	s := int64(at / time.Second)
	i = s / secondsOfDay
	if s%secondsOfDay < 0 {
		i--
	}
	return i, s - i*secondsOfDay
}

// moment puts day and second together.
func moment(i, sec int64) model.Time { return model.Time(i*secondsOfDay+sec) * time.Second }
