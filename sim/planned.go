package sim

import (
	"math"
	"time"

	"slasim/model"
	"slasim/model/contract"
	"slasim/model/world"
	"slasim/sim/rng"
)

// job is a planned piece of work at one site in one period, done in one or more visits.
type job struct {
	id, plan, site, index int32 // index of the site in the plan
	period                int32
	hash                  uint64
	visits, done          int32
	left                  model.Time // work left of the visit in hand
	started               bool
	trips                 uint32
	perVisit              model.Time
	permitted, alive      bool
	ms                    [model.NumJobMilestones]model.Time
	ivs                   []model.Interval
}

// paper is a deliverable of one period.
type paper struct {
	id, plan int32
	alive    bool
	ms       [model.NumDeliverableMilestones]model.Time
	ivs      []model.Interval
}

// startJobs plans the visits of the first period of every plan; each period end plans the next.
func (e *Engine) startJobs() {
	for k := range e.w.Jobs {
		if e.w.Contracts[e.w.Jobs[k].Contract].Silent {
			continue
		}
		e.nextMonth[k] = 0
		at := e.w.Days.MonthStart(0)
		if e.w.Jobs[k].Listed {
			if len(e.w.Jobs[k].Periods) == 0 {
				continue
			}
			at = e.w.Jobs[k].Periods[0].Start
		}
		e.q.Push(max(at, 0), evPlan, int32(k), 0)
	}
	for k := range e.w.Papers {
		pl := &e.w.Papers[k]
		if pl.Emergency || pl.Check != world.Reports || e.w.Contracts[pl.Contract].Silent {
			continue
		}
		for m := 1; ; m++ {
			end := e.paperEnd(pl, m)
			if end > pl.From && (pl.Until == 0 || end <= pl.Until) {
				e.paperDue(int32(k), end)
			}
			if end >= e.w.Term {
				break
			}
		}
	}
}

// paperEnd is when the m-th period of a report ends, from 1.
func (e *Engine) paperEnd(pl *world.Paper, m int) model.Time {
	n := int(pl.PerYear)
	if n == 0 {
		return min(e.w.Days.MonthStart(m*int(max(pl.Months, 1))), e.w.Term)
	}
	year, part := (m-1)/n, (m-1)%n+1
	from, to := e.yearStart(year), e.yearStart(year+1)
	return min(from+((to-from)/model.Time(2*n)*model.Time(2*part-1)).Truncate(time.Second), e.w.Term) // in the middle of its part of the year
}

// yearStart is when a contract year begins, from 0.
func (e *Engine) yearStart(year int) model.Time {
	return e.w.Start.AddDate(year, 0, 0).Sub(e.w.Start)
}

// paperDue plans a report on a period that ends at end.
func (e *Engine) paperDue(plan int32, end model.Time) {
	j, p := e.papers.take()
	*p = paper{alive: true, ivs: p.ivs[:0], plan: plan}
	p.ms = [model.NumDeliverableMilestones]model.Time{end, model.Unset}
	e.q.Push(end, evPaper, j, 0)
	e.open++
}

// counter counts the reports of a plan that promises a number a year.
type counter struct {
	year, n int32
	ms      [model.NumPeriodMilestones]model.Time // as they are handed over
}

func newCounter(year int32) counter {
	return counter{year: year, ms: [model.NumPeriodMilestones]model.Time{model.Unset, model.Unset}}
}

// countPaper counts a report that was delivered now.
func (e *Engine) countPaper(plan int32) {
	c, promised := &e.counters[plan], e.w.Papers[plan].Promised
	e.countYears(plan, e.now)
	if c.n++; c.n == promised {
		c.ms[model.CountReached] = e.now
	}
}

// countYears hands over the counts of the contract years that ended by at, as far as all of a year is in the plan.
func (e *Engine) countYears(plan int32, at model.Time) {
	c, pl := &e.counters[plan], &e.w.Papers[plan]
	for {
		from, end := e.yearStart(int(c.year)), e.yearStart(int(c.year)+1)
		if end > e.w.Term || end > at {
			return
		}
		if from >= pl.From && (pl.Until == 0 || end <= pl.Until) {
			c.ms[model.CountEnd] = end - model.Time(time.Second)
			e.open++
			e.handOverPlain(model.SubjectPeriod, e.nextID[model.SubjectPeriod], rng.Mix(pl.Hash, uint64(c.year)), -1, pl.Contract, plan, -1, false, c.ms[:], nil, end)
			e.nextID[model.SubjectPeriod]++
		}
		*c = newCounter(c.year + 1)
	}
}

// periodBegins plans the visits of a period and calls for the next one.
func (e *Engine) periodBegins(k int32) {
	pl := &e.w.Jobs[k]
	n := e.nextMonth[k]
	if pl.Listed {
		e.planPeriod(k, n, pl.Periods[n].Start, pl.Periods[n].End)
		if e.nextMonth[k]++; int(n)+1 < len(pl.Periods) {
			e.q.Push(max(pl.Periods[n+1].Start, e.now), evPlan, k, 0)
		}
		return
	}
	e.planPeriod(k, n, e.w.Days.MonthStart(int(n)), e.w.Days.MonthStart(int(n+max(pl.Months, 1))))
	e.nextMonth[k] += max(pl.Months, 1)
	if at := e.w.Days.MonthStart(int(e.nextMonth[k])); at < e.w.Term {
		e.q.Push(at, evPlan, k, 0)
	}
}

