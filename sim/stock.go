package sim

import (
	"slasim/model"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/sim/rng"
)

// stockState is one part at one depot.
type stockState struct {
	onHand, onOrder int32
	backorders      int32
	claims, lacking int32 // tickets that wait for an engineer and a part at once: all, and those for which there is no part
	lateral         int32 // of those on order: from another depot of the region
	excess          int32 // ordered for tickets that took their part elsewhere
	first, last     int32 // waiting demands, FIFO; -1 none
	orders          uint64
	since           model.Time // of the last change, for the integrals
}

// demand waits at a depot: a ticket's, or a lower depot's.
type demand struct {
	ticket int32 // -1: of a depot
	depot  int32 // the depot that asked, if ticket < 0
	next   int32
	loaner bool
}

// order is a replenishment on its way.
type order struct {
	item     int32 // index in stock
	qty      int32
	returned bool // a loaner coming back, not an order
	lateral  bool // from another depot of the region
}

// shipment is a part on its way to a site.
type shipment struct {
	ticket int32
	loaner bool
}

func (e *Engine) stockIndex(depot, part int32) int32 { return depot*int32(len(e.w.Parts)) + part }

func (e *Engine) resetStock() {
	for i := range e.stock {
		e.stock[i] = stockState{onHand: e.w.Stock[i].S, first: -1, last: -1, since: 0}
		if e.w.Stock[i].Rule == world.NotStocked {
			e.stock[i].onHand = 0
		}
		e.stock[i].since = -e.w.WarmUp
	}
}

// tally books the integrals of a stock item up to now.
func (e *Engine) tally(k int32) {
	s := &e.stock[k]
	d := clip(s.since, e.now, 0, e.w.Term)
	if d > 0 {
		t := &e.tot.Stock[k]
		t.BackorderTime += model.SecondsOf(d) * model.Seconds(s.backorders+s.lacking)
		if s.onHand == 0 && e.w.Stock[k].Rule != world.NotStocked {
			t.EmptyTime += model.SecondsOf(d)
		}
	}
	s.since = e.now
}

// moved tells the record that stock has moved.
func (e *Engine) moved(k, ticket int32, kind trail.StockMoveKind) {
	if e.detail != nil {
		e.record(k, ticket, kind)
	}
}

func (e *Engine) record(k, ticket int32, kind trail.StockMoveKind) {
	s := &e.stock[k]
	n := int32(len(e.w.Parts))
	e.detail.Stock(trail.StockMove{At: e.now, Depot: k / n, Part: k % n, OnHand: s.onHand, Backorders: s.backorders + s.claims, OnOrder: s.onOrder, Ticket: ticket, Kind: kind})
}

// draws reports whether a ticket may be served from stock item k of a depot.
func (e *Engine) draws(t *ticket, depot int, k int32) bool {
	return e.w.Stock[k].Rule != world.NotStocked && e.w.Depots[depot].Contracts&(1<<uint(t.contract)) != 0
}

// chooseDepot is where a part for a ticket comes from, -1 if no depot that it may draw from stocks it.
func (e *Engine) chooseDepot(t *ticket, part int32) int32 {
	source := t.of.Process.PartSource
	if source == world.EngineerBase {
		if t.lead >= 0 {
			base, at := e.w.Teams[e.people[t.lead].team].Place, int32(-1)
			for d := range e.w.Depots {
				k := e.stockIndex(int32(d), part)
				if e.w.Depots[d].Place != base || !e.draws(t, d, k) {
					continue
				}
				if at < 0 || e.stock[k].onHand > 0 && e.stock[e.stockIndex(at, part)].onHand == 0 {
					at = int32(d)
				}
			}
			if at >= 0 {
				return at
			}
		}
	}
	if d := e.w.Dispatch.HomeDepot - 1; source == world.HomeThenNearest && d >= 0 {
		if k := e.stockIndex(d, part); e.stock[k].onHand > 0 && e.draws(t, int(d), k) {
			return d
		}
	}
	best, bestHas, bestM := int32(-1), false, int64(0)
	for d := range e.w.Depots {
		k := e.stockIndex(int32(d), part)
		if !e.draws(t, d, k) {
			continue
		}
		has := e.stock[k].onHand > 0
		m := e.dist(e.w.Depots[d].Place, t.site)
		if best < 0 || has && !bestHas || has == bestHas && m < bestM {
			best, bestHas, bestM = int32(d), has, m
		}
	}
	return best
}

