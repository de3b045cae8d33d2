package catalogue_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"slasim/scenarios"
	"slasim/scenarios/catalogue"
)

// The five plans were read and counted by hand: clauses by kind, and by use. The counts are those of that reading.
func TestEveryClauseHasARow(t *testing.T) {
	const kinds = "TRKPDQX"
	want := map[string][7]int{
		"S1": {4, 16, 1, 3, 8, 0, 1}, "S2": {21, 40, 12, 5, 20, 3, 0}, "S3": {18, 17, 13, 4, 3, 2, 0},
		"S4": {14, 20, 3, 4, 6, 3, 2}, "S5": {16, 27, 12, 2, 4, 0, 2},
	}
	rows, uses := 0, map[string]int{}
	for _, p := range catalogue.Plans() {
		var got [7]int
		for i := range p.Rows {
			r := &p.Rows[i]
			rows++
			got[strings.Index(kinds, r.Kind)]++
			for _, u := range strings.Fields(r.Use) {
				uses[u]++
			}
			if r.Use == "E" {
				uses["E only"]++
			}
			if n := strconv.Itoa(i + 1); r.ID != p.ID+"-"+strings.Repeat("0", max(0, 2-len(n)))+n {
				t.Errorf("row %d of %s is %s", i+1, p.ID, r.ID)
			}
		}
		if got != want[p.ID] {
			t.Errorf("%s has %v rows of the kinds %s, want %v", p.ID, got, kinds, want[p.ID])
		}
	}
	if rows != 306 || uses["S"] != 215 || uses["M"] != 130 || uses["E only"] != 31 {
		t.Errorf("%d rows, uses %v; want 306, 215 S, 130 M and 31 E only", rows, uses)
	}
}

// western is punctuation of half width beside a Chinese character.
var western = regexp.MustCompile(`\p{Han}[,:;!?(]|[,:;)]\p{Han}`)

func TestRowsAreComplete(t *testing.T) {
	known := map[string]bool{}
	for _, w := range catalogue.Words() {
		known[w.Kind+" "+w.Word] = true
	}
	for _, p := range catalogue.Plans() {
		if p.Name.En == "" || p.Name.Zh == "" {
			t.Errorf("%s has no name", p.ID)
		}
		for i := range p.Rows {
			r := &p.Rows[i]
			if r.Section == "" || r.Line <= 0 || r.Meaning.En == "" || r.Meaning.Zh == "" || r.CarriedBy == "" {
				t.Errorf("%s is not complete", r.ID)
			}
			for _, words := range []string{r.Anchor, r.Printed} {
				if n := utf8.RuneCountInString(words); n > 25 || n == 0 && words == r.Anchor {
					t.Errorf("%s: the anchor %q has %d characters, want 1 to 25", r.ID, words, n)
				}
			}
			for _, zh := range []string{r.Meaning.Zh, r.Note.Zh} {
				if western.MatchString(zh) {
					t.Errorf("%s: western punctuation in %q", r.ID, zh)
				}
			}
			if (r.Note.En == "") != (r.Note.Zh == "") {
				t.Errorf("%s: the note lacks a language", r.ID)
			}
			if r.Path("x") == "" && (r.CarriedBy != "OUT" && r.CarriedBy != "EVIDENCE" || r.Note.En == "") {
				t.Errorf("%s is carried by %q without a reason", r.ID, r.CarriedBy)
			}
			for _, key := range []string{"word", "term"} {
				kind := map[string]string{"word": "soft", "term": "term"}[key]
				for _, w := range r.Values(key) {
					if !known[kind+" "+w] {
						t.Errorf("%s: %s=%s is not among the words", r.ID, key, w)
					}
				}
			}
		}
	}
}

