package experiment_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"slasim/model/world"
	"slasim/sim/bound"
	"slasim/sim/experiment"
	"slasim/sim/judge"
)

// swept runs a grid over an embedded scenario; each variable is a path and its values.
func swept(t testing.TB, name string, replications, workers int, variables ...[]string) *judge.Sweep {
	t.Helper()
	s := &judge.Sweep{Replications: replications}
	for _, v := range variables {
		s.Variables = append(s.Variables, judge.Variable{Path: v[0], Values: v[1:]})
	}
	points := make([]*judge.Point, judge.Size(s.Variables))
	g := experiment.Grid{Replications: replications, Workers: workers,
		World: func(i int) (*world.World, judge.RunInfo, error) {
			var set []string
			for v, k := range judge.PlaceOf(s.Variables, i) {
				set = append(set, s.Variables[v].Path+"="+s.Variables[v].Values[k])
			}
			return load(t, name, set...), judge.RunInfo{}, nil
		},
		Done: func(i int, p *judge.Point) error { points[i] = p; return nil },
	}
	for i := range points {
		g.Points = append(g.Points, i)
	}
	if err := experiment.Sweep(context.Background(), g); err != nil {
		t.Fatal(err)
	}
	for i, p := range points {
		p.Place = judge.PlaceOf(s.Variables, i)
		s.Points = append(s.Points, *p)
	}
	s.FindIdle()
	return s
}

// TestSweepAgainstAnotherProgram: W2 written by hand in C, 6,000 years of each of three points with a seed of its own, is late
// on 8.512, 8.416 and 10.665 % of the visits (95 % intervals ±0.019, 0.014, 0.019 points) with 0.03, 0.05 and 0.07 faults an
// hour and site and 1, 3 and 2 spare parts a depot; the people on the road are busy 15.61, 12.59 and 34.48 % of the time.
func TestSweepAgainstAnotherProgram(t *testing.T) {
	stock := func(n int) string {
		return fmt.Sprintf("{b1: {stock: {spare: %d}}, b2: {stock: {spare: %d}}, b3: {stock: {spare: %d}}}", n, n, n)
	}
	s := swept(t, "w2", 120, 0, []string{"equipment.classes.system.rate", "0.03/h", "0.05/h", "0.07/h"}, []string{"parts.depots", stock(1), stock(2), stock(3)})
	for _, c := range []struct {
		place      []int
		late, busy float64
		half       float64
	}{
		{[]int{0, 0}, 0.08512, 0.1561, 0.00019},
		{[]int{1, 2}, 0.08416, 0.1259, 0.00014},
		{[]int{2, 1}, 0.10665, 0.3448, 0.00019},
	} {
		p := s.At(c.place)
		x := &p.Clauses[0]
		se := math.Hypot((*x.ShareHigh-*x.ShareLow)/2/1.96, c.half/1.96)
		if got := 1 - *x.Share; math.Abs(got-c.late) > 4*se || se > 0.01*c.late {
			t.Errorf("%v: late on %.5f of the visits, want %.5f, standard error %.5f", c.place, got, c.late, se)
		}
		busy := 0.0 // three teams of four
		for _, team := range p.Teams {
			if len(team.ID) == 6 && team.ID[:5] == "field" {
				busy += team.Utilisation / 3
			}
		}
		if math.Abs(busy-c.busy) > 0.01*c.busy {
			t.Errorf("%v: busy %.4f of the time, want %.4f", c.place, busy, c.busy)
		}
	}
	if len(s.Idle) != 0 {
		t.Errorf("idle variables %v", s.Idle)
	}
}

