package record

import (
	"fmt"
	"slices"
	"time"

	"slasim/model"
	"slasim/model/calendar"
	"slasim/model/clock"
	"slasim/model/contract"
	"slasim/model/world"
)

// Contract is contract.json: what was promised, as plain data that can be judged again without the simulator.
// Spans are in seconds, distances in metres, dates are civil days of the run's zone.
type Contract struct {
	Scenario  string        `json:"scenario"`
	StartDate string        `json:"start_date"`   // local day 0, 2006-01-02; second 0 is its midnight
	UTCOffset int64         `json:"utc_offset_s"` // local minus UTC, fixed for the whole run
	Term      int64         `json:"term_s"`       // judged span from second 0
	WarmUp    int64         `json:"warm_up_s"`    // simulated before second 0
	Assurance float64       `json:"assurance"`    // the chance with which a clause has to hold in a period
	Calendars []CalendarDef `json:"calendars"`    // a clause without one runs 24x7
	Contracts []ContractDef `json:"contracts"`    // customers' contracts
	Sites     []SiteDef     `json:"sites"`        // places with tags
	Clauses   []ClauseDef   `json:"clauses"`      // in the order of the report
	Stock     []StockDef    `json:"stock"`        // parts that a depot stocks
}

// CalendarDef is a calendar as it was asked for, before any compiling.
type CalendarDef struct {
	ID          string       `json:"id"`
	Hours       [7][]SpanDef `json:"hours"`        // by day of the week, Sunday first; none = closed
	HolidaysOff bool         `json:"holidays_off"` // closed on days off and statutory holidays
	MakeUpWork  bool         `json:"make_up_work"` // make-up days have the hours of the first weekday that has any
	Days        []DayDef     `json:"days"`         // days that are not plain weekdays or weekends, in order
}

// SpanDef is opening hours [Open, Close) in seconds of the day.
type SpanDef struct {
	Open  int64 `json:"open_s"`
	Close int64 `json:"close_s"`
}

// DayDef is one special day: workday (a weekend day said to be worked), weekend (a weekday said to be free),
// day_off, statutory or make_up.
type DayDef struct {
	Date string `json:"date"`
	Kind string `json:"kind"`
}

// ContractDef is a customer's contract.
type ContractDef struct {
	ID                 string        `json:"id"`
	Severities         []SeverityDef `json:"severities"` // worst first
	Declare            string        `json:"declare"`    // rule, forecast, mix or history
	ShortOutageSerious bool          `json:"short_outage_serious"`
	Bands              []BandDef     `json:"bands"`
	KeyPeriods         []SpanOfTime  `json:"key_periods"`
	ReplaceOn          int32         `json:"replace_on,omitempty"`       // visited hardware fault of a unit at which a new one replaces it
	NewUnits           []string      `json:"new_unit_sources,omitempty"` // sources of the units for which there are new ones
}

// SeverityDef is one level: outages older than Age (or as old, if AtLeast) that hit more than Share of the users.
type SeverityDef struct {
	ID      string  `json:"id"`
	Outage  bool    `json:"outage"`
	Age     int64   `json:"age_s"`
	AtLeast bool    `json:"age_at_least"`
	Share   float64 `json:"share"`           // −1 = any
	Never   bool    `json:"never,omitempty"` // no fault can be declared so
}

// BandDef is a distance band. Sites that it names belong to it, then those with one of the tags, before any
// distance is looked at.
type BandDef struct {
	ID     string   `json:"id"`
	Metres int32    `json:"up_to_m"` // inclusive; −1 = by tags only
	Tags   []string `json:"tags,omitempty"`
	Sites  []string `json:"sites,omitempty"`
}

// SpanOfTime is [Start, End) in seconds since the start.
type SpanOfTime struct {
	Start int64 `json:"start_s"`
	End   int64 `json:"end_s"`
}

// SiteDef is a place with its tags.
type SiteDef struct {
	ID   string   `json:"id"`
	Tags []string `json:"tags"`
}

// StockDef is a part at a depot.
type StockDef struct {
	Depot  string `json:"depot"`
	Part   string `json:"part"`
	Level  int32  `json:"level"` // on hand when full
	Loaner bool   `json:"loaner"`
}

// ClauseDef is one clause. A clause that cannot be judged (Kind evidence) is listed but has no clocks.
type ClauseDef struct {
	ID        string     `json:"id"`
	Contract  string     `json:"contract"`
	Kind      string     `json:"kind"` // limit, soft, parameter or evidence
	Of        string     `json:"of"`
	Scope     ScopeDef   `json:"scope"`
	Start     EventDef   `json:"start"`
	Stop      EventDef   `json:"stop"`
	Moot      EventDef   `json:"moot"`
	Pauses    []string   `json:"pauses"`
	Calendar  string     `json:"calendar"` // "" = 24x7
	Shift     bool       `json:"shift"`    // a start outside opening hours moves to the next opening
	Limits    []LimitDef `json:"limits"`   // severity rank × band: cell (rank−1)·NBand + band
	NSev      int32      `json:"n_sev"`    // rows: 1 or the number of severities
	NBand     int32      `json:"n_band"`   // columns: 1 or the number of bands
	Target    float64    `json:"target"`   // share, 0 = a measure
	PerMonth  bool       `json:"per_month"`
	MinEvents int32      `json:"min_events"`
}

