package why

import (
	"cmp"
	"slices"
	"time"

	"slasim/model"
	"slasim/model/clock"
	"slasim/model/world"
	"slasim/sim/judge"
	"slasim/sim/record"
)

// Report is the answer to why. Its JSON form is stable; shares are in [0, 1], spans and moments in seconds, moments since
// the start of the run.
type Report struct {
	Run       judge.RunInfo `json:"run"`
	Replayed  int           `json:"replications_run_again"`
	Obstacles []string      `json:"obstacles"`        // that were taken away, one at a time
	Absent    []string      `json:"obstacles_absent"` // nothing of the scenario can be in the way so
	Clauses   []Summary     `json:"clauses"`
	Events    []Event       `json:"events,omitempty"` // of the clause that was asked for, the worst first
	Ticket    *Story        `json:"ticket,omitempty"`
	Fix       *Repaired     `json:"fix,omitempty"`
}

// Repaired is the least that makes a clause hold. Money is in the scenario's currency, a year.
type Repaired struct {
	Clause     string    `json:"clause"`
	Currency   string    `json:"currency"`
	Holds      bool      `json:"holds"`      // there is such a set of changes
	Infeasible []Site    `json:"infeasible"` // where no number of people at the bases keeps the clause, the worst first; one without an id: as a whole
	Assurance  float64   `json:"assurance"`
	Offered    []Step    `json:"offered"`      // changes that were tried alone
	Changes    []Needed  `json:"changes"`      // the set; of the best attainable if none holds
	All        bool      `json:"all_together"` // nothing holds even with all changes, and these are all
	Before     Standing  `json:"before"`
	After      *Standing `json:"after"` // null if nothing was tried together
	Confidence float64   `json:"confidence"`
	Complete   bool      `json:"complete"` // all sets within the bounds were looked at
	Designs    int       `json:"designs_looked_at"`
	Space      float64   `json:"designs_within_bounds"`
	Simulated  int64     `json:"replications"`
}

// Site is a place at which a clause cannot be kept, with what would make it hold.
type Site struct {
	ID   string     `json:"id"`
	Name model.Text `json:"name"`
	Cure *model.Msg `json:"cure"`
}

// Step is a kind of change: heads of a team, a watch, a partner, a part at a depot.
type Step struct {
	Kind  string     `json:"kind"` // heads, watch, partner, part
	Path  string     `json:"path"`
	Of    model.Text `json:"of"` // the team or the part
	At    model.Text `json:"at"` // where
	From  string     `json:"from"`
	Next  string     `json:"next"` // a step more
	Most  string     `json:"most"` // that was tried
	Cost  float64    `json:"cost_of_step"`
	Late  int        `json:"late_looked_at"`
	Saved int        `json:"saved"`      // of them, with one step
	Fresh int        `json:"newly_late"` // with it
	Used  bool       `json:"used"`       // it helps, and was tried together with others
	Order int        `json:"-"`          // by what it saves, most first
}

// Needed is a change of the set.
type Needed struct {
	Step
	To      string  `json:"to"`
	Cost    float64 `json:"cost_per_year"`
	Without float64 `json:"p_hold_with_a_step_less"`
}

// Summary is a clause with late clocks.
type Summary struct {
	Contract     string             `json:"contract"`
	ID           string             `json:"id"`
	Text         model.Text         `json:"text"`
	Late         int                `json:"late"`
	LatePerYear  float64            `json:"late_per_year"`
	Time         map[string]float64 `json:"time"`                        // mean share of the time of a late clock by state
	Without      []Effect           `json:"without"`                     // by obstacle that was taken away
	Stays        int                `json:"late_whatever_is_taken_away"` // clocks that no single obstacle saves
	Replications int                `json:"replications_with_late"`
}

// Effect is what taking away an obstacle does to the late clocks of a clause.
type Effect struct {
	Obstacle string `json:"obstacle"`
	Named    int    `json:"named"`       // late clocks most of whose time was spent on it
	Enough   int    `json:"long_enough"` // late clocks by no more than they spent on it alone
	Saved    int    `json:"saved"`       // late clocks that are not late without it
	Fresh    int    `json:"newly_late"`  // clocks that are late only without it
}

// Event is one late clock.
type Event struct {
	ID       string           `json:"id"`
	Contract string           `json:"contract"`
	Clause   string           `json:"clause"`
	Site     string           `json:"site,omitempty"`
	SiteName model.Text       `json:"site_name"`
	Failure  string           `json:"failure,omitempty"`
	Start    int64            `json:"started_seconds"`
	Stop     *int64           `json:"stopped_seconds"` // null: it was still running
	Elapsed  int64            `json:"elapsed_seconds"`
	Over     int64            `json:"over_seconds"` // beyond the limit
	Time     map[string]int64 `json:"time_seconds"` // by state
	Named    string           `json:"named"`        // the state most of the time was spent on
	Behind   string           `json:"obstacle"`     // behind that state, "" for work and the like
	Saved    []string         `json:"saved_without"`
	Without  []Fate           `json:"without"`
}

