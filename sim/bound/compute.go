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
// approvals) takes no time, but waits until somebody who does it is on duty.
//
// The least time is wait for the service hours of the level + wait for a duty + mobilisation + city legs + road / speed
// × factor + entry, as the simulator has it: speed by month, holiday and the weather of the day, city legs by the hour of departure and of reaching the city.
// Approximations: start times in steps of 15 min, the hour of departure by the median mobilisation, the start at the
// fault's time of the week. On the formula itself the error of F is below 0.001. A duty holds at its time of the week
// all year, so on days off by a calendar F is too high rather than too low.
//
// # What the best possible share bounds
//
// F is the most that people at the service points of the scenario can do: places where somebody is stationed. With
// return: redirect or stay, with work that may be interrupted, or under the redirect policy a person may also be sent
// from the road or from another site, and then be nearer than anybody at a base. A row therefore has two bounds. F is
// what can be planned, and what is shown as best possible: whoever stations people on the road has opened a service
// point, and the cure of a row says how near it has to be. Most is strict: somebody at the site, under way already, for
// whom nothing but the last city leg and the entry is left; and nothing at all where an engineer leaves during the telephone
// diagnosis, before the visit is asked for. Where nobody may be sent on both are the same.
//
// INFEASIBLE rests on F alone as long as there is no run. A run has seen how often somebody happened to be near, and
// its verdict counts them: see Clause.Impossible.
func Compute(w *world.World) *Result {
	s := newSolver(w)
	res := &Result{Clauses: make([]Clause, len(w.Clauses))}
	for i := range w.Clauses {
		res.Clauses[i] = s.clause(&w.Clauses[i])
	}
	return res
}

func newSolver(w *world.World) *solver {
	s := &solver{w: w, shares: make([][]float64, len(w.Contracts)*len(w.Failures)), tables: make(map[tableKey]*table),
		fetches: make(map[fetchKey]*delay),
		duty:    make([]duty, len(w.Teams)), bits: sometimes(w)}
	dated := false // some limit or some visit depends on the date
	for i := range w.Clauses {
		c := &w.Clauses[i]
		if kindOf(c) == None {
			continue
		}
		dated = dated || w.Contracts[c.Contract].Process.Served != 0
		for _, l := range c.Limits {
			dated = dated || l.Mode != clock.NoLimit && (c.Clock.Shift || fixedLimit(l) < 0)
		}
	}
	s.days(!dated)
	s.rates()
	s.prepare()
	return s
}

type solver struct {
	w        *world.World
	yearly   []float64   // by source: expected faults a contract year, without
	burst    []float64   // those of bursts
	single   []float64   // of these, a lower bound of the ones that do not come together with others
	recorded []float64   // severity mix of a history, nil if it has none
	shares   [][]float64 // contract × failure: severities, nil until asked for
	calendar []moment
	factors  []point // of a trip
	least    float64 // the smallest of them that counts
	bases    []base
	depots   []base    // the first as those of the world
	handled  []float64 // by depot of the world: median seconds of handling
	fetches  map[fetchKey]*delay
	entry    *delay
	duty     []duty         // by team, nil until asked for
	bits     []crowd        // by team
	waits    [][]model.Time // the different ones of the bases
	alike    []int          // by slot: the first slot of the week like it in hour and waits
	tables   map[tableKey]*table
}

// fetchKey is who fetches a part where.
type fetchKey struct {
	team   int32
	onCall bool
	depot  int
}

// base is a place to start from in one way: awake or on call.
type base struct {
	team   int32        // -1: a depot
	place  int32        // -1: at the site itself
	wait   []model.Time // by slot: until somebody of this kind is on duty; nil = always there
	leave  *delay       // mobilisation and entry
	depart float64      // median seconds from duty to departure
	onCall bool
	serves uint64 // a depot: bit per contract that may draw from it
	waited bool   // the clock starts after the wait
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
		if t.Roles&(1<<world.RoleField|1<<world.RoleSupport) == 0 || t.Count == 0 {
			continue
		}
		d := s.duties(i)
		add := func(wait []model.Time, ok bool, onCall bool) {
			if ok {
				leaving := s.leaving(t, onCall)
				s.bases = append(s.bases, base{team: int32(i), place: t.Place, wait: s.known(wait),
					leave: delayOf(append(leaving, &tr.Entry)...), depart: delayOf(leaving...).median, onCall: onCall})
			}
		}
		wait, ok := untilDuty(d.awake)
		add(wait, ok, false)
		if w.Dispatch.UseOnCall {
			wait, ok = untilDuty(d.call)
			add(wait, ok, true)
		}
	}
	for i := range w.Depots {
		d := &w.Depots[i]
		run := delayOf(&d.Handling, &w.Dispatch.CourierFixed)
		s.depots = append(s.depots, base{team: -1, place: d.Place, leave: run, depart: run.median, serves: d.Contracts})
		s.handled = append(s.handled, delayOf(&d.Handling).median)
	}
	s.buy(delayOf)
	s.compareSlots()
}

