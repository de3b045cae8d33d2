package scenarios

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"slasim/model"
	"slasim/model/clock"
	"slasim/model/contract"
	"slasim/model/world"
	"slasim/scenarios/internal/tree"
)

func clause(t *testing.T, w *world.World, id string) *contract.Clause {
	t.Helper()
	i := slices.IndexFunc(w.Clauses, func(c contract.Clause) bool { return c.ID == id })
	if i < 0 {
		t.Fatalf("no clause %s", id)
	}
	return &w.Clauses[i]
}

func place(t *testing.T, w *world.World, id string) int32 {
	t.Helper()
	i := slices.IndexFunc(w.Places, func(p world.Place) bool { return p.ID == id })
	if i < 0 {
		t.Fatalf("no place %s", id)
	}
	return int32(i)
}

// The ends of bands belong to them (G-08 of the clause catalogue: 100.0 km has 1 h, 100.01 km 3 h, 500.01 km none).
func TestBands(t *testing.T) {
	w := changed(t, `
places:
  points: {at100: {}, over100: {}, over500: {}, tagged: {tags: [urban]}, named: {}, near_anshan: {}}
  distances:
    shenyang: {at100: 100 km, over100: 100.01 km, over500: 500.01 km, tagged: 900 km, named: 900 km, near_anshan: 180 km}
    anshan: {near_anshan: 10 km, at100: 300 km, over100: 300 km, over500: 600 km, tagged: 1000 km, named: 1000 km}
travel: {mode: none}
contracts:
  network:
    bands:
      levels: {near: null, far: null, a_town: {tags: [urban]}, b100: {within: 100 km}, c300: {within: 300 km}, d500: {within: 500 km}}
      sites: {named: c300}
    clauses: {arrival: null}
people: {helpers: {place: anshan, headcount: 1, roles: [field]}, partners: {place: over500, headcount: 1, roles: [field], partner: {}}}
`, Options{}).World
	c := w.Contracts[0]
	var order []string
	for _, b := range c.Bands {
		order = append(order, b.ID)
	}
	if want := []string{"a_town", "b100", "c300", "d500"}; !slices.Equal(order, want) {
		t.Fatalf("bands %v, want %v", order, want)
	}
	for _, x := range []struct {
		site           string
		band, strictly int32
		metres         int32
	}{
		{"shenyang", 1, 1, 0}, {"at100", 1, 1, 100_000}, {"over100", 2, 2, 100_010}, {"over500", -1, -1, 500_010},
		{"tagged", 0, 0, 900_000}, {"named", 2, 2, 900_000},
		{"near_anshan", 2, 1, 180_000}, // strict counts from Anshan too, where people start; not from partners
	} {
		p := place(t, w, x.site)
		if c.SiteBand[p] != x.band || c.StrictBands[p] != x.strictly || c.SiteBandMetres[p] != x.metres {
			t.Errorf("%s: band %d, strict %d, %d m; want %d, %d, %d", x.site, c.SiteBand[p], c.StrictBands[p],
				c.SiteBandMetres[p], x.band, x.strictly, x.metres)
		}
	}
}

// On a sphere of 6371.0088 km a degree is π/180 of the radius: 111.195 km; times 1.2 it is 133.434 km.
func TestDistances(t *testing.T) {
	w := changed(t, `
places:
  points: {a: {lat: 40, lon: 120}, b: {lat: 41, lon: 120}}
  distances: {a: {shenyang: 77.5 km}, anshan: {shenyang: 95 km}}`, Options{}).World
	for _, c := range []struct {
		from, to string
		want     int32
	}{
		{"a", "b", 133_434}, {"b", "a", 133_434}, {"shenyang", "a", 77_500}, {"a", "shenyang", 77_500},
		{"shenyang", "anshan", 94_000}, {"anshan", "shenyang", 95_000}, {"a", "a", 0},
	} {
		if got := w.Metres(place(t, w, c.from), place(t, w, c.to)); got != c.want {
			t.Errorf("%s to %s: %d m, want %d", c.from, c.to, got, c.want)
		}
	}
	w = changed(t, `
places: {metric: plane, distances: null, points: {shenyang: {x_km: 0, y_km: 0}, anshan: {x_km: 3, y_km: 4}}}`, Options{}).World
	if got := w.Metres(0, 1); got != 5000 {
		t.Errorf("in the plane: %d m, want 5000", got)
	}
}

