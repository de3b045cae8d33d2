package sim

import (
	"slasim/model"
	"slasim/model/world"
	"slasim/sim/rng"
)

// roadSeconds is the expected driving time of a trip that leaves at t, city legs included, before its random factor.
func (e *Engine) roadSeconds(from, to int32, metres int64, t model.Time) (road float64, legs model.Time) {
	tr := &e.w.Travel
	switch tr.Mode {
	case world.NoTravel:
		return 0, 0
	case world.BandTravel:
		for i, m := range tr.BandMetres {
			if metres <= int64(m) {
				return float64(tr.BandTimes[i]) / 1e9, 0
			}
		}
		if n := len(tr.BandTimes); n > 0 { // beyond the table: its last pace goes on
			return float64(tr.BandTimes[n-1]) / 1e9 * float64(metres) / float64(tr.BandMetres[n-1]), 0
		}
		return 0, 0
	}
	kmh := tr.SpeedKmh
	if e.st.speedVaries {
		_, m := e.w.Days.Month(t)
		kmh *= tr.MonthFactor[m-1]
		if wx := e.weather(e.w.Places[to].Region, t); wx != nil && wx.SpeedKmh < kmh {
			kmh = wx.SpeedKmh
		}
		if tr.HolidayFactor != 1 && e.isHoliday(t) {
			kmh *= tr.HolidayFactor
		}
	}
	road = float64(metres) * 3.6 / kmh
	if tr.HasCityLeg {
		legs = tr.CityLeg[e.hour(t)]
		if e.w.Places[from].City != e.w.Places[to].City {
			legs += tr.CityLeg[e.hour(t+model.RoundSeconds(road)+legs)]
		}
	}
	return road, legs
}

func (e *Engine) isHoliday(t model.Time) bool {
	k := e.w.Days.Kind(t)
	return k == dayOff || k == dayStatutory
}

// dayClass is the overtime class of the day of t: 0 working day, 1 rest day, 2 statutory holiday.
func (e *Engine) dayClass(t model.Time) int {
	switch k := e.w.Days.Kind(t); {
	case k == dayStatutory:
		return 2
	case k.IsWorkday():
		return 0
	}
	return 1
}

// trip samples the driving time: road time with a fresh factor of mean 1, city legs without.
func (e *Engine) trip(from, to int32, metres int64, entity uint64) model.Time {
	road, legs := e.roadSeconds(from, to, metres, e.now)
	if road > 0 {
		switch f := &e.w.Travel.Factor; {
		case f.Kind == model.Gamma:
			r := e.key(streamTrip, entity)
			road *= rng.SampleFloat(f, &r)
		case f.Kind != model.Constant:
			road *= e.streams[streamTrip].SampleFloat(f, entity)
		case f.A > 0:
			road *= f.A
		}
	}
	return model.RoundSeconds(road) + legs
}

// metresTo is how far person p is from a place now: on the road with a fraction f driven of the way A to B, the
// distance to C is min(f·AB + AC, (1−f)·AB + BC) (DESIGN § 6).
func (e *Engine) metresTo(p *person, place int32) int64 {
	if f, onRoad := e.driven(p); onRoad {
		ab := float64(e.dist(p.from, p.place))
		return int64(min(f*ab+float64(e.dist(p.from, place)), (1-f)*ab+float64(e.dist(p.place, place))) + 0.5)
	}
	return e.dist(p.place, place)
}

// driven is the fraction of his trip that a person on the road has driven. Somebody sent on mobilises in no time and is
// on the road as well.
func (e *Engine) driven(p *person) (f float64, onRoad bool) {
	if e.now >= p.legEnd {
		return 1, false
	}
	return e.drivenSoFar(p)
}

func (e *Engine) drivenSoFar(p *person) (f float64, onRoad bool) {
	switch p.doing {
	case doReturn, doTravel, doMobilise:
		if p.legs <= e.now { // empty before the first trip, in the warm-up too
			return float64(e.now-p.legs) / float64(p.legEnd-p.legs), true
		}
	}
	return 1, false
}

// turn takes back the kilometres that a person who leaves his way will not drive.
func (e *Engine) turn(p *person) {
	if f, onRoad := e.driven(p); onRoad && p.legs >= 0 && p.legs < e.w.Term {
		e.drove(p, -int64((1-f)*float64(p.metres)+0.5))
	}
}

// drove books kilometres to the pool and to the contract whose trip it is.
func (e *Engine) drove(p *person, metres int64) {
	e.tot.Metres += metres
	if len(e.tot.Contracts) > 0 {
		e.tot.Contracts[p.tripOf].Metres += metres
	}
}

func (e *Engine) dist(a, b int32) int64 {
	if a < 0 || b < 0 {
		return 0
	}
	d := e.w.Dist[int(a)*len(e.w.Places)+int(b)]
	if d < 0 {
		return 0
	}
	return int64(d)
}

// eta is the expected span until person p, if sent now, is at the failed system: what a dispatcher would reckon.
func (e *Engine) eta(p *person, place int32) (span model.Time, metres int64) {
	metres = e.metresTo(p, place)
	road, legs := e.roadSeconds(p.place, place, metres, e.now)
	return e.readyMean(p) + model.RoundSeconds(road) + legs + e.st.entryMean, metres
}

// readyMean is the expected time until somebody who does nothing can leave.
func (e *Engine) readyMean(p *person) model.Time {
	switch {
	case p.doing != doNothing:
	case p.duty == dutyCall:
		return e.st.callMean[p.team]
	case p.place == p.crew.of.Place:
		return e.st.mobMean[p.team]
	}
	return 0
}

// depart puts a person on the road.
func (e *Engine) depart(p *person, to int32, entity uint64, next doing) {
	metres := e.metresTo(p, to)
	d := e.trip(p.place, to, metres, entity)
	e.turn(p)
	p.from, p.place = p.place, to
	p.legs, p.legEnd, p.metres = e.now, e.now+d, metres
	p.after, p.tripOf = next, p.contract
	if e.now >= 0 && e.now < e.w.Term {
		e.drove(p, metres)
		if d >= 12*3600e9 {
			e.tot.NightsAway++
			if len(e.tot.Contracts) > 0 {
				e.tot.Contracts[p.contract].NightsAway++
			}
		}
	}
	e.begin(p, doTravel, d)
}

// goHome sends a person back to the base after a visit, or leaves him where he is.
func (e *Engine) goHome(p *person) {
	tm := p.crew.of
	if p.place == tm.Place || tm.Return == world.Stay && p.duty == dutyOn && p.doing != doTravel {
		e.release(p)
		return
	}
	e.account(p) // before the task is forgotten
	metres := e.metresTo(p, tm.Place)
	e.turn(p)
	p.trips++
	var entity uint64
	if p.task >= 0 && p.kind == itemField {
		t := e.tickets.at(p.task)
		t.trips++
		entity = t.root.Mix(uint64(t.trips))
	} else {
		entity = rng.Mix(e.w.Persons[p.id].Hash, uint64(p.trips)|1<<63)
	}
	d := e.trip(p.place, tm.Place, metres, entity)
	if d == 0 {
		p.place = tm.Place
		e.release(p)
		return
	}
	p.from, p.place = p.place, tm.Place
	p.task, p.kind, p.tripOf = -1, 0, p.contract
	if e.now >= 0 && e.now < e.w.Term {
		e.drove(p, metres)
	}
	e.begin(p, doReturn, d)
	p.legs, p.legEnd, p.metres = e.now, e.now+d, metres
	if tm.Return == world.Redirect && p.duty != dutyOff {
		e.setFree(p)
	}
}
