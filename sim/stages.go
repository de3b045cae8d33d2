package sim

import (
	"slasim/model"
	"slasim/model/world"
	"slasim/sim/rng"
)

// call is one phone contact: a fault's, a further one about it, or a question.
type call struct {
	slot                         int32 // its index among the calls
	id, ticket, stream, contract int32
	gen                          uint32
	root                         rng.Root // keys its draws
	item                         int32
	lookUp, alive                bool
	rises                        int8       // steps up that were taken
	riseAt                       model.Time // when the next is due
	first                        bool       // reports the ticket
	discarded                    bool
	ms                           [model.NumCallMilestones]model.Time
	ivs                          []model.Interval
}

// noCallMilestones are those of a call that nobody has made.
var noCallMilestones = func() (ms [model.NumCallMilestones]model.Time) {
	for k := range ms {
		ms[k] = model.Unset
	}
	return ms
}()

// newCall rings the desk; rank and seq are its place in the line.
func (e *Engine) newCall(ticket, stream, contract int32, root rng.Root, rank uint8, seq uint32) *call {
	i, c := e.calls.take()
	c.slot = i
	c.id, c.ticket, c.stream, c.contract, c.root = e.nextID[model.SubjectCall], ticket, stream, contract, root
	c.alive, c.first, c.lookUp = true, false, false
	c.gen++
	e.nextID[model.SubjectCall]++
	c.ms = noCallMilestones
	c.ms[model.CallRinging] = e.now
	c.discarded = e.now < 0 || e.now >= e.w.Term
	e.open++
	it := e.newItem(itemCall, classFault, rank, seq, i, -1, contract)
	c.item = it.slot
	c.ivs = c.ivs[:0]
	if d := &e.w.Contracts[contract].Process.Patience; !d.IsZero() {
		e.q.Push(e.now+e.draw(d, streamCall, root, 2), evHangUp, i, c.gen)
	}
	e.enqueue(it, e.st.deskQueue[contract])
	return c
}

// nextSeq is the place in the lines of what comes now.
func (e *Engine) nextSeq() uint32 {
	e.seq++
	return e.seq
}

// ring is the customer's call that reports a fault.
func (e *Engine) ring(t *ticket) {
	e.newCall(t.slot, -1, t.contract, t.root, t.declared, t.seq).first = true
	t.where = atIntake
	t.openIv(model.DeskQueue, e.now)
	if n := t.of.Process.Contacts; n > 0 { // further calls: a Poisson number, spread over the following day (assumption)
		r := e.key(streamCall, t.root.Mix(3))
		for at := e.now; ; {
			at += model.RoundSeconds(rng.NextExp(&r, 86400/n))
			if at >= e.now+model.Day {
				break
			}
			e.q.Push(at, evContact, t.slot, t.gen)
		}
	}
}

func (e *Engine) contact(t *ticket) {
	t.calls++
	e.newCall(t.slot, -1, t.contract, rng.RootOf(t.root.Mix(uint64(t.calls)|1<<62)), 1, e.nextSeq())
}

func (e *Engine) questionAsked(k int32) {
	qn := &e.w.Questions[k]
	s := &e.quests[k]
	s.ordinal++
	hash := rng.Mix(qn.Hash, s.ordinal)
	if at := e.nextArrival(&s.rand, qn.Rate, qn.Profile); at != model.Far {
		e.q.Push(at, evQuestion, k, 0)
	}
	if c := &e.w.Contracts[qn.Contract]; c.Phases != nil && !e.happens(c.PhaseAt(e.now).Questions, hash) {
		return
	}
	if e.now >= 0 && e.now < e.w.Term {
		e.tot.Questions++
	}
	r := e.key(streamQuestion, hash)
	c := e.newCall(-1, k, qn.Contract, rng.RootOf(hash), e.lowest(qn.Contract), e.nextSeq())
	c.lookUp = r.Bernoulli(qn.LookUp)
}

// lowest is the rank of a question: that of the lowest level of its contract.
func (e *Engine) lowest(contract int32) uint8 { return uint8(len(e.w.Contracts[contract].Severities)) }

// hangUp loses a caller whose patience ended while the telephone rang; a fault is then reported in writing. Later the
// patience is that of who waits for an answer.
func (e *Engine) hangUp(c *call) {
	if c.ms[model.CallAnswered] != model.Unset {
		e.silence(c)
		return
	}
	e.leave(e.items.at(c.item))
	c.item = -1
	c.ms[model.CallEnded] = e.now
	if c.first {
		t := e.tickets.at(c.ticket)
		t.closeIv(model.DeskQueue, e.now)
		t.mark(model.Logged, e.now)
		if t.where == atIntake {
			e.startResponse(t)
		}
	}
	e.closeCall(c)
}

func (e *Engine) callAnswered(p *person, c *call) {
	d := e.draw(&e.w.Contracts[c.contract].Process.Call, streamCall, c.root, 4)
	c.item = -1
	c.ms[model.CallAnswered] = e.now
	if c.ms[model.CallRinging] != e.now {
		c.ivs = append(c.ivs, model.Interval{Start: c.ms[model.CallRinging], End: e.now, Kind: model.DeskQueue})
	}
	if c.first {
		t := e.tickets.at(c.ticket)
		e.stamp(t, model.Answered)
		if t.where == atIntake {
			t.closeIv(model.DeskQueue, e.now)
			t.openIv(model.Work, e.now)
		}
	}
	e.begin(p, doCall, d)
}