// Limits are read as they are meant.
func TestClocks(t *testing.T) {
	p, _ := catalogue.Find("s5")
	k := p.Row("S5-24").Clocks[0]
	if k.Start != "?" || k.Stop != "arrived" || len(k.Limits) != 4 || k.Limits[0].Level != "1" ||
		k.Limits[0].From.Hours() != 6 || k.Limits[0].Span.Hours() != 12 || k.Limits[3].Span.Hours() != 48 {
		t.Errorf("S5-24: %+v", k)
	}
	p, _ = catalogue.Find("S2")
	k = p.Row("S2-53").Clocks[0]
	if l := k.Limits[0]; !l.AtLeast || l.Days != 3 || !l.Numeric {
		t.Errorf("S2-53: %+v", k)
	}
	if l := p.Row("S2-40").Clocks[0].Limits[2]; l.Band != "km300" || l.Level != "" || l.Span.Hours() != 3 {
		t.Errorf("S2-40: %+v", l)
	}
	if l := p.Row("S2-17").Clocks[0].Limits[0]; l.Numeric {
		t.Errorf("S2-17 states no number: %+v", l)
	}
}

// embedded are the plans whose scenario exists, with it and the name of their contract there.
func embedded(t *testing.T, visit func(p *catalogue.Plan, s *scenarios.Scenario, contract string)) {
	t.Helper()
	exists := map[string]bool{}
	for _, info := range scenarios.Embedded() {
		exists[info.Name] = true
	}
	seen := 0
	for _, p := range catalogue.Plans() {
		if !exists[p.Scenario] {
			continue
		}
		seen++
		s, diags := scenarios.Load(p.Scenario, scenarios.Options{})
		if diags.HasErrors() {
			t.Errorf("%s: %v", p.Scenario, diags)
			continue
		}
		contract := ""
		for id, c := range s.File.Contracts {
			ids := make([]string, 0, len(c.Clauses))
			for clause := range c.Clauses {
				ids = append(ids, clause)
			}
			if catalogue.Of(ids) == p {
				contract = id
			}
		}
		if contract == "" {
			t.Errorf("no contract of %s follows the plan %s", p.Scenario, p.ID)
			continue
		}
		visit(p, s, contract)
	}
	if seen == 0 {
		t.Error("no plan has a scenario")
	}
}

// Every row of a plan is carried by something its scenario has, and what is measured by a clause under the row's own id
// or an alias. No clause of the scenario is without a row.
func TestScenariosCarryTheirPlans(t *testing.T) {
	embedded(t, func(p *catalogue.Plan, s *scenarios.Scenario, contract string) {
		clauses := s.File.Contracts[contract].Clauses
		named := map[string]bool{}
		for id, c := range clauses {
			for _, x := range append(slices.Clone(c.Aliases), id) {
				named[x] = true
				if p.Row(x) == nil {
					t.Errorf("%s: the clause %s has no row", p.Scenario, x)
				}
			}
			if r := p.Row(id); r != nil && r.Anchor != c.Anchor {
				t.Errorf("%s: the anchor of %s is %q in the scenario, %q in the catalogue", p.Scenario, id, c.Anchor, r.Anchor)
			}
		}
		for i := range p.Rows {
			r := &p.Rows[i]
			path := r.Path(contract)
			if path == "" {
				continue
			}
			if _, _, ok := s.Find(path); !ok {
				t.Errorf("%s: %s is carried by %s, which the scenario has not", p.Scenario, r.ID, path)
			}
			if strings.Contains(r.Use, "M") && !named[r.ID] && r.Form() != catalogue.ByDocument {
				t.Errorf("%s: %s is measured, but no clause carries it", p.Scenario, r.ID)
			}
			if r.Use == "E" && clauses[r.ID].Kind != "evidence" {
				t.Errorf("%s: %s is a matter of documents, but its clause is of the kind %q", p.Scenario, r.ID, clauses[r.ID].Kind)
			}
		}
	})
}

func FuzzParseLimit(f *testing.F) {
	for _, s := range []string{"30m", "1h30m", "6h-12h", ">=3wd", "agreed", "52", "", "-", ">=", "9999999999999999999h"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if l, err := catalogue.ParseLimit(s); err == nil && l.Text != s {
			t.Errorf("%q is read as %q", s, l.Text)
		}
	})
}
