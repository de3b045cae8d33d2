package bid

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"slasim/cmd/internal/say"
	"slasim/model"
	"slasim/scenarios"
	"slasim/scenarios/catalogue"
)

// ids of the clauses of a finding.
func (f *LintFinding) ids() string {
	var list []string
	for _, p := range f.Places {
		list = append(list, p.Clause)
	}
	return strings.Join(list, " ")
}

// lintOf is the lint of a plan: of its scenario if there is one, else of the catalogue alone.
func lintOf(t *testing.T, id string) *Lint {
	t.Helper()
	p, ok := catalogue.Find(id)
	if !ok {
		t.Fatalf("no plan %s", id)
	}
	for _, info := range scenarios.Embedded() {
		if info.Name == p.Scenario {
			return LintScenario(load(t, p.Scenario, scenarios.Options{}), "", "")
		}
	}
	return LintPlain(p, "")
}

// What a reader of the five texts found by hand, plan by plan. Each must come out of the rules, at the clauses where it
// stands, with a question.
func TestFindingsOfAReader(t *testing.T) {
	en := say.New(model.En)
	plans := map[string]*Lint{}
	for _, p := range catalogue.Plans() {
		plans[p.ID] = lintOf(t, p.ID)
	}
	for _, c := range []struct{ plan, rule, clauses, says string }{
		// Two names; "working days and working days"; plan two and its content; no number but 7×24.
		{"S1", "bidders", " ", "華桑科技, 新禾公司"},
		{"S1", "misprint", "S1-23", "不受工作日與節假日的限制"},
		{"S1", "statements", "S1-27 S1-30", "stock below what the mean failure rate needs (S1-30)"},
		{"S1", "no_numbers", "S1-13 S1-23 S1-24", "3 clauses promise service round the clock"},
		// Replaced words; section numbers; severity known afterwards; no level below 2 h; no restore limit; 30 min
		// against 5/5/10/60; 4 h against 5 h; reports.
		{"S2", "turned", "S2-22", "不不小于→不大于"},
		{"S2", "replaced", "S2-40", "拟定→确定"},
		{"S2", "restarts", "S2-72 S2-81", "2.2 flow 14 → 1.1.1 (2)"},
		{"S2", "severity_later", "S2-18 S2-19 S2-20", ""},
		{"S2", "short_outage", "S2-18 S2-19 S2-20 S2-21", "shorter than 2 h"},
		{"S2", "no_restore", "S2-29 S2-84 S2-40", ""},
		{"S2", "elsewhere", "S2-17", ""},
		{"S2", "clocks_differ", "S2-29 S2-84", "S2-84 30 min"},
		{"S2", "part_before_engineer", "S2-44 S2-40", "within 4 h, but the engineer who brings it may take 5 h"},
		{"S2", "reports", "S2-56 S2-57 S2-61", "every half-year"},
		{"S2", "statements", "S2-56 S2-61", "every half-year (S2-61)"},
		{"S2", "levels_without", "S2-40", "general"},
		{"S2", "infeasible", "S2-40", ""},
		{"S2", "infeasible", "S2-44", ""},
		{"S2", "speeds", "S2-40", "500 km in 5 h: 100 km/h (107)"}, // 500 km in 4 h 40 min: 107 km/h
		// 6 or 7 depots; nearest or Ningbo; hours of the telephone; 4 h or 8 h; 3, 5 years or life; the worse class has no
		// limit; one person round the clock.
		{"S3", "statements", "S3-02 S3-48", "6 (S3-02); 7 (S3-48)"},
		{"S3", "statements", "S3-04 S3-49", "the local depot alone (S3-49)"},
		{"S3", "statements", "S3-01 S3-18 S3-24 S3-40", "working hours (S3-24)"},
		{"S3", "statements", "S3-36 S3-43 S3-46", "4 h (S3-46)"},
		{"S3", "clocks_differ", "S3-34 S3-40", "S3-34 8 h; S3-40 4 h"},
		{"S3", "statements", "S3-21 S3-22 S3-56 S3-57", "5 years (S3-21); 3 years (S3-22, S3-57); for life (S3-56)"},
		{"S3", "levels_without", "S3-34", "major"},
		{"S3", "one_person", "S3-11", "248 working days a year he covers 23 %"}, // working days of 2025 by the State Council; 248·8/8760 = 22.6 %
		{"S3", "restore_before_arrival", "S3-42 S3-25", ""},
		// 24 h against 1 and 3 days; five times the same promise; level II and III; slogans.
		{"S4", "clocks_differ", "S4-11 S4-40", "1 d / "},
		{"S4", "stated_again", "S4-11", "S4-11 5 times (1.3, 5.1.2, 5.3, 7, 7)"},
		{"S4", "misprint", "S4-26", "“级:” is printed where “II级:” must be meant"},
		{"S4", "misprint", "S4-27", "“In级:” is printed where “III级:”"},
		{"S4", "slogans", "S4-01 S4-02 S4-31", ""},
		{"S4", "levels_unknown", "S4-11 S4-43", "general"},
		// Nine documents; two tables lost; a range; the clock from the confirmation; 电话 replaced.
		{"S5", "documents", "S5-13", "9 unrelated documents"},
		{"S5", "lost", "S5-41 S5-42 S5-49 S5-59", ""},
		{"S5", "range", "S5-24", "6 h to 12 h"},
		{"S5", "confirmed_start", "S5-01 S5-02", ""},
		{"S5", "replaced", "S5-06", "方式支持→电话支持"},
	} {
		found := slices.ContainsFunc(plans[c.plan].Findings, func(f LintFinding) bool {
			all := f.ids() == c.clauses
			one := !strings.Contains(c.clauses, " ") && slices.Contains(strings.Fields(f.ids()), c.clauses)
			return f.Rule == c.rule && (all || one) && strings.Contains(en.Msg(f.Msg), c.says) && en.Msg(f.Ask) != ""
		})
		if !found {
			t.Errorf("%s: no finding %s at %s that says %q", c.plan, c.rule, c.clauses, c.says)
		}
	}
}