func (e *Engine) callEnds(p *person) {
	c := e.calls.at(p.task)
	c.ms[model.CallEnded] = e.now
	e.release(p)
	if c.first {
		t := e.tickets.at(c.ticket)
		e.stamp(t, model.Logged)
		if t.where == atIntake {
			t.closeIv(model.Work, e.now)
			e.startResponse(t)
		}
	}
	if c.lookUp {
		it := e.newItem(itemLookUp, classQuestion, e.lowest(c.contract), e.nextSeq(), c.slot, -1, c.contract)
		c.item = it.slot
		e.enqueue(it, e.queueOf(world.RoleRemote, -1, 0, c.contract, -1))
		c.rises = 0
		e.armSilence(c)
		return
	}
	e.closeCall(c)
}

// armSilence waits for the next step up of a question.
func (e *Engine) armSilence(c *call) {
	if list := e.w.Questions[c.stream].Rises; int(c.rises) < len(list) {
		c.riseAt = c.ms[model.CallEnded] + list[c.rises].After
		e.q.Push(c.riseAt, evHangUp, c.slot, c.gen)
	}
}

// silence moves a question that nobody has begun to look into to the next superior (S4-45).
func (e *Engine) silence(c *call) {
	if c.item < 0 || c.riseAt != e.now {
		return
	}
	r := &e.w.Questions[c.stream].Rises[c.rises]
	c.rises++
	if c.ms[model.CallRisen] == model.Unset {
		c.ms[model.CallRisen] = e.now
	}
	was := e.items.at(c.item)
	it := e.newItem(itemLookUp, classQuestion, was.rank, was.seq, c.slot, -1, c.contract)
	e.leave(was)
	c.item = it.slot
	e.enqueue(it, e.queueOf(r.Role, -1, r.Tier, c.contract, -1))
	e.armSilence(c)
}

func (e *Engine) lookedUp(p *person) {
	i := p.task
	e.calls.at(i).ms[model.CallReplied] = e.now
	e.release(p)
	e.closeCall(e.calls.at(i))
}

func (e *Engine) closeCall(c *call) {
	s := &e.subCall
	if c.ms[model.CallAnswered] == model.Unset {
		c.ivs = append(c.ivs, model.Interval{Start: c.ms[model.CallRinging], End: e.now, Kind: model.DeskQueue})
	}
	s.Rep, s.ID, s.Key, s.Parent, s.Contract, s.Plan = int32(e.rep), c.id, uint64(c.root), -1, c.contract, c.stream
	s.LookUp, s.Discarded = c.lookUp, c.discarded
	s.Milestones, s.Intervals, s.End = c.ms[:], c.ivs, e.now
	if c.ticket >= 0 {
		s.Parent = e.tickets.at(c.ticket).id
	}
	e.sink.Subject(s)
	c.alive = false
	c.gen++
	e.open--
	e.calls.give(c.slot)
}

// newItem makes a waiting item for a subject.
func (e *Engine) newItem(kind itemKind, class, rank uint8, seq uint32, subj, site, contract int32) *item {
	i, x := e.items.take()
	x.slot = i // field by field: a struct made elsewhere and copied waits for its own narrow stores
	x.kind, x.class, x.rank, x.rung, x.travels = kind, class, rank, -1, kind >= itemField
	x.subj, x.site, x.contract, x.seq = subj, site, contract, seq
	return x
}

// ticketItem makes a waiting item of a ticket and puts it into a queue.
func (e *Engine) ticketItem(t *ticket, kind itemKind, qi int32) {
	it := e.newItem(kind, classFault, t.current, t.seq, t.slot, t.site, t.contract)
	t.item = it.slot
	e.enqueue(it, qi)
}

// startResponse sends a logged ticket to a remote engineer, or straight to a visit in a plain world.
func (e *Engine) startResponse(t *ticket) {
	c := t.of
	if c.Process.Respond {
		t.where = atRemoteQueue
		if e.leavesAtOnce(t) {
			e.sendAhead(t)
		}
		e.ticketItem(t, itemRemote, e.st.remoteQueue[t.contract][t.failure])
		return
	}
	e.requestVisit(t)
}

// remoteAssigned: a qualified engineer is in contact.
func (e *Engine) remoteAssigned(p *person, t *ticket) {
	c := t.of
	t.item, t.lead, t.where = -1, p.id, atRemote
	first := !t.has(model.Responded)
	e.stamp(t, model.Responded)
	t.openIv(model.Work, e.now)
	switch {
	case t.stage == doRemote: // released for an approval, or interrupted
		e.startRemoteWork(p, t)
	case first || t.stage == doTalk:
		if d := e.draw(&c.Process.Talk, streamRemote, t.root, 1); d > 0 {
			e.begin(p, doTalk, d)
			return
		}
		fallthrough
	default:
		e.talkEnds(p)
	}
}