// 120 switches at 0.22 a year are 26.4 tickets a year, 8.3714e-7 a second; rows of age 1, 4 and 9 years.
func TestRates(t *testing.T) {
	source := func(changes string) world.Source {
		t.Helper()
		w := changed(t, changes, Options{}).World
		for _, s := range w.Sources {
			if s.Name == "network/shenyang/switch" {
				return s
			}
		}
		t.Fatal("no source")
		return world.Source{}
	}
	rows := "equipment: {classes: {switch: {age: %s, age_factor: [{up_to: 1y, factor: 1.3}, {up_to: 5y, factor: 1}, {up_to: 8y, factor: 1.5}]}}}"
	for _, c := range []struct {
		changes string
		perYear float64
		units   int32
	}{
		{"", 26.4, 120},
		{"faults: {scale: 2}\nequipment: {scale: 0.5}", 26.4, 120},
		{"faults: {scale: 2}", 52.8, 120},
		{fmt.Sprintf(rows, "1y"), 26.4 * 1.3, 120},
		{fmt.Sprintf(rows, "4y"), 26.4, 120},
		{fmt.Sprintf(rows, "9y"), 26.4 * 1.5, 120}, // beyond the last row: its factor
		{"equipment: {units: {sn1: {site: shenyang, class: switch}}}", 26.4 + 0.22, 121},
	} {
		s := source(c.changes)
		if got := s.Rate * 31_536_000; !near(got, c.perYear, 1e-12) || s.Units != c.units {
			t.Errorf("%s: %v a year of %d units, want %v of %d", c.changes, got, s.Units, c.perYear, c.units)
		}
	}
	s := source("equipment: {scale: 2, classes: {switch: {rate: null, age: 2y, life: {dist: weibull, scale: 4y, shape: 2}}}, installed: {shenyang: {switch: 4}}}")
	half := model.Year / 2
	if s.Weibull == nil || s.Weibull.A != (2*model.Year).Seconds() ||
		!slices.Equal(s.UnitAge, []model.Time{half, 3 * half, 5 * half, 7 * half}) {
		t.Errorf("life %+v, ages %v; want a scale of 2 y and ages spread over 0 to 4 y", s.Weibull, s.UnitAge)
	}
	if s.Hash != model.HashName("network/shenyang/switch") {
		t.Error("a source is keyed by contract/site/class")
	}
	got := source("").Failures
	if len(got) != 2 || !near(got[0].P, 0.3, 1e-12) || got[1].P != 1 {
		t.Errorf("shares %v, want 0.3 of boards, then all", got)
	}
}

// A profile's list is scaled to mean 1; Max is the largest product.
func TestProfile(t *testing.T) {
	w := changed(t, `faults: {profile: {weekday: [2, 1, 1, 1, 1, 0.5, 0.5], month: {7: 1.5}, growth: 0}}`, Options{}).World
	p := w.Sources[0].Profile
	if p == nil || p.Weekday != [7]float64{0.5, 2, 1, 1, 1, 1, 0.5} || p.Month[6] != 1.5 || p.Month[0] != 1 || p.Max != 3 {
		t.Errorf("%+v", p)
	}
	if changed(t, "", Options{}).World.Sources[0].Profile != nil {
		t.Error("no profile is nil")
	}
}

// Bad days: 31 a year in January and December (62 days) is one day in two; 36.5 over the year one in ten.
func TestWeather(t *testing.T) {
	w := changed(t, `
places: {points: {anshan: {region: south}}}
travel: {weather: {snow: {days_per_year: 31, months: [12, 1], speed: 60 km/h, regions: {south: 6.2}}, fog: {days_per_year: 36.5, speed: 40 km/h, hours: 8h}}}`, Options{}).World
	fog, snow := w.Travel.Weather[0], w.Travel.Weather[1]
	south := slices.Index(w.Regions, "south")
	if snow.Probability[1-south][0] != 0.5 || snow.Probability[south][11] != 0.1 || snow.Probability[south][5] != 0 ||
		fog.Probability[0][5] != 0.1 || fog.Hours != 8*time.Hour || snow.Hours != 0 {
		t.Errorf("%+v", w.Travel.Weather)
	}
}