// Every group has findings in some plan, and every finding of a scenario's plan has its place there.
func TestFindingsHavePlaces(t *testing.T) {
	groups := map[string]bool{}
	for _, p := range catalogue.Plans() {
		for _, f := range lintOf(t, p.ID).Findings {
			groups[f.Group] = true
			if len(f.Places) == 0 {
				t.Errorf("%s: %s stands nowhere", p.ID, f.Rule)
			}
			for _, at := range f.Places {
				if at.Line == 0 || at.Clause == "" && f.Rule != "bidders" {
					t.Errorf("%s: %s stands at %+v", p.ID, f.Rule, at)
				}
			}
			if f.Contract != "" && f.At.Line == 0 && f.Rule != "bidders" && f.Rule != "documents" {
				t.Errorf("%s: %s at %s has no place in the scenario", p.ID, f.Rule, f.ids())
			}
		}
	}
	for _, g := range Groups {
		if !groups[g] {
			t.Errorf("no plan has a finding of the group %s", g)
		}
	}
}

func finding(l *Lint, rule string) *LintFinding {
	for i := range l.Findings {
		if l.Findings[i].Rule == rule {
			return &l.Findings[i]
		}
	}
	return nil
}

// What the scenario settles is no longer asked.
func TestAnswersEndQuestions(t *testing.T) {
	before := LintScenario(load(t, "liaoning", scenarios.Options{}), "", "")
	after := LintScenario(load(t, "liaoning", scenarios.Options{Set: []string{
		"contracts.s2.clauses.S2-17.limits={catastrophic: 4h, major: 6h, serious: 8h, general: 24h}",
		"contracts.s2.clauses.S2-15.limit=1h", "contracts.s2.soft_limits.S2-26=30m",
	}}), "", "")
	if finding(before, "elsewhere") == nil || finding(after, "elsewhere") != nil {
		t.Error("limits that were given are still asked for")
	}
	soft := func(l *Lint) bool { return slices.Contains(strings.Fields(finding(l, "soft_words").ids()), "S2-26") }
	if !soft(before) || soft(after) {
		t.Error("a number that was given for a word is still asked for")
	}
	for _, reading := range []string{"default", "strict"} {
		l := LintScenario(load(t, "liaoning", scenarios.Options{Reading: reading}), "", "")
		want := map[string]string{"default": "parts_clock: from_confirm", "strict": "parts_clock: from_report"}[reading]
		if !slices.ContainsFunc(l.Findings, func(f LintFinding) bool {
			return f.Rule == "reading" && strings.Contains(fmt.Sprint(f.Msg.Args), want)
		}) {
			t.Errorf("%s: no finding says %s", reading, want)
		}
	}
}

// The rules know no plan: they find the same in a contract of one's own.
func TestRulesHoldForAnyContract(t *testing.T) {
	files := fstest.MapFS{"own.yaml": {Data: []byte(`
extends: mm3
contracts:
  service:
    severities:
      any: null
      red: {rank: 1, name: {en: red, zh: 红}, outage: true, at_least: 1h}
      green: {rank: 2, name: {en: green, zh: 绿}}
    clauses:
      wait: null
      stay: null
      respond_1: {text: {en: a, zh: 甲}, start: reported, stop: responded, limit: 10m, target: 1}
      respond_2: {text: {en: b, zh: 乙}, start: reported, stop: responded, limits: {red: 5m, green: 10m}, target: 1}
      arrive: {text: {en: c, zh: 丙}, start: reported, stop: arrived, limits: {red: 2h, green: none}}
      repair: {text: {en: d, zh: 丁}, kind: parameter, start: reported, stop: restored}
      soon: {text: {en: soon, zh: 尽快恢复}, kind: soft, start: reported, stop: restored}
`)}}
	s, diags := scenarios.Load("own.yaml", scenarios.Options{FS: files})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	l := LintScenario(s, "", "")
	for rule, ids := range map[string]string{
		"clocks_differ": "respond_1 respond_2", "elsewhere": "repair", "no_target": "arrive", "levels_without": "arrive",
		"short_outage": "green red", "severity_later": "red", "no_restore": "respond_1 respond_2 arrive", "soft_words": "soon",
	} {
		f := finding(l, rule)
		if f == nil {
			t.Errorf("no finding %s", rule)
			continue
		}
		got := strings.Fields(f.ids())
		want := strings.Fields(ids)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s at %v, want %v", rule, got, want)
		}
	}
	// The outage that has no level is shorter than an hour.
	if f := finding(l, "short_outage"); f != nil && f.Msg.Args[0] != any(model.Time(3600e9)) {
		t.Errorf("short_outage says %v", f.Msg.Args)
	}
}

