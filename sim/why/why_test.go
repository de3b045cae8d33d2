package why

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slasim/model"
	"slasim/model/clock"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/scenarios"
	"slasim/sim"
	"slasim/sim/judge"
	"slasim/sim/record"
)

// TestStories runs the worlds of testdata/why and compares the late clocks, what their time was spent on, and what becomes
// of them without each obstacle that can be in the way, with what the prose of each story works out by hand.
func TestStories(t *testing.T) {
	names, err := filepath.Glob("../../testdata/why/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	seen := map[Obstacle]bool{}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			sections := readStory(t, name)
			w := storyWorld(t, sections)
			x := explain(t, w, 1, nil)
			got := tellCases(w, x)
			if d := cmp.Diff(strings.Split(sections["clocks"], "\n"), strings.Split(got, "\n")); d != "" {
				t.Errorf("clocks differ (-hand +run):\n%s", d)
			}
			for i := range x.Cases {
				for o := range NumObstacles {
					seen[o] = seen[o] || x.Here[o] && x.Cases[i].Enough(o) && x.Cases[i].Saved(o)
				}
			}
		})
	}
	for o := range NumObstacles {
		if !seen[o] {
			t.Errorf("no story in which %v alone is the cause", o)
		}
	}
}

func readStory(t *testing.T, name string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	sections, now := map[string]string{}, ""
	for line := range strings.Lines(string(data)) {
		head, isHead := strings.CutPrefix(strings.TrimSpace(line), "-- ")
		if head, ok := strings.CutSuffix(head, " --"); ok && isHead {
			now = head
		} else {
			sections[now] += line
		}
	}
	return sections
}

// storyWorld is the plain world of the stories with what a story changes, and its faults.
func storyWorld(t *testing.T, sections map[string]string) *world.World {
	t.Helper()
	base, err := os.ReadFile("../../testdata/stories/base.yaml")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{"base.yaml": {Data: base}, "story.yaml": {Data: []byte("extends: base.yaml\n" + sections["world"])}}
	s, diags := scenarios.Load("story.yaml", scenarios.Options{FS: files})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	w := s.World
	for i := range w.Clauses {
		w.Clauses[i].Target = 1
	}
	w.History = []world.HistoryTicket{}
	for line := range strings.Lines(sections["faults"]) {
		f := strings.Fields(line)
		if len(f) != 3 {
			t.Fatalf("fault %q: want date, hour, site/class", line)
		}
		at, err := time.ParseInLocation("2006-01-02 15:04", f[0]+" "+f[1], w.Start.Location())
		source := slices.IndexFunc(w.Sources, func(s world.Source) bool { return strings.HasSuffix(s.Name, "/"+f[2]) })
		if err != nil || source < 0 {
			t.Fatalf("fault %q: %v", line, err)
		}
		w.History = append(w.History, world.HistoryTicket{At: at.Sub(w.Start), Source: int32(source), Failure: -1, ID: strconv.Itoa(len(w.History))})
	}
	return w
}

// tellCases is a line for each late clock and one for what becomes of it in each counterfactual.
func tellCases(w *world.World, x *Explanation) string {
	var b strings.Builder
	span := func(d model.Time) string {
		if d == 0 {
			return "0m"
		}
		return strings.TrimSuffix(d.String(), "0s")
	}
	states := func(by []model.Time, name func(int) string) string {
		var parts []string
		for i, d := range by {
			if d > 0 {
				parts = append(parts, name(i)+" "+span(d))
			}
		}
		return strings.Join(parts, ", ")
	}
	for i := range x.Cases {
		c := &x.Cases[i]
		fmt.Fprintf(&b, "recorded  %d %s %s late by %s: %s; alone %s\n", c.Ordinal, w.Clauses[c.Clause].ID, span(c.Outcome.Elapsed), span(c.Over),
			states(c.Spent[:], judge.StateName), states(c.Alone[:], func(o int) string { return Obstacle(o).String() }))
	}
	for o := range NumObstacles {
		for i := range x.Cases {
			c := &x.Cases[i]
			if !x.Here[o] {
				continue
			}
			late := ""
			if c.After[o].State == clock.Breached {
				late = " late"
			}
			fmt.Fprintf(&b, "%-9s %d %s %s%s\n", o, c.Ordinal, w.Clauses[c.Clause].ID, span(c.After[o].Elapsed), late)
		}
	}
	return b.String()
}

// explain explains all late clocks of clauses with a target in the first replications of w, as if recorded.
func explain(t testing.TB, w *world.World, reps int, opt *Options) *Explanation {
	t.Helper()
	if opt == nil {
		opt = &Options{}
	}
	x, err := Explain(context.Background(), w, recorded(t, w, reps), *opt)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// recorded is what a record would have of the late clocks.
func recorded(t testing.TB, w *world.World, reps int) []record.Clock {
	t.Helper()
	e, j := sim.New(w), judge.New(w)
	l := &recorder{w: w, judge: j}
	for rep := range reps {
		l.rep = int32(rep)
		j.Reset(l.rep)
		j.Clocks = l
		if _, err := e.Run(rep, l, nil, false); err != nil {
			t.Fatal(err)
		}
	}
	return l.late
}

type recorder struct {
	w     *world.World
	judge *judge.Judge
	rep   int32
	late  []record.Clock
}

func (l *recorder) Subject(s *trail.Subject) { l.judge.Subject(s) }

func (l *recorder) Clock(kind model.Subject, ordinal, clause, period int32, o clock.Outcome) {
	if o.State == clock.Breached && l.w.Clauses[clause].Target > 0 {
		l.late = append(l.late, record.Clock{Replication: l.rep, Kind: kind, Ordinal: ordinal, Clause: clause, State: o.State, Start: o.Start,
			Stop: o.Stop, Due: o.Due, Elapsed: o.Elapsed, Period: period})
	}
}
