package scenarios

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"slasim/model"
	"slasim/model/calendar"
	"slasim/model/world"
)

// teams compiles people. Persons stand team by team, in the order of the teams' names.
func (c *compiler) teams() {
	w := c.world
	w.Approvers = -1
	total, most, at := int64(0), int64(0), []string{"people"} // at: the largest number
	for _, id := range sortedKeys(c.file.People) {
		n := c.file.People[id].Headcount.N
		total += min(n, 1<<40) // no overflow: a document has fewer than 2²³ values
		if n > most {
			most, at = n, []string{"people", id, "headcount"}
		}
	}
	if total > maxPeople {
		c.err(at, CodeTooManyPeople, total, maxPeople)
		c.anybody = true
		return
	}
	c.anybody = !c.sound([]string{"people"}, "") // "": a team of which not even the name could be read
	for _, id := range sortedKeys(c.file.People) {
		in, path := c.file.People[id], []string{"people", id}
		t := c.team(id, &in, path)
		for _, key := range []string{"headcount", "roles", "tier", "skills", "contracts", "rates"} {
			c.anybody = c.anybody || !c.whole(pathTo(path, key)...)
		}
		t.First, t.Count = int32(len(w.Persons)), int32(in.Headcount.N)
		rosters, hours, ok := c.roster(&in, path)
		if ok && in.OnCall != nil {
			if rosters == nil {
				c.warn(pathTo(path, "on_call"), CodeOnCallAll, id)
			} else {
				rosters = c.onCall(rosters, int(t.Count), in.OnCall, pathTo(path, "on_call"))
			}
		}
		t.HeadsPerSeat = headsPerSeat(hours, t.LeaveWeeks, t.Sick)
		if ok && (in.KeyPeriods || in.From.Set || in.Until.Set) {
			rosters = c.onlyIn(&t, rosters, &in, id, path)
		}
		for i := range int(t.Count) {
			name := fmt.Sprintf("%s-%02d", id, i+1)
			p := world.Person{Team: int32(len(w.Teams)), Name: name, Hash: model.HashName("person/" + name), Always: rosters == nil}
			if rosters != nil {
				p.Duties = rosters[i%len(rosters)]
			}
			w.Persons = append(w.Persons, p)
		}
		if t.Roles&(1<<world.RoleApprover) != 0 && w.Approvers < 0 {
			w.Approvers = int32(len(w.Teams))
		}
		w.Teams = append(w.Teams, t)
	}
	c.taken()
}

// headsPerSeat is how many such people fill one seat around the clock: 168 h in each of 52.14 weeks over the
// net hours of a person, leave (of 52.14 weeks) and sickness taken off. 0 if they never work.
func headsPerSeat(hoursPerYear float64, leaveWeeks int32, sick float64) float64 {
	const weeks = 52.14
	net := hoursPerYear * (1 - float64(leaveWeeks)/weeks) * (1 - sick)
	if net <= 0 {
		return 0
	}
	return 168 * weeks / net
}

func (c *compiler) team(id string, in *Team, path []string) world.Team {
	out := world.Team{
		ID: id, Name: named(in.Name, id), Place: c.place(pathTo(path, "place"), in.Place), Tier: max(tiers[in.Tier], 1),
		Skills: math.MaxUint64,
		Return: map[string]world.Return{"redirect": world.Redirect, "stay": world.Stay}[in.Return],
		Finish: in.ShiftEnd != "hand_over", Background: float64(in.Background), BackgroundTask: in.BackgroundTask.Value,
		Sick: float64(in.Sick), Cover: in.Cover, Resident: in.Resident, RosterText: rosterText(in.Roster),
	}
	if len(in.Roles) == 0 && c.sound(path, "roles") {
		c.err(path, CodeMissingKey, dotted(path), "roles")
	}
	for i, r := range in.Roles {
		if !slices.Contains(roles, r) {
			here := pathTo(path, "roles", itoa(i))
			c.err(here, CodeBadEnum, dotted(here), r, nearest(r, roles), list(roles))
			continue
		}
		out.Roles |= 1 << role(r, 0)
	}
	if len(in.Skills) > 0 {
		out.Skills = 0
	}
	for i, skill := range in.Skills {
		if at := slices.Index(c.world.Skills, skill); at >= 0 {
			out.Skills |= 1 << at
		} else {
			if c.skillsRead {
				c.warn(pathTo(path, "skills", itoa(i)), CodeUnknownSkill, skill, nearest(skill, c.world.Skills))
			}
		}
	}
	out.Contracts = c.contractSet(pathTo(path, "contracts"), in.Contracts)
	if in.Background > 0 && !in.BackgroundTask.Set { // an assumption
		out.BackgroundTask = model.Dist{Kind: model.Exponential, A: 3600}
	}
	if in.Background == 1 {
		here := pathTo(path, "background_load")
		c.err(here, CodeOutOfRange, dotted(here), in.Background, "< 1")
	}
	for i := 1; i <= 4; i++ {
		if i <= int(out.Tier) {
			out.Rate[i] = 1
		}
		if r, ok := in.Rates[difficulties[i-1]]; ok {
			out.Rate[i] = float64(r)
		}
	}
	for _, key := range sortedKeys(in.Rates) {
		if !slices.Contains(difficulties, key) {
			here := pathTo(path, "rates")
			c.errKey(pathTo(here, key), CodeUnknownKey, key, dotted(here), nearest(key, difficulties), list(difficulties))
		}
	}
	if m := in.Mobilise; m != nil {
		base, call := c.file.Travel.Mobilise.AtBase.Value, c.file.Travel.Mobilise.OnCall.Value
		if m.AtBase.Set {
			base = m.AtBase.Value
		}
		if m.OnCall.Set {
			call = m.OnCall.Value
		}
		out.Mobilise, out.MobiliseCall = &base, &call
	}
	out.LeaveWeeks = c.leave(in.Leave, pathTo(path, "leave"))
	c.pay(&out, in)
	return out
}

