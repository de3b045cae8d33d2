// Package world is the compiled scenario: dense ids and tables, all that the simulator ever sees. Names are
// kept for the edges only. Ids follow the sorted keys of the scenario file, so the order of a file never matters.
package world

import (
	"time"

	"slasim/model"
	"slasim/model/calendar"
	"slasim/model/contract"
)

// World is one compiled scenario. It is read-only once built and shared by all replications.
type World struct {
	Name  string
	Title model.Text

	Start        time.Time  // local midnight of day 0, fixed offset
	Term         model.Time // judged span: contract years
	Years        int        // whole contract years in Term (≥ 1); the last may be partial
	WarmUp       model.Time // simulated before 0 and not judged; 0 = new contract
	AfterHorizon AfterHorizon
	DrainCap     model.Time
	Replications int
	Seed         uint64
	Assurance    float64
	MaxEvents    int64 // a replication that passes it is an error

	Days      *calendar.Days
	Calendars []*calendar.Calendar // by index; nil = 24x7
	CalNames  []string

	Places  []Place
	Regions []string
	NRegion int
	Dist    []int32 // metres, Places × Places; -1 unknown
	Travel  Travel

	Contracts []Contract
	Clauses   []contract.Clause
	Skills    []string
	Failures  []Failure
	Sources   []Source
	Bursts    []Burst
	Questions []Question
	History   []HistoryTicket // ordered by time; nil = synthetic
	Compared  int32           // the clause whose clock is set beside History's Resolved, from 1; 0 = none

	Teams     []Team
	Persons   []Person
	Approvers int32 // team that gives our own approvals; -1 none
	Vendors   []Vendor
	Terms     []VendorTerms // Failure.Terms counts them from 1

	Parts  []Part
	Depots []Depot
	Stock  []Stock // Depots × Parts

	Dispatch Dispatch
	Jobs     []JobPlan
	Papers   []Paper // deliverables
	Costs    Costs

	EverySite bool // clauses keep what they come to by site, even if their limit is the same everywhere

	Assumptions []Assumption
	Warnings    model.Diagnostics // travel with every result
}

// AfterHorizon says what happens to tickets open at the end of the term.
type AfterHorizon uint8

// Ways to end a run.
const (
	Drain AfterHorizon = iota // no new faults; run until all is closed, at most DrainCap
	Stop                      // cut: open clocks are censored
	RunOn                     // faults go on; only clocks started inside the term are judged
)

// Place is a site, base or depot. X, Y are km in the plane when Planar, else degrees east and north.
type Place struct {
	ID     string
	Name   model.Text
	X, Y   float64
	Planar bool
	Region int32
	City   int32 // trips inside one city have one city leg, others two
	Tags   []string
}

// Metres is the distance between two places, -1 if unknown.
func (w *World) Metres(a, b int32) int32 { return w.Dist[int(a)*len(w.Places)+int(b)] }

// TravelMode says how trips take time.
type TravelMode uint8

// Modes of travel.
const (
	NoTravel   TravelMode = iota // zero time; distances still rank
	RoadTravel                   // distance / speed × factors
	BandTravel                   // a table by distance
)

// Travel is the model of a trip: mobilise, city leg, road, city leg, then entry at the site.
type Travel struct {
	Mode          TravelMode
	SpeedKmh      float64
	MonthFactor   [12]float64 // multiplies speed; 1 = none
	HolidayFactor float64     // multiplies speed on holidays; 1 = none
	Factor        model.Dist  // dimensionless, mean 1, one per trip
	CityLeg       [24]model.Time
	HasCityLeg    bool
	Mobilise      model.Dist // at base
	MobiliseCall  model.Dist // on call at home
	Entry         model.Dist
	BandMetres    []int32 // BandTravel: upper ends, inclusive
	BandTimes     []model.Time
	Weather       []Weather
}

// Weather is one kind of bad day, drawn per region and day and shared by all trips of the region. A trip meets
// the weather of the region of its destination on the day it departs. If several kinds fall on a day the slowest counts.
type Weather struct {
	ID          string
	Probability [][12]float64 // by region, then month: chance that a day is such a day
	SpeedKmh    float64       // road speed on such a day, before holiday and trip factors
	Hours       model.Time    // how long it lasts from a start hour drawn uniformly; 0 = all day
}

