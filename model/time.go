package model

import (
	"math"
	"time"
)

// Time is a moment or a span: whole seconds since run.start (local midnight of the scenario's start
// date), held as a time.Duration. Every value a simulation schedules is a multiple of one second.
type Time = time.Duration

// Unset marks a milestone that has not happened.
const Unset Time = math.MinInt64

// Far is later than any horizon; used for "never scheduled".
const Far Time = math.MaxInt64

// Day is 24 clock hours. Calendar days are asked of the calendar; this is the unit of fixed-offset days.
const Day = 24 * time.Hour

// Year is the contract year used to annualise rates: 8760 h.
const Year = 365 * Day

// RoundSeconds rounds x seconds to the nearest whole second, halves up.
func RoundSeconds(x float64) Time {
	if x < 0 {
		return Time(math.Floor(x+0.5)) * time.Second
	}
	return Time(x+0.5) * time.Second
}

// Seconds is a sum of spans in whole seconds: person-years of many replications do not fit a Time.
type Seconds int64

// SecondsOf is t as a summand.
func SecondsOf(t Time) Seconds { return Seconds(t / time.Second) }

// Hours is s in hours.
func (s Seconds) Hours() float64 { return float64(s) / 3600 }

// Hours is t in hours, for statistics only.
func Hours(t Time) float64 { return float64(t/time.Second) / 3600 }
