package sim_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"slasim/model"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/sim"
)

// counts are the faults of a replication by month, weekday and hour of the day.
type counts struct {
	start time.Time
	n     [12][7][24]float64
}

func (c *counts) Subject(s *trail.Subject) {
	if s.Kind == model.SubjectTicket && !s.Discarded {
		at := c.start.Add(s.Milestones[model.Occurred])
		c.n[at.Month()-1][at.Weekday()][at.Hour()]++
	}
}

// Counts of a Poisson process with a rate that changes with time are independent and Poisson in disjoint spans, so
// Σ (n − m)²/m over the cells is χ² with as many degrees of freedom as cells: mean k, variance 2k (1/m more for each cell).
// The expected counts come from the definition of a profile, hour by hour of the two years, by package time.
func TestTheoryArrivals(t *testing.T) {
	t.Parallel()
	const reps, rate, growth = 5, 10, 0.1
	hour := [24]float64{2, 2, 2, 2, 2, 3, 4, 6, 8, 8, 7, 6, 6, 6, 7, 7, 6, 5, 4, 3, 3, 3, 2, 2}
	weekday := [7]float64{1, 6, 5, 5, 5, 5, 2} // Sunday first
	month := [12]float64{1.3, 1.2, 1, 1, 1, 1, 1.5, 1.4, 1, 1, 1, 0.8}
	sumHour, sumDay := 0.0, 0.0
	for _, x := range hour {
		sumHour += x
	}
	for _, x := range weekday {
		sumDay += x
	}
	zone := time.FixedZone("", 8*3600)
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, zone)
	var want [12][7][24]float64
	for h := range 2 * 365 * 24 {
		at := start.Add(time.Duration(h) * time.Hour)
		m, d := at.Month()-1, at.Weekday()
		want[m][d][at.Hour()] += reps * rate * hour[at.Hour()] * 24 / sumHour * weekday[d] * 7 / sumDay * month[m] *
			math.Pow(1+growth, (float64(h)+0.5)/(365*24))
	}
	// deviation is by how many standard deviations χ² exceeds its mean.
	deviation := func(set ...string) float64 {
		t.Helper()
		w := load(t, "arrivals.yaml", set...)
		c := counts{start: start}
		e := sim.New(w)
		for r := range reps {
			if _, err := e.Run(r, &c, nil, false); err != nil {
				t.Fatal(err)
			}
		}
		chi, cells, variance := 0.0, 0.0, 0.0
		for m := range want {
			for d := range want[m] {
				for h, x := range want[m][d] {
					chi += (c.n[m][d][h] - x) * (c.n[m][d][h] - x) / x
					cells++
					variance += 2 + 1/x
				}
			}
		}
		return (chi - cells) / math.Sqrt(variance)
	}
	if d := deviation(); math.Abs(d) > 4 {
		t.Errorf("χ² is %.1f standard deviations from its mean", d)
	}
	for _, set := range []string{
		"equipment.classes.unit.rate=10.3/h", "faults.profile.month.7=1.6", "faults.profile.weekday=[5, 5, 5, 5, 6, 2, 1]",
		"faults.profile.growth=0.14", "faults.profile.hour.12=7", "run.start_date=2026-01-02",
	} {
		if d := deviation(set); d <= 4 {
			t.Errorf("with %s the check still passes: %.1f", set, d)
		}
	}
}