// ScopeDef limits a clause; empty lists and false mean all.
type ScopeDef struct {
	Severities []int32  `json:"severities,omitempty"` // ranks of the severity named by By
	By         string   `json:"by"`                   // declared, current or final; also chooses the row of the limits
	Bands      []string `json:"bands,omitempty"`
	Hardware   string   `json:"hardware,omitempty"` // "only", "not" or ""
	NeedsPart  bool     `json:"needs_part,omitempty"`
	Visits     bool     `json:"visits,omitempty"`
	RemoteOnly bool     `json:"remote_only,omitempty"`
	KeyPeriod  bool     `json:"key_period,omitempty"`
	From       int64    `json:"from_s,omitempty"`   // reported from here, or due later
	Until      int64    `json:"until_s,omitempty"`  // reported before, or due up to here; 0 = no end
	Findings   bool     `json:"findings,omitempty"` // only those of inspections
	Ordinary   bool     `json:"ordinary,omitempty"` // without those tagged force_majeure
	Ours       bool     `json:"ours,omitempty"`     // without those of third parties
	Source     string   `json:"source,omitempty"`   // phone, monitoring, look_up or ""
	Plan       string   `json:"plan,omitempty"`     // of jobs and deliverables
}

// EventDef is the first of some milestones, or the last once all have happened.
type EventDef struct {
	Of   []string `json:"of,omitempty"`
	Last bool     `json:"last,omitempty"`
}

// LimitDef is one cell of a table of limits. Mode is none, wall, business (Span), workdays, workday_hours or civil (Days).
type LimitDef struct {
	Mode   string `json:"mode"`
	Span   int64  `json:"span_s,omitempty"`
	Days   int32  `json:"days,omitempty"`
	Strict bool   `json:"strict,omitempty"` // less than the limit, not at most
	Before bool   `json:"before,omitempty"` // the stop must come at least the limit before the start event
}

var (
	clauseKinds  = []string{contract.Numeric: "limit", contract.Soft: "soft", contract.NeedsParameter: "parameter", contract.Evidence: "evidence"}
	severityOf   = []string{contract.Declared: "declared", contract.Current: "current", contract.Final: "final"}
	declareNames = []string{world.ByRule: "rule", world.ByForecast: "forecast", world.ByMix: "mix", world.ByHistory: "history"}
	limitModes   = []string{
		clock.NoLimit: "none", clock.Wall: "wall", clock.Business: "business", clock.Workdays: "workdays",
		clock.WorkdayHours: "workday_hours", clock.Civil: "civil",
	}
	sources = []string{"", "phone", "monitoring", "look_up"}
)

// specialYears is how far from the start special days are looked for: farther than any run lasts.
const specialYears = 25

// NewCalendar is the definition of a calendar from what it is compiled of.
func NewCalendar(id string, days *calendar.Days, weekly calendar.Weekly, rules calendar.Rules) CalendarDef {
	def := CalendarDef{ID: id, HolidaysOff: rules.HolidaysOff, MakeUpWork: rules.MakeUpWork, Days: []DayDef{}}
	for w, spans := range weekly {
		def.Hours[w] = []SpanDef{}
		for _, s := range spans {
			def.Hours[w] = append(def.Hours[w], SpanDef{secs(s.Open), secs(s.Close)})
		}
	}
	for i := -specialYears * 366; i <= specialYears*366; i++ {
		date := days.DateOfDay(i)
		usual := calendar.Workday
		if w := date.Weekday(); w == time.Saturday || w == time.Sunday {
			usual = calendar.Weekend
		}
		if kind := days.KindOfDay(i); kind != usual {
			def.Days = append(def.Days, DayDef{date.String(), kind.String()})
		}
	}
	return def
}

// NewContract describes the clauses of a compiled scenario. The calendars are the definitions of w.Calendars, by
// index; a compiled calendar cannot be asked what it was made of, and an auditor must not trust the compiler.
func NewContract(w *world.World, calendars []CalendarDef) (*Contract, error) {
	if len(calendars) != len(w.Calendars) {
		return nil, fmt.Errorf("%d definitions for %d calendars", len(calendars), len(w.Calendars))
	}
	_, offset := w.Start.Zone()
	c := &Contract{
		Scenario: w.Name, StartDate: w.Start.Format(time.DateOnly), UTCOffset: int64(offset),
		Term: secs(w.Term), WarmUp: secs(w.WarmUp), Assurance: w.Assurance,
		Calendars: calendars, Contracts: []ContractDef{}, Sites: []SiteDef{}, Clauses: []ClauseDef{}, Stock: []StockDef{},
	}
	for i := range w.Contracts {
		def := contractDef(&w.Contracts[i])
		for k := range w.Sources {
			s := &w.Sources[k]
			if def.ReplaceOn > 0 && s.Contract == int32(i) && slices.ContainsFunc(s.Failures, func(f world.WeightedFailure) bool {
				return w.Failures[f.Failure].NewUnit >= 0
			}) {
				def.NewUnits = append(def.NewUnits, s.Name)
			}
		}
		c.Contracts = append(c.Contracts, def)
	}
	for _, p := range w.Places {
		if len(p.Tags) > 0 {
			c.Sites = append(c.Sites, SiteDef{p.ID, p.Tags})
		}
	}
	for i := range w.Clauses {
		def, err := clauseDef(w, &w.Clauses[i], calendars)
		if err != nil {
			return nil, err
		}
		c.Clauses = append(c.Clauses, def)
	}
	for i, s := range w.Stock {
		if s.Rule != world.NotStocked {
			part := &w.Parts[i%len(w.Parts)]
			c.Stock = append(c.Stock, StockDef{w.Depots[i/len(w.Parts)].ID, part.ID, s.S, part.Loaner})
		}
	}
	return c, nil
}

