package queueing

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// MaxHypercubeServers bounds the 2ᴺ equations of a Hypercube.
const MaxHypercubeServers = 10

// Atom is a district of a hypercube: its call rate and the servers in order of preference, each once.
type Atom struct {
	Rate       float64
	Preference []int
}

// Hypercube is the steady state of N distinct servers.
type Hypercube struct {
	Busy []float64   // share of time each server is busy
	Sent [][]float64 // share of the calls of atom n (of those served) that go to server j: Sent[n][j] sums to 1
	Wait float64     // probability that a call finds all servers busy
	Loss float64     // probability that a call is lost: Wait in a loss system, 0 with a queue
	// Waiting is the mean number of calls in queue.
	Waiting float64
}

// HypercubeLoss is the hypercube without a queue: a call goes to the first free server of its atom's list
// and is lost if there is none; server j serves at rate mu[j] > 0. The 2ᴺ balance equations over the sets
// of busy servers are solved directly. Source: R. C. Larson, "A hypercube queuing model for facility
// location and redistricting in urban emergency services", Computers & Operations Research 1 (1974)
// 67–95. It panics if a preference list is not a permutation of the servers or if there are more than
// MaxHypercubeServers; invalid rates give NaN.
func HypercubeLoss(mu []float64, atoms []Atom) Hypercube {
	lambda := checkAtoms(len(mu), atoms)
	for _, m := range mu {
		if m == 0 {
			return noHypercube(len(mu), len(atoms))
		}
	}
	if invalid(append([]float64{lambda}, mu...)...) {
		return noHypercube(len(mu), len(atoms))
	}
	p := balance(mu, atoms)
	full := p[len(p)-1]
	h := fromStates(p, len(mu), atoms)
	for _, sent := range h.Sent {
		for j := range sent {
			sent[j] /= 1 - full
		}
	}
	h.Wait, h.Loss = full, full
	return h
}

// HypercubeQueue is the hypercube of n servers with one service rate mu and a queue, first come first
// served: the states with a queue are those of M/M/N, and a queued call goes to each server alike,
// whichever is free first. NaN, with waits of +Inf, unless Σ rate < n·mu. Source and panics as
// HypercubeLoss.
func HypercubeQueue(n int, mu float64, atoms []Atom) Hypercube {
	lambda := checkAtoms(n, atoms)
	if invalid(lambda, mu) || mu == 0 {
		return noHypercube(n, len(atoms))
	}
	rho := lambda / (float64(n) * mu)
	if rho >= 1 {
		h := noHypercube(n, len(atoms))
		h.Wait, h.Loss, h.Waiting = 1, 0, math.Inf(1)
		return h
	}
	rates := make([]float64, n)
	for j := range rates {
		rates[j] = mu
	}
	// Up and down between N and more in the system balance by themselves, so the 2ᴺ states keep their
	// proportions; the tail adds full·(ρ + ρ² + …).
	p := balance(rates, atoms)
	full := p[len(p)-1]
	tail := full * rho / (1 - rho)
	for s := range p {
		p[s] /= 1 + tail
	}
	full, tail = full/(1+tail), tail/(1+tail)
	h := fromStates(p, n, atoms)
	for _, sent := range h.Sent {
		for j := range sent {
			sent[j] += (full + tail) / float64(n)
		}
	}
	for j := range h.Busy {
		h.Busy[j] += tail
	}
	h.Wait, h.Waiting = full+tail, tail/(1-rho)
	return h
}

// balance solves the equations of the sets of busy servers (bit j of the index: server j is busy), calls
// in the full state having no effect.
func balance(mu []float64, atoms []Atom) []float64 {
	states := 1 << len(mu)
	a := mat.NewDense(states, states, nil)
	move := func(from, to int, rate float64) {
		a.Set(to, from, a.At(to, from)+rate)
		a.Set(from, from, a.At(from, from)-rate)
	}
	for s := range states {
		for _, atom := range atoms {
			for _, j := range atom.Preference {
				if s&(1<<j) == 0 {
					move(s, s|1<<j, atom.Rate)
					break
				}
			}
		}
		for j, m := range mu {
			if s&(1<<j) != 0 {
				move(s, s&^(1<<j), m)
			}
		}
	}
	for s := range states { // one equation is redundant: the sum is 1
		a.Set(0, s, 1)
	}
	b := mat.NewVecDense(states, nil)
	b.SetVec(0, 1)
	var x mat.VecDense
	if err := x.SolveVec(a, b); err != nil {
		if _, ok := err.(mat.Condition); !ok {
			panic("queueing: hypercube: " + err.Error())
		}
	}
	return x.RawVector().Data
}

// fromStates sums the shares of busy time and of calls that find a free server.
func fromStates(p []float64, n int, atoms []Atom) Hypercube {
	h := Hypercube{Busy: make([]float64, n), Sent: make([][]float64, len(atoms))}
	for i := range atoms {
		h.Sent[i] = make([]float64, n)
	}
	for s, mass := range p {
		for j := range n {
			if s&(1<<j) != 0 {
				h.Busy[j] += mass
			}
		}
		for i, atom := range atoms {
			for _, j := range atom.Preference {
				if s&(1<<j) == 0 {
					h.Sent[i][j] += mass
					break
				}
			}
		}
	}
	return h
}

// checkAtoms panics on a wrong shape and returns the total rate, NaN if one is invalid.
func checkAtoms(n int, atoms []Atom) float64 {
	if n < 1 || n > MaxHypercubeServers {
		panic("queueing: hypercube: the number of servers is out of range")
	}
	lambda := 0.0
	for _, a := range atoms {
		seen := 0
		for _, j := range a.Preference {
			if j < 0 || j >= n || seen&(1<<j) != 0 {
				panic("queueing: hypercube: a preference list is not a permutation of the servers")
			}
			seen |= 1 << j
		}
		if seen != 1<<n-1 {
			panic("queueing: hypercube: a preference list is not a permutation of the servers")
		}
		if invalid(a.Rate) {
			return math.NaN()
		}
		lambda += a.Rate
	}
	return lambda
}

// noHypercube is the answer to an invalid question.
func noHypercube(n, atoms int) Hypercube {
	nan := math.NaN()
	h := Hypercube{Busy: allNaN(make([]float64, n)), Sent: make([][]float64, atoms), Wait: nan, Loss: nan, Waiting: nan}
	for i := range h.Sent {
		h.Sent[i] = allNaN(make([]float64, n))
	}
	return h
}
