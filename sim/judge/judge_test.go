package judge

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"slasim/model"
	"slasim/model/calendar"
	"slasim/model/clock"
	"slasim/model/contract"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/sim/bound"
)

const minute = time.Minute

// office is a world of one contract, four severities, two bands and two sites that judges the clauses given.
func office(clauses ...contract.Clause) *world.World {
	w := &world.World{
		Name: "office", Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Term: 365 * model.Day, Years: 1, Assurance: 0.95,
		Places: []world.Place{{ID: "near"}, {ID: "far"}},
		Contracts: []world.Contract{{
			ID: "c", Severities: []world.Severity{{ID: "1"}, {ID: "2"}, {ID: "3"}, {ID: "4"}},
			Bands: []world.Band{{ID: "city"}, {ID: "land"}}, SiteBand: []int32{0, 1}, SiteBandMetres: []int32{0, 90_000},
		}},
		Sources: []world.Source{{Site: 0}, {Site: 1}},
		Clauses: clauses,
	}
	w.Days = calendar.NewDays(w.Start, 10, 800, calendar.Options{})
	return w
}

// respond promises a response within the limit from the report.
func respond(limit model.Time, target float64) contract.Clause {
	return contract.Clause{
		ID: "respond", Of: model.SubjectTicket, Target: target, AimLate: -1, NSev: 1, NBand: 1,
		Limits: []clock.Limit{{Mode: clock.Wall, Span: limit}},
		Clock: clock.Spec{
			Start: clock.Event{Of: []model.Milestone{model.Reported}}, Stop: clock.Event{Of: []model.Milestone{model.Responded}},
		},
	}
}

// ticket is one reported at a time and responded to after a span; a negative span: never, seen until the end.
func ticket(at, after model.Time) *trail.Subject {
	s := &trail.Subject{Kind: model.SubjectTicket, Part: -1, Plan: -1, Band: -1, Site: -1, Declared: 4, Current: 4, Final: 4,
		Milestones: make([]model.Time, model.NumTicketMilestones), End: at + 10*model.Day}
	for m := range s.Milestones {
		s.Milestones[m] = model.Unset
	}
	s.Milestones[model.Occurred], s.Milestones[model.Reported] = at, at
	if after >= 0 {
		s.Milestones[model.Responded] = at + after
	}
	return s
}

// judged runs reps replications of what each hands over and assembles the report.
func judged(w *world.World, reps int, bounds *bound.Result, each func(rep int, hand func(*trail.Subject))) *Report {
	j := New(w)
	var list []*RepResult
	for rep := range reps {
		j.Reset(int32(rep))
		each(rep, j.Subject)
		list = append(list, j.Rep())
	}
	return Assemble(w, list, nil, bounds, RunInfo{})
}

func near(t *testing.T, what string, got *float64, want, tolerance float64) {
	t.Helper()
	if got == nil {
		t.Errorf("%s is missing, want %v", what, want)
	} else if !(math.Abs(*got-want) <= tolerance) {
		t.Errorf("%s = %v, want %v ± %v", what, *got, want, tolerance)
	}
}

// onTime hands over one ticket that is in time, or not.
func onTime(hand func(*trail.Subject), ok bool) {
	if ok {
		hand(ticket(0, 10*minute))
	} else {
		hand(ticket(0, 11*minute))
	}
}

