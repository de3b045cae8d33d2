package cli

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/spf13/cobra"

	"slasim/cmd/internal/report"
	"slasim/sim/judge"
	"slasim/sim/record"
)

// printing are the flags of every command that prints a report.
type printing struct {
	format      string
	all, detail bool
}

// flags adds them to a command.
func (p *printing) flags(a *app, c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&p.format, "format", "text", a.say.T("flag.format"))
	f.BoolVar(&p.all, "all", false, a.say.T("flag.all"))
	f.BoolVar(&p.detail, "detail", false, a.say.T("flag.detail"))
}

// check refuses a format that is not known, before any work is done.
func (p *printing) check() error {
	return choice("--format", p.format, "text", "csv", "json", "markdown")
}

// print writes the report on stdout.
func (p *printing) print(a *app, r *judge.Report) error {
	var b bytes.Buffer
	o := report.Options{Voice: a.say, All: p.all, Detail: p.detail}
	var err error
	switch p.format {
	case "csv":
		err = report.CSV(&b, r, a.language())
	case "json":
		err = report.JSON(&b, r)
	case "markdown":
		err = report.Markdown(&b, r, o)
	default:
		err = report.Text(&b, r, o)
	}
	if err != nil {
		return err
	}
	_, err = io.Copy(a.Out, &b)
	return err
}

// openRecord opens a record of this version.
func openRecord(dir string) (*record.Record, error) {
	m, err := record.ReadManifest(dir)
	if err != nil {
		return nil, badRecord(dir, err)
	}
	if m.Version != Version {
		return nil, usage("cli.other_version", dir, m.Version, Version)
	}
	rec, err := record.Open(dir)
	if err != nil {
		return nil, badRecord(dir, err)
	}
	return rec, nil
}

// summary is the report that a record holds.
func summary(rec *record.Record) (*judge.Report, error) {
	r := new(judge.Report)
	if err := json.Unmarshal(rec.Summary, r); err != nil {
		return nil, badRecord(rec.Dir, err)
	}
	return r, nil
}

// reportCommand prints the tables of a record again.
func (a *app) reportCommand() *cobra.Command {
	c := a.command("report RECORD", "  slasim report out --all --lang zh")
	c.Args = want(1, 1, "RECORD")
	var p printing
	p.flags(a, c)
	c.RunE = func(_ *cobra.Command, args []string) error {
		if err := p.check(); err != nil {
			return err
		}
		rec, err := openRecord(args[0])
		if err != nil {
			return err
		}
		defer rec.Close()
		r, err := summary(rec)
		if err != nil {
			return err
		}
		return p.print(a, r)
	}
	return c
}
