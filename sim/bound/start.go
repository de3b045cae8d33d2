package bound

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"slasim/model"
	"slasim/model/calendar"
	"slasim/model/clock"
	"slasim/model/contract"
	"slasim/model/world"
)

// slot is the resolution of start times and duties; slots of them make a week, counted from the start of the run, and
// daily of them a day.
const (
	slot  = 15 * time.Minute
	slots = int(7 * model.Day / slot)
	daily = int(model.Day / slot)
)

// state is one kind of moment at which a clock can start: what the journey meets and how long it may take.
type state struct {
	limit  model.Time // from the start of the clock to the last moment in time; -1 where it is the same in all states
	kmh    float64    // road speed; 0 for travel that does not depend on it
	slot   int        // of the journey's start, duties apart
	closed model.Time // how long the event that starts the clock is before the hours in which the level is visited
	shift  model.Time // how long it is before the opening to which the clock moves it
}

// starts is the states in which the clocks of a site start, with their weights; all together 1.
type starts struct {
	states  []state
	weights []float64
}

// table is the states that sites under the same weather share, and how much of each the profiles have.
type table struct {
	states  []state     // in order of limit and speed
	season  []int32     // by moment of the calendar: its entry in falls
	falls   [][]falling // into which states
	weights map[*world.Profile]*weighing
}

// falling is a state and its chance.
type falling struct {
	state  int32
	chance float64
}

// weighing is the weights of the states for one profile, and their sum.
type weighing struct {
	list  []float64
	total float64
}

// tableKey is what a table depends on; limit and calendar only where the limit depends on the date, contract and stage
// only where somebody has to be on duty, or hours of service to begin, before the clock or the journey starts.
type tableKey struct {
	region   int32
	contract int32
	stage    stage
	calendar *calendar.Calendar
	served   *calendar.Calendar // of the hours in which the levels are visited, nil at any
	atMost   model.Time         // what they wait for them
	limit    clock.Limit
	shift    bool
}

// fixedLimit is the limit if it is the same span at every start, -1 if it depends on the date.
func fixedLimit(lim clock.Limit) model.Time {
	if lim.Mode == clock.Wall {
		return lim.Span
	}
	return -1
}

// starts lists the states of clocks with this limit that start at the faults of a row, weighted by the profile of its
// sources over the first contract year. Faults, not requests, set the time of day, but a clock that starts with a step
// of the work starts when somebody who does it is on duty.
func (s *solver) starts(c *contract.Clause, r *Row, lim clock.Limit) *starts {
	site := r.Site
	t := s.table(c, site, lim, r.closed)
	st := &starts{states: t.states, weights: make([]float64, len(t.states))}
	total := 0.0
	parts := s.profiles(site)
	for _, p := range parts {
		total += p.rate * s.weights(t, p.of).total
	}
	for _, p := range parts {
		for i, w := range s.weights(t, p.of).list {
			st.weights[i] += p.rate * w / total
		}
	}
	return st
}

// delayed is a slot of the week at which a clock starts, how many slots after the fault, and its chance.
type delayed struct {
	slot, after int
	chance      float64
}

// later is when, by the slot of the fault, a ticket has come to a stage, if nothing but a duty is waited for; nil if it
// waits for none.
func (s *solver) later(of int32, at stage) [][]delayed {
	type step struct {
		role   world.Role
		called bool    // on call will do
		share  float64 // of the tickets
	}
	ct := &s.w.Contracts[of]
	p := &ct.Process
	var steps []step
	if at >= atDesk && p.Phone && !p.UrgentFirst {
		steps = append(steps, step{world.RoleDesk, false, p.PhoneShare})
	}
	if at >= atRequest && p.Respond {
		steps = append(steps, step{world.RoleRemote, s.w.Dispatch.UseOnCall, 1})
	}
	if at >= atSending {
		steps = append(steps, step{world.RoleApprover, s.w.Dispatch.UseOnCall, p.OwnApproval.Probability})
	}
	var list [][]delayed
	for _, x := range steps {
		wait, ok := s.anybody(x.called, func(_ int, t *world.Team) bool {
			return t.Roles&(1<<x.role) != 0 && t.Contracts&(1<<uint(of)) != 0
		})
		if !ok || wait == nil || x.share <= 0 {
			continue
		}
		if list == nil {
			list = make([][]delayed, slots)
			for i := range list {
				list[i] = []delayed{{i, 0, 1}}
			}
		}
		for i, was := range list {
			var is []delayed
			for _, d := range was {
				n := int((wait[d.slot] + slot/2) / slot)
				if n == 0 || x.share < 1 {
					is = append(is, delayed{d.slot, d.after, d.chance * (1 - x.share)})
				}
				if n == 0 {
					is[len(is)-1].chance = d.chance
				} else {
					is = append(is, delayed{(d.slot + n) % slots, d.after + n, d.chance * x.share})
				}
			}
			list[i] = is
		}
	}
	return list
}

