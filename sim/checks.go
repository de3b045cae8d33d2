package sim

import (
	"slices"
	"time"

	"slasim/model"
	"slasim/model/world"
	"slasim/sim/rng"
)

// Checks count what no fault tells (planned.checks): whether the promised people were there on a day, whether a kind of part
// is stocked, whether a part was there when it was asked for. Each count is a subject of its own.

const second = model.Time(time.Second)

// checked is memory of the checks, used again.
type checked struct {
	ms     [model.NumPeriodMilestones]model.Time
	next   []int        // by person of a team: the first duty that ends after the day begins
	came   []model.Time // of a day
	needed []bool       // by part
}

// counted hands over one count, of the period that ends at end; reached is when, model.Unset if it was not.
func (e *Engine) counted(plan int32, key uint64, end, reached model.Time) {
	pl := &e.w.Papers[plan]
	e.checked.ms = [model.NumPeriodMilestones]model.Time{end, reached}
	e.open++
	e.handOverPlain(model.SubjectPeriod, e.nextID[model.SubjectPeriod], rng.Mix(pl.Hash, key), -1, pl.Contract, plan, -1, false, e.checked.ms[:], nil, end+second)
	e.nextID[model.SubjectPeriod]++
}

// checks counts what follows from the rosters and the depots.
func (e *Engine) checks() {
	for k := range e.w.Papers {
		pl := &e.w.Papers[k]
		if e.w.Contracts[pl.Contract].Silent {
			continue
		}
		switch pl.Check {
		case world.OnDuty:
			e.checkDuties(int32(k))
		case world.Stocked:
			e.checkStocked(int32(k))
		}
	}
}

// checkDuties counts the days of the term: reached as soon as so many people of the team have been on shift that day.
func (e *Engine) checkDuties(plan int32) {
	pl := &e.w.Papers[plan]
	tm := &e.w.Teams[pl.Team]
	next, came := e.checked.next[:0], e.checked.came
	for range tm.Count {
		next = append(next, 0)
	}
	for from := model.Time(0); from < e.w.Term; from += model.Day {
		to := min(from+model.Day, e.w.Term)
		came = came[:0]
		for i := range tm.Count {
			p := &e.w.Persons[tm.First+i]
			if p.Always {
				came = append(came, from)
				continue
			}
			for next[i] < len(p.Duties) && p.Duties[next[i]].End <= from {
				next[i]++
			}
			for _, d := range p.Duties[next[i]:] {
				if d.Start >= to {
					break
				}
				if !d.OnCall && !e.isAbsent(&e.people[tm.First+i], tm, d.Start) {
					came = append(came, max(d.Start, from))
					break
				}
			}
		}
		slices.Sort(came)
		reached := model.Unset
		if len(came) >= int(pl.People) {
			reached = came[pl.People-1]
		}
		e.counted(plan, uint64(from/model.Day), to-second, reached)
	}
	e.checked.next, e.checked.came = next, came
}

// checkStocked counts, in each contract year, the kinds of parts that faults of the contract may need.
func (e *Engine) checkStocked(plan int32) {
	pl := &e.w.Papers[plan]
	needed := e.checked.needed[:0]
	for range e.w.Parts {
		needed = append(needed, false)
	}
	e.checked.needed = needed
	for i := range e.w.Sources {
		if e.w.Sources[i].Contract != pl.Contract {
			continue
		}
		for _, wf := range e.w.Sources[i].Failures {
			if f := &e.w.Failures[wf.Failure]; f.PartNeed > 0 {
				for _, p := range f.Parts {
					needed[p.Part] = true
				}
			}
		}
	}
	for year := 0; e.yearStart(year) < e.w.Term; year++ {
		from, to := e.yearStart(year), min(e.yearStart(year+1), e.w.Term)
		for p, need := range needed {
			if !need {
				continue
			}
			reached := model.Unset
			for d := range e.w.Depots {
				s := &e.w.Stock[e.stockIndex(int32(d), int32(p))]
				if s.Rule != world.NotStocked && s.S > 0 && e.w.Depots[d].Contracts&(1<<uint(pl.Contract)) != 0 {
					reached = from
				}
			}
			e.counted(plan, uint64(year)<<32|uint64(p), to-second, reached)
		}
	}
}

// partAsked counts a part that a ticket asks for, and whether it is there.
func (e *Engine) partAsked(t *ticket, there bool) {
	if e.st.partsCounted && e.now >= 0 && e.now < e.w.Term {
		e.countPart(t, there)
	}
}

func (e *Engine) countPart(t *ticket, there bool) {
	for k := range e.w.Papers {
		pl := &e.w.Papers[k]
		if pl.Check != world.FromStock || pl.Contract != t.contract {
			continue
		}
		reached := model.Unset
		if there {
			reached = e.now
		}
		t.asks++
		e.counted(int32(k), t.root.Mix(uint64(t.asks)|1<<48), e.now, reached)
	}
}
