package sim_test

import (
	"testing"

	"slasim/model"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/sim/queueing"
)

// stocked is what a replication counted for a part at a depot.
func stocked(w *world.World, t *trail.Totals, depot, part string) *trail.StockTotals {
	for d := range w.Depots {
		for p := range w.Parts {
			if w.Depots[d].ID == depot && w.Parts[p].ID == part {
				return &t.Stock[d*len(w.Parts)+p]
			}
		}
	}
	panic("no " + part + " at " + depot)
}

// bought books the purchases of lost_sales.yaml: their share of the demands, and what they cost above the price of all
// parts, half the price each.
func bought(b *book, w *world.World, t *trail.Totals) {
	s := stocked(w, t, "store", "spare")
	b.add(0, float64(s.Emergencies), float64(s.Demands))
	b.add(1, t.EmergencyMoney, t.PartsMoney)
}

// An emergency purchase that comes at once is a lost sale of the depot: Erlang's formula (Karush 1957; Feeney and Sherbrooke
// 1966). Poisson demands find the shelf empty as often as it is in time (R. W. Wolff, Operations Research 30 (1982) 223–231).
// Whatever the lead times are spread like, only their mean counts: exponential, and always 1 d.
func TestTheoryLostSales(t *testing.T) {
	lost := queueing.LostSales(3, 2, 1)
	for name, set := range map[string][]string{"exponential": nil, "constant": {"parts.items.spare.lead=1d"}} {
		t.Run(name, func(t *testing.T) {
			longer := "parts.items.spare.lead.mean=25h"
			if set != nil {
				longer = "parts.items.spare.lead=25h"
			}
			th := theory{
				world: "lost_sales.yaml", reps: 400, long: 2000, set: set,
				figures: []figure{{name: "bought", want: lost}, {name: "extra price", want: 0.5 * lost}, {name: "shelf empty", want: lost}},
				end: func(b *book, w *world.World, t *trail.Totals) {
					bought(b, w, t)
					b.add(2, stocked(w, t, "store", "spare").EmptyTime.Hours(), model.Hours(w.Term))
				},
				wrong: []wrong{
					in("equipment.classes.unit.rate=2.06/d", "bought", "extra price", "shelf empty"),
					in("parts.depots.store.stock.spare=4", "bought", "extra price", "shelf empty"),
					in(longer, "bought", "extra price", "shelf empty"),
					in("parts.items.spare.emergency.below=1", "bought", "extra price"),
					in("parts.items.spare.emergency.price_factor=1.52", "extra price"),
				},
			}
			th.prove(t)
		})
	}
}

// Bought back at a critical level of one (S1-27), the last unit is always there: two are lost sales.
func TestTheoryCriticalStock(t *testing.T) {
	lost := queueing.LostSales(2, 2, 1)
	th := theory{
		world: "lost_sales.yaml", reps: 200, long: 1000, set: []string{"parts.items.spare.emergency.below=1"},
		figures: []figure{{name: "bought", want: lost}, {name: "extra price", want: 0.5 * lost}},
		end:     bought,
		wrong: []wrong{
			in("equipment.classes.unit.rate=2.1/d", "bought", "extra price"), in("parts.items.spare.emergency.below=2", "bought", "extra price"),
			in("parts.depots.store.stock.spare=4", "bought", "extra price"),
		},
	}
	th.prove(t)
}

// Emergency purchases that take half a day beside an ordinary lead time of one, made when the last unit goes: a Markov chain in
// the two kinds of orders.
func TestTheoryEmergencyLead(t *testing.T) {
	want := queueing.ExpeditedStock(3, 1, 2, 1, 0.5)
	th := theory{
		world: "lost_sales.yaml", reps: 1800, long: 5000,
		set:     []string{"parts.items.spare.emergency.below=1", "parts.items.spare.emergency.lead={dist: exponential, mean: 12h}"},
		figures: []figure{{name: "fill rate", want: want.Fill}, {name: "backorders", want: want.Backorders}, {name: "bought", want: want.Fast}},
		end: func(b *book, w *world.World, t *trail.Totals) {
			shelf(b, w, t, "store", 0)
			s := stocked(w, t, "store", "spare")
			b.add(2, float64(s.Emergencies), float64(s.Demands))
		},
		wrong: []wrong{
			in("equipment.classes.unit.rate=2.06/d", "fill rate", "backorders", "bought"),
			in("parts.items.spare.emergency.below=2", "fill rate", "backorders", "bought"),
			in("parts.items.spare.emergency.lead.mean=13h", "fill rate", "backorders"),
			in("parts.items.spare.emergency.lead=12h", "backorders"),
		},
	}
	th.prove(t)
}

