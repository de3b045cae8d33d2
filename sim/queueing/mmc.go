package queueing

import "math"

// ErlangB is the probability that a call finds all of c ≥ 0 servers busy and is lost, M/G/c/c, at an
// offered load of a erlangs:
//
//	B(0) = 1,  B(n) = a·B(n−1) / (n + a·B(n−1))
//
// Source: A. K. Erlang, 1917; the recursion e.g. R. B. Cooper, "Introduction to queueing theory", 2nd ed.
// 1981. It holds for any service time with the mean a/λ.
func ErlangB(c int, a float64) float64 {
	if c < 0 || invalid(a) {
		return math.NaN()
	}
	b := 1.0
	for n := 1; n <= c; n++ {
		b = a * b / (float64(n) + a*b)
	}
	return b
}

// ErlangC is the probability of waiting in M/M/c, c ≥ 1, at an offered load of a erlangs; 1 if a ≥ c:
//
//	C = c·B / (c − a·(1 − B)),  B = ErlangB(c, a)
//
// Source: A. K. Erlang, 1917; Cooper 1981.
func ErlangC(c int, a float64) float64 {
	if c < 1 || invalid(a) {
		return math.NaN()
	}
	n := float64(c)
	if a >= n {
		return 1
	}
	b := ErlangB(c, a)
	return n * b / (n - a*(1-b))
}

// MMcWait is the mean wait before service in M/M/c: C/(cμ − λ). Source: D. Gross, J. F. Shortle, J. M.
// Thompson and C. M. Harris, "Fundamentals of queueing theory", 4th ed. 2008, ch. 2.
func MMcWait(c int, lambda, mu float64) float64 {
	if c < 1 || invalid(lambda, mu) || mu == 0 {
		return math.NaN()
	}
	spare := float64(c)*mu - lambda
	if spare <= 0 {
		return math.Inf(1)
	}
	return ErlangC(c, lambda/mu) / spare
}

// MMcWaitTail is P(wait > t) in M/M/c: C·exp(−(cμ − λ)·t), t ≥ 0; 1 if the queue grows for ever. Source:
// Gross et al. 2008, ch. 2.
func MMcWaitTail(c int, lambda, mu, t float64) float64 {
	if c < 1 || invalid(lambda, mu, t) || mu == 0 {
		return math.NaN()
	}
	spare := float64(c)*mu - lambda
	if spare <= 0 {
		return 1
	}
	return ErlangC(c, lambda/mu) * math.Exp(-spare*t)
}

// MMcNumber is the mean number in the system, waiting and in service, in M/M/c: λ·wait + λ/μ.
func MMcNumber(c int, lambda, mu float64) float64 {
	if lambda == 0 && c >= 1 && mu > 0 {
		return 0
	}
	return lambda*MMcWait(c, lambda, mu) + lambda/mu
}

// Impatience describes a queue whose customers leave unserved.
type Impatience struct {
	Wait       float64 // probability of not being served at once
	Loss       float64 // probability of leaving unserved
	ServedWait float64 // mean wait of those who are served, 0 if nobody is
	MeanWait   float64 // mean time in queue of all, those who leave included
}

