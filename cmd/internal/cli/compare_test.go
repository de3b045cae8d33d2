package cli

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"slasim/sim/record"
)

func TestSplit(t *testing.T) {
	for text, want := range map[string]string{
		"a.b=1":                              "1 a.b=1",
		"a.b=60 km/h c.d=2":                  "1 a.b=60 km/h|13 c.d=2",
		"  a.b=1   c.d=2 ":                   "3 a.b=1|11 c.d=2",
		"a.b={x: 1, y: c=d e=f} g.h=1":       "1 a.b={x: 1, y: c=d e=f}|24 g.h=1",
		`a.b="c d=e" f=1`:                    `1 a.b="c d=e"|13 f=1`,
		"人.数=3 a=1":                          "1 人.数=3|7 a=1",
		`contracts."s 2".price=1M CNY a.b=1`: `1 contracts."s 2".price=1M CNY|30 a.b=1`,
		"nonsense":                           "1 nonsense",
		"a.b= c.d=2":                         "1 a.b=|6 c.d=2",
	} {
		var got []string
		for _, a := range split("--with", 1, text) {
			got = append(got, fmt.Sprint(a.Col, " ", a.Text))
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}

// Comparisons and sweeps of another version are refused wherever they are read, in both languages.
func TestStudiesOfAnotherVersion(t *testing.T) {
	for _, kind := range []string{record.Comparison, record.Sweep} {
		dir := filepath.Join(t.TempDir(), kind)
		study := record.Study{Kind: kind, Version: "0.0.1", Designs: []record.StudyDesign{{File: record.ScenarioFile}}}
		files := []record.File{{Name: record.ScenarioFile, Text: []byte("run:\n")}, {Name: record.SummaryFile, Text: []byte("{}\n")}}
		if err := record.WriteStudy(dir, study, files, false); err != nil {
			t.Fatal(err)
		}
		again := []string{map[string]string{record.Comparison: "compare", record.Sweep: "sweep"}[kind], "--again", dir}
		for _, args := range [][]string{again, {"report", dir}, append(again, "--lang", "zh")} {
			code, out, msg := call(t.Context(), args...)
			want := "is of version 0.0.1, this is " + Version
			if args[len(args)-1] == "zh" {
				want = "属于版本 0.0.1，本程序为 " + Version
			}
			if code != BadInput || out != "" || !strings.Contains(msg, want) {
				t.Errorf("%v: %d %q %q", args, code, out, msg)
			}
		}
	}
}
