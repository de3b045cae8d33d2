package sim

import (
	"slasim/model"
	"slasim/model/clock"
	"slasim/model/contract"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/sim/rng"
)

// where says what a ticket is waiting for or in.
type where uint8

const (
	atIntake where = iota
	atRemoteQueue
	atRemote
	atRemoteApproval // released, the customer's yes is awaited
	atOwnApproval    // before the visit
	atAuthorisation
	atAppointment
	atClosed // the service hours of its level begin later
	atFieldQueue
	atVisit   // an engineer is assigned
	atSignOff // our own yes to remote work
	atFactory
	atPartWait // nobody there, the part is awaited
	atAfter    // solved, paper work open
)

// ticket is the state of one fault's record. Attributes are drawn once, at the fault.
type ticket struct {
	slot       int32 // its index among the tickets
	id, parent int32
	gen        uint32 // bumped when the slot is given back
	wakeGen    uint32 // cancels a pending evGranted

	contract, site, source, unit int32
	failure, recorded            int32
	of                           *world.Contract
	fault                        *world.Failure
	hash                         uint64   // keys every draw of this ticket
	root                         rng.Root // of hash
	tag                          string

	outage, hardware, byPhone                 bool
	remoteFix, partNeed, partKnown, rightPart bool
	misclassified                             bool
	difficulty                                uint8
	userShare                                 float64
	part                                      int32

	handling
	ms    [model.NumTicketMilestones]model.Time
	ivs   []model.Interval
	rises []rise
}

// handling is what has become of a ticket. It is cleared when the fault happens.
type handling struct {
	alive                       bool
	visit, discarded, keyPeriod bool

	declared, current uint8
	depot             int32
	band              int32
	metres            int32
	seq               uint32 // place in the queues

	where   where
	item    int32 // waiting item, -1
	lead    int32 // person in charge now, -1
	leadWas int32 // last person who led a visit
	trips   uint32
	calls   uint32    // further calls about it
	asks    uint16    // parts counted
	draws   [4]uint16 // approvals, diagnoses, works, closings drawn so far

	// Work in progress: seconds of work of a capable person still to do, the rate now, since when.
	stage                               doing // step to go on with after an interruption; doNothing = from the start
	left                                model.Time
	rate                                float64
	rateAt                              model.Time
	leadRate                            float64
	helpRate                            float64
	helpers                             int32 // support people at work or on the way
	vendor                              bool  // the manufacturer is at work
	vendorDue                           bool  // called
	diagnosed, quoted                   bool
	pair                                pairing
	fetched, lacked                     bool       // a part was once set aside; there once was none
	claimAt                             int32      // stock item at which the part of an open pair is asked for
	lackFrom                            model.Time // since when there is none
	confirmedPart, partHere, loanerHere bool
	riseAt, riskAt                      model.Time // when the time of its level is up, when what is feared happens
	partDue                             model.Time // expected arrival of the part, model.Far unknown
	shipments                           int32
	loops                               int8
	loaner                              int32 // part index of the loaner in service or on the way, -1
	loanerDepot                         int32
	planAsked, signed                   bool
	signOff                             int8     // which it waits for
	newUnit                             bool     // the part is a whole new unit
	planned                             bool     // workaround timer set
	asked                               bool     // support was asked for
	sup                                 [4]int32 // support items still waiting
	aheadItem, ahead                    int32    // remote: parallel: the item that waits for an engineer, and he on his way; -1
	teamNeed, teamHere                  int32    // members of the team asked for on site, and those there

	open  int32  // admin tasks, complaints still open
	rungs uint32 // rungs whose timer was set
	taken uint32 // rungs that were taken
}

// rise is a rise of the level because its time was up.
type rise struct {
	at model.Time
	to uint8
	ms [model.NumRiseMilestones]model.Time
}

func (t *ticket) mark(m model.Milestone, at model.Time) {
	if t.ms[m] == model.Unset {
		t.ms[m] = at
	}
}

func (t *ticket) has(m model.Milestone) bool { return t.ms[m] != model.Unset }

// openIv starts an interval; closeIv ends the last open one of its kind.
func (t *ticket) openIv(k model.IntervalKind, at model.Time) {
	t.ivs = append(t.ivs, model.Interval{Start: at, End: model.Far, Kind: k})
}

