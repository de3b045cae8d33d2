package bound_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"slasim/model"
	"slasim/model/contract"
	"slasim/model/world"
	"slasim/scenarios"
	"slasim/sim/bound"
)

// rowsOf is the rows of a clause of a scenario by site, and its world.
func rowsOf(t *testing.T, name, clause string, set ...string) (map[string][]*bound.Row, *world.World) {
	t.Helper()
	s, diags := scenarios.Load(name, scenarios.Options{Set: set})
	if diags.HasErrors() {
		t.Fatal(name, set, diags)
	}
	w := s.World
	i := slices.IndexFunc(w.Clauses, func(c contract.Clause) bool { return c.ID == clause })
	if i < 0 {
		t.Fatal(name, "has no clause", clause)
	}
	rows, res := map[string][]*bound.Row{}, bound.Compute(w)
	for k := range res.Clauses[i].Rows {
		r := &res.Clauses[i].Rows[k]
		rows[w.Places[r.Site].ID] = append(rows[w.Places[r.Site].ID], r)
	}
	return rows, w
}

// cure is an argument of what would make the only row of a site hold.
func cure(t *testing.T, rows map[string][]*bound.Row, site string, arg int) float64 {
	t.Helper()
	if len(rows[site]) != 1 || rows[site][0].Cure == nil || rows[site][0].Cure.Code != "bound.cure" {
		t.Fatalf("%s has no distance and no speed that would do: %+v", site, rows[site])
	}
	return rows[site][0].Cure.Args[arg].(float64)
}

// The catalogue's arithmetic of the distance table of S2-40 (100 km in 1 h, 300 in 3, 500 in 5, the own town in 30 min): the
// door-to-door speed that the outer edge of each band needs, and how far one service point reaches. Each figure is distance
// over the time that the delay leaves, worked out by hand to the printed digit; it has to come out of what feasible says
// would make the edge of the band hold.
func TestDistanceTable(t *testing.T) {
	edges := []string{"at100", "at300", "at500"}
	for _, x := range []struct {
		delay int // minutes
		kmh   [3]float64
	}{{0, [3]float64{100, 100, 100}}, {10, [3]float64{120, 105.9, 103.4}}, {20, [3]float64{150, 112.5, 107.1}}, {30, [3]float64{200, 120, 111.1}}} {
		rows, _ := rowsOf(t, "../../testdata/worlds/distances.yaml", "arrival", fmt.Sprintf("travel.mobilise.at_base=%dm", x.delay))
		for i, site := range edges {
			if got := cure(t, rows, site, 1); math.Abs(got-x.kmh[i]) > 0.06 { // half a digit, and the second to which a drive is rounded
				t.Errorf("delay %d min, %s: %.2f km/h, want %v", x.delay, site, got, x.kmh[i])
			}
		}
	}
	for _, x := range []struct {
		kmh, delay int
		km         [4]float64
	}{
		{60, 10, [4]float64{20, 50, 170, 290}}, {80, 10, [4]float64{27, 67, 227, 387}}, {80, 20, [4]float64{13, 53, 213, 373}},
		{100, 10, [4]float64{33, 83, 283, 483}},
	} {
		rows, _ := rowsOf(t, "../../testdata/worlds/distances.yaml", "arrival",
			fmt.Sprintf("travel.mobilise.at_base=%dm", x.delay), fmt.Sprintf("travel.speed=%d km/h", x.kmh))
		for i, site := range append([]string{"town"}, edges...) {
			if got := cure(t, rows, site, 0); math.Abs(got-x.km[i]) > 0.52 {
				t.Errorf("%d km/h, delay %d min, %s: reach %.2f km, want %v", x.kmh, x.delay, site, got, x.km[i])
			}
		}
		// Between the reach and the edge nobody is in time, below it everybody: the cliff at 100 km.
		for _, near := range []float64{-1, 1} {
			rows, _ := rowsOf(t, "../../testdata/worlds/distances.yaml", "arrival", fmt.Sprintf("travel.mobilise.at_base=%dm", x.delay),
				fmt.Sprintf("travel.speed=%d km/h", x.kmh), fmt.Sprintf("places.points.at100.x_km=%v", x.km[1]+near))
			if r := rows["at100"][0]; r.Infeasible != (near > 0) {
				t.Errorf("%d km/h, delay %d min, %v km: infeasible %v", x.kmh, x.delay, x.km[1]+near, r.Infeasible)
			}
		}
	}
	// Parts at 80 km/h after 10 min: 306.7 km in 4 h, whereas the arrival there has 5 h.
	rows, _ := rowsOf(t, "../../testdata/worlds/distances.yaml", "part")
	for site, late := range map[string]bool{"at300": false, "at306": false, "at307": true, "at500": true} {
		if rows[site][0].Infeasible != late {
			t.Errorf("a part at %s: infeasible %v", site, rows[site][0].Infeasible)
		}
	}
	if got := cure(t, rows, "at500", 0); math.Abs(got-307) > 0.5 {
		t.Errorf("a depot reaches %v km, want 307", got)
	}
	if rows, _ := rowsOf(t, "../../testdata/worlds/distances.yaml", "arrival"); rows["at307"][0].Infeasible {
		t.Error("307 km in 5 h")
	}
}

