package why

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"slasim/model"
	"slasim/model/clock"
	"slasim/model/contract"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/sim"
	"slasim/sim/judge"
	"slasim/sim/record"
)

// Case is one late clock: what its time was spent on, and what became of it in each counterfactual.
type Case struct {
	Rep, Ordinal, Clause  int32
	Kind                  model.Subject
	Key                   uint64 // of the subject
	Site, Source, Failure int32  // -1 none
	Part                  int32  // that was asked for, -1 none
	Outcome               clock.Outcome
	Over                  model.Time // what counted beyond the limit
	Strict                bool       // the limit itself is late
	Spent                 [judge.States]model.Time
	Alone                 [NumObstacles]model.Time    // of the time that counted: nothing but states of the obstacle held
	After                 [NumObstacles]clock.Outcome // NotStarted: there is no such clock without the obstacle
}

// Named is the state most of the time was spent on, the first of equals; NoState if no time counted.
func (c *Case) Named() int {
	named := 0
	for i, d := range c.Spent {
		if d > c.Spent[named] {
			named = i
		}
	}
	if c.Spent[named] == 0 {
		return judge.NoState
	}
	return named
}

// Enough reports whether the time on which the obstacle alone held is as long as the clock was late.
func (c *Case) Enough(o Obstacle) bool {
	return c.Alone[o] > c.Over || c.Alone[o] == c.Over && !c.Strict
}

// Saved reports whether the clock is not late without the obstacle: on time, moot, or not there at all.
func (c *Case) Saved(o Obstacle) bool {
	s := c.After[o].State
	return s != clock.Breached && s != clock.Censored
}

// Single is the obstacles each of which alone saves the clock.
func (c *Case) Single() (list []Obstacle) {
	for o := range NumObstacles {
		if c.Saved(o) {
			list = append(list, o)
		}
	}
	return list
}

// Explanation is all late clocks that were asked for, and what is late in their place without each obstacle.
type Explanation struct {
	Cases []Case                // by replication, clause, kind and ordinal
	Here  [NumObstacles]bool    // can be in the way in this world at all
	Fresh [NumObstacles][]int32 // by clause of the world: clocks that are late only without the obstacle
	Reps  int                   // replications that were run again

	again *again
}

// Options of an explanation.
type Options struct {
	Workers  int                   // 0: one per processor
	Progress func(done, total int) // of replays; called from several goroutines
}

// Differs is the error of a record whose late clocks do not come again.
type Differs struct{ Rep int32 }

func (e *Differs) Error() string {
	return fmt.Sprintf("why: replication %d is otherwise late than its record says", e.Rep)
}

// Explain runs the replications of w that have late clocks again, as they were and without each obstacle. late is what a
// record of w has of the clocks of some clauses: all that are late, for each of these clauses. Their replications must come
// again as recorded.
func Explain(ctx context.Context, w *world.World, late []record.Clock, opt Options) (*Explanation, error) {
	x := &Explanation{}
	a := newAgain(ctx, w, late, opt)
	x.Reps = len(a.reps)
	for o := range NumObstacles {
		x.Fresh[o] = make([]int32, len(w.Clauses))
		if x.Here[o] = o.In(w); x.Here[o] {
			a.pool.total += len(a.reps)
		}
	}
	if err := a.asRecorded(); err != nil {
		return nil, err
	}
	for o := range NumObstacles {
		if !x.Here[o] {
			for _, l := range a.base {
				for i := range l.late {
					l.late[i].After[o] = l.late[i].Outcome
				}
			}
			continue
		}
		if err := a.without(o, x.Fresh[o]); err != nil {
			return nil, err
		}
	}
	for _, l := range a.base {
		slices.SortFunc(l.late, func(a, b Case) int {
			return cmp.Or(cmp.Compare(a.Clause, b.Clause), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Ordinal, b.Ordinal))
		})
		x.Cases = append(x.Cases, l.late...)
	}
	x.again = a
	return x, nil
}

// In runs the first n of the replications with late clocks again in another world with the same faults, and counts the late
// clocks that are not late there, and those that are late only there.
func (x *Explanation) In(ctx context.Context, v *world.World, n int) (saved, fresh int, err error) {
	a := x.again
	n = min(n, len(a.reps))
	p := &pool{judged: a.pool.judged, ctx: ctx, opt: Options{Workers: a.pool.opt.Workers}, total: n}
	var s, f atomic.Int64
	err = p.replay(v, n, func(i int, e *sim.Engine, j *judge.Judge) error {
		before := a.base[i]
		still := make([]bool, len(before.late))
		l := &lateness{w: v, judge: j, watched: before.index, hear: func(k int32, o clock.Outcome) {
			still[k] = o.State == clock.Breached || o.State == clock.Censored
		}}
		if err := run(e, a.reps[i], j, l, nil); err != nil {
			return err
		}
		for _, late := range still {
			if !late {
				s.Add(1)
			}
		}
		for _, n := range l.fresh {
			f.Add(int64(n))
		}
		return nil
	})
	return int(s.Load()), int(f.Load()), err
}

// Late is how many clocks are late in the first n of the replications with late clocks.
func (x *Explanation) Late(n int) (late int) {
	for _, l := range x.again.base[:min(n, len(x.again.base))] {
		late += len(l.late)
	}
	return late
}

// again runs replications again.
type again struct {
	w    *world.World
	late map[int32][]record.Clock // by replication
	reps []int32
	base []*lateness // by place in reps
	pool *pool
}

