// Package queueing holds the closed results of queueing and spare-parts theory that have an exact answer:
// bounds for the planner and independent oracles for the tests of the simulator.
//
// Units are free but must agree: rates are per unit of time, spans in that unit. a = λ/μ is the offered
// load in erlangs, c the number of servers. Arrivals are Poisson, "M" service is exponential with rate μ,
// service is first come, first served and queues are unlimited unless a function says otherwise.
//
// A parameter that is NaN, negative or infinite, or a count out of range, gives NaN. A queue that grows for
// ever gives waits and numbers of +Inf and a probability of waiting of 1.
package queueing

import "math"

// invalid reports whether any parameter is NaN, negative or infinite.
func invalid(params ...float64) bool {
	for _, x := range params {
		if !(x >= 0) || math.IsInf(x, 1) {
			return true
		}
	}
	return false
}
