package sim

import (
	"math/bits"

	"slasim/model"
	"slasim/model/clock"
	"slasim/model/world"
	"slasim/sim/policy"
)

// classShift puts the class of work above every policy key.
const classShift = 56

// itemKey orders a waiting item within its queue and between the queues that share people.
func (e *Engine) itemKey(it *item) int64 {
	base := int64(it.class) << classShift
	switch it.kind {
	case itemRemote, itemField, itemAhead:
		d := &e.w.Dispatch
		v := policy.Ticket{Rank: it.rank, Priority: e.w.Contracts[it.contract].Priority, Seq: it.seq, Due: model.Far}
		if d.Policy == world.EarliestDue || d.Policy == world.LeastSlack {
			v.Due = e.due(e.tickets.at(it.subj), it.kind)
		}
		return base + policy.Key(d.Policy, d.Order, v, 0)
	case itemCall, itemSupport, itemApproval:
		if e.w.Dispatch.Order == world.FIFO {
			return base + int64(e.w.Contracts[it.contract].Priority)<<8
		}
		return base + e.standing(it.contract, it.rank)
	case itemLookUp, itemAdmin, itemJob:
		return base + int64(e.w.Contracts[it.contract].Priority)<<8
	}
	return base
}

// standing is the place of a fault among all faults of all contracts, the first the smallest: the priority of its
// contract (S2-25), then its level.
func (e *Engine) standing(contract int32, rank uint8) int64 {
	return int64(e.w.Contracts[contract].Priority)<<8 + int64(rank)
}

// due is the earliest deadline that this stage of a ticket has to keep, from limits and pauses known now.
func (e *Engine) due(t *ticket, kind itemKind) model.Time {
	best := model.Far / 2
	if len(e.st.dueClauses[t.contract]) == 0 {
		return best
	}
	s := e.subject(t, e.now)
	for _, ci := range e.st.dueClauses[t.contract] {
		c := &e.w.Clauses[ci]
		stops := c.Clock.Stop.Of
		want := model.Arrived
		if kind == itemRemote {
			want = model.Responded
		}
		found := false
		for _, m := range stops {
			found = found || m == want
		}
		if !found {
			continue
		}
		lim, ok := promised(c, s)
		if !ok {
			continue
		}
		if d, ok := clock.Due(&c.Clock, lim, t.ms[:], t.ivs, e.now); ok && d < best {
			best = d
		}
	}
	return best
}

// dispatch is the one pass that follows all events of an instant: as long as somebody can be sent, the first
// waiting item of all queues that has a person is served. Then those who may be interrupted are looked at.
func (e *Engine) dispatch() {
	for {
		if i := e.lone; i >= 0 {
			it := e.items.at(i)
			q := &e.queues[it.queue]
			e.lookAt(q)
			if p := e.pick(q, it); p >= 0 {
				e.lone, it.dead = -1, true
				if e.st.redirects {
					p = e.redirected(p, it)
				}
				e.assign(&e.people[p], it)
				e.items.give(i)
				continue
			}
			e.lineUpLone()
		}
		if len(e.active) == 0 {
			break
		}
		bestItem, bestPerson := int32(-1), int32(-1)
		var bestKey int64
		var bestSeq uint32
		for _, qi := range e.active {
			q := &e.queues[qi]
			if q.live == 0 {
				continue
			}
			i, p := e.candidate(q)
			if i < 0 {
				continue
			}
			it := e.items.at(i)
			if bestItem < 0 || it.key < bestKey || it.key == bestKey && it.seq < bestSeq {
				bestItem, bestPerson, bestKey, bestSeq = i, p, it.key, it.seq
			}
		}
		if bestItem < 0 {
			if !e.st.mayInterrupt || !e.interruptOne() {
				break
			}
			continue
		}
		it := e.items.at(bestItem)
		if e.st.redirects {
			bestPerson = e.redirected(bestPerson, it)
		}
		e.leave(it)
		e.assign(&e.people[bestPerson], it)
	}
	if len(e.pairs) > 0 && e.notePairs() {
		e.dispatch()
		return
	}
	if len(e.active) > 0 {
		e.logReasons()
	}
	if e.st.background {
		e.afterPass()
	}
}

