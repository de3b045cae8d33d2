package sim

import (
	"slices"

	"slasim/model"
	"slasim/model/world"
	"slasim/sim/rng"
)

// timer is one running step of a ladder.
type timer struct {
	ticket int32
	gen    uint32
	rung   int8 // or one of:
}

const (
	loanerTimer = -1 - iota // the outage has lasted so long that a loaner is sent
	dayTimer                // another day of an emergency
	riseTimer               // the level's time is up
	riskTimer               // what was feared happens
)

// setTimer lets a step of a ticket's ladder, or one of the others, happen at a moment.
func (e *Engine) setTimer(t *ticket, rung int8, at model.Time) {
	j, x := e.timers.take()
	*x = timer{t.slot, t.gen, rung}
	e.q.Push(at, evLadder, j, 0)
}

// stamp marks a milestone of a ticket for the first time and starts the ladder's timers that count from it.
func (e *Engine) stamp(t *ticket, m model.Milestone) {
	if t.ms[m] != model.Unset {
		return
	}
	t.ms[m] = e.now
	if e.st.ladders {
		e.armLadder(t, m)
	}
}

// armRungs starts the timers that count from milestone m.
func (e *Engine) armRungs(t *ticket, m model.Milestone) {
	if e.st.ladders {
		e.armLadder(t, m)
	}
}

func (e *Engine) armLadder(t *ticket, m model.Milestone) {
	for k := range t.of.Ladder {
		r := &t.of.Ladder[k]
		if r.Since != m || t.rungs&(1<<uint(k)) != 0 {
			continue
		}
		t.rungs |= 1 << uint(k)
		at := e.now + r.After
		if r.Workdays > 0 {
			at = e.calendar(r.Calendar).SameTimeWorkdays(e.now, int(r.Workdays))
		}
		e.setTimer(t, int8(k), at)
	}
}

// ladderFires asks for a higher tier, unless what it waited for has happened. The request queues like others.
func (e *Engine) ladderFires(j int32, _ uint32) bool {
	tm := *e.timers.at(j)
	e.timers.give(j)
	t := e.tickets.at(tm.ticket)
	if t.gen != tm.gen {
		return false
	}
	if tm.rung == loanerTimer {
		if t.has(model.Restored) || t.where == atAfter {
			return false
		}
		e.askLoaner(t)
		return true
	}
	if tm.rung == dayTimer {
		return e.emergencyDay(t)
	}
	if tm.rung == riseTimer {
		return e.rise(t)
	}
	if tm.rung == riskTimer {
		return e.riskComesTrue(t)
	}
	r := &t.of.Ladder[tm.rung]
	if r.Levels != 0 && r.Levels>>(t.current-1)&1 == 0 {
		return false
	}
	if t.has(r.Unless) || t.where == atAfter {
		return false
	}
	if r.Stale {
		if due := slices.Max(t.ms[:]) + r.After; due > e.now { // something has happened meanwhile
			e.setTimer(t, tm.rung, due)
			return false
		}
	}
	if r.Mark < model.NumTicketMilestones {
		t.mark(r.Mark, e.now)
	}
	if p := &r.Plan; p.Share > 0 {
		entity := t.root.Mix(uint64(tm.rung) | 1<<46)
		e.adminTask(t, -1, e.now+e.draw(&p.Delay, streamAdmin, rng.RootOf(entity), 1), e.draw(&p.Work, streamAdmin, rng.RootOf(entity), 2), p.Role, model.EmergencyPlan)
	}
	if r.Moves {
		e.moveUp(t, r)
		return true
	}
	if r.Tier >= 4 {
		e.callVendor(t)
	} else {
		t.taken |= 1 << uint(tm.rung)
		e.askTeam(t, tm.rung)
	}
	if r.Loaner {
		e.askLoaner(t)
	}
	return true
}

// armLevel starts what the current level of a ticket brings.
func (e *Engine) armLevel(t *ticket) {
	if t.of.Process.Rise != nil {
		e.armRise(t)
	}
	if t.of.Process.Risk != nil {
		e.armRisk(t)
	}
}

// armRise starts the time of the current level: what is not restored when it is up rises a level (S5-45).
func (e *Engine) armRise(t *ticket) {
	pr := &t.of.Process
	if pr.Rise[t.current-1] == 0 {
		return
	}
	at := e.now + pr.Rise[t.current-1]
	if pr.RiseFrom == world.FromReport {
		at = max(t.ms[model.Reported]+pr.Rise[t.current-1], e.now)
	}
	t.riseAt = at
	e.setTimer(t, riseTimer, at)
}

