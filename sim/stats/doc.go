// Package stats holds what a run accumulates and how well the result is known: shares, means, quantiles
// and paired differences with their intervals.
//
// Replications are the independent units. Everything is stored or added in replication order, or as
// integers, so the number of workers never changes a digit. A quantity that cannot be estimated is NaN,
// never a comforting number. Confidence levels are fractions such as 0.95.
package stats
