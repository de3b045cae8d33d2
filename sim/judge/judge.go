package judge

import (
	"slices"
	"time"

	"slasim/model"
	"slasim/model/clock"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/sim/stats"
)

// Judge evaluates every clock of every subject a replication hands over. It belongs to one worker: Reset before a
// replication, Rep after it. Judging allocates nothing but a histogram at the first span it holds.
type Judge struct {
	// CountsOnly leaves out spans, reasons and their memory; verdicts and money stay.
	CountsOnly bool
	// Clocks receives every clock that started, for a record; nil for none.
	Clocks ClockLog

	ix      *index
	rep     int32
	section int // of rep
	clauses []Count
	rows    []Count
	final   []Count
	tally   *tally
}

// ClockLog keeps the simulator's own result of every clock, so that an audit can compare.
type ClockLog interface {
	Clock(kind model.Subject, ordinal, clause, period int32, o clock.Outcome)
}

// Count is how clocks ended.
type Count struct{ Met, Breached, Cancelled, Censored int32 }

// tally is what need not be told apart by replication; integers, so that the order of merging does not matter.
type tally struct {
	spans   []stats.Histogram // promise × section
	rows    []stats.Histogram // row
	reasons []reasons         // promises, then rows
	near    []int64           // promises, then rows: clocks met by somebody sent from elsewhere than his base

	compared *compared // nil unless a history is compared
}

// New is a judge of the clauses of w.
func New(w *world.World) *Judge {
	ix := newIndex(w)
	return &Judge{
		ix: ix, clauses: make([]Count, ix.clauseCells), rows: make([]Count, ix.rowCells), final: make([]Count, ix.finals),
		tally: newTally(ix),
	}
}

func newTally(ix *index) *tally {
	n := len(ix.promises)
	return &tally{
		spans: make([]stats.Histogram, n*stats.Sections), rows: make([]stats.Histogram, ix.rows),
		reasons: make([]reasons, n+int(ix.rows)), near: make([]int64, n+int(ix.rows)), compared: newCompared(ix),
	}
}

// OnlyTargets leaves the clocks of clauses without a target alone, before the first replication: their figures are those of no
// event. Verdicts that depend on events, penalties and all counts of the others stay.
func (j *Judge) OnlyTargets() {
	for k := range j.ix.by {
		g := &j.ix.by[k]
		g.promises, g.pauses = slices.DeleteFunc(g.promises, func(p *promise) bool { return !p.hasTarget() }), 0
		for _, p := range g.promises {
			g.pauses |= p.pauses
		}
	}
}

// Reset starts replication rep.
func (j *Judge) Reset(rep int32) {
	j.rep, j.section = rep, stats.SectionOf(int(rep))
	clear(j.clauses)
	clear(j.rows)
	clear(j.final)
}

// Subject judges all clauses whose scope holds s. It implements trail.Sink.
func (j *Judge) Subject(s *trail.Subject) {
	if s.Discarded || s.Contract < 0 {
		return
	}
	g := &j.ix.by[int(s.Contract)*int(model.NumSubjects)+int(s.Kind)]
	var pauses model.KindSet // of s, if any clause asks
	if g.pauses != 0 {
		for i := range s.Intervals {
			pauses = pauses.With(s.Intervals[i].Kind)
		}
	}
	for _, p := range g.promises {
		if p.start >= 0 && s.Milestones[p.start] == model.Unset || !p.all && !s.In(&p.c.Scope) {
			continue
		}
		rank := s.Severity(p.c.Scope.By)
		var out clock.Outcome
		p.eval(&out, s, rank, pauses)
		if out.State != clock.NotStarted {
			j.count(p, s, rank, &out)
		}
		if p.final >= 0 {
			if s.Final != s.Declared {
				p.eval(&out, s, int(s.Final), pauses)
			}
			count(&j.final[p.final], out.State)
		}
	}
}

// eval sets out to the clock of s, which has intervals of these kinds, if it had severity rank r; not started if the clause
// says nothing about that rank.
func (p *promise) eval(out *clock.Outcome, s *trail.Subject, r int, kinds model.KindSet) {
	out.State = clock.NotStarted
	if set := p.c.Scope.Severities; set != 0 && (r < 1 || set&(1<<(r-1)) == 0) {
		return
	}
	lim, ok := p.limit(r, s.Band)
	switch {
	case !ok:
	case p.stop >= 0 && p.pauses&kinds == 0:
		out.Wall(lim, s.Milestones[p.start], s.Milestones[p.stop], s.End)
	default:
		out.Eval(&p.c.Clock, lim, s.Milestones, s.Intervals, s.End)
	}
}

