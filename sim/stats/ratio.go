package stats

import "math"

// Ratio is a share of met clocks over replications: replications are independent, the clocks in one of
// them are not. The zero value is empty.
type Ratio struct{ counts []count }

// count is the clocks of one replication.
type count struct{ met, breached int64 }

// NewRatio has room for replications 0 … n−1, none of which has any clock yet. After it, different
// replications may be set by different goroutines.
func NewRatio(n int) *Ratio { return &Ratio{counts: make([]count, n)} }

// Set stores the clocks of replication rep, growing the accumulator if it must.
func (r *Ratio) Set(rep int, met, breached int64) {
	if rep < 0 || met < 0 || breached < 0 {
		panic("stats: Ratio.Set of a negative number")
	}
	if rep >= len(r.counts) {
		r.counts = append(r.counts, make([]count, rep+1-len(r.counts))...)
	}
	r.counts[rep] = count{met, breached}
}

// Share is an estimated share of clocks met.
type Share struct {
	Met, Breached int64
	Replications  int
	Value         float64 // Met / (Met + Breached), NaN without clocks
	Lo, Hi        float64 // interval; (0, 1) without clocks
	// Deff is the design effect: how many times the variance over replications exceeds that of as many
	// independent clocks; at least 1.
	Deff float64
	// Single: there was one replication, so the dependence between its clocks is not in the interval.
	Single bool
}

// Estimate is the ratio p = Σ met / Σ n over the R replications set, with Wilson's interval at n/deff
// clocks:
//
//	deff = max(1, V / (p(1−p)/Σn)),  V = R/(R−1) · Σ (metᵢ − p·nᵢ)² / (Σn)²
//
// V is the delta-method (linearised) variance of a ratio (W. G. Cochran, "Sampling techniques", 3rd ed.
// 1977, ch. 6, without the finite-population factor). Without a breach, without a met clock, or with
// one replication, V says nothing and deff is 1.
func (r *Ratio) Estimate(conf float64) Share {
	s := Share{Replications: len(r.counts), Deff: 1, Single: len(r.counts) == 1}
	for _, c := range r.counts {
		s.Met += c.met
		s.Breached += c.breached
	}
	met, n := float64(s.Met), float64(s.Met+s.Breached)
	s.Value = met / n // NaN for 0/0
	if s.Met > 0 && s.Breached > 0 && len(r.counts) > 1 {
		ss := 0.0
		for _, c := range r.counts {
			e := float64(c.met) - s.Value*float64(c.met+c.breached)
			ss += e * e
		}
		reps := float64(len(r.counts))
		s.Deff = math.Max(1, reps/(reps-1)*ss/n/(s.Value*(1-s.Value)))
	}
	s.Lo, s.Hi = Wilson(met/s.Deff, n/s.Deff, conf)
	return s
}

// PairedRatio is the difference b − a of two shares of clocks met over the same replications, with the interval of the
// delta method: each replication counts by what it adds to its share,
//
//	zᵢ = (metᵢ − p·nᵢ) / n̄,
//
// and the zᵢ of b less those of a, whose mean is 0, spread the difference as in Paired. NaN if a share has no clocks. It
// panics if the replications differ in number.
func PairedRatio(a, b *Ratio, conf float64) Difference {
	if len(a.counts) != len(b.counts) {
		panic("stats: PairedRatio of different numbers of replications")
	}
	za, pa := a.linear()
	zb, pb := b.linear()
	d := Paired(za, zb, conf)
	half := (d.Hi - d.Lo) / 2
	d.Value = pb - pa
	d.Lo, d.Hi = d.Value-half, d.Value+half
	d.Noise = !(d.Lo > 0 || d.Hi < 0)
	return d
}

// linear is what each replication adds to the share, and the share.
func (r *Ratio) linear() ([]float64, float64) {
	var met, n int64
	for _, c := range r.counts {
		met += c.met
		n += c.met + c.breached
	}
	p, mean := float64(met)/float64(n), float64(n)/float64(len(r.counts))
	z := make([]float64, len(r.counts))
	for i, c := range r.counts {
		z[i] = (float64(c.met) - p*float64(c.met+c.breached)) / mean
	}
	return z, p
}
