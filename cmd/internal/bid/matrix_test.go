package bid

import (
	"testing"

	"slasim/model"
	"slasim/scenarios"
	"slasim/scenarios/catalogue"
	"slasim/sim/judge"
)

func load(t *testing.T, name string, opt scenarios.Options) *scenarios.Scenario {
	t.Helper()
	s, diags := scenarios.Load(name, opt)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return s
}

func ptr(x float64) *float64 { return &x }

// found is a report with one clause of liaoning.
func found(c judge.ClauseResult) *judge.Report {
	c.Contract = "s2"
	return &judge.Report{Clauses: []judge.ClauseResult{c}}
}

func rowOf(t *testing.T, m *Matrix, id string) *MatrixRow {
	t.Helper()
	for i := range m.Rows {
		if m.Rows[i].ID == id {
			return &m.Rows[i]
		}
	}
	t.Fatalf("no row %s", id)
	return nil
}

// The rule that the output states, case by case. S2-42 promises 24 h; three quarters of it are 18 h.
func TestAnswers(t *testing.T) {
	s := load(t, "liaoning", scenarios.Options{})
	figures := func(verdict string, signable float64) judge.ClauseResult {
		return judge.ClauseResult{ID: "S2-42", Figures: judge.Figures{Verdict: verdict, Limit: "24h", LimitHours: ptr(24),
			SignableP99: ptr(signable), EventsPerYear: 500}}
	}
	assumed := figures("MET", 1)
	assumed.ByAssumption = model.Text{En: "a timer"}
	table := func(verdict string, signable ...float64) judge.ClauseResult {
		c := judge.ClauseResult{ID: "S2-42", Figures: judge.Figures{Verdict: verdict, EventsPerYear: 500}}
		for i, x := range signable {
			c.Rows = append(c.Rows, judge.Row{By: "severity", ID: string(rune('a' + i)),
				Figures: judge.Figures{LimitHours: ptr(4), SignableP99: ptr(x), EventsPerYear: 10}})
		}
		c.Rows = append(c.Rows, judge.Row{By: "severity", ID: "z", Figures: judge.Figures{LimitHours: ptr(1)}}) // no event
		return c
	}
	for _, c := range []struct {
		name  string
		found judge.ClauseResult
		want  Answer
	}{
		{"met", figures("MET", 18.01), Complies},
		{"three quarters", figures("MET", 18), Better},
		{"by assumption", assumed, Complies},
		{"all rows of a table", table("MET", 3, 1), Better},
		{"one row of a table", table("MET", 3, 3.1), Complies},
		{"no row with an event", table("MET"), Complies},
		{"missed", figures("MISSED", 1), Worse},
		{"infeasible", figures("INFEASIBLE", 1), Worse},
		{"undecided", figures("UNDECIDED", 1), Clarify},
		{"no data", figures("NO DATA", 1), Clarify},
		{"needs parameter", figures("NEEDS PARAMETER", 1), Clarify},
		{"not testable", figures("NOT TESTABLE", 1), Clarify},
		{"measure", figures("", 1), ""},
	} {
		if x := rowOf(t, New(s, "", found(c.found)), "S2-42"); x.Answer != c.want {
			t.Errorf("%s: %q, want %q", c.name, x.Answer, c.want)
		}
	}
	// A notice is better the longer it is.
	notice := judge.ClauseResult{ID: "S2-87", Figures: judge.Figures{Verdict: "MET", LimitHours: ptr(48), SignableP99: ptr(1), EventsPerYear: 9}}
	if x := rowOf(t, New(s, "", found(notice)), "S2-87"); x.Answer != Complies {
		t.Errorf("a short notice: %q", x.Answer)
	}
}

