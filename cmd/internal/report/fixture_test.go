package report

import (
	"slasim/model"
	"slasim/sim/judge"
)

func ptr[T any](x T) *T { return &x }

// fixture is an invented result that uses every part of a report.
func fixture() *judge.Report {
	late := func(verdict string, events, late, p10, p90, share, low, high float64) judge.Figures {
		return judge.Figures{Verdict: verdict, EventsPerYear: events, LatePerYear: late, LateP10: p10, LateP90: p90,
			Share: &share, ShareLow: &low, ShareHigh: &high, PHold: ptr(0.14), PHoldLow: ptr(0.1), PHoldHigh: ptr(0.19),
			PClean: ptr(0.14), BestPossible: ptr(0.84), SignableP95: ptr(0.75), SignableP99: ptr(55.0 / 60),
			MeanHours: ptr(0.4), P50Hours: ptr(0.35), P95Hours: ptr(0.9), Rare: events < 1,
			Reasons: map[string]float64{"nobody_on_shift": 0.61, "travel": 0.3, "mobilise": 0.09}}
	}
	arrive := late("MISSED", 26, 8.1, 5, 11, 0.69, 0.67, 0.71)
	shenyang := late("MISSED", 9.1, 2.1, 0, 4, 0.77, 0.74, 0.8)
	shenyang.LimitHours = ptr(0.5)
	anshan := late("INFEASIBLE", 2.2, 2.2, 1, 4, 0, 0, 0.01)
	anshan.LimitHours, anshan.BestPossible, anshan.SignableP99 = ptr(1.0), ptr(0.0), ptr(130.0/60)
	anshan.Reasons = map[string]float64{"travel": 0.8, "mobilise": 0.2}
	dandong := late("UNDECIDED", 0.12, 0.06, 0, 1, 0.5, 0.3, 0.7)
	dandong.LimitHours = ptr(3.0)
	part := late("MISSED", 31, 3.9, 2, 6, 0.87, 0.86, 0.88)
	part.LimitHours, part.SignableP99 = ptr(4.0), ptr(9+40.0/60)
	part.Reasons = map[string]float64{"no_part": 0.58, "travel": 0.42}
	cure := model.Msg{Code: "cure.example", Args: []any{94}}
	soft := late("NOT TESTABLE", 12, 0, 0, 0, 1, 1, 1)
	soft.Share, soft.ShareLow, soft.ShareHigh, soft.PClean, soft.Reasons, soft.BestPossible = nil, nil, nil, nil, nil, nil
	met := late("MET", 488, 0.02, 0, 0, 0.99996, 0.9999, 1)
	met.LimitHours = ptr(0.25)
	row := func(by, id, en, zh string, km *float64, cure *model.Msg, f judge.Figures) judge.Row {
		return judge.Row{By: by, ID: id, Name: model.Text{En: en, Zh: zh}, Km: km, Cure: cure, Figures: f}
	}
	return &judge.Report{
		Run: judge.RunInfo{Version: "0.1.0", Scenario: "liaoning", Title: model.Text{En: "Liaoning network maintenance 2026", Zh: "辽宁网络维保 2026"},
			ScenarioHash: "1a2b3c4d5e6f", Seed: 1, Replications: 200, Asked: 200, Years: 1, Start: "2026-01-01", TermHours: 8760,
			Reading: "default", Assurance: 0.95, People: 22, Depots: 3, TicketsPerYear: 488.3, VisitsPerYear: 171.2, RemoteShare: 0.63},
		Answer: judge.Answer{Met: 5, Missed: 6, Infeasible: 2, ByAssumption: 3, NeedsParameter: 1, Evidence: 1},
		Clauses: []judge.ClauseResult{
			{ID: "S2-13", Contract: "s2", Text: model.Text{En: "answered by an engineer", Zh: "工程师响应"}, Figures: met},
			{ID: "S2-44", Contract: "s2", Text: model.Text{En: "part and engineer on site", Zh: "备件与工程师到场"}, Figures: part},
			{ID: "S2-40", Contract: "s2", Text: model.Text{En: "engineer on site within the limit of the distance band", Zh: "按距离分档的到场时限"}, Figures: arrive,
				Rows: []judge.Row{row("site", "shenyang", "Shenyang", "沈阳", nil, nil, shenyang),
					row("site", "anshan", "Anshan", "鞍山", ptr(94.2), &cure, anshan),
					row("site", "dandong", "Dandong", "丹东", ptr(252.0), nil, dandong)}},
			{ID: "S2-67", Contract: "s2", Text: model.Text{En: "complaints answered", Zh: "投诉答复"}, ByAssumption: model.Text{En: "share fixed remotely", Zh: "远程解决比例"},
				Figures: late("MISSED", 0.4, 0.1, 0, 1, 0.75, 0.7, 0.8)},
			{ID: "S2-22", Contract: "s2", Text: model.Text{En: "availability as agreed", Zh: "约定的可用率"}, Parameter: "contracts.s2.soft_limits.S2-22", Figures: judge.Figures{Verdict: "NEEDS PARAMETER"}},
			{ID: "S2-31", Contract: "s2", Text: model.Text{En: "as soon as possible", Zh: "尽快"}, Figures: soft},
			{ID: "S2-90", Contract: "s2", Text: model.Text{En: "certificates of the team", Zh: "团队证书"}, Figures: judge.Figures{Verdict: "EVIDENCE"}},
		},
		Teams: []judge.TeamResult{
			{ID: "shenyang", Name: model.Text{En: "Shenyang field", Zh: "沈阳现场"}, Headcount: 6, Utilisation: 0.42, UtilisationHW: 0.007, RosteredHours: 11000, OvertimeHours: 212.3, OnCallHours: 4380, VisitsPerYear: 80.2, HeadsPerSeat: 4.7, CostPerYear: 960000, Activities: map[string]float64{"idle": 0.58, "planned": 0.2, "travel": 0.12, "work": 0.1}},
			{ID: "desk", Name: model.Text{En: "service desk", Zh: "服务台"}, Headcount: 5, Utilisation: 0.12, UtilisationHW: 0.001, CostPerYear: 340000, Activities: map[string]float64{"idle": 0.88, "desk": 0.12}},
		},
		Parts: []judge.PartResult{
			{Depot: "shenyang", Part: "card", Name: model.Text{En: "router line card", Zh: "路由器线卡"}, Level: 1, DemandsPerYear: 3.1, FillRate: ptr(0.81), FillRateLow: ptr(0.78), FillRateHigh: ptr(0.84), BackorderDays: 6.2, EmptyDays: 41, EmergencyPerYear: 0.2, CostPerYear: 45000},
			{Depot: "dalian", Part: "disk", Name: model.Text{En: "disk", Zh: "硬盘"}, Level: 4, DemandsPerYear: 22, FillRate: ptr(0.993), FillRateLow: ptr(0.99), FillRateHigh: ptr(0.996)},
		},
		Cost: judge.CostResult{Currency: "CNY", Total: 5.98e6, TotalHW: 2e4, People: 4.2e6, Overtime: 1.1e5, Stock: 8.5e5, Travel: 3.2e5, Vendors: 5e5,
			Price: 7.2e6, VAT: "unknown", Margin: ptr(0.14), MarginP10: ptr(-0.03), MarginP90: ptr(0.21), PLoss: ptr(0.11), BreakEven: 6.1e6},
		Examination: &judge.Examination{Ranges: 9, Examined: 9, Replications: 200, Unchanged: 2, Probed: 5, Screened: 4, ScreenedOver: 30},
		Assumptions: []judge.AssumptionRow{
			{Path: "equipment.classes.switch.rate", Low: "0.10/y", Base: "0.22/y", High: "0.35/y", Rank: 2, Swing: 3.2},
			{Path: "equipment.classes.router.failures.port.remote", Low: "0.55", Base: "0.62", High: "0.75", Rank: 1, Flips: []string{"S2-40", "S2-67"}},
			{Path: "travel.entry", Low: "10m", Base: "20m", High: "30m", Rank: 3, Flips: []string{"S2-44"}},
		},
		Footnotes: []judge.Footnote{{Msg: model.Msg{Code: "foot.example", Args: []any{3}}}},
	}
}
