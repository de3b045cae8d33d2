package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"slasim/sim/judge"
)

// call runs a command line in English and returns exit code, stdout and stderr.
func call(ctx context.Context, args ...string) (code int, out, err string) {
	var o, e bytes.Buffer
	code = Run(ctx, args, Streams{Out: &o, Err: &e, Getenv: func(string) string { return "" }})
	return code, o.String(), e.String()
}

// TestInterrupt: what has finished is the answer, the exit code says that it is not all.
func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	code, out, msg := call(ctx, "run", "mm3")
	if code != Failed || out != "" || !strings.Contains(msg, "interrupted; nothing was finished") {
		t.Errorf("before the start: exit %d, stdout %q, stderr %q", code, out, msg)
	}

	ctx, cancel = context.WithTimeout(context.Background(), 700*time.Millisecond)
	defer cancel()
	dir := filepath.Join(t.TempDir(), "rec")
	code, out, msg = call(ctx, "run", "mm3", "--replications", "1000000", "--workers", "1", "--format", "json", "--set", "run.warm_up=1d",
		"--set", "equipment.classes.unit.rate=20/y", "--out", dir)
	if code != Failed || !strings.Contains(out, `"interrupted": true`) || !strings.Contains(msg, "of 1000000 replications had finished") {
		t.Errorf("on the way: exit %d, stdout %.80q, stderr %q", code, out, msg)
	}
	if code, out, msg = call(context.Background(), "audit", dir); code != Done {
		t.Errorf("the record of the finished part: exit %d %s%s", code, out, msg)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// cancelling is a stderr that interrupts the run when it is told how far the run is. That is how a test gets hold of the
// look at assumptions, which comes after the replications.
type cancelling struct {
	bytes.Buffer
	cancel context.CancelFunc
	at     string // what is said then
}

func (c *cancelling) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte(c.at)) {
		c.cancel()
	}
	return c.Buffer.Write(p)
}

// TestInterruptedLook: an interrupt while assumptions are examined does not throw the replications away.
func TestInterruptedLook(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.yaml")
	text := `extends: mm3
run: {warm_up: {low: 1d, base: 2d, high: 3d}}
equipment: {classes: {unit: {rate: {low: 2000000/y, base: 1000/y, high: 2000000/y}, failures: {fault: {restore: 30s}}}}}
`
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var out bytes.Buffer
	msg := &cancelling{cancel: cancel, at: "of 12 "} // replications of the ends of assumptions; the run has 3
	code := Run(ctx, []string{"run", file, "--replications", "3", "--assumptions", "--workers", "1", "--progress", "plain"},
		Streams{Out: &out, Err: msg, Getenv: func(string) string { return "" }})
	if code != Failed || !strings.Contains(out.String(), "3 replications") ||
		!strings.Contains(out.String(), "The examination of 2 assumptions was interrupted") || !strings.Contains(msg.String(), "the answer is of all 3 replications") {
		t.Errorf("exit %d\n%s\n%s", code, out.String(), msg.String())
	}
}

func TestAssumptionsAreRanked(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.yaml")
	text := `extends: mm3
run: {warm_up: 1d}
equipment:
  classes:
    unit:
      rate: {low: 100/y, base: 200/y, high: 10000/y}
      failures: {fault: {restore: {dist: exponential, mean: {low: 59m, base: 1h, high: 61m}}}}
contracts: {service: {clauses: {stay: {limit: 30d, target: 0.9}}}}
`
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	code, out, msg := call(context.Background(), "run", file, "--replications", "3", "--assumptions")
	rate, mean := strings.Index(out, "equipment.classes.unit.rate: 200/y (100/y–10000/y)"), strings.Index(out, "restore.mean: 1h (59m–61m)")
	if code != Done || rate < 0 || mean < rate {
		t.Errorf("exit %d, the rate at %d, the mean at %d\n%s%s", code, rate, mean, out, msg)
	}
}

// classes is a scenario of n classes of faults, of which class i has a rate of 60 a year, give or take 3 i. All are
// late, so the widest range moves most. One more assumption is about money alone.
func classes(n int) string {
	var rates, installed strings.Builder
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&rates, "    c%02d: {rate: {low: %d/y, base: %d/y, high: %d/y}, failures: {stuck: {share: 1, restore: 2h}}}\n", i, 60-3*i, 60, 60+3*i)
		fmt.Fprintf(&installed, "c%02d: 1, ", i)
	}
	return fmt.Sprintf(`run: {title: shop, timezone: "+00:00", start_date: 2025-01-01, term: 1y, replications: 40}
places: {points: {shop: {}}}
equipment:
  classes:
%s  installed: {shop: {%s}}
contracts: {care: {severities: {any: {rank: 1}}, clauses: {fix: {text: fixed, of: ticket, start: reported, stop: restored, limit: 1h, target: 0.9}}}}
people: {crew: {place: shop, headcount: 40, roles: [field], pay: {low: 1k CNY, base: 2k CNY, high: 3k CNY}}}
`, rates.String(), strings.TrimSuffix(installed.String(), ", "))
}

