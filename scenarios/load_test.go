package scenarios

import (
	"reflect"
	"regexp"
	"testing"
	"testing/fstest"

	"slasim/model"
)

func TestEmbeddedScenariosLoad(t *testing.T) {
	for _, info := range Embedded() {
		s, diags := Load(info.Name, Options{})
		if s == nil {
			t.Errorf("%s does not load:\n%v", info.Name, diags)
			continue
		}
		for _, x := range []model.Text{info.Title, info.Description} {
			if x.En == "" || x.Zh == "" || x.En == x.Zh {
				t.Errorf("%s lacks a title or a description in two languages", info.Name)
			}
		}
		for _, x := range textsIn(reflect.ValueOf(s.File)) {
			if western.MatchString(x.Zh) {
				t.Errorf("%s: western punctuation in %q", info.Name, x.Zh)
			}
		}
	}
}

// western is punctuation of half width beside a Chinese character.
var western = regexp.MustCompile(`\p{Han}[,:;!?(]|[,:;)]\p{Han}`)

// textsIn are all texts inside a value.
func textsIn(v reflect.Value) (list []Text) {
	if x, ok := v.Interface().(Text); ok {
		return []Text{x}
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			list = textsIn(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				list = append(list, textsIn(v.Field(i))...)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			list = append(list, textsIn(v.Index(i))...)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			list = append(list, textsIn(v.MapIndex(k))...)
		}
	}
	return list
}

func TestStarterLoads(t *testing.T) {
	s, diags := Load("mine.yaml", Options{FS: fstest.MapFS{"mine.yaml": {Data: Starter("mine")}}})
	if s == nil || len(diags) > 0 {
		t.Fatal(diags)
	}
	if s.World.Title.En != "mine" {
		t.Errorf("title %q", s.World.Title.En)
	}
}

// A place, a part or a depot may be called low, base or high: only a value is written as a range, not what has names. One that
// is alone is no range either, and is mixed with what a file extends.
func TestNamesOfARange(t *testing.T) {
	one := `
run: {title: t, start_date: 2026-01-01, term: 30d}
places: {metric: plane, points: {base: {x_km: 1, y_km: 2}}}
equipment:
  classes: {base: {rate: {base: 2/d}, failures: {base: {share: 1, restore: {low: 1h, base: 2h, high: 3h}, parts: {base: 1}}}}}
  installed: {base: {base: 3}}
contracts:
  base: {severities: {base: {rank: 1}}, clauses: {base: {text: w, start: reported, stop: restored, limits: {base: 4h}}}}
people: {base: {place: base, headcount: 1, roles: [field]}}
parts: {items: {base: {lead: 5d}}, depots: {base: {place: base, stock: {base: 4}}}}
`
	two := `
extends: one.yaml
places: {points: {base: {x_km: 5}, low: {x_km: 7, y_km: 8}}}
equipment: {installed: {low: {base: 1}}}
`
	s, diags := Load("two.yaml", Options{FS: fstest.MapFS{"one.yaml": {Data: []byte(one)}, "two.yaml": {Data: []byte(two)}}, Set: []string{"parts.depots.base.stock={base: 6}"}})
	if s == nil {
		t.Fatal(diags)
	}
	w := s.World
	if len(w.Places) != 2 || w.Metres(0, 1) != 6325 { // √(2² + 6²) km
		t.Errorf("%d places, %d m apart", len(w.Places), w.Metres(0, 1))
	}
	if len(w.Sources) != 2 || len(w.Parts) != 1 || w.Stock[0].S != 6 || len(w.Failures[0].Parts) != 1 {
		t.Errorf("%d sources, %d parts, stock %+v", len(w.Sources), len(w.Parts), w.Stock)
	}
	if d := w.Failures[0].Restore; d.A != 7200 {
		t.Errorf("restoration takes %v s", d.A)
	}
	if len(s.Assumptions) != 2 {
		t.Errorf("assumptions %+v", s.Assumptions)
	}
}

// Where a number of an embedded scenario comes from is said in both languages, unless it is but a clause or a sum.
func TestSourcesInBothLanguages(t *testing.T) {
	bare := regexp.MustCompile(`^(\((S\d-\d\d|to|, |\s)+\)|[\d./ +]*)$`)
	for _, info := range Embedded() {
		s, diags := Load(info.Name, Options{})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		said := 0
		for _, a := range s.Assumptions {
			if a.Source.Zh != "" {
				said++
			} else if !bare.MatchString(a.Source.En) {
				t.Errorf("%s: %s: %q has no Chinese", a.Pos, a.Path, a.Source.En)
			}
		}
		if len(s.Assumptions) > 100 && said < 30 {
			t.Errorf("%s: %d of %d", info.Name, said, len(s.Assumptions))
		}
	}
}