// count books the outcome under the clause and its rows.
func (j *Judge) count(p *promise, s *trail.Subject, rank int, out *clock.Outcome) {
	period := int32(0)
	if p.periods > 1 {
		period = j.ix.period(p, out.Start)
	}
	if j.Clocks != nil {
		j.Clocks.Clock(s.Kind, s.ID, p.id, int32(period), *out)
	}
	count(&j.clauses[p.first+period], out.State)
	var list [3]int32
	at := list[:0]
	if len(p.rows) > 0 {
		at = list[:p.rowsOf(&list, s, rank)]
	}
	for _, r := range at {
		count(&j.rows[p.cell0+r*p.periods+period], out.State)
	}
	if s.Recorded > 0 && p.id+1 == j.ix.w.Compared && !j.CountsOnly {
		if h := &j.ix.w.History[s.Recorded-1]; h.Resolved >= 0 {
			j.tally.compared.add(s, h.Severity, out)
		}
	}
	if p.sentOn && out.State == clock.Met && sentOn(s, out.Start) {
		j.tally.near[p.id]++
		for _, r := range at {
			j.tally.near[len(j.ix.promises)+int(p.row0+r)]++
		}
	}
	if j.CountsOnly || out.State != clock.Met && out.State != clock.Breached {
		return
	}
	seconds := int64(out.Elapsed / time.Second)
	j.tally.spans[int(p.id)*stats.Sections+j.section].Add(seconds)
	for _, r := range at {
		j.tally.rows[p.row0+r].Add(seconds)
	}
	if out.State == clock.Breached && !p.measure {
		j.explain(p, s, rank, out, at)
	}
}

// explain books why a clock was late under the clause and its rows.
func (j *Judge) explain(p *promise, s *trail.Subject, rank int, out *clock.Outcome, at []int32) {
	var why reasons
	lim, _ := p.limit(rank, s.Band)
	why.add(&p.c.Clock, lim, s, out)
	j.tally.reasons[p.id].merge(&why)
	for _, r := range at {
		j.tally.reasons[len(j.ix.promises)+int(p.row0+r)].merge(&why)
	}
}

// sentOn reports whether the engineer who arrived first, after t, was sent from the road or another site: nobody who leaves
// his base or his home does so without mobilising. (Where mobilising takes no time all seem to be.) Who had left during the
// telephone diagnosis when the clock started was on the road then.
func sentOn(s *trail.Subject, t model.Time) bool {
	arrived, left := s.Milestones[model.Arrived], s.Milestones[model.Departed]
	if arrived == model.Unset || arrived < t {
		return false
	}
	if sent := s.Milestones[model.Assigned]; sent < s.Milestones[model.OnsiteRequested] { // not in the intervals of the ticket
		return sent < t || sent == left
	}
	for i := range s.Intervals { // of several trips the last before the arrival
		if v := &s.Intervals[i]; v.Kind == model.Travel && v.Start > left && v.Start <= arrived {
			left = v.Start
		}
	}
	for i := range s.Intervals {
		if v := &s.Intervals[i]; v.Kind == model.Mobilise && v.End == left {
			return false
		}
	}
	return true
}

// rowsOf lists the rows of p that hold s, and says how many.
func (p *promise) rowsOf(at *[3]int32, s *trail.Subject, rank int) (n int) {
	if uint(s.Band) < uint(len(p.bandRow)) && p.bandRow[s.Band] >= 0 {
		at[n] = p.bandRow[s.Band]
		n++
	}
	if rank < len(p.sevRow) && p.sevRow[rank] >= 0 {
		at[n] = p.sevRow[rank]
		n++
	}
	if uint(s.Site) < uint(len(p.siteRow)) && p.siteRow[s.Site] >= 0 {
		at[n] = p.siteRow[s.Site]
		n++
	}
	return n
}

func count(c *Count, s clock.State) {
	switch s {
	case clock.Met:
		c.Met++
	case clock.Breached:
		c.Breached++
	case clock.Cancelled:
		c.Cancelled++
	case clock.Censored:
		c.Censored++
	}
}
