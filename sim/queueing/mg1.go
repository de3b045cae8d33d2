package queueing

import "math"

// MG1Wait is the mean wait in M/G/1 with service mean es and second moment es2 (es² + variance):
// λ·es2 / (2(1 − ρ)), ρ = λ·es. Source: F. Pollaczek 1930, A. Y. Khinchine 1932; Gross et al. 2008, ch. 5.
// NaN if es2 < es².
func MG1Wait(lambda, es, es2 float64) float64 {
	if invalid(lambda, es, es2) || es2 < es*es*(1-1e-12) {
		return math.NaN()
	}
	if lambda*es >= 1 {
		return math.Inf(1)
	}
	return lambda * es2 / (2 * (1 - lambda*es))
}

// MD1Wait is the mean wait in M/D/1 with service time d: ρd / (2(1 − ρ)).
func MD1Wait(lambda, d float64) float64 { return MG1Wait(lambda, d, d*d) }

// MD1WaitTail is P(wait > t) in M/D/1 with service time d > 0.
//
// Erlang's series of 1909, P(wait ≤ t) = (1−ρ)·Σ (−λ(t−kd))ᵏ/k!·exp(λ(t−kd)), alternates and loses all
// digits beyond some twenty services. With (m−1)d ≤ t < md the same value is, in positive terms only,
//
//	P(wait ≤ t) = Σ P(at most m−1−j waiting) · Poisson(j; λ(md − t)),  j = 0 … m−1
//
// (C. D. Crommelin, 1932; in this form G. J. Franx, "A simple solution for the M/D/c waiting time
// distribution", Operations Research Letters 29 (2001) 221–229). The number in the system follows from
// the balance across each level, p(n+1)·P(A=0) = p(0)·P(A≥n+1) + Σ p(i)·P(A≥n+2−i), with A the arrivals
// during a service. The work grows with (t/d)²; 1 if ρ ≥ 1.
func MD1WaitTail(lambda, d, t float64) float64 {
	if invalid(lambda, d, t) || d == 0 {
		return math.NaN()
	}
	rho := lambda * d
	if rho >= 1 {
		return 1
	}
	m := int(t/d) + 1
	tail := poissonTails(rho, m+1) // tail[k] = P(A ≥ k)
	p := make([]float64, m+1)      // P(n in the system)
	p[0] = 1 - rho
	for n := range m {
		sum := p[0] * tail[n+1]
		for i := 1; i <= n; i++ {
			sum += p[i] * tail[n+2-i]
		}
		p[n+1] = sum * math.Exp(rho)
	}
	// p becomes P(at most n−1 waiting) at n ≥ 1.
	for n := range m {
		p[n+1] += p[n]
	}
	within := 0.0
	term := math.Exp(-lambda * (float64(m)*d - t))
	for j := range m {
		within += p[m-j] * term
		term *= lambda * (float64(m)*d - t) / float64(j+1)
	}
	return math.Max(0, 1-within)
}

// poissonTails is P(X ≥ k), k = 0 … n, of a Poisson X with mean ≤ 1, summed from the small end; forty
// terms beyond n are less than 1/40!.
func poissonTails(mean float64, n int) []float64 {
	tails := poissonMass(mean, n+40)
	for k := n + 39; k >= 0; k-- {
		tails[k] += tails[k+1]
	}
	return tails[:n+1]
}

// poissonMass is P(X = k), k = 0 … n, of a Poisson X.
func poissonMass(mean float64, n int) []float64 {
	mass := make([]float64, n+1)
	if mean == 0 {
		mass[0] = 1
		return mass
	}
	log := math.Log(mean)
	for k := range mass {
		lg, _ := math.Lgamma(float64(k + 1))
		mass[k] = math.Exp(float64(k)*log - mean - lg)
	}
	return mass
}

// Class is one priority class.
type Class struct {
	Rate    float64 // arrivals per unit of time
	Service float64 // mean service time
	Second  float64 // second moment of the service time; 2·Service² if exponential, Service² if constant
}

