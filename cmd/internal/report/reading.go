package report

import (
	"strings"

	"slasim/cmd/internal/say"
	"slasim/model"
	"slasim/sim/judge"
)

// readingBlocks are the questions to ask before signing: what each ambiguity costs, the dearest first.
func (s *sheet) readingBlocks() []block {
	if len(s.r.Readings) == 0 {
		return nil
	}
	v := s.Voice
	var lines, idle []string
	asked := 0
	for i := range s.r.Readings {
		r := &s.r.Readings[i]
		name := strings.TrimSpace(r.Decision + " " + r.Switch)
		contract := ""
		if len(s.r.Contracts) > 1 {
			contract = r.Contract
		}
		if !matters(r) {
			idle = append(idle, s.t("report.question_name", name, contract))
			continue
		}
		asked++
		lines = append(lines, indent(s.t("report.question", asked, s.t("report.question_name", name, contract), question(r, v.Lang)), s.width())...)
		for _, x := range r.Values {
			if x.Unusable {
				lines = append(lines, indent("     "+s.t("report.reading_not", x.Value, r.Contract, r.Switch), s.width())...)
				continue
			}
			now := &r.Values[0] // the one in force
			late, cost := v.Number(round3(x.LatePerYear)), v.Money(x.CostPerYear, s.r.Cost.Currency)
			line := s.t("report.reading_now", x.Value, late, cost)
			if x.Value != r.Value {
				line = s.t("report.reading_value", x.Value, late, change(x.LatePerYear-now.LatePerYear, v.Number), cost,
					change(x.CostPerYear-now.CostPerYear, v.Amount))
			}
			if len(x.Changes) > 0 {
				line += s.t("report.reading_flips", x.Changes)
			}
			if x.Run {
				line += s.t("report.reading_run")
			}
			lines = append(lines, indent("     "+line, s.width())...)
		}
	}
	list := []block{{title: s.t("report.questions", s.r.Run.Replications), lines: lines}}
	if len(idle) > 0 {
		list = append(list, block{lines: indent(s.t("report.no_matter", idle), s.width())})
	}
	if s.All {
		lines := []string{s.t("report.not_switched")}
		for _, d := range s.r.Unasked {
			lines = append(lines, indent("  "+d.Decision+" "+s.t("decision."+d.Reason, d.Key), s.width())...)
		}
		list = append(list, block{lines: lines})
	}
	return list
}

// change is a difference with its sign; "±0" if there is none.
func change(x float64, form func(float64) string) string {
	switch x = round3(x); {
	case x > 0:
		return "+" + form(x)
	case x < 0:
		return form(x)
	}
	return "±0"
}

// matters reports whether the values of a switch differ in late events, money or verdicts.
func matters(r *judge.ReadingRow) bool {
	for i := range r.Values {
		if len(r.Values[i].Changes) > 0 {
			return true
		}
	}
	return r.Late != 0 || r.Money != 0
}

// question is the ambiguity in words.
func question(r *judge.ReadingRow, lang model.Lang) string {
	v := say.Voice{Lang: lang}
	if say.Has("question." + r.Switch) {
		return v.T("question." + r.Switch)
	}
	return v.T("question.", r.Switch)
}
