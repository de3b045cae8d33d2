// Slasim simulates field service under a contract and says which clauses hold, how surely, and at what cost.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"syscall"
	"time"
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
	columns, _, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil { // no terminal
		columns = 0
	}
	return cli.Run(context.Background(), args, cli.Streams{
		Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv, Terminal: term.IsTerminal(int(os.Stderr.Fd())), Columns: columns,
		Interruptible: interruptible,
	})
}

// interruptible is a context that an interrupt cancels. A second interrupt ends the program, after abandon, as the first one
// does where no such context is asked for; a third does not wait for abandon.
func interruptible(parent context.Context, abandon func()) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(parent)
	signals, over := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		for range 2 {
			select {
			case s := <-signals:
				if ctx.Err() != nil {
					signal.Reset(os.Interrupt, syscall.SIGTERM)
					abandon()
					end(s)
				}
				cancel()
			case <-over:
				return
			}
		}
	}()
	return ctx, sync.OnceFunc(func() {
		signal.Stop(signals)
		close(over)
		cancel()
	})
}

// end has the program end by a signal, or where there is no such end as one that was interrupted.
func end(s os.Signal) {
	if p, err := os.FindProcess(os.Getpid()); err == nil && p.Signal(s) == nil {
		time.Sleep(time.Second) // it is on its way
	}
	os.Exit(cli.Failed)
}
