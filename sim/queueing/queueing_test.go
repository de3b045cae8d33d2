package queueing

import (
	"math"
	"testing"
)

// near reports whether a and b agree to tol relative (absolute below 1), or are both NaN or equal.
func near(a, b, tol float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= tol*math.Max(1, math.Max(math.Abs(a), math.Abs(b)))
}

// want is one expected number.
type want struct {
	name       string
	got, value float64
	tol        float64
}

func check(t *testing.T, list []want) {
	t.Helper()
	for _, w := range list {
		if !near(w.got, w.value, w.tol) {
			t.Errorf("%s = %.12g, want %.12g", w.name, w.got, w.value)
		}
	}
}

func TestErlangTables(t *testing.T) {
	inf := math.Inf(1)
	check(t, []want{
		// Loads at 1 % loss from the usual printed Erlang B tables, given to four digits.
		{"B(5, 1.361)", ErlangB(5, 1.361), 0.01, 2e-5},
		{"B(10, 4.461)", ErlangB(10, 4.461), 0.01, 2e-5},
		{"B(20, 12.03)", ErlangB(20, 12.03), 0.01, 2e-5},
		{"B(50, 37.90)", ErlangB(50, 37.90), 0.01, 2e-5},
		// By hand: a²/2 / (1 + a + a²/2) with a = 1.
		{"B(2, 1)", ErlangB(2, 1), 0.2, 1e-15},
		{"B(0, a)", ErlangB(0, 3), 1, 0},
		// The usual call-centre example: 100 calls in half an hour, 3 min each, 14 agents: 17.4 % wait, 88.8 %
		// are answered within 20 s, the mean wait is 7.8 s.
		{"C(14, 10)", ErlangC(14, 10), 0.174, 5e-4},
		{"answered in 20 s", 1 - MMcWaitTail(14, 200, 20, 20.0/3600), 0.888, 5e-4},
		{"mean wait, s", 3600 * MMcWait(14, 200, 20), 7.8, 0.05},
		// M/M/1: C = ρ, wait ρ/(μ − λ), number ρ/(1 − ρ).
		{"C(1, 0.7)", ErlangC(1, 0.7), 0.7, 1e-15},
		{"M/M/1 wait", MMcWait(1, 0.7, 1), 0.7 / 0.3, 1e-12},
		{"M/M/1 number", MMcNumber(1, 0.7, 1), 0.7 / 0.3, 1e-12},
		// M/M/3 at ρ = 0.8, by hand: p₀ = 1/(1 + 2.4 + 2.88 + 2.304/0.2) = 1/17.8, C = 11.52/17.8.
		{"C(3, 2.4)", ErlangC(3, 2.4), 11.52 / 17.8, 1e-14},
		{"M/M/3 wait", MMcWait(3, 2.4, 1), 1.07865, 5e-6},
		{"M/M/3 number", MMcNumber(3, 2.4, 1), 2.4*11.52/17.8/0.6 + 2.4, 1e-12},
		{"overload", MMcWait(2, 2, 1), inf, 0},
		{"overloaded number", MMcNumber(2, 3, 1), inf, 0},
		{"overloaded tail", MMcWaitTail(2, 3, 1, 9), 1, 0},
		{"no load", MMcNumber(2, 0, 1), 0, 0},
		{"negative", MMcWait(2, -1, 1), math.NaN(), 0},
		{"no service", MMcWaitTail(2, 1, 0, 1), math.NaN(), 0},
		{"no server", ErlangC(0, 1), math.NaN(), 0},
		{"negative servers", ErlangB(-1, 1), math.NaN(), 0},
	})
}

func TestMG1(t *testing.T) {
	check(t, []want{
		{"M/M/1 by Pollaczek–Khinchine", MG1Wait(0.7, 1, 2), MMcWait(1, 0.7, 1), 1e-12},
		{"M/D/1 waits half as long", MD1Wait(0.7, 1), MMcWait(1, 0.7, 1) / 2, 1e-12},
		{"overload", MD1Wait(1, 1), math.Inf(1), 0},
		{"impossible second moment", MG1Wait(0.5, 1, 0.5), math.NaN(), 0},
		{"negative", MG1Wait(-0.5, 1, 1), math.NaN(), 0},
	})
}

