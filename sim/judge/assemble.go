package judge

import (
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"
	"time"

	"slasim/model"
	"slasim/model/clock"
	"slasim/model/contract"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/sim/bound"
	"slasim/sim/stats"
)

// A design effect from which a footnote says that events of a year hang together, and the share of late time
// without a reason from which one says so. (Choices of presentation.)
const (
	notableDeff  = 2.0
	notableOther = 0.01
)

// Assemble puts the results of the replications, in their order, together. totals may be nil (no people, parts or
// money); bounds may be nil (nothing is called infeasible). What info leaves empty and the world or the results
// know is filled in. All reps come from judges of w, and all replications those judges saw are among reps.
func Assemble(w *world.World, reps []*RepResult, totals []*trail.Totals, bounds *bound.Result, info RunInfo) *Report {
	a := &assembly{w: w, reps: reps, totals: totals, bounds: bounds, ix: newIndex(w)}
	a.years = a.ix.contractYears()
	a.merge()
	rep := &Report{Clauses: []ClauseResult{}, Assumptions: []AssumptionRow{}}
	rep.Run = a.run(info)
	for i := range a.ix.promises {
		c := a.clause(&a.ix.promises[i])
		rep.Answer.add(&c)
		rep.Clauses = append(rep.Clauses, c)
	}
	rep.Teams = a.teams()
	rep.Parts = a.parts()
	rep.Years = a.byYear()
	rep.Cost = a.cost()
	rep.Contracts = a.contracts(rep.Clauses)
	for _, x := range w.Assumptions {
		rep.Assumptions = append(rep.Assumptions, AssumptionRow{Path: x.Path, Low: x.Low, Base: x.Base, High: x.High, Source: x.Source})
	}
	rep.Comparison = a.comparison()
	rep.Footnotes = append(a.general(), a.notes...)
	return rep
}

// byYear is each contract year of a term of several; nil of one.
func (a *assembly) byYear() []YearResult {
	n := len(a.ix.years) - 1
	if n < 2 || len(a.totals) == 0 {
		return nil
	}
	list := make([]YearResult, n)
	reps := float64(len(a.totals))
	for y := range list {
		x := &list[y]
		x.Year, x.Days = y+1, (a.ix.years[y+1]-a.ix.years[y]).Hours()/24
		for _, t := range a.totals {
			if y < len(t.Years) {
				x.Tickets += float64(t.Years[y].Tickets) / reps
				x.Visits += float64(t.Years[y].Visits) / reps
				x.Hours += t.Years[y].Time.Hours() / reps
			}
		}
	}
	for i := range a.ix.promises {
		p := &a.ix.promises[i]
		if !p.hasTarget() {
			continue
		}
		for _, r := range a.reps {
			for k := range p.periods {
				list[a.ix.yearOf(p, k)].Late += float64(r.Clauses[p.first+k].Breached) / float64(len(a.reps))
			}
		}
	}
	return list
}

type assembly struct {
	w      *world.World
	ix     *index
	reps   []*RepResult
	totals []*trail.Totals
	bounds *bound.Result
	years  float64
	tally  *tally
	rows   [][]Count // by replication
	notes  []Footnote
}

// merge adds up the tallies of the judges and unpacks the rows.
func (a *assembly) merge() {
	ix := a.ix
	a.tally = newTally(ix)
	var done []*tally
	for _, r := range a.reps {
		if len(r.Clauses) != int(ix.clauseCells) || len(r.Final) != int(ix.finals) {
			panic("judge: results of another world")
		}
		cells := make([]Count, ix.rowCells)
		unpack(cells, r.rows)
		a.rows = append(a.rows, cells)
		if !contains(done, r.tally) {
			done = append(done, r.tally)
			a.tally.merge(r.tally)
		}
	}
}

func contains(list []*tally, t *tally) bool {
	for _, x := range list {
		if x == t {
			return true
		}
	}
	return false
}

func (t *tally) merge(o *tally) {
	mergeSpans(t.spans, o.spans)
	mergeSpans(t.rows, o.rows)
	for i := range o.reasons {
		t.reasons[i].merge(&o.reasons[i])
		t.near[i] += o.near[i]
	}
	if t.compared != nil {
		t.compared.merge(o.compared)
	}
}

