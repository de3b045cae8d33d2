// Package contract holds clauses: what is promised, for whom, by which clock, how often – and the verdicts.
package contract

import (
	"slasim/model"
	"slasim/model/clock"
)

// Kind says how a clause can be judged.
type Kind uint8

// Kinds of clauses.
const (
	Numeric        Kind = iota // a limit or a count: judged, or a measure if it has no target
	Soft                       // a word without a number: median and 95 % value are printed
	NeedsParameter             // the number is elsewhere
	Evidence                   // a document or a static check
)

// SeverityOf names which of a ticket's three severities scopes and tabulates a clause.
type SeverityOf uint8

// The three severities of a ticket.
const (
	Declared SeverityOf = iota
	Current
	Final
)

// Period over which a share is judged.
type Period uint8

// Periods.
const (
	PerYear  Period = iota // contract year
	PerMonth               // calendar month
)

// ForceMajeure is the tag of a burst that a reading may leave out.
const ForceMajeure = "force_majeure"

// Finding is the tag of tickets that inspections open.
const Finding = "finding"

// Scope limits a clause to some subjects. Empty sets mean all.
type Scope struct {
	Severities uint32 // bit r-1: rank r (1 = worst) of the severity named by By
	By         SeverityOf
	Bands      uint32     // bit b: band index of the contract
	Hardware   int8       // 0 any, 1 hardware only, -1 not hardware
	NeedsPart  bool       // only tickets that requested a part
	Visits     bool       // only tickets with an on-site request
	RemoteOnly bool       // only tickets solved without a visit
	KeyPeriod  bool       // only inside key periods of the contract
	From       model.Time // only what is reported from here, or falls due later
	Until      model.Time // only what is reported before, or falls due up to here; 0 = no end
	Source     int8       // tickets: 0 any, 1 phone, 2 monitoring; calls: 3 questions that need documents
	Findings   bool       // only what inspections found
	Ordinary   bool       // not tickets of force majeure
	Ours       bool       // not faults of third parties
	Job        int32      // jobs and deliverables: index of the plan + 1, 0 any
}

// Clause is one promise. Limits are a table severity rank × band: cell (r-1)*Bands+b; one row or one column
// serves all severities or bands.
type Clause struct {
	ID       string
	Contract int32
	Text     model.Text
	Section  string
	Anchor   string // words of the plan, with the replaced characters corrected
	Aliases  []string
	Decision string // the reading of CLAUSES § 6 that was applied, e.g. "A-08 reported"
	Kind     Kind
	Of       model.Subject
	Scope    Scope
	Clock    clock.Spec
	Limits   []clock.Limit
	NSev     int32 // rows of Limits (1 or the number of severities)
	NBand    int32 // columns of Limits (1 or the number of bands)

	Target    float64 // the contract's share; 0 = a measure
	Aim       float64 // ours, a share; 0 = none
	AimLate   float64 // ours, late events a year; <0 = none
	Period    Period
	MinEvents int32
	Penalty   float64 // money per late event; 0 = none
	// ByAssumption names the typed-in assumption that alone decides the clause ("" = none); such a clause is
	// shown but not counted among the met.
	ByAssumption model.Text
	// Parameter names the missing parameter of a NeedsParameter clause as a path for --set.
	Parameter string
}

// Limit is the cell of the table for severity rank r (1 = worst; 0 counts as 1) and band b (negative: none).
func (c *Clause) Limit(r, b int) clock.Limit { return *c.Cell(r, b) }

// Cell is Limit in place, not to be written.
func (c *Clause) Cell(r, b int) *clock.Limit {
	if b < 0 {
		if c.NBand > 1 {
			return &noLimit
		}
		b = 0
	}
	if c.NBand <= 1 {
		b = 0
	}
	if c.NSev <= 1 || r < 1 {
		r = 1
	}
	if i := (r-1)*max(int(c.NBand), 1) + b; i < len(c.Limits) {
		return &c.Limits[i]
	}
	return &noLimit
}

var noLimit clock.Limit

// Verdict of a clause (DESIGN § 5).
type Verdict uint8

// Verdicts, in the order in which rows of a clause combine: the first that occurs names the clause.
const (
	VerdictNeedsParameter Verdict = iota
	VerdictNotTestable
	VerdictEvidence
	VerdictInfeasible
	VerdictMissed
	VerdictUndecided
	VerdictNoData
	VerdictMet
	NumVerdicts
)

var verdictNames = [NumVerdicts]string{
	"NEEDS PARAMETER", "NOT TESTABLE", "EVIDENCE", "INFEASIBLE", "MISSED", "UNDECIDED", "NO DATA", "MET",
}

func (v Verdict) String() string { return verdictNames[v] }
