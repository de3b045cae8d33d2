package judge

import (
	"slasim/model/contract"
	"slasim/sim/stats"
)

// confidence of all two-sided intervals of a report.
const confidence = 0.95

// hasTarget reports whether the clause is judged; without a target it is a measure.
func (p *promise) hasTarget() bool {
	return p.c.Kind == contract.Numeric && p.c.Target > 0 && !p.measure
}

// holding counts whole periods in which a clause holds.
type holding struct {
	periods, sure, hope, clean int // clean: without a late event; sure and clean count open clocks as late
}

func (h *holding) add(c *contract.Clause, n Count) {
	h.periods++
	sure, hope := holds(c, n)
	if sure {
		h.sure++
	}
	if hope {
		h.hope++
	}
	if n.Breached+n.Censored == 0 {
		h.clean++
	}
}

// verdict is DESIGN § 5: the exact interval of q = P(holds in a period) against the assurance. If clocks that were
// still open decide it, it is not decided.
func (h *holding) verdict(assurance float64) contract.Verdict {
	sure := byInterval(h.sure, h.periods, assurance)
	if sure != byInterval(h.hope, h.periods, assurance) {
		return contract.VerdictUndecided
	}
	return sure
}

func byInterval(k, n int, assurance float64) contract.Verdict {
	lo, hi := stats.ClopperPearson(k, n, confidence)
	switch {
	case lo >= assurance:
		return contract.VerdictMet
	case hi < assurance:
		return contract.VerdictMissed
	default:
		return contract.VerdictUndecided
	}
}

// combine is the verdict of a clause from those of its parts: the first in the order of the verdicts.
func combine(a, b contract.Verdict) contract.Verdict { return min(a, b) }