// closedFor is how long at most a fault of a level waits for the hours in which the level is visited: 0 where it is at any
// hour, and no longer than until it may have risen to such a level.
func closedFor(ct *world.Contract, level int) model.Time {
	p := &ct.Process
	served := func(r int) bool { return p.Served>>(r-1)&1 != 0 }
	if !served(level) {
		return 0
	}
	wait := model.Time(0) // until its time has been up at every level
	for r := level; served(r); r-- {
		if r == 1 || p.Rise == nil || p.Rise[r-1] == 0 {
			wait = model.Far
			break
		}
		if p.RiseFrom == world.FromReport {
			wait = max(wait, p.Rise[r-1])
		} else {
			wait += p.Rise[r-1]
		}
	}
	for r := 1; r < level; r++ { // an outage may pass the age of a worse level at any moment
		if v := &ct.Severities[r-1]; v.Outage && v.Age > 0 && !served(r) && (rank(ct, true, 0, 0) == level || rank(ct, true, 1, 0) == level) {
			return 0
		}
	}
	return wait
}

// table is the states of clocks with this limit at the sites of a region, for levels that wait so long at most for the
// hours in which they are visited.
func (s *solver) table(c *contract.Clause, site int32, lim clock.Limit, atMost model.Time) *table {
	spec := &c.Clock
	var served *calendar.Calendar
	if atMost > 0 {
		served = s.w.Calendars[s.w.Contracts[c.Contract].Process.ServedIn]
	}
	key := tableKey{region: -1, contract: -1, served: served, atMost: atMost}
	if len(s.w.Travel.Weather) > 0 {
		key.region = s.w.Places[site].Region
	}
	fixed := fixedLimit(lim) >= 0
	if !fixed {
		key.limit = lim
	}
	dated := !fixed || spec.Shift
	if dated {
		key.calendar, key.shift = spec.Calendar, spec.Shift
	}
	dated = dated || served != nil
	later := s.later(c.Contract, startsAt(c))
	if later != nil || served != nil {
		key.contract, key.stage = c.Contract, startsAt(c)
	}
	if t := s.tables[key]; t != nil {
		return t
	}
	t := &table{season: make([]int32, len(s.calendar)), weights: make(map[*world.Profile]*weighing)}
	s.tables[key] = t
	ids := make(map[state]int32)
	classes := s.monthClasses(site)
	var plain [2 * 12 * slots]int32   // by holiday, month and slot: entry in falls + 1
	var roads [2 * 12 * daily][]point // by holiday, month and slot of the day
	at := []delayed{{chance: 1}}
	for i := range s.calendar {
		m := &s.calendar[i]
		season := s.season(&classes, m.at)
		entry := &plain[season*slots+m.slot]
		if !dated && *entry > 0 {
			t.season[i] = *entry - 1
			continue
		}
		at[0].slot = m.slot
		starts := at
		if later != nil {
			starts = later[m.slot]
		}
		var falls []falling
		for _, d := range starts {
			begins := m.at + model.Time(d.after)*slot // of the clock
			season, sets, closed := season, d.slot, model.Time(0)
			if served != nil {
				closed = min(served.NextOpen(begins)-begins, max(atMost-model.Time(d.after)*slot, 0))
				if closed > 0 {
					season, sets = s.season(&classes, begins+closed), int((begins+closed)/slot)%slots
				}
				if key.stage >= atSending {
					begins, closed = begins+closed, 0
				}
			}
			limit, shift := model.Time(-1), model.Time(0)
			if spec.Shift {
				shift = spec.Calendar.NextOpen(begins) - begins
			}
			if !fixed {
				limit = allowed(spec, lim, begins+shift)
			}
			road := &roads[season*daily+sets%daily]
			if *road == nil {
				*road = s.speeds(site, season%12, season >= 12, model.Time(sets%daily)*slot+slot/2)
			}
			for _, v := range *road {
				x := state{limit, v.x, s.alike[sets], closed, shift}
				id, ok := ids[x]
				if !ok {
					id = int32(len(t.states))
					ids[x] = id
					t.states = append(t.states, x)
				}
				falls = append(falls, falling{id, d.chance * v.w})
			}
		}
		t.falls = append(t.falls, falls)
		*entry = int32(len(t.falls))
		t.season[i] = *entry - 1
	}
	t.sort()
	return t
}

