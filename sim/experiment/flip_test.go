package experiment_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"slasim/model/trail"
	"slasim/scenarios"
	"slasim/scenarios/catalogue"
	"slasim/sim"
)

type nothing struct{}

func (nothing) Subject(*trail.Subject) {}

// fingerprints are those of the first replications of a scenario with some keys changed.
func fingerprints(t *testing.T, name string, set []string) string {
	t.Helper()
	s, diags := scenarios.Load(name, scenarios.Options{Set: set})
	if diags.HasErrors() {
		t.Fatalf("%v: %v", set, diags)
	}
	e := sim.New(s.World)
	var b strings.Builder
	for i := range 4 {
		tot, err := e.Run(i, nothing{}, nil, false)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%x ", tot.Fingerprint)
	}
	return b.String()
}

// flip is how the option of a row is turned, where taking it away (path=null) is not the way: set on top of given.
type flip struct{ given, set []string }

func one(set ...string) flip { return flip{set: set} }

var flips = map[string]flip{
	"S1-01": one("planned.jobs.inspection.per_device=25m"),
	"S1-03": one("people.desk.headcount=2"),
	"S1-04": one("planned.jobs.survey.per_device=50m"),
	"S1-13": one("people.desk.roster.cycle=D - - - -"),
	"S1-14": one("contracts.s1.process.phone.call=25m"),
	"S1-15": one("contracts.s1.process.remote=sequential"),
	"S1-16": one("contracts.s1.process.carry=null"),
	"S1-20": one("contracts.s1.process.record.work=3h"),
	"S1-23": one("people.experts.on_call=null"),

	"S2-03": one("people.field_dalian.skills=[server]"), // others must come for network equipment
	"S2-07": one("parts.courier.fixed=3h"),
	"S2-10": one("planned.jobs.inspection.per_device=25m"),
	"S2-12": {given: []string{"contracts.s2.declare=mix", "contracts.s2.severities.major.mix=0.5", "contracts.s2.process.urgent_first=false"},
		set: []string{"contracts.s2.process.urgent_first=true"}},
	"S2-13": one("contracts.s2.process.phone.share=0.3"), // other paths than the telephone
	"S2-15": one("contracts.s2.ladder.stale={after: 30m, since: responded, unless: restored, stale: true, adds: l3, join: phone}"),
	"S2-16": one("contracts.s2.process.confirm=40m"),
	"S2-18": one("contracts.s2.severities.catastrophic.longer_than=5h"),
	"S2-19": one("contracts.s2.severities.major.longer_than=1h"),
	"S2-20": {given: []string{"contracts.s2.readings.short_outage=as_general"},
		set: []string{"contracts.s2.readings.short_outage=as_general", "contracts.s2.severities.serious.at_least=30m"}},
	"S2-21": one("contracts.s2.readings.short_outage=as_general"),
	"S2-22": one("contracts.s2.process.phone.call=25m"),
	"S2-30": one("contracts.s2.process.general_visits=false"),
	"S2-33": one("equipment.classes.router.failures.card.repair=5h"),
	"S2-39": {given: []string{"dispatch.policy=earliest_due", "people.field_shenyang.headcount=2", "people.field_dalian.headcount=1"},
		set: []string{"contracts.s2.bands.from=[dalian]"}},
	"S2-45": one("equipment.classes.router.failures.card.parts={ups_board: 1}"),
	"S2-50": one("planned.jobs.inspection.per_device=25m"),
	"S2-51": one("faults.scale=0.9"),
	"S2-53": one("planned.jobs.inspection.notice=10"),
	"S2-63": one("people.stationed.headcount=1"),
	"S2-78": one("contracts.s2.ladder.senior.after=30m"),
	"S2-79": one("contracts.s2.ladder.team.after=1h"),
	"S2-80": one("contracts.s2.ladder.vendor.after=3wd"),
	"S2-81": one("contracts.s2.ladder.senior.join=site"),
	"S2-85": one("people.resident.headcount=1"),
	"S2-87": one("planned.jobs.inspection.cancel=0.6"),
	"S2-98": one("contracts.s2.process.site_report=3h"),

	"S3-01": one("people.desk.roster=null"),
	"S3-02": one("parts.depots.hangzhou.stock=null"),
	"S3-03": one("contracts.s3.process.loaner_when=elapsed"),
	"S3-04": one("parts.source=engineer_base", "parts.home=null"),
	"S3-09": one("people.branch_ningbo.cover=true"),
	"S3-11": one("people.manager.headcount=2"),
	"S3-13": one("contracts.s3.process.phone.share=0.3"),
	"S3-14": one("people.desk.headcount=4"),
	"S3-16": one("contracts.s3.process.remote=sequential", "contracts.s3.process.ahead_when=null"),
	"S3-20": one("contracts.s3.process.complaint.loop=0.5"),
	"S3-22": one("contracts.s3.process.visits_until=null", "contracts.s3.process.factory=null"),
	"S3-24": one("contracts.s3.process.phone.call=25m"),
	"S3-25": one("people.branch_ningbo.headcount=1"),
	"S3-27": one("people.branch_ningbo.on_call=null"),
	"S3-29": one("planned.jobs.inspection.per_device=40m"),
	"S3-31": one("planned.jobs.last_inspection.per_device=50m"),
	"S3-34": one("people.remote.headcount=4"),
	"S3-35": one("contracts.s3.process.triage=20m"),
	"S3-36": one("contracts.s3.process.loaner_after=7h"),
	"S3-37": one("contracts.s3.process.replace_on=null"),
	"S3-40": one("contracts.s3.process.talk=30m"),
	"S3-42": one("contracts.s3.process.part_confirm=1h"),
	"S3-43": one("contracts.s3.process.loaner_after=12h"),
	"S3-45": one("people.branch_hangzhou.headcount=1"),
	"S3-46": one("parts.items.loaner_gateway.loaner_for=null", "parts.lateral=parts"),
	"S3-47": one("equipment.classes.gateway.new_unit=disk"),
	"S3-48": one("parts.depots.shanghai.stock=null"),
	"S3-49": one("parts.home=shanghai"),
	"S3-21": one("run.term=1800d"),
	"S3-56": one("run.term=1800d"),
	"S3-51": one("contracts.s3.process.accident_when=null"),
	"S3-53": one("faults.bursts.typhoon=null"),

	"S4-03": one("contracts.s4.phases.construction.until=170d"),
	"S4-05": one("people.builders.headcount=3"),
	"S4-06": one("contracts.s4.phases.trial.faults=1.4"),
	"S4-11": one("contracts.s4.process.confirm=1h"),
	"S4-16": one("contracts.s4.process.remote=none", "contracts.s4.process.sign_off=null"),
	"S4-20": one("people.leader.headcount=2"),
	"S4-21": one("contracts.s4.process.sign_off.company.work=3h"),
	"S4-24": {given: []string{"people.service.headcount=4", "faults.scale=20"}, // its rank goes first where people are short
		set: []string{"people.service.headcount=4", "faults.scale=20", "contracts.s4.severities.i.users_above=0"}},
	"S4-25": one("contracts.s4.process.plan.work=3h"),
	"S4-29": one("contracts.s4.ladder.emergency=null"),
	"S4-38": one("contracts.s4.phases.trial.until=350d"),
	"S4-39": one("people.field.headcount=2"),
	"S4-40": one("contracts.s4.process.talk=20m"),
	"S4-42": one("contracts.s4.process.loaner_after=null", "contracts.s4.process.loaner_when=null"),
	"S4-50": one("people.service.headcount=4"),
	"S4-51": one("travel.entry=1h"),

	"S5-01": one("equipment.classes.server.failures.board.repair=20h"),
	"S5-02": one("equipment.classes.server.failures.system.remote_time=5h"),
	"S5-08": one("dispatch.order=fifo"),
	"S5-18": one("equipment.classes.server.failures.board.repair=5h"),
	"S5-03": one("people.field.headcount=2"),
	"S5-23": one("people.resident.headcount=0"),
	"S5-24": one("people.field.headcount=2"),
	"S5-25": one("people.experts.on_call=null"),
	"S5-26": one("contracts.s5.process.service_hours=null"),
	"S5-27": one("contracts.s5.process.service_hours.severities=[level4]"),
	"S5-28": one("faults.questions.consult.rate=40/y"), // one person who may ask
	"S5-29": one("travel.mobilise.at_base=40m"),
	"S5-30": one("contracts.s5.severities.level1.longer_than=5h"),
	"S5-31": one("contracts.s5.readings.risk_hazard=on"),
	"S5-32": one("contracts.s5.severities.level3.users_above=0.2"),
	"S5-33": one("contracts.s5.severities.level3.users_above=0"),
	"S5-35": one("contracts.s5.process.remote=none"),
	"S5-38": one("people.resident.headcount=0"),
	"S5-39": one("parts.depots.jinan.stock.disk=0"),
	"S5-41": one("people.field.on_call=null"),
	"S5-42": one("contracts.s5.process.loaner_after=4h"),
	"S5-43": one("planned.jobs.inspection.per_device=25m"),
	"S5-44": one("people.key_duty.headcount=0"),
	"S5-45": one("contracts.s5.process.rise_after.level2=4h"),
	"S5-46": one("contracts.s5.severities.level1.longer_than=2m"),
	"S5-47": {given: []string{"contracts.s5.readings.short_outage=as_general"},
		set: []string{"contracts.s5.readings.short_outage=as_general", "contracts.s5.severities.level2.users_above=0.1"}},
	"S5-48": one("contracts.s5.severities.level3.users_above=0.01"),
	"S5-52": one("contracts.s5.process.confirm=50m"),
	"S5-53": one("planned.jobs.before_key_period.per_device=25m"),
	"S5-55": one("people.duty.roster.cycle=D D D -"),
	"S5-56": one("people.field.roster.holidays=0"),
	"S5-57": one("parts.depots.jinan.stock.disk=0"),
	"S5-58": one("contracts.s5.process.detection=25m"),
	"S5-59": one("contracts.s5.process.talk=25m"),
	"S5-60": one("contracts.s5.process.carry=null"),
}

