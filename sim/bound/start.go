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

// kinds lists the states of clocks with this limit that start at the faults of a site, weighted by the profile of its
// sources over the first contract year. Faults, not requests, set the time of day: the hours between are left out.
func (s *solver) kinds(site int32, spec *clock.Spec, lim clock.Limit) []state {
	type key struct {
		slot, month int
		holiday     bool
		limit       model.Time
	}
	index := make(map[key]int)
	var keys []key
	var weights []float64
	total := 0.0
	weigh := s.profile(site)
	classes := s.monthClasses(site)
	end := min(max(s.w.Term, slot), model.Year)
	fixed := lim.Mode == clock.Wall && !spec.Shift
	for at := model.Time(0); at < end; at += slot {
		mid := at + slot/2
		w := weigh(mid)
		if w <= 0 {
			continue
		}
		k := key{slot: int(at/slot) % slots, limit: lim.Span}
		if s.w.Travel.Mode == world.RoadTravel {
			k.month, k.holiday = classes[s.month(mid)], s.holiday(mid)
		}
		if !fixed {
			k.limit = allowed(spec, lim, mid)
		}
		i, ok := index[k]
		if !ok {
			i = len(keys)
			index[k] = i
			keys = append(keys, k)
			weights = append(weights, 0)
		}
		weights[i] += w
		total += w
	}
	var list []state
	for i, k := range keys {
		tod := (model.Time(k.slot)*slot + slot/2) % model.Day
		for _, v := range s.speeds(site, k.month, k.holiday, tod) {
			list = append(list, state{k.slot, v.x, k.limit, weights[i] / total * v.w})
		}
	}
	return list
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

// profile is the relative rate of faults at a site in time.
func (s *solver) profile(site int32) func(model.Time) float64 {
	var of []*world.Source
	flat := true
	for i := range s.w.Sources {
		if src := &s.w.Sources[i]; src.Site == site {
			of = append(of, src)
			flat = flat && src.Profile == nil
		}
	}
	if flat {
		return func(model.Time) float64 { return 1 }
	}
	return func(t model.Time) float64 {
		sum := 0.0
		for _, src := range of {
			rate := src.Rate
			if src.Weibull != nil {
				rate = float64(src.Units) / s.life(src)
			}
			sum += rate * s.multiplier(src.Profile, t)
		}
		return sum
	}
}

// multiplier is what a profile makes of a rate at t.
func (s *solver) multiplier(p *world.Profile, t model.Time) float64 {
	if p == nil {
		return 1
	}
	tod := t % model.Day
	weekday := int(t/model.Day) % 7
	if s.w.Days != nil {
		weekday = int(s.w.Days.Weekday(t))
	}
	return p.Hour[tod/time.Hour] * p.Weekday[weekday] * p.Month[s.month(t)]
}
