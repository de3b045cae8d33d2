package scenarios

// File is a scenario as it is written: one YAML document after extends, --set and {low, base, high} have been
// resolved. Every mapping keyed by free names is sorted by key when compiled, so the order of a file never
// matters. Tags: yaml gives the key; jsonschema "required" is enforced by the reader and printed by the schema.
type File struct {
	Extends   string                  `yaml:"extends" jsonschema_description:"another scenario (file or embedded name) whose keys this one changes"`
	Run       Run                     `yaml:"run" jsonschema:"required"`
	Calendars map[string]CalendarSpec `yaml:"calendars"`
	Places    Places                  `yaml:"places" jsonschema:"required"`
	Travel    Travel                  `yaml:"travel"`
	Equipment Equipment               `yaml:"equipment" jsonschema:"required"`
	Faults    Faults                  `yaml:"faults"`
	Contracts map[string]Contract     `yaml:"contracts" jsonschema:"required"`
	People    map[string]Team         `yaml:"people" jsonschema:"required"`
	Vendors   map[string]Vendor       `yaml:"vendors"`
	Parts     Parts                   `yaml:"parts"`
	Dispatch  Dispatch                `yaml:"dispatch"`
	Planned   Planned                 `yaml:"planned"`
	Costs     Costs                   `yaml:"costs"`
	Plan      Plan                    `yaml:"plan"`
}

// Run says what is simulated, how long and how often.
type Run struct {
	Title        Text     `yaml:"title" jsonschema:"required"`
	Description  Text     `yaml:"description" jsonschema_description:"one line: what it is about"`
	Timezone     string   `yaml:"timezone" jsonschema_description:"fixed offset such as +08:00 (default +08:00)"`
	StartDate    string   `yaml:"start_date" jsonschema:"required" jsonschema_description:"YYYY-MM-DD"`
	Term         Duration `yaml:"term" jsonschema_description:"contract term (default 1y); judged per contract year"`
	Replications Count    `yaml:"replications" jsonschema_description:"default 200"`
	Seed         Count    `yaml:"seed"`
	Start        string   `yaml:"start" jsonschema:"enum=new_contract,enum=steady"`
	WarmUp       Duration `yaml:"warm_up" jsonschema_description:"with start: steady (default 90d)"`
	AfterHorizon string   `yaml:"after_horizon" jsonschema:"enum=drain,enum=stop,enum=run_on"`
	DrainCap     Duration `yaml:"drain_cap" jsonschema_description:"default 30d"`
	Assurance    *Prob    `yaml:"assurance" jsonschema_description:"default 0.95"`
	MaxEvents    Count    `yaml:"max_events" jsonschema_description:"event limit of one replication (default and most: 60 million)"`
	Reading      string   `yaml:"reading" jsonschema:"enum=default,enum=strict,enum=lenient" jsonschema_description:"profile that flips all reading switches (default: default)"`
	StrictCal    bool     `yaml:"strict_calendar" jsonschema_description:"a year beyond the known holiday calendar is an error"`
	Watch        []string `yaml:"watch" jsonschema_description:"assumptions examined at both ends in every run; run --assumptions finds those that matter most"`
	Calendar     string   `yaml:"calendar" jsonschema_description:"calendar whose holidays count for travel and overtime pay (default: the first by name that has a holiday system or own dates)"`
}

// CalendarSpec is a calendar of opening hours. The name 24x7 is built in.
type CalendarSpec struct {
	System     string            `yaml:"system" jsonschema:"enum=none,enum=china"`
	MakeupDays string            `yaml:"makeup_days" jsonschema:"enum=workday,enum=weekend"`
	Hours      map[string]string `yaml:"hours" jsonschema_description:"for example mon-fri: 08:00-18:00; none means whole working days"`
	Holidays   map[string]string `yaml:"holidays" jsonschema_description:"own dates: holiday, statutory, workday"`
}

// Places are the points of the map.
type Places struct {
	Metric    string                       `yaml:"metric" jsonschema:"enum=road,enum=plane" jsonschema_description:"road: great circle times detour unless a distance is given; plane: x and y in km"`
	Detour    *Number                      `yaml:"detour" jsonschema_description:"road km per great-circle km (default 1.2)" number:">= 1"`
	Points    map[string]Place             `yaml:"points" jsonschema:"required"`
	Distances map[string]map[string]Length `yaml:"distances" jsonschema_description:"road distances, one direction is enough"`
}

// Place is a site, a base or a depot.
type Place struct {
	Name   Text     `yaml:"name"`
	Lat    *Number  `yaml:"lat" number:"-90..90"`
	Lon    *Number  `yaml:"lon" number:"-180..180"`
	X      *Number  `yaml:"x_km"`
	Y      *Number  `yaml:"y_km"`
	Region string   `yaml:"region"`
	City   string   `yaml:"city" jsonschema_description:"trips inside one city have one city leg, others two (default: the place itself)"`
	Tags   []string `yaml:"tags"`
}

// Travel is the model of a trip.
type Travel struct {
	Mode          string             `yaml:"mode" jsonschema:"enum=none,enum=road,enum=bands"`
	Speed         Speed              `yaml:"speed"`
	Seasons       map[string]Season  `yaml:"seasons"`
	HolidayFactor *Number            `yaml:"holiday_factor" number:"> 0"`
	Variation     *Number            `yaml:"variation" jsonschema_description:"coefficient of variation of the random factor of a trip (lognormal with mean 1)" number:">= 0"`
	CityLeg       *CityLeg           `yaml:"city_leg"`
	Mobilise      Mobilise           `yaml:"mobilise"`
	Entry         Dist               `yaml:"entry" jsonschema_description:"from the gate to the failed system"`
	Bands         []TravelBand       `yaml:"bands"`
	Weather       map[string]Weather `yaml:"weather"`
}

// Season multiplies the road speed in some months.
type Season struct {
	Months []int  `yaml:"months" jsonschema:"required" number:"1..12"`
	Factor Number `yaml:"factor" jsonschema:"required" number:"> 0"`
}