// One case for each verdict. By the exact interval n clean years of n show an assurance of 95 % with 95 % confidence
// once 0.025^(1/n) ≥ 0.95: from n = 72 on.
func TestVerdicts(t *testing.T) {
	kind := func(k contract.Kind) contract.Clause {
		c := respond(10*minute, 1)
		c.Kind = k
		return c
	}
	number := respond(10*minute, 1)
	impossible := &bound.Result{Clauses: []bound.Clause{infeasible()}}
	for _, x := range []struct {
		name   string
		clause contract.Clause
		reps   int
		bounds *bound.Result
		late   func(rep int) (event, late bool)
		want   string
	}{
		{"72 clean years", number, 72, nil, func(int) (bool, bool) { return true, false }, "MET"},
		{"71 clean years", number, 71, nil, func(int) (bool, bool) { return true, false }, "UNDECIDED"},
		{"one late in 10⁴ years", number, 10_000, nil, func(rep int) (bool, bool) { return true, rep == 77 }, "MET"},
		{"every second year late", number, 100, nil, func(rep int) (bool, bool) { return true, rep%2 == 0 }, "MISSED"},
		// Upper end for 89 of 100: 0.9436 (R: binom.test), so it is sure; for 90 of 100: 0.9510.
		{"11 of 100 years late", number, 100, nil, func(rep int) (bool, bool) { return true, rep < 11 }, "MISSED"},
		{"10 of 100 years late", number, 100, nil, func(rep int) (bool, bool) { return true, rep < 10 }, "UNDECIDED"},
		{"no event", number, 100, nil, func(int) (bool, bool) { return false, false }, "NO DATA"},
		{"years without events hold", number, 100, nil, func(rep int) (bool, bool) { return rep == 5, false }, "MET"},
		{"soft", kind(contract.Soft), 100, nil, func(int) (bool, bool) { return true, false }, "NOT TESTABLE"},
		{"parameter", kind(contract.NeedsParameter), 100, nil, func(int) (bool, bool) { return true, false }, "NEEDS PARAMETER"},
		{"evidence", kind(contract.Evidence), 100, nil, func(int) (bool, bool) { return false, false }, "EVIDENCE"},
		{"infeasible", number, 100, impossible, func(int) (bool, bool) { return true, true }, "INFEASIBLE"},
		{"measure", respond(10*minute, 0), 100, nil, func(int) (bool, bool) { return true, true }, ""},
	} {
		w := office(x.clause)
		r := judged(w, x.reps, x.bounds, func(rep int, hand func(*trail.Subject)) {
			if event, late := x.late(rep); event {
				onTime(hand, !late)
			}
		})
		if got := r.Clauses[0].Verdict; got != x.want {
			t.Errorf("%s: %s, want %s", x.name, got, x.want)
		}
		a := r.Answer
		if sum := a.Met + a.Missed + a.Undecided + a.NoData + a.NotTestable + a.NeedsParameter + a.Infeasible + a.Evidence +
			a.ByAssumption + a.Measures; sum != 1 {
			t.Errorf("%s: counted %d times: %+v", x.name, sum, a)
		}
	}
}

func infeasible() bound.Clause {
	w := office(respond(10*minute, 1))
	w.Clauses[0].Clock.Stop.Of = []model.Milestone{model.Arrived}
	w.Failures = []world.Failure{{}}
	for i := range w.Sources {
		w.Sources[i].Rate, w.Sources[i].Failures = 1e-6, []world.WeightedFailure{{P: 1}}
	}
	w.Dist = make([]int32, 4)
	return bound.Compute(w).Clauses[0] // nobody to send
}

// One late event in ten thousand is never rounded up to 100 %, and a single event in a hundred years is marked rare.
func TestRareAndNearlyAll(t *testing.T) {
	r := judged(office(respond(10*minute, 1)), 10_000, nil, func(rep int, hand func(*trail.Subject)) { onTime(hand, rep != 77) })
	near(t, "share", r.Clauses[0].Share, 0.9999, 1e-12)
	near(t, "clean years", r.Clauses[0].PClean, 0.9999, 1e-12)
	if r.Clauses[0].Rare {
		t.Error("one event a year is not rare")
	}
	r = judged(office(respond(10*minute, 1)), 100, nil, func(rep int, hand func(*trail.Subject)) {
		if rep == 3 {
			onTime(hand, true)
		}
	})
	if c := r.Clauses[0]; !c.Rare || c.EventsPerYear != 0.01 {
		t.Errorf("rare %v, %v events a year", c.Rare, c.EventsPerYear)
	}
}

// Published Clopper–Pearson intervals (95 %): 5 of 10 (0.1871, 0.8129), 1 of 10 (0.0025, 0.4450), 0 of 10 (0, 0.3085).
func TestExactIntervalOfHolding(t *testing.T) {
	for k, want := range map[int][2]float64{5: {0.1871, 0.8129}, 1: {0.0025, 0.4450}, 0: {0, 0.3085}} {
		r := judged(office(respond(10*minute, 1)), 10, nil, func(rep int, hand func(*trail.Subject)) { onTime(hand, rep < k) })
		near(t, "low", r.Clauses[0].PHoldLow, want[0], 5e-5)
		near(t, "high", r.Clauses[0].PHoldHigh, want[1], 5e-5)
		near(t, "share of years", r.Clauses[0].PHold, float64(k)/10, 1e-12)
	}
}

