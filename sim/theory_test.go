package sim_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"slasim/model"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/scenarios"
	"slasim/sim"
)

// A theory test runs a plain world of testdata/worlds and compares figures with a closed formula or the numerical
// solution of exact equations. A figure must lie within four standard errors of the theory, and its standard error may be
// at most 0.5 % of the value (1 % for a tail), so that the check can tell a small mistake. That it does is shown in the
// same test: with a rate, a server, a unit of stock or a rule changed a little, the same check must fail.
type theory struct {
	world   string   // file in testdata/worlds, or an embedded scenario
	set     []string // changes of it, as --set takes them
	reps    int      // independent replications
	long    int      // replications behind -tags long, if more
	figures []figure
	ticket  func(b *book, w *world.World, s *trail.Subject) // books a ticket that was reported inside the term
	end     func(b *book, w *world.World, t *trail.Totals)  // books a replication, nil if tickets say all
	wrong   []wrong
	// wrongReps are the replications of each wrong world, 0 = a quarter of reps: larger standard errors make it harder to
	// fail, not easier.
	wrongReps int
}

// figure is a ratio of two sums over a replication and what theory says it is.
type figure struct {
	name string
	want float64
	// se is the largest standard error allowed, relative to want; 0 = 0.005.
	se float64
	// width is how far off the reference itself may be, 0 for a formula.
	width float64
}

// wrong is a world in which the check must fail for each of the figures named.
type wrong struct {
	set     string // a change
	figures []string
}

func in(set string, figures ...string) wrong { return wrong{set, figures} }

// book holds the sums of one replication by figure.
type book struct{ num, den []float64 }

// add books an observation of figure i.
func (b *book) add(i int, num, den float64) {
	b.num[i] += num
	b.den[i] += den
}

// yes books whether something was so.
func (b *book) yes(i int, so bool) {
	if so {
		b.num[i]++
	}
	b.den[i]++
}

// load compiles a world of testdata/worlds, or an embedded one, with changes.
func load(t testing.TB, name string, set ...string) *world.World {
	t.Helper()
	if strings.HasSuffix(name, ".yaml") {
		name = "../testdata/worlds/" + name
	}
	s, diags := scenarios.Load(name, scenarios.Options{Set: set})
	if diags.HasErrors() {
		t.Fatalf("%s %v: %v", name, set, diags)
	}
	return s.World
}

// reader hands the judged tickets of a replication to a theory's book.
type reader struct {
	of   *theory
	w    *world.World
	book *book
}

func (r *reader) Subject(s *trail.Subject) {
	if s.Kind == model.SubjectTicket && !s.Discarded {
		r.of.ticket(r.book, r.w, s)
	}
}

// estimate is a ratio over replications with the standard error of the delta method (W. G. Cochran, "Sampling
// techniques", 3rd ed. 1977, ch. 6): SE² = R/(R−1) · Σ (xᵢ − r·yᵢ)² / (Σ yᵢ)².
type estimate struct{ value, se float64 }

// run simulates reps replications of the theory's world with further changes.
func (th *theory) run(t testing.TB, reps int, more ...string) []estimate {
	t.Helper()
	w := load(t, th.world, append(append([]string(nil), th.set...), more...)...)
	e := sim.New(w)
	n := len(th.figures)
	books := make([]book, reps)
	for r := range books {
		books[r] = book{make([]float64, n), make([]float64, n)}
		sink := &reader{th, w, &books[r]}
		if th.ticket == nil {
			sink.of = &theory{ticket: func(*book, *world.World, *trail.Subject) {}}
		}
		tot, err := e.Run(r, sink, nil, false)
		if err != nil {
			t.Fatal(err)
		}
		if th.end != nil {
			th.end(&books[r], w, tot)
		}
	}
	out := make([]estimate, n)
	for i := range out {
		x, y := 0.0, 0.0
		for r := range books {
			x, y = x+books[r].num[i], y+books[r].den[i]
		}
		ratio, sum := x/y, 0.0
		for r := range books {
			d := books[r].num[i] - ratio*books[r].den[i]
			sum += d * d
		}
		out[i] = estimate{ratio, math.Sqrt(sum*float64(reps)/float64(reps-1)) / y}
	}
	return out
}

// off is by how many standard errors the estimate misses the figure, beyond the width of the reference.
func (f *figure) off(e estimate) float64 {
	return math.Max(math.Abs(e.value-f.want)-f.width, 0) / e.se
}

func (f *figure) text(e estimate) string {
	return fmt.Sprintf("%s: simulated %.5g ± %.2g %%, theory %.5g (%+.2f %%, %.1f standard errors)",
		f.name, e.value, 100*e.se/f.want, f.want, 100*(e.value/f.want-1), f.off(e))
}

// prove checks the theory, and that the check fails in each of the wrong worlds.
func (th *theory) prove(t *testing.T) {
	t.Helper()
	t.Parallel()
	reps := th.reps
	if long {
		reps = max(reps, th.long)
	}
	var names []string
	for i, e := range th.run(t, reps) {
		f := &th.figures[i]
		names = append(names, f.name)
		allowed := f.se
		if allowed == 0 {
			allowed = 0.005
		}
		switch {
		case !(e.se <= allowed*math.Abs(f.want)):
			t.Errorf("standard error above %.2g %%: %s", 100*allowed, f.text(e))
		case !(f.off(e) <= 4):
			t.Error(f.text(e))
		default:
			t.Log(f.text(e))
		}
	}
	for _, x := range th.wrong {
		for _, name := range x.figures {
			if !slices.Contains(names, name) {
				t.Fatalf("no figure %q", name)
			}
		}
		results := th.run(t, cmp.Or(th.wrongReps, max(reps/4, 10)), x.set)
		for i, e := range results {
			f := &th.figures[i]
			switch {
			case !slices.Contains(x.figures, f.name):
			case !(f.off(e) > 4):
				t.Errorf("with %s the check still passes: %s", x.set, f.text(e))
			default:
				t.Logf("with %s: %s", x.set, f.text(e))
			}
		}
	}
}

// span is the time between two milestones in hours, NaN if one has not happened: no check holds for NaN.
func span(s *trail.Subject, from, to model.Milestone) float64 {
	a, b := s.Milestones[from], s.Milestones[to]
	if a == model.Unset || b == model.Unset {
		return math.NaN()
	}
	return model.Hours(b - a)
}

// wait is the time in queue in hours.
func wait(s *trail.Subject) float64 { return span(s, model.Reported, model.Assigned) }

// stay is the time from the report to the end of the work in hours.
func stay(s *trail.Subject) float64 { return span(s, model.Reported, model.Restored) }
