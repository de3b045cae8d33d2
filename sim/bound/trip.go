package bound

import (
	"math"
	"slices"

	"slasim/model"
	"slasim/model/contract"
	"slasim/model/world"
)

// trips is the journeys of one row: of people from every base, and of parts from every depot.
type trips struct {
	routes  []route
	stretch []float64 // by route: of its drive, 1 as it is
	people  int       // the first so many of them are people, who go straight to the site
	parts   int       // the next up to here are parts that are sent; the others people who fetch a part on their way
	cases   []situation
	legs    []leg   // situation × route
	known   float64 // of the parts: need known before the visit
	needBy  Kind
	onSite  bool    // the clock of a part starts on site
	carried bool    // parts come with the engineer
	brought float64 // of the visits, or of the parts if it waits for one: begun by way of a depot
}

// route is the way from one base.
type route struct {
	from   base
	metres int32
	via    *stop // where a part is fetched on the way, nil if none is
}

// stop is the depot on a way.
type stop struct {
	place    int32
	metres   int32   // to it
	handling float64 // median seconds there
}

// leg is the fixed spans and the drive of a route, in seconds.
type leg struct{ fixed, drive float64 }

// situation is the states in which every route takes the same time.
type situation struct {
	limit  model.Time
	weight float64
}

// journey is whose trips are reckoned: of the clause c at a site.
type journey struct {
	c        *contract.Clause
	kind     Kind
	site     int32
	known    float64 // of the parts
	brought  float64 // of the visits or of the parts
	awake    bool    // somebody awake at every base around the clock
	crowd    crowd   // who of those who are not there all the term are
	underWay bool    // somebody is on the road near the site, at any time somebody is on duty
}

func (s *solver) trips(j journey, st *starts) *trips {
	t := &trips{needBy: j.kind, known: j.known, onSite: j.kind == Part && startsOnSite(j.c),
		carried: s.w.Contracts[j.c.Contract].Process.PartSource == world.EngineerBase, brought: j.brought}
	if t.carried { // what is not brought: the need is confirmed on site, and there is the part
		t.known = t.brought
	}
	var begins []base
	add := func(b base) {
		switch at := startsAt(j.c); {
		case at >= atLeaving:
			b.leave, b.depart, b.waited = s.entry, 0, true
		case at >= atSending:
			b.waited = true
		}
		begins = append(begins, b)
		t.add(s, b, j.site)
	}
	if j.underWay {
		wait, ok := s.anybody(s.w.Dispatch.UseOnCall, func(i int, t *world.Team) bool {
			return goes(s.w, t, j.c.Contract) && worksAt(t, j.site) && j.crowd.has(s.bits[i])
		})
		if ok {
			add(base{place: -1, wait: wait, leave: s.entry})
		}
	} else {
		for _, b := range s.bases {
			if t := &s.w.Teams[b.team]; !goes(s.w, t, j.c.Contract) || !worksAt(t, j.site) || !j.crowd.has(s.bits[b.team]) || j.awake && b.onCall {
				continue
			}
			if j.awake {
				b.wait = nil
			}
			add(b)
		}
	}
	t.routes = s.nearest(t.routes, j.site)
	t.people = len(t.routes)
	if j.kind == Part && !t.carried {
		for _, b := range s.depots {
			if b.serves&(1<<j.c.Contract) != 0 {
				t.add(s, b, j.site)
			}
		}
	}
	t.parts = len(t.routes)
	if t.brought > 0 {
		for _, b := range begins {
			s.fetching(t, b, &j)
		}
	}
	t.stretch = make([]float64, len(t.routes))
	t.scale(1)
	s.reckon(t, j.site, st)
	return t
}

// add is the straight way from a base or a depot.
func (t *trips) add(s *solver, b base, site int32) {
	if b.place < 0 {
		t.routes = append(t.routes, route{from: b})
	} else if m := s.w.Metres(b.place, site); m >= 0 {
		t.routes = append(t.routes, route{from: b, metres: m})
	}
}

