package scenarios

import (
	"slices"
	"testing"
	"testing/fstest"

	"slasim/model"
)

func TestDifferences(t *testing.T) {
	files := fstest.MapFS{"other.yaml": {Data: []byte(`
extends: mm3
run: {title: another, seed: 5, replications: 7}
people: {crew: {headcount: 4, roles: [field]}, second: {place: room, headcount: 1, roles: [field]}}
dispatch: null
`)}}
	base, diags := Load("mm3", Options{})
	other, more := Load("other.yaml", Options{FS: files})
	if diags.HasErrors() || more.HasErrors() {
		t.Fatal(diags, more)
	}
	want := []model.Change{ // the title, the seed and the replications are no difference
		{Path: "dispatch", From: "order: fifo"},
		{Path: "people.crew.headcount", From: "3", To: "4"},
		{Path: "people.second", To: "place: room, headcount: 1, roles: [field]"},
	}
	if got := Differences(base, other); len(got) != len(want) {
		t.Errorf("differences %+v", got)
	} else {
		for i := range want {
			if got[i].Path != want[i].Path || got[i].From != want[i].From || want[i].Path != "people.second" && got[i].To != want[i].To {
				t.Errorf("difference %+v, want %+v", got[i], want[i])
			}
		}
	}
	if got := Differences(base, base); len(got) != 0 {
		t.Errorf("a scenario differs from itself: %+v", got)
	}
	c := model.Change{Path: "people.crew.headcount"}
	for path, want := range map[string]bool{"people": true, "people.crew": true, "people.crew.headcount": true, "people.crew.headcount.x": true,
		"people.cre": false, "equipment": false} {
		if c.Touches(path) != want {
			t.Errorf("%s touches %s: %v", c.Path, path, !want)
		}
	}
}

// TestArgumentsSayWhere: a change of one design of several is reported at its flag, its number and the column in its text.
func TestArgumentsSayWhere(t *testing.T) {
	_, diags := Load("mm3", Options{With: []Argument{
		{Flag: "--with", Number: 2, Col: 1, Text: "people.crew.headcount=4"},
		{Flag: "--with", Number: 2, Col: 25, Text: "people.crew.head=4"},
		{Flag: "--with", Number: 2, Col: 44, Text: "run.term=30"},
	}})
	var got []string
	for _, d := range diags {
		got = append(got, d.Pos.String()+" "+d.Msg.Code)
	}
	if want := []string{"--with:2:25 unknown_key", "--with:2:53 no_unit"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

func TestStressSetsAreNamed(t *testing.T) {
	for _, s := range StressSets() {
		if s.Title.En == "" || s.Title.Zh == "" || s.Description.En == "" || s.Description.Zh == "" {
			t.Errorf("%s: %+v", s.Name, s)
		}
	}
	_, diags := Load("liaoning", Options{SetFiles: []string{"flood-wek"}})
	if len(diags) != 1 || diags[0].Msg.Code != CodeSetNotFound || diags[0].Msg.Args[1] != "flood-week" {
		t.Errorf("%v", diags)
	}
}
