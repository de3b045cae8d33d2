package sim

import (
	"slasim/model"
	"slasim/model/world"
	"slasim/sim/rng"
)

// call is one phone contact: a fault's, a further one about it, or a question.
type call struct {
	id, ticket, stream, contract int32
	gen                          uint32
	root                         rng.Root // keys its draws
	item                         int32
	lookUp, alive                bool
	first                        bool // reports the ticket
	discarded                    bool
	ms                           [model.NumCallMilestones]model.Time
	ivs                          []model.Interval
}

// newCall rings the desk.
func (e *Engine) newCall(ticket, stream, contract int32, root rng.Root) int32 {
	i := e.calls.take()
	c := e.calls.at(i)
	c.id, c.ticket, c.stream, c.contract, c.root = e.nextID[model.SubjectCall], ticket, stream, contract, root
	c.alive, c.first, c.lookUp = true, false, false
	c.gen++
	e.nextID[model.SubjectCall]++
	for k := range c.ms {
		c.ms[k] = model.Unset
	}
	c.ms[model.CallRinging] = e.now
	c.discarded = e.now < 0 || e.now >= e.w.Term
	e.open++
	it := e.newItem(itemCall, classFault, i, -1, contract)
	x := e.items.at(it)
	x.rank = 1
	e.seq++
	x.seq = e.seq
	c.item = it
	c.ivs = append(c.ivs[:0], model.Interval{Start: e.now, End: model.Far, Kind: model.DeskQueue})
	if d := &e.w.Contracts[contract].Process.Patience; !d.IsZero() {
		e.q.Push(e.now+e.draw(d, streamCall, root, 2), evHangUp, i, c.gen)
	}
	return i
}

// ring is the customer's call that reports a fault.
func (e *Engine) ring(i int32) {
	t := e.tickets.at(i)
	k := e.newCall(i, -1, t.contract, t.root)
	c := e.calls.at(k)
	c.first = true
	t.where = atIntake
	t.openIv(model.DeskQueue, e.now)
	it := e.items.at(c.item)
	it.rank, it.seq = t.declared, t.seq
	e.enqueue(c.item, e.st.deskQueue[t.contract])
	if n := e.w.Contracts[t.contract].Process.Contacts; n > 0 { // further calls: a Poisson number, spread over the following day (assumption)
		r := e.key(streamCall, t.root.Mix(3))
		for at := e.now; ; {
			at += model.RoundSeconds(rng.NextExp(&r, 86400/n))
			if at >= e.now+model.Day {
				break
			}
			e.q.Push(at, evContact, i, t.gen)
		}
	}
}

func (e *Engine) contact(i int32) {
	t := e.tickets.at(i)
	t.calls++
	k := e.newCall(i, -1, t.contract, rng.RootOf(t.root.Mix(uint64(t.calls)|1<<62)))
	e.enqueue(e.calls.at(k).item, e.st.deskQueue[t.contract])
}

func (e *Engine) questionAsked(k int32) {
	qn := &e.w.Questions[k]
	s := &e.quests[k]
	s.ordinal++
	hash := rng.Mix(qn.Hash, s.ordinal)
	if at := e.nextArrival(&s.rand, qn.Rate, qn.Profile); at != model.Far {
		e.q.Push(at, evQuestion, k, 0)
	}
	if e.now >= 0 && e.now < e.w.Term {
		e.tot.Questions++
	}
	r := e.key(streamQuestion, hash)
	i := e.newCall(-1, k, qn.Contract, rng.RootOf(hash))
	c := e.calls.at(i)
	c.lookUp = r.Bernoulli(qn.LookUp)
	e.items.at(c.item).rank = uint8(len(e.w.Contracts[qn.Contract].Severities))
	e.enqueue(c.item, e.st.deskQueue[qn.Contract])
}

// hangUp loses a caller whose patience ended while the telephone rang; a fault is then reported in writing.
func (e *Engine) hangUp(i int32) {
	c := e.calls.at(i)
	if c.ms[model.CallAnswered] != model.Unset {
		return
	}
	e.leave(c.item)
	c.item = -1
	c.ms[model.CallEnded] = e.now
	if c.first {
		t := e.tickets.at(c.ticket)
		t.closeIv(model.DeskQueue, e.now)
		t.mark(model.Logged, e.now)
		if t.where == atIntake {
			e.startResponse(c.ticket)
		}
	}
	e.closeCall(i)
}

