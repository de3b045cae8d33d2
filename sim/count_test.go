package sim_test

import (
	"math"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"slasim/model"
	"slasim/model/contract"
	"slasim/model/trail"
	"slasim/scenarios"
	"slasim/sim"
	"slasim/sim/judge"
)

type yearCounts []trail.Subject

func (c *yearCounts) Subject(s *trail.Subject) {
	if s.Kind == model.SubjectPeriod {
		x := *s
		x.Milestones = append([]model.Time(nil), s.Milestones...)
		*c = append(*c, x)
	}
}

const counted = `
run: {title: count, start_date: 2026-01-01, term: 3y, replications: 2}
places: {metric: plane, points: {office: {x_km: 0, y_km: 0}}}
equipment: {classes: {unit: {rate: 0/y, failures: {fault: {share: 1, restore: 1h}}}}, installed: {office: {unit: 1}}}
contracts:
  service:
    severities: {plain: {rank: 1}}
    clauses:
      four: {text: four updates a year, of: period, start: period_end, stop: reached, before: true, limit: 0s, scope: {plan: updates}, target: 1}
people: {clerks: {place: office, headcount: 1, roles: [field, admin]}}
planned: {papers: {updates: {contract: service, per_year: 4, until: 2y, work: 10d}}}
`

// Four updates a year, each in the middle of its quarter of the year, 365 d / 4 = 91.25 d long: the fourth begins on day
// 365 · 7/8 = 319.375 and takes 10 days. Two years are counted, as the third is not in the plan. What is promised a fifth
// time is not reached.
func TestCountsAYear(t *testing.T) {
	for promised, reached := range map[string]model.Time{"4": model.Time(329.375 * 24 * float64(time.Hour)), "5": model.Unset} {
		files := fstest.MapFS{"count.yaml": {Data: []byte(counted)}}
		s, diags := scenarios.Load("count.yaml", scenarios.Options{FS: files, Set: []string{"planned.papers.updates.promised=" + promised}})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		var got yearCounts
		if _, err := sim.New(s.World).Run(0, &got, nil, false); err != nil {
			t.Fatal(err)
		}
		if len(got) != 2 {
			t.Fatalf("promised %s: %d years are counted, want 2", promised, len(got))
		}
		for y, c := range got {
			year := model.Time(y) * 365 * model.Day
			want := reached
			if want != model.Unset {
				want += year
			}
			if c.Milestones[model.CountReached] != want || c.Milestones[model.CountEnd] != year+365*model.Day-model.Time(time.Second) {
				t.Errorf("promised %s, year %d: %v", promised, y, c.Milestones)
			}
		}
		j := judge.New(s.World)
		if _, err := sim.New(s.World).Run(0, j, nil, false); err != nil {
			t.Fatal(err)
		}
		want := judge.Count{Met: 1}
		if reached == model.Unset {
			want = judge.Count{Breached: 1}
		}
		for y, c := range j.Rep().Clauses {
			if y < 2 && c != want || y == 2 && c != (judge.Count{}) {
				t.Errorf("promised %s, year %d: judged %+v", promised, y, c)
			}
		}
	}
}

// Of the Liaoning contract 14,640 devices are visited a year, 0.0005 of which are found faulty: in 40 years 292.8 tickets, within
// four times their standard deviation of 17.1, each of which and no other is judged by the clause about findings.
func TestFindings(t *testing.T) {
	w := scenario(t, "liaoning")
	clause := slices.IndexFunc(w.Clauses, func(c contract.Clause) bool { return c.ID == "S2-54" })
	j, e := judge.New(w), sim.New(w)
	found, judged := 0, int32(0)
	for rep := range 40 {
		j.Reset(int32(rep))
		both := foundAnd{judge: j}
		if _, err := e.Run(rep, &both, nil, false); err != nil {
			t.Fatal(err)
		}
		n := j.Rep().Clause(clause)
		found, judged = found+both.found, judged+n.Met+n.Breached+n.Censored
	}
	if math.Abs(float64(found)-292.8) > 4*17.1 {
		t.Errorf("%d findings in 40 years, want about 293", found)
	}
	if int(judged) != found {
		t.Errorf("%d findings, %d judged", found, judged)
	}
}

// foundAnd counts what inspections found, and hands all to a judge.
type foundAnd struct {
	judge *judge.Judge
	found int
}

func (f *foundAnd) Subject(s *trail.Subject) {
	if s.Kind == model.SubjectTicket && !s.Discarded && s.Tag == contract.Finding {
		f.found++
	}
	f.judge.Subject(s)
}

// The plan S4 puts preventive maintenance at some 4 % of the work on what is in use: of what all but the builders do from
// afar, on site and as planned.
func TestPreventiveShare(t *testing.T) {
	hours := func(set ...string) (planned, all float64) {
		w := scenario(t, "s4", set...)
		e := sim.New(w)
		for rep := range 10 {
			tot, err := e.Run(rep, judge.New(w), nil, false)
			if err != nil {
				t.Fatal(err)
			}
			for i, a := range tot.Activity {
				if w.Teams[i].ID != "builders" {
					planned += float64(a[model.ActPlanned]) / 3600
					all += float64(a[model.ActPlanned]+a[model.ActRemote]+a[model.ActWork]) / 3600
				}
			}
		}
		return planned, all
	}
	with, all := hours()
	without, _ := hours("planned.jobs.preventive=null")
	if share := (with - without) / all; share < 0.035 || share > 0.045 {
		t.Errorf("preventive maintenance is %.3f of the work, want about 0.04", share)
	}
}
