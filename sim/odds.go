package sim

import (
	"math"

	"slasim/model/world"
)

// The attributes of a fault are drawn by 32 bits each: u stands for the uniform (u + ½)/2³², inside (0, 1). Probabilities are
// turned into thresholds of u once, so that a draw is compared as the integer it is.

// failureOdds are the thresholds of a failure; contractOdds those of a contract.
type failureOdds struct {
	outage, remoteFix, partNeed, partKnown, rightPart uint64
	difficulty                                        [4]uint64
	parts                                             []uint64
}

type contractOdds struct {
	phone, misclassified uint64
	mix                  []uint64 // by rank-1, cumulative; nil: levels are not declared by a mix
}

func high(w uint64) uint64 { return w >> 32 }
func low(w uint64) uint64  { return w & (1<<32 - 1) }

// uniform is what u stands for.
func uniform(u uint64) float64 { return (float64(u) + 0.5) * 0x1p-32 }

// threshold is how many u stand for less than p: uniform(u) < p if and only if u < threshold(p). The arithmetic is exact:
// p·2³² moves the binary point, and less ½ it needs no more digits, or is negative.
func threshold(p float64) uint64 {
	return uint64(min(max(math.Ceil(p*0x1p32-0.5), 0), 0x1p32))
}

// first is the first of ascending thresholds that u is below, or the last: as many as are not above u, which no branch has
// to guess.
func first(list []uint64, u uint64) int {
	k := 0
	for _, x := range list[:len(list)-1] {
		if u >= x {
			k++
		}
	}
	return k
}

// compileOdds sets the thresholds of sources, failures and contracts.
func (st *static) compileOdds(w *world.World) {
	for i := range w.Sources {
		var list []uint64
		for _, f := range w.Sources[i].Failures {
			list = append(list, threshold(f.P))
		}
		st.kinds = append(st.kinds, list)
	}
	for i := range w.Failures {
		f := &w.Failures[i]
		o := failureOdds{outage: threshold(f.Outage), remoteFix: threshold(f.RemoteFix), partNeed: threshold(f.PartNeed),
			partKnown: threshold(f.PartKnown), rightPart: threshold(f.RightPart)}
		for k := range o.difficulty {
			o.difficulty[k] = threshold(f.Difficulty[k+1])
		}
		for _, part := range f.Parts {
			o.parts = append(o.parts, threshold(part.P))
		}
		st.odds = append(st.odds, o)
	}
	for i := range w.Contracts {
		c := &w.Contracts[i]
		o := contractOdds{phone: threshold(c.Process.PhoneShare), misclassified: threshold(c.Process.Misclassified)}
		if sum := 0.0; c.Declare == world.ByMix {
			for k := range c.Severities {
				sum += c.Severities[k].Mix
				o.mix = append(o.mix, threshold(sum))
			}
		}
		st.contractOdds = append(st.contractOdds, o)
	}
}
