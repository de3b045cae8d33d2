package cli

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"slasim/model/trail"
	"slasim/scenarios"
	"slasim/sim"
	"slasim/sim/audit"
	"slasim/sim/judge"
	"slasim/sim/record"
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

// lives compares the subjects of a replication with those of a record.
type lives struct {
	t    *testing.T
	rep  *record.Replication
	seen int
}

func (l *lives) Subject(s *trail.Subject) {
	l.seen++
	was := l.rep.Find(s.Kind, s.ID)
	switch {
	case was == nil:
		l.t.Errorf("no %s in the record", record.ID(s.Rep, s.Kind, s.ID))
	case !slices.Equal(was.Milestones[:len(s.Milestones)], s.Milestones), !slices.Equal(was.Intervals, s.Intervals):
		l.t.Errorf("%s lived otherwise:\n%v\n%v", was.ID(), was.Milestones, s.Milestones)
	}
}

// TestAgainFromTheRecord: with nothing left but the record, a single replication gives the same milestones, the run
// again gives the same record byte by byte, and all that reads a record works.
func TestAgainFromTheRecord(t *testing.T) {
	for name, args := range map[string][]string{
		"drawn":    {"--set", "people.remote.headcount=6", "--reading", "strict"},
		"replayed": {"--faults", "past.csv", "--mapping", "past.yaml", "--shift-to", "2026-01-05"},
	} {
		t.Run(name, func(t *testing.T) {
			from := t.TempDir()
			t.Chdir(from)
			for file, text := range map[string]string{
				"ours.yaml": "extends: base.yaml\nrun: {watch: []}\npeople: {field_dalian: {headcount: 3}}\n",
				"base.yaml": "extends: liaoning\nparts: {depots: {dalian: {stock: null}}}\n",
			} {
				if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			for _, ext := range []string{".csv", ".yaml"} {
				text, err := os.ReadFile(filepath.Join(home, "testdata/history/liaoning"+ext))
				if err == nil {
					err = os.WriteFile("past"+ext, text, 0o644)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			said := must(t, append([]string{"run", "ours.yaml", "--seed", "9", "--replications", "3", "--out", "rec"}, args...)...)
			to := t.TempDir()
			if err := os.Rename("rec", filepath.Join(to, "moved")); err != nil {
				t.Fatal(err)
			}
			t.Chdir(to)
			if err := os.RemoveAll(from); err != nil {
				t.Fatal(err)
			}

			rec, err := record.Open("moved")
			if err != nil {
				t.Fatal(err)
			}
			defer rec.Close()
			s, past, err := new(loading).again(&app{Streams: Streams{Err: os.Stderr}}, "moved", nil, true)
			if err != nil {
				t.Fatal(err)
			}
			if s.World.Seed != 9 || s.World.Replications != 3 || (past == nil) == (name == "replayed") {
				t.Errorf("seed %d, %d replications, history %v", s.World.Seed, s.World.Replications, past != nil)
			}
			l := lives{t: t}
			if l.rep, err = rec.Replication(2); err != nil {
				t.Fatal(err)
			}
			if _, err := sim.New(s.World).Run(2, &l, nil, false); err != nil {
				t.Fatal(err)
			}
			if l.seen != len(l.rep.Subjects) || l.seen < 500 {
				t.Errorf("%d subjects, %d in the record", l.seen, len(l.rep.Subjects))
			}

			if got := must(t, "run", "moved", "--out", "again"); got != said {
				t.Errorf("the run says\n%s\nafter\n%s", got, said)
			}
			files, err := os.ReadDir("moved")
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				was, err1 := os.ReadFile(filepath.Join("moved", f.Name()))
				is, err2 := os.ReadFile(filepath.Join("again", f.Name()))
				if err1 != nil || err2 != nil || !bytes.Equal(was, is) {
					t.Errorf("%s differs: %v %v", f.Name(), err1, err2)
				}
			}
			if got := must(t, "report", "again"); got != said {
				t.Errorf("report says\n%s\nafter\n%s", got, said)
			}
			must(t, "audit", "again")
			must(t, "plot", "arrivals", "again", "-o", "a.svg")
			must(t, "plot", "breaches", "again", "-o", "b.svg")
			ticket := "r002-t00004"
			if name == "replayed" {
				ticket = "LN0005"
			}
			if story := must(t, "trace", "again", ticket); name == "replayed" && !strings.Contains(story, "recorded as LN0005") {
				t.Error(story)
			}
			// A change is one to the scenario of the record; its seed and history stay.
			if got := must(t, "run", "moved", "--set", "people.field_dalian.headcount=4", "--format", "csv"); !strings.Contains(got, ",9,3,s2,") {
				t.Errorf("%.900s", got)
			}
			if got := must(t, "run", "moved", "--set", "run.seed=1", "--format", "csv"); !strings.Contains(got, ",1,3,s2,") {
				t.Errorf("%.900s", got)
			}
		})
	}
}

// home is the root of the module.
var home = func() string {
	dir, err := filepath.Abs("../../..")
	if err != nil {
		panic(err)
	}
	return dir
}()

// TestCompared: ten tickets recorded at 1 … 10 h and one without an end, each handled in exactly 2 h by a single
// engineer who is free, but for the last two, reported at one moment: the second of them waits 2 h.
func TestCompared(t *testing.T) {
	t.Chdir(t.TempDir())
	scenario := `run: {title: shop, timezone: "+00:00", start_date: 2025-01-01, term: 31d, replications: 3}
places: {points: {shop: {}}}
equipment:
  classes: {till: {rate: 1/d, failures: {stuck: {share: 1, restore: 2h}}}}
  installed: {shop: {till: 1}}
contracts:
  care:
    declare: mix
    severities: {high: {rank: 1, mix: 0.5}, low: {rank: 2, mix: 0.5}}
    clauses: {fix: {text: fixed, kind: soft, of: ticket, start: reported, stop: restored}}
people: {crew: {place: shop, headcount: 1, roles: [field]}}
`
	mapping := "id: n\ntimes: {reported: r, resolved: e}\nsite: {default: shop}\nclass: {default: till}\nseverity: s\ncompare: fix\n"
	past := "n,r,e,s\n"
	for i := 1; i <= 10; i++ {
		level := []string{"low", "high"}[i%2]
		day := min(i, 9)
		past += fmt.Sprintf("T%d,2025-01-%02d 08:00,2025-01-%02d %02d:00,%s\n", i, day, day, 8+i, level)
	}
	past += "T11,2025-01-20 08:00,,low\n"
	for file, text := range map[string]string{"shop.yaml": scenario, "map.yaml": mapping, "past.csv": past} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	run := func(more ...string) string {
		return must(t, append([]string{"run", "shop.yaml", "--faults", "past.csv", "--mapping", "map.yaml"}, more...)...)
	}
	var rep judge.Report
	if err := json.Unmarshal([]byte(run("--format", "json")), &rep); err != nil {
		t.Fatal(err)
	}
	c := rep.Comparison
	if c == nil || c.Tickets != 11 || c.Unresolved != 1 || len(c.Rows) != 3 || c.Clause != "fix" {
		t.Fatalf("%+v", c)
	}
	text := func(s *judge.Spans) string {
		return fmt.Sprint(s.Count, s.Open, *s.MeanHours, *s.P10Hours, *s.P25Hours, *s.P50Hours, *s.P75Hours, *s.P90Hours, *s.P95Hours)
	}
	// A quantile is the smallest span that so many do not exceed: of 1 … 10 the 1st, 3rd, 5th, 8th, 9th, 10th; of the
	// high 1, 3, 5, 7, 9 the 1st, 2nd, 3rd, 4th, 5th, 5th. The histogram is within 0.1 %, here exact to the second's round.
	for i, want := range []struct{ level, recorded, simulated string }{
		{"", "10 0 5.5 1 3 5 8 9 10", "30 0 2.2 2 2 2 2 2 4"},
		{"high", "5 0 5 1 3 5 7 9 9", "15 0 2 2 2 2 2 2 2"},
		{"low", "5 0 6 2 4 6 8 10 10", "15 0 2.4 2 2 2 2 4 4"},
	} {
		row := &c.Rows[i]
		if got := text(&row.Recorded); row.Severity != want.level || !near(got, want.recorded) {
			t.Errorf("%q recorded %s, want %s", row.Severity, got, want.recorded)
		}
		if got := text(&row.Simulated); !near(got, want.simulated) {
			t.Errorf("%q simulated %s, want %s", row.Severity, got, want.simulated)
		}
	}

	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(run("--format", "csv"), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := func(line []string, name string) string { return line[slices.Index(lines[0], name)] }
	found := 0
	for _, line := range lines {
		if at(line, "by") == "recorded" && at(line, "row") == "high" {
			found++
			if at(line, "tickets") != "5" || !near(at(line, "p75_hours"), "7") || at(line, "clause") != "fix" {
				t.Error(line)
			}
		}
	}
	if found != 1 {
		t.Errorf("%d lines of high recorded", found)
	}
	for _, form := range []string{"text", "markdown"} {
		for lang, want := range map[string]string{"en": "without a claim", "zh": "不作结论"} {
			if out := run("--format", form, "--lang", lang); !strings.Contains(out, want) {
				t.Errorf("%s %s:\n%s", form, lang, out)
			}
		}
	}
	if out := run("--format", "markdown"); !strings.Contains(out, "| high | recorded | 5 | 5 h | 1 h | 3 h | 5 h | 7 h | 9 h | 9 h |") {
		t.Error(out)
	}
	// A clause about something else than tickets cannot be compared.
	code, _, msg := call(context.Background(), "run", "shop.yaml", "--faults", "past.csv", "--mapping", "map.yaml", "--set", "contracts.care.clauses.fix.of=call",
		"--set", "contracts.care.clauses.fix.start=ringing", "--set", "contracts.care.clauses.fix.stop=answered")
	if code != BadInput || !strings.Contains(msg, "map.yaml:6") {
		t.Errorf("exit %d: %s", code, msg)
	}
}

// near compares two lists of numbers to 0.1 %, the width of the histogram's buckets.
func near(got, want string) bool {
	a, b := strings.Fields(got), strings.Fields(want)
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		var x, y float64
		fmt.Sscan(a[i], &x)
		fmt.Sscan(b[i], &y)
		if x < y*0.999 || x > y*1.001 {
			return false
		}
	}
	return true
}
