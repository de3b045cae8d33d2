package calendar

import (
	"sort"
	"time"

	"slasim/model"
)

// Rules says which kinds of days bend the weekly hours of a Calendar.
type Rules struct {
	HolidaysOff bool // closed on days off and statutory holidays; otherwise they are ordinary weekdays
	MakeUpWork  bool // make-up days are worked; otherwise they are the weekend days they fall on
}

// Calendar is compiled opening hours. Nil is open around the clock and every day of it is a working day.
//
// Its working days are the days on which it opens. A make-up day that is worked has the hours of the first
// day from Monday to Friday that has any.
//
// Moments outside the range of its Days follow the week without holidays. All methods take O(log n) in the
// days of the range and allocate nothing. Where there is no answer because it never opens again, they
// return model.Far.
type Calendar struct {
	weekly  [7]hours
	closed  hours
	days    []*hours // of each day of the range
	first   int      // day index of days[0]
	weekday int      // of day 0
	open    prefix   // nanoseconds of opening
	working prefix   // days
}

// Always is open around the clock, every day.
var Always *Calendar

// hours is the opening hours of one day.
type hours struct {
	spans []Span
	total model.Time
}

func newHours(spans []Span) hours {
	h := hours{spans: spans}
	for _, s := range spans {
		h.total += s.Close - s.Open
	}
	return h
}

// until is the open time in [00:00, tod).
func (h *hours) until(tod model.Time) model.Time {
	if tod == 0 {
		return 0
	}
	var sum model.Time
	for _, s := range h.spans {
		if tod <= s.Open {
			break
		}
		sum += min(tod, s.Close) - s.Open
	}
	return sum
}

// New compiles weekly hours over the days.
func New(days *Days, weekly Weekly, rules Rules) *Calendar {
	c := &Calendar{first: days.first, days: make([]*hours, len(days.kinds)), weekday: int(days.weekdayOfDay(0))}
	for w, spans := range weekly {
		c.weekly[w] = newHours(spans)
	}
	usual := &c.closed
	for w := time.Friday; w >= time.Monday; w-- {
		if c.weekly[w].total > 0 {
			usual = &c.weekly[w]
		}
	}
	for k, kind := range days.kinds {
		w := days.weekdayOfDay(days.first + k)
		own := &c.weekly[w]
		c.days[k] = own
		switch kind {
		case Workday: // the user may say so of a weekend day
			if restDay(w) {
				c.days[k] = usual
			}
		case Weekend: // the user may say so of a weekday
			if !restDay(w) {
				c.days[k] = &c.weekly[time.Sunday]
			}
		case DayOff, Statutory:
			if rules.HolidaysOff {
				c.days[k] = &c.closed
			}
		case MakeUp:
			if rules.MakeUpWork && usual.total > 0 {
				c.days[k] = usual
			}
		}
	}
	c.open = c.count(func(h *hours) int64 { return int64(h.total) })
	c.working = c.count(func(h *hours) int64 {
		if h.total > 0 {
			return 1
		}
		return 0
	})
	return c
}

// count adds up a quantity of days.
func (c *Calendar) count(of func(*hours) int64) prefix {
	p := prefix{first: c.first, sum: make([]int64, len(c.days)+1)}
	for k, h := range c.days {
		p.sum[k+1] = p.sum[k] + of(h)
	}
	zero := p.sum[-c.first]
	for k := range p.sum {
		p.sum[k] -= zero
	}
	for k := range 7 {
		p.before[k+1] = p.before[k] + of(&c.weekly[mod(c.weekday+c.first+k, 7)])
		p.after[k+1] = p.after[k] + of(&c.weekly[mod(c.weekday+p.last()+k, 7)])
	}
	return p
}

// hoursOf is the opening hours of day i.
func (c *Calendar) hoursOf(i int) *hours {
	if k := i - c.first; k >= 0 && k < len(c.days) {
		return c.days[k]
	}
	return &c.weekly[mod(c.weekday+i, 7)]
}