// Erlang's alternating series of 1909, summed with 60 digits (mpmath).
func TestMD1WaitTailAgainstErlang(t *testing.T) {
	for _, c := range []struct{ lambda, t, want float64 }{
		{0.5, 0, 0.5},
		{0.5, 0.5, 0.357987291656129},
		{0.5, 1, 0.175639364649936},
		{0.5, 3.7, 0.00632396938590437},
		{0.8, 2.5, 0.295147646508381},
		{0.9, 10.25, 0.111662030611996},
		{0.95, 60, 0.0021606069677836},
	} {
		if got := MD1WaitTail(c.lambda, 1, c.t); !near(got, c.want, 1e-12) {
			t.Errorf("P(wait > %v) at ρ = %v is %.15g, want %.15g", c.t, c.lambda, got, c.want)
		}
		if got := MD1WaitTail(c.lambda/7, 7, 7*c.t); !near(got, c.want, 1e-11) {
			t.Errorf("in other units P(wait > %v) at ρ = %v is %.15g", c.t, c.lambda, got)
		}
	}
	mean, last := 0.0, 1.0 // the tail integrates to the mean: midpoints of 0.02 service times
	for x := 0.01; x < 60; x += 0.02 {
		p := MD1WaitTail(0.8, 1, x)
		if p > last {
			t.Fatalf("the tail rises at %v", x)
		}
		last = p
		mean += 0.02 * p
	}
	check(t, []want{
		{"mean from the tail", mean, MD1Wait(0.8, 1), 1e-3},
		{"overload", MD1WaitTail(2, 1, 3), 1, 0},
		{"nobody comes", MD1WaitTail(0, 1, 3), 0, 1e-15},
		{"invalid", MD1WaitTail(0.5, 0, 3), math.NaN(), 0},
	})
}

// By hand, service 1 each: λ = 0.2, 0.3, 0.4, exponential: W₀ = 0.9, σ = 0.2, 0.5, 0.9.
func TestNonPreemptivePriorities(t *testing.T) {
	classes := []Class{{0.2, 1, 2}, {0.3, 1, 2}, {0.4, 1, 2}}
	w := MG1Priorities(classes)
	m := MMcPriorities(1, 1, []float64{0.2, 0.3, 0.4})
	check(t, []want{
		{"class 1", w[0], 0.9 / 0.8, 1e-12},
		{"class 2", w[1], 0.9 / 0.8 / 0.5, 1e-12},
		{"class 3", w[2], 0.9 / 0.5 / 0.1, 1e-12},
		{"one server, class 1", m[0], w[0], 1e-12},
		{"one server, class 2", m[1], w[1], 1e-12},
		{"one server, class 3", m[2], w[2], 1e-12},
	})

	// Kleinrock's conservation law: Σ ρᵢWᵢ = ρ·W₀/(1 − ρ) for any order and any service times.
	mixed := []Class{{0.1, 2, 9}, {0.4, 0.5, 0.25}, {0.2, 1.5, 4}}
	rho, w0, sum := 0.0, 0.0, 0.0
	for i, x := range MG1Priorities(mixed) {
		k := mixed[i]
		rho += k.Rate * k.Service
		w0 += k.Rate * k.Second / 2
		sum += k.Rate * k.Service * x
	}
	// M/M/c with common service: the mean over all customers is that of first come, first served.
	rates := []float64{0.7, 0.5, 1.2}
	mean := 0.0
	for i, x := range MMcPriorities(3, 1, rates) {
		mean += x * rates[i] / 2.4
	}
	check(t, []want{
		{"conservation", sum, rho * w0 / (1 - rho), 1e-12},
		{"M/M/3 mean over classes", mean, MMcWait(3, 2.4, 1), 1e-12},
		{"one class is M/M/3", MMcPriorities(3, 1, []float64{2.4})[0], MMcWait(3, 2.4, 1), 1e-12},
		{"one class is M/G/1", MG1Priorities([]Class{{0.5, 1, 1}})[0], MD1Wait(0.5, 1), 1e-12},
	})

	// Saturated below: class 1 of service 1 finds the server always busy, with exponential work of mean 2
	// for the share 0.7 that class 2 takes: W₀ = 0.3·2/2 + 0.35·8/2 = 1.7; class 3 is never served.
	s := MG1Priorities([]Class{{0.3, 1, 2}, {5, 2, 8}, {1, 100, 1e6}})
	c := MMcPriorities(2, 1, []float64{0.5, 9})
	check(t, []want{
		{"above a saturated class", s[0], 1.7 / 0.7, 1e-12},
		{"the saturated class", s[1], math.Inf(1), 0},
		{"below it", s[2], math.Inf(1), 0},
		{"two servers always busy", c[0], 0.5 / 0.75, 1e-12},
		{"their saturated class", c[1], math.Inf(1), 0},
		{"invalid", MG1Priorities([]Class{{-1, 1, 1}})[0], math.NaN(), 0},
		{"invalid rates", MMcPriorities(2, 1, []float64{math.NaN()})[0], math.NaN(), 0},
	})
}