// fetching adds the ways from a base by each depot. The clock that starts when somebody leaves starts at the depot; who is
// under way may be there. The two drives of a way share their factor and the weather of the site.
func (s *solver) fetching(t *trips, b base, j *journey) {
	for i := range s.depots {
		d := &s.depots[i]
		m := int32(-1)
		if d.place >= 0 && d.serves&(1<<j.c.Contract) != 0 && (b.place < 0 || b.place == d.place || !s.w.Teams[b.team].Resident) {
			m = s.w.Metres(d.place, j.site)
		}
		switch {
		case m < 0:
		case startsAt(j.c) >= atLeaving:
			b := b
			b.place = d.place
			t.routes = append(t.routes, route{from: b, metres: m})
		case b.place < 0:
			b := b
			b.place, b.leave, b.depart = d.place, newDelay(&s.w.Depots[i].Handling, &s.w.Travel.Entry), s.handled[i]
			t.routes = append(t.routes, route{from: b, metres: m, via: &stop{place: d.place}})
		default:
			first := s.w.Metres(b.place, d.place)
			if first < 0 {
				continue
			}
			b := b
			b.leave = s.fetch(b.team, b.onCall, i)
			t.routes = append(t.routes, route{from: b, metres: first + m, via: &stop{d.place, first, s.handled[i]}})
		}
	}
}

// fetch is mobilisation, handling at a depot and entry.
func (s *solver) fetch(team int32, onCall bool, depot int) *delay {
	k := fetchKey{team, onCall, depot}
	if s.fetches[k] == nil {
		s.fetches[k] = newDelay(append(s.leaving(&s.w.Teams[team], onCall), &s.w.Depots[depot].Handling, &s.w.Travel.Entry)...)
	}
	return s.fetches[k]
}

// worksAt reports whether people of a team work at a site: residents do so at their own only.
func worksAt(t *world.Team, site int32) bool { return !t.Resident || t.Place == site }

// scale stretches every drive.
func (t *trips) scale(by float64) {
	for r := range t.stretch {
		t.stretch[r] = by
	}
}

// from has every route that is driven at all begin so many metres from the site.
func (t *trips) from(metres float64) {
	for r := range t.stretch {
		t.stretch[r] = 1
		if m := t.routes[r].metres; m > 0 {
			t.stretch[r] = metres / float64(m)
		}
	}
}

// nearest drops the bases that cannot be better than another: no nearer, no fewer city legs, the same hours and start.
func (s *solver) nearest(list []route, site int32) []route {
	slices.SortStableFunc(list, func(a, b route) int { return int(a.metres) - int(b.metres) })
	var kept []route
outer:
	for _, r := range list {
		for _, k := range kept {
			if k.from.leave == r.from.leave && s.legs(k.from.place, site) <= s.legs(r.from.place, site) &&
				same(k.from.wait, r.from.wait) {
				continue outer
			}
		}
		kept = append(kept, r)
	}
	return kept
}

// legs is the number of city legs of a trip.
func (s *solver) legs(from, to int32) int {
	if from < 0 || s.w.Places[from].City == s.w.Places[to].City {
		return 1
	}
	return 2
}

// reckon reckons every route in every state and puts like states together. They stand in order of limit and speed, so
// like ones are near one another.
func (s *solver) reckon(t *trips, site int32, st *starts) {
	n := len(t.routes)
	legs := make([]leg, n)
	first := 0 // of the situations with this limit and speed
next:
	for i, w := range st.weights {
		if i > 0 && (st.states[i].limit != st.states[i-1].limit || st.states[i].kmh != st.states[i-1].kmh) {
			first = len(t.cases)
		}
		if w == 0 {
			continue
		}
		for r := range t.routes {
			legs[r] = s.leg(&t.routes[r], site, &st.states[i])
		}
		s.strike(t, 0, t.people, legs)
		s.strike(t, t.people, t.parts, legs)
		s.strike(t, t.parts, n, legs)
		for k := len(t.cases) - 1; k >= first; k-- {
			if slices.Equal(t.legs[k*n:(k+1)*n], legs) {
				t.cases[k].weight += w
				continue next
			}
		}
		t.cases = append(t.cases, situation{st.states[i].limit, w})
		t.legs = append(t.legs, legs...)
	}
}