// candidate is the first item of q that somebody free may serve, and who. Most policies look at the head only;
// least slack and reserve one look at all.
func (e *Engine) candidate(q *queue) (it, person int32) {
	e.lookAt(q)
	free := false
	for _, t := range q.teams {
		ts := &e.teams[t]
		if ts.freeOn.n > 0 || ts.freeCall.n > 0 && e.st.onCallCounts {
			free = true
			break
		}
	}
	if !free {
		return -1, -1
	}
	h := e.head(q)
	if h < 0 {
		return -1, -1
	}
	pol := e.w.Dispatch.Policy
	if q.role != world.RoleField && !q.pair || pol != world.LeastSlack && pol != world.ReserveOne && !e.st.partners && !q.pair {
		if p := e.pick(q, e.items.at(h)); p >= 0 {
			return h, p
		}
		return -1, -1
	}
	best, who := int32(-1), int32(-1)
	var bestKey int64
	var bestSeq uint32
	for _, i := range q.heap {
		x := e.items.at(i)
		if x.dead {
			continue
		}
		p := e.pick(q, x)
		if p < 0 {
			continue
		}
		key := x.key
		if pol == world.LeastSlack && x.kind == itemField {
			eta := e.reach(&e.people[p], x)
			v := policy.Ticket{Rank: x.rank, Priority: e.w.Contracts[x.contract].Priority, Seq: x.seq, Due: e.due(e.tickets.at(x.subj), x.kind)}
			key = int64(x.class)<<classShift + policy.Key(pol, e.w.Dispatch.Order, v, eta)
		}
		if best < 0 || key < bestKey || key == bestKey && x.seq < bestSeq {
			best, who, bestKey, bestSeq = i, p, key, x.seq
		}
	}
	return best, who
}

// pick is the person to send for an item, -1 if nobody free may go.
func (e *Engine) pick(q *queue, it *item) int32 {
	if !it.travels {
		for _, t := range q.teams {
			ts := &e.teams[t]
			if ts.freeOn.n > 0 {
				return ts.first + firstBit(&ts.freeOn)
			}
		}
		if e.calledOut(it) {
			for _, t := range q.teams {
				ts := &e.teams[t]
				if ts.freeCall.n > 0 {
					return ts.first + firstBit(&ts.freeCall)
				}
			}
		}
		return -1
	}
	var carried *ticket // it takes a part with it
	if q.pair {
		if carried = e.tickets.at(it.subj); !e.partFree(carried) {
			return -1
		}
	}
	best := policy.Candidate{Person: -1}
	for _, k := range q.teams {
		ts := &e.teams[k]
		if e.st.restricted && !e.mayTake(k, it) {
			continue
		}
		e.pickFrom(&ts.freeOn, k, it.site, carried, false, &best)
		if ts.freeCall.n > 0 && e.calledOut(it) {
			e.pickFrom(&ts.freeCall, k, it.site, carried, true, &best)
		}
	}
	return best.Person
}

// mayTake reports whether an item may take people of a team now.
func (e *Engine) mayTake(team int32, it *item) bool {
	d := &e.w.Dispatch
	if it.kind == itemJob && e.w.Teams[team].Roles&(1<<world.RolePlanned) == 0 {
		return false
	}
	if it.class == classFault && !policy.MayUse(d.Policy, it.rank, e.teams[team].freeOn.n, d.Reserve, e.w.Contracts[it.contract].ReserveRank) {
		return false
	}
	return e.goes(team, it)
}

// goes reports whether people of a team go to the site of an item: residents to their own place only, partners to the
// visits they accept.
func (e *Engine) goes(team int32, it *item) bool {
	tm := &e.w.Teams[team]
	if tm.Resident && it.site != tm.Place {
		return false
	}
	if tm.Partner && (it.kind == itemField || it.kind == itemAhead) {
		r := e.key(streamPartner, e.tickets.at(it.subj).root.Mix(e.st.teamHash[team]))
		return r.Bernoulli(tm.Accept)
	}
	return true
}

// pickFrom improves best by the free people of one team, who bring the part of a ticket if that is not nil. Of people at
// one place the first is enough.
func (e *Engine) pickFrom(free *bitset, team, site int32, carried *ticket, onCall bool, best *policy.Candidate) {
	tm := &e.w.Teams[team]
	atBase := false
	for k, w := range free.w {
		for ; w != 0; w &= w - 1 {
			p := &e.people[tm.First+int32(k*64+bits.TrailingZeros64(w))]
			here := p.doing == doNothing && p.place == tm.Place
			if here && atBase {
				continue
			}
			atBase = atBase || here
			c := policy.Candidate{Person: p.id, OnCall: onCall}
			switch {
			case carried != nil:
				eta, m, depot := e.withPart(p, carried)
				if depot < 0 {
					continue
				}
				c.ETA, c.Metres = eta, int32(m)
			case here && e.st.fromBase != nil:
				way := &e.st.fromBase[int(team)*len(e.w.Places)+int(site)]
				c.ETA, c.Metres = e.readyMean(p)+way.span, way.metres
			default:
				eta, m := e.eta(p, site)
				c.ETA, c.Metres = eta, int32(m)
			}
			if best.Person < 0 || policy.Better(c, *best) {
				best.Person, best.ETA, best.Metres, best.OnCall = c.Person, c.ETA, c.Metres, c.OnCall
			}
			if here && tm.Return == world.MustReturn {
				return // all who are free are there
			}
		}
	}
}

