package report

import (
	"bytes"
	"context"
	"encoding/csv"
	"image/png"
	"math"
	"strconv"
	"strings"
	"testing"

	"slasim/cmd/internal/say"
	"slasim/model"
	"slasim/model/world"
	"slasim/scenarios"
	"slasim/sim/experiment"
	"slasim/sim/judge"
)

// compared compares the three Liaoning designs and variants of the first over a few short years.
func compared(t *testing.T, designs int) *judge.Versus {
	t.Helper()
	c := experiment.Comparison{Limit: 6}
	var first *scenarios.Scenario
	for _, d := range [][]string{{"liaoning"}, {"liaoning-b"}, {"liaoning", "faults.scale=2", "people.field_shenyang.headcount=12"}, {"liaoning-c"},
		{"liaoning", "parts.depots.dalian=null"}}[:designs] {
		s, diags := scenarios.Load(d[0], scenarios.Options{Set: append([]string{"run.term=120d"}, d[1:]...)})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		if first == nil {
			first = s
		}
		c.Designs = append(c.Designs, experiment.Design{Name: strings.Join(d, " "), Changes: scenarios.Differences(first, s), World: s.World,
			Info: judge.RunInfo{Version: "1", ScenarioHash: s.Hash}})
	}
	v, err := experiment.Compare(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// sound reports what should not be in any text.
func sound(t *testing.T, what, text string, width int) {
	t.Helper()
	for _, bad := range []string{"NaN", "Inf", "argument", "%!", "<nil>"} {
		if strings.Contains(text, bad) {
			t.Errorf("%s holds %s:\n%s", what, bad, text)
		}
	}
	for _, line := range strings.Split(text, "\n") {
		if n := say.Cells(line); n > width {
			t.Errorf("%s: %d cells: %s", what, n, line)
		}
	}
}

func TestComparisonsFitTheLine(t *testing.T) {
	for designs := 2; designs <= 5; designs++ {
		v := compared(t, designs)
		for _, lang := range []model.Lang{model.En, model.Zh} {
			var b bytes.Buffer
			if err := VersusText(&b, v, Options{Voice: say.New(lang)}); err != nil {
				t.Fatal(err)
			}
			sound(t, strconv.Itoa(designs)+" designs", b.String(), 120)
			b.Reset()
			if err := VersusText(&b, v, Options{Voice: say.New(lang), All: true, Detail: true}); err != nil {
				t.Fatal(err)
			}
			sound(t, "with everything", b.String(), math.MaxInt)
			if lang == model.En && !strings.Contains(b.String(), "~") {
				t.Error("nothing of six short years may be chance")
			}
			b.Reset()
			if err := VersusMarkdown(&b, v, Options{Voice: say.New(lang)}); err != nil {
				t.Fatal(err)
			}
			columns := 0
			for _, line := range strings.Split(b.String(), "\n") {
				if n := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|"); n > 0 && columns > 0 && n != columns {
					t.Errorf("%d columns after %d: %s", n, columns, line)
				} else {
					columns = n
				}
			}
		}
	}
}

// TestComparisonCSVAddsUp: the difference is that of the values, within its interval, and ~ is an interval that holds 0.
func TestComparisonCSVAddsUp(t *testing.T) {
	var b bytes.Buffer
	if err := VersusCSV(&b, compared(t, 3), model.En); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	checked, noisy := 0, 0
	for _, r := range rows[1:] {
		get := func(name string) (float64, bool) {
			x, err := strconv.ParseFloat(r[at[name]], 64)
			return x, err == nil
		}
		va, ok1 := get("a_value")
		vb, ok2 := get("b_value")
		d, ok3 := get("difference")
		low, ok4 := get("difference_low")
		high, ok5 := get("difference_high")
		if !ok1 || !ok2 || !ok3 || !ok4 || !ok5 {
			continue
		}
		checked++
		if math.Abs(vb-va-d) > 1e-9*(1+math.Abs(va)+math.Abs(vb)) || d < low || d > high {
			t.Errorf("%q: %v − %v is not %v in %v … %v", r, vb, va, d, low, high)
		}
		noise := low <= 0 && high >= 0 && (d != 0 || low != 0 || high != 0)
		if r[at["noise"]] != strconv.FormatBool(noise) {
			t.Errorf("%q: noise %s", r, r[at["noise"]])
		}
		if noise {
			noisy++
		}
	}
	if checked < 150 || noisy == 0 || noisy == checked {
		t.Errorf("%d differences, %d of them noise", checked, noisy)
	}
}

// grid is a sweep of two variables, of the first alone if one is set.
func grid(t *testing.T, one bool) *judge.Sweep {
	t.Helper()
	s := &judge.Sweep{Version: "1", Scenario: "liaoning", Title: model.Text{En: "Liaoning", Zh: "辽宁网络维保"}, ScenarioHash: "abcdef0123", Seed: 1,
		Replications: 4, Assurance: 0.95, Currency: "CNY", Variables: []judge.Variable{
			{Path: "people.field_shenyang.headcount", Values: []string{"2", "6"}, Numbers: []float64{2, 6}},
			{Path: "dispatch.policy", Values: []string{"nearest_free", "severity_age", "least_slack"}},
		}}
	if one {
		s.Variables = s.Variables[:1]
	}
	g := experiment.Grid{Replications: 4, World: func(i int) (*world.World, judge.RunInfo, error) {
		set := []string{"run.term=60d"}
		for v, k := range judge.PlaceOf(s.Variables, i) {
			set = append(set, s.Variables[v].Path+"="+s.Variables[v].Values[k])
		}
		x, diags := scenarios.Load("liaoning", scenarios.Options{Set: set})
		if diags.HasErrors() {
			return nil, judge.RunInfo{}, diags
		}
		return x.World, judge.RunInfo{}, nil
	}}
	s.Points = make([]judge.Point, judge.Size(s.Variables))
	g.Done = func(i int, p *judge.Point) error {
		s.Points[i] = *p
		s.Points[i].Place = judge.PlaceOf(s.Variables, i)
		return nil
	}
	for i := range s.Points {
		g.Points = append(g.Points, i)
	}
	if err := experiment.Sweep(context.Background(), g); err != nil {
		t.Fatal(err)
	}
	s.FindIdle()
	return s
}

func TestSweepsFitTheLine(t *testing.T) {
	for _, one := range []bool{true, false} {
		s := grid(t, one)
		for _, lang := range []model.Lang{model.En, model.Zh} {
			for _, asked := range [][]string{nil, {"S2-44"}, {"S2-44", "S2-40"}} {
				s.Asked = asked
				var b bytes.Buffer
				if err := SweepText(&b, s, Options{Voice: say.New(lang)}); err != nil {
					t.Fatal(err)
				}
				sound(t, "sweep", b.String(), 120)
				if rows := strings.Count(b.String(), "\n        2  ") + strings.Count(b.String(), "\n        6  "); rows != len(s.Points) {
					t.Errorf("%d rows for %d points:\n%s", rows, len(s.Points), b.String())
				}
			}
		}
		var b bytes.Buffer
		if err := SweepCSV(&b, s); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 1+len(s.Rows()) || len(s.Rows()) != len(s.Points)*(len(s.Points[0].Clauses)+len(s.Points[0].Teams)+15) {
			t.Errorf("%v: %d lines", err, len(rows))
		}
	}
}

func TestSweepPictures(t *testing.T) {
	for _, one := range []bool{true, false} {
		s := grid(t, one)
		for _, lang := range []model.Lang{model.En, model.Zh} {
			for _, measure := range Measures() {
				f, err := SweepPlot(say.New(lang), s, measure, []string{"S2-44"})
				if err != nil {
					t.Fatal(measure, err)
				}
				for _, format := range Formats() {
					var b bytes.Buffer
					missing, err := f.Write(&b, format)
					if err != nil || len(missing) > 0 || b.Len() < 5000 {
						t.Errorf("%s, %s: %d bytes, missing %q, %v", measure, format, b.Len(), missing, err)
					}
					if format != "png" {
						continue
					}
					img, err := png.Decode(&b)
					if err != nil {
						t.Fatal(err)
					}
					r, ink := img.Bounds(), 0 // the edges of a picture are blank: nothing is cut
					blank := func(x, y int) {
						if c, _, _, _ := img.At(x, y).RGBA(); c != 0xffff {
							ink++
						}
					}
					for x := r.Min.X; x < r.Max.X; x++ {
						blank(x, r.Min.Y)
						blank(x, r.Max.Y-1)
					}
					for y := r.Min.Y; y < r.Max.Y; y++ {
						blank(r.Min.X, y)
						blank(r.Max.X-1, y)
					}
					if ink > 0 {
						t.Errorf("%s: %d pixels of the edges are drawn", measure, ink)
					}
				}
			}
		}
	}
	if _, err := SweepPlot(say.New(model.En), &judge.Sweep{Variables: make([]judge.Variable, 1)}, "late", nil); err == nil {
		t.Error("a picture of nothing")
	}
}