// Severity is one level of a contract; Rank 1 is the worst.
type Severity struct {
	ID   string
	Name model.Text
	// A ticket has this severity if it is an outage, the outage is older than Age (or as old, if AgeAtLeast),
	// and the user share is above Share.
	Outage     bool
	Age        model.Time
	AgeAtLeast bool
	Share      float64 // -1 = any
	Mix        float64 // probability, for Declare == Mix
}

// Declare says how the severity is set at report.
type Declare uint8

// Ways to declare.
const (
	ByRule     Declare = iota // outage age at report and user share
	ByForecast                // expected outage duration and user share
	ByMix                     // drawn from the mix
	ByHistory                 // as recorded
)

// Band is a distance band of a contract.
type Band struct {
	ID     string
	Name   model.Text
	Metres int32    // inclusive upper end; -1: by Tags only
	Tags   []string // sites with any of these tags belong here, before distance
	Sites  []string // sites that the contract puts here by name, before tags
}

// Contract is a customer's contract.
type Contract struct {
	ID                 string
	Name               model.Text
	Price              float64 // money a contract year, 0 = none
	VATNote            string
	Priority           int32      // smaller goes first between contracts
	Severities         []Severity // by rank: index 0 = rank 1
	Declare            Declare
	ShortOutageSerious bool     // an outage too short for any level counts as the lowest outage level
	EmptyLevels        []string // levels that cannot be known at report

	Bands          []Band
	SiteBand       []int32 // by place: band index, -1 none (beyond)
	SiteBandMetres []int32 // by place: metres used for the band, -1 unknown
	StrictBands    []int32 // by place: band under the strict reading (every base)

	Process       Process
	Ladder        []Rung
	KeyPeriods    []model.Interval // Kind unused
	Phases        []Phase          // in order; none: the term is one
	Penalty       Penalty
	Charge        Charge
	CallPeriodMin int32
	ReserveRank   int32 // ReserveOne: lowest level that may use the people kept back, 0 none
	Silent        bool  // nothing of it happens: no fault, no question, no planned work (to see what it does to the others)
}

// Phase is a part of the term, up to Until. Of the faults of a source, the rate of which is that of the worst phase, the share
// Faults happens, and so with questions; of the faults of bursts, the share Bursts.
type Phase struct {
	Until                     model.Time
	Faults, Questions, Bursts float64
}

// PhaseAt is the phase of a contract with phases at a time.
func (c *Contract) PhaseAt(t model.Time) *Phase {
	i := 0
	for i+1 < len(c.Phases) && t >= c.Phases[i].Until {
		i++
	}
	return &c.Phases[i]
}

// Remote says what happens between response and visit.
type Remote uint8

// Ways of working (DESIGN § 4.3).
const (
	NoRemote   Remote = iota // straight to a visit (or to on-the-spot work in a plain world)
	Sequential               // phone, remote, on site
	Parallel                 // engineer leaves while the phone diagnosis runs
	Direct                   // hardware leaves at once with the part
)

// Carry says whether a part that is foreseen travels with the engineer, by way of its depot.
type Carry uint8

// Ways to bring a part.
const (
	Sent   Carry = iota // it is sent, as Dispatch.PartSource says
	Joint               // he starts when he and a part are both free (S1-16)
	IfFree              // he takes one along if there is one; else it is sent after him (S5-60)
)

// Approval is a wait for somebody's yes. Zero distributions mean none.
type Approval struct {
	Probability float64
	Day, Night  model.Dist // night: 22:00 to 07:00 local
	Holds       bool       // the engineer waits; otherwise he is released and the ticket queues again at its old place
}

