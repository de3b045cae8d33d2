// Package experiment runs replications side by side and puts their results in order, so that the number of workers
// never changes an answer.
package experiment

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"slasim/model/trail"
	"slasim/model/world"
	"slasim/sim"
	"slasim/sim/bound"
	"slasim/sim/judge"
	"slasim/sim/record"
	"slasim/sim/stats"
)

// Options of a run.
type Options struct {
	Replications int     // 0: the scenario's
	Workers      int     // 0: one per processor
	Precision    float64 // > 0: stop at 50, 100, 200, … replications once every share on time is known to ± this
	CountsOnly   bool    // no spans and reasons
	TargetsOnly  bool    // nothing of clauses without a target
	After        *Result // replications of this world that are there already and stay as they are
	Record       *record.Writer
	Judges       []*world.World        // further readings of w, each judged on the same subjects: worlds for which Rejudges holds
	Progress     func(done, total int) // called from several goroutines
}

// Result is what the finished replications came to, in their order.
type Result struct {
	Reps        []*judge.RepResult
	Totals      []*trail.Totals
	Others      [][]*judge.RepResult // by Options.Judges
	Asked       int
	Interrupted bool
}

// maxPrecision is the last look of Precision when the caller sets no limit (assumption: beyond it a user should say so).
const maxPrecision = 12800

// Run runs the replications of w. A cancelled context stops handing out replications; those that have begun are
// finished and kept. An error of one replication (the event limit) ends the run.
func Run(ctx context.Context, w *world.World, opt Options) (*Result, error) {
	total := opt.Replications
	if total <= 0 {
		total = w.Replications
	}
	r := &runner{w: w, opt: opt, res: &Result{Asked: total}}
	if opt.After != nil {
		r.res.Reps, r.res.Totals = slices.Clip(opt.After.Reps), slices.Clip(opt.After.Totals)
	}
	n := opt.Workers
	if n <= 0 {
		n = runtime.GOMAXPROCS(0)
	}
	r.workers = make([]worker, n)
	if opt.Precision <= 0 {
		return r.res, r.upTo(ctx, total)
	}
	if opt.Replications <= 0 {
		total = max(maxPrecision, w.Replications)
	}
	for look := 0; ; {
		look = min(stats.NextLook(look), total)
		r.res.Asked = look
		if err := r.upTo(ctx, look); err != nil || r.res.Interrupted || look == total {
			return r.res, err
		}
		if judge.HalfWidth(w, r.res.Reps) <= opt.Precision {
			return r.res, nil
		}
	}
}

type worker struct {
	engine *sim.Engine
	judge  *judge.Judge
	others []*judge.Judge
}

type runner struct {
	w       *world.World
	opt     Options
	res     *Result
	workers []worker
	design  int                // among several
	reps    []*judge.RepResult // room up to the replications that are asked for
	totals  []*trail.Totals
}

// grow makes room for n replications.
func (r *runner) grow(n int) {
	more := n - len(r.res.Reps)
	r.reps = append(r.res.Reps, make([]*judge.RepResult, more)...)
	r.totals = append(r.res.Totals, make([]*trail.Totals, more)...)
	if r.res.Others == nil {
		r.res.Others = make([][]*judge.RepResult, len(r.opt.Judges))
	}
	for k := range r.res.Others {
		r.res.Others[k] = append(r.res.Others[k], make([]*judge.RepResult, more)...)
	}
}

// cut keeps the first n of the replications asked for.
func (r *runner) cut(n int) {
	r.res.Interrupted = n < len(r.reps)
	r.res.Reps, r.res.Totals = r.reps[:n], r.totals[:n]
	for k := range r.res.Others {
		r.res.Others[k] = r.res.Others[k][:n]
	}
}

// worker is the k-th worker of a runner, ready to work.
func (r *runner) worker(k int) *worker {
	wk := &r.workers[k]
	if wk.engine == nil {
		wk.engine, wk.judge = sim.New(r.w), judge.New(r.w)
		wk.judge.CountsOnly = r.opt.CountsOnly
		if r.opt.TargetsOnly {
			wk.judge.OnlyTargets()
		}
		for _, w := range r.opt.Judges {
			j := judge.New(w)
			j.CountsOnly = true
			wk.others = append(wk.others, j)
		}
	}
	return wk
}

// upTo runs the replications from those that are there up to n.
func (r *runner) upTo(ctx context.Context, n int) error { return upTo(ctx, []*runner{r}, n) }

// upTo brings several runners, which have as many replications, to n. They go side by side, so that an interrupt leaves all
// of them with nearly all that was done.
func upTo(ctx context.Context, runners []*runner, n int) error {
	first, several := len(runners[0].res.Reps), len(runners)
	for _, r := range runners {
		r.grow(n)
	}
	units := (n - first) * several
	var next, done atomic.Int64
	var failed atomic.Pointer[error]
	var wg sync.WaitGroup
	for k := range min(len(runners[0].workers), units) {
		wg.Go(func() {
			for ctx.Err() == nil && failed.Load() == nil {
				i := int(next.Add(1)) - 1
				if i >= units {
					return
				}
				r := runners[i%several]
				if err := r.one(r.worker(k), first+i/several); err != nil {
					if several > 1 {
						err = &DesignError{r.design, err}
					}
					failed.Store(&err)
					return
				}
				if r.opt.Progress != nil {
					r.opt.Progress(first*several+int(done.Add(1)), n*several)
				}
			}
		})
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	end := first // handed out in order and finished: what is there has no gaps
	for end < n && !slices.ContainsFunc(runners, func(r *runner) bool { return r.reps[end] == nil }) {
		end++
	}
	for _, r := range runners {
		r.cut(end)
	}
	return nil
}

// sinks hands each subject to the judge and to the record.
type sinks struct {
	judge  *judge.Judge
	record *record.Buffer
}

func (s *sinks) Subject(x *trail.Subject) {
	s.record.Subject(x)
	s.judge.Subject(x)
}

// readers hands each subject to several judges.
type readers struct {
	first  trail.Sink
	others []*judge.Judge
}

func (s *readers) Subject(x *trail.Subject) {
	s.first.Subject(x)
	for _, j := range s.others {
		j.Subject(x)
	}
}

func (r *runner) one(wk *worker, i int) error {
	wk.judge.Reset(int32(i))
	var (
		sink   trail.Sink = wk.judge
		detail trail.DetailSink
		buf    *record.Buffer
		events bool
	)
	if r.opt.Record != nil {
		buf = r.opt.Record.Buffer(i)
		wk.judge.Clocks = buf
		sink, detail, events = &sinks{wk.judge, buf}, buf, r.opt.Record.WantsEvents(i)
	}
	if len(wk.others) > 0 {
		for _, j := range wk.others {
			j.Reset(int32(i))
		}
		sink = &readers{first: sink, others: wk.others}
	}
	t, err := wk.engine.Run(i, sink, detail, events)
	if err != nil {
		return err
	}
	for k, j := range wk.others {
		r.res.Others[k][i] = j.Rep()
	}
	r.reps[i], r.totals[i] = wk.judge.Rep(), t.Clone()
	if buf != nil {
		if err := r.opt.Record.Append(buf); err != nil {
			return fmt.Errorf("record: %w", err)
		}
	}
	return nil
}

// Report puts the result together with the bounds of feasibility.
func Report(w *world.World, res *Result, info judge.RunInfo) *judge.Report {
	info.Interrupted, info.Asked = res.Interrupted, res.Asked
	return judge.Assemble(w, res.Reps, res.Totals, bound.Compute(w), info)
}
