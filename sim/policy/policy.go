// Package policy decides whom to send where. Its functions are pure and see only what a dispatcher would know:
// declared severity, age, due time, expected travel. Sampled durations have no way in.
package policy

import (
	"slasim/model"
	"slasim/model/world"
)

// Ticket is a waiting ticket as the dispatcher sees it.
type Ticket struct {
	Rank     uint8      // current severity rank, 1 = worst
	Priority int32      // of its contract, smaller first
	Seq      uint32     // order of arrival; an interrupted ticket keeps its place
	Due      model.Time // of its next arrival limit, model.Far if none
}

// Candidate is a person who could go.
type Candidate struct {
	Person int32
	ETA    model.Time // expected span until arrival: mobilisation, travel, entry
	Metres int32
	OnCall bool
}

// Key orders the waiting line; smaller goes first, ties by Seq. For least slack, eta is the expected arrival span
// of the best candidate; other policies ignore it.
func Key(p world.Policy, order world.Order, t Ticket, eta model.Time) int64 {
	switch p {
	case world.SeverityAge:
		return int64(t.Priority)<<8 | int64(t.Rank)
	case world.EarliestDue:
		return int64(t.Due / 1e9)
	case world.LeastSlack:
		return int64(t.Due/1e9) - int64(eta/1e9)
	default: // nearest free, reserve one, redirect: the scenario's order
		if order == world.FIFO {
			return int64(t.Priority) << 8
		}
		return int64(t.Priority)<<8 | int64(t.Rank)
	}
}

// Better reports whether a should be sent rather than b: the earlier expected arrival, then the shorter way, then
// the lower id.
func Better(a, b Candidate) bool {
	if a.ETA != b.ETA {
		return a.ETA < b.ETA
	}
	if a.Metres != b.Metres {
		return a.Metres < b.Metres
	}
	return a.Person < b.Person
}

// MayUse reports whether a ticket of this rank may take one of free people at a base, under reserve one: the
// last `reserve` of them are kept for tickets of rank ≤ reserveRank.
func MayUse(p world.Policy, rank uint8, free, reserve, reserveRank int32) bool {
	return p != world.ReserveOne || int32(rank) <= reserveRank || free > reserve
}

// Redirects reports whether somebody on the road to a ticket of standing `towards` should be sent to one of standing
// `mine` instead: it goes before, and he would be there earlier than anybody free.
func Redirects(p world.Policy, mine, towards int64, etaRoad, etaFree model.Time) bool {
	return p == world.RedirectPolicy && mine < towards && etaRoad < etaFree
}
