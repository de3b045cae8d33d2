//go:build long

package cli

import (
	"encoding/json"
	"slices"
	"testing"

	"slasim/scenarios"
	"slasim/sim/judge"
)

// TestWatched: what a scenario watches in every run are the assumptions that move its verdicts most.
func TestWatched(t *testing.T) {
	s, diags := scenarios.Load("liaoning", scenarios.Options{})
	if s == nil {
		t.Fatal(diags)
	}
	var r judge.Report
	if err := json.Unmarshal([]byte(must(t, "run", "liaoning", "--assumptions", "--format", "json")), &r); err != nil {
		t.Fatal(err)
	}
	var top []string
	for _, x := range r.Assumptions {
		if x.Rank >= 1 && x.Rank <= len(s.File.Run.Watch) {
			top = append(top, x.Path)
		}
	}
	watch := slices.Clone(s.File.Run.Watch)
	slices.Sort(watch)
	slices.Sort(top)
	if !slices.Equal(watch, top) {
		t.Errorf("watched are %v, the first are %v", watch, top)
	}
}