func TestLimits(t *testing.T) {
	extra := `
contracts:
  network:
    clauses:
      a: {text: a, start: reported, stop: restored, limit: 2d}
      b: {text: b, start: reported, stop: restored, limit: 2d, runs: civil, calendar: office}
      c: {text: c, start: reported, stop: restored, limit: 1wd, runs: same_time, calendar: office, bound: lt}
      d: {text: d, start: reported, stop: restored, limit: 5cd, calendar: office}
      e: {text: e, start: reported, stop: restored, limit: 8h, runs: business, calendar: office, shift: true}
      f: {text: f, kind: parameter, start: reported, stop: restored}
      g: {text: g, kind: soft, start: reported, stop: restored}
      h: {text: h, of: job, start: started, stop: notified, before: true, limit: 3wd, calendar: office}
      i: {text: i, start: reported, stop: {last_of: [restored, confirmed]}, limit: 48h, pauses: [customer_absent, customer_approval_remote]}
      j: {text: j, start: reported, stop: restored, limits: {"*": {near: 1h, "*": none}}}
`
	limit := func(mode clock.Mode, span model.Time, n int32) clock.Limit {
		return clock.Limit{Mode: mode, Span: span, N: n}
	}
	w := changed(t, extra, Options{}).World
	strict, before := limit(clock.WorkdayHours, 0, 1), limit(clock.Workdays, 0, 3)
	strict.Strict, before.Before = true, true
	for id, want := range map[string]clock.Limit{
		"a": limit(clock.Wall, 48*time.Hour, 0), "b": limit(clock.Civil, 0, 2), "c": strict, "d": limit(clock.Civil, 0, 5),
		"e": limit(clock.Business, 8*time.Hour, 0), "h": before,
	} {
		if got := clause(t, w, id).Limit(1, 0); got != want {
			t.Errorf("%s: %+v, want %+v", id, got, want)
		}
	}
	if c := clause(t, w, "f"); c.Kind != contract.NeedsParameter || c.Parameter != "contracts.network.clauses.f.limit" {
		t.Errorf("f: %v %s", c.Kind, c.Parameter)
	}
	if c := clause(t, w, "g"); c.Kind != contract.Soft || c.AimLate != -1 || c.Target != 0 {
		t.Errorf("g: %+v", c)
	}
	if c := clause(t, w, "j"); c.NSev != 1 || c.NBand != 2 || c.Limit(2, 0).Span != time.Hour || c.Limit(2, 1).Mode != clock.NoLimit {
		t.Errorf("j: %+v", c)
	}
	arrival := clause(t, w, "arrival") // serious: 1 h 30 / 3 h, general: 4 h / 8 h
	for r, row := range [][]time.Duration{{90 * time.Minute, 3 * time.Hour}, {4 * time.Hour, 8 * time.Hour}} {
		for b, want := range row {
			if got := arrival.Limit(r+1, b); got != limit(clock.Wall, want, 0) {
				t.Errorf("arrival rank %d band %d: %+v, want %v", r+1, b, got, want)
			}
		}
	}
	// Once the parameter is given the clause is judged.
	w = changed(t, extra, Options{Set: []string{"contracts.network.clauses.f.limit=24h", "contracts.network.soft_limits.g=6h"}}).World
	for id, want := range map[string]time.Duration{"f": 24 * time.Hour, "g": 6 * time.Hour} {
		if c := clause(t, w, id); c.Kind != contract.Numeric || c.Parameter != "" || c.Limit(1, 0).Span != want {
			t.Errorf("%s: %+v", id, c)
		}
	}
	// Built-in switches: lenient reads two days as civil days and stops at the technical restoration; strict
	// pauses for the approval of remote work only and judges on the final severity.
	w = changed(t, extra, Options{Reading: "lenient"}).World
	if got := clause(t, w, "a").Limit(1, 0); got != limit(clock.Civil, 0, 2) {
		t.Errorf("lenient a: %+v", got)
	}
	i := clause(t, w, "i")
	if got := i.Limit(1, 0); got != limit(clock.Wall, 48*time.Hour, 0) || !slices.Equal(i.Clock.Stop.Of, []model.Milestone{model.Restored}) ||
		!i.Clock.Pauses.Has(model.CustomerAbsent) {
		t.Errorf("lenient i: %+v", i)
	}
	w = changed(t, extra, Options{Reading: "strict"}).World
	i = clause(t, w, "i")
	if i.Clock.Pauses != model.KindSet(0).With(model.CustomerApprovalRemote) || i.Scope.By != contract.Final || len(i.Clock.Stop.Of) != 2 {
		t.Errorf("strict i: %+v", i)
	}
	if !strings.Contains(i.Decision, "A-12 pause_on: remote_only") {
		t.Errorf("decision %q", i.Decision)
	}
}