// certain takes out what makes two trips over one road differ, and has somebody awake at every base: what is left is the
// arithmetic of the base values.
func certain(w *world.World) []string {
	set := []string{"travel.variation=null", "travel.holiday_factor=null", "travel.seasons=null", "travel.weather=null"}
	for i := range w.Teams {
		set = append(set, "people."+w.Teams[i].ID+".roster=null", "people."+w.Teams[i].ID+".on_call=null")
	}
	return set
}

// The same arithmetic of the plans with a limit on the way of each site, worked out apart from the program: great circle on a
// sphere of 6371 km between the points of the scenario × detour, mobilisation + legs of 20, 12 or 15 min, one at the own place
// and two elsewhere, + km over speed + entry; a part is in the car. S1 and S4 limit no arrival: of S1 a limit that one might offer is looked at, of S4
// one for "the shortest time" (S4-43). Readings: of S5-24 the range of 6 to 12 h, of S5-26 the hours that run;
// all of them are within reach of every place. At the slow end of the assumptions one place of S3 is not.
func TestPlansByHand(t *testing.T) {
	leg := func(min int) string {
		return fmt.Sprintf("travel.city_leg={off_peak: %dm, peak: %dm, night: %dm}", min, min, min)
	}
	minutes := func(h, m int) model.Time { return time.Duration(h*60+m) * time.Minute }
	type place struct {
		from string
		km   float64
		h, m int // least time
	}
	s1 := map[string]place{
		"shijiazhuang": {"shijiazhuang", 0, 0, 50}, "baoding": {"shijiazhuang", 151.3, 2, 48}, "cangzhou": {"shijiazhuang", 250.4, 3, 56},
		"chengde": {"shijiazhuang", 534.6, 7, 9}, "handan": {"shijiazhuang", 192.2, 3, 16}, "hengshui": {"shijiazhuang", 130.3, 2, 34},
		"langfang": {"shijiazhuang", 306.1, 4, 34}, "qinhuangdao": {"shijiazhuang", 594.4, 7, 50}, "tangshan": {"shijiazhuang", 443.1, 6, 7},
		"xingtai": {"shijiazhuang", 132.3, 2, 35}, "zhangjiakou": {"shijiazhuang", 371.7, 5, 18},
	}
	s3 := map[string]place{
		"taizhou": {"ningbo", 156.0, 2, 54}, "ningbo": {"ningbo", 0, 0, 50}, "hangzhou": {"hangzhou", 0, 0, 50}, "shanghai": {"shanghai", 0, 0, 50},
		"nanjing": {"nanjing", 0, 0, 50}, "hefei": {"hefei", 0, 0, 50}, "nanchang": {"nanchang", 0, 0, 50}, "fuzhou": {"fuzhou", 0, 0, 50},
		"xiamen": {"fuzhou", 247.6, 3, 55}, "guangzhou": {"guangzhou", 0, 0, 50}, "wuhan": {"wuhan", 0, 0, 50},
	}
	s4 := map[string]place{ // the partner at Suzhou answers after 1 h
		"nanjing": {"nanjing", 0, 0, 50}, "suzhou": {"suzhou", 0, 1, 50}, "wuxi": {"suzhou", 47.6, 2, 42}, "changzhou": {"nanjing", 132.9, 2, 39},
		"taizhou": {"nanjing", 134.0, 2, 39}, "hefei": {"nanjing", 164.4, 3, 0},
	}
	s5 := map[string]place{ // at Jinan a resident, without mobilising; Qingdao answers after 20 min
		"dezhou": {"jinan", 134.6, 2, 14}, "jining": {"jinan", 177.6, 2, 43}, "liaocheng": {"jinan", 126.5, 2, 8}, "linyi": {"jinan", 249.9, 3, 32},
		"qingdao": {"qingdao", 0, 0, 50}, "taian": {"jinan", 61.3, 1, 24}, "weifang": {"qingdao", 159.1, 2, 50}, "zibo": {"jinan", 104.0, 1, 53},
	}
	s5city := map[string]place{"jinan": {"jinan", 0, 0, 20}}
	s5all := map[string]place{"jinan": s5city["jinan"]}
	for id, p := range s5 {
		s5all[id] = p
	}
	// At 80 km/h, 25 min to leave, legs of 30 min and 30 min to enter: Taizhou 232 min, Xiamen 301, the rest 85.
	slow := map[string]place{"taizhou": {"ningbo", 156.0, 3, 52}, "xiamen": {"fuzhou", 247.6, 5, 1}}
	for id, p := range s3 {
		if p.km == 0 {
			slow[id] = place{p.from, 0, 1, 25}
		}
	}
	const partner, depot, late1h = "people.partner.partner.delay=20m", "parts.depots.jinan.handling=0m", "people.partner.partner.delay=60m"
	for _, x := range []struct {
		name, clause string
		set          []string
		want         map[string]place
		late         string // sites, in order
	}{
		{"s1", "offer", []string{leg(15), "parts.depots.shijiazhuang.handling=0m", "contracts.s1.clauses.offer={text: {en: o, zh: o}, of: ticket, start: onsite_requested, stop: arrived, limit: 4h, target: 1}"},
			s1, "chengde langfang qinhuangdao tangshan zhangjiakou"},
		{"s3", "S3-25", []string{leg(20)}, s3, ""},
		{"s3", "S3-25", []string{leg(30), "travel.speed=80 km/h", "travel.mobilise.at_base=25m", "travel.entry=30m"}, slow, "xiamen"},
		{"s4", "S4-43", []string{leg(20), late1h, "contracts.s4.soft_limits={S4-43: 160m}", "people.trial.headcount=0", "contracts.s4.clauses.S4-43.target=1"}, s4, "hefei wuxi"},
		{"s5", "S5-23", []string{leg(12), depot}, s5city, ""},
		{"s5", "S5-24", []string{leg(12), partner, depot}, s5, ""},
		{"s5", "S5-24", []string{leg(12), partner, depot, "contracts.s5.readings.range=lower"}, s5, ""},
		{"s5", "S5-26", []string{leg(12), partner, depot}, s5all, ""},
		{"s5", "S5-26", []string{leg(12), partner, depot, "contracts.s5.readings.after_shift=business"}, s5all, ""},
	} {
		s, diags := scenarios.Load(x.name, scenarios.Options{})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		rows, w := rowsOf(t, x.name, x.clause, append(certain(s.World), x.set...)...)
		var late []string
		for site, list := range rows {
			for _, r := range list {
				want, ok := x.want[site]
				if !ok {
					t.Errorf("%s %s: %s is not in the table", x.name, x.clause, site)
					continue
				}
				if from := w.Places[r.Base].ID; from != want.from || math.Abs(r.BaseKm-want.km) > 0.06 || (r.Median-minutes(want.h, want.m)).Abs() > 35*time.Second {
					t.Errorf("%s %s %v, %s: %v from %s, %.2f km; by hand %d h %d min from %s, %v km", x.name, x.clause, x.set, site, r.Median, from, r.BaseKm,
						want.h, want.m, want.from, want.km)
				}
				if r.F != 0 && r.F != 1 {
					t.Errorf("%s %s, %s: left to chance: %v", x.name, x.clause, site, r.F)
				}
				if r.Infeasible && !slices.Contains(late, site) {
					late = append(late, site)
				}
			}
		}
		slices.Sort(late)
		if len(rows) != len(x.want) || strings.Join(late, " ") != x.late {
			t.Errorf("%s %s %v: %d places, %v out of reach; by hand %d, %q", x.name, x.clause, x.set, len(rows), late, len(x.want), x.late)
		}
	}
	for _, name := range []string{"s1", "s4"} { // as they stand they promise no arrival
		s, _ := scenarios.Load(name, scenarios.Options{})
		for i, c := range bound.Compute(s.World).Clauses {
			if c.Kind != bound.None {
				t.Errorf("%s: %s is bounded", name, s.World.Clauses[i].ID)
			}
		}
	}
}

