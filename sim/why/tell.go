package why

import (
	"context"
	"slices"

	"slasim/model"
	"slasim/model/clock"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/sim"
	"slasim/sim/judge"
)

// Told is one subject as it was, and what becomes of it without each obstacle.
type Told struct {
	Before Version
	Here   [NumObstacles]bool
	After  [NumObstacles]Version // without a Subject if it does not come about
}

// Version is a subject with its clocks in one world.
type Version struct {
	Subject *trail.Subject
	Clocks  []Clock // of all clauses, by clause
}

// Clock is one clock; a late one has its time by state.
type Clock struct {
	Clause  int32
	Outcome clock.Outcome
	Case    *Case // nil unless late
}

// Of is the clock of a clause, nil if it never started.
func (v *Version) Of(clause int32) *Clock {
	if i := slices.IndexFunc(v.Clocks, func(c Clock) bool { return c.Clause == clause }); i >= 0 {
		return &v.Clocks[i]
	}
	return nil
}

// Tell runs a replication again, as it was and without each obstacle, and follows one subject through all of them. It is
// nil if the replication has no such subject.
func Tell(ctx context.Context, w *world.World, rep int32, kind model.Subject, ordinal int32, opt Options) (*Told, error) {
	told := &Told{}
	p := &pool{judged: w, ctx: ctx, opt: opt, total: 1}
	follow := func(v *world.World, l *listener, d *crowded) error {
		return p.replay(v, 1, func(_ int, e *sim.Engine, j *judge.Judge) error {
			l.w, l.judge = v, j
			return run(e, rep, j, l, d)
		})
	}
	for o := range NumObstacles {
		if told.Here[o] = o.In(w); told.Here[o] {
			p.total++
		}
	}
	before := &listener{kind: kind, wanted: func(s *trail.Subject) bool { return s.ID == ordinal }}
	if err := follow(w, before, nil); err != nil {
		return nil, err
	}
	told.Before = before.Version
	if told.Before.Subject == nil {
		return nil, nil
	}
	for o := range NumObstacles {
		if !told.Here[o] {
			told.After[o] = told.Before
			continue
		}
		err := o.enough(w, func(v *world.World, d *crowded) error {
			l := &listener{kind: kind, wanted: func(s *trail.Subject) bool { return s.Key == told.Before.Subject.Key }}
			err := follow(v, l, d)
			told.After[o] = l.Version
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return told, nil
}

// listener keeps one subject and its clocks.
type listener struct {
	Version
	w      *world.World
	judge  *judge.Judge
	kind   model.Subject
	wanted func(*trail.Subject) bool
	here   bool // it is being judged
}

// Subject implements trail.Sink.
func (l *listener) Subject(s *trail.Subject) {
	if s.Kind != l.kind || !l.wanted(s) {
		return
	}
	c := *s
	c.Milestones, c.Intervals = slices.Clone(s.Milestones), slices.Clone(s.Intervals)
	l.Version = Version{Subject: &c}
	l.judge.Subject(s)
}

// Clock implements judge.ClockLog.
func (l *listener) Clock(_ model.Subject, _, clause, _ int32, o clock.Outcome) {
	k := Clock{Clause: clause, Outcome: o}
	if o.State == clock.Breached {
		c := newCase(l.w, l.Version.Subject, clause, o)
		k.Case = &c
	}
	l.Clocks = append(l.Clocks, k)
}
