// Package cli holds the commands: their flags, what they print where, and the exit codes. It is the only user of
// cobra. The answer goes to stdout, the conversation to stderr.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"slasim/cmd/internal/report"
	"slasim/cmd/internal/say"
	"slasim/model"
	"slasim/scenarios"
	"slasim/sim/record"
)

// Version of the program; it stands in every result and record.
const Version = "0.1.0"

// Streams is where a command reads and writes.
type Streams struct {
	Out, Err io.Writer
	Getenv   func(string) string
	Terminal bool // Err is a terminal
	Columns  int  // of the terminal that Out is, 0 if it is none
	// Interruptible makes a context that an interrupt cancels, for work that keeps what it has finished; nil: none does. It
	// calls abandon if a second interrupt is about to end the program.
	Interruptible func(ctx context.Context, abandon func()) (context.Context, context.CancelFunc)
}

// interruptible is the context of such work.
func (a *app) interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	if a.Interruptible == nil {
		return ctx, func() {}
	}
	return a.Interruptible(ctx, func() {
		if w := a.recording.Load(); w != nil {
			w.Abandon()
		}
	})
}

// app is one call of the program.
type app struct {
	Streams
	say       say.Voice
	lang      string
	recording *atomic.Pointer[record.Writer] // the record that is being written, nil if none is
}

// options are those of every answer: COLUMNS goes before what the terminal has.
func (a *app) options() report.Options {
	width := a.Columns
	if n, err := strconv.Atoi(a.Getenv("COLUMNS")); err == nil && n > 0 {
		width = n
	}
	if width > 0 {
		width = max(width, narrowest)
	}
	return report.Options{Voice: a.say, Width: width}
}

// narrowest is the least number of columns that tables are folded to.
const narrowest = 60

// Run carries out one command line (without the program's name) and returns the exit code.
func Run(ctx context.Context, args []string, s Streams) int {
	cobra.MousetrapHelpText = "" // a double-click on Windows is a call like any other
	a := &app{Streams: s, recording: new(atomic.Pointer[record.Writer])}
	lang, known := say.ParseLang(langFlag(args), s.Getenv)
	a.say = say.New(lang)
	if !known {
		return a.finish(wrongValue("--lang", langFlag(args), []string{"en", "zh"}))
	}
	root := a.root()
	root.SetArgs(args)
	return a.finish(root.ExecuteContext(ctx))
}

// langFlag is the value of --lang, which must be known before the flags have their texts.
func langFlag(args []string) string {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if v, ok := strings.CutPrefix(arg, "--lang="); ok {
			return v
		}
		if arg == "--lang" && i+1 < len(args) {
			return args[i+1]
		}
	}
	return ""
}

// root is the command tree.
func (a *app) root() *cobra.Command {
	root := a.command("slasim", "")
	root.Args = cobra.ArbitraryArgs
	root.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return c.Help()
		}
		return usage("cli.unknown_command", args[0], scenarios.Nearest(args[0], names(root)), strings.Join(names(root), ", "))
	}
	root.SilenceUsage, root.SilenceErrors = true, true
	root.PersistentPreRunE = noEmptyFlag
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpCommand(&cobra.Command{Hidden: true, Use: "help", RunE: func(_ *cobra.Command, args []string) error {
		c, rest, err := root.Find(args)
		if err != nil || len(rest) > 0 {
			return usage("cli.unknown_command", strings.Join(args, " "), "", strings.Join(names(root), ", "))
		}
		return c.Help()
	}})
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	root.SetFlagErrorFunc(a.flagError)
	root.SetHelpFunc(a.help)
	root.PersistentFlags().StringVar(&a.lang, "lang", "", a.say.T("flag.lang"))
	root.PersistentFlags().BoolP("help", "h", false, a.say.T("flag.help"))
	root.AddCommand(a.runCommand(), a.compareCommand(), a.sweepCommand(), a.feasibleCommand(), a.checkCommand(), a.schemaCommand(), a.scenariosCommand(),
		a.initCommand(), a.reportCommand(), a.plotCommand(), a.traceCommand(), a.whyCommand(), a.auditCommand(), a.clausesCommand(),
		a.lintCommand(), a.planCommand(), a.versionCommand())
	return root
}

// command starts a command: use is its line of usage; its texts stand in the catalogue under its name.
func (a *app) command(use, example string) *cobra.Command {
	name, _, _ := strings.Cut(use, " ")
	c := &cobra.Command{Use: use, Example: example, Short: a.say.T("cmd." + name), DisableFlagsInUseLine: true}
	if say.Has("cmd." + name + ".long") {
		c.Long = a.say.T("cmd." + name + ".long")
	}
	c.Flags().SortFlags = false
	return c
}

// noEmptyFlag refuses --out "" and the like: most often a variable of the shell that is not set.
func noEmptyFlag(c *cobra.Command, _ []string) (err error) {
	c.Flags().Visit(func(f *pflag.Flag) {
		list, isList := f.Value.(pflag.SliceValue)
		if f.Value.Type() == "string" && f.Value.String() == "" || isList && slices.Contains(list.GetSlice(), "") {
			err = usage("cli.flag_without_value", "--"+f.Name)
		}
	})
	return err
}

// want checks the number of arguments; at most < 0 means any number.
func want(least, most int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return usage("cli.too_few", c.CommandPath(), what, c.CommandPath()+" --help")
		case most >= 0 && len(args) > most:
			return usage("cli.too_many", c.CommandPath(), args[most], c.CommandPath()+" --help")
		case slices.Contains(args, ""): // a variable of the shell that is not set
			return usage("cli.empty", c.CommandPath(), what)
		}
		return nil
	}
}

