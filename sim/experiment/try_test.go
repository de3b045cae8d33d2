package experiment_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"slasim/scenarios"
	"slasim/sim/experiment"
	"slasim/sim/judge"
)

func TestTry(t *testing.T) {
	name := os.Getenv("SCEN")
	if name == "" {
		t.Skip()
	}
	sc, d := scenarios.Load(name, scenarios.Options{})
	if d.HasErrors() {
		t.Fatal(d)
	}
	t0 := time.Now()
	res, err := experiment.Run(context.Background(), sc.World, experiment.Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	el := time.Since(t0)
	var ev int64
	for _, x := range res.Totals {
		ev += x.Events
	}
	fmt.Println("reps", len(res.Reps), el, "per rep", el/time.Duration(len(res.Reps)), "ev/rep", ev/int64(len(res.Reps)), "ns/ev", int64(el)/ev)
	rep := experiment.Report(sc.World, res, judge.RunInfo{})
	for i := range rep.Clauses {
		rep.Clauses[i].Rows = nil
	}
	rep.Assumptions = nil
	b, _ := json.MarshalIndent(rep, "", " ")
	os.WriteFile("/tmp/t/"+name+".json", b, 0o644)
}
