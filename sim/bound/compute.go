package bound

import (
	"math"
	"slices"

	"slasim/model"
	"slasim/model/clock"
	"slasim/model/contract"
	"slasim/model/world"
	"slasim/sim/rng"
)

// wanted is the share for which a cure of a clause with a target of 100 % is reckoned.
const wanted = 0.99

// Compute bounds every clause of w. For each site it takes, at each start of a clock, the place from which the stop is
// surest: somebody always free there, awake or on call as the roster has it for that time of the week (of a rota the
// whole cycle is thought to be manned), every part in stock in every depot. What comes before the journey (triage,
// approvals) takes no time.
//
// The least time is wait for a duty + mobilisation + city legs + road / speed × factor + entry, as the simulator has
// it: speed by month, holiday and the weather of the day, city legs by the hour of departure and of reaching the city.
// Approximations: start times in steps of 15 min, the hour of departure by the median mobilisation, the start at the
// fault's time of the week rather than the request's. On the formula itself the error of F is below 0.001.
//
// Somebody who happens to be on the road near the site may be quicker than anybody at a base; that is luck, not a plan.
func Compute(w *world.World) *Result {
	s := newSolver(w)
	res := &Result{Clauses: make([]Clause, len(w.Clauses))}
	for i := range w.Clauses {
		res.Clauses[i] = s.clause(&w.Clauses[i])
	}
	return res
}

func newSolver(w *world.World) *solver {
	s := &solver{w: w, shares: make([][]float64, len(w.Contracts)*len(w.Failures)), tables: make(map[tableKey]*table)}
	dated := false // some limit depends on the date
	for i := range w.Clauses {
		c := &w.Clauses[i]
		for _, l := range c.Limits {
			dated = dated || kindOf(c) != None && l.Mode != clock.NoLimit && fixedLimit(&c.Clock, l) < 0
		}
	}
	s.days(!dated)
	s.rates()
	s.prepare()
	return s
}

type solver struct {
	w        *world.World
	yearly   []float64   // by source: expected faults a contract year
	recorded []float64   // severity mix of a history, nil if it has none
	shares   [][]float64 // contract × failure: severities, nil until asked for
	calendar []moment
	factors  []point // of a trip
	least    float64 // the smallest of them that counts
	bases    []base
	depots   []base
	entry    *delay
	waits    [][]model.Time // the different ones of the bases
	alike    []int          // by slot: the first slot of the week like it in hour and waits
	tables   map[tableKey]*table
}

// base is a place to start from in one way: awake or on call.
type base struct {
	team   int32 // -1: a depot
	place  int32
	wait   []model.Time // by slot: until somebody of this kind is on duty; nil = always there
	leave  *delay       // mobilisation and entry
	bare   *delay       // entry only, for clocks that start at departure
	depart float64      // median seconds from duty to departure
	onCall bool
}

// prepare lists the bases and depots.
func (s *solver) prepare() {
	w := s.w
	tr := &w.Travel
	s.factors = quadrature(&tr.Factor)
	s.least = max(rng.Quantile(&tr.Factor, 1e-12), 0)
	s.entry = newDelay(&tr.Entry)
	made := make(map[[3]law]*delay)
	delayOf := func(parts ...*model.Dist) *delay {
		var k [3]law
		for i, p := range parts {
			k[i] = lawOf(p)
		}
		if made[k] == nil {
			made[k] = newDelay(parts...)
		}
		return made[k]
	}
	for i := range w.Teams {
		t := &w.Teams[i]
		if t.Roles&(1<<world.RoleField) == 0 || t.Count == 0 {
			continue
		}
		awake, call := s.duties(t)
		var partner *model.Dist
		if t.Partner {
			partner = &t.PartnerDelay
		}
		add := func(wait []model.Time, ok bool, leave *model.Dist, onCall bool) {
			if ok {
				s.bases = append(s.bases, base{int32(i), t.Place, s.known(wait), delayOf(leave, partner, &tr.Entry), s.entry,
					delayOf(leave, partner).median, onCall})
			}
		}
		leave, called := &tr.Mobilise, &tr.MobiliseCall
		if t.Mobilise != nil {
			leave = t.Mobilise
		}
		if t.MobiliseCall != nil {
			called = t.MobiliseCall
		}
		wait, ok := untilDuty(awake)
		add(wait, ok, leave, false)
		if w.Dispatch.UseOnCall {
			wait, ok = untilDuty(call)
			add(wait, ok, called, true)
		}
	}
	for i := range w.Depots {
		d := &w.Depots[i]
		run := delayOf(&d.Handling, &w.Dispatch.CourierFixed)
		s.depots = append(s.depots, base{-1, d.Place, nil, run, run, run.median, false})
	}
	s.compareSlots()
}

