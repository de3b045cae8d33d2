package plan

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"

	"slasim/model"
	"slasim/model/world"
	"slasim/scenarios"
	"slasim/sim/experiment"
	"slasim/sim/judge"
	"slasim/sim/queueing"
)

// problem is the planning of a scenario within the variations of its file, or those given.
func problem(t testing.TB, name string, set []string, vary ...string) *Problem {
	t.Helper()
	if len(name) > 5 && name[len(name)-5:] == ".yaml" {
		name = "../../testdata/worlds/" + name
	}
	s, diags := scenarios.Load(name, scenarios.Options{Set: set})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	if len(vary) == 0 {
		vary = s.File.Plan.Vary
	}
	p := &Problem{}
	for _, v := range vary {
		list, diags := s.Vary(v, model.Pos{File: "vary"})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		for _, x := range list {
			p.Variables = append(p.Variables, Variable{Path: x.Path, Values: x.Values, Base: x.Base})
		}
	}
	p.World = func(d Design) (*world.World, error) {
		all := slices.Clone(set)
		for i, v := range d {
			all = append(all, p.Variables[i].Path+"="+p.Variables[i].Values[v])
		}
		s, diags := scenarios.Load(name, scenarios.Options{Set: all})
		if diags.HasErrors() {
			return nil, fmt.Errorf("%w: %v", ErrNoWorld, diags)
		}
		return s.World, nil
	}
	return p
}

// brute looks at every design with all replications of the search and takes the cheapest that passes at the end: what the
// planner must find.
func brute(t *testing.T, p *Problem, chosen []string) (Design, float64) {
	t.Helper()
	q := *p
	s := &search{ctx: context.Background(), p: &q, found: map[uint64]map[string]*Finding{}, limits: map[int]int{}}
	top := make(Design, len(p.Variables))
	for i, v := range p.Variables {
		top[i] = len(v.Values) - 1
	}
	w, err := p.World(top)
	if err != nil {
		t.Fatal(err)
	}
	s.first, s.seed, s.clauses, s.years = w, w.Seed, judged(w), 1
	q.Clauses = chosen
	set, err := s.wanted()
	if err != nil {
		t.Fatal(err)
	}
	var best Design
	cheapest := math.Inf(1)
	for _, d := range s.all() {
		f, err := s.finding(s.seed, d, q.Search)
		if err != nil {
			t.Fatal(err)
		}
		if failed, years := f.failures(s, set, q.Search); failed <= s.allowed(years, confidence) && f.cost(q.Search) < cheapest {
			best, cheapest = d, f.cost(q.Search)
		}
	}
	return best, cheapest
}

// small are problems whose every design can be looked at.
var small = []struct {
	name, world string
	set, vary   []string
	want        Design // by hand where it can be reasoned out; nil: only by exhaustive search
}{
	{name: "two bases and two parts", world: "two-bases", vary: []string{"people.*.headcount=0..2", "parts.depots.a.stock.*=1..3", "parts.depots.b.stock.fan=1..3"}},
	{name: "engineers only", world: "two-bases", set: []string{"parts.depots.a.stock.fan=6", "parts.depots.a.stock.card=6"}, vary: []string{"people.*.headcount=0..4"}},
	// The middle base covers most sites, the two others together all.
	{name: "covering", world: "plan_cover.yaml", want: Design{1, 0, 1}},
	// One engineer at a keeps 15 minutes to s1 and two hours to s2; b only tightens what is asked.
	{name: "a base that tightens a limit", world: "plan_bands.yaml", want: Design{1, 0}},
	// 20 calls of about 1,200 and a retainer of 12,000 a year against 100,000 for an engineer of our own.
	{name: "own staff or partners", world: "plan_partner.yaml", want: Design{1, 0, 1}},
	{name: "stock of one depot", world: "two-bases", set: []string{"people.a.headcount=3", "people.b.headcount=3"}, vary: []string{"parts.depots.a.stock.*=0..5"}},
	{name: "stock or people", world: "two-bases", set: []string{"parts.depots.b.stock.fan=3", "parts.depots.b.stock.card=3", "contracts.c.clauses.there.limit=100m"},
		vary: []string{"people.*.headcount=0..3", "parts.depots.a.stock.*=0..3"}},
}

