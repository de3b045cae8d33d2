package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/parquet-go/parquet-go"

	"slasim/sim/judge"
)

func sweepStudy() (Study, *judge.Sweep) {
	variables := []judge.Variable{
		{Path: "travel.speed", Values: []string{"60km/h", "80km/h"}, Numbers: []float64{60, 80}, Unit: "km/h"},
		{Path: "dispatch.policy", Values: []string{"a", "b"}},
	}
	s := &judge.Sweep{Version: "1", Scenario: "x", ScenarioHash: "base", Seed: 3, Replications: 5, Variables: variables, Idle: []judge.Idle{}}
	for i := range 4 {
		late, share := float64(i), 0.5
		s.Points = append(s.Points, judge.Point{
			Place: judge.PlaceOf(variables, i), ScenarioHash: string(rune('a'+i)) + "000000000000000", Fingerprint: "f",
			Clauses: []judge.PointClause{{ID: "c1", Contract: "k", Verdict: "MET", LatePerYear: late, Share: &share}},
			Teams:   []judge.PointTeam{{ID: "t", Headcount: i + 1, Utilisation: 0.25}},
		})
	}
	return Study{Kind: Sweep, Version: "1", Seed: 3, Replications: 5, Limit: 5, Variables: variables,
		Designs: []StudyDesign{{Name: "x", Scenario: "x", ScenarioHash: "base", File: "scenario.yaml"}}}, s
}

// TestKilledSweepGoesOn: points that had finished are there when the sweep is begun again, without anything having closed it;
// those of another seed, number of replications or version are not, nor what was spoiled.
func TestKilledSweepGoesOn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "grid")
	study, s := sweepStudy()
	w, err := OpenSweep(dir, study, []File{{"scenario.yaml", []byte("run:\n")}}, false)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if err := w.Put(&s.Points[i]); err != nil {
			t.Fatal(err)
		}
	}
	if KindOf(dir) != Sweep {
		t.Error("a sweep under way is no sweep")
	}
	// The third is cut off, as a crash of the machine may leave it; the second is changed.
	files, err := filepath.Glob(filepath.Join(dir, PointsDir, "*.json"))
	if err != nil || len(files) != 3 {
		t.Fatal(err, files)
	}
	if err := errors.Join(os.Truncate(files[2], 100), edit(files[1], `"late_per_year":1`, `"late_per_year":2`)); err != nil {
		t.Fatal(err)
	}
	again := func(change func(*Study)) *SweepStore {
		study, _ := sweepStudy()
		change(&study)
		w, err := OpenSweep(dir, study, []File{{"scenario.yaml", []byte("run:\n")}}, false)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	w = again(func(*Study) {})
	for i, want := range []bool{true, false, false, false} {
		got := w.Point(s.Points[i].ScenarioHash)
		if (got != nil) != want {
			t.Errorf("point %d is there: %v", i, got != nil)
		}
		if got != nil {
			if got.Place = s.Points[i].Place; !reflect.DeepEqual(*got, s.Points[i]) {
				t.Errorf("point %d reads back as %+v", i, got)
			}
		}
	}
	for name, change := range map[string]func(*Study){
		"seed":         func(s *Study) { s.Seed = 4 },
		"replications": func(s *Study) { s.Replications = 6 },
		"version":      func(s *Study) { s.Version = "2" },
	} {
		if again(change).Point(s.Points[0].ScenarioHash) != nil {
			t.Errorf("a point of another %s counts", name)
		}
	}
}

func TestSweepTableReadsBack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "grid")
	study, s := sweepStudy()
	w, err := OpenSweep(dir, study, []File{{"scenario.yaml", []byte("run:\n")}}, false)
	if err != nil {
		t.Fatal(err)
	}
	summary, _ := json.Marshal(s)
	if err := w.Close(s, summary, []byte("csv\n")); err != nil {
		t.Fatal(err)
	}
	got, err := ReadStudy(dir)
	if err != nil || len(got.Files) != 4 || !reflect.DeepEqual(got.Variables, s.Variables) {
		t.Fatalf("%v: %+v", err, got)
	}
	// By the library alone, as an analyst reads it.
	text, err := os.ReadFile(filepath.Join(dir, SweepTable))
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Point     int32    `parquet:"point"`
		Speed     float64  `parquet:"travel.speed (km/h)"`
		Policy    string   `parquet:"dispatch.policy"`
		Kind      string   `parquet:"kind,optional"`
		ID        string   `parquet:"id,optional"`
		Late      *float64 `parquet:"late_per_year,optional"`
		Headcount *float64 `parquet:"headcount,optional"`
	}
	rows, err := parquet.Read[row](bytes.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	clauses, teams, total := 0, 0, 0
	for _, r := range rows {
		place := judge.PlaceOf(s.Variables, int(r.Point))
		if r.Speed != s.Variables[0].Numbers[place[0]] || r.Policy != s.Variables[1].Values[place[1]] {
			t.Errorf("point %d at %v, %s", r.Point, r.Speed, r.Policy)
		}
		switch {
		case r.Kind == "clause" && r.ID == "c1" && r.Late != nil && *r.Late == float64(r.Point) && r.Headcount == nil:
			clauses++
		case r.Kind == "team" && r.Late == nil && r.Headcount != nil && *r.Headcount == float64(r.Point+1):
			teams++
		case r.Kind == "cost" && r.ID == "total":
			total++
		}
	}
	if clauses != 4 || teams != 4 || total != 4 {
		t.Errorf("%d clauses, %d teams, %d totals", clauses, teams, total)
	}
}

func TestSweepKeepsOut(t *testing.T) {
	study, _ := sweepStudy()
	dir := filepath.Join(t.TempDir(), "cmp")
	s, files := studyOfTwo()
	if err := WriteStudy(dir, s, files, false); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenSweep(dir, study, nil, true); !errors.Is(err, ErrOtherKind) {
		t.Errorf("a comparison is overwritten: %v", err)
	}
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "mine.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenSweep(other, study, nil, false); !errors.Is(err, ErrNotRecord) {
		t.Errorf("%v", err)
	}
	if _, err := OpenSweep(other, study, nil, true); err != nil {
		t.Error(err)
	}
}