// CityLeg is the time through a city at each end of a trip.
type CityLeg struct {
	OffPeak   Duration `yaml:"off_peak"`
	Peak      Duration `yaml:"peak"`
	Night     Duration `yaml:"night"`
	PeakHours []int    `yaml:"peak_hours" jsonschema_description:"hours of the day; default 7 8 17 18" number:"0..23"`
	NightFrom *int     `yaml:"night_from" jsonschema_description:"default 22" number:"0..24"`
	NightTo   *int     `yaml:"night_to" jsonschema_description:"default 6" number:"0..24"`
}

// Mobilise is the time from assignment to departure.
type Mobilise struct {
	AtBase Dist `yaml:"at_base"`
	OnCall Dist `yaml:"on_call"`
}

// TravelBand is a row of the travel table, for mode: bands.
type TravelBand struct {
	Within Length   `yaml:"within" jsonschema:"required"`
	Time   Duration `yaml:"time" jsonschema:"required"`
}

// Weather is one kind of bad day; all trips of a region share it.
type Weather struct {
	DaysPerYear Number            `yaml:"days_per_year" jsonschema:"required" number:"0..365"`
	Regions     map[string]Number `yaml:"regions" jsonschema_description:"days a year where they differ" number:"0..365"`
	Months      []int             `yaml:"months" jsonschema_description:"months in which such days fall, evenly; none means all" number:"1..12"`
	Speed       Speed             `yaml:"speed" jsonschema:"required"`
	Hours       Duration          `yaml:"hours" jsonschema_description:"length from a random start hour; none means the whole day"`
}

// Equipment is what can fail.
type Equipment struct {
	Classes   map[string]Class          `yaml:"classes" jsonschema:"required"`
	Installed map[string]map[string]int `yaml:"installed" jsonschema:"required" jsonschema_description:"site: {class: count}" number:">= 0"`
	Scale     *Number                   `yaml:"scale" jsonschema_description:"multiplies all counts, as a rate (default 1)" number:">= 0"`
	Units     map[string]Unit           `yaml:"units" jsonschema_description:"single units by serial number, besides the counts"`
}

// Unit is one unit with a serial number.
type Unit struct {
	Site  string   `yaml:"site" jsonschema:"required"`
	Class string   `yaml:"class" jsonschema:"required"`
	Age   Duration `yaml:"age"`
}

// Class is a class of equipment. Either rate or life is given.
type Class struct {
	Name        Text               `yaml:"name"`
	Rate        Rate               `yaml:"rate" jsonschema_description:"tickets per unit, such as 0.22/y"`
	Life        Dist               `yaml:"life" jsonschema_description:"time between failures of one unit, renewed at each failure"`
	Age         Duration           `yaml:"age" jsonschema_description:"mean age of the installed units"`
	AgeFactor   []AgeFactor        `yaml:"age_factor"`
	Skill       string             `yaml:"skill"`
	Profile     *Profile           `yaml:"profile" jsonschema_description:"overrides the profile of faults"`
	Failures    map[string]Failure `yaml:"failures" jsonschema:"required"`
	NewUnit     string             `yaml:"new_unit" jsonschema_description:"part that replaces a whole unit"`
	Consumables bool               `yaml:"consumables"`
}

// AgeFactor multiplies the rate up to an age.
type AgeFactor struct {
	UpTo   Duration `yaml:"up_to" jsonschema:"required"`
	Factor Number   `yaml:"factor" jsonschema:"required" number:">= 0"`
}

// Failure is a kind of failure of a class.
type Failure struct {
	Share      Number            `yaml:"share" jsonschema:"required" jsonschema_description:"weight within the class" number:">= 0"`
	Hardware   bool              `yaml:"hardware"`
	ThirdParty bool              `yaml:"third_party" jsonschema_description:"caused by the customer or others: attended all the same, judged unless the switch third_party excludes it, paid as the contract's charge says"`
	Skill      string            `yaml:"skill"`
	Outage     Prob              `yaml:"outage" jsonschema_description:"chance that the service is down"`
	UserShare  Dist              `yaml:"user_share" jsonschema_description:"share of the province's users hit, 0 to 1" unit:"1"`
	Remote     Prob              `yaml:"remote" jsonschema_description:"chance that phone or remote work solves it"`
	RemoteTime Dist              `yaml:"remote_time"`
	Diagnose   Dist              `yaml:"diagnose" jsonschema_description:"diagnosis on site"`
	Restore    Dist              `yaml:"restore" jsonschema_description:"work until the service is back"`
	Repair     Dist              `yaml:"repair" jsonschema_description:"full repair after the service is back"`
	PartNeed   Prob              `yaml:"part_need" jsonschema_description:"given a visit"`
	PartKnown  Prob              `yaml:"part_known" jsonschema_description:"given a need: known before the visit"`
	RightPart  *Prob             `yaml:"right_part" jsonschema_description:"a part chosen before the visit is the right one (default 1)"`
	Parts      map[string]Number `yaml:"parts" jsonschema_description:"part: weight" number:">= 0"`
	Difficulty map[string]Number `yaml:"difficulty" jsonschema_description:"weights of l1 l2 l3 l4, the lowest tier that can solve it (default all l1)" number:">= 0"`
}

// Profile multiplies a rate in time. Each list is scaled to mean 1.
type Profile struct {
	Hour    []Number          `yaml:"hour" jsonschema_description:"24 weights" number:">= 0"`
	Weekday []Number          `yaml:"weekday" jsonschema_description:"7 weights, Monday first" number:">= 0"`
	Month   map[string]Number `yaml:"month" jsonschema_description:"factor by month number; not scaled" number:">= 0"`
	Growth  *Number           `yaml:"growth" jsonschema_description:"relative growth a year" number:"> -1"`
}

