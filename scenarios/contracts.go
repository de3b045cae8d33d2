package scenarios

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"strings"
	"time"

	"slasim/model"
	"slasim/model/calendar"
	"slasim/model/world"
)

var roles = []string{"desk", "remote", "field", "support", "approver", "admin", "manager", "planned"}

func role(name string, def world.Role) world.Role {
	if i := slices.Index(roles, name); i >= 0 {
		return world.Role(i)
	}
	return def
}

// contractHeads compiles what clauses refer to: levels, bands, ladder, process.
func (c *compiler) contractHeads() {
	w := c.world
	if len(c.contracts) > maxBits {
		c.err([]string{"contracts"}, CodeTooManyNames, "contracts", len(c.contracts), maxBits)
		c.contracts = c.contracts[:maxBits]
	}
	for _, id := range c.contracts {
		in, path := c.file.Contracts[id], []string{"contracts", id}
		out := world.Contract{
			ID: id, Name: named(in.Name, id), Price: in.Price.Amount, VATNote: in.VAT, Priority: int32(in.Priority),
			Declare: map[string]world.Declare{
				"forecast": world.ByForecast, "mix": world.ByMix, "history": world.ByHistory,
			}[in.Declare],
			Process: c.process(&in.Process, pathTo(path, "process")),
		}
		c.severities(&out, &in, path)
		out.ShortOutageSerious = c.switchValue(id, "short_outage") == "as_serious"
		if out.Declare == world.ByRule && out.Process.Detection.IsZero() {
			out.EmptyLevels = emptyLevels(&out)
		}
		c.levels(&out, &in, path)
		c.bandHeads(&out, &in, path)
		for _, rung := range sortedKeys(in.Ladder) {
			here := pathTo(path, "ladder", rung)
			r := c.rung(rung, in.Ladder[rung], here)
			r.Levels = c.levelSet(&out, in.Ladder[rung].Levels, pathTo(here, "severities"))
			out.Ladder = append(out.Ladder, r)
		}
		for _, k := range sortedKeys(in.KeyPeriods) {
			here := pathTo(path, "key_periods", k)
			from, to := c.date(pathTo(here, "from"), in.KeyPeriods[k].From), c.date(pathTo(here, "to"), in.KeyPeriods[k].To)
			if to < from && c.whole(here...) {
				c.err(here, CodeKeyPeriodOrder, dotted(here))
			}
			out.KeyPeriods = append(out.KeyPeriods, model.Interval{Start: from, End: to + model.Day})
		}
		slices.SortFunc(out.KeyPeriods, func(a, b model.Interval) int { return cmp.Compare(a.Start, b.Start) })
		c.phases(&out, &in, pathTo(path, "phases"))
		if p := in.Charge; p != nil {
			out.Charge = world.Charge{Hour: p.Hour.Amount, Parts: float64(p.Parts)}
		}
		if in.Penalty != nil {
			out.Penalty = world.Penalty{PerLate: in.Penalty.PerLate.Amount, CapShare: float64(in.Penalty.CapShare)}
		}
		w.Contracts = append(w.Contracts, out)
	}
}

// phaseRates are how many times the usual faults and questions there are in the worst phase of a contract, at least 1.
type phaseRates struct{ faults, questions float64 }

// phases puts the phases of a contract in order. The rates of its faults and questions become those of the worst, the others
// are thinned.
func (c *compiler) phases(out *world.Contract, in *Contract, path []string) {
	if len(in.Phases) == 0 {
		return
	}
	var ids []string // of which it is known when they end
	ends := make(map[string]model.Time)
	for _, id := range sortedKeys(in.Phases) {
		until := pathTo(path, id, "until")
		if ends[id] = model.Far; in.Phases[id].Until.Set {
			ends[id] = c.age(until, in.Phases[id].Until)
		}
		if c.whole(until...) {
			ids = append(ids, id)
		}
	}
	slices.SortStableFunc(ids, func(a, b string) int { return cmp.Compare(ends[a], ends[b]) })
	spans := make(map[string]model.Interval)
	worst, last := phaseRates{1, 1}, model.Time(0)
	for i, id := range ids {
		here, end := pathTo(path, id), ends[id]
		switch until := pathTo(here, "until"); {
		case end == model.Far && last == model.Far:
			c.err(here, CodeMissingKey, dotted(here), "until")
		case end <= last:
			least := "0"
			if i > 0 {
				least = c.written(pathTo(path, ids[i-1], "until"))
			}
			c.err(until, CodeOutOfRange, dotted(until), c.written(until), "> "+least)
		case i > 0 && last >= c.world.Term && c.sound([]string{"run"}, "term"):
			c.warn(here, CodeNeverComes, dotted(here), c.written(pathTo(path, ids[i-1], "until")))
		}
		spans[id] = model.Interval{Start: last, End: end}
		last = end
		p := world.Phase{Until: end, Faults: number(in.Phases[id].Faults, 1), Questions: number(in.Phases[id].Questions, 1)}
		p.Bursts = min(p.Faults, 1)
		worst = phaseRates{max(worst.faults, p.Faults), max(worst.questions, p.Questions)}
		out.Phases = append(out.Phases, p)
	}
	if last < model.Far { // what follows is as the classes tell
		out.Phases = append(out.Phases, world.Phase{Until: model.Far, Faults: 1, Bursts: 1, Questions: 1})
	}
	for i := range out.Phases {
		out.Phases[i].Faults /= worst.faults
		out.Phases[i].Questions /= worst.questions
	}
	c.phaseSpans[out.ID], c.worst[out.ID] = spans, worst
}

// date is the start of a day.
func (c *compiler) date(path []string, text string) model.Time {
	d, err := calendar.ParseDate(text)
	if err != nil {
		c.err(path, CodeBadDate, dotted(path), text)
		return 0
	}
	return model.Time(d-calendar.DateOf(c.world.Start)) * model.Day
}

