package clock

import (
	"fmt"

	"slasim/model"
	"slasim/model/calendar"
)

// Eval computes one clock from the milestones ms of its subject, its pauses (in any order, they may overlap;
// an open one ends at model.Far) and the end of observation. Whatever lies after end has not happened.
//
// The clock runs in [Start, Stop); what lies in a pause or, for Business, outside opening hours does not
// count. The limit is kept if what counted is at most the span: a stop in closed hours or in a pause right
// after the limit is reached is still in time, because nothing has counted since. A stop before the
// (shifted) start has counted nothing. The day limits are spans of clock time from Start to their day's end.
//
// Moot before the stop ends the clock there; at the same moment the stop counts. A clock that is moot or
// still running when observation ends is breached if what counted no longer keeps the limit. A measure (NoLimit) is Met
// with its Elapsed once stopped; its Due is model.Far.
func Eval(s *Spec, lim Limit, ms []model.Time, pauses []model.Interval, end model.Time) (o Outcome) {
	o.Eval(s, &lim, ms, pauses, end)
	return o
}

// Eval is the function of that name, in place: it sets all of o.
func (o *Outcome) Eval(s *Spec, lim *Limit, ms []model.Time, pauses []model.Interval, end model.Time) {
	start := s.Start.at(ms)
	if start == model.Unset || start > end {
		o.set(NotStarted, model.Unset, model.Unset, model.Unset, 0)
		return
	}
	stop := s.Stop.at(ms)
	if stop > end {
		stop = model.Unset
	}
	moot := s.Moot.at(ms)
	if moot > end || stop != model.Unset && moot >= stop {
		moot = model.Unset
	}
	if lim.Before {
		*o = s.notice(lim, start, stop, moot)
		return
	}
	if s.Shift {
		start = s.Calendar.NextOpen(start)
	}
	until := end
	switch {
	case moot != model.Unset:
		until = moot
	case stop != model.Unset:
		until = stop
	}

	c := s.counter(lim.Mode)
	span := s.span(lim, start)
	var elapsed, due model.Time
	if len(pauses) == 0 || s.Pauses == 0 {
		elapsed = c.Between(start, until)
		due = c.Add(start, span)
	} else {
		r := running{pauses, s.Pauses, until, model.Far}
		elapsed = r.elapsed(c, start)
		due = r.reach(c, start, span)
	}
	if lim.Mode == NoLimit {
		due = model.Far
	}

	var state State
	switch {
	case lim.Mode != NoLimit && !lim.keeps(elapsed, span):
		state = Breached
	case moot != model.Unset:
		state = Cancelled
	case stop != model.Unset:
		state = Met
	default:
		state = Censored
	}
	o.set(state, start, stop, due, elapsed)
}

// Plain reports whether a clock runs from one milestone to one other and nothing but a pause can keep it from running.
func (s *Spec) Plain() bool {
	return len(s.Start.Of) == 1 && len(s.Stop.Of) == 1 && len(s.Moot.Of) == 0 && !s.Shift
}

// Wall is Eval of a plain clock with a limit of wall time or none, start and stop being its milestones, if no pause lies on
// it. Nearly all clocks are such.
func (o *Outcome) Wall(lim *Limit, start, stop, end model.Time) {
	if start == model.Unset || start > end {
		o.set(NotStarted, model.Unset, model.Unset, model.Unset, 0)
		return
	}
	state, until := Met, stop
	if stop == model.Unset || stop > end {
		state, stop, until = Censored, model.Unset, end
	}
	elapsed := max(until-start, 0)
	due := model.Far
	if lim.Mode != NoLimit {
		due = start + lim.Span
		if !lim.keeps(elapsed, lim.Span) {
			state = Breached
		}
	}
	o.set(state, start, stop, due, elapsed)
}

func (o *Outcome) set(state State, start, stop, due, elapsed model.Time) {
	o.State, o.Start, o.Stop, o.Due, o.Elapsed = state, start, stop, due, elapsed
}

// Due is the moment the limit will be reached as far as is known at now; false if the clock has not
// started by then or has no limit. A pause that began by now counts up to its End, even a future one: while
// a pause is open (End is model.Far) a deadline not yet reached is model.Far. The stop is not looked at.
func Due(s *Spec, lim Limit, ms []model.Time, pauses []model.Interval, now model.Time) (model.Time, bool) {
	start := s.Start.at(ms)
	if lim.Mode == NoLimit || start == model.Unset || start > now {
		return model.Far, false
	}
	if lim.Before {
		return s.latestNotice(&lim, start), true
	}
	if s.Shift {
		start = s.Calendar.NextOpen(start)
	}
	c := s.counter(lim.Mode)
	span := s.span(&lim, start)
	if len(pauses) == 0 || s.Pauses == 0 {
		return c.Add(start, span), true
	}
	r := running{pauses, s.Pauses, model.Far, now}
	return r.reach(c, start, span), true
}

// keeps is the one place that says what "within the limit" means.
func (l *Limit) keeps(elapsed, span model.Time) bool {
	return elapsed < span || elapsed == span && !l.Strict
}