// leave is whole weeks: 5 working days or 7 calendar days each.
func (c *compiler) leave(d Duration, path []string) int32 {
	var weeks float64
	switch d.Unit {
	case Clock:
		weeks = float64(d.Span) / float64(7*model.Day)
	case Workdays:
		weeks = float64(d.N) / 5
	case CalendarDays:
		weeks = float64(d.N) / 7
	}
	whole := int32(math.Round(weeks))
	if weeks > 52 {
		n, _ := c.root.Find(path...)
		c.err(path, CodeTooLong, dotted(path), n.Value, "52w")
		return 0
	}
	if float64(whole) != weeks {
		c.warn(path, CodeLeaveRounded, dotted(path), weeks, int(whole))
	}
	return whole
}

// pay compiles what a team costs. The hourly base of overtime is gross pay over 2,088 h: 21.75 paid days a
// month of 8 h, the rule of China's labour ministry for converting monthly pay.
func (c *compiler) pay(out *world.Team, in *Team) {
	out.Pay = world.TeamPay{
		Annual: in.Pay.Amount * number(in.Loaded, 1), CostShare: prob(in.CostShare, 1), OnCallHour: in.OnCallPay.Amount,
		OvertimeHour: in.Pay.Amount / number(in.HoursPerYear, 2088),
	}
	if p := in.Partner; p != nil {
		out.Partner, out.Accept, out.PartnerDelay = true, prob(p.Accept, 1), p.Delay.Value
		out.Pay.PerVisitDay, out.Pay.PerVisitNight, out.Pay.Retainer = p.Day.Amount, p.Night.Amount, p.Retainer.Amount
		if !p.Night.Set {
			out.Pay.PerVisitNight = out.Pay.PerVisitDay
		}
	}
}

func rosterText(r *Roster) string {
	switch {
	case r == nil:
		return alwaysOpen
	case r.Cycle != "":
		return strings.Join(strings.Fields(r.Cycle), " ") + " (" + hoursText(r.Shifts) + ")"
	default:
		return hoursText(r.Weekly)
	}
}

// roster is the shifts of the people of a team: person i has entry i mod the number of entries. nil is
// always on shift. Hours are those of one person and year of 365 days, without on-call.
func (c *compiler) roster(in *Team, path []string) (entries [][]world.Duty, hours float64, ok bool) {
	r := in.Roster
	if r == nil {
		return nil, model.Hours(model.Year), true
	}
	path = pathTo(path, "roster")
	switch {
	case !c.sound(path, "cycle", "shifts", "calendar") || !c.whole(pathTo(path, "weekly")...):
		return nil, 0, false
	case r.Holidays > 0 && (r.Calendar == "" || r.Calendar == alwaysOpen) && r.Cycle == "":
		c.err(pathTo(path, "holidays"), CodeMissingKey, dotted(path), "calendar")
		return nil, 0, false
	case r.Cycle != "" && len(r.Weekly) > 0, r.Cycle == "" && len(r.Weekly) == 0, r.Cycle != "" && (r.Calendar != "" || r.Holidays > 0):
		c.err(path, CodeRosterForms, dotted(path))
		return nil, 0, false
	case r.Cycle != "":
		return c.cycle(r, int(in.Headcount.N), path)
	}
	weekly, err := calendar.ParseWeekly(r.Weekly)
	if err != nil {
		c.err(pathTo(path, "weekly"), CodeBadHours, dotted(pathTo(path, "weekly")), hoursText(r.Weekly), err)
		return nil, 0, false
	}
	days, rule := c.world.Days, calendar.Rules{}
	if r.Calendar != "" && r.Calendar != alwaysOpen {
		c.cal(pathTo(path, "calendar"), r.Calendar)
		if days = c.days[r.Calendar]; days == nil {
			return nil, 0, false
		}
		rule = rules(c.file.Calendars[r.Calendar])
	}
	duties := c.weekly(calendar.New(days, weekly, rule), weekly)
	if n := int(in.Headcount.N); r.Holidays > 0 && n > 0 {
		if r.Holidays > n {
			c.err(pathTo(path, "holidays"), CodeOutOfRange, dotted(pathTo(path, "holidays")), r.Holidays, "0.."+itoa(n))
			return nil, 0, false
		}
		first, last := c.rosterDays()
		if !c.room(n*len(duties), path) {
			return nil, 0, false
		}
		entries = holidays(duties, days, weekly, n, r.Holidays, first, last)
		for _, own := range entries {
			hours += hoursWithin(own, 0, c.world.Term) / years(c.world.Term) / float64(n)
		}
		return entries, hours, true
	}
	return [][]world.Duty{duties}, hoursWithin(duties, 0, c.world.Term) / years(c.world.Term), true
}

