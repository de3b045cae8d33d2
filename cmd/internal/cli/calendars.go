package cli

import (
	"time"

	"slasim/model"
	"slasim/model/calendar"
	"slasim/scenarios"
	"slasim/sim/record"
)

// calendars describes the calendars of a scenario for its record, by index of World.Calendars. It reads what the file
// says rather than what was compiled of it, so that the audit has a second source.
func calendars(s *scenarios.Scenario) []record.CalendarDef {
	var list []record.CalendarDef
	for _, name := range s.World.CalNames {
		spec, own := s.File.Calendars[name]
		if !own { // 24x7
			list = append(list, record.NewCalendar(name, s.World.Days, calendar.AllWeek(), calendar.Rules{}))
			continue
		}
		weekly := calendar.Weekly{}
		for d := time.Monday; d <= time.Friday; d++ {
			weekly[d] = []calendar.Span{{Open: 0, Close: model.Day}}
		}
		if len(spec.Hours) > 0 {
			weekly, _ = calendar.ParseWeekly(spec.Hours) // was read once already
		}
		opt := calendar.Options{System: calendar.System(spec.System), MakeUp: calendar.MakeUpRule(spec.MakeupDays),
			Extra: map[string]calendar.DayKind{}}
		for date, kind := range spec.Holidays {
			opt.Extra[date] = dayKind(date, kind)
		}
		before := int(s.World.WarmUp/model.Day) + 40
		after := int((s.World.Term+s.World.DrainCap)/model.Day) + 100
		list = append(list, record.NewCalendar(name, calendar.NewDays(s.World.Start, before, after, opt), weekly, calendar.Rules{
			HolidaysOff: spec.System == "china" || len(spec.Holidays) > 0, MakeUpWork: spec.MakeupDays != "weekend",
		}))
	}
	return list
}

// dayKind is what a scenario calls a date: a workday at the weekend is a make-up day.
func dayKind(date, kind string) calendar.DayKind {
	switch kind {
	case "holiday":
		return calendar.DayOff
	case "statutory":
		return calendar.Statutory
	}
	if d, err := calendar.ParseDate(date); err == nil && d.Weekday() != time.Saturday && d.Weekday() != time.Sunday {
		return calendar.Workday
	}
	return calendar.MakeUp
}