// known is the wait as kept before, if the same one is, so that like rosters have one.
func (s *solver) known(wait []model.Time) []model.Time {
	if wait == nil {
		return nil
	}
	for _, k := range s.waits {
		if slices.Equal(k, wait) {
			return k
		}
	}
	s.waits = append(s.waits, wait)
	return wait
}

// same reports whether two waits that are kept are one.
func same(a, b []model.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && &a[0] == &b[0]
}

// compareSlots finds for each slot of the week the first one at the same time of day with the same waits.
func (s *solver) compareSlots() {
	s.alike = make([]int, slots)
next:
	for i := range s.alike {
		s.alike[i] = i
	earlier:
		for e := i % daily; e < i; e += daily {
			for _, w := range s.waits {
				if w[e] != w[i] {
					continue earlier
				}
			}
			s.alike[i] = e
			continue next
		}
	}
}

// law is a distribution as a map's key: like bases share one delay, and of those the nearest is enough.
type law struct {
	kind   model.DistKind
	a, b   float64
	points *float64
	n      int
}

func lawOf(d *model.Dist) law {
	if d == nil {
		return law{}
	}
	l := law{kind: d.Kind, a: d.A, b: d.B, n: len(d.Points)}
	if l.n > 0 {
		l.points = &d.Points[0]
	}
	return l
}

// duties marks the slots of the week in which somebody of a team is ever on shift, and on call, in the first year.
func (s *solver) duties(t *world.Team) (awake, call []bool) {
	awake, call = make([]bool, slots), make([]bool, slots)
	end := min(max(s.w.Term, 7*model.Day), model.Year)
	for p := t.First; p < t.First+t.Count; p++ {
		person := &s.w.Persons[p]
		if person.Always {
			for i := range awake {
				awake[i] = true
			}
			continue
		}
		for _, d := range person.Duties {
			of := awake
			if d.OnCall {
				of = call
			}
			from, to := max(d.Start, 0), min(d.End, end)
			for i := (from + slot/2 - 1) / slot; i*slot+slot/2 < to; i++ {
				of[int(i)%slots] = true
			}
		}
	}
	return awake, call
}

// untilDuty is the wait from the middle of each slot to the next one on duty; nil if there always is one, false if never.
func untilDuty(on []bool) (wait []model.Time, ok bool) {
	always := true
	for _, x := range on {
		ok = ok || x
		always = always && x
	}
	if always || !ok {
		return nil, ok
	}
	wait = make([]model.Time, len(on))
	for i := range on {
		if on[i] {
			continue
		}
		k := 1
		for !on[(i+k)%len(on)] {
			k++
		}
		wait[i] = model.Time(k)*slot - slot/2
	}
	return wait, true
}

// clause bounds one clause.
func (s *solver) clause(c *contract.Clause) Clause {
	out := Clause{Kind: kindOf(c), Best: math.NaN(), Clean: 1, target: c.Target, assurance: s.w.Assurance}
	if c.Kind != contract.Numeric {
		out.Kind = None
	}
	if out.Kind == None {
		return out
	}
	seen := make([]bool, len(s.w.Places))
	for i := range s.w.Sources {
		if src := &s.w.Sources[i]; src.Contract == c.Contract && src.Site >= 0 {
			seen[src.Site] = true
		}
	}
	var all sums
	for site, ok := range seen {
		if !ok {
			continue
		}
		for _, r := range s.site(c, out.Kind, int32(site)) {
			all.add(&r)
			out.Rows = append(out.Rows, r)
		}
	}
	out.PerYear = all.rate
	out.Best, out.Clean, out.Infeasible = all.judge(c.Target, s.w.Assurance)
	return out
}

// kindOf says what a clause waits for. A stop that something else can bring about first is not bounded.
func kindOf(c *contract.Clause) Kind {
	if c.Of != model.SubjectTicket || len(c.Limits) > 0 && c.Limits[0].Before {
		return None
	}
	stop := &c.Clock.Stop
	if len(stop.Of) != 1 && !stop.Last {
		return None
	}
	kind := None
	for _, m := range stop.Of {
		switch {
		case m == model.PartOnSite:
			kind = Part
		case m == model.Arrived && kind == None:
			kind = Arrival
		}
	}
	if kind == Arrival && startsOnSite(c) {
		return None
	}
	return kind
}

// startsOnSite reports whether the clock can start with the engineer on site.
func startsOnSite(c *contract.Clause) bool {
	for _, m := range c.Clock.Start.Of {
		if m >= model.Arrived {
			return true
		}
	}
	return false
}

// startsAway reports whether the clock starts at departure: mobilisation is over.
func startsAway(c *contract.Clause) bool {
	for _, m := range c.Clock.Start.Of {
		if m != model.Departed {
			return false
		}
	}
	return true
}