// Process is a contract's way of working.
type Process struct {
	Phone       bool       // tickets come by phone to the desk (role desk)
	PhoneShare  float64    // share by phone; the rest is monitoring
	Detection   model.Dist // occurred → reported
	Call        model.Dist // length of the call
	Patience    model.Dist // zero: callers never leave
	Contacts    float64    // further calls per fault (status, confirmation), on top of the first
	UrgentFirst bool       // worst two severities: dispatched before logged (S2-12)

	Remote          Remote
	Carry           Carry
	AheadWhen       int32      // Parallel: worst rank up to which an engineer leaves at once
	Respond         bool       // an engineer of role remote responds; false: plain world
	Talk            model.Dist // response contact before diagnosis
	Misclassified   float64    // chance that hardware/software is taken wrong (lengthens triage)
	Recognised      float64    // share of the faults that remote work cannot solve that are seen at once, S1-17
	Triage          model.Dist // time until a ticket that remote cannot fix is declared failed; zero: the remote time drawn
	RemoteApproval  Approval   // customer, S2-27
	OwnApproval     Approval   // our director, S2-72; served by the approvers' team if there is one
	Authorisation   Approval   // the customer lets us take over a fault across makers, S1-11; before the visit
	Appointment     Approval   // customer calendar, S2-94
	Absent          Approval   // customer staff not there on arrival, S2-34
	OnsiteApproval  Approval   // customer approves the on-site plan, S2-33, S2-73
	Quotation       Approval   // the customer agrees to a price, S5-37; on site, before the plan
	PlanLoop        float64    // chance that the customer objects and the plan is written again, S2-73
	PlanRewrite     model.Dist
	Revision        float64    // chance that the plan is revised on site and our director must confirm, S2-95
	PartConfirm     model.Dist // both sides confirm a part need found on site, S2-46/47
	ConfirmRestore  model.Dist // mutual confirmation, S2-36
	WorkaroundShare float64    // share of outages for which a workaround is found
	Workaround      model.Dist // from diagnosis (remote or on site) to the workaround
	Audit           model.Dist // integrity of the system after the repair, S1-32; also by whoever solved it remotely
	Preventive      model.Dist // after repair, S2-96
	TalkAfter       model.Dist // "5-minute talk", S2-97
	NewFault        float64    // chance that the talk finds a new fault
	SiteReport      model.Dist // signed report before leaving, S2-37
	PartSource      SourcePolicy
	MaxHold         model.Time // engineer leaves when the part is expected later than this; 0 = always waits
	HandOver        model.Time // added when an interrupted stage goes on

	Plan      AdminTask // how the fault will be handled, from the decision on, S4-25; none: submitted when a visit is asked for
	SignOff   []SignOff // ours, before remote work, in order of Over
	Report    AdminTask // fault report, S2-42
	CallBack  AdminTask // S2-74
	Record    AdminTask // S2-75
	Survey    AdminTask
	Complaint Complaint

	GeneralVisits bool       // lowest level is visited too
	AccidentWhen  int32      // rank at or above (≤) which the accident flow starts; 0 = never
	AccidentWork  model.Dist // extra coordination by role manager
	LoanerAfter   model.Time
	LoanerAhead   bool       // asked for on site as soon as the repair is forecast to take longer
	VisitsUntil   model.Time // age of the contract from which a device goes to the factory instead of a visit; 0 = never
	Factory       model.Dist // from the decision until it is back at work
	ReplaceOn     int32      // a unit is replaced by a new one at so many faults that need a visit; 0 = never

	Served   uint32       // levels, bit rank-1, that are visited in the hours of ServedIn only (S5-26)
	ServedIn int32        // index in World.Calendars
	Rise     []model.Time // by rank-1: what is not restored after so long rises a level (S5-45); nil: never
	RiseFrom RiseFrom
	Risk     []float64 // by rank-1: rate a second at which an unrestored fault turns into the next worse level; nil: never
}

// SignOff is a yes of our own that remote work of more than Over waits for (S4-20, S4-21).
type SignOff struct {
	ID         string
	Over       model.Time
	Day, Night model.Dist
	Team       int32      // whose people give it, on duty; -1: it takes Day or Night
	Work       model.Dist // theirs
}

// RiseFrom says from when the time of a level counts once a fault has risen to it.
type RiseFrom uint8

const (
	FromRise   RiseFrom = iota // begins again at the rise
	FromReport                 // has run since the report
)

// AdminTask is desk work after a ticket.
type AdminTask struct {
	Share  float64    // of tickets; 0 = none
	Visits bool       // only after visits
	Delay  model.Dist // earliest start after restore (or after leaving the site)
	Work   model.Dist
	Role   Role
}

// Complaint is the customer's complaint about a ticket.
type Complaint struct {
	Share     float64    // of all tickets
	ShareLate float64    // of tickets with a late clock
	Reply     model.Dist // work until the first reply
	Close     model.Dist // span from reply to a satisfied close, per round
	Loop      float64    // chance of another round
}

