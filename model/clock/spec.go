// Package clock computes a clause's clock: when it starts, what does not count, when it is due and how it
// ends. It serves simulated and real records alike and allocates nothing.
package clock

import (
	"slasim/model"
	"slasim/model/calendar"
)

// Event is the start or the stop of a clock: one milestone, or the first or last of several. An absent
// milestone (model.Unset) never counts for the first; the last is absent while any of them is.
type Event struct {
	Of   []model.Milestone
	Last bool // last_of instead of first_of
}

// Mode says in which time a limit runs.
type Mode uint8

// Modes of a limit.
const (
	NoLimit      Mode = iota // no clause for this cell of the table
	Wall                     // Span of clock time (24 h a day)
	Business                 // Span of open time of the calendar
	Workdays                 // 24:00 of the N-th working day after the start day (G-10)
	WorkdayHours             // the same time of day on the N-th working day after the start day (G-16)
	Civil                    // 24:00 of the N-th day after the start day, rolled over rest days to 24:00 of the next working day (G-12)
)

// Limit is one cell of a limit table.
type Limit struct {
	Mode   Mode
	Span   model.Time // Wall, Business
	N      int32      // Workdays, WorkdayHours, Civil: days ≥ 0
	Strict bool       // true: elapsed < limit is needed; false: exactly at the limit is met
	Before bool       // the stop must lie at least the limit BEFORE the start event's moment (notice periods, S2-53): start = visit, stop = notice
}

// Spec is a compiled clock.
type Spec struct {
	Start, Stop Event
	Moot        Event              // if this happens first, the clock is cancelled (empty: never)
	Pauses      model.KindSet      // intervals that do not count; their union counts once
	Calendar    *calendar.Calendar // Business time, working days and the shift of the start; nil = 24x7
	Shift       bool               // a start outside opening hours moves to the next opening
}

// State is how a clock ended.
type State uint8

// States of a clock.
const (
	NotStarted State = iota
	Met
	Breached
	Cancelled // moot before the limit
	Censored  // still running when observation ended, limit not passed
)

// Outcome is the result of one clock. Start is after the shift. Due is the moment at which the limit is
// reached given the pauses up to Stop (or to the end of observation). Elapsed is what counted, from Start to
// Stop (or Moot, or the end): open time for Business, else clock time, less the union of the pauses inside [Start, Stop).
type Outcome struct {
	State            State
	Start, Stop, Due model.Time
	Elapsed          model.Time
}
