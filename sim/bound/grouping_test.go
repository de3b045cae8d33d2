package bound

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"slasim/model"
	"slasim/model/calendar"
	"slasim/model/world"
	"slasim/sim/rng"
)

// changeable is a world in which hardly two quarters of an hour are alike: three bases, one by office hours with people
// on call, one at night only, one far away but without city legs; seasons, holidays, two kinds of weather, city legs by
// the hour, faults by hour, day and month.
func changeable(t *testing.T) *world.World {
	w := plain(80*time.Minute, 94, 31, 150)
	w.Days = calendar.NewDays(w.Start, 0, 400, calendar.Options{System: calendar.China})
	var err error
	if w.Travel.Factor, err = rng.LognormalMeanCV(1, 0.2); err != nil {
		t.Fatal(err)
	}
	w.Travel.HasCityLeg, w.Travel.HolidayFactor = true, 0.7
	profile := &world.Profile{}
	for h := range w.Travel.CityLeg {
		w.Travel.CityLeg[h] = model.Time(8+5*(h%4)) * time.Minute
		profile.Hour[h] = 1 + float64(h%5)
	}
	for d := range profile.Weekday {
		profile.Weekday[d] = 1 + float64(d)/3
	}
	snow := world.Weather{ID: "snow", Probability: make([][12]float64, 1), SpeedKmh: 60}
	fog := world.Weather{ID: "fog", Probability: make([][12]float64, 1), SpeedKmh: 40, Hours: 6 * time.Hour}
	for m := range 12 {
		profile.Month[m] = 1 + float64(m%3)/2
		w.Travel.MonthFactor[m] = 1 - float64(m%4)/20
		snow.Probability[0][m], fog.Probability[0][m] = 0.02*float64(m%3), 0.01*float64(m%2)
	}
	w.Travel.Weather = []world.Weather{snow, fog}
	for i := range w.Sources {
		if i != 1 { // the second site's faults are constant
			w.Sources[i].Profile = profile
		}
	}
	w.Dispatch.UseOnCall = true
	team := w.Teams[0]
	w.Persons = make([]world.Person, 3)
	w.Teams = []world.Team{team, team, team}
	for i := range w.Teams {
		w.Teams[i].First = int32(i)
	}
	w.Teams[1].Place, w.Teams[2].Place = 2, 3
	n := int32(len(w.Places))
	for _, d := range [][3]int32{{2, 1, 70_000}, {2, 3, 140_000}, {3, 1, 60_000}} {
		w.Dist[d[0]*n+d[1]], w.Dist[d[1]*n+d[0]] = d[2], d[2]
	}
	w.Places[3].City = w.Places[1].City
	for day := range model.Time(364) {
		at := day * model.Day
		w.Persons[0].Duties = append(w.Persons[0].Duties, world.Duty{Start: at + 8*time.Hour, End: at + 17*time.Hour, OnCall: day%7 > 4},
			world.Duty{Start: at + 17*time.Hour, End: at + 32*time.Hour, OnCall: true})
		w.Persons[1].Duties = append(w.Persons[1].Duties, world.Duty{Start: at + 20*time.Hour, End: at + 28*time.Hour})
		w.Persons[2].Duties = append(w.Persons[2].Duties, world.Duty{Start: at + 6*time.Hour, End: at + 18*time.Hour})
	}
	return w
}