func (t *ticket) closeIv(k model.IntervalKind, at model.Time) {
	for i := len(t.ivs) - 1; i >= 0; i-- {
		if v := &t.ivs[i]; v.Kind == k && v.End == model.Far {
			if v.Start == at { // empty: half-open intervals of length 0 say nothing
				last := len(t.ivs) - 1
				if i < last {
					t.ivs[i] = t.ivs[last]
				}
				t.ivs = t.ivs[:last]
				return
			}
			v.End = at
			return
		}
	}
}

// noMilestones are those of a ticket to which nothing has happened.
var noMilestones = func() (ms [model.NumTicketMilestones]model.Time) {
	for k := range ms {
		ms[k] = model.Unset
	}
	return ms
}()

// begin makes a used ticket a new one. Written out, since a whole struct made elsewhere would be copied twice.
func (t *ticket) begin() {
	t.gen++
	t.wakeGen++
	t.handling = handling{}
	t.alive = true
	t.depot, t.band, t.metres = -1, -1, -1
	t.item, t.lead, t.leadWas = -1, -1, -1
	t.rateAt, t.partDue = model.Unset, model.Far
	t.loaner = -1
	t.sup = [4]int32{-1, -1, -1, -1}
	t.aheadItem, t.ahead = -1, -1
	t.ms = noMilestones
	t.ivs, t.rises = t.ivs[:0], t.rises[:0]
}

// newTicket creates a ticket at its fault. entity keys its draws; failure -1 draws one. A recorded ticket, numbered from
// 1, takes from the history what that says; 0 is none.
func (e *Engine) newTicket(source, failure int32, entity uint64, parent int32, tag string, recorded int32) *ticket {
	src := &e.w.Sources[source]
	severity, delay := uint8(0), drawn
	if recorded > 0 {
		h := &e.w.History[recorded-1]
		failure, severity, delay = h.Failure, uint8(h.Severity), h.Delay
	}
	i, t := e.tickets.take()
	t.begin()
	t.slot, t.hash, t.root = i, entity, rng.RootOf(entity)
	t.parent, t.source, t.contract, t.site, t.tag, t.recorded = parent, source, src.Contract, src.Site, tag, recorded
	t.unit, t.part, t.of = -1, -1, &e.w.Contracts[src.Contract]
	t.id = e.nextID[model.SubjectTicket]
	e.nextID[model.SubjectTicket]++
	t.ms[model.Occurred] = e.now
	e.open++

	// One draw per attribute, always all of them, so that an option changes no other attribute. 32 bits each.
	r := e.key(streamFault, entity)
	r, kindOutage := r.Next()
	r, shareFix := r.Next()
	r, needKnown := r.Next()
	r, rightPart := r.Next()
	r, difficultyPhone := r.Next()
	_, misSeverity := r.Next()
	if failure < 0 {
		failure = src.Failures[first(e.st.kinds[source], high(kindOutage))].Failure
	}
	f, o := &e.w.Failures[failure], &e.st.odds[failure]
	t.failure, t.fault, t.hardware = failure, f, f.Hardware
	t.outage = low(kindOutage) < o.outage
	t.userShare = 0
	if !f.UserShare.IsZero() {
		t.userShare = rng.Quantile(&f.UserShare, uniform(high(shareFix)))
	}
	t.remoteFix = low(shareFix) < o.remoteFix
	t.partNeed = high(needKnown) < o.partNeed
	t.partKnown = low(needKnown) < o.partKnown
	t.rightPart = high(rightPart) < o.rightPart
	if len(f.Parts) > 0 {
		t.part = f.Parts[first(o.parts, low(rightPart))].Part
	}
	t.difficulty = 1 + uint8(first(o.difficulty[:], high(difficultyPhone)))
	oc := &e.st.contractOdds[t.contract]
	t.byPhone = low(difficultyPhone) < oc.phone
	t.misclassified = high(misSeverity) < oc.misclassified
	switch {
	case severity > 0:
		t.declared = severity
	case len(oc.mix) > 0:
		t.declared = 1 + uint8(first(oc.mix, low(misSeverity)))
	}
	if e.now >= 0 && e.now < e.w.Term {
		e.tot.Tickets++
		if len(e.tot.Years) > 0 {
			e.tot.Years[e.yearOf(e.now)].Tickets++
		}
		if len(e.tot.Contracts) > 0 {
			e.tot.Contracts[t.contract].Tickets++
		}
	} else {
		t.discarded = true
	}
	if d := &t.of.Process.Detection; delay > 0 {
		e.q.Push(e.now+delay, evReport, i, 0)
	} else if delay < 0 && !d.IsZero() {
		e.q.Push(e.now+e.draw(d, streamCall, rng.RootOf(entity), 1), evReport, i, 0)
	} else {
		e.report(t)
	}
	return t
}

