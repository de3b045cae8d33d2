package experiment_test

import (
	"fmt"
	"math"
	"testing"

	"slasim/model"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/scenarios"
	"slasim/sim"
	"slasim/sim/queueing"
	"slasim/sim/stats"
)

// load compiles a world of testdata/worlds, or an embedded one, with changes.
func load(t testing.TB, name string, set ...string) *world.World {
	t.Helper()
	s, diags := scenarios.Load(name, scenarios.Options{Set: set})
	if diags.HasErrors() {
		t.Fatalf("%s %v: %v", name, set, diags)
	}
	return s.World
}

// measure turns the tickets of one replication into a number.
type measure func(tickets []ticket, tot *trail.Totals, w *world.World) float64

// ticket is what the tests look at; times in hours.
type ticket struct {
	rank                       uint8
	wait, response, stay, part float64 // NaN where it does not apply
	at                         float64
	lead                       int32
	escalated                  bool
	site                       int32
}

type keep struct{ list []ticket }

func (k *keep) Subject(s *trail.Subject) {
	if s.Kind != model.SubjectTicket || s.Discarded {
		return
	}
	gap := func(a, b model.Milestone) float64 {
		if s.Milestones[a] == model.Unset || s.Milestones[b] == model.Unset {
			return math.NaN()
		}
		return model.Hours(s.Milestones[b] - s.Milestones[a])
	}
	k.list = append(k.list, ticket{
		rank: s.Declared, wait: gap(model.Reported, model.Assigned), response: gap(model.Reported, model.Arrived),
		stay: gap(model.Reported, model.Restored), part: gap(model.PartConfirmed, model.PartOnSite), lead: s.Lead,
		at: model.Hours(s.Milestones[model.Reported]), escalated: s.Milestones[model.Escalated2] != model.Unset, site: s.Site,
	})
}

// estimate is the mean of a measure over the replications of w and its standard error.
func estimate(t testing.TB, w *world.World, of measure) (mean, se float64) {
	t.Helper()
	e := sim.New(w)
	var m stats.Mean
	var k keep
	for i := range w.Replications {
		k.list = k.list[:0]
		tot, err := e.Run(i, &k, nil, false)
		if err != nil {
			t.Fatal(err)
		}
		m.Add(of(k.list, tot, w))
	}
	return m.Value(), m.StdDev() / math.Sqrt(float64(m.N()))
}

// agrees reports whether a measure of w is within four standard errors of theory, known to the given relative error.
func agrees(t testing.TB, w *world.World, of measure, theory, tolerance float64) (bool, string) {
	t.Helper()
	mean, se := estimate(t, w, of)
	text := fmt.Sprintf("simulated %.5f ± %.5f, theory %.5f (%+.1f standard errors)", mean, se, theory, (mean-theory)/se)
	if se > tolerance*theory {
		t.Errorf("standard error %.2g %% of the value, want at most %.2g %%: %s", 100*se/theory, 100*tolerance, text)
	}
	return math.Abs(mean-theory) <= 4*se, text
}

// average is the mean of a field over the tickets that have it.
func average(of func(*ticket) float64) measure {
	return func(list []ticket, _ *trail.Totals, _ *world.World) float64 {
		sum, n := 0.0, 0
		for i := range list {
			if x := of(&list[i]); !math.IsNaN(x) {
				sum, n = sum+x, n+1
			}
		}
		return sum / float64(n)
	}
}

func only(rank uint8, of func(*ticket) float64) func(*ticket) float64 {
	return func(x *ticket) float64 {
		if x.rank != rank {
			return math.NaN()
		}
		return of(x)
	}
}

func wait(x *ticket) float64 { return x.wait }
func stay(x *ticket) float64 { return x.stay }

func above(limit float64) func(*ticket) float64 {
	return func(x *ticket) float64 {
		if x.wait > limit {
			return 1
		}
		return 0
	}
}

const (
	plain = "../../testdata/worlds/plain.yaml"
	stock = "../../testdata/worlds/stock.yaml"
)

