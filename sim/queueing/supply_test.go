package queueing

import (
	"math"
	"testing"
)

// Erlang's formula by hand: one unit a/(1 + a), two a²/2 / (1 + a + a²/2).
func TestLostSales(t *testing.T) {
	check(t, []want{
		{"S = 0: all", LostSales(0, 2, 3), 1, 0},
		{"S = 1", LostSales(1, 0.5, 3), 1.5 / 2.5, 1e-15},
		{"S = 2", LostSales(2, 0.5, 4), 2.0 / 5, 1e-15},
		{"nobody asks", LostSales(2, 0, 4), 0, 0},
		{"invalid", LostSales(2, -1, 4), math.NaN(), 0},
	})
}

// The chain written down again in Python and solved by elimination (W. K. Grassmann, M. I. Taksar and D. P. Heyman,
// Operations Research 33 (1985) 1107–1116); and its limits.
func TestExpeditedStock(t *testing.T) {
	x := ExpeditedStock(2, 1, 1.5, 1, 0.25)
	y := ExpeditedStock(3, 0, 2, 1, 0.5)
	alike, base := ExpeditedStock(3, 1, 2, 1, 1), BaseStock(3, 2, 1) // no faster: it does not matter which
	rush, none := ExpeditedStock(3, 0, 2, 1, 1e-6), ExpeditedStock(0, 0, 2, 1, 0.25)
	check(t, []want{
		{"fill", x.Fill, 0.8428694237647312, 1e-12},
		{"fast", x.Fast, 0.6190926362457146, 1e-12},
		{"backorders", x.Backorders, 0.0272975717425873, 1e-12},
		{"fill, out of stock only", y.Fill, 0.7465626091564326, 1e-12},
		{"fast, out of stock only", y.Fast, 0.2534373908435674, 1e-12},
		{"backorders, out of stock only", y.Backorders, 0.1093857350071203, 1e-12},
		{"alike: fill", alike.Fill, base.Fill, 1e-12},
		{"alike: backorders", alike.Backorders, base.Backorders, 1e-12},
		{"at once: lost sales", rush.Fast, LostSales(3, 2, 1), 1e-5},
		{"no stock: all are fast", none.Backorders, 0.5, 1e-12},
		{"nobody asks", ExpeditedStock(1, 0, 0, 1, 1).Fill, 1, 0},
		{"nobody asks, no stock", ExpeditedStock(0, 0, 0, 1, 1).Fill, 0, 0},
		{"invalid", ExpeditedStock(1, 0, 1, 0, 1).Fill, math.NaN(), 0},
	})
}

// As TestExpeditedStock; and without a second depot, or with a full one.
func TestLateralSupply(t *testing.T) {
	own := LateralSupply([2]int{1, 2}, [2]int{0, 1}, [2]float64{1, 0.5}, 0.8)
	home := LateralSupply([2]int{2, 1}, [2]int{0, 0}, [2]float64{1, 0.75}, 1)
	alone, base := LateralSupply([2]int{2, 0}, [2]int{0, 1}, [2]float64{1.5, 0}, 1), BaseStock(2, 1.5, 1)
	full := LateralSupply([2]int{1, 40}, [2]int{0, 1}, [2]float64{1, 0.5}, 1) // depot 0 loses what it cannot serve: 1/2
	check(t, []want{
		{"0 from 0", own[0].From[0], 0.5229696740558134, 1e-12},
		{"0 from 1", own[0].From[1], 0.3704888299067163, 1e-12},
		{"1 from 0", own[1].From[0], 0.0487788479781826, 1e-12},
		{"1 from 1", own[1].From[1], 0.8446796559843471, 1e-12},
		{"waiting at 0", own[0].Backorders, 0.0460901493217136, 1e-12},
		{"waiting at 1", own[1].Backorders, 0.0150296468612250, 1e-12},
		{"home: 1 from 0", home[1].From[0], 0.5973795337990122, 1e-12},
		{"home: 1 from 1", home[1].From[1], 0.1755083302212906, 1e-12},
		{"home: waiting at 0", home[0].Backorders, 0.0871347753084399, 1e-12},
		{"home: waiting at 1", home[1].Backorders, 0.0926062278083187, 1e-12},
		{"alone: fill", alone[0].From[0], base.Fill, 1e-12},
		{"alone: waiting", alone[0].Backorders, base.Backorders, 1e-12},
		{"a full neighbour", full[0].From[1], LostSales(1, 1, 1), 1e-12},
		{"a full neighbour: nobody waits", full[0].Backorders, 0, 1e-12},
		{"no demand at all", LateralSupply([2]int{1, 1}, [2]int{0, 1}, [2]float64{0, 0}, 1)[0].From[0], math.NaN(), 0},
		{"no such depot", LateralSupply([2]int{1, 1}, [2]int{0, 2}, [2]float64{1, 1}, 1)[0].From[0], math.NaN(), 0},
	})
}

