package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"slasim/scenarios"
	"slasim/sim/audit"
	"slasim/sim/record"
)

// judged is a record of a scenario with one change, audited: its verdicts by contract, clause and row, and how many of
// them the audit came to as well.
func judged(t *testing.T, name string, set ...string) (verdicts map[string]string, order []string, compared int64) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "rec")
	args := []string{"run", name, "--replications", headcountReplications, "--set", "run.watch=[]", "--out", dir}
	for _, s := range set {
		args = append(args, "--set", s)
	}
	must(t, args...)
	rec, err := record.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer rec.Close()
	result, err := audit.Audit(rec)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range result.Differences {
		t.Errorf("%s %v: %+v", name, set, d)
	}
	for _, c := range result.Checks {
		if c.Name == audit.CheckVerdicts {
			compared = c.Looked
		}
	}
	verdicts = map[string]string{}
	for i := range rec.Clauses {
		if c := &rec.Clauses[i]; c.By != record.ByPeriod {
			row := strings.TrimSpace(fmt.Sprintln(c.Contract, c.Clause, c.By, c.Row))
			verdicts[row], order = c.Verdict, append(order, row)
		}
	}
	return verdicts, order, compared
}

// TestOnePersonLess: with every team of every embedded scenario one person smaller in turn, simulator and audit agree to
// the second and come to the same verdict on every clause, level, band and site; the rows whose verdict the missing person
// turns are listed (-v). A team of one becomes none. That is legal where the others can do all that the contracts ask for;
// where they cannot the scenario is refused, since what waits for nobody is no question of how many.
func TestOnePersonLess(t *testing.T) {
	flips, refused, teams := 0, 0, 0
	for _, e := range scenarios.Embedded() {
		s, diags := scenarios.Load(e.Name, scenarios.Options{})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		if len(s.World.Clauses) == 0 || slices.Contains(headcountLeftOut, e.Name) {
			continue
		}
		before, order, compared := judged(t, e.Name)
		if int(compared) < len(s.World.Clauses) {
			t.Errorf("%s: %d verdicts of %d clauses compared", e.Name, compared, len(s.World.Clauses))
		}
		for i := range s.World.Teams {
			team := &s.World.Teams[i]
			if team.Count == 0 {
				continue
			}
			set := fmt.Sprintf("people.%s.headcount=%d", team.ID, team.Count-1)
			teams++
			if team.Count == 1 {
				code, _, msg := call(context.Background(), "check", e.Name, "--set", set)
				if code == BadInput {
					refused++
					_, why, _ := strings.Cut(msg, "error: ")
					t.Logf("%s %s: refused: %s", e.Name, set, strings.SplitN(why, "\n", 2)[0])
					continue
				}
			}
			after, _, _ := judged(t, e.Name, set)
			for _, row := range order {
				if before[row] != after[row] {
					flips++
					t.Logf("%s %s: %s was %s, is %s", e.Name, set, row, before[row], after[row])
				}
			}
		}
	}
	t.Logf("%d teams, %d of them refused, %d rows turned", teams, refused, flips)
	if flips == 0 || refused == 0 || refused == teams {
		t.Errorf("%d teams, %d of them refused, %d rows turned: says nothing", teams, refused, flips)
	}
}
