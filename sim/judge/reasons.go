package judge

import (
	"math/bits"
	"slices"
	"time"

	"slasim/model"
	"slasim/model/clock"
	"slasim/model/trail"
)

// NoState is the state of time that no interval of the ticket explains.
const NoState = int(model.NumIntervalKinds)

// States are all that an instant of a clock can be spent on: the kinds of intervals, then NoState.
const States = NoState + 1

// million is the unit of shares of time that are added as integers.
const million = 1_000_000

// reasons sums the shares of the time of late clocks by state: millionths of each clock's time.
type reasons struct {
	late  int64 // clocks
	parts [States]int64
}

func (r *reasons) merge(o *reasons) {
	r.late += o.late
	for i, v := range o.parts {
		r.parts[i] += v
	}
}

// mean is the mean share of each state over the late clocks; nil without any.
func (r *reasons) mean() map[string]float64 {
	if r.late == 0 {
		return nil
	}
	m := make(map[string]float64)
	for i, v := range r.parts {
		if v != 0 {
			m[StateName(i)] = float64(v) / float64(r.late) / million
		}
	}
	return m
}

// StateName is the code of a state.
func StateName(i int) string {
	if i == NoState {
		return "other"
	}
	return model.IntervalKind(i).String()
}

// add books one late clock: every instant that counts, from its start to its stop (or to when it was moot, or to the end
// of observation), has one state, by DESIGN § 14 the first of those that hold. A customer's wait that this clause does
// not take out is named only where no state of ours holds.
func (r *reasons) add(spec *clock.Spec, lim *clock.Limit, s *trail.Subject, out *clock.Outcome) {
	spent, total := Spent(spec, lim, s, out)
	if total < time.Second {
		return
	}
	// Cumulative rounding: the parts of a clock add up to a million exactly.
	r.late++
	var sum model.Time
	done := int64(0)
	for i, d := range spent {
		sum += d
		upTo := int64(sum/time.Second) * million / int64(total/time.Second)
		r.parts[i] += upTo - done
		done = upTo
	}
}

// Spent is the time of a clock by state, and all of it.
func Spent(spec *clock.Spec, lim *clock.Limit, s *trail.Subject, out *clock.Outcome) (by [States]model.Time, total model.Time) {
	Stretches(spec, lim, s, out, func(x Stretch) {
		by[StateOf(x.Kinds)] += x.Counts
		total += x.Counts
	})
	return by, total
}

// Stretch is a span of a clock outside its pauses through which the same intervals hold.
type Stretch struct {
	Start, End model.Time
	Counts     model.Time    // of it: open time if the limit is in business time, else all
	Kinds      model.KindSet // that hold
}

// Stretches calls fn with the stretches of a clock of s in their order. Up to the arrival nobody who is on his way, or is
// waited for, waits for the part that comes after him: there a clock that ends by then does not name it.
func Stretches(spec *clock.Spec, lim *clock.Limit, s *trail.Subject, out *clock.Outcome, fn func(Stretch)) {
	const part = model.KindSet(1) << model.NoPart
	end := stopOf(spec, s, out)
	arrives := s.Kind == model.SubjectTicket && !slices.ContainsFunc(spec.Stop.Of, func(m model.Milestone) bool { return m > model.Arrived })
	for t := out.Start; t < end; {
		next, kinds := end, model.KindSet(0)
		for i := range s.Intervals {
			v := &s.Intervals[i]
			switch {
			case v.End <= t:
			case v.Start > t:
				next = min(next, v.Start)
			default:
				next = min(next, v.End)
				kinds = kinds.With(v.Kind)
			}
		}
		if arrives && kinds != part {
			kinds &^= part
		}
		if kinds&spec.Pauses == 0 {
			fn(Stretch{t, next, spec.Counts(lim, t, next), kinds})
		}
		t = next
	}
}

// StateOf names what an instant at which these kinds hold is spent on: the first state of ours, else the first of the
// customer's waits, else NoState.
func StateOf(kinds model.KindSet) int {
	const ours = ^(model.KindSet(1)<<model.FirstState - 1)
	switch {
	case kinds&ours != 0:
		return bits.TrailingZeros32(uint32(kinds & ours))
	case kinds != 0:
		return bits.TrailingZeros32(uint32(kinds))
	}
	return NoState
}

// stopOf is when a clock stopped to run: at its stop, when it was moot, or at the end of observation.
func stopOf(spec *clock.Spec, s *trail.Subject, out *clock.Outcome) model.Time {
	end := s.End
	if out.Stop != model.Unset {
		end = min(end, out.Stop)
	}
	if m := firstOf(&spec.Moot, s.Milestones); m != model.Unset {
		end = min(end, m)
	}
	return end
}

// firstOf is the moment of an event, model.Unset if it has not happened.
func firstOf(e *clock.Event, ms []model.Time) model.Time {
	at := model.Unset
	for _, m := range e.Of {
		switch t := ms[m]; {
		case t == model.Unset && e.Last:
			return model.Unset
		case t == model.Unset:
		case at == model.Unset, e.Last == (t > at):
			at = t
		}
	}
	return at
}