// armRisk draws when a fault of its level turns into the next worse if it is not restored by then.
func (e *Engine) armRisk(t *ticket) {
	pr := &t.of.Process
	if t.riskAt = model.Unset; pr.Risk[t.current-1] == 0 {
		return
	}
	r := e.key(streamRisk, t.root.Mix(uint64(t.current)))
	t.riskAt = e.now + model.RoundSeconds(rng.NextExp(&r, 1/pr.Risk[t.current-1]))
	e.setTimer(t, riskTimer, t.riskAt)
}

// riskComesTrue raises a fault by a level, unless it is restored or has another level by now.
func (e *Engine) riskComesTrue(t *ticket) bool {
	if t.has(model.Restored) || t.where == atAfter || t.riskAt != e.now {
		return false
	}
	e.levelRises(t, t.current-1)
	return true
}

// rise raises a fault by one level, unless it is restored or has another level by now, whose own time runs.
func (e *Engine) rise(t *ticket) bool {
	if t.has(model.Restored) || t.where == atAfter || t.riseAt != e.now || t.current == 1 {
		return false
	}
	t.mark(model.Risen, e.now)
	t.rises = append(t.rises, rise{at: e.now, to: t.current - 1})
	e.levelRises(t, t.current-1)
	return true
}

// moveUp takes a waiting ticket from its queue to that of the support people of a higher tier.
func (e *Engine) moveUp(t *ticket, r *world.Rung) {
	if t.item < 0 {
		return
	}
	kind, pair := e.items.at(t.item).kind, e.queues[e.items.at(t.item).queue].pair
	e.leave(e.items.at(t.item))
	t.item = -1
	e.ticketItem(t, kind, e.queueBy(queueKey{role: world.RoleSupport, skill: t.fault.Skill, tier: r.Tier, contract: t.contract, team: -1, pair: pair}))
}

// askTeam asks for the people of a rung.
func (e *Engine) askTeam(t *ticket, rung int8) {
	r := &t.of.Ladder[rung]
	n := max(r.People, 1)
	if r.OnSite {
		t.teamNeed += n
	}
	for range n {
		e.askSupport(t, r, rung)
	}
}

// askAgain asks once more for those without whom the work cannot go on: an interruption has sent them away.
func (e *Engine) askAgain(t *ticket) {
	for k := range t.of.Ladder {
		if t.taken>>uint(k)&1 != 0 && !t.has(t.of.Ladder[k].Unless) {
			e.askTeam(t, int8(k))
		}
	}
}

func (e *Engine) askSupport(t *ticket, r *world.Rung, rung int8) {
	for k := range t.sup {
		if t.sup[k] >= 0 {
			continue
		}
		it := e.newItem(itemSupport, classFault, t.current, t.seq, t.slot, t.site, t.contract)
		it.travels, it.rung = r.OnSite, rung
		t.sup[k], t.asked = it.slot, true
		e.enqueue(it, e.queueOf(world.RoleSupport, t.fault.Skill, r.Tier, t.contract, -1))
		return
	}
}

func (e *Engine) supportAssigned(p *person, t *ticket, it *item) {
	for k := range t.sup {
		if t.sup[k] >= 0 && e.items.at(t.sup[k]).dead {
			t.sup[k] = -1
		}
	}
	t.helpers++
	if it.travels {
		e.begin(p, doMobilise, e.mobilise(p, t.root.Mix(1<<43), &t.trips))
		return
	}
	t.mark(model.Joined, e.now)
	r := &t.of.Ladder[it.rung]
	d := model.Time(-1)
	if !r.Holds.IsZero() {
		t.draws[3]++
		d = e.draw(&r.Holds, streamSupport, t.root, uint64(t.draws[3]))
	}
	e.begin(p, doSupport, d)
	e.helps(p, t)
}

// supportAtWork: a member of the team is on site; work goes on at the team's rate once all are there.
func (e *Engine) supportAtWork(p *person) {
	t := e.tickets.at(p.task)
	t.teamHere++
	e.begin(p, doSupportSite, -1)
	t.mark(model.Joined, e.now)
	if t.teamHere >= t.teamNeed {
		e.helps(p, t)
	}
}

// helps raises the work rate of a ticket to what a helper can do.
func (e *Engine) helps(p *person, t *ticket) {
	t.helpRate = max(t.helpRate, e.rateOf(p, t.difficulty))
	e.helpNow(t)
}

func (e *Engine) helpNow(t *ticket) {
	if t.lead >= 0 && t.rateAt != model.Unset {
		if p := &e.people[t.lead]; p.doing == doRestore || p.doing == doRemote {
			e.workOn(p, t)
		}
	}
}

// supportEnds: the senior has told what he knows; the advice stays.
func (e *Engine) supportEnds(p *person) {
	t := e.tickets.at(p.task)
	t.helpers--
	e.account(p)
	p.task = -1
	if p.doing == doSupportSite {
		e.goHome(p)
	} else {
		e.release(p)
	}
	e.closeTicket(t)
}

