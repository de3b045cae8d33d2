package experiment_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"slasim/model"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/scenarios"
	"slasim/sim"
	"slasim/sim/experiment"
	"slasim/sim/judge"
)

// contractAlone is a contract with all of its own: class, people, depot and part, planned work, questions.
func contractAlone(id string, priority int) (contract, class, people, depot, job, question string) {
	contract = fmt.Sprintf(`
  %[1]s:
    priority: %[2]d
    price: 300k CNY
    classes: [%[1]s_unit]
    severities: {bad: {rank: 1, mix: 1}, plain: {rank: 2, mix: 3}}
    declare: mix
    process:
      phone: {call: {dist: exponential, mean: 5m}}
      remote: sequential
      respond: true
      onsite_approval: {probability: 0.5, day: 20m}
      confirm: 5m
      record: {delay: 1h, work: 30m, by: remote}
      part_source: %[3]s
      max_hold: 3h
      quotation: {probability: 0.3, day: 1h}
      service_hours: {calendar: hours, severities: [plain]}
      rise_after: {plain: 10h}
      loaner_after: 3h
      complaint: {share: 0.05, share_late: 0.3, reply: {dist: exponential, mean: 1h}, close: 2d, loop: 0.2}
    key_periods: {festival: {from: 2026-02-15, to: 2026-02-23}}
    ladder: {senior: {after: 1h, since: arrived, unless: restored, adds: l2, join: site}}
    clauses:
      answer: {text: {en: answered, zh: 接听}, start: reported, stop: responded, limit: 15m, target: 1}
      arrive: {text: {en: on site, zh: 到场}, start: onsite_requested, stop: arrived, limit: 3h, target: 1}
      restore: {text: {en: restored, zh: 恢复}, start: reported, stop: restored, limit: 8h, target: 1}`, id, priority, []string{"", "engineer_base", "nearest_stock", "engineer_base"}[priority])
	class = fmt.Sprintf(`
    %[1]s_unit: {rate: 20/y, failures: {hard: {share: 1, hardware: true, outage: 0.5, remote: 0.3, remote_time: {dist: exponential, mean: 1h}, diagnose: {dist: exponential, mean: 1h}, restore: {dist: exponential, mean: 2h}, part_need: 0.5, part_known: 0.5, right_part: 0.7, parts: {%[1]s_card: 1}, difficulty: {l1: 0.6, l2: 0.4}}}}`, id)
	people = fmt.Sprintf(`
  %[1]s_desk: {place: base, headcount: 1, roles: [desk, remote, manager], tier: l2, contracts: [%[1]s], pay: 100k CNY}
  %[1]s_field: {place: base, headcount: 2, roles: [field, planned, support], tier: l2, contracts: [%[1]s], return: redirect, pay: 120k CNY}
  %[1]s_people: {place: base, headcount: 1, roles: [field, planned], tier: l1, contracts: [%[1]s], pay: 80k CNY}`, id)
	depot = fmt.Sprintf(`
    %[1]s_depot: {place: base, contracts: [%[1]s], stock: {%[1]s_card: 1, %[1]s_loaner: 1}}`, id)
	job = fmt.Sprintf(`
    %[1]s_inspection: {contract: %[1]s, every: month, per_device: 20m, findings: 0.05, calendar: cn}
    %[1]s_before: {contract: %[1]s, every: key_period, within: 14d, per_device: 10m, calendar: cn}`, id)
	question = fmt.Sprintf(`
    %[1]s_asks: {contract: %[1]s, rate: 200/y, look_up: 0.5, answer: {dist: exponential, mean: 20m}}`, id)
	return
}

