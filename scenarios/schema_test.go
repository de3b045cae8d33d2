package scenarios

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

func compiledSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("urn:slasim:scenario", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("urn:slasim:scenario")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asJSON reads YAML as an editor does: by another reader than ours, with dates as text.
func asJSON(t *testing.T, text []byte) any {
	t.Helper()
	var n yaml.Node
	if err := yaml.Load(text, &n); err != nil {
		t.Fatal(err)
	}
	plainDates(&n)
	var v any
	if err := n.Load(&v); err != nil {
		t.Fatal(err)
	}
	return textKeys(v)
}

func plainDates(n *yaml.Node) {
	if n.ShortTag() == "!!timestamp" {
		n.Tag = "!!str"
	}
	for _, c := range n.Content {
		plainDates(c)
	}
}

func textKeys(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = textKeys(v[k])
		}
	case map[any]any:
		out := map[string]any{}
		for k, x := range v {
			out[toText(k)] = textKeys(x)
		}
		return out
	case []any:
		for i := range v {
			v[i] = textKeys(v[i])
		}
	}
	return v
}

func toText(k any) string {
	if s, ok := k.(string); ok {
		return s
	}
	out, _ := yaml.Dump(k)
	return strings.TrimSpace(string(out))
}

func TestSchemaTakesTheLibrary(t *testing.T) {
	s := compiledSchema(t)
	files, err := filepath.Glob("library/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no library", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(asJSON(t, text)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	if err := s.Validate(asJSON(t, Starter("x"))); err != nil {
		t.Errorf("starter: %v", err)
	}
}

func TestSchemaRefusesWrongShapes(t *testing.T) {
	s := compiledSchema(t)
	for _, text := range []string{
		"extends: mm3\nbogus: 1",
		"extends: mm3\nrun: {term: 5}",
		"extends: mm3\nrun: {term: 5 hours}",
		"extends: mm3\nrun: {after_horizon: drian}",
		"extends: mm3\npeople: {a: {headcount: -1}}",
		"extends: mm3\npeople: {a: {place: b, headcount: 1.5, roles: [field]}}",
		"extends: mm3\ntravel: {speed: 90}",
		"extends: mm3\ntravel: {entry: {dist: lognormal, mean: 1h}}",
		"extends: mm3\ntravel: {holiday_factor: 0}",
		"extends: mm3\nequipment: {classes: {a: {rate: -1/y}}}",
		"extends: mm3\ncosts: {car_km: 3}",
		"run: {title: x, start_date: 2026-01-01}",
	} {
		if s.Validate(asJSON(t, []byte(text))) == nil {
			t.Errorf("taken: %s", text)
		}
	}
	for _, text := range []string{
		"extends: mm3",
		"extends: mm3\npeople: {crew: {place: room, headcount: {low: 2, base: 3, high: 4}, roles: [field]}}",
		"extends: mm3\ntravel: {mode: road, speed: {low: 80 km/h, base: 95 km/h}, entry: {dist: lognormal, median: 10m, p95: 30m}}",
		"extends: mm3\ncosts: {car_km: 1.5 CNY, places: 7M CNY, night_away: 12k}",
		"extends: mm3\nfaults: null",
	} {
		if err := s.Validate(asJSON(t, []byte(text))); err != nil {
			t.Errorf("refused: %s: %v", text, err)
		}
	}
}
