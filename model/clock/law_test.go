package clock_test

import (
	"slices"
	"testing"
	"time"

	"slasim/model"
	"slasim/model/calendar"
	"slasim/model/clock"

	"pgregory.net/rapid"
)

// The oracle: every input is a multiple of ten minutes, so counting steps of ten minutes is exact. Working
// days are a list made by hand from the notice for 2025: it shares no code with the calendar.
const step = 10 * m

var (
	split = opening("08:00-12:00,13:30-17:30", calendar.Rules{HolidaysOff: true, MakeUpWork: true})

	lawStart = time.Date(2025, 1, 20, 0, 0, 0, 0, shanghai) // a Monday
	lawBase  = days2025.Moment(lawStart)
	// 2025-01-20 … 02-28, x = works: two weeks into the holiday (28 Jan … 4 Feb), out of it with make-up days.
	lawWorks = "xxxxx-x" + "x------" + "--xxxx-" + "xxxxx--" + "xxxxx--" + "xxxxx"
)

// The row of weeks above begins Mon 20 Jan … Sun 26 Jan (make-up), Mon 27, holiday to Sun 2 Feb, Mon 3 and
// Tue 4 off, Wed 5 … Sat 8 (make-up), Sun 9 off.
const lawDays = 40

func oracleWorks(day int) bool { return lawWorks[day] == 'x' }

func oracleOpen(t model.Time) bool {
	since := t - lawBase
	day, tod := int(since/(24*h)), since%(24*h)
	return oracleWorks(day) && (tod >= 8*h && tod < 12*h || tod >= 13*h+30*m && tod < 17*h+30*m)
}

// oracleShift is the opening at or after t.
func oracleShift(t model.Time) model.Time {
	for !oracleOpen(t) {
		t += step
	}
	return t
}

// lawCase is a random clock whose days lie well inside the list.
type lawCase struct {
	spec   clock.Spec
	lim    clock.Limit
	ms     []model.Time
	pauses []model.Interval
	end    model.Time
}

// even draws from [0, n) evenly: rapid's own ranges prefer small numbers, which here are all on the first day.
func even(t *rapid.T, label string, n int) int {
	x := 0
	for _, bit := range rapid.SliceOfN(rapid.Bool(), 12, 12).Draw(t, label) {
		x *= 2
		if bit {
			x++
		}
	}
	return x % n
}

// drawMoment lies in the first 17 days.
func drawMoment(t *rapid.T, label string) model.Time {
	return lawBase + model.Time(even(t, label, 17*144))*step
}

func drawCase(t *rapid.T) lawCase {
	event := func(label string, from int) clock.Event {
		return clock.Event{
			Of:   rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) model.Milestone { return model.Milestone(rapid.IntRange(0, 3).Draw(t, "m")) }), from, 2, rapid.ID[model.Milestone]).Draw(t, label),
			Last: rapid.Bool().Draw(t, label+" last"),
		}
	}
	var c lawCase
	c.spec = clock.Spec{Start: event("start", 1), Stop: event("stop", 1), Moot: event("moot", 0), Pauses: customer, Calendar: split, Shift: rapid.Bool().Draw(t, "shift")}
	c.lim = clock.Limit{
		Mode: clock.Mode(even(t, "mode", int(clock.Civil)+1)), Strict: rapid.Bool().Draw(t, "strict"),
		Span: model.Time(even(t, "span", 200)) * step, N: int32(even(t, "n", 5)),
	}
	for range 4 {
		x := drawMoment(t, "milestone")
		if even(t, "absent", 6) == 0 {
			x = model.Unset
		}
		c.ms = append(c.ms, x)
	}
	c.end = drawMoment(t, "end") + 10*model.Day
	for range even(t, "pauses", 6) {
		p := model.Interval{
			Start: drawMoment(t, "pause"),
			Kind:  rapid.SampledFrom([]model.IntervalKind{model.CustomerAbsent, model.CustomerApprovalRemote, model.Travel}).Draw(t, "kind"),
		}
		p.End = p.Start + model.Time(even(t, "length", 310)-10)*step
		if even(t, "open", 10) == 0 {
			p.End = model.Far
		}
		c.pauses = append(c.pauses, p)
	}
	return c
}

// oracleEvent is the moment of an event no later than end, model.Unset if there is none.
func oracleEvent(e clock.Event, ms []model.Time, end model.Time) model.Time {
	var all []model.Time
	for _, m := range e.Of {
		if ms[m] != model.Unset {
			all = append(all, ms[m])
		}
	}
	slices.Sort(all)
	switch {
	case len(all) == 0, e.Last && len(all) < len(e.Of):
		return model.Unset
	case e.Last:
		all = all[len(all)-1:]
	}
	if all[0] > end {
		return model.Unset
	}
	return all[0]
}

