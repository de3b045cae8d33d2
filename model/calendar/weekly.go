package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"slasim/model"
)

// Span is opening hours within one day: [Open, Close) as times of day, 0 ≤ Open < Close ≤ 24:00.
type Span struct {
	Open, Close model.Time
}

func (s Span) String() string { return clockText(s.Open) + "-" + clockText(s.Close) }

func clockText(t model.Time) string {
	return fmt.Sprintf("%02d:%02d", int(t/time.Hour), int(t%time.Hour/time.Minute))
}

// Weekly is the opening hours of each day of the week, indexed by time.Weekday, in order and apart from
// each other. A day without spans is closed.
type Weekly [7][]Span

// AllWeek is open around the clock.
func AllWeek() Weekly {
	var w Weekly
	for i := range w {
		w[i] = []Span{{0, model.Day}}
	}
	return w
}

// Codes of what can be wrong with hours as they are written, with their arguments. The errors of this file are of type
// model.Msg.
const (
	CodeDayTwice  = "hours_day_twice" // day, what is written
	CodeDay       = "hours_day"       // what stands for a day of the week
	CodeSpan      = "hours_span"      // what stands for a span
	CodeBackwards = "hours_backwards" // span
	CodeOverlap   = "hours_overlap"   // span, span before it
	CodeTime      = "hours_time"      // what stands for a time of day
	CodeOf        = "hours_of"        // days, what is wrong with their hours (error)
	CodeNone      = "hours_none"      //
)

func wrong(code string, args ...any) error { return model.Msg{Code: code, Args: args} }

var weekdayNames = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// ParseWeekdays reads "mon", "mon-fri", "fri-mon" (across the week's end) or a list of these with commas.
// Days come in the order written; none may be named twice.
func ParseWeekdays(text string) ([]time.Weekday, error) {
	var out []time.Weekday
	for part := range strings.SplitSeq(text, ",") {
		from, to, isRange := strings.Cut(strings.TrimSpace(part), "-")
		a, err := parseWeekday(from)
		if err != nil {
			return nil, err
		}
		b := a
		if isRange {
			if b, err = parseWeekday(to); err != nil {
				return nil, err
			}
		}
		for d := a; ; d = (d + 1) % 7 {
			if slices.Contains(out, d) {
				return nil, wrong(CodeDayTwice, weekdayNames[d], text)
			}
			out = append(out, d)
			if d == b {
				break
			}
		}
	}
	return out, nil
}

func parseWeekday(text string) (time.Weekday, error) {
	if i := slices.Index(weekdayNames[:], strings.TrimSpace(text)); i >= 0 {
		return time.Weekday(i), nil
	}
	return 0, wrong(CodeDay, cmp.Or(text, `""`))
}

// ParseHours reads opening hours such as "08:00-18:00", "08:00-12:00,13:30-17:30" or "00:00-24:00".
// Spans must be in order and may touch, but not overlap; touching ones are joined.
func ParseHours(text string) ([]Span, error) {
	var out []Span
	for part := range strings.SplitSeq(text, ",") {
		from, to, ok := strings.Cut(strings.TrimSpace(part), "-")
		if !ok {
			return nil, wrong(CodeSpan, cmp.Or(part, `""`))
		}
		open, err := parseClock(from)
		if err != nil {
			return nil, err
		}
		closing, err := parseClock(to)
		if err != nil {
			return nil, err
		}
		s := Span{open, closing}
		if s.Open >= s.Close {
			return nil, wrong(CodeBackwards, s.String())
		}
		if n := len(out); n > 0 {
			last := &out[n-1]
			if s.Open < last.Close {
				return nil, wrong(CodeOverlap, s.String(), last.String())
			}
			if s.Open == last.Close {
				last.Close = s.Close
				continue
			}
		}
		out = append(out, s)
	}
	return out, nil
}

// parseClock reads HH:MM from 00:00 to 24:00.
func parseClock(text string) (model.Time, error) {
	t := strings.TrimSpace(text)
	digits := len(t) == 5 && t[2] == ':'
	for _, i := range []int{0, 1, 3, 4} {
		digits = digits && t[i] >= '0' && t[i] <= '9'
	}
	if digits {
		h, m := int(t[0]-'0')*10+int(t[1]-'0'), int(t[3]-'0')*10+int(t[4]-'0')
		if m < 60 && (h < 24 || h == 24 && m == 0) {
			return model.Time(h)*time.Hour + model.Time(m)*time.Minute, nil
		}
	}
	return 0, wrong(CodeTime, cmp.Or(text, `""`))
}

// ParseWeekly reads opening hours per days of the week, {"mon-fri": "08:00-18:00", "sat": "09:00-12:00"}.
// Days not named are closed; naming a day twice, or none, is an error.
func ParseWeekly(text map[string]string) (Weekly, error) {
	var w Weekly
	keys := make([]string, 0, len(text))
	for k := range text {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, key := range keys {
		days, err := ParseWeekdays(key)
		if err != nil {
			return Weekly{}, err
		}
		hours, err := ParseHours(text[key])
		if err != nil {
			return Weekly{}, wrong(CodeOf, key, err)
		}
		for _, d := range days {
			if w[d] != nil {
				return Weekly{}, wrong(CodeDayTwice, weekdayNames[d], strings.Join(keys, "; "))
			}
			w[d] = hours
		}
	}
	if len(keys) == 0 {
		return Weekly{}, wrong(CodeNone)
	}
	return w, nil
}