// A clock still running at the end of observation is counted both ways: if that decides, nothing is decided.
func TestCensoredIsCountedBothWays(t *testing.T) {
	w := office(respond(model.Day, 1))
	r := judged(w, 100, nil, func(rep int, hand func(*trail.Subject)) {
		onTime(hand, true)
		if rep < 20 {
			s := ticket(364*model.Day, -1)
			s.End = 364*model.Day + time.Hour
			hand(s)
		}
	})
	c := r.Clauses[0]
	if c.Verdict != "UNDECIDED" || c.CensoredPerYear != 0.2 || c.EventsPerYear != 1 {
		t.Errorf("%s, %v censored, %v events", c.Verdict, c.CensoredPerYear, c.EventsPerYear)
	}
	near(t, "share", c.Share, 1, 0)
	near(t, "q low", c.PHoldLow, 0.708, 5e-4) // 80 of 100
	near(t, "q high", c.PHoldHigh, 1, 0)      // 100 of 100
}

// G-06: outage at 08:00, 35 % of users, responded 08:08. Declared serious (10 min): met. Final major (5 min): late.
func TestFinalSeverityIsShownBeside(t *testing.T) {
	c := respond(0, 1)
	c.NSev = 4
	c.Limits = []clock.Limit{{Mode: clock.Wall, Span: 5 * minute}, {Mode: clock.Wall, Span: 5 * minute},
		{Mode: clock.Wall, Span: 10 * minute}, {Mode: clock.Wall, Span: 60 * minute}}
	w := office(c)
	r := judged(w, 100, nil, func(_ int, hand func(*trail.Subject)) {
		s := ticket(8*time.Hour, 8*minute)
		s.Declared, s.Current, s.Final = 3, 2, 2
		hand(s)
	})
	near(t, "share", r.Clauses[0].Share, 1, 0)
	near(t, "share by final severity", r.Clauses[0].ShareFinal, 0, 0)
	if n := len(r.Clauses[0].Rows); n != 4 || r.Clauses[0].Rows[2].Verdict != "MET" || r.Clauses[0].Rows[2].Limit != "10m" {
		t.Errorf("%d rows, serious %+v", n, r.Clauses[0].Rows[2])
	}
	// Levels 1, 2 and 4 were never tried: the clause is not shown to hold, unless they cannot be known at the report.
	if v := r.Clauses[0].Verdict; v != "NO DATA" {
		t.Errorf("%s with untried levels", v)
	}
	w.Contracts[0].EmptyLevels = []string{"1", "2", "4"}
	r = judged(w, 100, nil, func(_ int, hand func(*trail.Subject)) {
		s := ticket(8*time.Hour, 8*minute)
		s.Declared = 3
		hand(s)
	})
	if v := r.Clauses[0].Verdict; v != "MET" || r.Footnotes[0].Msg.Code != "note.empty_levels" {
		t.Errorf("%s, %v", v, r.Footnotes)
	}
}

// calls promises an answer within 30 s for 95 % of the calls of a month; below 20 calls any miss fails it.
func calls() contract.Clause {
	return contract.Clause{
		ID: "S2-22", Of: model.SubjectCall, Target: 0.95, AimLate: -1, NSev: 1, NBand: 1, Period: contract.PerMonth, MinEvents: 20,
		Limits: []clock.Limit{{Mode: clock.Wall, Span: 30 * time.Second}},
		Clock: clock.Spec{
			Start: clock.Event{Of: []model.Milestone{model.CallRinging}}, Stop: clock.Event{Of: []model.Milestone{model.CallAnswered}},
		},
	}
}

func call(at, after model.Time) *trail.Subject {
	return &trail.Subject{Kind: model.SubjectCall, Part: -1, Plan: -1, Band: -1, Site: -1, End: at + after,
		Milestones: []model.Time{at, at + after, model.Unset, model.Unset}}
}

// G-15: of 200 calls 190 within 30 s is 95.0 %: met; of 19 calls 18 is 94.7 %: breach; A-19: 19 of 19 are needed.
func TestCallsOfAMonth(t *testing.T) {
	for _, x := range []struct {
		calls, inTime int
		holds         bool
	}{{200, 190, true}, {200, 189, false}, {19, 18, false}, {19, 19, true}, {20, 19, true}, {0, 0, true}} {
		j := New(office(calls()))
		j.Reset(0)
		for i := range x.calls {
			after := 31 * time.Second
			if i < x.inTime {
				after = 30 * time.Second
			}
			j.Subject(call(40*model.Day, after)) // 10 February
		}
		if got := j.Rep().Holds(0, 0); got != x.holds {
			t.Errorf("%d of %d: holds %v", x.inTime, x.calls, got)
		}
	}
	// A bad February is one month of twelve: of 1200 months 1100 hold, far below 95 %.
	r := judged(office(calls()), 100, nil, func(_ int, hand func(*trail.Subject)) {
		hand(call(40*model.Day, time.Minute))
		hand(call(100*model.Day, time.Second))
	})
	near(t, "months that hold", r.Clauses[0].PHold, 11.0/12, 1e-12)
	if c := r.Clauses[0]; c.LateP10 != 1 || c.LateP90 != 1 || c.Verdict != "MISSED" {
		t.Errorf("late %v–%v, %s", c.LateP10, c.LateP90, c.Verdict)
	}
}

