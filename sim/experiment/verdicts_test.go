package experiment_test

import (
	"context"
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