// Phases of 200, 100 and 430 days in which half, twice and as many of the faults happen: Poisson counts again, in each phase and
// hour of the day, with the mean of the rate there. Two phases that let all happen change nothing, to the bit.
func TestTheoryPhases(t *testing.T) {
	t.Parallel()
	const reps, rate, growth = 2, 10, 0.1
	hour := [24]float64{2, 2, 2, 2, 2, 3, 4, 6, 8, 8, 7, 6, 6, 6, 7, 7, 6, 5, 4, 3, 3, 3, 2, 2}
	sum := 0.0
	for _, x := range hour {
		sum += x
	}
	var want [3][24]float64
	phase := func(day int) int {
		switch {
		case day < 200:
			return 0
		case day < 300:
			return 1
		}
		return 2
	}
	for h := range 2 * 365 * 24 {
		p := phase(h / 24)
		want[p][h%24] += reps * rate * hour[h%24] * 24 / sum * [...]float64{0.5, 2, 1}[p] * math.Pow(1+growth, (float64(h)+0.5)/(365*24))
	}
	flat := []string{"faults.profile.weekday=null", "faults.profile.month=null"}
	deviation := func(set ...string) float64 {
		t.Helper()
		w := load(t, "arrivals.yaml", append(slices.Clone(flat), set...)...)
		n := hours{phase: phase}
		e := sim.New(w)
		for r := range reps {
			if _, err := e.Run(r, &n, nil, false); err != nil {
				t.Fatal(err)
			}
		}
		chi, cells, variance := 0.0, 0.0, 0.0
		for p := range want {
			for h, x := range want[p] {
				chi += (n.n[p][h] - x) * (n.n[p][h] - x) / x
				cells++
				variance += 2 + 1/x
			}
		}
		return (chi - cells) / math.Sqrt(variance)
	}
	const phases = "contracts.service.phases={first: {until: 200d, faults: 0.5}, second: {until: 300d, faults: 2}}"
	if d := deviation(phases); math.Abs(d) > 4 {
		t.Errorf("χ² is %.1f standard deviations from its mean", d)
	}
	for _, set := range []string{"first.until=208d", "first.faults=0.53", "second.until=308d", "second.faults=2.08"} {
		if d := deviation(phases, "contracts.service.phases."+set); d <= 4 {
			t.Errorf("with %s the check still passes: %.1f", set, d)
		}
	}
	trajectory := func(set ...string) [2]uint64 {
		tot, err := sim.New(load(t, "arrivals.yaml", append(set, "run.term=60d", "equipment.classes.unit.failures.fault.restore=1m")...)).Run(0, &hours{phase: phase}, nil, false)
		if err != nil {
			t.Fatal(err)
		}
		return [2]uint64{tot.Fingerprint, tot.StreamFingerprint}
	}
	plain := trajectory()
	if got := trajectory("contracts.service.phases={first: {until: 30d}, second: {faults: 1}}"); got != plain {
		t.Errorf("phases in which all happens: %x, without %x", got, plain)
	}
	if got := trajectory("contracts.service.phases={first: {until: 30d, faults: 0.5}}"); got[0] == plain[0] {
		t.Error("half of the faults in a phase change nothing")
	}
}

// hours counts faults by phase and hour of the day.
type hours struct {
	n     [3][24]float64
	phase func(day int) int
}

func (c *hours) Subject(s *trail.Subject) {
	if at := s.Milestones[model.Occurred]; s.Kind == model.SubjectTicket && !s.Discarded {
		c.n[c.phase(int(at/model.Day))][at%model.Day/model.Time(time.Hour)]++
	}
}

// weibull30 is the scale in days of a life with shape 2 and mean 30 d: 30/Γ(3/2).
var weibull30 = 30 / math.Gamma(1.5)

// renewalMoments are mean and variance of the number of renewals in [0, t] days of a unit that is new at 0. With
// m(t) = Σ P(Sₙ ≤ t): m = F + m∗f and E[N²] = m + 2·m∗dm (D. R. Cox, "Renewal theory", 1962, ch. 4), solved on a grid of
// 0.05 d by the trapezoid rule.
func renewalMoments(t float64) (mean, variance float64) {
	const step = 0.05
	n := int(math.Round(t / step))
	f, m := make([]float64, n+1), make([]float64, n+1)
	for i := range f {
		x := float64(i) * step / weibull30
		f[i] = 2 * x / weibull30 * math.Exp(-x*x)
	}
	for i := 1; i <= n; i++ {
		x := float64(i) * step / weibull30
		sum := 0.0
		for j := 1; j < i; j++ {
			sum += m[i-j] * f[j]
		}
		m[i] = 1 - math.Exp(-x*x) + sum*step // f(0) = m(0) = 0
	}
	conv := 0.0
	for j := 1; j <= n; j++ {
		conv += (m[n-j] + m[n-j+1]) / 2 * (m[j] - m[j-1])
	}
	return m[n], m[n] + 2*conv - m[n]*m[n]
}

// units follows the failures of each unit of a replication.
type units struct {
	rep  int32
	last []model.Time
	n    []float64
}