// report makes a fault known: severity is declared, band and limits freeze, the way of working begins.
func (e *Engine) report(t *ticket) {
	c := t.of
	t.ms[model.Reported] = e.now
	t.seq = e.nextSeq()
	if t.declared == 0 {
		age := e.now - t.ms[model.Occurred]
		if c.Declare == world.ByForecast {
			age += e.st.forecast[t.failure]
		}
		t.declared = severityAt(c, t.outage, t.userShare, age)
	}
	t.current = t.declared
	if len(c.SiteBand) > 0 {
		t.band, t.metres = c.SiteBand[t.site], c.SiteBandMetres[t.site]
	}
	for k := range c.KeyPeriods {
		if kp := &c.KeyPeriods[k]; kp.Start <= e.now && e.now < kp.End {
			t.keyPeriod = true
		}
	}
	if t.outage && c.Declare != world.ByMix {
		e.armSeverity(t)
	}
	e.armRungs(t, model.Reported)
	e.armLevel(t)
	if after := c.Process.LoanerAfter; after > 0 && t.outage {
		e.setTimer(t, loanerTimer, max(t.ms[model.Occurred]+after, e.now))
	}
	p := &c.Process
	if p.Phone && t.byPhone {
		e.ring(t)
		if !(p.UrgentFirst && t.declared <= 2) {
			return
		}
		t.closeIv(model.DeskQueue, e.now) // nothing waits for the desk
	} else {
		t.ms[model.Logged] = e.now
	}
	e.startResponse(t)
}

// severityAt is the level of a fault by outage age and user share; the worst level that applies.
func severityAt(c *world.Contract, outage bool, share float64, age model.Time) uint8 {
	lowestOutage := 0
	for k := range c.Severities {
		s := &c.Severities[k]
		if s.Outage {
			lowestOutage = k + 1
		} else if outage && c.ShortOutageSerious && lowestOutage > 0 { // too short for any level that needs one
			return uint8(lowestOutage)
		}
		if s.Outage && !outage || s.Share >= 0 && share <= s.Share {
			continue
		}
		if s.Outage && !(age > s.Age || s.AgeAtLeast && age == s.Age) {
			continue
		}
		return uint8(k + 1)
	}
	return uint8(len(c.Severities))
}

// armSeverity schedules the moment at which the outage passes the age of the next worse level.
func (e *Engine) armSeverity(t *ticket) {
	c := t.of
	best := model.Far
	for k := 0; k < int(t.current)-1; k++ {
		s := &c.Severities[k]
		if !s.Outage || s.Share >= 0 && t.userShare <= s.Share {
			continue
		}
		at := t.ms[model.Occurred] + s.Age
		if !s.AgeAtLeast {
			at += model.RoundSeconds(1)
		}
		if at > e.now && at < best {
			best = at
		}
	}
	if best < model.Far {
		e.q.Push(best, evSeverity, t.slot, t.gen)
	}
}

// severityAges raises the current severity of a lasting outage and starts the accident flow where it is due.
func (e *Engine) severityAges(t *ticket) {
	if t.has(model.Restored) {
		return
	}
	c := t.of
	now := severityAt(c, t.outage, t.userShare, e.now-t.ms[model.Occurred])
	if now < t.current {
		e.levelRises(t, now)
	}
	e.armSeverity(t)
}

// levelRises gives a ticket a worse level: its place in the queue, the accident flow, the time of the new level.
func (e *Engine) levelRises(t *ticket, to uint8) {
	before := t.current
	t.current = to
	e.requeue(t)
	if a := t.of.Process.AccidentWhen; a > 0 && int32(to) <= a && int32(before) > a {
		e.startAccident(t)
	}
	if t.where == atClosed && !e.mustWait(t) {
		e.granted(t)
	}
	e.armLevel(t)
}

// requeue gives a waiting item its new place after its ticket's severity changed.
func (e *Engine) requeue(t *ticket) {
	if t.item < 0 {
		return
	}
	it := e.items.at(t.item)
	cp := *it
	qi := it.queue
	e.leave(it)
	j, nt := e.items.take()
	*nt = cp
	nt.slot, nt.rank = j, t.current
	t.item = j
	e.enqueue(nt, qi)
}