// Fate is what becomes of a clock without an obstacle.
type Fate struct {
	Obstacle string `json:"obstacle"`
	State    string `json:"state"` // met, breached, cancelled, censored, or not_started if there is no such clock
	Elapsed  *int64 `json:"elapsed_seconds"`
}

// Story is one subject in all worlds.
type Story struct {
	ID       string     `json:"id"`
	Kind     string     `json:"kind"` // ticket, call, complaint, job, deliverable or period
	Site     string     `json:"site,omitempty"`
	SiteName model.Text `json:"site_name"`
	Failure  string     `json:"failure,omitempty"`
	Versions []Telling  `json:"versions"` // as recorded, then without each obstacle
	Clocks   []Clocking `json:"clocks"`
}

// Telling is what happened in one world.
type Telling struct {
	Without    string           `json:"without"` // "" as recorded
	Happens    bool             `json:"happens"`
	Milestones map[string]int64 `json:"milestones_seconds"`
	Order      []string         `json:"-"` // of the milestones by time, then by their own order
}

// Clocking is one clause's clock in all worlds.
type Clocking struct {
	Contract string           `json:"contract"`
	Clause   string           `json:"clause"`
	Text     model.Text       `json:"text"`
	State    string           `json:"state"`
	Elapsed  int64            `json:"elapsed_seconds"`
	Over     int64            `json:"over_seconds"` // 0 unless late
	Time     map[string]int64 `json:"time_seconds,omitempty"`
	Named    string           `json:"named,omitempty"`
	Without  []Fate           `json:"without"`
}

// stateName is the state of a clock as a record names it.
func stateName(s clock.State) string { return (&record.Clock{State: s}).StateName() }

func seconds(t model.Time) int64 { return int64(t / time.Second) }

func spans(by *[judge.States]model.Time) map[string]int64 {
	m := map[string]int64{}
	for i, d := range by {
		if d > 0 {
			m[judge.StateName(i)] = seconds(d)
		}
	}
	return m
}

func fateOf(o Obstacle, out clock.Outcome) Fate {
	f := Fate{Obstacle: o.String(), State: stateName(out.State)}
	if out.State != clock.NotStarted {
		n := seconds(out.Elapsed)
		f.Elapsed = &n
	}
	return f
}

// NewReport sums up an explanation of a record of w. info says what was run; events asks for the late clocks one by one.
func NewReport(w *world.World, x *Explanation, info judge.RunInfo, events bool) *Report {
	r := &Report{Run: info, Replayed: x.Reps, Clauses: []Summary{}}
	r.obstacles(x.Here)
	years := float64(info.Replications) * model.Hours(w.Term) / model.Hours(model.Year)
	byClause := make([][]*Case, len(w.Clauses))
	for i := range x.Cases {
		c := &x.Cases[i]
		byClause[c.Clause] = append(byClause[c.Clause], c)
	}
	for k, cases := range byClause {
		if len(cases) == 0 {
			continue
		}
		r.Clauses = append(r.Clauses, summary(w, x, int32(k), cases, years))
	}
	slices.SortStableFunc(r.Clauses, func(a, b Summary) int { return cmp.Compare(b.Late, a.Late) })
	if events {
		for i := range x.Cases {
			r.Events = append(r.Events, event(w, x, &x.Cases[i]))
		}
		slices.SortStableFunc(r.Events, func(a, b Event) int { return cmp.Compare(b.Over, a.Over) })
	}
	return r
}

func (r *Report) obstacles(here [NumObstacles]bool) {
	r.Obstacles, r.Absent = []string{}, []string{}
	for o := range NumObstacles {
		if here[o] {
			r.Obstacles = append(r.Obstacles, o.String())
		} else {
			r.Absent = append(r.Absent, o.String())
		}
	}
}

