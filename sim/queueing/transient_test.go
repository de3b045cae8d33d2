package queueing

import (
	"math"
	"testing"
)

func constant(x float64) func(float64) float64 { return func(float64) float64 { return x } }

// daily is a rate with a daily wave; its M(t)/M/∞ number after the transient is
// r/μ + A·(μ·sin γt − γ·cos γt)/(μ² + γ²) (Eick, Massey and Whitt, Management Science 39 (1993) 241–252).
const (
	meanRate, wave = 2.0, 1.5
	gammaDay       = 2 * math.Pi / 24
)

func daily(t float64) float64 { return meanRate + wave*math.Sin(gammaDay*t) }

func dailyNumber(mu, t float64) float64 {
	return meanRate/mu + wave*(mu*math.Sin(gammaDay*t)-gammaDay*math.Cos(gammaDay*t))/(mu*mu+gammaDay*gammaDay)
}

func TestMtGInf(t *testing.T) {
	const mu = 0.5
	exponential := func(x float64) float64 { return math.Exp(-mu * x) }
	twoHours := func(x float64) float64 {
		if x < 2 {
			return 1
		}
		return 0
	}
	list := []want{
		{"before the start", MtGInf(daily, exponential, 5, 5, 10), 0, 0},
		{"filling up", MtGInf(constant(3), exponential, 0, 1, 101), 6 * (1 - math.Exp(-0.5)), 1e-9},
		// Constant service: the arrivals of the last two hours, (r·2 + A·(cos γ(t−2) − cos γt)/γ).
		{"constant service", MtGInf(daily, twoHours, 0, 30, 60_000),
			2*meanRate + wave*(math.Cos(gammaDay*28)-math.Cos(gammaDay*30))/gammaDay, 1e-3},
	}
	for _, at := range []float64{100, 106, 112, 118} {
		list = append(list, want{"daily wave", MtGInf(daily, exponential, 0, at, 4000), dailyNumber(mu, at), 1e-8})
	}
	check(t, list)
}

func TestTransientAgainstClosedForms(t *testing.T) {
	// M/M/1/1: P(busy) = a/(1+a)·(1 − e^−(λ+μ)t); every arrival that finds it busy would wait (and is lost).
	one := Transient{Rate: constant(2), Mu: 3, Levels: []Level{{Servers: 1}}, Capacity: 1}
	for _, m := range one.Solve([]float64{0, 0.1, 0.4, 3}) {
		busy := 0.4 * (1 - math.Exp(-5*m.T))
		check(t, []want{
			{"busy", m.Busy, busy, 1e-8}, {"wait", m.Wait, busy, 1e-8}, {"full", m.Full, busy, 1e-8},
			{"arrived", m.Arrived, 2 * m.T, 1e-8},
			{"waited", m.Waited, 2 * 0.4 * (m.T - (1-math.Exp(-5*m.T))/5), 1e-8},
		})
	}
	// Plenty of servers: M(t)/M/∞.
	many := Transient{Rate: daily, Mu: 0.5, Levels: []Level{{Servers: 60}}, Capacity: 60}
	for _, m := range many.Solve([]float64{90, 100, 110}) {
		check(t, []want{{"M(t)/M/∞", m.Number, dailyNumber(0.5, m.T), 1e-7}, {"no queue", m.Queue, 0, 1e-9}})
	}
	// In the long run M/M/3.
	three := Transient{Rate: constant(2.4), Mu: 1, Levels: []Level{{Servers: 3}}, Capacity: 150}
	m := three.Solve([]float64{500, 600}) // relaxation time 1/(√3 − √2.4)² = 30
	check(t, []want{
		{"number", m[1].Number, MMcNumber(3, 2.4, 1), 1e-6},
		{"wait", m[1].Wait, ErlangC(3, 2.4), 1e-6},
		{"mean wait by Little", (m[1].Queued - m[0].Queued) / (m[1].Arrived - m[0].Arrived), MMcWait(3, 2.4, 1), 1e-6},
		{"share that waits", (m[1].Waited - m[0].Waited) / (m[1].Arrived - m[0].Arrived), ErlangC(3, 2.4), 1e-6},
		{"capacity", m[1].Full, 0, 1e-9},
	})
}

// Three servers for two time units, then one: at most eight in the system, λ = 1.5, μ = 1. The matrix
// exponentials of the generators, with 25 digits (mpmath expm): number, P(wait) and queue 0, ½ and 2 after
// the drop.
func TestTransientDropsAgainstMatrixExponential(t *testing.T) {
	for _, c := range []struct {
		name string
		rule LeaveRule
		want [3][3]float64
	}{
		{"preempt", Preempt, [3][3]float64{
			{1.33542231739, 0.727403277489, 0.608019039898},
			{1.71200958198, 0.764761121261, 0.947248460716},
			{2.71897581518, 0.853198318871, 1.86577749631},
		}},
		{"idle first", FinishIdleFirst, [3][3]float64{
			{1.33542231739, 0.727403277489, 0.0828525100976},
			{1.52647878863, 0.707466284966, 0.500482901888},
			{2.36971247982, 0.822231896009, 1.47640702275},
		}},
		{"at random", FinishAtRandom, [3][3]float64{
			{1.33542231739, 0.417523269096, 0.0828525100976},
			{1.49703588562, 0.600963985075, 0.389590572845},
			{2.26244580033, 0.803326804399, 1.34610773617},
		}},
	} {
		q := Transient{Rate: constant(1.5), Mu: 1, Levels: []Level{{Servers: 3}, {Start: 2, Servers: 1}}, Rule: c.rule, Capacity: 8}
		for i, m := range q.Solve([]float64{2, 2.5, 4}) {
			check(t, []want{
				{c.name + ": number", m.Number, c.want[i][0], 1e-8},
				{c.name + ": wait", m.Wait, c.want[i][1], 1e-8},
				{c.name + ": queue", m.Queue, c.want[i][2], 1e-8},
			})
		}
	}
}

