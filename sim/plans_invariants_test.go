//go:build invariants

package sim_test

import (
	"testing"

	"slasim/model/trail"
	"slasim/scenarios"
	"slasim/sim"
)

type ignored struct{}

func (ignored) Subject(*trail.Subject) {}

// Every embedded scenario keeps the engine's books, recounted at every event; the plans with three times the equipment too.
func TestInvariantsOfScenarios(t *testing.T) {
	recount := func(name string, reps int, set ...string) {
		s, diags := scenarios.Load(name, scenarios.Options{Set: set})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		e := sim.New(s.World)
		for rep := range reps {
			if _, err := e.Run(rep, ignored{}, nil, false); err != nil {
				t.Fatal(name, err)
			}
		}
	}
	for _, s := range scenarios.Embedded() {
		recount(s.Name, 1)
	}
	for _, name := range []string{"s1", "s3", "s4", "s5", "portfolio"} {
		recount(name, 3, "equipment.scale=3")
	}
}
