// Package judge turns what runs left behind into verdicts, reasons and money (DESIGN §§ 5, 11, 13, 14).
package judge

import "slasim/model"

// Report is the answer of a run. Its JSON form is stable; every share is in [0, 1], every span in hours unless
// its name says otherwise, money in the scenario's currency.
type Report struct {
	Run         RunInfo          `json:"run"`
	Answer      Answer           `json:"answer"`
	Clauses     []ClauseResult   `json:"clauses"`
	Teams       []TeamResult     `json:"teams"`
	Parts       []PartResult     `json:"parts"`
	Years       []YearResult     `json:"years,omitempty"` // of a term of several
	Cost        CostResult       `json:"cost"`
	Contracts   []ContractResult `json:"contracts,omitempty"`  // if several share the pool
	Pool        *Pool            `json:"pool,omitempty"`       // what they do to each other
	Comparison  *Comparison      `json:"comparison,omitempty"` // with a replayed history whose mapping names a clause
	Assumptions []AssumptionRow  `json:"assumptions"`
	Examination *Examination     `json:"examination,omitempty"`              // of the assumptions
	Readings    []ReadingRow     `json:"readings,omitempty"`                 // what run --readings found, the dearest ambiguity first
	Unasked     []Unasked        `json:"decisions_without_switch,omitempty"` // beside Readings: decisions that no switch turns
	Doubt       *Doubt           `json:"doubt,omitempty"`
	Footnotes   []Footnote       `json:"footnotes"`
}

// YearResult is one contract year of several: how the load goes up and down.
type YearResult struct {
	Year    int     `json:"year"` // from 1
	Days    float64 `json:"days"`
	Tickets float64 `json:"tickets"`
	Visits  float64 `json:"visits"`
	Hours   float64 `json:"people_hours"` // at work for our contracts, ways and waits included
	Late    float64 `json:"late"`         // clocks of clauses with a target
}

// RunInfo says what was run.
type RunInfo struct {
	Version        string     `json:"version"`
	Scenario       string     `json:"scenario"`
	Title          model.Text `json:"title"`
	ScenarioHash   string     `json:"scenario_hash"`
	Seed           uint64     `json:"seed"`
	Replications   int        `json:"replications"` // finished
	Asked          int        `json:"replications_asked"`
	Years          int        `json:"years_per_replication"`
	Start          string     `json:"start_date"`
	TermHours      float64    `json:"term_hours"`
	Reading        string     `json:"reading"`
	Assurance      float64    `json:"assurance"`
	Fingerprint    string     `json:"fingerprint"`
	StreamPrint    string     `json:"stream_fingerprint"`
	Interrupted    bool       `json:"interrupted"`
	Projected      int        `json:"calendar_projected_from,omitempty"` // first projected year, 0 none
	People         int        `json:"people"`
	Depots         int        `json:"depots"`
	TicketsPerYear float64    `json:"tickets_per_year"`
	VisitsPerYear  float64    `json:"visits_per_year"`
	RemoteShare    float64    `json:"remote_share"` // of tickets closed without a visit
	EventsPerYear  float64    `json:"engine_events_per_year"`
}

// Answer counts verdicts of clauses (not rows).
type Answer struct {
	Met            int `json:"met"`
	Missed         int `json:"missed"`
	Undecided      int `json:"undecided"`
	NoData         int `json:"no_data"`
	NotTestable    int `json:"not_testable"`
	NeedsParameter int `json:"needs_parameter"`
	Infeasible     int `json:"infeasible"`
	Evidence       int `json:"evidence"`
	ByAssumption   int `json:"by_assumption"` // shown MET or MISSED but decided by a typed-in number
	Measures       int `json:"measures"`      // numeric without a target
}

// Figures are the numbers of a clause or of one of its rows.
type Figures struct {
	Verdict          string             `json:"verdict"` // "" for a measure
	Rare             bool               `json:"rare"`    // fewer than one event a year
	Limit            string             `json:"limit"`   // as text, "" if it varies by row
	LimitHours       *float64           `json:"limit_hours,omitempty"`
	EventsPerYear    float64            `json:"events_per_year"`
	LatePerYear      float64            `json:"late_per_year"`
	LateP10          float64            `json:"late_p10"`
	LateP90          float64            `json:"late_p90"`
	Share            *float64           `json:"share"` // on time; null without events
	ShareLow         *float64           `json:"share_low"`
	ShareHigh        *float64           `json:"share_high"`
	PHold            *float64           `json:"p_hold"` // P(the clause holds in a period)
	PHoldLow         *float64           `json:"p_hold_low"`
	PHoldHigh        *float64           `json:"p_hold_high"`
	PClean           *float64           `json:"p_no_late"` // P(no late event in the period)
	CancelledPerYear float64            `json:"cancelled_per_year"`
	CensoredPerYear  float64            `json:"censored_per_year"`
	BestPossible     *float64           `json:"best_possible"`               // share on time with somebody always free at every service point
	NearShare        *float64           `json:"kept_from_near_by,omitempty"` // share kept on time by somebody sent from the road or another site
	SignableP95      *float64           `json:"signable_p95_hours"`
	SignableP99      *float64           `json:"signable_p99_hours"`
	MeanHours        *float64           `json:"mean_hours"`
	P50Hours         *float64           `json:"p50_hours"`
	P95Hours         *float64           `json:"p95_hours"`
	P95Low           *float64           `json:"p95_low_hours"`
	P95High          *float64           `json:"p95_high_hours"`
	Reasons          map[string]float64 `json:"reasons"`               // mean share of the time of late clocks by state
	ShareFinal       *float64           `json:"share_final,omitempty"` // if judged by final severity

	Met, Breached, Cancelled, Censored int64 `json:"-"` // in all replications
}

