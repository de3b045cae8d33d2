package bound

import (
	"math"
	"sort"

	"slasim/model"
	"slasim/model/clock"
	"slasim/model/contract"
	"slasim/model/world"
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
	s := &solver{w: w, shares: make([][]float64, len(w.Contracts)*len(w.Failures))}
	dated := false // some limit depends on the date
	for i := range w.Clauses {
		c := &w.Clauses[i]
		for _, l := range c.Limits {
			dated = dated || kindOf(c) != None && (l.Mode != clock.Wall && l.Mode != clock.NoLimit || c.Clock.Shift)
		}
	}
	s.days(!dated)
	s.rates()
	s.prepare()
	res := &Result{Clauses: make([]Clause, len(w.Clauses))}
	for i := range w.Clauses {
		res.Clauses[i] = s.clause(&w.Clauses[i])
	}
	return res
}

type solver struct {
	w        *world.World
	yearly   []float64   // by source: expected faults a contract year
	recorded []float64   // severity mix of a history, nil if it has none
	shares   [][]float64 // contract × failure: severities, nil until asked for
	calendar []moment
	factors  []point // of a trip
	bases    []base
	depots   []base
	entry    *delay
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
				s.bases = append(s.bases, base{int32(i), t.Place, wait, delayOf(leave, partner, &tr.Entry), s.entry,
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

// trips is the journeys of one row: from every base, and of parts from every depot.
type trips struct {
	states  []state
	people  []route
	parts   []route
	cases   []group
	known   float64 // of the parts: need known before the visit
	needBy  Kind
	onSite  bool // the clock of a part starts on site
	carried bool // parts come with the engineer
}

// route is the journey from one base in every state.
type route struct {
	from   *base
	metres int32
	legs   []leg
	at     []int32 // by state: its leg
}

// leg is what is the same in many states: the fixed spans and the drive, in seconds.
type leg struct{ fixed, drive float64 }

func (s *solver) trips(c *contract.Clause, kind Kind, site int32, states []state, known float64, awake bool) *trips {
	t := &trips{states: states, needBy: kind, known: known, onSite: kind == Part && startsOnSite(c),
		carried: s.w.Dispatch.PartSource == world.EngineerBase}
	away := startsAway(c)
	for i := range s.bases {
		b := s.bases[i]
		if team := &s.w.Teams[b.team]; team.Contracts&(1<<uint(c.Contract)) == 0 {
			continue
		}
		if awake {
			if b.onCall {
				continue
			}
			b.wait = nil
		}
		if away {
			b.leave, b.depart, b.wait = b.bare, 0, nil
		}
		if m := s.w.Metres(b.place, site); m >= 0 {
			t.people = append(t.people, s.route(&b, site, m, t.states))
		}
	}
	t.people = s.nearest(t.people, site)
	if kind == Part && !t.carried {
		for i := range s.depots {
			b := s.depots[i]
			if m := s.w.Metres(b.place, site); m >= 0 {
				t.parts = append(t.parts, s.route(&b, site, m, t.states))
			}
		}
	}
	t.merge()
	return t
}

// nearest drops the bases that cannot be better than another: no nearer, no fewer city legs, the same hours and start.
func (s *solver) nearest(list []route, site int32) []route {
	sort.SliceStable(list, func(i, j int) bool { return list[i].metres < list[j].metres })
	var kept []route
outer:
	for _, r := range list {
		for _, k := range kept {
			if k.from.leave == r.from.leave && s.legs(k.from.place, site) <= s.legs(r.from.place, site) && equal(k.from.wait, r.from.wait) {
				continue outer
			}
		}
		kept = append(kept, r)
	}
	return kept
}

// legs is the number of city legs of a trip.
func (s *solver) legs(from, to int32) int {
	if s.w.Places[from].City == s.w.Places[to].City {
		return 1
	}
	return 2
}

func equal(a, b []model.Time) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// route reckons the journey in every state.
func (s *solver) route(b *base, site, metres int32, states []state) route {
	r := route{from: b, metres: metres, at: make([]int32, len(states))}
	index := make(map[leg]int32)
	for i := range states {
		l := s.leg(b, site, metres, &states[i])
		k, ok := int32(0), false
		if i > 0 && l == r.legs[r.at[i-1]] { // neighbours mostly agree
			k, ok = r.at[i-1], true
		} else {
			k, ok = index[l]
		}
		if !ok {
			k = int32(len(r.legs))
			index[l] = k
			r.legs = append(r.legs, l)
		}
		r.at[i] = k
	}
	return r
}

// group is states in which every route is the same.
type group struct {
	first  int // one of them
	weight float64
}

// merge puts like states together.
func (t *trips) merge() {
	id := make([]int32, len(t.states)) // of the states' group, finer with every route
	type key struct {
		id    int32
		limit model.Time
		leg   int32
	}
	refine := func(leg func(i int) int32, limit func(i int) model.Time) {
		index := make(map[key]int32)
		var last key
		lastID := int32(-1)
		for i := range id {
			k := key{id[i], limit(i), leg(i)}
			if lastID < 0 || k != last {
				n, ok := index[k]
				if !ok {
					n = int32(len(index))
					index[k] = n
				}
				last, lastID = k, n
			}
			id[i] = lastID
		}
	}
	none := func(int) model.Time { return 0 }
	refine(func(int) int32 { return 0 }, func(i int) model.Time { return t.states[i].limit })
	for _, list := range [][]route{t.people, t.parts} {
		for k := range list {
			refine(func(i int) int32 { return list[k].at[i] }, none)
		}
	}
	var at []int32
	for i := range t.states {
		for int(id[i]) >= len(at) {
			at = append(at, -1)
		}
		if at[id[i]] < 0 {
			at[id[i]] = int32(len(t.cases))
			t.cases = append(t.cases, group{first: i})
		}
		t.cases[at[id[i]]].weight += t.states[i].weight
	}
}

// leg is the fixed spans and the drive of one state, as sim's trips have them.
func (s *solver) leg(b *base, site, metres int32, st *state) leg {
	tr := &s.w.Travel
	var l leg
	if b.wait != nil {
		l.fixed = b.wait[st.slot].Seconds()
	}
	if b.team < 0 && s.w.Dispatch.CourierSpeedKmh > 0 {
		l.drive = float64(metres) * 3.6 / s.w.Dispatch.CourierSpeedKmh
		return l
	}
	switch tr.Mode {
	case world.NoTravel:
	case world.BandTravel:
		l.drive = bandSeconds(tr, metres)
	case world.RoadTravel:
		l.drive = float64(metres) * 3.6 / st.kmh
		if tr.HasCityLeg {
			from := model.Time(st.slot)*slot + slot/2 + model.RoundSeconds(l.fixed+b.depart)
			legs := tr.CityLeg[hourOf(from)]
			if s.legs(b.place, site) == 2 {
				legs += tr.CityLeg[hourOf(from+legs+model.RoundSeconds(l.drive))]
			}
			l.fixed += legs.Seconds()
		}
	}
	return l
}

func hourOf(t model.Time) int { return int((t%model.Day + model.Day) % model.Day / (4 * slot)) }

// bandSeconds is the time of the travel table; beyond its end the last pace goes on.
func bandSeconds(tr *world.Travel, metres int32) float64 {
	for i, m := range tr.BandMetres {
		if metres <= m {
			return tr.BandTimes[i].Seconds()
		}
	}
	if n := len(tr.BandTimes); n > 0 {
		return tr.BandTimes[n-1].Seconds() * float64(metres) / float64(tr.BandMetres[n-1])
	}
	return 0
}

// chanceOf is P(least time ≤ limit) over the states. limit replaces the states' own if it is not negative; scale
// stretches every drive.
func (s *solver) chanceOf(t *trips, limit model.Time, scale float64) float64 {
	people := s.byState(t, t.people, limit, scale)
	if t.needBy == Arrival || t.carried && !t.onSite {
		return people
	}
	parts := 1.0 // carried, need found on site: without delay
	if !t.carried {
		parts = s.byState(t, t.parts, limit, scale)
	}
	both := math.Min(people, parts) // P(A and B) is at most either
	if t.onSite {
		return t.known*both + (1-t.known)*parts
	}
	return both
}

// byState is the chance over the states, from the surest of the routes in each.
func (s *solver) byState(t *trips, routes []route, limit model.Time, scale float64) float64 {
	sum, all := 0.0, 0.0
	for _, g := range t.cases {
		most := t.states[g.first].limit
		if limit >= 0 {
			most = limit
		}
		best := 0.0
		for i := range routes {
			r := &routes[i]
			l := &r.legs[r.at[g.first]]
			factor, factors := &s.w.Travel.Factor, s.factors
			if r.from.team < 0 && s.w.Dispatch.CourierSpeedKmh > 0 {
				factor, factors = &certain, nil
			}
			p := r.from.leave.within(most.Seconds(), l.fixed, l.drive*scale, factor, factors)
			if p > best {
				best = p
			}
		}
		sum += g.weight * best
		all += g.weight
	}
	return sum / all // exactly 1 if every case is sure
}

// certain is the factor of a courier's drive.
var certain = model.Dist{Kind: model.Constant, A: 1}

// solve fills in the figures of a row.
func (s *solver) solve(c *contract.Clause, kind Kind, r *Row, known float64) {
	t := s.trips(c, kind, r.Site, s.kinds(r.Site, &c.Clock, r.Limit), known, false)
	r.F = s.chanceOf(t, -1, 1)
	r.StrictF = r.F
	switch strict := r.StrictLimit; {
	case strict.Mode == clock.NoLimit || strict == r.Limit:
	case strict.Mode == clock.Wall && r.Limit.Mode == clock.Wall && !c.Clock.Shift:
		r.StrictF = s.chanceOf(t, strict.Span, 1)
	default:
		r.StrictF = s.chanceOf(s.trips(c, kind, r.Site, s.kinds(r.Site, &c.Clock, r.StrictLimit), known, false), -1, 1)
	}
	r.Base, r.BaseKm = -1, math.NaN()
	routes := t.people
	if kind == Part && t.onSite && !t.carried && known < 1 {
		routes = t.parts
	}
	best := -1.0
	for i := range routes {
		if p := s.byState(t, routes[i:i+1], -1, 1); p > best {
			best, r.Base, r.BaseKm = p, routes[i].from.place, float64(routes[i].metres)/1000
		}
	}
	r.Median, r.P95 = s.quantile(t, 0.5), s.quantile(t, 0.95)
	var one sums
	one.add(r)
	if _, _, r.Infeasible = one.judge(c.Target, s.w.Assurance); r.Infeasible {
		r.Cure = s.cure(c, kind, r, t)
	}
}

// horizon is the longest span a quantile is looked for.
const horizon = 30 * model.Day

// quantile is the smallest span, to a second, within which the stop comes with chance p; model.Far if none does.
func (s *solver) quantile(t *trips, p float64) model.Time {
	n := int(horizon / second)
	i := sort.Search(n, func(i int) bool { return s.chanceOf(t, model.Time(i)*second, 1) >= p-1e-9 })
	if i == n {
		return model.Far
	}
	return model.Time(i) * second
}

const second = model.Day / 86400

// cure is what would make a row hold:
//
//	bound.cure        1 km from which the limit would hold, 2 speed needed from the best base in km/h, 3 and 4 limits
//	                  that would hold at 95 and 99 %, 5 share on time with a person awake at every base around the clock
//	bound.cure_limit  1 and 2 the limits, 3 the share awake: no distance and no speed is enough
//	bound.cure_none   nobody can be sent
func (s *solver) cure(c *contract.Clause, kind Kind, r *Row, t *trips) *model.Msg {
	if r.Base < 0 {
		return &model.Msg{Code: "bound.cure_none"}
	}
	want := wanted
	if c.Target > 0 && c.Target < 1 {
		want = c.Target
	}
	p95, p99 := r.P95, s.quantile(t, 0.99)
	awake := s.chanceOf(s.trips(c, kind, r.Site, t.states, t.known, true), -1, 1)
	if s.w.Travel.Mode != world.RoadTravel || r.BaseKm <= 0 || s.chanceOf(t, -1, 0) < want {
		return &model.Msg{Code: "bound.cure_limit", Args: []any{p95, p99, awake}}
	}
	low, high := 0.0, 1.0 // stretch of every drive: enough, too much
	for range 30 {
		mid := (low + high) / 2
		if s.chanceOf(t, -1, mid) >= want {
			low = mid
		} else {
			high = mid
		}
	}
	return &model.Msg{Code: "bound.cure", Args: []any{r.BaseKm * low, s.w.Travel.SpeedKmh / low, p95, p99, awake}}
}