// TestExaminationInRounds: an assumption about money is left after the probe, the narrow ranges after the screening, and
// the widest stand in front over all replications. The work is the same for any number of workers.
func TestExaminationInRounds(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("shop.yaml", []byte(classes(14)), 0o644); err != nil {
		t.Fatal(err)
	}
	one := must(t, "run", "shop.yaml", "--assumptions", "--format", "json", "--workers", "1")
	if other := must(t, "run", "shop.yaml", "--assumptions", "--format", "json", "--workers", "5"); other != one {
		t.Error("five workers say something else than one")
	}
	var r judge.Report
	if err := json.Unmarshal([]byte(one), &r); err != nil {
		t.Fatal(err)
	}
	want := judge.Examination{Ranges: 15, Examined: 15, Replications: 40, Unchanged: 1, Probed: 5, Screened: 4, ScreenedOver: 30}
	if *r.Examination != want {
		t.Errorf("%+v, want %+v", *r.Examination, want)
	}
	for _, x := range r.Assumptions {
		var i int
		if n, _ := fmt.Sscanf(x.Path, "equipment.classes.c%02d.rate", &i); n == 0 {
			if !x.Unchanged || x.Rank != 15 {
				t.Errorf("%+v", x)
			}
			continue
		}
		// A Poisson count of 3·i more a year on common random numbers: the rank is right to about a place.
		if d := x.Rank - (15 - i); d < -2 || d > 2 || x.Swing < float64(3*i)*0.7 || x.Swing > float64(3*i)*1.4 {
			t.Errorf("%s is the %d., moves %.1f", x.Path, x.Rank, x.Swing)
		}
		if full := x.Rank <= 10; full != (x.Replications == 40) {
			t.Errorf("%s, the %d., compared over %d replications", x.Path, x.Rank, x.Replications)
		}
	}
	text := must(t, "run", "shop.yaml", "--assumptions")
	for _, want := range []string{"of 15 with a range", "10 compared over all 40 replications; 4 that moved less over the first 30; 1 changes no event in the first 5"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}

	// Over a replayed history the rates say nothing any more.
	past := "n,r\n"
	for i := 1; i <= 9; i++ {
		past += fmt.Sprintf("T%d,2025-03-%02d 08:00\n", i, i)
	}
	mapping := "id: n\ntimes: {reported: r}\nsite: {default: shop}\nclass: {default: c01}\n"
	if err := errors.Join(os.WriteFile("past.csv", []byte(past), 0o644), os.WriteFile("map.yaml", []byte(mapping), 0o644)); err != nil {
		t.Fatal(err)
	}
	var h judge.Report
	if err := json.Unmarshal([]byte(must(t, "run", "shop.yaml", "--assumptions", "--faults", "past.csv", "--mapping", "map.yaml", "--format", "json")), &h); err != nil {
		t.Fatal(err)
	}
	if h.Examination.Unchanged != 15 || h.Clauses[0].EventsPerYear != 9 {
		t.Errorf("%+v, %v events a year", *h.Examination, h.Clauses[0].EventsPerYear)
	}
}

func TestExcerptPointsAtTheColumn(t *testing.T) {
	for _, c := range []struct {
		line string
		col  int
		want string
	}{
		{"a: b", 4, "    7 | a: b\n      |    ^\n"},
		{"沈阳: b", 5, "    7 | 沈阳: b\n      |       ^\n"},
		{"\ta: b\r", 2, "    7 |  a: b\n      |  ^\n"},
		{"ab", 99, "    7 | ab\n      | ^\n"},
		{"\xff\xfe", 1, ""},
	} {
		if got := excerpt(c.line, 7, c.col); got != c.want {
			t.Errorf("%q:%d\n%swant\n%s", c.line, c.col, got, c.want)
		}
	}
	if got := excerpt(strings.Repeat("x", 5000), 1, 3000); len(got) > 300 || !strings.Contains(got, "^") {
		t.Errorf("a long line is not cut: %d bytes", len(got))
	}
}

func TestFilesAreWrittenWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "x")
	broken := errors.New("broken")
	err := writeFile(name, false, func(w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		return broken
	})
	if !errors.Is(err, broken) {
		t.Error(err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("left behind: %v", entries)
	}
	write := func(text string, force bool) error {
		return writeFile(name, force, func(w io.Writer) error { _, err := io.WriteString(w, text); return err })
	}
	if err := write("one", false); err != nil {
		t.Fatal(err)
	}
	if err := write("two", false); err == nil {
		t.Error("replaced without force")
	}
	if err := write("two", true); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(name); string(got) != "two" {
		t.Errorf("holds %q", got)
	}
}

func TestProgressIsQuietInTheFirstSecond(t *testing.T) {
	var e bytes.Buffer
	a := &app{Streams: Streams{Err: &e, Terminal: true}}
	p := a.newProgress(context.Background(), "auto")
	p.at(1, 10)
	if e.Len() > 0 {
		t.Errorf("%q at once", e.String())
	}
	p.begin = p.begin.Add(-2 * time.Second)
	p.last = p.begin
	p.at(5, 10)
	if got := e.String(); got != "\r5 of 10 replications, 50 %, about 2 s left" {
		t.Errorf("%q", got)
	}
	p.close()
	if got := e.String(); !strings.HasSuffix(got, "\r") {
		t.Errorf("the line stays: %q", got)
	}
}

// TestFault: a defect of ours names all that is needed to see it again.
func TestFault(t *testing.T) {
	var b bytes.Buffer
	Fault(&b, func(string) string { return "" }, []string{"run", "x", "--seed", "7"}, "boom", []byte("stack"))
	for _, want := range []string{Version, "Seed 7", "slasim run x --seed 7", "boom", "stack"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q lacks %q", b.String(), want)
		}
	}
}
