package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

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
	o := a.options()
	o.All, o.Detail = p.all, p.detail
	return p.write(a, func(w io.Writer) error {
		switch p.format {
		case "csv":
			return report.CSV(w, r, a.language())
		case "json":
			return report.JSON(w, r)
		case "markdown":
			return report.Markdown(w, r, o)
		}
		return report.Text(w, r, o)
	})
}

// write puts an answer on stdout, whole or not at all.
func (p *printing) write(a *app, form func(io.Writer) error) error {
	var b bytes.Buffer
	if err := form(&b); err != nil {
		return err
	}
	_, err := io.Copy(a.Out, &b)
	return err
}

// openRecord opens a record of this version.
func openRecord(dir string) (*record.Record, error) {
	if kind := record.KindOf(dir); kind != "" && kind != "run" {
		return nil, usage("cli.other_kind", dir, kind, "run")
	}
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

// openStudy opens a study of this kind and version.
func openStudy(dir, kind string) (*record.Study, error) {
	if is := record.KindOf(dir); is != "" && is != kind {
		return nil, usage("cli.other_kind", dir, is, kind)
	}
	s, err := record.ReadStudy(dir)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil, usage("cli.no_study", dir, kind)
	}
	if err != nil {
		return nil, badRecord(dir, err)
	}
	if s.Version != Version {
		return nil, usage("cli.other_version", dir, s.Version, Version)
	}
	return s, nil
}

// openResult opens a study of this kind and reads what it came to into v.
func openResult(dir, kind string, v any) error {
	if _, err := openStudy(dir, kind); err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(dir, record.SummaryFile))
	if err == nil {
		err = json.Unmarshal(text, v)
	}
	if err != nil {
		return badRecord(dir, err)
	}
	return nil
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
		switch kind := record.KindOf(args[0]); kind {
		case record.Comparison:
			v := new(judge.Versus)
			if err := openResult(args[0], kind, v); err != nil {
				return err
			}
			return p.versus(a, v)
		case record.Sweep:
			s := new(judge.Sweep)
			if err := openResult(args[0], kind, s); err != nil {
				return err
			}
			return p.grid(a, s)
		}
		if out, err := readPlan(args[0]); out != nil || err != nil {
			if err != nil {
				return err
			}
			return (&planning{printing: p}).printPlan(a, out)
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