// Everybody leaves: preempted work stays, work in hand ends with its server's last job.
func TestTransientWhenAllLeave(t *testing.T) {
	arrivals := func(t float64) float64 {
		if t < 1 {
			return 1
		}
		return 0
	}
	for _, rule := range []LeaveRule{Preempt, FinishIdleFirst, FinishAtRandom} {
		q := Transient{Rate: arrivals, Mu: 1, Levels: []Level{{Servers: 40}, {Start: 1}, {Start: 3, Servers: 40}}, Rule: rule, Capacity: 40}
		m := q.Solve([]float64{1, 2, 2.999999999, 4})
		start := 1 - math.Exp(-1) // M/M/∞ at 1
		left, later := math.Exp(-1.0), math.Exp(-3.0)
		wait := 0.0
		if rule == Preempt {
			left, later, wait = 1, math.Exp(-1), start
		}
		check(t, []want{
			{"at the end of the shift", m[0].Number, start, 1e-7},
			{"nobody on duty: an arrival waits", m[1].Wait, 1, 1e-8},
			{"one later", m[1].Number, start * left, 1e-7},
			{"waiting", m[2].Queue, wait, 1e-7},
			{"one after the return", m[3].Number, start * later, 1e-6},
		})
	}
}

// A change of shift, one for one: the leaver finishes while the new server takes the next from the queue.
// One server, at most two in the system, 200 arrivals a unit of time until the change, then none: with
// M/M/1/2's p₁ and p₂ the number is p₁·e⁻ᵗ + 2p₂·e⁻ᵗ after it, and p₁·e⁻ᵗ + p₂·(2 + t)·e⁻ᵗ without it.
func TestTransientChangeOfShift(t *testing.T) {
	rush := func(t float64) float64 {
		if t < 1 {
			return 200
		}
		return 0
	}
	const p1, p2 = 200.0 / 40201, 40000.0 / 40201
	for _, rule := range []LeaveRule{FinishIdleFirst, FinishAtRandom, Preempt} {
		q := Transient{Rate: rush, Mu: 1, Levels: []Level{{Servers: 1}, {Start: 1, Servers: 1, Leaving: 1}}, Rule: rule, Capacity: 2}
		m := q.Solve([]float64{1, 1.7})
		e := math.Exp(-0.7)
		number, busy := p1*e+2*p2*e, p1+2*p2
		if rule == Preempt {
			number, busy = p1*e+p2*2.7*e, p1+p2
		}
		check(t, []want{{"number", m[1].Number, number, 1e-7}, {"busy at the change", m[0].Busy, busy, 1e-7}})
	}
}

// The bound on last jobs is exact while it is not reached.
func TestTransientLastJobs(t *testing.T) {
	levels := []Level{{0, 3, 0}, {8, 1, 0}, {16, 3, 0}, {24, 1, 0}, {32, 3, 0}, {40, 1, 0}}
	exact := Transient{Rate: constant(1), Mu: 1, Levels: levels, Rule: FinishIdleFirst, Capacity: 20}
	bounded := exact
	bounded.LastJobs = 3
	a, b := exact.Solve([]float64{42})[0], bounded.Solve([]float64{42})[0]
	if math.Abs(a.Number-b.Number) > 1e-4 || b.Full > 1e-3 {
		t.Errorf("%+v, bounded %+v", a, b)
	}
}

func TestTransientRefusals(t *testing.T) {
	good := Transient{Rate: constant(1), Mu: 1, Levels: []Level{{Servers: 1}, {Start: 1, Servers: 2}}, Capacity: 5}
	for name, f := range map[string]func(q *Transient) []float64{
		"no level":         func(q *Transient) []float64 { q.Levels = nil; return nil },
		"no service":       func(q *Transient) []float64 { q.Mu = 0; return nil },
		"no capacity":      func(q *Transient) []float64 { q.Capacity = 0; return nil },
		"levels descend":   func(q *Transient) []float64 { q.Levels = []Level{{Start: 1}, {Start: 0}}; return []float64{2} },
		"negative servers": func(q *Transient) []float64 { q.Levels = []Level{{Servers: -1}}; return nil },
		"too many leave": func(q *Transient) []float64 {
			q.Rule, q.Levels = FinishIdleFirst, []Level{{Servers: 1}, {Start: 1, Servers: 2, Leaving: 2}}
			return []float64{2}
		},
		"before the start":   func(*Transient) []float64 { return []float64{-1} },
		"times that descend": func(*Transient) []float64 { return []float64{2, 1} },
	} {
		q := good
		panics(t, name, func() { q.Solve(f(&q)) })
	}
	if got := good.Solve(nil); len(got) != 0 {
		t.Errorf("no times: %v", got)
	}
}
