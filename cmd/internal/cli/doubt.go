package cli

import (
	"bytes"
	"context"
	"fmt"
	"sync"

	"slasim/model/world"
	"slasim/scenarios"
	"slasim/sim"
	"slasim/sim/experiment"
	"slasim/sim/judge"
	"slasim/sim/rng"
)

// draws runs the scenario with its assumptions drawn from their ranges, over and over. The value of an assumption in a draw
// depends on the seed, the draw and its path alone, so more draws keep the first ones. A draw that is no legal scenario is
// wrong input: its ranges do not go together.
func (r *running) draws(ctx context.Context, a *app, name string, s *scenarios.Scenario, bar *progress) (*judge.Doubt, error) {
	var mu sync.Mutex
	said := map[error]string{} // what was found wrong with a draw
	d, err := experiment.Doubt(ctx, experiment.Draws{
		Draws: r.doubt, Replications: r.doubtReps, Workers: r.workers, Progress: bar.at,
		World: func(draw int) (*world.World, error) {
			l := r.loading
			l.draw = func(path string) float64 {
				u := rng.Key{Seed: s.World.Seed, Rep: uint32(draw), Stream: sim.StreamDoubt, Entity: rng.HashName(path)}.New()
				return u.Float64()
			}
			var found bytes.Buffer
			quiet := *a
			quiet.Err = &found
			drawn, _, err := r.scenario(&quiet, &l, name, nil)
			if err != nil {
				err = usage("cli.doubt_draw", draw+1)
				mu.Lock()
				said[err] = found.String()
				mu.Unlock()
				return nil, err
			}
			drawn.World.Seed = s.World.Seed
			return drawn.World, nil
		},
	})
	if err != nil {
		fmt.Fprint(a.Err, said[err])
		return nil, err
	}
	if d != nil {
		d.Assumptions, d.Distribution = ranges(s), "triangular"
	}
	return d, nil
}

// ranges counts the assumptions that have another end than their base.
func ranges(s *scenarios.Scenario) (n int) {
	for _, x := range s.Assumptions {
		if x.HasRange {
			n++
		}
	}
	return n
}
