package bound

import (
	"math"
	"testing"
	"time"

	"slasim/model"
	"slasim/model/contract"
	"slasim/model/world"
)

// Who may be sent from elsewhere than the base.
func TestSentOn(t *testing.T) {
	for name, x := range map[string]struct {
		change    func(w *world.World)
		may, stay bool
	}{
		"everybody returns":             {func(*world.World) {}, false, false},
		"redirect":                      {func(w *world.World) { w.Teams[0].Return = world.Redirect }, true, false},
		"stay":                          {func(w *world.World) { w.Teams[0].Return = world.Stay }, true, true},
		"of another contract":           {func(w *world.World) { w.Teams[0].Return, w.Teams[0].Contracts = world.Stay, 2 }, false, false},
		"preempt lower":                 {func(w *world.World) { w.Dispatch.Preempt = world.PreemptLower }, true, false},
		"policy redirect":               {func(w *world.World) { w.Dispatch.Policy = world.RedirectPolicy }, true, false},
		"preempt planned, nobody plans": {func(w *world.World) { w.Dispatch.Preempt = world.PreemptPlanned }, false, false},
		"preempt planned work": {func(w *world.World) {
			w.Dispatch.Preempt, w.Jobs = world.PreemptPlanned, make([]world.JobPlan, 1)
			w.Teams[0].Roles |= 1 << world.RolePlanned
		}, true, false},
		"not a journey": {func(w *world.World) {
			w.Teams[0].Return, w.Clauses[0].Clock.Stop.Of = world.Stay, []model.Milestone{model.Restored}
		}, false, false},
	} {
		w := plain(time.Hour, 94)
		x.change(w)
		if may, stay := SentOn(w, &w.Clauses[0]); may != x.may || stay != x.stay {
			t.Errorf("%s: %v, %v", name, may, stay)
		}
	}
}

// 94 km take 1 h 14 min from the base. Somebody under way near the site has the entry and one city leg before him: with
// 20 and 10 min he is in time within 1 h, with 51 and 10 he is not.
func TestMost(t *testing.T) {
	w := plain(time.Hour, 94)
	w.Teams[0].Return = world.Redirect
	w.Travel.HasCityLeg = true
	for h := range w.Travel.CityLeg {
		w.Travel.CityLeg[h] = 10 * time.Minute
	}
	w.Travel.Entry = constant(20 * time.Minute)
	c := Compute(w).Clauses[0]
	if r := c.Rows[0]; r.F != 0 || r.Most != 1 || !r.Infeasible || !r.ByChance || !c.ByChance {
		t.Errorf("%+v", r)
	}
	w.Travel.Entry = constant(51 * time.Minute)
	c = Compute(w).Clauses[0]
	if r := c.Rows[0]; r.Most != 0 || !r.Infeasible || r.ByChance || c.ByChance {
		t.Errorf("%+v", r)
	}
	if !c.Impossible(&c.Whole, 1) {
		t.Error("nobody can be in time, wherever he is")
	}
	// Where everybody returns nobody is nearer than the base.
	w.Travel.Entry = constant(20 * time.Minute)
	w.Teams[0].Return = world.MustReturn
	if r := Compute(w).Clauses[0].Rows[0]; r.Most != 0 || r.ByChance {
		t.Errorf("%+v", r)
	}
	// Under way only while somebody is on duty: from 8 to 20 h every day. The 30 min that are left let one wait from the two
	// slots before, whose middles are 7.5 and 22.5 min away.
	w.Teams[0].Return = world.Redirect
	w.Persons[0] = world.Person{}
	for d := range model.Time(366) {
		w.Persons[0].Duties = append(w.Persons[0].Duties, world.Duty{Start: d*model.Day + 8*time.Hour, End: d*model.Day + 20*time.Hour})
	}
	near(t, "most", Compute(w).Clauses[0].Rows[0].Most, (12*4+2)/96.0, 1e-9)
}

// Of 2.2 visits a year at 94 km none is in time from the base, and 40 % of those at 20 km: F = 0 and 1 of two sites. Those
// who were near kept the share x of all. With a target of 60 % it is out of reach for x < 10 %, at 100 % for
// 2.2 − 4.4 x > −ln 0.95 = 0.0513, that is x < 48.8 %.
func TestImpossible(t *testing.T) {
	for _, x := range []struct {
		target, near float64
		stay, want   bool
	}{
		{0.6, 0, false, true}, {0.6, 0.099, false, true}, {0.6, 0.101, false, false}, {0.5, 0, false, false},
		{1, 0, false, true}, {1, 0.488, false, true}, {1, 0.489, false, false},
		{1, 0, true, false}, {0.6, 0, true, false},
	} {
		w := plain(time.Hour, 94, 20)
		w.Clauses[0].Target = x.target
		w.Teams[0].Return = world.Redirect
		if x.stay {
			w.Teams[0].Return = world.Stay
		}
		c := Compute(w).Clauses[0]
		if got := c.Impossible(&c.Whole, x.near); got != x.want {
			t.Errorf("%+v: %v", x, got)
		}
	}
}

