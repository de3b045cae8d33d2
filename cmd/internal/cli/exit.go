package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"slasim/model"
)

// Exit codes: a promise to scripts.
const (
	Done     = 0 // the answer is on stdout
	Failed   = 1 // could not run, or was interrupted
	BadInput = 2 // the scenario, a file or the command line is wrong
	No       = 3 // the answer is no: --gate and not all clauses hold, the audit differs
)

// problem is an error with its exit code and a message of the catalogue.
type problem struct {
	exit int
	msg  model.Msg
	err  error // what the system said, nil if nothing
}

func (p *problem) Error() string { return p.msg.Code }
func (p *problem) Unwrap() error { return p.err }

// usage is a wrong command line.
func usage(code string, args ...any) error {
	return &problem{exit: BadInput, msg: model.Msg{Code: code, Args: args}}
}

// reason is what the system says of a file, without the file's name.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// unwritable is a file or directory that cannot be written: wrong input if its path is, else a failure of ours, such as a full
// disk.
func unwritable(name string, err error) error {
	p := &problem{exit: Failed, msg: model.Msg{Code: "cli.unwritable", Args: []any{name, reason(err)}}, err: err}
	for _, wrong := range []error{fs.ErrPermission, fs.ErrNotExist, syscall.ENOTDIR, syscall.EROFS, syscall.ENAMETOOLONG, syscall.ELOOP} {
		if errors.Is(err, wrong) {
			p.exit = BadInput
		}
	}
	return p
}

// badRecord is a record that cannot be used.
func badRecord(dir string, err error) error {
	info, statErr := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) || statErr == nil && !info.IsDir() {
		return &problem{exit: BadInput, msg: model.Msg{Code: "cli.no_record", Args: []any{dir}}, err: err}
	}
	why := err.Error()
	if errors.As(err, new(model.Diagnostics)) { // printed one by one
		why = ""
	}
	return &problem{exit: BadInput, msg: model.Msg{Code: "cli.bad_record", Args: []any{dir, why}}, err: err}
}

// said is an error of which all has been said: only its exit code is left.
type said int

func (s said) Error() string { return fmt.Sprintf("exit code %d", int(s)) }

const (
	errNo          = said(No)
	errInterrupted = said(Failed)
)

// finish prints an error once and turns it into the exit code.
func (a *app) finish(err error) int {
	var s said
	var p *problem
	var d model.Diagnostics
	switch {
	case err == nil:
		return Done
	case errors.As(err, &s):
		return int(s)
	case errors.As(err, &p):
		if errors.As(p.err, &d) {
			a.diagnostics(d, nil)
		}
		fmt.Fprintf(a.Err, "slasim: %s\n", a.say.Msg(p.msg))
		return p.exit
	case errors.As(err, &d):
		a.diagnostics(d, nil)
		return BadInput
	case errors.Is(err, context.Canceled):
		a.note("cli.interrupted")
		return Failed
	}
	fmt.Fprintf(a.Err, "slasim: %s\n", err)
	return Failed
}