// askPart requests the part a ticket needs. A part that no depot stocks is bought for the ticket.
func (e *Engine) askPart(t *ticket) {
	t.partHere, t.partDue = false, model.Far
	t.openIv(model.NoPart, e.now)
	d := e.chooseDepot(t, t.part)
	t.depot = d
	if d < 0 {
		e.buyForTicket(t)
		return
	}
	e.demandFor(t, d, t.part, false)
}

// buyForTicket orders a part that nobody stocks straight to the site, by the part's emergency or ordinary lead time.
func (e *Engine) buyForTicket(t *ticket) {
	e.partAsked(t, false)
	lead := &e.st.buyLead[t.part]
	t.draws[2]++
	d := e.draw(lead, streamLead, t.root, uint64(t.draws[2]))
	e.pay(t.contract, e.w.Parts[t.part].Price, e.w.Parts[t.part].Price*max(e.st.buyFactor[t.part]-1, 0))
	e.chargePart(t, 1)
	e.ship(t, d, false)
}

// pay books money for parts, at list price and what an emergency purchase costs above it, inside the term.
func (e *Engine) pay(contract int32, parts, emergency float64) {
	if e.now < 0 || e.now >= e.w.Term {
		return
	}
	e.tot.PartsMoney += parts
	e.tot.EmergencyMoney += emergency
	if len(e.tot.Contracts) > 0 {
		e.tot.Contracts[contract].PartsMoney += parts
		e.tot.Contracts[contract].EmergencyMoney += emergency
	}
}

// ship sends a part to a ticket's site; it arrives after d.
func (e *Engine) ship(t *ticket, d model.Time, loaner bool) {
	t.shipments++
	if !loaner {
		t.partDue = e.now + d
	}
	j, x := e.courier.take()
	*x = shipment{t.slot, loaner}
	if d == 0 {
		e.shipmentIn(j)
		return
	}
	e.q.Push(e.now+d, evCourier, j, 0)
}

func (e *Engine) demandFor(t *ticket, depot, part int32, loaner bool) {
	k := e.stockIndex(depot, part)
	there := e.stock[k].onHand > 0
	e.tally(k)
	if e.now >= 0 && e.now < e.w.Term {
		e.tot.Stock[k].Demands++
	}
	j, x := e.demands.take()
	*x = demand{ticket: t.slot, next: -1, loaner: loaner}
	e.place(k, j)
	e.moved(k, t.id, trail.Demand)
	if loaner {
		if e.w.Dispatch.Lateral {
			e.balance(depot, part)
		}
		return
	}
	e.partAsked(t, there)
	e.payPart(t, depot, 1)
	if e.w.Dispatch.LateralParts {
		if from := e.balance(depot, part); from >= 0 { // it orders in this one's stead
			e.refill(from, t.contract)
			if e.w.Stock[k].Rule == world.BaseStock {
				return
			}
		}
	}
	e.refill(k, t.contract)
}

// place serves a demand from stock or puts it in the line.
func (e *Engine) place(k, j int32) {
	s := &e.stock[k]
	d := e.demands.at(j)
	if s.onHand > 0 {
		s.onHand--
		e.dirty = e.dirty || len(e.pairs) > 0
		if e.now >= 0 && e.now < e.w.Term && d.ticket >= 0 {
			e.tot.Stock[k].FromStock++
		}
		e.issue(k, j)
		return
	}
	s.backorders++
	if s.last >= 0 {
		e.demands.at(s.last).next = j
	} else {
		s.first = j
	}
	s.last = j
}

