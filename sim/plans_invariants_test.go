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

// The ways of working of the plans keep the engine's books, recounted at every event.
func TestInvariantsOfPlans(t *testing.T) {
	for _, name := range []string{"s1", "s3", "s4", "s5"} {
		s, diags := scenarios.Load(name, scenarios.Options{Set: []string{"equipment.scale=3"}})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		e := sim.New(s.World)
		for rep := range 3 {
			if _, err := e.Run(rep, ignored{}, nil, false); err != nil {
				t.Fatal(err)
			}
		}
	}
}