func TestRowsOfAPlan(t *testing.T) {
	s := load(t, "liaoning", scenarios.Options{})
	missed := judge.ClauseResult{ID: "S2-40", Figures: judge.Figures{Verdict: "INFEASIBLE", Share: ptr(0.24), LatePerYear: 25, EventsPerYear: 33,
		Reasons: map[string]float64{"travel": 0.4, "all_busy": 0.4, "work": 0.2}},
		Rows: []judge.Row{
			{By: "severity", ID: "serious", Figures: judge.Figures{Share: ptr(0.1)}},
			{By: "severity", ID: "major", Figures: judge.Figures{Share: ptr(0.1)}},
			{By: "band", ID: "km100", Figures: judge.Figures{Share: ptr(0.3), Limit: "1h"}},
			{By: "band", ID: "km300", Figures: judge.Figures{Share: ptr(0.2), LatePerYear: 2, Limit: "3h"}},
			{By: "band", ID: "km500", Figures: judge.Figures{Share: ptr(0.2), LatePerYear: 5, Limit: "5h"}},
		}}
	m := New(s, "", found(missed))
	if len(m.Rows) != 101 || len(m.Plans) != 1 || m.Plans[0].Plan != "S2" {
		t.Fatalf("%d rows of %+v", len(m.Rows), m.Plans)
	}
	// The alias has the clause's verdict; of equal shares the band with more late events is the worst, of equal reasons
	// the first by name.
	x := rowOf(t, m, "S2-39")
	if x.Clause != "S2-40" || x.Verdict != "INFEASIBLE" || x.Answer != Worse || x.Worst == nil || x.Worst.ID != "km500" ||
		x.Reason != "all_busy" || len(x.Limits) != 3 {
		t.Errorf("%+v, worst %+v", x, x.Worst)
	}
	for id, want := range map[string]struct {
		form   catalogue.Form
		value  string
		answer Answer
	}{
		"S2-12": {catalogue.ByOption, "true", Complies},
		"S2-85": {catalogue.ByParameter, "0", Worse}, // a resident is promised, the design has none
		"S2-06": {catalogue.ByDocument, "", Attached},
		"S2-91": {catalogue.ByDocument, "", Attached}, // it changes the simulation in principle; here it is a document
		"S2-25": {catalogue.ByOption, "1", Complies},
		"S2-44": {catalogue.ByClause, "", Clarify}, // the report does not have it
	} {
		if x := rowOf(t, m, id); x.Form != want.form || x.Value != want.value || x.Answer != want.answer {
			t.Errorf("%s: %s %q %q, want %+v", id, x.Form, x.Value, x.Answer, want)
		}
	}
	// The switches that touch a row, with the value in force: by the decision, or because its clause names them.
	value := func(m *Matrix, id, name string) string {
		for _, r := range rowOf(t, m, id).Readings {
			if r.Name == name {
				return r.Value
			}
		}
		return "not there"
	}
	strict := New(load(t, "liaoning", scenarios.Options{Reading: "strict"}), "", nil)
	if a, b := value(m, "S2-44", "parts_clock"), value(strict, "S2-44", "parts_clock"); a != "from_confirm" || b != "from_report" {
		t.Errorf("parts_clock of S2-44: %q by default, %q strictly", a, b)
	}
	if got := value(m, "S2-42", "parts_clock"); got != "not there" {
		t.Errorf("parts_clock of S2-42: %q", got)
	}
	// An option that is taken away is carried by nothing.
	without := New(load(t, "liaoning", scenarios.Options{Set: []string{"contracts.s2.process.revision=null"}}), "", &judge.Report{})
	if x := rowOf(t, without, "S2-95"); x.Form != Missing || x.Answer != Clarify {
		t.Errorf("S2-95 without its option: %s %q", x.Form, x.Answer)
	}
}

// A plan without a scenario has its rows, a contract without a plan its clauses.
func TestRowsWithoutAPlanOrAScenario(t *testing.T) {
	p, _ := catalogue.Find("S5")
	if m := Plain(p, ""); len(m.Rows) != 63 || rowOf(t, m, "S5-13").Form != catalogue.Outside {
		t.Errorf("%d rows of S5", len(m.Rows))
	}
	m := New(load(t, "mm3", scenarios.Options{}), "", nil)
	if len(m.Rows) == 0 || m.Plans[0].Plan != "" || m.Rows[0].Form != catalogue.ByClause {
		t.Errorf("%+v", m)
	}
}
