package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"slasim/model"
	"slasim/scenarios"
	"slasim/scenarios/history"
	"slasim/sim/judge"
	"slasim/sim/record"
)

// replaying are the flags that put a recorded history in place of the drawn faults.
type replaying struct{ faults, mapping, shiftTo string }

func (r *replaying) check() error {
	switch {
	case r.faults == "" && (r.mapping != "" || r.shiftTo != ""):
		return usage("cli.needs_faults")
	case r.faults != "" && r.mapping == "":
		return usage("cli.needs_mapping", history.Mappings())
	}
	return nil
}

// read lays the history over the scenario's world. The error has been printed.
func (r *replaying) read(a *app, s *scenarios.Scenario) (*history.History, error) {
	return replay(a, s, r.faults, history.Options{Mapping: r.mapping, ShiftTo: r.shiftTo})
}

// replay puts the tickets of a file in place of the faults of a scenario.
func replay(a *app, s *scenarios.Scenario, file string, opt history.Options) (*history.History, error) {
	h, found := history.Read(file, opt, s.World)
	a.diagnostics(found, nil)
	if h == nil {
		var files []string
		for _, d := range found {
			if d.Severity == model.Error && !slices.Contains(files, d.Pos.File) {
				files = append(files, d.Pos.File)
			}
		}
		return nil, &problem{exit: BadInput, msg: model.Msg{Code: "cli.scenario_wrong", Args: []any{files, errorCount(found)}}}
	}
	s.World = h.World
	sum := sha256.Sum256([]byte(s.Hash + h.Hash))
	s.Hash = hex.EncodeToString(sum[:])
	return h, nil
}

// scenario reads the scenario of a run with the history it replays, nil if none: that of --faults, else that of the
// record that stands for the scenario.
func (r *replaying) scenario(a *app, l *loading, name string, assume map[string]string) (s *scenarios.Scenario, past *history.History, err error) {
	if record.Is(name) {
		s, past, err = l.again(a, name, assume, r.faults == "")
	} else {
		s, err = l.read(a, name, assume)
	}
	if err == nil && r.faults != "" {
		past, err = r.read(a, s)
	}
	return s, past, err
}

// replayed says in the report that a history was replayed.
func replayed(rep *judge.Report, h *history.History) {
	if h == nil {
		return
	}
	rep.Footnotes = append(rep.Footnotes, judge.Footnote{Msg: model.Msg{Code: "note.history",
		Args: []any{len(h.World.History), h.First.Format(time.DateOnly), h.Last.Format(time.DateOnly), h.Weeks}}})
}

// kept is what a record keeps of a history.
func kept(h *history.History) *record.History {
	if h == nil {
		return nil
	}
	return &record.History{File: h.File, SHA256: h.FileHash, Mapping: h.MappingName, Rows: h.Rows, Filtered: h.Filtered, Outside: h.Outside,
		Weeks: h.Weeks, Tickets: h.Tickets, Map: h.Mapping, Given: h.Given}
}