func TestReadingsOfAClause(t *testing.T) {
	extra := `
contracts:
  network:
    clauses:
      a:
        text: a
        start: reported
        stop: workaround
        limit: 30m
        scope: {severities: [serious]}
        readings:
          workaround_start: {arrived: {start: arrived, scope: {visits: true}}}
          on_conflict: {strictest: {limit: 10m}, loosest: {drop: true}}
          mine: {strict: {bound: lt}, lenient: {target: 0.9}}
`
	a := clause(t, changed(t, extra, Options{}).World, "a")
	if a.Clock.Start.Of[0] != model.Reported || a.Limit(1, 0).Span != 30*time.Minute || a.Limit(1, 0).Strict ||
		!strings.Contains(a.Decision, "A-08 workaround_start: reported") {
		t.Errorf("default: %+v", a)
	}
	a = clause(t, changed(t, extra, Options{Reading: "strict"}).World, "a")
	if a.Limit(1, 0).Span != 10*time.Minute || !a.Limit(1, 0).Strict || a.Target != 0 {
		t.Errorf("strict: %+v", a)
	}
	w := changed(t, extra, Options{Reading: "lenient"}).World
	if slices.ContainsFunc(w.Clauses, func(c contract.Clause) bool { return c.ID == "a" }) {
		t.Error("lenient: the clause should be dropped")
	}
	a = clause(t, changed(t, extra, Options{Set: []string{"contracts.network.readings.workaround_start=arrived"}}).World, "a")
	if a.Clock.Start.Of[0] != model.Arrived || !a.Scope.Visits || a.Scope.Severities != 1 {
		t.Errorf("arrived: %+v", a)
	}
}

// What cannot be known at the report: levels that need an outage of some age, but for the lowest outage level,
// as which short outages count.
func TestEmptyLevels(t *testing.T) {
	extra := `
contracts:
  network:
    severities:
      serious: null
      general: {rank: 4}
      worst: {rank: 1, longer_than: 12h, users_above: 30%}
      bad: {rank: 2, longer_than: 4h, users_above: 0.3}
      sad: {rank: 3, at_least: 2h}
    clauses: {arrival: null}
`
	extra = strings.Replace(extra, "30%", "0.3", 1)
	if got := changed(t, extra, Options{}).World.Contracts[0]; !slices.Equal(got.EmptyLevels, []string{"worst", "bad"}) || !got.ShortOutageSerious {
		t.Errorf("%v", got.EmptyLevels)
	}
	if got := changed(t, extra, Options{Reading: "lenient"}).World.Contracts[0]; !slices.Equal(got.EmptyLevels, []string{"worst", "bad", "sad"}) {
		t.Errorf("as general: %v", got.EmptyLevels)
	}
}

