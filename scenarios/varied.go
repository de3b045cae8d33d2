package scenarios

import (
	"cmp"
	"iter"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"slasim/model"
	"slasim/scenarios/internal/tree"
)

// Varied is what path=values says.
type Varied struct {
	Path    string
	Values  []string  // in the order written, each once
	Numbers []float64 // of the values; nil unless all are numbers of one unit
	Unit    string    // of the numbers, "" none

	cols []int // of the argument, from 1, at which the values stand
}

// maxVaried is the most values of one range: a typing error should not fill the memory.
const maxVaried = 100_000

var (
	numberForm = `([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)`
	unitForm   = `(\s*/?[\pL%][\pL ]*(?:/\pL+)?)?`
	quantity   = regexp.MustCompile(`^` + numberForm + unitForm + `$`)
	rangeForm  = regexp.MustCompile(`^` + numberForm + unitForm + `\s*\.\.\s*` + numberForm + unitForm + `(?:\s*/\s*` + numberForm + unitForm + `)?$`)
)

// ReadVaried reads path=values: a list apart by commas, of which a range from..to or from..to/step, ends included, stands for
// its values; without a step it is 1. A unit at the end goes for all numbers without one. What it says of a fault stands at
// pos and behind. The result is nil if there is no path.
func ReadVaried(text string, pos model.Pos) (*Varied, model.Diagnostics) {
	var found model.Diagnostics
	fail := func(col int, code string, args ...any) {
		at := pos
		at.Col += col - 1
		found = append(found, model.Diagnostic{Pos: at, Msg: model.Msg{Code: code, Args: args}})
	}
	path, values, ok := strings.Cut(text, "=")
	keys, legal := tree.SplitPath(strings.TrimSpace(path))
	if !ok || !legal || len(keys) == 0 {
		fail(1, CodeVaryForm, text)
		return nil, found
	}
	if len(keys) == 2 && keys[0] == "run" && (keys[1] == "seed" || keys[1] == "replications") {
		fail(1, CodeVaryCommon, strings.TrimSpace(path))
		return nil, found
	}
	v := &Varied{Path: strings.TrimSpace(path)}
	items, cols := listItems(values, len([]rune(path))+2)
	unit := unitOf(items[len(items)-1])
	put := func(value string, col int) {
		if slices.Contains(v.Values, value) {
			fail(col, CodeVaryTwice, v.Path, value)
			return
		}
		v.Values, v.cols = append(v.Values, value), append(v.cols, col)
	}
	for i, item := range items {
		if item == "" {
			fail(cols[i], CodeVaryEmpty, v.Path)
			continue
		}
		if r := rangeForm.FindStringSubmatch(item); r != nil {
			list, code, args := spread(r, unit)
			if code != "" {
				fail(cols[i], code, args...)
			}
			for _, value := range list {
				put(value, cols[i])
			}
			continue
		}
		if m := quantity.FindStringSubmatch(item); m != nil && (m[2] == "" || strings.HasPrefix(unit, m[2]+" ")) { // 1k,2k CNY
			item = m[1] + unit
		}
		put(item, cols[i])
	}
	v.measure()
	return v, found
}

// Bare yields the characters of a text that stand in no quotes and no brackets, with their places.
func Bare(text []rune) iter.Seq2[int, rune] {
	return func(yield func(int, rune) bool) {
		var quote rune
		depth := 0
		for i, r := range text {
			switch {
			case quote != 0:
				if r == quote {
					quote = 0
				}
			case r == '"' || r == '\'':
				quote = r
			case r == '[' || r == '{':
				depth++
			case r == ']' || r == '}':
				depth--
			case depth == 0:
				if !yield(i, r) {
					return
				}
			}
		}
	}
}

// listItems cuts a list at its commas, outside quotes and brackets, and says at which column each item begins.
func listItems(text string, col int) (items []string, cols []int) {
	runes := []rune(text)
	from := 0
	cut := func(to int) {
		part := string(runes[from:to])
		blanks := len([]rune(part)) - len([]rune(strings.TrimLeft(part, " \t")))
		items, cols = append(items, strings.TrimSpace(part)), append(cols, col+from+blanks)
		from = to + 1
	}
	for i, r := range Bare(runes) {
		if r == ',' {
			cut(i)
		}
	}
	cut(len(runes))
	return items, cols
}

// unitOf is the unit of a number or a range, with the blank before it.
func unitOf(item string) string {
	if m := quantity.FindStringSubmatch(item); m != nil {
		return m[2]
	}
	if m := rangeForm.FindStringSubmatch(item); m != nil {
		return cmp.Or(m[4], m[2], m[6])
	}
	return ""
}

// spread is the values of a range: m holds from, its unit, to, its unit, step, its unit; unit is that of the list. Without a
// step it is 1.
func spread(m []string, unit string) (list []string, code string, args []any) {
	unit = cmp.Or(unitOf(m[0]), unit)
	for _, u := range []string{m[2], m[4], m[6]} {
		if u != "" && strings.TrimSpace(u) != strings.TrimSpace(unit) {
			return nil, CodeVaryUnits, []any{m[0]}
		}
	}
	digits := max(decimals(m[1]), decimals(m[3]))
	step := "1"
	if m[5] != "" {
		step = m[5]
	} else if digits > 0 || strings.ContainsAny(m[1]+m[3], "eE") {
		return nil, CodeVaryNoStep, []any{m[0]}
	}
	digits = max(digits, decimals(step))
	from, err1 := strconv.ParseFloat(m[1], 64)
	to, err2 := strconv.ParseFloat(m[3], 64)
	by, err3 := strconv.ParseFloat(step, 64)
	switch {
	case err1 != nil || err2 != nil || err3 != nil || by <= 0 || math.IsInf(from, 0) || math.IsInf(to, 0):
		return nil, CodeVaryStep, []any{m[0]}
	case to < from:
		return nil, CodeVaryRange, []any{m[0]}
	case (to-from)/by > maxVaried:
		return nil, CodeVaryLong, []any{m[0], maxVaried}
	}
	for i := 0; ; i++ {
		x := from + float64(i)*by
		if x > to+1e-9*by {
			return list, "", nil
		}
		text := strconv.FormatFloat(x, 'f', digits, 64)
		if digits > 0 {
			text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
		}
		if text == "-0" {
			text = "0"
		}
		list = append(list, text+unit)
	}
}

// decimals is how many digits a number has behind its point.
func decimals(number string) int {
	if strings.ContainsAny(number, "eE") {
		return 12
	}
	_, after, _ := strings.Cut(number, ".")
	return len(after)
}

// measure gives the variable its numbers and their unit, if all values have one.
func (v *Varied) measure() {
	var numbers []float64
	unit := ""
	for i, value := range v.Values {
		m := quantity.FindStringSubmatch(value)
		if m == nil || i > 0 && strings.TrimSpace(m[2]) != unit {
			return
		}
		x, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			return
		}
		unit, numbers = strings.TrimSpace(m[2]), append(numbers, x)
	}
	v.Numbers, v.Unit = numbers, unit
}

// Argument is the change that gives the variable its k-th value; diagnostics of the value point at its place in the number-th
// argument of flag.
func (v *Varied) Argument(flag string, number, k int) Argument {
	col := 1
	if k < len(v.cols) {
		col = max(1, v.cols[k]-len([]rune(v.Path))-1)
	}
	return Argument{Flag: flag, Number: number, Col: col, Text: v.Path + "=" + v.Values[k]}
}
