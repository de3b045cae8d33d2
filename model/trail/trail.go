// Package trail holds what a replication leaves behind: finished subjects with their milestones and
// intervals, what people did, how stock moved. The simulator emits these; judging, recording and auditing read them.
package trail

import (
	"slasim/model"
	"slasim/model/contract"
)

// Subject is one finished ticket, call, complaint, job or deliverable. The slices belong to the simulator and
// are valid only during the call that hands the subject over.
type Subject struct {
	Rep      int32
	Kind     model.Subject
	ID       int32  // ordinal of its kind within the replication, in order of creation
	Key      uint64 // names it among its kind in every world with the same faults, whatever its ordinal there
	Parent   int32  // ticket that caused it, -1 none
	Contract int32
	Plan     int32 // job or deliverable: index of the plan; question: index of the stream; else -1
	Site     int32 // place, -1 none
	Source   int32 // fault source, -1 none
	Failure  int32 // -1 none
	Unit     int32 // unit within the source, -1 none
	Recorded int32 // ticket of the history that it replays, from 1; 0 none
	Lead     int32 // person who led the visit (or answered), -1 none
	Part     int32 // part asked for, -1 none
	Depot    int32 // depot it came from, -1 none

	Band                     int32 // band index, -1 none
	BandMetres               int32 // metres used for the band, -1 none
	Declared, Current, Final uint8 // severity ranks; 0 none
	Hardware, Outage         bool
	ThirdParty               bool // caused by the customer or others
	Visit, ByPhone           bool // a visit was requested; came by telephone
	LookUp                   bool // a question that needs documents
	KeyPeriod                bool // reported inside a key period
	Discarded                bool // started in the warm-up or after the term: recorded, never judged
	Difficulty               uint8
	UserShare                float64 // of the province's users
	Tag                      string  // burst tag

	Milestones []model.Time     // by milestone of Kind; model.Unset where it did not happen
	Intervals  []model.Interval // pauses and states; End = model.Far is not used: open ones end at End
	End        model.Time       // end of observation
}

// Severity is the rank that scopes and tabulates a clause.
func (s *Subject) Severity(by contract.SeverityOf) int {
	switch by {
	case contract.Current:
		return int(s.Current)
	case contract.Final:
		return int(s.Final)
	default:
		return int(s.Declared)
	}
}

// during reports whether s belongs to a part of the term: it is reported there, or falls due at the end of it at the latest.
func (s *Subject) during(from, until model.Time) bool {
	at := s.Milestones[0]
	switch s.Kind {
	case model.SubjectTicket:
		at = s.Milestones[model.Reported]
	case model.SubjectJob, model.SubjectDeliverable, model.SubjectPeriod:
		at-- // the work of a period is of the part in which the period ends
	}
	return (from == 0 || at >= from) && (until == 0 || at < until)
}

// In reports whether s belongs to a scope, severity apart.
func (s *Subject) In(c *contract.Scope) bool {
	switch {
	case c.Bands != 0 && (s.Band < 0 || c.Bands&(1<<s.Band) == 0),
		c.Hardware > 0 && !s.Hardware,
		c.Hardware < 0 && s.Hardware,
		c.Visits && !s.Visit,
		c.RemoteOnly && s.Visit,
		c.KeyPeriod && !s.KeyPeriod,
		c.From|c.Until != 0 && !s.during(c.From, c.Until),
		c.Findings && s.Tag != contract.Finding,
		c.Ordinary && s.Tag == contract.ForceMajeure,
		c.Ours && s.ThirdParty,
		c.Job > 0 && s.Plan != c.Job-1:
		return false
	}
	if c.NeedsPart && s.Part < 0 && (s.Kind != model.SubjectTicket || s.Milestones[model.PartRequested] == model.Unset) {
		return false
	}
	switch c.Source {
	case 1:
		return s.ByPhone
	case 2:
		return !s.ByPhone
	case 3:
		return s.LookUp
	}
	return true
}

// PersonSpan is what one person did in [Start, End).
type PersonSpan struct {
	Person     int32
	Activity   model.Activity
	Ticket     int32 // -1 none
	Start, End model.Time
	Overtime   bool // outside rostered time
}

// StockMove is one change at a depot.
type StockMove struct {
	At          model.Time
	Depot, Part int32
	OnHand      int32 // after the change
	Backorders  int32
	OnOrder     int32
	Ticket      int32 // -1 none
	Kind        StockMoveKind
}

// StockMoveKind names a change.
type StockMoveKind uint8

// Kinds of stock moves.
const (
	Demand StockMoveKind = iota
	Issue
	Receipt
	Order
	EmergencyOrder
	Withdrawal // of a demand that waits
	PutBack    // of an issued unit that was not taken after all; its demand waits again
)

// Event is one event of the engine, for the first replications only.
type Event struct {
	At      model.Time
	Kind    uint8
	Subject int32 // ticket, person or stock item, by kind
	Other   int32
}

