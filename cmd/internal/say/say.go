// Package say holds every message of the program in English and Chinese and gives numbers, spans, shares and money
// the form of the language.
//
// A template names its arguments by position and form:
//
//	%[1]s            any argument in its natural form: texts and messages in the language, spans, lists, numbers
//	%[1]d            a span, given as a time.Duration or as a number of nanoseconds (as JSON holds it)
//	%[1]h            a span, given in hours
//	%[1]p            a share in [0, 1], as a percentage
//	%[1]m            money
//	%[1]w            a word of the catalogue: the text of "word." and the argument, if there is one
//	%[1]{one|more}   a word by number: the first if argument 1 is exactly one, else the second
//	%[1]<text>       the text, which may hold verbs itself, only if argument 1 is neither empty nor zero
//	%%               a percent sign
package say

import (
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/mattn/go-runewidth"

	"slasim/model"
)

// phrase is one message in both languages.
type phrase struct{ en, zh string }

// Voice speaks one language.
type Voice struct{ Lang model.Lang }

// New speaks lang.
func New(lang model.Lang) Voice { return Voice{lang} }

// ParseLang chooses the language: the flag if given ("en" or "zh"), else the first of LC_ALL, LC_MESSAGES and LANG
// that is set; names that begin with zh mean Chinese, all others English.
func ParseLang(flag string, getenv func(string) string) (lang model.Lang, ok bool) {
	switch flag {
	case "en":
		return model.En, true
	case "zh":
		return model.Zh, true
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if s := getenv(name); s != "" {
			if strings.HasPrefix(strings.ToLower(s), "zh") {
				lang = model.Zh
			}
			break
		}
	}
	return lang, flag == ""
}

// Has reports whether the catalogue knows code.
func Has(code string) bool { _, ok := catalogue[code]; return ok }

// Codes lists the catalogue's codes in order.
func Codes() []string {
	list := make([]string, 0, len(catalogue))
	for code := range catalogue {
		list = append(list, code)
	}
	sort.Strings(list)
	return list
}

// T is the text of code with its arguments. A code without a text is shown as it is, with its arguments.
func (v Voice) T(code string, args ...any) string {
	p, ok := catalogue[code]
	if !ok {
		parts := []string{code}
		for _, a := range args {
			parts = append(parts, v.Any(a))
		}
		return strings.Join(parts, " ")
	}
	t := p.en
	if v.Lang == model.Zh {
		t = p.zh
	}
	return v.expand(t, args)
}

// Msg is the text of a message.
func (v Voice) Msg(m model.Msg) string { return v.T(m.Code, m.Args...) }

// expand fills a template.
func (v Voice) expand(t string, args []any) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(t, '%')
		if i < 0 {
			b.WriteString(t)
			return b.String()
		}
		b.WriteString(t[:i])
		verb, rest := nextVerb(t[i:])
		t = rest
		switch {
		case verb.form == '%':
			b.WriteByte('%')
		case verb.arg < 1 || verb.arg > len(args):
			fmt.Fprintf(&b, "(argument %d is missing)", verb.arg)
		case verb.form == '<':
			if a := args[verb.arg-1]; a != nil && a != "" && a != 0 {
				b.WriteString(v.expand(verb.one, args))
			}
		default:
			b.WriteString(v.form(verb, args[verb.arg-1]))
		}
	}
}

// verb is one place of a template.
type verb struct {
	arg       int  // 1-based
	form      byte // s, d, h, p, m, w, {, < or %
	one, more string
}

// nextVerb reads the verb at the start of t, which begins with a percent sign. A malformed verb is a percent sign.
func nextVerb(t string) (verb, string) {
	if !strings.HasPrefix(t, "%[") {
		return verb{form: '%'}, strings.TrimPrefix(t[1:], "%")
	}
	end := strings.IndexByte(t, ']')
	if end < 0 || end+1 >= len(t) {
		return verb{form: '%'}, t[1:]
	}
	n, err := strconv.Atoi(t[2:end])
	if err != nil {
		return verb{form: '%'}, t[1:]
	}
	x := verb{arg: n, form: t[end+1]}
	rest := t[end+2:]
	if x.form == '<' {
		inner, after, ok := strings.Cut(rest, ">")
		if !ok {
			return verb{form: '%'}, t[1:]
		}
		x.one, rest = inner, after
	}
	if x.form == '{' {
		words, after, ok := strings.Cut(rest, "}")
		if !ok {
			return verb{form: '%'}, t[1:]
		}
		x.one, x.more, _ = strings.Cut(words, "|")
		rest = after
	}
	return x, rest
}