// site is the rows of a clause at a site: one for all severities with the same limit.
func (s *solver) site(c *contract.Clause, kind Kind, site int32) []Row {
	ct := &s.w.Contracts[c.Contract]
	band, strict, metres := int32(-1), int32(-1), int32(-1)
	if len(ct.SiteBand) > 0 {
		band, metres = ct.SiteBand[site], ct.SiteBandMetres[site]
	}
	if len(ct.StrictBands) > 0 {
		strict = ct.StrictBands[site]
	}
	if set := c.Scope.Bands; set != 0 && (band < 0 || set&(1<<band) == 0) {
		return nil
	}
	d := s.demand(c, site, kind == Part)
	var rows []Row
	ranks := 0
next:
	for r := 1; r <= len(d.rate); r++ {
		if set := c.Scope.Severities; set != 0 && set&(1<<(r-1)) == 0 {
			continue
		}
		lim := c.Limit(r, int(band))
		if lim.Mode == clock.NoLimit {
			continue
		}
		ranks++
		for i := range rows {
			if rows[i].Limit == lim {
				rows[i].PerYear += d.rate[r-1]
				rows[i].Severity = 0
				continue next
			}
		}
		row := Row{Site: site, Severity: uint8(r), Km: math.NaN(), Band: band, StrictBand: strict, Limit: lim,
			StrictLimit: c.Limit(r, int(strict)), PerYear: d.rate[r-1]}
		if metres >= 0 {
			row.Km = float64(metres) / 1000
		}
		rows = append(rows, row)
	}
	for i := range rows {
		if len(rows) == 1 {
			rows[i].Severity = 0
		}
		s.solve(c, kind, &rows[i], d.known)
	}
	return rows
}

// solve fills in the figures of a row.
func (s *solver) solve(c *contract.Clause, kind Kind, r *Row, known float64) {
	st := s.starts(r.Site, &c.Clock, r.Limit)
	t := s.trips(c, kind, r.Site, st, known, false)
	limit := fixedLimit(&c.Clock, r.Limit)
	r.F = s.chanceOf(t, limit, 1)
	r.StrictF = r.F
	if strict := r.StrictLimit; strict.Mode != clock.NoLimit && strict != r.Limit {
		if l := fixedLimit(&c.Clock, strict); l >= 0 && limit >= 0 {
			r.StrictF = s.chanceOf(t, l, 1)
		} else {
			r.StrictF = s.chanceOf(s.trips(c, kind, r.Site, s.starts(r.Site, &c.Clock, strict), known, false), l, 1)
		}
	}
	r.Base, r.BaseKm = -1, math.NaN()
	if i := s.surest(t, limit); i >= 0 {
		r.Base, r.BaseKm = t.routes[i].from.place, float64(t.routes[i].metres)/1000
	}
	r.Median = s.quantile(t, 0.5, r.Limit.Span)
	r.P95 = s.quantile(t, 0.95, r.Median)
	var one sums
	one.add(r)
	if _, _, r.Infeasible = one.judge(c.Target, s.w.Assurance); r.Infeasible {
		r.Cure = s.cure(c, kind, r, t, st, limit)
	}
}

// cure is what would make a row hold:
//
//	bound.cure        1 km from which the limit would hold, 2 speed needed from the best base in km/h, 3 and 4 limits
//	                  that would hold at 95 and 99 %, 5 share on time with a person awake at every base around the clock
//	bound.cure_limit  1 and 2 the limits, 3 the share awake: no distance and no speed is enough
//	bound.cure_none   nobody can be sent
func (s *solver) cure(c *contract.Clause, kind Kind, r *Row, t *trips, st *starts, limit model.Time) *model.Msg {
	if r.Base < 0 {
		return &model.Msg{Code: "bound.cure_none"}
	}
	want := wanted
	if c.Target > 0 && c.Target < 1 {
		want = c.Target
	}
	p95, p99 := r.P95, s.quantile(t, 0.99, r.P95)
	awake := s.chanceOf(s.trips(c, kind, r.Site, st, t.known, true), limit, 1)
	if s.w.Travel.Mode != world.RoadTravel || r.BaseKm <= 0 || s.chanceOf(t, limit, 0) < want {
		return &model.Msg{Code: "bound.cure_limit", Args: []any{p95, p99, awake}}
	}
	const parts = 1 << 30 // of the stretch of every drive: the largest that is enough
	stretch := float64(first(parts, parts/2, func(i int) float64 {
		if short := want - s.chanceOf(t, limit, float64(i)/parts); short != 0 {
			return short
		}
		return -1e-300
	})-1) / parts
	return &model.Msg{Code: "bound.cure", Args: []any{r.BaseKm * stretch, s.w.Travel.SpeedKmh / stretch, p95, p99, awake}}
}
