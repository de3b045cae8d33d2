package queueing

import (
	"math"
	"sort"
)

// MtGInf is the mean number in M(t)/G/∞ at time t, empty before start: the number is Poisson with mean
//
//	m(t) = ∫ λ(u)·P(S > t − u) du over [start, t]
//
// Source: S. G. Eick, W. A. Massey and W. Whitt, "The physics of the M(t)/G/∞ queue", Operations Research
// 41 (1993) 731–742. rate is λ, survival is P(S > x) for x ≥ 0. Integrated by Simpson's rule in steps
// (rounded up to even, at least 2); jumps of either function cost accuracy of the order of a step.
func MtGInf(rate, survival func(float64) float64, start, t float64, steps int) float64 {
	if t <= start {
		return 0
	}
	n := max(2, steps+steps%2)
	h := (t - start) / float64(n)
	sum := 0.0
	for i := range n + 1 {
		w := 2.0
		switch {
		case i == 0 || i == n:
			w = 1
		case i%2 == 1:
			w = 4
		}
		u := start + float64(i)*h
		sum += w * rate(u) * survival(t-u)
	}
	return sum * h / 3
}

// LeaveRule says what a server who leaves does with the work in hand.
type LeaveRule uint8

// Rules.
const (
	// Preempt: the work goes back to the queue.
	Preempt LeaveRule = iota
	// FinishIdleFirst: idle servers leave first; a busy one finishes the work in hand and takes no more.
	FinishIdleFirst
	// FinishAtRandom: the leavers are drawn from all servers alike; a busy one finishes the work in hand
	// and takes no more.
	FinishAtRandom
)

// Level is a number of servers from a time on, until the next level.
type Level struct {
	Start   float64
	Servers int
	// Leaving is how many of the servers before leave at Start, the others of Servers being new: all of them
	// at a change of shift. Less than the drop counts as the drop. Of no effect in the first level and under Preempt.
	Leaving int
}

// leave is how many of the servers before leave at l.
func (l Level) leave(before int) int { return max(l.Leaving, before-l.Servers) }

// Transient is M(t)/M/s(t): Poisson arrivals at rate(t), exponential service at rate Mu, s(t) servers,
// first come first served, empty at Levels[0].Start.
type Transient struct {
	Rate     func(t float64) float64 // arrivals per unit of time; should be smooth between levels
	Mu       float64                 // per server, > 0
	Levels   []Level                 // ascending in Start
	Rule     LeaveRule
	Capacity int // most in the system apart from leavers' last jobs; Full says whether it was enough
	// LastJobs is the most last jobs of leavers at once, more are dropped; 0 = as many as ever leave, which
	// is exact and slow when levels change often.
	LastJobs int
}

// Moment is the state of a Transient at a time, just after any change of level.
type Moment struct {
	T       float64
	Number  float64 // mean number in the system, last jobs of leavers included
	Queue   float64 // mean number waiting
	Busy    float64 // mean number of busy servers, leavers included
	Wait    float64 // probability that an arrival now would wait
	Full    float64 // probability that Capacity (or LastJobs, if set) is reached, where jobs would be lost
	Arrived float64 // mean number of arrivals since the beginning
	Waited  float64 // mean number of arrivals since the beginning that had to wait
	Queued  float64 // time spent waiting by all since the beginning, ∫ Queue dt
}

// Solve integrates the Kolmogorov forward equations (e.g. Gross et al. 2008, ch. 2) to the ascending
// times, by the embedded pair of J. R. Dormand and P. J. Prince (J. Comput. Appl. Math. 6 (1980) 19–26)
// with a local error of at most 10⁻¹⁰ a step. The state is (waiting or with a staying server, last jobs
// of leavers). The mean wait of those who arrive in a cycle of a periodic system is, by Little's law, the
// growth of Queued over that of Arrived. It panics if Levels, Mu, Capacity or times make no sense.
func (q *Transient) Solve(times []float64) []Moment {
	switch {
	case len(q.Levels) == 0:
		panic("queueing: Transient: no level")
	case q.Capacity < 1 || !(q.Mu > 0) || math.IsInf(q.Mu, 1):
		panic("queueing: Transient: capacity and service rate must be positive")
	case len(times) > 0 && times[0] < q.Levels[0].Start || !sort.Float64sAreSorted(times):
		panic("queueing: Transient: times must ascend from the first level")
	}
	c := chain{q: q, servers: q.Levels[0].Servers}
	for i, l := range q.Levels {
		if l.Servers < 0 || i > 0 && !(l.Start > q.Levels[i-1].Start) {
			panic("queueing: Transient: levels must ascend and have no negative servers")
		}
		if i == 0 || q.Rule == Preempt {
			continue
		}
		before := q.Levels[i-1].Servers
		if l.Leaving > before {
			panic("queueing: Transient: more servers leave than there are")
		}
		c.last += max(0, l.leave(before)) // last jobs may pile up, never beyond all who leave
	}
	if q.LastJobs > 0 {
		c.last = min(c.last, q.LastJobs)
	}
	c.p = make([]float64, (q.Capacity+1)*(c.last+1)+3)
	c.p[0] = 1
	c.grow()

	now, next := q.Levels[0].Start, 1
	out := make([]Moment, 0, len(times))
	for _, t := range times {
		for next < len(q.Levels) && q.Levels[next].Start <= t {
			c.advance(now, q.Levels[next].Start)
			now = q.Levels[next].Start
			c.change(q.Levels[next])
			next++
		}
		c.advance(now, t)
		now = t
		out = append(out, c.moment(t))
	}
	return out
}

