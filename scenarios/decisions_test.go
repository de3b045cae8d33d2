package scenarios

import (
	"fmt"
	"testing"
)

// Every decision A-01 … A-63 is expressed by a switch, or there is a reason why not.
func TestDecisions(t *testing.T) {
	list := Decisions()
	if len(list) != 63 {
		t.Errorf("%d decisions, 63 are numbered", len(list))
	}
	reasons := map[string]bool{"text": true, "key": true, "parameter": true, "judged_alike": true, "unsupported": true, "outside": true}
	for i, d := range list {
		if want := fmt.Sprintf("A-%02d", i+1); d.ID != want {
			t.Fatalf("decision %d is %s, not %s", i+1, d.ID, want)
		}
		if (len(d.Switches) == 0) != reasons[d.Reason] {
			t.Errorf("%s has the switches %v and the reason %q", d.ID, d.Switches, d.Reason)
		}
		if d.Reason == "key" && d.Key == "" {
			t.Errorf("%s is said to be a key, but not which", d.ID)
		}
	}
	for _, s := range switches {
		for _, end := range []string{s.strict, s.lenient} {
			found := end == ""
			for _, v := range s.values {
				found = found || v == end
			}
			if !found {
				t.Errorf("%s: %s is none of its values %v", s.name, end, s.values)
			}
		}
	}
}