// Each case compares a world with a formula, and the same check must fail for the changed world.
func TestTheory(t *testing.T) {
	lognormal := []string{"equipment.classes.unit.failures.fault.restore={dist: lognormal, mean: 1h, cv: 1}",
		"people.crew.headcount=1", "equipment.classes.unit.rate=0.5/h"}
	fixed := []string{"equipment.classes.unit.failures.fault.restore=1h", "people.crew.headcount=1", "equipment.classes.unit.rate=0.6/h"}
	two := []string{"contracts.c.severities.high.mix=0.4", "contracts.c.severities.low.mix=0.6", "dispatch.order=severity"}
	patient := []string{"contracts.c.ladder.out={after: 30m, since: reported, unless: assigned, moves: l2, mark: escalated_2}",
		"people.overflow={place: room, headcount: 400, roles: [support], tier: l2}", "equipment.classes.unit.rate=3/h"}
	echelons := []string{"parts.depots.centre={place: centre, stock: {spare: 6}}", "parts.depots.a={place: a, parent: centre, transport: 1d, stock: {spare: 2}}",
		"parts.depots.b={place: b, parent: centre, transport: 1d, stock: {spare: 3}}", "equipment.installed.b={unit: 2}",
		"people.crew_b={place: b, headcount: 60, roles: [field]}"}
	_, bases := queueing.TwoEchelon(6, 4, []queueing.Base{{Rate: 1, Transport: 1, Stock: 2}, {Rate: 2, Transport: 1, Stock: 3}})
	impatience := queueing.MMcPatience(3, 3, 1, 0.5)
	// One engineer drives 30 or 60 km at 60 km/h, works 1 h on average and drives back: E S = 2.5 h, E S² = 7.5 h².
	traveller := queueing.MG1Wait(0.2, 2.5, 7.5)
	// Units that were new at 0: t/μ + (cv² − 1)/2 renewals by t (Smith 1954), Weibull of shape 2: cv² = 4/π − 1.
	renewals := 40 * (36.5 + (4/math.Pi-2)/2)
	districts := queueing.HypercubeQueue(3, 1, []queueing.Atom{{Rate: 0.9, Preference: []int{0, 1, 2}}, {Rate: 0.5, Preference: []int{1, 0, 2}}, {Rate: 0.4, Preference: []int{2, 1, 0}}})
	day := []string{"equipment.classes.unit.profile={hour: [0,0,0,0,0,0,0,0,3,3,3,3,3,3,3,3,0,0,0,0,0,0,0,0]}", "people.crew.headcount=300"}
	// From 8 to 16 h the rate is 5.4/h, else 0: at 12 h the mean number in M(t)/M/∞ is 5.4·(1 − e^−4), the rest of the day before adds e^-20 of it.
	noon := 5.4 * (1 - math.Exp(-4))
	with := func(list []string, more ...string) []string { return append(append([]string(nil), list...), more...) }
	nonPreemptive := queueing.MMcPriorities(3, 1, []float64{0.72, 1.08})
	preemptive := queueing.MMcPreemptive(3, 1, []float64{0.72, 1.08})
	for _, c := range []struct {
		name      string
		world     string
		set       []string
		changed   []string // applied on top; the check must fail
		of        measure
		theory    float64
		tolerance float64
	}{
		// Erlang C: mean wait and tail (Erlang 1917).
		{"M/M/3 mean wait", plain, nil, []string{"equipment.classes.unit.rate=1.86/h"}, average(wait), queueing.MMcWait(3, 1.8, 1), 0.01},
		{"M/M/3 wait above 1 h", plain, nil, []string{"equipment.classes.unit.rate=1.86/h"}, average(above(1)), queueing.MMcWaitTail(3, 1.8, 1, 1), 0.01},
		{"M/M/4 mean wait", plain, []string{"people.crew.headcount=4"}, []string{"people.crew.headcount=3"}, average(wait), queueing.MMcWait(4, 1.8, 1), 0.015},
		// Pollaczek–Khinchine, constant and lognormal work.
		{"M/D/1 mean wait", plain, fixed, []string{"equipment.classes.unit.rate=0.62/h"}, average(wait), queueing.MD1Wait(0.6, 1), 0.01},
		{"M/G/1 lognormal mean wait", plain, lognormal, []string{"equipment.classes.unit.rate=0.54/h"}, average(wait), queueing.MG1Wait(0.5, 1, 2), 0.015},
		// Two classes with a common rate (Cobham 1954; pre-emptive resume by differences of M/M/c totals).
		{"priority, high", plain, two, []string{"equipment.classes.unit.rate=1.88/h"}, average(only(1, wait)), nonPreemptive[0], 0.01},
		{"priority, low", plain, two, []string{"equipment.classes.unit.rate=1.86/h"}, average(only(2, wait)), nonPreemptive[1], 0.015},
		{"pre-emptive, high", plain, with(two, "dispatch.preempt=lower"), []string{"dispatch.preempt=none"}, average(only(1, stay)), preemptive[0], 0.005},
		{"pre-emptive, low", plain, with(two, "dispatch.preempt=lower"), []string{"dispatch.preempt=none"}, average(only(2, stay)), preemptive[1], 0.01},
		// Palm's theorem: outstanding orders are Poisson with the mean of demand in a lead time, here 4.
		{"(S−1, S) fill rate", stock, nil, []string{"parts.depots.a.stock.spare=6"}, fillRate, queueing.BaseStock(4, 1, 4).Ready, 0.01},
		// Barrer 1957: who waits half an hour leaves for another line.
		{"M/M/3+D loss", plain, patient, []string{"people.crew.headcount=4"}, average(left), impatience.Loss, 0.01},
		{"M/M/3+D wait of those served", plain, patient, []string{"equipment.classes.unit.rate=3.3/h"}, average(served), impatience.ServedWait, 0.01},
		{"two echelons, backorders at a", stock, echelons, []string{"parts.depots.centre.stock.spare=7"}, backorders, bases[0].Backorders, 0.02},
		{"two echelons, none waits at a", stock, echelons, []string{"parts.depots.a.stock.spare=3"}, backorders, bases[0].Backorders, 0.02},
		{"travelling engineer", "../../testdata/worlds/rounds.yaml", nil, []string{"travel.speed=57km/h"}, average(wait), traveller, 0.01},
		{"Weibull renewals", plain, []string{"equipment.classes.unit={life: {dist: weibull, mean: 10d, shape: 2}, failures: {fault: {share: 1, restore: 1h}}}",
			"equipment.classes.unit.rate=null", "equipment.installed.room.unit=40", "run.start=new_contract", "run.warm_up=null"}, []string{"equipment.installed.room.unit=41"}, count, renewals, 0.005},
		{"hypercube, own district", "../../testdata/worlds/districts.yaml", nil, []string{"equipment.installed.s2={unit: 7}"}, sent(0, 0), districts.Sent[0][0], 0.005},
		{"hypercube, neighbour", "../../testdata/worlds/districts.yaml", nil, []string{"equipment.installed.s2={unit: 7}"}, sent(0, 1), districts.Sent[0][1], 0.01},
		{"M(t)/M/∞ at noon", plain, day, []string{"equipment.classes.unit.rate=1.88/h"}, present(12), noon, 0.005},
		{"(S−1, S) backorders", stock, nil, []string{"equipment.classes.unit.rate=1.05/d"}, backorders, queueing.BaseStock(5, 1, 4).Backorders, 0.02},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ok, text := agrees(t, load(t, c.world, c.set...), c.of, c.theory, c.tolerance)
			if !ok {
				t.Error(text)
			}
			if ok, text := agrees(t, load(t, c.world, with(c.set, c.changed...)...), c.of, c.theory, 1); ok {
				t.Errorf("changed by %v, the check still passes: %s", c.changed, text)
			}
		})
	}
}

