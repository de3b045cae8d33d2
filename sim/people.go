package sim

import (
	"math/bits"

	"slasim/model"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/sim/rng"
)

// doing is the step a person is in; when its time is over, Engine.step decides what comes next.
type doing uint8

const (
	doNothing doing = iota
	doCall
	doTalk
	doWaitRemoteApproval
	doRemote
	doConfirmRemote
	doAuditRemote
	doApprove
	doAdmin
	doLookUp
	doBackground
	doMobilise
	doFetch // a part at a depot, to bring it along
	doTravel
	doEntry
	doWaitCustomer // absent, on-site approval
	doWaitDirector // revision on site
	doDiagnose
	doPartConfirm
	doPlanRewrite
	doWaitPart
	doRestore
	doConfirm
	doRepair
	doClosing
	doReturn
	doSupport       // helping by phone
	doSupportSite   // helping on site
	doJobPermission // planned visit: waiting for permission
	doJobWork
	numDoings
)

var activityOf = [numDoings]model.Activity{
	doNothing: model.ActIdle, doCall: model.ActDesk, doTalk: model.ActRemote, doWaitRemoteApproval: model.ActWaitCustomer,
	doRemote: model.ActRemote, doConfirmRemote: model.ActRemote, doAuditRemote: model.ActRemote, doApprove: model.ActDesk, doAdmin: model.ActDesk,
	doLookUp: model.ActRemote, doBackground: model.ActBackground, doMobilise: model.ActTravel, doFetch: model.ActTravel, doTravel: model.ActTravel,
	doEntry: model.ActTravel, doWaitCustomer: model.ActWaitCustomer, doWaitDirector: model.ActWaitCustomer,
	doDiagnose: model.ActWork, doPartConfirm: model.ActWork, doPlanRewrite: model.ActWork, doWaitPart: model.ActWaitPart,
	doRestore: model.ActWork, doConfirm: model.ActClosing, doRepair: model.ActWork, doClosing: model.ActClosing,
	doReturn: model.ActTravel, doSupport: model.ActRemote, doSupportSite: model.ActWork,
	doJobPermission: model.ActWaitCustomer, doJobWork: model.ActPlanned,
}

// duty is what the roster says of a person now.
type duty uint8

const (
	dutyOff duty = iota
	dutyOn
	dutyCall
)

// person is one engineer at run time.
type person struct {
	id        int32
	team      int32
	crew      *teamState
	index     int32 // within the team
	gen       uint32
	doing     doing
	duty      duty
	pool      *bitset // of the free people of his duty; nil: off duty
	after     doing   // what follows travel: doEntry for visits, doSupportSite for support, doJobPermission for jobs
	kind      itemKind
	task      int32      // ticket, call, admin task or job in hand; -1 none
	rung      int8       // support: the rung that asked
	contract  int32      // whose work it is, or was last
	tripOf    int32      // whose the trip is
	place     int32      // where he is, or where his trip ends
	from      int32      // where his trip began
	legs      model.Time // trip: start
	legEnd    model.Time
	metres    int64                 // length of the trip
	stepEnd   model.Time            // when the current step ends
	since     model.Time            // start of the current activity
	overFrom  model.Time            // start of work outside the roster; model.Unset = none
	trips     uint32                // trips driven, keys return trips
	next      int32                 // next duty
	charged   bool                  // what he does is paid by a third party
	absent    bool                  // misses the current duty
	leave     uint64                // weeks of leave of the contract year, bit per week (first 64 weeks)
	spent     [numDoings]model.Time // inside the term
	monthOver [2]int64              // month index, seconds of overtime in it
}

// teamState counts a team's people.
type teamState struct {
	freeOn, freeCall bitset // by index within the team
	of               *world.Team
	first            int32 // person
	onDuty, onCall   int32
}

const night0, night1 = 22, 7 // local hours of the night for approvals and partner prices: assumption

func (e *Engine) isNight(t model.Time) bool {
	h := e.hour(t)
	return h >= night0 || h < night1
}

func (e *Engine) hour(t model.Time) int {
	s := int64(t/1e9) % 86400
	if s < 0 {
		s += 86400
	}
	return int(s / 3600)
}

