package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"slasim/scenarios"
	"slasim/scenarios/history"
	"slasim/sim/record"
)

// again is the scenario of a record, from its files alone: as it was resolved, with the record's seed and number of
// replications, and with the history it replayed if past is wanted. Changes are laid over it as over any scenario.
// Without changes it is the very scenario that was run, which its hash proves.
func (l *loading) again(a *app, dir string, assume map[string]string, past bool) (*scenarios.Scenario, *history.History, error) {
	if l.dir != dir {
		rec, err := openRecord(dir) // checks every file
		if err != nil {
			return nil, nil, err
		}
		l.record, l.dir = rec.Manifest, dir
		if err := rec.Close(); err != nil {
			return nil, nil, badRecord(dir, err)
		}
	}
	m := l.record
	file := filepath.Join(dir, record.ScenarioFile)
	s, err := l.read(a, file, assume)
	if err != nil {
		return nil, nil, err
	}
	s.Name, s.World.Name = m.Scenario, m.Scenario
	own := *s.World // as the file has it
	changed := len(l.set)+len(l.setFiles)+len(l.with)+len(assume) > 0 || l.reading != "" || l.strict || l.draw != nil
	if changed {
		quiet := *a
		quiet.Err = discard{}
		plain, err := new(loading).read(&quiet, file, nil)
		if err != nil {
			return nil, nil, badRecord(dir, err)
		}
		own = *plain.World
	}
	if s.World.Seed == own.Seed && !l.sets("run.seed") {
		s.World.Seed = m.Seed
	}
	if s.World.Replications == own.Replications && !l.sets("run.replications") {
		s.World.Replications = m.Replications
	}
	var h *history.History
	if past && m.History != nil {
		l.past = &keptHistory{dir, [3]string{record.HistoryFile, record.HistoryMap, record.MappingFile}, *m.History}
		if h, err = l.past.replay(a, s); err != nil {
			return nil, nil, err
		}
	}
	if !changed && (past || m.History == nil) && s.Hash != m.ScenarioHash {
		return nil, nil, usage("cli.record_differs", dir, m.ScenarioHash[:8], s.Hash[:8])
	}
	return s, h, nil
}

// orAgain are the arguments of a command that takes none with --again.
func orAgain(record *string, args cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, given []string) error {
		if *record != "" {
			return want(0, 0, "")(c, given)
		}
		return args(c, given)
	}
}

// alone refuses flags beside --again that the record of it answers.
func alone(c *cobra.Command, record string, flags ...string) error {
	for _, name := range flags {
		if record != "" && c.Flags().Changed(name) {
			return usage("cli.again_alone", "--"+name)
		}
	}
	return nil
}

// keptHistory is a history that a record keeps.
type keptHistory struct {
	dir   string
	files [3]string // tickets, the mapping that reads them, the mapping as it was given
	of    record.History
}

// replay lays it over the scenario's world.
func (k *keptHistory) replay(a *app, s *scenarios.Scenario) (*history.History, error) {
	h, err := replay(a, s, filepath.Join(k.dir, k.files[0]), history.Options{Mapping: filepath.Join(k.dir, k.files[1])})
	if err != nil {
		return nil, err
	}
	h.File, h.FileHash, h.MappingName, h.Weeks = k.of.File, k.of.SHA256, k.of.Mapping, k.of.Weeks
	h.Rows, h.Filtered, h.Outside = k.of.Rows, k.of.Filtered, k.of.Outside+h.Outside
	if h.Given, err = os.ReadFile(filepath.Join(k.dir, k.files[2])); err != nil {
		return nil, badRecord(k.dir, err)
	}
	return h, nil
}

// keep puts it into a study as what a design of it replays; nil is none.
func (k *keptHistory) keep(s *record.Study, design int) ([]record.File, error) {
	if k == nil {
		return nil, nil
	}
	h := k.of
	for i, to := range []*[]byte{&h.Tickets, &h.Map, &h.Given} {
		var err error
		if *to, err = os.ReadFile(filepath.Join(k.dir, k.files[i])); err != nil {
			return nil, badRecord(k.dir, err)
		}
	}
	return s.Replay(design, h), nil
}

// keptIn is the history that a design of the study at dir replays; nil if none.
func keptIn(dir string, d *record.StudyDesign) *keptHistory {
	if d.History == nil {
		return nil
	}
	return &keptHistory{dir, d.History.Files, d.History.History}
}

// sets reports whether --set names a path.
func (l *loading) sets(path string) bool {
	return slices.ContainsFunc(l.set, func(arg string) bool { return strings.HasPrefix(arg, path+"=") }) ||
		slices.ContainsFunc(l.with, func(arg scenarios.Argument) bool { return strings.HasPrefix(arg.Text, path+"=") })
}
