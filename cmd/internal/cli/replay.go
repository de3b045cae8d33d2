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

// read lays the history over the scenario's world; nil if none is asked for. The error has been printed.
func (r *replaying) read(a *app, s *scenarios.Scenario) (*history.History, error) {
	if r.faults == "" {
		return nil, nil
	}
	h, found := history.Read(r.faults, history.Options{Mapping: r.mapping, ShiftTo: r.shiftTo}, s.World)
	a.diagnostics(found, nil)
	if h == nil {
		return nil, &problem{exit: BadInput, msg: model.Msg{Code: "cli.scenario_wrong", Args: []any{r.faults, errorCount(found)}}}
	}
	s.World = h.World
	sum := sha256.Sum256([]byte(s.Hash + h.Hash))
	s.Hash = hex.EncodeToString(sum[:])
	return h, nil
}

// replayed says in the report that a history was replayed, and what it recorded beside what was simulated.
func replayed(rep *judge.Report, h *history.History) {
	if h == nil {
		return
	}
	note := func(code string, args ...any) {
		rep.Footnotes = append(rep.Footnotes, judge.Footnote{Msg: model.Msg{Code: code, Args: args}})
	}
	note("note.history", len(h.World.History), h.First.Format(time.DateOnly), h.Last.Format(time.DateOnly), h.Weeks)
	if h.Compare == "" || len(h.Resolved) == 0 {
		return
	}
	slices.Sort(h.Resolved)
	at := func(p float64) float64 { // the smallest value with at least the share p at or below it
		k := int(p*float64(len(h.Resolved))+0.999999) - 1
		return h.Resolved[max(k, 0)].Hours()
	}
	for i := range rep.Clauses {
		if c := &rep.Clauses[i]; c.ID == h.Compare && c.P50Hours != nil && c.P95Hours != nil {
			note("note.history_compare", h.Compare, *c.P50Hours, *c.P95Hours, at(0.5), at(0.95), len(h.Resolved))
		}
	}
}
