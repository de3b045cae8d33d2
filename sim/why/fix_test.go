package why

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"testing/fstest"

	"slasim/model/world"
	"slasim/scenarios"
	"slasim/sim/experiment"
	"slasim/sim/judge"
	"slasim/sim/plan"
	"slasim/sim/stats"
)

// short is a small world that is short of people at two bases and of cards in its depot: faults at two places that are 2 h
// apart, half of XX to replace.
const short = `run: {title: {en: short, zh: 短缺}, start_date: 2026-01-05, term: 120d, replications: 60, seed: 5, assurance: 0.92}
places:
  metric: plane
  points:
    base: {x_km: 0, y_km: 0}
    far: {x_km: 120, y_km: 0}
travel: {mode: road, speed: 60 km/h}
equipment:
  classes:
    unit:
      rate: 700/y
      failures: {fault: {share: 1, restore: {dist: exponential, mean: 2h}, part_need: 0.08, part_known: 1, right_part: 1, parts: {card: 1}}}
  installed: {base: {unit: 1}, far: {unit: 1}}
contracts:
  c:
    severities: {s: {rank: 1}}
    process: {remote: none}
    clauses:
      back: {text: {en: back in 12 h, zh: 12小时恢复}, start: reported, stop: restored, limit: 12h, target: 0.95}
people:
  near_team: {place: base, headcount: 1, roles: [field], pay: 100k CNY}
  far_team: {place: far, headcount: 0, roles: [field], pay: 130k CNY}
parts:
  source: nearest_stock
  courier: {fixed: 30m, speed: 60 km/h}
  items: {card: {lead: 4d, price: 20k CNY}}
  depots: {store: {place: base, stock: {card: 1}}}
costs: {currency: CNY, holding: 0.2, life: 5y}
`

func shortWorld(t testing.TB, set ...string) *world.World {
	t.Helper()
	s, diags := scenarios.Load("short.yaml", scenarios.Options{FS: fstest.MapFS{"short.yaml": {Data: []byte(short)}}, Set: set})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return s.World
}

// The fix is the cheapest of all sets of changes: each of them is looked at here by plain runs on other random numbers, as is
// the set without each of its steps. So it is whether the search looks at all sets or not.
func TestRepairEqualsExhaustiveSearch(t *testing.T) {
	t.Run("cheap cards", func(t *testing.T) { repairs(t, 20_000, 0, 1) })
	t.Run("dear cards", func(t *testing.T) { repairs(t, 400_000, 0) })
}