func (c *compiler) severities(out *world.Contract, in *Contract, path []string) {
	n := len(in.Severities)
	switch {
	case n == 0 && c.sound(path, "severities"):
		c.err(pathTo(path, "severities"), CodeMissingKey, dotted(path), "severities")
	case n > maxLevels:
		c.err(pathTo(path, "severities"), CodeTooManyNames, "severities", n, maxLevels)
		c.root.Get("contracts").Get(out.ID).Get("severities").Refused = true
	}
	if n == 0 || n > maxLevels {
		return
	}
	out.Severities = make([]world.Severity, n)
	mix := make([]float64, n)
	var bad []world.Severity
	ranks := c.sound(pathTo(path, "severities"), "") // all could be read
	for _, id := range sortedKeys(in.Severities) {
		ranks = ranks && c.sound(pathTo(path, "severities", id), "rank")
	}
	for _, id := range sortedKeys(in.Severities) {
		s, here := in.Severities[id], pathTo(path, "severities", id)
		if s.Rank > n || s.Rank < 1 || out.Severities[s.Rank-1].ID != "" {
			if ranks {
				c.err(pathTo(path, "severities"), CodeRanks, out.ID)
			}
			bad = append(bad, world.Severity{ID: id})
			continue
		}
		if s.LongerThan.Set && s.AtLeast.Set {
			c.err(here, CodeContradict, dotted(here), "longer_than", "at_least")
		}
		mix[s.Rank-1] = float64(s.Mix)
		out.Severities[s.Rank-1] = world.Severity{
			ID: id, Name: named(s.Name, id), Outage: s.Outage || s.LongerThan.Set || s.AtLeast.Set,
			Age:        max(c.clockSpan(pathTo(here, "longer_than"), s.LongerThan, 0), c.clockSpan(pathTo(here, "at_least"), s.AtLeast, 0)),
			AgeAtLeast: s.AtLeast.Set, Share: number(s.UsersAbove, -1),
		}
	}
	for i := range out.Severities { // so that clauses find their names
		if out.Severities[i].ID == "" {
			out.Severities[i], bad = bad[0], bad[1:]
		}
	}
	if out.Declare == world.ByMix {
		sum := 0.0
		for _, x := range mix {
			sum += x
		}
		if sum == 0 && !c.whole(pathTo(path, "severities")...) {
			return
		}
		if sum == 0 {
			c.err(pathTo(path, "severities"), CodeNoWeight, dotted(pathTo(path, "severities")))
			return
		}
		for i := range mix {
			out.Severities[i].Mix = mix[i] / sum
		}
	}
}

// levels compiles what the process does by level.
func (c *compiler) levels(out *world.Contract, in *Contract, path []string) {
	path = pathTo(path, "process")
	if s := in.Process.ServiceHours; s != nil {
		out.Process.ServedIn = c.cal(pathTo(path, "service_hours", "calendar"), s.Calendar)
		out.Process.Served = c.levelSet(out, s.Severities, pathTo(path, "service_hours", "severities"))
	}
	c.risks(out, in, pathTo(path, "risk"))
	if in.Process.RiseAfter == nil {
		return
	}
	out.Process.Rise = make([]model.Time, len(out.Severities))
	if c.switchValue(out.ID, "on_upgrade") == "inherit" {
		out.Process.RiseFrom = world.FromReport
	}
	for _, name := range sortedKeys(in.Process.RiseAfter) {
		here := pathTo(path, "rise_after", name)
		set := c.levelSet(out, []string{name}, pathTo(path, "rise_after"))
		if set == 0 {
			continue
		}
		rank := bits.TrailingZeros32(set)
		after := c.clockSpan(here, in.Process.RiseAfter[name], 0)
		switch {
		case rank == 0:
			c.err(here, CodeWorstLevel, dotted(here), name)
		case after <= 0 && c.whole(here...):
			c.err(here, CodeOutOfRange, dotted(here), "0", "> 0")
		}
		out.Process.Rise[rank] = after
	}
}

// risks compiles which levels may turn into the next worse, if the contract is read so.
func (c *compiler) risks(out *world.Contract, in *Contract, path []string) {
	on := c.switchValue(out.ID, "risk_hazard") == "on"
	for _, name := range sortedKeys(in.Process.Risk) {
		set := c.levelSet(out, []string{name}, path)
		switch {
		case set == 0:
			continue
		case set == 1:
			c.err(pathTo(path, name), CodeWorstLevel, dotted(pathTo(path, name)), name)
		}
		if on && out.Process.Risk == nil {
			out.Process.Risk = make([]float64, len(out.Severities))
		}
		if on {
			out.Process.Risk[bits.TrailingZeros32(set)] = in.Process.Risk[name].PerSecond
		}
	}
}

// levelSet is a set of levels, bit rank-1.
func (c *compiler) levelSet(contract *world.Contract, names, path []string) uint32 {
	set, legal := uint32(0), severityNames(contract)
	for _, name := range names {
		i := slices.Index(legal, name)
		if i < 0 {
			if c.sound([]string{"contracts", contract.ID, "severities"}, name) {
				c.err(path, CodeUnknownSeverity, name, contract.ID, nearest(name, legal), list(legal))
			}
			continue
		}
		set |= 1 << i
	}
	return set
}

// emptyLevels are the levels that need an outage of some age: at the report it has none. The lowest of them
// is used if short outages count as it.
func emptyLevels(c *world.Contract) []string {
	var out []string
	for _, s := range c.Severities {
		if s.Outage && s.Age > 0 {
			out = append(out, s.ID)
		}
	}
	if c.ShortOutageSerious && len(out) > 0 {
		lowest := ""
		for _, s := range c.Severities {
			if s.Outage {
				lowest = s.ID
			}
		}
		out = slices.DeleteFunc(out, func(id string) bool { return id == lowest })
	}
	return out
}

// bandHeads compiles the levels of the bands, nearest first; sites are assigned later.
func (c *compiler) bandHeads(out *world.Contract, in *Contract, path []string) {
	if in.Bands == nil {
		return
	}
	path = pathTo(path, "bands")
	for _, id := range sortedKeys(in.Bands.Levels) {
		b, here := in.Bands.Levels[id], pathTo(path, "levels", id)
		band := world.Band{ID: id, Name: named(b.Name, id), Metres: -1, Tags: slices.Clone(b.Tags)}
		if b.Within.Set {
			band.Metres = int32(b.Within.Metres)
		} else if len(b.Tags) == 0 && c.sound(here, "within", "tags") {
			c.err(here, CodeOneOf, dotted(here), "within, tags")
		}
		out.Bands = append(out.Bands, band)
	}
	slices.SortStableFunc(out.Bands, func(a, b world.Band) int { return cmp.Compare(a.Metres, b.Metres) })
	for i := range out.Bands {
		if i > 0 && out.Bands[i].Metres >= 0 && out.Bands[i].Metres == out.Bands[i-1].Metres {
			c.err(pathTo(path, "levels"), CodeBandOrder, dotted(pathTo(path, "levels")))
		}
	}
	if len(out.Bands) > maxLevels {
		c.err(pathTo(path, "levels"), CodeTooManyNames, "bands", len(out.Bands), maxLevels)
		out.Bands = out.Bands[:maxLevels]
	}
}

func bandNames(c *world.Contract) []string {
	var out []string
	for _, b := range c.Bands {
		out = append(out, b.ID)
	}
	return out
}

func severityNames(c *world.Contract) []string {
	var out []string
	for _, s := range c.Severities {
		out = append(out, s.ID)
	}
	return out
}

func (c *compiler) approval(in *Approval) world.Approval {
	if in == nil {
		return world.Approval{}
	}
	out := world.Approval{Probability: prob(in.Probability, 1), Day: in.Day.Value, Night: in.Night.Value, Holds: in.Holds}
	if !in.Night.Set {
		out.Night = out.Day
	}
	return out
}

