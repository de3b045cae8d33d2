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
	c := t.of
	pr := &c.Process
	return pr.Remote == world.Parallel && int32(t.current) <= pr.AheadWhen &&
		(pr.GeneralVisits || int(t.current) < len(c.Severities)) && (pr.VisitsUntil == 0 || e.now < pr.VisitsUntil)
}

// sendAhead asks for the nearest engineer at the moment the ticket is known.
func (e *Engine) sendAhead(t *ticket) {
	it := e.newItem(itemAhead, classFault, t.current, t.seq, t.slot, t.site, t.contract)
	t.aheadItem = it.slot
	e.enqueue(it, e.st.fieldQueue[t.contract][t.failure])
}

func (e *Engine) aheadAssigned(p *person, t *ticket) {
	t.aheadItem, t.ahead = -1, p.id
	e.stamp(t, model.Assigned)
	e.begin(p, doMobilise, e.mobilise(p, t.hash, &t.trips))
}

// adopt makes the engineer who is on his way the visit's, if there is one.
func (e *Engine) adopt(t *ticket) bool {
	if t.aheadItem >= 0 { // nobody was free yet: the visit waits in his stead
		e.leave(e.items.at(t.aheadItem))
		t.aheadItem = -1
	}
	if t.ahead < 0 {
		return false
	}
	p := &e.people[t.ahead]
	t.ahead, t.lead, t.leadWas, t.where = -1, p.id, p.id, atVisit
	p.kind = itemField
	switch p.doing {
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
func (e *Engine) takeOver(t *ticket) {
	switch t.where {
	case atRemoteQueue:
		e.leave(e.items.at(t.item))
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
		e.dismissHelpers(t)
		t.lead = -1
		e.release(&e.people[p])
	}
	t.left, t.stage = 0, doNothing
	e.stamp(t, model.Responded)
	e.requestVisit(t)
}

// recall turns the engineer back whom nobody needs any more.
func (e *Engine) recall(t *ticket) {
	if t.aheadItem >= 0 || t.ahead >= 0 {
		e.turnBack(t)
	}
}

func (e *Engine) turnBack(t *ticket) {
	if t.aheadItem >= 0 {
		e.leave(e.items.at(t.aheadItem))
		t.aheadItem = -1
	}
	if t.ahead < 0 {
		return
	}
	p := &e.people[t.ahead]
	t.ahead = -1
	if t.has(model.Departed) {
		t.mark(model.Recalled, e.now)
		if e.now >= 0 && e.now < e.w.Term {
			e.tot.Recalls++
		}
	}
	e.account(p)
	p.task = -1
	e.goHome(p)
}
