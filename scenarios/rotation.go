package scenarios

import (
	"slices"

	"slasim/model"
	"slasim/model/calendar"
	"slasim/model/world"
)

// holidays is the rosters of n people of whom some work on each day of a holiday, in turn, and have taken a working day off
// before it for each (S5-56). A holiday is a run of days off that holds a day of the calendar's system; its days have the
// hours of their weekday, or of the first weekday that has any. The duty of a holiday's i-th day is paid by the i-th last
// working day before the holiday, or the last before that on which the person works.
func holidays(own []world.Duty, days *calendar.Days, weekly calendar.Weekly, n, people, first, last int) [][]world.Duty {
	out := make([][]world.Duty, n)
	for i := range out {
		out[i] = slices.Clone(own)
	}
	hours := func(d int) []calendar.Span {
		if h := weekly[days.DateOfDay(d).Weekday()]; len(h) > 0 {
			return h
		}
		for _, h := range weekly {
			if len(h) > 0 {
				return h
			}
		}
		return nil
	}
	free := func(d int) bool { return !days.KindOfDay(d).IsWorkday() }
	turn := 0
	for from := first; from < last; from++ {
		if !free(from) {
			continue
		}
		to, holiday := from, false
		for ; to < last && free(to); to++ {
			holiday = holiday || days.KindOfDay(to) != calendar.Weekend
		}
		for d := from; holiday && d < to; d++ {
			for range people {
				p := &out[turn%n]
				turn++
				back := d - from // working days before the last one
				for off := from - 1; off >= first; off-- {
					if free(off) {
						continue
					}
					if back--; back < 0 && onDuty(*p, off) {
						*p = without(*p, model.Time(off)*model.Day, model.Time(off+1)*model.Day)
						break
					}
				}
				var duty []world.Duty
				for _, s := range hours(d) {
					duty = append(duty, world.Duty{Start: model.Time(d)*model.Day + s.Open, End: model.Time(d)*model.Day + s.Close})
				}
				*p = mergeDuties(without(*p, model.Time(d)*model.Day, model.Time(d+1)*model.Day), duty)
			}
		}
		from = to
	}
	return out
}

// onDuty reports whether some duty begins on a day.
func onDuty(duties []world.Duty, day int) bool {
	from := model.Time(day) * model.Day
	for _, d := range duties {
		if d.Start >= from {
			return d.Start < from+model.Day
		}
	}
	return false
}

// without is the duties outside [from, to).
func without(duties []world.Duty, from, to model.Time) []world.Duty {
	var out []world.Duty
	for _, d := range duties {
		if before := (world.Duty{Start: d.Start, End: min(d.End, from), OnCall: d.OnCall}); before.Start < before.End {
			out = append(out, before)
		}
		if after := (world.Duty{Start: max(d.Start, to), End: d.End, OnCall: d.OnCall}); after.Start < after.End {
			out = append(out, after)
		}
	}
	return out
}

// keyPeriods is when the key periods of some contracts are, in order and disjoint.
func (c *compiler) keyPeriods(contracts uint64) []world.Duty {
	var out []world.Duty
	for i := range c.world.Contracts {
		if contracts>>i&1 == 0 {
			continue
		}
		for _, k := range c.world.Contracts[i].KeyPeriods {
			out = append(out, world.Duty{Start: k.Start, End: k.End})
		}
	}
	slices.SortFunc(out, func(a, b world.Duty) int { return int((a.Start - b.Start) / model.Day) })
	var joint []world.Duty
	for _, d := range out {
		if n := len(joint); n > 0 && joint[n-1].End >= d.Start {
			joint[n-1].End = max(joint[n-1].End, d.End)
			continue
		}
		joint = append(joint, d)
	}
	return joint
}

// onlyIn has the people of a team on duty in a part of the term only, or in the key periods of its contracts, and paid for
// that only.
func (c *compiler) onlyIn(t *world.Team, rosters [][]world.Duty, in *Team, id string, path []string) [][]world.Duty {
	first, last := c.rosterDays()
	from, to := model.Time(first)*model.Day, model.Time(last)*model.Day
	periods := []world.Duty{{Start: from, End: to}}
	if in.KeyPeriods {
		if periods = c.keyPeriods(t.Contracts); len(periods) == 0 && c.sound([]string{"contracts"}, "") {
			c.err(pathTo(path, "key_periods"), CodeKeyPeriodNone, id)
		}
	}
	a, b := c.window(path, in.From, in.Until)
	if a > 0 {
		periods = without(periods, from, a)
	}
	if in.Until.Set {
		periods = without(periods, b, to)
	}
	if rosters == nil { // who has no hours is never away
		rosters = [][]world.Duty{{{Start: from, End: to}}}
		t.LeaveWeeks, t.Sick = 0, 0
	}
	var inside model.Time
	for _, p := range periods {
		inside += max(min(p.End, c.world.Term)-max(p.Start, 0), 0)
	}
	if in.KeyPeriods {
		t.HeadsPerSeat = 0
	}
	t.Only = make([]model.Interval, len(periods))
	for i, p := range periods {
		t.Only[i] = model.Interval{Start: p.Start, End: p.End}
	}
	share := float64(inside) / float64(c.world.Term)
	t.Pay.Annual *= share
	t.Pay.Retainer *= share
	out := make([][]world.Duty, len(rosters))
	for i, own := range rosters {
		at := from
		for _, p := range periods {
			own = without(own, at, p.Start)
			at = max(at, p.End)
		}
		out[i] = without(own, at, to)
	}
	return out
}

// taken has people of other teams away while they are on duty in key periods elsewhere: the last of their team, for whom
// nothing is paid twice.
func (c *compiler) taken() {
	w := c.world
	away := map[int]int32{} // people of a team who are
	ids := sortedKeys(c.file.People)
	for i, id := range ids {
		in, path := c.file.People[id], []string{"people", id, "taken_from"}
		if in.TakenFrom == "" || i >= len(w.Teams) {
			continue
		}
		at := c.ref(path, in.TakenFrom, ids, CodeUnknownTeam)
		switch {
		case at < 0:
			continue
		case !in.KeyPeriods:
			c.err(path, CodeMissingKey, dotted(path[:2]), "key_periods")
			continue
		case int(at) == i || c.file.People[in.TakenFrom].KeyPeriods:
			c.err(path, CodeContradict, dotted(path[:2]), "taken_from", "people."+in.TakenFrom+".key_periods")
			continue
		}
		from, t := &w.Teams[at], &w.Teams[i]
		t.Pay.Annual = 0
		if t.Count > from.Count-away[int(at)] {
			c.err(path, CodeOutOfRange, dotted(path[:2])+".headcount", t.Count, "0.."+itoa(int(from.Count-away[int(at)])))
			continue
		}
		first, last := c.rosterDays()
		for range t.Count {
			away[int(at)]++
			p := &w.Persons[from.First+from.Count-away[int(at)]]
			if p.Always {
				p.Always, p.Duties = false, []world.Duty{{Start: model.Time(first) * model.Day, End: model.Time(last) * model.Day}}
			}
			for _, k := range t.Only {
				p.Duties = without(p.Duties, k.Start, k.End)
			}
		}
	}
}
