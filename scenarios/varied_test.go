package scenarios

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"slasim/model"
)

func TestReadVaried(t *testing.T) {
	for _, c := range []struct{ text, want, numbers, unit string }{
		{"people.x.headcount=2..5", "2 3 4 5", "[2 3 4 5]", ""},
		{"people.x.headcount=2..8/3", "2 5 8", "[2 5 8]", ""},
		{"people.x.headcount=2..7/3", "2 5", "[2 5]", ""}, // the end is not passed
		{"travel.speed=60,80,100km/h", "60km/h 80km/h 100km/h", "[60 80 100]", "km/h"},
		{"travel.speed=60 km/h, 80 km/h", "60 km/h|80 km/h", "[60 80]", "km/h"},
		{"travel.speed=60..100/20km/h", "60km/h 80km/h 100km/h", "[60 80 100]", "km/h"},
		{"travel.speed=60km/h..100km/h/20km/h", "60km/h 80km/h 100km/h", "[60 80 100]", "km/h"},
		{"faults.scale=0.5..1.5/0.25", "0.5 0.75 1 1.25 1.5", "[0.5 0.75 1 1.25 1.5]", ""},
		{"faults.scale=0.1..0.3/0.1", "0.1 0.2 0.3", "[0.1 0.2 0.3]", ""}, // 0.1 + 2·0.1 is above 0.3 in binary
		{"x.rate=0.1/y..0.3/y/0.1", "0.1/y 0.2/y 0.3/y", "[0.1 0.2 0.3]", "/y"},
		{"x.rate=0.1,0.2/y", "0.1/y 0.2/y", "[0.1 0.2]", "/y"},
		{"x.pay=80k CNY,100k CNY", "80k CNY|100k CNY", "[80 100]", "k CNY"},
		{"x.pay=80k,100k CNY", "80k CNY|100k CNY", "[80 100]", "k CNY"},
		{"x.limit=30m,1h", "30m 1h", "[]", ""}, // two units: words
		{"x.share=50..70/10%", "50% 60% 70%", "[50 60 70]", "%"},
		{"x.t=-5..5/5", "-5 0 5", "[-5 0 5]", ""},
		{"dispatch.policy=nearest_free,severity_age", "nearest_free severity_age", "[]", ""},
		{"x.list=[a, b],[c]", "[a, b]|[c]", "[]", ""},
		{`x.map={a: 1, b: "x,y"},{a: 2}`, `{a: 1, b: "x,y"}|{a: 2}`, "[]", ""},
		{"x.n=1,2,5..7", "1 2 5 6 7", "[1 2 5 6 7]", ""},
		{"x.h=1h,3..5h", "1h 3h 4h 5h", "[1 3 4 5]", "h"},
		{"x.n=3..3", "3", "[3]", ""},
		{"x.n=2 .. 8 / 3", "2 5 8", "[2 5 8]", ""},
		{"people.*.headcount=0..1", "0 1", "[0 1]", ""},
		{"x.from=08:00,09:30", "08:00 09:30", "[]", ""},
	} {
		v, found := ReadVaried(c.text, model.Pos{Line: 1, Col: 1})
		if len(found) > 0 {
			t.Errorf("%s: %v", c.text, found)
			continue
		}
		want := strings.Fields(c.want)
		if strings.ContainsAny(c.want, "|[{") {
			want = strings.Split(c.want, "|")
		}
		if numbers := fmt.Sprint(v.Numbers); !slices.Equal(v.Values, want) || numbers != c.numbers || v.Unit != c.unit {
			t.Errorf("%s is %q, %s %s, want %q, %s %s", c.text, v.Values, numbers, v.Unit, want, c.numbers, c.unit)
		}
	}
}

// A * stands for any part of a key there is.
func TestVaryKeys(t *testing.T) {
	s, found := Load("liaoning-c", Options{})
	if found.HasErrors() {
		t.Fatal(found)
	}
	for pattern, want := range map[string]int{"people.partner_*.headcount": 12, "people.field_*.headcount": 2, "people.*_dalian.headcount": 1,
		"parts.depots.*.stock.router_*": 4, "people.nobody_*.headcount": 0} {
		list, found := s.Vary(pattern+"=0..1", model.Pos{Line: 1, Col: 1})
		if len(list) != want || found.HasErrors() != (want == 0) {
			t.Errorf("%s: %v, %v", pattern, list, found)
		}
	}
}

func TestReadVariedRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"nonsense":             CodeVaryForm + " 1",
		"a..b=3":               CodeVaryForm + " 1",
		"=3":                   CodeVaryForm + " 1",
		"x.n=":                 CodeVaryEmpty + " 5",
		"x.n=1,,3":             CodeVaryEmpty + " 7",
		"x.n=5..2":             CodeVaryRange + " 5",
		"x.n=1,5..2":           CodeVaryRange + " 7",
		"x.n=0.5..2":           CodeVaryNoStep + " 5",
		"x.n=1..5/0":           CodeVaryStep + " 5",
		"x.n=1..5/-1":          CodeVaryStep + " 5",
		"x.n=1m..5h/1h":        CodeVaryUnits + " 5",
		"x.n=1..1000000000":    CodeVaryLong + " 5",
		"x.n=1,2,1":            CodeVaryTwice + " 9",
		"x.n=1..3,2":           CodeVaryTwice + " 10",
		"run.seed=1..3":        CodeVaryCommon + " 1",
		"run.replications=1,2": CodeVaryCommon + " 1",
	} {
		_, found := ReadVaried(text, model.Pos{Line: 3, Col: 9})
		if len(found) != 1 || fmt.Sprint(found[0].Msg.Code, " ", found[0].Pos.Col-8) != want {
			t.Errorf("%s: %v, want %s", text, found, want)
		}
	}
}
