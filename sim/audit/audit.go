// Package audit computes every clock of a record again, from milestones, intervals and the contract alone, and says
// where the simulator came to something else. It shares no code with the simulator's clocks and calendars: it cuts time
// into pieces and asks of each whether it counts, walks calendars day by day, and does its own date arithmetic. From its
// clocks it comes to every verdict again, by adding up the tails of a binomial instead of inverting them. It also checks
// that what was recorded is possible at all: order of milestones, one activity a person, stock that adds up, severities and
// bands that follow from the contract.
package audit

import (
	"fmt"
	"math/big"
	"strconv"
	"time"

	"slasim/model"
	"slasim/sim/record"
)

// MaxDifferences is how many differences a Result lists; all are counted.
const MaxDifferences = 50

// Result says how far the record and the audit agree.
type Result struct {
	Replications int
	Subjects     int64
	Clocks       int64 // recorded or due by the contract
	Clauses      []ClauseCount
	Checks       []Check
	Differences  []Difference // the first MaxDifferences, in the order of the record
}

// ClauseCount is what the audit counted of one clause over all replications.
type ClauseCount struct {
	ID, Contract                       string
	Met, Breached, Cancelled, Censored int64
	Periods, Held                      int64 // judged periods; those in which the share was reached, open clocks taken as late
}

// Check is one kind of comparison.
type Check struct {
	Name           string
	Looked, Failed int64
}

// Difference is one disagreement. Recorded and Audited are times as 2006-01-02 15:04:05 local, spans in seconds,
// names or numbers; "-" is nothing.
type Difference struct {
	Check             string // of Check.Name
	Where             string // id of the subject, name of a person or depot, a period, "" for the whole record
	Clause            string // "" if it is not about one
	What              string // milestone, column or number that differs
	Recorded, Audited string
}

// Msg is the difference as a message: code audit.<check> with where, clause, what, recorded, audited.
func (d Difference) Msg() model.Msg {
	return model.Msg{Code: "audit." + d.Check, Args: []any{d.Where, d.Clause, d.What, d.Recorded, d.Audited}}
}

// Agrees reports whether no check failed.
func (r *Result) Agrees() bool { return r.Failed() == 0 }

// Failed is how many comparisons failed.
func (r *Result) Failed() (n int64) {
	for _, c := range r.Checks {
		n += c.Failed
	}
	return n
}

// Names of the checks, in the order of Result.Checks.
const (
	CheckClocks     = "clock"      // state, start, stop, due, elapsed and period of every clock; missing and surplus clocks
	CheckTotals     = "total"      // counts of a clause in the report
	CheckPeriods    = "periods"    // counts of a clause by contract year or month, and those in which it held
	CheckVerdicts   = "verdict"    // of every clause, level, band and site, from these counts
	CheckMilestones = "milestone"  // legal order
	CheckIntervals  = "interval"   // inside [reported, end]
	CheckPeople     = "people"     // one activity at a time; totals per person
	CheckStock      = "stock"      // nothing below zero, nothing from nowhere
	CheckSeverity   = "severity"   // declared and final by outage age and share of users
	CheckBand       = "band"       // by tags and metres
	CheckKeyPeriod  = "key_period" // reported inside a key period
	CheckParent     = "parent"     // a cause that exists
	CheckUnits      = "unit"       // a new unit at the promised fault of the old one, and at no other
)

var checkNames = []string{
	CheckClocks, CheckTotals, CheckPeriods, CheckVerdicts, CheckMilestones, CheckIntervals, CheckPeople, CheckStock, CheckSeverity, CheckBand, CheckKeyPeriod, CheckParent, CheckUnits,
}

// Audit recomputes a whole record. An error means that it could not be read or that its contract makes no sense.
func Audit(rec *record.Record) (*Result, error) {
	a, err := New(rec.Contract)
	if err != nil {
		return nil, err
	}
	if err := rec.Each(a.Replication); err != nil {
		return nil, err
	}
	return a.Finish(rec.Manifest.Replications, rec.Clauses), nil
}

// clause is a ClauseDef ready for use.
type clause struct {
	*rule
	def    *record.ClauseDef
	owner  *record.ContractDef
	has    bool // it has clocks
	table  bool // some cell has a limit
	whole  []bool
	ledger                    // of all
	rows   map[rowKey]*ledger // of levels, bands and sites
	listed []rowKey           // of them, as they came
	sum    ClauseCount
}

// tally counts clocks and the periods they lie in; hoped are those held if open clocks will be met.
type tally struct{ met, breached, cancelled, censored, judged, held, hoped int64 }