// form gives one argument the form its verb asks for.
func (v Voice) form(x verb, a any) string {
	n, isNumber := number(a)
	switch {
	case x.form == '{' && isNumber && n == 1:
		return x.one
	case x.form == '{':
		return x.more
	case x.form == 'w' && Has("word."+fmt.Sprint(a)):
		return v.T("word." + fmt.Sprint(a))
	case x.form == 'd' && isNumber:
		return v.Span(time.Duration(n))
	case x.form == 'h' && isNumber:
		return v.Hours(n)
	case x.form == 'p' && isNumber:
		return v.Percent(n)
	case x.form == 'm' && isNumber:
		return v.Amount(n)
	}
	return v.Any(a)
}

// number is the numeric value of a.
func number(a any) (float64, bool) {
	switch x := a.(type) {
	case time.Duration:
		return float64(x), true
	case int:
		return float64(x), true
	case int8:
		return float64(x), true
	case int16:
		return float64(x), true
	case int32:
		return float64(x), true
	case int64:
		return float64(x), true
	case uint8:
		return float64(x), true
	case uint16:
		return float64(x), true
	case uint32:
		return float64(x), true
	case uint64:
		return float64(x), true
	case float32:
		return float64(x), true
	case float64:
		return x, true
	}
	return 0, false
}

// Any is the natural form of a value: texts and messages in the language, spans, lists, floats with three digits.
func (v Voice) Any(a any) string {
	switch x := a.(type) {
	case string:
		return x
	case model.Text:
		return x.In(v.Lang)
	case model.Msg:
		return v.Msg(x)
	case *model.Msg:
		return v.Msg(*x)
	case time.Duration:
		return v.Span(x)
	case time.Time:
		return v.Moment(x)
	case float64:
		return v.Number(x)
	case []string:
		return v.List(x)
	case []any:
		parts := make([]string, len(x))
		for i := range x {
			parts[i] = v.Any(x[i])
		}
		return v.List(parts)
	case map[string]any: // a text or a message that has been through JSON
		if code, ok := x["Code"].(string); ok {
			args, _ := x["Args"].([]any)
			return v.T(code, args...)
		}
		en, _ := x["en"].(string)
		zh, _ := x["zh"].(string)
		return model.Text{En: en, Zh: zh}.In(v.Lang)
	case model.Diagnostics:
		parts := make([]string, len(x))
		for i := range x {
			parts[i] = v.Msg(x[i].Msg)
		}
		return strings.Join(parts, "; ")
	case error:
		return x.Error()
	}
	return fmt.Sprint(a)
}

// List joins words: "a, b, c".
func (v Voice) List(words []string) string {
	if v.Lang == model.Zh {
		return strings.Join(words, "、")
	}
	return strings.Join(words, ", ")
}

// Span is a duration in its two largest units: "45 s", "2 h 10 min", "5 d 3 h", "2小时10分". Hours are used up to 100 h, as
// service contracts do.
func (v Voice) Span(d time.Duration) string {
	if d == model.Unset || d == model.Far {
		return "–"
	}
	sign := ""
	if d < 0 {
		sign, d = "−", -d
	}
	type unit struct {
		size   time.Duration
		en, zh string
	}
	units := []unit{{24 * time.Hour, "d", "天"}, {time.Hour, "h", "小时"}, {time.Minute, "min", "分"}, {time.Second, "s", "秒"}}
	first := 0
	for first < len(units)-1 && (d < units[first].size || first == 0 && d < 100*time.Hour) {
		first++
	}
	last := min(first+1, len(units)-1)
	d = d.Round(units[last].size)
	var parts []string
	for i := first; i <= last; i++ {
		n := d / units[i].size
		d -= n * units[i].size
		if n == 0 && !(i == last && len(parts) == 0) {
			continue
		}
		if v.Lang == model.Zh {
			parts = append(parts, fmt.Sprintf("%d%s", n, units[i].zh))
		} else {
			parts = append(parts, fmt.Sprintf("%d %s", n, units[i].en))
		}
	}
	if v.Lang == model.Zh {
		return sign + strings.Join(parts, "")
	}
	return sign + strings.Join(parts, " ")
}