// MMcPatience is M/M/c+D: a customer leaves after waiting patience without service. With aⁿ/n! for n < c
// and the density of the offered wait
//
//	v(x) = λ·p(c−1)·exp(−(cμ − λ)x),  0 < x < patience;   λ·p(c−1)·exp(λ·patience − cμx) beyond,
//
// the loss is P(offered wait ≥ patience). It is stable for every load. Sources: D. Y. Barrer, "Queuing
// with impatient customers and ordered service", Operations Research 5 (1957) 650–656; F. Baccelli and
// G. Hebuterne, "On queues with impatient customers", Performance '81, 159–179.
func MMcPatience(c int, lambda, mu, patience float64) Impatience {
	if c < 1 || invalid(lambda, mu, patience) || mu == 0 {
		nan := math.NaN()
		return Impatience{nan, nan, nan, nan}
	}
	n := float64(c)
	spare := n*mu - lambda
	// In units of p(c−1), and of exp(−spare·patience) if the load exceeds the servers, lest it overflow.
	scale := math.Exp(math.Min(0, spare*patience))
	below := scale / ErlangB(c-1, lambda/mu) // Σ p(n), n < c
	beyond := lambda * math.Exp(-math.Max(0, spare*patience)) / (n * mu)
	at, served := lambda*expIntegral(spare, patience), lambda*expMoment(spare, patience)
	if spare < 0 { // ∫ exp(−kx)·exp(kt) dx = ∫ exp(ky) dy with y = t − x
		at = lambda * expIntegral(-spare, patience)
		served = patience*at - lambda*expMoment(-spare, patience)
	}
	total := below + at + beyond
	served /= total
	r := Impatience{Wait: (at + beyond) / total, Loss: beyond / total}
	r.MeanWait = served + patience*r.Loss
	if r.Loss < 1 {
		r.ServedWait = served / (1 - r.Loss)
	}
	return r
}

// expIntegral is ∫ exp(−k·x) dx over [0, t].
func expIntegral(k, t float64) float64 {
	if k*t == 0 {
		return t
	}
	return -math.Expm1(-k*t) / k
}

// expMoment is ∫ x·exp(−k·x) dx over [0, t].
func expMoment(k, t float64) float64 {
	z := k * t
	if math.Abs(z) < 1e-2 { // the closed form cancels: t²·Σ (−z)ⁿ / (n!·(n+2))
		return t * t * (1.0/2 - z/3 + z*z/8 - z*z*z/30 + z*z*z*z/144)
	}
	return (-math.Expm1(-z) - z*math.Exp(-z)) / (k * k)
}

// MMcImpatient is M/M/c+M, Erlang-A: each waiting customer leaves at rate theta > 0. The states are
// summed directly until their rest is below 10⁻¹⁶. A customer who finds j − 1 waiting is served with
// probability cμ/(cμ + jθ) and then waits Σ 1/(cμ + iθ), i = 1 … j, on average. Sources: C. Palm,
// "Methods of judging the annoyance caused by congestion", 1953; A. Mandelbaum and S. Zeltyn, "Service
// engineering in action: the Palm/Erlang-A queue", 2007.
func MMcImpatient(c int, lambda, mu, theta float64) Impatience {
	if c < 1 || invalid(lambda, mu, theta) || mu == 0 || theta == 0 {
		nan := math.NaN()
		return Impatience{nan, nan, nan, nan}
	}
	if lambda == 0 {
		return Impatience{}
	}
	a, cmu := lambda/mu, float64(c)*mu
	// In units of p(c), which is p(c−1)·a/c; weights may grow to e^(λ/θ): rescaled on the way.
	below := 1 / ErlangB(c-1, a) * float64(c) / a
	weight, at, queue, served, delay := 1.0, 0.0, 0.0, 0.0, 0.0
	for j := 1; ; j++ { // an arrival finds c + j − 1 in the system
		rate := cmu + float64(j)*theta
		delay += 1 / rate
		at += weight
		queue += weight * float64(j-1)
		served += weight * cmu / rate * delay
		weight *= lambda / rate
		if ratio := lambda / (rate + theta); ratio < 1 && weight*float64(j) < 1e-17*(1-ratio)*(1-ratio)*(at+below) {
			break
		}
		if at > 1e250 {
			const down = 1e-250
			below, weight, at, queue, served = below*down, weight*down, at*down, queue*down, served*down
		}
	}
	total := below + at
	r := Impatience{Wait: at / total, Loss: theta * queue / total / lambda, MeanWait: queue / total / lambda}
	r.ServedWait = served / total / (1 - r.Loss)
	return r
}