func (c *compiler) task(in *AdminTask) world.AdminTask {
	if in == nil {
		return world.AdminTask{}
	}
	return world.AdminTask{
		Share: prob(in.Share, 1), Visits: in.Visits, Delay: in.Delay.Value, Work: in.Work.Value,
		Role: role(in.By, world.RoleDesk),
	}
}

// homeFirst is the source of parts that names a depot.
const homeFirst = "home_then_nearest"

var partSources = map[string]world.SourcePolicy{
	"engineer_base": world.EngineerBase, "nearest_stock": world.NearestStock, homeFirst: world.HomeThenNearest,
}

func (c *compiler) process(in *Process, path []string) world.Process {
	out := world.Process{
		Detection: in.Detection.Value, UrgentFirst: in.UrgentFirst,
		Remote: map[string]world.Remote{
			"sequential": world.Sequential, "parallel": world.Parallel, "direct": world.Direct,
		}[in.Remote],
		Carry:     map[string]world.Carry{"joint": world.Joint, "if_free": world.IfFree}[in.Carry],
		AheadWhen: int32(cmp.Or(in.AheadWhen, maxLevels)), Respond: in.Respond, Talk: in.Talk.Value, Misclassified: float64(in.Misclassified), Triage: in.Triage.Value,
		RemoteApproval: c.approval(in.RemoteApproval), OwnApproval: c.approval(in.OwnApproval),
		Authorisation: c.approval(in.Authorisation), Quotation: c.approval(in.Quotation), Audit: in.Audit.Value,
		Recognised: float64(in.Recognised), Appointment: c.approval(in.Appointment), Absent: c.approval(in.Absent), OnsiteApproval: c.approval(in.OnsiteApproval),
		PlanLoop: float64(in.PlanLoop), PlanRewrite: in.PlanRewrite.Value, Revision: float64(in.Revision),
		PartConfirm: in.PartConfirm.Value, ConfirmRestore: in.ConfirmRestore.Value,
		WorkaroundShare: float64(in.WorkaroundProb), Workaround: in.Workaround.Value, Preventive: in.Preventive.Value,
		TalkAfter: in.TalkAfter.Value, NewFault: float64(in.NewFault), SiteReport: in.SiteReport.Value,
		Plan: c.task(in.Plan), SignOff: c.signOff(in, path), Report: c.task(in.Report), CallBack: c.task(in.CallBack), Record: c.task(in.Record), Survey: c.task(in.Survey),
		GeneralVisits: in.GeneralVisits == nil || *in.GeneralVisits,
		AccidentWhen:  int32(in.AccidentWhen), AccidentWork: in.AccidentWork.Value,
		HandOver: c.clockSpan(pathTo(path, "hand_over"), in.HandOver, 0),
	}
	if in.PartSource == homeFirst && c.file.Parts.Home == "" && c.sound([]string{"parts"}, "home") {
		c.err(pathTo(path, "part_source"), CodeMissingKey, "parts", "home")
	}
	out.PartSource = partSources[orDefault(in.PartSource, c.file.Parts.Source)]
	if in.MaxHold.Unit != Without {
		out.MaxHold = c.clockSpan(pathTo(path, "max_hold"), in.MaxHold, 0)
	}
	out.LoanerAhead, out.ReplaceOn, out.Factory = in.LoanerWhen == "forecast", int32(in.ReplaceOn), in.Factory.Value
	out.VisitsUntil = c.age(pathTo(path, "visits_until"), in.VisitsUntil)
	if (out.VisitsUntil > 0) != in.Factory.Set && c.sound(path, "visits_until", "factory") {
		missing := "factory"
		if in.Factory.Set {
			missing = "visits_until"
		}
		c.err(path, CodeMissingKey, dotted(path), missing)
	}
	// A written plan follows what the first contact decides, a yes of our own precedes remote work.
	if in.Plan != nil && !out.Respond && c.sound(path, "respond") {
		c.err(pathTo(path, "plan"), CodeContradict, dotted(path), "plan", "respond: false")
	}
	switch {
	case in.SignOff == nil:
	case !out.Respond && c.sound(path, "respond"):
		c.err(pathTo(path, "sign_off"), CodeContradict, dotted(path), "sign_off", "respond: false")
	case out.Remote == world.NoRemote && c.sound(path, "remote"):
		c.err(pathTo(path, "sign_off"), CodeContradict, dotted(path), "sign_off", "remote: none")
	}
	if in.AheadWhen > 0 && out.Remote != world.Parallel && c.sound(path, "remote") {
		c.err(pathTo(path, "ahead_when"), CodeContradict, dotted(path), "ahead_when", "remote: "+orDefault(in.Remote, "none"))
	}
	if out.Carry != world.Sent && out.Remote == world.Parallel && c.sound(path, "carry", "remote") {
		c.err(pathTo(path, "carry"), CodeContradict, dotted(path), "carry: "+in.Carry, "remote: parallel")
	}
	if in.ReplaceOn > 0 && c.sound([]string{"equipment", "classes"}, "") {
		units := false
		for _, class := range c.file.Equipment.Classes {
			units = units || class.NewUnit != ""
		}
		if !units {
			c.err(pathTo(path, "replace_on"), CodeMissingKey, "equipment.classes", "new_unit")
		}
	}
	if out.LoanerAhead && !in.LoanerAfter.Set && c.sound(path, "loaner_after") {
		c.err(pathTo(path, "loaner_when"), CodeMissingKey, dotted(path), "loaner_after")
	}
	if in.LoanerAfter.Unit != Without {
		out.LoanerAfter = c.clockSpan(pathTo(path, "loaner_after"), in.LoanerAfter, 0)
	}
	if p := in.Phone; p != nil {
		out.Phone, out.PhoneShare = true, prob(p.Share, 1)
		out.Call, out.Patience, out.Contacts = p.Call.Value, p.Patience.Value, number(&p.Contacts, 0)
	}
	if p := in.Complaint; p != nil {
		out.Complaint = world.Complaint{
			Share: float64(p.Share), ShareLate: float64(p.ShareLate), Reply: p.Reply.Value, Close: p.Close.Value,
			Loop: float64(p.Loop),
		}
		if p.Loop == 1 {
			c.err(pathTo(path, "complaint", "loop"), CodeOutOfRange, dotted(pathTo(path, "complaint", "loop")), p.Loop, "< 1")
		}
	}
	if in.PlanLoop == 1 {
		c.err(pathTo(path, "plan_loop"), CodeOutOfRange, dotted(pathTo(path, "plan_loop")), in.PlanLoop, "< 1")
	}
	return out
}

