package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"
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

// readManifest accepts only the very bytes that encode would write.
func readManifest(dir string) (*Manifest, error) {
	path := filepath.Join(dir, ManifestFile)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	m := new(Manifest)
	if err := json.Unmarshal(text, m); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if m.Format != Format {
		return nil, fmt.Errorf("%s: format %d, this version reads %d", path, m.Format, Format)
	}
	want, err := m.encode()
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(text, want) {
		return nil, fmt.Errorf("%s: damaged: its SHA-256 differs", path)
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