// The planner's design is that of exhaustive search: with all designs looked at, and by bounds, descent and exchange.
func TestEqualsExhaustiveSearch(t *testing.T) {
	for _, c := range small {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := problem(t, c.world, c.set, c.vary...)
			p.Search, p.Proof, p.Workers = 120, 240, 1
			if testing.Short() {
				p.Search = 60
			}
			var want Design
			for _, all := range []bool{true, false} {
				q := *p
				q.Variables = slices.Clone(p.Variables)
				q.Exhaustive = 1
				if all {
					q.Exhaustive = 1e6
				}
				r, err := Plan(context.Background(), &q)
				if err != nil {
					t.Fatal(err)
				}
				if want == nil {
					var cost float64
					want, cost = brute(t, p, r.Chosen)
					t.Logf("the cheapest that holds: %v at %.0f", want, cost)
					if c.want != nil && !slices.Equal(want, c.want) {
						t.Errorf("exhaustive search: %v, by hand %v", want, c.want)
					}
				}
				// The proof may show that a step less holds as well; the search itself must find the very design.
				if got := offset(p, &q, r.found); !slices.Equal(got, want) {
					t.Errorf("all designs looked at: %v: %v, exhaustive search %v", all, got, want)
				}
				if r.Holds && !slices.Equal(textsOf(r), textsAt(p, want)) && r.Cost.Fixed > fixedOf(t, p, want) {
					t.Errorf("all designs looked at: %v: the plan %v costs more than %v", all, textsOf(r), textsAt(p, want))
				}
				if r.Low > r.Cost.Total {
					t.Errorf("lower bound %.0f above the cost %.0f", r.Low, r.Cost.Total)
				}
			}
		})
	}
}

// offset is a design of q as one of p: the planner leaves out values with which there is no world.
func offset(p, q *Problem, d Design) Design {
	x := slices.Clone(d)
	for i := range x {
		x[i] += slices.Index(p.Variables[i].Values, q.Variables[i].Values[0])
	}
	return x
}

func fixedOf(t *testing.T, p *Problem, d Design) float64 {
	t.Helper()
	w, err := p.World(d)
	if err != nil {
		t.Fatal(err)
	}
	return judge.Fixed(w)
}

func textsOf(r *Result) (list []string) {
	for _, v := range r.Variables {
		list = append(list, v.Value)
	}
	return list
}

func textsAt(p *Problem, d Design) (list []string) {
	for i, v := range d {
		list = append(list, p.Variables[i].Values[v])
	}
	return list
}