// signer is who gives an approval, if somebody in particular does.
func (c *compiler) signer(out *world.SignOff, in *SignOff, path []string) {
	out.Team, out.Work = -1, in.Work.Value
	switch {
	case !c.sound(path, "day", "by"):
	case in.Day.Set == (in.By != ""):
		c.err(path, CodeOneOf, dotted(path), "day, by")
	case in.By == "" && in.Work.Set && c.sound(path, "work"):
		c.err(pathTo(path, "work"), CodeContradict, dotted(path), "work", "day")
	case in.By != "":
		names := sortedKeys(c.file.People)
		out.Team = c.ref(pathTo(path, "by"), in.By, names, CodeUnknownTeam)
		if out.Team >= 0 && !slices.Contains(c.file.People[in.By].Roles, "approver") && c.whole("people", in.By, "roles") {
			c.err(pathTo(path, "by"), CodeNoRole, "approver", dotted(path))
		}
	}
}

// signOff is the approvals by the amount of work, least first.
func (c *compiler) signOff(in *Process, path []string) []world.SignOff {
	var out []world.SignOff
	known := map[model.Time]string{} // which begins at this amount of work
	for _, id := range sortedKeys(in.SignOff) {
		s, here := in.SignOff[id], pathTo(path, "sign_off", id)
		x := world.SignOff{ID: id, Over: c.clockSpan(pathTo(here, "over"), s.Over, 0), Day: s.Day.Value, Night: s.Night.Value}
		if !s.Night.Set {
			x.Night = x.Day
		}
		c.signer(&x, &s, here)
		if s.Over.Set && s.Over.Unit == Clock && c.sound(here, "over") {
			if first, ok := known[x.Over]; ok {
				c.err(here, CodeContradict, dotted(path)+".sign_off", first+" (over: "+c.written(pathTo(path, "sign_off", first, "over"))+")", id)
			} else {
				known[x.Over] = id
			}
		}
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b world.SignOff) int { return cmp.Compare(a.Over, b.Over) })
	return out
}

var tiers = map[string]uint8{"l1": 1, "l2": 2, "l3": 3, "vendor": 4}

func (c *compiler) rung(id string, in Rung, path []string) world.Rung {
	out := world.Rung{
		ID: id, Since: c.milestone(pathTo(path, "since"), model.SubjectTicket, in.Since),
		Unless: c.milestone(pathTo(path, "unless"), model.SubjectTicket, in.Unless),
		OnSite: in.Join == "site", Holds: in.Holds.Value, People: max(int32(in.People), 1), Loaner: in.Loaner, Plan: c.task(in.Plan),
		Stale: in.Stale, Mark: model.NumTicketMilestones,
	}
	switch in.After.Unit {
	case Workdays:
		out.Workdays = in.After.N
		if in.Stale {
			c.err(path, CodeContradict, dotted(path), "stale", "after: "+c.written(pathTo(path, "after")))
		}
		if in.Calendar == "" && c.sound(path, "calendar") {
			c.err(pathTo(path, "after"), CodeWorkdaysCalendar, dotted(pathTo(path, "after")))
		}
		if in.After.N == 0 {
			c.err(pathTo(path, "after"), CodeOutOfRange, dotted(pathTo(path, "after")), "0wd", "> 0")
		}
	default:
		out.After = c.clockSpan(pathTo(path, "after"), in.After, 0)
	}
	out.Calendar = c.cal(pathTo(path, "calendar"), in.Calendar)
	switch {
	case in.Adds != "" && in.Moves != "":
		c.err(path, CodeContradict, dotted(path), "adds", "moves")
	case in.Adds == "" && in.Moves == "" && !in.Loaner && in.Plan == nil && c.sound(path, "adds", "moves", "loaner", "plan"):
		c.err(path, CodeOneOf, dotted(path), "adds, moves")
	}
	out.Moves = in.Moves != ""
	out.Tier = tiers[in.Adds+in.Moves]
	marks := map[uint8]string{2: "escalated_2", 3: "escalated_3", 4: "escalated_4"}
	if mark := orDefault(in.Mark, marks[out.Tier]); mark != "" {
		out.Mark, _ = model.SubjectTicket.ParseMilestone(mark)
	}
	return out
}

func (c *compiler) milestone(path []string, of model.Subject, name string) model.Milestone {
	m, ok := of.ParseMilestone(name)
	if !ok {
		c.err(path, CodeUnknownMilestone, name, of.String(), nearest(name, of.Milestones()), strings.Join(of.Milestones(), ", "))
	}
	return m
}

// bands assigns sites to bands: a site named in sites, then tags, then the road to the nearest service
// point, ends included. Only sites with equipment of the contract are reported.
func (c *compiler) bands() {
	w := c.world
	for i, id := range c.contracts {
		in, out, path := c.file.Contracts[id].Bands, &w.Contracts[i], []string{"contracts", id, "bands"}
		if in == nil {
			out.SiteBand = slices.Repeat([]int32{-1}, len(w.Places))
			out.SiteBandMetres = slices.Clone(out.SiteBand)
			out.StrictBands = slices.Clone(out.SiteBand)
			continue
		}
		for _, site := range sortedKeys(in.Sites) {
			here := pathTo(path, "sites", site)
			c.place(here, site)
			if legal := bandNames(out); !slices.Contains(legal, in.Sites[site]) && c.sound(pathTo(path, "levels"), in.Sites[site]) {
				c.err(here, CodeUnknownBand, in.Sites[site], id, nearest(in.Sites[site], legal), list(legal))
			} else if at := slices.Index(legal, in.Sites[site]); at >= 0 {
				out.Bands[at].Sites = append(out.Bands[at].Sites, site)
			}
		}
		strict := in.Strict
		if strict == nil {
			strict = []string{allBases}
		}
		from, strictFrom := c.servicePoints(in.From, pathTo(path, "from")), c.servicePoints(strict, pathTo(path, "strict"))
		if c.switchValue(id, "bands_from") == allBases {
			from = strictFrom
		}
		beyond, example := 0, ""
		for p := range w.Places {
			band, metres := c.bandOf(out, in.Sites, int32(p), from)
			out.SiteBand, out.SiteBandMetres = append(out.SiteBand, band), append(out.SiteBandMetres, metres)
			band, _ = c.bandOf(out, in.Sites, int32(p), strictFrom)
			out.StrictBands = append(out.StrictBands, band)
			if !c.covered(i, w.Places[p].ID) || out.SiteBand[p] >= 0 {
				continue
			}
			if metres < 0 && w.Travel.Mode != world.NoTravel {
				continue // an error of its own
			}
			if metres < 0 {
				c.remark([]string{"places", "points", w.Places[p].ID}, CodeBandUnknown, id, w.Places[p].ID)
			} else if beyond++; example == "" {
				example = w.Places[p].ID
			}
		}
		if beyond > 0 {
			c.remark(pathTo(path, "levels"), CodeBeyondBands, id, beyond, example)
		}
	}
}

func (c *compiler) covered(contract int, site string) bool {
	for _, class := range c.classes {
		if c.counts[contract][[2]string{site, class}] > 0 {
			return true
		}
	}
	return false
}

const allBases = "all_bases"

