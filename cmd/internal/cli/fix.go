package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"slasim/model"
	"slasim/model/world"
	"slasim/scenarios"
	"slasim/sim/bound"
	"slasim/sim/judge"
	"slasim/sim/plan"
	"slasim/sim/record"
	"slasim/sim/why"
)

// What a fix tries (choices): late events on which a change is tried alone, in so many contract years; changes that are tried
// together, steps of each, and contract years of a set in the search and in the proof.
const (
	fixEvents = 100
	fixFewest = 10
	fixTries  = 40
	fixMost   = 20
	fixHeads  = 10
	fixSeats  = 2
	fixParts  = 4
	fixSearch = 200
	fixProof  = 400
	fixLeast  = 2 // late events that a change must save alone, net, of more than fixFew; of these one
	fixFew    = 20
)

// offer is a change that may help.
type offer struct {
	why.Step
	v   plan.Variable
	set []string // what must be there for it
}

// fixing finds the least that makes a clause hold.
type fixing struct {
	x       *explaining
	a       *app
	dir     string
	s       *scenarios.Scenario
	found   *why.Explanation
	clauses []int32
	offers  []offer
	record  *record.Manifest
}

// repair adds the cheapest fix of the clause to the report.
func (f *fixing) repair(ctx context.Context, r *why.Report, sum *judge.Report, bar *progress) error {
	w := f.s.World
	fix := &why.Repaired{Clause: f.x.clause, Currency: w.Costs.Currency, Assurance: w.Assurance, Infeasible: []why.Site{}, Offered: []why.Step{},
		Changes: []why.Needed{}}
	r.Fix = fix
	for i := range sum.Clauses {
		if c := &sum.Clauses[i]; c.ID == f.x.clause && c.Verdict == "INFEASIBLE" { // no number of people helps
			fix.Infeasible = f.cures()
			return nil
		}
	}
	f.offer()
	if err := f.try(ctx, bar); err != nil {
		return err
	}
	var vars []plan.Variable
	var used []*offer
	for i := range f.offers {
		o := &f.offers[i]
		fix.Offered = append(fix.Offered, o.Step)
		if o.Used {
			vars, used = append(vars, o.v), append(used, o)
		}
	}
	if len(vars) == 0 {
		return nil
	}
	q := &plan.Problem{Variables: vars, Clauses: []string{f.x.clause}, Search: terms(w, fixSearch), Proof: terms(w, fixProof), Workers: f.x.workers, Progress: bar.plan, LetSlip: true}
	q.World = func(d plan.Design) (*world.World, error) {
		var set []string
		for _, o := range used {
			set = append(set, o.set...)
		}
		return f.world(append(set, sets(vars, d)...))
	}
	got, err := why.Repair(ctx, q, f.clauses)
	if err != nil {
		return err
	}
	fix.Holds, fix.Before, fix.After, fix.Confidence = got.Holds, got.Before, &got.After, got.Confidence
	fix.Simulated = got.Replayed
	if fix.All = got.Result == nil; !fix.All {
		fix.Complete, fix.Designs, fix.Space = got.Result.Complete, got.Result.Designs, got.Result.Space
	}
	for i, n := range got.Design {
		if n > 0 {
			need := why.Needed{Step: used[i].Step, To: vars[i].Values[n], Cost: got.Cost[i], Without: -1}
			if got.Holds {
				need.Without = got.Without[i]
			}
			fix.Changes = append(fix.Changes, need)
		}
	}
	slices.SortStableFunc(fix.Changes, func(a, b why.Needed) int { return cmp.Compare(b.Cost, a.Cost) })
	return nil
}

// cures are the sites at which the clauses cannot be kept, those that cost most first, with what would make them hold.
func (f *fixing) cures() []why.Site {
	type row struct {
		bound.Row
		late float64
	}
	var rows []row
	all := bound.Compute(f.s.World)
	for _, c := range f.clauses {
		for _, r := range all.Clauses[c].Rows {
			if r.Infeasible && r.Cure != nil {
				rows = append(rows, row{r, r.PerYear * (1 - r.F)})
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(b.late, a.late) })
	list := []why.Site{{}} // infeasible as a whole, if no site is so alone
	for _, r := range rows {
		p := &f.s.World.Places[r.Site]
		list = append(list, why.Site{ID: p.ID, Name: p.Name, Cure: r.Cure})
	}
	if len(rows) > 0 {
		return list[1:]
	}
	return list
}

// world is the world of the record with changes, with the history it replayed.
func (f *fixing) world(set []string) (*world.World, error) {
	quiet := *f.a
	quiet.Err = discard{}
	l := &loading{set: set, record: f.record, dir: f.dir}
	s, _, err := l.again(&quiet, f.dir, nil, true)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", plan.ErrNoWorld, err)
	}
	return s.World, nil
}