// never marks a route that is no use.
var never = leg{fixed: math.Inf(1)}

// strike takes out the routes from first to end that another beats whatever the trip's factor is, so that their legs do
// not tell situations apart. Chances of a factor below the least one of s do not count: they are below 10⁻¹².
func (s *solver) strike(t *trips, first, end int, legs []leg) {
	for r := first; r < end; r++ {
		for k := first; k < end; k++ {
			a, b := &t.routes[k].from, &t.routes[r].from
			if k == r || legs[k] == never || a.leave != b.leave && (a.leave.step != 0 || b.leave.step != 0) {
				continue
			}
			gain := legs[r].fixed + b.leave.constant - legs[k].fixed - a.leave.constant
			drive := legs[r].drive - legs[k].drive
			if drive >= 0 && gain+drive*s.least >= 1 || drive == 0 && gain == 0 && k < r {
				legs[r] = never
				break
			}
		}
	}
}

// leg is the fixed spans and the drive of one state, as sim's trips have them.
func (s *solver) leg(r *route, site int32, st *state) leg {
	b := &r.from
	l := leg{fixed: -st.shift.Seconds()} // what is done before the clock starts takes none of its time
	if b.team < 0 && b.place < 0 {       // bought
		return l
	}
	wait := 0.0
	if b.wait != nil {
		wait = b.wait[st.slot].Seconds()
	}
	if !b.waited {
		l.fixed += wait
	}
	if b.team >= 0 { // parts travel at any hour
		l.fixed += st.closed.Seconds()
	}
	if b.team < 0 && s.w.Dispatch.CourierSpeedKmh > 0 {
		l.drive = float64(r.metres) * 3.6 / s.w.Dispatch.CourierSpeedKmh
		return l
	}
	at := model.Time(st.slot)*slot + slot/2 + model.RoundSeconds(wait+b.depart)
	if r.via == nil {
		legs, drive := s.road(b.place, site, r.metres, at, st.kmh)
		l.fixed, l.drive = l.fixed+legs, drive
		return l
	}
	if b.place != r.via.place { // else he is at the depot
		legs, drive := s.road(b.place, r.via.place, r.via.metres, at, st.kmh)
		l.fixed, l.drive = l.fixed+legs, drive
		at += model.RoundSeconds(legs + drive)
	}
	legs, drive := s.road(r.via.place, site, r.metres-r.via.metres, at+model.RoundSeconds(r.via.handling), st.kmh)
	l.fixed, l.drive = l.fixed+legs, l.drive+drive
	return l
}