// Rung is one step of an escalation ladder.
type Rung struct {
	ID       string
	After    model.Time
	Workdays int32 // > 0: after N working days, same time of day, instead of After
	Calendar int32 // of the working days: index in World.Calendars
	Since    model.Milestone
	Unless   model.Milestone
	Tier     uint8           // requested tier (2 senior, 3 expert, 4 vendor)
	Moves    bool            // takes the ticket from its queue; otherwise adds a person
	OnSite   bool            // the added person travels to the site; otherwise helps by phone
	Holds    model.Dist      // how long a senior on the phone is held; zero: until the work ends
	People   int32           // how many (expert team)
	Plan     AdminTask       // an emergency plan to be written; Share 0: none
	Loaner   bool            // also send a loaner
	Stale    bool            // After counts anew from every milestone of the ticket
	Levels   uint32          // of the fault when the time is up, bit rank-1; 0 = all
	Mark     model.Milestone // milestone stamped at the request (escalated_2…), or model.NumTicketMilestones for none
}

// Penalty is an optional schedule.
type Penalty struct {
	PerLate  float64
	CapShare float64 // of the yearly price; 0 = none
}

// Charge is what the causers pay for faults of third parties.
type Charge struct {
	Hour  float64 // of our people at it, ways included
	Parts float64 // times the price of the parts
}

// WeightedPart is a part that a failure may need.
type WeightedPart struct {
	Part int32
	P    float64 // cumulative
}

// Failure is a kind of failure of an equipment class.
type Failure struct {
	ID         string
	Class      string
	Skill      int32 // index in World.Skills, -1 none
	Hardware   bool
	ThirdParty bool // caused by the customer or others
	Outage     float64
	UserShare  model.Dist // in [0, 1]
	RemoteFix  float64
	PartNeed   float64 // given a visit
	PartKnown  float64 // given a need: known before the visit
	RightPart  float64 // a part chosen before the visit is the right one
	Parts      []WeightedPart
	Remote     model.Dist
	Diagnose   model.Dist
	Restore    model.Dist
	Repair     model.Dist // full repair after the service is back
	Difficulty [5]float64 // cumulative probability that tier ≤ i suffices; [4] = 1
	NewUnit    int32      // part that replaces a whole unit of the class, -1 none
	Loaner     int32      // part that stands in for the class while it is broken, -1 none
	Terms      int32      // the manufacturer's terms for it, from 1; 0 none: no manufacturer can be called
}

// Profile multiplies a rate: hour × weekday × month; nil entries are 1.
type Profile struct {
	Hour    [24]float64
	Weekday [7]float64 // Sunday = 0
	Month   [12]float64
	Growth  float64 // per year, 0 = none: the rate at t is multiplied by (1 + Growth)^(t in years)
	Max     float64 // largest product over the horizon, for thinning
}

// Source is one fault stream: a Poisson process of a class at a site, or Weibull renewals of single units.
type Source struct {
	Name     string // keys the random streams
	Hash     uint64
	Contract int32
	Site     int32
	Units    int32
	Rate     float64      // events a second for the whole source, before the profile
	Weibull  *model.Dist  // of one unit's life; then Rate is unused and each unit is its own stream
	UnitAge  []model.Time // age of each unit at time 0 (Weibull)
	Failures []WeightedFailure
	Profile  *Profile // nil = constant
}

// WeightedFailure is a kind of failure with its cumulative probability.
type WeightedFailure struct {
	Failure int32
	P       float64
}

// Burst hits many units of a region at once.
type Burst struct {
	Name     string
	Hash     uint64
	Rate     float64     // a second
	Months   [12]float64 // relative rate by month; all 1 = none
	MonthMax float64
	Region   int32      // -1: a region drawn by units
	Units    model.Dist // number of units hit, in units (not seconds)
	Spread   model.Dist // delay of each
	Sources  []int32    // sources it can hit
	Weight   []float64  // cumulative share
	Tag      string
}

// Question is a stream of calls that are not faults.
type Question struct {
	Name     string
	Hash     uint64
	Contract int32
	Rate     float64
	Profile  *Profile
	LookUp   float64 // share that needs documents and a remote engineer
	Answer   model.Dist
	Rises    []QuestionRise // in order of After
}

// QuestionRise is who is asked next when nobody has begun to look for an answer (S4-45).
type QuestionRise struct {
	After model.Time // since the call ended
	Role  Role       // support or manager
	Tier  uint8
}

// HistoryTicket is one recorded fault.
type HistoryTicket struct {
	At       model.Time
	Source   int32
	Failure  int32 // -1: drawn
	Severity int32 // rank, 0: by rule
	ID       string
	Delay    model.Time // occurred (At) → reported; -1: drawn from the contract's detection
	Resolved model.Time // reported → resolved as recorded; -1 unknown
}

