package sim

import (
	"slasim/model"
	"slasim/model/clock"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/sim/rng"
)

// admin is a piece of desk work: for a ticket, a complaint or a deliverable.
type admin struct {
	ticket    int32 // -1 none
	complaint int32 // -1 none
	paper     int32 // -1 none
	work      model.Time
	mark      model.Milestone // of the ticket, NumTicketMilestones for none
	role      world.Role
	contract  int32
}

// complaint is a customer's complaint about a ticket.
type complaint struct {
	id, ticket, contract int32
	hash                 uint64
	rounds               uint32
	discarded, alive     bool
	parent               int32
	ms                   [model.NumComplaintMilestones]model.Time
	ivs                  []model.Interval
}

// afterwards starts the paper work of a ticket that needs nobody on site any more.
func (e *Engine) afterwards(t *ticket) {
	pr := &t.of.Process
	t.where = atAfter
	e.recall(t)
	e.dismissHelpers(t) // those asked for after the service was back
	if e.st.afterwards[t.contract] {
		e.paperwork(t, &pr.Report, 1, model.ReportDelivered)
		e.paperwork(t, &pr.CallBack, 2, model.CalledBack)
		e.paperwork(t, &pr.Record, 3, model.RecordDelivered)
		e.paperwork(t, &pr.Survey, 4, model.Surveyed)
		e.complain(t)
	}
	e.closeTicket(t)
}

func (e *Engine) paperwork(t *ticket, a *world.AdminTask, n uint64, m model.Milestone) {
	if a.Share > 0 {
		e.writeUp(t, a, n, m)
	}
}

func (e *Engine) writeUp(t *ticket, a *world.AdminTask, n uint64, m model.Milestone) {
	if a.Visits && !t.has(model.LeftSite) {
		return
	}
	entity := t.root.Mix(n)
	r := e.key(streamAdmin, entity)
	if a.Share < 1 && !r.Bernoulli(a.Share) {
		return
	}
	from := e.now
	if t.has(model.Restored) && !a.Visits {
		from = t.ms[model.Restored]
	}
	e.adminTask(t, -1, max(from+e.draw(&a.Delay, streamAdmin, rng.RootOf(entity), 1), e.now), e.draw(&a.Work, streamAdmin, rng.RootOf(entity), 2), a.Role, m)
}

// adminTask queues desk work for a ticket from a moment on.
func (e *Engine) adminTask(t *ticket, complaint int32, at, work model.Time, role world.Role, m model.Milestone) {
	t.open++
	j, x := e.admins.take()
	*x = admin{ticket: t.slot, complaint: complaint, paper: -1, work: work, mark: m, role: role, contract: t.contract}
	e.q.Push(at, evAdmin, j, 0)
}

func (e *Engine) adminReady(j int32) {
	a := e.admins.at(j)
	class := uint8(classAdmin)
	if a.complaint >= 0 {
		class = classQuestion
	}
	it := e.newItem(itemAdmin, class, 0, e.nextSeq(), j, -1, a.contract)
	e.enqueue(it, e.queueOf(a.role, -1, 0, a.contract, -1))
}

func (e *Engine) adminDone(p *person) {
	j := p.task
	a := *e.admins.at(j)
	e.admins.give(j)
	e.release(p)
	switch {
	case a.complaint >= 0:
		e.complaintReplied(a.complaint)
	case a.paper >= 0:
		e.delivered(a.paper)
	case a.ticket >= 0:
		t := e.tickets.at(a.ticket)
		if a.mark < model.NumTicketMilestones {
			t.mark(a.mark, e.now)
		}
		t.open--
		e.closeTicket(t)
	}
}

// complain draws whether the customer complains: about any ticket, or about one with a late clock.
func (e *Engine) complain(t *ticket) {
	cp := &t.of.Process.Complaint
	share := cp.Share
	if cp.ShareLate > 0 && e.isLate(t) {
		share = max(share, cp.ShareLate)
	}
	if share <= 0 {
		return
	}
	r := e.key(streamComplaint, t.hash)
	if !r.Bernoulli(share) {
		return
	}
	k, c := e.comps.take()
	*c = complaint{alive: true, ivs: c.ivs[:0], id: e.nextID[model.SubjectComplaint], ticket: t.slot, parent: t.id, contract: t.contract, hash: t.hash,
		discarded: e.now < 0 || e.now >= e.w.Term}
	e.nextID[model.SubjectComplaint]++
	for m := range c.ms {
		c.ms[m] = model.Unset
	}
	c.ms[model.ComplaintAccepted] = e.now
	e.open++
	j, x := e.admins.take()
	*x = admin{ticket: -1, complaint: k, paper: -1, work: e.draw(&cp.Reply, streamComplaint, t.root, 1),
		role: world.RoleManager, contract: t.contract}
	e.q.Push(e.now, evAdmin, j, 0)
}

// isLate reports whether a clock of the ticket is late so far, of the clauses that hold it.
func (e *Engine) isLate(t *ticket) bool {
	s := e.subject(t, e.now)
	for _, ci := range e.st.ticketClauses[t.contract] {
		c := &e.w.Clauses[ci]
		if lim, ok := promised(c, s); ok && clock.Eval(&c.Clock, lim, s.Milestones, s.Intervals, s.End).State == clock.Breached {
			return true
		}
	}
	return false
}

func (e *Engine) complaintReplied(k int32) {
	c := e.comps.at(k)
	c.ms[model.ComplaintReplied] = e.now
	e.nextRound(k)
}

func (e *Engine) nextRound(k int32) {
	c := e.comps.at(k)
	c.rounds++
	cp := &e.w.Contracts[c.contract].Process.Complaint
	e.q.Push(e.now+e.draw(&cp.Close, streamComplaint, rng.RootOf(c.hash), uint64(c.rounds)+1), evComplaint, k, 0)
}

// complaintRound ends one round: the customer is satisfied, or another begins.
func (e *Engine) complaintRound(k int32) {
	c := e.comps.at(k)
	cp := &e.w.Contracts[c.contract].Process.Complaint
	if cp.Loop > 0 && c.rounds < 20 {
		r := e.key(streamComplaint, rng.Mix(c.hash, uint64(c.rounds)|1<<40))
		if r.Bernoulli(cp.Loop) {
			e.nextRound(k)
			return
		}
	}
	c.ms[model.ComplaintClosed] = e.now
	e.closeComplaint(k)
}

func (e *Engine) closeComplaint(k int32) {
	c := e.comps.at(k)
	e.handOverPlain(model.SubjectComplaint, c.id, c.hash, c.parent, c.contract, -1, -1, c.discarded, c.ms[:], c.ivs, e.now)
	c.alive = false
	e.comps.give(k)
}

// handOverPlain hands over a subject without ticket attributes.
func (e *Engine) handOverPlain(kind model.Subject, id int32, key uint64, parent, contract, plan, site int32, discarded bool, ms []model.Time, ivs []model.Interval, end model.Time) {
	s := &e.sub
	*s = trail.Subject{Rep: int32(e.rep), Kind: kind, ID: id, Key: key, Parent: parent, Contract: contract, Plan: plan, Site: site, Source: -1,
		Failure: -1, Unit: -1, Lead: -1, Part: -1, Depot: -1, Band: -1, BandMetres: -1, Discarded: discarded, Milestones: ms, Intervals: ivs, End: end}
	e.sink.Subject(s)
	e.open--
}
