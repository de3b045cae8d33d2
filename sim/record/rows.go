package record

import (
	"slices"

	"github.com/parquet-go/parquet-go"

	"slasim/model"
	"slasim/model/clock"
	"slasim/model/trail"
)

// Subject is one ticket, call, complaint, job or deliverable. Names are those of the scenario, "" where there is
// none; numbers are −1 where there is none.
type Subject struct {
	Replication int32
	Kind        model.Subject
	Ordinal     int32 // of its kind within the replication, from 0
	Parent      int32 // ordinal of the ticket that caused it

	Contract, Site, Source, Failure string
	Plan                            string // of a job or deliverable; of a call, the stream of questions
	Lead, Part, Depot               string
	Recorded                        string // id of the recorded ticket that it replays
	RecordedRank                    uint8  // severity that the history gives it, 0 none
	Unit                            int32  // within the source

	Band                     string
	BandMetres               int32
	Declared, Current, Final uint8 // severity ranks, 1 = worst, 0 = none
	Hardware, Outage         bool
	Visit, ByPhone           bool
	LookUp, KeyPeriod        bool
	ThirdParty               bool
	Discarded                bool // never judged
	Difficulty               uint8
	UserShare                float64 // in [0, 1]
	Tag                      string

	End        model.Time                            // of observation
	Milestones [model.NumTicketMilestones]model.Time // by milestone of Kind, model.Unset where it did not happen
	Intervals  []model.Interval                      // in the order of the simulation; kept in intervals.parquet
}

// subjectColumns: milestones of tickets go by their name, those of other kinds by kind and name.
func subjectColumns() []column[Subject] {
	type S = Subject
	cols := []column[S]{
		int32s("replication", func(r *S) *int32 { return &r.Replication }),
		enums("kind", kindNames, func(r *S) *model.Subject { return &r.Kind }),
		int32s("ordinal", func(r *S) *int32 { return &r.Ordinal }),
		derived("id", (*S).ID),
		ordinals("parent", func(r *S) *int32 { return &r.Parent }),
		names("contract", func(r *S) *string { return &r.Contract }),
		names("plan", func(r *S) *string { return &r.Plan }),
		names("site", func(r *S) *string { return &r.Site }),
		names("source", func(r *S) *string { return &r.Source }),
		names("failure", func(r *S) *string { return &r.Failure }),
		names("recorded", func(r *S) *string { return &r.Recorded }),
		ranks("recorded_rank", func(r *S) *uint8 { return &r.RecordedRank }),
		ordinals("unit", func(r *S) *int32 { return &r.Unit }),
		names("lead", func(r *S) *string { return &r.Lead }),
		names("part", func(r *S) *string { return &r.Part }),
		names("depot", func(r *S) *string { return &r.Depot }),
		names("band", func(r *S) *string { return &r.Band }),
		ordinals("band_m", func(r *S) *int32 { return &r.BandMetres }),
		ranks("declared_rank", func(r *S) *uint8 { return &r.Declared }),
		ranks("current_rank", func(r *S) *uint8 { return &r.Current }),
		ranks("final_rank", func(r *S) *uint8 { return &r.Final }),
		bools("hardware", func(r *S) *bool { return &r.Hardware }),
		bools("outage", func(r *S) *bool { return &r.Outage }),
		bools("visit", func(r *S) *bool { return &r.Visit }),
		bools("by_phone", func(r *S) *bool { return &r.ByPhone }),
		bools("look_up", func(r *S) *bool { return &r.LookUp }),
		bools("third_party", func(r *S) *bool { return &r.ThirdParty }),
		bools("key_period", func(r *S) *bool { return &r.KeyPeriod }),
		bools("discarded", func(r *S) *bool { return &r.Discarded }),
		ranks("difficulty", func(r *S) *uint8 { return &r.Difficulty }),
		floats("user_share", func(r *S) *float64 { return &r.UserShare }),
		names("tag", func(r *S) *string { return &r.Tag }),
		seconds("end_s", func(r *S) *model.Time { return &r.End }),
	}
	for kind := range model.NumSubjects {
		for m, name := range kind.Milestones() {
			if kind != model.SubjectTicket {
				name = kind.String() + "_" + name
			}
			c := moments(name+"_s", model.Unset, func(r *S) *model.Time { return &r.Milestones[m] })
			put, get := c.put, c.get
			c.put = func(r *S) (null parquet.Value) {
				if r.Kind != kind {
					return null
				}
				return put(r)
			}
			c.get = func(r *S, v parquet.Value) {
				if kind == model.SubjectTicket || r.Kind == kind { // tickets come first and clear all
					get(r, v)
				}
			}
			cols = append(cols, c)
		}
	}
	return cols
}

// intervalRow is a row of intervals.parquet: a pause or state of a subject, or an activity of a person.
type intervalRow struct {
	Replication int32
	Of          owner
	Ordinal     int32 // of the subject or person
	Kind        doing
	Start, End  model.Time
	Ticket      int32 // a person's: what it was for, −1 none
	Overtime    bool
}

