package sim

import (
	"cmp"
	"slices"

	"slasim/model"
	"slasim/model/calendar"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/sim/internal/evq"
	"slasim/sim/rng"
)

type cal = *calendar.Calendar

const (
	dayOff       = calendar.DayOff
	dayStatutory = calendar.Statutory
)

// static is what the engine computes once from the world.
type static struct {
	kinds         [][]uint64 // by source: thresholds of its failures
	odds          []failureOdds
	contractOdds  []contractOdds
	queueIndex    map[queueKey]int32
	deskQueue     []int32   // by contract
	remoteQueue   [][]int32 // by contract, failure
	fieldQueue    [][]int32
	pairQueue     [][]int32 // of contracts whose engineers bring the part
	approverQueue []int32   // -1 none
	signQueue     [][]int32 // by contract, sign-off; -1 none
	teamHash      []uint64
	dueClauses    [][]int32
	ticketClauses [][]int32
	forecast      []model.Time // by failure: expected outage
	entryMean     model.Time
	mobMean       []model.Time // by team
	callMean      []model.Time
	loanerOf      []int32 // by failure
	buyLead       []model.Dist
	buyFactor     []float64
	stockHash     []uint64
	handlingMean  []model.Time // by depot
	siteSources   [][]int32    // by contract × place
	calendars     []cal        // index 0 = 24x7
	roster        []evq.Event  // all changes of all rosters, sorted
	peakOn        []int32      // by team: most people on shift at once
	speedVaries   bool
	fromBase      []way // by team × place: the expected way there; nil if it takes longer at some hours or on some days
	restricted    bool  // not everybody free may be sent
	redirects     bool
	onCallCounts  bool
	mayInterrupt  bool
	reconsiders   bool // faults may be interrupted for others, at the next step if not at this
	partners      bool
	afterwards    []bool       // by contract: some work may follow a solved ticket
	ladders       bool         // some contract has one
	restoreMean   []model.Time // by failure
	firstUnit     []int32      // by source: its first place in Engine.failures
	yearEnds      []model.Time // of several contract years
	charges       bool         // third parties pay for some faults
	apart         bool         // time is booked elsewhere besides: to contracts, years or third parties
	partsCounted  bool         // some promise counts the parts asked for
	daily         bool         // some report is due every day of an emergency
	background    bool         // some team works for other contracts too
	backGap       []float64    // by team: mean seconds between background tasks when as many are on shift as ever
}

// way is the way from a base to a place, entry included.
type way struct {
	span   model.Time
	metres int32
}

func mean(d *model.Dist) model.Time { return model.RoundSeconds(rng.Mean(d)) }

