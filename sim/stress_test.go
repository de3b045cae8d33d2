//go:build long

package sim_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"slasim/scenarios"
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

// The same with the ways of working of the plans, and with what they share on one pool: teams cut down, sent on, made
// residents, another remote stage, other limits of patience. What a plan does not allow is left out of its mixture.
func TestMixturesOfPlans(t *testing.T) {
	ran := map[string]int{}
	for i := range 80 {
		r := rand.New(rand.NewPCG(9, uint64(i)))
		name := []string{"s1", "s3", "s4", "s5", "portfolio"}[i%5]
		w := scenario(t, name)
		set := []string{"run.term=60d"}
		legal := func(x string) bool {
			_, diags := scenarios.Load(name, scenarios.Options{Set: append(slices.Clip(set), x)})
			return !diags.HasErrors()
		}
		add := func(list ...string) {
			if k := r.IntN(len(list) + 1); k < len(list) && legal(list[k]) {
				set = append(set, list[k])
			}
		}
		if name == "s3" {
			add("contracts.s3.process.visits_until=20d", "contracts.s3.process.visits_until=1d")
			add("parts.lateral=none", "parts.source=engineer_base")
			set = append(set, "planned.jobs.last_inspection.from=20d") // of five years
		}
		add("dispatch.policy=redirect", "dispatch.policy=least_slack", "dispatch.policy=earliest_due", "dispatch.policy=nearest_free")
		add("dispatch.preempt=lower", "dispatch.preempt=planned", "dispatch.preempt=none")
		add("run.after_horizon=stop", "run.after_horizon=run_on")
		add("run.start=steady")
		add("equipment.scale=4", "equipment.scale=12")
		for k := range w.Teams {
			team := "people." + w.Teams[k].ID
			add(team+".headcount=1", team+".headcount=2", team+".headcount=6", team+".background_load=0.4")
			add(team+".return=stay", team+".return=must_return", team+".return=redirect")
			add(team+".shift_end=hand_over", team+".shift_end=finish")
			add(team+".resident=true", team+".sick=0.2", team+".partner={accept: 0.5, delay: 30m, day: 500 CNY, night: 900 CNY}")
		}
		for k := range w.Contracts {
			process := "contracts." + w.Contracts[k].ID + ".process."
			worst := w.Contracts[k].Severities[0].ID
			second := w.Contracts[k].Severities[len(w.Contracts[k].Severities)-1].ID
			add(process+"remote=parallel", process+"remote=sequential", process+"remote=direct")
			add(process+"ahead_when=1", process+"carry=if_free", process+"carry=joint", process+"part_source=nearest_stock")
			add(process+"loaner_after=10m", process+"loaner_when=forecast")
			add(process+"max_hold=10m", process+"max_hold=none")
			add(process+"rise_after={"+second+": 2h}", process+"service_hours={calendar: "+w.CalNames[0]+", severities: ["+worst+", "+second+"]}")
			add(process+"talk=0s", process+"triage=5m", process+"general_visits=false", process+"detection={dist: exponential, mean: 3h}")
			add(process+"remote_approval={day: 30m, holds: true}", process+"authorisation={day: 30m}", process+"quotation={day: 2h}", process+"urgent_first=true")
			add(process+"phone.patience=1m", process+"phone=null", process+"sign_off={all: {over: 1m, day: 4h}}", process+"replace_on=1")
		}
		t.Run("", func(t *testing.T) {
			defer func() {
				if x := recover(); x != nil {
					t.Fatalf("%v\n%s %q", x, name, set)
				}
			}()
			if _, err := sim.New(scenario(t, name, set...)).Run(i, quiet{}, nil, false); err != nil {
				t.Errorf("%v\n%s %q", err, name, set)
			}
			ran[name] += len(set)
		})
	}
	for name, n := range ran {
		if n < 16*8 {
			t.Errorf("%s: %d changes in 16 mixtures", name, n)
		}
	}
}