func TestPreemptivePriorities(t *testing.T) {
	rates := []float64{0.2, 0.3, 0.4}
	one := MMcPreemptive(1, 1, rates)
	general := MG1Preemptive([]Class{{0.2, 1, 2}, {0.3, 1, 2}, {0.4, 1, 2}})
	for i := range rates {
		if !near(one[i], general[i], 1e-10) {
			t.Errorf("class %d: %v by differences, %v by the M/G/1 formula", i, one[i], general[i])
		}
	}
	three := MMcPreemptive(3, 1, []float64{1, 0, 1.4})
	number := three[0]*1 + three[2]*1.4
	lower := MMcPreemptive(2, 1, []float64{1, 5})
	check(t, []want{
		// By hand for M/M/1: T₁ = 1/(1 − 0.2), T₂ = 1/((1 − 0.2)(1 − 0.5)).
		{"class 1", one[0], 1.25, 1e-12},
		{"class 2", one[1], 2.5, 1e-12},
		{"urgent work sees only itself", three[0], MMcWait(3, 1, 1) + 1, 1e-12},
		{"the total is M/M/3", number, MMcNumber(3, 2.4, 1), 1e-12},
		{"a rare class between", three[1], (MMcNumber(3, 1.001, 1) - MMcNumber(3, 0.999, 1)) / 0.002, 1e-5},
		{"above saturation", lower[0], MMcWait(2, 1, 1) + 1, 1e-12},
		{"saturated", lower[1], math.Inf(1), 0},
		{"alone, general", MG1Preemptive([]Class{{0.5, 1, 1}})[0], MD1Wait(0.5, 1) + 1, 1e-12},
		{"invalid", MG1Preemptive([]Class{{1, -1, 1}})[0], math.NaN(), 0},
		{"invalid server count", MMcPreemptive(0, 1, rates)[0], math.NaN(), 0},
	})
}

// The density of the offered wait integrated numerically with 30 digits (mpmath).
func TestDeterministicPatience(t *testing.T) {
	for _, c := range []struct {
		name                       string
		c                          int
		lambda, patience           float64
		wait, loss, served, waited float64
	}{
		{"below capacity", 1, 0.8, 2, 0.649734340464, 0.18783207442, 0.530913093761, 0.806854734863},
		{"at capacity", 3, 3, 0.5, 0.569620253165, 0.227848101266, 0.110655737705, 0.199367088608},
		{"above capacity", 3, 5, 0.5, 0.856396761879, 0.439587919698, 0.216423811953, 0.341080478532},
	} {
		r := MMcPatience(c.c, c.lambda, 1, c.patience)
		check(t, []want{
			{c.name + ": wait", r.Wait, c.wait, 1e-11},
			{c.name + ": loss", r.Loss, c.loss, 1e-11},
			{c.name + ": served wait", r.ServedWait, c.served, 1e-11},
			{c.name + ": mean wait", r.MeanWait, c.waited, 1e-11},
		})
	}
	none, endless, flood := MMcPatience(4, 3, 1, 0), MMcPatience(3, 2.4, 1, 200), MMcPatience(2, 50, 1, 100)
	check(t, []want{
		{"no patience is a loss system", none.Loss, ErlangB(4, 3), 1e-12},
		{"endless patience is M/M/c", endless.ServedWait, MMcWait(3, 2.4, 1), 1e-9},
		{"endless patience waits like M/M/c", endless.Wait, ErlangC(3, 2.4), 1e-9},
		{"flood: all capacity is used", flood.Loss, 1 - 2.0/50, 1e-12},
		// The offered wait is patience minus an exponential of rate λ − cμ for those served, 48 here.
		{"flood: nearly all patience is spent", flood.ServedWait, 100 - 1.0/48, 1e-9},
		{"nobody comes", MMcPatience(3, 0, 1, 1).Loss, 0, 0},
		{"invalid", MMcPatience(3, 1, 0, 1).Loss, math.NaN(), 0},
	})
	// Across capacity, where the closed form is 0/0, nothing jumps; nor where the moment's series begins.
	for _, lambda := range []float64{3, 3 - 0.0199999, 3 + 0.0199999} {
		a, b := MMcPatience(3, lambda-1e-7, 1, 0.5), MMcPatience(3, lambda+1e-7, 1, 0.5)
		if math.Abs(a.ServedWait-b.ServedWait) > 1e-6 || math.Abs(a.Loss-b.Loss) > 1e-6 {
			t.Errorf("at λ = %v: %+v and %+v", lambda, a, b)
		}
	}
}

