package why

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"slasim/model"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/sim"
	"slasim/sim/judge"
)

// pool hands replays to workers. What they come to is stored by place, so that their number changes nothing.
type pool struct {
	judged *world.World // whose clauses are judged
	ctx    context.Context
	opt    Options
	done   atomic.Int64
	total  int
}

// replay calls fn n times with an engine of v, each worker with its own.
func (p *pool) replay(v *world.World, n int, fn func(i int, e *sim.Engine, j *judge.Judge) error) error {
	workers := p.opt.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	clauses := *v
	clauses.Clauses = p.judged.Clauses
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var wg sync.WaitGroup
	for range min(workers, n) {
		wg.Go(func() {
			e, j := sim.New(v), judge.New(&clauses)
			j.CountsOnly = true
			for p.ctx.Err() == nil && failed.Load() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := fn(i, e, j); err != nil {
					failed.Store(&err)
					return
				}
				if done := p.done.Add(1); p.opt.Progress != nil {
					p.opt.Progress(int(done), p.total)
				}
			}
		})
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return p.ctx.Err()
}

// hearer hears the subjects of a replay and their clocks.
type hearer interface {
	trail.Sink
	judge.ClockLog
}

// run runs one replication. d may be nil.
func run(e *sim.Engine, rep int32, j *judge.Judge, h hearer, d *crowded) error {
	j.Reset(rep)
	j.Clocks = h
	var detail trail.DetailSink
	if d != nil {
		detail = d
	}
	_, err := e.Run(int(rep), h, detail, false)
	return err
}

// Where nobody may be busy each person stands for a crowd. If the last of a crowd never worked there was always somebody
// free; else it is doubled, up to lastCrowd, beyond which something else than the number of people must be in the way
// (assumption: nobody has a thousand things to do at once).
const (
	firstCrowd = 8
	lastCrowd  = 1024
)

// enough calls fn with w without the obstacle, and where nobody may be busy again with larger crowds, until nobody was
// short of people: then what fn came to last is what holds.
func (o Obstacle) enough(w *world.World, fn func(v *world.World, d *crowded) error) error {
	if o != Busy {
		return fn(o.Without(w, 1), nil)
	}
	for n := int32(firstCrowd); ; n *= 2 {
		v := o.Without(w, n)
		d := &crowded{w: v, crowd: n}
		if err := fn(v, d); err != nil || !d.short || n >= lastCrowd {
			return err
		}
	}
}

// crowded watches whether the last of a crowd works.
type crowded struct {
	w     *world.World
	crowd int32
	short bool
}

// Person implements trail.DetailSink.
func (c *crowded) Person(s trail.PersonSpan) {
	if s.Activity != model.ActIdle {
		t := &c.w.Teams[c.w.Persons[s.Person].Team]
		c.short = c.short || (s.Person-t.First)/(t.Count/c.crowd) == c.crowd-1
	}
}

// Subject, Stock and Event are of no interest.
func (c *crowded) Subject(*trail.Subject) {}
func (c *crowded) Stock(trail.StockMove)  {}
func (c *crowded) Event(trail.Event)      {}