func (e *Engine) compile() {
	w := e.w
	st := &e.st
	st.compileOdds(w)
	st.queueIndex = map[queueKey]int32{}
	for ci := range w.Contracts {
		c := int32(ci)
		pr := &w.Contracts[ci].Process
		st.afterwards = append(st.afterwards, pr.Report.Share+pr.CallBack.Share+pr.Record.Share+pr.Survey.Share+
			pr.Complaint.Share+pr.Complaint.ShareLate > 0)
		st.ladders = st.ladders || len(w.Contracts[ci].Ladder) > 0
		st.deskQueue = append(st.deskQueue, e.queueOf(world.RoleDesk, -1, 0, c, -1))
		rq, fq := make([]int32, len(w.Failures)), make([]int32, len(w.Failures))
		var pq []int32
		for f := range w.Failures {
			rq[f] = e.queueOf(world.RoleRemote, w.Failures[f].Skill, 0, c, -1)
			fq[f] = e.queueOf(world.RoleField, w.Failures[f].Skill, 0, c, -1)
			if pr.Carry != world.Sent {
				pq = append(pq, e.queueBy(queueKey{role: world.RoleField, skill: w.Failures[f].Skill, contract: c, team: -1, pair: true}))
			}
		}
		st.pairQueue = append(st.pairQueue, pq)
		st.remoteQueue, st.fieldQueue = append(st.remoteQueue, rq), append(st.fieldQueue, fq)
		var sign []int32
		for k := range pr.SignOff {
			s := int32(-1)
			if t := pr.SignOff[k].Team; t >= 0 {
				s = e.queueOf(world.RoleApprover, -1, 0, c, t)
			}
			sign = append(sign, s)
		}
		st.signQueue = append(st.signQueue, sign)
		q := e.queueOf(world.RoleApprover, -1, 0, c, -1)
		if len(e.queues[q].teams) == 0 {
			q = -1
		}
		st.approverQueue = append(st.approverQueue, q)
		var due, all []int32
		for k := range w.Clauses {
			cl := &w.Clauses[k]
			if cl.Contract != c || cl.Of != model.SubjectTicket || cl.Kind != 0 || cl.Target == 0 {
				continue
			}
			all = append(all, int32(k))
			for _, m := range cl.Clock.Stop.Of {
				if m == model.Arrived || m == model.Responded {
					due = append(due, int32(k))
					break
				}
			}
		}
		st.dueClauses, st.ticketClauses = append(st.dueClauses, due), append(st.ticketClauses, all)
	}
	for i := range w.Teams {
		t := &w.Teams[i]
		st.teamHash = append(st.teamHash, rng.HashName(t.ID))
		st.background = st.background || t.Background > 0
		mob, call := &w.Travel.Mobilise, &w.Travel.MobiliseCall
		if t.Mobilise != nil {
			mob = t.Mobilise
		}
		if t.MobiliseCall != nil {
			call = t.MobiliseCall
		}
		m, c := mean(mob), mean(call)
		if t.Partner {
			m += mean(&t.PartnerDelay)
			st.partners = true
		}
		peak := peakOnDuty(w, t)
		st.peakOn = append(st.peakOn, peak)
		st.backGap = append(st.backGap, rng.Mean(&t.BackgroundTask)/(t.Background*float64(peak)))
		st.mobMean, st.callMean = append(st.mobMean, m), append(st.callMean, c)
	}
	for i := range w.Failures {
		f := &w.Failures[i]
		visit := rng.Mean(&f.Remote) + rng.Mean(&f.Diagnose) + rng.Mean(&f.Restore)
		st.forecast = append(st.forecast, model.RoundSeconds(f.RemoteFix*rng.Mean(&f.Remote)+(1-f.RemoteFix)*visit))
		st.restoreMean = append(st.restoreMean, mean(&f.Restore))
		st.loanerOf = append(st.loanerOf, f.Loaner)
	}
	st.entryMean = mean(&w.Travel.Entry)
	st.speedVaries = len(w.Travel.Weather) > 0 || w.Travel.HolidayFactor != 1
	for _, f := range w.Travel.MonthFactor {
		st.speedVaries = st.speedVaries || f != 1
	}
	st.restricted = w.Dispatch.Policy == world.ReserveOne || len(w.Jobs) > 0
	for i := range w.Teams {
		st.restricted = st.restricted || w.Teams[i].Resident || w.Teams[i].Partner
	}
	st.redirects = w.Dispatch.Policy == world.RedirectPolicy
	e.layWays()
	st.onCallCounts = w.Dispatch.UseOnCall
	st.reconsiders = w.Dispatch.Preempt == world.PreemptLower || w.Dispatch.Policy == world.RedirectPolicy
	st.mayInterrupt = w.Dispatch.Preempt != world.PreemptNone || w.Dispatch.Policy == world.RedirectPolicy
	for p := range w.Parts {
		lead, factor := model.Dist{}, 1.0
		for d := range w.Depots {
			if s := &w.Stock[e.stockIndex(int32(d), int32(p))]; !s.Lead.IsZero() {
				lead = s.Lead
				if s.Buys {
					lead, factor = s.Emergency, s.EmergencyFactor
				}
				break
			}
		}
		st.buyLead, st.buyFactor = append(st.buyLead, lead), append(st.buyFactor, factor)
	}
	for d := range w.Depots {
		st.handlingMean = append(st.handlingMean, mean(&w.Depots[d].Handling))
		for p := range w.Parts {
			st.stockHash = append(st.stockHash, rng.HashName(w.Depots[d].ID+"/"+w.Parts[p].ID))
		}
	}
	st.siteSources = make([][]int32, len(w.Contracts)*len(w.Places))
	for s := range w.Sources {
		k := int(w.Sources[s].Contract)*len(w.Places) + int(w.Sources[s].Site)
		st.siteSources[k] = append(st.siteSources[k], int32(s))
	}
	st.calendars = append([]cal{nil}, w.Calendars...)
	if w.Days != nil {
		first := w.Days.Day(-w.WarmUp) - 1
		n := w.Days.Day(w.Term+w.DrainCap) + 2 - first
		e.wx = weatherCache{first: first, days: n}
		if len(w.Travel.Weather) > 0 {
			e.wx.state = make([]weatherDay, n*max(len(w.Regions), 1))
		}
	}
	st.roster = rosterEvents(w)
	e.people = make([]person, len(w.Persons))
	e.teams = make([]teamState, len(w.Teams))
	for i := range e.teams {
		n := (w.Teams[i].Count + 63) / 64
		e.teams[i] = teamState{of: &w.Teams[i], first: w.Teams[i].First, freeOn: bitset{w: make([]uint64, n)}, freeCall: bitset{w: make([]uint64, n)}}
	}
	e.stock = make([]stockState, len(w.Stock))
	e.nextMonth = make([]int32, len(w.Jobs))
	units := int32(0)
	for k := range w.Sources {
		st.firstUnit = append(st.firstUnit, units)
		if w.Contracts[w.Sources[k].Contract].Process.ReplaceOn > 0 {
			units += max(w.Sources[k].Units, 1)
		}
	}
	e.failures = make([]int32, units)
	e.counters = make([]counter, len(w.Papers))
	for k := range w.Papers {
		st.daily = st.daily || w.Papers[k].Emergency
		st.partsCounted = st.partsCounted || w.Papers[k].Check == world.FromStock
	}
	e.bursts, e.quests = make([]streamState, len(w.Bursts)), make([]streamState, len(w.Questions))
	e.backs = make([]background, len(w.Teams))
	t := &e.tot
	t.Activity = make([][model.NumActivities]model.Seconds, len(w.Teams))
	t.Rostered, t.OnCallTime = make([]model.Seconds, len(w.Teams)), make([]model.Seconds, len(w.Teams))
	t.Overtime, t.Overtime36 = make([][3]model.Seconds, len(w.Teams)), make([]int32, len(w.Teams))
	t.VisitsDay, t.VisitsNight, t.CallsTaken = make([]int64, len(w.Teams)), make([]int64, len(w.Teams)), make([]int64, len(w.Teams))
	t.Stock = make([]trail.StockTotals, len(w.Stock))
	t.VendorCalls = make([]int64, len(w.Vendors))
	if w.Years > 1 {
		t.Years = make([]trail.YearTotals, w.Years)
		for y := range w.Years {
			st.yearEnds = append(st.yearEnds, e.yearStart(y+1))
		}
	}
	for i := range w.Contracts {
		st.charges = st.charges || w.Contracts[i].Charge != world.Charge{}
	}
	if st.charges {
		t.Charged = make([]trail.Charged, len(w.Contracts))
	}
	st.apart = st.charges || len(w.Contracts) > 1 || len(t.Years) > 0
	if n := len(w.Contracts); n > 1 {
		t.Contracts = make([]trail.ContractTotals, n)
	}
	for i := range t.Contracts {
		t.Contracts[i] = trail.NewContractTotals(len(w.Teams), len(w.Vendors))
	}
}

