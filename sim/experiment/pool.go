package experiment

import (
	"context"
	"slices"

	"slasim/model/world"
	"slasim/sim/judge"
)

// Pool runs w once more without each of its contracts, on the same random numbers, and sets each beside the replications
// that are there: who suffers from whom. A contract that is away has no faults, no questions and no planned work; people,
// stock and everything else stay. base are the first replications of a run of w. Nil if a contract is alone or the context
// was cancelled.
func Pool(ctx context.Context, w *world.World, base []*judge.RepResult, opt Options) (*judge.Pool, error) {
	if len(w.Contracts) < 2 || len(base) == 0 {
		return nil, nil
	}
	without := make([][]*judge.RepResult, len(w.Contracts))
	total := len(base) * len(w.Contracts)
	for k := range w.Contracts {
		o := Options{Replications: len(base), Workers: opt.Workers, CountsOnly: true}
		if opt.Progress != nil {
			o.Progress = func(done, _ int) { opt.Progress(k*len(base)+done, total) }
		}
		res, err := Run(ctx, Without(w, k), o)
		if err != nil {
			return nil, err
		}
		if res.Interrupted {
			return nil, nil
		}
		without[k] = res.Reps
	}
	pool := judge.Effects(w, base, without)
	return &pool, nil
}

// Without is w with contract k silent.
func Without(w *world.World, k int) *world.World {
	other := *w
	other.Contracts = slices.Clone(w.Contracts)
	other.Contracts[k].Silent = true
	return &other
}
