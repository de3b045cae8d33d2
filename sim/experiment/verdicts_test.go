package experiment_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"slasim/scenarios"
	"slasim/sim/experiment"
	"slasim/sim/judge"
)

func verdicts(t *testing.T, opt scenarios.Options) map[string]string {
	t.Helper()
	s, diags := scenarios.Load("../../testdata/worlds/verdicts.yaml", opt)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	res, err := experiment.Run(context.Background(), s.World, experiment.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, c := range experiment.Report(s.World, res, judge.RunInfo{}).Clauses {
		got[c.ID] = c.Verdict
		if c.ID == "no_data" && c.EventsPerYear != 0 {
			t.Errorf("no_data has %v events a year", c.EventsPerYear)
		}
		if c.ID == "missed" && (*c.Share < 0.9997 || *c.Share >= 1) { // one in ten thousand is late, and still
			t.Errorf("missed has share %v", *c.Share)
		}
	}
	return got
}

// The reasons stand in testdata/worlds/verdicts.yaml.
func TestEightVerdicts(t *testing.T) {
	got := verdicts(t, scenarios.Options{})
	for id, want := range map[string]string{
		"met": "MET", "missed": "MISSED", "undecided": "UNDECIDED", "no_data": "NO DATA", "infeasible": "INFEASIBLE",
		"not_testable": "NOT TESTABLE", "needs_parameter": "NEEDS PARAMETER", "evidence": "EVIDENCE",
	} {
		if got[id] != want {
			t.Errorf("%s: %s, want %s", id, got[id], want)
		}
	}
	got = verdicts(t, scenarios.Options{Set: []string{"contracts.c.clauses.needs_parameter.limit=1000h"}})
	if got["needs_parameter"] != "MET" {
		t.Errorf("with its parameter set: %s, want MET", got["needs_parameter"])
	}
}

// The reasons stand in testdata/worlds/near.yaml: from the base nobody is in time, but people on their way home are at
// one fault in ten. What that is enough for is possible; what it is not, is not; where people may stay at the site, or
// where nobody may be sent on, the same arithmetic leads to another answer.
func TestSomebodyNear(t *testing.T) {
	for _, x := range []struct {
		set       []string
		verdicts  string // of all, fifth, twentieth
		low, high float64
	}{
		{nil, "INFEASIBLE INFEASIBLE MET", 0.09, 1 - math.Exp(-2000.0/8760/2)},
		{[]string{"people.crew.return=must_return"}, "INFEASIBLE INFEASIBLE INFEASIBLE", 0, 0},
		{[]string{"people.crew.return=stay"}, "MISSED MET MET", 0.99, 1},
		// One person who stays is often busy: more people help, so it is not infeasible.
		{[]string{"people.crew.return=stay", "people.crew.headcount=1"}, "MISSED MET MET", 0.5, 0.95},
		// With 40 min from the gate to the failed system not even he is in time.
		{[]string{"people.crew.return=stay", "travel.entry=40m"}, "INFEASIBLE INFEASIBLE INFEASIBLE", 0, 0},
		// Some ten faults say little: up to 28 % might be kept (0 of 10 by Wilson), more than one in five, less than all.
		{[]string{"equipment.classes.unit.rate=5/y", "run.replications=2"}, "INFEASIBLE MISSED MISSED", 0, 0},
	} {
		r := report(t, "../../testdata/worlds/near.yaml", experiment.Options{}, x.set...)
		got := ""
		for _, c := range r.Clauses {
			got += c.Verdict + " "
			if *c.BestPossible != 0 {
				t.Errorf("%v %s: best possible %v, want 0", x.set, c.ID, *c.BestPossible)
			}
			if *c.Share < x.low || *c.Share > x.high {
				t.Errorf("%v %s: share %v, want %v to %v", x.set, c.ID, *c.Share, x.low, x.high)
			}
			if c.NearShare != nil && *c.NearShare != *c.Share { // all who are in time were near
				t.Errorf("%v %s: %v by people near, %v in all", x.set, c.ID, *c.NearShare, *c.Share)
			}
		}
		if strings.TrimSpace(got) != x.verdicts {
			t.Errorf("%v: %s, want %s", x.set, got, x.verdicts)
		}
	}
}