// MG1Priorities is the mean wait before service of each class in M/G/1 with non-preemptive priorities, the
// first class being the most urgent:
//
//	W(k) = W₀ / ((1 − σ(k−1))(1 − σ(k))),  σ(k) = Σ λᵢ·E[Sᵢ] up to k,  W₀ = Σ λᵢ·E[Sᵢ²]/2 over all
//
// Source: A. Cobham, "Priority assignment in waiting line problems", Operations Research 2 (1954) 70–76.
// A class with σ(k) ≥ 1 waits for ever; the first such class takes what time the classes above leave and
// the classes below it are never served, which is what W₀ then counts.
func MG1Priorities(classes []Class) []float64 {
	wait := make([]float64, len(classes))
	residual, sigma := 0.0, 0.0
	for _, k := range classes {
		if invalid(k.Rate, k.Service, k.Second) {
			return allNaN(wait)
		}
		load := k.Rate * k.Service
		if load > 1-sigma {
			residual += (1 - sigma) / k.Service * k.Second / 2
			break
		}
		residual += k.Rate * k.Second / 2
		sigma += load
	}
	sigma = 0.0
	for i, k := range classes {
		before := sigma
		sigma += k.Rate * k.Service
		wait[i] = math.Inf(1)
		if sigma < 1 {
			wait[i] = residual / ((1 - before) * (1 - sigma))
		}
	}
	return wait
}

// MG1Preemptive is the mean time in the system (waits, interruptions and service) of each class in M/G/1
// with preemptive-resume priorities, the first class being the most urgent:
//
//	T(k) = E[S(k)]/(1 − σ(k−1)) + Σ λᵢ·E[Sᵢ²]/2 up to k / ((1 − σ(k−1))(1 − σ(k)))
//
// Source: H. White and L. S. Christie, "Queuing with preemptive priorities or with breakdown", Operations
// Research 6 (1958) 79–95 (exponential); R. W. Conway, W. L. Maxwell and L. W. Miller, "Theory of
// scheduling", 1967, ch. 8 (general). Lower classes do not matter.
func MG1Preemptive(classes []Class) []float64 {
	total := make([]float64, len(classes))
	residual, sigma := 0.0, 0.0
	for i, k := range classes {
		if invalid(k.Rate, k.Service, k.Second) {
			return allNaN(total)
		}
		before := sigma
		sigma += k.Rate * k.Service
		residual += k.Rate * k.Second / 2
		total[i] = math.Inf(1)
		if sigma < 1 {
			total[i] = k.Service/(1-before) + residual/((1-before)*(1-sigma))
		}
	}
	return total
}

// MMcPriorities is the mean wait before service of each class in M/M/c with non-preemptive priorities, the
// first class being the most urgent, all with service rate mu:
//
//	W(k) = C/(cμ) / ((1 − σ(k−1))(1 − σ(k))),  σ(k) = Σ λᵢ/(cμ) up to k,  C = ErlangC of the whole load
//
// Sources: Cobham 1954; O. Kella and U. Yechiali, "Waiting times in the non-preemptive priority M/M/c
// queue", Stochastic Models 1 (1985) 257–262. A class with σ(k) ≥ 1 waits for ever; those above it are
// then served by servers that are always busy, C = 1.
func MMcPriorities(c int, mu float64, rates []float64) []float64 {
	wait := make([]float64, len(rates))
	if c < 1 || invalid(mu) || mu == 0 || invalid(rates...) {
		return allNaN(wait)
	}
	capacity := float64(c) * mu
	all := 0.0
	for _, r := range rates {
		all += r
	}
	residual := ErlangC(c, all/mu) / capacity
	sigma := 0.0
	for i, r := range rates {
		before := sigma
		sigma += r / capacity
		wait[i] = math.Inf(1)
		if sigma < 1 {
			wait[i] = residual / ((1 - before) * (1 - sigma))
		}
	}
	return wait
}

// MMcPreemptive is the mean time in the system of each class in M/M/c with preemptive-resume priorities,
// the first class being the most urgent, all with service rate mu: classes 1 … k together are an M/M/c
// whatever the order among them, so by Little's law
//
//	T(k) = (L(Λ(k)) − L(Λ(k−1))) / λ(k),  Λ(k) = Σ λᵢ up to k,  L = MMcNumber
//
// Source: e.g. Gross et al. 2008, ch. 3; exponential service is resumed or drawn anew alike. A class with
// rate 0 gets the limit of a rare customer, the derivative of L.
func MMcPreemptive(c int, mu float64, rates []float64) []float64 {
	total := make([]float64, len(rates))
	if c < 1 || invalid(mu) || mu == 0 || invalid(rates...) {
		return allNaN(total)
	}
	before := 0.0
	for i, r := range rates {
		// A vanishing class by a small central step: L is smooth below saturation.
		lo, hi := before, before+r
		if r == 0 {
			h := 1e-5 * (float64(c)*mu - before)
			lo, hi = math.Max(0, before-h), before+h
		}
		total[i] = math.Inf(1)
		if hi < float64(c)*mu {
			total[i] = (MMcNumber(c, hi, mu) - MMcNumber(c, lo, mu)) / (hi - lo)
		}
		before += r
	}
	return total
}

// allNaN fills x with NaN.
func allNaN(x []float64) []float64 {
	for i := range x {
		x[i] = math.NaN()
	}
	return x
}