// TestPointIsItsRun: a point of a sweep is what a run of its scenario comes to.
func TestPointIsItsRun(t *testing.T) {
	s := swept(t, "liaoning", 6, 2, []string{"people.field_shenyang.headcount", "4", "8"}, []string{"run.term", "40d", "60d"})
	w := load(t, "liaoning", "people.field_shenyang.headcount=8", "run.term=40d")
	res, err := experiment.Run(context.Background(), w, experiment.Options{Replications: 6})
	if err != nil {
		t.Fatal(err)
	}
	r := judge.Assemble(w, res.Reps, res.Totals, bound.Compute(w), judge.RunInfo{})
	p := s.At([]int{1, 0})
	if p.Fingerprint != r.Run.Fingerprint || p.Cost != r.Cost && fmt.Sprint(p.Cost.Total) != fmt.Sprint(r.Cost.Total) || p.Answer != r.Answer {
		t.Errorf("the point is not its run: %+v", p)
	}
	n := 0
	for i := range r.Clauses {
		c := &r.Clauses[i]
		k := slices.IndexFunc(p.Clauses, func(x judge.PointClause) bool { return x.ID == c.ID })
		if (k >= 0) != (c.Target != nil && c.Kind == "limit") {
			t.Errorf("%s is there: %v", c.ID, k >= 0)
		}
		if k >= 0 {
			n++
			if x := &p.Clauses[k]; x.Verdict != c.Verdict || x.LatePerYear != c.LatePerYear || fmt.Sprint(x.PHold != nil, x.Share != nil) != fmt.Sprint(c.PHold != nil, c.Share != nil) {
				t.Errorf("%s: %+v", c.ID, x)
			}
		}
	}
	if n < 15 {
		t.Errorf("only %d clauses have a target", n)
	}
}

func TestSweepDoesNotDependOnWorkers(t *testing.T) {
	var first []byte
	for _, workers := range []int{1, 2, 5} {
		text, err := json.Marshal(swept(t, "w2", 3, workers, []string{"people.field1.headcount", "2", "3", "4"}, []string{"run.term", "50d", "90d"}))
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = text
		} else if !bytes.Equal(first, text) {
			t.Errorf("%d workers give another sweep than 1", workers)
		}
	}
}

// TestIdleVariables: nothing depends on what never happens, only money on a price; a target changes no count, but a verdict.
func TestIdleVariables(t *testing.T) {
	s := swept(t, "liaoning", 5, 0, []string{"people.manager.pay", "100k", "200k"}, []string{"contracts.s2.severities.major.mix", "0.001", "0.002"},
		[]string{"contracts.s2.clauses.S2-44.target", "0.1", "0.9"}, []string{"faults.scale", "1", "1.1"}, []string{"run.term", "60d"})
	if got := fmt.Sprint(s.Idle); got != "[{people.manager.pay true} {contracts.s2.severities.major.mix false}]" {
		t.Errorf("idle: %s", got)
	}
	s.Points = s.Points[:len(s.Points)-1]
	if s.FindIdle(); len(s.Idle) != 0 {
		t.Error("an interrupted sweep names variables")
	}
}

// TestInterruptedSweep hands over whole points only, and an error names its point.
func TestInterruptedSweep(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var mu sync.Mutex
	var got []int
	g := experiment.Grid{Points: []int{3, 4, 5, 6, 7, 8}, Replications: 20, Workers: 1,
		World: func(int) (*world.World, judge.RunInfo, error) {
			return load(t, "w2", "run.term=30d"), judge.RunInfo{}, nil
		},
		Done: func(i int, p *judge.Point) error {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, i)
			return nil
		},
		Progress: func(done, total int) {
			if total != 120 {
				t.Errorf("%d of %d", done, total)
			}
			if done == 50 {
				cancel()
			}
		},
	}
	if err := experiment.Sweep(ctx, g); err != nil || !slices.Equal(got, []int{3, 4}) {
		t.Errorf("%v: finished %v, want 3 and 4", err, got)
	}
	bad := errors.New("bad")
	g.World = func(i int) (*world.World, judge.RunInfo, error) {
		if i == 5 {
			return nil, judge.RunInfo{}, bad
		}
		return load(t, "w2", "run.term=5d"), judge.RunInfo{}, nil
	}
	g.Progress = nil
	var failed *experiment.DesignError
	if err := experiment.Sweep(context.Background(), g); !errors.As(err, &failed) || failed.Design != 5 || !errors.Is(err, bad) {
		t.Errorf("%v", err)
	}
}

// BenchmarkSweepW2 is a sweep of 100 points, faults by stock, at 120 years a point. The C loop takes the sum of its runs.
func BenchmarkSweepW2(b *testing.B) {
	rates, stocks := []string{"equipment.classes.system.rate"}, []string{"parts.depots"}
	for i := range 10 {
		rates = append(rates, fmt.Sprintf("%.3f/h", 0.03+0.005*float64(i)))
		n := i + 1
		stocks = append(stocks, fmt.Sprintf("{b1: {stock: {spare: %d}}, b2: {stock: {spare: %d}}, b3: {stock: {spare: %d}}}", n, n, n))
	}
	for range b.N {
		swept(b, "w2", 120, 0, rates, stocks)
	}
}