// yearOf is the contract year of a moment; the last takes what comes later.
func (e *Engine) yearOf(at model.Time) int {
	y := 0
	for y+1 < len(e.st.yearEnds) && at >= e.st.yearEnds[y] {
		y++
	}
	return y
}

// layWays reckons the ways from all bases once, if the hour and the day make no difference.
func (e *Engine) layWays() {
	w := e.w
	if w.Travel.Mode == world.RoadTravel && (e.st.speedVaries || w.Travel.HasCityLeg) {
		return
	}
	for i := range w.Teams {
		base := w.Teams[i].Place
		for place := range w.Places {
			metres := e.dist(base, int32(place))
			road, legs := e.roadSeconds(base, int32(place), metres, 0)
			e.st.fromBase = append(e.st.fromBase, way{model.RoundSeconds(road) + legs + e.st.entryMean, int32(metres)})
		}
	}
}

// rosterEvents are the beginnings and ends of all duties, in order.
func rosterEvents(w *world.World) []evq.Event {
	var all []evq.Event
	for i := range w.Persons {
		for k, d := range w.Persons[i].Duties {
			if d.End <= -w.WarmUp {
				continue
			}
			if k == 0 || w.Persons[i].Duties[k-1].End < d.Start || d.Start <= -w.WarmUp {
				all = append(all, evq.Make(max(d.Start, -w.WarmUp), evPersonIn, int32(i)))
			}
			all = append(all, evq.Make(d.End, evPersonOut, int32(i)))
		}
	}
	evq.Sort(all)
	return append(all, evq.Make(model.Far, numEvents, 0))
}

