package scenarios

import (
	"maps"
	"slices"
	"strings"
)

// sortedKeys are the keys of a mapping in the order in which ids are given.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// nearest is the legal name most like name, or "" if none is: at most a third of its letters, and one in
// short names, may differ.
func nearest(name string, legal []string) string {
	best, bound := "", max(len([]rune(name))/3, 1)+1
	for _, l := range legal {
		if d := distance(name, l); d < bound {
			best, bound = l, d
		}
	}
	return best
}

// Nearest and List serve the readers of other files in the same words.
func Nearest(name string, legal []string) string { return nearest(name, legal) }

// List joins legal names for a message, or is "" where they are too many to help.
func List(names []string) string { return list(names) }

// distance is the number of letters to insert, delete, replace or swap with the next (optimal string alignment).
func distance(a, b string) int {
	x, y := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	if len(x) > 80 || len(y) > 80 {
		return 80
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}

// list joins names for a message; more than 24 would not help and give "".
func list(names []string) string {
	if len(names) > 24 {
		return ""
	}
	return strings.Join(names, ", ")
}
