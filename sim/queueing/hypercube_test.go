package queueing

import (
	"math"
	"testing"
)

// Two servers by hand: λ₁ = 1 prefers server 0, λ₂ = ½ prefers server 1, μ = 1. In units of the empty
// state: only 0 busy (1 + 1.125)/2.5 = 0.85, only 1 busy 0.65, both a²/2 = 1.125, sum 3.625.
func TestHypercubeOfTwoByHand(t *testing.T) {
	h := HypercubeLoss([]float64{1, 1}, []Atom{{1, []int{0, 1}}, {0.5, []int{1, 0}}})
	check(t, []want{
		{"busy 0", h.Busy[0], (0.85 + 1.125) / 3.625, 1e-12},
		{"busy 1", h.Busy[1], (0.65 + 1.125) / 3.625, 1e-12},
		{"loss", h.Loss, 1.125 / 3.625, 1e-12},
		{"sent 0 to 0", h.Sent[0][0], (1 + 0.65) / 2.5, 1e-12},
		{"sent 0 to 1", h.Sent[0][1], 0.85 / 2.5, 1e-12},
		{"sent 1 to 1", h.Sent[1][1], (1 + 0.85) / 2.5, 1e-12},
	})
}

func threeAtoms() []Atom {
	return []Atom{{0.5, []int{0, 1, 2}}, {0.6, []int{1, 0, 2}}, {0.4, []int{2, 1, 0}}}
}

// The balance equations solved in exact fractions (Python), another of them dropped for the normalisation.
func TestHypercubeOfThreeAgainstFractions(t *testing.T) {
	q := HypercubeQueue(3, 1, threeAtoms())
	l := HypercubeLoss([]float64{1, 1.5, 0.5}, threeAtoms())
	check(t, []want{
		{"queue: busy 0", q.Busy[0], 164819.0 / 323646, 1e-12},
		{"queue: busy 1", q.Busy[1], 2607521.0 / 4854690, 1e-12},
		{"queue: busy 2", q.Busy[2], 13187.0 / 29070, 1e-12},
		{"queue: wait", q.Wait, 9.0 / 38, 1e-12},
		{"queue: 0 to 0", q.Sent[0][0], 0.5696903406808673, 1e-12},
		{"queue: 0 to 1", q.Sent[0][1], 0.24530793933289252, 1e-12},
		{"queue: 1 to 1", q.Sent[1][1], 0.5418335671278701, 1e-12},
		{"queue: 2 to 0", q.Sent[2][0], 0.15128257417054436, 1e-12},
		{"loss: busy 0", l.Busy[0], 82445.0 / 190573, 1e-12},
		{"loss: busy 1", l.Busy[1], 74947.0 / 190573, 1e-12},
		{"loss: busy 2", l.Busy[2], 100940.0 / 190573, 1e-12},
		{"loss", l.Loss, 27016.0 / 190573, 1e-12},
		{"loss: 0 to 0", l.Sent[0][0], 0.6611028571079196, 1e-12},
		{"loss: 2 to 1", l.Sent[2][1], 0.3358829032080559, 1e-12},
	})
}

// Whatever the preferences, the number busy is Erlang's, and work in equals work done.
func TestHypercubeAgreesWithErlang(t *testing.T) {
	atoms := threeAtoms() // λ = 1.5
	for _, mu := range []float64{0.6, 1, 4} {
		q, l := HypercubeQueue(3, mu, atoms), HypercubeLoss([]float64{mu, mu, mu}, atoms)
		check(t, []want{
			{"wait", q.Wait, ErlangC(3, 1.5/mu), 1e-12},
			{"in queue", q.Waiting, 1.5 * MMcWait(3, 1.5, mu), 1e-12},
			{"loss", l.Loss, ErlangB(3, 1.5/mu), 1e-12},
		})
		for name, h := range map[string]Hypercube{"queue": q, "loss": l} {
			for j := range 3 {
				sent := 0.0
				for n, a := range atoms {
					sent += a.Rate * (1 - h.Loss) * h.Sent[n][j]
				}
				if !near(sent/mu, h.Busy[j], 1e-12) {
					t.Errorf("%s: server %d gets work %v and is busy %v", name, j, sent/mu, h.Busy[j])
				}
			}
			for n, sent := range h.Sent {
				if !near(sent[0]+sent[1]+sent[2], 1, 1e-12) {
					t.Errorf("%s: the shares of atom %d are %v", name, n, sent)
				}
			}
		}
	}
}

func TestHypercubeRefusals(t *testing.T) {
	one := []Atom{{1, []int{0}}}
	full := HypercubeQueue(1, 1, one)
	check(t, []want{
		{"overload", full.Waiting, math.Inf(1), 0},
		{"overload wait", full.Wait, 1, 0},
		{"overload busy", full.Busy[0], math.NaN(), 0},
		{"invalid rate", HypercubeQueue(1, 1, []Atom{{-1, []int{0}}}).Wait, math.NaN(), 0},
		{"no service", HypercubeLoss([]float64{0}, one).Wait, math.NaN(), 0},
		{"invalid service", HypercubeQueue(1, math.NaN(), one).Wait, math.NaN(), 0},
	})
	for name, f := range map[string]func(){
		"no server":        func() { HypercubeQueue(0, 1, nil) },
		"too many servers": func() { HypercubeQueue(MaxHypercubeServers+1, 1, nil) },
		"short list":       func() { HypercubeQueue(2, 1, one) },
		"repeated server":  func() { HypercubeQueue(2, 1, []Atom{{1, []int{0, 0}}}) },
		"unknown server":   func() { HypercubeQueue(1, 1, []Atom{{1, []int{1}}}) },
	} {
		panics(t, name, f)
	}
}

func panics(t *testing.T, name string, f func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("%s: no panic", name)
		}
	}()
	f()
}