// next is the ordinal of a unit's failure and the time since the one before, in days.
func (u *units) next(s *trail.Subject) (ordinal int, gap float64) {
	if u.rep != s.Rep+1 {
		u.rep = s.Rep + 1
		clear(u.last)
		clear(u.n)
	}
	at := s.Milestones[model.Occurred]
	gap = model.Hours(at-u.last[s.Unit]) / 24
	u.last[s.Unit] = at
	u.n[s.Unit]++
	return int(u.n[s.Unit]), gap
}

// A unit is renewed when it fails. The first three lives of a new unit end within the year for certain (that
// three last longer than 365 d has a probability below 10⁻²⁰), so they are a sample of the Weibull distribution.
func TestTheoryWeibull(t *testing.T) {
	const number = 1000
	mean, variance := renewalMoments(365)
	u := units{last: make([]model.Time, number), n: make([]float64, number)}
	th := theory{
		world: "renewal.yaml", reps: 100, long: 400,
		figures: []figure{
			{name: "mean life", want: 30}, {name: "mean square of life", want: weibull30 * weibull30},
			{name: "life below 15 d", want: 1 - math.Exp(-225/(weibull30*weibull30))},
			{name: "failures in a year", want: mean}, {name: "variance of failures", want: variance},
		},
		ticket: func(b *book, _ *world.World, s *trail.Subject) {
			k, gap := u.next(s)
			if k <= 3 {
				b.add(0, gap, 1)
				b.add(1, gap*gap, 1)
				b.yes(2, gap < 15)
			}
		},
		end: func(b *book, _ *world.World, _ *trail.Totals) {
			for _, x := range u.n {
				b.add(3, x, 1)
				b.add(4, (x-mean)*(x-mean), 1)
			}
		},
		wrong: []wrong{
			in("equipment.classes.unit.life.mean=31d", "mean life", "mean square of life", "life below 15 d", "failures in a year"),
			in("equipment.classes.unit.life.shape=2.1", "mean square of life", "life below 15 d", "variance of failures"),
		},
	}
	th.prove(t)
}

// A unit of age a has left ∫ P(X > x)/P(X > a) dx from a on: scale·exp(z²)·erfc(z)·√π/2, z = a/scale. The ages are spread
// evenly from 0 to twice their mean.
func TestTheoryWeibullAge(t *testing.T) {
	const number = 1000
	want := 0.0
	for i := range number {
		z := 40 * (float64(i) + 0.5) / number / weibull30
		want += weibull30 * math.Exp(z*z) * math.Erfc(z) * math.Sqrt(math.Pi) / 2 / number
	}
	u := units{last: make([]model.Time, number), n: make([]float64, number)}
	th := theory{
		world: "renewal.yaml", reps: 50, long: 400, set: []string{"equipment.classes.unit.age=20d", "run.term=180d"},
		figures: []figure{{name: "what is left of the first life", want: want}},
		ticket: func(b *book, _ *world.World, s *trail.Subject) {
			if k, gap := u.next(s); k == 1 {
				b.add(0, gap, 1)
			}
		},
		wrong: []wrong{in("equipment.classes.unit.age=22d", "what is left of the first life"), in("equipment.classes.unit.age=0d", "what is left of the first life")},
	}
	th.prove(t)
}

// Of two exponential times the one with rate r comes before the one with mean m with chance r·m/(1 + r·m): of the faults of
// level two 10/34 turn into level one before they are restored. The others have been restored within 1/(r + 1/m) on average.
func TestTheoryRiskComesTrue(t *testing.T) {
	const r, m = 1 / 24.0, 10.0
	th := theory{
		world: "risk.yaml", reps: 40, long: 200,
		figures: []figure{{name: "come true", want: r * m / (1 + r*m)}, {name: "time of the others", want: 1 / (r + 1/m)}},
		ticket: func(b *book, _ *world.World, s *trail.Subject) {
			b.yes(0, s.Current == 1)
			if s.Current == 2 {
				b.add(1, stay(s), 1)
			}
		},
		wrong: []wrong{
			in("contracts.service.process.risk.two=1.1/d", "come true"),
			in("contracts.service.readings.risk_hazard=off", "come true", "time of the others"),
		},
	}
	th.prove(t)
}