// at is the moment of the event, model.Unset if it has not happened.
func (e *Event) at(ms []model.Time) model.Time {
	switch len(e.Of) {
	case 0:
		return model.Unset
	case 1:
		return ms[e.Of[0]]
	}
	return e.ofSeveral(ms)
}

func (e *Event) ofSeveral(ms []model.Time) model.Time {
	at := model.Unset
	for _, m := range e.Of {
		switch t := ms[m]; {
		case t == model.Unset:
			if e.Last {
				return model.Unset
			}
		case at == model.Unset, e.Last && t > at, !e.Last && t < at:
			at = t
		}
	}
	return at
}

// counter is the calendar whose open time counts.
func (s *Spec) counter(m Mode) *calendar.Calendar {
	if m == Business {
		return s.Calendar
	}
	return calendar.Always
}

// Counts is what counts in [a, b) for a limit, pauses aside.
func (s *Spec) Counts(lim *Limit, a, b model.Time) model.Time {
	return s.counter(lim.Mode).Between(a, b)
}

// span is how much may count from start until the limit is reached.
func (s *Spec) span(lim *Limit, start model.Time) model.Time {
	if lim.Mode <= Business {
		return lim.Span
	}
	return s.daySpan(lim, start)
}

func (s *Spec) daySpan(lim *Limit, start model.Time) model.Time {
	var due model.Time
	switch lim.Mode {
	case Workdays:
		due = s.Calendar.AddWorkdays(start, int(lim.N))
	case WorkdayHours:
		due = s.Calendar.SameTimeWorkdays(start, int(lim.N))
	case Civil:
		due = s.Calendar.AddCivil(start, int(lim.N))
	default:
		panic(fmt.Sprintf("clock: unknown mode %d", lim.Mode))
	}
	return calendar.Always.Between(start, due)
}

// notice judges a limit that must be kept before the start event: the stop has to come at least the limit
// earlier. Elapsed is the lead the notice gave: open time for Business, else clock time. Pauses and shifts
// have no part in it. A visit without a notice is a breach; a measure of it is Censored.
func (s *Spec) notice(lim *Limit, start, stop, moot model.Time) Outcome {
	out := Outcome{State: Breached, Start: start, Stop: stop, Due: model.Far}
	if lim.Mode != NoLimit {
		out.Due = s.latestNotice(lim, start)
	}
	if stop != model.Unset {
		out.Elapsed = s.counter(lim.Mode).Between(stop, start)
	}
	switch {
	case moot != model.Unset && moot <= start:
		out.State = Cancelled
	case stop != model.Unset && (stop < out.Due || stop == out.Due && !lim.Strict):
		out.State = Met
	case lim.Mode == NoLimit:
		out.State = Censored
	}
	return out
}

// latestNotice is the latest moment that lies at least the limit before start.
func (s *Spec) latestNotice(lim *Limit, start model.Time) model.Time {
	switch lim.Mode {
	case Wall, Business:
		return s.counter(lim.Mode).Sub(start, lim.Span)
	case Workdays:
		return s.Calendar.WorkdaysBefore(start, int(lim.N))
	case WorkdayHours:
		return s.Calendar.SameTimeWorkdays(start, -int(lim.N))
	case Civil:
		return s.Calendar.CivilBefore(start, int(lim.N))
	default:
		return model.Far
	}
}

// running walks the stretches of a clock that are not paused. Pauses count up to until; those that start
// after known are not known yet.
type running struct {
	pauses       []model.Interval
	kinds        model.KindSet
	until, known model.Time
}

// next is the first unpaused stretch [a, b) at or after t, with b ≤ until. There are few pauses, and
// looking at all of them again is quicker than sorting and needs no memory. An empty pause cuts a stretch
// in two, which changes no sum.
func (r *running) next(t model.Time) (a, b model.Time) {
	a, b = t, r.until
	for moved := true; moved && a < r.until; {
		moved = false
		for i := range r.pauses {
			p := &r.pauses[i]
			if p.Start <= a && a < p.End && r.kinds.Has(p.Kind) && p.Start <= r.known {
				a = min(p.End, r.until)
				moved = true
			}
		}
	}
	for i := range r.pauses {
		p := &r.pauses[i]
		if a < p.Start && p.Start < b && r.kinds.Has(p.Kind) && p.Start <= r.known {
			b = p.Start
		}
	}
	return a, b
}

// elapsed is what counts by c in [start, until).
func (r *running) elapsed(c *calendar.Calendar, start model.Time) model.Time {
	var sum model.Time
	for t := start; t < r.until; {
		a, b := r.next(t)
		sum += c.Between(a, b)
		t = b
	}
	return sum
}

// reach is the smallest moment at which span has counted by c since start.
func (r *running) reach(c *calendar.Calendar, start, span model.Time) model.Time {
	if span <= 0 {
		return start
	}
	for t := start; t < r.until; {
		a, b := r.next(t)
		n := c.Between(a, b)
		if n >= span {
			return c.Add(a, span)
		}
		span -= n
		t = b
	}
	return c.Add(max(start, r.until), span)
}
