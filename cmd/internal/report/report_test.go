package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slasim/cmd/internal/say"
	"slasim/model"
	"slasim/sim/judge"
)

// golden compares with testdata/name; UPDATE=1 writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got):\n%s", name, d)
	}
}

func printed(t *testing.T, r *judge.Report, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Text(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTextInBothLanguages(t *testing.T) {
	golden(t, "text.en.txt", printed(t, fixture(), Options{Voice: say.New(model.En)}))
	golden(t, "text.zh.txt", printed(t, fixture(), Options{Voice: say.New(model.Zh)}))
}

// TestAnswerAndMoneyComeFirst: what a reader must find, and where.
func TestAnswerAndMoneyComeFirst(t *testing.T) {
	s := printed(t, fixture(), Options{Voice: say.New(model.En)})
	at := -1
	for _, phrase := range []string{"200 simulated years", "margin 14 % (−3…21)", "P(loss) 11 %", "Answer: 5 clauses hold", "S2-40", "INFEASIBLE",
		"S2-44", "S2-22", "NEEDS PARAMETER", "People", "Parts", "Cost of a year", "These assumptions", "foot.example"} {
		i := strings.Index(s, phrase)
		if i <= at {
			t.Errorf("%q stands at %d, not after %d", phrase, i, at)
		}
		at = max(at, i)
	}
	if strings.Contains(s, "S2-13") || strings.Contains(s, "S2-90") {
		t.Error("a met clause or one of evidence is shown without --all")
	}
	if all := printed(t, fixture(), Options{Voice: say.New(model.En), All: true}); !strings.Contains(all, "S2-13") || !strings.Contains(all, "S2-90") {
		t.Error("--all leaves clauses out")
	}
}

// TestRareShareIsNeverBare: DESIGN § 5.
func TestRareShareIsNeverBare(t *testing.T) {
	for _, line := range strings.Split(printed(t, fixture(), Options{Voice: say.New(model.En)}), "\n") {
		if strings.Contains(line, "Dandong") && (!strings.Contains(line, "1 in 8.3") || !strings.Contains(line, "rare 50 %")) {
			t.Error(line)
		}
	}
}

func TestIntervalsWhenWideOrAsked(t *testing.T) {
	r := fixture()
	part := &r.Clauses[1].Figures
	*part.ShareLow, *part.ShareHigh = 0.868, 0.872 // ± 0.2 points
	if s := printed(t, r, Options{Voice: say.New(model.En)}); strings.Contains(s, "87 % (") {
		t.Error("an interval of ± 0.2 points is shown")
	}
	if s := printed(t, r, Options{Voice: say.New(model.En), Detail: true}); !strings.Contains(s, "87 % (86.8–87.2)") {
		t.Error("--detail hides the interval")
	}
}

func TestRowsFold(t *testing.T) {
	r := fixture()
	c := &r.Clauses[2]
	for len(c.Rows) < 9 {
		c.Rows = append(c.Rows, c.Rows[0])
	}
	if s := printed(t, r, Options{Voice: say.New(model.En)}); !strings.Contains(s, "… 5 more") {
		t.Errorf("9 rows are not folded to 4:\n%s", s)
	}
	if s := printed(t, r, Options{Voice: say.New(model.En), All: true}); strings.Contains(s, "… 5 more") {
		t.Error("--all folds rows")
	}
}

func TestEmptyReport(t *testing.T) {
	for _, lang := range []model.Lang{model.En, model.Zh} {
		if s := printed(t, &judge.Report{}, Options{Voice: say.New(lang)}); s == "" {
			t.Error("nothing is said of an empty report")
		}
	}
}

// TestLinesAlign: every line of a table whose cells are hanzi is as wide as the rule, or shorter.
func TestLinesAlign(t *testing.T) {
	tab := columns("名称", ">数")
	tab.add("沈阳", "1")
	tab.add("ab", "22")
	var b bytes.Buffer
	if err := tab.text(&b); err != nil {
		t.Fatal(err)
	}
	want := "名称  数\n──────────\n沈阳   1\nab    22\n"
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Error(d)
	}
}

func TestMarkdownEscapes(t *testing.T) {
	tab := columns("a|b")
	tab.add("x|y\n<z>*")
	var b bytes.Buffer
	if err := tab.markdown(&b); err != nil {
		t.Fatal(err)
	}
	if want := "| a\\|b |\n|:--|\n| x\\|y &lt;z>\\* |\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}

func TestCSVIsSafeAndReadsBack(t *testing.T) {
	r := fixture()
	r.Clauses[0].Text = model.Text{En: `=HYPERLINK("x"),`}
	var b bytes.Buffer
	if err := CSV(&b, r, model.En); err != nil {
		t.Fatal(err)
	}
	body, ok := strings.CutPrefix(b.String(), "\ufeff")
	if !ok {
		t.Error("no byte order mark")
	}
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1+7+3 {
		t.Errorf("%d lines, want a header, 7 clauses and 3 rows", len(rows))
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	if got := rows[1][column["text"]]; got != `'=HYPERLINK("x"),` {
		t.Errorf("a formula came through: %q", got)
	}
	if got := rows[1][column["share"]]; got != "0.99996" {
		t.Errorf("share %q", got)
	}
	for in, want := range map[string]string{"-3.5": "-3.5", "-x": "'-x", "@a": "'@a", "+1": "+1", "a": "a", "": "", "\tx": "'\tx"} {
		if got := harmless(in); got != want {
			t.Errorf("harmless(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestReportSurvivesJSON: a record's summary prints the same tables again, although numbers, spans and texts in
// messages lose their types.
func TestReportSurvivesJSON(t *testing.T) {
	r := fixture()
	r.Clauses[2].Rows[1].Cure = &model.Msg{Code: "bound.cure", Args: []any{40.5, 190.0, 2 * 3600 * 1e9, 3 * 3600 * 1e9, 0.98}}
	var b bytes.Buffer
	if err := JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	back := new(judge.Report)
	if err := json.Unmarshal(b.Bytes(), back); err != nil {
		t.Fatal(err)
	}
	for _, lang := range []model.Lang{model.En, model.Zh} {
		o := Options{Voice: say.New(lang), All: true}
		if d := cmp.Diff(printed(t, r, o), printed(t, back, o)); d != "" {
			t.Error(d)
		}
	}
	if s := printed(t, back, Options{Voice: say.New(model.En)}); !strings.Contains(s, "40.5 km or at 190 km/h; a limit of 2 h would hold for 95 %, of 3 h for 99 %") {
		t.Errorf("the cure is lost:\n%s", s)
	}
}

func figures(t *testing.T, v say.Voice) []*Figure {
	t.Helper()
	r := fixture()
	for i := range r.Clauses[2].Rows {
		r.Clauses[2].Rows[i].By = "band"
	}
	breaches, err := Breaches(v, r)
	if err != nil {
		t.Fatal(err)
	}
	arrivals, err := Arrivals(v, r, r.Clauses[2].Text, []ArrivalTimes{
		{Name: model.Text{En: "Shenyang", Zh: "沈阳"}, Limit: 0.5, Hours: []float64{0.4, 0.2, 0.6}},
		{Name: model.Text{En: "Bayuquan", Zh: "鲅鱼圈"}, Limit: 3, Hours: []float64{2, 3, 4, 5}},
		{Name: model.Text{En: "nothing"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return []*Figure{breaches, arrivals}
}

func TestPicturesInAllFormats(t *testing.T) {
	for _, lang := range []model.Lang{model.En, model.Zh} {
		for _, f := range figures(t, say.New(lang)) {
			for _, format := range Formats() {
				var b bytes.Buffer
				missing, err := f.Write(&b, format)
				if err != nil || len(missing) > 0 || b.Len() < 5000 {
					t.Errorf("%s: %d bytes, missing %q, %v", format, b.Len(), missing, err)
				}
				if strings.Contains(b.String(), "<text") {
					t.Errorf("%s: text that needs the reader's font", format)
				}
				if format == "png" {
					img, err := png.Decode(&b)
					if err != nil {
						t.Fatal(err)
					}
					ink := 0
					for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ { // the edge of a picture is blank
						if r, _, _, _ := img.At(x, img.Bounds().Max.Y-1).RGBA(); r != 0xffff {
							ink++
						}
					}
					if ink > 0 {
						t.Errorf("%d pixels of the lowest line are drawn: the caption is cut", ink)
					}
				}
			}
		}
	}
	if _, err := figures(t, say.New(model.En))[0].Write(&bytes.Buffer{}, "bmp"); err == nil {
		t.Error("a picture in an unknown format")
	}
}

// TestMissingGlyphsAreNamed: Bengali is in no subset of ours.
func TestMissingGlyphsAreNamed(t *testing.T) {
	r := fixture()
	r.Run.Title = model.Text{En: "ক"}
	f, err := Breaches(say.New(model.En), r)
	if err != nil {
		t.Fatal(err)
	}
	missing, err := f.Write(&bytes.Buffer{}, "svg")
	if err != nil || string(missing) != "ক" {
		t.Errorf("missing %q, %v", missing, err)
	}
}

func TestNothingToDraw(t *testing.T) {
	if _, err := Breaches(say.New(model.En), &judge.Report{}); err == nil {
		t.Error("breaches of nothing")
	}
	if _, err := Arrivals(say.New(model.En), &judge.Report{}, model.Text{}, nil); err == nil {
		t.Error("arrivals of nothing")
	}
}