// servicePoints are places by name; all_bases is every place with a team that goes to sites and is no partner.
func (c *compiler) servicePoints(names []string, path []string) []int32 {
	var out []int32
	for i, name := range names {
		if name != allBases {
			out = append(out, c.place(pathTo(path, itoa(i)), name))
			continue
		}
		for _, t := range c.world.Teams {
			if t.Roles&(1<<world.RoleField) != 0 && !t.Partner && t.Count > 0 {
				out = append(out, t.Place)
			}
		}
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(p int32) bool { return p < 0 })
}

func (c *compiler) bandOf(contract *world.Contract, sites map[string]string, place int32, from []int32) (band, metres int32) {
	w := c.world
	metres = -1
	for _, p := range from {
		if d := w.Metres(p, place); d >= 0 && (metres < 0 || d < metres) {
			metres = d
		}
	}
	if id, ok := sites[w.Places[place].ID]; ok {
		return int32(slices.Index(bandNames(contract), id)), metres
	}
	for b, band := range contract.Bands {
		if slices.ContainsFunc(band.Tags, func(tag string) bool { return slices.Contains(w.Places[place].Tags, tag) }) {
			return int32(b), metres
		}
	}
	for b, band := range contract.Bands {
		if band.Metres >= 0 && metres >= 0 && metres <= band.Metres {
			return int32(b), metres
		}
	}
	return -1, metres
}

// vendors, dispatch, planned work and parts follow.

func (c *compiler) vendors() {
	w := c.world
	owner, terms := map[string]string{}, map[string]int32{} // by class
	rest, general := "", int32(0)                           // the vendor of all other classes
	for i, id := range sortedKeys(c.file.Vendors) {
		v, path := c.file.Vendors[id], []string{"vendors", id}
		out := world.Vendor{ID: id, Fee: v.Fee.Amount, PerCall: v.Call.Amount}
		if len(v.Classes) == 0 {
			if rest != "" && c.sound(path, "classes") {
				c.err(path, CodeVendorTwice, id, rest, "")
			}
			w.Terms = append(w.Terms, world.VendorTerms{Vendor: int32(i), Delay: v.Delay.Value, Work: v.Work.Value})
			rest, general = id, int32(len(w.Terms))
		}
		for _, class := range sortedKeys(v.Classes) {
			here := pathTo(path, "classes", class)
			c.ref(here, class, c.classes, CodeUnknownClass)
			if other, ok := owner[class]; ok {
				c.err(here, CodeVendorTwice, id, other, class)
			}
			own := v.Classes[class]
			out.Fee += own.Fee.Amount
			t := world.VendorTerms{Vendor: int32(i), Delay: v.Delay.Value, Work: v.Work.Value}
			if own.Delay.Set {
				t.Delay = own.Delay.Value
			}
			if own.Work.Set {
				t.Work = own.Work.Value
			}
			w.Terms = append(w.Terms, t)
			owner[class], terms[class] = id, int32(len(w.Terms))
		}
		w.Vendors = append(w.Vendors, out)
	}
	for i := range w.Failures {
		f := &w.Failures[i]
		if f.Terms = terms[f.Class]; f.Terms == 0 {
			f.Terms = general
		}
	}
}

func (c *compiler) dispatch() {
	in, w := &c.file.Dispatch, &c.world.Dispatch
	w.Policy = map[string]world.Policy{
		"severity_age": world.SeverityAge, "earliest_due": world.EarliestDue, "least_slack": world.LeastSlack,
		"reserve_one": world.ReserveOne, "redirect": world.RedirectPolicy,
	}[in.Policy]
	w.Preempt = map[string]world.Preempt{"planned": world.PreemptPlanned, "lower": world.PreemptLower}[in.Preempt]
	w.Order = map[string]world.Order{"fifo": world.FIFO}[in.Order]
	w.UseOnCall = in.OnCall == nil || *in.OnCall
	parts := &c.file.Parts
	homeAsked := parts.Source == homeFirst
	if homeAsked && parts.Home == "" && c.sound([]string{"parts"}, "home") {
		c.err([]string{"parts", "source"}, CodeMissingKey, "parts", "home")
	}
	for _, id := range c.contracts {
		homeAsked = homeAsked || c.file.Contracts[id].Process.PartSource == homeFirst
	}
	if !homeAsked && parts.Home != "" && c.sound([]string{"parts"}, "source") {
		c.err([]string{"parts", "home"}, CodeContradict, "parts", "home", "source: "+orDefault(parts.Source, "engineer_base"))
	}
	if parts.Home != "" {
		w.HomeDepot = c.ref([]string{"parts", "home"}, parts.Home, sortedKeys(parts.Depots), CodeUnknownDepot) + 1
	}
	w.Lateral = parts.Lateral == "loaners" || parts.Lateral == "all"
	if w.LateralParts = parts.Lateral == "parts" || parts.Lateral == "all"; w.Lateral || w.LateralParts {
		region, loaners := false, false
		for _, d := range parts.Depots {
			region = region || d.Parent != ""
		}
		for _, p := range parts.Items {
			loaners = loaners || p.LoanerFor != ""
		}
		if !region && c.whole("parts", "depots") {
			c.err([]string{"parts", "lateral"}, CodeMissingKey, "parts.depots", "parent")
		}
		if w.Lateral && !loaners && c.whole("parts", "items") {
			c.err([]string{"parts", "lateral"}, CodeMissingKey, "parts.items", "loaner_for")
		}
	}
	w.CourierSpeedKmh = c.file.Travel.Speed.Kmh // as fast as an engineer, unless said
	if courier := c.file.Parts.Courier; courier != nil {
		w.CourierFixed = courier.Fixed.Value
		if courier.Speed.Set {
			w.CourierSpeedKmh = courier.Speed.Kmh
		}
	}
	if w.Policy == world.ReserveOne {
		w.Reserve = 1
	}
	for i := range c.world.Contracts {
		c.world.Contracts[i].ReserveRank = 1
	}
	if in.Reserve != nil {
		w.Reserve = int32(in.Reserve.People)
		if s := in.Reserve.Severity; s != "" { // each contract's own level of that name; one without such a level may use nobody kept back
			found := false
			var legal []string
			read := c.sound([]string{"contracts"}, "")
			for i := range c.world.Contracts {
				read = read && c.sound([]string{"contracts", c.contracts[i], "severities"}, s)
				names := severityNames(&c.world.Contracts[i])
				legal = append(legal, names...)
				at := int32(slices.Index(names, s)) + 1
				c.world.Contracts[i].ReserveRank = at
				found = found || at > 0
			}
			if !found && read {
				c.err([]string{"dispatch", "reserve", "severity"}, CodeUnknownSeverity, s, "", nearest(s, legal), list(legal))
			}
		}
	}
}

var everyMonths = map[string]int32{"month": 1, "quarter": 3, "half_year": 6, "year": 12}

