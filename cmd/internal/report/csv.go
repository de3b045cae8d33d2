package report

import (
	"encoding/csv"
	"io"
	"sort"
	"strconv"
	"strings"

	"slasim/model"
	"slasim/sim/judge"
)

// newCSV begins a CSV file with the byte order mark by which spreadsheets take it for UTF-8. put writes a line; its error
// stays in the writer until Flush.
func newCSV(w io.Writer) (out *csv.Writer, put func(cells ...string), err error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, nil, err
	}
	out = csv.NewWriter(w)
	return out, func(cells ...string) {
		for i := range cells {
			cells[i] = harmless(cells[i])
		}
		_ = out.Write(cells)
	}, nil
}

// CSV prints one line per clause and per row of a clause, with a byte order mark so that spreadsheets take it for
// UTF-8. Shares are in [0, 1] and spans in hours; an empty cell is an unknown value. A comparison with a replayed history
// adds columns at the end and lines by "recorded" and "simulated", whose row is a severity or empty for all. Several
// contracts on one pool add a line each by "contract" and one by "without" for each other contract, named in row.
// Readings that were looked at add a line for each value of each switch, by "reading".
func CSV(w io.Writer, r *judge.Report, lang model.Lang) error {
	out, put, err := newCSV(w)
	if err != nil {
		return err
	}
	head := []string{"scenario", "scenario_hash", "version", "seed", "replications", "contract", "clause", "by", "row", "text", "section",
		"verdict", "rare", "by_assumption", "target", "aim", "period", "limit", "limit_hours", "events_per_year",
		"late_per_year", "late_p10", "late_p90", "share", "share_low", "share_high", "p_hold", "p_hold_low", "p_hold_high",
		"p_no_late", "cancelled_per_year", "censored_per_year", "best_possible", "signable_p95_hours", "signable_p99_hours",
		"mean_hours", "p50_hours", "p95_hours", "p95_low_hours", "p95_high_hours", "reasons"}
	if r.Comparison != nil {
		head = append(head, "tickets", "open", "p10_hours", "p25_hours", "p75_hours", "p90_hours")
	}
	if len(r.Contracts) > 0 {
		head = append(head, "cost_per_year", "price", "margin", "p_loss", "late_per_year_without", "difference", "difference_low",
			"difference_high")
	}
	if len(r.Readings) > 0 {
		if len(r.Contracts) == 0 {
			head = append(head, "cost_per_year")
		}
		head = append(head, "decision", "rank", "in_force", "run_again", "changes")
	}
	if r.Doubt != nil {
		head = append(head, "draws", "draws_held", "doubt_p10", "doubt_p50", "doubt_p90")
	}
	columns := len(head)
	put(head...)
	line := func(c *judge.ClauseResult, by, row string, text model.Text, f *judge.Figures) {
		cells := []string{r.Run.Scenario, r.Run.ScenarioHash, r.Run.Version, strconv.FormatUint(r.Run.Seed, 10),
			strconv.Itoa(r.Run.Replications), c.Contract, c.ID, by, row, text.In(lang), c.Section, f.Verdict,
			strconv.FormatBool(f.Rare), c.ByAssumption.In(lang), number(c.Target), number(c.Aim), c.Period, f.Limit,
			number(f.LimitHours), number(&f.EventsPerYear), number(&f.LatePerYear), number(&f.LateP10), number(&f.LateP90),
			number(f.Share), number(f.ShareLow), number(f.ShareHigh), number(f.PHold), number(f.PHoldLow),
			number(f.PHoldHigh), number(f.PClean), number(&f.CancelledPerYear), number(&f.CensoredPerYear),
			number(f.BestPossible), number(f.SignableP95), number(f.SignableP99), number(f.MeanHours), number(f.P50Hours),
			number(f.P95Hours), number(f.P95Low), number(f.P95High), reasons(f.Reasons)}
		put(append(cells, make([]string, columns-len(cells))...)...)
	}
	for i := range r.Clauses {
		c := &r.Clauses[i]
		line(c, "", "", c.Text, &c.Figures)
		for j := range c.Rows {
			line(c, c.Rows[j].By, c.Rows[j].ID, c.Rows[j].Name, &c.Rows[j].Figures)
		}
	}
	at := map[string]int{}
	for i, h := range head {
		at[h] = i
	}
	whole := func(contract, by, row string, values map[string]string) {
		cells := make([]string, columns)
		for name, text := range map[string]string{
			"scenario": r.Run.Scenario, "scenario_hash": r.Run.ScenarioHash, "version": r.Run.Version,
			"seed": strconv.FormatUint(r.Run.Seed, 10), "replications": strconv.Itoa(r.Run.Replications),
			"contract": contract, "by": by, "row": row,
		} {
			cells[at[name]] = text
		}
		for name, text := range values {
			cells[at[name]] = text
		}
		put(cells...)
	}
	for i := range r.Contracts {
		c := &r.Contracts[i]
		whole(c.ID, "contract", "", map[string]string{"text": c.Name.In(lang), "events_per_year": number(&c.TicketsPerYear),
			"late_per_year": number(&c.LatePerYear), "cost_per_year": number(&c.Cost.Total), "price": number(&c.Cost.Price),
			"margin": number(c.Cost.Margin), "p_loss": number(c.Cost.PLoss)})
	}
	if r.Pool != nil {
		for i := range r.Pool.Effects {
			x := &r.Pool.Effects[i]
			whole(x.Contract, "without", x.From, map[string]string{"replications": strconv.Itoa(r.Pool.Replications),
				"late_per_year": number(&x.LatePerYear), "late_per_year_without": number(&x.Without), "difference": number(&x.Difference),
				"difference_low": number(&x.Low), "difference_high": number(&x.High)})
		}
	}
	for i := range r.Readings {
		x := &r.Readings[i]
		for _, v := range x.Values {
			if v.Unusable {
				continue
			}
			whole(x.Contract, "reading", x.Switch+"="+v.Value, map[string]string{"text": question(x, lang), "decision": x.Decision,
				"rank": strconv.Itoa(x.Rank), "in_force": strconv.FormatBool(v.Value == x.Value), "run_again": strconv.FormatBool(v.Run),
				"late_per_year": number(&v.LatePerYear), "cost_per_year": number(&v.CostPerYear), "changes": strings.Join(v.Changes, " ")})
		}
	}
	if c := r.Comparison; c != nil {
		side := func(by string, row *judge.ComparedRow, s *judge.Spans) {
			whole(c.Contract, by, row.Severity, map[string]string{"clause": c.Clause, "text": row.Name.In(lang),
				"tickets": strconv.FormatInt(s.Count, 10), "open": strconv.FormatInt(s.Open, 10), "mean_hours": number(s.MeanHours),
				"p10_hours": number(s.P10Hours), "p25_hours": number(s.P25Hours), "p50_hours": number(s.P50Hours),
				"p75_hours": number(s.P75Hours), "p90_hours": number(s.P90Hours), "p95_hours": number(s.P95Hours)})
		}
		for i := range c.Rows {
			side("recorded", &c.Rows[i], &c.Rows[i].Recorded)
			side("simulated", &c.Rows[i], &c.Rows[i].Simulated)
		}
	}
	if d := r.Doubt; d != nil {
		spread := func(contract, clause, of, held string, s judge.Spread) {
			whole(contract, "doubt", of, map[string]string{"clause": clause, "replications": strconv.Itoa(d.Replications),
				"draws": strconv.Itoa(d.Draws), "draws_held": held, "doubt_p10": number(s.P10), "doubt_p50": number(s.P50), "doubt_p90": number(s.P90)})
		}
		for i := range d.Clauses {
			c := &d.Clauses[i]
			held := strconv.Itoa(c.Held)
			spread(c.Contract, c.ID, "share", held, c.Share)
			spread(c.Contract, c.ID, "late_per_year", held, c.Late)
			spread(c.Contract, c.ID, "p_hold", held, c.PHold)
		}
		spread("", "", "cost_per_year", "", d.Cost)
		spread("", "", "margin", "", d.Margin)
	}
	out.Flush()
	return out.Error()
}

// number writes a value so that it reads back exactly; nothing if unknown.
func number(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'g', -1, 64)
}

// reasons is "travel=0.61;work=0.2", by name.
func reasons(m map[string]float64) string {
	parts := make([]string, 0, len(m))
	for k, v := range m {
		parts = append(parts, k+"="+strconv.FormatFloat(v, 'g', 4, 64))
	}
	sort.Strings(parts)
	return strings.Join(parts, ";")
}

// harmless keeps a spreadsheet from taking a text for a formula: a text that begins with =, +, -, @ or a control
// character gets an apostrophe in front. Numbers stay numbers.
func harmless(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return s
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return s
	}
	return "'" + s
}