func firstBit(b *bitset) int32 {
	for k, w := range b.w {
		if w != 0 {
			return int32(k*64 + bits.TrailingZeros64(w))
		}
	}
	return -1
}

// assign sends a person to an item's work. The item has left the line, but its slot is not given back before the work
// has begun.
func (e *Engine) assign(p *person, it *item) {
	if p.doing != doNothing { // sent on: the way so far belongs to what he comes from
		e.account(p)
	}
	p.kind, p.task, p.rung, p.contract = it.kind, it.subj, it.rung, it.contract
	if e.st.charges {
		p.charged = e.isCharged(it)
	}
	switch it.kind {
	case itemCall:
		e.callAnswered(p, e.calls.at(it.subj))
	case itemRemote:
		e.remoteAssigned(p, e.tickets.at(it.subj))
	case itemField:
		e.visitAssigned(p, e.tickets.at(it.subj))
	case itemAhead:
		e.aheadAssigned(p, e.tickets.at(it.subj))
	case itemSupport:
		e.supportAssigned(p, e.tickets.at(it.subj), it)
	case itemApproval:
		t := e.tickets.at(it.subj)
		pr := &t.of.Process
		if t.where == atSignOff {
			e.begin(p, doApprove, e.draw(&pr.SignOff[t.signOff].Work, streamApproval, t.root, 1<<49))
			break
		}
		e.begin(p, doApprove, e.approvalTime(&pr.OwnApproval, t))
	case itemAdmin:
		e.begin(p, doAdmin, e.admins.at(it.subj).work)
	case itemLookUp:
		c := e.calls.at(it.subj)
		c.item = -1
		e.begin(p, doLookUp, e.draw(&e.w.Questions[c.stream].Answer, streamQuestion, c.root, 1))
	case itemJob:
		e.jobAssigned(p, it.subj)
	default:
		panic("sim: nobody asks for background work")
	}
}

// redirected is the person to send under the redirect policy: somebody on the road to a lesser ticket if he would
// be there before the best free person, who is then free for the other.
func (e *Engine) redirected(free int32, it *item) int32 {
	if it.kind != itemField {
		return free
	}
	best := e.reach(&e.people[free], it)
	who := free
	for _, t := range e.queues[it.queue].teams {
		tm := &e.w.Teams[t]
		if !e.goes(t, it) {
			continue
		}
		for p := tm.First; p < tm.First+tm.Count; p++ {
			pp := &e.people[p]
			if pp.doing != doTravel || pp.kind != itemField || pp.task < 0 || e.tickets.at(pp.task).pair == pairLeft {
				continue
			}
			eta := e.reach(pp, it)
			if policy.Redirects(e.w.Dispatch.Policy, e.standing(it.contract, it.rank), e.standingOf(e.tickets.at(pp.task)), eta, best) {
				best, who = eta, p
			}
		}
	}
	if who != free {
		e.detach(&e.people[who])
	}
	return who
}

// interrupter is the first head of all queues, after the item last, that may take somebody from lesser work; -1 if there
// is none.
func (e *Engine) interrupter(last int32) int32 {
	first := int32(-1)
	for _, qi := range e.active {
		q := &e.queues[qi]
		if q.live == 0 {
			continue
		}
		h := e.head(q)
		if q.pair {
			h = e.firstPair(q)
		}
		if h < 0 {
			continue
		}
		it := e.items.at(h)
		if it.class != classFault || it.kind != itemField && it.kind != itemRemote || last >= 0 && !e.before(e.items.at(last), it) {
			continue
		}
		if first < 0 || e.before(it, e.items.at(first)) {
			first = h
		}
	}
	return first
}

