package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"strings"

	"slasim/cmd/internal/say"
	"slasim/model"
	"slasim/model/clock"
	"slasim/model/contract"
	"slasim/model/world"
	"slasim/sim/bound"
	"slasim/sim/judge"
)

// FeasibleRow is one site of a clause in the JSON and CSV of Feasible. Spans are in hours, shares in [0, 1].
type FeasibleRow struct {
	Clause        string     `json:"clause"`
	Contract      string     `json:"contract"`
	Site          string     `json:"site"`
	Severity      string     `json:"severity,omitempty"`
	Km            *float64   `json:"km"`
	Band          string     `json:"band,omitempty"`
	Limit         string     `json:"limit"`
	From          string     `json:"best_from,omitempty"`
	FromKm        *float64   `json:"best_from_km"`
	MedianHours   *float64   `json:"least_median_hours"`
	P95Hours      *float64   `json:"least_p95_hours"`
	Kept          float64    `json:"best_possible"`
	EventsPerYear float64    `json:"events_per_year"`
	Infeasible    bool       `json:"infeasible"`                      // from the service points
	ByChance      bool       `json:"possible_from_near_by,omitempty"` // but somebody sent from the road or another site may be in time
	StrictBand    string     `json:"strict_band,omitempty"`
	StrictLimit   string     `json:"strict_limit,omitempty"`
	StrictKept    *float64   `json:"strict_best_possible"`
	Cure          *model.Msg `json:"cure,omitempty"`
	name, from    model.Text
	band, strict  model.Text
	levels        []*world.Severity // of the row, if the site has others
}

// FeasibleClause is one bounded clause in the JSON of Feasible.
type FeasibleClause struct {
	ID         string        `json:"id"`
	Contract   string        `json:"contract"`
	Text       model.Text    `json:"text"`
	Bounded    bool          `json:"bounded"` // false: it does not wait for a journey
	Infeasible bool          `json:"infeasible"`
	ByChance   bool          `json:"possible_from_near_by,omitempty"`
	Best       *float64      `json:"best_possible"`
	Clean      *float64      `json:"p_no_late"`
	PerYear    float64       `json:"events_per_year"`
	Rows       []FeasibleRow `json:"rows"`
}

// finite is a pointer to x, nil if x is not a number.
func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// spanHours is a span in hours, nil if it never ends.
func spanHours(t model.Time) *float64 {
	if t == model.Far || t == model.Unset {
		return nil
	}
	return finite(model.Hours(t))
}

// feasibleClauses gives the bounds their names.
func feasibleClauses(w *world.World, r *bound.Result) []FeasibleClause {
	list := []FeasibleClause{}
	for i := range w.Clauses {
		c, b := &w.Clauses[i], &r.Clauses[i]
		if c.Kind != contract.Numeric {
			continue
		}
		k := &w.Contracts[c.Contract]
		x := FeasibleClause{ID: c.ID, Contract: k.ID, Text: c.Text, Bounded: b.Kind != bound.None, Rows: []FeasibleRow{}}
		if x.Bounded {
			x.Infeasible, x.ByChance, x.Best, x.Clean, x.PerYear = b.Infeasible, b.ByChance, finite(b.Best), finite(b.Clean), b.PerYear
		}
		band := func(n int32) (string, model.Text) {
			if n < 0 || int(n) >= len(k.Bands) {
				return "", model.Text{}
			}
			return k.Bands[n].ID, k.Bands[n].Name
		}
		for j := range b.Rows {
			row := &b.Rows[j]
			place := &w.Places[row.Site]
			y := FeasibleRow{
				Clause: c.ID, Contract: k.ID, Site: place.ID, name: place.Name, Km: finite(row.Km),
				Limit: judge.LimitText(row.Limit), FromKm: finite(row.BaseKm), MedianHours: spanHours(row.Median),
				P95Hours: spanHours(row.P95), Kept: row.F, EventsPerYear: row.PerYear, Infeasible: row.Infeasible,
				ByChance: row.ByChance, Cure: row.Cure,
			}
			y.Band, y.band = band(row.Band)
			several := j > 0 && b.Rows[j-1].Site == row.Site || j+1 < len(b.Rows) && b.Rows[j+1].Site == row.Site
			for r := range k.Severities {
				if v := &k.Severities[r]; several && row.Ranks>>r&1 != 0 {
					y.levels = append(y.levels, v)
					y.Severity = strings.TrimPrefix(y.Severity+" "+v.ID, " ")
				}
			}
			if row.Base >= 0 {
				y.From, y.from = w.Places[row.Base].ID, w.Places[row.Base].Name
			}
			if row.StrictLimit.Mode != clock.NoLimit && row.StrictLimit != row.Limit {
				y.StrictBand, y.strict = band(row.StrictBand)
				y.StrictLimit, y.StrictKept = judge.LimitText(row.StrictLimit), finite(row.StrictF)
			}
			x.Rows = append(x.Rows, y)
		}
		list = append(list, x)
	}
	return list
}

// Feasible prints the bounds of a scenario as text, markdown, csv or json.
func Feasible(out io.Writer, format string, info judge.RunInfo, w *world.World, r *bound.Result, o Options) error {
	clauses := feasibleClauses(w, r)
	info.Title, info.Start = w.Title, w.Start.Format("2006-01-02")
	switch format {
	case "json":
		return JSON(out, struct {
			Version  string           `json:"version"`
			Scenario string           `json:"scenario"`
			Hash     string           `json:"scenario_hash"`
			Reading  string           `json:"reading"`
			Clauses  []FeasibleClause `json:"clauses"`
		}{info.Version, info.Scenario, info.ScenarioHash, info.Reading, clauses})
	case "csv":
		return feasibleCSV(out, clauses)
	}
	if format == "markdown" {
		o.Width = 1 << 20
	}
	s := &sheet{Options: o, r: &judge.Report{}}
	blocks := s.feasibleBlocks(info, clauses)
	if format == "markdown" {
		return writeMarkdown(out, blocks)
	}
	return writeText(out, blocks, o.Width)
}

