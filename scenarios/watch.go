package scenarios

import (
	"strings"

	"slasim/scenarios/internal/tree"
)

// WatchHeads is how many people one seat awake round the clock takes: four in turn and one for their leave. An assumption; an
// engineer's yearly hours less leave and sickness come to about 4.7 for 8,760 h.
const WatchHeads = 5

// watched are the keys of a team that a watch like it has as well.
var watched = []string{"place", "roles", "tier", "skills", "contracts", "rates", "mobilise", "return", "shift_end", "pay", "loaded", "hours_per_year", "cost_share"}

// Watch is a team like another, awake at the same place round the clock in shifts of 12 h: what --set takes to add it with
// nobody in it, and the path of its heads, of which WatchHeads are one seat.
func (s *Scenario) Watch(team string) (set []string, heads string) {
	id := team + "_awake"
	at := dotted([]string{"people", id})
	add := func(key, value string) { set = append(set, at+"."+key+"="+value) }
	for _, key := range watched {
		if n, ok := s.root.Find("people", team, key); ok {
			leaves(n, key, add)
		}
	}
	add("headcount", "0")
	add("cover", "true")
	add("roster.shifts.D", "08:00-20:00")
	add("roster.shifts.N", "20:00-08:00")
	add("roster.cycle", "D N - - -")
	return set, at + ".headcount"
}

// leaves adds the values below n, each with its path.
func leaves(n *tree.Node, path string, add func(path, value string)) {
	if n.Kind != tree.Mapping {
		add(path, strings.TrimSpace(string(tree.Print(n, false))))
		return
	}
	for _, k := range n.Keys {
		leaves(n.Get(k), path+"."+dotted([]string{k}), add)
	}
}

// Stocked is the level of a part at a depot, as a scenario writes a plain number; false if it is written otherwise, or the
// scenario has no such depot. A part that the depot does not keep has the level 0.
func (s *Scenario) Stocked(depot, part string) (level int, path string, ok bool) {
	path = dotted([]string{"parts", "depots", depot, "stock", part})
	if _, known := s.File.Parts.Depots[depot]; !known {
		return 0, path, false
	}
	n, found := s.root.Find("parts", "depots", depot, "stock", part)
	if !found {
		return 0, path, true
	}
	if n.Kind != tree.Scalar {
		return 0, path, false
	}
	x, bad := parseNumber(n.Value)
	return int(x), path, !bad
}
