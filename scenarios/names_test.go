package scenarios

import "testing"

func TestNearest(t *testing.T) {
	list := []string{"run", "report", "feasible", "schema"}
	for word, want := range map[string]string{"rnu": "run", "repotr": "report", "feasable": "feasible", "shcema": "schema", "xyz": "", "RUN": "run"} {
		if got := nearest(word, list); got != want {
			t.Errorf("nearest(%q) = %q, want %q", word, got, want)
		}
	}
}
