//go:build long

package sim_test

import (
	"math/rand/v2"
	"testing"

	"slasim/sim"
)

// Random mixtures of options, run with the recount of the tag invariants:
//
//	go test -tags 'long invariants' -run Mixtures ./sim/
//
// A mixture that fails is printed with its keys, to be set again with --set.
func TestMixtures(t *testing.T) {
	menu := [][]string{
		{"dispatch.policy=redirect", "dispatch.policy=least_slack", "dispatch.policy=reserve_one", "dispatch.policy=earliest_due", "dispatch.policy=nearest_free"},
		{"dispatch.preempt=lower", "dispatch.preempt=planned", "dispatch.preempt=none"},
		{"people.field_shenyang.shift_end=hand_over", "people.remote.shift_end=finish"},
		{"people.field_shenyang.return=stay", "people.field_shenyang.return=must_return"},
		{"people.seniors.shift_end=hand_over", "people.seniors.return=stay", "people.seniors.return=must_return"},
		{"people.field_shenyang.roles=[field, planned, remote, support]"},
		{"contracts.s2.declare=mix", "contracts.s2.declare=forecast"},
		{"contracts.s2.ladder.team.after=20m", "contracts.s2.ladder.team.after=4h"},
		{"contracts.s2.ladder.senior.after=10m", "contracts.s2.ladder.senior.join=site", "contracts.s2.ladder.senior.holds=null"},
		{"contracts.s2.ladder.vendor.after=2h", "contracts.s2.process.loaner_after=1h"},
		{"contracts.s2.process.max_hold=10m", "contracts.s2.process.max_hold=none"},
		{"contracts.s2.process.remote=direct", "contracts.s2.process.remote=none"},
		{"contracts.s2.process.phone.patience=2m", "contracts.s2.process.phone.share=0.2"},
		{"contracts.s2.process.remote_approval.holds=true", "contracts.s2.process.revision=1", "contracts.s2.process.customer_absent.probability=1"},
		{"parts.source=engineer_base"},
		{"parts.depots.shenyang.stock.disk={reorder: 1, up_to: 4}", "parts.depots.dalian.parent=shenyang"},
		{"run.after_horizon=stop", "run.after_horizon=run_on"},
		{"run.start=steady"},
		{"equipment.scale=4", "equipment.scale=8"},
		{"people.field_shenyang.headcount=2", "people.field_shenyang.headcount=12"},
		{"people.field_shenyang.background_load=0.4", "people.field_shenyang.sick=0.2"},
		{"contracts.s2.process.hand_over=10m", "contracts.s2.process.new_fault=0.4"},
	}
	for i := range 60 {
		r := rand.New(rand.NewPCG(8, uint64(i)))
		set := []string{"run.term=40d"}
		for _, m := range menu {
			if k := r.IntN(len(m) + 1); k < len(m) {
				set = append(set, m[k])
			}
		}
		name := []string{"liaoning", "liaoning-b", "liaoning-c"}[r.IntN(3)]
		t.Run("", func(t *testing.T) {
			w := scenario(t, name, set...)
			defer func() {
				if x := recover(); x != nil {
					t.Fatalf("%v\n%s %q", x, name, set)
				}
			}()
			if _, err := sim.New(w).Run(i, quiet{}, nil, false); err != nil {
				t.Errorf("%v\n%s %q", err, name, set)
			}
		})
	}
}
