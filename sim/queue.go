package sim

import (
	"slasim/model"
	"slasim/model/world"
)

// itemKind says what a waiting item asks for.
type itemKind uint8

const (
	itemCall       itemKind = iota // a ringing telephone: subj is a call
	itemRemote                     // response and remote stage: subj is a ticket
	itemSupport                    // a senior by phone or on site: subj is a ticket
	itemApproval                   // our director: subj is a ticket
	itemAdmin                      // desk work: subj is an admin task
	itemLookUp                     // a question that needs documents: subj is a call
	itemBackground                 // what a person does for another contract; nothing waits by it

	// Those that are done on site.
	itemField // a visit: subj is a ticket
	itemAhead // an engineer who leaves during the telephone diagnosis: subj is a ticket
	itemJob   // a planned visit: subj is a job
)

// Classes of work; faults go before everything else.
const (
	classFault = iota
	classQuestion
	classAdmin
	classPlanned
)

// item is a request for a person. It waits in a queue until somebody is assigned.
type item struct {
	slot     int32 // its index among the items
	kind     itemKind
	class    uint8
	rank     uint8
	travels  bool // whoever serves it has to go to its site
	dead     bool
	rung     int8
	subj     int32
	queue    int32
	site     int32
	contract int32
	seq      uint32
	key      int64
	since    model.Time
	logAt    int32 // position in the queue's log of reasons when it came
}

// calledOut reports whether somebody on call at home may be called for it.
func (e *Engine) calledOut(it *item) bool {
	return e.st.onCallCounts && it.class == classFault && it.kind != itemCall
}

// queue holds the items that the same people can serve, as a heap by (key, seq).
type queue struct {
	role     world.Role
	skill    int32
	tier     uint8
	contract int32
	team     int32 // -1 any
	heap     []int32
	live     int32
	isActive bool
	pair     bool    // of visits that begin with a part in the car: nobody goes while there is none
	teams    []int32 // that can serve, by tier then id
	others   []int32 // that have the role but not skill or tier
	reason   model.IntervalKind
	log      []reasonChange
}

type reasonChange struct {
	at     model.Time
	reason model.IntervalKind
}

// queueOf finds or makes the queue for a request.
func (e *Engine) queueOf(role world.Role, skill int32, tier uint8, contract, team int32) int32 {
	return e.queueBy(queueKey{role: role, skill: skill, tier: tier, contract: contract, team: team})
}

func (e *Engine) queueBy(k queueKey) int32 {
	if i, ok := e.st.queueIndex[k]; ok {
		return i
	}
	q := queue{role: k.role, skill: k.skill, tier: k.tier, contract: k.contract, team: k.team, pair: k.pair, reason: model.AllBusy}
	for pass := uint8(0); pass <= 5; pass++ {
		for i := range e.w.Teams {
			t := &e.w.Teams[i]
			if t.Tier != pass || t.Roles&(1<<k.role) == 0 || k.team >= 0 && int32(i) != k.team ||
				k.contract >= 0 && t.Contracts&(1<<uint(k.contract)) == 0 {
				continue
			}
			if t.Tier >= k.tier && (k.skill < 0 || t.Skills&(1<<uint(k.skill)) != 0) {
				q.teams = append(q.teams, int32(i))
			} else {
				q.others = append(q.others, int32(i))
			}
		}
	}
	e.queues = append(e.queues, q)
	i := int32(len(e.queues) - 1)
	e.st.queueIndex[k] = i
	return i
}

type queueKey struct {
	role     world.Role
	skill    int32
	tier     uint8
	contract int32
	team     int32
	pair     bool
}

func (e *Engine) before(a, b *item) bool { return a.key < b.key || a.key == b.key && a.seq < b.seq }

// enqueue puts an item into queue qi. The first request of an instant before which nobody waits is kept aside: most such
// are served in the dispatch pass of the same instant and need no place in a line.
func (e *Engine) enqueue(it *item, qi int32) {
	it.queue, it.since, it.dead = qi, e.now, false
	e.dirty = true
	if e.lone < 0 && len(e.active) == 0 {
		e.lone = it.slot
		return
	}
	e.lineUpLone()
	e.lineUp(it)
}

// lineUpLone gives the request kept aside its place in the line.
func (e *Engine) lineUpLone() {
	if i := e.lone; i >= 0 {
		e.lone = -1
		e.lineUp(e.items.at(i))
	}
}

func (e *Engine) lineUp(it *item) {
	qi := it.queue
	q := &e.queues[qi]
	it.key = e.itemKey(it)
	if q.live == 0 {
		q.log = q.log[:0]
		q.heap = q.heap[:0]
		q.reason = model.NumIntervalKinds
	}
	it.logAt = int32(len(q.log)) - 1
	q.live++
	if !q.isActive {
		q.isActive = true
		e.active = append(e.active, qi)
		for k := len(e.active) - 1; k > 0 && e.active[k-1] > qi; k-- {
			e.active[k], e.active[k-1] = e.active[k-1], e.active[k]
		}
	}
	q.heap = append(q.heap, it.slot)
	h := q.heap
	k := len(h) - 1
	for k > 0 {
		p := (k - 1) / 2
		if !e.before(it, e.items.at(h[p])) {
			break
		}
		h[k] = h[p]
		k = p
	}
	h[k] = it.slot
}

