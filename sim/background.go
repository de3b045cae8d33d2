package sim

import (
	"math/bits"

	"slasim/model"
	"slasim/sim/rng"
)

// background is the work that other contracts take from a shared team: Poisson tasks whose offered load is the given
// share of the people on shift. They have no customer of ours behind them; all they do is to hold people. Between two
// events of ours that touch the team they run by themselves, so they are kept out of the event list, which they would
// fill, and are caught up with whenever the engine looks at the team.
type background struct {
	rand    rng.Rand
	next    model.Time   // when the next task comes, model.Far if none does
	ends    []taskEnd    // of the tasks in hand, latest first
	waiting []model.Time // work of the tasks that found nobody, in order
	wake    model.Time   // when an event will look at the team, since a request of ours waits for it; model.Far none
}

type taskEnd struct {
	at     model.Time
	person int32
}

func (e *Engine) startBackground() {
	for k := range e.w.Teams {
		tm := &e.w.Teams[k]
		b := &e.backs[k]
		*b = background{next: model.Far, ends: b.ends[:0], waiting: b.waiting[:0], wake: model.Far}
		if tm.Background > 0 && e.st.peakOn[k] > 0 {
			b.rand = e.key(streamBackground, rng.HashName(tm.ID))
			e.nextTask(int32(k), e.now)
		}
	}
}

func (e *Engine) nextTask(k int32, after model.Time) {
	b := &e.backs[k]
	b.next = e.within(after + model.RoundSeconds(rng.NextExp(&b.rand, e.st.backGap[k])))
}

// catchUp does what the background work of team k did up to now. What ends now is done, but nothing begins now before
// the dispatch pass has had the choice.
func (e *Engine) catchUp(k int32) {
	b := &e.backs[k]
	for {
		if n := len(b.ends); n > 0 && b.ends[n-1].at <= min(b.next, e.now) {
			x := b.ends[n-1]
			b.ends = b.ends[:n-1]
			e.taskDone(&e.people[x.person], x.at)
			if x.at < e.now {
				e.takeUp(k, x.at)
			}
			continue
		}
		if b.next >= e.now {
			return
		}
		at := b.next
		accept := b.rand.Float64() < float64(e.teams[k].onDuty)/float64(e.st.peakOn[k]) // people off shift have no other work either
		e.nextTask(k, at)
		if accept {
			b.waiting = append(b.waiting, rng.Sample(&e.w.Teams[k].BackgroundTask, &b.rand))
			e.takeUp(k, at)
		}
	}
}

// lookAt catches up with the teams of a queue, those that lack the skill included.
func (e *Engine) lookAt(q *queue) {
	if e.st.background {
		e.catchUpAll(q)
	}
}

func (e *Engine) catchUpAll(q *queue) {
	for _, k := range q.teams {
		e.catchUp(k)
	}
	for _, k := range q.others {
		e.catchUp(k)
	}
}

// takeUp hands waiting tasks of team k to people who are free at `at`.
func (e *Engine) takeUp(k int32, at model.Time) {
	b := &e.backs[k]
	for len(b.waiting) > 0 {
		p := e.freeHere(k)
		if p < 0 {
			return
		}
		work := b.waiting[0]
		copy(b.waiting, b.waiting[1:])
		b.waiting = b.waiting[:len(b.waiting)-1]

		pp := &e.people[p]
		e.accountTo(pp, at)
		pp.doing, pp.kind, pp.task = doBackground, itemBackground, -1
		pp.since, pp.stepEnd = at, at+work
		e.setUnfree(pp)
		e.fp = (e.fp ^ uint64(at/1e9)<<16 ^ uint64(p)) * 0x100000001b3

		i := len(b.ends)
		b.ends = append(b.ends, taskEnd{})
		for i > 0 && b.ends[i-1].at < pp.stepEnd {
			b.ends[i] = b.ends[i-1]
			i--
		}
		b.ends[i] = taskEnd{pp.stepEnd, p}
	}
}

// freeHere is the first person of team k on shift with nothing to do, -1 if there is none; who is on his way home is not
// at his desk yet.
func (e *Engine) freeHere(k int32) int32 {
	for j, w := range e.teams[k].freeOn.w {
		for ; w != 0; w &= w - 1 {
			if p := e.w.Teams[k].First + int32(j*64+bits.TrailingZeros64(w)); e.people[p].doing == doNothing {
				return p
			}
		}
	}
	return -1
}

// taskDone frees a person at the end of a task.
func (e *Engine) taskDone(p *person, at model.Time) {
	e.accountTo(p, at)
	p.doing, p.kind, p.since = doNothing, 0, at
	if p.duty != dutyOn {
		e.endOvertime(p, at)
	}
	if p.duty != dutyOff {
		e.setFree(p)
	} else {
		p.place = p.crew.of.Place
	}
}

// interruptTask takes a person from his task, whose rest waits behind the others. The caller gives him something to do.
func (e *Engine) interruptTask(p *person) {
	b := &e.backs[p.team]
	for k := range b.ends {
		if b.ends[k].person == p.id {
			b.ends = append(b.ends[:k], b.ends[k+1:]...)
			break
		}
	}
	b.waiting = append(b.waiting, p.stepEnd-e.now)
	p.doing, p.kind = doNothing, 0
}

// afterPass begins what background work the dispatch pass left people for, and asks to be woken when somebody whom a
// request of ours waits for will be done with his.
func (e *Engine) afterPass() {
	for k := range e.backs {
		if len(e.backs[k].waiting) > 0 {
			e.takeUp(int32(k), e.now)
		}
	}
	for _, qi := range e.active {
		for _, k := range e.queues[qi].teams {
			b := &e.backs[k]
			if n := len(b.ends); n > 0 && b.ends[n-1].at < b.wake {
				b.wake = b.ends[n-1].at
				e.q.Push(b.wake, evBackground, k, 0)
			}
		}
	}
}

// awake looks at a team for which a request of ours waits.
func (e *Engine) awake(k int32) {
	e.backs[k].wake = model.Far
	e.catchUp(k)
}