func (e *Engine) callAnswered(p int32, i int32) {
	c := e.calls.at(i)
	c.item = -1
	c.ms[model.CallAnswered] = e.now
	for k := range c.ivs {
		c.ivs[k].End = e.now
	}
	if c.ms[model.CallRinging] == e.now {
		c.ivs = c.ivs[:0]
	}
	if c.first {
		e.stamp(c.ticket, model.Answered)
	}
	pr := &e.w.Contracts[c.contract].Process
	e.begin(p, doCall, e.draw(&pr.Call, streamCall, c.root, 4))
}

func (e *Engine) callEnds(p int32) {
	i := e.people[p].task
	c := e.calls.at(i)
	c.ms[model.CallEnded] = e.now
	e.release(p)
	if c.first {
		t := e.tickets.at(c.ticket)
		e.stamp(c.ticket, model.Logged)
		t.closeIv(model.DeskQueue, e.now)
		if t.where == atIntake {
			e.startResponse(c.ticket)
		}
	}
	if c.lookUp {
		it := e.newItem(itemLookUp, classQuestion, i, -1, c.contract)
		e.seq++
		e.items.at(it).seq = e.seq
		e.items.at(it).rank = uint8(len(e.w.Contracts[c.contract].Severities))
		e.enqueue(it, e.queueOf(world.RoleRemote, -1, 0, c.contract, -1))
		return
	}
	e.closeCall(i)
}

func (e *Engine) lookedUp(p int32) {
	i := e.people[p].task
	e.calls.at(i).ms[model.CallReplied] = e.now
	e.release(p)
	e.closeCall(i)
}

