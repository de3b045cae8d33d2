package report

import (
	"math"

	"slasim/sim/judge"
)

// comparedTable sets recorded spans beside simulated ones, two lines for all tickets and two for each severity.
func (s *sheet) comparedTable() *table {
	v, c := s.Voice, s.r.Comparison
	head := []string{v.T("col.severity"), v.T("col.side"), ">" + v.T("col.tickets"), ">" + v.T("col.mean")}
	for _, p := range []int{10, 25, 50, 75, 90, 95} {
		head = append(head, ">"+v.T("col.quantile", p))
	}
	t := columns(head...)
	line := func(name, side string, tickets float64, x *judge.Spans) {
		t.add(name, side, v.Number(tickets), optional(x.MeanHours, v.Brief), optional(x.P10Hours, v.Brief), optional(x.P25Hours, v.Brief),
			optional(x.P50Hours, v.Brief), optional(x.P75Hours, v.Brief), optional(x.P90Hours, v.Brief), optional(x.P95Hours, v.Brief))
	}
	for i := range c.Rows {
		row := &c.Rows[i]
		name := v.T("compared.all")
		if row.Severity != "" {
			if name = row.Name.In(v.Lang); name == "" {
				name = row.Severity
			}
		}
		line(name, v.T("compared.recorded"), float64(row.Recorded.Count), &row.Recorded)
		line("", v.T("compared.simulated"), math.Round(float64(row.Simulated.Count)/float64(max(c.Replications, 1))), &row.Simulated)
	}
	return t
}

// comparedLines say what the comparison is, and what it is not.
func (s *sheet) comparedLines() []string {
	c := s.r.Comparison
	lines := indent(s.t("compared.means", c.Replications, c.Tickets-c.Unresolved), s.width())
	if c.Unresolved > 0 {
		lines = append(lines, indent(s.t("compared.unresolved", c.Unresolved, c.Tickets), s.width())...)
	}
	if len(c.Rows) > 0 && c.Rows[0].Simulated.Open > 0 {
		lines = append(lines, indent(s.t("compared.open", float64(c.Rows[0].Simulated.Open)/float64(max(c.Replications, 1))), s.width())...)
	}
	return lines
}
