package cli

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"
)

// TestInterruptedSweepGoesOn: an interrupt leaves the points that had finished as the answer; the same command does not run
// them again, and comes to the very files of a sweep that was not interrupted.
func TestInterruptedSweepGoesOn(t *testing.T) {
	dir := t.TempDir()
	half, whole := filepath.Join(dir, "half"), filepath.Join(dir, "whole")
	command := func(out string) []string {
		return []string{"sweep", "liaoning", "--vary", "people.field_shenyang.headcount=3..6", "--vary", "faults.scale=1,1.5", "--replications", "40",
			"--set", "run.term=60d", "--workers", "1", "--progress", "none", "--out", out}
	}
	points := func() []string {
		list, err := filepath.Glob(filepath.Join(half, "points", "*.json"))
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for len(points()) < 2 {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	code, out, errs := call(ctx, command(half)...)
	said := regexp.MustCompile(`INTERRUPTED: (\d+) of 8 points finished`).FindStringSubmatch(out)
	if code != Failed || said == nil || !regexp.MustCompile(`the same command goes on with those in `).MatchString(errs) {
		t.Fatalf("exit code %d\n%s%s", code, out, errs)
	}
	finished := points()
	if n, _ := strconv.Atoi(said[1]); n != len(finished) || n < 2 || n > 7 {
		t.Fatalf("%s points finished, %d are there", said[1], len(finished))
	}
	old := time.Now().Add(-time.Hour)
	for _, f := range finished {
		if err := os.Chtimes(f, old, old); err != nil {
			t.Fatal(err)
		}
	}
	code, again, errs := call(context.Background(), command(half)...)
	if code != Done || !regexp.MustCompile(said[1]+` of 8 points are there already`).MatchString(errs) {
		t.Fatalf("exit code %d\n%s", code, errs)
	}
	for _, f := range finished {
		if info, err := os.Stat(f); err != nil || info.ModTime().After(old.Add(time.Minute)) {
			t.Errorf("%s was run again", f)
		}
	}
	code, straight, _ := call(context.Background(), command(whole)...)
	if code != Done || again != straight {
		t.Errorf("exit code %d; a sweep that was interrupted comes to another answer:\n%s%s", code, again, straight)
	}
	for _, name := range []string{"manifest.json", "summary.json", "sweep.csv", "sweep.parquet"} {
		a, err := os.ReadFile(filepath.Join(half, name))
		b, err2 := os.ReadFile(filepath.Join(whole, name))
		if err != nil || err2 != nil || string(a) != string(b) {
			t.Errorf("%s differs: %v, %v", name, err, err2)
		}
	}
}