// Staff by Erlang: at 2.1 calls an hour of one hour each, the share that waits longer than half an hour falls by half with each
// engineer, and thousands of calls a year leave the yearly share no room. The least staff is that of the formula.
func TestTheoryStaff(t *testing.T) {
	const lambda, mu, wait, share = 2.1, 1.0, 0.5, 0.95
	want := 0
	for c := 3; want == 0; c++ {
		if tail := queueing.MMcWaitTail(c, lambda, mu, wait); tail < 1-share {
			if low := queueing.MMcWaitTail(c-1, lambda, mu, wait); tail > 0.9*(1-share) || low < 1.1*(1-share) {
				t.Fatalf("%d engineers: %.4f, one less %.4f: too near to %.2f for the test", c, tail, low, 1-share)
			}
			want = c
		}
	}
	p := problem(t, "mmc.yaml", []string{"contracts.service.clauses.wait.limit=30m", "contracts.service.clauses.wait.target=0.95", "people.crew.pay=100k CNY"}, "people.crew.headcount=3..9")
	p.Hold, p.Clauses, p.Search, p.Proof = Hold{ByShare, share}, []string{"wait"}, 60, 60
	p.Exhaustive = 1
	r, err := Plan(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	// 60 years cannot prove 95 % at the confidence of a proof, which shares the chance of error among its attempts: what
	// matters here is the search.
	if got := r.Variables[0].Value; got != strconv.Itoa(want) {
		t.Errorf("%s engineers, %d by Erlang C", got, want)
	}
	// Servers without number: 2.1 e^−½ = 1.27 are there after half an hour, so that with three engineers P(N ≥ 3) = 0.137 wait
	// longer and with four 0.041. Of 95 % on time in 95 % of years at least 0.903 less √(0.0475 / 18,396) must be.
	if v := r.Variables[0]; v.TheoryBound != "4" || v.Theory != ByQueue {
		t.Errorf("by theory %q (%s), not 4", v.TheoryBound, v.Theory)
	}
}

// Base stock by Palm: of Poisson demands, with λL on order on average, the share met from stock is P(N ≤ S − 1).
func TestTheoryBaseStock(t *testing.T) {
	const onOrder, share = 2.0, 0.9
	want := 0
	for n, term, sum := 0, math.Exp(-onOrder), 0.0; want == 0; n++ {
		if n > 0 {
			term *= onOrder / float64(n)
		}
		if sum += term; sum > share {
			if sum < share+0.015 || sum-term > share-0.03 {
				t.Fatalf("S = %d: %.3f, one less %.3f: too near to %.2f for the test", n+1, sum, sum-term, share)
			}
			want = n + 1 // P(N ≤ n) = P(N ≤ S − 1)
		}
	}
	p := problem(t, "depot.yaml", []string{"run.term=3y", `contracts.service.clauses.part={text: part at once, start: part_requested, stop: part_on_site, limit: 1m, target: 0.9}`,
		"parts.items.spare.price=1000 CNY"}, "parts.depots.store.stock.spare=0..9")
	p.Hold, p.Clauses, p.Search, p.Proof, p.Exhaustive = Hold{ByShare, share}, []string{"part"}, 60, 60, 1
	r, err := Plan(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Variables[0].Value; got != strconv.Itoa(want) {
		t.Errorf("S = %s, %d by Palm", got, want)
	}
	// 0.9 of the demands in 95 % of years: at least 0.9 · (0.95 − √(0.0475 / 730)) = 0.848 on average. P(N ≤ 2) = 0.677, P(N ≤ 3) = 0.857.
	if v := r.Variables[0]; v.TheoryBound != "4" || v.Theory != ByQueue {
		t.Errorf("by theory %q (%s), not 4", v.TheoryBound, v.Theory)
	}
}

// A clause less, a cheaper engineer, a larger budget never make it worse.
func TestLooserNeverCostsMore(t *testing.T) {
	t.Parallel()
	base := func(set ...string) *Problem {
		p := problem(t, "two-bases", set, "people.*.headcount=0..2", "parts.depots.a.stock.*=0..3")
		p.Search, p.Proof, p.Workers = 120, 120, 1
		return p
	}
	cost := func(p *Problem) *Result {
		t.Helper()
		r, err := Plan(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	with := cost(base())
	p := base()
	p.Clauses, p.Relax = []string{"there"}, true
	if less := cost(p); less.Next[0].Cost < 0 || searchCost(less) > searchCost(with)+1e-6 {
		t.Errorf("with one clause less: %.0f, with both %.0f", searchCost(less), searchCost(with))
	}
	if cheap := cost(base("people.a.pay=80k CNY", "people.b.pay=80k CNY")); searchCost(cheap) > searchCost(with)+1e-6 {
		t.Errorf("cheaper engineers: %.0f, before %.0f", searchCost(cheap), searchCost(with))
	}
	last := math.Inf(1)
	for _, budget := range []float64{3.15e6, 3.2e6, 3.3e6, 3.5e6} {
		p := base()
		p.Budget = budget
		r := cost(p)
		if r.Proof.Late > last+1e-9 {
			t.Errorf("budget %.0f: %.2f late events a year, with less money %.2f", budget, r.Proof.Late, last)
		}
		last = r.Proof.Late
	}
	for _, all := range []int{1e6, 1} { // by all designs, and by steps and exchanges
		p := problem(t, "two-bases", nil, "people.*.headcount=0..2", "parts.depots.a.stock.*=0..1")
		p.Search, p.Proof, p.Workers, p.Budget, p.Exhaustive = 120, 120, 1, 3.2e6, all
		r := cost(p)
		late, which := leastLate(t, p)
		if got := lateOf(t, p, r.Design()); got > late*1.02 {
			t.Errorf("budget, %d designs at most: %v with %.2f late a year; %v has %.2f", all, r.Design(), got, which, late)
		}
	}
	p = base()
	p.Budget = 1000
	if _, err := Plan(context.Background(), p); !errors.Is(err, ErrBudget) {
		t.Errorf("a budget of 1000: %v", err)
	}
}

// A team without anything to do is named as such, whatever it costs.
func TestIdleVariable(t *testing.T) {
	t.Parallel()
	for _, all := range []int{1, 1e6} {
		p := problem(t, "two-bases", []string{"people.spare={place: a, headcount: 1, roles: [admin], pay: 50k CNY}"}, "people.*.headcount=0..2", "parts.depots.a.stock.fan=2..3")
		p.Search, p.Proof, p.Workers, p.Exhaustive = 60, 60, 1, all
		r, err := Plan(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range r.Variables {
			if want := v.Path == "people.spare.headcount"; v.Idle != want || want && v.Value != "0" {
				t.Errorf("%d designs at most: %s = %s, nothing depends on it: %v", all, v.Path, v.Value, v.Idle)
			}
		}
	}
}

// From the optimum on, by bounds, descent and exchange, what is easier is no dearer: the faults and the dispatch are the same.
func TestFromThePreviousOptimum(t *testing.T) {
	t.Parallel()
	plan := func(from Design, set ...string) (*Problem, *Result) {
		t.Helper()
		p := problem(t, "two-bases", set, "people.*.headcount=0..2", "parts.depots.*.stock.*=1..3")
		p.Search, p.Proof, p.Workers, p.Exhaustive = 120, 120, 1, 1
		for i := range from {
			p.Variables[i].Base = from[i]
		}
		r, err := Plan(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		return p, r
	}
	_, first := plan(nil)
	from := first.found
	for _, easier := range []string{"contracts.c.clauses.there.target=0.85", "contracts.c.clauses.there.limit=150m", "contracts.c.clauses.part.limit=8h", "people.b.pay=70k CNY"} {
		if _, r := plan(from, easier); searchCost(r) > searchCost(first)+1e-6 {
			t.Errorf("%s: %.0f, before %.0f", easier, searchCost(r), searchCost(first))
		}
	}
}

// leastLate looks at every design that keeps to the budget.
func leastLate(t *testing.T, p *Problem) (least float64, which Design) {
	t.Helper()
	least = math.Inf(1)
	s := &search{p: &Problem{Variables: p.Variables}}
	for _, d := range s.all() {
		if w, err := p.World(d); err == nil && judge.Fixed(w) < p.Budget { // else it costs more for sure
			if late, cost := outcome(t, w); cost <= p.Budget && late < least {
				least, which = late, d
			}
		}
	}
	return least, which
}

func lateOf(t *testing.T, p *Problem, d Design) float64 {
	t.Helper()
	w, err := p.World(d)
	if err != nil {
		t.Fatal(err)
	}
	late, _ := outcome(t, w)
	return late
}

// outcome is the late events and the cost of a year, over the replications that the search for a budget looks at.
func outcome(t *testing.T, w *world.World) (late, cost float64) {
	t.Helper()
	run, err := experiment.Run(context.Background(), w, experiment.Options{Replications: 120, CountsOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range run.Reps {
		for _, n := range r.Late() {
			late += float64(n) / 120
		}
		cost += judge.Cost(w, r, run.Totals[i]).Total / 120
	}
	return late, cost
}

// searchCost is the least cost of a design that passed, on the random numbers of the search.
func searchCost(r *Result) float64 {
	least := math.Inf(1)
	for _, o := range r.Curve {
		if o.Passes {
			least = min(least, o.Cost)
		}
	}
	return least
}

// A step less of what binds breaks the proof run: all its replications again, without the early looks.
func TestWhatBinds(t *testing.T) {
	t.Parallel()
	p := problem(t, "two-bases", nil)
	p.Search, p.Proof, p.Workers, p.Exhaustive = 120, 300, 1, 1
	r, err := Plan(context.Background(), p)
	if err != nil || !r.Holds {
		t.Fatal(r, err)
	}
	binds := 0
	for i, v := range r.Variables {
		if !v.Binds {
			continue
		}
		binds++
		less := slices.Clone(r.Design())
		less[i]--
		w, err := p.World(less)
		if errors.Is(err, ErrNoWorld) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		w.Seed = r.Proof.Seed
		run, err := experiment.Run(context.Background(), w, experiment.Options{Replications: p.Proof, CountsOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		held := 0
		for _, x := range run.Reps {
			if x.Holds(0, 0) && x.Holds(1, 0) {
				held++
			}
		}
		if lo := lowerLimit(held, p.Proof, r.Proof.Confidence); lo >= 0.95 {
			t.Errorf("%s is said to bind; with a step less %d of %d years hold, at least %.3f", v.Path, held, p.Proof, lo)
		}
	}
	if binds == 0 {
		t.Error("nothing binds: the test shows nothing")
	}
}

// An interrupted search goes on from what it kept, to the same answer, whatever the number of workers.
func TestGoesOn(t *testing.T) {
	t.Parallel()
	text := func(p *Problem) string {
		r, err := Plan(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		r.Report = nil
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	fresh := func(workers int) *Problem {
		p := problem(t, "two-bases", nil)
		p.Search, p.Proof, p.Workers, p.Exhaustive = 120, 120, workers, 1
		return p
	}
	want := text(fresh(1))
	if got := text(fresh(2)); got != want {
		t.Errorf("two workers:\n%s\none:\n%s", got, want)
	}
	kept := map[string]Finding{}
	key := func(seed uint64, d string) string { return fmt.Sprint(seed, d) }
	ctx, stop := context.WithCancel(context.Background())
	p := fresh(1)
	p.Keep = func(seed uint64, d string, f *Finding) {
		kept[key(seed, d)] = Finding{f.Replications, slices.Clone(f.Late), slices.Clone(f.Held), slices.Clone(f.Cost), f.None}
		if len(kept) == 12 {
			stop()
		}
	}
	if _, err := Plan(ctx, p); !errors.Is(err, context.Canceled) {
		t.Fatal("interrupted:", err)
	}
	again := 0
	p = fresh(1)
	p.Known = func(seed uint64, d string) *Finding {
		if f, ok := kept[key(seed, d)]; ok {
			again++
			return &f
		}
		return nil
	}
	if got := text(p); got != want {
		t.Errorf("after an interruption:\n%s\nin one go:\n%s", got, want)
	}
	if again == 0 {
		t.Error("nothing that was kept was used")
	}
}

// Nobody reaches s3, 67 km from both bases, within 50 minutes at 60 km/h; 10 km to s1 and 7 km to s2 are near enough. The clause is
// planned for at those two, where ten boxes each fail four times a year, and takes somebody at both bases.
func TestSitesSetAside(t *testing.T) {
	t.Parallel()
	p := problem(t, "two-bases", []string{"contracts.c.clauses.there.limit=50m"}, "people.*.headcount=0..3", "parts.depots.*.stock.*=2..5")
	p.Search, p.Proof, p.Workers, p.Clauses = 120, 240, 1, []string{"there"}
	r, err := Plan(context.Background(), p)
	if err != nil || !r.Holds {
		t.Fatal(r, err)
	}
	if len(r.SetAside) != 1 || !r.SetAside[0].Infeasible || len(r.SetAside[0].Sites) != 1 || r.SetAside[0].Sites[0].ID != "s3" {
		t.Errorf("set aside: %+v", r.SetAside)
	}
	if late := r.SetAside[0].PlanLate; math.Abs(late-40) > 1.5 {
		t.Errorf("%.1f late events a year at s3, not 40", late)
	}
	k := r.Kept[0]
	if k.Clause != "there" || k.Without != 1 || math.Abs(k.Events-80) > 2 || k.Share < 0.9 {
		t.Errorf("kept: %+v", k)
	}
	for _, v := range r.Variables[:2] {
		if v.Value == "0" || v.Theory != ByCover || v.TheoryBound != "1" {
			t.Errorf("%s = %s, by theory %q (%s); nobody else is near enough", v.Path, v.Value, v.TheoryBound, v.Theory)
		}
	}
}
