package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"slasim/cmd/internal/report"
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
		find := rec.Find
		if _, _, _, err := record.ParseID(args[1]); err != nil {
			find = rec.Recorded
			if rec.Manifest.History == nil {
				return usage("cli.bad_ticket", args[1], "")
			}
		}
		s, rep, err := find(args[1])
		if errors.Is(err, record.ErrNotReplayed) {
			return usage("cli.bad_ticket", args[1], rec.Manifest.History.File)
		}
		if err != nil {
			return usage("cli.no_ticket", args[0], args[1], rec.Manifest.Replications)
		}
		sum, err := summary(rec)
		if err != nil {
			return err
		}
		return report.Trace(a.Out, rec, rep, s, sum, report.Options{Voice: a.say})
	}
	return c
}