// owner is a kind of subject, or a person.
type owner uint8

const ofPerson = owner(model.NumSubjects)

// doing is an interval kind of a subject or an activity of a person; some of these share a name, and it.
type doing uint8

var (
	ownerNames = append(slices.Clone(kindNames), "person")
	doingNames = slices.Clone(model.IntervalKinds())
	activities = func() (list [model.NumActivities]doing) {
		for a := range model.NumActivities {
			i := slices.Index(doingNames, a.String())
			if i < 0 {
				i = len(doingNames)
				doingNames = append(doingNames, a.String())
			}
			list[a] = doing(i)
		}
		return list
	}()
)

// inBulk are the activities of which there are so many spans that only the replications with events have each;
// the others have their totals in people.parquet.
func inBulk(a model.Activity) bool { return a == model.ActIdle || a == model.ActBackground }

func intervalColumns() []column[intervalRow] {
	type R = intervalRow
	return []column[R]{
		int32s("replication", func(r *R) *int32 { return &r.Replication }),
		enums("of", ownerNames, func(r *R) *owner { return &r.Of }),
		int32s("ordinal", func(r *R) *int32 { return &r.Ordinal }),
		enums("kind", doingNames, func(r *R) *doing { return &r.Kind }),
		seconds("start_s", func(r *R) *model.Time { return &r.Start }),
		seconds("end_s", func(r *R) *model.Time { return &r.End }),
		ordinals("ticket", func(r *R) *int32 { return &r.Ticket }),
		bools("overtime", func(r *R) *bool { return &r.Overtime }),
	}
}

// Clock is the simulator's result of one clock. Clocks that never started are not recorded.
type Clock struct {
	Replication int32
	Kind        model.Subject
	Ordinal     int32
	Clause      int32  // index in Contract.Clauses
	ClauseID    string // its id
	State       clock.State
	Start       model.Time
	Stop        model.Time // model.Unset if it did not stop
	Due         model.Time // model.Far if there is no limit or it is never reached
	Elapsed     model.Time
	Period      int32 // judged period of Start: contract year, or calendar month, both from 0
}

// clockStates are the names of clock.State.
var clockStates = []string{
	clock.NotStarted: "not_started", clock.Met: "met", clock.Breached: "breached", clock.Cancelled: "cancelled", clock.Censored: "censored",
}

func clockColumns() []column[Clock] {
	type R = Clock
	return []column[R]{
		int32s("replication", func(r *R) *int32 { return &r.Replication }),
		enums("kind", kindNames, func(r *R) *model.Subject { return &r.Kind }),
		int32s("ordinal", func(r *R) *int32 { return &r.Ordinal }),
		int32s("clause_index", func(r *R) *int32 { return &r.Clause }),
		names("clause", func(r *R) *string { return &r.ClauseID }),
		enums("state", clockStates, func(r *R) *clock.State { return &r.State }),
		seconds("start_s", func(r *R) *model.Time { return &r.Start }),
		moments("stop_s", model.Unset, func(r *R) *model.Time { return &r.Stop }),
		moments("due_s", model.Far, func(r *R) *model.Time { return &r.Due }),
		seconds("elapsed_s", func(r *R) *model.Time { return &r.Elapsed }),
		int32s("period", func(r *R) *int32 { return &r.Period }),
	}
}

// Person is what one person did in one replication.
type Person struct {
	Replication int32
	Person      int32
	Name, Team  string
	Time        [model.NumActivities]model.Time
	Overtime    model.Time // part of Time outside the roster
}

func personColumns() []column[Person] {
	type R = Person
	cols := []column[R]{
		int32s("replication", func(r *R) *int32 { return &r.Replication }),
		int32s("person", func(r *R) *int32 { return &r.Person }),
		names("name", func(r *R) *string { return &r.Name }),
		names("team", func(r *R) *string { return &r.Team }),
	}
	for a := range model.NumActivities {
		cols = append(cols, seconds(a.String()+"_s", func(r *R) *model.Time { return &r.Time[a] }))
	}
	return append(cols, seconds("overtime_s", func(r *R) *model.Time { return &r.Overtime }))
}

// StockMove is one change at a depot, with the state after it.
type StockMove struct {
	Replication                 int32
	At                          model.Time
	Depot, Part                 string
	Kind                        trail.StockMoveKind
	OnHand, Backorders, OnOrder int32
	Ticket                      int32 // −1 none
}

var stockMoveKinds = []string{
	trail.Demand: "demand", trail.Issue: "issue", trail.Receipt: "receipt", trail.Order: "order", trail.EmergencyOrder: "emergency_order",
	trail.Withdrawal: "withdrawal", trail.PutBack: "put_back",
}