func (c *compiler) planned() {
	w := c.world
	for _, id := range c.jobs {
		j, path := c.file.Planned.Jobs[id], []string{"planned", "jobs", id}
		out := world.JobPlan{
			ID: id, Hash: model.HashName("job/" + id), Name: named(j.Name, id),
			Contract: c.ref(pathTo(path, "contract"), j.Contract, c.contracts, CodeUnknownContract),
			Months:   everyMonths[j.Every], PerDevice: j.PerDevice.Value,
			MaxVisit: c.clockSpan(pathTo(path, "max_visit"), j.MaxVisit, 6*time.Hour), Notice: int32(j.Notice),
			Confirm: c.clockSpan(pathTo(path, "confirm"), j.Confirm, 0),
			Cancel:  float64(j.Cancel), Postpone: c.clockSpan(pathTo(path, "postpone"), j.Postpone, 0),
			Findings: float64(j.Findings), Calendar: c.cal(pathTo(path, "calendar"), j.Calendar), StartHour: 9,
			Skill: -1, Permission: j.Permission.Value, Talk: j.Talk.Value, Report: c.task(j.Report), Share: prob(j.Share, 1),
		}
		out.From, out.Until = c.window(path, j.From, j.Until)
		if out.MaxVisit == 0 {
			c.err(pathTo(path, "max_visit"), CodeOutOfRange, dotted(pathTo(path, "max_visit")), "0", "> 0")
		}
		if j.StartHour != nil {
			out.StartHour = int32(*j.StartHour)
		}
		if j.Skill != "" {
			out.Skill = int32(slices.Index(w.Skills, j.Skill))
		}
		for i, site := range j.Sites {
			c.place(pathTo(path, "sites", itoa(i)), site)
		}
		if out.Contract < 0 {
			continue
		}
		for p, site := range c.places {
			devices := 0
			for _, class := range c.classes {
				devices += c.counts[out.Contract][[2]string{site, class}]
			}
			if devices > 0 && (j.Sites == nil || slices.Contains(j.Sites, site)) {
				out.Sites, out.Devices = append(out.Sites, int32(p)), append(out.Devices, int32(devices))
			}
		}
		c.needRole(out.Contract, world.RolePlanned, path)
		if out.Report.Share > 0 && c.whole(pathTo(path, "report")...) {
			c.needRole(out.Contract, out.Report.Role, pathTo(path, "report"))
		}
		c.listed(&out, &j, path)
		w.Jobs = append(w.Jobs, out)
	}
	for _, id := range c.papers {
		p, path := c.file.Planned.Papers[id], []string{"planned", "papers", id}
		out := world.Paper{
			ID: id, Hash: model.HashName("paper/" + id), Name: named(p.Name, id),
			Contract: c.ref(pathTo(path, "contract"), p.Contract, c.contracts, CodeUnknownContract),
			Months:   everyMonths[p.Every], Work: p.Work.Value, Delay: p.Delay.Value, Role: role(p.By, world.RoleAdmin),
			PerYear: int32(p.PerYear.N), Promised: int32(p.Promised.N), Emergency: p.Every == "emergency_day",
		}
		out.From, out.Until = c.window(path, p.From, p.Until)
		switch {
		case p.Every != "" && out.PerYear > 0:
			c.err(path, CodeContradict, dotted(path), "every", "per_year")
		case p.Every == "" && out.PerYear == 0 && c.sound(path, "every", "per_year"):
			c.err(path, CodeOneOf, dotted(path), "every, per_year")
		case out.Promised > 0 && out.PerYear == 0 && c.sound(path, "per_year"):
			c.err(pathTo(path, "promised"), CodeMissingKey, dotted(path), "per_year")
		}
		if out.Promised == 0 {
			out.Promised = out.PerYear
		}
		if out.Contract >= 0 && c.sound(path, "by") {
			c.needRole(out.Contract, out.Role, path)
		}
		w.Papers = append(w.Papers, out)
	}
	for _, id := range c.checks {
		w.Papers = append(w.Papers, c.check(id))
	}
}

// check compiles what is counted without a report; it stands behind the reports.
func (c *compiler) check(id string) world.Paper {
	in, path := c.file.Planned.Checks[id], []string{"planned", "checks", id}
	out := world.Paper{
		ID: id, Hash: model.HashName("check/" + id), Name: named(in.Name, id), People: int32(max(in.People, 1)),
		Contract: c.ref(pathTo(path, "contract"), in.Contract, c.contracts, CodeUnknownContract),
	}
	if _, twice := c.file.Planned.Papers[id]; twice {
		c.err(path, CodeContradict, "planned", "papers."+id, "checks."+id)
	}
	switch {
	case !c.sound(path, "team", "people", "parts"):
	case (in.Team != "") == (in.Parts != ""):
		c.err(path, CodeOneOf, dotted(path), "team, parts")
	case in.Parts != "" && in.People > 0:
		c.err(pathTo(path, "people"), CodeContradict, dotted(path), "people", "parts")
	case in.Parts != "":
		out.Check = map[string]world.Check{"stocked": world.Stocked, "from_stock": world.FromStock}[in.Parts]
	case in.People == 0:
		c.err(path, CodeMissingKey, dotted(path), "people")
	default:
		out.Check, out.Team = world.OnDuty, max(c.ref(pathTo(path, "team"), in.Team, sortedKeys(c.file.People), CodeUnknownTeam), 0)
	}
	return out
}

// listed are the periods of a job that does not follow the months: the first days of the term, or the days before each
// key period of its contract.
func (c *compiler) listed(out *world.JobPlan, in *Job, path []string) {
	within := c.clockSpan(pathTo(path, "within"), in.Within, 30*model.Day)
	switch {
	case in.Every != "once" && in.Every != "key_period":
		if in.Within.Set && c.sound(path, "every") {
			c.err(pathTo(path, "within"), CodeContradict, dotted(path), "within", "every: "+in.Every)
		}
		return
	case within < model.Day:
		c.err(pathTo(path, "within"), CodeOutOfRange, dotted(pathTo(path, "within")), in.Within.Span, ">= 1d")
		return
	}
	out.Listed = true
	if in.Every == "once" {
		for _, x := range []struct {
			key string
			set bool
		}{{"from", in.From.Set}, {"until", in.Until.Set}} {
			if x.set {
				c.err(pathTo(path, x.key), CodeContradict, dotted(path), x.key, "every: once")
			}
		}
		out.Periods = []model.Interval{{End: within}}
		return
	}
	for _, k := range c.world.Contracts[out.Contract].KeyPeriods {
		if k.Start > 0 && k.Start <= c.world.Term {
			out.Periods = append(out.Periods, model.Interval{Start: max(k.Start-within, 0), End: k.Start})
		}
	}
	if out.Periods == nil && c.whole("contracts", in.Contract, "key_periods") {
		c.err(pathTo(path, "every"), CodeNoKeyPeriod, dotted(path), in.Contract)
	}
}