func fillRate(_ []ticket, tot *trail.Totals, _ *world.World) float64 {
	return float64(tot.Stock[0].FromStock) / float64(tot.Stock[0].Demands)
}

func backorders(_ []ticket, tot *trail.Totals, w *world.World) float64 {
	return tot.Stock[0].BackorderTime.Hours() / model.Hours(w.Term)
}

func left(x *ticket) float64 {
	if x.escalated {
		return 1
	}
	return 0
}

func served(x *ticket) float64 {
	if x.escalated {
		return math.NaN()
	}
	return x.wait
}

func count(list []ticket, _ *trail.Totals, _ *world.World) float64 { return float64(len(list)) }

// sent is the share of a site's tickets that go to a person; sites follow the bases in the order of names.
func sent(site, person int32) measure {
	return func(list []ticket, _ *trail.Totals, w *world.World) float64 {
		n, k := 0, 0
		for i := range list {
			if list[i].site == w.Sources[site].Site {
				n++
				if list[i].lead == person {
					k++
				}
			}
		}
		return float64(k) / float64(n)
	}
}

// present is the mean number of tickets open at an hour of the day.
func present(hour float64) measure {
	return func(list []ticket, _ *trail.Totals, w *world.World) float64 {
		n := 0.0
		for i := range list {
			if x := &list[i]; !math.IsNaN(x.stay) {
				n += math.Floor((x.at+x.stay-hour)/24) - math.Floor((x.at-hour)/24)
			}
		}
		return n / (model.Hours(w.Term) / 24)
	}
}