// talkEnds: the fault is classified and what happens next is decided.
func (e *Engine) talkEnds(p *person) {
	t := e.tickets.at(p.task)
	pr := &t.of.Process
	e.stamp(t, model.Classified)
	e.stamp(t, model.Decided)
	if !t.planAsked {
		t.planAsked = true
		e.paperwork(t, &pr.Plan, 7, model.PlanSubmitted)
	}
	if pr.Remote == world.NoRemote || pr.Remote == world.Direct && t.hardware || e.recognised(t) {
		e.remoteOver(p, t)
		return
	}
	a := &pr.RemoteApproval
	if e.needs(a, t, 0) {
		t.closeIv(model.Work, e.now)
		t.openIv(model.CustomerApprovalRemote, e.now)
		d := e.approvalTime(a, t)
		if a.Holds {
			e.begin(p, doWaitRemoteApproval, d)
			return
		}
		t.where, t.lead, t.stage = atRemoteApproval, -1, doRemote
		e.release(p)
		t.wakeGen++
		e.q.Push(e.now+d, evGranted, t.slot, t.wakeGen)
		return
	}
	e.startRemoteWork(p, t)
}

// recognised: the first contact sees that remote work will not do (S1-17).
func (e *Engine) recognised(t *ticket) bool {
	p := t.of.Process.Recognised
	return p > 0 && !t.remoteFix && e.seen(t, p)
}

func (e *Engine) seen(t *ticket, p float64) bool {
	r := e.key(streamRemote, t.root.Mix(4))
	return r.Bernoulli(p)
}

// needs draws whether an approval is asked for; which tells the approvals of a ticket apart.
func (e *Engine) needs(a *world.Approval, t *ticket, which uint64) bool {
	return a.Probability > 0 && e.needsSome(a, t, which)
}

func (e *Engine) needsSome(a *world.Approval, t *ticket, which uint64) bool {
	if a.Day.IsZero() && a.Night.IsZero() {
		return false
	}
	if a.Probability >= 1 {
		return true
	}
	r := e.key(streamApproval, t.root.Mix(which|1<<32))
	return r.Bernoulli(a.Probability)
}

func (e *Engine) approvalTime(a *world.Approval, t *ticket) model.Time {
	t.draws[0]++
	d := &a.Day
	if e.isNight(e.now) {
		d = &a.Night
	}
	return e.draw(d, streamApproval, t.root, uint64(t.draws[0]))
}

// startRemoteWork begins or resumes the remote stage. A fault that remote cannot fix takes the triage time.
func (e *Engine) startRemoteWork(p *person, t *ticket) {
	c := t.of
	f := t.fault
	if len(c.Process.SignOff) > 0 && e.signedFor(p, t) {
		return
	}
	if !t.has(model.RemoteStarted) {
		t.mark(model.RemoteStarted, e.now)
		d := &f.Remote
		if !t.remoteFix && !c.Process.Triage.IsZero() {
			d = &c.Process.Triage
		}
		t.left = e.draw(d, streamRemote, t.root, 2)
		if t.misclassified && !t.remoteFix { // the wrong trail is followed first
			t.left += e.draw(d, streamRemote, t.root, 3)
		}
		e.armWorkaround(t)
		e.armRungs(t, model.RemoteStarted)
	} else if t.stage == doRemote && c.Process.HandOver > 0 {
		t.left += c.Process.HandOver
	}
	t.stage = doRemote
	t.leadRate = 1
	if t.remoteFix {
		t.leadRate = e.rateOf(p, t.difficulty)
	}
	e.begin(p, doRemote, -1)
	e.workOn(p, t)
}

// signedFor reports whether the remote work of a ticket has to wait for a yes of our own; the engineer is free until then.
func (e *Engine) signedFor(p *person, t *ticket) bool {
	if t.signed || t.has(model.RemoteStarted) || !t.remoteFix {
		return false
	}
	var s *world.SignOff
	list := t.of.Process.SignOff
	work := e.draw(&t.fault.Remote, streamRemote, t.root, 2)
	for k := range list {
		if work > list[k].Over {
			s, t.signOff = &list[k], int8(k)
		}
	}
	t.signed = true
	if s == nil {
		return false
	}
	t.closeIv(model.Work, e.now)
	t.openIv(model.OwnApproval, e.now)
	t.where, t.lead, t.stage = atSignOff, -1, doRemote
	e.release(p)
	t.wakeGen++
	if q := e.st.signQueue[t.contract][t.signOff]; q >= 0 {
		it := e.newItem(itemApproval, classFault, t.current, t.seq, t.slot, -1, t.contract)
		e.enqueue(it, q)
		return true
	}
	e.q.Push(e.now+e.approvalTime(&world.Approval{Day: s.Day, Night: s.Night}, t), evGranted, t.slot, t.wakeGen)
	return true
}

// rateOf is the work rate of a person for a fault of this difficulty.
func (e *Engine) rateOf(p *person, difficulty uint8) float64 {
	return p.crew.of.Rate[difficulty]
}

// workOn schedules the end of the work in hand of a ticket's leader p at the best rate among those at work on it.
func (e *Engine) workOn(p *person, t *ticket) {
	e.progress(t)
	rate := t.leadRate
	if rate < t.helpRate {
		rate = t.helpRate
	}
	if t.rate != rate || t.rateAt == model.Unset {
		if rate == 0 {
			t.closeIv(model.Work, e.now)
			if t.vendorDue {
				t.openIv(model.Vendor, e.now)
			} else {
				t.openIv(model.WrongSkill, e.now)
			}
		} else if t.rate == 0 && t.rateAt != model.Unset {
			t.closeIv(model.WrongSkill, e.now)
			t.closeIv(model.Vendor, e.now)
			t.openIv(model.Work, e.now)
		}
	}
	t.rate, t.rateAt = rate, e.now
	p.gen++
	if rate <= 0 {
		if t.taken != 0 && t.helpers == 0 && !t.asked {
			e.askAgain(t)
		}
		return
	}
	d := t.left
	if rate != 1 {
		d = model.RoundSeconds(float64(t.left) / 1e9 / rate)
	}
	if d <= 0 {
		e.step(p)
		return
	}
	e.q.Push(e.now+d, evStep, p.id, p.gen)
}