// Faults are the streams of work that customers cause.
type Faults struct {
	Scale *Number `yaml:"scale" jsonschema_description:"multiplies every fault rate (default 1)" number:">= 0"`
	// VisitFactor and SiteWork are single knobs over all kinds of failure, so that one doubt is one assumption.
	VisitFactor *Number             `yaml:"visit_factor" jsonschema_description:"multiplies the chance that remote work does not solve a fault, at most 1 (default 1)" number:">= 0"`
	SiteWork    *Number             `yaml:"site_work" jsonschema_description:"multiplies every time of diagnosis and restoration on site (default 1)" number:"> 0"`
	Profile     *Profile            `yaml:"profile"`
	Bursts      map[string]Burst    `yaml:"bursts"`
	Questions   map[string]Question `yaml:"questions"`
}

// Burst hits many units of a region at once.
type Burst struct {
	Rate    Rate     `yaml:"rate" jsonschema:"required"`
	Months  []int    `yaml:"months" number:"1..12"`
	Region  string   `yaml:"region" jsonschema_description:"none: drawn by the number of units"`
	Classes []string `yaml:"classes" jsonschema_description:"none: all"`
	Units   Dist     `yaml:"units" jsonschema:"required" jsonschema_description:"number of units hit" unit:"1"`
	Spread  Dist     `yaml:"spread"`
	Tag     string   `yaml:"tag"`
}

// Question is a stream of calls that are not faults.
type Question struct {
	Contract string                  `yaml:"contract" jsonschema:"required"`
	Rate     Rate                    `yaml:"rate" jsonschema:"required"`
	LookUp   Prob                    `yaml:"look_up" jsonschema_description:"share that needs documents and a remote engineer"`
	Answer   Dist                    `yaml:"answer" jsonschema_description:"work until the answer is given"`
	Profile  *Profile                `yaml:"profile"`
	Rise     map[string]QuestionRise `yaml:"rise" jsonschema_description:"where an answer goes that nobody has begun to look for"`
}

// QuestionRise is a step up for a question.
type QuestionRise struct {
	After Duration `yaml:"after" jsonschema:"required" jsonschema_description:"since the end of the call"`
	To    string   `yaml:"to" jsonschema:"required,enum=l2,enum=l3,enum=manager"`
}

// Contract is one customer's contract.
type Contract struct {
	Name       Text                 `yaml:"name"`
	Price      Money                `yaml:"price" jsonschema_description:"per contract year"`
	VAT        string               `yaml:"vat" jsonschema:"enum=included,enum=excluded,enum=unknown"`
	Priority   int                  `yaml:"priority" jsonschema_description:"smaller goes first between contracts"`
	Sites      []string             `yaml:"sites" jsonschema_description:"none: all sites with equipment"`
	Classes    []string             `yaml:"classes" jsonschema_description:"none: all classes; a unit belongs to one contract only"`
	Severities map[string]Severity  `yaml:"severities" jsonschema:"required"`
	Declare    string               `yaml:"declare" jsonschema:"enum=rule,enum=forecast,enum=mix,enum=history"`
	Bands      *Bands               `yaml:"bands"`
	Process    Process              `yaml:"process"`
	Ladder     map[string]Rung      `yaml:"ladder"`
	Clauses    map[string]Clause    `yaml:"clauses" jsonschema:"required"`
	Readings   map[string]string    `yaml:"readings" jsonschema_description:"switches of the plan's ambiguities"`
	KeyPeriods map[string]KeyPeriod `yaml:"key_periods"`
	Phases     map[string]Phase     `yaml:"phases" jsonschema_description:"parts of the term, one after another, in which other things happen"`
	Penalty    *Penalty             `yaml:"penalty"`
	Charge     *Charge              `yaml:"charge" jsonschema_description:"what is paid to us for faults of third parties (default nothing)"`
	SoftLimits map[string]Duration  `yaml:"soft_limits" jsonschema_description:"limits for words without a number, by clause id"`
}

// Severity is a level. Rank 1 is the worst.
type Severity struct {
	Rank       int      `yaml:"rank" jsonschema:"required" number:"1..32"`
	Name       Text     `yaml:"name"`
	Outage     bool     `yaml:"outage" jsonschema_description:"needs an outage"`
	LongerThan Duration `yaml:"longer_than" jsonschema_description:"outage older than this"`
	AtLeast    Duration `yaml:"at_least" jsonschema_description:"outage at least this old"`
	UsersAbove *Number  `yaml:"users_above" jsonschema_description:"user share above this" number:"0..1"`
	Mix        Number   `yaml:"mix" jsonschema_description:"weight, for declare: mix" number:">= 0"`
}

// Bands are the distance bands of a contract.
type Bands struct {
	From   []string          `yaml:"from" jsonschema:"required" jsonschema_description:"fixed list of service points; all_bases for every base"`
	Strict []string          `yaml:"strict" jsonschema_description:"service points of the strict reading (default all_bases)"`
	Levels map[string]Band   `yaml:"levels" jsonschema:"required"`
	Sites  map[string]string `yaml:"sites" jsonschema_description:"site: level, overrides"`
}

// Band is a distance band; the upper end belongs to it.
type Band struct {
	Name   Text     `yaml:"name"`
	Within Length   `yaml:"within"`
	Tags   []string `yaml:"tags" jsonschema_description:"sites with one of these tags, before any distance"`
}

// Approval is a wait for a yes.
type Approval struct {
	Probability *Prob `yaml:"probability" jsonschema_description:"default 1"`
	Day         Dist  `yaml:"day"`
	Night       Dist  `yaml:"night" jsonschema_description:"22:00 to 07:00; default as day"`
	Holds       bool  `yaml:"holds" jsonschema_description:"the engineer waits"`
}

// SignOff is an approval of our own before remote work; the clocks go on.
type SignOff struct {
	Over  Duration `yaml:"over" jsonschema:"required" jsonschema_description:"work of more than this needs it"`
	Day   Dist     `yaml:"day" jsonschema_description:"how long it takes, if nobody in particular gives it"`
	Night Dist     `yaml:"night" jsonschema_description:"22:00 to 07:00; default as day"`
	By    string   `yaml:"by" jsonschema_description:"instead of day: the team whose people give it when they are on duty; they have the role approver"`
	Work  Dist     `yaml:"work" jsonschema_description:"with by: what it takes them"`
}