// elapsed is the open time in [0, t), negative before 0.
func (c *Calendar) elapsed(t model.Time) model.Time {
	i := dayIndex(t)
	return model.Time(c.open.at(i)) + c.hoursOf(i).until(timeOfDay(t))
}

// reach is the smallest moment u with elapsed(u) ≥ target, where some earlier moment has less.
func (c *Calendar) reach(target model.Time) (model.Time, bool) {
	i, ok := c.open.day(int64(target))
	if !ok || i > int(model.Far/model.Day)-1 {
		return model.Far, ok
	}
	if i < int(model.Unset/model.Day) {
		return model.Unset, false
	}
	need := target - model.Time(c.open.at(i))
	for _, s := range c.hoursOf(i).spans {
		if length := s.Close - s.Open; need > length {
			need -= length
			continue
		}
		return dayStart(i) + s.Open + need, true
	}
	panic("calendar: a day's spans do not add up to its total")
}

// Open reports whether t is inside opening hours.
func (c *Calendar) Open(t model.Time) bool {
	if c == nil {
		return true
	}
	tod := timeOfDay(t)
	for _, s := range c.hoursOf(dayIndex(t)).spans {
		if tod < s.Open {
			return false
		}
		if tod < s.Close {
			return true
		}
	}
	return false
}

// NextOpen is t if it is inside opening hours, else the next opening.
func (c *Calendar) NextOpen(t model.Time) model.Time {
	if c.Open(t) {
		return t
	}
	u, ok := c.reach(c.elapsed(t) + 1)
	if !ok || u == model.Far {
		return model.Far
	}
	return u - 1
}

// Add is the moment when d of open time has passed since t, the smallest one: work that fills the day ends
// at closing time, not at the next opening. It is t if d ≤ 0, model.Far if it never comes.
func (c *Calendar) Add(t, d model.Time) model.Time {
	if c == nil || d <= 0 {
		return plus(t, max(d, 0))
	}
	return c.add(t, d)
}

func (c *Calendar) add(t, d model.Time) model.Time {
	u, ok := c.reach(plus(c.elapsed(t), d))
	if !ok {
		return model.Far
	}
	return u
}

// Sub is the latest moment u with d of open time in [u, t); t if d ≤ 0, model.Unset if there is none.
func (c *Calendar) Sub(t, d model.Time) model.Time {
	if d <= 0 {
		return t
	}
	if c == nil {
		return minus(t, d)
	}
	u, ok := c.reach(minus(c.elapsed(t), d) + 1)
	if !ok {
		return model.Unset
	}
	return u - 1
}

// Between is the open time in [a, b), 0 if b ≤ a.
func (c *Calendar) Between(a, b model.Time) model.Time {
	if b <= a {
		return 0
	}
	if c == nil {
		return minus(b, a)
	}
	return minus(c.elapsed(b), c.elapsed(a))
}

// Working reports whether the day of t is a working day of the calendar.
func (c *Calendar) Working(t model.Time) bool {
	return c == nil || c.hoursOf(dayIndex(t)).total > 0
}

// AddWorkdays is 24:00 of the n-th working day after the day of t; 24:00 of that day itself if n ≤ 0.
func (c *Calendar) AddWorkdays(t model.Time, n int) model.Time {
	i, ok := c.workday(dayIndex(t), max(n, 0))
	if !ok {
		return model.Far
	}
	return dayStart(i + 1)
}

// SameTimeWorkdays is the time of day of t on the n-th working day after the day of t, or before it if n is
// negative; t if n is 0.
func (c *Calendar) SameTimeWorkdays(t model.Time, n int) model.Time {
	i, ok := c.workday(dayIndex(t), n)
	if !ok && n < 0 {
		return model.Unset
	}
	if !ok {
		return model.Far
	}
	return plus(dayStart(i), timeOfDay(t))
}

