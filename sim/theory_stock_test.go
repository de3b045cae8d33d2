package sim_test

import (
	"math"
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

// An engineer who brings the part (process.carry: joint). With more engineers than ever needed it is the base stock of Palm.
func TestTheoryCarriedPart(t *testing.T) {
	want := queueing.BaseStock(3, 2, 1)
	th := theory{
		world: "pairs.yaml", set: []string{"people.crew.headcount=60", "parts.items.spare.lead={dist: lognormal, mean: 1d, cv: 1}"}, reps: 1400, long: 5000,
		figures: []figure{{name: "fill rate", want: want.Fill}, {name: "backorders", want: want.Backorders}, {name: "wait for a part", want: want.Delay}},
		ticket:  func(b *book, _ *world.World, s *trail.Subject) { b.add(2, partWait(s), 1) },
		end:     func(b *book, w *world.World, t *trail.Totals) { shelf(b, w, t, "store", 0) },
		wrong: []wrong{
			in("equipment.classes.unit.rate=2.1/d", "fill rate", "backorders", "wait for a part"),
			in("parts.depots.store.stock.spare=4", "fill rate", "backorders", "wait for a part"),
		},
	}
	th.prove(t)
}

// pairs is the stationary Markov chain of pairs.yaml: q wait, b engineers are at work, o parts are on order; on hand are
// stock + q − o. A visit begins as soon as an engineer and a part are there. Solved by following the jump chain of the
// uniformised process until it no longer moves.
func pairs(lambda, mu, nu float64, c, stock int) (wait, lack float64) {
	const most = 60
	type state struct{ q, b, o int }
	index := map[state]int{}
	var states []state
	at := func(s state) int {
		for s.q > 0 && s.b < c && stock+s.q-s.o > 0 {
			s.q, s.b = s.q-1, s.b+1
		}
		if _, ok := index[s]; !ok {
			index[s] = len(states)
			states = append(states, s)
		}
		return index[s]
	}
	type jump struct {
		to   int
		rate float64
	}
	var jumps [][]jump
	at(state{})
	for i := 0; i < len(states); i++ {
		s := states[i]
		var out []jump
		if s.q < most {
			out = append(out, jump{at(state{s.q + 1, s.b, s.o + 1}), lambda})
		}
		if s.b > 0 {
			out = append(out, jump{at(state{s.q, s.b - 1, s.o}), mu * float64(s.b)})
		}
		if s.o > 0 {
			out = append(out, jump{at(state{s.q, s.b, s.o - 1}), nu * float64(s.o)})
		}
		jumps = append(jumps, out)
	}
	fastest := lambda + mu*float64(c) + nu*float64(stock+most)
	p, next := make([]float64, len(states)), make([]float64, len(states))
	p[0] = 1
	for range 200_000 {
		clear(next)
		for i, out := range jumps {
			stay := p[i]
			for _, j := range out {
				x := p[i] * j.rate / fastest
				next[j.to] += x
				stay -= x
			}
			next[i] += stay
		}
		moved := 0.0
		for i := range p {
			moved += math.Abs(next[i] - p[i])
		}
		p, next = next, p
		if moved < 1e-13 {
			break
		}
	}
	for i, s := range states {
		wait += p[i] * float64(s.q)
		if stock+s.q-s.o == 0 {
			lack += p[i] * float64(s.q)
		}
	}
	return wait / lambda, lack
}

// An engineer and a part that must both be free, against the exact Markov chain: mean wait by Little's law, and the mean
// number of those that wait while there is no part.
func TestTheoryEngineerAndPart(t *testing.T) {
	wait, lack := pairs(2, 24/15.0, 1, 2, 3)
	th := theory{
		world: "pairs.yaml", reps: 3200, long: 8000,
		figures: []figure{{name: "wait for both", want: wait * hoursPerDay}, {name: "without a part", want: lack}},
		ticket:  func(b *book, _ *world.World, s *trail.Subject) { b.add(0, span(s, model.Reported, model.Assigned), 1) },
		end: func(b *book, w *world.World, t *trail.Totals) {
			b.add(1, t.Stock[0].BackorderTime.Hours(), model.Hours(w.Term))
		},
		wrong: []wrong{
			in("equipment.classes.unit.rate=2.1/d", "wait for both", "without a part"),
			in("parts.depots.store.stock.spare=4", "wait for both", "without a part"),
			in("people.crew.headcount=3", "wait for both"),
			in("contracts.service.process.carry=none", "wait for both"),
		},
	}
	th.prove(t)
}
