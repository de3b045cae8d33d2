package sim

import (
	"math"

	"slasim/model"
	"slasim/model/world"
	"slasim/sim/rng"
)

// sourceState is a fault source at run time.
type sourceState struct {
	rand    rng.Rand
	ordinal uint64
	unit    int32 // Weibull: the unit this stream belongs to; sources with units have one state per unit
	source  int32
}

type streamState struct {
	rand    rng.Rand
	ordinal uint64
}

// pending is a fault that will be reported later: of a burst, a finding or a talk.
type pending struct {
	source, failure, parent int32
	secondary               bool // caused by the design: left out of the stream fingerprint
	entity                  uint64
	tag                     string
}

// factor is a profile's product of hour, weekday, month and growth at t.
func (e *Engine) factor(p *world.Profile, t model.Time) float64 {
	_, m := e.w.Days.Month(t)
	f := p.Hour[e.hour(t)] * p.Weekday[e.w.Days.Weekday(t)] * p.Month[m-1]
	if p.Growth != 0 && t > 0 {
		f *= math.Pow(1+p.Growth, float64(t)/float64(model.Year))
	}
	return f
}

// nextArrival is the next arrival of a Poisson process of `rate` a second times its profile after now, by thinning
// (Lewis and Shedler 1979). Far if it lies after the end of the stream.
func (e *Engine) nextArrival(r *rng.Rand, rate float64, p *world.Profile) model.Time {
	if rate <= 0 {
		return model.Far
	}
	t := e.now
	if p == nil {
		return e.within(t + model.RoundSeconds(rng.NextExp(r, 1/rate)))
	}
	mean := 1 / (rate * p.Max)
	for {
		t += model.RoundSeconds(rng.NextExp(r, mean))
		if e.within(t) == model.Far {
			return model.Far
		}
		if r.Float64()*p.Max < e.factor(p, t) {
			return t
		}
	}
}

func (e *Engine) within(t model.Time) model.Time {
	if t < 0 && t < -e.w.WarmUp || t >= e.lastStart {
		return model.Far
	}
	return t
}

func (e *Engine) startSources() {
	e.sources = e.sources[:0]
	for k := range e.w.Sources {
		src := &e.w.Sources[k]
		if src.Weibull == nil {
			if src.Rate <= 0 {
				continue
			}
			e.sources = append(e.sources, sourceState{rand: e.key(streamGap, src.Hash), source: int32(k), unit: -1})
			continue
		}
		for u := int32(0); u < src.Units; u++ {
			e.sources = append(e.sources, sourceState{rand: e.key(streamUnit, rng.Mix(src.Hash, uint64(u))), source: int32(k), unit: u})
		}
	}
	for i := range e.sources {
		s := &e.sources[i]
		src := &e.w.Sources[s.source]
		var at model.Time
		if src.Weibull == nil {
			at = e.nextArrival(&s.rand, src.Rate, src.Profile)
		} else { // what is left of the life of a unit of this age
			age := 0.0
			if int(s.unit) < len(src.UnitAge) {
				age = float64(src.UnitAge[s.unit]) / 1e9
			}
			f := rng.CDF(src.Weibull, age)
			u := f + s.rand.Float64()*(1-f)
			at = e.within(e.now + model.RoundSeconds(max(rng.Quantile(src.Weibull, u)-age, 0)))
		}
		if at != model.Far {
			e.faults.Push(at, evFault, int32(i), 0)
		}
	}
}

// sourceFires creates a ticket and schedules the source's next fault; a unit renews at the failure instant.
func (e *Engine) sourceFires(i int32) {
	if i < 0 {
		e.historyFires()
		return
	}
	s := &e.sources[i]
	src := &e.w.Sources[s.source]
	s.ordinal++
	entity := rng.Mix(src.Hash, s.ordinal)
	var at model.Time
	if src.Weibull == nil {
		at = e.nextArrival(&s.rand, src.Rate, src.Profile)
	} else {
		entity = rng.Mix(rng.Mix(src.Hash, uint64(s.unit)), s.ordinal)
		at = e.within(e.now + rng.Sample(src.Weibull, &s.rand))
	}
	e.primary(entity)
	if c := &e.w.Contracts[src.Contract]; !c.Silent && (c.Phases == nil || e.happens(c.PhaseAt(e.now).Faults, entity)) {
		e.newTicket(s.source, -1, entity, -1, "", 0).unit = s.unit
	}
	if at != model.Far { // last, when the processor has it: its place in the list is hard to guess
		e.faults.Push(at, evFault, i, 0)
	}
}

// happens thins the faults and questions of a phase.
func (e *Engine) happens(share float64, entity uint64) bool {
	if share >= 1 {
		return true
	}
	r := e.key(streamPhase, entity)
	return r.Bernoulli(share)
}

// primary adds a fault of the primary stream to the stream fingerprint.
func (e *Engine) primary(entity uint64) {
	e.sfp = (e.sfp ^ uint64(e.now/1e9)) * 0x100000001b3
	e.sfp = (e.sfp ^ entity) * 0x100000001b3
}

func (e *Engine) startBursts() {
	for k := range e.w.Bursts {
		b := &e.w.Bursts[k]
		e.bursts[k] = streamState{rand: e.key(streamBurst, b.Hash)}
		e.nextBurst(int32(k))
	}
}