// Erlang's queue at both ends, and in between machines and spares in number.
func TestLoanerPool(t *testing.T) {
	const lambda, mu, c = 2.1, 1.0, 3
	all, none, two := LoanerPool(c, c, lambda, mu), LoanerPool(0, c, lambda, mu), LoanerPool(2, c, lambda, mu)
	const machines = 10_000_000
	many := MachineRepair(machines, 2, c, lambda/machines, mu)
	check(t, []want{
		{"a loaner for each repairer: at once", all.AtOnce, 1 - ErlangC(c, lambda/mu), 1e-12},
		{"a loaner for each repairer", all.Outage, MMcWait(c, lambda, mu), 1e-12},
		{"more do not help", LoanerPool(9, c, lambda, mu).Outage, MMcWait(c, lambda, mu), 1e-12},
		{"no loaner", none.Outage, MMcWait(c, lambda, mu) + 1/mu, 1e-12},
		{"no loaner: at once", none.AtOnce, 0, 0},
		{"many machines", two.Without, machines - many.Running, 1e-5},
		{"many machines: Little", two.Outage, two.Without / lambda, 1e-15},
		{"nothing breaks", LoanerPool(2, c, 0, mu).AtOnce, 1, 0},
		{"overload", LoanerPool(2, c, 3, mu).Outage, math.NaN(), 0},
		{"invalid", LoanerPool(-1, c, 1, mu).Outage, math.NaN(), 0},
	})
}

// As TestExpeditedStock; and what is known of depots that have nothing, or more than they need.
func TestLoanerBalance(t *testing.T) {
	x := LoanerBalance([2]int{2, 2}, [2]float64{0.6, 0.2}, 1, 0.5)
	empty := LoanerBalance([2]int{0, 0}, [2]float64{0.6, 0.2}, 2, 0.5)
	full := LoanerBalance([2]int{16, 16}, [2]float64{0.6, 0.2}, 1, 0.5)
	check(t, []want{
		{"0 from 0", x.From[0][0], 0.9384231405096, 1e-10},
		{"0 from 1", x.From[0][1], 0.0485260170366, 1e-10},
		{"1 from 0", x.From[1][0], 0.0563648768264, 1e-10},
		{"1 from 1", x.From[1][1], 0.9305842807198, 1e-10},
		{"without", x.Without, 0.0034718856088, 1e-10},
		{"moving", x.Moving, 0.0792476730351, 1e-10},
		{"none: all broken", empty.Without, 1.6, 1e-9},
		{"none: from nowhere", empty.From[0][0] + empty.From[0][1], 0, 0},
		{"plenty", full.From[0][0], 1, 1e-9},
		{"plenty: nobody waits", full.Without + full.Moving, 0, 1e-9},
		{"no breaks", LoanerBalance([2]int{1, 1}, [2]float64{0, 0}, 1, 1).Without, math.NaN(), 0},
	})
}
