package judge

import (
	"slices"
	"time"

	"slasim/model"
	"slasim/model/clock"
	"slasim/model/contract"
	"slasim/model/world"
	"slasim/sim/bound"
)

// maxSiteRows is the most sites for which a banded clause keeps rows by site: a histogram of a site and clause
// takes 48 kB for each worker. (A design choice.)
const maxSiteRows = 200

// rowKind says what a row of a clause splits by.
type rowKind uint8

const (
	byBand rowKind = iota
	bySeverity
	bySite
)

var rowKindNames = [...]string{"band", "severity", "site"}

// rowOf is one row: a band, a severity rank or a place of a clause.
type rowOf struct {
	kind rowKind
	id   int32
}

// promise is a clause compiled for judging.
type promise struct {
	c       *contract.Clause
	id      int32
	start   int16 // the milestone without which the clock never starts; -1: one of several
	stop    int16 // and where it stops, if it is plain and runs in wall time; -1: it does not
	pauses  model.KindSet
	all     bool  // the scope holds every subject, severity apart
	measure bool  // no cell of the table has a limit
	monthly bool  // judged per calendar month
	sentOn  bool  // people may be sent to its visits from elsewhere than their base
	periods int32 // how many the term touches
	first   int32 // its first period in RepResult.Clauses
	whole   []bool
	final   int32 // its place in RepResult.Final; -1: the clause does not depend on the severity

	rows    []rowOf
	row0    int32   // its first row among all rows
	cell0   int32   // the first period of its first row among all rows' cells
	bandRow []int32 // by band, severity rank, place: ordinal in rows, -1 none; nil: no such rows
	sevRow  []int32
	siteRow []int32
}

// group is the clauses about one kind of subject of a contract.
type group struct {
	promises []*promise
	pauses   model.KindSet // that take something out of any of their clocks
}

// index is the layout of what is counted: it depends on the world only, so results of different workers agree.
type index struct {
	w        *world.World
	promises []promise
	by       []group // contract × model.NumSubjects
	years    []model.Time
	months   int32

	clauseCells, rowCells, rows, finals int32
}

func newIndex(w *world.World) *index {
	ix := &index{
		w: w, by: make([]group, len(w.Contracts)*int(model.NumSubjects)), promises: make([]promise, len(w.Clauses)),
	}
	ix.years = yearStarts(w)
	ix.months = 1
	if w.Days != nil && w.Term > 0 {
		ix.months = int32(w.Days.MonthIndex(w.Term-1)) + 1
	}
	for i := range w.Clauses {
		c := &w.Clauses[i]
		p := &ix.promises[i]
		*p = promise{c: c, id: int32(i), start: -1, stop: -1, pauses: c.Clock.Pauses, measure: true, monthly: c.Period == contract.PerMonth, final: -1}
		if len(c.Clock.Start.Of) == 1 {
			p.start = int16(c.Clock.Start.Of[0])
		}
		if c.Clock.Plain() && !slices.ContainsFunc(c.Limits, func(l clock.Limit) bool { return l.Mode > clock.Wall || l.Before }) {
			p.stop = int16(c.Clock.Stop.Of[0])
		}
		scope := c.Scope
		scope.Severities, scope.By = 0, 0
		p.all = scope == contract.Scope{}
		for _, l := range c.Limits {
			p.measure = p.measure && l.Mode == clock.NoLimit
		}
		p.sentOn, _ = bound.SentOn(w, c)
		p.periods = int32(len(ix.years) - 1)
		if p.monthly {
			p.periods = ix.months
		}
		ix.setWhole(p)
		p.first = ix.clauseCells
		ix.clauseCells += p.periods
		if c.Of == model.SubjectTicket && c.Scope.By == contract.Declared && (c.NSev > 1 || c.Scope.Severities != 0) {
			p.final = ix.finals
			ix.finals++
		}
		ix.layRows(p)
		judged := c.Kind == contract.Numeric || c.Kind == contract.Soft || c.Kind == contract.NeedsParameter
		if judged && len(c.Clock.Start.Of) > 0 && len(c.Clock.Stop.Of) > 0 {
			g := &ix.by[int(c.Contract)*int(model.NumSubjects)+int(c.Of)]
			g.promises, g.pauses = append(g.promises, p), g.pauses|c.Clock.Pauses
		}
	}
	return ix
}

// yearStarts is the moments at which contract years begin, by the date, and last the end of the term.
func yearStarts(w *world.World) []model.Time {
	list := []model.Time{0}
	for y := 1; ; y++ {
		at := model.Time(y) * model.Year
		if !w.Start.IsZero() {
			at = w.Start.AddDate(y, 0, 0).Sub(w.Start)
		}
		if at >= w.Term {
			return append(list, w.Term)
		}
		list = append(list, at)
	}
}

