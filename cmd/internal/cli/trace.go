package cli

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"slasim/cmd/internal/report"
	"slasim/model"
	"slasim/sim/record"
)

// traceCommand tells one ticket's story.
func (a *app) traceCommand() *cobra.Command {
	c := a.command("trace RECORD TICKET", "  slasim trace record r000-t00012")
	c.Args = want(2, 2, "RECORD TICKET")
	c.RunE = func(_ *cobra.Command, args []string) error {
		rec, err := openRecord(args[0])
		if err != nil {
			return err
		}
		defer rec.Close()
		s, rep, err := find(rec, args[1])
		if err != nil {
			return err
		}
		sum, err := summary(rec)
		if err != nil {
			return err
		}
		return report.Trace(a.Out, rec, rep, s, sum, a.options())
	}
	return c
}

// find is the subject with an id of ours, or the ticket with an id of the history that was replayed.
func find(rec *record.Record, id string) (*record.Subject, *record.Replication, error) {
	index, kind, ordinal, err := record.ParseID(id)
	switch {
	case err != nil && rec.Manifest.History == nil:
		return nil, nil, usage("cli.bad_ticket", id, "")
	case err != nil:
		s, rep, err := rec.Recorded(id)
		if errors.Is(err, record.ErrNotReplayed) {
			return nil, nil, usage("cli.bad_ticket", id, rec.Manifest.History.File)
		}
		if err != nil {
			return nil, nil, badRecord(rec.Dir, err)
		}
		return s, rep, nil
	case int(index) >= rec.Manifest.Replications:
		return nil, nil, usage("cli.no_ticket", rec.Dir, id, rec.Manifest.Replications)
	}
	rep, err := rec.Replication(index)
	if err != nil {
		return nil, nil, badRecord(rec.Dir, err)
	}
	s := rep.Find(kind, ordinal)
	if s == nil {
		return nil, nil, notIn(rec.Dir, id, rep, kind)
	}
	return s, rep, nil
}

// notIn is a ticket, or another subject, that its replication does not have.
func notIn(dir, id string, rep *record.Replication, kind model.Subject) error {
	name, _, _ := strings.Cut(id, "-")
	last := ""
	for i := range rep.Subjects {
		if rep.Subjects[i].Kind == kind {
			last = rep.Subjects[i].ID()
		}
	}
	if last == "" {
		return usage("cli.no_kind", dir, name, id)
	}
	return usage("cli.not_in_replication", dir, name, id, last)
}