// fixed are rows without anything to turn in their scenario.
var fixed = map[string]string{
	"S1-06": "a number in the record, which every ticket has",
	"S1-08": "a code in the record: the milestones of the ladder, turned by S1-18 and S1-19",

	"S2-25": "a priority orders contracts, and this scenario has one",
	"S2-62": "the customer's duty; training is not simulated",
	"S2-64": "a measure of the tickets inside key periods",
	"S2-65": "the rehearsal has no date",
	"S2-66": "the plan gives no number of changes",
	"S2-91": "the analysis has no period",

	"S3-57": "remote support for life (S3-56) outlasts the three years",
}

// No option is inert: for every row of a plan that changes the simulation, turning what carries it changes the
// trajectory of the plan's scenario.
func TestNoInertOptions(t *testing.T) {
	for _, p := range catalogue.Plans() {
		if !slices.ContainsFunc(scenarios.Embedded(), func(i scenarios.Info) bool { return i.Name == p.Scenario }) {
			continue
		}
		base := fingerprints(t, p.Scenario, nil)
		for i := range p.Rows {
			r := &p.Rows[i]
			path := r.Path(strings.ToLower(p.ID))
			if !strings.Contains(r.Use, "S") || path == "" || fixed[r.ID] != "" {
				continue
			}
			t.Run(r.ID, func(t *testing.T) {
				t.Parallel()
				from, to := base, []string{path + "=null"}
				if f, ok := flips[r.ID]; ok {
					to = append(append([]string(nil), f.given...), f.set...)
					if f.given != nil {
						from = fingerprints(t, p.Scenario, f.given)
					}
				}
				if fingerprints(t, p.Scenario, to) == from {
					t.Errorf("%v changes nothing", to)
				}
			})
		}
	}
}