func TestExtendsSetAndFiles(t *testing.T) {
	files := fstest.MapFS{
		"a/base.yaml":   {Data: Starter("base")},
		"a/mid.yaml":    {Data: []byte("extends: base.yaml\nrun: {seed: 7, term: 2y}\nparts: null\nequipment: {classes: {switch: {failures: {board: {part_need: null}}}}}\n")},
		"top.yaml":      {Data: []byte("extends: a/mid.yaml\nrun: {seed: 8}\ntravel: {entry: {dist: exponential, mean: 10m}}\n")},
		"over.yaml":     {Data: []byte("run: {seed: 9, replications: 3}\n")},
		"embedded.yaml": {Data: []byte("extends: mm3\npeople: {crew: {headcount: 4}}\n")},
	}
	// Parts are deleted, but a failure still names one: that is reported where it stands.
	_, diags := Load("top.yaml", Options{FS: files})
	if i := slices.IndexFunc(diags, func(d model.Diagnostic) bool { return d.Severity == model.Error }); i < 0 ||
		said(diags[i]) != "unknown_part [line_card ]" || diags[i].Pos.File != "a/base.yaml" {
		t.Error(diags)
	}
	files["a/mid.yaml"].Data = []byte("extends: base.yaml\nrun: {seed: 7, term: 2y}\n")
	s, diags := Load("top.yaml", Options{
		FS: files, SetFiles: []string{"over.yaml"},
		Set: []string{"run.replications=4", "people.field.headcount=6", "travel.entry.mean=20m", "run.title={en: T, zh: 题}"},
	})
	if s == nil {
		t.Fatal(diags)
	}
	w := s.World
	field, _ := team(t, w, "field")
	if w.Seed != 9 || w.Replications != 4 || w.Years != 2 || field.Count != 6 || w.Travel.Entry.A != 1200 || w.Title.Zh != "题" || w.Name != "top" {
		t.Errorf("seed %d, %d replications, %d years, %d people, entry %v, title %v, name %s",
			w.Seed, w.Replications, w.Years, field.Count, w.Travel.Entry, w.Title, w.Name)
	}
	if s, diags := Load("embedded.yaml", Options{FS: files}); s == nil || len(s.World.Persons) != 4 {
		t.Error("an embedded scenario extended by a file:", diags)
	}
	for _, c := range []struct{ set, want string }{
		{"run.seed", "--set:1:1: set_form [run.seed]"},
		{"run..seed=1", "--set:1:1: bad_path [run..seed]"},
		{"run.sed=1", "--set:1:1: unknown_key [sed run seed "},
		{"run.term=5", "--set:1:10: no_unit [run.term 5 duration"},
		{"run.term={a: }", "--set:1:1: wrong_type [run.term value a mapping]"},
		{"travel.bands.3.time=1h", ""},
		{"run.title=[", "--set:1:"},
		{"people.field.headcount=1e3", "--set:1:24: bad_whole [people.field.headcount 1e3]"},
	} {
		_, diags := Load("a/base.yaml", Options{FS: files, Set: []string{c.set}})
		if len(diags) == 0 || !strings.HasPrefix(fmt.Sprintf("%s: %s", diags[0].Pos, said(diags[0])), c.want) {
			t.Errorf("%s: %v, want %s", c.set, diags, c.want)
		}
	}
	if s, _ := Load("a/base.yaml", Options{FS: files, Set: []string{`costs.holding=`}}); s == nil || s.World.Costs.Holding != 0 {
		t.Error("an empty value deletes")
	}
}

