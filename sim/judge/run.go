package judge

import (
	"fmt"
	"time"

	"slasim/model"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/sim/rng"
	"slasim/sim/stats"
)

// run completes what is said of the run.
func (a *assembly) run(info RunInfo) RunInfo {
	w := a.w
	info.Scenario, info.Title = orElse(info.Scenario, w.Name), w.Title
	info.Replications = len(a.reps)
	if info.Asked == 0 {
		info.Asked = len(a.reps)
	}
	info.Years = w.Years
	info.TermHours = model.Hours(w.Term)
	info.Assurance = w.Assurance
	if info.Start == "" && !w.Start.IsZero() {
		info.Start = w.Start.Format("2006-01-02")
	}
	if w.Days != nil && info.Projected == 0 {
		// only if it touches the term: the weeks after it decide nothing but the end of what is open
		if y := w.Days.ProjectedYear(); y != 0 && w.Days.Moment(time.Date(y, 1, 1, 0, 0, 0, 0, w.Start.Location())) < w.Term {
			info.Projected = y
		}
	}
	info.People = 0
	for i := range w.Teams {
		if !w.Teams[i].Partner {
			info.People += int(w.Teams[i].Count)
		}
	}
	info.Depots = len(w.Depots)
	if len(a.totals) == 0 {
		return info
	}
	var tickets, remote, visits, events int64
	var print, stream uint64
	for _, t := range a.totals {
		tickets += t.Tickets
		remote += t.RemoteFixed
		visits += t.Visits
		events += t.Events
		print, stream = rng.Mix(print, t.Fingerprint), rng.Mix(stream, t.StreamFingerprint)
	}
	years := a.years * float64(len(a.totals))
	info.TicketsPerYear = float64(tickets) / years
	info.VisitsPerYear = float64(visits) / years
	info.EventsPerYear = float64(events) / years
	if tickets > 0 {
		info.RemoteShare = float64(remote) / float64(tickets)
	}
	info.Fingerprint = orElse(info.Fingerprint, fmt.Sprintf("%016x", print))
	info.StreamPrint = orElse(info.StreamPrint, fmt.Sprintf("%016x", stream))
	return info
}