// Sink receives what a replication leaves behind, in the order of simulated time. A sink is used by one
// goroutine. Implementations must not keep the slices of a Subject.
type Sink interface {
	Subject(*Subject)
}

// DetailSink also receives what people did, stock moves and events; only records ask for it.
type DetailSink interface {
	Sink
	Person(PersonSpan)
	Stock(StockMove)
	Event(Event)
}

// Totals are the integer accumulators of one replication, by dense id.
type Totals struct {
	Rep     int32
	Horizon model.Time // term that was judged
	Ended   model.Time // when the last activity ended
	Events  int64

	Tickets, RemoteFixed, Visits, Questions, Jobs, Recalls int64

	Activity    [][model.NumActivities]model.Seconds // by team: person-time on shift or overtime inside the term
	Rostered    []model.Seconds                      // by team: rostered person-time inside the term, absences taken out
	OnCallTime  []model.Seconds
	Overtime    [][3]model.Seconds // by team: workday, rest day, statutory holiday
	Overtime36  []int32            // by team: person-months above 36 h of overtime
	VisitsDay   []int64            // by team
	VisitsNight []int64            // by team: 22:00 to 07:00, rest days and holidays
	CallsTaken  []int64

	Metres        int64 // driven
	NightsAway    int64
	CourierRuns   int64
	CourierMetres int64

	Stock          []StockTotals // Depots × Parts
	VendorCalls    []int64       // by vendor
	EmergencyMoney float64       // extra price of emergency purchases
	PartsMoney     float64       // parts used and bought again at list price

	Years   []YearTotals // by contract year; nil if there is only one
	Charged []Charged    // to third parties, by contract; nil if none pays

	Contracts []ContractTotals // what each contract took of the pool; nil if there is only one

	Fingerprint       uint64 // of the trajectory: every event's time, kind and subject
	StreamFingerprint uint64 // of the primary faults only
}

// StockTotals are the totals of one part at one depot.
type StockTotals struct {
	Demands, FromStock, Emergencies int64
	BackorderTime, EmptyTime        model.Seconds // summed over open backorders; time with nothing on hand
}

// YearTotals is what a contract year asked for.
type YearTotals struct {
	Tickets, Visits int64         // by the fault
	Time            model.Seconds // of people at work for our contracts, ways and waits included
}

// Charged is what third parties pay for.
type Charged struct {
	Time  model.Seconds // of people, ways included
	Parts float64       // at list price
}

// ContractTotals is what one contract took of the pool inside the term. Summed over the contracts the counts are those of
// Totals.
type ContractTotals struct {
	Tickets     int64
	Time        []model.Seconds // by team: time of people at its work, ways and waits included
	VisitsDay   []int64         // by team
	VisitsNight []int64
	VendorCalls []int64 // by vendor

	Metres, NightsAway, CourierRuns, CourierMetres int64
	PartsMoney, EmergencyMoney                     float64
}

// NewContractTotals are empty totals.
func NewContractTotals(teams, vendors int) ContractTotals {
	return ContractTotals{Time: make([]model.Seconds, teams), VisitsDay: make([]int64, teams), VisitsNight: make([]int64, teams),
		VendorCalls: make([]int64, vendors)}
}

// Reset makes them empty again.
func (t *ContractTotals) Reset() {
	clear(t.Time)
	clear(t.VisitsDay)
	clear(t.VisitsNight)
	clear(t.VendorCalls)
	*t = ContractTotals{Time: t.Time, VisitsDay: t.VisitsDay, VisitsNight: t.VisitsNight, VendorCalls: t.VendorCalls}
}

// Clone is a copy that outlives the engine's next run.
func (t *Totals) Clone() *Totals {
	c := *t
	c.Activity = append([][model.NumActivities]model.Seconds(nil), t.Activity...)
	c.Rostered = append([]model.Seconds(nil), t.Rostered...)
	c.OnCallTime = append([]model.Seconds(nil), t.OnCallTime...)
	c.Overtime = append([][3]model.Seconds(nil), t.Overtime...)
	c.Overtime36 = append([]int32(nil), t.Overtime36...)
	c.VisitsDay = append([]int64(nil), t.VisitsDay...)
	c.VisitsNight = append([]int64(nil), t.VisitsNight...)
	c.CallsTaken = append([]int64(nil), t.CallsTaken...)
	c.Stock = append([]StockTotals(nil), t.Stock...)
	c.VendorCalls = append([]int64(nil), t.VendorCalls...)
	c.Years = append([]YearTotals(nil), t.Years...)
	c.Charged = append([]Charged(nil), t.Charged...)
	c.Contracts = append([]ContractTotals(nil), t.Contracts...)
	for i := range c.Contracts {
		x := &c.Contracts[i]
		x.Time = append([]model.Seconds(nil), x.Time...)
		x.VisitsDay = append([]int64(nil), x.VisitsDay...)
		x.VisitsNight = append([]int64(nil), x.VisitsNight...)
		x.VendorCalls = append([]int64(nil), x.VendorCalls...)
	}
	return &c
}
