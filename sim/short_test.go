//go:build !long

package sim_test

// long: theory tests run longer.
const long = false
