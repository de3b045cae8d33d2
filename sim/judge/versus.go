package judge

import (
	"math"
	"slices"

	"slasim/model"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/sim/stats"
)

// Versus sets designs side by side that ran the same replications on the same random numbers.
type Versus struct {
	Version      string     `json:"version"`
	Seed         uint64     `json:"seed"`
	Replications int        `json:"replications"` // of each design
	Limit        int        `json:"replications_limit"`
	Stopped      string     `json:"stopped"`
	Designs      []Design   `json:"designs"`
	Against      []Contrast `json:"against"` // designs after the first, against it
	Footnotes    []Footnote `json:"footnotes"`
}

// Why a comparison ended: every sign of interest is known, the limit was reached, or the user wished so.
const (
	StoppedKnown       = "known"
	StoppedLimit       = "limit"
	StoppedInterrupted = "interrupted"
)

// Add adds a design that ran.
func (v *Versus) Add(name string, changes []model.Change, s *Side) {
	r := s.Report
	v.Version, v.Seed = r.Run.Version, r.Run.Seed
	v.Designs = append(v.Designs, Design{Name: name, Changes: changes, Run: r.Run, Answer: r.Answer, Cost: r.Cost})
	for _, f := range r.Footnotes { // what concerns all that was run, once
		if f.Msg.Code == "note.one_replication" && len(v.Footnotes) == 0 {
			v.Footnotes = append(v.Footnotes, f)
		}
	}
}

// Design is one of the designs.
type Design struct {
	Name    string         `json:"name"`
	Changes []model.Change `json:"changes"` // where it says something else than the first
	Run     RunInfo        `json:"run"`
	Answer  Answer         `json:"answer"`
	Cost    CostResult     `json:"cost"`
}

// Contrast is one design, b, against the first, a.
type Contrast struct {
	Streams   int           `json:"same_faults"` // replications in which both meet the very same primary faults
	Unchanged bool          `json:"unchanged"`   // no event, count or cost differs in any replication
	Interest  int           `json:"of_interest"` // differences whose sign is asked for: late events of clauses with a target, cost
	Open      int           `json:"open"`        // of these, those that may be noise
	Clauses   []ClauseDelta `json:"clauses"`     // with a target on both sides
	Teams     []TeamDelta   `json:"teams"`
	Parts     []PartDelta   `json:"parts"`
	Cost      []MoneyDelta  `json:"cost"` // by kind, last the total
	Margin    Delta         `json:"margin"`
	PLoss     Delta         `json:"p_loss"`
	Alone     []Alone       `json:"one_side_only"`
}

// Delta is a figure of both sides and the paired difference b − a with its 95 % interval; nil where there is none.
type Delta struct {
	A    *float64 `json:"a"`
	B    *float64 `json:"b"`
	Diff *float64 `json:"difference"`
	Low  *float64 `json:"low"`
	High *float64 `json:"high"`
}

// None reports whether both sides are the same in every replication.
func (d *Delta) None() bool {
	return d.Diff == nil && d.A == nil && d.B == nil || d.Diff != nil && *d.Diff == 0 && d.Low != nil && *d.Low == 0 && *d.High == 0
}

// Noise reports whether a difference may be chance.
func (d *Delta) Noise() bool {
	return d.Diff != nil && !d.None() && (d.Low == nil || d.High == nil || !(*d.Low > 0 || *d.High < 0))
}

// ClauseDelta is one clause.
type ClauseDelta struct {
	ID       string     `json:"id"`
	Contract string     `json:"contract"`
	Text     model.Text `json:"text"`
	VerdictA string     `json:"verdict_a"`
	VerdictB string     `json:"verdict_b"`
	Events   Delta      `json:"events_per_year"`
	Late     Delta      `json:"late_per_year"`
	Share    Delta      `json:"share"`  // on time
	PHold    Delta      `json:"p_hold"` // P(the clause holds in a period), clocks open at the end taken as late
}

// TeamDelta is one team.
type TeamDelta struct {
	ID          string     `json:"id"`
	Name        model.Text `json:"name"`
	HeadsA      int        `json:"headcount_a"`
	HeadsB      int        `json:"headcount_b"`
	Utilisation Delta      `json:"utilisation"`
	Overtime    Delta      `json:"overtime_hours_per_year"`
}

