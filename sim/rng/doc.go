// Package rng names every random draw by what it is for and turns distributions into numbers.
//
// A Key says who draws (seed, replication, stream, entity); the index of a draw is its position in the
// stream the key opens. Nothing else is in the key, so designs that differ in staff, stock or policy meet
// the same faults, work and weather. Nothing here holds state between calls, and nothing allocates once a
// distribution is built.
package rng
