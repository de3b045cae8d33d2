//go:build !invariants

package sim

func checkInvariants(*Engine) {}