// progress books the work done since the rate was set.
func (e *Engine) progress(t *ticket) {
	if t.rateAt == model.Unset || t.rate == 0 {
		return
	}
	done := e.now - t.rateAt
	if t.rate != 1 {
		done = model.RoundSeconds(float64(done) / 1e9 * t.rate)
	}
	t.left = max(t.left-done, 0)
	t.rateAt = e.now
}

// stopWork interrupts the work in hand.
func (e *Engine) stopWork(t *ticket) {
	e.progress(t)
	e.endWork(t)
}

// endWork ends the work in hand, whatever is left of it.
func (e *Engine) endWork(t *ticket) {
	if t.rateAt != model.Unset && t.rate == 0 {
		t.closeIv(model.WrongSkill, e.now)
		t.closeIv(model.Vendor, e.now)
	} else {
		t.closeIv(model.Work, e.now)
	}
	t.rate, t.rateAt = 0, model.Unset
}

// remoteEnds: solved, or declared failed.
func (e *Engine) remoteEnds(p *person) {
	t := e.tickets.at(p.task)
	e.endWork(t)
	t.left, t.stage = 0, doNothing
	e.dismissHelpers(t)
	if t.remoteFix {
		e.restore(t)
		e.recall(t)
		d := e.draw(&t.of.Process.ConfirmRestore, streamClosing, t.root, 1)
		if d == 0 {
			e.confirmedRemotely(p)
			return
		}
		t.openIv(model.Work, e.now)
		e.begin(p, doConfirmRemote, d)
		return
	}
	e.stamp(t, model.RemoteFailed)
	t.openIv(model.Work, e.now)
	e.remoteOver(p, t)
}

// remoteOver frees the remote engineer and asks for a visit: our own approval, then the appointment.
func (e *Engine) remoteOver(p *person, t *ticket) {
	t.closeIv(model.Work, e.now)
	t.lead = -1
	e.release(p)
	e.requestVisit(t)
}

// confirmedRemotely: both sides agree that the remote fix holds.
func (e *Engine) confirmedRemotely(p *person) {
	t := e.tickets.at(p.task)
	t.closeIv(model.Work, e.now)
	t.mark(model.Confirmed, e.now)
	t.mark(model.Repaired, e.now)
	if d := e.draw(&t.of.Process.Audit, streamClosing, t.root, 6); d > 0 {
		e.begin(p, doAuditRemote, d)
		return
	}
	e.auditedRemotely(p)
}

// auditedRemotely: the system has been looked over after a remote fix (S1-32); the remote engineer is free.
func (e *Engine) auditedRemotely(p *person) {
	t := e.tickets.at(p.task)
	t.lead = -1
	e.release(p)
	if t.loaner >= 0 {
		e.returnLoaner(t)
	}
	e.afterwards(t)
}

// restore: the service is back.
func (e *Engine) restore(t *ticket) {
	e.stamp(t, model.Restored)
}

// requestVisit starts the way to a visit.
func (e *Engine) requestVisit(t *ticket) {
	c := t.of
	f := t.fault
	pr := &c.Process
	if pr.Plan.Share <= 0 {
		e.stamp(t, model.PlanSubmitted)
	}
	if !pr.GeneralVisits && pr.Respond && int(t.current) == len(c.Severities) {
		// no visit at the lowest level: the rest is left to planned work, and nothing is promised for it
		e.afterwards(t)
		return
	}
	if pr.VisitsUntil > 0 && e.now >= pr.VisitsUntil && t.ahead < 0 {
		e.toFactory(t)
		return
	}
	t.visit = true
	t.mark(model.OnsiteRequested, e.now)
	e.armRungs(t, model.OnsiteRequested)
	if pr.ReplaceOn > 0 && t.hardware {
		e.countFailure(t)
	}
	if t.partNeed && t.partKnown && (len(f.Parts) > 0 || t.newUnit) {
		switch {
		case pr.Carry != world.Sent:
			e.claim(t)
		case pr.PartSource != world.EngineerBase:
			e.stamp(t, model.PartRequested)
			e.stamp(t, model.PartConfirmed)
			t.confirmedPart = true
			e.askPart(t)
		}
	}
	if e.adopt(t) {
		return
	}
	a := &pr.OwnApproval
	if e.needs(a, t, 1) {
		t.where = atOwnApproval
		t.openIv(model.OwnApproval, e.now)
		e.askDirector(t)
		return
	}
	e.authorise(t)
}

// toFactory: nobody visits any more; the device comes back repaired (S3-22).
func (e *Engine) toFactory(t *ticket) {
	e.recall(t)
	t.where = atFactory
	t.openIv(model.Vendor, e.now)
	t.wakeGen++
	e.q.Push(e.now+e.draw(&t.of.Process.Factory, streamVendor, t.root, 2), evGranted, t.slot, t.wakeGen)
}