// refill orders what the stock rule asks for after a contract's demand: (S−1, S) one for one, (s, S) up to S; an emergency
// purchase if the net stock has fallen low enough.
func (e *Engine) refill(k, contract int32) {
	s := &e.stock[k]
	r := &e.w.Stock[k]
	net := s.onHand - s.backorders - s.claims
	if s.excess > 0 {
		s.excess--
		return
	}
	if r.Buys && net < r.EmergencyWhen {
		e.order(k, 1, true, contract)
		return
	}
	switch r.Rule {
	case world.BaseStock:
		e.order(k, 1, false, contract)
	case world.MinMax:
		if pos := net + s.onOrder; pos <= r.Reorder {
			e.order(k, r.S-pos, false, contract)
		}
	}
}

// order brings qty units to stock item k: from the parent depot, one demand each, or from the supplier.
func (e *Engine) order(k, qty int32, emergency bool, contract int32) {
	s := &e.stock[k]
	s.onOrder += qty
	n := int32(len(e.w.Parts))
	depot, part := k/n, k%n
	r := &e.w.Stock[k]
	parent := e.w.Depots[depot].Parent
	if emergency {
		if e.now >= 0 && e.now < e.w.Term {
			e.tot.Stock[k].Emergencies++
		}
		if !e.w.Depots[depot].Customers {
			e.pay(contract, 0, e.w.Parts[part].Price*max(r.EmergencyFactor-1, 0))
		}
		e.moved(k, -1, trail.EmergencyOrder)
		e.arriveAfter(k, qty, &r.Emergency)
		return
	}
	e.moved(k, -1, trail.Order)
	if r.RepairShare > 0 && !r.RepairTime.IsZero() && r.Rule == world.BaseStock {
		u := e.key(streamLead, rng.Mix(e.st.stockHash[k], s.orders|1<<62))
		if u.Bernoulli(r.RepairShare) { // the failed part comes back repaired
			e.arriveAfter(k, qty, &r.RepairTime)
			return
		}
	}
	if parent < 0 || e.w.Stock[e.stockIndex(parent, part)].Rule == world.NotStocked {
		e.arriveAfter(k, qty, &r.Lead)
		return
	}
	pk := e.stockIndex(parent, part)
	e.tally(pk)
	for ; qty > 0; qty-- {
		j, x := e.demands.take()
		*x = demand{ticket: -1, depot: depot, next: -1}
		e.place(pk, j)
		e.moved(pk, -1, trail.Demand)
		e.refill(pk, contract)
	}
}

// balance sends a unit to a depot that has none left, from the depot of its region – the same parent, or the parent – that
// has most and at least two (S3-07), and returns which; -1 if there is none. It stays there.
func (e *Engine) balance(depot, part int32) (from int32) {
	k := e.stockIndex(depot, part)
	to, parent := &e.stock[k], e.w.Depots[depot].Parent
	if to.onHand > 0 || to.lateral > 0 || parent < 0 {
		return -1
	}
	from = -1
	most := int32(1)
	for d := range e.w.Depots {
		if x := e.stockIndex(int32(d), part); (int32(d) == parent || e.w.Depots[d].Parent == parent) && e.stock[x].onHand > most {
			from, most = x, e.stock[x].onHand
		}
	}
	if from < 0 {
		return -1
	}
	e.tally(from)
	e.stock[from].onHand--
	e.dirty = e.dirty || len(e.pairs) > 0
	e.moved(from, -1, trail.Issue)
	e.moved(from, -1, trail.Demand)
	to.onOrder++
	to.lateral++
	e.moved(k, -1, trail.Order)
	e.arriveAfter(k, 1, &e.w.Depots[depot].Transport).lateral = true
	return from
}