func stockColumns() []column[StockMove] {
	type R = StockMove
	return []column[R]{
		int32s("replication", func(r *R) *int32 { return &r.Replication }),
		seconds("at_s", func(r *R) *model.Time { return &r.At }),
		names("depot", func(r *R) *string { return &r.Depot }),
		names("part", func(r *R) *string { return &r.Part }),
		enums("kind", stockMoveKinds, func(r *R) *trail.StockMoveKind { return &r.Kind }),
		int32s("on_hand", func(r *R) *int32 { return &r.OnHand }),
		int32s("backorders", func(r *R) *int32 { return &r.Backorders }),
		int32s("on_order", func(r *R) *int32 { return &r.OnOrder }),
		ordinals("ticket", func(r *R) *int32 { return &r.Ticket }),
	}
}

// Event is one event of the engine.
type Event struct {
	Replication    int32
	At             model.Time
	Kind           uint8
	Subject, Other int32
}

func eventColumns() []column[Event] {
	type R = Event
	return []column[R]{
		int32s("replication", func(r *R) *int32 { return &r.Replication }),
		seconds("at_s", func(r *R) *model.Time { return &r.At }),
		ranks("kind", func(r *R) *uint8 { return &r.Kind }),
		int32s("subject", func(r *R) *int32 { return &r.Subject }),
		int32s("other", func(r *R) *int32 { return &r.Other }),
	}
}

// ByPeriod marks the rows of a clause by contract year or calendar month: only their counts are filled.
const ByPeriod = "period"

// ClauseRow is a clause of the report, or one of its rows by band, severity, site or period. Counts are totals over all
// replications; nil is "no value".
type ClauseRow struct {
	Clause, Contract string
	By, Row          string // "" for the clause itself; of a period its number, from 0, as in clocks.parquet
	Verdict          string // "" for a measure
	Limit            string
	Target           float64 // 0 = a measure

	Met, Breached, Cancelled, Censored int64
	Periods, Held                      int64 // judged periods, and those in which the clause held; −1 not counted

	EventsPerYear, LatePerYear, LateP10, LateP90 float64
	Share, ShareLow, ShareHigh                   *float64
	PHold, PHoldLow, PHoldHigh, PNoLate          *float64
	BestPossible                                 *float64
	MeanHours, P50Hours, P95Hours                *float64
	SignableP95Hours, SignableP99Hours           *float64
}

func clauseColumns() []column[ClauseRow] {
	type R = ClauseRow
	return []column[R]{
		names("clause", func(r *R) *string { return &r.Clause }),
		names("contract", func(r *R) *string { return &r.Contract }),
		names("by", func(r *R) *string { return &r.By }),
		names("row", func(r *R) *string { return &r.Row }),
		names("verdict", func(r *R) *string { return &r.Verdict }),
		names("limit", func(r *R) *string { return &r.Limit }),
		floats("target", func(r *R) *float64 { return &r.Target }),
		int64s("met", func(r *R) *int64 { return &r.Met }),
		int64s("breached", func(r *R) *int64 { return &r.Breached }),
		int64s("cancelled", func(r *R) *int64 { return &r.Cancelled }),
		int64s("censored", func(r *R) *int64 { return &r.Censored }),
		int64s("periods", func(r *R) *int64 { return &r.Periods }),
		int64s("periods_held", func(r *R) *int64 { return &r.Held }),
		floats("events_per_year", func(r *R) *float64 { return &r.EventsPerYear }),
		floats("late_per_year", func(r *R) *float64 { return &r.LatePerYear }),
		floats("late_p10", func(r *R) *float64 { return &r.LateP10 }),
		floats("late_p90", func(r *R) *float64 { return &r.LateP90 }),
		shares("share", func(r *R) **float64 { return &r.Share }),
		shares("share_low", func(r *R) **float64 { return &r.ShareLow }),
		shares("share_high", func(r *R) **float64 { return &r.ShareHigh }),
		shares("p_hold", func(r *R) **float64 { return &r.PHold }),
		shares("p_hold_low", func(r *R) **float64 { return &r.PHoldLow }),
		shares("p_hold_high", func(r *R) **float64 { return &r.PHoldHigh }),
		shares("p_no_late", func(r *R) **float64 { return &r.PNoLate }),
		shares("best_possible", func(r *R) **float64 { return &r.BestPossible }),
		shares("mean_hours", func(r *R) **float64 { return &r.MeanHours }),
		shares("p50_hours", func(r *R) **float64 { return &r.P50Hours }),
		shares("p95_hours", func(r *R) **float64 { return &r.P95Hours }),
		shares("signable_p95_hours", func(r *R) **float64 { return &r.SignableP95Hours }),
		shares("signable_p99_hours", func(r *R) **float64 { return &r.SignableP99Hours }),
	}
}

// StateName is the state of the clock as the file has it: met, breached, cancelled or censored.
func (c *Clock) StateName() string { return clockStates[c.State] }

// ParseState finds a state by its name in the file.
func ParseState(name string) (clock.State, bool) {
	i := slices.Index(clockStates, name)
	return clock.State(max(i, 0)), i >= 0
}

// KindName is the kind of the move as the file has it.
func (m *StockMove) KindName() string { return stockMoveKinds[m.Kind] }