func contractDef(c *world.Contract) ContractDef {
	def := ContractDef{
		ID: c.ID, Declare: declareNames[c.Declare], ShortOutageSerious: c.ShortOutageSerious, ReplaceOn: c.Process.ReplaceOn,
		Severities: []SeverityDef{}, Bands: []BandDef{}, KeyPeriods: []SpanOfTime{},
	}
	for _, s := range c.Severities {
		never := slices.Contains(c.EmptyLevels, s.ID) || c.Declare == world.ByMix && s.Mix == 0
		def.Severities = append(def.Severities, SeverityDef{s.ID, s.Outage, secs(s.Age), s.AgeAtLeast, s.Share, never})
	}
	for _, b := range c.Bands {
		def.Bands = append(def.Bands, BandDef{b.ID, b.Metres, b.Tags, b.Sites})
	}
	for _, k := range c.KeyPeriods {
		def.KeyPeriods = append(def.KeyPeriods, SpanOfTime{secs(k.Start), secs(k.End)})
	}
	return def
}

func clauseDef(w *world.World, c *contract.Clause, calendars []CalendarDef) (ClauseDef, error) {
	owner := &w.Contracts[c.Contract]
	def := ClauseDef{
		ID: c.ID, Contract: owner.ID, Kind: clauseKinds[c.Kind], Of: c.Of.String(),
		Start: eventDef(c.Of, c.Clock.Start), Stop: eventDef(c.Of, c.Clock.Stop), Moot: eventDef(c.Of, c.Clock.Moot),
		Pauses: []string{}, Shift: c.Clock.Shift, Limits: []LimitDef{}, NSev: c.NSev, NBand: c.NBand,
		Target: c.Target, PerMonth: c.Period == contract.PerMonth, MinEvents: c.MinEvents,
		Scope: ScopeDef{
			By: severityOf[c.Scope.By], NeedsPart: c.Scope.NeedsPart, Visits: c.Scope.Visits,
			RemoteOnly: c.Scope.RemoteOnly, KeyPeriod: c.Scope.KeyPeriod, From: secs(c.Scope.From), Until: secs(c.Scope.Until), Findings: c.Scope.Findings, Ordinary: c.Scope.Ordinary, Ours: c.Scope.Ours, Source: sources[c.Scope.Source],
		},
	}
	for r := int32(1); r <= 32; r++ {
		if c.Scope.Severities&(1<<(r-1)) != 0 {
			def.Scope.Severities = append(def.Scope.Severities, r)
		}
	}
	for b := range owner.Bands {
		if c.Scope.Bands&(1<<b) != 0 {
			def.Scope.Bands = append(def.Scope.Bands, owner.Bands[b].ID)
		}
	}
	switch {
	case c.Scope.Hardware > 0:
		def.Scope.Hardware = "only"
	case c.Scope.Hardware < 0:
		def.Scope.Hardware = "not"
	}
	if c.Scope.Job > 0 {
		if c.Of == model.SubjectDeliverable || c.Of == model.SubjectPeriod {
			def.Scope.Plan = w.Papers[c.Scope.Job-1].ID
		} else {
			def.Scope.Plan = w.Jobs[c.Scope.Job-1].ID
		}
	}
	for k := range model.NumIntervalKinds {
		if c.Clock.Pauses.Has(k) {
			def.Pauses = append(def.Pauses, k.String())
		}
	}
	for _, l := range c.Limits {
		def.Limits = append(def.Limits, LimitDef{limitModes[l.Mode], secs(l.Span), l.N, l.Strict, l.Before})
	}
	if c.Clock.Calendar != nil {
		i := slices.Index(w.Calendars, c.Clock.Calendar)
		if i < 0 {
			return def, fmt.Errorf("clause %s: its calendar is not in the scenario", c.ID)
		}
		def.Calendar = calendars[i].ID
	}
	return def, nil
}

func eventDef(of model.Subject, e clock.Event) EventDef {
	def := EventDef{Last: e.Last}
	for _, m := range e.Of {
		def.Of = append(def.Of, of.Milestones()[m])
	}
	return def
}

func secs(t model.Time) int64 { return int64(t / time.Second) }