// Two depots that help each other out: the Markov chain of the units on order at both, of depots that are asked first each
// by its own site, or depot 1 by both (home_then_nearest).
func TestTheoryLateralSupply(t *testing.T) {
	depots := []string{"depot1", "depot2"}
	for name, x := range map[string]struct {
		first [2]int
		set   []string
	}{
		"own depot first":  {[2]int{0, 1}, nil},
		"home depot first": {[2]int{0, 0}, []string{"parts.source=home_then_nearest", "parts.home=depot1"}},
	} {
		t.Run(name, func(t *testing.T) {
			want := queueing.LateralSupply([2]int{2, 1}, x.first, [2]float64{2, 1}, 1)
			var figures []figure
			for k, site := range []string{"site one", "site two"} {
				figures = append(figures,
					figure{name: site + " from depot 1", want: want[k].From[0]}, figure{name: site + " from depot 2", want: want[k].From[1]},
					figure{name: site + ": mean wait", want: want[k].Backorders / []float64{2, 1}[k]})
			}
			th := theory{
				world: "lateral.yaml", reps: 1000, long: 4000, set: x.set,
				figures: figures,
				ticket: func(b *book, w *world.World, s *trail.Subject) {
					k := 0
					if w.Places[s.Site].ID == "two" {
						k = 3
					}
					days := partWait(s)
					for d, id := range depots {
						b.yes(k+d, days == 0 && w.Depots[s.Depot].ID == id)
					}
					b.add(k+2, days, 1)
				},
				wrong: []wrong{
					in("equipment.classes.unit.rate=1.04/d", "site one from depot 1", "site one: mean wait", "site two from depot 1", "site two: mean wait"),
					in("parts.depots.depot2.stock.spare=2", "site one from depot 2", "site one: mean wait", "site two from depot 2", "site two: mean wait"),
					in("parts.items.spare.lead.mean=25h", "site one: mean wait", "site two: mean wait"),
				},
			}
			if x.set == nil {
				th.wrong = append(th.wrong, in("parts.depots.depot2.place=one", "site two from depot 1", "site two from depot 2"))
			} else {
				th.wrong = append(th.wrong, in("parts.home=depot2", "site one from depot 1", "site two from depot 2"))
			}
			th.prove(t)
		})
	}
}

// atOnce books whether a loaner was there at once, within the second after which it is asked for, and the time without
// service, in days.
func atOnce(b *book, _ *world.World, s *trail.Subject) {
	b.yes(0, stay(s) <= 1.0/3600)
	b.add(1, stay(s)/hoursPerDay, 1)
}

// Loaners while three engineers repair: machine repair with spares, of a base so large that those broken do not slow the
// breaks (faults do not wait for repairs). A birth–death chain, Gross et al. 2008, ch. 2.
func TestTheoryLoaners(t *testing.T) {
	want := queueing.LoanerPool(2, 3, 1.8, 1)
	th := theory{
		world: "loaners.yaml", reps: 3000, long: 10000,
		figures: []figure{{name: "a loaner at once", want: want.AtOnce}, {name: "days without service", want: want.Outage}, {name: "waiting for a loaner", want: want.Without}},
		ticket:  atOnce,
		end: func(b *book, w *world.World, t *trail.Totals) {
			b.add(2, stocked(w, t, "store", "spare_unit").BackorderTime.Hours(), model.Hours(w.Term))
		},
		wrong: []wrong{
			in("equipment.classes.unit.rate=1.85/d", "a loaner at once", "days without service", "waiting for a loaner"),
			in("parts.depots.store.stock.spare_unit=3", "a loaner at once", "days without service", "waiting for a loaner"),
			in("people.crew.headcount=4", "a loaner at once", "days without service"),
			in("parts.courier.fixed=45m", "a loaner at once", "days without service"), // out and back
		},
	}
	th.prove(t)
}

// Loaners while parts are bought: each unit is repaired by itself, after any time, so that the broken ones are Poisson
// (Palm 1938) and those without a loaner are the backorders of a base stock.
func TestTheoryLoanersUntilParts(t *testing.T) {
	want := queueing.BaseStock(3, 3, 1)
	for name, set := range map[string][]string{"lognormal": nil, "constant": {"parts.items.card.lead=1d"}} {
		t.Run(name, func(t *testing.T) {
			th := theory{
				world: "loaners_parts.yaml", reps: 600, long: 4000, set: set,
				figures: []figure{{name: "a loaner at once", want: want.Fill}, {name: "days without service", want: want.Delay}, {name: "waiting for a loaner", want: want.Backorders}},
				ticket:  atOnce,
				end: func(b *book, w *world.World, t *trail.Totals) {
					b.add(2, stocked(w, t, "store", "spare_unit").BackorderTime.Hours(), model.Hours(w.Term))
				},
				wrong: []wrong{
					in("equipment.classes.unit.rate=3.09/d", "a loaner at once", "days without service", "waiting for a loaner"),
					in("parts.depots.store.stock.spare_unit=4", "a loaner at once", "days without service", "waiting for a loaner"),
					in("parts.courier.fixed=1h", "days without service"),
				},
			}
			th.prove(t)
		})
	}
}