// dismissHelpers frees everybody who helps on a ticket and withdraws what was asked for.
func (e *Engine) dismissHelpers(t *ticket) {
	if t.taken != 0 { // else nobody was asked
		e.dismissAll(t)
	}
}

func (e *Engine) dismissAll(t *ticket) {
	if t.asked {
		for k := range t.sup {
			if t.sup[k] >= 0 && !e.items.at(t.sup[k]).dead {
				e.leave(e.items.at(t.sup[k]))
			}
			t.sup[k] = -1
		}
		t.asked = false
	}
	if t.helpers > 0 {
		for p := range e.people {
			pp := &e.people[p]
			if pp.kind != itemSupport || pp.task != t.slot || pp.doing == doNothing {
				continue
			}
			t.helpers--
			e.account(pp)
			pp.task = -1
			if pp.doing == doSupport {
				e.release(pp)
			} else {
				e.goHome(pp)
			}
		}
	}
	t.teamNeed, t.teamHere = 0, 0
	t.helpRate = 0
	if t.vendor {
		t.helpRate = 1
	}
}

// callVendor asks the manufacturer (level 4) whose contract covers the failure; he comes after the response time agreed
// for it and can solve anything. A failure that no manufacturer covers has nobody to call.
func (e *Engine) callVendor(t *ticket) {
	k := t.fault.Terms
	if t.vendorDue || k == 0 {
		return
	}
	terms := &e.w.Terms[k-1]
	t.vendorDue = true
	if t.lead >= 0 && t.rateAt != model.Unset && t.rate == 0 {
		t.closeIv(model.WrongSkill, e.now)
		t.openIv(model.Vendor, e.now)
	}
	if e.now >= 0 && e.now < e.w.Term {
		e.tot.VendorCalls[terms.Vendor]++
		if len(e.tot.Contracts) > 0 {
			e.tot.Contracts[t.contract].VendorCalls[terms.Vendor]++
		}
	}
	e.q.Push(e.now+e.draw(&terms.Delay, streamVendor, t.root, 0), evVendor, t.slot, t.gen)
}

func (e *Engine) vendorJoins(t *ticket) {
	t.vendor, t.helpRate = true, 1
	if d := e.workOf(t); d != nil && t.rateAt != model.Unset && t.rate == 0 {
		t.left = e.draw(d, streamVendor, t.root, 1)
	}
	if t.where != atAfter {
		t.mark(model.Joined, e.now)
	}
	e.helpNow(t)
}

// workOf is the manufacturer's time for a fault that only he can solve, nil if it is as long as anybody's.
func (e *Engine) workOf(t *ticket) *model.Dist {
	if !t.vendor || t.difficulty < 4 {
		return nil
	}
	work := &e.w.Terms[t.fault.Terms-1].Work
	if work.IsZero() {
		return nil
	}
	return work
}

// armWorkaround schedules a workaround for an outage, if this one has one.
func (e *Engine) armWorkaround(t *ticket) {
	if t.outage && t.of.Process.WorkaroundShare > 0 && !t.planned {
		t.planned = true
		e.findWorkaround(t)
	}
}

func (e *Engine) findWorkaround(t *ticket) {
	pr := &t.of.Process
	r := e.key(streamWorkaround, t.hash)
	if r.Bernoulli(pr.WorkaroundShare) {
		e.q.Push(e.now+e.draw(&pr.Workaround, streamWorkaround, t.root, 1), evWorkaround, t.slot, t.gen)
	}
}

// emergencyDay asks for the reports of a day of an emergency that is still open (S3-52).
func (e *Engine) emergencyDay(t *ticket) bool {
	if t.has(model.Restored) || t.where == atAfter {
		return false
	}
	for k := range e.w.Papers {
		if p := &e.w.Papers[k]; p.Emergency && p.Contract == t.contract && e.now > p.From && (p.Until == 0 || e.now <= p.Until) {
			e.paperDue(int32(k), e.now)
		}
	}
	e.setTimer(t, dayTimer, e.now+model.Day)
	return true
}

// startAccident is the accident flow: the manager coordinates (S2-76).
func (e *Engine) startAccident(t *ticket) {
	pr := &t.of.Process
	if e.st.daily {
		e.setTimer(t, dayTimer, e.now+model.Day)
	}
	if pr.AccidentWork.IsZero() {
		return
	}
	t.draws[3]++
	e.adminTask(t, -1, e.now, e.draw(&pr.AccidentWork, streamAdmin, t.root, uint64(t.draws[3])<<8), world.RoleManager, model.NumTicketMilestones)
}
