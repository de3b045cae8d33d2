package sim_test

import (
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
