package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"slasim/cmd/internal/bid"
	"slasim/cmd/internal/say"
	"slasim/model"
	"slasim/scenarios"
	"slasim/scenarios/catalogue"
)

func lintIn(t *testing.T, l *bid.Lint, format string, lang model.Lang) string {
	t.Helper()
	var b bytes.Buffer
	if err := Lint(&b, format, l, Options{Voice: say.New(lang)}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// lints are those of all plans and of liaoning.
func lints(t *testing.T) []*bid.Lint {
	t.Helper()
	s, diags := scenarios.Load("liaoning", scenarios.Options{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	list := []*bid.Lint{bid.LintScenario(s, "0", "")}
	for _, p := range catalogue.Plans() {
		list = append(list, bid.LintPlain(p, "0"))
	}
	return list
}

// Text fits the terminal, asks as often as it finds, and says the same in every form.
func TestLintInAllForms(t *testing.T) {
	for _, l := range lints(t) {
		for _, lang := range []model.Lang{model.En, model.Zh} {
			text := lintIn(t, l, "text", lang)
			for line := range strings.Lines(text) {
				if n := say.Cells(strings.TrimRight(line, "\n")); n > 120 {
					t.Errorf("%d cells: %s", n, line)
				}
			}
			ask, _, _ := strings.Cut(say.New(lang).T("lint.ask", "\x00"), "\x00")
			if n := strings.Count(text, ask); n != len(l.Findings) {
				t.Errorf("%s: %d questions for %d findings", l.Plans[0].Plan, n, len(l.Findings))
			}
			rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(lintIn(t, l, "csv", lang), "\ufeff"))).ReadAll()
			if err != nil || len(rows) != len(l.Findings)+1 {
				t.Errorf("CSV has %d lines for %d findings, %v", len(rows), len(l.Findings), err)
			}
			md := lintIn(t, l, "markdown", lang)
			if n := strings.Count(md, "\n| ") - 1*strings.Count(md, "\n## "); n != len(l.Findings) {
				t.Errorf("markdown has %d lines for %d findings", n, len(l.Findings))
			}
		}
		var back struct {
			Findings []struct {
				Rule              string
				Finding, Question model.Text
			}
		}
		if err := json.Unmarshal([]byte(lintIn(t, l, "json", model.En)), &back); err != nil || len(back.Findings) != len(l.Findings) {
			t.Fatalf("JSON: %v", err)
		}
		for _, f := range back.Findings {
			if f.Finding.En == "" || f.Finding.Zh == "" || f.Question.En == f.Question.Zh {
				t.Errorf("%s lacks a language: %+v", f.Rule, f)
			}
		}
	}
}