// fromFactory: it is at work again.
func (e *Engine) fromFactory(t *ticket) {
	t.closeIv(model.Vendor, e.now)
	e.restore(t)
	t.mark(model.Confirmed, e.now)
	t.mark(model.Repaired, e.now)
	if t.loaner >= 0 {
		e.returnLoaner(t)
	}
	e.afterwards(t)
}

// countFailure counts a hardware fault against its unit; at the promised one a new unit replaces it (S3-37). Units of a
// count are alike: the fault falls on any of them.
func (e *Engine) countFailure(t *ticket) {
	src := &e.w.Sources[t.source]
	if t.unit < 0 {
		r := e.key(streamUnit, t.root.Mix(1<<61))
		t.unit = int32(r.Intn(int(max(src.Units, 1))))
	}
	n := &e.failures[e.st.firstUnit[t.source]+t.unit]
	if *n++; *n < t.of.Process.ReplaceOn {
		return
	}
	*n = 0
	if part := t.fault.NewUnit; part >= 0 {
		t.newUnit, t.part, t.partNeed, t.partKnown, t.rightPart = true, part, true, true, true
	}
}

// askDirector asks our own director: a person with a calendar, or a delay if the scenario has none.
func (e *Engine) askDirector(t *ticket) {
	if e.st.approverQueue[t.contract] >= 0 {
		it := e.newItem(itemApproval, classFault, t.current, t.seq, t.slot, -1, t.contract)
		e.enqueue(it, e.st.approverQueue[t.contract])
		return
	}
	t.wakeGen++
	e.q.Push(e.now+e.approvalTime(&t.of.Process.OwnApproval, t), evGranted, t.slot, t.wakeGen)
}

// granted: the yes that a ticket waited for has come.
func (e *Engine) granted(t *ticket) {
	t.wakeGen++
	switch t.where {
	case atRemoteApproval:
		t.closeIv(model.CustomerApprovalRemote, e.now)
		t.where = atRemoteQueue
		e.ticketItem(t, itemRemote, e.st.remoteQueue[t.contract][t.failure])
	case atSignOff:
		t.closeIv(model.OwnApproval, e.now)
		t.where = atRemoteQueue
		e.ticketItem(t, itemRemote, e.st.remoteQueue[t.contract][t.failure])
	case atFactory:
		e.fromFactory(t)
	case atOwnApproval:
		t.closeIv(model.OwnApproval, e.now)
		e.authorise(t)
	case atAuthorisation:
		t.closeIv(model.Authorisation, e.now)
		e.appointment(t)
	case atAppointment:
		t.closeIv(model.Appointment, e.now)
		e.queueVisit(t)
	case atClosed:
		t.closeIv(model.NobodyOnShift, e.now)
		e.queueVisit(t)
	case atVisit: // revision on site
		t.closeIv(model.OwnApproval, e.now)
		if t.lead >= 0 && e.people[t.lead].doing == doWaitDirector {
			e.quote(&e.people[t.lead])
		}
	}
}

// authorise waits until the customer lets us take the fault over (S1-11).
func (e *Engine) authorise(t *ticket) {
	if a := &t.of.Process.Authorisation; e.needs(a, t, 5) {
		e.await(t, atAuthorisation, model.Authorisation, a)
		return
	}
	e.appointment(t)
}

func (e *Engine) appointment(t *ticket) {
	if a := &t.of.Process.Appointment; e.needs(a, t, 2) {
		e.await(t, atAppointment, model.Appointment, a)
		return
	}
	e.queueVisit(t)
}

// await leaves a ticket with the customer, nobody waiting for it.
func (e *Engine) await(t *ticket, at where, kind model.IntervalKind, a *world.Approval) {
	t.where = at
	t.openIv(kind, e.now)
	t.wakeGen++
	e.q.Push(e.now+e.approvalTime(a, t), evGranted, t.slot, t.wakeGen)
}

// mustWait: the level of a ticket is visited in its service hours only, and they are over (S5-26).
func (e *Engine) mustWait(t *ticket) bool {
	pr := &t.of.Process
	return pr.Served>>(t.current-1)&1 != 0 && e.calendar(pr.ServedIn).NextOpen(e.now) > e.now
}

func (e *Engine) queueVisit(t *ticket) {
	if e.mustWait(t) {
		t.where = atClosed
		t.openIv(model.NobodyOnShift, e.now)
		t.wakeGen++
		e.q.Push(e.calendar(t.of.Process.ServedIn).NextOpen(e.now), evGranted, t.slot, t.wakeGen)
		return
	}
	t.where = atFieldQueue
	if t.pair == pairOpen {
		if !t.loanerHere && (t.of.Process.Carry == world.Joint || e.partFree(t)) {
			e.queuePair(t)
			return
		}
		e.unpair(t)
	}
	e.ticketItem(t, itemField, e.st.fieldQueue[t.contract][t.failure])
}

// visitAssigned: an engineer prepares and leaves.
func (e *Engine) visitAssigned(p *person, t *ticket) {
	t.item, t.lead, t.leadWas, t.where = -1, p.id, p.id, atVisit
	if t.pair == pairOpen {
		e.pairMeets(p, t)
	}
	e.stamp(t, model.Assigned)
	d := e.mobilise(p, t.hash, &t.trips)
	if d == 0 {
		e.mobilised(p)
		return
	}
	t.openIv(model.Mobilise, e.now)
	e.begin(p, doMobilise, d)
}

