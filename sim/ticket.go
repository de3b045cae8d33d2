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
	slot                         int32 // its index among the tickets
	id, parent                   int32
	alive                        bool
	gen                          uint32   // bumped when the slot is given back
	wakeGen                      uint32   // cancels a pending evGranted
	hash                         uint64   // keys every draw of this ticket
	root                         rng.Root // of hash
	contract, site, source, unit int32
	failure, recorded            int32
	tag                          string

	outage, hardware, byPhone, visit, late, discarded, keyPeriod bool
	remoteFix, partNeed, partKnown, rightPart                    bool
	misclassified                                                bool
	difficulty                                                   uint8
	userShare                                                    float64
	part                                                         int32
	depot                                                        int32

	declared, current uint8
	band              int32
	metres            int32
	seq               uint32 // place in the queues
	level             int8   // next severity level to pass

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

	ms    [model.NumTicketMilestones]model.Time
	ivs   []model.Interval
	rises []rise
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

// freshTicket is a ticket to which nothing has happened.
var freshTicket = func() ticket {
	t := ticket{alive: true, unit: -1, part: -1, depot: -1, item: -1, lead: -1, leadWas: -1, aheadItem: -1, ahead: -1, loaner: -1, band: -1, metres: -1,
		partDue: model.Far, rateAt: model.Unset, sup: [4]int32{-1, -1, -1, -1}}
	for k := range t.ms {
		t.ms[k] = model.Unset
	}
	return t
}()

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
	ivs, rises, gen, wake := t.ivs[:0], t.rises[:0], t.gen, t.wakeGen
	*t = freshTicket
	t.slot = i
	t.ivs, t.rises, t.gen, t.wakeGen, t.hash, t.root = ivs, rises, gen+1, wake+1, entity, rng.RootOf(entity)
	t.parent, t.source, t.contract, t.site, t.tag, t.recorded = parent, source, src.Contract, src.Site, tag, recorded
	t.id = e.nextID[model.SubjectTicket]
	e.nextID[model.SubjectTicket]++
	t.ms[model.Occurred] = e.now
	e.open++

	// One draw per attribute, always all of them, so that an option changes no other attribute. 32 bits each.
	r := e.key(streamFault, entity)
	r, word := r.Next()
	uKind, uOut := halves(word)
	r, word = r.Next()
	uShare, uFix := halves(word)
	r, word = r.Next()
	uNeed, uKnown := halves(word)
	r, word = r.Next()
	uRight, uPart := halves(word)
	r, word = r.Next()
	uDiff, uPhone := halves(word)
	_, word = r.Next()
	uMis, uSev := halves(word)
	if failure < 0 {
		for k := range src.Failures {
			failure = src.Failures[k].Failure
			if uKind < src.Failures[k].P {
				break
			}
		}
	}
	t.failure = failure
	f := &e.w.Failures[failure]
	c := &e.w.Contracts[t.contract]
	t.hardware = f.Hardware
	t.outage = uOut < f.Outage
	t.userShare = 0
	if !f.UserShare.IsZero() {
		t.userShare = rng.Quantile(&f.UserShare, uShare)
	}
	t.remoteFix = uFix < f.RemoteFix
	t.partNeed = uNeed < f.PartNeed
	t.partKnown = uKnown < f.PartKnown
	t.rightPart = uRight < f.RightPart
	for k := range f.Parts {
		t.part = f.Parts[k].Part
		if uPart < f.Parts[k].P {
			break
		}
	}
	t.difficulty = 1
	for t.difficulty < 4 && uDiff >= f.Difficulty[t.difficulty] {
		t.difficulty++
	}
	t.byPhone = uPhone < c.Process.PhoneShare
	t.misclassified = uMis < c.Process.Misclassified
	switch {
	case severity > 0:
		t.declared = severity
	case c.Declare == world.ByMix:
		sum := 0.0
		for k := range c.Severities {
			t.declared = uint8(k + 1)
			if sum += c.Severities[k].Mix; uSev < sum {
				break
			}
		}
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
	if d := &c.Process.Detection; delay > 0 {
		e.q.Push(e.now+delay, evReport, i, 0)
	} else if delay < 0 && !d.IsZero() {
		e.q.Push(e.now+e.draw(d, streamCall, rng.RootOf(entity), 1), evReport, i, 0)
	} else {
		e.report(t)
	}
	return t
}

// halves are two uniforms inside (0, 1) from one word.
func halves(w uint64) (a, b float64) {
	return (float64(uint32(w>>32)) + 0.5) * 0x1p-32, (float64(uint32(w)) + 0.5) * 0x1p-32
}

// report makes a fault known: severity is declared, band and limits freeze, the way of working begins.
func (e *Engine) report(t *ticket) {
	c := &e.w.Contracts[t.contract]
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
	e.armRise(t)
	e.armRisk(t)
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
	c := &e.w.Contracts[t.contract]
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
	c := &e.w.Contracts[t.contract]
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
	if a := e.w.Contracts[t.contract].Process.AccidentWhen; a > 0 && int32(to) <= a && int32(before) > a {
		e.startAccident(t)
	}
	if t.where == atClosed && !e.mustWait(t) {
		e.granted(t)
	}
	e.armRise(t)
	e.armRisk(t)
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

// finalSeverity is the level by the outage's whole length.
func (e *Engine) finalSeverity(t *ticket) uint8 {
	c := &e.w.Contracts[t.contract]
	if !t.outage || c.Declare == world.ByMix || c.Declare == world.ByHistory {
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
	s.Declared, s.Current, s.Final = t.declared, t.current, e.finalSeverity(t)
	s.ThirdParty = e.w.Failures[t.failure].ThirdParty
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