func (e *Engine) arriveAfter(k, qty int32, lead *model.Dist) *order {
	s := &e.stock[k]
	s.orders++
	d := e.draw(lead, streamLead, rng.RootOf(e.st.stockHash[k]), s.orders)
	j, x := e.orders.take()
	*x = order{item: k, qty: qty}
	e.q.Push(e.now+d, evPartIn, j, 0)
	return x
}

// partIn: a replenishment (or a loaner) is at the depot; waiting demands are served first come, first served.
func (e *Engine) partIn(j int32) {
	o := *e.orders.at(j)
	e.orders.give(j)
	k := o.item
	s := &e.stock[k]
	e.tally(k)
	if o.lateral {
		s.lateral -= o.qty
	}
	if !o.returned {
		s.onOrder -= o.qty
	}
	e.shelve(k, o.qty)
	e.moved(k, -1, trail.Receipt)
}

// shelve puts units on a shelf, or hands them to those who wait there.
func (e *Engine) shelve(k, qty int32) {
	s := &e.stock[k]
	for ; qty > 0; qty-- {
		if s.first < 0 {
			s.onHand++
			e.dirty = e.dirty || len(e.pairs) > 0
			continue
		}
		d := s.first
		s.first = e.demands.at(d).next
		if s.first < 0 {
			s.last = -1
		}
		s.backorders--
		e.issue(k, d)
	}
}

// issue hands a unit to a demand: to the engineer who brings it from his base at once, by courier to a site, or down to the
// depot that asked.
func (e *Engine) issue(k, j int32) {
	d := *e.demands.at(j)
	e.demands.give(j)
	n := int32(len(e.w.Parts))
	depot, part := k/n, k%n
	if d.ticket < 0 {
		ck := e.stockIndex(d.depot, part)
		s := &e.stock[ck]
		s.orders++
		lead := e.draw(&e.w.Depots[d.depot].Transport, streamLead, rng.RootOf(e.st.stockHash[ck]), s.orders)
		o, x := e.orders.take()
		*x = order{item: ck, qty: 1}
		e.q.Push(e.now+lead, evPartIn, o, 0)
		e.moved(k, -1, trail.Issue)
		return
	}
	t := e.tickets.at(d.ticket)
	e.moved(k, t.id, trail.Issue)
	if t.of.Process.PartSource == world.EngineerBase && !d.loaner &&
		e.w.Teams[e.people[t.leadWas].team].Place == e.w.Depots[depot].Place {
		e.ship(t, 0, false)
		return
	}
	t.draws[2]++
	entity := t.root.Mix(uint64(t.draws[2]) | 1<<44)
	m := e.dist(e.w.Depots[depot].Place, t.site)
	span := e.draw(&e.w.Depots[depot].Handling, streamCourier, rng.RootOf(entity), 0) + e.draw(&e.w.Dispatch.CourierFixed, streamCourier, rng.RootOf(entity+1), 0)
	if v := e.w.Dispatch.CourierSpeedKmh; v > 0 {
		span += model.RoundSeconds(float64(m) * 3.6 / v)
	}
	if e.now >= 0 && e.now < e.w.Term {
		e.tot.CourierRuns++
		e.tot.CourierMetres += m
		if len(e.tot.Contracts) > 0 {
			e.tot.Contracts[t.contract].CourierRuns++
			e.tot.Contracts[t.contract].CourierMetres += m
		}
	}
	e.ship(t, span, d.loaner)
}