// mobilise is the time from assignment to departure: at the base, on call at home, or none from elsewhere. A
// partner first takes or refuses the call.
func (e *Engine) mobilise(p *person, hash uint64, trips *uint32) model.Time {
	tm := p.crew.of
	*trips++
	e.visits(p) // also of those who are sent on from the road or from another site
	entity := rng.Mix(hash, uint64(*trips))
	d := &e.w.Travel.Mobilise
	if tm.Mobilise != nil {
		d = tm.Mobilise
	}
	if _, onRoad := e.driven(p); onRoad {
		return 0
	} else if p.duty == dutyCall {
		d = &e.w.Travel.MobiliseCall
		if tm.MobiliseCall != nil {
			d = tm.MobiliseCall
		}
	} else if p.place != tm.Place {
		return 0
	}
	s := e.draw(d, streamMobilise, rng.RootOf(entity), 0)
	if tm.Partner {
		s += e.draw(&tm.PartnerDelay, streamPartner, rng.RootOf(entity), 0)
	}
	return s
}

// visits counts a call of a team: a partner is paid for it, by night more than by day.
func (e *Engine) visits(p *person) {
	if e.now < 0 || e.now >= e.w.Term {
		return
	}
	night := p.crew.of.Partner && (e.isNight(e.now) || e.dayClass(e.now) > 0)
	if night {
		e.tot.VisitsNight[p.team]++
	} else {
		e.tot.VisitsDay[p.team]++
	}
	if len(e.tot.Contracts) > 0 {
		c := &e.tot.Contracts[p.contract]
		if night {
			c.VisitsNight[p.team]++
		} else {
			c.VisitsDay[p.team]++
		}
	}
}

// mobilised: on the road.
func (e *Engine) mobilised(p *person) {
	switch p.kind {
	case itemField:
		t := e.tickets.at(p.task)
		t.closeIv(model.Mobilise, e.now)
		if t.pair == pairMade {
			e.toDepot(p, t)
			return
		}
		e.stamp(t, model.Departed)
		t.openIv(model.Travel, e.now)
		e.depart(p, t.site, t.root.Mix(uint64(t.trips)|1<<40), doEntry)
	case itemAhead:
		t := e.tickets.at(p.task)
		e.stamp(t, model.Departed)
		e.depart(p, t.site, t.root.Mix(uint64(t.trips)|1<<40), doEntry)
	case itemSupport:
		t := e.tickets.at(p.task)
		e.depart(p, t.site, t.root.Mix(uint64(t.trips)|1<<41), doSupportSite)
	case itemJob:
		j := e.jobs.at(p.task)
		e.depart(p, j.site, rng.Mix(j.hash, uint64(j.trips)), doJobPermission)
	}
}

// travelled: at the gate; entry to the failed system still counts (S2-38).
func (e *Engine) travelled(p *person) {
	switch p.after {
	case doEntry:
		t := e.tickets.at(p.task)
		t.closeIv(model.Travel, e.now)
		d := e.draw(&e.w.Travel.Entry, streamMobilise, t.root, uint64(t.trips)|1<<40)
		if d == 0 {
			e.entered(p)
			return
		}
		if p.kind == itemField {
			t.openIv(model.Entry, e.now)
		}
		e.begin(p, doEntry, d)
	case doFetch:
		t := e.tickets.at(p.task)
		t.closeIv(model.Travel, e.now)
		e.fetch(p, t)
	case doSupportSite:
		e.supportAtWork(p)
	case doJobPermission:
		e.jobArrived(p)
	}
}

// entered: arrived at the failed system.
func (e *Engine) entered(p *person) {
	t := e.tickets.at(p.task)
	if p.kind == itemAhead {
		e.takeOver(t)
	}
	c := t.of
	t.closeIv(model.Entry, e.now)
	t.pair = noPair
	if !t.has(model.Arrived) {
		t.mark(model.Arrived, e.now)
		e.armRungs(t, model.Arrived)
	}
	if t.partHere && t.rightPart {
		t.mark(model.PartOnSite, e.now)
	}
	a := &c.Process.Absent
	if e.needs(a, t, 3+uint64(t.trips)<<8) {
		t.openIv(model.CustomerAbsent, e.now)
		e.begin(p, doWaitCustomer, e.approvalTime(a, t))
		return
	}
	e.diagnose(p)
}

// diagnose begins the diagnosis on site, or goes on where an earlier visit stopped.
func (e *Engine) diagnose(p *person) {
	t := e.tickets.at(p.task)
	f := t.fault
	if t.diagnosed {
		e.goOn(p)
		return
	}
	t.draws[1]++
	d := t.left
	if t.stage != doDiagnose {
		d = e.draw(&f.Diagnose, streamDiagnose, t.root, uint64(t.draws[1]))
	}
	t.stage = doDiagnose
	if d == 0 {
		e.diagnoseEnds(p)
		return
	}
	t.openIv(model.Work, e.now)
	e.begin(p, doDiagnose, d)
}