func mergeSpans(to, from []stats.Histogram) {
	for i := range from {
		to[i].Merge(&from[i])
	}
}

// cell is the periods of a clause or of one of its rows, by replication.
type cell func(rep int) []Count

// clause is everything about one clause.
func (a *assembly) clause(p *promise) ClauseResult {
	c := p.c
	r := ClauseResult{
		ID: c.ID, Text: c.Text, Contract: a.w.Contracts[c.Contract].ID, Of: c.Of.String(), Section: c.Section, Anchor: c.Anchor,
		Decision: c.Decision, Kind: [...]string{"limit", "soft", "parameter", "evidence"}[c.Kind], ByAssumption: c.ByAssumption,
		Parameter: c.Parameter, Period: [...]string{"year", "month"}[c.Period], Rows: []Row{},
	}
	if c.Target > 0 {
		r.Target = &c.Target
	}
	if c.Aim > 0 {
		r.Aim = &c.Aim
	}
	n := len(a.ix.promises)
	sections := a.tally.spans[int(p.id)*stats.Sections : (int(p.id)+1)*stats.Sections]
	figures, verdict, share := a.figures(p, func(rep int) []Count {
		return a.reps[rep].Clauses[p.first : p.first+p.periods]
	}, sections, &a.tally.reasons[p.id])
	r.Figures = figures
	r.setLimit(c, 0, -1)
	a.final(p, &r.Figures)
	part, bounded := a.bound(p, func(*bound.Row) bool { return true })
	infeasible := bounded && a.confine(p, &part, &r.Figures, p.id, verdict, share)

	rows := make([]Row, len(p.rows))
	verdicts := make([]contract.Verdict, len(p.rows))
	for i, row := range p.rows {
		k := p.row0 + int32(i)
		at := p.cell0 + int32(i)*p.periods
		f, v, share := a.figures(p, func(rep int) []Count { return a.rows[rep][at : at+p.periods] },
			a.tally.rows[k:k+1], &a.tally.reasons[n+int(k)])
		rows[i], verdicts[i] = a.row(p, row, f, v, int32(n)+k, share)
	}
	if p.hasTarget() {
		if infeasible {
			verdict = contract.VerdictInfeasible
		}
		// At 100 % every cell of the limit table is a promise of its own: all have to hold, and one that was never
		// tried is not shown to. A level that cannot occur asks for nothing. Below 100 % the contract's share is
		// over all events, and sites are not promises.
		for i, row := range p.rows {
			if c.Target >= 1 && row.kind != bySite && !a.cannotOccur(p, row) {
				verdict = combine(verdict, verdicts[i])
			}
		}
	}
	r.Verdict = verdictText(p, verdict)
	r.AimMet = aimMet(c, &r.Figures)
	r.Rows = append(r.Rows, a.shown(p, rows)...)
	if share.Deff >= notableDeff {
		a.note("note.deff", c.ID, share.Deff)
	}
	if w := r.Reasons[StateName(NoState)]; w >= notableOther && c.Of == model.SubjectTicket {
		a.note("note.other_time", c.ID, w)
	}
	return r
}