// Auditor audits replications one by one.
type Auditor struct {
	contract  *record.Contract
	start     day
	years     []model.Time // starts of contract years, and last the end of the term
	clauses   []*clause
	contracts map[string]*record.ContractDef
	tags      map[string][]string // of sites
	stock     map[[2]string]*record.StockDef
	result    Result
}

// New prepares an audit against a contract.
func New(c *record.Contract) (*Auditor, error) {
	a := &Auditor{contract: c, contracts: map[string]*record.ContractDef{}, tags: map[string][]string{}, stock: map[[2]string]*record.StockDef{}}
	var err error
	if a.start, err = parseDay(c.StartDate); err != nil {
		return nil, err
	}
	a.years = a.yearStarts()
	calendars := map[string]*DayTable{"": nil}
	for i := range c.Calendars {
		if calendars[c.Calendars[i].ID], err = NewDayTable(c.StartDate, &c.Calendars[i]); err != nil {
			return nil, fmt.Errorf("calendar %s: %w", c.Calendars[i].ID, err)
		}
	}
	for i := range c.Contracts {
		a.contracts[c.Contracts[i].ID] = &c.Contracts[i]
	}
	for _, s := range c.Sites {
		a.tags[s.ID] = s.Tags
	}
	for i := range c.Stock {
		a.stock[[2]string{c.Stock[i].Depot, c.Stock[i].Part}] = &c.Stock[i]
	}
	for i := range c.Clauses {
		def := &c.Clauses[i]
		days, ok := calendars[def.Calendar]
		if !ok {
			return nil, fmt.Errorf("clause %s: no calendar %q", def.ID, def.Calendar)
		}
		r, err := newRule(def, days)
		if err != nil {
			return nil, err
		}
		cl := &clause{rule: r, def: def, owner: a.contracts[def.Contract], rows: map[rowKey]*ledger{}, sum: ClauseCount{ID: def.ID, Contract: def.Contract}}
		if cl.owner == nil {
			return nil, fmt.Errorf("clause %s: no contract %q", def.ID, def.Contract)
		}
		cl.has = def.Kind != "evidence" && len(def.Start.Of) > 0 && len(def.Stop.Of) > 0
		for _, l := range def.Limits {
			cl.table = cl.table || l.Mode != "none"
		}
		cl.whole = a.wholePeriods(def)
		cl.ledger = newLedger(len(cl.whole))
		a.clauses = append(a.clauses, cl)
	}
	for _, name := range checkNames {
		a.result.Checks = append(a.result.Checks, Check{Name: name})
	}
	return a, nil
}

// Clock is the clock of a clause, by its index in the contract, for a subject; false if the subject is outside the
// clause or the clock did not start.
func (a *Auditor) Clock(i int, s *record.Subject) (ClockResult, bool, error) {
	c := a.clauses[i]
	if s.Discarded || s.Kind != c.of || !c.has || s.Contract != c.def.Contract || !c.inScope(s) {
		return ClockResult{}, false, nil
	}
	limit, ok := c.limit(s)
	if !ok {
		return ClockResult{}, false, nil
	}
	out, err := c.eval(&limit, s)
	return out, err == nil && out.State != NotStarted, err
}

// inScope reports whether the clause is about s.
func (c *clause) inScope(s *record.Subject) bool {
	scope := &c.def.Scope
	ok := (len(scope.Severities) == 0 || contains(scope.Severities, int32(c.rank(s)))) &&
		(len(scope.Bands) == 0 || s.Band != "" && contains(scope.Bands, s.Band)) &&
		(scope.Hardware == "" || s.Hardware == (scope.Hardware == "only")) &&
		(!scope.Visits || s.Visit) &&
		(!scope.RemoteOnly || !s.Visit) &&
		(!scope.KeyPeriod || s.KeyPeriod) &&
		during(s, scope.From, scope.Until) &&
		(!scope.Findings || s.Tag == "finding") &&
		(!scope.Ordinary || s.Tag != "force_majeure") &&
		(!scope.Ours || !s.ThirdParty) &&
		(scope.Plan == "" || s.Plan == scope.Plan)
	if scope.NeedsPart {
		ok = ok && (s.Part != "" || s.Kind == model.SubjectTicket && s.Milestones[model.PartRequested] != model.Unset)
	}
	switch scope.Source {
	case "phone":
		return ok && s.ByPhone
	case "monitoring":
		return ok && !s.ByPhone
	case "look_up":
		return ok && s.LookUp
	}
	return ok
}

