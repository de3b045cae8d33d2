package scenarios

import (
	"slices"

	"slasim/model"
	"slasim/scenarios/internal/tree"
)

// Differences lists, by path, where b says something else than a: what is simulated, judged or paid. The title, the description,
// the seed, the number of replications, what is watched and what a plan may vary are no difference.
func Differences(a, b *Scenario) []model.Change {
	list := []model.Change{}
	tree.Differ(a.root, b.root, func(path []string, x, y *tree.Node) {
		unsaid := len(path) > 1 && path[0] == "run" && slices.Contains([]string{"title", "description", "seed", "replications", "watch"}, path[1])
		if !unsaid && (len(path) == 0 || path[0] != "plan") {
			list = append(list, model.Change{Path: dotted(path), From: brief(x), To: brief(y)})
		}
	})
	return list
}
