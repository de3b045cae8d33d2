package scenarios

import (
	"slices"
	"testing"

	"slasim/model"
)

// A watch is a team like another, with its pay and place, on no call, and somebody of it is on shift at every moment of the
// term. With nobody in it the world is the same but for the team.
func TestWatch(t *testing.T) {
	s, diags := Load("liaoning", Options{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	set, heads := s.Watch("field_dalian")
	none, diags := Load("liaoning", Options{Set: set})
	if diags.HasErrors() || len(none.World.Persons) != len(s.World.Persons) {
		t.Fatalf("%v, %d people for %d", diags, len(none.World.Persons), len(s.World.Persons))
	}
	w, diags := Load("liaoning", Options{Set: append(set, heads+"=5")})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var like, watch int
	for i := range w.World.Teams {
		switch w.World.Teams[i].ID {
		case "field_dalian":
			like = i
		case "field_dalian_awake":
			watch = i
		}
	}
	a, b := &w.World.Teams[like], &w.World.Teams[watch]
	if b.Count != WatchHeads || a.Place != b.Place || a.Roles != b.Roles || a.Rate != b.Rate || a.Pay.Annual != b.Pay.Annual || !b.Cover {
		t.Errorf("%+v is no watch like %+v", b, a)
	}
	type change struct {
		at model.Time
		by int
	}
	var list []change
	for i := range b.Count {
		for _, d := range w.World.Persons[b.First+i].Duties {
			if d.OnCall {
				t.Error("a watch is on call")
			}
			list = append(list, change{max(d.Start, 0), 1}, change{min(max(d.End, 0), w.World.Term), -1})
		}
	}
	slices.SortFunc(list, func(a, b change) int {
		if a.at != b.at {
			return int(a.at - b.at)
		}
		return b.by - a.by // in before out: one relieves the other
	})
	on := 0
	for _, c := range list {
		if on += c.by; on < 1 && c.at < w.World.Term {
			t.Fatalf("nobody is awake at %v", c.at)
		}
	}
}

// The level of a part at a depot: a number, none where it is not kept, unknown where it is a rule or the depot is not there.
func TestStocked(t *testing.T) {
	s, diags := Load("liaoning", Options{Set: []string{"parts.depots.dalian.stock.disk={reorder: 1, up_to: 4}"}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, c := range []struct {
		depot, part string
		level       int
		ok          bool
	}{{"dalian", "battery", 1, true}, {"dalian", "loaner_router", 0, true}, {"dalian", "disk", 0, false}, {"nowhere", "disk", 0, false}} {
		if level, path, ok := s.Stocked(c.depot, c.part); level != c.level || ok != c.ok || path != "parts.depots."+c.depot+".stock."+c.part {
			t.Errorf("%s %s: %d %v %s", c.depot, c.part, level, ok, path)
		}
	}
}
