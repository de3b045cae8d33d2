package experiment

import (
	"context"
	"runtime"

	"slasim/model"
	"slasim/model/world"
	"slasim/sim/bound"
	"slasim/sim/judge"
	"slasim/sim/stats"
)

// Design is one of several designs to be compared.
type Design struct {
	Name    string
	Changes []model.Change // against the first
	World   *world.World
	Info    judge.RunInfo
}

// DesignError is an error of one of several designs.
type DesignError struct {
	Design int
	Err    error
}

func (e *DesignError) Error() string { return e.Err.Error() }
func (e *DesignError) Unwrap() error { return e.Err }

// Comparison says how designs are compared.
type Comparison struct {
	Designs  []Design
	Limit    int                   // most replications of a design
	Workers  int                   // 0: one per processor
	Progress func(done, total int) // replications of all designs up to the next look; called from several goroutines
}

// sure is the confidence with which every sign has to be known for a comparison to end before its limit. Looking several
// times and stopping where it suits would make 95 % intervals say too much; with so high a bar at the looks on the way
// they keep very nearly what they promise at the end (J. L. Haybittle, British Journal of Radiology 44, 1971, 793–797;
// R. Peto et al., British Journal of Cancer 34, 1976, 585–612, who ask for three standard errors, and here 99.9 %).
const sure = 0.999

// Compare runs designs on the same replications: 50, 100, 200, … of them, until the sign of every difference of interest
// from the first design is known or the limit is reached. The looks, and so the result, do not depend on the workers. A
// cancelled context keeps the replications that all designs have finished; nil if there are none.
func Compare(ctx context.Context, c Comparison) (*judge.Versus, error) {
	n := c.Workers
	if n <= 0 {
		n = runtime.GOMAXPROCS(0)
	}
	var runners []*runner
	for i := range c.Designs {
		opt := Options{CountsOnly: true, TargetsOnly: true, Progress: c.Progress}
		runners = append(runners, &runner{w: c.Designs[i].World, opt: opt, res: &Result{}, workers: make([]worker, n), design: i})
	}
	v := &judge.Versus{Limit: c.Limit, Designs: []judge.Design{}, Against: []judge.Contrast{}, Footnotes: []judge.Footnote{}}
	var sides []*judge.Side
	for look := 0; v.Stopped == ""; {
		look = min(stats.NextLook(look), c.Limit)
		if err := upTo(ctx, runners, look); err != nil {
			return nil, err
		}
		if len(runners[0].res.Reps) == 0 {
			return nil, nil
		}
		sides = sides[:0]
		for _, r := range runners {
			sides = append(sides, judge.NewSide(r.w, r.res.Reps, r.res.Totals))
		}
		switch {
		case runners[0].res.Interrupted:
			v.Stopped = judge.StoppedInterrupted
		case known(sides):
			v.Stopped = judge.StoppedKnown
		case look == c.Limit:
			v.Stopped = judge.StoppedLimit
		}
	}
	v.Replications = len(runners[0].res.Reps)
	for i := range c.Designs {
		d, r := &c.Designs[i], runners[i]
		info := d.Info
		info.Interrupted, info.Asked = r.res.Interrupted, c.Limit
		sides[i].Report = judge.Assemble(r.w, r.res.Reps, r.res.Totals, bound.Compute(r.w), info)
		v.Add(d.Name, d.Changes, sides[i])
		if i > 0 {
			v.Against = append(v.Against, judge.Against(sides[0], sides[i]))
		}
	}
	return v, nil
}

// known reports whether the sign of every difference of interest is, beyond the doubt that comes from looking often.
func known(sides []*judge.Side) bool {
	for _, s := range sides[1:] {
		if open, _ := judge.Open(sides[0], s, sure); open > 0 {
			return false
		}
	}
	return true
}
