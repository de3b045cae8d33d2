package audit_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"slasim/model"
	"slasim/model/calendar"
	"slasim/model/clock"
	"slasim/sim/audit"
	"slasim/sim/record"
)

// TestAgainstSimulator sets the audit against the simulator's clock on random clauses, calendars and lives. The two
// were written apart; what they agree on to the second is the meaning of a clause.
func TestAgainstSimulator(t *testing.T) {
	r := rand.New(rand.NewPCG(20250303, 1))
	start := time.Date(2025, 9, 1, 0, 0, 0, 0, time.FixedZone("", 8*3600))
	days := calendar.NewDays(start, 400, 800, calendar.Options{System: calendar.China})
	type cal struct {
		compiled *calendar.Calendar
		table    *audit.DayTable
	}
	calendars := []cal{{}}
	for i, hours := range []map[string]string{
		{"mon-fri": "08:00-18:00"}, {"mon-fri": "08:30-12:00,13:30-17:30", "sat": "09:00-12:00"}, {"mon-sun": "00:00-24:00"},
		{"mon-sun": "06:00-22:00"}, {"mon-fri": "00:00-24:00"}, {"mon,wed": "22:00-24:00", "tue": "00:00-06:00"},
	} {
		weekly, err := calendar.ParseWeekly(hours)
		if err != nil {
			t.Fatal(err)
		}
		rules := calendar.Rules{HolidaysOff: i%2 == 0, MakeUpWork: i < 3}
		def := record.NewCalendar(fmt.Sprint(i), days, weekly, rules)
		table, err := audit.NewDayTable("2025-09-01", &def)
		if err != nil {
			t.Fatal(err)
		}
		calendars = append(calendars, cal{calendar.New(days, weekly, rules), table})
	}
	modes := []string{"none", "wall", "business", "workdays", "workday_hours", "civil"}
	states := []audit.State{audit.NotStarted, audit.Met, audit.Breached, audit.Cancelled, audit.Censored}
	names := model.SubjectTicket.Milestones()
	seen := map[string]int{}
	for n := range 60_000 {
		scale := []int{600, 86400, 30 * 86400}[r.IntN(3)]
		span := func() model.Time { return model.Time(r.IntN(scale)) * time.Second }
		origin := model.Time(r.IntN(120*24)) * time.Hour
		s := &record.Subject{Kind: model.SubjectTicket, End: origin + 2*span()}
		for m := range s.Milestones {
			if s.Milestones[m] = origin + span(); r.IntN(5) == 0 {
				s.Milestones[m] = model.Unset
			}
		}
		for range r.IntN(6) {
			a := origin + span() - model.Time(scale/4)*time.Second
			s.Intervals = append(s.Intervals, model.Interval{Start: a, End: a + span()/model.Time(1+r.IntN(4)), Kind: model.IntervalKind(r.IntN(6))})
			last := &s.Intervals[len(s.Intervals)-1]
			last.End = last.End.Truncate(time.Second)
		}
		c := calendars[r.IntN(len(calendars))]
		spec := clock.Spec{Calendar: c.compiled, Shift: r.IntN(3) == 0}
		def := &record.ClauseDef{ID: "x", Of: "ticket", Shift: spec.Shift}
		for k := range model.IntervalKind(6) {
			if r.IntN(2) == 0 {
				spec.Pauses = spec.Pauses.With(k)
				def.Pauses = append(def.Pauses, k.String())
			}
		}
		event := func(most int) (clock.Event, record.EventDef) {
			var e clock.Event
			var d record.EventDef
			for range r.IntN(most) + 1 {
				m := model.Milestone(r.IntN(int(model.NumTicketMilestones)))
				e.Of, d.Of = append(e.Of, m), append(d.Of, names[m])
			}
			e.Last = r.IntN(2) == 0
			d.Last = e.Last
			return e, d
		}
		spec.Start, def.Start = event(2)
		spec.Stop, def.Stop = event(2)
		if r.IntN(4) == 0 {
			spec.Moot, def.Moot = event(1)
		}
		mode := clock.Mode(r.IntN(len(modes)))
		lim := clock.Limit{Mode: mode, Strict: r.IntN(4) == 0, Before: r.IntN(6) == 0}
		if mode == clock.Wall || mode == clock.Business {
			lim.Span = span()
		} else {
			lim.N = int32(r.IntN(4))
		}
		if r.IntN(3) == 0 && lim.Span > 0 { // put the stop exactly at the limit, a second before or after
			if a, at := spec.Start, clock.Eval(&spec, lim, s.Milestones[:], s.Intervals, s.End); len(a.Of) == 1 && at.State != clock.NotStarted && at.Due < model.Far {
				for _, m := range spec.Stop.Of {
					if m != a.Of[0] {
						s.Milestones[m] = at.Due + model.Time(r.IntN(3)-1)*time.Second
					}
				}
				s.End = max(s.End, at.Due+model.Time(r.IntN(3)-1)*time.Second)
			}
		}
		want := clock.Eval(&spec, lim, s.Milestones[:], s.Intervals, s.End)
		got, err := audit.EvalClock(def, record.LimitDef{Mode: modes[mode], Span: int64(lim.Span / time.Second), Days: lim.N, Strict: lim.Strict, Before: lim.Before}, c.table, s)
		if err != nil {
			t.Fatal(err)
		}
		state := states[want.State]
		if got.State == audit.NotStarted && state == audit.NotStarted {
			continue
		}
		if got.State != state || got.Start != want.Start || got.Stop != want.Stop || got.Due != want.Due || got.Elapsed != want.Elapsed {
			t.Fatalf("case %d, %s %+v, spec %+v\naudit     %+v\nsimulator %v %+v\nends %v, intervals %v", n, modes[mode], lim, def, got, state, want, s.End, s.Intervals)
		}
		seen[modes[mode]+" "+string(state)]++
	}
	for _, m := range modes[1:] {
		for _, st := range states[1:] {
			if seen[m+" "+string(st)] < 20 {
				t.Errorf("%s %s was tried only %d times", m, st, seen[m+" "+string(st)])
			}
		}
	}
}