// window is the age of the contract in which planned work falls.
func (c *compiler) window(path []string, from, until Duration) (a, b model.Time) {
	a, b = c.age(pathTo(path, "from"), from), c.age(pathTo(path, "until"), until)
	if until.Set && b <= a && c.sound(path, "from", "until") {
		c.err(pathTo(path, "until"), CodeOutOfRange, dotted(pathTo(path, "until")), c.written(pathTo(path, "until")), "> from")
	}
	if from.Set && a >= c.world.Term && c.sound(path, "from") && c.sound([]string{"run"}, "term") {
		c.warn(pathTo(path, "from"), CodeNeverComes, dotted(path), c.written(pathTo(path, "from")))
	}
	return a, b
}

// age is an age of the contract; whole years are by the date.
func (c *compiler) age(path []string, d Duration) model.Time {
	t := c.clockSpan(path, d, 0)
	if n := t / model.Year; n > 0 && t%model.Year == 0 {
		return c.world.Start.AddDate(int(n), 0, 0).Sub(c.world.Start)
	}
	return t
}

// needRole reports a role in which nobody serves a contract.
func (c *compiler) needRole(contract int32, r world.Role, path []string) {
	if !c.anybody && !slices.ContainsFunc(c.world.Teams, func(t world.Team) bool { return serves(&t, int(contract), r) }) {
		c.err(path, CodeNoRole, roles[r], dotted(path))
	}
}

func (c *compiler) partsAndDepots() {
	in, w := &c.file.Parts, c.world
	loaner := map[string]int32{}
	for i, id := range c.parts {
		p, path := in.Items[id], []string{"parts", "items", id}
		w.Parts = append(w.Parts, world.Part{
			ID: id, Family: orDefault(p.Family, id), Name: named(p.Name, id), Price: p.Price.Amount, Loaner: p.LoanerFor != "",
		})
		if p.LoanerFor == "" {
			continue
		}
		c.ref(pathTo(path, "loaner_for"), p.LoanerFor, c.classes, CodeUnknownClass)
		if _, ok := loaner[p.LoanerFor]; !ok {
			loaner[p.LoanerFor] = int32(i)
		}
	}
	c.loaners = loaner
	depots := sortedKeys(in.Depots)
	for _, id := range depots {
		d, path := in.Depots[id], []string{"parts", "depots", id}
		out := world.Depot{
			ID: id, Place: c.place(pathTo(path, "place"), d.Place), Parent: -1,
			Transport: d.Transport.Value, Handling: d.Handling.Value,
			Contracts: c.contractSet(pathTo(path, "contracts"), d.Contracts), Customers: d.Owner == "customer", CostShare: prob(d.CostShare, 1),
		}
		if d.Parent != "" {
			out.Parent = c.ref(pathTo(path, "parent"), d.Parent, depots, CodeUnknownDepot)
		}
		w.Depots = append(w.Depots, out)
		for _, part := range sortedKeys(d.Stock) {
			c.ref(pathTo(path, "stock", part), part, c.parts, CodeUnknownPart)
		}
		for _, part := range c.parts {
			w.Stock = append(w.Stock, c.stock(d, part, pathTo(path, "stock", part)))
		}
	}
	unnamed := map[int32]int{} // depots of a place
	for i, id := range depots {
		if in.Depots[id].Name == (Text{}) {
			unnamed[w.Depots[i].Place]++
		}
	}
	for i, id := range depots {
		d := &w.Depots[i]
		d.Name = named(in.Depots[id].Name, id)
		if in.Depots[id].Name == (Text{}) && d.Place >= 0 && unnamed[d.Place] == 1 {
			d.Name = w.Places[d.Place].Name
		}
	}
	for i := range w.Depots {
		chain, at := []string{depots[i]}, w.Depots[i].Parent
		for at >= 0 && len(chain) <= len(depots) {
			chain = append(chain, depots[at])
			if at == int32(i) {
				c.err([]string{"parts", "depots", depots[i], "parent"}, CodeDepotCycle, strings.Join(chain, " → "))
				break
			}
			at = w.Depots[at].Parent
		}
	}
}

func (c *compiler) stock(d Depot, part string, path []string) world.Stock {
	level, stocked := d.Stock[part]
	item := c.file.Parts.Items[part]
	out := world.Stock{
		Lead: item.Lead.Value, RepairShare: float64(item.RepairShare), RepairTime: item.RepairTime.Value, EmergencyFactor: 1,
	}
	if c.file.Parts.NewOnly {
		out.RepairShare = 0
	}
	if e := item.Emergency; e != nil {
		out.Buys, out.Emergency, out.EmergencyWhen = true, e.Lead.Value, int32(e.Below)
		if e.Factor != 0 {
			out.EmergencyFactor = float64(e.Factor)
		}
	}
	if !stocked {
		return out
	}
	if level.UpTo < 0 || level.UpTo > maxDevices {
		c.err(path, CodeOutOfRange, dotted(path), level.UpTo, "0.."+itoa(maxDevices))
		return out
	}
	out.Rule, out.S = world.BaseStock, int32(level.UpTo)
	out.Reorder = out.S - 1
	if level.Reorder != nil {
		out.Rule, out.Reorder = world.MinMax, int32(*level.Reorder)
		if (*level.Reorder >= level.UpTo || *level.Reorder < -1) && c.whole(path...) {
			c.err(path, CodeReorder, dotted(path), *level.Reorder, level.UpTo)
		}
	}
	return out
}

// abilities checks that somebody can do the work, and that everything can be reached.
func (c *compiler) abilities() {
	w := c.world
	c.world.Dispatch.Loaners = slices.Repeat([]int32{-1}, len(w.Parts))
	for i := range w.Failures {
		f := &w.Failures[i]
		if unit := c.file.Equipment.Classes[f.Class].NewUnit; unit != "" {
			f.NewUnit = c.ref([]string{"equipment", "classes", f.Class, "new_unit"}, unit, c.parts, CodeUnknownPart)
		}
		if l, ok := c.loaners[f.Class]; ok {
			f.Loaner = l
			for _, p := range f.Parts {
				if p.Part >= 0 && w.Dispatch.Loaners[p.Part] < 0 {
					w.Dispatch.Loaners[p.Part] = l
				}
			}
		}
	}
	used := make([]map[int32]bool, len(w.Contracts)) // failures by contract
	for i := range w.Sources {
		s := &w.Sources[i]
		if used[s.Contract] == nil {
			used[s.Contract] = map[int32]bool{}
		}
		for _, f := range s.Failures {
			used[s.Contract][f.Failure] = true
		}
	}
	needed := make([]bool, len(w.Parts))
	for i, id := range c.contracts {
		path := []string{"contracts", id}
		if !c.anybody {
			if !slices.ContainsFunc(w.Teams, func(t world.Team) bool { return serves(&t, i, world.RoleField) }) {
				c.err(path, CodeNoFieldTeam, id)
				continue
			}
			c.processRoles(i, pathTo(path, "process"))
		}
		for f := range w.Failures {
			if used[i][int32(f)] {
				c.ability(i, &w.Failures[f])
				for _, p := range w.Failures[f].Parts {
					if p.Part < 0 {
						continue
					}
					needed[p.Part] = needed[p.Part] || w.Failures[f].PartNeed > 0
				}
			}
		}
	}
	for p, id := range c.parts {
		stocked := false
		for d := range w.Depots {
			stocked = stocked || w.Stock[d*len(w.Parts)+p].Rule != world.NotStocked
		}
		if needed[p] && !stocked {
			c.remark([]string{"parts", "items", id}, CodePartNowhere, id)
		}
	}
	c.reachable()
}

