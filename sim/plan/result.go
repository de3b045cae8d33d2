package plan

import (
	"slasim/model"
	"slasim/sim/judge"
)

// Result is a plan. Money is in the scenario's currency, a contract year; shares are in [0, 1].
type Result struct {
	Hold      string  `json:"hold"`
	Assurance float64 `json:"assurance"`
	Budget    float64 `json:"budget,omitempty"`

	Variables []Chosen   `json:"variables"`
	Chosen    []string   `json:"clauses"`   // held together
	Kept      []Kept     `json:"kept"`      // they in the proof
	SetAside  []SetAside `json:"set_aside"` // no design within the bounds holds them

	AllLate   float64 `json:"late_per_year"` // of all clauses that were asked for, in the proof
	Holds     bool    `json:"holds"`         // the proof shows it
	Proof     Proof   `json:"proof"`         // of the design
	Cost      Money   `json:"cost"`          // of the design, on the random numbers of the proof
	Scenario  *Other  `json:"scenario"`      // the design of the scenario itself, on those of the search; nil if out of bounds
	Low       float64 `json:"cost_lower_bound"`
	Gap       float64 `json:"gap"`      // of the cost over the bound, as a share of the cost
	Monotone  bool    `json:"monotone"` // no design was seen to fail that gives more than one that passes: the bound stands on that
	Complete  bool    `json:"complete"` // every design within the bounds was looked at
	Next      []Other `json:"next_best"`
	Curve     []Other `json:"curve"` // designs to which no other is better in cost and risk, cheapest first
	Relaxed   []Relax `json:"relaxed,omitempty"`
	Named     []Named `json:"named,omitempty"` // own staff, free, partners first; set by who asked for them
	Designs   int     `json:"designs_looked_at"`
	Space     float64 `json:"designs_within_bounds"`
	Simulated int64   `json:"replications"` // looked at, over all designs and seeds
	Search    int     `json:"search_replications"`

	Report *judge.Report `json:"report,omitempty"` // of the proof's replications

	design Design
	found  Design // by the search, before the proof
}

// Design is the design of the plan.
func (r *Result) Design() Design { return r.design }

// Chosen is one variable and what was chosen for it.
type Chosen struct {
	Path     string `json:"path"`
	Low      string `json:"low"`
	High     string `json:"high"`
	Scenario string `json:"scenario"` // "" if it is none of the values
	Value    string `json:"value"`
	Bound    string `json:"lower_bound"` // with less no design within the bounds holds
	// With less than TheoryBound arithmetic alone rules out that the clauses hold, and why; "" where it does not tell.
	TheoryBound string  `json:"lower_bound_by_theory,omitempty"`
	Theory      Theory  `json:"theory,omitempty"`
	UnitCost    float64 `json:"cost_per_step"`           // of the last step to the value; of the first one where the least is chosen
	Binds       bool    `json:"binds"`                   // with a step less the proof fails
	Without     float64 `json:"p_hold_with_a_step_less"` // −1: not run
	Idle        bool    `json:"nothing_depends_on_it"`   // as far as was looked: only its own fixed cost

	// With a step less: the change of the cost, and of the late events of what is set aside.
	LessCost  float64 `json:"cost_change_with_a_step_less"`
	LessAside float64 `json:"set_aside_late_change_with_a_step_less"`
	Guards    bool    `json:"keeps_what_is_set_aside"` // that change is more than may be
	Pays      bool    `json:"pays"`                    // a step less holds and costs more
	Doubtful  bool    `json:"fails_in_the_search"`     // the proof holds with a step less, but the search could not tell
}

// Site is a place by name.
type Site struct {
	ID   string     `json:"id"`
	Name model.Text `json:"name"`
}

