//go:build long

package plan

import (
	"context"
	"fmt"
	"testing"

	"slasim/model/world"
	"slasim/sim/stats"
)

// The proof is honest: of 200 plans on different random numbers, those designs that are declared to hold do so in at least the
// share that is stated, 95 % of the time or more. What a design truly comes to is told by 6000 further years. The target of the
// clause is put where designs come close to the assurance, so that luck would show.
func TestProofIsHonest(t *testing.T) {
	vary := []string{"people.*.headcount=0..2", "parts.depots.a.stock.fan=1..4"}
	set := []string{"contracts.c.clauses.there.target=0.93", "parts.depots.b.stock.fan=2", "parts.depots.a.stock.card=3", "parts.depots.b.stock.card=3"}
	truth := map[string]float64{}
	base := problem(t, "two-bases", set, vary...)
	declared, right := 0, 0
	for k := range 200 {
		p := problem(t, "two-bases", set, vary...)
		p.Search, p.Proof = 120, 240
		raw := p.World
		p.World = func(d Design) (*world.World, error) {
			w, err := raw(d)
			if err == nil {
				w.Seed = uint64(1000 + k)
			}
			return w, err
		}
		r, err := Plan(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		if !r.Holds {
			continue
		}
		declared++
		key := fmt.Sprint(textsOf(r), r.Chosen)
		if _, ok := truth[key]; !ok {
			truth[key] = trueShare(t, base, r)
		}
		if truth[key] >= r.Assurance {
			right++
		}
	}
	lo, _ := stats.ClopperPearson(right, declared, 0.95)
	t.Logf("%d of 200 plans declared a design to hold, %d of which do (at least %.3f); true shares %v", declared, right, lo, truth)
	if declared < 100 {
		t.Errorf("only %d plans declared a design to hold: the test shows little", declared)
	}
	if float64(right) < confidence*float64(declared) {
		t.Errorf("%d of %d designs that were declared to hold do", right, declared)
	}
}

// trueShare is the share of 6000 further years in which the plan's clauses hold together.
func trueShare(t *testing.T, base *Problem, r *Result) float64 {
	t.Helper()
	q := *base
	s := &search{ctx: context.Background(), p: &q, found: map[uint64]map[string]*Finding{}, limits: map[int]int{}, years: 1}
	var d Design
	for i, v := range base.Variables {
		for k, text := range v.Values {
			if text == r.Variables[i].Value {
				d = append(d, k)
			}
		}
	}
	w, err := base.World(d)
	if err != nil {
		t.Fatal(err)
	}
	s.first, s.clauses = w, judged(w)
	q.Clauses = r.Chosen
	set, err := s.wanted()
	if err != nil {
		t.Fatal(err)
	}
	const years = 6000
	f, err := s.finding(987654321, d, years)
	if err != nil {
		t.Fatal(err)
	}
	failed, _ := f.failures(s, set, years)
	return 1 - float64(failed)/years
}
