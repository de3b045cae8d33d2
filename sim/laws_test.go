package sim_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"slasim/model"
	"slasim/model/contract"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/scenarios"
	"slasim/sim"
	"slasim/sim/experiment"
	"slasim/sim/judge"
)

func scenario(t testing.TB, name string, set ...string) *world.World {
	t.Helper()
	s, diags := scenarios.Load(name, scenarios.Options{Set: set})
	if diags.HasErrors() {
		t.Fatalf("%s %v: %v", name, set, diags)
	}
	return s.World
}

// run is one replication with all it leaves behind.
func run(t testing.TB, w *world.World, rep int) *storyLog {
	t.Helper()
	log := &storyLog{w: w, judge: judgeOf(w)}
	tot, err := sim.New(w).Run(rep, log, log, false)
	if err != nil {
		t.Fatal(err)
	}
	log.totals = tot
	return log
}

// Every event of these worlds is followed by a recount if the build has the tag invariants; without it they only run.
// The worlds have between them every policy, stock rule, way home and kind of work.
func TestConservation(t *testing.T) {
	liaoning := []string{"run.term=60d", "equipment.scale=3"}
	for _, c := range []struct {
		name string
		set  []string
	}{
		{"w2", []string{"run.term=60d"}},
		{"mm3", []string{"run.term=30d"}},
		{"liaoning", liaoning},
		{"liaoning", append(liaoning, "dispatch.policy=redirect", "dispatch.preempt=lower", "people.field_shenyang.shift_end=hand_over", "people.field_dalian.return=stay")},
		{"liaoning", append(liaoning, "dispatch.policy=least_slack", "people.field_shenyang.headcount=2", "parts.depots.shenyang.stock.disk={reorder: 1, up_to: 4}", "parts.depots.dalian.parent=shenyang", "parts.depots.dalian.transport=6h")},
		{"liaoning", append(liaoning, "dispatch.policy=reserve_one", "run.start=steady", "run.warm_up=30d", "run.after_horizon=run_on", "contracts.s2.process.phone.patience=10m")},
		{"liaoning", append(liaoning, "run.after_horizon=stop", "contracts.s2.process.max_hold=30m", "contracts.s2.ladder.vendor.after=6h", "contracts.s2.process.complaint.share=0.5")},
		{"liaoning-b", liaoning},
		{"liaoning-c", liaoning},
	} {
		t.Run(strings.Join(append([]string{c.name}, c.set...), " "), func(t *testing.T) {
			w := scenario(t, c.name, c.set...)
			e := sim.New(w)
			for rep := range 2 {
				if _, err := e.Run(rep, quiet{}, nil, false); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// One worker, two, five: the same report to the byte.
func TestWorkersDoNotCount(t *testing.T) {
	w := scenario(t, "liaoning", "run.term=120d")
	var first []byte
	for _, workers := range []int{1, 2, 5} {
		res, err := experiment.Run(context.Background(), w, experiment.Options{Replications: 7, Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(experiment.Report(w, res, judge.RunInfo{}))
		if err != nil {
			t.Fatal(err)
		}
		for _, tot := range res.Totals {
			got = fmt.Appendf(got, " %x %x", tot.Fingerprint, tot.StreamFingerprint)
		}
		if first == nil {
			first = got
		} else if string(got) != string(first) {
			t.Errorf("%d workers answer otherwise than one", workers)
		}
	}
}

// A replication is itself whatever was run before it, and however the run is split.
func TestReplicationAgain(t *testing.T) {
	w := scenario(t, "liaoning", "run.term=120d")
	e := sim.New(w)
	prints := func(reps ...int) map[int]string {
		out := map[int]string{}
		for _, rep := range reps {
			log := &storyLog{w: w, judge: judgeOf(w)}
			tot, err := e.Run(rep, log, log, false)
			if err != nil {
				t.Fatal(err)
			}
			log.totals = tot
			out[rep] = fmt.Sprintf("%x %x\n", tot.Fingerprint, tot.StreamFingerprint) + log.milestones() + log.people() + log.stock() + log.sums()
		}
		return out
	}
	forward, backward := prints(0, 1, 2, 3), prints(3, 0, 2, 1, 2)
	if !maps.Equal(forward, backward) {
		t.Error("a replication depends on those before it")
	}
	if forward[0] == forward[1] {
		t.Error("two replications are the same")
	}
}

// The order of keys in a file does not matter: a file turned upside down is the same world.
func TestFileOrder(t *testing.T) {
	text := func(first, second string) string {
		return "run: {title: {en: x, zh: x}, start_date: 2026-01-05, term: 60d}\n" +
			"places: {points: {" + first + ": {lat: 41, lon: 123}, " + second + ": {lat: 41.5, lon: 123.5}}}\n" +
			"travel: {mode: road, speed: 60 km/h, variation: 0.3}\n"
	}
	people := []string{"b_team: {place: a, headcount: 2, roles: [field]}", "a_team: {place: b, headcount: 1, roles: [field]}"}
	classes := []string{
		"z: {rate: 20/y, failures: {f: {share: 1, restore: {dist: exponential, mean: 2h}}, e: {share: 2, restore: 1h}}}",
		"y: {rate: 30/y, failures: {f: {share: 1, restore: {dist: lognormal, mean: 2h, cv: 1}}}}",
	}
	rest := "contracts: {c: {severities: {s: {rank: 1}}, clauses: {k: {text: {en: x, zh: x}, start: reported, stop: restored, limit: 4h}}}}\n"
	file := func(turn bool) string {
		p, c := slices.Clone(people), slices.Clone(classes)
		installed := "{a: {z: 3, y: 2}, b: {y: 1}}"
		head := text("a", "b")
		if turn {
			slices.Reverse(p)
			slices.Reverse(c)
			installed = "{b: {y: 1}, a: {y: 2, z: 3}}"
			head = strings.Replace(text("b", "a"), "lat: 41,", "LAT", 1)
			head = strings.Replace(head, "lat: 41.5, lon: 123.5", "lat: 41, lon: 123", 1)
			head = strings.Replace(head, "LAT lon: 123", "lat: 41.5, lon: 123.5", 1)
		}
		parts := []string{head, "people: {" + strings.Join(p, ", ") + "}\n", "equipment: {classes: {" + strings.Join(c, ", ") + "}, installed: " + installed + "}\n", rest}
		if turn {
			slices.Reverse(parts)
		}
		return strings.Join(parts, "")
	}
	var logs []string
	for _, turn := range []bool{false, true} {
		name := t.TempDir() + "/x.yaml"
		if err := os.WriteFile(name, []byte(file(turn)), 0o644); err != nil {
			t.Fatal(err)
		}
		log := run(t, scenario(t, name), 0)
		logs = append(logs, fmt.Sprintf("%x\n", log.totals.Fingerprint)+log.milestones()+log.people())
	}
	if logs[0] != logs[1] {
		t.Error(gocmp.Diff(strings.Split(logs[0], "\n"), strings.Split(logs[1], "\n")))
	}
	if strings.Count(logs[0], "restored") < 10 {
		t.Error("hardly anything happens in this world")
	}
}

// A looser limit never lowers a share, counted on the same replications.
func TestLooserLimitNeverHurts(t *testing.T) {
	limits := []string{"2h", "4h", "8h", "1d", "4d"}
	last := -1
	for _, limit := range limits {
		w := scenario(t, "liaoning", "run.term=180d", "contracts.s2.clauses.S2-44.limit="+limit)
		clause := slices.IndexFunc(w.Clauses, func(c contract.Clause) bool { return c.ID == "S2-44" })
		met, all := 0, 0
		e, j := sim.New(w), judge.New(w)
		for rep := range 3 {
			j.Reset(int32(rep))
			if _, err := e.Run(rep, j, nil, false); err != nil {
				t.Fatal(err)
			}
			c := j.Rep().Clause(clause)
			met, all = met+int(c.Met), all+int(c.Met+c.Breached)
		}
		if met < last {
			t.Errorf("limit %s: %d on time, %d under a tighter one", limit, met, last)
		}
		if all < 50 {
			t.Errorf("limit %s: %d clocks say little", limit, all)
		}
		last = met
	}
}

// With people and parts without limit nobody waits for them: every wait for a person and for stock is 0.
func TestUnlimitedNeverWaits(t *testing.T) {
	set := []string{"run.term=120d", "contracts.s2.process.own_approval=null", "parts.source=engineer_base", "parts.depots.customer_room=null"}
	for _, team := range []string{"desk", "remote", "seniors", "field_shenyang", "field_dalian", "manager"} {
		set = append(set, "people."+team+".roster=null", "people."+team+".headcount=200", "people."+team+".background_load=0",
			"people."+team+".on_call=null", "people."+team+".leave=null", "people."+team+".sick=0")
	}
	for _, depot := range []string{"shenyang", "dalian"} {
		for part := range scenario(t, "liaoning").Parts {
			set = append(set, fmt.Sprintf("parts.depots.%s.stock.%s=500", depot, scenario(t, "liaoning").Parts[part].ID))
		}
	}
	for rep := range 2 {
		log := run(t, scenario(t, "liaoning", set...), rep)
		tickets := 0
		for i := range log.subjects {
			s := &log.subjects[i]
			if s.Kind == model.SubjectTicket {
				tickets++
			}
			for _, v := range s.Intervals {
				switch v.Kind {
				case model.AllBusy, model.NobodyOnShift, model.NoPart:
					t.Errorf("%v %d waits: %v from %v to %v", s.Kind, s.ID, v.Kind, v.Start, v.End)
				case model.DeskQueue: // of a call: until it is answered; of a ticket: with the call itself
					if s.Kind == model.SubjectCall {
						t.Errorf("call %d waits from %v to %v", s.ID, v.Start, v.End)
					}
				}
			}
		}
		if tickets < 50 {
			t.Errorf("%d tickets say little", tickets)
		}
		for k, s := range log.totals.Stock {
			if n := s.Demands - s.FromStock; n != 0 || s.BackorderTime != 0 {
				t.Errorf("stock %d: %d waited", k, n)
			}
		}
	}
}

// A history moved by a whole number of weeks is the same history later: nothing but rosters by the week knows the date
// (no holidays, no months of winter, no weather in this world).
func TestWholeWeeksShift(t *testing.T) {
	name := stories + "/shift-end-work-hand-over.txt"
	var logs []string
	for _, weeks := range []int{0, 1, 3} {
		s := readStory(t, name)
		by := model.Time(weeks) * 7 * model.Day
		for i := range s.world.History {
			s.world.History[i].At += by
		}
		s.tell(t)
		for i := range s.log.subjects {
			for m, at := range s.log.subjects[i].Milestones {
				if at != model.Unset {
					s.log.subjects[i].Milestones[m] -= by
				}
			}
		}
		for i := range s.log.spans {
			s.log.spans[i].Start -= by
			s.log.spans[i].End -= by
		}
		logs = append(logs, s.log.milestones()+s.log.people())
	}
	if logs[0] != logs[1] || logs[0] != logs[2] {
		t.Errorf("a week later:\n%s\nnot\n%s", logs[1], logs[0])
	}
}

// Common random numbers: designs meet the same faults. Head count, rosters, stock, places and policy change what happens,
// not the primary stream; the rate of a class, the seed and the replication change it.
func TestStreamsDoNotSeeTheDesign(t *testing.T) {
	base := run(t, scenario(t, "liaoning", "run.term=180d"), 1).totals.Clone()
	for _, set := range [][]string{
		{"people.field_shenyang.headcount=2"}, {"people.remote.headcount=20"}, {"people.field_dalian.place=jinzhou"},
		{"parts.depots.shenyang.stock.disk=0"}, {"dispatch.policy=earliest_due"}, {"dispatch.preempt=none"},
		{"people.desk.background_load=0.3"}, {"contracts.s2.process.phone.share=0.2"}, {"planned.jobs.inspection.findings=0.01"},
		{"contracts.s2.process.new_fault=0.5"}, {"run.after_horizon=stop"},
	} {
		got := run(t, scenario(t, "liaoning", append(set, "run.term=180d")...), 1).totals
		if got.StreamFingerprint != base.StreamFingerprint {
			t.Errorf("%v changes the faults", set)
		}
		if got.Fingerprint == base.Fingerprint {
			t.Errorf("%v changes nothing", set)
		}
	}
	for _, set := range []string{"equipment.classes.switch.rate=0.3/y", "run.seed=2", "faults.bursts.lightning.rate=9/y"} {
		if run(t, scenario(t, "liaoning", set, "run.term=180d"), 1).totals.StreamFingerprint == base.StreamFingerprint {
			t.Errorf("%s does not change the faults", set)
		}
	}
	if run(t, scenario(t, "liaoning", "run.term=180d"), 2).totals.StreamFingerprint == base.StreamFingerprint {
		t.Error("two replications have the same faults")
	}
}

// The weather of a day is drawn once a region: two trips that leave for a region at one instant are slowed alike, and
// trips to another region are not always.
func TestWeatherIsShared(t *testing.T) {
	s := readStory(t, stories+"/weather-by-region.txt")
	w := s.load(t, "travel.weather.snow.days_per_year=180", "travel.weather.snow.regions=null", "places.points.far.region=west", "people.field.headcount=4")
	w.History = nil
	for day := range 20 {
		for i, place := range []string{"near", "near", "far"} {
			date := w.Start.AddDate(0, 0, day).Format(time.DateOnly)
			h := historyOf(t, w, []string{date, "10:00", place + "/unit"})
			h.ID = fmt.Sprint(3*day + i)
			w.History = append(w.History, h)
		}
	}
	snowed, apart := 0, 0
	for rep := range 3 {
		trips := map[string][]model.Time{}
		for _, x := range run(t, w, rep).subjects {
			if x.Kind == model.SubjectTicket {
				at := x.Milestones[model.Departed]
				key := fmt.Sprint(int(at/model.Day)) + w.Places[x.Site].ID
				trips[key] = append(trips[key], x.Milestones[model.Arrived]-at)
			}
		}
		for day := range 20 {
			near, far := trips[fmt.Sprint(day)+"near"], trips[fmt.Sprint(day)+"far"]
			if len(near) != 2 || len(far) != 1 || near[0] != near[1] {
				t.Fatalf("day %d: trips of %v to near, %v to far", day, near, far)
			}
			if near[0] == 2*time.Hour {
				snowed++
			} else if near[0] != time.Hour {
				t.Fatalf("day %d: a trip of %v", day, near[0])
			}
			if 2*near[0] != far[0] { // far is twice as far
				apart++
			}
		}
	}
	// 180 of 365 days: of 60 days 29.6 ± 3.9 have snow; the regions differ on as many.
	if snowed < 14 || snowed > 45 || apart < 14 || apart > 45 {
		t.Errorf("of 60 days %d have snow, on %d the regions differ; want about 30", snowed, apart)
	}
}

// What is not used costs nothing and changes nothing: a team that may do nothing, a part nobody needs, a clause.
func TestUnusedIsInert(t *testing.T) {
	base := run(t, scenario(t, "w2", "run.term=60d"), 0)
	for _, set := range []string{
		"people.zz={place: b1, headcount: 3, roles: [approver], contracts: []}",
		"parts.items.zz={lead: 3d}",
		"contracts.w2.clauses.zz={text: {en: x, zh: x}, start: reported, stop: restored, limit: 4h}",
	} {
		w := scenario(t, "w2", "run.term=60d", set)
		if strings.HasPrefix(set, "people") { // an approver is asked only if the contract wants one
			w.Teams[len(w.Teams)-1].Contracts = 0
		}
		log := run(t, w, 0)
		if log.milestones() != base.milestones() {
			t.Errorf("%s changes milestones", set)
		}
	}
}

var _ trail.DetailSink = (*storyLog)(nil)

// Further calls about a fault take the desk's time and nothing else: whoever drives to it drives as long as if nobody had
// called again. (The draws of a trip are named by the trip.)
func TestFurtherCallsChangeNoTrip(t *testing.T) {
	set := []string{"run.term=120d", "people.desk.headcount=40", "people.desk.background_load=0",
		"contracts.s2.process.complaint.share=0", "contracts.s2.process.complaint.share_late=0", "contracts.s2.process.call_back.share=0"}
	quiet := run(t, scenario(t, "liaoning", append(set, "contracts.s2.process.phone.contacts=0")...), 0)
	called := run(t, scenario(t, "liaoning", append(set, "contracts.s2.process.phone.contacts=20")...), 0)
	with := map[uint64]*trail.Subject{}
	for i := range called.subjects {
		if s := &called.subjects[i]; s.Kind == model.SubjectTicket {
			with[s.Key] = s
		}
	}
	visits := 0
	for i := range quiet.subjects {
		s := &quiet.subjects[i]
		if s.Kind != model.SubjectTicket {
			continue
		}
		o := with[s.Key]
		if o == nil || !slices.Equal(s.Milestones, o.Milestones) || !slices.Equal(s.Intervals, o.Intervals) {
			t.Fatalf("ticket %d is another when the customer calls again", s.ID)
		}
		if s.Milestones[model.Arrived] != model.Unset {
			visits++
		}
	}
	if len(with) < 100 || visits < 30 {
		t.Errorf("only %d tickets and %d visits were looked at", len(with), visits)
	}
}

// The key of a subject names it whatever the staffing: no two of a kind share one, and with other people the same faults,
// calls, jobs and reports have the same keys.
func TestKeysNameSubjects(t *testing.T) {
	for _, x := range [][]string{{"liaoning"}, {"s3", "planned.jobs.last_inspection=null", "contracts.s3.clauses.S3-31=null"}, {"s5"}} {
		name := x[0]
		keys := func(set ...string) map[[2]uint64]*trail.Subject {
			log := run(t, scenario(t, name, append(append(set, "run.term=180d"), x[1:]...)...), 0)
			all := map[[2]uint64]*trail.Subject{}
			for i := range log.subjects {
				s := &log.subjects[i]
				k := [2]uint64{uint64(s.Kind), s.Key}
				if all[k] != nil {
					t.Errorf("%s: %v %d and %d have one key", name, s.Kind, all[k].ID, s.ID)
				}
				all[k] = s
			}
			return all
		}
		few, many := keys("dispatch.policy=nearest_free"), keys("dispatch.policy=severity_age")
		kinds := map[model.Subject]int{}
		for k, s := range few {
			if s.Kind == model.SubjectComplaint || s.Parent >= 0 || s.Kind == model.SubjectTicket && many[k] == nil {
				continue // what the design causes
			}
			o := many[k]
			if o == nil || s.Site != o.Site || s.Source != o.Source || s.Plan != o.Plan || s.Milestones[0] != o.Milestones[0] {
				t.Fatalf("%s: %v %d is not found again", name, s.Kind, s.ID)
			}
			kinds[s.Kind]++
		}
		for _, k := range []model.Subject{model.SubjectTicket, model.SubjectJob, model.SubjectDeliverable} {
			if kinds[k] == 0 {
				t.Errorf("%s: no %v was looked at", name, k)
			}
		}
	}
}
