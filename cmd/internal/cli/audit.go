package cli

import (
	"github.com/spf13/cobra"

	"slasim/cmd/internal/report"
	"slasim/sim/audit"
)

// auditCommand computes the clocks of a record again.
func (a *app) auditCommand() *cobra.Command {
	c := a.command("audit RECORD", "  slasim audit record")
	c.Args = want(1, 1, "RECORD")
	format := c.Flags().String("format", "text", a.say.T("flag.audit_format"))
	c.RunE = func(_ *cobra.Command, args []string) error {
		if err := choice("--format", *format, "text", "json"); err != nil {
			return err
		}
		rec, err := openRecord(args[0])
		if err != nil {
			return err
		}
		defer rec.Close()
		result, err := audit.Audit(rec)
		if err != nil {
			return badRecord(args[0], err)
		}
		if *format == "json" {
			err = report.JSON(a.Out, result)
		} else {
			err = report.Audit(a.Out, result, a.options())
		}
		if err == nil && !result.Agrees() {
			return errNo
		}
		return err
	}
	return c
}