// finalSeverity is the level by an outage's whole length.
func (e *Engine) finalSeverity(t *ticket) uint8 {
	c := t.of
	if c.Declare == world.ByMix || c.Declare == world.ByHistory {
		return t.declared
	}
	end := e.now
	if t.has(model.Confirmed) {
		end = t.ms[model.Confirmed]
	} else if t.has(model.Restored) {
		end = t.ms[model.Restored]
	}
	return min(t.declared, severityAt(c, t.outage, t.userShare, end-t.ms[model.Occurred]))
}

// closeTicket hands a ticket over when nothing about it is open any more.
func (e *Engine) closeTicket(t *ticket) {
	if t.open > 0 || t.where != atAfter || t.helpers > 0 || t.shipments > 0 {
		return
	}
	t.mark(model.Closed, e.now)
	e.handOverTicket(t, e.now)
}

func (e *Engine) handOverTicket(t *ticket, end model.Time) {
	if !t.alive {
		panic("sim: a ticket is handed over twice")
	}
	for k := range t.ivs {
		if t.ivs[k].End == model.Far {
			t.ivs[k].End = end
		}
	}
	if !t.discarded {
		if t.visit {
			e.tot.Visits++
			if len(e.tot.Years) > 0 {
				e.tot.Years[e.yearOf(t.ms[model.Occurred])].Visits++
			}
		} else if t.has(model.Restored) {
			e.tot.RemoteFixed++
		}
	}
	e.sink.Subject(e.subject(t, end))
	for k := range t.rises {
		e.handOverRise(t, &t.rises[k], end)
	}
	t.alive = false
	t.gen++
	t.wakeGen++
	e.open--
	e.tickets.give(t.slot)
}

// handOverRise hands over a rise, with the level risen to.
func (e *Engine) handOverRise(t *ticket, r *rise, end model.Time) {
	s := &e.sub
	*s = *e.subject(t, end)
	s.Kind, s.ID, s.Key, s.Parent = model.SubjectRise, e.nextID[model.SubjectRise], rng.Mix(t.hash, uint64(r.to)|1<<47), t.id
	s.Declared, s.Current, s.Final = r.to, r.to, r.to
	e.nextID[model.SubjectRise]++
	r.ms = [model.NumRiseMilestones]model.Time{t.ms[model.Reported], r.at, t.ms[model.Restored], t.ms[model.Confirmed]}
	s.Milestones = r.ms[:]
	e.sink.Subject(s)
}

// subject is a ticket as clauses see it, valid until the next one.
func (e *Engine) subject(t *ticket, end model.Time) *trail.Subject {
	s := &e.subTicket
	s.Rep, s.ID, s.Key, s.Parent, s.Contract = int32(e.rep), t.id, t.hash, t.parent, t.contract
	s.Site, s.Source, s.Failure, s.Unit, s.Recorded = t.site, t.source, t.failure, t.unit, t.recorded
	s.Lead, s.Part, s.Depot, s.Band, s.BandMetres = t.leadWas, -1, t.depot, t.band, t.metres
	s.Declared, s.Current, s.Final = t.declared, t.current, t.declared
	if t.outage {
		s.Final = e.finalSeverity(t)
	}
	s.ThirdParty = t.fault.ThirdParty
	s.Hardware, s.Outage, s.Visit, s.ByPhone, s.KeyPeriod = t.hardware, t.outage, t.visit, t.byPhone, t.keyPeriod
	s.Discarded, s.Difficulty, s.UserShare, s.Tag = t.discarded, t.difficulty, t.userShare, t.tag
	s.Milestones, s.Intervals, s.End = t.ms[:], t.ivs, end
	if t.has(model.PartRequested) {
		s.Part = t.part
	}
	return s
}

// promised is the limit of a clause for a subject, false if the clause says nothing about it.
func promised(c *contract.Clause, s *trail.Subject) (clock.Limit, bool) {
	r := s.Severity(c.Scope.By)
	if set := c.Scope.Severities; !s.In(&c.Scope) || set != 0 && (r < 1 || set&(1<<(r-1)) == 0) {
		return clock.Limit{}, false
	}
	lim := c.Limit(r, int(s.Band))
	return lim, lim.Mode != clock.NoLimit
}