// names of the commands a user may type.
func names(c *cobra.Command) []string {
	var list []string
	for _, sub := range c.Commands() {
		if !sub.Hidden {
			list = append(list, sub.Name())
		}
	}
	return list
}

// flagError turns pflag's complaints into ours.
func (a *app) flagError(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var missing *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		name := unknown.GetSpecifiedName()
		if unknown.GetSpecifiedShortnames() != "" {
			return usage("cli.unknown_flag", "-"+name, "", c.CommandPath()+" --help")
		}
		var flags []string
		c.Flags().VisitAll(func(f *pflag.Flag) { flags = append(flags, f.Name) })
		near := scenarios.Nearest(name, flags)
		if near != "" {
			near = "--" + near
		}
		return usage("cli.unknown_flag", "--"+name, near, c.CommandPath()+" --help")
	case errors.As(err, &missing):
		return usage("cli.flag_without_value", "--"+missing.GetFlag().Name)
	case errors.As(err, &invalid) && invalid.GetValue() == "":
		return usage("cli.flag_without_value", "--"+invalid.GetFlag().Name)
	case errors.As(err, &invalid):
		return usage("cli.flag_value", "--"+invalid.GetFlag().Name, invalid.GetValue(), "flag "+invalid.GetFlag().Value.Type())
	}
	return usage("cli.bad_flags", err.Error())
}

// help prints what a command does, its flags and examples.
func (a *app) help(c *cobra.Command, _ []string) {
	w := a.Out
	text := c.Long
	if text == "" {
		text = c.Short
	}
	fmt.Fprintf(w, "%s\n\n%s\n  %s\n", text, a.say.T("help.usage"), c.UseLine()+" "+a.say.T("help.flags_here"))
	if c.HasAvailableSubCommands() {
		if c.Parent() == nil {
			fmt.Fprintf(w, "  slasim %s\n", a.say.T("help.command_flags"))
		}
		fmt.Fprintf(w, "\n%s\n", a.say.T("help.commands"))
		for _, sub := range c.Commands() {
			if !sub.Hidden {
				fmt.Fprintf(w, "  %-10s %s\n", sub.Name(), sub.Short)
			}
		}
	}
	local := c.LocalNonPersistentFlags()
	a.flagList(a.say.T("help.flags"), c.Flags(), func(f *pflag.Flag) bool { return local.Lookup(f.Name) != nil })
	a.flagList(a.say.T("help.all_flags"), c.Root().PersistentFlags(), func(*pflag.Flag) bool { return true })
	if c.Example != "" {
		fmt.Fprintf(w, "\n%s\n%s\n", a.say.T("help.examples"), c.Example)
	}
	if c.Parent() == nil {
		fmt.Fprintf(w, "\n%s\n", a.say.T("help.exit"))
	}
}

// flagList prints the flags of a set that keep wants, in the order in which they were defined.
func (a *app) flagList(title string, set *pflag.FlagSet, keep func(*pflag.Flag) bool) {
	var left, right []string
	width := 0
	set.VisitAll(func(f *pflag.Flag) {
		if !keep(f) {
			return
		}
		value, text := pflag.UnquoteUsage(f)
		name := "      --" + f.Name
		if f.Shorthand != "" {
			name = "  -" + f.Shorthand + ", --" + f.Name
		}
		if value != "" {
			name += " " + value
		}
		if f.DefValue != "" && f.DefValue != "0" && f.DefValue != "false" && f.DefValue != "[]" {
			text += " (" + a.say.T("help.default") + " " + f.DefValue + ")"
		}
		left, right = append(left, name), append(right, text)
		width = max(width, say.Cells(name))
	})
	if len(left) == 0 {
		return
	}
	fmt.Fprintf(a.Out, "\n%s\n", title)
	for i := range left {
		blank := strings.Repeat(" ", width+3)
		for j, line := range say.Fold(right[i], 118-width) {
			if j == 0 {
				fmt.Fprintln(a.Out, left[i]+strings.Repeat(" ", width+3-say.Cells(left[i]))+line)
			} else {
				fmt.Fprintln(a.Out, blank+line)
			}
		}
	}
}

// versionCommand prints the version.
func (a *app) versionCommand() *cobra.Command {
	c := a.command("version", "")
	c.Args = want(0, 0, "")
	c.RunE = func(*cobra.Command, []string) error {
		_, err := fmt.Fprintln(a.Out, "slasim "+Version)
		return err
	}
	return c
}

// note says something on stderr.
func (a *app) note(code string, args ...any) { fmt.Fprintln(a.Err, a.say.T(code, args...)) }

// choice checks a flag that takes one of a few words.
func choice(flag, value string, legal ...string) error {
	if slices.Contains(legal, value) {
		return nil
	}
	return wrongValue(flag, value, legal)
}

// wrongValue is the error of a flag that takes one of a few words.
func wrongValue(flag, value string, legal []string) error {
	return usage("cli.not_a_choice", flag, value, scenarios.Nearest(value, legal), strings.Join(legal, ", "))
}

// Fault prints what a user should send us after a panic.
func Fault(w io.Writer, getenv func(string) string, args []string, what any, stack []byte) {
	lang, _ := say.ParseLang(langFlag(args), getenv)
	v := say.New(lang)
	fmt.Fprintln(w, v.T("cli.panic", Version, seedFlag(args), strings.Join(append([]string{"slasim"}, args...), " ")))
	fmt.Fprintf(w, "%v\n%s", what, stack)
}

// seedFlag is the value of --seed, as typed.
func seedFlag(args []string) string {
	for i, arg := range args {
		if v, ok := strings.CutPrefix(arg, "--seed="); ok {
			return v
		}
		if arg == "--seed" && i+1 < len(args) {
			return args[i+1]
		}
	}
	return "–"
}

// lang is the language in use.
func (a *app) language() model.Lang { return a.say.Lang }