// Loaners of two depots of a region, balanced when one has given its last (S3-07): a Markov chain of the loaners on both
// shelves, on the way and lent out.
func TestTheoryLoanersInRegion(t *testing.T) {
	rate := []float64{2.4, 0.8}
	want := queueing.LoanerBalance([2]int{2, 2}, [2]float64(rate), 1, 0.5)
	sites, depots := []string{"one", "two"}, []string{"store", "store2"}
	th := theory{
		world: "loaners_lateral.yaml", reps: 800, long: 4000,
		ticket: func(b *book, w *world.World, s *trail.Subject) {
			for k, site := range sites {
				if w.Places[s.Site].ID == site {
					b.yes(k, stay(s) <= 1.0/3600)
				}
			}
		},
		end: func(b *book, w *world.World, t *trail.Totals) {
			for k, depot := range depots {
				s := stocked(w, t, depot, "spare_unit")
				b.num[2+k] += float64(s.FromStock)
				b.den[2] += float64(s.Demands)
				b.den[3] += float64(s.Demands)
				b.num[4] += s.BackorderTime.Hours()
			}
			b.den[4] += model.Hours(w.Term)
		},
	}
	for k, site := range sites {
		th.figures = append(th.figures, figure{name: site + ": a loaner at once", want: want.From[k][0] + want.From[k][1]})
	}
	for d, depot := range depots {
		th.figures = append(th.figures, figure{name: "from " + depot, want: (rate[0]*want.From[0][d] + rate[1]*want.From[1][d]) / (rate[0] + rate[1])})
	}
	th.figures = append(th.figures, figure{name: "waiting for a loaner", want: want.Without})
	th.wrong = []wrong{
		in("parts.lateral=none", "from store", "from store2"),
		in("equipment.classes.unit.rate=0.83/d", "one: a loaner at once", "two: a loaner at once", "waiting for a loaner"),
		in("parts.depots.store2.stock.spare_unit=3", "one: a loaner at once", "two: a loaner at once", "from store", "waiting for a loaner"),
		in("parts.depots.store.transport.mean=2d", "from store", "waiting for a loaner"),
	}
	th.prove(t)
}

// A resident is a queue without travel: Pollaczek–Khinchine, whatever lies between the base and his site.
func TestTheoryResident(t *testing.T) {
	w := queueing.MG1Wait(0.6, 1, 2)
	th := theory{
		world: "resident.yaml", reps: 700, long: 2500,
		figures: []figure{{name: "mean wait", want: w}, {name: "reported to arrived", want: w}, {name: "utilisation", want: 0.6}},
		ticket: func(b *book, _ *world.World, s *trail.Subject) {
			b.add(0, wait(s), 1)
			b.add(1, span(s, model.Reported, model.Arrived), 1)
		},
		end: func(b *book, w *world.World, t *trail.Totals) { busyShare(b, w, t, "crew", 2) },
		wrong: []wrong{
			in("equipment.classes.unit.rate=0.62/h", "mean wait", "utilisation"), in("people.crew.headcount=2", "mean wait", "utilisation"),
			in("people.crew.mobilise.at_base=3m", "mean wait", "reported to arrived", "utilisation"),
			in("equipment.classes.unit.failures.fault.restore.cv=1.1", "mean wait"),
		},
	}
	th.prove(t)
}

// Others come from the base when the resident is busy: he is one line without a queue, M/G/1/1, which loses ρ/(1 + ρ) for
// any length of the work (Erlang); those others need an hour and a half. He serves his own place only.
func TestTheoryResidentBusy(t *testing.T) {
	busy := queueing.ErlangB(1, 0.6)
	th := theory{
		world: "resident_crew.yaml", reps: 150, long: 1000,
		figures: []figure{{name: "by the resident", want: 1 - busy}, {name: "utilisation", want: busy}, {name: "hours until somebody is there", want: 1.5 * busy}},
		ticket: func(b *book, w *world.World, s *trail.Subject) {
			if w.Places[s.Site].ID == "room" {
				b.yes(0, w.Teams[w.Persons[s.Lead].Team].ID == "crew")
				b.add(2, span(s, model.Reported, model.Arrived), 1)
			}
		},
		end: func(b *book, w *world.World, t *trail.Totals) { busyShare(b, w, t, "crew", 1) },
		wrong: []wrong{
			in("equipment.classes.unit.rate=0.206/h", "by the resident", "utilisation", "hours until somebody is there"),
			in("people.crew.headcount=2", "by the resident", "utilisation", "hours until somebody is there"),
			in("people.crew.resident=false", "by the resident", "utilisation", "hours until somebody is there"),
			in("people.crew.mobilise.at_base=2m", "by the resident", "utilisation"),
		},
	}
	th.prove(t)
}