// during reports whether s is reported from one second until before another, or falls due after the one up to the other.
func during(s *record.Subject, from, until int64) bool {
	first := model.Milestone(0)
	due := false
	switch s.Kind {
	case model.SubjectTicket:
		first = model.Reported
	case model.SubjectJob, model.SubjectDeliverable, model.SubjectPeriod:
		due = true
	}
	sec := int64(s.Milestones[first] / time.Second)
	if due {
		return (from == 0 || from < sec) && (until == 0 || sec <= until)
	}
	return (from == 0 || from <= sec) && (until == 0 || sec < until)
}

func contains[T comparable](list []T, x T) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}

// rank is the severity that the clause goes by.
func (c *clause) rank(s *record.Subject) uint8 {
	switch c.def.Scope.By {
	case "current":
		return s.Current
	case "final":
		return s.Final
	}
	return s.Declared
}

// limit is the cell of the table for s, false if the table has none. A clause without any limit is a measure.
func (c *clause) limit(s *record.Subject) (record.LimitDef, bool) {
	if !c.table {
		return record.LimitDef{Mode: "none"}, true
	}
	row, column := 0, 0
	if r := int(c.rank(s)); c.def.NSev > 1 && r > 1 {
		row = r - 1
	}
	if c.def.NBand > 1 {
		column = -1
		for i, b := range c.owner.Bands {
			if b.ID == s.Band && s.Band != "" {
				column = i
			}
		}
		if column < 0 {
			return record.LimitDef{}, false
		}
	}
	i := row*max(int(c.def.NBand), 1) + column
	if i >= len(c.def.Limits) || c.def.Limits[i].Mode == "none" {
		return record.LimitDef{}, false
	}
	return c.def.Limits[i], true
}

// Replication audits one replication.
func (a *Auditor) Replication(rep *record.Replication) error {
	k := 0 // next recorded clock
	for i := range rep.Subjects {
		s := &rep.Subjects[i]
		for k < len(rep.Clocks) && before(&rep.Clocks[k], s) {
			a.surplus(&rep.Clocks[k])
			k++
		}
		n := k
		for n < len(rep.Clocks) && rep.Clocks[n].Kind == s.Kind && rep.Clocks[n].Ordinal == s.Ordinal {
			n++
		}
		if err := a.clocks(s, rep.Clocks[k:n]); err != nil {
			return err
		}
		k = n
		a.subject(rep, s)
	}
	for ; k < len(rep.Clocks); k++ {
		a.surplus(&rep.Clocks[k])
	}
	a.units(rep)
	a.people(rep)
	a.depots(rep)
	a.periods()
	a.result.Replications++
	a.result.Subjects += int64(len(rep.Subjects))
	return nil
}

func before(c *record.Clock, s *record.Subject) bool {
	return c.Kind < s.Kind || c.Kind == s.Kind && c.Ordinal < s.Ordinal
}

// clocks compares the recorded clocks of a subject, which are ordered by clause, with its own.
func (a *Auditor) clocks(s *record.Subject, recorded []record.Clock) error {
	k := 0
	for i, c := range a.clauses {
		for k < len(recorded) && int(recorded[k].Clause) < i {
			a.surplus(&recorded[k]) // named twice
			k++
		}
		var rec *record.Clock
		if k < len(recorded) && int(recorded[k].Clause) == i {
			rec = &recorded[k]
			k++
		}
		own, started, err := a.Clock(i, s)
		if err != nil {
			return err
		}
		if !started {
			if rec != nil {
				a.surplus(rec)
			}
			continue
		}
		a.result.Clocks++
		period := a.period(c, own.Start)
		c.count(period, own.State)
		keys, n := c.rowsOf(s)
		for _, key := range keys[:n] {
			if c.rows[key] == nil {
				l := newLedger(len(c.whole))
				for i := range l.sums { // it held in all periods before
					l.sums[i] = tally{judged: c.sums[i].judged, held: c.sums[i].judged, hoped: c.sums[i].judged}
				}
				c.rows[key], c.listed = &l, append(c.listed, key)
			}
			c.rows[key].count(period, own.State)
		}
		if rec == nil {
			a.differ(CheckClocks, s.ID(), c.def.ID, "state", "-", string(own.State))
			continue
		}
		a.compare(s, c, rec, &own, period)
	}
	for ; k < len(recorded); k++ {
		a.surplus(&recorded[k])
	}
	return nil
}

