package queueing

import "math"

// steady is the steady state of a finite Markov chain in continuous time: all states that can be reached from start, and
// the probability of each. moves calls to for every move out of a state with a rate > 0. The chain must be able to return
// to start from everywhere. The balance equations are solved by Gauss–Seidel until no probability moves by more than 10⁻¹⁵
// (W. J. Stewart, "Introduction to the numerical solution of Markov chains", 1994, ch. 3); all terms are positive, so
// nothing cancels.
func steady[S comparable](start S, moves func(from S, to func(S, float64))) ([]S, []float64) {
	type arc struct {
		from int
		rate float64
	}
	states, at := []S{start}, map[S]int{start: 0}
	var in [][]arc
	var out []float64
	for i := 0; i < len(states); i++ {
		out = append(out, 0)
		moves(states[i], func(s S, rate float64) {
			k, known := at[s]
			if !known {
				k = len(states)
				at[s] = k
				states = append(states, s)
			}
			for len(in) <= k {
				in = append(in, nil)
			}
			in[k] = append(in[k], arc{i, rate})
			out[i] += rate
		})
	}
	p := make([]float64, len(states))
	for i := range p {
		p[i] = 1 / float64(len(p))
	}
	for range 1_000_000 {
		change, total := 0.0, 0.0
		for i := range p {
			flow := 0.0
			for _, a := range in[i] {
				flow += p[a.from] * a.rate
			}
			x := flow / out[i]
			change = math.Max(change, math.Abs(x-p[i]))
			p[i] = x
			total += x
		}
		for i := range p {
			p[i] /= total
		}
		if change < 1e-15 {
			return states, p
		}
	}
	panic("queueing: a Markov chain does not settle")
}
