package cli

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"slasim/cmd/internal/say"
	"slasim/sim/plan"
)

// progress shows how far a run is: one line on a terminal, or plain lines of text elsewhere if asked for. Nothing is
// shown in the first second.
type progress struct {
	mu    sync.Mutex
	a     *app
	text  string // what is counted: a message with done, total, share, span left
	line  bool   // redraw one line
	plain bool   // print lines
	begin time.Time
	last  time.Time
	shown int // cells of the line on the terminal
	tenth int // last tenth printed in plain mode

	closed bool
	deaf   func() bool // ends the watch for an interrupt
}

// newProgress follows --progress: auto, plain or none.
func (a *app) newProgress(ctx context.Context, mode string) *progress {
	now := time.Now()
	p := &progress{a: a, text: "progress", line: mode == "auto" && a.Terminal, plain: mode == "plain", begin: now, last: now}
	p.deaf = context.AfterFunc(ctx, p.interrupted)
	return p
}

// interrupted says why an interrupted run does not end: what has begun is finished first.
func (p *progress) interrupted() {
	time.Sleep(patience)
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.clear()
		p.line = false
		p.a.note("cli.interrupting")
	}
}

// patience is how long an interrupt may take without a word.
const patience = 300 * time.Millisecond

// at reports done of total replications. It may be called from any goroutine.
func (p *progress) at(done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	gone := now.Sub(p.begin)
	if gone < time.Second || total <= 0 {
		return
	}
	left := time.Duration(float64(gone) / float64(max(done, 1)) * float64(total-done)).Round(time.Second)
	text := p.a.say.T(p.text, done, total, float64(done)/float64(total), left)
	switch {
	case p.line && now.Sub(p.last) > 100*time.Millisecond:
		width := say.Cells(text)
		fmt.Fprint(p.a.Err, "\r"+text+strings.Repeat(" ", max(0, p.shown-width)))
		p.last, p.shown = now, width
	case p.plain && (done*10/total > p.tenth || now.Sub(p.last) > 30*time.Second):
		fmt.Fprintln(p.a.Err, text)
		p.last, p.tenth = now, done*10/total
	}
}

// close takes the line away.
func (p *progress) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	p.line, p.plain, p.closed = false, false, true
	p.deaf()
}

func (p *progress) clear() {
	if p.shown > 0 {
		fmt.Fprint(p.a.Err, "\r"+strings.Repeat(" ", p.shown)+"\r")
		p.shown = 0
	}
}

// plan reports how far a plan is.
func (p *progress) plan(x plan.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if now.Sub(p.begin) < time.Second {
		return
	}
	best := ""
	if x.Best > 0 {
		best = p.a.say.Amount(x.Best)
	}
	text := p.a.say.T("progress.plan", p.a.say.T("plan.stage."+x.Stage), x.Designs, x.Replications, best)
	switch {
	case p.line && now.Sub(p.last) > 100*time.Millisecond:
		width := say.Cells(text)
		fmt.Fprint(p.a.Err, "\r"+text+strings.Repeat(" ", max(0, p.shown-width)))
		p.last, p.shown = now, width
	case p.plain && now.Sub(p.last) > 10*time.Second:
		fmt.Fprintln(p.a.Err, text)
		p.last = now
	}
}