// A clock that starts when somebody is named or has left does not count the wait for his shift, nor the mobilisation. The
// base is manned from 8 to 20 h: from the request 94 km in 1 h 15 min are possible by day only.
func TestClocksThatStartLate(t *testing.T) {
	for _, x := range []struct {
		start model.Milestone
		limit model.Time
		want  float64
	}{
		// 15 min to leave and 3562 s: 4462 s. Before 8 h somebody waits: the middle of the slot is 450 s away.
		{model.OnsiteRequested, 4462 * time.Second, 48 / 96.0},
		{model.OnsiteRequested, 4912 * time.Second, 49 / 96.0},
		{model.Assigned, 4462 * time.Second, 1},
		{model.Assigned, 4461 * time.Second, 0},
		{model.Departed, 3562 * time.Second, 1},
		{model.Departed, 3561 * time.Second, 0},
	} {
		w := plain(x.limit, 94)
		w.Clauses[0].Clock.Start.Of = []model.Milestone{x.start}
		manned(w, 0, 8, 20)
		near(t, "F", Compute(w).Clauses[0].Rows[0].F, x.want, 1e-9)
	}
}

// manned has person p on duty every day between two hours.
func manned(w *world.World, p int, from, to time.Duration) {
	w.Persons[p] = world.Person{}
	for d := range model.Time(366) {
		w.Persons[p].Duties = append(w.Persons[p].Duties, world.Duty{Start: d*model.Day + from*time.Hour, End: d*model.Day + to*time.Hour})
	}
}

// A request is made when the people before it are on duty. Desk, remote engineers and field are there from 8 to 20 h; who
// reports at night is heard at 8 h and the visit is in time. Without a desk or a remote stage the night counts; of those
// who do not call only half are heard late.
func TestRequestsWaitForDuty(t *testing.T) {
	for _, x := range []struct {
		phone   float64
		respond bool
		start   model.Milestone
		want    float64
	}{
		{0, false, model.OnsiteRequested, 48 / 96.0},
		{0, true, model.OnsiteRequested, 1},
		{1, false, model.OnsiteRequested, 1},
		{0.5, false, model.OnsiteRequested, 72 / 96.0},
		{0.5, false, model.Logged, 72 / 96.0},
		{1, true, model.Reported, 48 / 96.0}, // the clock runs while the telephone rings
	} {
		w := plain(4462*time.Second, 94)
		p := &w.Contracts[0].Process
		p.Phone, p.PhoneShare, p.Respond, p.GeneralVisits = x.phone > 0, x.phone, x.respond, true
		w.Clauses[0].Clock.Start.Of = []model.Milestone{x.start}
		w.Teams = append(w.Teams, world.Team{ID: "desk", Roles: 1<<world.RoleDesk | 1<<world.RoleRemote, First: 1, Count: 1, Contracts: math.MaxUint64})
		w.Persons = append(w.Persons, world.Person{Team: 1})
		manned(w, 0, 8, 20)
		manned(w, 1, 8, 20)
		near(t, "F", Compute(w).Clauses[0].Rows[0].F, x.want, 1e-9)
	}
}

// A part that no depot stocks is bought and comes straight to the site, after its lead time; without any depot at once, as
// in the simulator.
func TestBoughtParts(t *testing.T) {
	w := plain(4*time.Hour, 400)
	w.Failures[0].PartNeed, w.Failures[0].Parts = 1, []world.WeightedPart{{Part: 0, P: 1}}
	w.Parts = []world.Part{{ID: "p"}}
	w.Clauses[0].Clock.Start.Of = []model.Milestone{model.PartConfirmed}
	w.Clauses[0].Clock.Stop.Of = []model.Milestone{model.PartOnSite}
	w.Dispatch.PartSource, w.Dispatch.CourierSpeedKmh = world.NearestStock, 80
	f := func() float64 { return Compute(w).Clauses[0].Rows[0].F }
	near(t, "no depot", f(), 1, 0)
	w.Depots = []world.Depot{{ID: "d", Place: 0, Contracts: 1}}
	w.Stock = []world.Stock{{Rule: world.BaseStock, S: 1, Lead: constant(3 * time.Hour)}}
	near(t, "in stock, 5 h away", f(), 0, 0)
	w.Stock[0].Rule = world.NotStocked
	near(t, "bought in 3 h", f(), 1, 0)
	w.Stock[0].Lead = constant(5 * time.Hour)
	near(t, "bought in 5 h", f(), 0, 0)
	w.Stock[0].Buys, w.Stock[0].Emergency = true, constant(2*time.Hour)
	near(t, "in an emergency in 2 h", f(), 1, 0)
}

