package calendar

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestParseHours(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"08:00-18:00", "08:00-18:00"},
		{"08:00-12:00,13:30-17:30", "08:00-12:00,13:30-17:30"},
		{" 08:00 - 12:00 , 13:30-17:30 ", "08:00-12:00,13:30-17:30"},
		{"00:00-24:00", "00:00-24:00"},
		{"08:00-12:00,12:00-18:00", "08:00-18:00"}, // touching
		{"", "error: hours_span ["},
		{"08:00", "error: hours_span ["},
		{"8:00-18:00", "error: hours_time [8:00]"},
		{"08:00-24:01", "error: hours_time ["},
		{"08:60-18:00", "error: hours_time ["},
		{"25:00-26:00", "error: hours_time ["},
		{"08:00-0８:0", "error: hours_time ["},
		{"08:00-08:00", "error: hours_backwards [08:00-08:00]"},
		{"22:00-06:00", "error: hours_backwards [22:00-06:00]"},
		{"08:00-12:00,11:00-13:00", "error: hours_overlap [11:00-13:00 08:00-12:00]"},
		{"13:00-14:00,08:00-12:00", "error: hours_overlap [08:00-12:00 13:00-14:00]"},
		{"08:00-12:00,", "error: hours_span ["},
	} {
		spans, err := ParseHours(c.in)
		got := hoursText(spans)
		if err != nil {
			got = "error: " + err.Error()
		}
		if !matches(got, c.want) {
			t.Errorf("%q: %s, want %s", c.in, got, c.want)
		}
	}
}

func hoursText(spans []Span) string {
	var out []string
	for _, s := range spans {
		out = append(out, s.String())
	}
	return strings.Join(out, ",")
}

// matches compares a result, or an error with a part of its text.
func matches(got, want string) bool {
	part, isError := strings.CutPrefix(want, "error: ")
	return got == want || isError && strings.HasPrefix(got, "error: ") && strings.Contains(got, part)
}

func TestParseWeekdays(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"mon", "[Monday]"},
		{"mon-wed", "[Monday Tuesday Wednesday]"},
		{"sat-mon", "[Saturday Sunday Monday]"},
		{"mon-sun", "[Monday Tuesday Wednesday Thursday Friday Saturday Sunday]"},
		{"sat, tue", "[Saturday Tuesday]"},
		{"mon-wed,tue", "error: hours_day_twice [tue"},
		{"Monday", "error: hours_day ["},
		{"", "error: hours_day ["},
		{"mon-", "error: hours_day ["},
	} {
		days, err := ParseWeekdays(c.in)
		got := fmt.Sprint(days)
		if err != nil {
			got = "error: " + err.Error()
		}
		if !matches(got, c.want) {
			t.Errorf("%q: %s, want %s", c.in, got, c.want)
		}
	}
}

func TestParseWeekly(t *testing.T) {
	w, err := ParseWeekly(map[string]string{"mon-fri": "08:00-18:00", "sat": "09:00-12:00"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, spans := range w {
		got = append(got, hoursText(spans))
	}
	day := "08:00-18:00"
	if want := []string{"", day, day, day, day, day, "09:00-12:00"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	for _, c := range []struct {
		in   map[string]string
		want string
	}{
		{nil, "hours_none"},
		{map[string]string{"mon-fri": day, "fri": day}, "hours_day_twice [fri"},
		{map[string]string{"mon-fri": "8-18"}, "hours_of [mon-fri hours_time [8]"},
		{map[string]string{"weekend": day}, "hours_day [weekend"},
	} {
		if _, err := ParseWeekly(c.in); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %s", c.in, err, c.want)
		}
	}
}

// FuzzWeekly: what is accepted obeys the invariant of Weekly, and printing it reads back the same.
func FuzzWeekly(f *testing.F) {
	for _, s := range [][2]string{
		{"mon-fri", "08:00-18:00"}, {"mon,wed", "08:00-12:00,13:30-17:30"}, {"sat-mon", "00:00-24:00"},
		{"sun", "22:00-06:00"}, {"mon", "08:00-12:00,12:00-13:00"}, {"mon-mon", "24:00-24:00"}, {"", "-,-"},
	} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, days, hours string) {
		w, err := ParseWeekly(map[string]string{days: hours})
		if err != nil {
			return
		}
		open := 0
		for _, spans := range w {
			last := Span{Close: -1}
			for _, s := range spans {
				if s.Open <= last.Close || s.Close <= s.Open || s.Close > dayStart(1) {
					t.Fatalf("%q: %v", hours, spans)
				}
				last = s
			}
			if spans == nil {
				continue
			}
			open++
			again, err := ParseHours(hoursText(spans))
			if err != nil || !slices.Equal(again, spans) {
				t.Fatalf("%q printed %q, read %v (%v)", hours, hoursText(spans), again, err)
			}
		}
		if open == 0 {
			t.Fatalf("%q: accepted, but never open", days)
		}
	})
}