// Hours is a span given in hours, rounded to the minute from ten minutes on.
func (v Voice) Hours(h float64) string {
	if math.IsNaN(h) || math.IsInf(h, 0) {
		return "–"
	}
	d := time.Duration(math.Round(h*3600)) * time.Second
	if d >= 10*time.Minute || d <= -10*time.Minute {
		d = d.Round(time.Minute)
	}
	return v.Span(d)
}

// Brief is Hours for a narrow column: "2 h 10", "2小时10分".
func (v Voice) Brief(h float64) string {
	s := v.Hours(h)
	if strings.Count(s, " ") == 3 {
		return s[:strings.LastIndexByte(s, ' ')]
	}
	return s
}

// Percent is a share as a percentage. A share below one is never shown as 100 %, one above zero never as 0 %.
func (v Voice) Percent(share float64) string {
	if math.IsNaN(share) || math.IsInf(share, 0) {
		return "–"
	}
	x := share * 100
	s := strconv.FormatFloat(x, 'f', 0, 64)
	for digits := 1; digits <= 4 && (s == "100" || strings.TrimLeft(s, "-0.") == "") && x != 100 && x != 0; digits++ {
		s = strconv.FormatFloat(x, 'f', digits, 64)
		if strings.HasPrefix(s, "100.") {
			s = "100"
		}
	}
	if s == "100" && x < 100 {
		s = "99.9999"
	}
	s = strings.Replace(s, "-", "−", 1)
	if v.Lang == model.Zh {
		return s + "%"
	}
	return s + " %"
}

// Points is half an interval in percentage points: "0.7".
func (v Voice) Points(share float64) string { return strconv.FormatFloat(share*100, 'f', 1, 64) }

// Number has three significant digits, and thousands apart from 10,000 on.
func (v Voice) Number(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	a := math.Abs(x)
	var s string
	switch {
	case a == math.Trunc(a) && a < 1e4, a >= 99.95:
		s = strconv.FormatFloat(a, 'f', 0, 64)
	case a >= 9.995:
		s = strconv.FormatFloat(a, 'f', 1, 64)
	case a >= 0.095:
		s = strings.TrimRight(strings.TrimRight(strconv.FormatFloat(a, 'f', 2, 64), "0"), ".")
	default:
		s = strconv.FormatFloat(a, 'g', 2, 64)
	}
	if a >= 1e4 && !strings.ContainsAny(s, ".e") {
		for i := len(s) - 3; i > 0; i -= 3 {
			s = s[:i] + "," + s[i:]
		}
	}
	if x < 0 {
		s = "−" + s
	}
	return s
}

// Amount is money without its currency: "5.98 M", "598 万".
func (v Voice) Amount(x float64) string {
	a := math.Abs(x)
	sign := ""
	if x < 0 {
		sign = "−"
	}
	scaled := func(by float64, unit string) string {
		y := a / by
		digits := 2
		if y >= 100 {
			digits = 0
		} else if y >= 10 {
			digits = 1
		}
		return sign + strconv.FormatFloat(y, 'f', digits, 64) + " " + unit
	}
	switch {
	case v.Lang == model.Zh && a >= 1e8:
		return scaled(1e8, "亿")
	case v.Lang == model.Zh && a >= 1e4:
		return scaled(1e4, "万")
	case v.Lang == model.En && a >= 1e6:
		return scaled(1e6, "M")
	case v.Lang == model.En && a >= 1e4:
		return scaled(1e3, "k")
	}
	return v.Number(math.Round(x))
}

// Difference is a change with its sign and, unless it is exact, half its interval, as many digits of both as the interval
// has sense for: "−14.40 ±0.58", "+3".
func (v Voice) Difference(x, half float64) string { return v.difference(x, half, 1, "") }

