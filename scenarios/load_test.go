package scenarios

import (
	"testing"
	"testing/fstest"
)

func TestEmbeddedScenariosLoad(t *testing.T) {
	for _, info := range Embedded() {
		if s, diags := Load(info.Name, Options{}); s == nil {
			t.Errorf("%s does not load:\n%v", info.Name, diags)
		}
		if info.Title.En == "" || info.Title.Zh == "" || info.Description == "" {
			t.Errorf("%s lacks a title in two languages or a comment at its head", info.Name)
		}
	}
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