// PartDelta is one part at one depot.
type PartDelta struct {
	Depot     string     `json:"depot"`
	DepotName model.Text `json:"depot_name"`
	Part      string     `json:"part"`
	Name      model.Text `json:"name"`
	LevelA    int        `json:"level_a"`
	LevelB    int        `json:"level_b"`
	Fill      Delta      `json:"fill_rate"`
	Backorder Delta      `json:"backorder_days_per_year"`
}

// MoneyDelta is one kind of cost of a contract year.
type MoneyDelta struct {
	Kind string `json:"kind"`
	Delta
}

// Alone is what only one of two designs has: a clause also if the other has it without a target.
type Alone struct {
	Side      string     `json:"side"` // a, b
	Kind      string     `json:"kind"` // clause, team, part
	Contract  string     `json:"contract,omitempty"`
	Depot     string     `json:"depot,omitempty"`
	DepotName model.Text `json:"depot_name"`
	ID        string     `json:"id"`
	Name      model.Text `json:"name"`
}

// Side is a design as it ran: its world, its replications and what they came to.
type Side struct {
	World  *world.World
	Reps   []*RepResult
	Totals []*trail.Totals
	Report *Report

	ix    *index
	years float64
	money []CostResult
}

// NewSide is a design that ran; the report may be set later.
func NewSide(w *world.World, reps []*RepResult, totals []*trail.Totals) *Side {
	s := &Side{World: w, Reps: reps, Totals: totals, ix: newIndex(w)}
	s.years = s.ix.contractYears()
	for i := range reps {
		s.money = append(s.money, Cost(w, reps[i], totals[i]))
	}
	return s
}

// clause finds a promise with a target of both sides, by contract and id.
func (s *Side) clause(contract, id string) *promise {
	for i := range s.ix.promises {
		p := &s.ix.promises[i]
		if p.hasTarget() && p.c.ID == id && s.World.Contracts[p.c.Contract].ID == contract {
			return p
		}
	}
	return nil
}

// series is a figure by replication.
func (s *Side) series(of func(rep int) float64) []float64 {
	list := make([]float64, len(s.Reps))
	for i := range list {
		list[i] = of(i)
	}
	return list
}

// late is the late events a year of a clause, by replication.
func (s *Side) late(p *promise) []float64 {
	return s.series(func(i int) float64 { return float64(s.Reps[i].Clause(int(p.id)).Breached) / s.years })
}

// Total is the cost of a year, by replication.
func (s *Side) Total() []float64 { return s.series(func(i int) float64 { return s.money[i].Total }) }

// Open counts the differences of interest between two designs – the late events of each clause that has a target on both
// sides, and the cost – and those of them whose sign is not known with this confidence. A difference that is 0 in every
// replication is known.
func Open(a, b *Side, confidence float64) (open, of int) {
	look := func(x, y []float64) {
		of++
		if d := stats.Paired(x, settled(x, y), confidence); d.Noise && !(d.Lo == 0 && d.Hi == 0) {
			open++
		}
	}
	for i := range a.ix.promises {
		p := &a.ix.promises[i]
		if !p.hasTarget() {
			continue
		}
		if q := b.clause(a.World.Contracts[p.c.Contract].ID, p.c.ID); q != nil {
			look(a.late(p), b.late(q))
		}
	}
	look(a.Total(), b.Total())
	return open, of
}

// Against compares b with a. Both ran the same replications, and their reports are set.
func Against(a, b *Side) Contrast {
	c := Contrast{Unchanged: true, Clauses: []ClauseDelta{}, Teams: []TeamDelta{}, Parts: []PartDelta{}, Alone: []Alone{}}
	c.Open, c.Interest = Open(a, b, confidence)
	for i := range a.Totals {
		if a.Totals[i].StreamFingerprint == b.Totals[i].StreamFingerprint {
			c.Streams++
		}
		same := a.Totals[i].Fingerprint == b.Totals[i].Fingerprint && a.Reps[i].Same(b.Reps[i]) && a.money[i] == b.money[i]
		c.Unchanged = c.Unchanged && same
	}
	c.clauses(a, b)
	c.teams(a, b)
	c.parts(a, b)
	c.costs(a, b)
	return c
}

// settled is y with what differs from x by the rounding of sums only made equal: money is added up in another order where
// another team or depot stands in between.
func settled(x, y []float64) []float64 {
	list := slices.Clone(y)
	for i := range list {
		if math.Abs(list[i]-x[i]) <= 1e-12*max(math.Abs(list[i]), math.Abs(x[i])) {
			list[i] = x[i]
		}
	}
	return list
}

