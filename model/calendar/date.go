// Package calendar knows days, working days and opening hours. It is the only package that touches
// time.Location: everything else speaks model.Time, which a Days maps to civil days by a fixed offset.
package calendar

import (
	"fmt"
	"time"
)

// Date is a civil day: days since 1970-01-01 in the Gregorian calendar, so tomorrow is d+1.
type Date int32

const secondsPerDay = 24 * 60 * 60

// NewDate is the day of a year, month and day of month; an out-of-range day rolls over as in time.Date.
func NewDate(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// DateOf is the civil day of t in t's own location.
func DateOf(t time.Time) Date { return NewDate(t.Date()) }

// ParseDate reads a date written 2006-01-02.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a date of the form 2006-01-02", text)
	}
	return DateOf(t), nil
}

// YMD is the year, month and day of month.
func (d Date) YMD() (int, time.Month, int) {
	return time.Unix(int64(d)*secondsPerDay, 0).UTC().Date()
}

// Weekday is the day of the week; 1970-01-01 was a Thursday.
func (d Date) Weekday() time.Weekday { return time.Weekday(mod(int(d)+int(time.Thursday), 7)) }

func (d Date) String() string {
	y, m, day := d.YMD()
	return fmt.Sprintf("%04d-%02d-%02d", y, int(m), day)
}

// floorDiv is a/b rounded towards minus infinity, b > 0.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// mod is a mod b in [0, b), b > 0.
func mod(a, b int) int { return (a%b + b) % b }
