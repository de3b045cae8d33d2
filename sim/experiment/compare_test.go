package experiment_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"

	"slasim/scenarios"
	"slasim/sim/experiment"
	"slasim/sim/judge"
	"slasim/sim/queueing"
)

// against compares scenarios, given as embedded names with changes, up to limit replications.
func against(t testing.TB, limit, workers int, designs ...[]string) *judge.Versus {
	t.Helper()
	c := experiment.Comparison{Limit: limit, Workers: workers}
	for _, d := range designs {
		c.Designs = append(c.Designs, experiment.Design{Name: fmt.Sprint(d), World: load(t, d[0], d[1:]...)})
	}
	v, err := experiment.Compare(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// deltas are all differences of a contrast by name.
func deltas(c *judge.Contrast) map[string]*judge.Delta {
	list := map[string]*judge.Delta{"margin": &c.Margin, "p_loss": &c.PLoss}
	for i := range c.Clauses {
		x := &c.Clauses[i]
		for name, d := range map[string]*judge.Delta{"late": &x.Late, "share": &x.Share, "holds": &x.PHold, "events": &x.Events} {
			list[x.Contract+"."+x.ID+" "+name] = d
		}
	}
	for i := range c.Teams {
		list[c.Teams[i].ID+" utilisation"], list[c.Teams[i].ID+" overtime"] = &c.Teams[i].Utilisation, &c.Teams[i].Overtime
	}
	for i := range c.Parts {
		name := c.Parts[i].Depot + "." + c.Parts[i].Part
		list[name+" fill"], list[name+" backorder"] = &c.Parts[i].Fill, &c.Parts[i].Backorder
	}
	for i := range c.Cost {
		list["cost "+c.Cost[i].Kind] = &c.Cost[i].Delta
	}
	return list
}

// TestIdenticalDesigns: a scenario against itself differs by exactly nothing, which is never noise, and the first look is
// enough.
func TestIdenticalDesigns(t *testing.T) {
	for _, name := range []string{"liaoning", "portfolio", "w2"} {
		set := []string{name, "run.term=90d"}
		v := against(t, 400, 0, set, set)
		c := &v.Against[0]
		if v.Stopped != judge.StoppedKnown || v.Replications != 50 || !c.Unchanged || c.Streams != 50 || c.Open != 0 || len(c.Alone) != 0 {
			t.Errorf("%s: stopped %s after %d, unchanged %v, %d streams, %d open", name, v.Stopped, v.Replications, c.Unchanged, c.Streams, c.Open)
		}
		for what, d := range deltas(c) {
			if d.Noise() || d.A != nil && !d.None() || d.Diff != nil && *d.Diff != 0 {
				t.Errorf("%s: %s differs", name, what)
			}
		}
	}
}

func TestComparisonDoesNotDependOnWorkers(t *testing.T) {
	var first []byte
	for _, workers := range []int{1, 2, 5} {
		v := against(t, 70, workers, []string{"liaoning", "run.term=60d"}, []string{"liaoning-b", "run.term=60d"}, []string{"liaoning-c", "run.term=60d"})
		if v.Replications != 70 || v.Stopped != judge.StoppedLimit {
			t.Fatalf("%d replications, stopped %s", v.Replications, v.Stopped)
		}
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = text
		} else if !bytes.Equal(first, text) {
			t.Errorf("%d workers give another comparison than 1", workers)
		}
	}
}

// TestComparisonAgainstErlang: M/M/3 and M/M/4 with λ = 2.4, μ = 1. Of the waits beyond an hour a share C(c, 2.4)·e^{−(c−2.4)}
// goes; by Erlang's formula 0.6472 · e^{−0.6} = 0.3552 with three and 0.2870 · e^{−1.6} = 0.0579 with four engineers.
func TestComparisonAgainstErlang(t *testing.T) {
	want := queueing.MMcWaitTail(4, 2.4, 1, 1) - queueing.MMcWaitTail(3, 2.4, 1, 1)
	if math.Abs(want+0.2973) > 1e-4 {
		t.Fatalf("theory gives %v", want)
	}
	target := "contracts.service.clauses.wait.target=0.9"
	v := against(t, 50, 0, []string{"mm3", target}, []string{"mm3", target, "people.crew.headcount=4"})
	if v.Stopped != judge.StoppedKnown {
		t.Errorf("stopped %s: the difference is there to be seen", v.Stopped)
	}
	if c := &v.Against[0]; c.Streams != v.Replications || c.Unchanged || len(c.Clauses) != 1 {
		t.Fatalf("%d of %d streams the same, %d clauses", c.Streams, v.Replications, len(c.Clauses))
	}
	for _, x := range []struct {
		name string
		d    judge.Delta
		want float64
	}{
		{"on time", v.Against[0].Clauses[0].Share, -want},
		{"late a year", v.Against[0].Clauses[0].Late, want * 2.4 * 8760},
		{"utilisation", v.Against[0].Teams[0].Utilisation, 2.4/4 - 2.4/3},
	} {
		se := (*x.d.High - *x.d.Low) / 2 / 2.0096 // t of 49 degrees of freedom
		if math.Abs(*x.d.Diff-x.want) > 4*se || se > 0.01*math.Abs(x.want) {
			t.Errorf("%s: %v ± %v, theory %v", x.name, *x.d.Diff, se, x.want)
		}
	}
}

// TestOneSideOnly: what only one design has is named, not compared.
func TestOneSideOnly(t *testing.T) {
	v := against(t, 10, 0, []string{"liaoning", "run.term=30d", "contracts.s2.clauses.S2-84=null"}, []string{"liaoning-b", "run.term=30d", "parts.depots.dalian=null", "contracts.s2.clauses.S2-44.target=null"})
	var got []string
	for _, x := range v.Against[0].Alone {
		if x.Kind != "part" || x.ID == "disk" {
			got = append(got, x.Side+" "+x.Kind+" "+x.Depot+x.ID)
		}
	}
	want := []string{"a clause S2-44", "b clause S2-84", "b team field_anshan", "b team field_jinzhou", "a part daliandisk", "b part jinzhoudisk"}
	if !slices.Equal(got, want) {
		t.Errorf("only on one side: %q, want %q", got, want)
	}
	for i := range v.Against[0].Clauses {
		if v.Against[0].Clauses[i].ID == "S2-84" {
			t.Error("a clause of one side is compared")
		}
	}
}

// TestInterruptedComparison keeps the replications that all designs have finished, and they are the first of an uninterrupted
// one.
func TestInterruptedComparison(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	c := experiment.Comparison{Limit: 1000, Workers: 2, Progress: func(done, _ int) {
		if done >= 41 {
			cancel()
		}
	}}
	for _, name := range []string{"liaoning", "liaoning-b"} {
		c.Designs = append(c.Designs, experiment.Design{Name: name, World: load(t, name, "run.term=30d")})
	}
	v, err := experiment.Compare(ctx, c)
	if err != nil || v.Stopped != judge.StoppedInterrupted || v.Replications < 19 || v.Replications > 23 {
		t.Fatalf("%v: stopped %s after %d replications", err, v.Stopped, v.Replications)
	}
	whole := against(t, v.Replications, 1, []string{"liaoning", "run.term=30d"}, []string{"liaoning-b", "run.term=30d"})
	a, _ := json.Marshal(v.Against)
	b, _ := json.Marshal(whole.Against)
	if !bytes.Equal(a, b) {
		t.Error("what was finished is another comparison")
	}
	ctx, cancel = context.WithCancel(context.Background())
	cancel()
	if v, err := experiment.Compare(ctx, c); v != nil || err != nil {
		t.Errorf("a comparison of nothing: %v, %v", v, err)
	}
}

// TestStressSets: each set changes the years in the direction it should, beyond doubt, in each design of the family.
func TestStressSets(t *testing.T) {
	up, down := 1.0, -1.0
	want := map[string]map[string]float64{
		// more tickets in clusters, later visits, more money
		"flood-week": {"s2.S2-29 events": up, "s2.S2-44 late": up, "s2.S2-41 late": up, "cost total": up, "field_shenyang overtime": up},
		// longer ways: people are busier, parts and people late, nothing else is asked for
		"icy-month": {"s2.S2-44 late": up, "field_shenyang utilisation": up, "field_dalian utilisation": up},
		// fewer people there, all of them paid
		"two-sick": {"s2.S2-44 late": up, "field_shenyang utilisation": up, "field_dalian utilisation": up},
		// parts come from further away; the stock is cheaper
		"depot-closed":  {"s2.S2-44 late": up, "cost stock": down},
		"double-faults": {"s2.S2-29 events": up, "s2.S2-44 late": up, "s2.S2-40 late": up, "cost total": up, "field_shenyang utilisation": up},
	}
	sets := scenarios.StressSets()
	if len(sets) != len(want) {
		t.Errorf("%d stress sets, %d have an expectation", len(sets), len(want))
	}
	for _, base := range []string{"liaoning", "liaoning-b", "liaoning-c"} {
		c := experiment.Comparison{Limit: 30}
		for _, files := range [][]string{nil, {"flood-week"}, {"icy-month"}, {"two-sick"}, {"depot-closed"}, {"double-faults"}} {
			s, diags := scenarios.Load(base, scenarios.Options{SetFiles: files})
			if diags.HasErrors() {
				t.Fatal(base, files, diags)
			}
			c.Designs = append(c.Designs, experiment.Design{Name: fmt.Sprint(files), World: s.World})
		}
		v, err := experiment.Compare(context.Background(), c)
		if err != nil {
			t.Fatal(err)
		}
		for i, name := range []string{"flood-week", "icy-month", "two-sick", "depot-closed", "double-faults"} {
			got := deltas(&v.Against[i])
			for what, sign := range want[name] {
				if base == "liaoning-c" && name == "icy-month" && what == "s2.S2-44 late" {
					continue // partners live in the cities: few ways are long enough for the ice to matter
				}
				if d := got[what]; d == nil || d.Noise() || d.None() || *d.Diff*sign <= 0 {
					t.Errorf("%s with %s: %s is %+v", base, name, what, d)
				}
			}
			same := v.Against[i].Streams == v.Replications
			if moves := name == "flood-week" || name == "double-faults"; same == moves {
				t.Errorf("%s with %s: %d of %d years meet the same faults", base, name, v.Against[i].Streams, v.Replications)
			}
		}
		if d := deltas(&v.Against[2])["cost people"]; !d.None() {
			t.Errorf("%s: people who are sick are not paid: %+v", base, d)
		}
		if ratio := *deltas(&v.Against[4])["s2.S2-29 events"].B / *deltas(&v.Against[4])["s2.S2-29 events"].A; ratio < 1.85 || ratio > 2 {
			// by the head of the scenario: (2 · 447.4 + 27.8 + 7.3 + 5.4) / 487.9 = 1.917
			t.Errorf("%s: twice the faults make %.3f times the tickets", base, ratio)
		}
	}
}