// peakOnDuty is the most people of a team that the roster has on shift at once.
func peakOnDuty(w *world.World, t *world.Team) int32 {
	type change struct {
		at model.Time
		by int32
	}
	var all []change
	on := int32(0)
	for p := t.First; p < t.First+t.Count; p++ {
		if w.Persons[p].Always {
			on++
		}
		for _, d := range w.Persons[p].Duties {
			if !d.OnCall {
				all = append(all, change{d.Start, 1}, change{d.End, -1})
			}
		}
	}
	slices.SortFunc(all, func(a, b change) int {
		if a.at != b.at {
			return cmp.Compare(a.at, b.at)
		}
		return cmp.Compare(a.by, b.by) // out before in
	})
	peak := on
	for _, c := range all {
		on += c.by
		peak = max(peak, on)
	}
	return peak
}

func (e *Engine) reset(rep uint32) {
	w := e.w
	e.rep = rep
	for s := range e.streams {
		e.streams[s] = rng.Key{Seed: e.seed, Rep: rep, Stream: rng.Stream(s)}.Family()
	}
	e.now = -w.WarmUp
	e.q.Reset()
	e.faults.Reset()
	e.seq, e.open, e.busy, e.dirty = 0, 0, 0, false
	e.nextID = [model.NumSubjects]int32{}
	e.fp, e.sfp = 0xcbf29ce484222325, 0xcbf29ce484222325
	e.lastStart = w.Term
	if w.AfterHorizon == world.RunOn {
		e.lastStart = w.Term + w.DrainCap
	}
	e.pend.reset()
	e.timers.reset()
	e.orders.reset()
	e.demands.reset()
	e.tickets.reset()
	e.calls.reset()
	e.admins.reset()
	e.jobs.reset()
	e.papers.reset()
	clear(e.failures)
	for i := range e.counters {
		e.counters[i] = newCounter(0)
	}
	e.comps.reset()
	e.courier.reset()
	e.items.reset()
	e.lone, e.active, e.pairs = -1, e.active[:0], e.pairs[:0]
	for i := range e.queues {
		q := &e.queues[i]
		q.heap, q.log, q.live, q.isActive = q.heap[:0], q.log[:0], 0, false
	}
	t := &e.tot
	clear(t.Activity)
	clear(t.Rostered)
	clear(t.OnCallTime)
	clear(t.Overtime)
	clear(t.Overtime36)
	clear(t.VisitsDay)
	clear(t.VisitsNight)
	clear(t.CallsTaken)
	clear(t.Stock)
	clear(t.VendorCalls)
	clear(t.Years)
	clear(t.Charged)
	for i := range t.Contracts {
		t.Contracts[i].Reset()
	}
	keep := *t
	*t = trail.Totals{Rep: int32(rep), Horizon: w.Term, Activity: keep.Activity, Rostered: keep.Rostered, OnCallTime: keep.OnCallTime,
		Overtime: keep.Overtime, Overtime36: keep.Overtime36, VisitsDay: keep.VisitsDay, VisitsNight: keep.VisitsNight,
		CallsTaken: keep.CallsTaken, Stock: keep.Stock, VendorCalls: keep.VendorCalls, Years: keep.Years, Charged: keep.Charged, Contracts: keep.Contracts}
}

