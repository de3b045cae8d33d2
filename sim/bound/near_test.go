package bound

import (
	"fmt"
	"math"
	"testing"
	"time"

	"slasim/model"
	"slasim/model/calendar"
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
	w.Contracts[0].Process.PartSource, w.Dispatch.CourierSpeedKmh = world.NearestStock, 80
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

// A part that is known before the visit and comes in the engineer's car is there with him, however slow a courier would be;
// one that is found on site still comes by courier.
func TestBroughtParts(t *testing.T) {
	w := plain(4*time.Hour, 94)
	w.Failures[0].PartNeed, w.Failures[0].Parts = 1, []world.WeightedPart{{Part: 0, P: 1}}
	w.Parts = []world.Part{{ID: "p"}}
	w.Depots = []world.Depot{{ID: "d", Place: 0, Contracts: 1}}
	w.Stock = []world.Stock{{Rule: world.BaseStock, S: 1}}
	w.Contracts[0].Process.PartSource, w.Dispatch.CourierSpeedKmh, w.Dispatch.CourierFixed = world.NearestStock, 80, constant(4*time.Hour)
	w.Clauses[0].Clock.Stop.Of = []model.Milestone{model.PartOnSite}
	for _, x := range []struct {
		start       model.Milestone
		carry       world.Carry
		known, want float64
	}{
		{model.PartConfirmed, world.Sent, 1, 0}, {model.PartConfirmed, world.Joint, 1, 1}, {model.PartConfirmed, world.IfFree, 0.75, 0.75},
		{model.Reported, world.Sent, 1, 0}, {model.Reported, world.IfFree, 1, 1}, {model.Reported, world.Joint, 0.75, 0.75},
	} {
		w.Clauses[0].Clock.Start.Of = []model.Milestone{x.start}
		w.Contracts[0].Process.Carry, w.Failures[0].PartKnown = x.carry, x.known
		near(t, "F", Compute(w).Clauses[0].Rows[0].F, x.want, 1e-9)
	}
}

// An engineer who brings the part goes by its depot: 15 min to get ready, 38 km at 95 km/h in 24 min, 10 min there, 57 km in
// 36 min, 85 min in all; straight on he would need 75. Half the visits begin so.
func TestByWayOfTheDepot(t *testing.T) {
	w := plain(time.Hour, 95, 38)
	w.Dist[1*3+2], w.Dist[2*3+1] = 57_000, 57_000
	w.Failures[0].PartNeed, w.Failures[0].PartKnown, w.Failures[0].Parts = 0.8, 0.625, []world.WeightedPart{{Part: 0, P: 1}}
	w.Parts = []world.Part{{ID: "p"}}
	w.Depots = []world.Depot{{ID: "d", Place: 2, Contracts: 1, Handling: constant(10 * time.Minute)}}
	w.Stock = []world.Stock{{Rule: world.BaseStock, S: 1}}
	w.Contracts[0].Process.PartSource = world.NearestStock
	w.Contracts[0].Process.Carry = world.Joint
	f := func(limit time.Duration) float64 {
		w.Clauses[0].Limits[0].Span = limit
		return Compute(w).Clauses[0].Rows[0].F
	}
	near(t, "74 min", f(74*time.Minute), 0, 1e-9)
	near(t, "75 min", f(75*time.Minute), 0.5, 1e-9)
	near(t, "84 min 59 s", f(85*time.Minute-time.Second), 0.5, 1e-9)
	near(t, "85 min", f(85*time.Minute), 1, 1e-9)
	w.Clauses[0].Clock.Start.Of = []model.Milestone{model.Departed} // from the depot, or straight
	near(t, "departed, 36 min", f(36*time.Minute), 0.5, 1e-9)
	near(t, "departed, 60 min", f(60*time.Minute), 1, 1e-9)
	w.Stock[0].Rule = world.NotStocked // it is bought, and he goes straight
	w.Clauses[0].Clock.Start.Of = []model.Milestone{model.OnsiteRequested}
	near(t, "not stocked", f(75*time.Minute), 1, 1e-9)
}

// Who is on duty at the site in key periods only, 73 days of 365, makes in time what comes then: a fifth of all, and all of a clause
// about these periods.
func TestPeopleOfKeyPeriods(t *testing.T) {
	w := plain(time.Hour, 94)
	w.Contracts[0].KeyPeriods = []model.Interval{{Start: 100 * model.Day, End: 173 * model.Day}}
	w.Teams = append(w.Teams, world.Team{ID: "guard", Place: 1, Roles: 1 << world.RoleField, First: 1, Count: 1, Contracts: math.MaxUint64, Only: w.Contracts[0].KeyPeriods})
	w.Persons = append(w.Persons, world.Person{Team: 1, Duties: []world.Duty{{Start: 100 * model.Day, End: 173 * model.Day}}})
	near(t, "all year", Compute(w).Clauses[0].Rows[0].F, 0.2, 1e-9)
	w.Clauses[0].Scope.KeyPeriod = true
	near(t, "key periods", Compute(w).Clauses[0].Rows[0].F, 1, 1e-9)
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

// A resident at the far site, there without mobilising, goes to no other: 94 km away he is there at once, the team at the
// base, 15 min to leave, goes to 20 km. Residents alone reach nothing elsewhere, and are nobody on the road.
func TestResidentsStay(t *testing.T) {
	w := plain(time.Hour, 94, 20)
	at0 := constant(0)
	w.Teams = append(w.Teams, world.Team{ID: "resident", Place: 1, Roles: 1 << world.RoleField, First: 1, Count: 1, Contracts: math.MaxUint64,
		Resident: true, Mobilise: &at0, Return: world.Redirect})
	w.Persons = append(w.Persons, world.Person{Team: 1, Always: true})
	c := Compute(w).Clauses[0]
	if r := c.Rows[0]; r.F != 1 || r.Base != 1 || r.Median != 0 {
		t.Errorf("at his own place: %+v", r)
	}
	if r := c.Rows[1]; r.F != 1 || r.Base != 0 || r.Median != 1658*time.Second { // 758 s of road after 900 s
		t.Errorf("elsewhere: %+v", r)
	}
	if may, _ := SentOn(w, &w.Clauses[0]); may {
		t.Error("a resident is sent on")
	}
	w.Teams[0].Count = 0
	if r := Compute(w).Clauses[0].Rows[1]; r.F != 0 || r.Base != -1 || r.Most != 0 {
		t.Errorf("residents alone: %+v", r)
	}
}

// Level 2 is visited from 8 to 18 h, somebody is at the base around the clock; 94 km take 4462 s. From the request the limit
// is kept by those of 8 to 18 h and of the slot before, whose middle is 7.5 min away if that is left over; from the
// opening, and from the assignment, by all; at level 1 by all.
func TestServiceHours(t *testing.T) {
	for _, x := range []struct {
		start model.Milestone
		shift bool
		limit time.Duration
		want  float64
	}{
		{model.OnsiteRequested, false, 4462, 40 / 96.0},
		{model.Reported, false, 4462, 40 / 96.0},
		{model.OnsiteRequested, false, 4462 + 450, 41 / 96.0},
		{model.OnsiteRequested, true, 4462, 1},
		{model.OnsiteRequested, true, 4461, 0},
		{model.Assigned, false, 4462, 1},
		{model.Assigned, false, 4461, 0},
	} {
		w := plain(x.limit*time.Second, 94)
		w.Days = calendar.NewDays(w.Start, 10, 400, calendar.Options{})
		var week calendar.Weekly
		for d := range week {
			week[d] = []calendar.Span{{Open: 8 * time.Hour, Close: 18 * time.Hour}}
		}
		w.Calendars = []*calendar.Calendar{nil, calendar.New(w.Days, week, calendar.Rules{})}
		clock := &w.Clauses[0].Clock
		clock.Start.Of, clock.Calendar, clock.Shift = []model.Milestone{x.start}, w.Calendars[1], x.shift
		ct := &w.Contracts[0]
		ct.Severities = []world.Severity{{ID: "1", Outage: true, Share: -1, AgeAtLeast: true}, {ID: "2", Share: -1}}
		w.Failures[0].Outage = 0.5
		ct.Process.Served, ct.Process.ServedIn = 2, 1
		rows := Compute(w).Clauses[0].Rows
		if len(rows) != 2 || rows[0].Ranks != 1 || rows[1].Ranks != 2 {
			t.Fatalf("%+v", rows)
		}
		near(t, fmt.Sprintf("level 2 %+v", x), rows[1].F, x.want, 1e-9)
		if !x.shift {
			near(t, "level 1", rows[0].F, map[bool]float64{true: 1}[x.limit >= 4462], 1e-9)
		}
		if x.shift && rows[1].Median != 4462*time.Second {
			t.Errorf("least time from the opening: %v", rows[1].Median)
		}
	}
}

// What waits for the hours of service waits no longer than until it has risen to a level that is visited at any hour.
func TestRisesOutOfServiceHours(t *testing.T) {
	h := model.Time(time.Hour)
	levels := func(age model.Time) []world.Severity {
		return []world.Severity{{ID: "1", Outage: true, Share: -1, Age: age, AgeAtLeast: true}, {ID: "2", Share: 0.1}, {ID: "3", Share: -1}}
	}
	for _, x := range []struct {
		served uint32
		rise   []model.Time
		from   world.RiseFrom
		age    model.Time
		want   [3]model.Time
	}{
		{6, nil, 0, 0, [3]model.Time{0, model.Far, model.Far}},
		{6, []model.Time{0, 24 * h, 48 * h}, world.FromRise, 0, [3]model.Time{0, 24 * h, 72 * h}},
		{6, []model.Time{0, 24 * h, 48 * h}, world.FromReport, 0, [3]model.Time{0, 24 * h, 48 * h}},
		{6, []model.Time{0, 0, 48 * h}, world.FromRise, 0, [3]model.Time{0, model.Far, model.Far}},
		{4, []model.Time{0, 0, 48 * h}, world.FromRise, 0, [3]model.Time{0, 0, 48 * h}},
		{7, []model.Time{0, 24 * h, 48 * h}, world.FromRise, 0, [3]model.Time{model.Far, model.Far, model.Far}},
		{6, nil, 0, 4 * h, [3]model.Time{}}, // outages of less than 4 h are of the levels 2 and 3
	} {
		ct := &world.Contract{Severities: levels(x.age), Process: world.Process{Served: x.served, Rise: x.rise, RiseFrom: x.from}}
		for r, want := range x.want {
			if got := closedFor(ct, r+1); got != want {
				t.Errorf("%+v: level %d waits %v, want %v", x, r+1, got, want)
			}
		}
	}
}

// An engineer who leaves while the telephone diagnosis runs may be there when a visit is asked for: no such clause is out of
// reach before a run. From the report, and at levels at which nobody leaves, all is as elsewhere.
func TestLeftBeforeTheRequest(t *testing.T) {
	for _, x := range []struct {
		start model.Milestone
		ahead int32
		most  float64
	}{
		{model.OnsiteRequested, 1, 1}, {model.RemoteFailed, 1, 1}, {model.Reported, 1, 0}, {model.OnsiteRequested, 0, 0}, {model.Departed, 1, 0},
	} {
		w := plain(time.Hour, 94) // 3562 s of road, 15 min to leave
		if x.start == model.Departed {
			w.Clauses[0].Limits[0].Span = 3561 * time.Second
		}
		p := &w.Contracts[0].Process
		p.Respond, p.Remote, p.AheadWhen, p.GeneralVisits = true, world.Parallel, x.ahead, true
		w.Clauses[0].Clock.Start.Of = []model.Milestone{x.start}
		c := Compute(w).Clauses[0]
		if r := c.Rows[0]; r.F != 0 || r.Most != x.most || !r.Infeasible || r.ByChance != (x.most == 1) {
			t.Errorf("%v, %d: %+v", x.start, x.ahead, r)
		}
	}
}

// Visits for three years of five, 0.1 late ones in each year: 60 % of 0.1 a year on the mean, and of the years without a
// late one 2/5 + 3/5·e^-0.1 = 0.943; with 0.085, 0.951. The mean rate alone would say e^-0.06 = 0.942 and 0.950.
func TestVisitsThatEnd(t *testing.T) {
	for rate, want := range map[float64]bool{0.1: true, 0.085: false} {
		w := plain(time.Hour, 94)
		w.Term, w.Years = 5*model.Year, 5
		w.Contracts[0].Process.VisitsUntil = 3 * model.Year
		w.Sources[0].Rate = rate / model.Year.Seconds()
		c := Compute(w).Clauses[0]
		near(t, "events", c.PerYear, 0.6*rate, 1e-9)
		near(t, "clean", c.Clean, 0.4+0.6*math.Exp(-rate), 1e-9)
		if c.Infeasible != want {
			t.Errorf("%v a year: infeasible %v", rate, c.Infeasible)
		}
	}
}

// Three years with as many, half as many and no faults, r in the first, all late: 1.5·r in three years, and of the years without a late
// one (e^-r + e^-r/2 + 1)/3. A clause about the second year only has half as many in three, and is kept in e^-r/2 of the years that it is about. Who is at the
// site in the first year keeps two thirds of all, which leaves those of the second. A burst of ten a year, two thirds of which happen in the
// second year and none in the third, adds 10 and 20/3 events, and no late one that counts.
func TestPhases(t *testing.T) {
	const r = 0.3
	year := model.Year
	w := plain(time.Hour, 94)
	w.Term, w.Years = 3*year, 3
	w.Sources[0].Rate = r / year.Seconds()
	w.Contracts[0].Phases = []world.Phase{{Until: year, Faults: 1, Bursts: 1}, {Until: 2 * year, Faults: 0.5, Bursts: 2.0 / 3}, {Until: model.Far}}
	check := func(what string, perYear, f, clean float64) {
		t.Helper()
		c := Compute(w).Clauses[0]
		near(t, what+": events", c.PerYear, perYear, 1e-9)
		near(t, what+": F", c.Rows[0].F, f, 1e-9)
		near(t, what+": clean", c.Clean, clean, 1e-9)
	}
	check("all", 0.5*r, 0, (math.Exp(-r)+math.Exp(-r/2)+1)/3)
	w.Clauses[0].Scope.From, w.Clauses[0].Scope.Until = year, 2*year
	check("second year", r/6, 0, math.Exp(-r/2))
	w.Clauses[0].Scope.From, w.Clauses[0].Scope.Until = 0, 0
	first := world.Team{ID: "first", Place: 1, Roles: 1 << world.RoleField, First: 1, Count: 1, Contracts: math.MaxUint64, Only: []model.Interval{{End: year}}}
	w.Teams = append(w.Teams, first)
	w.Persons = append(w.Persons, world.Person{Team: 1, Duties: []world.Duty{{Start: 0, End: year}}})
	check("people in the first year", 0.5*r, 2.0/3, (2+math.Exp(-r/2))/3)
	second := first
	second.ID, second.First, second.Only = "second", 2, []model.Interval{{Start: year, End: 2 * year}}
	w.Teams = append(w.Teams, second)
	w.Persons = append(w.Persons, world.Person{Team: 2, Duties: []world.Duty{{Start: year, End: 2 * year}}})
	check("and others in the second", 0.5*r, 1, 1)
	w.Teams[2].Place = 0
	check("who are elsewhere", 0.5*r, 2.0/3, (2+math.Exp(-r/2))/3)
	one := world.Burst{Rate: 1 / year.Seconds(), Units: model.Dist{A: 10}, Sources: []int32{0}, Weight: []float64{1}}
	for m := range one.Months {
		one.Months[m] = 1
	}
	w.Bursts, w.Teams, w.Persons = []world.Burst{one}, w.Teams[:1], w.Persons[:1]
	check("a burst", 0.5*r+50.0/9, 0, (math.Exp(-r)+math.Exp(-r/2)+1)/3)
}

// What the engineer carries is confirmed on site, and is there then, whether or not the need was known: a part clock from
// the confirmation takes no time; one from the request of a visit takes his trip, 4462 s.
func TestCarriedParts(t *testing.T) {
	for start, want := range map[model.Milestone]model.Time{model.PartConfirmed: 0, model.OnsiteRequested: 4462 * time.Second} {
		for _, known := range []float64{0, 0.5, 1} {
			w := plain(4*time.Hour, 94)
			w.Failures[0].PartNeed, w.Failures[0].PartKnown = 1, known
			w.Clauses[0].Clock.Start.Of = []model.Milestone{start}
			w.Clauses[0].Clock.Stop.Of = []model.Milestone{model.PartOnSite}
			if r := Compute(w).Clauses[0].Rows[0]; r.F != 1 || r.Median != want {
				t.Errorf("from %v, known %v: %+v", start, known, r)
			}
		}
	}
}