// offer lists the changes of the kinds that may help: people if some late event would have been saved by people who were
// there, free, able or near; parts that late events asked for if stock or nearness would have saved one.
func (f *fixing) offer() {
	saved := [why.NumObstacles]bool{}
	parts := map[string]bool{}
	w := f.s.World
	for i := range f.found.Cases {
		c := &f.found.Cases[i]
		for _, o := range c.Single() {
			saved[o] = saved[o] || f.found.Here[o]
		}
		if c.Part >= 0 && (c.Saved(why.Part) || c.Saved(why.Travel)) {
			parts[w.Parts[c.Part].ID] = true
		}
	}
	file := f.s.File
	if saved[why.Shift] || saved[why.Busy] || saved[why.Skill] || saved[why.Travel] {
		for i := range w.Teams {
			t := &w.Teams[i]
			kind, most := "heads", fixHeads
			if t.Partner {
				kind = "partner"
			}
			f.add(why.Step{Kind: kind, Of: t.Name, At: w.Places[t.Place].Name}, "people."+t.ID+".headcount", int(t.Count), 1, most, nil)
			if saved[why.Shift] && !t.Partner && !t.Resident && t.Only == nil && t.Count > 0 && file.People[t.ID].Roster != nil && sleeps(w, t) {
				set, heads := f.s.Watch(t.ID)
				f.add(why.Step{Kind: "watch", Of: t.Name, At: w.Places[t.Place].Name}, heads, 0, scenarios.WatchHeads, fixSeats, set)
			}
		}
	}
	for d := range w.Depots {
		if w.Depots[d].Customers {
			continue
		}
		for p := range w.Parts {
			level, path, ok := f.s.Stocked(w.Depots[d].ID, w.Parts[p].ID)
			if ok && parts[w.Parts[p].ID] {
				f.add(why.Step{Kind: "part", Of: w.Parts[p].Name, At: w.Depots[d].Name}, path, level, 1, fixParts, nil)
			}
		}
	}
}

// sleeps reports whether at some moment of the term nobody of a team is on shift by its roster.
func sleeps(w *world.World, t *world.Team) bool {
	var on []world.Duty
	for _, p := range w.Persons[t.First : t.First+t.Count] {
		for _, d := range p.Duties {
			if !d.OnCall {
				on = append(on, d)
			}
		}
	}
	slices.SortFunc(on, func(a, b world.Duty) int { return cmp.Compare(a.Start, b.Start) })
	until := model.Time(0)
	for _, d := range on {
		if d.Start > until {
			return true
		}
		until = max(until, d.End)
	}
	return until < w.Term
}

func (f *fixing) add(s why.Step, path string, from, by, most int, set []string) {
	o := offer{Step: s, set: set, v: plan.Variable{Path: path, Partner: s.Kind == "partner"}}
	for k := range most + 1 {
		o.v.Values = append(o.v.Values, strconv.Itoa(from+k*by))
	}
	o.Path, o.From, o.Next, o.Most = path, o.v.Values[0], o.v.Values[1], o.v.Values[most]
	f.offers = append(f.offers, o)
}

// try looks at each change alone, and chooses those that are tried together: the fixMost that save most, less what is newly
// late with them. A world that is changed anywhere meets chance otherwise, so a few saved events mean nothing.
func (f *fixing) try(ctx context.Context, bar *progress) error {
	fixed := judge.Fixed(f.s.World)
	tries := terms(f.s.World, fixFewest)
	for tries < terms(f.s.World, fixTries) && f.found.Late(tries) < fixEvents {
		tries++
	}
	for i := range f.offers {
		o := &f.offers[i]
		v, err := f.world(append(slices.Clone(o.set), o.Path+"="+o.Next))
		if errors.Is(err, plan.ErrNoWorld) {
			continue
		}
		if err != nil {
			return err
		}
		o.Cost = judge.Fixed(v) - fixed
		if o.Saved, o.Fresh, err = f.found.In(ctx, v, tries); err != nil {
			return err
		}
		o.Late = f.found.Late(tries)
		bar.at(i+1, len(f.offers))
	}
	order := make([]int, len(f.offers))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := &f.offers[a], &f.offers[b]
		return cmp.Or(cmp.Compare(y.Saved-y.Fresh, x.Saved-x.Fresh), cmp.Compare(x.Cost, y.Cost))
	})
	for k, i := range order {
		o := &f.offers[i]
		net := o.Saved - o.Fresh
		o.Order = k
		o.Used = k < fixMost && (net >= fixLeast || net > 0 && o.Late <= fixFew)
	}
	return nil
}

// terms is how many replications have at least so many contract years.
func terms(w *world.World, years int) int {
	each := max(1, w.Years)
	return (years + each - 1) / each
}

// failed turns the errors of a fix into ours.
func (f *fixing) failed(err error) error {
	var unknown *plan.Unknown
	if errors.As(err, &unknown) || errors.Is(err, plan.ErrNothing) {
		return usage("cli.fix_no_target", f.x.clause)
	}
	return err
}