// feasibleBlocks are the answer, the table and its notes.
func (s *sheet) feasibleBlocks(info judge.RunInfo, clauses []FeasibleClause) []block {
	v := s.Voice
	cannot, may, free := 0, 0, 0
	for i := range clauses {
		switch {
		case !clauses[i].Bounded:
			free++
		case clauses[i].Infeasible:
			cannot++
		default:
			may++
		}
	}
	title := info.Title.In(v.Lang)
	if title == "" {
		title = info.Scenario
	}
	lines := append([]string{v.T("feasible.title", title)}, indent(v.T("feasible.summary", cannot, may, free), s.width())...)
	blocks := []block{{lines: append(lines, fmt.Sprintf("slasim %s · %s %s · %s", info.Version, info.Scenario,
		short(info.ScenarioHash), v.T("report.reading."+info.Reading)))}}
	t := columns(v.T("col.clause"), v.T("col.site"), v.T("col.severity"), ">"+v.T("col.km"), v.T("col.band"), v.T("col.limit"),
		v.T("col.from"), ">"+v.T("col.from_km"), ">"+v.T("col.least"), ">"+v.T("col.least95"), ">"+v.T("col.kept"),
		v.T("col.strict_band"), v.T("col.strict_limit"), ">"+v.T("col.strict_kept"), ">"+v.T("col.events"), v.T("col.verdict"))
	hiddenRows, chances, strict := 0, 0, false
	for i := range clauses {
		c := &clauses[i]
		if !c.Bounded {
			continue
		}
		verdict := v.T("feasible.possible")
		if c.Infeasible {
			verdict = v.T("verdict.INFEASIBLE")
		}
		t.add(c.ID, say.Cut(c.Text.In(v.Lang), 26), "", "", "", "", "", "", "", "", optional(c.Best, v.Percent), "", "", "",
			v.Number(round3(c.PerYear)), verdict)
		for j := range c.Rows {
			r := &c.Rows[j]
			worse := r.StrictKept != nil && *r.StrictKept < r.Kept-0.005
			if !r.Infeasible && !worse && !s.All {
				hiddenRows++
				continue
			}
			strict = strict || r.StrictKept != nil
			if r.ByChance {
				chances++
			}
			name := r.name.In(v.Lang)
			if name == "" {
				name = r.Site
			}
			var levels []string
			for _, x := range r.levels {
				levels = append(levels, cmp.Or(x.Name.In(v.Lang), x.ID))
			}
			mark := ""
			verdict := v.T("feasible.possible")
			if r.Infeasible {
				verdict = v.T("verdict.INFEASIBLE")
			}
			if r.Cure != nil && (s.Detail || len(s.notes) < 12) {
				mark = s.note(v.Msg(*r.Cure))
			}
			km := func(x float64) string { return v.Number(math.Round(x)) }
			t.add("", "  "+name, strings.Join(levels, ", "), optional(r.Km, km), r.band.In(v.Lang), s.limitText(r.Limit), r.from.In(v.Lang), optional(r.FromKm, km),
				optional(r.MedianHours, v.Brief), optional(r.P95Hours, v.Brief), v.Percent(r.Kept), r.strict.In(v.Lang),
				s.limitText(r.StrictLimit), optional(r.StrictKept, v.Percent), v.Number(round3(r.EventsPerYear)), verdict+mark)
		}
	}
	t.dropEmpty()
	t.keys, t.first = 2, v.T("col.verdict")
	if len(t.rows) > 0 {
		blocks = append(blocks, block{table: t})
	}
	lines = nil
	for i, n := range s.notes {
		lines = append(lines, indent(superscript(i+1)+" "+n, s.width())...)
	}
	if strict {
		lines = append(lines, indent(v.T("feasible.strict"), s.width())...)
	}
	if chances > 0 {
		lines = append(lines, indent(v.T("feasible.by_chance", chances), s.width())...)
	}
	if hiddenRows > 0 {
		lines = append(lines, v.T("feasible.hidden", hiddenRows))
	}
	if len(lines) > 0 {
		blocks = append(blocks, block{lines: lines})
	}
	return blocks
}

// feasibleCSV prints one line per site of a clause.
func feasibleCSV(w io.Writer, clauses []FeasibleClause) error {
	out, put, err := newCSV(w)
	if err != nil {
		return err
	}
	put("contract", "clause", "site", "severity", "km", "band", "limit", "best_from", "best_from_km", "least_median_hours",
		"least_p95_hours", "best_possible", "events_per_year", "infeasible", "strict_band", "strict_limit", "strict_best_possible")
	for i := range clauses {
		for j := range clauses[i].Rows {
			r := &clauses[i].Rows[j]
			put(r.Contract, r.Clause, r.Site, r.Severity, number(r.Km), r.Band, r.Limit, r.From, number(r.FromKm),
				number(r.MedianHours), number(r.P95Hours), number(&r.Kept), number(&r.EventsPerYear), fmt.Sprint(r.Infeasible),
				r.StrictBand, r.StrictLimit, number(r.StrictKept))
		}
	}
	out.Flush()
	return out.Error()
}