// Two contracts on one pool whose level 1 means opposite things; the rule needs both.
func TestNumberingAcrossContracts(t *testing.T) {
	var both []*subject
	for _, id := range []string{"S2", "S5"} {
		p, _ := catalogue.Find(id)
		both = append(both, &subject{plan: p, rows: p.Rows})
	}
	for i, want := range []bool{false, true} {
		var l Lint
		l.numbering(both[:i+1])
		if got := finding(&l, "numbering") != nil; got != want {
			t.Errorf("%d contracts: finding %v, want %v", i+1, got, want)
		}
	}
}

// The same of scenarios: three contracts on one pool, of which S2 begins to count at the easiest and S5 at the worst. Asked
// about one of them there is nothing to find, nor in a scenario of one plan. The finding stands at the clauses of both.
func TestNumberingInScenarios(t *testing.T) {
	whole := load(t, "portfolio", scenarios.Options{})
	for _, x := range []struct {
		s    *scenarios.Scenario
		only string
		want string
	}{
		{whole, "", "S2-78 S5-30 S5-46"}, {whole, "s2", ""}, {whole, "s5", ""}, {whole, "s1", ""},
		{load(t, "s5", scenarios.Options{}), "", ""}, {load(t, "liaoning", scenarios.Options{}), "", ""},
	} {
		got, f := "", finding(LintScenario(x.s, "", x.only), "numbering")
		if f != nil {
			ids := strings.Fields(f.ids())
			slices.Sort(ids)
			got = strings.Join(ids, " ")
			if f.Group != "contradiction" || f.Contract != "" {
				t.Errorf("%s %s: group %s of contract %q", x.s.Name, x.only, f.Group, f.Contract)
			}
		}
		if got != x.want {
			t.Errorf("%s %s: numbering at %q, want %q", x.s.Name, x.only, got, x.want)
		}
	}
}

// Every decision of the catalogue that no rule of its own asks about has a question, and every word for a level, a
// milestone, a statement or a limit has a text.
func TestEverythingHasWords(t *testing.T) {
	has := func(where, code string) {
		if !say.Has(code) {
			t.Errorf("%s: %s has no text", where, code)
		}
	}
	words := func(x any) []string {
		var codes []string
		var walk func(any)
		walk = func(x any) {
			switch y := x.(type) {
			case model.Msg:
				codes = append(codes, y.Code)
				for _, a := range y.Args {
					walk(a)
				}
			case []any:
				for _, a := range y {
					walk(a)
				}
			}
		}
		walk(x)
		return codes
	}
	for _, p := range catalogue.Plans() {
		for i := range p.Rows {
			r := &p.Rows[i]
			for _, d := range r.Decisions {
				if !slices.Contains(otherwise, d) {
					has(r.ID, "ask."+d)
				}
			}
			for _, k := range r.Clocks {
				for _, code := range append(words(moment(k.Start)), words(moment(k.Stop))...) {
					has(r.ID, code)
				}
				for _, l := range k.Limits {
					for _, code := range words(limitMsg(l)) {
						has(r.ID, code)
					}
				}
			}
			for _, l := range append(used(r), r.Values("level")...) {
				has(r.ID, "level."+l)
			}
			for _, key := range catalogue.Statements {
				for _, v := range r.Values(key) {
					has(r.ID, "fact."+key)
					for _, code := range words(valueMsg(v)) {
						has(r.ID, code)
					}
				}
			}
		}
		for _, f := range lintOf(t, p.ID).Findings {
			for _, code := range append(words(f.Msg), words(f.Ask)...) {
				has(p.ID, code)
			}
		}
	}
}

// The manager of S3 is at work 9 h on each of the 248 working days of 2026 (State Council), two weeks of leave and 2.5 % sick
// shifts taken off: 2232 · (1 − 2/52.14) · 0.975 = 2092.7 of 8760 h, 23.9 %; with the telephone at home 93.8 %; a seat of 168 h in
// 52.14 weeks takes 8759.5/2092.7 = 4.19 of him. A year of five has some days more or less.
func TestOnePersonAsRostered(t *testing.T) {
	f := finding(LintScenario(load(t, "s3", scenarios.Options{}), "", ""), "one_person_here")
	if f == nil {
		t.Fatal("not found")
	}
	at, reached, heads := f.Msg.Args[1].(float64), f.Msg.Args[2].(float64), f.Msg.Args[3].(float64)
	if math.Abs(at-0.2389) > 0.0005 || math.Abs(reached-0.9376) > 0.0005 || heads != 4.2 {
		t.Errorf("at work %v, reached %v, %v for a seat", at, reached, heads)
	}
}
