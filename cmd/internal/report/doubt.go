package report

import (
	"sort"

	"slasim/sim/judge"
)

// doubtBlocks show what the ranges of the assumptions do to the answer: a line a clause, and how to read it.
func (s *sheet) doubtBlocks() []block {
	d, v := s.r.Doubt, s.Voice
	if d == nil {
		return nil
	}
	head := []string{v.T("col.clause"), v.T("col.promise")}
	for _, of := range []string{"col.doubt_share", "col.doubt_late"} {
		first := v.T(of)
		for _, p := range []int{10, 50, 90} {
			head = append(head, ">"+first+"\n"+v.T("col.quantile", p))
			first = ""
		}
	}
	t := columns(append(head, ">"+v.T("col.doubt_error"), ">"+v.T("col.doubt_held"))...)
	list := append([]judge.DoubtClause(nil), d.Clauses...)
	sort.SliceStable(list, func(i, j int) bool { return list[i].Held < list[j].Held })
	always := 0
	for i := range list {
		c := &list[i]
		if c.Held == d.Draws && !s.All {
			always++
			continue
		}
		name := c.Text.In(v.Lang)
		if len(s.r.Contracts) > 1 {
			name = s.contractName(c.Contract) + ": " + name
		}
		late := func(x float64) string { return v.Number(round3(x)) }
		t.add(c.ID, name, optional(c.Share.P10, v.Percent), optional(c.Share.P50, v.Percent), optional(c.Share.P90, v.Percent),
			optional(c.Late.P10, late), optional(c.Late.P50, late), optional(c.Late.P90, late), optional(c.Noise, v.Percent), v.T("doubt.held", c.Held, d.Draws))
	}
	t.dropEmpty()
	t.fit(1, s.width(), 20)
	var lines []string
	if always > 0 {
		lines = append(lines, v.T("doubt.always", always, d.Draws))
	}
	if d.Draws < d.Asked {
		lines = append(lines, v.T("doubt.interrupted", d.Draws, d.Asked))
	}
	lines = append(lines, indent(v.T("doubt.means", d.Assumptions, d.Replications, v.Percent(d.Assurance)), s.width())...)
	lines = append(lines, indent(v.T("doubt.noise"), s.width())...)
	if c := d.Cost; c.P10 != nil && *c.P90 > 0 {
		line := v.T("doubt.cost", v.Amount(*c.P10), v.Amount(*c.P50), v.Amount(*c.P90), s.r.Cost.Currency)
		if m := d.Margin; m.P10 != nil {
			line += v.T("doubt.margin", whole(*m.P10), whole(*m.P50), v.Percent(*m.P90), d.Losses, d.Draws)
		}
		lines = append(lines, indent(line, s.width())...)
	}
	title := v.T("report.doubt", d.Draws, d.Assumptions)
	if len(t.rows) == 0 {
		return []block{{title: title, lines: lines}}
	}
	return []block{{title: title, table: t}, {lines: lines}}
}
