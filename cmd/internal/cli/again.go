package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

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
		h, err = replay(a, s, filepath.Join(dir, record.HistoryFile), history.Options{Mapping: filepath.Join(dir, record.HistoryMap)})
		if err != nil {
			return nil, nil, err
		}
		h.File, h.FileHash, h.MappingName, h.Weeks = m.History.File, m.History.SHA256, m.History.Mapping, m.History.Weeks
		h.Rows, h.Filtered, h.Outside = m.History.Rows, m.History.Filtered, m.History.Outside+h.Outside
		if h.Given, err = os.ReadFile(filepath.Join(dir, record.MappingFile)); err != nil {
			return nil, nil, badRecord(dir, err)
		}
	}
	if !changed && (past || m.History == nil) && s.Hash != m.ScenarioHash {
		return nil, nil, usage("cli.record_differs", dir, m.ScenarioHash[:8], s.Hash[:8])
	}
	return s, h, nil
}

// sets reports whether --set names a path.
func (l *loading) sets(path string) bool {
	return slices.ContainsFunc(l.set, func(arg string) bool { return strings.HasPrefix(arg, path+"=") }) ||
		slices.ContainsFunc(l.with, func(arg scenarios.Argument) bool { return strings.HasPrefix(arg.Text, path+"=") })
}