// diagnosed: the plan may have to be revised, a part may be needed.
func (e *Engine) diagnoseEnds(p *person) {
	t := e.tickets.at(p.task)
	c := t.of
	f := t.fault
	t.closeIv(model.Work, e.now)
	t.diagnosed, t.stage, t.left = true, doNothing, 0
	e.stamp(t, model.Diagnosed)
	if !c.Process.Respond {
		e.armWorkaround(t)
	}
	if t.partNeed && (len(f.Parts) > 0 || t.newUnit) && !t.confirmedPart {
		e.stamp(t, model.PartRequested)
		d := e.draw(&c.Process.PartConfirm, streamApproval, t.root, 1<<33)
		if d == 0 {
			e.partConfirmed(p)
			return
		}
		t.openIv(model.Work, e.now)
		e.begin(p, doPartConfirm, d)
		return
	}
	e.revise(p)
}

// partConfirmed: both sides confirm the need; the part clock of S2-44 starts.
func (e *Engine) partConfirmed(p *person) {
	t := e.tickets.at(p.task)
	t.closeIv(model.Work, e.now)
	e.stamp(t, model.PartConfirmed)
	t.confirmedPart, t.rightPart = true, true // chosen after the diagnosis
	e.askPart(t)
	e.revise(p)
}

// revise: the director confirms a changed plan (S2-95); our approval, the clock runs.
func (e *Engine) revise(p *person) {
	t := e.tickets.at(p.task)
	pr := &t.of.Process
	if pr.Revision > 0 {
		r := e.key(streamApproval, t.root.Mix(2<<33))
		if r.Bernoulli(pr.Revision) {
			t.openIv(model.OwnApproval, e.now)
			e.begin(p, doWaitDirector, -1)
			e.askDirector(t)
			return
		}
	}
	e.quote(p)
}

// quote: extra cost is offered, and the customer agrees before the repair (S5-37).
func (e *Engine) quote(p *person) {
	t := e.tickets.at(p.task)
	if a := &t.of.Process.Quotation; !t.quoted && e.needs(a, t, 6) {
		t.openIv(model.Quotation, e.now)
		e.begin(p, doWaitCustomer, e.approvalTime(a, t))
		return
	}
	t.quoted = true
	e.onsiteApproval(p)
}

// onsiteApproval: the customer approves the plan on site (S2-33, S2-73).
func (e *Engine) onsiteApproval(p *person) {
	t := e.tickets.at(p.task)
	a := &t.of.Process.OnsiteApproval
	if e.needs(a, t, 4) {
		t.openIv(model.CustomerApprovalOnsite, e.now)
		e.begin(p, doWaitCustomer, e.approvalTime(a, t))
		return
	}
	e.goOn(p)
}

// customerReady ends a wait on site: the customer's staff came, or the plan was approved or sent back.
func (e *Engine) customerReady(p *person) {
	t := e.tickets.at(p.task)
	if !t.diagnosed {
		t.closeIv(model.CustomerAbsent, e.now)
		e.diagnose(p)
		return
	}
	t.closeIv(model.CustomerAbsent, e.now)
	if !t.quoted {
		t.closeIv(model.Quotation, e.now)
		t.quoted = true
		e.onsiteApproval(p)
		return
	}
	t.closeIv(model.CustomerApprovalOnsite, e.now)
	pr := &t.of.Process
	if pr.PlanLoop > 0 && t.stage == doNothing && t.loops < 5 {
		r := e.key(streamApproval, t.root.Mix(uint64(t.loops+8)<<33))
		if r.Bernoulli(pr.PlanLoop) { // objections: the plan is written again
			t.loops++
			t.openIv(model.Work, e.now)
			e.begin(p, doPlanRewrite, e.draw(&pr.PlanRewrite, streamApproval, t.root, uint64(t.loops+16)<<33))
			return
		}
	}
	e.goOn(p)
}

func (e *Engine) planRewritten(p *person) {
	t := e.tickets.at(p.task)
	t.closeIv(model.Work, e.now)
	t.openIv(model.CustomerApprovalOnsite, e.now)
	e.begin(p, doWaitCustomer, e.approvalTime(&t.of.Process.OnsiteApproval, t))
}

// goOn works once the part is there; waits for it, or leaves if it is too long in coming.
func (e *Engine) goOn(p *person) {
	t := e.tickets.at(p.task)
	pr := &t.of.Process
	if t.loanerHere && !t.has(model.Restored) {
		e.loanerInstalled(t)
	}
	if pr.LoanerAhead && !t.has(model.Restored) && (t.hardware || t.outage) {
		from := e.now
		if t.confirmedPart && !t.partHere && t.partDue < model.Far {
			from = t.partDue
		}
		if from+e.st.restoreMean[t.failure] > t.ms[model.Occurred]+pr.LoanerAfter {
			e.askLoaner(t)
		}
	}
	if t.confirmedPart && !t.partHere {
		if pr.MaxHold > 0 && t.partDue != model.Far && t.partDue-e.now > pr.MaxHold || pr.MaxHold > 0 && t.partDue == model.Far {
			t.where, t.lead = atPartWait, -1
			e.dismissHelpers(t)
			e.account(p)
			p.task = -1
			e.goHome(p)
			return
		}
		e.begin(p, doWaitPart, -1)
		return
	}
	if t.confirmedPart && !t.rightPart { // it does not fit: the right one is asked for now
		t.rightPart, t.partHere = true, false
		e.askPart(t)
		e.goOn(p)
		return
	}
	e.work(p)
}