// sort puts the states in order.
func (t *table) sort() {
	order := make([]int32, len(t.states))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		x, y := &t.states[a], &t.states[b]
		return cmp.Or(cmp.Compare(x.limit, y.limit), cmp.Compare(x.kmh, y.kmh), cmp.Compare(x.slot, y.slot), cmp.Compare(x.closed, y.closed),
			cmp.Compare(x.shift, y.shift))
	})
	states, place := make([]state, len(order)), make([]int32, len(order))
	for i, o := range order {
		states[i], place[o] = t.states[o], int32(i)
	}
	t.states = states
	for _, list := range t.falls {
		for i := range list {
			list[i].state = place[list[i].state]
		}
	}
}

// weights is how much of each state of t a profile has; nil is the constant one.
func (s *solver) weights(t *table, p *world.Profile) *weighing {
	if w := t.weights[p]; w != nil {
		return w
	}
	w := &weighing{list: make([]float64, len(t.states))}
	t.weights[p] = w
	sums := make([]float64, len(t.falls))
	for i := range s.calendar {
		m := &s.calendar[i]
		x := m.weight
		if p != nil {
			x *= p.Hour[m.hour] * p.Weekday[m.weekday] * p.Month[m.month]
		}
		sums[t.season[i]] += x
	}
	for i, list := range t.falls {
		w.total += sums[i]
		for _, f := range list {
			w.list[f.state] += sums[i] * f.chance
		}
	}
	return w
}

// moment is what a start in a slot of the week has in common with others: a month and kind of day.
type moment struct {
	slot, month int
	holiday     bool
	hour        int
	weekday     int
	at          model.Time // the middle of one such slot
	weight      float64    // how many there are
}

// days lists the moments of the first contract year: every quarter of an hour, or the like ones together unless some
// clause depends on the date.
func (s *solver) days(together bool) {
	type kind struct {
		phase, month, weekday int
		holiday               bool
	}
	index := make(map[kind]int) // of its first moment
	end := min(max(s.w.Term, slot), model.Year)
	for day := model.Time(0); day < end; day += model.Day {
		n := min(int((end-day+slot-1)/slot), daily)
		k := kind{int(day/model.Day) % 7, s.month(day), s.weekday(day), s.holiday(day)}
		at, ok := index[k]
		if !ok || !together || at+n > len(s.calendar) {
			at = len(s.calendar)
			index[k] = at
			for i := range n {
				s.calendar = append(s.calendar, moment{slot: k.phase*daily + i, month: k.month, holiday: k.holiday,
					hour: i * 24 / daily, weekday: k.weekday, at: day + model.Time(i)*slot + slot/2})
			}
		}
		for i := range n {
			s.calendar[at+i].weight++
		}
	}
}

// allowed is the time from a clock's start at t to the last moment that is still within the limit.
func allowed(spec *clock.Spec, lim clock.Limit, t model.Time) model.Time {
	one := clock.Spec{Start: clock.Event{Of: []model.Milestone{0}}, Stop: clock.Event{Of: []model.Milestone{1}},
		Calendar: spec.Calendar}
	ms := [2]model.Time{t, model.Unset}
	due, ok := clock.Due(&one, lim, ms[:], nil, t)
	if !ok || due == model.Far {
		return model.Far / 4
	}
	if lim.Mode == clock.Business { // what is reached at closing time is kept until the next opening
		due = spec.Calendar.NextOpen(due)
	}
	return due - t
}

func (s *solver) month(t model.Time) int {
	if s.w.Days == nil {
		return 0
	}
	_, m := s.w.Days.Month(t)
	return int(m) - 1
}