// A term that starts and ends inside a month: only whole months decide, the others still count as events.
func TestOnlyWholePeriodsDecide(t *testing.T) {
	w := office(calls())
	w.Start = time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)
	w.Days = calendar.NewDays(w.Start, 10, 800, calendar.Options{})
	r := judged(w, 10, nil, func(_ int, hand func(*trail.Subject)) {
		hand(call(0, time.Minute))            // 15 January: late, in a month that is not whole
		hand(call(20*model.Day, time.Second)) // February
	})
	near(t, "months that hold", r.Clauses[0].PHold, 1, 0)
	near(t, "share", r.Clauses[0].Share, 0.5, 1e-12)
	// 18 months: one whole contract year, and half a one that decides nothing.
	w = office(respond(10*minute, 1))
	w.Term = 547 * model.Day
	r = judged(w, 100, nil, func(_ int, hand func(*trail.Subject)) {
		hand(ticket(model.Day, minute))
		hand(ticket(365*model.Day, model.Day))
	})
	if v := r.Clauses[0].Verdict; v != "MET" {
		t.Errorf("%s: the second, partial year decides nothing", v)
	}
	if got := r.Clauses[0].LatePerYear; math.Abs(got-1/(1+182/365.0)) > 1e-9 {
		t.Errorf("late a year %v", got)
	}
}

// Three years, of which the clause is about the last 30 days of the first and all the second: two years decide, in half of which
// something is late; the clean third year says nothing.
func TestOnlyYearsOfThePhasesDecide(t *testing.T) {
	c := respond(10*minute, 1)
	c.Scope.From, c.Scope.Until = 335*model.Day, 730*model.Day
	w := office(c)
	w.Term = 3 * 365 * model.Day
	r := judged(w, 100, nil, func(_ int, hand func(*trail.Subject)) {
		hand(ticket(334*model.Day, model.Day)) // late, but before
		hand(ticket(335*model.Day, model.Day))
		hand(ticket(400*model.Day, minute))
		hand(ticket(800*model.Day, model.Day)) // late, but after
	})
	near(t, "years that hold", r.Clauses[0].PHold, 0.5, 0)
	near(t, "share", r.Clauses[0].Share, 0.5, 1e-12)
}

// One late clock by hand. Reported 0:00, limit 60 min, restored 2:00. A pause 0:10–0:30; desk queue 0:00–0:20, nobody
// on shift 0:30–1:30, all busy 0:40–2:00, no part 1:00–1:10; travel 1:30–1:50 is hidden by all busy.
// Unpaused time is 100 min: desk 10, nobody on shift 30 + 20 = 50, no part 10, all busy 30. Nobody waits for the part before
// there is anybody: for the clock of the response, in the same time, nobody on shift is 60.
func TestReasons(t *testing.T) {
	c := respond(60*minute, 1)
	c.Clock.Pauses = model.KindSet(0).With(model.CustomerAbsent)
	response := c
	response.ID = "response"
	c.Clock.Stop.Of = []model.Milestone{model.Restored}
	w := office(c, response)
	at := func(a, b int, k model.IntervalKind) model.Interval {
		return model.Interval{Start: model.Time(a) * minute, End: model.Time(b) * minute, Kind: k}
	}
	r := judged(w, 2, nil, func(rep int, hand func(*trail.Subject)) {
		s := ticket(0, 120*minute)
		s.Milestones[model.Restored] = 120 * minute
		s.Intervals = []model.Interval{
			at(0, 20, model.DeskQueue), at(30, 90, model.NobodyOnShift), at(40, 120, model.AllBusy), at(60, 70, model.NoPart),
			at(90, 110, model.Travel), at(10, 30, model.CustomerAbsent),
		}
		if rep == 1 { // nothing known of 0:50–2:00 but an unpaused wait for the customer 1:00–2:00
			s.Intervals = []model.Interval{at(0, 50, model.Work), at(60, 120, model.Appointment)}
		}
		hand(s)
	})
	want := map[string]float64{
		"desk_queue": 0.05, "nobody_on_shift": 0.25, "no_part": 0.05, "all_busy": 0.15, // half of the first clock's shares
		"work": 50 / 240.0, "other": 10 / 240.0, "appointment": 60 / 240.0,
	}
	got := r.Clauses[0].Reasons
	if len(got) != len(want) {
		t.Errorf("reasons %v", got)
	}
	sum := 0.0
	for k, v := range want {
		x := got[k]
		near(t, k, &x, v, 2e-6)
		sum += x
	}
	near(t, "sum", &sum, 1, 1e-12)
	nobody, part := r.Clauses[1].Reasons["nobody_on_shift"], r.Clauses[1].Reasons["no_part"]
	near(t, "response: nobody on shift", &nobody, 0.3, 2e-6)
	near(t, "response: no part", &part, 0, 0)
	if r.Footnotes[len(r.Footnotes)-1].Msg.Code != "note.other_time" {
		t.Errorf("footnotes %v", r.Footnotes)
	}
}

