package experiment

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"slasim/model/world"
	"slasim/sim/judge"
	"slasim/sim/stats"
)

// Draws of uncertain inputs: draws worlds with replications each.
type Draws struct {
	Draws, Replications int
	Workers             int                                  // 0: one per processor
	World               func(draw int) (*world.World, error) // the world of a draw, from 0; called from several goroutines
	Progress            func(done, total int)                // replications; called from several goroutines
}

// draw is what one draw came to.
type draw struct {
	report *judge.Report
	counts [][]judge.Count // by clause, then replication
}

// Doubt says how far the answer goes with inputs that are not known: the same replications, on the same random numbers,
// of one world after the other. A cancelled context keeps the draws that have finished, as far as they have no gap; nil if
// there are fewer than two. The worlds have the same clauses.
func Doubt(ctx context.Context, opt Draws) (*judge.Doubt, error) {
	n := opt.Workers
	if n <= 0 {
		n = runtime.GOMAXPROCS(0)
	}
	draws := make([]*draw, opt.Draws)
	errs := make([]error, opt.Draws)
	var next, done atomic.Int64
	var failed atomic.Bool
	var wg sync.WaitGroup
	for range min(n, opt.Draws) {
		wg.Go(func() {
			for ctx.Err() == nil && !failed.Load() {
				i := int(next.Add(1)) - 1
				if i >= opt.Draws {
					return
				}
				draws[i], errs[i] = opt.one(ctx, i, &done)
				if errs[i] != nil {
					failed.Store(true)
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs { // the first by number that any schedule comes to
		if err != nil {
			return nil, err
		}
	}
	if k := slices.Index(draws, nil); k >= 0 {
		draws = draws[:k]
	}
	if len(draws) < 2 {
		return nil, nil
	}
	return doubt(draws, opt), nil
}

// one runs one draw; nil if the context was cancelled before it had finished.
func (opt *Draws) one(ctx context.Context, i int, done *atomic.Int64) (*draw, error) {
	w, err := opt.World(i)
	if err != nil {
		return nil, err
	}
	res, err := Run(ctx, w, Options{Replications: opt.Replications, Workers: 1, CountsOnly: true, Progress: func(int, int) {
		if n := int(done.Add(1)); opt.Progress != nil {
			opt.Progress(n, opt.Draws*opt.Replications)
		}
	}})
	if err != nil {
		return nil, fmt.Errorf("draw %d: %w", i, err)
	}
	if res.Interrupted {
		return nil, nil
	}
	d := &draw{report: judge.Assemble(w, res.Reps, res.Totals, nil, judge.RunInfo{})}
	for k := range w.Clauses {
		var list []judge.Count
		for _, r := range res.Reps {
			list = append(list, r.Clause(k))
		}
		d.counts = append(d.counts, list)
	}
	return d, nil
}

// doubt sums up the draws.
func doubt(draws []*draw, opt Draws) *judge.Doubt {
	first := draws[0].report
	d := &judge.Doubt{Draws: len(draws), Asked: opt.Draws, Replications: opt.Replications, Assurance: first.Run.Assurance}
	spread := func(of func(*judge.Report) *float64) judge.Spread {
		var list []float64
		for _, x := range draws {
			if v := of(x.report); v != nil {
				list = append(list, *v)
			}
		}
		slices.Sort(list)
		at := func(p float64) *float64 {
			if v := stats.Percentile(list, p); !math.IsNaN(v) {
				return &v
			}
			return nil
		}
		return judge.Spread{P10: at(0.1), P50: at(0.5), P90: at(0.9)}
	}
	for k := range first.Clauses {
		c := &first.Clauses[k]
		x := judge.DoubtClause{ID: c.ID, Contract: c.Contract, Text: c.Text,
			Share: spread(func(r *judge.Report) *float64 { return r.Clauses[k].Share }),
			Late:  spread(func(r *judge.Report) *float64 { return &r.Clauses[k].LatePerYear }),
			PHold: spread(func(r *judge.Report) *float64 { return r.Clauses[k].PHold }),
		}
		for _, y := range draws {
			if p := y.report.Clauses[k].PHold; p != nil {
				x.Judged++
				if *p >= first.Run.Assurance {
					x.Held++
				}
			}
		}
		if x.Judged > 0 {
			x.Noise = noise(draws, k)
			d.Clauses = append(d.Clauses, x)
		}
	}
	d.Cost = spread(func(r *judge.Report) *float64 { return &r.Cost.Total })
	d.Margin = spread(func(r *judge.Report) *float64 { return r.Cost.Margin })
	for _, x := range draws {
		if m := x.report.Cost.Margin; m != nil && *m < 0 {
			d.Losses++
		}
	}
	return d
}

// noise is which part of the variance of clause k's share between draws is error of the replications of a draw; nil if the
// shares do not differ. All draws run the same replications, so the part of the error that is common to the draws shifts
// them alike and spreads nothing. With z the linearised share of a replication within its draw (its late events too many,
// over the events of a replication), what is left of z after its mean over the draws has the variance s² of a two-way
// layout, (draws − 1)(replications − 1) degrees of freedom, and the mean of n replications s²/n.
func noise(draws []*draw, k int) *float64 {
	n := len(draws[0].counts[k])
	if n < 2 {
		return nil
	}
	z := make([][]float64, 0, len(draws))
	var shares []float64
	for _, d := range draws {
		var met, all float64
		for _, c := range d.counts[k] {
			met += float64(c.Met)
			all += float64(c.Met + c.Breached)
		}
		if all == 0 {
			continue
		}
		share := met / all
		shares = append(shares, share)
		row := make([]float64, n)
		for i, c := range d.counts[k] {
			row[i] = (float64(c.Met) - share*float64(c.Met+c.Breached)) / (all / float64(n))
		}
		z = append(z, row)
	}
	if len(z) < 2 {
		return nil
	}
	between := variance(shares)
	if between == 0 {
		return nil
	}
	rest := 0.0
	for i := range n {
		mean := 0.0
		for _, row := range z {
			mean += row[i] / float64(len(z))
		}
		for _, row := range z {
			rest += (row[i] - mean) * (row[i] - mean)
		}
	}
	v := min(1, rest/float64((len(z)-1)*(n-1))/float64(n)/between)
	return &v
}

func variance(list []float64) float64 {
	var mean, sum float64
	for _, x := range list {
		mean += x / float64(len(list))
	}
	for _, x := range list {
		sum += (x - mean) * (x - mean)
	}
	return sum / float64(len(list)-1)
}
