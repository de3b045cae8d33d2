// Package why finds out why clauses were late: what the late time was spent on, and which of it would have had to be
// otherwise. The latter is a counterfactual: the same replication, on the same random numbers, in a world in which one
// obstacle is taken away.
package why

import (
	"slices"

	"slasim/model"
	"slasim/model/world"
)

// Obstacle is what a counterfactual takes away.
type Obstacle uint8

// Obstacles, from those that money removes.
const (
	Shift    Obstacle = iota // people off shift: everybody is on duty at his place round the clock, and service hours have no end
	Busy                     // people busy with something else: as many as are asked for, at their places, on their rosters
	Skill                    // people who lack a skill or a tier: everybody can do everything of his role
	Part                     // stock that is empty or wrong: every depot of ours has every part, and it is the right one
	Travel                   // the road: nobody and nothing takes time to drive; to mobilise and to enter still does
	Approval                 // waits for a yes, the customer's and our own
	Vendor                   // waits for the manufacturer
	NumObstacles
)

var names = [NumObstacles]string{"shift", "busy", "skill", "part", "travel", "approval", "vendor"}

func (o Obstacle) String() string { return names[o] }

// states are those that an obstacle stands behind. A call waits for the desk because its people are busy; where they are
// off shift, the counterfactual says so.
var states = [NumObstacles]model.KindSet{
	Shift:  set(model.NobodyOnShift),
	Busy:   set(model.AllBusy, model.DeskQueue),
	Skill:  set(model.WrongSkill),
	Part:   set(model.NoPart),
	Travel: set(model.Travel),
	Approval: set(model.CustomerApprovalRemote, model.CustomerApprovalOnsite, model.CustomerAbsent, model.Appointment,
		model.Authorisation, model.Quotation, model.Consent, model.OwnApproval),
	Vendor: set(model.Vendor),
}

func set(kinds ...model.IntervalKind) (s model.KindSet) {
	for _, k := range kinds {
		s = s.With(k)
	}
	return s
}

// Behind is the obstacle behind a state; false for work, mobilising, entry and time without a state, which nothing here
// takes away.
func Behind(state int) (Obstacle, bool) {
	for o, s := range states {
		if state < int(model.NumIntervalKinds) && s.Has(model.IntervalKind(state)) {
			return Obstacle(o), true
		}
	}
	return 0, false
}

// Without is w without the obstacle; w is left as it is. crowd is by how many each person is multiplied where nobody may
// be busy (at least 1), which is enough once nobody is found to be waited for.
func (o Obstacle) Without(w *world.World, crowd int32) *world.World {
	v := *w
	switch o {
	case Shift:
		v.Teams, v.Persons = slices.Clone(w.Teams), slices.Clone(w.Persons)
		for i := range v.Teams {
			v.Teams[i].LeaveWeeks, v.Teams[i].Sick = 0, 0
		}
		for i := range v.Persons {
			p := &v.Persons[i]
			p.Always, p.Duties = true, nil
			for _, k := range w.Teams[p.Team].Only { // who is there in a part of the term is so day and night, but no longer
				p.Always, p.Duties = false, append(p.Duties, world.Duty{Start: k.Start, End: k.End})
			}
		}
		v.Contracts = slices.Clone(w.Contracts)
		for i := range v.Contracts {
			v.Contracts[i].Process.Served = 0
		}
	case Busy:
		v.Teams, v.Persons = slices.Clone(w.Teams), nil
		for i := range v.Teams {
			t := &v.Teams[i]
			own := w.Persons[t.First : t.First+t.Count]
			t.First, t.Count = int32(len(v.Persons)), t.Count*crowd
			for range crowd {
				v.Persons = append(v.Persons, own...) // off, away and ill when the one they stand for is
			}
			t.Background, t.Accept = 0, 1
		}
	case Skill:
		v.Teams = slices.Clone(w.Teams)
		raise := raiseOf(w)
		for i := range v.Teams {
			t := &v.Teams[i]
			t.Skills = ^uint64(0)
			if t.Roles&(1<<world.RoleSupport) != 0 {
				t.Tier = min(t.Tier+raise, highestTier)
			}
			for d := 1; d < len(t.Rate); d++ {
				t.Rate[d] = max(t.Rate[d], 1)
			}
		}
	case Part:
		fill(&v)
	case Travel:
		v.Travel.Mode = world.NoTravel
		v.Dispatch.CourierSpeedKmh = 0
	case Approval:
		v.Contracts, v.Jobs = slices.Clone(w.Contracts), slices.Clone(w.Jobs)
		for i := range v.Contracts {
			p := &v.Contracts[i].Process
			for _, a := range approvals(p) {
				*a = world.Approval{}
			}
			p.SignOff, p.Revision = nil, 0
		}
		for i := range v.Jobs {
			v.Jobs[i].Permission = model.Dist{}
		}
	case Vendor:
		v.Terms, v.Contracts = slices.Clone(w.Terms), slices.Clone(w.Contracts)
		for i := range v.Terms {
			v.Terms[i].Delay = model.Dist{}
		}
		for i := range v.Contracts {
			v.Contracts[i].Process.Factory = model.Dist{}
		}
	default:
		panic("why: no such obstacle")
	}
	return &v
}