// shipmentIn: a part or a loaner is at the site.
func (e *Engine) shipmentIn(j int32) {
	s := *e.courier.at(j)
	e.courier.give(j)
	t := e.tickets.at(s.ticket)
	t.shipments--
	if s.loaner {
		t.loanerHere = true
		if t.where == atAfter { // too late
			e.returnLoaner(t)
			e.closeTicket(t)
			return
		}
		switch {
		case t.has(model.Restored):
		case t.lead >= 0 && t.has(model.Arrived) && e.onSite(&e.people[t.lead]):
			e.loanerInstalled(t)
			if p := &e.people[t.lead]; p.doing == doRestore && t.rate == 0 { // he could not have gone on: what is left is the repair
				e.stopWork(t)
				t.left = 0
				e.dismissHelpers(t)
				e.repair(p)
			}
		case t.where == atPartWait: // somebody goes to put it in
			e.queueVisit(t)
		case t.where == atFieldQueue && t.pair == pairOpen: // so he does, without the part
			e.leave(e.items.at(t.item))
			t.item = -1
			e.queueVisit(t)
		}
		return
	}
	t.closeIv(model.NoPart, e.now)
	t.partHere = true
	if t.where == atAfter { // restored by other means
		e.closeTicket(t)
		return
	}
	if t.rightPart && t.lead >= 0 && e.onSite(&e.people[t.lead]) { // else when the engineer enters
		t.mark(model.PartOnSite, e.now)
	}
	switch {
	case t.where == atPartWait:
		e.queueVisit(t)
	case t.lead >= 0 && e.people[t.lead].doing == doWaitPart:
		e.goOn(&e.people[t.lead])
	}
}

// onSite reports whether a person is at the failed system.
func (e *Engine) onSite(p *person) bool {
	switch p.doing {
	case doWaitCustomer, doWaitDirector, doDiagnose, doPartConfirm, doPlanRewrite, doWaitPart, doRestore:
		return true
	}
	return false
}

// askLoaner sends for a loaner of the failed unit's class.
func (e *Engine) askLoaner(t *ticket) {
	part := e.st.loanerOf[t.failure]
	if part < 0 || t.loaner >= 0 {
		return
	}
	d := e.chooseDepotNearest(t, part)
	if d < 0 {
		return
	}
	t.loaner, t.loanerDepot = part, d
	e.demandFor(t, d, part, true)
}

func (e *Engine) chooseDepotNearest(t *ticket, part int32) int32 {
	lead := t.lead
	t.lead = -1
	d := e.chooseDepot(t, part)
	t.lead = lead
	return d
}

// loanerInstalled: the service is back by a loaner; the work that is left is the repair.
func (e *Engine) loanerInstalled(t *ticket) {
	t.mark(model.LoanerIn, e.now)
	e.restore(t)
	t.mark(model.Confirmed, e.now)
}

// withdraw takes a ticket's demand for a loaner out of the line, if it still waits there.
func (e *Engine) withdraw(t *ticket) {
	k := e.stockIndex(t.loanerDepot, t.loaner)
	s := &e.stock[k]
	for before, j := int32(-1), s.first; j >= 0; before, j = j, e.demands.at(j).next {
		d := e.demands.at(j)
		if d.ticket != t.slot || !d.loaner {
			continue
		}
		e.tally(k)
		if before < 0 {
			s.first = d.next
		} else {
			e.demands.at(before).next = d.next
		}
		if s.last == j {
			s.last = before
		}
		s.backorders--
		e.demands.give(j)
		t.loaner = -1
		e.moved(k, t.id, trail.Withdrawal)
		return
	}
}

// returnLoaner brings the loaner back once the unit is repaired; the way back takes as long as a courier run.
func (e *Engine) returnLoaner(t *ticket) {
	if !t.loanerHere {
		e.withdraw(t) // one on the way is taken back when it has come
		return
	}
	k := e.stockIndex(t.loanerDepot, t.loaner)
	span := e.draw(&e.w.Dispatch.CourierFixed, streamCourier, t.root, 1<<45)
	if v := e.w.Dispatch.CourierSpeedKmh; v > 0 {
		span += model.RoundSeconds(float64(e.dist(e.w.Depots[t.loanerDepot].Place, t.site)) * 3.6 / v)
	}
	j, x := e.orders.take()
	*x = order{item: k, qty: 1, returned: true}
	e.q.Push(e.now+span, evPartIn, j, 0)
	t.loaner = -1
}
