package experiment

import (
	"math"
	"math/rand/v2"
	"testing"

	"slasim/sim/judge"
)

// TestNoise: shares that differ by s between draws and by e between the n replications of a draw, besides what all draws
// have in common, have the part (e²/n) / (s² + e²/n) of error in their variance: here ½, and with four times the
// replications a fifth.
func TestNoise(t *testing.T) {
	const s, e = 0.01, 0.02
	for n, want := range map[int]float64{4: 1. / 2, 16: 1. / 5} {
		r := rand.New(rand.NewPCG(3, uint64(n)))
		common := make([]float64, n)
		for i := range common {
			common[i] = r.NormFloat64() * 0.05 // shifts all draws alike
		}
		var draws []*draw
		for range 4000 {
			d := &draw{counts: make([][]judge.Count, 1)}
			share := 0.6 + s*r.NormFloat64()
			for i := range n {
				met := int32(math.Round(1e5 * (share + common[i] + e*r.NormFloat64())))
				d.counts[0] = append(d.counts[0], judge.Count{Met: met, Breached: 1e5 - met})
			}
			draws = append(draws, d)
		}
		// Standard error: both variances are known to √(2/4000) = 2.2 %, so the part to 0.016 at most.
		if got := noise(draws, 0); got == nil || math.Abs(*got-want) > 0.04 {
			t.Errorf("%d replications: %v, want %v", n, *got, want)
		}
	}
	same := &draw{counts: [][]judge.Count{{{Met: 3}, {Met: 2, Breached: 1}}}}
	if got := noise([]*draw{same, same}, 0); got != nil {
		t.Errorf("draws that do not differ have %v", *got)
	}
}
