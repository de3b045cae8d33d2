package audit

import (
	"math"

	"slasim/model"
	"slasim/sim/record"
)

// ledger is the clocks of a clause, or of those of one level, band or site, by period.
type ledger struct {
	counts []tally // of one replication
	sums   []tally // of all
}

func newLedger(periods int) ledger { return ledger{make([]tally, periods), make([]tally, periods)} }

func (l *ledger) count(period int, s State) {
	t := &l.counts[period]
	switch s {
	case NotStarted:
	case Met:
		t.met++
	case Breached:
		t.breached++
	case Cancelled:
		t.cancelled++
	case Censored:
		t.censored++
	}
}

// close adds the counts of a replication to those of all.
func (l *ledger) close(def *record.ClauseDef, whole []bool) {
	for i := range l.counts {
		t, sum := &l.counts[i], &l.sums[i]
		sum.met += t.met
		sum.breached += t.breached
		sum.cancelled += t.cancelled
		sum.censored += t.censored
		if whole[i] {
			sum.judged++
			if Holds(def.Target, int64(def.MinEvents), t.met, t.breached+t.censored) {
				sum.held++
			}
			if Holds(def.Target, int64(def.MinEvents), t.met+t.censored, t.breached) {
				sum.hoped++
			}
		}
		*t = tally{}
	}
}

// total is the sum over all periods.
func (l *ledger) total() (t tally) {
	for _, s := range l.sums {
		t.met += s.met
		t.breached += s.breached
		t.cancelled += s.cancelled
		t.censored += s.censored
		t.judged += s.judged
		t.held += s.held
		t.hoped += s.hoped
	}
	return t
}

// significance is what either end of a two-sided interval of 95 % leaves out.
const significance = 0.025

// verdict is what the periods of a ledger say: whether the chance that a clause holds in one reaches the assurance. What
// open clocks decide is undecided.
func (t *tally) verdict(assurance float64) string {
	if t.met+t.breached+t.censored == 0 || t.judged == 0 {
		return "NO DATA"
	}
	sure := byTails(t.held, t.judged, assurance)
	if sure != byTails(t.hoped, t.judged, assurance) {
		return "UNDECIDED"
	}
	return sure
}

// byTails tests whether k of n periods held with chance q: so many would be too good a result for q below the assurance,
// so few too bad a one for q at it.
func byTails(k, n int64, assurance float64) string {
	switch {
	case 1-below(k, n, assurance) <= significance:
		return "MET"
	case below(k+1, n, assurance) < significance:
		return "MISSED"
	}
	return "UNDECIDED"
}

// below is P(X < k) of a binomial X, added up term by term.
func below(k, n int64, q float64) float64 {
	if q >= 1 {
		if k > n {
			return 1
		}
		return 0
	}
	lf := func(x int64) float64 { v, _ := math.Lgamma(float64(x) + 1); return v }
	sum := 0.0
	for i := range k {
		sum += math.Exp(lf(n) - lf(i) - lf(n-i) + float64(i)*math.Log(q) + float64(n-i)*math.Log1p(-q))
	}
	return sum
}

// ranking is the verdicts of which the first is that of a whole.
var ranking = []string{"INFEASIBLE", "MISSED", "UNDECIDED", "NO DATA", "MET"}

func worse(a, b string) string {
	for _, v := range ranking {
		if v == a || v == b {
			return v
		}
	}
	return a
}

// rowKey names a row of a clause as the record does.
type rowKey struct{ by, row string }

// rows are the rows of a clause that a subject is counted in: its level if the limits know levels, its band and its site if
// the clause knows bands.
func (c *clause) rowsOf(s *record.Subject) (keys [3]rowKey, n int) {
	if r := int(c.rank(s)); c.def.NSev > 1 && r >= 1 && r <= len(c.owner.Severities) {
		keys[n] = rowKey{"severity", c.owner.Severities[r-1].ID}
		n++
	}
	if s.Kind == model.SubjectTicket && (c.def.NBand > 1 || len(c.def.Scope.Bands) > 0) && s.Band != "" {
		keys[n], keys[n+1] = rowKey{"band", s.Band}, rowKey{"site", s.Site}
		n += 2
	}
	return keys, n
}