// Role is a kind of work people can do.
type Role uint8

// Roles.
const (
	RoleDesk Role = iota
	RoleRemote
	RoleField
	RoleSupport // helps by phone or joins on site (tier 2, 3)
	RoleApprover
	RoleAdmin
	RoleManager
	RolePlanned // may do planned visits
	NumRoles
)

// Return says where an engineer goes when a visit ends.
type Return uint8

// Returns.
const (
	MustReturn Return = iota // drives home; free when there
	Redirect                 // drives home, may be sent on from the road
	Stay                     // waits where he is until the shift ends
)

// Team is a group of like people at one place.
type Team struct {
	ID             string
	Name           model.Text
	Place          int32
	Roles          uint16 // bit per Role
	Tier           uint8
	Skills         uint64 // bit per skill; all ones = any
	First          int32  // first person
	Count          int32
	Return         Return
	Resident       bool             // works at Place only
	Only           []model.Interval // when they are there, in order and disjoint; nil: at any time (Kind unused)
	Finish         bool             // work in hand at the end of a shift is finished as overtime; false: handed over
	Rate           [5]float64       // work rate for a fault of difficulty i (index 1…4)
	Contracts      uint64           // bit per contract it serves; all ones = all
	Background     float64          // share of rostered time taken by other contracts
	BackgroundTask model.Dist
	Partner        bool
	Accept         float64 // partner: chance to accept a call
	PartnerDelay   model.Dist
	Mobilise       *model.Dist // own values, nil = travel's
	MobiliseCall   *model.Dist
	LeaveWeeks     int32   // weeks of leave a person and contract year, drawn per replication
	Sick           float64 // chance that a shift is missed
	Cover          bool    // somebody stands in for leave and sickness (absence is not simulated)
	Pay            TeamPay
	RosterText     string
	HeadsPerSeat   float64 // people needed for one 24x7 seat at these absences
}

// TeamPay is what a team costs.
type TeamPay struct {
	Annual                               float64 // loaded cost per head and year
	CostShare                            float64 // booked to this portfolio
	OnCallHour                           float64
	OvertimeHour                         float64 // base for 150/200/300 %
	PerVisitDay, PerVisitNight, Retainer float64 // partners
}

// Duty is a span of a person's roster.
type Duty struct {
	Start, End model.Time
	OnCall     bool
}

// Person is one engineer. Always means on shift without end.
type Person struct {
	Team   int32
	Name   string
	Hash   uint64
	Always bool
	Duties []Duty // ordered, disjoint, over warm-up, horizon and drain
}

// Vendor is a manufacturer's support: what stands behind our promise (a back-to-back contract).
type Vendor struct {
	ID      string
	Fee     float64 // a year, with what is agreed for single classes
	PerCall float64 // each time he is called
}

// VendorTerms are what a manufacturer has agreed for some failures; a vendor may have several.
type VendorTerms struct {
	Vendor int32
	Delay  model.Dist // called → at work
	Work   model.Dist // zero: as long as anybody's
}

// Part is a spare part; Loaner parts are returnable.
type Part struct {
	ID, Family string
	Name       model.Text
	Price      float64
	Loaner     bool
}

// Depot stocks parts. Parent -1 = supplier.
type Depot struct {
	ID        string
	Name      model.Text
	Place     int32
	Parent    int32
	Transport model.Dist // from the parent
	Handling  model.Dist
	Contracts uint64  // bit per contract whose faults may draw from it; all ones = all
	CostShare float64 // of its stock, booked to this portfolio
	Customers bool    // the stock is the customer's: neither the shelf nor what is taken from it costs us anything
}

// StockRule is how a depot refills.
type StockRule uint8

// Rules.
const (
	NotStocked StockRule = iota
	BaseStock            // (S-1, S)
	MinMax               // (s, S)
)

// Stock is one part at one depot.
type Stock struct {
	Rule            StockRule
	S, Reorder      int32      // order-up-to level; reorder point
	Lead            model.Dist // supplier lead time
	Buys            bool       // there is an emergency purchase
	Emergency       model.Dist // its lead time
	EmergencyWhen   int32      // net stock below which a demand triggers an emergency purchase
	EmergencyFactor float64    // price factor
	RepairTime      model.Dist // of those repaired: until they are back in this stock; zero: the supplier's lead time
	RepairShare     float64    // share of replaced parts that is repaired and comes back to the supplier price-free
}