// room reports whether as many duties more can be held.
func (c *compiler) room(duties int, path []string) bool {
	c.duties += duties
	if c.duties > maxDuties {
		c.err(path, CodeTooMuchRoster, c.duties, maxDuties)
	}
	return c.duties <= maxDuties
}

// rosterDays is the span of the rosters: from the warm-up to two days after the last observation, in days.
func (c *compiler) rosterDays() (first, last int) {
	w := c.world
	return -int((w.WarmUp + model.Day - 1) / model.Day), int((w.Term+w.DrainCap+model.Day-1)/model.Day) + 2
}

// weekly lists the open spans of a calendar.
func (c *compiler) weekly(cal *calendar.Calendar, hours calendar.Weekly) []world.Duty {
	edges := []model.Time{0, model.Day}
	for _, spans := range hours {
		for _, s := range spans {
			edges = append(edges, s.Open, s.Close)
		}
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	var out []world.Duty
	first, last := c.rosterDays()
	for d := first; d < last; d++ {
		day := model.Time(d) * model.Day
		for i := 1; i < len(edges); i++ {
			if cal.Open(day + edges[i-1]) {
				out = appendDuty(out, world.Duty{Start: day + edges[i-1], End: day + edges[i]})
			}
		}
	}
	return out
}

// appendDuty joins a duty to the last one if they touch.
func appendDuty(duties []world.Duty, d world.Duty) []world.Duty {
	if n := len(duties); n > 0 && duties[n-1].End == d.Start && duties[n-1].OnCall == d.OnCall {
		duties[n-1].End = d.End
		return duties
	}
	return append(duties, d)
}

func hoursWithin(duties []world.Duty, from, to model.Time) float64 {
	sum := model.Time(0)
	for _, d := range duties {
		if !d.OnCall && d.End > from && d.Start < to {
			sum += min(d.End, to) - max(d.Start, from)
		}
	}
	return model.Hours(sum)
}

// cycle lists the shifts of each person of a cycle. Day 0 is the first of the cycle; person i of n is
// i·length/n days ahead, so that the people spread evenly over it.
func (c *compiler) cycle(r *Roster, n int, path []string) (entries [][]world.Duty, hours float64, ok bool) {
	letters := strings.Fields(r.Cycle)
	shifts := map[string][]calendar.Span{"-": nil}
	for _, letter := range sortedKeys(r.Shifts) {
		spans, err := parseShift(r.Shifts[letter])
		if err != nil {
			here := pathTo(path, "shifts", letter)
			c.err(here, CodeBadHours, dotted(here), r.Shifts[letter], err)
			return nil, 0, false
		}
		shifts[letter] = spans
	}
	total := model.Time(0)
	for i, letter := range letters {
		spans, known := shifts[letter]
		if !known && !c.sound(path, "shifts") || !known && !c.sound(pathTo(path, "shifts"), letter) {
			return nil, 0, false
		}
		if !known {
			c.err(pathTo(path, "cycle"), CodeUnknownShift, letter, list(sortedKeys(shifts)))
			return nil, 0, false
		}
		next := shifts[letters[(i+1)%len(letters)]]
		if k := len(spans); k > 0 && len(next) > 0 && spans[k-1].Close-model.Day > next[0].Open {
			c.err(pathTo(path, "cycle"), CodeOverlap, dotted(path), letter, letters[(i+1)%len(letters)])
			return nil, 0, false
		}
		for _, s := range spans {
			total += s.Close - s.Open
		}
	}
	length := len(letters)
	first, last := c.rosterDays()
	if !c.room(min(n, length)*(last-first), path) {
		return nil, 0, false
	}
	byOffset := map[int][]world.Duty{}
	for i := range n {
		offset := i * length / n
		if byOffset[offset] == nil {
			duties := []world.Duty{}
			for d := first - 1; d < last; d++ {
				day := model.Time(d) * model.Day
				for _, s := range shifts[letters[((d+offset)%length+length)%length]] {
					duties = appendDuty(duties, world.Duty{Start: day + s.Open, End: day + s.Close})
				}
			}
			byOffset[offset] = clipDuties(duties, model.Time(first)*model.Day, model.Time(last)*model.Day)
		}
		entries = append(entries, byOffset[offset])
	}
	if n == 0 {
		entries = [][]world.Duty{{}}
	}
	return entries, model.Hours(total) / float64(length) * 365, true
}

// clipDuties cuts off what lies outside [from, to).
func clipDuties(duties []world.Duty, from, to model.Time) []world.Duty {
	out := duties[:0]
	for _, d := range duties {
		if d.Start, d.End = max(d.Start, from), min(d.End, to); d.Start < d.End {
			out = append(out, d)
		}
	}
	return out
}

// parseShift reads 08:00-20:00, or 20:00-08:00 across midnight, or several with commas, of which the last
// may cross midnight. Close is up to 24 h past midnight then.
func parseShift(text string) ([]calendar.Span, error) {
	parts := strings.Split(text, ",")
	from, to, ok := strings.Cut(strings.TrimSpace(parts[len(parts)-1]), "-")
	if ok && strings.TrimSpace(to) <= strings.TrimSpace(from) && strings.TrimSpace(to) != "00:00" {
		parts[len(parts)-1] = from + "-24:00"
		spans, err := calendar.ParseHours(strings.Join(parts, ","))
		if err != nil {
			return nil, err
		}
		rest, err := calendar.ParseHours("00:00-" + strings.TrimSpace(to))
		if err != nil {
			return nil, err
		}
		spans[len(spans)-1].Close += rest[0].Close
		return spans, nil
	}
	if ok && strings.TrimSpace(to) == "00:00" {
		parts[len(parts)-1] = from + "-24:00"
	}
	return calendar.ParseHours(strings.Join(parts, ","))
}

// onCall adds duty at home: in week w, counted in sevens of days from day 0, the persons w·k … w·k+k−1 (mod
// n) are on call whenever they are off shift, within the hours if any are given.
func (c *compiler) onCall(shifts [][]world.Duty, n int, in *OnCall, path []string) [][]world.Duty {
	window := []calendar.Span{{Open: 0, Close: model.Day}}
	if in.Hours != "" {
		var err error
		if window, err = parseShift(in.Hours); err != nil {
			c.err(pathTo(path, "hours"), CodeBadHours, dotted(pathTo(path, "hours")), in.Hours, err)
			return shifts
		}
	}
	if n == 0 {
		return shifts
	}
	if in.People > n {
		c.err(pathTo(path, "people"), CodeOutOfRange, dotted(pathTo(path, "people")), in.People, "0.."+itoa(n))
		return shifts
	}
	first, last := c.rosterDays()
	if !c.room(n*(len(shifts[0])+last-first), path) {
		return shifts
	}
	out := make([][]world.Duty, n)
	for i := range out {
		own := shifts[i%len(shifts)]
		next := 0 // first shift that ends after the day's window begins
		var duties []world.Duty
		for d := first; d < last; d++ {
			week := int(math.Floor(float64(d) / 7))
			if in.People == 0 || ((i-week*in.People)%n+n)%n >= in.People {
				continue
			}
			for _, s := range window {
				at, end := model.Time(d)*model.Day+s.Open, model.Time(d)*model.Day+s.Close
				if k := len(duties); k > 0 {
					at = max(at, duties[k-1].End)
				}
				for next < len(own) && own[next].End <= at {
					next++
				}
				for j := next; at < end; j++ {
					free := end
					if j < len(own) {
						free = min(end, own[j].Start)
					}
					if at < free {
						duties = appendDuty(duties, world.Duty{Start: at, End: free, OnCall: true})
					}
					if j >= len(own) || own[j].Start >= end {
						break
					}
					at = own[j].End
				}
			}
		}
		duties = clipDuties(duties, model.Time(first)*model.Day, model.Time(last)*model.Day)
		out[i] = mergeDuties(own, duties)
	}
	return out
}

// mergeDuties puts two ordered disjoint lists in one order.
func mergeDuties(a, b []world.Duty) []world.Duty {
	out := slices.Concat(a, b)
	slices.SortFunc(out, func(x, y world.Duty) int { return int((x.Start - y.Start) / time.Second) })
	return out
}