// The distance table and the parts of the Liaoning contract with the base values: 15 min to leave, 15 min of city at each end,
// 20 min to enter and 95 km/h leave 115 of 3 h and 235 of 5 h for the road, 182.1 and 372.1 km; in the own city 50 min are
// needed, which 1 h is enough for and 30 min is not. A part whose need is found on site has 40 min of handling and collection
// and the same legs and speed: 170 min of 4 h, 269.2 km. Under both readings of where a band is measured from, Shenyang or every base.
func TestLiaoningByHand(t *testing.T) {
	s, diags := scenarios.Load("liaoning", scenarios.Options{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	set := append(certain(s.World), "travel.city_leg={off_peak: 15m, peak: 15m, night: 15m}")
	for _, reading := range []string{"list", "all_bases"} {
		rows, w := rowsOf(t, "liaoning", "S2-40", append(set, "contracts.s2.readings.bands_from="+reading)...)
		n := map[model.Time]int{}
		for site, list := range rows {
			for _, r := range list {
				within := map[model.Time]float64{30 * time.Minute: -1, time.Hour: 0, 3 * time.Hour: 182.1, 5 * time.Hour: 372.1}[r.Limit.Span]
				if late := r.BaseKm > within; r.F != map[bool]float64{false: 1}[late] {
					t.Errorf("%s: %s, %v km from %s in %v: %v, F %v", reading, site, r.BaseKm, w.Places[r.Base].ID, r.Limit.Span, r.Median, r.F)
				}
				n[r.Limit.Span]++
			}
		}
		if len(n) < 4 {
			t.Errorf("%s: bands %v", reading, n)
		}
	}
	for i := range s.World.Failures { // found on site
		f := &s.World.Failures[i]
		set = append(set, "equipment.classes."+f.Class+".failures."+f.ID+".part_known=0")
	}
	rows, _ := rowsOf(t, "liaoning", "S2-44", set...)
	late := 0
	for site, list := range rows {
		r := list[0]
		if r.F != map[bool]float64{false: 1}[r.BaseKm > 269.2] {
			t.Errorf("a part for %s, %v km: %v, F %v", site, r.BaseKm, r.Median, r.F)
		}
		late += int(1 - r.F)
	}
	if late < 5 || late > len(rows)-5 {
		t.Errorf("%d of %d places late", late, len(rows))
	}
}