// AdminTask is desk work after a ticket.
type AdminTask struct {
	Share  *Prob  `yaml:"share" jsonschema_description:"of tickets (default 1)"`
	Visits bool   `yaml:"visits" jsonschema_description:"only after visits"`
	Delay  Dist   `yaml:"delay"`
	Work   Dist   `yaml:"work"`
	By     string `yaml:"by" jsonschema:"enum=desk,enum=remote,enum=admin,enum=manager"`
}

// Process is a contract's way of working. A process without phone, response and remote stage is a plain world:
// the ticket goes straight to an engineer.
type Process struct {
	Phone          *Phone              `yaml:"phone"`
	Detection      Dist                `yaml:"detection" jsonschema_description:"occurred to reported"`
	UrgentFirst    bool                `yaml:"urgent_first" jsonschema_description:"the two worst levels are dispatched before they are logged"`
	Remote         string              `yaml:"remote" jsonschema:"enum=none,enum=sequential,enum=parallel,enum=direct" jsonschema_description:"parallel: the nearest engineer leaves while the telephone diagnosis runs, and is recalled when that solves it"`
	Carry          string              `yaml:"carry" jsonschema:"enum=none,enum=joint,enum=if_free" jsonschema_description:"how a part that is foreseen gets to the site: none: it is sent as parts.source says; joint: with the engineer, who starts when he and a part are both free, of all pairs the one that is expected first by way of the depot; if_free: in the same way if some depot has one, else it is sent after him"`
	AheadWhen      int                 `yaml:"ahead_when" jsonschema_description:"with remote: parallel: rank at or above which an engineer leaves while the telephone diagnosis runs (default: all)" number:">= 0"`
	Respond        bool                `yaml:"respond" jsonschema_description:"a remote engineer responds first"`
	Talk           Dist                `yaml:"talk"`
	Misclassified  Prob                `yaml:"misclassified"`
	Recognised     Prob                `yaml:"recognised" jsonschema_description:"share of the faults that remote work cannot solve of which the first contact sees it: the visit is asked for at once"`
	Triage         Dist                `yaml:"triage" jsonschema_description:"time until remote is declared failed (default: the remote time)"`
	RemoteApproval *Approval           `yaml:"remote_approval"`
	OwnApproval    *Approval           `yaml:"own_approval"`
	Authorisation  *Approval           `yaml:"authorisation" jsonschema_description:"the customer lets us take over a fault; before a visit"`
	Appointment    *Approval           `yaml:"appointment"`
	Absent         *Approval           `yaml:"customer_absent"`
	OnsiteApproval *Approval           `yaml:"onsite_approval"`
	Quotation      *Approval           `yaml:"quotation" jsonschema_description:"the customer agrees to a price once the fault is diagnosed; the engineer waits on site"`
	PlanLoop       Prob                `yaml:"plan_loop"`
	PlanRewrite    Dist                `yaml:"plan_rewrite"`
	Revision       Prob                `yaml:"revision"`
	PartConfirm    Dist                `yaml:"part_confirm"`
	ConfirmRestore Dist                `yaml:"confirm"`
	WorkaroundProb Prob                `yaml:"workaround_share"`
	Workaround     Dist                `yaml:"workaround"`
	Audit          Dist                `yaml:"audit" jsonschema_description:"check of the system after every repair, on site or remotely"`
	Preventive     Dist                `yaml:"preventive"`
	TalkAfter      Dist                `yaml:"talk_after"`
	NewFault       Prob                `yaml:"new_fault"`
	SiteReport     Dist                `yaml:"site_report"`
	PartSource     string              `yaml:"part_source" jsonschema:"enum=engineer_base,enum=nearest_stock,enum=home_then_nearest" jsonschema_description:"where the parts of this contract come from (default: parts.source)"`
	MaxHold        Duration            `yaml:"max_hold" jsonschema_description:"the engineer leaves when the part is expected later than this; none: he waits"`
	HandOver       Duration            `yaml:"hand_over"`
	GeneralVisits  *bool               `yaml:"general_visits" jsonschema_description:"the lowest level is visited too (default true)"`
	Plan           *AdminTask          `yaml:"plan" jsonschema_description:"written plan of handling, from the decision on; stamps plan_submitted (default: stamped when a visit is asked for)"`
	SignOff        map[string]SignOff  `yaml:"sign_off" jsonschema_description:"approvals of our own before remote work, by the amount of work: the one with the largest over below it"`
	Report         *AdminTask          `yaml:"report"`
	CallBack       *AdminTask          `yaml:"call_back"`
	Record         *AdminTask          `yaml:"record"`
	Survey         *AdminTask          `yaml:"survey"`
	Complaint      *Complaint          `yaml:"complaint"`
	AccidentWhen   int                 `yaml:"accident_when" jsonschema_description:"current rank at or above which the accident flow starts; 0 never" number:">= 0"`
	AccidentWork   Dist                `yaml:"accident_work"`
	LoanerWhen     string              `yaml:"loaner_when" jsonschema:"enum=elapsed,enum=forecast" jsonschema_description:"forecast: with loaner_after, also as soon as an engineer on site expects the service to be back later than that (default: elapsed)"`
	VisitsUntil    Duration            `yaml:"visits_until" jsonschema_description:"age of the contract from which nobody visits: the device goes to the factory"`
	Factory        Dist                `yaml:"factory" jsonschema_description:"with visits_until: until the device is back and at work"`
	ReplaceOn      int                 `yaml:"replace_on" jsonschema_description:"hardware fault of one unit, of those that need a visit, at which a new one replaces it (2: the second); needs new_unit of the class" number:">= 0"`
	LoanerAfter    Duration            `yaml:"loaner_after" jsonschema_description:"outage after which a loaner is sent; none: only by the ladder"`
	ServiceHours   *ServiceHours       `yaml:"service_hours"`
	Risk           map[string]Rate     `yaml:"risk" jsonschema_description:"level: rate at which a fault of it that is not restored turns into the next worse; under the reading risk_hazard: on"`
	RiseAfter      map[string]Duration `yaml:"rise_after" jsonschema_description:"level: what is not restored after so long rises to the next worse level; the switch on_upgrade says from when the new level's time counts"`
}