// counts reports whether the ten minutes from x count.
func (c *lawCase) counts(x, until, known model.Time) bool {
	if c.lim.Mode == clock.Business && !oracleOpen(x) {
		return false
	}
	for _, p := range c.pauses {
		if (p.Kind == model.CustomerAbsent || p.Kind == model.CustomerApprovalRemote) && p.Start <= known && x < until && p.Start <= x && x < p.End {
			return false
		}
	}
	return true
}

// rawDue is the due moment of a day limit without pauses.
func (c *lawCase) rawDue(start model.Time) model.Time {
	first := int((start - lawBase) / (24 * h))
	day, left := first, c.lim.N
	for left > 0 {
		day++
		if c.lim.Mode == clock.Civil || oracleWorks(day) {
			left--
		}
	}
	for c.lim.Mode == clock.Civil && !oracleWorks(day) {
		day++
	}
	if c.lim.Mode == clock.WorkdayHours {
		return start + model.Time(day-first)*24*h
	}
	return lawBase + model.Time(day+1)*24*h
}

// horizon of the oracle's search for a due moment.
var lawEnd = lawBase + (lawDays-1)*24*h

// oracleDue walks until the span has counted; model.Far if it does not in the list of days.
func (c *lawCase) oracleDue(start, until, known model.Time) model.Time {
	span := c.lim.Span
	switch c.lim.Mode {
	case clock.NoLimit:
		return model.Far
	case clock.Workdays, clock.WorkdayHours, clock.Civil:
		span = c.rawDue(start) - start
	}
	x := start
	for ; span > 0; x += step {
		if x >= lawEnd {
			return model.Far
		}
		if c.counts(x, until, known) {
			span -= step
		}
	}
	return x
}

func (c *lawCase) oracle() clock.Outcome {
	start := oracleEvent(c.spec.Start, c.ms, c.end)
	if start == model.Unset {
		return clock.Outcome{State: clock.NotStarted, Start: model.Unset, Stop: model.Unset, Due: model.Unset}
	}
	if c.spec.Shift {
		start = oracleShift(start)
	}
	stop, moot := oracleEvent(c.spec.Stop, c.ms, c.end), oracleEvent(c.spec.Moot, c.ms, c.end)
	out := clock.Outcome{Start: start, Stop: stop}
	until, state := c.end, clock.Censored
	if stop != model.Unset {
		until, state = stop, clock.Met
	}
	if moot != model.Unset && (stop == model.Unset || moot < stop) {
		until, state = moot, clock.Cancelled
	}
	for x := start; x < until; x += step {
		if c.counts(x, until, model.Far) {
			out.Elapsed += step
		}
	}
	out.Due = c.oracleDue(start, until, model.Far)
	limit := c.lim.Span
	if c.lim.Mode >= clock.Workdays {
		limit = c.rawDue(start) - start
	}
	out.State = state
	if c.lim.Mode != clock.NoLimit && (out.Elapsed > limit || c.lim.Strict && out.Elapsed == limit) {
		out.State = clock.Breached
	}
	return out
}

func TestEvalAgainstSteps(t *testing.T) {
	seen, reduced := map[clock.State]int{}, 0
	law := func(t *rapid.T) {
		c := drawCase(t)
		got, want := clock.Eval(&c.spec, c.lim, c.ms, c.pauses, c.end), c.oracle()
		if want.Due == model.Far && c.lim.Mode != clock.NoLimit && got.Due >= lawEnd {
			want.Due = got.Due // beyond the oracle's list of days
		}
		if got != want {
			t.Fatalf("got %v, want %v", got, want)
		}
		seen[got.State]++
		if got.Elapsed > 0 && got.Elapsed < got.Stop-got.Start {
			reduced++
		}

		// The pauses are a set of moments: neither order nor cutting nor repeating them matters.
		var other []model.Interval
		for _, p := range slices.Backward(c.pauses) {
			if p.End != model.Far && p.End-p.Start > step {
				cut := p
				cut.End, p.Start = p.Start+step, p.Start+step
				other = append(other, cut)
			}
			other = append(other, p, p)
		}
		if again := clock.Eval(&c.spec, c.lim, c.ms, other, c.end); again != got {
			t.Fatalf("reversed, cut and repeated pauses: %v, want %v", again, got)
		}

		// Due knows the pauses that began by now.
		now := drawMoment(t, "now")
		start := oracleEvent(c.spec.Start, c.ms, now)
		due, ok := clock.Due(&c.spec, c.lim, c.ms, c.pauses, now)
		if ok != (start != model.Unset && c.lim.Mode != clock.NoLimit) {
			t.Fatalf("Due at %s: %v", show(now), ok)
		}
		if ok {
			if c.spec.Shift {
				start = oracleShift(start)
			}
			if want := c.oracleDue(start, model.Far, now); due != want && (want != model.Far || due < lawEnd) {
				t.Fatalf("Due at %s: %s, want %s", show(now), show(due), show(want))
			}
		}
	}
	for range 30 { // of 100 cases each
		rapid.Check(t, law)
	}
	for s := clock.NotStarted; s <= clock.Censored; s++ {
		if seen[s] == 0 {
			t.Errorf("no case ended in state %d", s)
		}
	}
	if reduced == 0 {
		t.Error("no case in which only a part counted")
	}
}

