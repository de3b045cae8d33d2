package scenarios

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"slasim/scenarios/internal/tree"
)

// chanceOfEnd is the chance of each end of a range that is no number, as a three-point estimate weighs them: 1, 4, 1
// (D. G. Malcolm et al., "Application of a technique for research and development program evaluation", Operations
// Research 7, 1959).
const chanceOfEnd = 1. / 6

// drawn is the value of a range at the quantile u of its distribution: triangular from low to high with the mode at base,
// number by number where the three are built alike, and one of the three for words. A missing end is the base. Numbers
// that are whole at all three points and could not be broken (a count, a number of days) stay whole; spans stay whole
// seconds.
func drawn(r *tree.Range, u float64) *tree.Node {
	low, high := r.Low, r.High
	if low == nil {
		low = r.Base
	}
	if high == nil {
		high = r.Base
	}
	return between(low, r.Base, high, u)
}

func between(low, base, high *tree.Node, u float64) *tree.Node {
	if low.Kind == base.Kind && high.Kind == base.Kind && len(low.Children) == len(base.Children) && len(high.Children) == len(base.Children) {
		switch {
		case base.Kind == tree.Scalar:
			if text, ok := amount(low.Value, base.Value, high.Value, u); ok {
				n := base.Clone()
				n.Value = text
				return n
			}
		case base.Kind == tree.Sequence || base.Kind == tree.Mapping && slices.Equal(low.Keys, base.Keys) && slices.Equal(high.Keys, base.Keys):
			n := base.Clone()
			for i := range n.Children {
				n.Children[i] = between(low.Children[i], base.Children[i], high.Children[i], u)
			}
			return n
		}
	}
	switch {
	case u < chanceOfEnd:
		return low.Clone()
	case u >= 1-chanceOfEnd:
		return high.Clone()
	}
	return base.Clone()
}

// triangular is the quantile of the triangular distribution with these ends and mode. It goes from low to high also where
// low is the larger number, and bends at a base that is not between them.
func triangular(low, base, high, u float64) float64 {
	left, right := math.Abs(base-low), math.Abs(high-base)
	if left+right == 0 {
		return base
	}
	if at := left / (left + right); u < at {
		return low + (base-low)*math.Sqrt(u/at)
	}
	return high - (high-base)*math.Sqrt((1-u)*(left+right)/right)
}

// amount is the quantity at u between three texts of one kind; false if they are words, or no quantities of one kind.
func amount(low, base, high string, u float64) (string, bool) {
	if low == base && high == base {
		return base, true
	}
	texts := [3]string{low, base, high}
	var x [3]float64
	var unit [3]string
	whole := true
	for i, text := range texts {
		digits, rest := splitNumber(text)
		v, bad := parseNumber(digits)
		if bad || strings.ContainsRune(rest, ':') { // a time of day, a date
			return "", false
		}
		x[i], unit[i] = v, rest
		whole = whole && v == math.Trunc(v) && !strings.ContainsAny(digits, ".eE")
	}
	if unit[0] != unit[1] || unit[2] != unit[1] {
		return mixed(texts, u)
	}
	v := triangular(x[0], x[1], x[2], u)
	second := 0. // one of the unit in seconds, 0 if it is none of time
	for _, c := range clockUnits {
		if c.name == unit[1] {
			second = c.is.Seconds()
		}
	}
	switch {
	case whole && slices.Contains([]string{"", "wd", "cd", "d", "w"}, unit[1]):
		return strconv.FormatFloat(math.Round(v), 'f', -1, 64) + unit[1], true
	case second > 0: // to the second
		return strconv.FormatFloat(math.Round(v*second)/second, 'f', -1, 64) + unit[1], true
	}
	space := ""
	if strings.Contains(strings.TrimSpace(base), " "+unit[1]) {
		space = " "
	}
	return short(v) + space + unit[1], true
}

// mixed is amount for texts in several units of one kind: spans, lengths, rates or money.
func mixed(texts [3]string, u float64) (string, bool) {
	var x [3]float64
	read := func(one func(text string) (float64, bool)) bool {
		for i, text := range texts {
			v, ok := one(text)
			if !ok {
				return false
			}
			x[i] = v
		}
		return true
	}
	if read(func(text string) (float64, bool) {
		v, _, ok := new(decoder).span(&tree.Node{}, text, "")
		return v, ok
	}) {
		return strconv.FormatFloat(math.Round(triangular(x[0], x[1], x[2], u)), 'f', -1, 64) + "s", true
	}
	for _, units := range [][]unit{lengthUnits, rateUnits} {
		if read(func(text string) (float64, bool) {
			digits, rest := splitNumber(text)
			v, bad := parseNumber(digits)
			at := slices.IndexFunc(units, func(c unit) bool { return c.name == strings.ReplaceAll(rest, " ", "") })
			if bad || at < 0 && (rest != "" || v != 0) {
				return 0, false
			}
			return v * units[max(at, 0)].is, true
		}) {
			_, rest := splitNumber(texts[1])
			at := max(slices.IndexFunc(units, func(c unit) bool { return c.name == strings.ReplaceAll(rest, " ", "") }), 0)
			return short(triangular(x[0], x[1], x[2], u)/units[at].is) + units[at].name, true
		}
	}
	label := ""
	if read(func(text string) (float64, bool) {
		var m Money
		d := decoder{}
		d.money(&tree.Node{Kind: tree.Scalar, Value: text}, &m, "")
		if !m.Set && text != "0" || label != "" && m.Currency != "" && label != m.Currency {
			return 0, false
		}
		if m.Currency != "" {
			label = m.Currency
		}
		return m.Amount, true
	}) {
		return short(triangular(x[0], x[1], x[2], u)) + " " + label, true
	}
	return "", false
}

// short is a number to six digits.
func short(x float64) string {
	v, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 6, 64), 64)
	if err != nil {
		v = x
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
