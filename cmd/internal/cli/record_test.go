package cli

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"slasim/scenarios"
	"slasim/sim/audit"
)

// must runs a command that has to end well and returns its stdout.
func must(t *testing.T, args ...string) string {
	t.Helper()
	code, out, msg := call(context.Background(), args...)
	if code != Done {
		t.Fatalf("%v: exit %d\n%s", args, code, msg)
	}
	return out
}

// TestAuditAgrees: on every embedded scenario, and over a term that begins inside a month and ends inside a contract
// year, nothing differs and every kind of count is looked at.
func TestAuditAgrees(t *testing.T) {
	long := filepath.Join(t.TempDir(), "long.yaml")
	text := `extends: liaoning
run: {start_date: 2024-02-29, term: 800d}
`
	if err := os.WriteFile(long, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	names := []string{long}
	for _, s := range scenarios.Embedded() {
		names = append(names, s.Name)
	}
	for _, name := range names {
		dir := filepath.Join(t.TempDir(), "rec")
		must(t, "run", name, "--replications", "2", "--set", "run.watch=[]", "--out", dir)
		var r audit.Result
		if err := json.Unmarshal([]byte(must(t, "audit", dir, "--format", "json")), &r); err != nil {
			t.Fatal(err)
		}
		if len(r.Clauses) == 0 {
			continue
		}
		periods := int64(0)
		for _, c := range r.Clauses {
			periods += c.Periods
		}
		for _, c := range r.Checks {
			if c.Name == audit.CheckPeriods && c.Looked < int64(len(r.Clauses))*8 || periods < int64(len(r.Clauses)) {
				t.Errorf("%s: %d counts of %d clauses in %d periods", name, c.Looked, len(r.Clauses), periods)
			}
		}
	}
}