func (e *Engine) start() {
	e.resetPeople()
	e.resetStock()
	e.q.Push(model.Far, numEvents, 0, 0)
	e.faults.Push(model.Far, numEvents, 0, 0)
	e.q.Push(e.w.Term, evEnd, 0, 0)
	if e.w.History != nil {
		e.startHistory()
	} else {
		e.startSources()
		e.startBursts()
	}
	for k := range e.w.Questions {
		q := &e.w.Questions[k]
		if e.w.Contracts[q.Contract].Silent {
			continue
		}
		e.quests[k] = streamState{rand: e.key(streamGap, q.Hash)}
		if at := e.nextArrival(&e.quests[k].rand, q.Rate, q.Profile); at != model.Far {
			e.q.Push(at, evQuestion, int32(k), 0)
		}
	}
	e.startJobs()
	e.startBackground()
	e.lookAhead()
}

// termEnds books what the term judged; what is open runs on as the scenario says.
func (e *Engine) termEnds() { e.dirty = true }

// finish hands over what is still open: its clocks are censored where they have not passed their limit.
func (e *Engine) finish() {
	end := e.now
	for i := int32(0); i < e.tickets.n; i++ {
		if t := e.tickets.at(i); t.alive {
			if t.item >= 0 {
				e.writeReasons(e.items.at(t.item), &e.queues[e.items.at(t.item).queue])
			}
			e.handOverTicket(t, end)
		}
	}
	for i := int32(0); i < e.calls.n; i++ {
		if c := e.calls.at(i); c.alive {
			e.closeCall(c)
		}
	}
	for i := int32(0); i < e.comps.n; i++ {
		if e.comps.at(i).alive {
			e.closeComplaint(i)
		}
	}
	for i := int32(0); i < e.jobs.n; i++ {
		if e.jobs.at(i).alive {
			e.closeJob(i)
		}
	}
	for i := int32(0); i < e.papers.n; i++ {
		if e.papers.at(i).alive {
			e.closePaper(i)
		}
	}
	for k := range e.w.Papers {
		if pl := &e.w.Papers[k]; pl.PerYear > 0 && !e.w.Contracts[pl.Contract].Silent {
			e.countYears(int32(k), end)
		}
	}
	e.checks()
	for k := range e.backs {
		e.catchUp(int32(k))
	}
	for i := range e.people {
		p := &e.people[i]
		if p.doing != doNothing || p.duty == dutyOn {
			e.account(p)
		}
		e.endOvertime(p, e.now)
		for what, d := range p.spent {
			e.tot.Activity[p.team][activityOf[what]] += model.SecondsOf(d)
		}
	}
	for k := range e.stock {
		e.tally(int32(k))
	}
	e.tot.Ended = end
	e.tot.Fingerprint, e.tot.StreamFingerprint = e.fp, e.sfp
}