// head is the first live item of q, -1 if there is none.
func (e *Engine) head(q *queue) int32 {
	for len(q.heap) > 0 {
		i := q.heap[0]
		if it := e.items.at(i); !it.dead {
			return i
		}
		e.popHeap(q)
		e.items.give(i)
	}
	return -1
}

func (e *Engine) popHeap(q *queue) {
	h := q.heap
	n := len(h) - 1
	last := h[n]
	q.heap = h[:n]
	if n == 0 {
		return
	}
	h = h[:n]
	lt := e.items.at(last)
	k := 0
	for {
		c := 2*k + 1
		if c >= n {
			break
		}
		if c+1 < n && e.before(e.items.at(h[c+1]), e.items.at(h[c])) {
			c++
		}
		if !e.before(e.items.at(h[c]), lt) {
			break
		}
		h[k] = h[c]
		k = c
	}
	h[k] = last
}

// leave takes a live item out of its queue. Its slot is freed when the heap meets it, so the caller must not use
// it after the current handler. What it waited for is written to the ticket's intervals.
func (e *Engine) leave(it *item) {
	if it.slot == e.lone {
		e.lone, it.dead = -1, true
		e.items.give(it.slot)
		return
	}
	q := &e.queues[it.queue]
	e.writeReasons(it, q)
	it.dead = true
	q.live--
}

// writeReasons turns the queue's log into intervals of the waiting ticket.
func (e *Engine) writeReasons(it *item, q *queue) {
	ivs := e.intervalsOf(it)
	if ivs == nil || it.since == e.now {
		return
	}
	from := it.since
	k := max(it.logAt, 0)
	for ; k < int32(len(q.log)); k++ {
		end := e.now
		if k+1 < int32(len(q.log)) {
			end = q.log[k+1].at
		}
		if end <= from {
			continue
		}
		if q.log[k].reason >= model.NumIntervalKinds {
			from = end
			continue
		}
		*ivs = append(*ivs, model.Interval{Start: from, End: end, Kind: q.log[k].reason})
		from = end
	}
}

// intervalsOf is where the waits of an item are written, nil if nowhere.
func (e *Engine) intervalsOf(it *item) *[]model.Interval {
	switch it.kind {
	case itemRemote, itemField:
		return &e.tickets.at(it.subj).ivs
	case itemLookUp:
		return &e.calls.at(it.subj).ivs
	case itemAdmin:
		switch a := e.admins.at(it.subj); {
		case a.complaint >= 0:
			return &e.comps.at(a.complaint).ivs
		case a.paper >= 0:
			return &e.papers.at(a.paper).ivs
		case a.ticket >= 0:
			return &e.tickets.at(a.ticket).ivs
		}
	case itemJob:
		return &e.jobs.at(it.subj).ivs
	}
	return nil
}

// waitsForPart stands for a wait that only the part is the reason of; the ticket has that interval itself.
const waitsForPart = model.NumIntervalKinds + 1

// waitsFor says why the head of q has to wait: nobody on shift who may serve it, somebody free who lacks the skill, or all
// busy. Only for faults is somebody called out at home.
func (e *Engine) waitsFor(q *queue) model.IntervalKind {
	it := e.items.at(e.head(q))
	on := int32(0)
	for _, t := range q.teams {
		if it.travels && !e.goes(t, it) {
			continue
		}
		on += e.teams[t].onDuty
		if e.calledOut(it) {
			on += e.teams[t].onCall
		}
	}
	if on == 0 {
		return model.NobodyOnShift
	}
	if q.pair && e.firstPair(q) < 0 {
		for _, t := range q.teams {
			if e.teams[t].freeOn.n > 0 {
				return waitsForPart
			}
		}
	}
	for _, t := range q.others {
		if e.teams[t].freeOn.n > 0 {
			return model.WrongSkill
		}
	}
	return model.AllBusy
}

// logReasons notes, after a dispatch pass, why each queue waits from now on.
func (e *Engine) logReasons() {
	k := 0
	for _, qi := range e.active {
		q := &e.queues[qi]
		if q.live == 0 {
			q.isActive = false
			for _, i := range q.heap {
				e.items.give(i)
			}
			q.heap = q.heap[:0]
			continue
		}
		e.active[k] = qi
		k++
		if r := e.waitsFor(q); r != q.reason {
			q.reason = r
			q.log = append(q.log, reasonChange{e.now, r})
		}
	}
	e.active = e.active[:k]
}

// bitset marks free people of a team by their index within it.
type bitset struct {
	w []uint64
	n int32
}

// place is the word of i and its bit there. Numbers without a sign are divided by a shift.
func (b *bitset) place(i int32) (word *uint64, bit uint64) {
	return &b.w[uint32(i)/64], 1 << (uint32(i) % 64)
}

func (b *bitset) set(i int32) {
	if w, bit := b.place(i); *w&bit == 0 {
		*w |= bit
		b.n++
	}
}

func (b *bitset) clear(i int32) {
	if w, bit := b.place(i); *w&bit != 0 {
		*w &^= bit
		b.n--
	}
}

func (b *bitset) reset() {
	clear(b.w)
	b.n = 0
}