func newAgain(ctx context.Context, w *world.World, late []record.Clock, opt Options) *again {
	a := &again{w: w, late: map[int32][]record.Clock{}}
	asked := make([]bool, len(w.Clauses))
	for _, c := range late {
		asked[c.Clause] = true
		a.late[c.Replication] = append(a.late[c.Replication], c)
	}
	for rep := range a.late {
		a.reps = append(a.reps, rep)
	}
	slices.Sort(a.reps)
	a.base = make([]*lateness, len(a.reps))
	a.pool = &pool{judged: only(w, asked), ctx: ctx, opt: opt, total: len(a.reps)}
	return a
}

// asRecorded finds the late clocks of the record again.
func (a *again) asRecorded() error {
	return a.pool.replay(a.w, len(a.reps), func(i int, e *sim.Engine, j *judge.Judge) error {
		l := &lateness{w: a.w, judge: j, cases: true}
		a.base[i] = l
		if err := run(e, a.reps[i], j, l, nil); err != nil {
			return err
		}
		if !l.like(a.late[a.reps[i]]) {
			return &Differs{a.reps[i]}
		}
		return nil
	})
}

// without finds what becomes of them without an obstacle, and adds up by clause what is late in their place.
func (a *again) without(o Obstacle, fresh []int32) error {
	after := make([]*lateness, len(a.reps))
	todo := make([]int, len(a.reps)) // places in reps
	for i := range todo {
		todo[i] = i
	}
	err := o.enough(a.w, func(v *world.World, d *crowded) error {
		short := make([]bool, len(todo))
		err := a.pool.replay(v, len(todo), func(k int, e *sim.Engine, j *judge.Judge) error {
			i := todo[k]
			before := a.base[i]
			for c := range before.late {
				before.late[c].After[o] = clock.Outcome{}
			}
			after[i] = &lateness{w: v, judge: j, watched: before.index, hear: func(k int32, out clock.Outcome) { before.late[k].After[o] = out }}
			if d == nil {
				return run(e, a.reps[i], j, after[i], nil)
			}
			own := *d
			err := run(e, a.reps[i], j, after[i], &own)
			short[k] = own.short
			return err
		})
		left := todo[:0]
		for k, i := range todo {
			if short[k] {
				left = append(left, i)
			}
		}
		if todo = left; len(todo) > 0 {
			d.short = true
			a.pool.total += len(todo)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, l := range after {
		for c, n := range l.fresh {
			fresh[c] += n
		}
	}
	return nil
}

// only is w with no clause to judge but those asked for.
func only(w *world.World, asked []bool) *world.World {
	v := *w
	v.Clauses = slices.Clone(w.Clauses)
	for i := range v.Clauses {
		if !asked[i] {
			v.Clauses[i].Kind = contract.Evidence
		}
	}
	return &v
}

// subject names a clock in every world.
type subject struct {
	kind   model.Subject
	clause int32
	key    uint64
}

// lateness hears the clocks of one replication: which are late, and what becomes of those that were late before.
type lateness struct {
	w       *world.World
	judge   *judge.Judge
	now     *trail.Subject
	cases   bool // keep the late ones
	late    []Case
	index   map[subject]int32              // of late
	watched map[subject]int32              // late before
	hear    func(i int32, o clock.Outcome) // what becomes of the i-th of them
	fresh   map[int32]int32
}

// Subject implements trail.Sink.
func (l *lateness) Subject(s *trail.Subject) {
	l.now = s
	l.judge.Subject(s)
}

// Clock implements judge.ClockLog.
func (l *lateness) Clock(kind model.Subject, ordinal, clause, _ int32, o clock.Outcome) {
	k := subject{kind, clause, l.now.Key}
	if i, ok := l.watched[k]; ok {
		l.hear(i, o)
		return
	}
	if o.State != clock.Breached {
		return
	}
	if !l.cases {
		if l.fresh == nil {
			l.fresh = map[int32]int32{}
		}
		l.fresh[clause]++
		return
	}
	if l.index == nil {
		l.index = map[subject]int32{}
	}
	l.index[k] = int32(len(l.late))
	l.late = append(l.late, newCase(l.w, l.now, clause, o))
}

// newCase is a late clock of s with its time by state.
func newCase(w *world.World, s *trail.Subject, clause int32, o clock.Outcome) Case {
	c := Case{Rep: s.Rep, Ordinal: s.ID, Clause: clause, Kind: s.Kind, Key: s.Key, Site: s.Site, Source: s.Source, Failure: s.Failure, Part: s.Part, Outcome: o}
	cl := &w.Clauses[clause]
	lim := cl.Cell(s.Severity(cl.Scope.By), int(s.Band))
	c.Strict = lim.Strict
	judge.Stretches(&cl.Clock, lim, s, &o, func(x judge.Stretch) {
		c.Spent[judge.StateOf(x.Kinds)] += x.Counts
		for ob, kinds := range states {
			if x.Kinds != 0 && x.Kinds&^kinds == 0 {
				c.Alone[ob] += x.Counts
			}
		}
		if from := max(x.Start, o.Due); from < x.End {
			c.Over += cl.Clock.Counts(lim, from, x.End)
		}
	})
	return c
}

// like reports whether the late clocks are those of a record.
func (l *lateness) like(late []record.Clock) bool {
	if len(l.late) != len(late) {
		return false
	}
	type at struct {
		kind            model.Subject
		ordinal, clause int32
	}
	all := map[at]*Case{}
	for i := range l.late {
		c := &l.late[i]
		all[at{c.Kind, c.Ordinal, c.Clause}] = c
	}
	return !slices.ContainsFunc(late, func(r record.Clock) bool {
		c := all[at{r.Kind, r.Ordinal, r.Clause}]
		return c == nil || c.Outcome.Start != r.Start || c.Outcome.Stop != r.Stop || c.Outcome.Elapsed != r.Elapsed
	})
}
