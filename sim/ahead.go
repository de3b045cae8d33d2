package sim

import (
	"slasim/model"
	"slasim/model/world"
)

// The engineer who leaves while the telephone diagnosis runs (remote: parallel, S3-16). He is sent when the ticket is
// known, and recalled when remote work has solved it. If remote work fails he is the visit; if he arrives first he takes
// the fault over.

// leavesAtOnce reports whether an engineer is sent before it is known that he is needed.
func (e *Engine) leavesAtOnce(t *ticket) bool {
	c := &e.w.Contracts[t.contract]
	pr := &c.Process
	return pr.Remote == world.Parallel && int32(t.current) <= pr.AheadWhen &&
		(pr.GeneralVisits || int(t.current) < len(c.Severities)) && (pr.VisitsUntil == 0 || e.now < pr.VisitsUntil)
}

// sendAhead asks for the nearest engineer at the moment the ticket is known.
func (e *Engine) sendAhead(i int32) {
	t := e.tickets.at(i)
	it := e.newItem(itemAhead, classFault, i, t.site, t.contract)
	x := e.items.at(it)
	x.rank, x.seq = t.current, t.seq
	t.aheadItem = it
	e.enqueue(it, e.st.fieldQueue[t.contract][t.failure])
}

func (e *Engine) aheadAssigned(p, i int32) {
	t := e.tickets.at(i)
	t.aheadItem, t.ahead = -1, p
	e.stamp(i, model.Assigned)
	e.begin(p, doMobilise, e.mobilise(p, t.hash, &t.trips))
}

// adopt makes the engineer who is on his way the visit's, if there is one.
func (e *Engine) adopt(i int32) bool {
	t := e.tickets.at(i)
	if t.aheadItem >= 0 { // nobody was free yet: the visit waits in his stead
		e.leave(t.aheadItem)
		t.aheadItem = -1
	}
	p := t.ahead
	if p < 0 {
		return false
	}
	t.ahead, t.lead, t.leadWas, t.where = -1, p, p, atVisit
	pp := &e.people[p]
	pp.kind = itemField
	switch pp.doing {
	case doMobilise:
		t.openIv(model.Mobilise, e.now)
	case doTravel:
		t.openIv(model.Travel, e.now)
	case doEntry:
		t.openIv(model.Entry, e.now)
	}
	return true
}

// takeOver ends the remote stage, whatever it is at: the engineer has arrived.
func (e *Engine) takeOver(i int32) {
	t := e.tickets.at(i)
	switch t.where {
	case atRemoteQueue:
		e.leave(t.item)
		t.item = -1
	case atSignOff:
		t.closeIv(model.OwnApproval, e.now)
		t.wakeGen++
	case atRemoteApproval:
		t.closeIv(model.CustomerApprovalRemote, e.now)
		t.wakeGen++
	case atRemote:
		p := t.lead
		t.closeIv(model.CustomerApprovalRemote, e.now)
		e.stopWork(t)
		e.dismissHelpers(i)
		t.lead = -1
		e.release(p)
	}
	t.left, t.stage = 0, doNothing
	e.stamp(i, model.Responded)
	e.requestVisit(i)
}

// recall turns the engineer back whom nobody needs any more.
func (e *Engine) recall(i int32) {
	t := e.tickets.at(i)
	if t.aheadItem >= 0 {
		e.leave(t.aheadItem)
		t.aheadItem = -1
	}
	p := t.ahead
	if p < 0 {
		return
	}
	t.ahead = -1
	if t.has(model.Departed) {
		t.mark(model.Recalled, e.now)
		if e.now >= 0 && e.now < e.w.Term {
			e.tot.Recalls++
		}
	}
	e.account(&e.people[p], activityOf[e.people[p].doing])
	e.people[p].task = -1
	e.goHome(p)
}
