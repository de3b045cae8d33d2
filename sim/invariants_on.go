//go:build invariants

package sim

import (
	"fmt"
	"math/bits"

	"slasim/model"
	"slasim/model/world"
)

// checkInvariants is called after every event of a build with the tag invariants, as in
//
//	go test -tags invariants ./sim/
//
// It recounts what the engine keeps as running counts and panics at the first event after which they differ.
func checkInvariants(e *Engine) {
	c := checker{e}
	c.subjects()
	c.persons()
	c.queues()
	c.stocks()
	for i := int32(0); i < e.tickets.n; i++ {
		if t := e.tickets.at(i); t.alive {
			c.ticket(i, t)
		}
	}
}

type checker struct{ *Engine }

// broken reports an invariant that does not hold. The checks stand before the call: their arguments are allocated, which would
// take most of the time.
func (c checker) broken(format string, args ...any) {
	panic(fmt.Sprintf("sim: invariant broken in replication %d at %v: ", c.rep, c.now) + fmt.Sprintf(format, args...))
}

// subjects: what is open is exactly what was created and not handed over.
func (c checker) subjects() {
	n := c.pend.n - int32(len(c.pend.free))
	for i := int32(0); i < c.tickets.n; i++ {
		n += count(c.tickets.at(i).alive)
	}
	for i := int32(0); i < c.calls.n; i++ {
		n += count(c.calls.at(i).alive)
	}
	for i := int32(0); i < c.comps.n; i++ {
		n += count(c.comps.at(i).alive)
	}
	for i := int32(0); i < c.jobs.n; i++ {
		n += count(c.jobs.at(i).alive)
	}
	for i := int32(0); i < c.papers.n; i++ {
		n += count(c.papers.at(i).alive)
	}
	if n != c.open {
		c.broken("%d subjects are open, %d are counted", n, c.open)
	}
}

func count(b bool) int32 {
	if b {
		return 1
	}
	return 0
}

// persons: a person is free for the dispatcher if and only if the roster and what he does say so; nobody is lost.
func (c checker) persons() {
	busy := int32(0)
	for k := range c.teams {
		ts, tm := &c.teams[k], &c.w.Teams[k]
		var on, call int32
		for i := tm.First; i < tm.First+tm.Count; i++ {
			p := &c.people[i]
			on += count(p.duty == dutyOn)
			call += count(p.duty == dutyCall)
			busy += count(p.doing != doNothing && p.doing != doBackground)
			idle := p.doing == doNothing || p.doing == doReturn && tm.Return == world.Redirect
			if ts.freeOn.has(p.index) != (idle && p.duty == dutyOn) {
				c.broken("%s free on shift: %v, does %d, duty %d", c.w.Persons[i].Name, ts.freeOn.has(p.index), p.doing, p.duty)
			}
			if ts.freeCall.has(p.index) != (idle && p.duty == dutyCall) {
				c.broken("%s free on call: %v, does %d, duty %d", c.w.Persons[i].Name, ts.freeCall.has(p.index), p.doing, p.duty)
			}
			if tm.Resident && p.place != tm.Place {
				c.broken("%s is at place %d, resident at %d", c.w.Persons[i].Name, p.place, tm.Place)
			}
			if p.overFrom != model.Unset && p.doing == doNothing {
				c.broken("%s works overtime at nothing", c.w.Persons[i].Name)
			}
			if idle && p.duty != dutyOff && tm.Return == world.MustReturn && p.place != tm.Place {
				c.broken("%s is free away from his base", c.w.Persons[i].Name)
			}
			if p.doing != doNothing && p.task >= 0 && (p.kind == itemField || p.kind == itemRemote) {
				t := c.tickets.at(p.task)
				if !t.alive || t.lead != i {
					c.broken("%s works on ticket %d, which is led by %d", c.w.Persons[i].Name, t.id, t.lead)
				}
			}
		}
		if on != ts.onDuty || call != ts.onCall {
			c.broken("%s: %d on duty, %d on call; %d and %d are counted", tm.ID, on, call, ts.onDuty, ts.onCall)
		}
		if ts.freeOn.ones() != ts.freeOn.n || ts.freeCall.ones() != ts.freeCall.n {
			c.broken("%s: free people miscounted", tm.ID)
		}
	}
	if busy != c.busy {
		c.broken("%d people are busy, %d are counted", busy, c.busy)
	}
}

func (b *bitset) has(i int32) bool { return b.w[i/64]&(1<<uint(i%64)) != 0 }

func (b *bitset) ones() int32 {
	n := 0
	for _, w := range b.w {
		n += bits.OnesCount64(w)
	}
	return int32(n)
}

// queues: live items are counted, and the heap is one.
func (c checker) queues() {
	for k := range c.Engine.queues {
		q := &c.Engine.queues[k]
		live := int32(0)
		for i, x := range q.heap {
			it := c.items.at(x)
			live += count(!it.dead)
			if i > 0 {
				if c.before(it, c.items.at(q.heap[(i-1)/2])) {
					c.broken("queue %d is no heap", k)
				}
			}
		}
		if live != q.live {
			c.broken("queue %d has %d live items, %d are counted", k, live, q.live)
		}
		if live > 0 && !q.isActive {
			c.broken("queue %d waits unseen", k)
		}
	}
}