// resetPeople puts everybody at the base, off or on duty as the roster says.
func (e *Engine) resetPeople() {
	for i := range e.teams {
		t := &e.teams[i]
		t.freeOn.reset()
		t.freeCall.reset()
		t.onDuty, t.onCall = 0, 0
	}
	begin := -e.w.WarmUp
	for i := range e.people {
		wp := &e.w.Persons[i]
		tm := &e.w.Teams[wp.Team]
		p := &e.people[i]
		gen := p.gen
		*p = person{id: int32(i), team: wp.Team, crew: &e.teams[wp.Team], index: int32(i) - tm.First, place: tm.Place, from: tm.Place, since: begin,
			overFrom: model.Unset, task: -1, gen: gen + 1}
		if tm.LeaveWeeks > 0 && !tm.Cover {
			r := e.key(streamAbsence, wp.Hash)
			weeks := min(int(e.w.Term/(7*model.Day)), 52)
			for bits.OnesCount64(p.leave) < min(int(tm.LeaveWeeks), weeks) { // different weeks
				p.leave |= 1 << uint(r.Intn(weeks))
			}
		}
		if wp.Always {
			p.duty, p.pool = dutyOn, &p.crew.freeOn
			p.crew.onDuty++
			p.pool.set(p.index)
			e.tot.Rostered[p.team] += model.SecondsOf(e.w.Term)
			continue
		}
		for int(p.next) < len(wp.Duties) && wp.Duties[p.next].End <= begin {
			p.next++
		}
	}
	e.roster = 0
}

// absent reports whether a person misses the duty that starts at t: a week of leave, or sick.
func (e *Engine) isAbsent(p *person, tm *world.Team, t model.Time) bool {
	if tm.Cover {
		return false
	}
	if week := int(t / (7 * model.Day)); t >= 0 && p.leave&(1<<uint(week%52)) != 0 {
		return true
	}
	if tm.Sick > 0 {
		r := e.key(streamAbsence, rng.Mix(e.w.Persons[p.id].Hash, uint64(t/1e9)+1))
		return r.Bernoulli(tm.Sick)
	}
	return false
}

func (e *Engine) dutyBegins(p *person) {
	e.catchUp(p.team)
	wp := &e.w.Persons[p.id]
	d := wp.Duties[p.next]
	tm := p.crew.of
	p.absent = e.isAbsent(p, tm, d.Start)
	if p.absent {
		return
	}
	span := model.SecondsOf(clip(d.Start, d.End, 0, e.w.Term))
	ts := p.crew
	if d.OnCall {
		p.duty, p.pool = dutyCall, &ts.freeCall
		ts.onCall++
		e.tot.OnCallTime[p.team] += span
	} else {
		p.duty, p.pool = dutyOn, &ts.freeOn
		ts.onDuty++
		e.tot.Rostered[p.team] += span
		if p.overFrom != model.Unset { // what he does goes on inside the roster
			e.account(p)
		}
		e.endOvertime(p, e.now)
	}
	if p.doing == doNothing {
		p.since = e.now
		e.setFree(p)
	} else if p.doing == doReturn && tm.Return == world.Redirect {
		e.setFree(p)
	}
	e.dirty = true
}

func (e *Engine) dutyEnds(p *person) {
	e.catchUp(p.team)
	wp := &e.w.Persons[p.id]
	d := wp.Duties[p.next]
	p.next++
	if p.absent {
		p.absent = false
		return
	}
	ts := p.crew
	if d.OnCall {
		ts.onCall--
	} else {
		ts.onDuty--
	}
	e.setUnfree(p)
	p.duty, p.pool = dutyOff, nil
	e.dirty = true
	if p.doing == doNothing {
		if !d.OnCall {
			e.account(p)
		}
		p.since = e.now
		if p.place != p.crew.of.Place { // he stayed out there: home at the shift's end, unpaid by no clock
			p.place = p.crew.of.Place
		}
		return
	}
	if p.overFrom == model.Unset && !d.OnCall {
		e.account(p)
		p.overFrom = e.now
	}
	if !p.crew.of.Finish && !d.OnCall {
		e.handOver(p)
	}
}

// nextDuty begins the next duty if it follows without a gap: rosters list only beginnings after a gap.
func (e *Engine) nextDuty(p *person) {
	d := e.w.Persons[p.id].Duties
	if k := p.next; int(k) < len(d) && d[k].Start <= e.now {
		e.dutyBegins(p)
	}
}

// setFree offers a person to the dispatcher according to his duty.
func (e *Engine) setFree(p *person) {
	if p.pool != nil {
		p.pool.set(p.index)
	}
	e.dirty = true
}

func (e *Engine) setUnfree(p *person) {
	if p.pool != nil {
		p.pool.clear(p.index)
	}
}

// isCharged reports whether a third party pays for the people who are sent.
func (e *Engine) isCharged(it *item) bool {
	switch it.kind {
	case itemRemote, itemField, itemAhead, itemSupport:
		return e.w.Failures[e.tickets.at(it.subj).failure].ThirdParty
	}
	return false
}

