package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"slasim/model"
)

// Manifest is manifest.json.
type Manifest struct {
	Format       int        `json:"format"`
	Version      string     `json:"version"`
	Scenario     string     `json:"scenario"`
	ScenarioHash string     `json:"scenario_hash"`
	Seed         uint64     `json:"seed"`
	Replications int        `json:"replications"`
	StartUTC     string     `json:"start_utc"`         // second 0, RFC 3339
	UTCOffset    int        `json:"utc_offset_s"`      // local minus UTC
	History      *History   `json:"history,omitempty"` // of a run that replayed one
	Files        []FileInfo `json:"files"`
	Digest       string     `json:"sha256"` // of this file with an empty digest
}

// History says where a replayed history came from and what became of it. The texts are kept in files of their own.
type History struct {
	File     string `json:"file"` // base name
	SHA256   string `json:"sha256"`
	Mapping  string `json:"mapping"`
	Rows     int    `json:"rows"`
	Filtered int    `json:"rows_filtered"`
	Outside  int    `json:"rows_outside_term"`
	Weeks    int    `json:"moved_weeks"`

	Tickets []byte `json:"-"` // history.csv
	Map     []byte `json:"-"` // history.yaml
	Given   []byte `json:"-"` // mapping.yaml
}

// FileInfo is what the manifest says about a file.
type FileInfo struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"` // of a table, −1 for other files
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// encode is the text of the manifest, with its digest.
func (m *Manifest) encode() ([]byte, error) {
	bare := *m
	bare.Digest = ""
	text, err := json.MarshalIndent(&bare, "", "  ")
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	m.Digest = hex.EncodeToString(sum[:])
	if text, err = json.MarshalIndent(m, "", "  "); err != nil {
		return nil, err
	}
	return append(text, '\n'), nil
}

// Codes of the findings about a record that cannot be used, with their arguments.
const (
	CodeManifest = "record_manifest" //
	CodeFormat   = "record_format"   // format found (int), format of this version (int)
	CodeDamaged  = "record_damaged"  //
	CodeMissing  = "record_missing"  //
)

// finding is what is wrong with a file of a record.
func finding(path, code string, args ...any) model.Diagnostic {
	return model.Diagnostic{Pos: model.Pos{File: path}, Msg: model.Msg{Code: code, Args: args}}
}

func diagnostics(d model.Diagnostic) error { return model.Diagnostics{d} }

// ReadManifest accepts only the very bytes that encode would write. What is wrong with them is an error of type
// model.Diagnostics.
func ReadManifest(dir string) (*Manifest, error) {
	path := filepath.Join(dir, ManifestFile)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	m := new(Manifest)
	if err := json.Unmarshal(text, m); err != nil {
		return nil, diagnostics(finding(path, CodeManifest))
	}
	if m.Format != Format {
		return nil, diagnostics(finding(path, CodeFormat, m.Format, Format))
	}
	want, err := m.encode()
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(text, want) {
		return nil, diagnostics(finding(path, CodeDamaged))
	}
	return m, nil
}

// names are the files that a record with this manifest holds.
func (m *Manifest) names() []string {
	if m.History == nil {
		return files
	}
	return slices.Concat(files, historyFiles)
}

// check compares every file with what the manifest says of it.
func (m *Manifest) check(dir string) error {
	var want []FileInfo
	for _, name := range m.names() {
		f, ok := m.file(name)
		if !ok { // not even named
			f = FileInfo{Name: name, Bytes: -1}
		}
		want = append(want, f)
	}
	return compareFiles(dir, want)
}

// compareFiles compares files with what a manifest says of them. What is wrong is an error of type model.Diagnostics.
func compareFiles(dir string, want []FileInfo) error {
	var found model.Diagnostics
	for _, f := range want {
		path := filepath.Join(dir, f.Name)
		n, sum, err := digest(path)
		switch {
		case errors.Is(err, fs.ErrNotExist) && f.Bytes >= 0:
			found = append(found, finding(path, CodeMissing))
		case err != nil:
			return err
		case n != f.Bytes || sum != f.SHA256:
			found = append(found, finding(path, CodeDamaged))
		}
	}
	if len(found) > 0 {
		return found
	}
	return nil
}

// file finds a file of the manifest.
func (m *Manifest) file(name string) (FileInfo, bool) {
	for _, f := range m.Files {
		if f.Name == name {
			return f, true
		}
	}
	return FileInfo{}, false
}

// StartTime is second 0 in the run's zone.
func (m *Manifest) StartTime() (time.Time, error) {
	t, err := time.Parse(time.RFC3339, m.StartUTC)
	return t.In(time.FixedZone("", m.UTCOffset)), err
}

// digest is the size and SHA-256 of a file.
func digest(path string) (int64, string, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return n, hex.EncodeToString(h.Sum(nil)), err
}
