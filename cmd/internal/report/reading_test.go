package report

import (
	"testing"

	"slasim/cmd/internal/say"
	"slasim/scenarios"
)

// Every switch has its question in words, and every reason why a decision has none.
func TestQuestions(t *testing.T) {
	for _, d := range scenarios.Decisions() {
		for _, name := range d.Switches {
			if !say.Has("question." + name) {
				t.Errorf("%s: the switch %s has no question", d.ID, name)
			}
		}
		if d.Reason != "" && !say.Has("decision."+d.Reason) {
			t.Errorf("%s: the reason %s has no words", d.ID, d.Reason)
		}
	}
}
