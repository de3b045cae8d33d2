package sim

import (
	"slices"

	"slasim/model"
	"slasim/model/trail"
	"slasim/model/world"
)

// The engineer who brings the part (process.carry). A visit whose part is foreseen begins when an engineer and a part are
// both free; neither is kept for it before (S1-16). Of all pairs the one is taken that is expected first at the site, by
// way of the depot, so a later ticket whose pair is free goes before an earlier one whose part is missing. A contract that
// takes a part along only if there is one (S5-60) waits for none: it is sent after the engineer.

// pairing says how far the pair of engineer and part has come.
type pairing uint8

const (
	noPair   pairing = iota
	pairOpen         // a part is asked for at a depot and none set aside
	pairMade         // the engineer is on his way to the part, which is set aside for him
	pairLeft         // it is in his car; nobody sends him elsewhere until he has been there
)

// claim asks for the part of a ticket that an engineer shall bring. The depot refills as at any demand; which depot the
// part comes from is open until it is fetched. What no depot stocks is bought and sent to the site.
func (e *Engine) claim(t *ticket) {
	e.stamp(t, model.PartRequested)
	e.stamp(t, model.PartConfirmed)
	t.confirmedPart = true
	d := e.chooseDepot(t, t.part)
	if t.depot = d; d < 0 {
		e.askPart(t)
		return
	}
	k := e.stockIndex(d, t.part)
	t.pair, t.claimAt, t.lackFrom = pairOpen, k, model.Unset
	e.tally(k)
	if e.now >= 0 && e.now < e.w.Term {
		e.tot.Stock[k].Demands++
	}
	e.partAsked(t, e.partFree(t))
	e.stock[k].claims++
	e.moved(k, t.id, trail.Demand)
	e.payPart(t, d, 1)
	e.refill(k, t.contract)
}

// payPart books the price of the part a ticket takes from a depot, or takes it back.
func (e *Engine) payPart(t *ticket, depot int32, sign float64) {
	if !e.w.Depots[depot].Customers {
		e.pay(t.contract, sign*e.w.Parts[t.part].Price*(1-e.w.Stock[e.stockIndex(depot, t.part)].RepairShare), 0)
		e.chargePart(t, sign)
	}
}

// chargePart books the price of a part of ours to the third party that pays for a ticket.
func (e *Engine) chargePart(t *ticket, sign float64) {
	if e.st.charges && t.fault.ThirdParty && e.now >= 0 && e.now < e.w.Term {
		e.tot.Charged[t.contract].Parts += sign * e.w.Parts[t.part].Price
	}
}

// queuePair lines a ticket up for an engineer and a part at once.
func (e *Engine) queuePair(t *ticket) {
	e.pairs = append(e.pairs, t.slot)
	e.ticketItem(t, itemField, e.st.pairQueue[t.contract][t.failure])
}

// unpair gives the idea up: a loaner is at the site and waits to be put in, or there is no part and the contract does not
// wait for one. The part follows by itself.
func (e *Engine) unpair(t *ticket) {
	e.lackEnds(t)
	k := t.claimAt
	if t.fetched && e.now >= 0 && e.now < e.w.Term {
		e.tot.Stock[k].Demands++ // it was counted as served
	}
	t.pair = noPair
	t.partHere, t.partDue = false, model.Far
	t.openIv(model.NoPart, e.now)
	e.tally(k)
	e.stock[k].claims--
	j, x := e.demands.take()
	*x = demand{ticket: t.slot, next: -1}
	e.place(k, j)
}

// partFree reports whether some depot has the part of a ticket for it.
func (e *Engine) partFree(t *ticket) bool {
	for d := range e.w.Depots {
		if k := e.stockIndex(int32(d), t.part); e.stock[k].onHand > 0 && e.draws(t, d, k) {
			return true
		}
	}
	return false
}

// withPart is the expected span until person p, if sent now, is at the failed system with the part of a ticket, and the
// depot by which he would go; depot −1 if none has the part. The home depot, if there is one, goes before all others. A
// resident fetches it at his own place only.
func (e *Engine) withPart(p *person, t *ticket) (span model.Time, metres int64, depot int32) {
	span, depot = model.Far, -1
	resident := e.w.Teams[p.team].Resident
	home := int32(-1)
	if t.of.Process.PartSource == world.HomeThenNearest {
		home = e.w.Dispatch.HomeDepot - 1
	}
	for d := range e.w.Depots {
		k := e.stockIndex(int32(d), t.part)
		if e.stock[k].onHand == 0 || !e.draws(t, d, k) || resident && e.w.Depots[d].Place != p.place {
			continue
		}
		s, m := e.byDepot(p, int32(d), t.site)
		if home == int32(d) {
			return s, m, home
		}
		if depot < 0 || s < span || s == span && m < metres {
			span, metres, depot = s, m, int32(d)
		}
	}
	return span, metres, depot
}

// byDepot is the expected span until person p is at the failed system of a site if he goes by a depot.
func (e *Engine) byDepot(p *person, depot, site int32) (span model.Time, metres int64) {
	at := e.w.Depots[depot].Place
	metres = e.metresTo(p, at)
	span = e.readyMean(p) + e.st.handlingMean[depot] + e.st.entryMean
	if !e.isAt(p, at) {
		road, legs := e.roadSeconds(p.place, at, metres, e.now)
		span += model.RoundSeconds(road) + legs
	}
	if at != site {
		m := e.dist(at, site)
		road, legs := e.roadSeconds(at, site, m, e.now+span)
		span += model.RoundSeconds(road) + legs
		metres += m
	}
	return span, metres
}

