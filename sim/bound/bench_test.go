package bound_test

import (
	"testing"

	"slasim/scenarios"
	"slasim/sim/bound"
)

func BenchmarkLiaoning(b *testing.B) {
	for _, name := range []string{"liaoning", "liaoning-b", "liaoning-c"} {
		b.Run(name, func(b *testing.B) {
			s, diags := scenarios.Load(name, scenarios.Options{})
			if diags.HasErrors() {
				b.Fatal(diags)
			}
			for b.Loop() {
				bound.Compute(s.World)
			}
		})
	}
}