// road is the city legs and the drive of a trip that begins at a time of the week.
func (s *solver) road(from, to, metres int32, at model.Time, kmh float64) (legs, drive float64) {
	tr := &s.w.Travel
	switch tr.Mode {
	case world.NoTravel:
	case world.BandTravel:
		return 0, bandSeconds(tr, metres)
	case world.RoadTravel:
		drive = float64(metres) * 3.6 / kmh
		if tr.HasCityLeg {
			n := tr.CityLeg[hourOf(at)]
			if s.legs(from, to) == 2 {
				n += tr.CityLeg[hourOf(at+n+model.RoundSeconds(drive))]
			}
			legs = n.Seconds()
		}
	}
	return legs, drive
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

// chanceOf is P(least time ≤ limit). A negative limit stands for the situations' own.
func (s *solver) chanceOf(t *trips, limit model.Time) float64 {
	people, fetched := s.byCase(t, 0, t.people, limit), 0.0
	if t.brought > 0 {
		fetched = t.brought * s.byCase(t, t.parts, len(t.routes), limit)
	}
	if t.needBy == Arrival || t.carried && !t.onSite {
		return fetched + (1-t.brought)*people
	}
	parts := 1.0 // carried, need found on site: without delay
	if !t.carried {
		parts = s.byCase(t, t.people, t.parts, limit)
	}
	both := math.Min(people, parts) // P(A and B) is at most either
	if t.onSite {
		return fetched + (t.known-t.brought)*both + (1-t.known)*parts
	}
	return fetched + (1-t.brought)*both
}

// byCase is the chance over the situations, in each from the surest of the routes from first to end.
func (s *solver) byCase(t *trips, first, end int, limit model.Time) float64 {
	sum, all := 0.0, 0.0
	for i := range t.cases {
		best := 0.0
		for r := first; r < end && best < 1; r++ {
			if p := s.byRoute(t, i, r, limit); p > best {
				best = p
			}
		}
		sum += t.cases[i].weight * best
		all += t.cases[i].weight
	}
	return sum / all // exactly 1 if every case is sure
}

// byRoute is the chance in situation i by route r.
func (s *solver) byRoute(t *trips, i, r int, limit model.Time) float64 {
	if limit < 0 {
		limit = t.cases[i].limit
	}
	from, l := &t.routes[r].from, &t.legs[i*len(t.routes)+r]
	if from.team < 0 && s.w.Dispatch.CourierSpeedKmh > 0 {
		return from.leave.within(limit.Seconds(), l.fixed, l.drive*t.stretch[r], &certain, nil)
	}
	return from.leave.within(limit.Seconds(), l.fixed, l.drive*t.stretch[r], &s.w.Travel.Factor, s.factors)
}

// tie is how much surer a farther place has to be to be named as the one to start from. (A choice of presentation.)
const tie = 0.001

// surest is the route from the place that alone stops the clock in time most often; of people, or of the parts if a
// part alone may stop it. Of places about as sure it is the nearest. -1 if there is no route.
func (s *solver) surest(t *trips, limit model.Time) int {
	first, end := 0, t.people
	switch {
	case t.brought > 0.5:
		first, end = t.parts, len(t.routes)
	case t.needBy == Part && t.onSite && !t.carried && t.known < 1:
		first, end = t.people, t.parts
	}
	best, of := math.Inf(-1), -1
	for r := first; r < end; r++ {
		p := 0.0
		for i := range t.cases {
			most := 0.0
			for k := first; k < end; k++ {
				if t.routes[k].from.place == t.routes[r].from.place {
					most = max(most, s.byRoute(t, i, k, limit))
				}
			}
			p += t.cases[i].weight * most
		}
		if p > best+tie || p > best-tie && t.routes[r].metres < t.routes[of].metres {
			best, of = p, r
		}
	}
	return of
}

// certain is the factor of a courier's drive.
var certain = model.Dist{Kind: model.Constant, A: 1}

// horizon is the longest span a quantile is looked for.
const horizon = 30 * model.Day

const second = model.Day / 86400

// quantile is the smallest span, to a second, within which the stop comes with chance p; model.Far if none does. The
// search begins at guess.
func (s *solver) quantile(t *trips, p float64, guess model.Time) model.Time {
	end := int(horizon / second)
	i := first(end, int(guess/second), func(i int) float64 {
		return s.chanceOf(t, model.Time(i)*second) - (p - 1e-9)
	})
	if i == end {
		return model.Far
	}
	return model.Time(i) * second
}

// first is the smallest i in [0, n) at which f, which rises with i, is not negative; n if there is none. It looks
// outwards from guess, then where the line through the last two points is zero; after some steps it halves.
func first(n, guess int, f func(i int) float64) int {
	low, high := -1, n // f(low) < 0 ≤ f(high)
	var x [2]int       // the last two points
	var y [2]float64
	look := func(i int) {
		x[0], y[0] = x[1], y[1]
		x[1], y[1] = i, f(i)
		if y[1] < 0 {
			low = i
		} else {
			high = i
		}
	}
	at := min(max(guess, 1), n-1)
	look(at)
	for step := at/8 + 1; low < 0 && high > 0 || high == n && low < n-1; step *= 2 {
		if high < n {
			look(max(high-step, 0))
		} else {
			look(min(low+step, n-1))
		}
	}
	for step := 0; high-low > 1; step++ {
		i := low + (high-low)/2
		if root := float64(x[1]) - y[1]*float64(x[1]-x[0])/(y[1]-y[0]); step < 10 && root > float64(low)-1 && root < float64(high)+1 {
			i = min(max(int(math.Ceil(root)), low+1), high-1)
		}
		look(i)
	}
	return high
}