func TestAssumptions(t *testing.T) {
	extra := `
travel:
  speed: {low: 75 km/h, base: 85 km/h, high: 95 km/h} # source: a survey | 一次调查
  variation: 0.2 # assumption
  entry: 20m # source: S2-38
equipment: {classes: {switch: {failures: {port: {restore: {low: {dist: exponential, mean: 1h}, base: 2h}}}}}}
people: {field: {pay: {low: 80k CNY, base: 110k CNY, high: 120k CNY}}}
`
	s := changed(t, extra, Options{})
	var got []string
	for _, a := range s.Assumptions {
		got = append(got, fmt.Sprintf("%s %s|%s|%s %v %q %d", a.Path, a.Low, a.Base, a.High, a.HasRange, a.Source.En, a.Pos.Line))
	}
	if i := slices.IndexFunc(s.Assumptions, func(a world.Assumption) bool { return a.Path == "travel.speed" }); s.Assumptions[i].Source.Zh != "一次调查" {
		t.Errorf("in Chinese: %+v", s.Assumptions[i].Source)
	}
	want := []string{
		`equipment.classes.switch.failures.port.restore dist: exponential, mean: 1h|2h| true "" 7`,
		`people.field.pay 80k CNY|110k CNY|120k CNY true "" 8`,
		`travel.entry |20m| false "S2-38" 6`,
		`travel.speed 75 km/h|85 km/h|95 km/h true "a survey" 4`,
		`travel.variation |0.2| false "" 5`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("assumptions\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if s.World.Travel.SpeedKmh != 85 {
		t.Errorf("speed %v", s.World.Travel.SpeedKmh)
	}
	other := changed(t, extra, Options{Assume: map[string]string{
		"travel.speed": "low", "equipment.classes.switch.failures.port.restore": "low",
	}})
	if w := other.World; w.Travel.SpeedKmh != 75 || w.Failures[1].Restore.Kind != model.Exponential {
		t.Errorf("low ends: %v %+v", w.Travel.SpeedKmh, w.Failures[1].Restore)
	}
	if other.Hash == s.Hash || len(other.Assumptions) != len(s.Assumptions) {
		t.Error("another end is another scenario with the same assumptions")
	}
	plain := changed(t, strings.NewReplacer("{low: 75 km/h, base: 85 km/h, high: 95 km/h} # source: a survey | 一次调查", "85 km/h",
		" # assumption", "", "{low: {dist: exponential, mean: 1h}, base: 2h}", "2h", "{low: 80k CNY, base: 110k CNY, high: 120k CNY}", "110k CNY").Replace(extra), Options{})
	if plain.Hash != s.Hash {
		t.Error("ranges and comments are not in the hash")
	}
	for _, c := range []struct{ path, end, want string }{
		{"travel.sped", "low", "assume_path [travel.sped travel.speed]"},
		{"travel.variation", "high", "assume_path [travel.variation ]"},
		{"equipment.classes.switch.failures.port.restore", "high", "assume_end [equipment.classes.switch.failures.port.restore high]"},
		{"travel.speed", "mid", "assume_end [travel.speed mid]"},
	} {
		_, diags := Load("x.yaml", Options{
			FS:     fstest.MapFS{"base.yaml": {Data: Starter("base")}, "x.yaml": {Data: []byte("extends: base.yaml" + extra)}},
			Assume: map[string]string{c.path: c.end},
		})
		if len(diags) != 1 || said(diags[0]) != c.want {
			t.Errorf("%s=%s: %v, want %s", c.path, c.end, diags, c.want)
		}
	}
	// Ends that are not taken are read as well.
	_, diags := Load("x.yaml", Options{FS: fstest.MapFS{"base.yaml": {Data: Starter("base")},
		"x.yaml": {Data: []byte("extends: base.yaml\ntravel: {speed: {base: 85 km/h, high: 95}}\n")}}})
	if len(diags) != 1 || said(diags[0]) != "no_unit [travel.speed 95 speed km/h]" {
		t.Error(diags)
	}
}

// backwards writes a tree as JSON, which is YAML, with the keys in the opposite order.
func backwards(n *tree.Node, b *strings.Builder) {
	switch n.Kind {
	case tree.Null:
		b.WriteString("null")
	case tree.Scalar:
		b.WriteString(strconv.Quote(n.Value))
	case tree.Sequence:
		b.WriteByte('[')
		for i, c := range n.Children {
			if i > 0 {
				b.WriteByte(',')
			}
			backwards(c, b)
		}
		b.WriteByte(']')
	case tree.Mapping:
		b.WriteByte('{')
		for i := len(n.Keys) - 1; i >= 0; i-- {
			b.WriteString(strconv.Quote(n.Keys[i]) + ": ")
			backwards(n.Children[i], b)
			if i > 0 {
				b.WriteByte(',')
			}
		}
		b.WriteByte('}')
	}
}

// bare is a world without what may differ between files that say the same.
func bare(s *Scenario) world.World {
	w := *s.World
	w.Name, w.Assumptions, w.Warnings = "", nil, nil
	return w
}

// The order of a file never matters, and the resolved scenario is the scenario.
func TestOrderOfTheFileDoesNotMatter(t *testing.T) {
	files, err := filepath.Glob("library/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		root, diags := tree.Parse(file, text)
		if root == nil {
			t.Fatal(diags)
		}
		var b strings.Builder
		backwards(root, &b)
		name := label(file)
		one, diags := Load(name, Options{})
		if one == nil {
			t.Errorf("%s: %v", file, diags)
			continue
		}
		fs := fstest.MapFS{"other.yaml": {Data: []byte(b.String())}, "resolved.yaml": {Data: one.Resolved}}
		for other := range fs {
			two, diags := Load(other, Options{FS: fs})
			if two == nil {
				t.Errorf("%s as %s: %v", file, other, diags)
				continue
			}
			if one.Hash != two.Hash || !reflect.DeepEqual(bare(one), bare(two)) {
				t.Errorf("%s differs as %s", file, other)
			}
			if other == "resolved.yaml" && (len(one.Assumptions) != len(two.Assumptions) || string(one.Resolved) != string(two.Resolved)) {
				t.Errorf("%s: the resolved scenario resolves to another: %d and %d assumptions", file, len(one.Assumptions), len(two.Assumptions))
			}
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(Starter("x"))
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, "library/mm3.yaml") {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		fs := fstest.MapFS{"base.yaml": {Data: Starter("base")}, "x.yaml": {Data: text}}
		s, diags := Load("x.yaml", Options{FS: fs})
		if s == nil {
			if !diags.HasErrors() {
				t.Fatal("no scenario and no error")
			}
			return
		}
		fs["y.yaml"] = &fstest.MapFile{Data: s.Resolved}
		again, diags := Load("y.yaml", Options{FS: fs})
		if again == nil || again.Hash != s.Hash {
			t.Fatalf("the resolved scenario differs: %v\n%s", diags, s.Resolved)
		}
	})
}