const highestTier = 5 // that a queue looks at

// raiseOf is by how many tiers those who help are raised so that none of them is too low for any help that is asked for;
// their order stays.
func raiseOf(w *world.World) uint8 {
	asked := tierAsked(w)
	lowest := asked
	for i := range w.Teams {
		if t := &w.Teams[i]; t.Roles&(1<<world.RoleSupport) != 0 {
			lowest = min(lowest, t.Tier)
		}
	}
	return asked - lowest
}

// In reports whether the obstacle can be in the way in w at all; where it cannot, the counterfactual is the world itself.
func (o Obstacle) In(w *world.World) bool {
	any := func(n int, f func(i int) bool) bool {
		for i := range n {
			if f(i) {
				return true
			}
		}
		return false
	}
	contract := func(f func(p *world.Process) bool) bool {
		return any(len(w.Contracts), func(i int) bool { return f(&w.Contracts[i].Process) })
	}
	switch o {
	case Shift:
		return any(len(w.Persons), func(i int) bool { return !w.Persons[i].Always }) || contract(func(p *world.Process) bool { return p.Served != 0 })
	case Skill:
		asked, hard := skillsAsked(w)
		return any(len(w.Teams), func(i int) bool {
			t := &w.Teams[i]
			for d := 1; d < len(hard); d++ {
				if hard[d] && t.Rate[d] < 1 {
					return true
				}
			}
			return asked&^t.Skills != 0 || t.Roles&(1<<world.RoleSupport) != 0 && t.Tier < tierAsked(w)
		})
	case Part:
		return len(w.Parts) > 0
	case Travel:
		return w.Travel.Mode != world.NoTravel || w.Dispatch.CourierSpeedKmh > 0
	case Approval:
		return any(len(w.Jobs), func(i int) bool { return !w.Jobs[i].Permission.IsZero() }) || contract(func(p *world.Process) bool {
			return len(p.SignOff) > 0 || p.Revision > 0 || slices.ContainsFunc(approvals(p), func(a *world.Approval) bool {
				return a.Probability > 0 && !(a.Day.IsZero() && a.Night.IsZero())
			})
		})
	case Vendor:
		return len(w.Terms) > 0 || contract(func(p *world.Process) bool { return p.VisitsUntil > 0 })
	default: // anybody can be busy
		return true
	}
}

// skillsAsked are the skills that some work takes, and the levels that some fault needs.
func skillsAsked(w *world.World) (skills uint64, level [5]bool) {
	for i := range w.Failures {
		f := &w.Failures[i]
		if f.Skill >= 0 {
			skills |= 1 << f.Skill
		}
		for d := 1; d < len(level); d++ {
			level[d] = level[d] || f.Difficulty[d] > f.Difficulty[d-1]
		}
	}
	for i := range w.Jobs {
		if k := w.Jobs[i].Skill; k >= 0 {
			skills |= 1 << k
		}
	}
	return skills, level
}

// tierAsked is the highest tier that help is asked of, the manufacturer apart.
func tierAsked(w *world.World) (tier uint8) {
	for i := range w.Contracts {
		for _, r := range w.Contracts[i].Ladder {
			if r.Tier < 4 {
				tier = max(tier, r.Tier)
			}
		}
	}
	return tier
}

// approvals are the waits of a contract for a yes that somebody else gives.
func approvals(p *world.Process) []*world.Approval {
	return []*world.Approval{&p.RemoteApproval, &p.OwnApproval, &p.Authorisation, &p.Appointment, &p.Absent, &p.OnsiteApproval, &p.Quotation}
}

// plenty is more than a term can use.
const plenty = 1 << 30

// fill stocks every part in every depot of ours and in what the customer stocks himself, without an end and without
// orders. The nearest depot serves, since none is empty; where none may be drawn from, a purchase takes no time.
func fill(v *world.World) {
	v.Stock = slices.Clone(v.Stock)
	for k := range v.Stock {
		if s := &v.Stock[k]; s.Rule != world.NotStocked || !v.Depots[k/len(v.Parts)].Customers {
			*s = world.Stock{Rule: world.MinMax, S: plenty}
		}
	}
	v.Contracts = slices.Clone(v.Contracts)
	for i := range v.Contracts {
		if p := &v.Contracts[i].Process; p.PartSource == world.HomeThenNearest {
			p.PartSource = world.NearestStock
		}
	}
	v.Failures = slices.Clone(v.Failures)
	for i := range v.Failures {
		v.Failures[i].RightPart = 1
	}
}
