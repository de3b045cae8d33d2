package judge

import (
	"time"

	"slasim/model"
	"slasim/model/clock"
	"slasim/model/trail"
)

// noState is the reason of time that no interval of the ticket explains.
const noState = int(model.NumIntervalKinds)

// million is the unit of shares of time that are added as integers.
const million = 1_000_000

// reasons sums the shares of the time of late clocks by state: millionths of each clock's time.
type reasons struct {
	late  int64 // clocks
	parts [model.NumIntervalKinds + 1]int64
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
			m[reasonName(i)] = float64(v) / float64(r.late) / million
		}
	}
	return m
}

func reasonName(i int) string {
	if i == noState {
		return "other"
	}
	return model.IntervalKind(i).String()
}

// add books one late clock: every instant from its start to its stop (or to when it was moot, or to the end of
// observation) outside its pauses has one state, by DESIGN § 14 the first of those that hold. A customer's wait
// that this clause does not take out is named only where no state of ours holds.
func (r *reasons) add(spec *clock.Spec, s *trail.Subject, out *clock.Outcome) {
	var spent [model.NumIntervalKinds + 1]model.Time
	end := stopOf(spec, s, out)
	var total model.Time
	for t := out.Start; t < end; {
		next, state, paused := end, noState, false
		for i := range s.Intervals {
			v := &s.Intervals[i]
			switch {
			case v.End <= t:
			case v.Start > t:
				next = min(next, v.Start)
			default:
				next = min(next, v.End)
				paused = paused || spec.Pauses.Has(v.Kind)
				if before(int(v.Kind), state) {
					state = int(v.Kind)
				}
			}
		}
		if !paused {
			spent[state] += next - t
			total += next - t
		}
		t = next
	}
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

// before reports whether kind a names the reason rather than b: states of ours in their order, then customers' waits.
func before(a, b int) bool {
	first := int(model.FirstState)
	switch {
	case b == noState:
		return true
	case (a >= first) != (b >= first):
		return a >= first
	default:
		return a < b
	}
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
