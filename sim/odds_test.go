package sim

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The threshold of a probability says what comparing the uniform with it says, for the draws around it and for others.
func TestThresholdsAreExact(t *testing.T) {
	const all = 1 << 32
	r := rand.New(rand.NewPCG(7, 7))
	list := []float64{0, 1, 1.0000001, 0.5, 0x1p-32, 0x1p-33, 1.5 * 0x1p-33, 0x1p-40, 5e-324, 1 - 0x1p-53, 1 - 0x1p-33, 1 - 0x1p-34, -0.1}
	for range 20_000 {
		k := float64(r.Uint32())
		list = append(list, r.Float64(), math.Exp(-40*r.Float64()), (k+0.5)*0x1p-32, k*0x1p-32, math.Nextafter((k+0.5)*0x1p-32, 2), math.Nextafter((k+0.5)*0x1p-32, -1))
	}
	for _, p := range list {
		x := threshold(p)
		us := []uint64{0, 1, all - 1, uint64(r.Uint32())}
		for d := range uint64(4) {
			us = append(us, min(x+d, all-1), x-min(d, x))
		}
		for _, u := range us {
			if u = min(u, all-1); u < x != ((float64(u)+0.5)*0x1p-32 < p) {
				t.Fatalf("p %v, draw %d: threshold %d", p, u, x)
			}
		}
	}
}
