package audit

import (
	"fmt"
	"time"

	"slasim/model"
	"slasim/sim/record"
)

// State is how a clock ended; the values are those of clocks.parquet.
type State string

// States. A clock that is NotStarted is not in the record.
const (
	NotStarted State = "not_started"
	Met        State = "met"
	Breached   State = "breached"
	Cancelled  State = "cancelled"
	Censored   State = "censored"
)

// ClockResult is one clock. Times are since second 0 of the run: Stop is model.Unset if it did not stop, Due is
// model.Far without a limit.
type ClockResult struct {
	State                     State
	Start, Stop, Due, Elapsed model.Time
}

// searchYears is how far a moment is looked for that may never come.
const searchYears = 50

// event is an EventDef with its milestones by number.
type event struct {
	of   []model.Milestone
	last bool
}

func newEvent(of model.Subject, def record.EventDef) (event, error) {
	e := event{last: def.Last}
	for _, name := range def.Of {
		m, ok := of.ParseMilestone(name)
		if !ok {
			return e, fmt.Errorf("a %s has no milestone %q", of, name)
		}
		e.of = append(e.of, m)
	}
	return e, nil
}

// at is when the event happened, false if it did not by the end.
func (e *event) at(s *record.Subject) (model.Time, bool) {
	var times []model.Time
	var few [4]model.Time
	times = few[:0]
	for _, m := range e.of {
		if t := s.Milestones[m]; t != model.Unset {
			times = append(times, t)
		}
	}
	if len(times) == 0 || e.last && len(times) < len(e.of) {
		return 0, false
	}
	best := times[0]
	for _, t := range times {
		if e.last && t > best || !e.last && t < best {
			best = t
		}
	}
	return best, best <= s.End
}

// rule is a clause's clock ready to run.
type rule struct {
	of                model.Subject
	start, stop, moot event
	pauses            [model.NumIntervalKinds]bool
	days              *DayTable
	shift             bool
}

func newRule(def *record.ClauseDef, days *DayTable) (*rule, error) {
	of, ok := model.ParseSubject(def.Of)
	if !ok {
		return nil, fmt.Errorf("clause %s: no kind of subject %q", def.ID, def.Of)
	}
	r := &rule{of: of, days: days, shift: def.Shift}
	for _, x := range []struct {
		to  *event
		def record.EventDef
	}{{&r.start, def.Start}, {&r.stop, def.Stop}, {&r.moot, def.Moot}} {
		var err error
		if *x.to, err = newEvent(of, x.def); err != nil {
			return nil, fmt.Errorf("clause %s: %w", def.ID, err)
		}
	}
	for _, name := range def.Pauses {
		k, ok := model.ParseIntervalKind(name)
		if !ok {
			return nil, fmt.Errorf("clause %s: no kind of interval %q", def.ID, name)
		}
		r.pauses[k] = true
	}
	return r, nil
}

// EvalClock computes the clock of a clause for a subject and a cell of the clause's table of limits. Days are the
// clause's calendar, nil for 24x7. It needs nothing but plain data and serves real tickets too.
func EvalClock(def *record.ClauseDef, limit record.LimitDef, days *DayTable, s *record.Subject) (ClockResult, error) {
	r, err := newRule(def, days)
	if err != nil {
		return ClockResult{}, err
	}
	return r.eval(&limit, s)
}

// eval cuts the time of the clock at every moment where something may change and asks of each piece whether it counts.
func (r *rule) eval(limit *record.LimitDef, s *record.Subject) (ClockResult, error) {
	none := ClockResult{State: NotStarted, Start: model.Unset, Stop: model.Unset, Due: model.Far}
	start, started := r.start.at(s)
	if !started {
		return none, nil
	}
	stop, stopped := r.stop.at(s)
	moot, isMoot := r.moot.at(s)
	if isMoot && stopped && moot >= stop { // too late to matter
		isMoot = false
	}
	if limit.Before {
		return r.notice(limit, start, stop, stopped, moot, isMoot)
	}
	if r.shift && !r.days.open(start) {
		start = r.opening(start)
	}
	p := pieces{rule: r, subject: s, finish: s.End, business: limit.Mode == "business"}
	switch {
	case isMoot:
		p.finish = moot
	case stopped:
		p.finish = stop
	}
	out := ClockResult{Start: start, Stop: model.Unset, Due: model.Far, Elapsed: p.counted(start, p.finish)}
	if stopped {
		out.Stop = stop
	}
	late := false
	if limit.Mode != "none" {
		span, err := r.span(limit, start)
		if err != nil {
			return none, err
		}
		out.Due = p.reach(start, span)
		// Late is what counts after the limit was reached; for a strict limit, reaching it.
		late = out.Due != model.Far && (p.counted(out.Due, p.finish) > 0 || limit.Strict && max(p.finish, start) >= out.Due)
	}
	switch {
	case late:
		out.State = Breached
	case isMoot:
		out.State = Cancelled
	case stopped:
		out.State = Met
	default:
		out.State = Censored
	}
	return out, nil
}

// opening is the next moment inside opening hours.
func (r *rule) opening(at model.Time) model.Time {
	for until := at + searchYears*model.Year; at < until; at = r.days.edge(at) {
		if r.days.open(at) {
			return at
		}
	}
	return model.Far
}