// Supporters to whom the ladder moves a ticket go to its visits as well; those who only join do not.
func TestLadderThatMoves(t *testing.T) {
	w := plain(time.Hour, 94)
	w.Teams = append(w.Teams, world.Team{ID: "expert", Place: 1, Roles: 1 << world.RoleSupport, First: 1, Count: 1, Contracts: math.MaxUint64})
	w.Persons = append(w.Persons, world.Person{Team: 1, Always: true})
	w.Contracts[0].Ladder = []world.Rung{{Tier: 3, OnSite: true}}
	if r := Compute(w).Clauses[0].Rows[0]; r.F != 0 || r.Base != 0 {
		t.Errorf("joins: %+v", r)
	}
	w.Contracts[0].Ladder[0].Moves = true
	if r := Compute(w).Clauses[0].Rows[0]; r.F != 1 || r.Base != 1 {
		t.Errorf("moves: %+v", r)
	}
}

// A year of 0.6 late visits has no late one with e^-0.6, a month with e^-0.05 = 0.951, sixty days with e^-(0.6·60/365).
func TestPeriods(t *testing.T) {
	w := plain(time.Hour, 94)
	w.Sources[0].Rate = 0.6 / model.Year.Seconds()
	check := func(what string, clean float64, infeasible bool) {
		t.Helper()
		c := Compute(w).Clauses[0]
		near(t, what, c.Clean, clean, 1e-9)
		if c.Infeasible != infeasible {
			t.Errorf("%s: infeasible %v", what, c.Infeasible)
		}
	}
	check("year", math.Exp(-0.6), true)
	w.Clauses[0].Period = contract.PerMonth
	check("month", math.Exp(-0.05), false)
	w.Clauses[0].Period = contract.PerYear
	w.Term = 60 * model.Day
	check("sixty days", math.Exp(-0.6*60/365), true)
	w.Term = model.Year
	// A target of 50 % that half of the events would miss: with 0.04 late ones a year most years hold it all the same.
	w.Clauses[0].Target = 0.5
	w.Sources[0].Rate = 0.04 / model.Year.Seconds()
	check("rare", math.Exp(-0.04), false)
	w.Sources[0].Rate = 0.06 / model.Year.Seconds()
	check("less rare", math.Exp(-0.06), true)
}

// Ten late faults a year in one burst leave 37 % of the years clean, not e^-10: of those that come together none counts.
// A unit that wears out (Weibull, scale 1 y, shape 2) and is a year old fails within the next with 1 − e^-(4−1).
func TestFaultsThatComeTogether(t *testing.T) {
	w := plain(time.Hour, 94)
	w.Sources[0].Rate = 0.02 / model.Year.Seconds()
	one := world.Burst{Rate: 1 / model.Year.Seconds(), Units: model.Dist{A: 10}, Sources: []int32{0}, Weight: []float64{1}}
	for m := range one.Months {
		one.Months[m] = 1
	}
	w.Bursts = []world.Burst{one}
	c := Compute(w).Clauses[0]
	near(t, "events", c.PerYear, 10.02, 1e-9)
	near(t, "clean", c.Clean, math.Exp(-0.02), 1e-9)
	if c.Infeasible {
		t.Error("the bursts alone do not say that")
	}
	w.Bursts = nil
	w.Sources[0] = world.Source{Site: 1, Units: 1, Weibull: &model.Dist{Kind: model.Weibull, A: model.Year.Seconds(), B: 2},
		UnitAge: []model.Time{model.Year}, Failures: []world.WeightedFailure{{P: 1}}}
	c = Compute(w).Clauses[0]
	near(t, "clean", c.Clean, math.Exp(-(1 - math.Exp(-3))), 1e-9)
	near(t, "events", c.PerYear, 1/math.Gamma(1.5), 1e-9)
}