// paired is a figure that every replication of both sides has.
func paired(x, y []float64) Delta {
	y = settled(x, y)
	var ma, mb stats.Mean
	for i := range x {
		ma.Add(x[i])
		mb.Add(y[i])
	}
	return delta(ma.Value(), mb.Value(), stats.Paired(x, y, confidence))
}

func delta(a, b float64, d stats.Difference) Delta {
	return Delta{A: number(a), B: number(b), Diff: number(d.Value), Low: number(d.Lo), High: number(d.Hi)}
}

// ratios is a share of counts.
func ratios(a, b *stats.Ratio) Delta {
	return delta(a.Estimate(confidence).Value, b.Estimate(confidence).Value, stats.PairedRatio(a, b, confidence))
}

func (c *Contrast) clauses(a, b *Side) {
	for i := range a.Report.Clauses {
		x := &a.Report.Clauses[i]
		y := b.Report.clause(x.Contract, x.ID)
		if y == nil {
			c.Alone = append(c.Alone, Alone{Side: "a", Kind: "clause", Contract: x.Contract, ID: x.ID, Name: x.Text})
			continue
		}
		p, q := a.clause(x.Contract, x.ID), b.clause(x.Contract, x.ID)
		switch {
		case p == nil && q == nil: // without a target there is nothing to be late for
			continue
		case q == nil:
			c.Alone = append(c.Alone, Alone{Side: "a", Kind: "clause", Contract: x.Contract, ID: x.ID, Name: x.Text})
			continue
		case p == nil:
			c.Alone = append(c.Alone, Alone{Side: "b", Kind: "clause", Contract: x.Contract, ID: x.ID, Name: x.Text})
			continue
		}
		r := ClauseDelta{ID: x.ID, Contract: x.Contract, Text: x.Text, VerdictA: x.Verdict, VerdictB: y.Verdict}
		events := func(s *Side, p *promise) []float64 {
			return s.series(func(i int) float64 {
				n := s.Reps[i].Clause(int(p.id))
				return float64(n.Met+n.Breached) / s.years
			})
		}
		r.Events = paired(events(a, p), events(b, q))
		r.Late = paired(a.late(p), b.late(q))
		met := func(s *Side, p *promise) *stats.Ratio {
			ratio := stats.NewRatio(len(s.Reps))
			for i, rep := range s.Reps {
				n := rep.Clause(int(p.id))
				ratio.Set(i, int64(n.Met), int64(n.Breached))
			}
			return ratio
		}
		r.Share = ratios(met(a, p), met(b, q))
		held := func(s *Side, p *promise) *stats.Ratio {
			ratio := stats.NewRatio(len(s.Reps))
			for i, rep := range s.Reps {
				yes, no := int64(0), int64(0)
				for k := range rep.Periods(int(p.id)) {
					switch _, judged, held := rep.Period(int(p.id), k); {
					case judged && held:
						yes++
					case judged:
						no++
					}
				}
				ratio.Set(i, yes, no)
			}
			return ratio
		}
		if x.PHold != nil && y.PHold != nil {
			r.PHold = ratios(held(a, p), held(b, q))
		} else {
			r.PHold = Delta{A: x.PHold, B: y.PHold}
		}
		c.Clauses = append(c.Clauses, r)
	}
	for i := range b.Report.Clauses {
		if y := &b.Report.Clauses[i]; a.Report.clause(y.Contract, y.ID) == nil {
			c.Alone = append(c.Alone, Alone{Side: "b", Kind: "clause", Contract: y.Contract, ID: y.ID, Name: y.Text})
		}
	}
}

// clause finds a clause of a report.
func (r *Report) clause(contract, id string) *ClauseResult {
	for i := range r.Clauses {
		if r.Clauses[i].Contract == contract && r.Clauses[i].ID == id {
			return &r.Clauses[i]
		}
	}
	return nil
}