// The short way of plain clocks says what the long one does, in every order of start, stop and end of observation and on both
// sides of the limit.
func TestWallIsEvalOfPlainClocks(t *testing.T) {
	spec := clock.Spec{Start: clock.Event{Of: []model.Milestone{1}}, Stop: clock.Event{Of: []model.Milestone{0}}, Pauses: customer, Calendar: split}
	if !spec.Plain() {
		t.Fatal("not plain")
	}
	travel := []model.Interval{{Start: 0, End: 3 * h, Kind: model.Travel}} // pauses nothing
	moments := []model.Time{model.Unset}
	for x := -2 * h; x <= 4*h; x += h {
		moments = append(moments, x)
	}
	seen := map[clock.State]int{}
	for _, start := range moments {
		for _, stop := range moments {
			for end := -2 * h; end <= 5*h; end += h {
				for span := model.Time(0); span <= 4*h; span += h {
					for _, lim := range []clock.Limit{{Mode: clock.Wall, Span: span}, {Mode: clock.Wall, Span: span, Strict: true}, {}} {
						var got clock.Outcome
						got.Wall(&lim, start, stop, end)
						if want := clock.Eval(&spec, lim, []model.Time{stop, start}, travel, end); got != want {
							t.Fatalf("%s to %s, seen to %s, %+v: %v, want %v", show(start), show(stop), show(end), lim, got, want)
						}
						seen[got.State]++
					}
				}
			}
		}
	}
	for _, s := range []clock.State{clock.NotStarted, clock.Met, clock.Breached, clock.Censored} {
		if seen[s] == 0 {
			t.Errorf("no case ended in state %d", s)
		}
	}
	for _, other := range []clock.Spec{
		{Start: spec.Start, Stop: clock.Event{Of: []model.Milestone{0, 2}}}, {Start: clock.Event{Of: []model.Milestone{0, 2}}, Stop: spec.Stop},
		{Start: spec.Start, Stop: spec.Stop, Moot: spec.Stop}, {Start: spec.Start, Stop: spec.Stop, Shift: true},
	} {
		if other.Plain() {
			t.Errorf("%+v is plain", other)
		}
	}
}

