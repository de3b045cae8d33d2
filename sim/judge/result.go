package judge

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"

	"slasim/model/contract"
)

// RepResult is what one replication came to: integers only, small enough to keep by the hundred thousand.
type RepResult struct {
	Rep     int32
	Clauses []Count // by clause, then period: a contract year or a calendar month
	Final   []Count // over the term, as if judged by the final severity; for clauses that depend on it

	rows  []byte // row × period: four varints each, a lone zero where nothing was counted
	tally *tally
	ix    *index
}

// Rep is the result of the replication that was judged. The judge may go on; the spans and reasons of all
// replications of one judge stay together and are merged by Assemble.
func (j *Judge) Rep() *RepResult {
	r := &RepResult{Rep: j.rep, Clauses: append([]Count(nil), j.clauses...), ix: j.ix, tally: j.tally}
	if len(j.final) > 0 {
		r.Final = append([]Count(nil), j.final...)
	}
	if len(j.rows) > 0 {
		r.rows = pack(j.rows)
	}
	return r
}

// pack writes counts densely: most are zero, nearly all below 128.
func pack(list []Count) []byte {
	b := make([]byte, 0, 2*len(list))
	for i := range list {
		c := &list[i]
		if *c == (Count{}) {
			b = append(b, 0)
			continue
		}
		b = binary.AppendUvarint(b, uint64(c.Met)+1)
		b = binary.AppendUvarint(b, uint64(c.Breached))
		b = binary.AppendUvarint(b, uint64(c.Cancelled))
		b = binary.AppendUvarint(b, uint64(c.Censored))
	}
	return b
}

// unpack is the inverse of pack.
func unpack(list []Count, b []byte) {
	next := func() int32 {
		v, n := binary.Uvarint(b)
		b = b[n:]
		return int32(v)
	}
	for i := range list {
		list[i] = Count{}
		if met := next(); met > 0 {
			list[i] = Count{Met: met - 1, Breached: next(), Cancelled: next(), Censored: next()}
		}
	}
}

// BySite reports whether what a clause comes to is kept by site, so that At can tell.
func (r *RepResult) BySite(clause int) bool { return r.ix.promises[clause].siteRow != nil }

// At is a copy of r in which one clause counts only what happened at some places. The clause is kept by site.
func (r *RepResult) At(clause int, places []bool) *RepResult {
	p := &r.ix.promises[clause]
	x := *r
	x.Clauses = slices.Clone(r.Clauses)
	list := x.Clauses[p.first : p.first+p.periods]
	clear(list)
	rows := make([]Count, r.ix.rowCells)
	if len(r.rows) > 0 {
		unpack(rows, r.rows)
	}
	for i, row := range p.rows {
		if row.kind == bySite && places[row.id] {
			for k := range list {
				list[k].plus(rows[int(p.cell0)+i*int(p.periods)+k])
			}
		}
	}
	return &x
}

// Years is how many contract years the term touches.
func (r *RepResult) Years() int { return len(r.ix.years) - 1 }

// Clause is the counts of a clause over the whole term.
func (r *RepResult) Clause(clause int) Count {
	p := &r.ix.promises[clause]
	var sum Count
	for _, c := range r.Clauses[p.first : p.first+p.periods] {
		sum.plus(c)
	}
	return sum
}

// Same reports whether two replications of like worlds came to the same counts.
func (r *RepResult) Same(o *RepResult) bool {
	return slices.Equal(r.Clauses, o.Clauses) && slices.Equal(r.Final, o.Final) && bytes.Equal(r.rows, o.rows)
}

// Periods is in how many contract years or calendar months a clause is counted, whole ones and others.
func (r *RepResult) Periods(clause int) int { return int(r.ix.promises[clause].periods) }

// Period is the counts of a clause in one of its periods, whether that is judged – it lies in the term as a whole, or
// none does – and whether the clause held in it, clocks still open at the end taken as late.
func (r *RepResult) Period(clause, period int) (n Count, judged, held bool) {
	p := &r.ix.promises[clause]
	n = r.Clauses[int(p.first)+period]
	held, _ = holds(p.c, n)
	return n, p.whole[period], held
}

// Holds reports whether a clause holds in a contract year: in each of its periods that begin there. Clocks still
// open at the end count as late.
func (r *RepResult) Holds(clause, year int) bool {
	p := &r.ix.promises[clause]
	for i := range p.periods {
		if r.ix.yearOf(p, i) != year || !p.whole[i] {
			continue
		}
		if sure, _ := holds(p.c, r.Clauses[p.first+i]); !sure {
			return false
		}
	}
	return true
}

func (c *Count) plus(o Count) {
	c.Met += o.Met
	c.Breached += o.Breached
	c.Cancelled += o.Cancelled
	c.Censored += o.Censored
}

// holds reports whether a clause holds in a period: sure if clocks still running at the end count as late, hope if
// they count as met. A period without events holds. Below MinEvents any miss fails it.
func holds(c *contract.Clause, n Count) (sure, hope bool) {
	return enough(c, n.Met, n.Breached+n.Censored), enough(c, n.Met+n.Censored, n.Breached)
}

// enough is the one place that says when a share is reached: met of met + late is at least the target. The slack is
// for targets that have no exact binary form (95 % of 200 is 190); it is far below one event.
func enough(c *contract.Clause, met, late int32) bool {
	n := met + late
	if c.Target >= 1 || n < c.MinEvents {
		return late == 0
	}
	return float64(met) >= math.FMA(c.Target, float64(n), -1e-9*float64(n))
}

// Year is the counts of a clause in the whole periods that begin in a contract year.
func (r *RepResult) Year(clause, year int) Count {
	p := &r.ix.promises[clause]
	var sum Count
	for i := range p.periods {
		if r.ix.yearOf(p, i) == year && p.whole[i] {
			sum.plus(r.Clauses[p.first+i])
		}
	}
	return sum
}