func (e *Engine) nextBurst(k int32) {
	b := &e.w.Bursts[k]
	s := &e.bursts[k]
	if b.Rate <= 0 {
		return
	}
	peak := max(b.MonthMax, 1e-9)
	t := e.now
	for {
		t += model.RoundSeconds(rng.NextExp(&s.rand, 1/(b.Rate*peak)))
		if e.within(t) == model.Far {
			return
		}
		_, m := e.w.Days.Month(t)
		if s.rand.Float64()*peak < b.Months[m-1] {
			e.q.Push(t, evBurst, k, 0)
			return
		}
	}
}

// burstFires hits units of one region: the first draw picks a source by weight, the others stay in its region.
func (e *Engine) burstFires(k int32) {
	b := &e.w.Bursts[k]
	s := &e.bursts[k]
	s.ordinal++
	entity := rng.Mix(b.Hash, s.ordinal)
	e.nextBurst(k)
	if len(b.Sources) == 0 {
		return
	}
	r := e.key(streamBurst, entity)
	n := int(math.Round(rng.SampleFloat(&b.Units, &r)))
	first := pickSource(b, r.Float64())
	region := e.w.Places[e.w.Sources[first].Site].Region
	for j := 0; j < n; j++ {
		src := first
		if j > 0 { // by weight among the sources of the region
			for try := 0; try < 64; try++ {
				if c := pickSource(b, r.Float64()); e.w.Places[e.w.Sources[c].Site].Region == region {
					src = c
					break
				}
			}
		}
		delay := model.Time(0)
		if !b.Spread.IsZero() {
			delay = rng.Sample(&b.Spread, &r)
		}
		one := rng.Mix(entity, uint64(j)+1)
		if c := &e.w.Contracts[e.w.Sources[src].Contract]; c.Phases == nil || e.happens(c.PhaseAt(e.now+delay).Bursts, one) {
			e.pendFault(e.now+delay, pending{source: src, failure: -1, parent: -1, entity: one, tag: b.Tag})
		}
	}
}

func pickSource(b *world.Burst, u float64) int32 {
	for i, p := range b.Weight {
		if u < p {
			return b.Sources[i]
		}
	}
	return b.Sources[len(b.Sources)-1]
}

func (e *Engine) pendFault(at model.Time, p pending) {
	i, x := e.pend.take()
	*x = p
	e.q.Push(at, evPending, i, 0)
	e.open++
}

func (e *Engine) pendingFault(i int32) {
	p := *e.pend.at(i)
	e.pend.give(i)
	e.open--
	if e.now >= e.lastStart {
		return
	}
	if !p.secondary {
		e.primary(p.entity)
	}
	if e.w.Contracts[e.w.Sources[p.source].Contract].Silent {
		return
	}
	e.newTicket(p.source, p.failure, p.entity, p.parent, p.tag, 0)
}

// drawn is the delay of a report that no history says: it is drawn from the contract's detection.
const drawn model.Time = -1

// startHistory schedules the first recorded fault; each schedules the next.
func (e *Engine) startHistory() {
	e.nextHist = 0
	for e.nextHist < len(e.w.History) && e.w.History[e.nextHist].At < -e.w.WarmUp {
		e.nextHist++
	}
	if e.nextHist < len(e.w.History) && e.w.History[e.nextHist].At < e.lastStart {
		e.faults.Push(e.w.History[e.nextHist].At, evFault, -1, 0)
	}
}

func (e *Engine) historyFires() {
	h := &e.w.History[e.nextHist]
	e.nextHist++
	if e.nextHist < len(e.w.History) {
		if at := e.w.History[e.nextHist].At; at < e.lastStart {
			e.faults.Push(max(at, e.now), evFault, -1, 0)
		}
	}
	entity := rng.Mix(e.w.Sources[h.Source].Hash, rng.HashName(h.ID))
	e.primary(entity)
	if e.w.Contracts[e.w.Sources[h.Source].Contract].Silent {
		return
	}
	e.newTicket(h.Source, -1, entity, -1, "", int32(e.nextHist))
}

// weatherCache remembers the weather drawn for a region and day of this replication.
type weatherCache struct {
	rep   uint32
	days  int
	first int
	state []weatherDay // by region × day
}

type weatherDay struct {
	rep      uint32 // replication + 1 it was drawn for; 0 = never
	kind     int8   // -1 fair
	from, to int32  // seconds of the day
}

// weather is the bad weather in region r at t, nil if fair. It is drawn once a region and day and shared by all trips.
func (e *Engine) weather(region int32, t model.Time) *world.Weather {
	ws := e.w.Travel.Weather
	if len(ws) == 0 || region < 0 {
		return nil
	}
	day := e.w.Days.Day(t)
	k := day - e.wx.first
	if k < 0 || k >= e.wx.days {
		return nil
	}
	d := &e.wx.state[int(region)*e.wx.days+k]
	if d.rep != e.rep+1 {
		*d = weatherDay{rep: e.rep + 1, kind: -1}
		r := e.key(streamWeather, rng.Mix(rng.HashName(e.w.Regions[region]), uint64(int64(day))))
		_, m := e.w.Days.Month(t)
		for i := range ws {
			u, v := r.Float64(), r.Float64()
			if u >= ws[i].Probability[region][m-1] || d.kind >= 0 && ws[d.kind].SpeedKmh <= ws[i].SpeedKmh {
				continue
			}
			d.kind, d.from, d.to = int8(i), 0, 86400
			if h := ws[i].Hours; h > 0 && h < model.Day {
				span := int32(h / 1e9)
				d.from = int32(v * float64(86400-span))
				d.to = d.from + span
			}
		}
	}
	if d.kind < 0 {
		return nil
	}
	s := int32((t - model.Time(day)*model.Day) / 1e9)
	if s < d.from || s >= d.to {
		return nil
	}
	return &ws[d.kind]
}