// ClauseResult is one clause.
type ClauseResult struct {
	ID           string     `json:"id"`
	Text         model.Text `json:"text"`
	Contract     string     `json:"contract"`
	Of           string     `json:"of"`
	Section      string     `json:"section"`
	Anchor       string     `json:"anchor"`
	Decision     string     `json:"decision,omitempty"`
	Kind         string     `json:"kind"` // limit, soft, parameter, evidence
	ByAssumption model.Text `json:"by_assumption"`
	Parameter    string     `json:"parameter,omitempty"`
	Target       *float64   `json:"target"`
	Aim          *float64   `json:"aim"`
	AimMet       *bool      `json:"aim_met"`
	Period       string     `json:"period"`
	Figures
	Rows []Row `json:"rows"`
}

// Row is a clause split by band, severity or site.
type Row struct {
	By   string     `json:"by"` // band, severity, site
	ID   string     `json:"id"`
	Name model.Text `json:"name"`
	Km   *float64   `json:"km,omitempty"`
	// Cure says what would make an infeasible row hold; a message of the catalogue.
	Cure *model.Msg `json:"cure,omitempty"`
	Figures
}

// TeamResult is one team.
type TeamResult struct {
	ID            string             `json:"id"`
	Name          model.Text         `json:"name"`
	Headcount     int                `json:"headcount"`
	Utilisation   float64            `json:"utilisation"`
	UtilisationHW float64            `json:"utilisation_half_width"`
	RosteredHours float64            `json:"rostered_hours_per_year"`
	OvertimeHours float64            `json:"overtime_hours_per_year"`
	OnCallHours   float64            `json:"on_call_hours_per_year"`
	Overtime36    float64            `json:"person_months_over_36h_per_year"`
	VisitsPerYear float64            `json:"visits_per_year"`
	HeadsPerSeat  float64            `json:"heads_per_24x7_seat"`
	Roster        string             `json:"roster"`
	Activities    map[string]float64 `json:"activities"` // share of rostered + overtime hours
	CostPerYear   float64            `json:"cost_per_year"`
}

// PartResult is one part at one depot.
type PartResult struct {
	Depot            string     `json:"depot"`
	DepotName        model.Text `json:"depot_name"`
	Part             string     `json:"part"`
	Name             model.Text `json:"name"`
	Level            int        `json:"level"`
	DemandsPerYear   float64    `json:"demands_per_year"`
	FillRate         *float64   `json:"fill_rate"`
	FillRateLow      *float64   `json:"fill_rate_low"`
	FillRateHigh     *float64   `json:"fill_rate_high"`
	BackorderDays    float64    `json:"backorder_days_per_year"`
	EmptyDays        float64    `json:"days_without_stock_per_year"`
	EmergencyPerYear float64    `json:"emergency_purchases_per_year"`
	CostPerYear      float64    `json:"cost_per_year"`
}

// CostResult is money of a contract year.
type CostResult struct {
	Currency  string   `json:"currency"`
	Total     float64  `json:"total_per_year"`
	TotalHW   float64  `json:"total_half_width"`
	People    float64  `json:"people"`
	Overtime  float64  `json:"overtime"`
	OnCall    float64  `json:"on_call"`
	Partners  float64  `json:"partners"`
	Vendors   float64  `json:"vendors"`
	Places    float64  `json:"places"`
	Stock     float64  `json:"stock"` // holding and annualised purchase
	Parts     float64  `json:"parts_used"`
	Emergency float64  `json:"emergency_purchases"`
	Travel    float64  `json:"travel"`
	Couriers  float64  `json:"couriers"`
	Penalties float64  `json:"penalties"`
	Charged   float64  `json:"charged"` // paid by third parties, taken off
	Price     float64  `json:"price"`   // 0 = none
	VAT       string   `json:"vat"`
	Margin    *float64 `json:"margin"` // share of price, mean
	MarginP10 *float64 `json:"margin_p10"`
	MarginP50 *float64 `json:"margin_p50"`
	MarginP90 *float64 `json:"margin_p90"`
	PLoss     *float64 `json:"p_loss"`
	PLossLow  *float64 `json:"p_loss_low"`
	PLossHigh *float64 `json:"p_loss_high"`
	BreakEven float64  `json:"break_even_price"`
}

