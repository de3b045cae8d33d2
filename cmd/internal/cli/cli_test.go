package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
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
}

func (c *cancelling) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("of 4 ")) { // ends of assumptions; of replications there are 3
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
	msg := &cancelling{cancel: cancel}
	code := Run(ctx, []string{"run", file, "--replications", "3", "--assumptions", "--workers", "1", "--progress", "plain"},
		Streams{Out: &out, Err: msg, Getenv: func(string) string { return "" }})
	if code != Failed || !strings.Contains(out.String(), "3 replications") || !strings.Contains(msg.String(), "the answer is of all 3 replications") {
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