// ServiceHours are the hours in which some levels are visited; a visit asked for outside them is sent at the next opening.
type ServiceHours struct {
	Calendar   string   `yaml:"calendar" jsonschema:"required"`
	Severities []string `yaml:"severities" jsonschema:"required"`
}

// Phone is the intake by telephone.
type Phone struct {
	Share    *Prob  `yaml:"share" jsonschema_description:"of faults reported by phone (default 1); the rest is monitoring"`
	Call     Dist   `yaml:"call" jsonschema:"required"`
	Patience Dist   `yaml:"patience"`
	Contacts Number `yaml:"contacts" jsonschema_description:"further calls per fault" number:">= 0"`
}

// Complaint is how customers complain.
type Complaint struct {
	Share     Prob `yaml:"share"`
	ShareLate Prob `yaml:"share_late"`
	Reply     Dist `yaml:"reply"`
	Close     Dist `yaml:"close"`
	Loop      Prob `yaml:"loop"`
}

// Rung is one step of a ladder.
type Rung struct {
	After    Duration   `yaml:"after" jsonschema:"required" jsonschema_description:"2h, 1wd"`
	Calendar string     `yaml:"calendar" jsonschema_description:"needed for working days"`
	Since    string     `yaml:"since" jsonschema:"required" jsonschema_description:"milestone"`
	Unless   string     `yaml:"unless" jsonschema:"required" jsonschema_description:"milestone that stops the timer"`
	Adds     string     `yaml:"adds" jsonschema:"enum=l2,enum=l3,enum=vendor"`
	Moves    string     `yaml:"moves" jsonschema:"enum=l2,enum=l3,enum=vendor"`
	Join     string     `yaml:"join" jsonschema:"enum=phone,enum=site"`
	Holds    Dist       `yaml:"holds" jsonschema_description:"how long a senior on the phone is held; none: until the work ends"`
	People   int        `yaml:"people" number:">= 0"`
	Loaner   bool       `yaml:"loaner"`
	Stale    bool       `yaml:"stale" jsonschema_description:"the time counts anew whenever the ticket reaches a milestone: a status that is not kept current"`
	Levels   []string   `yaml:"severities" jsonschema_description:"levels of the fault, when the time is up, for which this step is taken (default all)"`
	Plan     *AdminTask `yaml:"plan" jsonschema_description:"an emergency plan is written; stamps emergency_plan"`
	Mark     string     `yaml:"mark" jsonschema:"enum=escalated_2,enum=escalated_3,enum=escalated_4"`
}

// Clause is a promise.
type Clause struct {
	Text         Text                                `yaml:"text" jsonschema:"required"`
	Section      string                              `yaml:"section"`
	Anchor       string                              `yaml:"anchor"`
	Aliases      []string                            `yaml:"aliases"`
	Kind         string                              `yaml:"kind" jsonschema:"enum=limit,enum=soft,enum=parameter,enum=evidence"`
	Of           string                              `yaml:"of" jsonschema:"enum=ticket,enum=call,enum=complaint,enum=job,enum=deliverable,enum=period,enum=rise"`
	Start        EventSpec                           `yaml:"start"`
	Stop         EventSpec                           `yaml:"stop"`
	Moot         EventSpec                           `yaml:"moot"`
	Pauses       []string                            `yaml:"pauses"`
	Calendar     string                              `yaml:"calendar" jsonschema_description:"24x7 or a name of calendars"`
	Shift        bool                                `yaml:"shift" jsonschema_description:"a start outside opening hours moves to the next opening"`
	Runs         string                              `yaml:"runs" jsonschema:"enum=wall,enum=business,enum=civil,enum=same_time" jsonschema_description:"how the limit is counted"`
	Limit        Duration                            `yaml:"limit"`
	Limits       map[string]LimitRow                 `yaml:"limits" jsonschema_description:"severity or * : limit, or severity: {band: limit}; none for no clause"`
	Bound        string                              `yaml:"bound" jsonschema:"enum=le,enum=lt"`
	Before       bool                                `yaml:"before" jsonschema_description:"the stop must lie at least the limit before the start (notice)"`
	Scope        Scope                               `yaml:"scope"`
	Target       *Prob                               `yaml:"target" jsonschema_description:"share that must be on time; none makes it a measure"`
	Aim          *Prob                               `yaml:"aim"`
	AimLate      *Number                             `yaml:"aim_late" number:">= 0"`
	Period       string                              `yaml:"period" jsonschema:"enum=year,enum=month"`
	MinEvents    int                                 `yaml:"min_events" number:">= 0"`
	Penalty      Money                               `yaml:"penalty"`
	Decision     string                              `yaml:"decision" jsonschema_description:"the reading that was applied"`
	ByAssumption Text                                `yaml:"by_assumption"`
	Readings     map[string]map[string]ClauseReading `yaml:"readings" jsonschema_description:"switch: {value: changes}"`
}

// ClauseReading is what a value of a reading switch changes in a clause.
type ClauseReading struct {
	Start    *EventSpec          `yaml:"start"`
	Stop     *EventSpec          `yaml:"stop"`
	Pauses   *[]string           `yaml:"pauses"`
	Calendar string              `yaml:"calendar"`
	Runs     string              `yaml:"runs" jsonschema:"enum=wall,enum=business,enum=civil,enum=same_time"`
	Limit    Duration            `yaml:"limit"`
	Limits   map[string]LimitRow `yaml:"limits"`
	Bound    string              `yaml:"bound" jsonschema:"enum=le,enum=lt"`
	Period   string              `yaml:"period" jsonschema:"enum=year,enum=month"`
	Scope    *Scope              `yaml:"scope"`
	Target   *Prob               `yaml:"target"`
	Drop     bool                `yaml:"drop" jsonschema_description:"the clause does not apply under this reading"`
	By       string              `yaml:"by" jsonschema:"enum=declared,enum=current,enum=final"`
}

