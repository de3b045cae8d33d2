package record

import (
	"cmp"
	"slices"

	"slasim/model"
	"slasim/model/clock"
	"slasim/model/trail"
)

// Buffer collects what one replication leaves behind. It is a trail.DetailSink, is used by one goroutine at a time
// and, taken from a Writer, is used again for another replication.
type Buffer struct {
	rep        int32
	wantEvents bool

	subjects   []trail.Subject // Milestones and Intervals point into the arenas
	milestones []model.Time
	intervals  []model.Interval
	spans      []trail.PersonSpan
	sorted     []trail.PersonSpan
	people     []Person // by person
	moves      []trail.StockMove
	events     []trail.Event
	clocks     []Clock
}

var _ trail.DetailSink = (*Buffer)(nil)

func (b *Buffer) reset(rep int32, events bool) {
	b.rep, b.wantEvents = rep, events
	b.subjects, b.milestones, b.intervals = b.subjects[:0], b.milestones[:0], b.intervals[:0]
	b.spans, b.moves, b.events, b.clocks, b.people = b.spans[:0], b.moves[:0], b.events[:0], b.clocks[:0], b.people[:0]
}

// Replication is the number of the replication it collects.
func (b *Buffer) Replication() int32 { return b.rep }

// Subject keeps a copy of a finished subject.
func (b *Buffer) Subject(s *trail.Subject) {
	c := *s
	m, i := len(b.milestones), len(b.intervals)
	b.milestones = append(b.milestones, s.Milestones...)
	b.intervals = append(b.intervals, s.Intervals...)
	c.Milestones = b.milestones[m:len(b.milestones):len(b.milestones)] // an arena that grew leaves the old one alive
	c.Intervals = b.intervals[i:len(b.intervals):len(b.intervals)]
	b.subjects = append(b.subjects, c)
}

// Person keeps what one person did, or of what fills most of the day only the time (inBulk).
func (b *Buffer) Person(s trail.PersonSpan) {
	for int(s.Person) >= len(b.people) {
		b.people = append(b.people, Person{Replication: b.rep, Person: int32(len(b.people))})
	}
	p := &b.people[s.Person]
	p.Time[s.Activity] += s.End - s.Start
	if s.Overtime {
		p.Overtime += s.End - s.Start
	}
	if b.wantEvents || !inBulk(s.Activity) {
		b.spans = append(b.spans, s)
	}
}

// Stock keeps a change at a depot.
func (b *Buffer) Stock(m trail.StockMove) { b.moves = append(b.moves, m) }

// Event keeps an event of the engine, in the replications that record them.
func (b *Buffer) Event(e trail.Event) {
	if b.wantEvents {
		b.events = append(b.events, e)
	}
}

// Clock keeps the simulator's result of one clock: that of the clause with this index in the world, of the subject of
// this kind and number. The period is the contract year or calendar month of o.Start, from 0. Clocks
// that never started are dropped.
func (b *Buffer) Clock(kind model.Subject, ordinal, clause, period int32, o clock.Outcome) {
	if o.State != clock.NotStarted {
		b.clocks = append(b.clocks, Clock{
			Kind: kind, Ordinal: ordinal, Clause: clause, Period: period,
			State: o.State, Start: o.Start, Stop: o.Stop, Due: o.Due, Elapsed: o.Elapsed,
		})
	}
}

// sortSpans orders by person; within a person the simulator hands them over in the order of time.
func (b *Buffer) sortSpans() {
	at := make([]int, len(b.people)+1)
	for i := range b.spans {
		at[b.spans[i].Person+1]++
	}
	for p := range b.people {
		at[p+1] += at[p]
	}
	b.sorted = slices.Grow(b.sorted[:0], len(b.spans))[:len(b.spans)]
	for i := range b.spans {
		p := b.spans[i].Person
		b.sorted[at[p]] = b.spans[i]
		at[p]++
	}
	b.spans, b.sorted = b.sorted, b.spans
}

// sort puts all in an order that depends on no schedule of the workers and groups by subject, person and depot.
func (b *Buffer) sort() {
	slices.SortStableFunc(b.subjects, func(x, y trail.Subject) int {
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.ID, y.ID))
	})
	slices.SortStableFunc(b.clocks, func(x, y Clock) int {
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Ordinal, y.Ordinal), cmp.Compare(x.Clause, y.Clause))
	})
	b.sortSpans()
	slices.SortStableFunc(b.moves, func(x, y trail.StockMove) int {
		return cmp.Or(cmp.Compare(x.Depot, y.Depot), cmp.Compare(x.Part, y.Part))
	})
}