// WorkdaysBefore is 00:00 of the n-th working day before the day of t; 00:00 of that day itself if n ≤ 0.
// A notice given by then leaves n whole working days, from 00:00 to 24:00, before the day of t: "told three
// working days before the inspection" (S2-53) is read as three whole working days between the notice and
// the day of the visit. It mirrors AddWorkdays, and is stricter than counting the day of the notice as the
// third: for a visit on a Thursday the notice must be out by Sunday 24:00, not by Monday evening.
func (c *Calendar) WorkdaysBefore(t model.Time, n int) model.Time {
	i, ok := c.workday(dayIndex(t), -max(n, 0))
	if !ok {
		return model.Unset
	}
	return dayStart(i)
}

// AddCivil is 24:00 of the n-th day after the day of t, rolled over days that are not worked to 24:00 of
// the next working day. The first day does not count.
func (c *Calendar) AddCivil(t model.Time, n int) model.Time {
	i := dayIndex(t) + max(n, 0)
	if c != nil && c.hoursOf(i).total == 0 {
		var ok bool
		if i, ok = c.workday(i, 1); !ok {
			return model.Far
		}
	}
	return dayStart(i + 1)
}

// CivilBefore is 00:00 of the n-th day before the day of t, rolled back over days that are not worked to
// 00:00 of the working day before them.
func (c *Calendar) CivilBefore(t model.Time, n int) model.Time {
	i := dayIndex(t) - max(n, 0)
	if c != nil && c.hoursOf(i).total == 0 {
		var ok bool
		if i, ok = c.workday(i, -1); !ok {
			return model.Unset
		}
	}
	return dayStart(i)
}

// workday is the n-th working day after day i, the −n-th before it if n < 0, i itself if n is 0.
func (c *Calendar) workday(i, n int) (int, bool) {
	switch {
	case c == nil || n == 0:
		return i + n, true
	case n > 0:
		return c.working.day(c.working.at(i+1) + int64(n))
	default:
		return c.working.day(c.working.at(i) + int64(n) + 1)
	}
}

// prefix sums a quantity over days. Outside its range the week repeats.
type prefix struct {
	first         int      // day index of sum[0]
	sum           []int64  // sum[k] is the sum over the days [0, first+k), negative before day 0
	before, after [8]int64 // running sums of the week that begins on the weekday of first, of last
}

// last is the first day after the range.
func (p *prefix) last() int { return p.first + len(p.sum) - 1 }

// at is the sum over the days [0, i).
func (p *prefix) at(i int) int64 {
	k := i - p.first
	switch {
	case k < 0:
		weeks := floorDiv(int64(k), 7)
		return p.sum[0] + weeks*p.before[7] + p.before[int64(k)-weeks*7]
	case k >= len(p.sum):
		k -= len(p.sum) - 1
		return p.sum[len(p.sum)-1] + int64(k/7)*p.after[7] + p.after[k%7]
	default:
		return p.sum[k]
	}
}

// day is the smallest day i with at(i+1) ≥ target among those with at(i) < target; false if there is none.
func (p *prefix) day(target int64) (int, bool) {
	end := p.sum[len(p.sum)-1]
	switch {
	case target > end:
		return weekDay(p.last(), target-end, &p.after)
	case target <= p.sum[0]:
		return weekDay(p.first, target-p.sum[0], &p.before)
	default:
		return p.first + sort.Search(len(p.sum), func(k int) bool { return p.sum[k] >= target }) - 1, true
	}
}

// weekDay is day for a sum that is 0 at day start and repeats the week.
func weekDay(start int, target int64, week *[8]int64) (int, bool) {
	if week[7] == 0 {
		return 0, false
	}
	weeks := floorDiv(target-1, week[7])
	target -= weeks * week[7]
	k := 0
	for week[k+1] < target {
		k++
	}
	return start + int(weeks)*7 + k, true
}

// plus is a + b, model.Far if that is too far, for b ≥ 0.
func plus(a, b model.Time) model.Time {
	if a > model.Far-b {
		return model.Far
	}
	return a + b
}

// minus is a − b, held within [model.Unset, model.Far].
func minus(a, b model.Time) model.Time {
	switch d := a - b; {
	case b > 0 && d > a:
		return model.Unset
	case b < 0 && d < a:
		return model.Far
	default:
		return d
	}
}