// account books the time since the last change under what a person does, and what he does from now on begins. Idle counts
// only on shift.
func (e *Engine) account(p *person) {
	e.book(p)
	p.since = e.now
}

// book is account for those who set since themselves; it is small enough to be inlined.
func (e *Engine) book(p *person) {
	if p.since < e.plainFrom {
		e.bookApart(p)
	}
	p.spent[p.doing] += e.now - p.since
}

// bookApart books a span that may lie outside the term, that a record shows or that is booked elsewhere besides. It keeps
// book small.
//
//go:noinline
func (e *Engine) bookApart(p *person) { e.accountTo(p, e.now) }

// accountTo books up to any moment.
func (e *Engine) accountTo(p *person, at model.Time) {
	if p.since == at {
		return
	}
	a := activityOf[p.doing]
	if d := clip(p.since, at, 0, e.w.Term); d > 0 {
		p.spent[p.doing] += d
		if len(e.tot.Contracts) > 0 && a != model.ActIdle && a != model.ActBackground {
			e.tot.Contracts[p.contract].Time[p.team] += model.SecondsOf(d)
		}
		if len(e.tot.Years) > 0 && a != model.ActIdle && a != model.ActBackground {
			e.tot.Years[e.yearOf(at)].Time += model.SecondsOf(d)
		}
		if p.charged && a != model.ActIdle && a != model.ActBackground {
			e.tot.Charged[p.contract].Time += model.SecondsOf(d)
		}
	}
	if e.detail != nil {
		task := int32(-1)
		if p.kind == itemRemote || p.kind == itemField || p.kind == itemAhead || p.kind == itemSupport || p.kind == itemApproval {
			if p.task >= 0 {
				task = e.tickets.at(p.task).id
			}
		}
		e.detail.Person(trail.PersonSpan{Person: p.crew.of.First + p.index, Activity: a, Ticket: task, Start: p.since, End: at, Overtime: p.overFrom != model.Unset})
	}
	p.since = at
}

func clip(a, b, lo, hi model.Time) model.Time { return max(min(b, hi)-max(a, lo), 0) }

// begin starts a step that ends after d; d < 0 means that something else ends it.
func (e *Engine) begin(p *person, what doing, d model.Time) {
	if p.doing != doNothing || p.duty == dutyOn {
		e.book(p)
	}
	p.since = e.now
	switch p.doing {
	case doNothing:
		e.busy++
		e.setUnfree(p)
		if p.duty != dutyOn {
			p.overFrom = e.now
		}
	case doReturn:
		e.setUnfree(p)
	}
	if e.st.reconsiders && len(e.active) > 0 { // what he does now may be interrupted for what waits
		e.dirty = true
	}
	p.doing = what
	p.gen++
	p.stepEnd = e.now + d
	if d == 0 {
		e.step(p)
	} else if d > 0 {
		e.q.Push(e.now+d, evStep, p.id, p.gen)
	}
}

// release ends a person's work where he is; he may have been sent and not begun.
func (e *Engine) release(p *person) {
	if e.st.background {
		e.catchUp(p.team)
	}
	if p.doing != doNothing || p.duty == dutyOn {
		e.book(p)
	}
	p.since = e.now
	if p.doing != doNothing {
		e.busy--
	}
	p.doing, p.task, p.kind = doNothing, -1, 0
	p.gen++
	if p.duty != dutyOn {
		e.endOvertime(p, e.now)
	}
	if p.duty != dutyOff {
		e.setFree(p)
	} else {
		p.place = p.crew.of.Place
	}
	e.dirty = true
}

// endOvertime books the work outside the roster that ends now, by the kind of day.
func (e *Engine) endOvertime(p *person, at model.Time) {
	if p.overFrom == model.Unset {
		return
	}
	from, to := max(p.overFrom, 0), min(at, e.w.Term)
	p.overFrom = model.Unset
	for from < to {
		end := min(to, (from/model.Day+1)*model.Day)
		e.tot.Overtime[p.team][e.dayClass(from)] += model.SecondsOf(end - from)
		m := int64(e.w.Days.MonthIndex(from))
		if p.monthOver[0] != m {
			p.monthOver = [2]int64{m, 0}
		}
		before := p.monthOver[1]
		p.monthOver[1] += int64((end - from) / 1e9)
		if before <= 36*3600 && p.monthOver[1] > 36*3600 {
			e.tot.Overtime36[p.team]++
		}
		from = end
	}
}