func (c *Contrast) teams(a, b *Side) {
	find := func(w *world.World, id string) int {
		for i := range w.Teams {
			if w.Teams[i].ID == id {
				return i
			}
		}
		return -1
	}
	for i := range a.World.Teams {
		x := &a.World.Teams[i]
		k := find(b.World, x.ID)
		if k < 0 {
			c.Alone = append(c.Alone, Alone{Side: "a", Kind: "team", ID: x.ID, Name: x.Name})
			continue
		}
		r := TeamDelta{ID: x.ID, Name: x.Name, HeadsA: int(x.Count), HeadsB: int(b.World.Teams[k].Count)}
		var ua, ub []float64 // of the replications in which somebody was there on both sides
		for rep := range a.Totals {
			use, there := utilisation(a.Totals[rep], i)
			other, too := utilisation(b.Totals[rep], k)
			if there && too {
				ua, ub = append(ua, use), append(ub, other)
			}
		}
		r.Utilisation = paired(ua, ub)
		over := func(s *Side, team int) []float64 {
			return s.series(func(i int) float64 {
				o := s.Totals[i].Overtime[team]
				return (o[0] + o[1] + o[2]).Hours() / s.years
			})
		}
		r.Overtime = paired(over(a, i), over(b, k))
		c.Teams = append(c.Teams, r)
	}
	for k := range b.World.Teams {
		if y := &b.World.Teams[k]; find(a.World, y.ID) < 0 {
			c.Alone = append(c.Alone, Alone{Side: "b", Kind: "team", ID: y.ID, Name: y.Name})
		}
	}
}

func (c *Contrast) parts(a, b *Side) {
	find := func(r *Report, depot, part string) *PartResult {
		for i := range r.Parts {
			if r.Parts[i].Depot == depot && r.Parts[i].Part == part {
				return &r.Parts[i]
			}
		}
		return nil
	}
	for i := range a.Report.Parts {
		x := &a.Report.Parts[i]
		y := find(b.Report, x.Depot, x.Part)
		if y == nil {
			c.Alone = append(c.Alone, alonePart("a", x))
			continue
		}
		ka, kb := a.stock(x.Depot, x.Part), b.stock(x.Depot, x.Part)
		r := PartDelta{Depot: x.Depot, DepotName: x.DepotName, Part: x.Part, Name: x.Name, LevelA: x.Level, LevelB: y.Level}
		fill := func(s *Side, k int) *stats.Ratio {
			ratio := stats.NewRatio(len(s.Totals))
			for rep, t := range s.Totals {
				ratio.Set(rep, t.Stock[k].FromStock, t.Stock[k].Demands-t.Stock[k].FromStock)
			}
			return ratio
		}
		r.Fill = ratios(fill(a, ka), fill(b, kb))
		wait := func(s *Side, k int) []float64 {
			return s.series(func(i int) float64 { return s.Totals[i].Stock[k].BackorderTime.Hours() / 24 / s.years })
		}
		r.Backorder = paired(wait(a, ka), wait(b, kb))
		c.Parts = append(c.Parts, r)
	}
	for i := range b.Report.Parts {
		if y := &b.Report.Parts[i]; find(a.Report, y.Depot, y.Part) == nil {
			c.Alone = append(c.Alone, alonePart("b", y))
		}
	}
}

func alonePart(side string, r *PartResult) Alone {
	return Alone{Side: side, Kind: "part", Depot: r.Depot, DepotName: r.DepotName, ID: r.Part, Name: r.Name}
}

// stock is the place of a part at a depot among the stocks of a side.
func (s *Side) stock(depot, part string) int {
	for d := range s.World.Depots {
		for p := range s.World.Parts {
			if s.World.Depots[d].ID == depot && s.World.Parts[p].ID == part {
				return d*len(s.World.Parts) + p
			}
		}
	}
	panic("judge: a part of the report that the world does not have")
}

func (c *Contrast) costs(a, b *Side) {
	for k, x := range a.money[0].kinds() {
		of := func(s *Side) []float64 { return s.series(func(i int) float64 { return s.money[i].kinds()[k].sum }) }
		c.Cost = append(c.Cost, MoneyDelta{x.name, paired(of(a), of(b))})
	}
	c.Margin, c.PLoss = Delta{A: a.Report.Cost.Margin, B: b.Report.Cost.Margin}, Delta{A: a.Report.Cost.PLoss, B: b.Report.Cost.PLoss}
	if c.Margin.A == nil || c.Margin.B == nil {
		return
	}
	pa, pb := a.Report.Cost.Price, b.Report.Cost.Price
	c.Margin = paired(a.series(func(i int) float64 { return 1 - a.money[i].Total/pa }), b.series(func(i int) float64 { return 1 - b.money[i].Total/pb }))
	loss := func(s *Side, price float64) []float64 {
		return s.series(func(i int) float64 {
			if s.money[i].Total > price {
				return 1
			}
			return 0
		})
	}
	c.PLoss = paired(loss(a, pa), loss(b, pb))
}
