package experiment

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"slasim/model/world"
	"slasim/sim/bound"
	"slasim/sim/judge"
)

// Grid is a number of designs that run the same replications, point by point.
type Grid struct {
	Points       []int // to be run: their numbers
	Replications int
	Workers      int // 0: one per processor
	// World makes a point's world and what a report says of it; called from several goroutines.
	World func(point int) (*world.World, judge.RunInfo, error)
	// Done takes a point that has finished; called from several goroutines. An error ends the run.
	Done     func(point int, p *judge.Point) error
	Progress func(done, total int) // replications; called from several goroutines
}

// Sweep runs the points of a grid, each in one worker. A cancelled context lets go of the points that have not finished.
func Sweep(ctx context.Context, g Grid) error {
	n := g.Workers
	if n <= 0 {
		n = runtime.GOMAXPROCS(0)
	}
	errs := make([]error, len(g.Points))
	var next, done atomic.Int64
	var failed atomic.Bool
	var wg sync.WaitGroup
	for range min(n, len(g.Points)) {
		wg.Go(func() {
			for ctx.Err() == nil && !failed.Load() {
				i := int(next.Add(1)) - 1
				if i >= len(g.Points) {
					return
				}
				if err := g.one(ctx, g.Points[i], &done); err != nil {
					errs[i] = &DesignError{g.Points[i], err}
					failed.Store(true)
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// one runs one point.
func (g *Grid) one(ctx context.Context, point int, done *atomic.Int64) error {
	w, info, err := g.World(point)
	if err != nil {
		return err
	}
	res, err := Run(ctx, w, Options{Replications: g.Replications, Workers: 1, CountsOnly: true, TargetsOnly: true, Progress: func(int, int) {
		if n := int(done.Add(1)); g.Progress != nil {
			g.Progress(n, len(g.Points)*g.Replications)
		}
	}})
	if err != nil || res.Interrupted {
		return err
	}
	return g.Done(point, judge.PointOf(w, res.Reps, res.Totals, bound.Compute(w), info))
}
