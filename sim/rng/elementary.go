package rng

import "math"

// The exponential and logarithm of sampling. Those of package math are correct to the last bit and take about 30 ns from
// argument to result; a sample is rounded to whole seconds at once, so a relative error of 10⁻¹³ is as good and half as
// slow. Written in Go throughout, they are the same code on every processor. Method: table and short polynomial
// (P. T. P. Tang, "Table-driven implementation of the exponential function", ACM TOMS 15 (1989) 144–157, and "… of the
// logarithm function", 16 (1990) 378–400).

const (
	cellBits = 7
	cells    = 1 << cellBits

	// lnBase is the bit pattern of 0.6875: the significand is taken from [0.6875, 1.375), so that 1 lies inside a cell
	// and logarithms near 0 keep their relative precision.
	lnBase = 0x3fe6000000000000
)

// lnCell is a cell of significands around 1/inv.
type lnCell struct{ inv, ln float64 }

var (
	lnCells  [cells]lnCell
	exp2Cell [cells]float64 // 2^(i/cells)
)

func init() {
	for i := range lnCells {
		lo := math.Float64frombits(lnBase + uint64(i)<<(52-cellBits))
		hi := math.Float64frombits(lnBase + uint64(i+1)<<(52-cellBits))
		inv := 2 / (lo + hi)
		if lo <= 1 && 1 <= hi { // both cells that touch 1
			inv = 1
		}
		lnCells[i] = lnCell{inv, -math.Log(inv)}
		exp2Cell[i] = math.Exp2(float64(i) / cells)
	}
}

// ln is the natural logarithm of a normal x > 0, to 10⁻¹³ relative.
func ln(x float64) float64 {
	b := math.Float64bits(x)
	d := b - lnBase
	c := &lnCells[d>>(52-cellBits)%cells]
	r := math.Float64frombits(b-d&(0xfff<<52))*c.inv - 1 // |r| < 2⁻⁶
	r2 := r * r
	p := (0.5 - r*(1.0/3)) + r2*((0.25-r*(1.0/5))+r2*((1.0/6)-r*(1.0/7)))
	return float64(int64(d)>>52)*math.Ln2 + (c.ln + (r - r2*p))
}

// exp is eˣ, to 10⁻¹³ relative; 0 and +Inf beyond |x| = 708.
func exp(x float64) float64 {
	switch {
	case x > 708:
		return math.Inf(1)
	case x < -708:
		return 0
	}
	n := math.Floor(x*(cells/math.Ln2) + 0.5)
	r := x - n*(math.Ln2/cells) // |r| < 2⁻⁸
	k := int64(n)
	r2 := r * r
	p := r + r2*((0.5+r*(1.0/6))+r2*((1.0/24)+r*(1.0/120)))
	s := math.Float64frombits(math.Float64bits(exp2Cell[uint64(k)%cells]) + uint64(k>>cellBits)<<52)
	return s + s*p
}
