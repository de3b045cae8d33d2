package judge

import (
	"math"
	"testing"

	"slasim/model"
	"slasim/model/trail"
	"slasim/model/world"
)

// A year by hand: two engineers, one part, three tickets.
//
//	people     2 × 100 000 × cost share ½                                        100 000
//	on call    1 000 h × 5 × ½                                                     2 500
//	overtime   (10 h × 1.5 + 4 h × 2 + 2 h × 3) × 60 × ½                             870
//	partners   3 visits by day × 600 + 1 by night × 1 000 + 12 × 200               5 200
//	vendor     a year                                                             12 000
//	places     a year                                                             30 000
//	stock      2 parts × 1 500 × (20 % holding + 1 / 5 years)                      1 200
//	parts      one used                                                            1 500
//	emergency  half the price more                                                   750
//	travel     there and back 40, 60, 100 km = 400 km × 1.50, one night 350          950
//	couriers   1 × 300 + 100 km × 3.50                                               650
//	penalties  2 of 3 late × 1 000 = 2 000, at most 1 % of 180 000                 1 800
//	                                                                             157 420
//
// The price of 180 000 leaves 22 580, 12.54 %.
func handMade() (*world.World, *trail.Totals) {
	w := office(respond(10*minute, 1))
	w.Contracts[0].Price = 180_000
	w.Contracts[0].Penalty = world.Penalty{PerLate: 1000, CapShare: 0.01}
	w.Teams = []world.Team{
		{ID: "own", Count: 2, Pay: world.TeamPay{Annual: 100_000, CostShare: 0.5, OnCallHour: 5, OvertimeHour: 60}},
		{ID: "partner", Count: 1, Partner: true, Pay: world.TeamPay{PerVisitDay: 600, PerVisitNight: 1000, Retainer: 200}},
	}
	w.Vendors = []world.Vendor{{ID: "v", Fee: 12_000}}
	w.Parts = []world.Part{{ID: "board", Price: 1500}}
	w.Depots = []world.Depot{{ID: "d", CostShare: 1}}
	w.Stock = []world.Stock{{Rule: world.BaseStock, S: 2}}
	w.Costs = world.Costs{Currency: "CNY", Holding: 0.2, Life: 5, CarKm: 1.5, NightAway: 350, CourierRun: 300, CourierKm: 3.5,
		Places: 30_000, Overtime: [3]float64{1.5, 2, 3}}
	const hour, day = model.Seconds(3600), model.Seconds(86400)
	t := &trail.Totals{
		Activity: make([][model.NumActivities]model.Seconds, 2), Rostered: []model.Seconds{4000 * hour, 0},
		OnCallTime: []model.Seconds{1000 * hour, 0}, Overtime: [][3]model.Seconds{{10 * hour, 4 * hour, 2 * hour}, {}},
		Overtime36: []int32{1, 0}, VisitsDay: []int64{2, 3}, VisitsNight: []int64{0, 1},
		Metres: 400_000, NightsAway: 1, CourierRuns: 1, CourierMetres: 100_000, PartsMoney: 1500, EmergencyMoney: 750,
		Stock:   []trail.StockTotals{{Demands: 4, FromStock: 3, BackorderTime: 2 * day, EmptyTime: 3 * day}},
		Tickets: 3, RemoteFixed: 1, Visits: 2, Events: 50,
	}
	t.Activity[0][model.ActIdle], t.Activity[0][model.ActWork], t.Activity[0][model.ActTravel] = 3012*hour, 900*hour, 104*hour
	return w, t
}

// years judges one year for each number of late tickets of three.
func years(w *world.World, totals *trail.Totals, late ...int) *Report {
	j := New(w)
	var reps []*RepResult
	var all []*trail.Totals
	for rep, n := range late {
		j.Reset(int32(rep))
		for i := range 3 {
			onTime(j.Subject, i >= n)
		}
		reps = append(reps, j.Rep())
		all = append(all, totals)
	}
	return Assemble(w, reps, all, nil, RunInfo{})
}

func TestCostOfAYear(t *testing.T) {
	w, totals := handMade()
	c := years(w, totals, 2).Cost
	for _, x := range []struct {
		what      string
		got, want float64
	}{
		{"people", c.People, 100_000}, {"on call", c.OnCall, 2500}, {"overtime", c.Overtime, 870}, {"partners", c.Partners, 5200},
		{"vendors", c.Vendors, 12_000}, {"places", c.Places, 30_000}, {"stock", c.Stock, 1200}, {"parts", c.Parts, 1500},
		{"emergency", c.Emergency, 750}, {"travel", c.Travel, 950}, {"couriers", c.Couriers, 650}, {"penalties", c.Penalties, 1800},
		{"total", c.Total, 157_420}, {"break-even", c.BreakEven, 157_420}, {"price", c.Price, 180_000},
	} {
		if math.Abs(x.got-x.want) > 0.005 {
			t.Errorf("%s %.4f, want %.2f", x.what, x.got, x.want)
		}
	}
	near(t, "margin", c.Margin, 22_580/180_000.0, 1e-9)
	near(t, "P(loss)", c.PLoss, 0, 0)
	near(t, "P(loss) at most", c.PLossHigh, 0.975, 1e-9) // 0 of 1: 1 − 0.025
}