// figures are the numbers of a clause or a row. spans are its histograms by section, or a single one.
func (a *assembly) figures(p *promise, of cell, spans []stats.Histogram, why *reasons) (Figures, contract.Verdict, stats.Share) {
	var f Figures
	ratio := stats.NewRatio(len(a.reps))
	var hold holding
	var met, breached, cancelled, censored int64
	late := make([]float64, 0, len(a.reps)*len(a.ix.years))
	for rep := range a.reps {
		var sum Count
		byYear := make([]int32, len(a.ix.years)-1)
		for i, n := range of(rep) {
			sum.plus(n)
			byYear[a.ix.yearOf(p, int32(i))] += n.Breached
			if p.whole[i] {
				hold.add(p.c, n)
			}
		}
		ratio.Set(rep, int64(sum.Met), int64(sum.Breached))
		met += int64(sum.Met)
		breached += int64(sum.Breached)
		cancelled += int64(sum.Cancelled)
		censored += int64(sum.Censored)
		for y, n := range byYear {
			if len(byYear) == 1 || a.ix.fullYear(y) {
				late = append(late, float64(n))
			}
		}
	}
	f.Met, f.Breached, f.Cancelled, f.Censored = met, breached, cancelled, censored
	years := a.years * float64(len(a.reps))
	judged := p.hasTarget()
	if years > 0 {
		f.EventsPerYear = float64(met+breached) / years
		f.LatePerYear = float64(breached) / years
		f.CancelledPerYear = float64(cancelled) / years
		f.CensoredPerYear = float64(censored) / years
	}
	sort.Float64s(late)
	f.LateP10, f.LateP90 = orZero(stats.Percentile(late, 0.1)), orZero(stats.Percentile(late, 0.9))
	share := ratio.Estimate(confidence)
	if met+breached > 0 {
		f.Rare = f.EventsPerYear < 1
		if !p.measure {
			f.Share, f.ShareLow, f.ShareHigh = number(share.Value), number(share.Lo), number(share.Hi)
		}
	}
	verdict := contract.VerdictNoData
	if met+breached+censored > 0 && hold.periods > 0 {
		if judged {
			verdict = hold.verdict(a.w.Assurance)
			f.PHold = number(float64(hold.sure) / float64(hold.periods))
			lo, _ := stats.ClopperPearson(hold.sure, hold.periods, confidence)
			_, hi := stats.ClopperPearson(hold.hope, hold.periods, confidence)
			f.PHoldLow, f.PHoldHigh = number(lo), number(hi)
		}
		if !p.measure {
			f.PClean = number(float64(hold.clean) / float64(hold.periods))
		}
	}
	f.spans(p, spans)
	f.Reasons = why.mean()
	f.Verdict = verdictText(p, verdict)
	return f, verdict, share
}

// spans sets the figures of elapsed time. Of a notice the elapsed time is the lead it gave, and the lead we could
// sign is one that 95 or 99 % exceed.
func (f *Figures) spans(p *promise, sections []stats.Histogram) {
	all := new(stats.Histogram)
	var used []*stats.Histogram
	for i := range sections {
		if h := &sections[i]; h.Count() > 0 {
			all.Merge(h)
			used = append(used, h)
		}
	}
	if all.Count() == 0 || p.c.Of == model.SubjectPeriod { // a count takes no time
		return
	}
	hours := func(seconds float64) *float64 { return number(seconds / 3600) }
	f.MeanHours, f.P50Hours, f.P95Hours = hours(all.Mean()), hours(all.Quantile(0.5)), hours(all.Quantile(0.95))
	f.SignableP95, f.SignableP99 = hours(all.Quantile(0.95)), hours(all.Quantile(0.99))
	if len(p.c.Limits) > 0 && p.c.Limits[0].Before {
		f.SignableP95, f.SignableP99 = hours(all.Quantile(0.05)), hours(all.Quantile(0.01))
	}
	if len(sections) > 1 {
		q := stats.QuantileInterval(used, 0.95, confidence)
		f.P95Low, f.P95High = hours(q.Lo), hours(q.Hi)
	}
}

// final sets the share as it were if the final severity were judged.
func (a *assembly) final(p *promise, f *Figures) {
	if p.final < 0 || p.measure {
		return
	}
	var met, late float64
	for _, r := range a.reps {
		met += float64(r.Final[p.final].Met)
		late += float64(r.Final[p.final].Breached)
	}
	f.ShareFinal = number(met / (met + late))
}

// bound is the bound of some rows of a clause; false if it has none.
func (a *assembly) bound(p *promise, keep func(*bound.Row) bool) (bound.Whole, bool) {
	if a.bounds == nil || a.bounds.Clauses[p.id].Kind == bound.None {
		return bound.Whole{}, false
	}
	return a.bounds.Clauses[p.id].Part(keep)
}