// What is put together to be quick changes nothing: F of every site again, quarter of an hour by quarter of an hour,
// each under each speed its road may have, from every base.
func TestGroupingChangesNothing(t *testing.T) {
	for name, change := range map[string]func(*world.World){
		"as it is":           func(*world.World) {},
		"random departures":  func(w *world.World) { w.Travel.Mobilise = model.Dist{Kind: model.Exponential, A: 900} },
		"a trip is a trip":   func(w *world.World) { w.Travel.Factor = model.Dist{A: 1} },
		"a limit by the day": func(w *world.World) { w.Clauses[0].Clock.Shift = true },
		"hours of service":   func(w *world.World) { w.Contracts[0].Process.Served = 1 },
		"both": func(w *world.World) {
			w.Clauses[0].Clock.Shift, w.Contracts[0].Process.Served = true, 1
			w.Clauses[0].Limits[0].Span = 5 * time.Hour // some wait from the opening of the clock until that of the visits
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := changeable(t)
			w.Clauses[0].Clock.Calendar = calendar.New(w.Days, calendar.Weekly{time.Monday: {{Open: 9 * time.Hour, Close: 18 * time.Hour}},
				time.Thursday: {{Open: 0, Close: 24 * time.Hour}}}, calendar.Rules{})
			w.Calendars = []*calendar.Calendar{calendar.New(w.Days, calendar.Weekly{time.Tuesday: {{Open: 10 * time.Hour, Close: 17 * time.Hour}},
				time.Thursday: {{Open: 6 * time.Hour, Close: 23 * time.Hour}}, time.Saturday: {{Open: 0, Close: 24 * time.Hour}}}, calendar.Rules{})}
			change(w)
			c := &w.Clauses[0]
			rows := Compute(w).Clauses[0].Rows
			s := newSolver(w)
			for _, row := range rows {
				sum, all := 0.0, 0.0
				for at := model.Time(0); at < model.Year; at += slot {
					mid := at + slot/2
					weight := 1.0
					if p := w.Sources[row.Site-1].Profile; p != nil {
						weight = s.multiplier(p, mid)
					}
					limit, sets := row.Limit.Span, mid // sets out
					if c.Clock.Shift {
						limit += c.Clock.Calendar.NextOpen(mid) - mid
					}
					if w.Contracts[0].Process.Served > 0 {
						sets = w.Calendars[0].NextOpen(mid)
						limit -= sets - mid
					}
					for _, v := range s.speeds(row.Site, s.month(sets), s.holiday(sets), (sets/slot*slot+slot/2)%model.Day) {
						best := 0.0
						for _, b := range s.bases {
							l := s.leg(&route{from: b, metres: w.Metres(b.place, row.Site)}, row.Site, &state{kmh: v.x, slot: int(sets/slot) % slots})
							best = max(best, b.leave.within(limit.Seconds(), l.fixed, l.drive, &w.Travel.Factor, s.factors))
						}
						sum += weight * v.w * best
						all += weight * v.w
					}
				}
				near(t, "F of "+name, row.F, sum/all, 1e-9)
				if row.F < 0.01 || row.F > 0.999 {
					t.Errorf("site %d: F = %v says little", row.Site, row.F)
				}
			}
		})
	}
}

// first against looking at every number: smooth rises, steps, plateaus, guesses near and far. A smooth rise needs few looks.
func TestFirst(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		n := 1 + r.IntN(3000)
		at, width := float64(r.IntN(n+n/4+1)), r.ExpFloat64()*float64(n)/4
		f := func(i int) float64 { return math.Tanh((float64(i) - at) / (width + 1e-9)) }
		switch r.IntN(3) {
		case 0:
			steps := 1 + r.IntN(5)
			smooth := f
			f = func(i int) float64 { return math.Round(smooth(i)*float64(steps)) / float64(steps) }
		case 1:
			f = func(i int) float64 { return math.Copysign(1, float64(i)-at) }
		}
		want := 0
		for want < n && f(want) < 0 {
			want++
		}
		if got := first(n, r.IntN(n+10), f); got != want {
			t.Fatalf("first of %d = %d, want %d", n, got, want)
		}
	}
	looks := 0
	first(1<<30, 1<<20, func(i int) float64 { looks++; return math.Erf(float64(i-9_876_543) / 5e6) })
	if looks > 20 { // halving needs 30
		t.Errorf("%d looks at a smooth function", looks)
	}
}
