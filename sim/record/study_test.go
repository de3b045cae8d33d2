package record

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"slasim/model"
)

func studyOfTwo() (Study, []File) {
	return Study{Kind: Comparison, Version: "1", Seed: 3, Replications: 50, Limit: 200, Designs: []StudyDesign{
			{Name: "a", Scenario: "a", ScenarioHash: "aa", File: "design-1.yaml"}}},
		[]File{{"design-1.yaml", []byte("run:\n")}, {SummaryFile, []byte("{}\n")}}
}

func TestStudyReadsBack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "what-if")
	s, files := studyOfTwo()
	if err := WriteStudy(dir, s, files, false); err != nil {
		t.Fatal(err)
	}
	got, err := ReadStudy(dir)
	if err != nil || KindOf(dir) != Comparison || Is(dir) || got.Seed != 3 || got.Limit != 200 || got.Designs[0] != s.Designs[0] || len(got.Files) != 2 {
		t.Fatalf("%v: %+v", err, got)
	}
	// It may be written again, with other files, and what is not its own stays.
	if err := os.WriteFile(filepath.Join(dir, "mine.txt"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := WriteStudy(dir, s, files[1:], false); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "design-1.yaml")); err == nil {
		t.Error("a file of the study that stood there is left")
	}
	if _, err := os.Stat(filepath.Join(dir, "mine.txt")); err != nil {
		t.Error("a file that is not the record's is gone")
	}
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(entries) != 1 {
		t.Errorf("%d entries beside the study", len(entries))
	}
}

// Designs that replay the same tickets share the files that keep them.
func TestStudyKeepsHistories(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "s")
	h := History{File: "incidents.csv", Rows: 3, Weeks: 2, Tickets: []byte("t"), Map: []byte("m"), Given: []byte("g")}
	other := h
	other.Tickets = []byte("u")
	s := Study{Kind: Comparison, Version: "1", Designs: make([]StudyDesign, 4)}
	files := slices.Concat([]File{{"x.yaml", nil}}, s.Replay(0, h), s.Replay(2, h), s.Replay(3, other))
	for i := range s.Designs {
		s.Designs[i].File = "x.yaml"
	}
	if err := WriteStudy(dir, s, files, false); err != nil {
		t.Fatal(err)
	}
	got, err := ReadStudy(dir)
	if err != nil || len(got.Files) != 7 || got.Designs[1].History != nil || got.Designs[0].History.Files != got.Designs[2].History.Files {
		t.Fatalf("%v: %+v", err, got)
	}
	for i, want := range []string{"t", "m", "g"} {
		text, err := os.ReadFile(filepath.Join(dir, got.Designs[2].History.Files[i]))
		if err != nil || string(text) != want {
			t.Errorf("file %d is %q, %v", i, text, err)
		}
	}
	if text, _ := os.ReadFile(filepath.Join(dir, got.Designs[3].History.Files[0])); string(text) != "u" || got.Designs[0].History.Weeks != 2 {
		t.Errorf("the tickets of the last are %q: %+v", text, got.Designs[0].History)
	}
	if err := os.WriteFile(filepath.Join(dir, got.Designs[3].History.Files[0]), []byte("v"), 0o644); err != nil {
		t.Fatal(err)
	}
	var found model.Diagnostics
	if _, err := ReadStudy(dir); !errors.As(err, &found) || found[0].Msg.Code != CodeDamaged {
		t.Errorf("other tickets: %v", err)
	}
}

func TestStudyKeepsOut(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "mine.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	s, files := studyOfTwo()
	if err := WriteStudy(dir, s, files, false); !errors.Is(err, ErrNotRecord) {
		t.Errorf("%v", err)
	}
	if err := WriteStudy(dir, s, files, true); err != nil {
		t.Error(err)
	}
}

func TestDamagedStudies(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(dir string) error
		code  string
	}{
		"changed file": {func(dir string) error { return os.WriteFile(filepath.Join(dir, SummaryFile), []byte("{ }"), 0o644) }, CodeDamaged},
		"missing file": {func(dir string) error { return os.Remove(filepath.Join(dir, "design-1.yaml")) }, CodeMissing},
		"cut off":      {func(dir string) error { return os.Truncate(filepath.Join(dir, ManifestFile), 60) }, CodeManifest},
		"changed seed": {func(dir string) error {
			return edit(filepath.Join(dir, ManifestFile), `"seed": 3`, `"seed": 4`)
		}, CodeDamaged},
		"other format": {func(dir string) error {
			return edit(filepath.Join(dir, ManifestFile), `"format": 1`, `"format": 9`)
		}, CodeFormat},
	} {
		dir := filepath.Join(t.TempDir(), "s")
		s, files := studyOfTwo()
		if err := errors.Join(WriteStudy(dir, s, files, false), c.spoil(dir)); err != nil {
			t.Fatal(err)
		}
		_, err := ReadStudy(dir)
		var d model.Diagnostics
		if !errors.As(err, &d) || len(d) != 1 || d[0].Msg.Code != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	// A name that leads out of the directory is refused.
	dir := filepath.Join(t.TempDir(), "s")
	s, files := studyOfTwo()
	s.Designs[0].File = "../secret.yaml"
	if err := WriteStudy(dir, s, files, false); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadStudy(dir); err == nil {
		t.Error("a file outside the study is read")
	}
}

func edit(file, from, to string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	changed := bytes.Replace(text, []byte(from), []byte(to), 1)
	if bytes.Equal(text, changed) {
		return errors.New(file + " does not hold " + from)
	}
	return os.WriteFile(file, changed, 0o644)
}