// confine sets the figures that go with a bound and reports whether the verdict is infeasible: what was kept in the run is
// possible, and those who happened to be near the site count. k is the place of the figures in the tally of such people.
func (a *assembly) confine(p *promise, part *bound.Whole, f *Figures, k int32, verdict contract.Verdict, share stats.Share) bool {
	f.BestPossible = number(part.Best)
	n := float64(share.Met + share.Breached)
	of := min(float64(a.tally.near[k]), n) // an interrupted run has judged some replications in vain
	if p.sentOn {
		f.NearShare = number(of / n)
	}
	_, near := stats.Wilson(of/share.Deff, n/share.Deff, confidence)
	return p.hasTarget() && verdict != contract.VerdictMet && a.bounds.Clauses[p.id].Impossible(part, near)
}

// row is one row of a clause.
func (a *assembly) row(p *promise, of rowOf, f Figures, verdict contract.Verdict, k int32, share stats.Share) (Row, contract.Verdict) {
	ct := &a.w.Contracts[p.c.Contract]
	r := Row{By: rowKindNames[of.kind], Figures: f}
	keep := func(b *bound.Row) bool { return b.Site == of.id }
	switch of.kind {
	case byBand:
		r.ID, r.Name = ct.Bands[of.id].ID, ct.Bands[of.id].Name
		keep = func(b *bound.Row) bool { return b.Band == of.id }
		r.setLimit(p.c, 0, of.id)
	case bySeverity:
		r.ID, r.Name = ct.Severities[of.id-1].ID, ct.Severities[of.id-1].Name
		keep = func(b *bound.Row) bool { return b.Ranks>>(of.id-1)&1 != 0 }
		r.setLimit(p.c, int(of.id), -1)
	case bySite:
		r.ID, r.Name = a.w.Places[of.id].ID, a.w.Places[of.id].Name
		r.setLimit(p.c, 0, ct.SiteBand[of.id])
		if m := ct.SiteBandMetres[of.id]; m >= 0 {
			r.Km = number(float64(m) / 1000)
		}
	}
	if part, ok := a.bound(p, keep); ok {
		if a.confine(p, &part, &r.Figures, k, verdict, share) {
			verdict = contract.VerdictInfeasible
		}
		for i := range a.bounds.Clauses[p.id].Rows {
			if b := &a.bounds.Clauses[p.id].Rows[i]; part.Infeasible && verdict != contract.VerdictMet && keep(b) && b.Cure != nil {
				r.Cure = b.Cure
				break
			}
		}
	}
	r.Verdict = verdictText(p, verdict)
	return r, verdict
}

// cannotOccur reports whether a row is a level that cannot be known when the clock starts.
func (a *assembly) cannotOccur(p *promise, of rowOf) bool {
	ct := &a.w.Contracts[p.c.Contract]
	if of.kind != bySeverity || p.c.Scope.By != contract.Declared {
		return false
	}
	s := &ct.Severities[of.id-1]
	for _, id := range ct.EmptyLevels {
		if id == s.ID {
			return true
		}
	}
	return ct.Declare == world.ByMix && s.Mix == 0
}

// shown orders the rows: bands, the sites of a band beneath it if they differ in verdict, severities. A single row
// that is no band says nothing new.
func (a *assembly) shown(p *promise, rows []Row) []Row {
	var list []Row
	ct := &a.w.Contracts[p.c.Contract]
	severities := 0
	for i, of := range p.rows {
		switch of.kind {
		case bySeverity:
			severities++
		case byBand:
			list = append(list, rows[i])
			var sites []Row
			differ := false
			for k, s := range p.rows {
				if s.kind == bySite && ct.SiteBand[s.id] == of.id {
					differ = differ || rows[k].Verdict != rows[i].Verdict
					sites = append(sites, rows[k])
				}
			}
			if differ {
				list = append(list, sites...)
			}
		case bySite:
		}
	}
	if severities > 1 {
		for i, of := range p.rows {
			if of.kind == bySeverity {
				list = append(list, rows[i])
			}
		}
	}
	return list
}