// A clock that never stops is explained up to the end of observation, a moot one up to that moment.
func TestReasonsOfUnstoppedClocks(t *testing.T) {
	c := respond(60*minute, 1)
	c.Clock.Moot = clock.Event{Of: []model.Milestone{model.Restored}}
	r := judged(office(c), 1, nil, func(_ int, hand func(*trail.Subject)) {
		s := ticket(0, -1)
		s.Milestones[model.Restored] = 100 * minute
		s.Intervals = []model.Interval{{Start: 0, End: 75 * minute, Kind: model.AllBusy}, {Start: 75 * minute, End: model.Day, Kind: model.Work}}
		hand(s)
	})
	got := r.Clauses[0].Reasons
	if len(got) != 2 || got["all_busy"] != 0.75 || got["work"] != 0.25 {
		t.Errorf("reasons %v", got)
	}
}

// Two years, all ten events in time or all ten late: p = ½, Σ(met − p·n)² = 50, V = 2·50/20² = 0.25 against ¼/20 for
// independent events: deff 20, one effective event in all. Without a late event nothing shows it and deff is 1.
func TestEventsOfAYearHangTogether(t *testing.T) {
	run := func(bad bool) ClauseResult {
		r := judged(office(respond(10*minute, 0.9)), 2, nil, func(rep int, hand func(*trail.Subject)) {
			for range 10 {
				onTime(hand, rep == 0 || !bad)
			}
		})
		noted := false
		for _, f := range r.Footnotes {
			if f.Msg.Code == "note.deff" {
				noted = true
				if got := f.Msg.Args[1].(float64); math.Abs(got-20) > 1e-9 {
					t.Errorf("deff %v, want 20", got)
				}
			}
		}
		if noted != bad {
			t.Errorf("footnote %v, want %v", noted, bad)
		}
		return r.Clauses[0]
	}
	// Wilson for ½ of 1: z²/(1+z²) wide: ½ ± ½·√((z² + z⁴)/…); with z = 1.96: (0.0546, 0.9454).
	c := run(true)
	near(t, "low", c.ShareLow, 0.0546, 5e-5)
	near(t, "high", c.ShareHigh, 0.9454, 5e-5)
	c = run(false)
	near(t, "low", c.ShareLow, 0.8389, 5e-5) // Wilson for 20 of 20: n/(n+z²)
}