// W2 has been written nine times by others, as separate programs; these are the figures they agree on. The width of
// each is the larger of what they state and the last digit.
func TestFieldServiceYear(t *testing.T) {
	late := func(rank uint8) measure {
		return func(list []ticket, _ *trail.Totals, w *world.World) float64 {
			n, k := 0, 0
			for i := range list {
				x := &list[i]
				if rank > 0 && x.rank != rank || math.IsNaN(x.response) {
					continue
				}
				n++
				for c := range w.Clauses {
					if w.Clauses[c].ID == "response" && x.response > model.Hours(w.Clauses[c].Limit(int(x.rank), int(w.Contracts[0].SiteBand[x.site])).Span) {
						k++
					}
				}
			}
			return 100 * float64(k) / float64(n)
		}
	}
	use := func(_ []ticket, tot *trail.Totals, w *world.World) float64 {
		busy, all := 0.0, 0.0
		for i := range w.Teams {
			if w.Teams[i].Roles&(1<<world.RoleField) == 0 {
				continue
			}
			for a, s := range tot.Activity[i] {
				if all += s.Hours(); model.Activity(a) != model.ActIdle {
					busy += s.Hours()
				}
			}
		}
		return busy / all
	}
	for _, c := range []struct {
		name         string
		of           measure
		known, width float64
	}{
		{"visits late, %", late(0), 8.43, 0.03},
		{"late, severity 1", late(1), 57, 0.5},
		{"late, severity 2", late(2), 22.5, 0.05},
		{"late, severity 3", late(3), 5.8, 0.05},
		{"late, severity 4", late(4), 0.9, 0.05},
		{"mean response, h", average(func(x *ticket) float64 { return x.response }), 1.918, 0.002},
		{"mean resolution, h", average(stay), 2.862, 0.002},
		{"mean wait for a part, h", average(func(x *ticket) float64 { return x.part }), 4.15, 0.01},
		{"utilisation", use, 0.126, 0.0005},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := load(t, "w2")
			w.Replications = 400
			mean, se := estimate(t, w, c.of)
			if d := math.Abs(mean - c.known); d > 4*se+c.width {
				t.Errorf("%.4f ± %.4f, known %.4f ± %.4f", mean, se, c.known, c.width)
			}
			changed := load(t, "w2", "equipment.classes.system.rate=0.055/h", "people.field1.headcount=3", "equipment.classes.system.failures.fault.remote=0.55")
			changed.Replications = 100
			if mean, se := estimate(t, changed, c.of); math.Abs(mean-c.known) <= 4*se+c.width && c.name[:5] != "late," {
				t.Errorf("with more faults, fewer people and fewer remote fixes the check still passes: %.4f ± %.4f", mean, se)
			}
		})
	}
}