// Comparison sets recorded spans of a replayed history beside simulated ones of the same tickets, from the report to the
// end of the clause's clock. It claims nothing: nothing is fitted, nothing tested.
type Comparison struct {
	Clause       string        `json:"clause"`
	Contract     string        `json:"contract"`
	Tickets      int           `json:"tickets"`    // replayed inside the term
	Unresolved   int           `json:"unresolved"` // of these, without a recorded end: on neither side
	Replications int           `json:"replications"`
	Rows         []ComparedRow `json:"rows"`
}

// ComparedRow is all tickets, or those of one recorded severity.
type ComparedRow struct {
	Severity  string     `json:"severity"` // "" for all
	Name      model.Text `json:"name"`
	Recorded  Spans      `json:"recorded"`
	Simulated Spans      `json:"simulated"` // over all replications
}

// Spans sums up how long tickets took. A quantile is the smallest span that so many do not exceed.
type Spans struct {
	Count     int64    `json:"count"` // that came to their end
	Open      int64    `json:"open"`  // that did not
	MeanHours *float64 `json:"mean_hours"`
	P10Hours  *float64 `json:"p10_hours"`
	P25Hours  *float64 `json:"p25_hours"`
	P50Hours  *float64 `json:"p50_hours"`
	P75Hours  *float64 `json:"p75_hours"`
	P90Hours  *float64 `json:"p90_hours"`
	P95Hours  *float64 `json:"p95_hours"`
}

// AssumptionRow is an assumption of the scenario, with what run --assumptions found.
type AssumptionRow struct {
	Path         string     `json:"path"`
	Low          string     `json:"low"`
	Base         string     `json:"base"`
	High         string     `json:"high"`
	Source       model.Text `json:"source,omitzero"`
	Flips        []string   `json:"flips,omitempty"`        // clauses whose verdict changes at an end
	Rank         int        `json:"rank,omitempty"`         // 1 = moves the verdicts most; 0 = not examined
	Swing        float64    `json:"swing,omitempty"`        // largest change of late events a year, summed over clauses
	Replications int        `json:"replications,omitempty"` // of each end, compared with as many of the run
	Unchanged    bool       `json:"unchanged,omitempty"`    // neither end changes an event in these
}

// Examination says how the assumptions with a range were examined.
type Examination struct {
	Ranges       int  `json:"ranges"`
	Examined     int  `json:"examined"`
	Watched      bool `json:"watched"`      // only those that the scenario names
	Replications int  `json:"replications"` // of each end, of those compared to the end
	Unchanged    int  `json:"unchanged"`    // change no event in the first Probed replications
	Probed       int  `json:"probed_over"`
	Screened     int  `json:"screened"` // compared over the first ScreenedOver replications only: they moved less
	ScreenedOver int  `json:"screened_over"`
	Interrupted  bool `json:"interrupted,omitempty"`
}

// Footnote is a doubt that travels with the result.
type Footnote struct {
	Msg model.Msg `json:"msg"`
}

// Doubt is what uncertain inputs do to the answer: each assumption drawn anew from its range, some replications of each
// draw on the same random numbers. Its spread is neither risk (years differ within a draw) nor error (draws share their
// replications, see Noise).
type Doubt struct {
	Draws        int           `json:"draws"` // finished
	Asked        int           `json:"draws_asked"`
	Replications int           `json:"replications_per_draw"`
	Assumptions  int           `json:"assumptions"`  // drawn
	Distribution string        `json:"distribution"` // of each between low, base and high
	Assurance    float64       `json:"assurance"`
	Clauses      []DoubtClause `json:"clauses"` // those with a target
	Cost         Spread        `json:"cost_per_year"`
	Margin       Spread        `json:"margin"`
	Losses       int           `json:"draws_with_a_loss"` // with a mean margin below 0
}

// DoubtClause is one clause over the draws.
type DoubtClause struct {
	ID       string     `json:"id"`
	Contract string     `json:"contract"`
	Text     model.Text `json:"text"`
	Share    Spread     `json:"share"`
	Late     Spread     `json:"late_per_year"`
	PHold    Spread     `json:"p_hold"`
	Judged   int        `json:"draws_with_events"`
	Held     int        `json:"draws_held"` // in which it held in at least Assurance of the periods
	Noise    *float64   `json:"noise"`      // part of the variance of the share between draws that is error
}

// Spread is quantiles over draws; nil without a value.
type Spread struct {
	P10 *float64 `json:"p10"`
	P50 *float64 `json:"p50"`
	P90 *float64 `json:"p90"`
}