// Who belongs to a clause.
func TestScope(t *testing.T) {
	for _, x := range []struct {
		name  string
		scope contract.Scope
		edit  func(*trail.Subject)
		in    bool
	}{
		{"all", contract.Scope{}, func(*trail.Subject) {}, true},
		{"discarded", contract.Scope{}, func(s *trail.Subject) { s.Discarded = true }, false},
		{"severity", contract.Scope{Severities: 1 << 3}, func(*trail.Subject) {}, true},
		{"other severity", contract.Scope{Severities: 1 << 2}, func(*trail.Subject) {}, false},
		{"by final", contract.Scope{Severities: 1 << 1, By: contract.Final}, func(s *trail.Subject) { s.Final = 2 }, true},
		{"by current", contract.Scope{Severities: 1 << 1, By: contract.Current}, func(s *trail.Subject) { s.Final = 2 }, false},
		{"band", contract.Scope{Bands: 2}, func(s *trail.Subject) { s.Band = 1 }, true},
		{"other band", contract.Scope{Bands: 2}, func(s *trail.Subject) { s.Band = 0 }, false},
		{"beyond all bands", contract.Scope{Bands: 2}, func(*trail.Subject) {}, false},
		{"hardware", contract.Scope{Hardware: 1}, func(s *trail.Subject) { s.Hardware = true }, true},
		{"not hardware", contract.Scope{Hardware: -1}, func(s *trail.Subject) { s.Hardware = true }, false},
		{"visit", contract.Scope{Visits: true}, func(*trail.Subject) {}, false},
		{"remote only", contract.Scope{RemoteOnly: true}, func(s *trail.Subject) { s.Visit = true }, false},
		{"key period", contract.Scope{KeyPeriod: true}, func(s *trail.Subject) { s.KeyPeriod = true }, true},
		{"what an inspection found", contract.Scope{Findings: true}, func(s *trail.Subject) { s.Tag = "finding" }, true},
		{"not found by one", contract.Scope{Findings: true}, func(*trail.Subject) {}, false},
		{"before a phase", contract.Scope{From: 1}, func(*trail.Subject) {}, false},
		{"in a phase", contract.Scope{Until: 1}, func(*trail.Subject) {}, true},
		{"needs a part", contract.Scope{NeedsPart: true}, func(*trail.Subject) {}, false},
		{"asked for a part", contract.Scope{NeedsPart: true}, func(s *trail.Subject) { s.Milestones[model.PartRequested] = 0 }, true},
		{"by phone", contract.Scope{Source: 1}, func(*trail.Subject) {}, false},
		{"monitoring", contract.Scope{Source: 2}, func(*trail.Subject) {}, true},
		{"question that needs documents", contract.Scope{Source: 3}, func(s *trail.Subject) { s.LookUp = true }, true},
		{"plan", contract.Scope{Job: 3}, func(s *trail.Subject) { s.Plan = 2 }, true},
		{"other plan", contract.Scope{Job: 3}, func(s *trail.Subject) { s.Plan = 0 }, false},
	} {
		c := respond(time.Hour, 1)
		c.Scope = x.scope
		j := New(office(c))
		j.Reset(0)
		s := ticket(0, minute)
		x.edit(s)
		j.Subject(s)
		if got := j.Rep().Clause(0).Met == 1; got != x.in {
			t.Errorf("%s: in scope %v", x.name, got)
		}
	}
}

// Distance bands: 10 min in the city, 20 min on the land. A row for each, sites beneath where they differ from it.
func TestRowsByBand(t *testing.T) {
	c := respond(0, 1)
	c.NBand = 2
	c.Limits = []clock.Limit{{Mode: clock.Wall, Span: 10 * minute}, {Mode: clock.Wall, Span: 20 * minute}}
	w := office(c)
	w.Places = append(w.Places, world.Place{ID: "third"})
	w.Sources = append(w.Sources, world.Source{Site: 2})
	w.Contracts[0].SiteBand, w.Contracts[0].SiteBandMetres = []int32{0, 1, 1}, []int32{0, 90_000, 95_000}
	r := judged(w, 100, nil, func(_ int, hand func(*trail.Subject)) {
		for site, after := range []model.Time{10 * minute, 20 * minute, 21 * minute} {
			s := ticket(0, after)
			s.Site, s.Band = int32(site), w.Contracts[0].SiteBand[site]
			hand(s)
		}
		hand(ticket(0, time.Second)) // no band: no limit, not judged
	})
	got := ""
	for _, row := range r.Clauses[0].Rows {
		got += fmt.Sprintf("%s %s %s %s\n", row.By, row.ID, row.Limit, row.Verdict)
	}
	want := "band city 10m MET\nband land 20m MISSED\nsite far 20m MET\nsite third 20m MISSED\n"
	if got != want {
		t.Errorf("rows\n%swant\n%s", got, want)
	}
	if c := r.Clauses[0]; c.Limit != "" || c.EventsPerYear != 3 || c.Verdict != "MISSED" {
		t.Errorf("limit %q, %v events, %s", c.Limit, c.EventsPerYear, c.Verdict)
	}
	near(t, "km", r.Clauses[0].Rows[2].Km, 90, 0)
	near(t, "signable at 95 %", r.Clauses[0].Rows[1].SignableP95, 21/60.0, 0.001)
}