// interruptOne finds the first waiting item that may take somebody from lesser work, and hands him over. It reports
// whether it did.
func (e *Engine) interruptOne() bool {
	d := &e.w.Dispatch
	for h := e.interrupter(-1); h >= 0; h = e.interrupter(h) {
		it := e.items.at(h)
		q := &e.queues[it.queue]
		victim := int32(-1)
		var worst, latest int64
		bestETA := model.Far
		for _, t := range q.teams {
			tm := &e.w.Teams[t]
			if it.kind == itemField && !e.goes(t, it) {
				continue
			}
			for p := tm.First; p < tm.First+tm.Count; p++ {
				pp := &e.people[p]
				level := e.mayInterrupt(pp, it)
				if level < 0 {
					continue
				}
				eta := e.reach(&e.people[p], it)
				if eta == model.Far {
					continue
				}
				if d.Preempt == world.PreemptLower {
					eta = 0
				}
				started := int64(pp.since)
				if pp.task >= 0 && (pp.kind == itemField || pp.kind == itemRemote) {
					started = int64(e.tickets.at(pp.task).seq)
				}
				if victim < 0 || level > worst || level == worst && (eta < bestETA || eta == bestETA && started > latest) {
					victim, worst, latest, bestETA = p, level, started, eta
				}
			}
		}
		if victim < 0 {
			continue
		}
		e.detach(&e.people[victim])
		e.leave(it)
		e.assign(&e.people[victim], it)
		return true
	}
	return false
}

// planned work and that for other contracts count least.
const planned = 1 << 60

// mayInterrupt is how little what pp does counts against item it: -1 not to be interrupted, else more is less
// worth.
func (e *Engine) mayInterrupt(pp *person, it *item) int64 {
	d := &e.w.Dispatch
	switch pp.doing {
	case doBackground, doJobWork, doJobPermission:
		if d.Preempt != world.PreemptNone {
			return planned
		}
	case doTravel, doMobilise:
		if pp.kind == itemJob && d.Preempt != world.PreemptNone {
			return planned
		}
		if pp.kind == itemField && it.kind == itemField && e.tickets.at(pp.task).pair != pairLeft {
			mine, his := e.standing(it.contract, it.rank), e.standingOf(e.tickets.at(pp.task))
			if d.Preempt == world.PreemptLower && his > mine {
				return his
			}
			if d.Policy == world.RedirectPolicy && his > mine {
				p := pp.crew.of.First + pp.index
				if policy.Redirects(d.Policy, mine, his, e.reach(&e.people[p], it), model.Far) {
					return his
				}
			}
		}
	case doRemote, doDiagnose, doRestore:
		if d.Preempt == world.PreemptLower && (pp.kind == itemField) == (it.kind == itemField) {
			if his := e.standingOf(e.tickets.at(pp.task)); his > e.standing(it.contract, it.rank) {
				return his
			}
		}
	}
	return -1
}

// standingOf is the standing of a ticket in work.
func (e *Engine) standingOf(t *ticket) int64 {
	return e.standing(t.contract, t.current)
}

// detach takes a person from his work; what he did is kept, the work waits again at its old place. The person
// stays where he is and must be given something at once.
func (e *Engine) detach(p *person) {
	i := p.task
	e.account(p)
	switch p.kind {
	case itemBackground:
		e.interruptTask(p)
	case itemJob:
		e.jobInterrupted(p)
	case itemRemote:
		t := e.tickets.at(i)
		e.stopWork(t)
		t.lead, t.where, t.stage = -1, atRemoteQueue, doRemote
		e.dismissHelpers(t)
		e.ticketItem(t, itemRemote, e.st.remoteQueue[t.contract][t.failure])
	case itemAhead:
		t := e.tickets.at(i)
		t.ahead = -1
		e.sendAhead(t)
	case itemField:
		t := e.tickets.at(i)
		switch p.doing {
		case doMobilise:
			t.closeIv(model.Mobilise, e.now)
		case doTravel:
			t.closeIv(model.Travel, e.now)
		case doDiagnose:
			t.closeIv(model.Work, e.now)
			t.left = p.stepEnd - e.now
			t.stage = doDiagnose
		case doRestore:
			e.stopWork(t)
			t.stage = doRestore
		}
		t.lead = -1
		e.dismissHelpers(t)
		if t.pair == pairMade {
			e.pairParts(t)
		}
		e.queueVisit(t)
	}
	if p.doing == doTravel && e.now >= 0 && e.now < e.w.Term && e.now < p.legEnd {
		e.tot.Recalls++
	}
	p.task = -1
}

// handOver ends a shift in the middle of work that others can go on with.
func (e *Engine) handOver(p *person) {
	switch p.doing {
	case doBackground:
		e.detach(p)
		e.endOvertime(p, e.now)
		p.place = p.crew.of.Place
	case doRemote, doDiagnose, doRestore, doJobWork, doJobPermission, doMobilise:
		e.detach(p)
		e.goHome(p)
	case doWaitPart:
		t := e.tickets.at(p.task)
		t.lead, t.where = -1, atPartWait
		e.dismissHelpers(t)
		e.account(p)
		p.task = -1
		e.goHome(p)
	}
}