// Scope limits a clause.
type Scope struct {
	Severities []string `yaml:"severities"`
	By         string   `yaml:"by" jsonschema:"enum=declared,enum=current,enum=final"`
	Bands      []string `yaml:"bands"`
	Hardware   *bool    `yaml:"hardware"`
	NeedsPart  bool     `yaml:"needs_part"`
	Visits     bool     `yaml:"visits"`
	RemoteOnly bool     `yaml:"remote_only"`
	KeyPeriods bool     `yaml:"key_periods"`
	Findings   bool     `yaml:"findings" jsonschema_description:"tickets that inspections opened"`
	Phases     []string `yaml:"phases" jsonschema_description:"what is reported or falls due in these phases of the contract, which follow one another"`
	Intake     string   `yaml:"intake" jsonschema:"enum=phone,enum=monitoring"`
	LookUp     bool     `yaml:"look_up" jsonschema_description:"calls: questions that need documents"`
	Plan       string   `yaml:"plan" jsonschema_description:"jobs and deliverables: id of the plan"`

	ordinary bool // set by the reading force_majeure
	ours     bool // set by the reading third_party
}

// Phase is a part of the term; the last one may have no end.
type Phase struct {
	Until     Duration `yaml:"until" jsonschema_description:"age of the contract at which the next phase begins"`
	Faults    *Number  `yaml:"faults" jsonschema_description:"times the faults that equipment.classes tell (default 1); bursts at most as they are" number:">= 0"`
	Questions *Number  `yaml:"questions" jsonschema_description:"times the questions that faults.questions tell (default 1)" number:">= 0"`
}

// KeyPeriod is a period named by the customer.
type KeyPeriod struct {
	From string `yaml:"from" jsonschema:"required" jsonschema_description:"YYYY-MM-DD"`
	To   string `yaml:"to" jsonschema:"required" jsonschema_description:"YYYY-MM-DD, included"`
}

// Penalty is an optional schedule; the plans state none.
type Penalty struct {
	PerLate  Money `yaml:"per_late"`
	CapShare Prob  `yaml:"cap" jsonschema_description:"of the yearly price"`
}

// Charge is what the causers of faults of third parties pay.
type Charge struct {
	Hour  Money  `yaml:"hour" jsonschema_description:"per hour of our people at such a fault, ways included"`
	Parts Number `yaml:"parts" jsonschema_description:"times the price of the parts it takes" number:">= 0"`
}

// Team is a group of like people at one place.
type Team struct {
	Name           Text              `yaml:"name"`
	Place          string            `yaml:"place" jsonschema:"required"`
	Headcount      Count             `yaml:"headcount" jsonschema:"required"`
	Roles          []string          `yaml:"roles" jsonschema:"required" jsonschema_description:"desk remote field support approver admin manager planned"`
	Tier           string            `yaml:"tier" jsonschema:"enum=l1,enum=l2,enum=l3"`
	Skills         []string          `yaml:"skills" jsonschema_description:"none: all"`
	Contracts      []string          `yaml:"contracts" jsonschema_description:"none: all"`
	Roster         *Roster           `yaml:"roster" jsonschema_description:"none: on shift without end"`
	OnCall         *OnCall           `yaml:"on_call"`
	Resident       bool              `yaml:"resident" jsonschema_description:"works at the team's own place only"`
	KeyPeriods     bool              `yaml:"key_periods" jsonschema_description:"on duty in the key periods of its contracts only, and paid for these days"`
	From           Duration          `yaml:"from" jsonschema_description:"age of the contracts from which they are there, and paid (default 0)"`
	Until          Duration          `yaml:"until" jsonschema_description:"age of the contracts up to which they are there (default: the whole term)"`
	TakenFrom      string            `yaml:"taken_from" jsonschema_description:"with key_periods: they are people of this team, which is short of them meanwhile and pays them"`
	Return         string            `yaml:"return" jsonschema:"enum=must_return,enum=redirect,enum=stay"`
	ShiftEnd       string            `yaml:"shift_end" jsonschema:"enum=finish,enum=hand_over"`
	Rates          map[string]Number `yaml:"rates" jsonschema_description:"work rate by difficulty l1 to l4 (default 0 above the tier, 1 at or below)" number:">= 0"`
	Background     Prob              `yaml:"background_load" jsonschema_description:"share of rostered time taken by other contracts"`
	BackgroundTask Dist              `yaml:"background_task" jsonschema_description:"length of such a task (default exponential, mean 1h)"`
	CostShare      *Prob             `yaml:"cost_share" jsonschema_description:"share of the cost booked here (default 1)"`
	Pay            Money             `yaml:"pay" jsonschema_description:"gross pay per head and year"`
	Loaded         *Number           `yaml:"loaded" jsonschema_description:"cost per unit of gross pay (default 1)" number:">= 0"`
	HoursPerYear   *Number           `yaml:"hours_per_year" jsonschema_description:"for the hourly base of overtime (default 2088)" number:"> 0"`
	OnCallPay      Money             `yaml:"on_call_pay" jsonschema_description:"per hour on call"`
	Leave          Duration          `yaml:"leave" jsonschema_description:"working days or weeks a year, such as 2w"`
	Sick           Prob              `yaml:"sick" jsonschema_description:"chance that a shift is missed"`
	Cover          bool              `yaml:"cover" jsonschema_description:"leave and sickness are covered by others"`
	Partner        *Partner          `yaml:"partner"`
	Mobilise       *Mobilise         `yaml:"mobilise"`
}

