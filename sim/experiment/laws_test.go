package experiment_test

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"

	"slasim/model"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/scenarios"
	"slasim/sim"
	"slasim/sim/experiment"
	"slasim/sim/judge"
)

// load compiles an embedded scenario with changes.
func load(t testing.TB, name string, set ...string) *world.World {
	t.Helper()
	s, diags := scenarios.Load(name, scenarios.Options{Set: set})
	if diags.HasErrors() {
		t.Fatalf("%s %v: %v", name, set, diags)
	}
	return s.World
}

func report(t *testing.T, name string, opt experiment.Options, set ...string) *judge.Report {
	t.Helper()
	w := load(t, name, set...)
	res, err := experiment.Run(context.Background(), w, opt)
	if err != nil {
		t.Fatal(err)
	}
	return experiment.Report(w, res, judge.RunInfo{})
}

func TestWorkersChangeNothing(t *testing.T) {
	var first []byte
	for _, n := range []int{1, 2, 5} {
		text, err := json.Marshal(report(t, "liaoning", experiment.Options{Replications: 12, Workers: n}))
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = text
		} else if !bytes.Equal(first, text) {
			t.Errorf("%d workers give another report than 1", n)
		}
	}
}

// Staffing, stock and policy are in no key: designs meet the same faults.
func TestDesignsMeetTheSameFaults(t *testing.T) {
	base := report(t, "liaoning", experiment.Options{Replications: 5})
	for _, set := range []string{"people.field_shenyang.headcount=9", "parts.depots.shenyang.stock=null", "dispatch.policy=earliest_due",
		"people.remote.headcount=7", "contracts.s2.process.own_approval=null"} {
		other := report(t, "liaoning", experiment.Options{Replications: 5}, set)
		if other.Run.StreamPrint != base.Run.StreamPrint {
			t.Errorf("%s: the primary faults differ", set)
		}
		if other.Run.Fingerprint == base.Run.Fingerprint {
			t.Errorf("%s: nothing differs", set)
		}
	}
	if other := report(t, "liaoning", experiment.Options{Replications: 5}, "run.seed=2"); other.Run.StreamPrint == base.Run.StreamPrint {
		t.Error("another seed gives the same faults")
	}
}

// A looser limit never lowers a share: the same clocks are judged.
func TestLooserLimit(t *testing.T) {
	last := -1.0
	for _, limit := range []string{"1h", "4h", "5h", "100h"} {
		for _, c := range report(t, "liaoning", experiment.Options{Replications: 10}, "contracts.s2.clauses.S2-44.limit="+limit).Clauses {
			if c.ID == "S2-44" {
				if *c.Share < last {
					t.Errorf("limit %s: share %v, less than %v under a tighter one", limit, *c.Share, last)
				}
				last = *c.Share
			}
		}
	}
	if last < 0.99 {
		t.Errorf("within 100 h only %v have their part", last)
	}
}

// waits adds up what tickets wait for people and parts.
type waits struct{ people, part model.Time }

func (w *waits) Subject(s *trail.Subject) {
	for _, v := range s.Intervals {
		switch v.Kind {
		case model.AllBusy, model.WrongSkill, model.NobodyOnShift:
			w.people += v.End - v.Start
		case model.NoPart:
			w.part += v.End - v.Start
		}
	}
}

// Unlimited people and stock leave every queue and stock wait 0.
func TestUnlimited(t *testing.T) {
	wait := func(set ...string) waits {
		e := sim.New(load(t, "w2", set...))
		var w waits
		for i := range 3 {
			if _, err := e.Run(i, &w, nil, false); err != nil {
				t.Fatal(err)
			}
		}
		return w
	}
	if w := wait("people.level1.headcount=1", "people.field1.headcount=1"); w.people == 0 || w.part == 0 {
		t.Errorf("with few people: %+v, both should be waited for", w)
	}
	if w := wait("people.level1.headcount=200", "people.field1.headcount=200", "people.field2.headcount=200", "people.field3.headcount=200",
		"parts.depots.b1.stock.spare=400", "parts.depots.b2.stock.spare=400", "parts.depots.b3.stock.spare=400"); w != (waits{}) {
		t.Errorf("with unlimited people and stock: %+v", w)
	}
}

// An engine that has warmed up allocates nothing while it runs, judged or not; its memory does not grow with the term.
func TestNoAllocationPerEvent(t *testing.T) {
	for _, name := range []string{"w2", "liaoning"} {
		w := load(t, name)
		e, j := sim.New(w), judge.New(w)
		events := int64(0)
		run := func(i int) {
			j.Reset(int32(i))
			tot, err := e.Run(i, j, nil, false)
			if err != nil {
				t.Fatal(err)
			}
			events = tot.Events
		}
		for i := range 30 { // every histogram and arena reaches its size
			run(i)
		}
		i := 0
		if n := testing.AllocsPerRun(20, func() { run(i % 30); i++ }); n > 3 {
			t.Errorf("%s: %v allocations a replication of %d events", name, n, events)
		}
	}
}