// verdictText is the verdict printed for a clause or row: that of its kind, none for a measure.
func verdictText(p *promise, v contract.Verdict) string {
	switch p.c.Kind {
	case contract.Soft:
		return contract.VerdictNotTestable.String()
	case contract.NeedsParameter:
		return contract.VerdictNeedsParameter.String()
	case contract.Evidence:
		return contract.VerdictEvidence.String()
	case contract.Numeric:
	}
	if !p.hasTarget() {
		return ""
	}
	return v.String()
}

// aimMet compares the means with our own aims; nil without an aim or an event.
func aimMet(c *contract.Clause, f *Figures) *bool {
	if c.Aim <= 0 && c.AimLate < 0 || f.Share == nil {
		return nil
	}
	ok := (c.Aim <= 0 || *f.Share >= c.Aim) && (c.AimLate < 0 || f.LatePerYear <= c.AimLate)
	return &ok
}

// setLimit prints the limit if all cells of the table for a severity rank and a band have the same; 0 and -1 stand
// for all of them.
func (f *Figures) setLimit(c *contract.Clause, rank int, band int32) {
	var one clock.Limit
	for r := 1; r <= max(int(c.NSev), 1); r++ {
		if c.NSev > 1 && (rank > 0 && r != rank || !in(c.Scope.Severities, r-1)) {
			continue
		}
		for b := range max(c.NBand, 1) {
			l := c.Limit(r, int(b))
			switch {
			case c.NBand > 1 && (band >= 0 && b != band || !in(c.Scope.Bands, int(b))), l.Mode == clock.NoLimit:
			case one.Mode == clock.NoLimit:
				one = l
			case l != one:
				return
			}
		}
	}
	f.Limit = LimitText(one)
	if one.Mode == clock.Wall || one.Mode == clock.Business {
		f.LimitHours = number(one.Span.Hours())
	}
}

// LimitText writes a limit as a scenario does: 90m, 5h, 3wd; business time with the letter b before the unit, days
// that end at the same time of day with +t.
func LimitText(l clock.Limit) string {
	text := ""
	switch l.Mode {
	case clock.NoLimit:
		return ""
	case clock.Wall:
		text = spanText(l.Span, "")
	case clock.Business:
		text = spanText(l.Span, "b")
	case clock.Workdays:
		text = strconv.Itoa(int(l.N)) + "wd"
	case clock.WorkdayHours:
		text = strconv.Itoa(int(l.N)) + "wd+t"
	case clock.Civil:
		text = strconv.Itoa(int(l.N)) + "d"
	}
	if l.Strict {
		text = "<" + text
	}
	return text
}

func spanText(t model.Time, b string) string {
	var s strings.Builder
	for _, u := range []struct {
		of   model.Time
		name string
	}{{time.Hour, "h"}, {time.Minute, "m"}, {time.Second, "s"}} {
		if n := t / u.of; n > 0 {
			fmt.Fprintf(&s, "%d%s%s", n, b, u.name)
			t -= n * u.of
		}
	}
	if s.Len() == 0 {
		return "0s"
	}
	return s.String()
}

func (a *Answer) add(c *ClauseResult) {
	decided := c.ByAssumption != (model.Text{})
	switch c.Verdict {
	case "":
		a.Measures++
	case contract.VerdictMet.String(), contract.VerdictMissed.String():
		switch {
		case decided:
			a.ByAssumption++
		case c.Verdict == contract.VerdictMet.String():
			a.Met++
		default:
			a.Missed++
		}
	case contract.VerdictUndecided.String():
		a.Undecided++
	case contract.VerdictNoData.String():
		a.NoData++
	case contract.VerdictNotTestable.String():
		a.NotTestable++
	case contract.VerdictNeedsParameter.String():
		a.NeedsParameter++
	case contract.VerdictInfeasible.String():
		a.Infeasible++
	case contract.VerdictEvidence.String():
		a.Evidence++
	}
}

func (a *assembly) note(code string, args ...any) {
	a.notes = append(a.notes, Footnote{model.Msg{Code: code, Args: args}})
}

// number is a pointer to x, nil if x is no number: JSON has none.
func number(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

func orZero(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return x
}
