package scenarios

import (
	"math"
	"slices"
	"strings"
	"time"

	"slasim/model"
	"slasim/scenarios/internal/tree"
)

// unit is a legal unit and what one of it is in the unit in which the quantity is held.
type unit struct {
	name string
	is   float64
}

const (
	maxMetres = 40_000_000            // the Earth's circumference
	maxSpan   = 100 * model.Year      // far from the end of a time.Duration (292 years)
	dayUnits  = "s, m, h, d, w, y"    // of spans on the clock
	allUnits  = dayUnits + ", wd, cd" // of durations
	shortMean = 20                    // seconds; below it rounding to whole seconds shows (DESIGN: check warns)
)

var (
	lengthUnits = []unit{{"km", 1000}, {"m", 1}}
	speedUnits  = []unit{{"km/h", 1}}
	rateUnits   = []unit{
		{"/s", 1}, {"/m", 1. / 60}, {"/h", 1. / 3600}, {"/d", 1. / 86400}, {"/w", 1. / (7 * 86400)}, {"/y", 1. / (365 * 86400)},
	}
	moneyUnits = []unit{{"", 1}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9}}
	clockUnits = []struct {
		name string
		is   model.Time
	}{
		{"s", time.Second}, {"m", time.Minute}, {"h", time.Hour}, {"d", model.Day}, {"w", 7 * model.Day}, {"y", model.Year},
	}
)

// splitNumber cuts a text after its leading number.
func splitNumber(text string) (number, rest string) {
	i := 0
	for i < len(text) && (text[i] >= '0' && text[i] <= '9' || strings.IndexByte("+-.", text[i]) >= 0 ||
		// an exponent, but not the e of a unit
		(text[i] == 'e' || text[i] == 'E') && i > 0 && i+1 < len(text) && strings.IndexByte("0123456789+-", text[i+1]) >= 0) {
		i++
	}
	return text[:i], strings.TrimSpace(text[i:])
}

func unitNames(units []unit) string {
	var names []string
	for _, u := range units {
		names = append(names, u.name)
	}
	return strings.Join(names, ", ")
}

// quantity reads a number with one of the units; it is not negative. Plain 0 needs no unit.
func (d *decoder) quantity(n *tree.Node, path, what string, units []unit) (float64, bool) {
	text, ok := d.scalar(n, path, WantValue)
	if !ok {
		return 0, false
	}
	number, rest := splitNumber(text)
	x, bad := parseNumber(number)
	switch at := slices.IndexFunc(units, func(u unit) bool { return u.name == strings.ReplaceAll(rest, " ", "") }); {
	case bad:
		d.fail(n, CodeBadNumber, path, text)
	case x < 0:
		d.fail(n, CodeNegative, path, text)
	case rest == "" && x == 0:
		return 0, true
	case rest == "":
		d.fail(n, CodeNoUnit, path, text, what, unitNames(units))
	case at < 0:
		d.fail(n, CodeBadUnit, path, text, rest, unitNames(units))
	default:
		return x * units[at].is, true
	}
	return 0, false
}

// money reads 7M CNY, 600 CNY, 12k; a number alone is refused, except 0.
func (d *decoder) money(n *tree.Node, m *Money, path string) {
	text, ok := d.scalar(n, path, WantValue)
	if !ok {
		return
	}
	number, rest := splitNumber(text)
	factor, label, _ := strings.Cut(rest, " ")
	if i := slices.IndexFunc(moneyUnits, func(u unit) bool { return u.name == factor }); i < 0 && label == "" {
		factor, label = "", factor
	}
	label = strings.TrimSpace(label)
	at := slices.IndexFunc(moneyUnits, func(u unit) bool { return u.name == factor })
	x, bad := parseNumber(number)
	switch {
	case bad:
		d.fail(n, CodeBadNumber, path, text)
	case x < 0:
		d.fail(n, CodeNegative, path, text)
	case rest == "" && x != 0:
		d.fail(n, CodeNoUnit, path, text, "money", "CNY, k CNY, M CNY")
	case at < 0 || strings.ContainsAny(label, "0123456789 "):
		d.fail(n, CodeBadUnit, path, text, rest, "CNY, k CNY, M CNY")
	default:
		*m = Money{Set: true, Amount: x * moneyUnits[at].is, Currency: label}
		if label != "" {
			d.currencies = append(d.currencies, currency{label, path, n.Pos})
		}
	}
}

// duration reads the forms of Duration.
func (d *decoder) duration(n *tree.Node, text string, out *Duration, path string) {
	if text == "none" {
		*out = Duration{Set: true, Unit: Without}
		return
	}
	number, rest := splitNumber(text)
	if rest == "wd" || rest == "cd" {
		x, bad := parseNumber(number)
		switch {
		case bad:
			d.fail(n, CodeBadDuration, path, text)
		case x < 0:
			d.fail(n, CodeNegative, path, text)
		case x != math.Trunc(x):
			d.fail(n, CodeBadWhole, path, text)
		case x > 36500:
			d.fail(n, CodeTooLong, path, text, "36500"+rest)
		default:
			*out = Duration{Set: true, Unit: Workdays, N: int32(x)}
			if rest == "cd" {
				out.Unit = CalendarDays
			}
		}
		return
	}
	span, days, ok := d.span(n, text, path)
	if !ok {
		return
	}
	if span != math.Trunc(span) {
		d.fail(n, CodeNotSeconds, path, text)
		return
	}
	*out = Duration{Set: true, Span: model.Time(span) * time.Second, Days: days}
}

// span reads 90s, 5h or 1h30m in seconds; plain 0 needs no unit. days: only whole days and weeks are named.
func (d *decoder) span(n *tree.Node, text, path string) (seconds float64, days, ok bool) {
	days = true
	rest := strings.TrimSpace(text)
	if rest == "" {
		d.fail(n, CodeBadDuration, path, text)
		return 0, false, false
	}
	for rest != "" {
		number, after := splitNumber(rest)
		x, bad := parseNumber(number)
		end := strings.IndexFunc(after, func(r rune) bool { return r >= '0' && r <= '9' || r == '-' || r == '+' || r == '.' })
		if end < 0 {
			end = len(after)
		}
		name := strings.TrimSpace(after[:end])
		at := -1
		for i, u := range clockUnits {
			if u.name == name {
				at = i
			}
		}
		switch {
		case bad:
			d.fail(n, CodeBadDuration, path, text)
			return 0, false, false
		case x < 0:
			d.fail(n, CodeNegative, path, text)
			return 0, false, false
		case name == "" && x == 0 && rest == strings.TrimSpace(text) && after == "":
			return 0, false, true
		case name == "" && after == "":
			d.fail(n, CodeNoUnit, path, text, "duration", allUnits)
			return 0, false, false
		case at < 0:
			d.fail(n, CodeBadUnit, path, text, name, allUnits)
			return 0, false, false
		}
		seconds += x * clockUnits[at].is.Seconds()
		days = days && (name == "d" || name == "w") && x == math.Trunc(x)
		if seconds > maxSpan.Seconds() {
			d.fail(n, CodeTooLong, path, text, "100y")
			return 0, false, false
		}
		rest = after[end:]
	}
	// Decimal fractions of hours and days are not exact in binary; a nanosecond is far below their resolution.
	if r := math.Round(seconds); math.Abs(seconds-r) < 1e-6 {
		seconds = r
	}
	return seconds, days, true
}
