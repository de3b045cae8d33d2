package experiment

import (
	"reflect"
	"slices"

	"slasim/model"
	"slasim/model/clock"
	"slasim/model/contract"
	"slasim/model/world"
)

// Rejudges reports whether other leaves behind the very subjects that w does, so that its clauses can be judged on a run of
// w: the two differ in clauses only, and in none that the engine looks at. It looks at clauses of tickets with a target where
// customers complain about late tickets, and where people are sent by due time.
func Rejudges(w, other *world.World) bool {
	plain := func(x *world.World) world.World {
		y := *x
		y.Clauses, y.Assumptions, y.Warnings = nil, nil, nil
		return y
	}
	if !reflect.DeepEqual(plain(w), plain(other)) {
		return false
	}
	byDue := w.Dispatch.Policy == world.EarliestDue || w.Dispatch.Policy == world.LeastSlack
	for i := range w.Contracts {
		if (byDue || w.Contracts[i].Process.Complaint.ShareLate > 0) && !reflect.DeepEqual(seen(w, int32(i)), seen(other, int32(i))) {
			return false
		}
	}
	return true
}

// seen is what the engine sees of a contract's clauses.
func seen(w *world.World, k int32) (list []any) {
	for i := range w.Clauses {
		if c := &w.Clauses[i]; c.Contract == k && c.Of == model.SubjectTicket && c.Kind == contract.Numeric && c.Target > 0 {
			list = append(list, struct {
				Clock      clock.Spec
				Scope      contract.Scope
				Limits     []clock.Limit
				Rows, Cols int32
			}{c.Clock, c.Scope, slices.Clone(c.Limits), c.NSev, c.NBand})
		}
	}
	return list
}