// AmountDifference is Difference for money, both in one unit: "−47.9 ±1.1 k", "−4.79 ±0.11 万".
func (v Voice) AmountDifference(x, half float64) string {
	size := math.Abs(x)
	if !math.IsInf(half, 0) {
		size = max(size, half)
	}
	switch {
	case size < 1e4:
		return v.difference(x, half, 1, "")
	case v.Lang == model.Zh && size >= 1e8:
		return v.difference(x, half, 1e8, " 亿")
	case v.Lang == model.Zh:
		return v.difference(x, half, 1e4, " 万")
	case size >= 1e6:
		return v.difference(x, half, 1e6, " M")
	}
	return v.difference(x, half, 1e3, " k")
}

// difference writes a change and half its interval, both divided by unit; an infinite interval is left out.
func (v Voice) difference(x, half, unit float64, name string) string {
	x, half = x/unit, half/unit
	exact := half < 1e-9*math.Abs(x) || math.IsInf(half, 0) || math.IsNaN(half)
	digits := 0
	switch {
	case !exact && half > 0:
		digits = 1 - int(math.Floor(math.Log10(half)))
	case x != 0:
		digits = 2 - int(math.Floor(math.Log10(math.Abs(x))))
	}
	digits = min(max(digits, 0), 3)
	number := func(x float64) string {
		s := strconv.FormatFloat(math.Abs(x), 'f', digits, 64)
		if exact && digits > 0 {
			s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
		}
		return s
	}
	s := number(x)
	switch {
	case strings.Trim(s, "0.") == "":
	case x > 0:
		s = "+" + s
	default:
		s = "−" + s
	}
	if h := number(half); !exact && strings.Trim(h, "0.") != "" {
		s += " ±" + h
	}
	return s + name
}

// Money is an amount with its currency: "CNY 5.98 M", "598 万元".
func (v Voice) Money(x float64, currency string) string {
	switch {
	case v.Lang == model.Zh && currency == "CNY":
		s := v.Amount(x)
		if strings.HasSuffix(s, "万") || strings.HasSuffix(s, "亿") {
			return s + "元"
		}
		return s + " 元"
	case v.Lang == model.Zh:
		return strings.TrimSpace(v.Amount(x) + " " + currency)
	}
	return strings.TrimSpace(currency + " " + v.Amount(x))
}

// Moment is a date and time of day.
func (v Voice) Moment(t time.Time) string {
	weekdays := [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}
	if v.Lang == model.Zh {
		weekdays = [7]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}
	}
	return weekdays[t.Weekday()] + " " + t.Format("2006-01-02 15:04:05")
}

// Join strings clauses of a sentence together.
func (v Voice) Join(parts []string) string {
	if v.Lang == model.Zh {
		return strings.Join(parts, "，")
	}
	return strings.Join(parts, ", ")
}

// Cells is the width of s on a terminal: a hanzi takes two cells, characters of ambiguous width one.
func Cells(s string) int { return width.StringWidth(s) }

// Cut shortens s to at most n cells.
func Cut(s string, n int) string {
	if Cells(s) <= n {
		return s
	}
	return strings.TrimRight(width.Truncate(s, n, "…"), " ")
}

var width = runewidth.Condition{EastAsianWidth: false}

// Fold breaks text into lines of at most n cells: at blanks, or between hanzi.
func Fold(text string, n int) []string {
	var lines []string
	var now []rune
	used, blank := 0, -1
	runes := []rune(text)
	for i, r := range runes {
		w := Cells(string(r))
		if used+w > n && len(now) > 0 {
			at := len(now)
			if w == 1 && blank > n/3 {
				at = blank
			}
			lines = append(lines, strings.TrimRight(string(now[:at]), " "))
			now = []rune(strings.TrimLeft(string(now[at:]), " "))
			used, blank = Cells(string(now)), -1
		}
		if r == ' ' && (i+1 == len(runes) || runes[i+1] != '%') { // a number keeps its percent sign
			blank = len(now)
		}
		now = append(now, r)
		used += w
	}
	return append(lines, string(now))
}