// chain is the state of an integration: p[n·(last+1) + k] is the probability of n waiting or with staying
// servers and k last jobs; the final three entries are the integrals Arrived, Waited and Queued.
type chain struct {
	q       *Transient
	servers int
	last    int // most last jobs
	p       []float64
	k       [7][]float64 // stages
	trial   []float64
	step    float64
}

func (c *chain) grow() {
	for i := range c.k {
		c.k[i] = make([]float64, len(c.p))
	}
	c.trial = make([]float64, len(c.p))
}

// slope is dp/dt at time t.
func (c *chain) slope(t float64, p, dp []float64) {
	clear(dp)
	lambda, width := c.q.Rate(t), c.last+1
	waits, queue := 0.0, 0.0
	for n := 0; n <= c.q.Capacity; n++ {
		serve := float64(min(n, c.servers)) * c.q.Mu
		for k := range width {
			i := n*width + k
			mass := p[i]
			if n < c.q.Capacity {
				dp[i] -= lambda * mass
				dp[i+width] += lambda * mass
			}
			if n > 0 {
				dp[i] -= serve * mass
				dp[i-width] += serve * mass
			}
			if k > 0 {
				rate := float64(k) * c.q.Mu
				dp[i] -= rate * mass
				dp[i-1] += rate * mass
			}
			if n >= c.servers {
				waits += mass
				queue += mass * float64(n-c.servers)
			}
		}
	}
	end := len(p) - 3
	dp[end], dp[end+1], dp[end+2] = lambda, lambda*waits, queue
}

// The Dormand–Prince 5(4) tableau: nodes, stages (the last row is the fifth-order solution) and the
// difference between the fifth- and fourth-order weights.
var (
	dpNodes  = [7]float64{0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1}
	dpStages = [7][6]float64{
		{},
		{1.0 / 5},
		{3.0 / 40, 9.0 / 40},
		{44.0 / 45, -56.0 / 15, 32.0 / 9},
		{19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
		{9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
		{35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84},
	}
	dpError = [7]float64{71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40}
)

// advance integrates from now to end.
func (c *chain) advance(now, end float64) {
	const tolerance = 1e-10
	if c.step == 0 {
		c.step = 0.1 / c.q.Mu
	}
	for now < end {
		h := math.Min(c.step, end-now)
		for s := range c.k {
			copy(c.trial, c.p)
			for j := range s {
				if w := h * dpStages[s][j]; w != 0 {
					for i, v := range c.k[j] {
						c.trial[i] += w * v
					}
				}
			}
			c.slope(now+dpNodes[s]*h, c.trial, c.k[s])
		}
		worst := 0.0
		for i := range c.p {
			e := 0.0
			for s, w := range dpError {
				e += w * c.k[s][i]
			}
			worst = math.Max(worst, math.Abs(h*e))
		}
		if worst <= tolerance || h < 1e-12*(1+math.Abs(now)) {
			now += h
			if end-now < 1e-12*(1+math.Abs(end)) {
				now = end
			}
			copy(c.p, c.trial) // the last stage is taken at the fifth-order solution
		}
		grow := 4.0
		if worst > 0 {
			grow = math.Min(4, math.Max(0.2, 0.9*math.Pow(tolerance/worst, 0.2)))
		}
		if worst > tolerance || h == c.step {
			c.step = h * grow
		}
	}
}

// change begins a level, moving the work in hand of those who leave.
func (c *chain) change(to Level) {
	old, leave := c.servers, to.leave(c.servers)
	c.servers = to.Servers
	if leave <= 0 || c.q.Rule == Preempt {
		return
	}
	width := c.last + 1
	after := c.trial
	clear(after)
	copy(after[len(after)-3:], c.p[len(c.p)-3:])
	for n := 0; n <= c.q.Capacity; n++ {
		busy := min(n, old)
		least := max(0, busy-(old-leave)) // of the busy must leave
		most := min(busy, leave)
		if c.q.Rule == FinishIdleFirst {
			most = least
		}
		for finish := least; finish <= most; finish++ {
			share := 1.0
			if c.q.Rule == FinishAtRandom {
				share = hypergeometric(finish, leave, busy, old)
			}
			for k := range width {
				after[(n-finish)*width+min(c.last, k+finish)] += share * c.p[n*width+k]
			}
		}
	}
	copy(c.p, after)
}

// hypergeometric is the probability that x of the leave drawn from all are among the busy; x must be
// possible.
func hypergeometric(x, leave, busy, all int) float64 {
	lc := func(n, k int) float64 {
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(k + 1))
		d, _ := math.Lgamma(float64(n - k + 1))
		return a - b - d
	}
	return math.Exp(lc(busy, x) + lc(all-busy, leave-x) - lc(all, leave))
}

// moment reads the state at t.
func (c *chain) moment(t float64) Moment {
	width := c.last + 1
	m := Moment{T: t}
	for n := 0; n <= c.q.Capacity; n++ {
		for k := range width {
			mass := c.p[n*width+k]
			m.Number += mass * float64(n+k)
			m.Busy += mass * float64(min(n, c.servers)+k)
			if n >= c.servers {
				m.Wait += mass
				m.Queue += mass * float64(n-c.servers)
			}
			if n == c.q.Capacity || c.q.LastJobs > 0 && k == c.last {
				m.Full += mass
			}
		}
	}
	end := len(c.p) - 3
	m.Arrived, m.Waited, m.Queued = c.p[end], c.p[end+1], c.p[end+2]
	return m
}