// Partner is a partner team paid per call.
type Partner struct {
	Accept   *Prob `yaml:"accept"`
	Delay    Dist  `yaml:"delay"`
	Day      Money `yaml:"day" jsonschema_description:"per visit"`
	Night    Money `yaml:"night"`
	Retainer Money `yaml:"retainer" jsonschema_description:"per month"`
}

// Roster is a cycle of shifts or a weekly pattern.
type Roster struct {
	Shifts   map[string]string `yaml:"shifts" jsonschema_description:"letter: hours, such as D: 08:00-20:00, N: 20:00-08:00"`
	Cycle    string            `yaml:"cycle" jsonschema_description:"letters separated by spaces, - for a day off, such as D N - -"`
	Weekly   map[string]string `yaml:"weekly" jsonschema_description:"mon-fri: 08:30-17:30"`
	Calendar string            `yaml:"calendar" jsonschema_description:"with weekly: days off and make-up days of this calendar"`
	Holidays int               `yaml:"holidays" jsonschema_description:"with a calendar: so many people work on each day of its holidays, in turn; each has a working day off before the holiday instead, and is paid as on any day" number:">= 0"`
}

// OnCall is duty at home outside shifts; it rotates by the week.
type OnCall struct {
	People int    `yaml:"people" jsonschema:"required" number:">= 0"`
	Hours  string `yaml:"hours" jsonschema_description:"default: whenever the person is off shift"`
}

// Vendor is a manufacturer's support contract.
type Vendor struct {
	Fee     Money                  `yaml:"fee" jsonschema_description:"a year"`
	Call    Money                  `yaml:"call" jsonschema_description:"each time he is called"`
	Delay   Dist                   `yaml:"delay" jsonschema:"required" jsonschema_description:"called to at work"`
	Work    Dist                   `yaml:"work" jsonschema_description:"for a fault that only he can solve (default: as long as anybody's)"`
	Classes map[string]VendorClass `yaml:"classes" jsonschema_description:"equipment classes covered; none: all that no other vendor names"`
}

// VendorClass is what a manufacturer has agreed for one class of equipment.
type VendorClass struct {
	Fee   Money `yaml:"fee" jsonschema_description:"a year, on top of the vendor's"`
	Delay Dist  `yaml:"delay" jsonschema_description:"default: the vendor's"`
	Work  Dist  `yaml:"work" jsonschema_description:"default: the vendor's"`
}

// Parts are spare parts and where they are.
type Parts struct {
	Source  string           `yaml:"source" jsonschema:"enum=engineer_base,enum=nearest_stock,enum=home_then_nearest" jsonschema_description:"engineer_base: the engineer brings it from the depot of his base, by courier if it comes from elsewhere; nearest_stock, home_then_nearest: by courier"`
	Home    string           `yaml:"home" jsonschema_description:"depot that is asked first, with source: home_then_nearest"`
	Lateral string           `yaml:"lateral" jsonschema:"enum=none,enum=loaners,enum=parts,enum=all" jsonschema_description:"loaners: a depot that gave its last loaner is sent one by a depot of its region (same parent, or the parent) that has two or more; parts: so are other parts, and the one that sends orders anew; all: both"`
	NewOnly bool             `yaml:"new_only" jsonschema_description:"repaired parts are not put in again: repair_share counts for nothing"`
	Courier *Courier         `yaml:"courier"`
	Items   map[string]Part  `yaml:"items"`
	Depots  map[string]Depot `yaml:"depots"`
}

// Courier is how parts travel.
type Courier struct {
	Fixed Dist  `yaml:"fixed" jsonschema_description:"handling and collection"`
	Speed Speed `yaml:"speed"`
}

// Part is a stock-keeping unit.
type Part struct {
	Name        Text       `yaml:"name"`
	Family      string     `yaml:"family"`
	Price       Money      `yaml:"price"`
	LoanerFor   string     `yaml:"loaner_for" jsonschema_description:"equipment class this loaner replaces"`
	Lead        Dist       `yaml:"lead" jsonschema_description:"supplier lead time"`
	Emergency   *Emergency `yaml:"emergency"`
	RepairTime  Dist       `yaml:"repair_time" jsonschema_description:"of the parts repaired: until they are back in stock (default: as the supplier's)"`
	RepairShare Prob       `yaml:"repair_share" jsonschema_description:"share of failed parts repaired rather than bought"`
}

// Emergency is an emergency purchase.
type Emergency struct {
	Lead   Dist   `yaml:"lead" jsonschema:"required"`
	Factor Number `yaml:"price_factor" number:"> 0"`
	Below  int    `yaml:"below" jsonschema_description:"stock position below which a demand buys at once (default 0: only when out of stock)" number:">= 0"`
}

// Depot is a stocking point.
type Depot struct {
	Name      Text             `yaml:"name" jsonschema_description:"default: that of its place, if no other depot without a name is there"`
	Place     string           `yaml:"place" jsonschema:"required"`
	Parent    string           `yaml:"parent"`
	Transport Dist             `yaml:"transport" jsonschema_description:"from the parent"`
	Handling  Dist             `yaml:"handling"`
	Contracts []string         `yaml:"contracts" jsonschema_description:"whose faults may draw from it; none: all"`
	CostShare *Prob            `yaml:"cost_share" jsonschema_description:"share of the cost of its stock booked here (default 1)"`
	Owner     string           `yaml:"owner" jsonschema:"enum=us,enum=customer" jsonschema_description:"customer: the spares are his and cost us nothing (default us)"`
	Stock     map[string]Level `yaml:"stock"`
}

// Level is a stock level: a number S for (S-1,S), or {reorder: s, up_to: S}.
type Level struct {
	UpTo    int  `yaml:"up_to" jsonschema:"required"`
	Reorder *int `yaml:"reorder"`
}

