package sim_test

import (
	"math"
	"testing"
	"time"

	"slasim/model"
)

// A question of questions.yaml waits for the first who is there in its turn: the remote people for half an hour, then the
// second level until an hour and a half have passed, then the manager (S4-45). Twenty of each are never all busy.
func TestQuestionRisesBySilence(t *testing.T) {
	w := load(t, "questions.yaml")
	turns := []struct {
		after    model.Time // since the call ended
		from, to model.Time // hours of the day
	}{{0, 8 * time.Hour, 12 * time.Hour}, {30 * time.Minute, 6 * time.Hour, 16 * time.Hour}, {90 * time.Minute, 0, 24 * time.Hour}}
	begun := make([]int, len(turns))
	for _, s := range run(t, w, 0).subjects {
		if s.Kind != model.SubjectCall {
			continue
		}
		ended, risen := s.Milestones[model.CallEnded], model.Unset
		for i, turn := range turns {
			at := ended + turn.after
			if i == 1 {
				risen = at
			}
			if day := at % model.Day; day >= turn.to {
				at += model.Day - day + turn.from
			} else if day < turn.from {
				at += turn.from - day
			}
			if i+1 < len(turns) && at >= ended+turns[i+1].after {
				continue
			}
			begun[i]++
			if got, want := s.Milestones[model.CallReplied], at+10*time.Minute; got != want {
				t.Errorf("call ended %v: answered %v, want %v", ended, got, want)
			}
			break
		}
		if got := s.Milestones[model.CallRisen]; got != risen {
			t.Errorf("call ended %v: risen %v, want %v", ended, got, risen)
		}
	}
	if begun[0] < 100 || begun[1] < 100 || begun[2] < 100 {
		t.Errorf("begun by each: %d", begun)
	}
}

// In phases of 100, 100 and 165 days half, twice and as many of 24 questions a day are asked: Poisson counts with means 1200,
// 4800 and 3960, within four of their standard deviations.
func TestQuestionsOfPhases(t *testing.T) {
	count := func(set ...string) (n [3]float64) {
		w := load(t, "questions.yaml", append(set, "run.term=365d", "faults.questions.ask.rate=24/d")...)
		for _, s := range run(t, w, 0).subjects {
			if at := s.Milestones[model.CallRinging] / model.Day; s.Kind == model.SubjectCall {
				n[min(at/100, 2)]++
			}
		}
		return n
	}
	far := func(n [3]float64) bool {
		for i, m := range []float64{1200, 4800, 3960} {
			if math.Abs(n[i]-m) > 4*math.Sqrt(m) {
				return true
			}
		}
		return false
	}
	const phases = "contracts.service.phases={first: {until: 100d, questions: 0.5}, second: {until: 200d, questions: 2}}"
	if n := count(phases); far(n) {
		t.Errorf("asked %v", n)
	}
	for _, set := range []string{"first.questions=0.6", "second.questions=2.2", "second.until=185d"} {
		if n := count(phases, "contracts.service.phases."+set); !far(n) {
			t.Errorf("with %s the check still passes: %v", set, n)
		}
	}
}
