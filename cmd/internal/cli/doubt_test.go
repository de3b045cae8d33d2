package cli

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"slasim/sim/judge"
)

// plainDoubt is a world in which nothing waits: a ticket is late if its exponential work takes longer than 2 h, so the
// share on time is 1 − exp(−2 h / mean), and the mean is triangular(1 h, 2 h, 4 h).
const plainDoubt = `run: {title: shop, timezone: "+00:00", start_date: 2025-01-01, term: 1y, replications: 10, after_horizon: drain}
places: {points: {shop: {}}}
equipment:
  classes: {till: {rate: 2000/y, failures: {stuck: {share: 1, restore: {dist: exponential, mean: {low: 1h, base: 2h, high: 4h}}}}}}
  installed: {shop: {till: 1}}
contracts: {care: {severities: {any: {rank: 1}}, clauses: {fix: {text: fixed, of: ticket, start: reported, stop: restored, limit: 2h, target: 0.6}}}}
people: {crew: {place: shop, headcount: 60, roles: [field]}}
`

// TestDoubt: quantiles of the share over the draws are those of the triangular distribution, carried through.
func TestDoubt(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("shop.yaml", []byte(plainDoubt), 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"run", "shop.yaml", "--doubt", "300", "--doubt-replications", "3"}
	one := must(t, append(args, "--format", "json", "--workers", "1")...)
	if many := must(t, append(args, "--format", "json", "--workers", "4")...); many != one {
		t.Error("four workers say something else than one")
	}
	var r judge.Report
	if err := json.Unmarshal([]byte(one), &r); err != nil {
		t.Fatal(err)
	}
	d := r.Doubt
	if d == nil || d.Draws != 300 || d.Asked != 300 || d.Replications != 3 || d.Assumptions != 1 || d.Distribution != "triangular" || len(d.Clauses) != 1 {
		t.Fatalf("%+v", d)
	}
	c := d.Clauses[0]
	// The triangular distribution has F(m) = (m − 60)²/(180·60) to 120 min and 1 − (240 − m)²/(180·120) above; its quantiles
	// are 92.863, 136.077 and 193.524 min. A quantile of 300 draws has the standard error √(p(1 − p)/300)/f: over the
	// slope of the share, 0.013 at most, and 0.007 from 6,000 tickets a draw.
	for _, q := range []struct {
		name      string
		got       *float64
		mean, tol float64
	}{{"p90", c.Share.P90, 92.863, 0.04}, {"p50", c.Share.P50, 136.077, 0.04}, {"p10", c.Share.P10, 193.524, 0.04}} {
		if want := 1 - math.Exp(-120/q.mean); q.got == nil || math.Abs(*q.got-want) > q.tol {
			t.Errorf("share %s = %v, want %v", q.name, *q.got, want)
		}
	}
	// It holds if 1 − exp(−120/m) ≥ 0.6, m ≤ 130.97 min: in 1 − 109.03²/(180·120) = 0.450 of the draws, 135 of 300, with a
	// standard error of 8.6, and a few more or less where three years disagree.
	if c.Judged != 300 || c.Held < 135-40 || c.Held > 135+40 {
		t.Errorf("held in %d of %d draws", c.Held, c.Judged)
	}
	if c.Noise == nil || *c.Noise > 0.02 { // 0.5²/2000/3 is 0.5 % of 0.096²
		t.Errorf("noise %v", c.Noise)
	}

	// More draws keep the first ones, so the text of two draws is that of the first two.
	text := must(t, "run", "shop.yaml", "--doubt", "5", "--doubt-replications", "2")
	for _, want := range []string{"Doubt: 5 draws of the 1 assumption with a range", "triangular", "runs 2 replications"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if zh := must(t, "run", "shop.yaml", "--doubt", "5", "--lang", "zh"); !strings.Contains(zh, "三角分布") {
		t.Error(zh)
	}
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(must(t, "run", "shop.yaml", "--doubt", "20", "--format", "csv"), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, line := range lines {
		if strings.Contains(strings.Join(line, ","), ",care,fix,doubt,share,") {
			found = line[len(line)-5] == "20" && strings.HasPrefix(line[len(line)-2], "0.")
		}
	}
	if !found {
		t.Error("no line of doubt in the CSV")
	}

	// Without a range there is nothing to draw; ranges that do not go together are wrong input.
	code, _, msg := call(context.Background(), "run", "shop.yaml", "--doubt", "5", "--set", "equipment.classes.till.failures.stuck.restore=1h")
	if code != BadInput || !strings.Contains(msg, "shop.yaml has none") {
		t.Errorf("exit %d: %s", code, msg)
	}
	code, out, msg := call(context.Background(), "run", "shop.yaml", "--doubt", "50", "--workers", "2", "--set",
		"equipment.classes.till.failures.stuck.restore={dist: lognormal, median: {low: 1h, base: 2h, high: 9h}, p95: {low: 3h, base: 4h, high: 5h}}")
	if code != BadInput || out != "" || !strings.Contains(msg, "of the assumptions makes a scenario that cannot be run") || !strings.Contains(msg, "p95") {
		t.Errorf("exit %d: %s%s", code, out, msg)
	}
	for _, wrong := range [][]string{{"--doubt", "1"}, {"--doubt", "-3"}, {"--doubt-replications", "3"}, {"--doubt", "3", "--doubt-replications", "0"}} {
		if code, _, msg := call(context.Background(), append([]string{"run", "shop.yaml"}, wrong...)...); code != BadInput {
			t.Errorf("%v: exit %d: %s", wrong, code, msg)
		}
	}
}

// TestInterruptedDoubt: the run and the draws that have finished are the answer.
func TestInterruptedDoubt(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("shop.yaml", []byte(plainDoubt), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var out bytes.Buffer
	msg := &cancelling{cancel: cancel, at: "of 8000 "} // replications of the draws; the run has 10
	code := Run(ctx, []string{"run", "shop.yaml", "--doubt", "4000", "--doubt-replications", "2", "--progress", "plain", "--format", "json"},
		Streams{Out: &out, Err: msg, Getenv: func(string) string { return "" }})
	var r judge.Report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if code != Failed || r.Run.Replications != 10 || r.Doubt == nil || r.Doubt.Draws < 2 || r.Doubt.Draws >= 4000 || r.Doubt.Asked != 4000 {
		t.Errorf("exit %d, %d replications, doubt %+v", code, r.Run.Replications, r.Doubt)
	}
	if !strings.Contains(msg.String(), "of 4000 draws of the assumptions had finished") {
		t.Error(msg.String())
	}
}
