package judge

import (
	"time"

	"slasim/model"
	"slasim/model/clock"
	"slasim/model/trail"
	"slasim/sim/stats"
)

// compared holds, for the one clause that is set beside a replayed history, how long the simulated tickets took whose
// end the history has: from the report to what stops the clause's clock, on the clock on the wall. All of them first,
// then by recorded severity.
type compared struct {
	spans []stats.Histogram
	open  []int64 // tickets that did not come to that end
}

func (c *compared) add(s *trail.Subject, severity int32, out *clock.Outcome) {
	for _, k := range []int32{0, severity} {
		if out.Stop == model.Unset {
			c.open[k]++
		} else {
			c.spans[k].Add(int64((out.Stop - s.Milestones[model.Reported]) / time.Second))
		}
		if severity == 0 {
			return
		}
	}
}

func (c *compared) merge(o *compared) {
	for k := range o.spans {
		c.spans[k].Merge(&o.spans[k])
		c.open[k] += o.open[k]
	}
}

// newCompared is nil if nothing is compared.
func newCompared(ix *index) *compared {
	if ix.w.Compared == 0 {
		return nil
	}
	n := len(ix.w.Contracts[ix.w.Clauses[ix.w.Compared-1].Contract].Severities) + 1
	return &compared{spans: make([]stats.Histogram, n), open: make([]int64, n)}
}

// comparison sets what was recorded beside what was simulated; nil if nothing is compared.
func (a *assembly) comparison() *Comparison {
	w := a.w
	if w.Compared == 0 {
		return nil
	}
	clause := &w.Clauses[w.Compared-1]
	contract := &w.Contracts[clause.Contract]
	r := &Comparison{Clause: clause.ID, Contract: contract.ID, Replications: len(a.reps), Rows: []ComparedRow{}}
	recorded := newCompared(a.ix)
	for i := range w.History {
		h := &w.History[i]
		switch {
		case h.At < 0 || h.At >= w.Term: // in the warm-up or after the term: not judged
		case h.Resolved < 0:
			r.Tickets++
			r.Unresolved++
		default:
			r.Tickets++
			at := h.At + max(h.Delay, 0)
			s := trail.Subject{Milestones: make([]model.Time, model.NumTicketMilestones)}
			s.Milestones[model.Reported] = at
			recorded.add(&s, h.Severity, &clock.Outcome{Stop: at + h.Resolved})
		}
	}
	for k := range recorded.spans {
		if recorded.spans[k].Count() == 0 {
			continue
		}
		row := ComparedRow{Recorded: spansOf(recorded, k), Simulated: spansOf(a.tally.compared, k)}
		if k > 0 {
			row.Severity, row.Name = contract.Severities[k-1].ID, contract.Severities[k-1].Name
		}
		r.Rows = append(r.Rows, row)
	}
	return r
}

func spansOf(c *compared, k int) Spans {
	h := &c.spans[k]
	hours := func(p float64) *float64 { return number(h.Quantile(p) / 3600) }
	return Spans{Count: h.Count(), Open: c.open[k], MeanHours: number(h.Mean() / 3600), P10Hours: hours(0.1), P25Hours: hours(0.25),
		P50Hours: hours(0.5), P75Hours: hours(0.75), P90Hours: hours(0.9), P95Hours: hours(0.95)}
}
