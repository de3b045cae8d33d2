// Package scenarios reads, checks, compiles and prints scenario files. See File for the format.
package scenarios

import "slasim/model"

// Text is a phrase: a plain string (both languages) or {en: …, zh: …}.
type Text model.Text

// Duration is a span with units: 90s, 45m, 5h, 1h30m, 2d (24 h each), 3w, 1y (365 days); or 3wd (working
// days), 5cd (calendar days), or none (an explicit absence of a limit). A bare number is refused.
type Duration struct {
	Set  bool
	Unit DurationUnit
	Span model.Time // Clock
	Days bool       // Clock: written in whole days or weeks only, which other readings may count otherwise
	N    int32      // Workdays, CalendarDays
}

// DurationUnit says what a Duration counts.
type DurationUnit uint8

// Units.
const (
	Clock DurationUnit = iota
	Workdays
	CalendarDays
	Without // none
)

// Count is a whole number ≥ 0.
type Count struct {
	Set bool
	N   int64
}

// Number is a finite number; Prob a number in [0, 1], also written 62%.
type (
	Number float64
	Prob   float64
)

// Length is a distance with a unit (km, m); held in whole metres.
type Length struct {
	Set    bool
	Metres int64
}

// Speed is km/h.
type Speed struct {
	Set bool
	Kmh float64
}

// Rate is events per time: 0.22/y, 3/d, 0.05/h; held per second.
type Rate struct {
	Set       bool
	PerSecond float64
}

// Money is an amount with an optional currency label: 7M CNY, 600 CNY, 12k. Held as a plain number.
type Money struct {
	Set      bool
	Amount   float64
	Currency string
}

// Dist is a distribution: a plain value (constant), or {dist: exponential, mean: 3m}, {dist: lognormal, mean: 1h,
// cv: 1}, {dist: lognormal, median: 40m, p95: 3h}, {dist: weibull, mean: 2y, shape: 2}, {dist: weibull, scale: 2y,
// shape: 2}, {dist: uniform, min: 1m, max: 5m}, {dist: gamma, mean: 1h, cv: 0.5}, {dist: empirical, values: [1h, 2h]}.
// times: k scales it. Where a dimensionless quantity is asked, values are plain numbers.
type Dist struct {
	Set   bool
	Value model.Dist
}

// EventSpec is a milestone, or {first_of: […]} or {last_of: […]}.
type EventSpec struct {
	Set  bool
	Of   []string
	Last bool
	Pos  model.Pos
}

// LimitRow is a limit for all bands, or one per band.
type LimitRow struct {
	One  Duration
	Band map[string]Duration
}