// Kept is a chosen clause in the years of the proof, at the sites at which it is not set aside.
type Kept struct {
	Clause    string  `json:"clause"`
	Without   int     `json:"sites_set_aside"`
	Events    float64 `json:"events_per_year"`
	Late      float64 `json:"late_per_year"`
	LateP10   float64 `json:"late_p10"`
	LateP90   float64 `json:"late_p90"`
	Share     float64 `json:"share"` // on time; 1 if nothing happened
	PHold     float64 `json:"p_hold"`
	PHoldLow  float64 `json:"p_hold_low"` // two-sided 95 % interval
	PHoldHigh float64 `json:"p_hold_high"`
}

// SetAside is a clause that the plan does not hold.
type SetAside struct {
	Clause     string  `json:"clause"`
	Sites      []Site  `json:"sites,omitempty"`     // only there
	Elsewhere  bool    `json:"elsewhere,omitempty"` // at the other sites than those that are set aside of the same clause
	Infeasible bool    `json:"infeasible"`          // by distance, at any staffing (sim/bound)
	PHold      float64 `json:"p_hold"`              // at best
	Late       float64 `json:"late_per_year"`
	PlanLate   float64 `json:"late_per_year_of_plan"`
	OwnLate    float64 `json:"late_per_year_of_scenario"` // −1 if its design is out of bounds

	ref int
}

// Proof is a run on random numbers that the search has not seen.
type Proof struct {
	Seed         uint64  `json:"seed"`
	Attempt      int     `json:"attempt"`
	Replications int     `json:"replications"`
	Years        int     `json:"years"`
	Held         int     `json:"years_held"`
	PHold        float64 `json:"p_hold"`
	Confidence   float64 `json:"confidence"`
	Lower        float64 `json:"p_hold_lower_limit"` // one-sided
	Late         float64 `json:"late_per_year"`
}

// Money is a mean cost with the half-width of its 95 % interval, and its parts.
type Money struct {
	Total     float64 `json:"total"`
	HalfWidth float64 `json:"half_width"`
	Fixed     float64 `json:"fixed"` // spent whatever happens: people, retainers, yearly fees, places, stock
}

// Other is a design beside the plan.
type Other struct {
	Changes []Change `json:"changes"` // against the plan
	Cost    float64  `json:"cost"`
	More    float64  `json:"cost_difference"` // to the plan, on the same random numbers
	MoreLow float64  `json:"cost_difference_low"`
	MoreTop float64  `json:"cost_difference_high"`
	PHold   float64  `json:"p_hold"`
	Late    float64  `json:"late_per_year"`
	Years   int      `json:"years"`
	Passes  bool     `json:"passes"`

	design Design
}

// Change is one variable that differs.
type Change struct {
	Path  string `json:"path"`
	Value string `json:"value"`
}

// Relax is what a clause costs: the cheapest design found without it.
type Relax struct {
	Clause    string   `json:"clause"`
	Saving    float64  `json:"saving"`        // a year
	Late      float64  `json:"late_per_year"` // of that clause under the cheaper design
	BreakEven float64  `json:"break_even"`    // penalty a late event at which holding it pays; 0 if nothing is saved
	Changes   []Change `json:"changes"`
}

// Named is a plan in one line, to stand beside others.
type Named struct {
	Name    string   `json:"name"`
	Holds   bool     `json:"holds"`
	Cost    Money    `json:"cost"`
	PHold   float64  `json:"p_hold"`
	Lower   float64  `json:"p_hold_lower_limit"`
	Clauses int      `json:"clauses"`       // held together, of those that were asked for
	Late    float64  `json:"late_per_year"` // of all that were asked for
	Design  []Change `json:"design"`
}

// As is r in one line.
func (r *Result) As(name string) Named {
	n := Named{Name: name, Holds: r.Holds, Cost: r.Cost, PHold: r.Proof.PHold, Lower: r.Proof.Lower, Clauses: len(r.Chosen), Late: r.AllLate}
	for _, v := range r.Variables {
		n.Design = append(n.Design, Change{v.Path, v.Value})
	}
	return n
}
