package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"slasim/sim/judge"
)

// StudyFormat is the version of the layout of studies.
const StudyFormat = 1

// Study is manifest.json of what several scenarios were simulated for together, such as a comparison. Its files are the
// resolved scenarios, summary.json with the result, and whatever tables the kind of study has.
type Study struct {
	Format       int           `json:"format"`
	Kind         string        `json:"study"` // comparison, sweep
	Version      string        `json:"version"`
	Seed         uint64        `json:"seed"`
	Replications int           `json:"replications"`       // finished, of each
	Limit        int           `json:"replications_limit"` // asked for
	Designs      []StudyDesign `json:"designs"`

	Variables []judge.Variable `json:"variables,omitempty"` // of a sweep: what is varied of its one design,
	Clauses   []string         `json:"clauses,omitempty"`   // and the clauses that were asked for
	Files     []FileInfo       `json:"files"`
	Digest    string           `json:"sha256"` // of this file with an empty digest
}

// StudyDesign is one of the scenarios of a study.
type StudyDesign struct {
	Name         string `json:"name"`
	Scenario     string `json:"scenario"`
	ScenarioHash string `json:"scenario_hash"`
	File         string `json:"file"`

	History *StudyHistory `json:"history,omitempty"` // of a design that replays one
}

// StudyHistory is a history that a design replays, and where it stands. Designs may share it.
type StudyHistory struct {
	History
	Files [3]string `json:"files"` // tickets, the mapping that reads them, the mapping as it was given
}

// The kinds of studies.
const (
	Comparison = "comparison"
	Sweep      = "sweep"
)

// File is a file of a study with what is in it.
type File struct {
	Name string
	Text []byte
}

// Replay says that a design replays a history and returns the files that keep it, none if another design shares them.
func (s *Study) Replay(design int, h History) (list []File) {
	texts := [3][]byte{h.Tickets, h.Map, h.Given}
	n := 1
	for i := range s.Designs {
		x := s.Designs[i].History
		if x == nil {
			continue
		}
		if bytes.Equal(x.Tickets, h.Tickets) && bytes.Equal(x.Map, h.Map) && bytes.Equal(x.Given, h.Given) {
			s.Designs[design].History = &StudyHistory{History: h, Files: x.Files}
			return nil
		}
		n++
	}
	kept := &StudyHistory{History: h}
	for i, name := range historyFiles {
		ext := filepath.Ext(name)
		kept.Files[i] = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, ext), n, ext)
		list = append(list, File{kept.Files[i], texts[i]})
	}
	s.Designs[design].History = kept
	return list
}

// encode is the text of the manifest, with its digest.
func (s *Study) encode() ([]byte, error) {
	bare := *s
	bare.Digest = ""
	text, err := json.MarshalIndent(&bare, "", "  ")
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	s.Digest = hex.EncodeToString(sum[:])
	if text, err = json.MarshalIndent(s, "", "  "); err != nil {
		return nil, err
	}
	return append(text, '\n'), nil
}

// room is a new directory beside dir, if a record may be put there.
func room(dir string, force bool) (string, error) {
	if err := mayReplace(dir, force); err != nil {
		return "", err
	}
	return beside(dir)
}

// MayCreate says whether a record of any kind can be put at dir: ErrNotRecord if it holds other files and force is not set, else
// what the system says.
func MayCreate(dir string, force bool) error {
	tmp, err := room(filepath.Clean(dir), force)
	if err != nil {
		return err
	}
	return os.Remove(tmp)
}

// WriteStudy puts a study at dir, whole or not at all. A record that stood there is replaced; other files stay.
func WriteStudy(dir string, s Study, list []File, force bool) (err error) {
	dir = filepath.Clean(dir)
	tmp, err := room(dir, force)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(tmp)
		}
	}()
	if err := s.fill(tmp, list); err != nil {
		return err
	}
	if err := os.Chmod(tmp, 0o755); err != nil {
		return err
	}
	return place(tmp, dir, force)
}

// fill writes the files of a study, each whole or not at all, and the manifest last.
func (s *Study) fill(dir string, list []File) error {
	s.Format, s.Files = StudyFormat, []FileInfo{}
	for _, f := range list {
		if err := writeWhole(filepath.Join(dir, f.Name), f.Text); err != nil {
			return err
		}
		sum := sha256.Sum256(f.Text)
		s.Files = append(s.Files, FileInfo{Name: f.Name, Rows: -1, Bytes: int64(len(f.Text)), SHA256: hex.EncodeToString(sum[:])})
	}
	text, err := s.encode()
	if err != nil {
		return err
	}
	return writeWhole(filepath.Join(dir, ManifestFile), text)
}

// writeWhole writes a file to another name beside it and renames it.
func writeWhole(name string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".new-")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// ReadStudy reads the manifest of a study and checks every file against it. What is wrong is an error of type
// model.Diagnostics.
func ReadStudy(dir string) (*Study, error) {
	path := filepath.Join(dir, ManifestFile)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s := new(Study)
	switch {
	case json.Unmarshal(text, s) != nil:
		return nil, diagnostics(finding(path, CodeManifest))
	case s.Format != StudyFormat:
		return nil, diagnostics(finding(path, CodeFormat, s.Format, StudyFormat))
	}
	want, err := s.encode()
	if err != nil {
		return nil, err
	}
	outside := func(name string) bool { return name != filepath.Base(name) }
	if !bytes.Equal(text, want) || slices.ContainsFunc(s.Files, func(f FileInfo) bool { return outside(f.Name) }) ||
		slices.ContainsFunc(s.Designs, func(d StudyDesign) bool {
			return outside(d.File) || d.History != nil && slices.ContainsFunc(d.History.Files[:], outside)
		}) {
		return nil, diagnostics(finding(path, CodeDamaged))
	}
	return s, compareFiles(dir, s.Files)
}

// KindOf is what a directory holds: "run" for the record of a run, the kind of a study, or nothing.
func KindOf(dir string) string {
	if Is(dir) {
		return "run"
	}
	text, err := os.ReadFile(filepath.Join(dir, ManifestFile))
	var s struct {
		Kind   string  `json:"study"`
		Format *int    `json:"format"`
		Digest *string `json:"sha256"`
	}
	if err != nil || json.Unmarshal(text, &s) != nil || s.Format == nil || s.Digest == nil {
		return ""
	}
	return s.Kind
}

// ours are the files of the record at dir, of any kind, by its manifest.
func ours(dir string) []string {
	list := slices.Concat([]string{ManifestFile}, files, historyFiles)
	text, err := os.ReadFile(filepath.Join(dir, ManifestFile))
	var m struct {
		Files []FileInfo `json:"files"`
	}
	if err == nil && json.Unmarshal(text, &m) == nil {
		for _, f := range m.Files {
			if f.Name == filepath.Base(f.Name) {
				list = append(list, f.Name)
			}
		}
	}
	return list
}
