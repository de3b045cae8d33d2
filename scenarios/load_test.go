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
