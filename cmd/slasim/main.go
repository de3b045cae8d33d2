// Slasim simulates field service under a contract and says which clauses hold, how surely, and at what cost.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // imported histories name zones; Windows has no zone files

	"golang.org/x/term"

	"slasim/cmd/internal/cli"
)

func main() { os.Exit(run()) }

// run is main with an exit code. A panic is ours: it prints what is needed to repeat the call.
func run() (code int) {
	args := os.Args[1:]
	defer func() {
		if what := recover(); what != nil {
			cli.Fault(os.Stderr, os.Getenv, args, what, debug.Stack())
			code = cli.Failed
		}
	}()
	return cli.Run(context.Background(), args, cli.Streams{
		Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv, Terminal: term.IsTerminal(int(os.Stderr.Fd())),
		Interruptible: interruptible,
	})
}

// interruptible is a context that an interrupt cancels. A second interrupt ends the program at once, as the first one does
// where no such context is asked for.
func interruptible(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(parent, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}
