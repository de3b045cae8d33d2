package cli

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"slasim/sim/judge"
)

// A reading by hand. Every fault is solved 2 h after its report (30 min until somebody talks, 90 min of work), by people
// enough for all. The limit is 100 min: from the report every fault is late, from the response, half an hour later, none. So
// the ambiguity costs as many late events as there are faults, and at 100 CNY a late event that much money. The other switch
// is about a clause that is never late: with a limit of 3 h from the report or from the response it makes no difference.
func TestReadingsByHand(t *testing.T) {
	file := filepath.Join(t.TempDir(), "hand.yaml")
	if err := os.WriteFile(file, []byte(`
run: {title: {en: by hand, zh: 手算}, start_date: 2026-01-01, term: 1y, replications: 5}
places: {metric: plane, points: {hall: {x_km: 0, y_km: 0}}}
equipment:
  classes: {unit: {rate: 1/y, failures: {fault: {share: 1, remote: 1, remote_time: 90m}}}}
  installed: {hall: {unit: 40}}
contracts:
  c:
    price: 100k CNY
    severities: {any: {rank: 1, mix: 1}}
    declare: mix
    process: {remote: sequential, respond: true, talk: 30m}
    penalty: {per_late: 100 CNY}
    clauses:
      solve:
        text: {en: solved, zh: 解决}
        start: reported
        stop: restored
        limit: 100m
        target: 1
        readings: {resolve_start: {reported: {start: reported}, arrived: {start: classified}}}
      idle:
        text: {en: solved at last, zh: 最终解决}
        start: reported
        stop: restored
        limit: 3h
        target: 1
        readings: {plan_from: {trigger: {start: classified}}}
    readings: {resolve_start: reported}
people: {desk: {place: hall, headcount: 30, roles: [desk, remote, field]}}
`), 0o644); err != nil {
		t.Fatal(err)
	}
	var r judge.Report
	if err := json.Unmarshal([]byte(must(t, "run", file, "--readings", "--format", "json", "--progress", "none")), &r); err != nil {
		t.Fatal(err)
	}
	rows := map[string]judge.ReadingRow{}
	for _, x := range r.Readings {
		rows[x.Switch] = x
	}
	faults := r.Run.TicketsPerYear
	if faults < 20 {
		t.Fatalf("%v faults a year, 40 are expected", faults)
	}
	x := rows["resolve_start"]
	if x.Rank != 1 || x.Decision != "A-26" || math.Abs(x.Late-faults) > 1e-9 || math.Abs(x.Money-100*faults) > 1e-6 {
		t.Errorf("%d: %+v: by hand first, %v late events and %v CNY", x.Rank, x, faults, 100*faults)
	}
	for _, v := range x.Values {
		want := map[string]float64{"reported": faults, "arrived": 0}[v.Value]
		if math.Abs(v.LatePerYear-want) > 1e-9 || v.Run {
			t.Errorf("%s: %v late a year (run again: %v), by hand %v, judged on the same years", v.Value, v.LatePerYear, v.Run, want)
		}
	}
	if y := rows["plan_from"]; y.Late != 0 || y.Money != 0 || len(y.Values) != 2 {
		t.Errorf("a switch that makes no difference: %+v", y)
	}
}