// pool is a scenario of some contracts; shared is a team that serves them all.
func pool(t testing.TB, shared string, ids ...string) *world.World {
	t.Helper()
	var b [6]string
	parts, installed := "", ""
	for _, id := range ids {
		priority := 1 + slices.Index([]string{"alpha", "beta", "gamma"}, id)
		c, k, p, d, j, q := contractAlone(id, priority)
		for i, text := range []string{c, k, p, d, j, q} {
			b[i] += text
		}
		parts += fmt.Sprintf("\n    %[1]s_card: {price: 900 CNY, lead: 5d, emergency: {lead: 1d, below: 1}}\n    %[1]s_loaner: {loaner_for: %[1]s_unit}", id)
		installed += fmt.Sprintf("%s_unit: 8, ", id)
	}
	text := `
run: {title: {en: pool, zh: 资源池}, start_date: 2026-01-05, term: 180d, replications: 3, after_horizon: drain}
calendars:
  cn: {system: china, makeup_days: workday}
  hours: {system: china, makeup_days: workday, hours: {mon-fri: 08:00-18:00}}
places:
  metric: plane
  points: {base: {x_km: 0, y_km: 0}, near: {x_km: 50, y_km: 0}, far: {x_km: 150, y_km: 0}}
travel: {mode: road, speed: 60 km/h, variation: 0.2, weather: {snow: {days_per_year: 60, speed: 30 km/h}}}
equipment:
  classes:` + b[1] + `
  installed: {near: {` + strings.TrimSuffix(installed, ", ") + `}, far: {` + strings.TrimSuffix(installed, ", ") + `}}
faults:
  questions:` + b[5] + `
contracts:` + b[0] + `
people:` + b[2] + shared + `
parts:
  courier: {speed: 60 km/h}
  items:` + parts + `
  depots:` + b[3] + `
dispatch: {policy: severity_age, preempt: lower}
planned:
  jobs:` + b[4] + `
costs: {holding: 0.2, places: 10k CNY, car_km: 2 CNY}
`
	s, diags := scenarios.Load("pool.yaml", scenarios.Options{FS: fstest.MapFS{"pool.yaml": {Data: []byte(text)}}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return s.World
}

// kept is all that a contract's subjects went through, in their order, without the numbers they share with others'.
type kept struct {
	w     *world.World
	name  string
	judge *judge.Judge
	lines []string
	seen  map[string]int // what its subjects went through
}

func (k *kept) Subject(s *trail.Subject) {
	k.judge.Subject(s)
	if s.Contract >= 0 && k.w.Contracts[s.Contract].ID == k.name {
		k.lines = append(k.lines, fmt.Sprint(s.Kind, s.Site, s.Band, s.Declared, s.Final, s.Visit, s.Milestones, s.Intervals))
		if k.seen == nil {
			k.seen = map[string]int{}
		}
		for m, at := range s.Milestones {
			if at != model.Unset {
				k.seen[s.Kind.String()+" "+s.Kind.Milestones()[m]]++
			}
		}
	}
}

// A contract with people, stock and equipment of its own is not touched by the others: every milestone and wait of its
// subjects is the same to the second, and so are the counts of its clauses, whether the others are there, are silent or were
// never written down.
func TestDisjointPool(t *testing.T) {
	all, alone := pool(t, "", "alpha", "beta", "gamma"), pool(t, "", "beta")
	silent := experiment.Without(experiment.Without(all, 0), 2)
	seen, ways := 0, map[string]int{}
	for rep := range 3 {
		var first *kept
		for _, w := range []*world.World{alone, silent, all} {
			k := &kept{w: w, name: "beta", judge: judge.New(w)}
			k.judge.Reset(int32(rep))
			if _, err := sim.New(w).Run(rep, k, nil, false); err != nil {
				t.Fatal(err)
			}
			slices.Sort(k.lines) // those of one instant come in the order of their places in common tables
			seen += len(k.lines)
			for what, n := range k.seen {
				ways[what] += n
			}
			if first == nil {
				first = k
				continue
			}
			if d := gocmp.Diff(first.lines, k.lines); d != "" {
				t.Fatalf("replication %d: beta's subjects alone and with the others there differ (-alone +there):\n%.2000s", rep, d)
			}
			if a, b := countsOf(alone, first.judge.Rep(), "beta"), countsOf(w, k.judge.Rep(), "beta"); !slices.Equal(a, b) {
				t.Errorf("replication %d: counts of beta's clauses %v with others there, %v alone", rep, b, a)
			}
		}
	}
	if seen < 1000 {
		t.Errorf("only %d subjects: the law was hardly tried", seen)
	}
	for _, what := range []string{"complaint replied", "job done", "call replied", "ticket risen", "ticket loaner_in", "ticket joined", "ticket part_on_site"} {
		if ways[what] == 0 {
			t.Errorf("the law was not tried with %s", what)
		}
	}
	// and it can fail: one man who serves all ties them together
	shared := "\n  shared: {place: near, headcount: 1, roles: [field, planned], tier: l1}"
	a, b := pool(t, shared, "alpha", "beta"), pool(t, shared, "beta")
	x, y := &kept{w: a, name: "beta", judge: judge.New(a)}, &kept{w: b, name: "beta", judge: judge.New(b)}
	for _, k := range []*kept{x, y} {
		k.judge.Reset(0)
		if _, err := sim.New(k.w).Run(0, k, nil, false); err != nil {
			t.Fatal(err)
		}
		slices.Sort(k.lines)
	}
	if slices.Equal(x.lines, y.lines) {
		t.Error("a shared engineer does not tie two contracts together")
	}
}

// countsOf are the counts of the clauses of a contract by clause and period.
func countsOf(w *world.World, r *judge.RepResult, contract string) []judge.Count {
	var list []judge.Count
	for i := range w.Clauses {
		if w.Contracts[w.Clauses[i].Contract].ID == contract {
			for p := range r.Periods(i) {
				n, _, _ := r.Period(i, p)
				list = append(list, n)
			}
		}
	}
	return list
}

// What each contract bears adds up to what the pool costs, kind by kind; a contract that is alone in a disjoint pool bears
// its own people.
func TestContractCosts(t *testing.T) {
	shared := "\n  shared: {place: near, headcount: 1, roles: [field, planned], tier: l1, pay: 60k CNY}"
	for _, w := range []*world.World{pool(t, shared, "alpha", "beta", "gamma"), embeddedWorld(t, "portfolio")} {
		res, err := experiment.Run(context.Background(), w, experiment.Options{Replications: 2})
		if err != nil {
			t.Fatal(err)
		}
		for i := range res.Reps {
			all := judge.Cost(w, res.Reps[i], res.Totals[i])
			var sum judge.CostResult
			for k := range w.Contracts {
				c := judge.ContractCost(w, res.Reps[i], res.Totals[i], k)
				sum.People += c.People
				sum.Overtime += c.Overtime
				sum.OnCall += c.OnCall
				sum.Partners += c.Partners
				sum.Vendors += c.Vendors
				sum.Places += c.Places
				sum.Stock += c.Stock
				sum.Parts += c.Parts
				sum.Emergency += c.Emergency
				sum.Travel += c.Travel
				sum.Couriers += c.Couriers
				sum.Total += c.Total
			}
			for _, x := range []struct {
				name     string
				all, sum float64
			}{
				{"people", all.People, sum.People}, {"overtime", all.Overtime, sum.Overtime}, {"on call", all.OnCall, sum.OnCall},
				{"partners", all.Partners, sum.Partners}, {"vendors", all.Vendors, sum.Vendors}, {"places", all.Places, sum.Places},
				{"stock", all.Stock, sum.Stock}, {"parts", all.Parts, sum.Parts}, {"emergency", all.Emergency, sum.Emergency},
				{"travel", all.Travel, sum.Travel}, {"couriers", all.Couriers, sum.Couriers}, {"total", all.Total, sum.Total},
			} {
				if math.Abs(x.all-x.sum) > 1e-9*math.Max(1, x.all) {
					t.Errorf("%s: %s %v, the contracts together %v", w.Name, x.name, x.all, x.sum)
				}
			}
			if all.Travel == 0 || all.Parts == 0 || all.Stock == 0 {
				t.Errorf("nothing to part: %+v", all)
			}
		}
	}
	w := pool(t, "", "alpha", "beta")
	res, err := experiment.Run(context.Background(), w, experiment.Options{Replications: 1})
	if err != nil {
		t.Fatal(err)
	}
	if c := judge.ContractCost(w, res.Reps[0], res.Totals[0], 1); math.Abs(c.People-420_000) > 1e-6 { // 100 + 2 · 120 + 80 k
		t.Errorf("beta's own people cost 420,000, not %v", c.People)
	}
}

// Who suffers from whom, by hand. One engineer, no travel; work 5 h (busy's) and 1 h (short's); limit 4 h from report to
// restoration for both. Tuesday 10:00 busy's fault: done 15:00, late by itself. 10:30 short's: waits to 15:00, done 16:00,
// late; without busy it is done at 11:30. 15:30 busy's next: the engineer is free at 16:00, done 21:00, late; without short at
// 20:30, late all the same. So short has 1 late event with busy and 0 without: it suffers 1; busy has 2 and 2: it suffers 0.
// The term is 28 d, so that one event is 365/28 = 13.04 a year.
func TestWhoSuffersByHand(t *testing.T) {
	text := `
run: {title: {en: two, zh: 二}, start_date: 2026-01-05, term: 28d, replications: 1}
places:
  metric: plane
  points:
    hall: {x_km: 0, y_km: 0}
equipment:
  classes:
    long: {rate: 1/y, failures: {fault: {share: 1, restore: 5h}}}
    brief: {rate: 1/y, failures: {fault: {share: 1, restore: 1h}}}
  installed: {hall: {long: 1, brief: 1}}
contracts:
  busy: &c
    classes: [long]
    severities: {any: {rank: 1, mix: 1}}
    declare: mix
    process: {remote: none}
    clauses: {restore: {text: {en: restored, zh: 恢复}, start: reported, stop: restored, limit: 4h, target: 1}}
  short: {<<: *c, classes: [brief]}
people: {field: {place: hall, headcount: 1, roles: [field]}}
dispatch: {policy: nearest_free}
`
	s, diags := scenarios.Load("two.yaml", scenarios.Options{FS: fstest.MapFS{"two.yaml": {Data: []byte(text)}}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	w := s.World
	source := func(class string) int32 {
		for i := range w.Sources {
			if strings.HasSuffix(w.Sources[i].Name, "/"+class) {
				return int32(i)
			}
		}
		t.Fatal("no source of " + class)
		return -1
	}
	at := func(hours float64) model.Time { return model.Day + model.Time(hours*float64(time.Hour)) }
	w.History = []world.HistoryTicket{
		{At: at(10), Source: source("long"), Failure: -1, ID: "a"}, {At: at(10.5), Source: source("brief"), Failure: -1, ID: "b"},
		{At: at(15.5), Source: source("long"), Failure: -1, ID: "c"},
	}
	res, err := experiment.Run(context.Background(), w, experiment.Options{Replications: 1})
	if err != nil {
		t.Fatal(err)
	}
	got, err := experiment.Pool(context.Background(), w, res.Reps, experiment.Options{})
	if err != nil {
		t.Fatal(err)
	}
	a := 365.0 / 28
	for i, want := range []judge.Effect{
		{Contract: "busy", From: "short", LatePerYear: 2 * a, Without: 2 * a, Difference: 0},
		{Contract: "short", From: "busy", LatePerYear: a, Without: 0, Difference: a},
	} {
		e := got.Effects[i]
		if e.Contract != want.Contract || e.From != want.From || math.Abs(e.LatePerYear-want.LatePerYear) > 1e-9 ||
			math.Abs(e.Without-want.Without) > 1e-9 || math.Abs(e.Difference-want.Difference) > 1e-9 {
			t.Errorf("%+v, by hand %+v", e, want)
		}
	}
}

// Findings of a visit are faults of the contract that is visited: of one whose own units never fail none is due to the
// other's inspections at the same sites.
func TestFindingsStayInTheirContract(t *testing.T) {
	w := pool(t, "", "alpha", "beta")
	for i := range w.Sources {
		w.Sources[i].Rate = 0
	}
	for i := range w.Jobs {
		if w.Contracts[w.Jobs[i].Contract].ID == "beta" {
			w.Jobs[i].Findings = 0
		}
	}
	tot, err := sim.New(w).Run(0, judgeOf(w), nil, false)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := tot.Contracts[0].Tickets, tot.Contracts[1].Tickets; a == 0 || b != 0 {
		t.Errorf("%d findings in alpha, %d in beta: want some and none", a, b)
	}
}

func judgeOf(w *world.World) *judge.Judge {
	j := judge.New(w)
	j.Reset(0)
	return j
}

func embeddedWorld(t testing.TB, name string) *world.World {
	t.Helper()
	s, diags := scenarios.Load(name, scenarios.Options{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return s.World
}
