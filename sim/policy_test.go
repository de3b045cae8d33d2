package sim_test

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"slasim/model"
	"slasim/model/world"
	"slasim/scenarios"
	"slasim/sim"
	"slasim/sim/policy"
)

// Each policy has a story, worked out by hand, in which it sends other people or serves another ticket than
// nearest_free would.
func TestPoliciesDiffer(t *testing.T) {
	for _, policy := range []string{"severity_age", "earliest_due", "least_slack", "reserve_one", "redirect"} {
		t.Run(policy, func(t *testing.T) {
			s := readStory(t, filepath.Join(stories, "policy-"+strings.ReplaceAll(policy, "_", "-")+".txt"))
			if !strings.Contains(s.section("world"), "policy: "+policy) {
				t.Fatal("the story is told under another policy")
			}
			s.tell(t)
			own := s.log.people()
			s.world = s.load(t, "dispatch.policy=nearest_free")
			s.tell(t)
			if s.log.people() == own {
				t.Errorf("nearest_free does the same:\n%s", own)
			}
		})
	}
}

// Least slack is not earliest due, and neither is severity and age.
func TestLeastSlackIsNotEarliestDue(t *testing.T) {
	s := readStory(t, filepath.Join(stories, "policy-least-slack.txt"))
	s.tell(t)
	own := s.log.people()
	for _, other := range []string{"earliest_due", "severity_age", "redirect"} {
		s.world = s.load(t, "dispatch.policy="+other)
		s.tell(t)
		if s.log.people() == own {
			t.Errorf("%s does the same:\n%s", other, own)
		}
	}
}

// The functions that decide see nothing that was sampled: their package imports only the model, none of the random
// numbers and none of the engine, and their arguments are these fields and no others.
func TestPoliciesSeeNoSampledValue(t *testing.T) {
	files, err := filepath.Glob("policy/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no policies", err)
	}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, im := range f.Imports {
			path, _ := strconv.Unquote(im.Path.Value)
			if path != "slasim/model" && path != "slasim/model/world" {
				t.Errorf("%s imports %s", name, path)
			}
		}
	}
	// Of a ticket: its level, the priority of its contract, its place in the line and the deadline of the contract. Of a
	// person: who, the expected span to arrival, the way.
	for _, c := range []struct {
		of   reflect.Type
		want []string
	}{
		{reflect.TypeFor[policy.Ticket](), []string{"Rank", "Priority", "Seq", "Due"}},
		{reflect.TypeFor[policy.Candidate](), []string{"Person", "ETA", "Metres", "OnCall"}},
	} {
		var got []string
		for i := range c.of.NumField() {
			got = append(got, c.of.Field(i).Name)
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v has fields %v, want %v: is a new one known to a dispatcher?", c.of, got, c.want)
		}
	}
}

// Hidden durations cannot reach the first decision. Faults are written down, all spans are spread (work, diagnosis, trips,
// mobilisation, the part); another seed draws all of them anew while every expectation stays the same. Whoever is sent
// first, and to what, must not change – under any policy – although what follows does.
func TestHiddenDurationsDoNotDecide(t *testing.T) {
	s := readStory(t, filepath.Join(stories, "policy-least-slack.txt"))
	spread := []string{
		"travel.variation=0.6", "travel.entry={dist: exponential, mean: 20m}", "travel.mobilise.at_base={dist: exponential, mean: 15m}",
		"equipment.classes.unit.failures.fault.restore={dist: exponential, mean: 3h}",
		"equipment.classes.unit.failures.fault.diagnose={dist: exponential, mean: 1h}",
		"people.field.headcount=2", "people.other={place: far, headcount: 1, roles: [field]}",
	}
	for _, name := range []string{"nearest_free", "severity_age", "earliest_due", "least_slack", "reserve_one", "redirect"} {
		t.Run(name, func(t *testing.T) {
			w := s.load(t, append(spread, "dispatch.policy="+name)...)
			// At one instant: three tickets of both levels at three places, three people, one of them at far.
			w.History = nil
			for i, f := range []string{"near severity=plain", "far severity=bad", "base severity=plain", "near severity=bad"} {
				place, level, _ := strings.Cut(f, " ")
				h := historyOf(t, w, []string{"2026-01-06", "10:00", place + "/unit", level})
				h.ID = strconv.Itoa(i)
				w.History = append(w.History, h)
			}
			firsts, lives := map[string]bool{}, map[string]bool{}
			for seed := range uint64(20) {
				log := &storyLog{w: w, judge: judgeOf(w)}
				e := sim.New(w)
				e.SetSeed(seed + 1)
				if _, err := e.Run(0, log, log, false); err != nil {
					t.Fatal(err)
				}
				lives[log.people()] = true
				first := ""
				for _, p := range log.spans {
					if p.Start == 34*3600e9 && p.Ticket >= 0 { // Tuesday 10:00
						first += w.Persons[p.Person].Name + " to " + strconv.Itoa(int(p.Ticket)) + "; "
					}
				}
				firsts[sortedWords(first)] = true
			}
			if len(firsts) != 1 {
				t.Errorf("the first decision depends on what is not known yet: %v", firsts)
			}
			if len(lives) != 20 {
				t.Errorf("the seeds draw %d different years, want 20: the spans are not spread", len(lives))
			}
		})
	}
}

// MayUse keeps the last people of a base for the worst levels: with one reserved for rank 1, a ticket of rank 2 finds
// somebody only where two are free.
func TestReserve(t *testing.T) {
	for _, c := range []struct {
		rank uint8
		free int32
		want bool
	}{{1, 1, true}, {2, 1, false}, {2, 2, true}, {1, 2, true}} {
		if got := policy.MayUse(world.ReserveOne, c.rank, c.free, 1, 1); got != c.want {
			t.Errorf("rank %d, %d free: %v", c.rank, c.free, got)
		}
		if !policy.MayUse(world.NearestFree, c.rank, c.free, 1, 1) {
			t.Error("only reserve_one reserves")
		}
	}
}

// Better: the earlier arrival, then the shorter way, then the lower id.
func TestBetter(t *testing.T) {
	h := func(hours int) model.Time { return model.Time(hours) * 3600e9 }
	order := []policy.Candidate{{Person: 9, ETA: h(1), Metres: 90}, {Person: 8, ETA: h(2), Metres: 10}, {Person: 3, ETA: h(2), Metres: 20}, {Person: 4, ETA: h(2), Metres: 20}}
	for i := range order {
		for j := range order {
			if policy.Better(order[i], order[j]) != (i < j) {
				t.Errorf("%v before %v: %v", order[i], order[j], i >= j)
			}
		}
	}
}

func TestEveryEmbeddedScenarioRuns(t *testing.T) {
	for _, info := range scenarios.Embedded() {
		s, diags := scenarios.Load(info.Name, scenarios.Options{})
		if diags.HasErrors() {
			t.Fatal(info.Name, diags)
		}
		if _, err := sim.New(s.World).Run(0, quiet{}, nil, false); err != nil {
			t.Error(info.Name, err)
		}
	}
}
