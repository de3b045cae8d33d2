//go:build !invariants

// The recount of the tag invariants allocates.

package sim_test

import (
	"runtime"
	"testing"

	"slasim/scenarios"
	"slasim/sim"
	"slasim/sim/judge"
)

// A run that has been made before needs no new memory: neither the engine nor the judge allocates for an event, a ticket
// or a clock.
func TestRunAllocatesNothing(t *testing.T) {
	for _, s := range scenarios.Embedded() {
		name := s.Name
		w := load(t, name)
		e, j := sim.New(w), judge.New(w)
		var events int64
		perRun := testing.AllocsPerRun(2, func() {
			j.Reset(3)
			tot, err := e.Run(3, j, nil, false)
			if err != nil {
				t.Fatal(err)
			}
			events = tot.Events
		})
		if perRun != 0 {
			t.Errorf("%s: %v allocations in a run of %d events", name, perRun, events)
		}
	}
}

// What a run needs depends on how much is open at once, not on how long it lasts: eight years take hardly more memory than
// one. The engine allocates in blocks, so the highest peak of eight years may add a few.
func TestMemoryIsFlatInRunLength(t *testing.T) {
	bytes := func(term string) (total uint64, events int64) {
		w := load(t, "w2", "run.term="+term)
		e, j := sim.New(w), judge.New(w)
		j.Reset(0)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		tot, err := e.Run(0, j, nil, false)
		runtime.ReadMemStats(&after)
		if err != nil {
			t.Fatal(err)
		}
		return after.TotalAlloc - before.TotalAlloc, tot.Events
	}
	one, events := bytes("1y")
	eight, more := bytes("8y")
	t.Logf("1 year: %d events, %d bytes; 8 years: %d events, %d bytes", events, one, more, eight)
	if more < 7*events {
		t.Fatalf("%d events in eight years, %d in one", more, events)
	}
	if eight > one+one/10 {
		t.Errorf("one year takes %d bytes, eight years %d", one, eight)
	}
}
