package sim_test

import (
	"testing"

	"slasim/model"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/sim/queueing"
)

const hoursPerDay = 24

// shelf books fill rate and mean backorders of a stock item under figures i and i+1.
func shelf(b *book, w *world.World, t *trail.Totals, depot string, i int) {
	for d := range w.Depots {
		if w.Depots[d].ID == depot {
			s := &t.Stock[d*len(w.Parts)]
			b.add(i, float64(s.FromStock), float64(s.Demands))
			b.add(i+1, s.BackorderTime.Hours(), model.Hours(w.Term))
		}
	}
}

// partWait is the time from the need of a part to the part in days.
func partWait(s *trail.Subject) float64 {
	return span(s, model.PartRequested, model.PartOnSite) / hoursPerDay
}

// One for one: the units on order are Poisson with mean λL for any lead time, C. Palm 1938; Feeney and Sherbrooke,
// Management Science 12 (1966) 391–411. λL = 2, S = 3; the wait by Little's law.
func TestTheoryBaseStock(t *testing.T) {
	want := queueing.BaseStock(3, 2, 1)
	th := theory{
		world: "depot.yaml", reps: 1400, long: 5000,
		figures: []figure{{name: "fill rate", want: want.Fill}, {name: "backorders", want: want.Backorders}, {name: "wait for a part", want: want.Delay}},
		ticket:  func(b *book, _ *world.World, s *trail.Subject) { b.add(2, partWait(s), 1) },
		end:     func(b *book, w *world.World, t *trail.Totals) { shelf(b, w, t, "store", 0) },
		wrong: []wrong{
			in("equipment.classes.unit.rate=2.1/d", "fill rate", "backorders", "wait for a part"),
			in("parts.depots.store.stock.spare=4", "fill rate", "backorders", "wait for a part"),
			in("parts.items.spare.lead.mean=25h", "fill rate", "backorders"),
		},
	}
	th.prove(t)
}

// Two echelons exactly: R. M. Simon, Operations Research 19 (1971) 761–773; S. C. Graves, Management Science 31 (1985)
// 1247–1256.
func TestTheoryTwoEchelons(t *testing.T) {
	_, want := queueing.TwoEchelon(3, 1, []queueing.Base{{Rate: 2, Transport: 0.5, Stock: 2}, {Rate: 1, Transport: 1, Stock: 2}})
	th := theory{
		world: "echelons.yaml", reps: 1500, long: 5000,
		figures: []figure{
			{name: "fill rate at base 1", want: want[0].Fill}, {name: "backorders at base 1", want: want[0].Backorders},
			{name: "fill rate at base 2", want: want[1].Fill}, {name: "backorders at base 2", want: want[1].Backorders},
		},
		end: func(b *book, w *world.World, t *trail.Totals) {
			shelf(b, w, t, "depot1", 0)
			shelf(b, w, t, "depot2", 2)
		},
		wrong: []wrong{
			in("parts.depots.central.stock.spare=4", "fill rate at base 1", "backorders at base 1", "fill rate at base 2", "backorders at base 2"),
			in("parts.depots.depot1.transport=13h", "fill rate at base 1", "backorders at base 1"),
			in("equipment.classes.unit.rate=1.05/d", "backorders at base 1", "backorders at base 2"),
		},
	}
	th.prove(t)
}