// planPeriod spreads the sites of a plan over the working days of the period in which a visit can still be
// finished; one job per site.
func (e *Engine) planPeriod(plan, month int32, from, to model.Time) {
	pl := &e.w.Jobs[plan]
	from, to = max(from, 0), min(to, e.w.Term)
	if to <= from || from < pl.From || pl.Until > 0 && from >= pl.Until {
		return
	}
	days := e.planDays[:0]
	for d := from; d < to; d += model.Day {
		if e.calendar(pl.Calendar).Working(d) && e.calendar(pl.Calendar).WorkdaysBefore(d, int(pl.Notice)) >= -e.w.WarmUp { // else no notice could be given
			days = append(days, d)
		}
	}
	e.planDays = days
	if len(days) == 0 {
		return
	}
	usable := max(len(days)*4/5, 1) // the last fifth of the period is left for what was put off: assumption
	n := len(pl.Sites)
	for s := range pl.Sites {
		hash := rng.Mix(rng.Mix(pl.Hash, uint64(pl.Sites[s])), uint64(month))
		if pl.Share < 1 {
			if r := e.key(streamJob, rng.Mix(hash, 5<<20)); !r.Bernoulli(pl.Share) {
				continue // not wanted here this time
			}
		}
		j, jb := e.jobs.take()
		*jb = job{alive: true, ivs: jb.ivs[:0], id: e.nextID[model.SubjectJob], plan: plan, site: pl.Sites[s], index: int32(s), period: month, hash: hash}
		e.nextID[model.SubjectJob]++
		for m := range jb.ms {
			jb.ms[m] = model.Unset
		}
		jb.ms[model.JobDue] = to
		perDevice := rng.Mean(&pl.PerDevice)
		total := perDevice * float64(pl.Devices[s])
		jb.visits = max(int32(math.Ceil(total*1e9/float64(max(pl.MaxVisit, 1)))), 1)
		day := days[s*usable/max(n, 1)]
		visit := day + model.Time(pl.StartHour)*model.RoundSeconds(3600)
		jb.ms[model.JobNotified] = e.calendar(pl.Calendar).WorkdaysBefore(visit, int(pl.Notice))
		if pl.Cancel > 0 {
			r := e.key(streamJob, hash)
			if r.Bernoulli(pl.Cancel) { // the customer objects: the visit moves
				visit += pl.Postpone
			}
		}
		if pl.Confirm > 0 {
			jb.ms[model.JobConfirmed] = visit - pl.Confirm
		}
		e.open++
		e.q.Push(max(visit, e.now), evJob, j, 0)
	}
}

func (e *Engine) calendar(i int32) cal { return e.st.calendars[i+1] }

// jobDue asks for somebody to do the next visit of a job.
func (e *Engine) jobDue(j int32) {
	jb := e.jobs.at(j)
	pl := &e.w.Jobs[jb.plan]
	if e.now >= 0 && e.now < e.w.Term {
		e.tot.Jobs++
	}
	if jb.done == 0 { // one draw scales the whole job: its devices share their condition
		r := e.key(streamJob, rng.Mix(jb.hash, 1))
		total := rng.SampleFloat(&pl.PerDevice, &r) * float64(pl.Devices[jb.index])
		jb.left = model.RoundSeconds(total / float64(jb.visits))
		jb.perVisit = jb.left
	} else {
		jb.left = jb.perVisit
	}
	jb.left += e.draw(&pl.Talk, streamJob, rng.RootOf(jb.hash), uint64(jb.done)+2<<20)
	jb.permitted = false
	e.queueJob(j)
}

func (e *Engine) queueJob(j int32) {
	jb := e.jobs.at(j)
	pl := &e.w.Jobs[jb.plan]
	it := e.newItem(itemJob, classPlanned, 0, e.nextSeq(), j, jb.site, pl.Contract)
	e.enqueue(it, e.queueOf(world.RolePlanned, pl.Skill, 0, pl.Contract, -1))
}

func (e *Engine) jobAssigned(p *person, j int32) {
	jb := e.jobs.at(j)
	e.begin(p, doMobilise, e.mobilise(p, jb.hash, &jb.trips))
}

func (e *Engine) jobArrived(p *person) {
	jb := e.jobs.at(p.task)
	pl := &e.w.Jobs[jb.plan]
	if jb.ms[model.JobStarted] == model.Unset {
		jb.ms[model.JobStarted] = e.now
	}
	d := model.Time(0)
	if !jb.permitted {
		d = e.draw(&pl.Permission, streamJob, rng.RootOf(jb.hash), uint64(jb.done)+3<<20)
	}
	e.begin(p, doJobPermission, d)
}