// compare counts one comparison and lists the first column that differs.
func (a *Auditor) compare(s *record.Subject, c *clause, rec *record.Clock, own *ClockResult, period int) {
	switch where, id := s.ID(), c.def.ID; {
	case rec.StateName() != string(own.State):
		a.differ(CheckClocks, where, id, "state", rec.StateName(), string(own.State))
	case rec.Start != own.Start:
		a.differ(CheckClocks, where, id, "start_s", a.clockText(rec.Start), a.clockText(own.Start))
	case rec.Stop != own.Stop:
		a.differ(CheckClocks, where, id, "stop_s", a.clockText(rec.Stop), a.clockText(own.Stop))
	case rec.Due != own.Due:
		a.differ(CheckClocks, where, id, "due_s", a.clockText(rec.Due), a.clockText(own.Due))
	case rec.Elapsed != own.Elapsed:
		a.differ(CheckClocks, where, id, "elapsed_s", secondsText(rec.Elapsed), secondsText(own.Elapsed))
	case int(rec.Period) != period:
		a.differ(CheckClocks, where, id, "period", strconv.Itoa(int(rec.Period)), strconv.Itoa(period))
	default:
		a.look(CheckClocks)
	}
}

// surplus is a recorded clock that the contract does not know.
func (a *Auditor) surplus(c *record.Clock) {
	a.result.Clocks++
	a.differ(CheckClocks, record.ID(c.Replication, c.Kind, c.Ordinal), c.ClauseID, "state", c.StateName(), "-")
}

// yearStarts is when contract years begin: the same date each year, 1 March for a run that starts on 29 February.
func (a *Auditor) yearStarts() []model.Time {
	term := model.Time(a.contract.Term) * time.Second
	y, m, d := a.start.date()
	list := []model.Time{0}
	for i := 1; ; i++ {
		at := moment(int64(civil(y+i, m, d)-a.start), 0)
		if at >= term {
			return append(list, term)
		}
		list = append(list, at)
	}
}

// months is how many months lie between the start and the day of t.
func (a *Auditor) months(t model.Time) int {
	i, _ := split(t)
	y0, m0, _ := a.start.date()
	y, m, _ := (a.start + day(i)).date()
	return 12*(y-y0) + m - m0
}

// wholePeriods says which periods of the term lie in it from first to last and have something of the clause's phases in them; of a
// term without any those that are cut off count too.
func (a *Auditor) wholePeriods(def *record.ClauseDef) (whole []bool) {
	term := model.Time(a.contract.Term) * time.Second
	y, m, d := a.start.date()
	var of []bool
	add := func(first, last day) {
		from, to := int64(first-a.start)*86400, int64(last-a.start)*86400
		begins := from < def.Scope.Until || def.Scope.Until == 0
		if def.Of == "job" || def.Of == "deliverable" || def.Of == "period" {
			begins = begins || from == def.Scope.Until
		}
		of = append(of, begins && def.Scope.From < to)
		whole = append(whole, of[len(of)-1] && from >= 0 && moment(to/86400, 0) <= term)
	}
	if def.PerMonth {
		for i := range a.months(max(term-time.Second, 0)) + 1 {
			add(civil(y+(m-1+i)/12, (m-1+i)%12+1, 1), civil(y+(m+i)/12, (m+i)%12+1, 1))
		}
	} else {
		for i := range len(a.years) - 1 {
			add(civil(y+i, m, d), civil(y+i+1, m, d))
		}
	}
	if !contains(whole, true) {
		return of
	}
	return whole
}

// period is the period in which a clock that starts at t is judged: those before the term count in its first period,
// those after it in its last.
func (a *Auditor) period(c *clause, t model.Time) int {
	n := 0
	if c.def.PerMonth {
		n = a.months(t)
	} else {
		for n < len(a.years)-2 && t >= a.years[n+1] {
			n++
		}
	}
	return min(max(n, 0), len(c.counts)-1)
}

// periods closes the counts of a replication.
func (a *Auditor) periods() {
	for _, c := range a.clauses {
		for _, l := range c.rows {
			l.close(c.def, c.whole)
		}
		c.close(c.def, c.whole)
	}
}

// Holds reports whether a clause holds in a period with so many clocks met and late: the share met is at least the
// target, as the decimal fraction it is written as; no clock may be late if the target is 1 or there are fewer than
// minEvents. A period without events holds.
func Holds(target float64, minEvents, met, late int64) bool {
	if target >= 1 || met+late < minEvents || met+late == 0 {
		return late == 0
	}
	goal, ok := new(big.Rat).SetString(strconv.FormatFloat(target, 'g', -1, 64))
	return ok && big.NewRat(met, met+late).Cmp(goal) >= 0
}

