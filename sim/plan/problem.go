package plan

import (
	"errors"
	"strconv"
	"strings"

	"slasim/model/contract"
	"slasim/model/world"
	"slasim/sim/judge"
)

// Variable is a value of the scenario that the planner may choose.
type Variable struct {
	Path    string
	Values  []string // from the least to the most that is given; at least one
	Base    int      // the scenario's own value; -1 if it is none of them
	Partner bool     // it gives partners
}

// Design is a value of each variable, as its place among Values.
type Design []int

// key names a design.
func (d Design) key() string {
	var b strings.Builder
	for i, v := range d {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(v))
	}
	return b.String()
}

func (d Design) with(i, v int) Design {
	x := append(Design(nil), d...)
	x[i] = v
	return x
}

// below reports whether d gives no more than o of anything.
func (d Design) below(o Design) bool {
	for i, v := range d {
		if v > o[i] {
			return false
		}
	}
	return true
}

// HoldMode says when a clause holds in a contract year.
type HoldMode uint8

// Modes.
const (
	ByContract HoldMode = iota // its share on time reaches its own target, in each of its periods
	Clean                      // no late event
	ByAim                      // our own aim is kept: its share, its late events a year; the contract's target where there is none
	ByShare                    // its share on time reaches Hold.Share
)

// Hold says when a year holds.
type Hold struct {
	Mode  HoldMode
	Share float64 // ByShare
}

// Problem is what is to be planned.
type Problem struct {
	Variables []Variable
	World     func(Design) (*world.World, error) // ErrNoWorld: the design cannot exist; called from one goroutine at a time
	Hold      Hold
	Clauses   []string // ids, or contract.id; none: all with a target that can be judged
	Search    int      // replications of a design in the search, at most; 0: 200
	Proof     int      // replications of a proof; 0: 1000
	Workers   int
	// Exhaustive is the most designs that are all looked at; 0: 256.
	Exhaustive int
	// Budget > 0: the least late events for at most so much money a year, instead of the least money.
	Budget float64
	// Relax asks for the value of relaxing each clause.
	Relax bool
	// LetSlip lets clauses that no design holds get worse than under the scenario's own design.
	LetSlip bool
	// Known are the findings of an earlier call on the same problem, Keep receives new ones; either may be nil.
	Known func(seed uint64, design string) *Finding
	Keep  func(seed uint64, design string, f *Finding)
	// Progress is called after each look at a design.
	Progress func(Progress)
}

// Progress is how far a search is.
type Progress struct {
	Stage        string  // top, bounds, search, rank, proof, binding, relax
	Designs      int     // looked at
	Replications int64   // simulated
	Best         float64 // cost of the best design that passes, 0 none yet
}

// Finding is what replications of one design came to, without what depends on the chosen clauses' number of words.
type Finding struct {
	Replications int       `json:"replications"`
	Late         []int32   `json:"late"`           // replication × clause of the world with a target
	Held         []byte    `json:"held"`           // replication × year × clause: 1 held
	Cost         []float64 `json:"cost"`           // by replication, a contract year
	None         bool      `json:"none,omitempty"` // there is no such world
}

// ErrNoWorld is the error of a design that cannot exist, such as one without anybody for a task. It never holds.
var ErrNoWorld = errors.New("plan: no such world")

// clauseRef is one clause that may be planned for.
type clauseRef struct {
	index    int    // in the world
	id, name string // name: contract.id if several contracts share the pool

	at      []bool // by place: where it counts; nil: everywhere
	without int    // sites of it that are set aside
	aside   bool   // it is what happens at those
}

// judged lists the clauses a design can be held to: with a target, of numbers, not decided by a typed-in assumption.
func judged(w *world.World) []clauseRef {
	var list []clauseRef
	for i := range w.Clauses {
		c := &w.Clauses[i]
		if c.Kind != contract.Numeric || c.Target <= 0 || len(c.Clock.Start.Of) == 0 || len(c.Clock.Stop.Of) == 0 || !hasLimit(c) {
			continue
		}
		if c.ByAssumption.En != "" || c.ByAssumption.Zh != "" {
			continue
		}
		name := c.ID
		if len(w.Contracts) > 1 {
			name = w.Contracts[c.Contract].ID + "." + c.ID
		}
		list = append(list, clauseRef{index: i, id: c.ID, name: name})
	}
	return list
}

func hasLimit(c *contract.Clause) bool {
	for _, l := range c.Limits {
		if l.Mode != 0 {
			return true
		}
	}
	return false
}

// holds reports whether clause i of the world holds in a contract year of a replication; clocks that are still open at the
// end count as late.
func (h Hold) holds(r *judge.RepResult, c *contract.Clause, i, year int) bool {
	n := r.Year(i, year)
	late := n.Breached + n.Censored
	switch {
	case h.Mode == Clean:
		return late == 0
	case h.Mode == ByShare:
		return reaches(n.Met, late, h.Share)
	case h.Mode == ByAim && (c.Aim > 0 || c.AimLate >= 0):
		return (c.Aim <= 0 || reaches(n.Met, late, c.Aim)) && (c.AimLate < 0 || float64(late) <= c.AimLate)
	}
	return r.Holds(i, year)
}

// reaches reports whether met of met + late is at least a share; the slack is for shares without an exact binary form.
func reaches(met, late int32, share float64) bool {
	n := float64(met + late)
	return late == 0 || float64(met) >= share*n-1e-9*n
}

// String is the mode as --hold takes it.
func (h Hold) String() string {
	switch h.Mode {
	case Clean:
		return "clean"
	case ByAim:
		return "aim"
	case ByShare:
		return "share:" + strconv.FormatFloat(h.Share, 'g', -1, 64)
	}
	return "contract"
}
