package bound

import (
	"sort"
	"time"

	"slasim/model"
	"slasim/model/calendar"
	"slasim/model/clock"
	"slasim/model/world"
)

// slot is the resolution of start times and duties; slots of them make a week, counted from the start of the run.
const (
	slot  = 15 * time.Minute
	slots = int(7 * model.Day / slot)
)

// state is one kind of moment at which a clock can start, for a site: what the journey meets and how long it may take.
type state struct {
	slot   int
	kmh    float64    // road speed; 0 for travel that does not depend on it
	limit  model.Time // from the start to the last moment in time
	weight float64    // all states together 1
}

// season is a set of months and days on which a trip to a site meets the same roads.
type season struct {
	month   int // the first of them
	holiday bool
}

// kinds lists the states of clocks with this limit that start at the faults of a site, weighted by the profile of its
// sources over the first contract year. Faults, not requests, set the time of day: the hours between are left out.
func (s *solver) kinds(site int32, spec *clock.Spec, lim clock.Limit) []state {
	var list []state
	fixed := lim.Mode == clock.Wall && !spec.Shift
	at := make(map[model.Time]*roads) // by limit; one if it is fixed
	var order []model.Time
	weight := s.profile(site)
	classes := s.monthClasses(site)
	total := 0.0
	for i := range s.calendar {
		w := weight(i)
		if w <= 0 {
			continue
		}
		day := &s.calendar[i]
		most := lim.Span
		if !fixed {
			most = allowed(spec, lim, day.at)
		}
		r := at[most]
		if r == nil {
			r = &roads{}
			at[most] = r
			order = append(order, most)
		}
		k := season{holiday: day.holiday}
		if s.w.Travel.Mode == world.RoadTravel {
			k.month = classes[day.month]
		}
		r.of(k)[day.slot] += w * day.weight
		total += w * day.weight
	}
	for _, most := range order {
		list = append(list, s.byRoad(site, at[most], most, total)...)
	}
	return list
}

// roads is weights by slot of the week, for each season.
type roads struct {
	seasons []season
	weights [][]float64
}

func (r *roads) of(k season) []float64 {
	for i, x := range r.seasons {
		if x == k {
			return r.weights[i]
		}
	}
	r.seasons = append(r.seasons, k)
	r.weights = append(r.weights, make([]float64, slots))
	return r.weights[len(r.weights)-1]
}

// byRoad splits weights by the speed of the road.
func (s *solver) byRoad(site int32, r *roads, limit model.Time, total float64) []state {
	var speeds []float64
	var weights [][]float64
	for i, k := range r.seasons {
		for slotOfWeek, w := range r.weights[i] {
			if w == 0 {
				continue
			}
			tod := (model.Time(slotOfWeek)*slot + slot/2) % model.Day
			for _, v := range s.speeds(site, k.month, k.holiday, tod) {
				j := 0
				for j < len(speeds) && speeds[j] != v.x {
					j++
				}
				if j == len(speeds) {
					speeds = append(speeds, v.x)
					weights = append(weights, make([]float64, slots))
				}
				weights[j][slotOfWeek] += w * v.w / total
			}
		}
	}
	var list []state
	for j, v := range speeds {
		for slotOfWeek, w := range weights[j] {
			if w > 0 {
				list = append(list, state{slotOfWeek, v, limit, w})
			}
		}
	}
	return list
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
	index := make(map[moment]int)
	end := min(max(s.w.Term, slot), model.Year)
	for at := model.Time(0); at < end; at += slot {
		mid := at + slot/2
		m := moment{slot: int(at/slot) % slots, month: s.month(mid), holiday: s.holiday(mid),
			hour: hourOf(mid), weekday: s.weekday(mid)}
		i, ok := index[m]
		if !ok || !together {
			i = len(s.calendar)
			index[m] = i
			m.at = mid
			s.calendar = append(s.calendar, m)
		}
		s.calendar[i].weight++
	}
}

// allowed is the time from a request at t to the last moment that is still within the limit.
func allowed(spec *clock.Spec, lim clock.Limit, t model.Time) model.Time {
	one := clock.Spec{Start: clock.Event{Of: []model.Milestone{0}}, Stop: clock.Event{Of: []model.Milestone{1}},
		Calendar: spec.Calendar, Shift: spec.Shift}
	ms := [2]model.Time{t, model.Unset}
	due, ok := clock.Due(&one, lim, ms[:], nil, spec.Calendar.NextOpen(t))
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

// profile is the relative rate of faults at a site at a moment of the calendar.
func (s *solver) profile(site int32) func(moment int) float64 {
	type part struct {
		of   *world.Profile
		rate float64
	}
	var parts []part
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
		parts = append(parts, part{src.Profile, rate})
	}
	if len(parts) == 1 { // also for rates of 0, as recorded faults may have
		parts[0].rate = 1
	}
	return func(i int) float64 {
		m := &s.calendar[i]
		sum := 0.0
		for _, p := range parts {
			if p.of == nil {
				sum += p.rate
			} else {
				sum += p.rate * p.of.Hour[m.hour] * p.of.Weekday[m.weekday] * p.of.Month[m.month]
			}
		}
		return sum
	}
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