// contractSet is contracts by name as bits; none means all.
func (c *compiler) contractSet(path []string, names []string) uint64 {
	if len(names) == 0 {
		return math.MaxUint64
	}
	set := uint64(0)
	for i, name := range names {
		if at := c.ref(pathTo(path, itoa(i)), name, c.contracts, CodeUnknownContract); at >= 0 {
			set |= 1 << at
		}
	}
	return set
}

func serves(t *world.Team, contract int, r world.Role) bool {
	return t.Roles&(1<<r) != 0 && t.Contracts&(1<<contract) != 0 && t.Count > 0
}

// processRoles checks that each stage has its people. Without a team of approvers our own approval is a mere delay; by a team
// of nobody it never comes.
func (c *compiler) processRoles(contract int, path []string) {
	p := &c.world.Contracts[contract].Process
	approvers := slices.ContainsFunc(c.world.Teams, func(t world.Team) bool {
		return t.Roles&(1<<world.RoleApprover) != 0 && t.Contracts&(1<<contract) != 0
	})
	for _, need := range []struct {
		role world.Role
		when bool
		key  string
	}{
		{world.RoleDesk, p.Phone, "phone"},
		{world.RoleRemote, p.Respond, "respond"},
		{world.RoleRemote, p.Remote == world.Sequential || p.Remote == world.Parallel, "remote"},
		{world.RoleApprover, approvers && p.OwnApproval.Probability > 0, "own_approval"},
		{p.Plan.Role, p.Plan.Share > 0, "plan"}, {p.Report.Role, p.Report.Share > 0, "report"}, {p.CallBack.Role, p.CallBack.Share > 0, "call_back"},
		{p.Record.Role, p.Record.Share > 0, "record"}, {p.Survey.Role, p.Survey.Share > 0, "survey"},
		{world.RoleManager, p.Complaint.Share > 0 || p.Complaint.ShareLate > 0, "complaint"},
		{world.RoleManager, p.AccidentWhen > 0 && !p.AccidentWork.IsZero(), "accident_work"},
	} {
		if need.when && c.whole(pathTo(path, need.key)...) {
			c.needRole(int32(contract), need.role, pathTo(path, need.key))
		}
	}
	for _, q := range c.world.Questions {
		if q.Contract != int32(contract) {
			continue
		}
		for _, r := range q.Rises {
			if here := []string{"faults", "questions", q.Name, "rise"}; c.whole(here...) {
				c.needRole(int32(contract), r.Role, here)
			}
		}
	}
	for _, r := range c.world.Contracts[contract].Ladder {
		if here := pathTo(path[:len(path)-1], "ladder", r.ID, "plan"); r.Plan.Share > 0 && c.whole(here...) {
			c.needRole(int32(contract), r.Plan.Role, here)
		}
	}
}

// ability checks that a failure of a contract has somebody with the skill and of the tier.
func (c *compiler) ability(contract int, f *world.Failure) {
	w, path := c.world, []string{"equipment", "classes", f.Class, "failures", f.ID}
	if c.anybody {
		return
	}
	if f.RemoteFix < 1 && f.Skill >= 0 && c.sound(path, "skill", "remote") && c.sound([]string{"faults"}, "visit_factor") {
		if !slices.ContainsFunc(w.Teams, func(t world.Team) bool {
			return serves(&t, contract, world.RoleField) && t.Skills&(1<<f.Skill) != 0
		}) {
			needs := f.Class + "." + f.ID
			here := pathTo(path, "skill")
			if c.file.Equipment.Classes[f.Class].Failures[f.ID].Skill == "" {
				needs, here = f.Class, []string{"equipment", "classes", f.Class, "skill"} // said once, of all its failures
			}
			c.err(here, CodeSkillNobodyHas, w.Skills[f.Skill], needs, c.contracts[contract])
		}
	}
	for i := 3; i >= 1; i-- {
		if f.Difficulty[i] == f.Difficulty[i-1] {
			continue
		}
		if c.whole(pathTo(path, "difficulty")...) && !slices.ContainsFunc(w.Teams, func(t world.Team) bool {
			return t.Rate[i] > 0 && t.Contracts&(1<<contract) != 0 && t.Count > 0
		}) {
			c.err(pathTo(path, "difficulty"), CodeTierNobodyHas, difficulties[i-1], f.Class+"."+f.ID, c.contracts[contract])
		}
		break
	}
}

// reachable checks the distances between all places where something happens. Where trips take no time an
// unknown distance is 0.
func (c *compiler) reachable() {
	w := c.world
	used := make([]bool, len(w.Places))
	use := func(place int32) {
		if place >= 0 {
			id := w.Places[place].ID // where it is may not have been read
			used[place] = c.whole("places", "points", id) && c.whole("places", "distances", id)
		}
	}
	for i := range w.Sources {
		use(w.Sources[i].Site)
	}
	for i := range w.Teams {
		use(w.Teams[i].Place)
	}
	for i := range w.Depots {
		use(w.Depots[i].Place)
	}
	if !c.sound([]string{"places"}, "metric") || !c.sound([]string{"travel"}, "mode") {
		return
	}
	missing := make([]int, len(w.Places)) // unknown distances of each place
	for a := range w.Places {
		for b := range w.Places {
			if !used[a] || !used[b] || w.Metres(int32(a), int32(b)) >= 0 {
				continue
			}
			if w.Travel.Mode == world.NoTravel {
				w.Dist[a*len(w.Places)+b] = 0
				continue
			}
			missing[a]++
		}
	}
	code := CodeSiteNoDistance
	if c.file.Places.Metric == "plane" {
		code = CodeSiteNoPoint
	}
	for { // the place that lacks most, then what is missing without it
		a := 0
		for i, n := range missing {
			if n > missing[a] {
				a = i
			}
		}
		if len(missing) == 0 || missing[a] == 0 {
			return
		}
		lacks := missing[a]
		example := -1
		for b := range w.Places {
			if used[b] && w.Metres(int32(a), int32(b)) < 0 {
				missing[b]--
				if example < 0 {
					example = b
				}
			}
		}
		c.err([]string{"places", "points", w.Places[a].ID}, code, w.Places[a].ID, w.Places[example].ID, lacks-1)
		missing[a], used[a] = 0, false
	}
}