// Own amounts of a clause go before the contract's; below the cap each late event counts; a longer term is averaged.
func TestPenalties(t *testing.T) {
	w, totals := handMade()
	w.Contracts[0].Penalty.CapShare = 0
	w.Clauses[0].Penalty = 5000
	if got := years(w, totals, 3).Cost.Penalties; got != 15_000 {
		t.Errorf("penalties %v, want 15 000", got)
	}
	w.Contracts[0].Penalty.CapShare = 0.05 // 9 000 in each contract year
	w.Term, w.Years = 730*model.Day, 2
	j := New(w)
	j.Reset(0)
	for _, day := range []int{1, 2, 400} { // 10 000, cut to 9 000, and 5 000
		j.Subject(ticket(model.Time(day)*model.Day, model.Day))
	}
	r := j.Rep()
	if got := Cost(w, r, totals); got.Penalties != 7000 || got.Travel != 475 || got.People != 100_000 {
		t.Errorf("a year of two: penalties %v, travel %v, people %v", got.Penalties, got.Travel, got.People)
	}
	if r.Holds(0, 0) || r.Holds(0, 1) || r.Years() != 2 {
		t.Error("both years have late events")
	}
}

// Ten years with 0 … 9 tickets late (here of three: 0, 1, 2, 3 in turn): 1 000 each moves the margin; the loss in the
// years with three late tickets is 2 of 10.
func TestMarginsAndLoss(t *testing.T) {
	w, totals := handMade()
	w.Contracts[0].Penalty.CapShare = 0
	w.Contracts[0].Price = 155_620 + 2500 // cost without penalties and 2 500 more
	c := years(w, totals, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1).Cost
	near(t, "P(loss)", c.PLoss, 0.2, 1e-12)
	near(t, "low", c.PLossLow, 0.0252, 5e-5) // published: 2 of 10 (0.0252, 0.5561)
	near(t, "high", c.PLossHigh, 0.5561, 5e-5)
	near(t, "P10", c.MarginP10, -500/158_120.0, 1e-9)
	near(t, "P50", c.MarginP50, 1500/158_120.0, 1e-9) // the fifth of -500 ×2, 500 ×2, 1500 ×3, 2500 ×3
	near(t, "P90", c.MarginP90, 2500/158_120.0, 1e-9)
	near(t, "mean", c.Margin, 1200/158_120.0, 1e-9)
	// Mean 1 300 over the cost without penalties; standard deviation of 0 1 2 3 0 1 2 3 0 1 thousand is 1 159.5, t with
	// 9 degrees 2.2622: 829.5.
	if math.Abs(c.TotalHW-829.5) > 0.1 || math.Abs(c.Total-156_920) > 1e-6 {
		t.Errorf("total %v ± %v", c.Total, c.TotalHW)
	}
}

func TestTeamsAndParts(t *testing.T) {
	w, totals := handMade()
	r := years(w, totals, 0, 0)
	team := r.Teams[0]
	// 1 004 h busy of 4 000 rostered and 16 of overtime.
	if math.Abs(team.Utilisation-1004/4016.0) > 1e-12 || team.UtilisationHW != 0 || team.OvertimeHours != 16 || team.RosteredHours != 4000 ||
		team.Overtime36 != 1 || team.VisitsPerYear != 2 || team.CostPerYear != 103_370 {
		t.Errorf("%+v", team)
	}
	if got := r.Teams[1].CostPerYear; got != 5200 {
		t.Errorf("partner %v", got)
	}
	part := r.Parts[0]
	near(t, "fill rate", part.FillRate, 0.75, 1e-12)
	if part.Level != 2 || part.DemandsPerYear != 4 || part.BackorderDays != 2 || part.EmptyDays != 3 || part.CostPerYear != 1200 {
		t.Errorf("%+v", part)
	}
	if x := r.Run; x.People != 2 || x.TicketsPerYear != 3 || x.VisitsPerYear != 2 || x.EventsPerYear != 50 || math.Abs(x.RemoteShare-1/3.0) > 1e-12 {
		t.Errorf("%+v", x)
	}
}