// Dispatch holds the rules of assignment.
type Dispatch struct {
	Policy  string   `yaml:"policy" jsonschema:"enum=nearest_free,enum=severity_age,enum=earliest_due,enum=least_slack,enum=reserve_one,enum=redirect"`
	Preempt string   `yaml:"preempt" jsonschema:"enum=none,enum=planned,enum=lower"`
	Order   string   `yaml:"order" jsonschema:"enum=severity,enum=fifo"`
	Reserve *Reserve `yaml:"reserve"`
	OnCall  *bool    `yaml:"on_call" jsonschema_description:"people on call may be sent (default true)"`
}

// Reserve keeps people back for bad tickets.
type Reserve struct {
	People   int    `yaml:"people" number:">= 0"`
	Severity string `yaml:"severity" jsonschema_description:"lowest level that may use them"`
}

// Planned is work that comes by the calendar.
type Planned struct {
	Jobs   map[string]Job   `yaml:"jobs"`
	Papers map[string]Paper `yaml:"papers"`
	Checks map[string]Check `yaml:"checks"`
}

// Check is something promised that no fault tells; it hands over counts for clauses of: period.
type Check struct {
	Name     Text   `yaml:"name"`
	Contract string `yaml:"contract" jsonschema:"required"`
	Team     string `yaml:"team" jsonschema_description:"each day of the term is a count, reached when so many people of this team have been on shift"`
	People   int    `yaml:"people" jsonschema_description:"with team" number:">= 1"`
	Parts    string `yaml:"parts" jsonschema:"enum=stocked,enum=from_stock" jsonschema_description:"stocked: each kind of part that faults of the contract may need is a count of each contract year, reached if a depot it may draw from has it; from_stock: each part asked for, reached if it is there at that time"`
}

// Job is a planned visit at every site.
type Job struct {
	Name       Text       `yaml:"name"`
	Contract   string     `yaml:"contract" jsonschema:"required"`
	Every      string     `yaml:"every" jsonschema:"required,enum=month,enum=quarter,enum=half_year,enum=year,enum=once,enum=key_period" jsonschema_description:"once: in the first days of the term; key_period: before each key period of the contract"`
	Within     Duration   `yaml:"within" jsonschema_description:"with once and key_period: the span in which all sites are visited (default 30d)"`
	PerDevice  Dist       `yaml:"per_device" jsonschema:"required"`
	MaxVisit   Duration   `yaml:"max_visit" jsonschema_description:"work of one visit at most (default 6h)"`
	Notice     int        `yaml:"notice" jsonschema_description:"working days" number:">= 0"`
	Confirm    Duration   `yaml:"confirm" jsonschema_description:"how long before the visit its date is confirmed again; stamps confirmed"`
	Cancel     Prob       `yaml:"cancel"`
	Postpone   Duration   `yaml:"postpone"`
	Findings   Number     `yaml:"findings" jsonschema_description:"new tickets per device visited" number:">= 0"`
	Calendar   string     `yaml:"calendar"`
	StartHour  *int       `yaml:"start_hour" jsonschema_description:"default 9" number:"0..23"`
	Permission Dist       `yaml:"permission"`
	Talk       Dist       `yaml:"talk"`
	Sites      []string   `yaml:"sites"`
	Skill      string     `yaml:"skill"`
	Report     *AdminTask `yaml:"report"`
	From       Duration   `yaml:"from" jsonschema_description:"age of the contract from which periods begin (default 0)"`
	Until      Duration   `yaml:"until" jsonschema_description:"age of the contract from which none begins any more (default: none)"`
	Share      *Prob      `yaml:"share" jsonschema_description:"of sites and periods in which the visit is wanted (default 1)"`
}

// Paper is a report due after a period.
type Paper struct {
	Name     Text     `yaml:"name"`
	Contract string   `yaml:"contract" jsonschema:"required"`
	Every    string   `yaml:"every" jsonschema:"enum=month,enum=quarter,enum=half_year,enum=year,enum=emergency_day" jsonschema_description:"emergency_day: after each day of an emergency (process.accident_when) that is still open"`
	PerYear  Count    `yaml:"per_year" jsonschema_description:"so many a contract year, evenly, instead of every; counted for clauses of: period"`
	Promised Count    `yaml:"promised" jsonschema_description:"number promised a year, with per_year (default: the same)"`
	From     Duration `yaml:"from" jsonschema_description:"age of the contract from which periods end (default 0)"`
	Until    Duration `yaml:"until" jsonschema_description:"age of the contract after which none ends any more (default: none)"`
	Work     Dist     `yaml:"work"`
	Delay    Dist     `yaml:"delay"`
	By       string   `yaml:"by" jsonschema:"enum=desk,enum=remote,enum=admin,enum=manager"`
}

// Plan says what a planner may change, and what for.
type Plan struct {
	Hold    string   `yaml:"hold" jsonschema_description:"when a clause holds in a contract year: contract (its own target, the default), clean (no late event), aim, share:0.99"`
	Clauses []string `yaml:"clauses" jsonschema_description:"none: all with a target that can be judged"`
	Vary    []string `yaml:"vary" jsonschema_description:"what may be chosen, from the least to the most: people.field.headcount=2..8, parts.depots.*.stock.disk=0..3 (ends included, * stands for any part of a key)"`
}

// Costs are the prices.
type Costs struct {
	Currency   string           `yaml:"currency" jsonschema_description:"a label (default CNY)"`
	Holding    *Prob            `yaml:"holding" jsonschema_description:"share of the price a year (default 0)"`
	Life       Duration         `yaml:"life" jsonschema_description:"over which first stock is written off (default 5y)"`
	CarKm      Money            `yaml:"car_km"`
	NightAway  Money            `yaml:"night_away"`
	CourierRun Money            `yaml:"courier_run"`
	CourierKm  Money            `yaml:"courier_km"`
	Places     Money            `yaml:"places" jsonschema_description:"a year"`
	Open       map[string]Money `yaml:"open" jsonschema_description:"place: a year, besides places, while a team or stock is there"`
	Overtime   []Number         `yaml:"overtime" jsonschema_description:"workday, rest day, statutory holiday (default 1.5 2 3)" number:">= 0"`
}