// leaving is what a team does before it departs.
func (s *solver) leaving(t *world.Team, onCall bool) []*model.Dist {
	list := make([]*model.Dist, 0, 4)
	switch {
	case onCall && t.MobiliseCall != nil:
		list = append(list, t.MobiliseCall)
	case onCall:
		list = append(list, &s.w.Travel.MobiliseCall)
	case t.Mobilise != nil:
		list = append(list, t.Mobilise)
	default:
		list = append(list, &s.w.Travel.Mobilise)
	}
	if t.Partner {
		list = append(list, &t.PartnerDelay)
	}
	return list
}

// buy adds the way of parts that no depot stocks for a contract: they are bought when they are needed and come straight
// to the site.
func (s *solver) buy(delayOf func(...*model.Dist) *delay) {
	w := s.w
	needed := make([]bool, len(w.Parts))
	for i := range w.Failures {
		for _, p := range w.Failures[i].Parts {
			needed[p.Part] = true
		}
	}
	for p, need := range needed {
		lead := &model.Dist{} // as the simulator has it: that of the first depot which names one
		stocked := uint64(0)  // for which contracts
		for d := len(w.Depots) - 1; d >= 0; d-- {
			k := &w.Stock[d*len(w.Parts)+p]
			if k.Rule != world.NotStocked {
				stocked |= w.Depots[d].Contracts
			}
			if !k.Lead.IsZero() {
				lead = &k.Lead
				if k.Buys {
					lead = &k.Emergency
				}
			}
		}
		if lacking := (1<<len(w.Contracts) - 1) &^ stocked; need && lacking != 0 {
			way := delayOf(lead)
			s.depots = append(s.depots, base{team: -1, place: -1, leave: way, depart: way.median, serves: lacking})
		}
	}
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

// duty is the slots of the week in which somebody of a team is ever on shift, and on call.
type duty struct{ awake, call []bool }

// duties marks them in the first year.
func (s *solver) duties(team int) duty {
	if s.duty[team].awake != nil {
		return s.duty[team]
	}
	t := &s.w.Teams[team]
	d := duty{make([]bool, slots), make([]bool, slots)}
	s.duty[team] = d
	end := max(s.w.Term, 7*model.Day)
	if t.Only == nil {
		end = min(end, model.Year)
	}
	for p := t.First; p < t.First+t.Count; p++ {
		person := &s.w.Persons[p]
		if person.Always {
			for i := range d.awake {
				d.awake[i] = true
			}
			continue
		}
		for _, x := range person.Duties {
			of := d.awake
			if x.OnCall {
				of = d.call
			}
			from, to := max(x.Start, 0), min(x.End, end)
			for i := (from + slot/2 - 1) / slot; i*slot+slot/2 < to; i++ {
				of[int(i)%slots] = true
			}
		}
	}
	return d
}

// anybody is the wait until somebody of the teams that want says is on duty, on call too if called; as untilDuty.
func (s *solver) anybody(called bool, want func(i int, t *world.Team) bool) (wait []model.Time, ok bool) {
	on := make([]bool, slots)
	for i := range s.w.Teams {
		if !want(i, &s.w.Teams[i]) {
			continue
		}
		d := s.duties(i)
		for k := range on {
			on[k] = on[k] || d.awake[k] || called && d.call[k]
		}
	}
	return untilDuty(on)
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
	out := Clause{Kind: kindOf(c), Whole: Whole{Best: math.NaN(), Clean: 1}, target: c.Target, assurance: s.w.Assurance,
		period: min(1, float64(s.w.Term)/float64(model.Year))}
	if c.Period == contract.PerMonth {
		out.period = min(out.period, 1.0/12)
	}
	if c.Kind != contract.Numeric {
		out.Kind = None
	}
	if out.Kind == None {
		return out
	}
	s.periods(c, &out)
	_, out.stays = SentOn(s.w, c)
	seen := make([]bool, len(s.w.Places))
	for i := range s.w.Sources {
		if src := &s.w.Sources[i]; src.Contract == c.Contract && src.Site >= 0 {
			seen[src.Site] = true
		}
	}
	for site, ok := range seen {
		if ok {
			s.site(c, &out, int32(site))
		}
	}
	out.Whole, _ = out.Part(func(*Row) bool { return true })
	out.PerYear = out.base.rate
	return out
}

// SentOn reports whether people may be sent to the visits of a clause from elsewhere than their base, and whether some
// stay away until they are; of a clause that waits for a journey, else false.
func SentOn(w *world.World, c *contract.Clause) (may, stay bool) {
	if kindOf(c) == None {
		return false, false
	}
	may = ahead(w, c) != 0
	d := &w.Dispatch
	for i := range w.Teams {
		t := &w.Teams[i]
		if !goes(w, t, c.Contract) || t.Resident {
			continue
		}
		stay = stay || t.Return == world.Stay
		may = may || t.Return != world.MustReturn || d.Preempt == world.PreemptLower || d.Policy == world.RedirectPolicy ||
			d.Preempt == world.PreemptPlanned && t.Roles&(1<<world.RolePlanned) != 0 && len(w.Jobs) > 0
	}
	return may, stay
}

// ahead is the levels, bit rank − 1, at which an engineer may be on his way to the visits of a clause when its clock
// starts: he leaves during the telephone diagnosis.
func ahead(w *world.World, c *contract.Clause) uint32 {
	if p := &w.Contracts[c.Contract].Process; p.Remote == world.Parallel && p.Respond && startsAt(c) == atRequest {
		return uint32(1)<<p.AheadWhen - 1
	}
	return 0
}

// goes reports whether people of team t go to visits of a contract: engineers, and supporters to whom the ladder moves
// a ticket.
func goes(w *world.World, t *world.Team, of int32) bool {
	if t.Count == 0 || t.Contracts&(1<<uint(of)) == 0 {
		return false
	}
	moves := slices.ContainsFunc(w.Contracts[of].Ladder, func(r world.Rung) bool { return r.Moves })
	return t.Roles&(1<<world.RoleField) != 0 || moves && t.Roles&(1<<world.RoleSupport) != 0
}

// kindOf says what a clause waits for. A stop that something else can bring about first is not bounded.
func kindOf(c *contract.Clause) Kind {
	if c.Of != model.SubjectTicket || c.Scope.Findings || len(c.Limits) > 0 && c.Limits[0].Before {
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

// stage is how far a ticket has come.
type stage uint8

const (
	atReport  stage = iota
	atDesk          // somebody has answered the telephone
	atRequest       // a remote engineer has worked on it
	atSending       // our director has agreed and somebody is named
	atLeaving       // he has mobilised
)

// startsAt is how far a ticket has come at least when the clock starts.
func startsAt(c *contract.Clause) stage {
	start := &c.Clock.Start
	at := atReport
	for i, m := range start.Of {
		x := atRequest
		switch {
		case m <= model.Reported:
			x = atReport
		case m <= model.Answered:
			x = atDesk
		case m == model.Assigned:
			x = atSending
		case m == model.Departed:
			x = atLeaving
		}
		if i == 0 || x < at != start.Last {
			at = x
		}
	}
	return at
}

// site is the rows of a clause at a site: one for all severities with the same limit.
func (s *solver) site(c *contract.Clause, out *Clause, site int32) {
	ct := &s.w.Contracts[c.Contract]
	band, strict, metres := int32(-1), int32(-1), int32(-1)
	if len(ct.SiteBand) > 0 {
		band, metres = ct.SiteBand[site], ct.SiteBandMetres[site]
	}
	if len(ct.StrictBands) > 0 {
		strict = ct.StrictBands[site]
	}
	if set := c.Scope.Bands; set != 0 && (band < 0 || set&(1<<band) == 0) {
		return
	}
	d := s.demand(c, site, out.Kind == Part)
	var rows []Row
next:
	for r := 1; r <= len(d.rate); r++ {
		if set := c.Scope.Severities; set != 0 && set&(1<<(r-1)) == 0 {
			continue
		}
		lim := c.Limit(r, int(band))
		if lim.Mode == clock.NoLimit {
			continue
		}
		closed := closedFor(ct, r)
		for i := range rows {
			if rows[i].Limit == lim && rows[i].closed == closed {
				rows[i].Ranks |= 1 << (r - 1)
				rows[i].PerYear += d.rate[r-1]
				rows[i].single += d.single[r-1]
				continue next
			}
		}
		row := Row{Site: site, Ranks: 1 << (r - 1), closed: closed, Km: math.NaN(), Band: band, StrictBand: strict, Limit: lim,
			StrictLimit: c.Limit(r, int(strict)), PerYear: d.rate[r-1], single: d.single[r-1]}
		if metres >= 0 {
			row.Km = float64(metres) / 1000
		}
		rows = append(rows, row)
	}
	for i := range rows {
		s.solve(c, out, &rows[i], &d)
	}
	out.Rows = append(out.Rows, rows...)
}

// solve fills in the figures of a row.
func (s *solver) solve(c *contract.Clause, out *Clause, r *Row, d *demand) {
	j := journey{c: c, kind: out.Kind, site: r.Site, known: d.known, brought: d.brought, crowd: out.crowds[0]}
	st := s.starts(c, r, r.Limit)
	t := s.trips(j, st)
	limit := fixedLimit(r.Limit)
	// by is the chance with each crowd, of which the first is known.
	by := func(first float64, j journey, st *starts, limit model.Time) []float64 {
		all := []float64{first}
		for _, now := range out.crowds[1:] {
			j.crowd = now
			all = append(all, s.chanceOf(s.trips(j, st), limit))
		}
		return all
	}
	mean := func(by []float64) (f float64) {
		for i := range by {
			f += out.all.share[i] * by[i]
		}
		return f
	}
	r.base = by(s.chanceOf(t, limit), j, st, limit)
	r.most = r.base
	r.F = mean(r.base)
	r.StrictF = r.F
	if may, _ := SentOn(s.w, c); may {
		j := j
		j.underWay = true
		r.most = by(s.chanceOf(s.trips(j, st), limit), j, st, limit)
		for i := range r.most {
			if r.most[i] = max(r.base[i], r.most[i]); ahead(s.w, c)&r.Ranks != 0 { // he may be there before a visit is asked for
				r.most[i] = 1
			}
		}
	}
	r.Most = mean(r.most)
	if strict := r.StrictLimit; strict.Mode != clock.NoLimit && strict != r.Limit {
		if l := fixedLimit(strict); l >= 0 && limit >= 0 {
			r.StrictF = mean(by(s.chanceOf(t, l), j, st, l))
		} else {
			st := s.starts(c, r, strict)
			r.StrictF = mean(by(s.chanceOf(s.trips(j, st), l), j, st, l))
		}
	}
	r.Base, r.BaseKm = -1, math.NaN()
	if i := s.surest(t, limit); i >= 0 && t.routes[i].from.place >= 0 {
		r.Base, r.BaseKm = t.routes[i].from.place, float64(t.routes[i].metres)/1000
	}
	r.Median = s.quantile(t, 0.5, r.Limit.Span)
	r.P95 = s.quantile(t, 0.95, r.Median)
	one := Clause{target: out.target, assurance: out.assurance, period: out.period, periods: out.periods, crowds: out.crowds, Rows: []Row{*r}}
	row, _ := one.Part(func(*Row) bool { return true })
	if r.Infeasible, r.ByChance = row.Infeasible, row.ByChance; r.Infeasible {
		r.Cure = s.cure(j, r, t, st, limit)
	}
}

// cure is what would make a row hold:
//
//	bound.cure        1 km of a point from which the limit would hold if all began there, 2 speed needed from the best
//	                  base in km/h, of the courier if a part alone is late, 3 and 4 limits that would hold at 95 and 99 %, 5 share on time with a person awake at every base around the clock
//	bound.cure_limit  1 and 2 the limits, 3 the share awake: no distance and no speed is enough
//	bound.cure_none   nobody can be sent
func (s *solver) cure(j journey, r *Row, t *trips, st *starts, limit model.Time) *model.Msg {
	best := s.surest(t, limit)
	if best < 0 {
		return &model.Msg{Code: "bound.cure_none"}
	}
	kmh := s.w.Travel.SpeedKmh
	if courier := s.w.Dispatch.CourierSpeedKmh; t.routes[best].from.team < 0 && courier > 0 {
		kmh = courier
	}
	want := wanted
	if j.c.Target > 0 && j.c.Target < 1 {
		want = j.c.Target
	}
	p95, p99 := r.P95, s.quantile(t, 0.99, r.P95)
	j.awake = true
	awake := s.chanceOf(s.trips(j, st), limit)
	t.scale(0)
	if s.w.Travel.Mode != world.RoadTravel || !(r.BaseKm > 0) || s.chanceOf(t, limit) < want {
		return &model.Msg{Code: "bound.cure_limit", Args: []any{p95, p99, awake}}
	}
	const parts = 1 << 30 // of a change: the largest that is enough
	enough := func(change func(share float64)) float64 {
		return float64(first(parts, parts/2, func(i int) float64 {
			change(float64(i) / parts)
			if short := want - s.chanceOf(t, limit); short != 0 {
				return short
			}
			return -1e-300
		})-1) / parts
	}
	farthest := 0.0
	for i := range t.routes {
		farthest = max(farthest, float64(t.routes[i].metres))
	}
	km := enough(func(share float64) { t.from(share * farthest) }) * farthest / 1000
	return &model.Msg{Code: "bound.cure", Args: []any{km, kmh / enough(t.scale), p95, p99, awake}}
}