// pieces is the time of one clock, cut where a pause begins or ends and, if only opening hours count, where they do.
// Pauses are known up to the finish: stop, moot or the end of observation.
type pieces struct {
	rule     *rule
	subject  *record.Subject
	finish   model.Time
	business bool
}

// counts says whether the piece that begins at t counts.
func (p *pieces) counts(t model.Time) bool {
	if p.business && !p.rule.days.open(t) {
		return false
	}
	if t >= p.finish {
		return true
	}
	for _, v := range p.subject.Intervals {
		if p.rule.pauses[v.Kind] && v.Start <= t && t < v.End {
			return false
		}
	}
	return true
}

// next is where the piece that begins at t ends.
func (p *pieces) next(t model.Time) model.Time {
	n := model.Far
	if t < p.finish {
		n = p.finish
		for _, v := range p.subject.Intervals {
			if !p.rule.pauses[v.Kind] {
				continue
			}
			for _, e := range [2]model.Time{v.Start, v.End} {
				if e > t && e < n {
					n = e
				}
			}
		}
	}
	if p.business {
		n = min(n, p.rule.days.edge(t))
	}
	return n
}

// counted is how much of [from, until) counts.
func (p *pieces) counted(from, until model.Time) (sum model.Time) {
	for t := from; t < until; {
		n := min(p.next(t), until)
		if p.counts(t) {
			sum += n - t
		}
		t = n
	}
	return sum
}

// reach is the first moment at which span has counted since from.
func (p *pieces) reach(from, span model.Time) model.Time {
	if span <= 0 {
		return from
	}
	if span == model.Far || from == model.Far {
		return model.Far
	}
	for t := from; t < from+searchYears*model.Year; {
		n := p.next(t)
		if p.counts(t) {
			if n-t >= span {
				return t + span
			}
			span -= n - t
		}
		t = n
	}
	return model.Far
}

// span is how much may count from the start. Limits in days end at a moment of the calendar; the time from the start
// to it is what may count, by the clock on the wall.
func (r *rule) span(limit *record.LimitDef, start model.Time) (model.Time, error) {
	if start == model.Far {
		return model.Far, nil
	}
	i, sec := split(start)
	switch limit.Mode {
	case "wall", "business":
		return model.Time(limit.Span) * time.Second, nil
	case "workdays":
		i = r.walk(i, limit.Days, 1)
		return moment(i, secondsOfDay) - start, nil
	case "workday_hours":
		i = r.walk(i, limit.Days, 1)
		return moment(i, sec) - start, nil
	case "civil":
		for i += int64(limit.Days); !r.days.works(i); {
			i++
		}
		return moment(i, secondsOfDay) - start, nil
	}
	return 0, fmt.Errorf("no limit of the mode %q", limit.Mode)
}

// walk goes n working days from day i, day by day, in steps of ±1. Day i itself is not looked at.
func (r *rule) walk(i int64, n int32, step int64) int64 {
	for far := int64(searchYears * 366); n > 0 && far > 0; far-- {
		i += step
		if r.days.works(i) {
			n--
		}
	}
	return i
}

// notice judges a stop that must come at least the limit before the start event; without it by then the clock is late.
// Pauses and shifts have no part in it.
func (r *rule) notice(limit *record.LimitDef, start, stop model.Time, stopped bool, moot model.Time, isMoot bool) (ClockResult, error) {
	out := ClockResult{State: Breached, Start: start, Stop: model.Unset, Due: model.Far}
	i, sec := split(start)
	switch limit.Mode {
	case "none":
	case "wall":
		out.Due = start - model.Time(limit.Span)*time.Second
	case "business":
		out.Due = r.back(start, model.Time(limit.Span)*time.Second)
	case "workdays":
		out.Due = moment(r.walk(i, limit.Days, -1), 0)
	case "workday_hours":
		out.Due = moment(r.walk(i, limit.Days, -1), sec)
	case "civil":
		for i -= int64(limit.Days); !r.days.works(i); {
			i--
		}
		out.Due = moment(i, 0)
	default:
		return out, fmt.Errorf("no limit of the mode %q", limit.Mode)
	}
	if stopped {
		out.Stop = stop
		p := pieces{rule: r, subject: &record.Subject{}, finish: model.Unset, business: limit.Mode == "business"}
		out.Elapsed = p.counted(stop, start)
	}
	switch {
	case isMoot && moot <= start:
		out.State = Cancelled
	case stopped && (stop < out.Due || stop == out.Due && !limit.Strict):
		out.State = Met
	case limit.Mode == "none": // a measure is never late
		out.State = Censored
	}
	return out, nil
}

// back is the latest moment from which span of opening hours lies before at.
func (r *rule) back(at, span model.Time) model.Time {
	if r.days == nil {
		return at - span
	}
	for t, far := at, at-searchYears*model.Year; t > far; {
		if span <= 0 {
			return t
		}
		e := r.days.edgeBefore(t)
		if r.days.open(e) {
			if t-e >= span {
				return t - span
			}
			span -= t - e
		}
		t = e
	}
	return model.Far
}
