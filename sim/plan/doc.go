// Package plan sizes staff and stock: the design of least expected yearly cost whose contract holds, shown on fresh random
// numbers (DESIGN § 15).
//
// A design gives every variable one of its values, ordered from the least to the most that is given. It holds if all chosen
// clauses hold together in a contract year with at least the assurance. The search looks at designs by simulation on common
// random numbers: replication r of every design meets the same faults, the same work and the same weather. In the search a
// design passes if the one-sided 95 % lower limit of Clopper and Pearson of the share of years that hold reaches the
// assurance; looks at few replications accept the clear cases and give up the hopeless ones. The design that comes out is
// proved once more on random numbers that no part of the search has seen.
//
// Clauses that no design within the bounds holds are set aside, of a clause out of reach at some sites only these (bound.Compute);
// a guard keeps what is set aside from being late more often than under the scenario's own design. Lower bounds of the variables
// come by arithmetic first (cover, and bound.Few for people and stock), then by simulation beside the richest of everything.
package plan