func orElse(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// general is the doubts that concern the whole result.
func (a *assembly) general() []Footnote {
	list := []Footnote{}
	add := func(code string, args ...any) { list = append(list, Footnote{model.Msg{Code: code, Args: args}}) }
	if len(a.reps) == 1 {
		add("note.one_replication")
	}
	if a.w.Days != nil && a.w.Days.Projected() {
		add("note.projected_calendar", a.w.Days.ProjectedYear())
	}
	if n := len(a.ix.years) - 1; !a.ix.fullYear(n - 1) {
		add("note.partial_year", a.years)
	}
	for i := range a.w.Contracts {
		ct := &a.w.Contracts[i]
		if len(ct.EmptyLevels) > 0 {
			add("note.empty_levels", ct.ID, ct.EmptyLevels)
		}
	}
	return list
}

// teams are the teams in the order of their ids.
func (a *assembly) teams() []TeamResult {
	list := []TeamResult{}
	for i := range a.w.Teams {
		list = append(list, a.team(i))
	}
	return list
}

func (a *assembly) team(i int) TeamResult {
	team := &a.w.Teams[i]
	r := TeamResult{
		ID: team.ID, Name: team.Name, Headcount: int(team.Count), HeadsPerSeat: team.HeadsPerSeat, Roster: team.RosterText,
		Activities: map[string]float64{},
	}
	if len(a.totals) == 0 {
		return r
	}
	var rostered, onCall, overtime model.Seconds
	var activity [model.NumActivities]model.Seconds
	var visits, months int64
	var use, money stats.Mean
	for _, t := range a.totals {
		for k, d := range t.Activity[i] {
			activity[k] += d
		}
		if u, there := utilisation(t, i); there {
			use.Add(u)
		}
		rostered += t.Rostered[i]
		onCall += t.OnCallTime[i]
		overtime += t.Overtime[i][0] + t.Overtime[i][1] + t.Overtime[i][2]
		months += int64(t.Overtime36[i])
		visits += t.VisitsDay[i] + t.VisitsNight[i]
		money.Add(teamCost(a.w, i, t, a.years).sum())
	}
	years := a.years * float64(len(a.totals))
	r.Utilisation, r.UtilisationHW = orZero(use.Value()), orZero(use.HalfWidth(confidence))
	r.RosteredHours = rostered.Hours() / years
	r.OnCallHours = onCall.Hours() / years
	r.OvertimeHours = overtime.Hours() / years
	r.Overtime36 = float64(months) / years
	r.VisitsPerYear = float64(visits) / years
	r.CostPerYear = money.Value()
	if all := rostered + overtime; all > 0 {
		for k, d := range activity {
			r.Activities[model.Activity(k).String()] = float64(d) / float64(all)
		}
	}
	return r
}

// utilisation is the share of its rostered hours and overtime in which a team was not idle; false if it had none.
func utilisation(t *trail.Totals, team int) (float64, bool) {
	all := t.Rostered[team] + t.Overtime[team][0] + t.Overtime[team][1] + t.Overtime[team][2]
	busy := model.Seconds(0)
	for k, d := range t.Activity[team] {
		if model.Activity(k) != model.ActIdle {
			busy += d
		}
	}
	return float64(busy) / float64(all), all > 0
}

// parts are the stocked or demanded parts, by depot.
func (a *assembly) parts() []PartResult {
	list := []PartResult{}
	for d := range a.w.Depots {
		for p := range a.w.Parts {
			r, show := a.part(d, p)
			if show {
				list = append(list, r)
			}
		}
	}
	return list
}

func (a *assembly) part(d, p int) (PartResult, bool) {
	k := d*len(a.w.Parts) + p
	part := &a.w.Parts[p]
	r := PartResult{Depot: a.w.Depots[d].ID, DepotName: a.w.Depots[d].Name, Part: part.ID, Name: part.Name, CostPerYear: stockItemCost(a.w, d, p)}
	stocked := a.w.Stock[k].Rule != world.NotStocked
	if stocked {
		r.Level = int(a.w.Stock[k].S)
	}
	var sum trail.StockTotals
	fill := stats.NewRatio(len(a.totals))
	for rep, t := range a.totals {
		s := &t.Stock[k]
		sum.Demands += s.Demands
		sum.Emergencies += s.Emergencies
		sum.BackorderTime += s.BackorderTime
		sum.EmptyTime += s.EmptyTime
		fill.Set(rep, s.FromStock, s.Demands-s.FromStock)
	}
	if len(a.totals) == 0 {
		return r, stocked
	}
	years := a.years * float64(len(a.totals))
	r.DemandsPerYear = float64(sum.Demands) / years
	r.EmergencyPerYear = float64(sum.Emergencies) / years
	r.BackorderDays = sum.BackorderTime.Hours() / 24 / years
	r.EmptyDays = sum.EmptyTime.Hours() / 24 / years
	if sum.Demands > 0 {
		e := fill.Estimate(confidence)
		r.FillRate, r.FillRateLow, r.FillRateHigh = number(e.Value), number(e.Lo), number(e.Hi)
	}
	return r, stocked || sum.Demands > 0
}

// cost is the money of the whole pool, and what it leaves of all prices. A contract without a price leaves the price of the
// pool unknown: the others' do not pay for it.
func (a *assembly) cost() CostResult {
	price, vat, priced := 0.0, "", true
	for i := range a.w.Contracts {
		ct := &a.w.Contracts[i]
		price += ct.Price
		priced = priced && ct.Price > 0
		if i == 0 {
			vat = ct.VATNote
		} else if vat != ct.VATNote {
			vat = "mixed"
		}
	}
	if !priced {
		price, vat = 0, ""
	}
	return a.costOf(price, vat, func(rep int) CostResult { return Cost(a.w, a.reps[rep], a.totals[rep]) })
}