// Finish compares the counts with those of the report and with the number of replications of the manifest.
func (a *Auditor) Finish(replications int, clauses []record.ClauseRow) *Result {
	r := &a.result
	a.equal(CheckTotals, "", "", "replications", int64(replications), int64(r.Replications))
	rows := map[[3]string]*record.ClauseRow{}
	for i := range clauses {
		if c := &clauses[i]; c.By == "" || c.By == record.ByPeriod {
			rows[[3]string{c.Contract, c.Clause, c.Row}] = c
		}
	}
	for _, c := range a.clauses {
		t, sum := &c.sum, c.total()
		t.Met, t.Breached, t.Cancelled, t.Censored, t.Periods, t.Held = sum.met, sum.breached, sum.cancelled, sum.censored, sum.judged, sum.held
		r.Clauses = append(r.Clauses, *t)
		row := rows[[3]string{t.Contract, t.ID, ""}]
		if row == nil {
			a.differ(CheckTotals, "", t.ID, "clause", "-", t.ID)
			continue
		}
		a.equal(CheckTotals, "", t.ID, "met", row.Met, t.Met)
		a.equal(CheckTotals, "", t.ID, "breached", row.Breached, t.Breached)
		a.equal(CheckTotals, "", t.ID, "cancelled", row.Cancelled, t.Cancelled)
		a.equal(CheckTotals, "", t.ID, "censored", row.Censored, t.Censored)
		a.equal(CheckPeriods, "", t.ID, "periods", row.Periods, t.Periods)
		a.equal(CheckPeriods, "", t.ID, "periods_held", row.Held, t.Held)
		for i := range c.sums {
			sum, where := &c.sums[i], a.periodText(c, i)
			row := rows[[3]string{t.Contract, t.ID, strconv.Itoa(i)}]
			if row == nil {
				a.differ(CheckPeriods, where, t.ID, "period", "-", where)
				continue
			}
			delete(rows, [3]string{t.Contract, t.ID, strconv.Itoa(i)})
			a.equal(CheckPeriods, where, t.ID, "met", row.Met, sum.met)
			a.equal(CheckPeriods, where, t.ID, "breached", row.Breached, sum.breached)
			a.equal(CheckPeriods, where, t.ID, "cancelled", row.Cancelled, sum.cancelled)
			a.equal(CheckPeriods, where, t.ID, "censored", row.Censored, sum.censored)
			a.equal(CheckPeriods, where, t.ID, "periods", row.Periods, sum.judged)
			a.equal(CheckPeriods, where, t.ID, "periods_held", row.Held, sum.held)
		}
	}
	for i := range clauses { // in the order of the record
		c := &clauses[i]
		if c.By == record.ByPeriod && rows[[3]string{c.Contract, c.Clause, c.Row}] != nil {
			a.differ(CheckPeriods, "", c.Clause, "period", c.Row, "-")
		}
	}
	a.verdicts(clauses)
	return r
}

// periodText is a period by its first day: 2025-03 for a month, 2025-03-15 for a contract year.
func (a *Auditor) periodText(c *clause, i int) string {
	y, m, d := a.start.date()
	if c.def.PerMonth {
		return fmt.Sprintf("%04d-%02d", y+(m-1+i)/12, (m-1+i)%12+1)
	}
	y, m, d = civil(y+i, m, d).date()
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d)
}

// look counts a comparison that agreed.
func (a *Auditor) look(check string) { a.check(check).Looked++ }

// differ counts and lists one that did not.
func (a *Auditor) differ(check, where, clause, what, recorded, audited string) {
	c := a.check(check)
	c.Looked++
	c.Failed++
	if len(a.result.Differences) < MaxDifferences {
		a.result.Differences = append(a.result.Differences, Difference{check, where, clause, what, recorded, audited})
	}
}

// equal compares two numbers.
func (a *Auditor) equal(check, where, clause, what string, recorded, audited int64) {
	if recorded == audited {
		a.look(check)
		return
	}
	a.differ(check, where, clause, what, strconv.FormatInt(recorded, 10), strconv.FormatInt(audited, 10))
}

func (a *Auditor) check(name string) *Check {
	for i := range a.result.Checks {
		if a.result.Checks[i].Name == name {
			return &a.result.Checks[i]
		}
	}
	panic("audit: no check " + name)
}

// clockText is a moment in local time.
func (a *Auditor) clockText(t model.Time) string {
	if t == model.Unset || t == model.Far {
		return "-"
	}
	i, sec := split(t)
	y, m, d := (a.start + day(i)).date()
	return fmt.Sprintf("%04d-%02d-%02d %02d:%02d:%02d", y, m, d, sec/3600, sec/60%60, sec%60)
}

func secondsText(t model.Time) string { return strconv.FormatInt(int64(t/time.Second), 10) }