// The chain truncated at 400, and the served wait from the density of the offered wait (Baccelli and
// Hebuterne) integrated numerically, with 30 digits (mpmath).
func TestExponentialPatience(t *testing.T) {
	for _, c := range []struct {
		c                          int
		lambda, theta              float64
		wait, loss, served, waited float64
	}{
		{3, 3, 0.5, 0.646272211152, 0.18726765292, 0.344968259799, 0.374535305839},
		{2, 5, 2, 0.903088989681, 0.622612569074, 0.31310371567, 0.311306284537},
		{10, 9, 0.1, 0.577986788422, 0.030436788114, 0.29940270783, 0.30436788114},
	} {
		r := MMcImpatient(c.c, c.lambda, 1, c.theta)
		check(t, []want{
			{"wait", r.Wait, c.wait, 1e-11},
			{"loss", r.Loss, c.loss, 1e-11},
			{"served wait", r.ServedWait, c.served, 1e-10},
			{"mean wait", r.MeanWait, c.waited, 1e-11},
		})
	}
	flood := MMcImpatient(2, 5000, 1, 1)
	check(t, []want{
		{"patient customers make M/M/c", MMcImpatient(3, 2.4, 1, 1e-9).MeanWait, MMcWait(3, 2.4, 1), 1e-6},
		{"very impatient ones a loss system", MMcImpatient(4, 3, 1, 1e9).Loss, ErlangB(4, 3), 1e-6},
		{"theta = mu is M/M/∞: P(wait) is a Poisson tail", MMcImpatient(2, 1, 1, 1).Wait, 1 - 2/math.E, 1e-12},
		{"flood: all capacity is used", flood.Loss, 1 - 2.0/5000, 1e-9},
		{"nobody comes", MMcImpatient(2, 0, 1, 1).Wait, 0, 0},
		{"invalid", MMcImpatient(2, 1, 1, 0).Wait, math.NaN(), 0},
	})
}

// By hand with one server: n broken of 2 machines and 1 spare, λ = 1, μ = 2: births 2, 2, 1; weights 1, 1,
// 1, ½. And without spares and as many repairers as machines each machine is up μ/(λ+μ) of the time.
func TestMachineRepair(t *testing.T) {
	r := MachineRepair(2, 1, 1, 1, 2)
	own := MachineRepair(5, 0, 5, 0.2, 0.6)
	big := MachineRepair(1000, 20, 3, 1, 0.01)
	check(t, []want{
		{"running", r.Running, (2 + 2 + 1) / 3.5, 1e-12},
		{"all up", r.AllUp, 2 / 3.5, 1e-12},
		{"broken", r.Broken, (1 + 2 + 1.5) / 3.5, 1e-12},
		{"occupancy", r.Occupancy, 2.5 / 3.5, 1e-12},
		{"wait", r.Wait, (1 + 1.0) / 5, 1e-12}, // 2/3.5 waiting, 5/3.5 breakdowns per unit of time
		{"own repairer each", own.Running, 5 * 0.75, 1e-12},
		{"own repairer each, all up", own.AllUp, math.Pow(0.75, 5), 1e-12},
		{"no wait", own.Wait, 0, 0},
		{"many spares: the load of M/M/c", MachineRepair(4, 400, 3, 0.5, 1).Broken, MMcNumber(3, 2, 1), 1e-9},
		{"hopeless: running is what is mended", big.Running, 3 * 0.01 / 1, 1e-6},
		{"nothing breaks", MachineRepair(3, 0, 1, 0, 1).Wait, 0, 0},
		{"invalid", MachineRepair(0, 0, 1, 1, 1).AllUp, math.NaN(), 0},
	})
}