// SourcePolicy says where a part comes from.
type SourcePolicy uint8

// Policies.
const (
	EngineerBase    SourcePolicy = iota // the depot at the engineer's base, delivered without delay; from elsewhere by courier
	NearestStock                        // the nearest depot with stock, by courier
	HomeThenNearest                     // Dispatch.HomeDepot if it has the part, else as NearestStock
)

// Policy names the dispatch rule.
type Policy uint8

// Dispatch policies (DESIGN § 6).
const (
	NearestFree Policy = iota
	SeverityAge
	EarliestDue
	LeastSlack
	ReserveOne
	RedirectPolicy
	NumPolicies
)

// Preempt says who may be interrupted.
type Preempt uint8

// Preemption.
const (
	PreemptNone Preempt = iota
	PreemptPlanned
	PreemptLower
)

// Order is the order of a queue.
type Order uint8

// Orders.
const (
	BySeverity Order = iota // severity, then age
	FIFO
)

// Dispatch holds the rules of assignment.
type Dispatch struct {
	Policy          Policy
	Preempt         Preempt
	Order           Order
	CourierSpeedKmh float64
	CourierFixed    model.Dist // handling and collection of a courier run
	Reserve         int32      // ReserveOne: people kept back per base for levels up to Contract.ReserveRank
	UseOnCall       bool
	HomeDepot       int32   // HomeThenNearest: the depot asked first, from 1; 0 = none
	LateralParts    bool    // the same of other parts, in the place of its own order
	Lateral         bool    // a depot that gave its last loaner is sent one by its region, if that has two
	Loaners         []int32 // by part: the loaner of the first class whose failures need the part, -1 none; Failure.Loaner is exact
}

// JobPlan is planned work at sites (S2-50).
type JobPlan struct {
	ID         string
	Hash       uint64
	Name       model.Text
	Contract   int32
	Months     int32            // every N months
	Listed     bool             // the periods are those of Periods, not the months
	Periods    []model.Interval // in order of their start
	PerDevice  model.Dist
	Sites      []int32
	Devices    []int32    // per site
	MaxVisit   model.Time // one visit's work at most; more means several visits
	Notice     int32      // working days before
	Confirm    model.Time // before the visit its date is confirmed again; 0: it is not
	Cancel     float64    // chance that the customer cancels; the visit moves by Postpone
	Postpone   model.Time
	Findings   float64 // new tickets per device visited
	Calendar   int32   // days on which visits are planned
	StartHour  int32
	Skill      int32
	Permission model.Dist // S2-92
	Talk       model.Dist // technical exchange, S2-55
	Report     AdminTask

	From, Until model.Time // age of the contract in which its periods begin; Until 0: to the end
	Share       float64    // of the sites and periods in which it is wanted
}

// Paper is a report due after a period, or what is counted without one (Check).
type Paper struct {
	ID       string
	Hash     uint64
	Name     model.Text
	Contract int32
	Months   int32
	Work     model.Dist
	Delay    model.Dist // waiting for data
	Role     Role

	From, Until model.Time // age of the contract in which its periods end; Until 0: to the end
	PerYear     int32      // > 0: so many a contract year, evenly, instead of Months
	Promised    int32      // of them in a year; each full year hands over a count
	Emergency   bool       // due after each day of an emergency that is still open, instead of Months

	Check        Check // what is counted, if it is no report
	Team, People int32 // OnDuty
}

// Check is what a count is of.
type Check uint8

// Counts.
const (
	Reports   Check = iota // reports of the plan
	OnDuty                 // days on which so many people of a team are on shift
	Stocked                // kinds of parts that a depot has
	FromStock              // parts asked for that were there
)

// Costs are the prices of DESIGN § 11. Money in World.Currency.
type Costs struct {
	Currency   string
	Holding    float64 // share of price a year
	Life       float64 // years over which first stock is written off
	CarKm      float64
	NightAway  float64
	CourierRun float64
	CourierKm  float64
	Places     float64    // a year, all places
	Overtime   [3]float64 // workday, rest day, statutory holiday: 1.5, 2, 3
}

// Assumption is a number of the scenario that is not known.
type Assumption struct {
	Path            string
	Low, Base, High string // as written
	HasRange        bool
	Source          model.Text // of the comment "source: …" or "assumption: …"
	Pos             model.Pos
}