func summary(w *world.World, x *Explanation, clause int32, cases []*Case, years float64) Summary {
	cl := &w.Clauses[clause]
	s := Summary{Contract: w.Contracts[cl.Contract].ID, ID: cl.ID, Text: cl.Text, Late: len(cases), LatePerYear: float64(len(cases)) / years,
		Time: map[string]float64{}, Without: []Effect{}}
	var time [judge.States]float64
	counted := 0.0
	last := int32(-1)
	for _, c := range cases {
		if c.Rep != last {
			last = c.Rep
			s.Replications++
		}
		total := model.Time(0)
		for _, d := range c.Spent {
			total += d
		}
		if total > 0 {
			counted++
			for i, d := range c.Spent {
				time[i] += float64(d) / float64(total)
			}
		}
		if len(c.Single()) == 0 {
			s.Stays++
		}
	}
	for i, share := range time {
		if share > 0 {
			s.Time[judge.StateName(i)] = share / counted
		}
	}
	for o := range NumObstacles {
		if !x.Here[o] {
			continue
		}
		e := Effect{Obstacle: o.String(), Fresh: int(x.Fresh[o][clause])}
		for _, c := range cases {
			if b, ok := Behind(c.Named()); ok && b == o {
				e.Named++
			}
			if c.Enough(o) {
				e.Enough++
			}
			if c.Saved(o) {
				e.Saved++
			}
		}
		s.Without = append(s.Without, e)
	}
	return s
}

func event(w *world.World, x *Explanation, c *Case) Event {
	cl := &w.Clauses[c.Clause]
	e := Event{
		ID: record.ID(c.Rep, c.Kind, c.Ordinal), Contract: w.Contracts[cl.Contract].ID, Clause: cl.ID, Start: seconds(c.Outcome.Start),
		Elapsed: seconds(c.Outcome.Elapsed), Over: seconds(c.Over), Time: spans(&c.Spent), Named: judge.StateName(c.Named()), Saved: []string{},
		Without: []Fate{},
	}
	e.Site, e.SiteName, e.Failure = placed(w, c.Site, c.Failure)
	if c.Outcome.Stop != model.Unset {
		n := seconds(c.Outcome.Stop)
		e.Stop = &n
	}
	if o, ok := Behind(c.Named()); ok {
		e.Behind = o.String()
	}
	for o := range NumObstacles {
		if x.Here[o] {
			e.Without = append(e.Without, fateOf(o, c.After[o]))
			if c.Saved(o) {
				e.Saved = append(e.Saved, o.String())
			}
		}
	}
	return e
}

func placed(w *world.World, site, failure int32) (id string, name model.Text, what string) {
	if site >= 0 {
		id, name = w.Places[site].ID, w.Places[site].Name
	}
	if failure >= 0 {
		what = w.Failures[failure].ID
	}
	return id, name, what
}

// NewStory is the report on one subject; only the clocks of clauses that asked holds for.
func NewStory(w *world.World, t *Told, info judge.RunInfo, asked func(clause int32) bool) *Report {
	r := &Report{Run: info, Replayed: 1, Clauses: []Summary{}}
	r.obstacles(t.Here)
	s := t.Before.Subject
	st := &Story{ID: record.ID(s.Rep, s.Kind, s.ID), Kind: s.Kind.String(), Clocks: []Clocking{}}
	st.Site, st.SiteName, st.Failure = placed(w, s.Site, s.Failure)
	st.Versions = append(st.Versions, telling("", &t.Before))
	for o := range NumObstacles {
		if t.Here[o] {
			st.Versions = append(st.Versions, telling(o.String(), &t.After[o]))
		}
	}
	for i := range t.Before.Clocks {
		k := &t.Before.Clocks[i]
		if !asked(k.Clause) {
			continue
		}
		cl := &w.Clauses[k.Clause]
		c := Clocking{Contract: w.Contracts[cl.Contract].ID, Clause: cl.ID, Text: cl.Text, State: stateName(k.Outcome.State),
			Elapsed: seconds(k.Outcome.Elapsed), Without: []Fate{}}
		if k.Case != nil {
			c.Over, c.Time, c.Named = seconds(k.Case.Over), spans(&k.Case.Spent), judge.StateName(k.Case.Named())
		}
		for o := range NumObstacles {
			if t.Here[o] {
				var out clock.Outcome
				if a := t.After[o].Of(k.Clause); a != nil {
					out = a.Outcome
				}
				c.Without = append(c.Without, fateOf(o, out))
			}
		}
		st.Clocks = append(st.Clocks, c)
	}
	r.Ticket = st
	return r
}

func telling(without string, v *Version) Telling {
	t := Telling{Without: without, Happens: v.Subject != nil, Milestones: map[string]int64{}}
	if v.Subject == nil {
		return t
	}
	names := v.Subject.Kind.Milestones()
	for m, at := range v.Subject.Milestones {
		if at != model.Unset {
			t.Milestones[names[m]] = seconds(at)
			t.Order = append(t.Order, names[m])
		}
	}
	slices.SortStableFunc(t.Order, func(a, b string) int { return cmp.Compare(t.Milestones[a], t.Milestones[b]) })
	return t
}