// stocks: nothing negative, nobody waits beside a full shelf, and the stock position is what the rule keeps: S under
// (S−1, S), above s and at most S under (s, S). Loaners come back instead.
func (c checker) stocks() {
	open := make([]int32, len(c.stock))
	for i := int32(0); i < c.tickets.n; i++ {
		if t := c.tickets.at(i); t.alive && t.pair == pairOpen {
			open[t.claimAt]++
		}
	}
	for k := range c.stock {
		s, r := &c.stock[k], &c.w.Stock[k]
		waiting := int32(0)
		for d := s.first; d >= 0; d = c.demands.at(d).next {
			waiting++
		}
		if s.onHand < 0 || s.onOrder < 0 || s.backorders != waiting {
			c.broken("stock %d: %d on hand, %d on order, %d of %d backorders in line", k, s.onHand, s.onOrder, waiting, s.backorders)
		}
		if s.onHand > 0 && waiting > 0 {
			c.broken("stock %d: %d wait beside %d on the shelf", k, waiting, s.onHand)
		}
		position := s.onHand - s.backorders - s.claims + s.onOrder - s.excess
		if s.claims != open[k] {
			c.broken("stock %d: %d tickets wait for a pair, %d are counted", k, open[k], s.claims)
		}
		switch {
		case c.w.Parts[k%len(c.w.Parts)].Loaner:
			if !c.w.Dispatch.Lateral && s.onHand > max(r.S, 0) {
				c.broken("stock %d: %d loaners of %d", k, s.onHand, r.S)
			}
		case r.Rule == world.BaseStock:
			if position != r.S {
				c.broken("stock %d: position %d, level %d", k, position, r.S)
			}
		case r.Rule == world.MinMax:
			if position <= r.Reorder || position > r.S {
				c.broken("stock %d: position %d, reorder at %d up to %d", k, position, r.Reorder, r.S)
			}
		}
	}
}

// inOrder are milestones of which the later, where it happened, is not before the earlier.
var inOrder = [][]model.Milestone{
	{model.Occurred, model.Reported, model.Responded, model.Classified, model.Decided, model.RemoteStarted, model.RemoteFailed, model.OnsiteRequested},
	{model.Reported, model.Answered, model.Logged},
	{model.Assigned, model.Departed, model.Arrived, model.Diagnosed}, {model.OnsiteRequested, model.Arrived},
	{model.OnsiteRequested, model.PartRequested, model.PartConfirmed, model.PartOnSite},
	{model.Arrived, model.PartOnSite},
	{model.Reported, model.LoanerIn, model.Restored, model.Confirmed, model.Repaired, model.WorkReported, model.LeftSite, model.CalledBack, model.Closed},
	{model.Arrived, model.LeftSite},
	{model.Restored, model.ReportDelivered, model.Closed},
	{model.Reported, model.Escalated2, model.Closed}, {model.Reported, model.Escalated3, model.Closed}, {model.Reported, model.Escalated4, model.Closed},
}

// ticket: milestones lie in the past and in order, one interval of a kind is open at most, and who it says leads it does.
func (c checker) ticket(i int32, t *ticket) {
	for _, chain := range inOrder {
		last, which := model.Unset, model.Milestone(0)
		for _, m := range chain {
			if at := t.ms[m]; at != model.Unset {
				if at < last || at > c.now {
					c.broken("ticket %d: milestone %d at %v, %d at %v", t.id, m, at, which, last)
				}
				last, which = at, m
			}
		}
	}
	if asked, sent := t.ms[model.OnsiteRequested], t.ms[model.Assigned]; asked != model.Unset && sent != model.Unset {
		ahead := c.w.Contracts[t.contract].Process.Remote == world.Parallel // then somebody may leave before a visit is asked for
		if !ahead && asked > sent {
			c.broken("ticket %d: assigned at %v, asked for at %v", t.id, sent, asked)
		}
	}
	var open model.KindSet
	for _, v := range t.ivs {
		if v.Start >= v.End {
			c.broken("ticket %d: empty interval %v", t.id, v)
		}
		if v.End == model.Far {
			if open.Has(v.Kind) {
				c.broken("ticket %d: %v is open twice", t.id, v.Kind)
			}
			open = open.With(v.Kind)
		}
	}
	if t.lead >= 0 {
		p := &c.people[t.lead]
		if p.task != i || p.doing == doNothing {
			c.broken("ticket %d is led by %d, who does %d for %d", t.id, t.lead, p.doing, p.task)
		}
	}
	if t.item >= 0 {
		it := c.items.at(t.item)
		if it.dead || it.subj != i {
			c.broken("ticket %d waits by an item of %d", t.id, it.subj)
		}
	}
}