// levels is how many levels of a clause have a limit.
func (c *clause) levels() (n int) {
	for r := range c.owner.Severities {
		if len(c.def.Scope.Severities) > 0 && !contains(c.def.Scope.Severities, int32(r+1)) {
			continue
		}
		for b := range max(int(c.def.NBand), 1) {
			if i := r*max(int(c.def.NBand), 1) + b; i < len(c.def.Limits) && c.def.Limits[i].Mode != "none" {
				n++
				break
			}
		}
	}
	return n
}

// asks reports whether a row is a promise of its own: with a target of 100 % every level that can be declared and every
// band is.
func (c *clause) asks(k rowKey) bool {
	if c.def.Target < 1 || k.by == "site" {
		return false
	}
	for i := range c.owner.Severities {
		if s := &c.owner.Severities[i]; k.by == "severity" && s.ID == k.row && s.Never && c.def.Scope.By == "declared" {
			return false
		}
	}
	return true
}

// verdicts compares the verdicts of all clauses and of their rows, and the counts of the rows. That nobody could keep a row
// is no matter of a record; what is called so must not have been kept.
func (a *Auditor) verdicts(clauses []record.ClauseRow) {
	rows := map[[2]string][]*record.ClauseRow{}
	for i := range clauses {
		if c := &clauses[i]; c.By != record.ByPeriod {
			rows[[2]string{c.Contract, c.Clause}] = append(rows[[2]string{c.Contract, c.Clause}], c)
		}
	}
	for _, c := range a.clauses {
		fixed, judged := c.byKind()
		confined := func(own, recorded string) string {
			if judged && recorded == "INFEASIBLE" && own != "MET" {
				return recorded
			}
			return own
		}
		sum := c.ledger.total()
		verdict := sum.verdict(a.contract.Assurance)
		var whole *record.ClauseRow
		seen := map[rowKey]bool{}
		for _, row := range rows[[2]string{c.def.Contract, c.def.ID}] {
			if row.By == "" {
				whole = row
				continue
			}
			k := rowKey{row.By, row.Row}
			seen[k] = true
			var t tally
			if l := c.rows[k]; l != nil {
				t = l.total()
			} else {
				t.judged = sum.judged
			}
			what := func(name string) string { return k.by + " " + k.row + " " + name }
			a.equal(CheckTotals, "", c.def.ID, what("met"), row.Met, t.met)
			a.equal(CheckTotals, "", c.def.ID, what("breached"), row.Breached, t.breached)
			a.equal(CheckTotals, "", c.def.ID, what("cancelled"), row.Cancelled, t.cancelled)
			a.equal(CheckTotals, "", c.def.ID, what("censored"), row.Censored, t.censored)
			own := fixed
			if judged {
				own = confined(t.verdict(a.contract.Assurance), row.Verdict)
				if c.asks(k) {
					verdict = worse(verdict, own)
				}
			}
			a.same(c, what("verdict"), row.Verdict, own)
		}
		for _, k := range c.listed {
			if !seen[k] && k.by != "site" && !(k.by == "severity" && c.levels() == 1) {
				a.differ(CheckVerdicts, "", c.def.ID, k.by+" "+k.row, "-", "")
			}
		}
		if whole == nil { // said already
			continue
		}
		if judged {
			fixed = confined(verdict, whole.Verdict)
		}
		a.same(c, "verdict", whole.Verdict, fixed)
	}
}

// byKind is the verdict of a clause that no count decides, "" for a measure; judged if counts do.
func (c *clause) byKind() (verdict string, judged bool) {
	switch c.def.Kind {
	case "soft":
		return "NOT TESTABLE", false
	case "parameter":
		return "NEEDS PARAMETER", false
	case "evidence":
		return "EVIDENCE", false
	}
	return "", c.def.Target > 0 && c.table
}

// same compares two verdicts.
func (a *Auditor) same(c *clause, what, recorded, audited string) {
	if recorded == audited {
		a.look(CheckVerdicts)
		return
	}
	text := func(v string) string {
		if v == "" {
			return "-"
		}
		return v
	}
	a.differ(CheckVerdicts, "", c.def.ID, what, text(recorded), text(audited))
}
