package report

import (
	"fmt"

	"slasim/cmd/internal/say"
	"slasim/sim/judge"
)

// contracts are the ids of the contracts that have clauses, in their order; one empty id if all belong to one.
func (s *sheet) contracts() []string {
	var list []string
	seen := map[string]bool{}
	for i := range s.r.Clauses {
		if id := s.r.Clauses[i].Contract; !seen[id] {
			seen[id] = true
			list = append(list, id)
		}
	}
	if len(list) < 2 && len(s.r.Contracts) < 2 {
		return []string{""}
	}
	return list
}

// contractName is a contract's name and id.
func (s *sheet) contractName(id string) string {
	for i := range s.r.Contracts {
		if c := &s.r.Contracts[i]; c.ID == id && c.Name.In(s.Voice.Lang) != "" && c.Name.In(s.Voice.Lang) != id {
			return c.Name.In(s.Voice.Lang) + " (" + id + ")"
		}
	}
	return id
}

// poolBlocks are what each of several contracts asks, costs and earns, and what they do to each other.
func (s *sheet) poolBlocks() []block {
	if len(s.r.Contracts) == 0 {
		return nil
	}
	v := s.Voice
	t := columns(v.T("col.contract"), ">"+v.T("col.priority"), ">"+v.T("col.tickets_year"), ">"+v.T("col.hours"), ">"+v.T("col.late_all"),
		">"+v.T("col.cost"), ">"+v.T("col.price"), ">"+v.T("col.margin"), ">"+v.T("col.p_loss"))
	for i := range s.r.Contracts {
		c := &s.r.Contracts[i]
		margin := optional(c.Cost.Margin, v.Percent)
		if c.Cost.MarginP10 != nil && c.Cost.MarginP90 != nil {
			margin += fmt.Sprintf(" (%s…%s)", whole(*c.Cost.MarginP10), whole(*c.Cost.MarginP90))
		}
		t.add(s.contractName(c.ID), fmt.Sprint(c.Priority), v.Number(round3(c.TicketsPerYear)), v.Number(round3(c.HoursPerYear)),
			v.Number(round3(c.LatePerYear)), money(c.Cost.Total, v), money(c.Cost.Price, v), margin, optional(c.Cost.PLoss, v.Percent))
	}
	t.dropEmpty()
	list := []block{{title: s.t("report.contracts"), table: t}, {lines: indent(s.t("report.contracts_how"), s.width())}}
	if s.r.Pool == nil {
		return list
	}
	head := []string{v.T("col.contract"), ">" + v.T("col.late_all")}
	for i := range s.r.Contracts {
		head = append(head, ">"+v.T("report.suffers_from", s.r.Contracts[i].ID))
	}
	t = columns(head...)
	for i := range s.r.Contracts {
		row := make([]string, len(head))
		row[0] = s.contractName(s.r.Contracts[i].ID)
		for j := range s.r.Contracts {
			if e := effect(s.r.Pool, s.r.Contracts[i].ID, s.r.Contracts[j].ID); e != nil {
				row[1] = v.Number(round3(e.LatePerYear))
				row[2+j] = s.difference(e.Difference, e.Low, e.High)
			} else {
				row[2+j] = "·"
			}
		}
		t.add(row...)
	}
	return append(list, block{title: s.t("report.suffers", s.r.Pool.Replications), table: t}, block{lines: []string{s.t("report.noise")}})
}

// effect is what one contract suffers from another, nil if that was not looked at.
func effect(p *judge.Pool, contract, from string) *judge.Effect {
	for i := range p.Effects {
		if e := &p.Effects[i]; e.Contract == contract && e.From == from {
			return e
		}
	}
	return nil
}

// difference is a change with its interval, ~ in front if it may be chance; 0 if nothing changed at all.
func (s *sheet) difference(x, low, high float64) string {
	v := s.Voice
	if x == 0 && low == 0 && high == 0 {
		return "0"
	}
	text := fmt.Sprintf("%s (%s…%s)", signed(round3(x), v), signed(round3(low), v), signed(round3(high), v))
	if !(low > 0 || high < 0) {
		text = "~" + text
	}
	return text
}

// signed is a number with its sign.
func signed(x float64, v say.Voice) string {
	if x > 0 {
		return "+" + v.Number(x)
	}
	return v.Number(x)
}