func (e *Engine) closeCall(i int32) {
	c := e.calls.at(i)
	s := &e.subCall
	for k := range c.ivs {
		if c.ivs[k].End == model.Far {
			c.ivs[k].End = e.now
		}
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
	e.calls.give(i)
}

// newItem makes a waiting item for a subject.
func (e *Engine) newItem(kind itemKind, class uint8, subj, site, contract int32) int32 {
	i := e.items.take()
	x := e.items.at(i) // field by field: a struct made elsewhere and copied waits for its own narrow stores
	x.kind, x.class, x.rank, x.onSite, x.dead, x.rung = kind, class, 0, false, false, -1
	x.subj, x.queue, x.site, x.contract, x.seq = subj, -1, site, contract, 0
	x.key, x.since, x.logAt = 0, 0, 0
	return i
}

// ticketItem makes a waiting item of a ticket and puts it into a queue.
func (e *Engine) ticketItem(i int32, kind itemKind, qi int32) {
	t := e.tickets.at(i)
	it := e.newItem(kind, classFault, i, t.site, t.contract)
	x := e.items.at(it)
	x.rank, x.seq = t.current, t.seq
	t.item = it
	e.enqueue(it, qi)
}

// startResponse sends a logged ticket to a remote engineer, or straight to a visit in a plain world.
func (e *Engine) startResponse(i int32) {
	t := e.tickets.at(i)
	c := &e.w.Contracts[t.contract]
	if c.Process.Respond {
		t.where = atRemoteQueue
		if e.leavesAtOnce(t) {
			e.sendAhead(i)
		}
		e.ticketItem(i, itemRemote, e.st.remoteQueue[t.contract][t.failure])
		return
	}
	e.requestVisit(i)
}

// remoteAssigned: a qualified engineer is in contact.
func (e *Engine) remoteAssigned(p, i int32) {
	t := e.tickets.at(i)
	c := &e.w.Contracts[t.contract]
	t.item, t.lead, t.where = -1, p, atRemote
	first := !t.has(model.Responded)
	e.stamp(i, model.Responded)
	t.openIv(model.Work, e.now)
	switch {
	case t.stage == doRemote: // released for an approval, or interrupted
		e.startRemoteWork(p, i)
	case first || t.stage == doTalk:
		e.begin(p, doTalk, e.draw(&c.Process.Talk, streamRemote, t.root, 1))
	default:
		e.talkEnds(p)
	}
}

// talkEnds: the fault is classified and what happens next is decided.
func (e *Engine) talkEnds(p int32) {
	i := e.people[p].task
	t := e.tickets.at(i)
	pr := &e.w.Contracts[t.contract].Process
	e.stamp(i, model.Classified)
	e.stamp(i, model.Decided)
	if !t.planAsked {
		t.planAsked = true
		e.paperwork(i, &pr.Plan, 7, model.PlanSubmitted)
	}
	if pr.Remote == world.NoRemote || pr.Remote == world.Direct && t.hardware || e.recognised(t) {
		e.remoteOver(p, i)
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
		e.q.Push(e.now+d, evGranted, i, t.wakeGen)
		return
	}
	e.startRemoteWork(p, i)
}

// recognised: the first contact sees that remote work will not do (S1-17).
func (e *Engine) recognised(t *ticket) bool {
	p := e.w.Contracts[t.contract].Process.Recognised
	if p <= 0 || t.remoteFix {
		return false
	}
	r := e.key(streamRemote, t.root.Mix(4))
	return r.Bernoulli(p)
}

// needs draws whether an approval is asked for; which tells the approvals of a ticket apart.
func (e *Engine) needs(a *world.Approval, t *ticket, which uint64) bool {
	if a.Probability <= 0 || a.Day.IsZero() && a.Night.IsZero() {
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
func (e *Engine) startRemoteWork(p, i int32) {
	t := e.tickets.at(i)
	c := &e.w.Contracts[t.contract]
	f := &e.w.Failures[t.failure]
	if len(c.Process.SignOff) > 0 && e.signedFor(p, i) {
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
		e.armWorkaround(i)
		e.armRungs(i, model.RemoteStarted)
	} else if t.stage == doRemote && c.Process.HandOver > 0 {
		t.left += c.Process.HandOver
	}
	t.stage = doRemote
	t.leadRate = 1
	if t.remoteFix {
		t.leadRate = e.rateOf(p, t.difficulty)
	}
	e.begin(p, doRemote, -1)
	e.workOn(i)
}

// signedFor reports whether the remote work of a ticket has to wait for a yes of our own; the engineer is free until then.
func (e *Engine) signedFor(p, i int32) bool {
	t := e.tickets.at(i)
	if t.signed || t.has(model.RemoteStarted) || !t.remoteFix {
		return false
	}
	var s *world.SignOff
	list := e.w.Contracts[t.contract].Process.SignOff
	work := e.draw(&e.w.Failures[t.failure].Remote, streamRemote, t.root, 2)
	for k := range list {
		if work > list[k].Over {
			s = &list[k]
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
	e.q.Push(e.now+e.approvalTime(&world.Approval{Day: s.Day, Night: s.Night}, t), evGranted, i, t.wakeGen)
	return true
}

// rateOf is the work rate of a person for a fault of this difficulty.
func (e *Engine) rateOf(p int32, difficulty uint8) float64 {
	return e.w.Teams[e.people[p].team].Rate[difficulty]
}

// workOn schedules the end of the work in hand at the best rate among those at work on the ticket.
func (e *Engine) workOn(i int32) {
	t := e.tickets.at(i)
	p := &e.people[t.lead]
	e.progress(t)
	rate := max(t.leadRate, t.helpRate)
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
		return
	}
	d := t.left
	if rate != 1 {
		d = model.RoundSeconds(float64(t.left) / 1e9 / rate)
	}
	if d <= 0 {
		e.step(t.lead)
		return
	}
	e.q.Push(e.now+d, evStep, t.lead, p.gen)
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

// stopWork ends or interrupts the work in hand.
func (e *Engine) stopWork(t *ticket) {
	e.progress(t)
	if t.rateAt != model.Unset && t.rate == 0 {
		t.closeIv(model.WrongSkill, e.now)
		t.closeIv(model.Vendor, e.now)
	} else {
		t.closeIv(model.Work, e.now)
	}
	t.rate, t.rateAt = 0, model.Unset
}

// remoteEnds: solved, or declared failed.
func (e *Engine) remoteEnds(p int32) {
	i := e.people[p].task
	t := e.tickets.at(i)
	e.stopWork(t)
	t.left, t.stage = 0, doNothing
	e.dismissHelpers(i)
	if t.remoteFix {
		e.restore(i)
		e.recall(i)
		t.openIv(model.Work, e.now)
		e.begin(p, doConfirmRemote, e.draw(&e.w.Contracts[t.contract].Process.ConfirmRestore, streamClosing, t.root, 1))
		return
	}
	e.stamp(i, model.RemoteFailed)
	t.openIv(model.Work, e.now)
	e.remoteOver(p, i)
}

// remoteOver frees the remote engineer and asks for a visit: our own approval, then the appointment.
func (e *Engine) remoteOver(p, i int32) {
	t := e.tickets.at(i)
	t.closeIv(model.Work, e.now)
	t.lead = -1
	e.release(p)
	e.requestVisit(i)
}

// confirmedRemotely: both sides agree that the remote fix holds.
func (e *Engine) confirmedRemotely(p int32) {
	i := e.people[p].task
	t := e.tickets.at(i)
	t.closeIv(model.Work, e.now)
	t.mark(model.Confirmed, e.now)
	t.mark(model.Repaired, e.now)
	if d := e.draw(&e.w.Contracts[t.contract].Process.Audit, streamClosing, t.root, 6); d > 0 {
		e.begin(p, doAuditRemote, d)
		return
	}
	e.auditedRemotely(p)
}

// auditedRemotely: the system has been looked over after a remote fix (S1-32); the remote engineer is free.
func (e *Engine) auditedRemotely(p int32) {
	i := e.people[p].task
	t := e.tickets.at(i)
	t.lead = -1
	e.release(p)
	if t.loaner >= 0 {
		e.returnLoaner(i)
	}
	e.afterwards(i)
}

// restore: the service is back.
func (e *Engine) restore(i int32) {
	e.stamp(i, model.Restored)
}

// requestVisit starts the way to a visit.
func (e *Engine) requestVisit(i int32) {
	t := e.tickets.at(i)
	c := &e.w.Contracts[t.contract]
	f := &e.w.Failures[t.failure]
	pr := &c.Process
	if pr.Plan.Share <= 0 {
		e.stamp(i, model.PlanSubmitted)
	}
	if !pr.GeneralVisits && pr.Respond && int(t.current) == len(c.Severities) {
		// no visit at the lowest level: the rest is left to planned work, and nothing is promised for it
		e.afterwards(i)
		return
	}
	if pr.VisitsUntil > 0 && e.now >= pr.VisitsUntil && t.ahead < 0 {
		e.toFactory(i)
		return
	}
	t.visit = true
	t.mark(model.OnsiteRequested, e.now)
	e.armRungs(i, model.OnsiteRequested)
	if pr.ReplaceOn > 0 && t.hardware {
		e.countFailure(i)
	}
	if t.partNeed && t.partKnown && (len(f.Parts) > 0 || t.newUnit) {
		switch {
		case pr.Carry != world.Sent:
			e.claim(i)
		case pr.PartSource != world.EngineerBase:
			e.stamp(i, model.PartRequested)
			e.stamp(i, model.PartConfirmed)
			t.confirmedPart = true
			e.askPart(i)
		}
	}
	if e.adopt(i) {
		return
	}
	a := &pr.OwnApproval
	if e.needs(a, t, 1) {
		t.where = atOwnApproval
		t.openIv(model.OwnApproval, e.now)
		e.askDirector(i)
		return
	}
	e.authorise(i)
}

// toFactory: nobody visits any more; the device comes back repaired (S3-22).
func (e *Engine) toFactory(i int32) {
	t := e.tickets.at(i)
	e.recall(i)
	t.where = atFactory
	t.openIv(model.Vendor, e.now)
	t.wakeGen++
	e.q.Push(e.now+e.draw(&e.w.Contracts[t.contract].Process.Factory, streamVendor, t.root, 2), evGranted, i, t.wakeGen)
}

// fromFactory: it is at work again.
func (e *Engine) fromFactory(i int32) {
	t := e.tickets.at(i)
	t.closeIv(model.Vendor, e.now)
	e.restore(i)
	t.mark(model.Confirmed, e.now)
	t.mark(model.Repaired, e.now)
	if t.loaner >= 0 {
		e.returnLoaner(i)
	}
	e.afterwards(i)
}

// countFailure counts a hardware fault against its unit; at the promised one a new unit replaces it (S3-37). Units of a
// count are alike: the fault falls on any of them.
func (e *Engine) countFailure(i int32) {
	t := e.tickets.at(i)
	src := &e.w.Sources[t.source]
	if t.unit < 0 {
		r := e.key(streamUnit, t.root.Mix(1<<61))
		t.unit = int32(r.Intn(int(max(src.Units, 1))))
	}
	n := &e.failures[e.st.firstUnit[t.source]+t.unit]
	if *n++; *n < e.w.Contracts[t.contract].Process.ReplaceOn {
		return
	}
	*n = 0
	if part := e.w.Failures[t.failure].NewUnit; part >= 0 {
		t.newUnit, t.part, t.partNeed, t.partKnown, t.rightPart = true, part, true, true, true
	}
}

// askDirector asks our own director: a person with a calendar, or a delay if the scenario has none.
func (e *Engine) askDirector(i int32) {
	t := e.tickets.at(i)
	if e.st.approverQueue[t.contract] >= 0 {
		it := e.newItem(itemApproval, classFault, i, -1, t.contract)
		x := e.items.at(it)
		x.rank, x.seq = t.current, t.seq
		e.enqueue(it, e.st.approverQueue[t.contract])
		return
	}
	t.wakeGen++
	e.q.Push(e.now+e.approvalTime(&e.w.Contracts[t.contract].Process.OwnApproval, t), evGranted, i, t.wakeGen)
}

// granted: the yes that ticket i waited for has come.
func (e *Engine) granted(i int32) {
	t := e.tickets.at(i)
	t.wakeGen++
	switch t.where {
	case atRemoteApproval:
		t.closeIv(model.CustomerApprovalRemote, e.now)
		t.where = atRemoteQueue
		e.ticketItem(i, itemRemote, e.st.remoteQueue[t.contract][t.failure])
	case atSignOff:
		t.closeIv(model.OwnApproval, e.now)
		t.where = atRemoteQueue
		e.ticketItem(i, itemRemote, e.st.remoteQueue[t.contract][t.failure])
	case atFactory:
		e.fromFactory(i)
	case atOwnApproval:
		t.closeIv(model.OwnApproval, e.now)
		e.authorise(i)
	case atAuthorisation:
		t.closeIv(model.Authorisation, e.now)
		e.appointment(i)
	case atAppointment:
		t.closeIv(model.Appointment, e.now)
		e.queueVisit(i)
	case atClosed:
		t.closeIv(model.NobodyOnShift, e.now)
		e.queueVisit(i)
	case atVisit: // revision on site
		t.closeIv(model.OwnApproval, e.now)
		if t.lead >= 0 && e.people[t.lead].doing == doWaitDirector {
			e.quote(t.lead)
		}
	}
}

// authorise waits until the customer lets us take the fault over (S1-11).
func (e *Engine) authorise(i int32) {
	t := e.tickets.at(i)
	if a := &e.w.Contracts[t.contract].Process.Authorisation; e.needs(a, t, 5) {
		e.await(i, atAuthorisation, model.Authorisation, a)
		return
	}
	e.appointment(i)
}

func (e *Engine) appointment(i int32) {
	t := e.tickets.at(i)
	if a := &e.w.Contracts[t.contract].Process.Appointment; e.needs(a, t, 2) {
		e.await(i, atAppointment, model.Appointment, a)
		return
	}
	e.queueVisit(i)
}

// await leaves a ticket with the customer, nobody waiting for it.
func (e *Engine) await(i int32, at where, kind model.IntervalKind, a *world.Approval) {
	t := e.tickets.at(i)
	t.where = at
	t.openIv(kind, e.now)
	t.wakeGen++
	e.q.Push(e.now+e.approvalTime(a, t), evGranted, i, t.wakeGen)
}

// mustWait: the level of a ticket is visited in its service hours only, and they are over (S5-26).
func (e *Engine) mustWait(t *ticket) bool {
	pr := &e.w.Contracts[t.contract].Process
	return pr.Served>>(t.current-1)&1 != 0 && e.calendar(pr.ServedIn).NextOpen(e.now) > e.now
}

func (e *Engine) queueVisit(i int32) {
	t := e.tickets.at(i)
	if e.mustWait(t) {
		t.where = atClosed
		t.openIv(model.NobodyOnShift, e.now)
		t.wakeGen++
		e.q.Push(e.calendar(e.w.Contracts[t.contract].Process.ServedIn).NextOpen(e.now), evGranted, i, t.wakeGen)
		return
	}
	t.where = atFieldQueue
	if t.pair == pairOpen {
		if !t.loanerHere && (e.w.Contracts[t.contract].Process.Carry == world.Joint || e.partFree(t)) {
			e.queuePair(i)
			return
		}
		e.unpair(i)
	}
	e.ticketItem(i, itemField, e.st.fieldQueue[t.contract][t.failure])
}

// visitAssigned: an engineer prepares and leaves.
func (e *Engine) visitAssigned(p, i int32) {
	t := e.tickets.at(i)
	t.item, t.lead, t.leadWas, t.where = -1, p, p, atVisit
	if t.pair == pairOpen {
		e.pairMeets(p, i)
	}
	e.stamp(i, model.Assigned)
	d := e.mobilise(p, t.hash, &t.trips)
	if d > 0 {
		t.openIv(model.Mobilise, e.now)
	}
	e.begin(p, doMobilise, d)
}

// mobilise is the time from assignment to departure: at the base, on call at home, or none from elsewhere. A
// partner first takes or refuses the call.
func (e *Engine) mobilise(p int32, hash uint64, trips *uint32) model.Time {
	pp := &e.people[p]
	tm := &e.w.Teams[pp.team]
	*trips++
	e.visits(pp) // also of those who are sent on from the road or from another site
	entity := rng.Mix(hash, uint64(*trips))
	d := &e.w.Travel.Mobilise
	if tm.Mobilise != nil {
		d = tm.Mobilise
	}
	if _, onRoad := e.driven(pp); onRoad {
		return 0
	} else if pp.duty == dutyCall {
		d = &e.w.Travel.MobiliseCall
		if tm.MobiliseCall != nil {
			d = tm.MobiliseCall
		}
	} else if pp.place != tm.Place {
		return 0
	}
	s := e.draw(d, streamMobilise, rng.RootOf(entity), 0)
	if tm.Partner {
		s += e.draw(&tm.PartnerDelay, streamPartner, rng.RootOf(entity), 0)
	}
	return s
}

// visits counts a call of a team: a partner is paid for it, by night more than by day.
func (e *Engine) visits(pp *person) {
	if e.now < 0 || e.now >= e.w.Term {
		return
	}
	night := e.w.Teams[pp.team].Partner && (e.isNight(e.now) || e.dayClass(e.now) > 0)
	if night {
		e.tot.VisitsNight[pp.team]++
	} else {
		e.tot.VisitsDay[pp.team]++
	}
	if len(e.tot.Contracts) > 0 {
		c := &e.tot.Contracts[pp.contract]
		if night {
			c.VisitsNight[pp.team]++
		} else {
			c.VisitsDay[pp.team]++
		}
	}
}

// mobilised: on the road.
func (e *Engine) mobilised(p int32) {
	pp := &e.people[p]
	switch pp.kind {
	case itemField:
		t := e.tickets.at(pp.task)
		t.closeIv(model.Mobilise, e.now)
		if t.pair == pairMade {
			e.toDepot(p, pp.task)
			return
		}
		e.stamp(pp.task, model.Departed)
		t.openIv(model.Travel, e.now)
		e.depart(p, t.site, t.root.Mix(uint64(t.trips)|1<<40), doEntry)
	case itemAhead:
		t := e.tickets.at(pp.task)
		e.stamp(pp.task, model.Departed)
		e.depart(p, t.site, t.root.Mix(uint64(t.trips)|1<<40), doEntry)
	case itemSupport:
		t := e.tickets.at(pp.task)
		e.depart(p, t.site, t.root.Mix(uint64(t.trips)|1<<41), doSupportSite)
	case itemJob:
		j := e.jobs.at(pp.task)
		e.depart(p, j.site, rng.Mix(j.hash, uint64(j.trips)), doJobPermission)
	}
}

// travelled: at the gate; entry to the failed system still counts (S2-38).
func (e *Engine) travelled(p int32) {
	pp := &e.people[p]
	switch pp.after {
	case doEntry:
		t := e.tickets.at(pp.task)
		t.closeIv(model.Travel, e.now)
		d := e.draw(&e.w.Travel.Entry, streamMobilise, t.root, uint64(t.trips)|1<<40)
		if d == 0 {
			e.entered(p)
			return
		}
		if pp.kind == itemField {
			t.openIv(model.Entry, e.now)
		}
		e.begin(p, doEntry, d)
	case doFetch:
		e.tickets.at(pp.task).closeIv(model.Travel, e.now)
		e.fetch(p, pp.task)
	case doSupportSite:
		e.supportAtWork(p)
	case doJobPermission:
		e.jobArrived(p)
	}
}

// entered: arrived at the failed system.
func (e *Engine) entered(p int32) {
	i := e.people[p].task
	if e.people[p].kind == itemAhead {
		e.takeOver(i)
	}
	t := e.tickets.at(i)
	c := &e.w.Contracts[t.contract]
	t.closeIv(model.Entry, e.now)
	t.pair = noPair
	if !t.has(model.Arrived) {
		t.mark(model.Arrived, e.now)
		e.armRungs(i, model.Arrived)
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
func (e *Engine) diagnose(p int32) {
	i := e.people[p].task
	t := e.tickets.at(i)
	f := &e.w.Failures[t.failure]
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
func (e *Engine) diagnoseEnds(p int32) {
	i := e.people[p].task
	t := e.tickets.at(i)
	c := &e.w.Contracts[t.contract]
	f := &e.w.Failures[t.failure]
	t.closeIv(model.Work, e.now)
	t.diagnosed, t.stage, t.left = true, doNothing, 0
	e.stamp(i, model.Diagnosed)
	if !c.Process.Respond {
		e.armWorkaround(i)
	}
	if t.partNeed && (len(f.Parts) > 0 || t.newUnit) && !t.confirmedPart {
		e.stamp(i, model.PartRequested)
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
func (e *Engine) partConfirmed(p int32) {
	i := e.people[p].task
	t := e.tickets.at(i)
	t.closeIv(model.Work, e.now)
	e.stamp(i, model.PartConfirmed)
	t.confirmedPart, t.rightPart = true, true // chosen after the diagnosis
	e.askPart(i)
	e.revise(p)
}

// revise: the director confirms a changed plan (S2-95); our approval, the clock runs.
func (e *Engine) revise(p int32) {
	i := e.people[p].task
	t := e.tickets.at(i)
	pr := &e.w.Contracts[t.contract].Process
	if pr.Revision > 0 {
		r := e.key(streamApproval, t.root.Mix(2<<33))
		if r.Bernoulli(pr.Revision) {
			t.openIv(model.OwnApproval, e.now)
			e.begin(p, doWaitDirector, -1)
			e.askDirector(i)
			return
		}
	}
	e.quote(p)
}

// quote: extra cost is offered, and the customer agrees before the repair (S5-37).
func (e *Engine) quote(p int32) {
	i := e.people[p].task
	t := e.tickets.at(i)
	if a := &e.w.Contracts[t.contract].Process.Quotation; !t.quoted && e.needs(a, t, 6) {
		t.openIv(model.Quotation, e.now)
		e.begin(p, doWaitCustomer, e.approvalTime(a, t))
		return
	}
	t.quoted = true
	e.onsiteApproval(p)
}

// onsiteApproval: the customer approves the plan on site (S2-33, S2-73).
func (e *Engine) onsiteApproval(p int32) {
	i := e.people[p].task
	t := e.tickets.at(i)
	a := &e.w.Contracts[t.contract].Process.OnsiteApproval
	if e.needs(a, t, 4) {
		t.openIv(model.CustomerApprovalOnsite, e.now)
		e.begin(p, doWaitCustomer, e.approvalTime(a, t))
		return
	}
	e.goOn(p)
}

// customerReady ends a wait on site: the customer's staff came, or the plan was approved or sent back.
func (e *Engine) customerReady(p int32) {
	i := e.people[p].task
	t := e.tickets.at(i)
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
	pr := &e.w.Contracts[t.contract].Process
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

func (e *Engine) planRewritten(p int32) {
	i := e.people[p].task
	t := e.tickets.at(i)
	t.closeIv(model.Work, e.now)
	t.openIv(model.CustomerApprovalOnsite, e.now)
	e.begin(p, doWaitCustomer, e.approvalTime(&e.w.Contracts[t.contract].Process.OnsiteApproval, t))
}

// goOn works once the part is there; waits for it, or leaves if it is too long in coming.
func (e *Engine) goOn(p int32) {
	i := e.people[p].task
	t := e.tickets.at(i)
	pr := &e.w.Contracts[t.contract].Process
	if t.loanerHere && !t.has(model.Restored) {
		e.loanerInstalled(i)
	}
	if pr.LoanerAhead && !t.has(model.Restored) && (t.hardware || t.outage) {
		from := e.now
		if t.confirmedPart && !t.partHere && t.partDue < model.Far {
			from = t.partDue
		}
		if from+e.st.restoreMean[t.failure] > t.ms[model.Occurred]+pr.LoanerAfter {
			e.askLoaner(i)
		}
	}
	if t.confirmedPart && !t.partHere {
		if pr.MaxHold > 0 && t.partDue != model.Far && t.partDue-e.now > pr.MaxHold || pr.MaxHold > 0 && t.partDue == model.Far {
			t.where, t.lead = atPartWait, -1
			e.dismissHelpers(i)
			e.account(&e.people[p], activityOf[e.people[p].doing])
			e.people[p].task = -1
			e.goHome(p)
			return
		}
		e.begin(p, doWaitPart, -1)
		return
	}
	if t.confirmedPart && !t.rightPart { // it does not fit: the right one is asked for now
		t.rightPart, t.partHere = true, false
		e.askPart(i)
		e.goOn(p)
		return
	}
	e.work(p)
}

// work restores the service.
func (e *Engine) work(p int32) {
	i := e.people[p].task
	t := e.tickets.at(i)
	f := &e.w.Failures[t.failure]
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
		t.left += e.w.Contracts[t.contract].Process.HandOver
	}
	t.leadRate = e.rateOf(p, t.difficulty)
	t.openIv(model.Work, e.now)
	e.begin(p, doRestore, -1)
	e.workOn(i)
}

// restoreEnds: the service is back; both sides confirm.
func (e *Engine) restoreEnds(p int32) {
	i := e.people[p].task
	t := e.tickets.at(i)
	e.stopWork(t)
	t.left, t.stage = 0, doConfirm
	e.dismissHelpers(i)
	e.restore(i)
	d := e.draw(&e.w.Contracts[t.contract].Process.ConfirmRestore, streamClosing, t.root, 1)
	if d == 0 {
		e.confirmed(p)
		return
	}
	t.openIv(model.Work, e.now)
	e.begin(p, doConfirm, d)
}

func (e *Engine) confirmed(p int32) {
	i := e.people[p].task
	t := e.tickets.at(i)
	t.closeIv(model.Work, e.now)
	t.mark(model.Confirmed, e.now)
	e.repair(p)
}

// repair is the full repair after the service is back (S2-33).
func (e *Engine) repair(p int32) {
	i := e.people[p].task
	t := e.tickets.at(i)
	f := &e.w.Failures[t.failure]
	t.stage = doRepair
	d := e.draw(&f.Repair, streamWork, t.root, 2)
	if d == 0 {
		e.repaired(p)
		return
	}
	e.begin(p, doRepair, d)
}

// repaired: preventive work, the talk, the signed report (S2-96, S2-97, S2-37); only then is the engineer free.
func (e *Engine) repaired(p int32) {
	i := e.people[p].task
	t := e.tickets.at(i)
	pr := &e.w.Contracts[t.contract].Process
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
func (e *Engine) closedOnSite(p int32) {
	i := e.people[p].task
	t := e.tickets.at(i)
	pr := &e.w.Contracts[t.contract].Process
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
		e.returnLoaner(i)
	}
	e.afterwards(i)
}

// step: the time of a person's current activity is over.
func (e *Engine) step(p int32) {
	switch pp := &e.people[p]; pp.doing {
	case doCall:
		e.callEnds(p)
	case doTalk:
		e.talkEnds(p)
	case doWaitRemoteApproval:
		t := e.tickets.at(pp.task)
		t.closeIv(model.CustomerApprovalRemote, e.now)
		t.openIv(model.Work, e.now)
		e.startRemoteWork(p, pp.task)
	case doRemote:
		e.remoteEnds(p)
	case doConfirmRemote:
		e.confirmedRemotely(p)
	case doAuditRemote:
		e.auditedRemotely(p)
	case doApprove:
		i := pp.task
		e.release(p)
		e.granted(i)
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
