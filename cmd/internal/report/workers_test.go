package report

import (
	"bytes"
	"context"
	"testing"

	"slasim/cmd/internal/say"
	"slasim/model"
	"slasim/scenarios"
	"slasim/sim/experiment"
	"slasim/sim/judge"
)

// TestWorkersPrintTheSame: every embedded scenario says the same, to the byte, whether one worker did all or two shared the
// replications: as text in both languages, CSV and JSON.
func TestWorkersPrintTheSame(t *testing.T) {
	printed := func(name string, workers int, seed uint64) []byte {
		s, diags := scenarios.Load(name, scenarios.Options{})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		s.World.Seed = seed
		res, err := experiment.Run(context.Background(), s.World, experiment.Options{Replications: 5, Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		r := experiment.Report(s.World, res, judge.RunInfo{Version: "x", Scenario: s.Name, ScenarioHash: s.Hash})
		var b bytes.Buffer
		for _, lang := range []model.Lang{model.En, model.Zh} {
			if err := Text(&b, r, Options{Voice: say.New(lang), All: true, Detail: true}); err != nil {
				t.Fatal(err)
			}
			if err := CSV(&b, r, lang); err != nil {
				t.Fatal(err)
			}
		}
		if err := JSON(&b, r); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for _, s := range scenarios.Embedded() {
		one := printed(s.Name, 1, 1)
		if two := printed(s.Name, 2, 1); !bytes.Equal(one, two) {
			t.Errorf("%s: two workers print something else than one", s.Name)
		}
		if other := printed(s.Name, 2, 2); bytes.Equal(one, other) {
			t.Errorf("%s: another seed prints the same", s.Name)
		}
	}
}