func repairs(t *testing.T, price float64, searches ...int) {
	const terms, needed = 250, 0.92
	vars := []plan.Variable{
		{Path: "people.near_team.headcount", Values: []string{"1", "2", "3"}},
		{Path: "people.far_team.headcount", Values: []string{"0", "1"}},
		{Path: "parts.depots.store.stock.card", Values: []string{"1", "2", "3", "4", "5"}},
	}
	worlds := map[string]*world.World{}
	of := func(d plan.Design) *world.World {
		key := fmt.Sprint(d)
		if worlds[key] == nil {
			set := []string{fmt.Sprintf("parts.items.card.price=%.0f CNY", price)}
			for i, v := range d {
				set = append(set, vars[i].Path+"="+vars[i].Values[v])
			}
			worlds[key] = shortWorld(t, set...)
		}
		return worlds[key]
	}
	passes := func(p float64) bool { return stats.ClopperPearsonLower(int(p*terms+0.5), terms, 0.95) >= needed }
	share := func(d plan.Design) float64 { // of terms in which the clause holds
		w := *of(d)
		w.Seed = 77
		run, err := experiment.Run(context.Background(), &w, experiment.Options{Replications: terms, CountsOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		held := 0
		for _, r := range run.Reps {
			if r.Holds(0, 0) {
				held++
			}
		}
		return float64(held) / terms
	}
	var best plan.Design
	cost := 0.0
	for a := range vars[0].Values {
		for b := range vars[1].Values {
			for c := range vars[2].Values {
				d := plan.Design{a, b, c}
				money := judge.Fixed(of(d))
				if best != nil && money >= cost {
					continue
				}
				if passes(share(d)) {
					best, cost = d, money
				}
			}
		}
	}
	if best == nil || best[0]+best[1] == 0 || best[2] == 0 {
		t.Fatalf("the world is no test: the cheapest set is %v", best)
	}
	for _, all := range searches { // look at all sets; search
		f, err := Repair(context.Background(), &plan.Problem{Variables: vars, Clauses: []string{"back"}, Search: terms, Proof: terms, Exhaustive: all,
			World: func(d plan.Design) (*world.World, error) { return of(d), nil }}, []int32{0})
		if err != nil {
			t.Fatal(err)
		}
		if !f.Holds || !slices.Equal(f.Design, best) || f.Result.Complete != (all == 0) {
			t.Errorf("exhaustive %d: holds %v, %v, by looking at all %v", all, f.Holds, f.Design, best)
		}
		if f.Before.Lower >= needed || f.After.Lower < needed || f.After.Held <= f.Before.Held || f.After.CostPerYear <= f.Before.CostPerYear {
			t.Errorf("before %+v, after %+v", f.Before, f.After)
		}
		for i, n := range f.Design {
			if n == 0 {
				if f.Cost[i] != 0 || f.Without[i] != -1 {
					t.Errorf("%s is not changed, but costs %v", vars[i].Path, f.Cost[i])
				}
				continue
			}
			less := slices.Clone(f.Design)
			less[i]--
			if p := share(less); p >= share(f.Design) || passes(p) {
				t.Errorf("without a step of %s it holds in %v of terms", vars[i].Path, p)
			}
			if f.Without[i] >= float64(f.After.Held)/float64(f.After.Years) {
				t.Errorf("without a step of %s it is said to hold in %v", vars[i].Path, f.Without[i])
			}
		}
		// A card costs (0.2 + 1/5) of its price a year; people cost their pay.
		want := []float64{float64(100_000 * f.Design[0]), float64(130_000 * f.Design[1]), 0.4 * price * float64(f.Design[2])}
		for i := range want {
			if d := f.Cost[i] - want[i]; d > 1e-6 || d < -1e-6 {
				t.Errorf("%s costs %v, want %v", vars[i].Path, f.Cost[i], want[i])
			}
		}
	}
}

// What a plan keeps since it pays for itself is no part of a fix if the clause holds without it.
func TestRepairDropsWhatIsNotNeeded(t *testing.T) {
	vars := []plan.Variable{
		{Path: "people.near_team.headcount", Values: []string{"3", "4"}},
		{Path: "people.far_team.headcount", Values: []string{"1", "2"}},
		{Path: "parts.depots.store.stock.card", Values: []string{"6", "8"}},
	}
	r := &repair{ctx: context.Background(), clauses: []int32{0}, replications: 100, conf: 0.95, assurance: 0.9, seeds: [2]uint64{3, 4},
		known: map[string]Standing{}, q: &plan.Problem{World: func(d plan.Design) (*world.World, error) {
			var set []string
			for i, v := range d {
				set = append(set, vars[i].Path+"="+vars[i].Values[v])
			}
			return shortWorld(t, set...), nil
		}}}
	f := &Fix{Design: plan.Design{1, 1, 1}} // holds without any of it
	without, err := r.prune(f)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(f.Design, plan.Design{0, 0, 0}) || !slices.Equal(without, []float64{-1, -1, -1}) {
		t.Errorf("left is %v, %v", f.Design, without)
	}
}

// Worlds in which late events are looked at again: as it is nothing is saved, and with what helps as many as are said to be.
func TestIn(t *testing.T) {
	w := shortWorld(t)
	x := explain(t, w, 10, nil)
	if saved, fresh, err := x.In(context.Background(), w, 10); err != nil || saved != 0 || fresh != 0 {
		t.Errorf("the same world: %d saved, %d newly late, %v", saved, fresh, err)
	}
	saved, fresh, err := x.In(context.Background(), Part.Without(w, 1), 10)
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	for i := range x.Cases {
		if x.Cases[i].Saved(Part) {
			want++
		}
	}
	if saved != want || fresh != int(x.Fresh[Part][0]) || want == 0 || x.Late(10) != len(x.Cases) {
		t.Errorf("without %v %d are saved, %d newly late of %d; in its world %d and %d", Part, want, x.Fresh[Part][0], x.Late(10), saved, fresh)
	}
}

// Where not even all steps together make the clause hold nothing is searched, and what they come to is what plain runs on other
// random numbers come to.
func TestRepairGivesUp(t *testing.T) {
	vars := []plan.Variable{{Path: "people.near_team.headcount", Values: []string{"1", "2"}}, {Path: "parts.depots.store.stock.card", Values: []string{"1", "2"}}}
	of := func(d plan.Design) (*world.World, error) {
		var set []string
		for i, v := range d {
			set = append(set, vars[i].Path+"="+vars[i].Values[v])
		}
		return shortWorld(t, append(set, "contracts.c.clauses.back.limit=2h")...), nil
	}
	f, err := Repair(context.Background(), &plan.Problem{Variables: vars, Clauses: []string{"back"}, Search: 100, Proof: 200, World: of}, []int32{0})
	if err != nil {
		t.Fatal(err)
	}
	if f.Holds || f.Result != nil || !slices.Equal(f.Design, plan.Design{1, 1}) || f.Replayed != 200 || f.After.Years != 100 {
		t.Fatalf("%+v", f)
	}
	for d, s := range map[*plan.Design]Standing{{0, 0}: f.Before, {1, 1}: f.After} {
		w, _ := of(*d)
		w.Seed = 99
		run, err := experiment.Run(context.Background(), w, experiment.Options{Replications: 100, CountsOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		late, squares := 0.0, 0.0
		for _, r := range run.Reps {
			n := float64(r.Clause(0).Breached)
			late, squares = late+n, squares+n*n
		}
		late /= 100
		deviation := math.Sqrt((squares/100 - late*late) / 100 * 2)
		if math.Abs(late-s.LatePerYear) > 4*deviation || late == 0 {
			t.Errorf("%v: %v late, by plain runs %v", *d, s.LatePerYear, late)
		}
	}
}