// layRows gives the clause its rows: by severity if the limit depends on it, by band and by site if the clause
// depends on the distance.
func (ix *index) layRows(p *promise) {
	c, w := p.c, ix.w
	ct := &w.Contracts[c.Contract]
	p.row0, p.cell0 = ix.rows, ix.rowCells
	add := func(kind rowKind, id int32) int32 {
		p.rows = append(p.rows, rowOf{kind, id})
		return int32(len(p.rows) - 1)
	}
	banded := c.NBand > 1 || c.Scope.Bands != 0
	if c.Of == model.SubjectTicket && w.EverySite && !banded {
		if sites := contractSites(w, c.Contract); len(sites) <= maxSiteRows {
			p.siteRow = filled(len(w.Places))
			for _, s := range sites {
				p.siteRow[s] = add(bySite, s)
			}
		}
	}
	if c.Of == model.SubjectTicket && banded {
		sites := contractSites(w, c.Contract)
		inScope := func(b int32) bool { return b >= 0 && in(c.Scope.Bands, int(b)) }
		p.bandRow = filled(len(ct.Bands))
		for b := range int32(len(ct.Bands)) {
			for _, s := range sites {
				if inScope(b) && ct.SiteBand[s] == b && p.hasCell(ct, b) {
					p.bandRow[b] = add(byBand, b)
					break
				}
			}
		}
		if len(sites) <= maxSiteRows {
			p.siteRow = filled(len(w.Places))
			for _, s := range sites {
				if b := ct.SiteBand[s]; inScope(b) && p.bandRow[b] >= 0 {
					p.siteRow[s] = add(bySite, s)
				}
			}
		}
	}
	if c.NSev > 1 {
		p.sevRow = filled(len(ct.Severities) + 1)
		for r := 1; r <= len(ct.Severities); r++ {
			if in(c.Scope.Severities, r-1) && p.hasRank(r) {
				p.sevRow[r] = add(bySeverity, int32(r))
			}
		}
	}
	ix.rows += int32(len(p.rows))
	ix.rowCells += int32(len(p.rows)) * p.periods
}

// hasCell reports whether some severity in scope has a limit in band b; hasRank whether rank r has one in some band.
func (p *promise) hasCell(ct *world.Contract, b int32) bool {
	for r := 1; r <= max(len(ct.Severities), 1); r++ {
		if _, ok := p.limit(r, b); ok && in(p.c.Scope.Severities, r-1) {
			return true
		}
	}
	return false
}

func (p *promise) hasRank(r int) bool {
	for b := range max(p.c.NBand, 1) {
		if _, ok := p.limit(r, b); ok {
			return true
		}
	}
	return false
}

// limit is the limit of a subject of rank r in band b; false if the table has none for it.
func (p *promise) limit(r int, b int32) (*clock.Limit, bool) {
	if p.measure {
		return &unlimited, true
	}
	l := p.c.Cell(r, int(b))
	return l, l.Mode != clock.NoLimit
}

var unlimited clock.Limit

// period is the period in which a clock that started at t is judged.
func (ix *index) period(p *promise, t model.Time) int32 {
	i := int32(0)
	if p.monthly {
		if ix.w.Days != nil {
			i = int32(ix.w.Days.MonthIndex(t))
		}
	} else {
		for int(i)+2 < len(ix.years) && t >= ix.years[i+1] {
			i++
		}
	}
	return min(max(i, 0), p.periods-1)
}

// setWhole marks the periods that lie inside the term as a whole and in which something of the clause's phases may fall; a term
// that holds none of them as a whole is judged as it is.
func (ix *index) setWhole(p *promise) {
	p.whole = make([]bool, p.periods)
	touched := make([]bool, p.periods)
	some := false
	for i := range p.whole {
		var from, to model.Time
		if p.monthly && ix.w.Days != nil {
			from, to = ix.w.Days.MonthStart(i), ix.w.Days.MonthStart(i+1)
			p.whole[i] = from >= 0 && to <= ix.w.Term
		} else {
			year := min(i, len(ix.years)-2)
			from, to = ix.years[year], ix.years[year+1]
			p.whole[i] = ix.fullYear(year)
		}
		until := p.c.Scope.Until
		switch p.c.Of {
		case model.SubjectJob, model.SubjectDeliverable, model.SubjectPeriod:
			until++ // what falls due as the phase ends is of it
		}
		touched[i] = p.c.Scope.From < to && (p.c.Scope.Until == 0 || from < until)
		p.whole[i] = p.whole[i] && touched[i]
		some = some || p.whole[i]
	}
	if !some {
		p.whole = touched
	}
}

// fullYear reports whether contract year i is a whole one.
func (ix *index) fullYear(i int) bool {
	length := ix.years[i+1] - ix.years[i]
	if ix.w.Start.IsZero() {
		return length >= model.Year
	}
	return length >= ix.w.Start.AddDate(i+1, 0, 0).Sub(ix.w.Start.AddDate(i, 0, 0))
}

// yearOf is the contract year in which period i of p begins.
func (ix *index) yearOf(p *promise, i int32) int {
	if !p.monthly {
		return int(i)
	}
	at := model.Time(0)
	if ix.w.Days != nil {
		at = max(0, ix.w.Days.MonthStart(int(i)))
	}
	y := 0
	for y+2 < len(ix.years) && at >= ix.years[y+1] {
		y++
	}
	return y
}

// contractYears is the length of the term in contract years: whole ones, and the last by its days of 365.
func (ix *index) contractYears() float64 {
	n := len(ix.years) - 1
	if ix.fullYear(n - 1) {
		return float64(n)
	}
	return float64(n-1) + (ix.years[n]-ix.years[n-1]).Hours()/time.Duration(model.Year).Hours()
}

// contractSites lists, in order, the places at which something of the contract can fail.
func contractSites(w *world.World, contract int32) []int32 {
	seen := make([]bool, len(w.Places))
	for i := range w.Sources {
		if s := &w.Sources[i]; s.Contract == contract && s.Site >= 0 {
			seen[s.Site] = true
		}
	}
	var list []int32
	for i, ok := range seen {
		if ok {
			list = append(list, int32(i))
		}
	}
	return list
}

// in reports whether a set of a scope has bit i; an empty set has all.
func in(set uint32, i int) bool { return set == 0 || set&(1<<i) != 0 }

func filled(n int) []int32 {
	list := make([]int32, n)
	for i := range list {
		list[i] = -1
	}
	return list
}