func (e *Engine) jobPermitted(p *person) {
	jb := e.jobs.at(p.task)
	jb.permitted = true
	e.begin(p, doJobWork, jb.left)
}

// jobInterrupted keeps what was done; the rest waits again.
func (e *Engine) jobInterrupted(p *person) {
	jb := e.jobs.at(p.task)
	if p.doing == doJobWork {
		jb.left = p.stepEnd - e.now
	}
	e.queueJob(p.task)
}

// jobWorked ends a visit: findings open tickets, and the next visit of the job follows.
func (e *Engine) jobWorked(p *person) {
	j := p.task
	jb := e.jobs.at(j)
	pl := &e.w.Jobs[jb.plan]
	jb.done++
	if pl.Findings > 0 {
		e.findings(jb, pl)
	}
	p.task = -1
	e.goHome(p)
	if jb.done < jb.visits {
		next := e.now + model.RoundSeconds(1)
		if h := e.hour(e.now); h >= 16 { // no further visit that day: assumption
			next = (e.now/model.Day+1)*model.Day + model.Time(pl.StartHour)*model.RoundSeconds(3600)
			for k := 0; k < 15 && !e.calendar(pl.Calendar).Working(next); k++ {
				next += model.Day
			}
		}
		e.q.Push(next, evJob, j, 0)
		return
	}
	jb.ms[model.JobDone] = e.now
	if r := &pl.Report; r.Share > 0 {
		e.jobReport(jb, pl, r)
	}
	e.closeJob(j)
}

// jobReport is the desk work after a job; no clock waits for it.
func (e *Engine) jobReport(jb *job, pl *world.JobPlan, r *world.AdminTask) {
	entity := rng.Mix(jb.hash, 4<<20)
	u := e.key(streamAdmin, entity)
	if r.Share < 1 && !u.Bernoulli(r.Share) {
		return
	}
	a, x := e.admins.take()
	*x = admin{ticket: -1, complaint: -1, paper: -1, work: e.draw(&r.Work, streamAdmin, rng.RootOf(entity), 2), role: r.Role, contract: pl.Contract}
	e.q.Push(e.now+e.draw(&r.Delay, streamAdmin, rng.RootOf(entity), 1), evAdmin, a, 0)
}

func (e *Engine) closeJob(j int32) {
	jb := e.jobs.at(j)
	jb.alive = false
	e.handOverPlain(model.SubjectJob, jb.id, jb.hash, -1, e.w.Jobs[jb.plan].Contract, jb.plan, jb.site, jb.ms[model.JobDue] <= 0, jb.ms[:], jb.ivs, max(e.now, jb.ms[model.JobDue]))
	e.jobs.give(j)
}

// findings opens tickets for what a visit found, keyed by the job.
func (e *Engine) findings(jb *job, pl *world.JobPlan) {
	r := e.key(streamJob, rng.Mix(jb.hash, uint64(jb.done)|1<<42))
	mean := pl.Findings * float64(pl.Devices[jb.index]) / float64(jb.visits)
	n := 0
	for x := rng.NextExp(&r, 1); x < mean; x += rng.NextExp(&r, 1) {
		n++
	}
	src := e.st.siteSources[int(pl.Contract)*len(e.w.Places)+int(jb.site)] // of the contract that is visited
	for k := 0; k < n && len(src) > 0; k++ {
		s := src[r.Intn(len(src))]
		e.pendFault(e.now, pending{source: s, failure: -1, parent: -1, secondary: true, tag: contract.Finding, entity: rng.Mix(jb.hash, uint64(jb.done)<<20|uint64(k)|1<<43)})
	}
}

// periodEnds: the work on a report may begin once its data are in.
func (e *Engine) periodEnds(j int32) {
	p := e.papers.at(j)
	pl := &e.w.Papers[p.plan]
	p.id = e.nextID[model.SubjectDeliverable]
	e.nextID[model.SubjectDeliverable]++
	entity := rng.Mix(pl.Hash, uint64(e.now/1e9))
	a, x := e.admins.take()
	*x = admin{ticket: -1, complaint: -1, paper: j, work: e.draw(&pl.Work, streamPaper, rng.RootOf(entity), 1), role: pl.Role, contract: pl.Contract}
	e.q.Push(e.now+e.draw(&pl.Delay, streamPaper, rng.RootOf(entity), 0), evAdmin, a, 0)
}

func (e *Engine) delivered(j int32) {
	p := e.papers.at(j)
	p.ms[model.Delivered] = e.now
	if e.w.Papers[p.plan].PerYear > 0 {
		e.countPaper(p.plan)
	}
	e.closePaper(j)
}

func (e *Engine) closePaper(j int32) {
	p := e.papers.at(j)
	p.alive = false
	pl := &e.w.Papers[p.plan]
	e.handOverPlain(model.SubjectDeliverable, p.id, rng.Mix(pl.Hash, uint64(p.ms[model.PeriodEnd]/1e9)), -1, pl.Contract, p.plan, -1, p.ms[model.PeriodEnd] <= 0, p.ms[:], p.ivs, e.now)
	e.papers.give(j)
}