// work restores the service.
func (e *Engine) work(p *person) {
	t := e.tickets.at(p.task)
	f := t.fault
	if t.confirmedPart {
		t.mark(model.PartOnSite, e.now)
	}
	if t.has(model.Restored) { // by a loaner: the repair follows
		e.repair(p)
		return
	}
	if t.stage != doRestore {
		t.left = e.draw(&f.Restore, streamWork, t.root, 1)
		if d := e.workOf(t); d != nil {
			t.left = e.draw(d, streamVendor, t.root, 1)
		}
		t.stage = doRestore
	} else {
		t.left += t.of.Process.HandOver
	}
	t.leadRate = e.rateOf(p, t.difficulty)
	t.openIv(model.Work, e.now)
	e.begin(p, doRestore, -1)
	e.workOn(p, t)
}

// restoreEnds: the service is back; both sides confirm.
func (e *Engine) restoreEnds(p *person) {
	t := e.tickets.at(p.task)
	e.endWork(t)
	t.left, t.stage = 0, doConfirm
	e.dismissHelpers(t)
	e.restore(t)
	d := e.draw(&t.of.Process.ConfirmRestore, streamClosing, t.root, 1)
	if d == 0 {
		e.confirmed(p)
		return
	}
	t.openIv(model.Work, e.now)
	e.begin(p, doConfirm, d)
}

func (e *Engine) confirmed(p *person) {
	t := e.tickets.at(p.task)
	t.closeIv(model.Work, e.now)
	t.mark(model.Confirmed, e.now)
	e.repair(p)
}

// repair is the full repair after the service is back (S2-33).
func (e *Engine) repair(p *person) {
	t := e.tickets.at(p.task)
	f := t.fault
	t.stage = doRepair
	d := e.draw(&f.Repair, streamWork, t.root, 2)
	if d == 0 {
		e.repaired(p)
		return
	}
	e.begin(p, doRepair, d)
}

// repaired: preventive work, the talk, the signed report (S2-96, S2-97, S2-37); only then is the engineer free.
func (e *Engine) repaired(p *person) {
	t := e.tickets.at(p.task)
	pr := &t.of.Process
	t.mark(model.Confirmed, e.now)
	t.mark(model.Repaired, e.now)
	if t.newUnit {
		t.mark(model.ReplacedNew, e.now)
	}
	t.stage = doClosing
	d := e.draw(&pr.Audit, streamClosing, t.root, 6) + e.draw(&pr.Preventive, streamClosing, t.root, 2) + e.draw(&pr.TalkAfter, streamClosing, t.root, 3) +
		e.draw(&pr.SiteReport, streamClosing, t.root, 4)
	if d == 0 {
		e.closedOnSite(p)
		return
	}
	e.begin(p, doClosing, d)
}

// closedOnSite: the engineer leaves; the talk may have found a new fault.
func (e *Engine) closedOnSite(p *person) {
	t := e.tickets.at(p.task)
	pr := &t.of.Process
	t.mark(model.WorkReported, e.now)
	t.mark(model.LeftSite, e.now)
	t.lead = -1
	if pr.NewFault > 0 {
		r := e.key(streamClosing, t.root.Mix(5))
		if r.Bernoulli(pr.NewFault) {
			e.pendFault(e.now, pending{source: t.source, failure: -1, parent: t.id, secondary: true, entity: t.root.Mix(1 << 50)})
		}
	}
	e.goHome(p)
	if t.loaner >= 0 {
		e.returnLoaner(t)
	}
	e.afterwards(t)
}

// step: the time of a person's current activity is over.
func (e *Engine) step(p *person) {
	switch p.doing {
	case doCall:
		e.callEnds(p)
	case doTalk:
		e.talkEnds(p)
	case doWaitRemoteApproval:
		t := e.tickets.at(p.task)
		t.closeIv(model.CustomerApprovalRemote, e.now)
		t.openIv(model.Work, e.now)
		e.startRemoteWork(p, t)
	case doRemote:
		e.remoteEnds(p)
	case doConfirmRemote:
		e.confirmedRemotely(p)
	case doAuditRemote:
		e.auditedRemotely(p)
	case doApprove:
		i := p.task
		e.release(p)
		e.granted(e.tickets.at(i))
	case doAdmin:
		e.adminDone(p)
	case doLookUp:
		e.lookedUp(p)
	case doMobilise:
		e.mobilised(p)
	case doFetch:
		e.fetched(p)
	case doTravel:
		e.travelled(p)
	case doEntry:
		e.entered(p)
	case doWaitCustomer:
		e.customerReady(p)
	case doDiagnose:
		e.diagnoseEnds(p)
	case doPartConfirm:
		e.partConfirmed(p)
	case doPlanRewrite:
		e.planRewritten(p)
	case doRestore:
		e.restoreEnds(p)
	case doConfirm:
		e.confirmed(p)
	case doRepair:
		e.repaired(p)
	case doClosing:
		e.closedOnSite(p)
	case doReturn:
		e.release(p)
	case doSupport, doSupportSite:
		e.supportEnds(p)
	case doJobPermission:
		e.jobPermitted(p)
	case doJobWork:
		e.jobWorked(p)
	default:
		panic("sim: step of nothing")
	}
}