// FuzzEval throws any numbers at Eval and Due: nothing panics, and what every clock obeys holds.
func FuzzEval(f *testing.F) {
	f.Add(int64(0), int64(3600), int64(-1), int64(7200), int64(600), int64(1200), int64(900), int64(5000), int64(3600), uint8(1), uint8(0))
	f.Add(int64(86400*30), int64(86400*31), int64(-1), int64(86400*40), int64(86400*30), int64(86400*31), int64(5), int64(1), int64(36000), uint8(2), uint8(1))
	f.Add(int64(86400*26), int64(86400*41), int64(86400*35), int64(86400*60), int64(86400*27), int64(1)<<62, int64(0), int64(0), int64(5), uint8(3), uint8(2))
	f.Add(int64(-86400*400), int64(-1), int64(-1), int64(1)<<40, int64(-5), int64(5), int64(6), int64(-6), int64(3), uint8(5), uint8(7))
	f.Add(int64(5), int64(86400*9), int64(-1), int64(86400*10), int64(0), int64(0), int64(0), int64(0), int64(3), uint8(4), uint8(4))
	f.Fuzz(func(t *testing.T, start, stop, moot, end, p1, p2, p3, p4, span int64, mode, flags uint8) {
		sec := func(x int64) model.Time { return model.Time(x%(60*365*86400)) * time.Second }
		opt := func(x int64) model.Time { // −1 is absent
			if x == -1 {
				return model.Unset
			}
			return sec(x)
		}
		ms := []model.Time{opt(start), opt(stop), opt(moot), model.Unset}
		open := func(x int64) model.Time {
			if x >= 1<<61 {
				return model.Far
			}
			return sec(x)
		}
		pauses := []model.Interval{
			{Start: sec(p1), End: open(p2), Kind: model.CustomerAbsent},
			{Start: sec(p3), End: open(p4), Kind: model.CustomerApprovalOnsite},
			{Start: sec(p1) - time.Hour, End: open(p3), Kind: model.Travel},
		}
		spec := on(split, flags&1 != 0)
		lim := clock.Limit{Mode: clock.Mode(mode % 6), Span: max(sec(span), 0), N: int32(max(span%1000, 0)), Strict: flags&2 != 0, Before: flags&4 != 0}
		got := clock.Eval(&spec, lim, ms, pauses, sec(end))
		if got.State == clock.NotStarted {
			if got.Elapsed != 0 || ms[0] != model.Unset && ms[0] <= sec(end) {
				t.Fatal(got)
			}
			return
		}
		due, ok := clock.Due(&spec, lim, ms, pauses, sec(end))
		if ok != (lim.Mode != clock.NoLimit) {
			t.Fatal("Due is not known at the end")
		}
		if got.Elapsed < 0 {
			t.Fatal(got)
		}
		if lim.Before {
			if got.State == clock.Met && got.Stop > got.Due || ok && due != got.Due {
				t.Fatal(got, due)
			}
			return
		}
		if got.Start < ms[0] || got.Due < got.Start || got.Elapsed > max(sec(end)-got.Start, 0) {
			t.Fatal(got)
		}
		if got.State == clock.Met && got.Stop == model.Unset || got.State == clock.Censored && got.Stop != model.Unset {
			t.Fatal(got)
		}
		// Without pauses a deadline is not later and no more counts.
		bare := clock.Eval(&spec, lim, ms, nil, sec(end))
		if bare.Due > got.Due || bare.Elapsed < got.Elapsed || bare.State != got.State && bare.State != clock.Breached {
			t.Fatal(bare, got)
		}
		// Being looked at later, an ended clock is the same.
		if got.State == clock.Met || got.State == clock.Cancelled {
			if later := clock.Eval(&spec, lim, ms, pauses, sec(end)+365*model.Day); got.State == clock.Met && later != got {
				t.Fatal(later, got)
			}
		}
	})
}

func TestAllocations(t *testing.T) {
	approval := pause(model.CustomerApprovalRemote, "03-10 11:00/03-10 11:40")
	absent := pause(model.CustomerAbsent, "03-10 11:20/03-10 12:10")
	pauses := []model.Interval{absent, approval, pause(model.CustomerAbsent, "03-11 11:20/far")}
	ms := []model.Time{at("03-10 10:00"), at("03-12 10:00"), model.Unset, model.Unset}
	spec := on(office, true)
	for mode := clock.NoLimit; mode <= clock.Civil; mode++ {
		lim := clock.Limit{Mode: mode, Span: 4 * h, N: 2}
		if n := testing.AllocsPerRun(100, func() {
			clock.Eval(&spec, lim, ms, pauses, model.Far)
			clock.Due(&spec, lim, ms, pauses, ms[1])
			lim.Before = true
			clock.Eval(&spec, lim, ms, pauses, model.Far)
			lim.Before = false
		}); n != 0 {
			t.Errorf("mode %d: %v allocations", mode, n)
		}
	}
}

func BenchmarkEvalWall(b *testing.B) {
	ms := []model.Time{at("03-10 10:00"), at("03-10 14:30"), model.Unset, model.Unset}
	lim := wall(4 * h)
	for b.Loop() {
		clock.Eval(&plain, lim, ms, nil, model.Far)
	}
}

func BenchmarkEvalWallThreePauses(b *testing.B) {
	pauses := []model.Interval{
		pause(model.CustomerAbsent, "03-10 11:20/03-10 12:10"), pause(model.CustomerApprovalRemote, "03-10 11:00/03-10 11:40"),
		pause(model.CustomerAbsent, "03-10 13:00/03-10 13:10"),
	}
	ms := []model.Time{at("03-10 10:00"), at("03-10 14:30"), model.Unset, model.Unset}
	lim := wall(4 * h)
	for b.Loop() {
		clock.Eval(&plain, lim, ms, pauses, model.Far)
	}
}

func BenchmarkEvalBusiness(b *testing.B) {
	ms := []model.Time{at("03-10 10:00"), at("03-12 14:30"), model.Unset, model.Unset}
	spec, lim := on(office, true), business(24*h)
	for b.Loop() {
		clock.Eval(&spec, lim, ms, nil, model.Far)
	}
}