func (s *solver) holiday(t model.Time) bool {
	if s.w.Days == nil || s.w.Travel.HolidayFactor == 1 || s.w.Travel.HolidayFactor == 0 {
		return false
	}
	k := s.w.Days.Kind(t)
	return k == calendar.DayOff || k == calendar.Statutory
}

// season is the first month with the same roads as that of t; + 12 on holidays.
func (s *solver) season(classes *[12]int, t model.Time) int {
	season := 0
	if s.w.Travel.Mode == world.RoadTravel {
		season = classes[s.month(t)]
	}
	if s.holiday(t) {
		season += 12
	}
	return season
}

// monthClasses gives months with the same roads and weather at a site the number of the first of them.
func (s *solver) monthClasses(site int32) [12]int {
	var class [12]int
	tr := &s.w.Travel
	region := s.w.Places[site].Region
	for m := range class {
		class[m] = m
	same:
		for e := range m {
			if tr.MonthFactor[e] != tr.MonthFactor[m] {
				continue
			}
			for i := range tr.Weather {
				if s.chance(i, region, e) != s.chance(i, region, m) {
					continue same
				}
			}
			class[m] = class[e]
			break
		}
	}
	return class
}

func (s *solver) chance(kind int, region int32, month int) float64 {
	p := s.w.Travel.Weather[kind].Probability
	if region < 0 || int(region) >= len(p) {
		return 0
	}
	return p[region][month]
}

// speeds is the road speed of a trip to site in a month at a time of day, in km/h with its chance: the month's factor,
// or the weather where that is slower, times the holiday factor. Of several kinds of weather on a day the slowest counts.
func (s *solver) speeds(site int32, month int, holiday bool, tod model.Time) []point {
	tr := &s.w.Travel
	if tr.Mode != world.RoadTravel {
		return []point{{0, 1}}
	}
	fair := tr.SpeedKmh
	if f := tr.MonthFactor[month]; f > 0 {
		fair *= f
	}
	factor := 1.0
	if holiday {
		factor = tr.HolidayFactor
	}
	order := make([]int, len(tr.Weather))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return tr.Weather[order[i]].SpeedKmh < tr.Weather[order[j]].SpeedKmh })
	left := 1.0
	var list []point
	usual := 1.0
	for _, i := range order {
		wx := &tr.Weather[i]
		p := s.chance(i, s.w.Places[site].Region, month)
		hit := left * p * activeShare(wx.Hours, tod)
		left *= 1 - p
		if hit > 0 && wx.SpeedKmh < fair {
			list = append(list, point{wx.SpeedKmh * factor, hit})
			usual -= hit
		}
	}
	return append(list, point{fair * factor, usual})
}

// activeShare is the chance that weather which lasts hours of its day, from a start drawn evenly such that it ends by
// midnight, is there at a time of day.
func activeShare(hours, tod model.Time) float64 {
	if hours <= 0 || hours >= model.Day {
		return 1
	}
	from, to := max(0, tod-hours), min(tod, model.Day-hours)
	return max(0, float64(to-from)) / float64(model.Day-hours)
}

// share is a profile of faults and the rate that comes with it.
type share struct {
	of   *world.Profile
	rate float64
}

// profiles is the profiles of the sources of a site with their rates.
func (s *solver) profiles(site int32) []share {
	var parts []share
sources:
	for i := range s.w.Sources {
		src := &s.w.Sources[i]
		if src.Site != site {
			continue
		}
		rate := src.Rate
		if src.Weibull != nil {
			rate = float64(src.Units) / s.life(src)
		}
		for k := range parts {
			if parts[k].of == src.Profile {
				parts[k].rate += rate
				continue sources
			}
		}
		parts = append(parts, share{src.Profile, rate})
	}
	all := 0.0
	for _, p := range parts {
		all += p.rate
	}
	if all == 0 { // as recorded faults may have it: then every profile counts the same
		for k := range parts {
			parts[k].rate = 1
		}
	}
	return parts
}

func (s *solver) weekday(t model.Time) int {
	if s.w.Days == nil {
		return int(t/model.Day) % 7
	}
	return int(s.w.Days.Weekday(t))
}

// multiplier is what a profile, growth apart, makes of a rate at t.
func (s *solver) multiplier(p *world.Profile, t model.Time) float64 {
	return p.Hour[hourOf(t)] * p.Weekday[s.weekday(t)] * p.Month[s.month(t)]
}