// The same replications dealt to one worker or to three, and packed in between: the same report, byte for byte.
func TestWorkersDoNotChangeTheReport(t *testing.T) {
	c := respond(10*minute, 0.9)
	c.NSev = 4
	c.Limits = []clock.Limit{{Mode: clock.Wall, Span: 5 * minute}, {Mode: clock.Wall, Span: 5 * minute},
		{Mode: clock.Wall, Span: 10 * minute}, {Mode: clock.Wall, Span: 60 * minute}}
	w := office(c, calls())
	report := func(workers int) string {
		pool := make([]*Judge, workers)
		for i := range pool {
			pool[i] = New(w)
		}
		var list []*RepResult
		for rep := range 45 {
			j := pool[rep*7%workers]
			j.Reset(int32(rep))
			for k := range rep % 11 {
				s := ticket(model.Time(k)*20*model.Day, model.Time(rep*k)*minute)
				s.Declared = uint8(1 + (rep+k)%4)
				s.Intervals = []model.Interval{{Start: 0, End: s.Milestones[model.Responded], Kind: model.AllBusy}}
				j.Subject(s)
				j.Subject(call(model.Time(k)*30*model.Day, model.Time(rep)*time.Second))
			}
			list = append(list, j.Rep())
		}
		b, err := json.Marshal(Assemble(w, list, nil, nil, RunInfo{}))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if a, b := report(1), report(3); a != b {
		t.Errorf("one worker\n%s\nthree\n%s", a, b)
	}
}

func TestPacking(t *testing.T) {
	in := []Count{{}, {Met: 1}, {Breached: 300}, {0, 0, 0, 70_000}, {}, {5, 6, 7, 8}}
	out := make([]Count, len(in))
	unpack(out, pack(in))
	for i := range in {
		if in[i] != out[i] {
			t.Errorf("%d: %v became %v", i, in[i], out[i])
		}
	}
	if n := len(pack(make([]Count, 100))); n != 100 {
		t.Errorf("100 empty rows take %d bytes", n)
	}
}

func TestLimitText(t *testing.T) {
	for want, l := range map[string]clock.Limit{
		"1h30m": {Mode: clock.Wall, Span: 90 * minute}, "30s": {Mode: clock.Wall, Span: 30 * time.Second}, "8bh": {Mode: clock.Business, Span: 8 * time.Hour},
		"5wd": {Mode: clock.Workdays, N: 5}, "<2h": {Mode: clock.Wall, Span: 2 * time.Hour, Strict: true}, "": {},
	} {
		if got := LimitText(l); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestAims(t *testing.T) {
	for _, x := range []struct {
		aim, late float64
		want      string
	}{{0, -1, "none"}, {0.5, -1, "true"}, {0.51, -1, "false"}, {0, 1, "true"}, {0, 0.99, "false"}, {0.5, 0.5, "false"}} {
		c := respond(10*minute, 1)
		c.Aim, c.AimLate = x.aim, x.late
		r := judged(office(c), 10, nil, func(_ int, hand func(*trail.Subject)) { // one of two late
			onTime(hand, true)
			onTime(hand, false)
		})
		got := "none"
		if b := r.Clauses[0].AimMet; b != nil {
			got = fmt.Sprint(*b)
		}
		if got != x.want {
			t.Errorf("aim %v, %v late: %s, want %s", x.aim, x.late, got, x.want)
		}
	}
}

func TestByAssumptionIsNotCountedAmongTheMet(t *testing.T) {
	c := respond(10*minute, 1)
	c.ByAssumption = model.Text{En: "typed in"}
	r := judged(office(c), 100, nil, func(_ int, hand func(*trail.Subject)) { onTime(hand, true) })
	if r.Clauses[0].Verdict != "MET" || r.Answer.Met != 0 || r.Answer.ByAssumption != 1 {
		t.Errorf("%s, %+v", r.Clauses[0].Verdict, r.Answer)
	}
}

func TestOneReplicationSaysSo(t *testing.T) {
	r := judged(office(respond(10*minute, 1)), 1, nil, func(_ int, hand func(*trail.Subject)) { onTime(hand, true) })
	if r.Footnotes[0].Msg.Code != "note.one_replication" {
		t.Errorf("footnotes %v", r.Footnotes)
	}
}

func TestJudgingAllocatesNothing(t *testing.T) {
	w := office(manyClauses()...)
	j := New(w)
	j.Reset(0)
	s := visit()
	j.Subject(s)
	if n := testing.AllocsPerRun(100, func() { j.Subject(s) }); n != 0 {
		t.Errorf("%v allocations a subject", n)
	}
}

func visit() *trail.Subject {
	s := ticket(100*model.Day, 5*minute)
	s.Site, s.Band, s.Visit, s.Declared, s.Current, s.Final = 1, 1, true, 3, 3, 3
	for i, m := range []model.Milestone{model.OnsiteRequested, model.Assigned, model.Departed, model.Arrived, model.Diagnosed, model.Restored, model.Confirmed} {
		s.Milestones[m] = 100*model.Day + model.Time(i+1)*20*minute
		s.Intervals = append(s.Intervals, model.Interval{Start: s.Milestones[m] - 20*minute, End: s.Milestones[m], Kind: model.AllBusy + model.IntervalKind(i%5)})
	}
	return s
}

func manyClauses() []contract.Clause {
	var list []contract.Clause
	for _, stop := range []model.Milestone{model.Responded, model.Arrived, model.Restored, model.Confirmed, model.Workaround} {
		c := respond(2*time.Hour, 1)
		c.Clock.Stop.Of = []model.Milestone{stop}
		c.NBand = 2
		c.Limits = []clock.Limit{{Mode: clock.Wall, Span: time.Hour}, {Mode: clock.Wall, Span: 90 * minute}}
		list = append(list, c)
	}
	return list
}

func BenchmarkSubject(b *testing.B) {
	j := New(office(manyClauses()...))
	j.Reset(0)
	s := visit()
	b.ReportAllocs()
	for b.Loop() {
		j.Subject(s)
	}
}

func BenchmarkClause(b *testing.B) {
	j := New(office(respond(time.Hour, 1)))
	j.Reset(0)
	s := ticket(0, minute)
	for b.Loop() {
		j.Subject(s)
	}
}

// Nobody leaves his base or his home without mobilising: who travels without has been sent from elsewhere.
func TestSentOnByTheIntervals(t *testing.T) {
	at := func(kind model.IntervalKind, from, to model.Time) model.Interval {
		return model.Interval{Kind: kind, Start: from * minute, End: to * minute}
	}
	for name, x := range map[string]struct {
		departed, arrived, start model.Time
		intervals                []model.Interval
		want                     bool
	}{
		"from the base":                {10, 70, 0, []model.Interval{at(model.Mobilise, 0, 10), at(model.Travel, 10, 70)}, false},
		"from the road":                {0, 40, 0, []model.Interval{at(model.Travel, 0, 40)}, true},
		"from the road, after waiting": {5, 40, 0, []model.Interval{at(model.AllBusy, 0, 5), at(model.Travel, 5, 40)}, true},
		"called back, then another from the road": {10, 90, 0, []model.Interval{at(model.Mobilise, 0, 10), at(model.Travel, 10, 30),
			at(model.Travel, 50, 90)}, true},
		"called back, then another from the base": {0, 90, 0, []model.Interval{at(model.Travel, 0, 30), at(model.Mobilise, 40, 50),
			at(model.Travel, 50, 90)}, false},
		"there already": {0, 0, 0, nil, true},
		"a second visit from the road": {10, 70, 0, []model.Interval{at(model.Mobilise, 0, 10), at(model.Travel, 10, 70),
			at(model.Travel, 200, 230)}, false},
		"arrived before the clock": {0, 40, 60, []model.Interval{at(model.Travel, 0, 40)}, false},
	} {
		s := ticket(0, -1)
		s.Milestones[model.Departed], s.Milestones[model.Arrived] = x.departed*minute, x.arrived*minute
		s.Intervals = x.intervals
		if got := sentOn(s, x.start*minute); got != x.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	// Sent at 5, while the telephone diagnosis ran until 30; there at 70. Only from the report on he came from his base.
	for name, x := range map[string]struct {
		departed, start model.Time
		want            bool
	}{
		"left meanwhile, from the report":               {15, 0, false},
		"left meanwhile, from the request":              {15, 30, true},
		"left meanwhile from the road, from the report": {5, 0, true},
	} {
		s := ticket(0, -1)
		for m, at := range map[model.Milestone]model.Time{model.Assigned: 5, model.Departed: x.departed, model.OnsiteRequested: 30, model.Arrived: 70} {
			s.Milestones[m] = at * minute
		}
		s.Intervals = []model.Interval{at(model.Travel, 30, 70)}
		if got := sentOn(s, x.start*minute); got != x.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if sentOn(ticket(0, -1), 0) {
		t.Error("nobody has come")
	}
}