// isAt reports whether a person is at a place and not on the road to it.
func (e *Engine) isAt(p *person, place int32) bool {
	_, onRoad := e.driven(p)
	return p.place == place && !onRoad
}

// reach is the expected span until person p, if sent to an item's site now, is at the failed system; with the part where
// he has to bring it, model.Far if there is none.
func (e *Engine) reach(p *person, it *item) model.Time {
	if e.queues[it.queue].pair {
		span, _, _ := e.withPart(p, e.tickets.at(it.subj))
		return span
	}
	span, _ := e.eta(p, max(it.site, 0))
	return span
}

// firstPair is the first ticket of a queue whose part is free, -1 if there is none.
func (e *Engine) firstPair(q *queue) int32 {
	best := int32(-1)
	for _, i := range q.heap {
		x := e.items.at(i)
		if !x.dead && e.partFree(e.tickets.at(x.subj)) && (best < 0 || e.before(x, e.items.at(best))) {
			best = i
		}
	}
	return best
}

// pairMeets sets the part aside for the engineer who has been found.
func (e *Engine) pairMeets(p *person, t *ticket) {
	e.lackEnds(t)
	_, _, d := e.withPart(p, t)
	k, from := e.stockIndex(d, t.part), t.claimAt
	if e.now >= 0 && e.now < e.w.Term && !t.fetched && !t.lacked {
		e.tot.Stock[from].FromStock++
	}
	t.fetched, t.pair, t.depot, t.claimAt = true, pairMade, d, k
	e.tally(k)
	if k != from { // the depot that refilled for it keeps what it ordered and orders less later
		e.stock[from].claims--
		if e.w.Stock[from].Rule == world.BaseStock {
			e.stock[from].excess++
		}
		e.payPart(t, from/int32(len(e.w.Parts)), -1)
		e.moved(from, t.id, trail.Withdrawal)
		e.stock[k].claims++
		e.payPart(t, d, 1)
		e.moved(k, t.id, trail.Demand)
		e.refill(k, t.contract)
	}
	e.stock[k].onHand--
	e.stock[k].claims--
	e.moved(k, t.id, trail.Issue)
	if e.w.Dispatch.LateralParts {
		if x := e.balance(d, t.part); x >= 0 { // what this one has ordered already, it orders less later
			if e.w.Stock[k].Rule == world.BaseStock {
				e.stock[k].excess++
			}
			e.refill(x, t.contract)
		}
	}
}

// pairParts lays the part back on its shelf: the engineer who was on his way to it is sent elsewhere.
func (e *Engine) pairParts(t *ticket) {
	k := t.claimAt
	s := &e.stock[k]
	t.pair = pairOpen
	e.tally(k)
	s.claims++
	s.onHand++
	e.moved(k, t.id, trail.PutBack)
	if s.first >= 0 { // somebody has waited for one by itself
		s.onHand--
		e.shelve(k, 1)
	}
	e.dirty = true
}

// lackEnds takes a ticket off the list of those that wait for a pair.
func (e *Engine) lackEnds(t *ticket) {
	for j, i := range e.pairs {
		if e.tickets.at(i) == t {
			e.pairs = slices.Delete(e.pairs, j, j+1)
			break
		}
	}
	e.lacks(t, false)
}

// lacks notes from when to when no depot has the part of a ticket that waits for a pair.
func (e *Engine) lacks(t *ticket, yes bool) {
	if yes == (t.lackFrom != model.Unset) {
		return
	}
	k := t.claimAt
	e.tally(k)
	if yes {
		t.lacked, t.lackFrom = true, e.now
		t.openIv(model.NoPart, e.now)
		e.stock[k].lacking++
		return
	}
	e.stock[k].lacking--
	t.closeIv(model.NoPart, e.now)
	t.lackFrom = model.Unset
}

// notePairs looks, after a dispatch pass, for which tickets there is no part. It reports whether somebody shall go without.
func (e *Engine) notePairs() (without bool) {
	for j := 0; j < len(e.pairs); {
		i := e.pairs[j]
		t := e.tickets.at(i)
		free := e.partFree(t)
		if !free && t.of.Process.Carry == world.IfFree {
			e.leave(e.items.at(t.item))
			t.item = -1
			e.queueVisit(t) // off the list
			without = true
			continue
		}
		e.lacks(t, !free)
		j++
	}
	return without
}

// toDepot sends an engineer who is ready to the part of his ticket.
func (e *Engine) toDepot(p *person, t *ticket) {
	if at := e.w.Depots[t.depot].Place; !e.isAt(p, at) {
		t.openIv(model.Travel, e.now)
		e.depart(p, at, t.root.Mix(uint64(t.trips)|1<<42), doFetch)
		return
	}
	e.fetch(p, t)
}

// fetch hands the part over at the depot.
func (e *Engine) fetch(p *person, t *ticket) {
	d := e.draw(&e.w.Depots[t.depot].Handling, streamCourier, t.root, uint64(t.trips)|1<<42)
	if d > 0 {
		t.openIv(model.Mobilise, e.now)
	}
	e.begin(p, doFetch, d)
}

// fetched: he leaves for the site with the part.
func (e *Engine) fetched(p *person) {
	t := e.tickets.at(p.task)
	t.closeIv(model.Mobilise, e.now)
	t.pair, t.partHere = pairLeft, true
	e.stamp(t, model.Departed)
	t.openIv(model.Travel, e.now)
	e.depart(p, t.site, t.root.Mix(uint64(t.trips)|1<<40), doEntry)
}
