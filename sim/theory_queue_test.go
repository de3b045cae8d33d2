package sim_test

import (
	"testing"

	"slasim/model"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/sim/queueing"
)

// Erlang's queue: W = C(c, λ/μ)/(cμ − λ) and P(W > t) = C·exp(−(cμ − λ)t). Source: A. K. Erlang 1917; Gross et al.,
// "Fundamentals of queueing theory", 4th ed. 2008, ch. 2.
func TestTheoryMMc(t *testing.T) {
	const lambda, mu = 2.1, 1
	th := theory{
		world: "mmc.yaml", reps: 260, long: 1000,
		figures: []figure{
			{name: "mean wait", want: queueing.MMcWait(3, lambda, mu)},
			{name: "waits", want: queueing.ErlangC(3, lambda/mu)},
			{name: "waits more than 1 h", want: queueing.MMcWaitTail(3, lambda, mu, 1), se: 0.01},
			{name: "waits more than 2 h", want: queueing.MMcWaitTail(3, lambda, mu, 2), se: 0.01},
		},
		ticket: func(b *book, _ *world.World, s *trail.Subject) {
			x := wait(s)
			b.add(0, x, 1)
			b.yes(1, x > 0)
			b.yes(2, x > 1)
			b.yes(3, x > 2)
		},
		wrong: []wrong{
			in("equipment.classes.unit.rate=2.16/h", "mean wait", "waits", "waits more than 1 h", "waits more than 2 h"),
			in("people.crew.headcount=4", "mean wait", "waits"), in("equipment.classes.unit.failures.fault.restore.mean=62m", "mean wait"),
		},
	}
	th.prove(t)
}

// Constant work: W = ρD/(2(1 − ρ)); the tail by Crommelin 1932.
func TestTheoryMD1(t *testing.T) {
	th := theory{
		world: "md1.yaml", reps: 200, long: 1000,
		figures: []figure{
			{name: "mean wait", want: queueing.MD1Wait(0.6, 1)},
			{name: "waits more than 2 h", want: queueing.MD1WaitTail(0.6, 1, 2), se: 0.01},
		},
		ticket: func(b *book, _ *world.World, s *trail.Subject) {
			x := wait(s)
			b.add(0, x, 1)
			b.yes(1, x > 2)
		},
		wrong: []wrong{
			in("equipment.classes.unit.rate=0.62/h", "mean wait", "waits more than 2 h"),
			in("equipment.classes.unit.failures.fault.restore=62m", "mean wait"),
		},
	}
	th.prove(t)
}

// Lognormal work with cv 1, E[S²] = 2 h²: W = λE[S²]/(2(1 − ρ)), F. Pollaczek 1930, A. Y. Khinchine 1932. The wrong cv
// leaves the load as it is: only the second moment tells.
func TestTheoryMG1(t *testing.T) {
	th := theory{
		world: "mg1.yaml", reps: 520, long: 2000,
		figures: []figure{{name: "mean wait", want: queueing.MG1Wait(0.6, 1, 2)}, {name: "waits", want: 0.6}},
		ticket: func(b *book, _ *world.World, s *trail.Subject) {
			b.add(0, wait(s), 1)
			b.yes(1, wait(s) > 0)
		},
		wrong: []wrong{
			in("equipment.classes.unit.rate=0.62/h", "mean wait"), in("equipment.classes.unit.failures.fault.restore.cv=1.06", "mean wait"),
		},
	}
	th.prove(t)
}

// classes are those of priority.yaml: 20, 30 and 50 % of rate faults an hour, E[S²] = 1 + 0.5².
func classes(rate float64) []queueing.Class {
	return []queueing.Class{{Rate: 0.2 * rate, Service: 1, Second: 1.25}, {Rate: 0.3 * rate, Service: 1, Second: 1.25}, {Rate: 0.5 * rate, Service: 1, Second: 1.25}}
}

// Priorities without interruption, A. Cobham, Operations Research 2 (1954) 70–76.
func TestTheoryPriorities(t *testing.T) {
	w := queueing.MG1Priorities(classes(0.7))
	th := theory{
		world: "priority.yaml", reps: 400, long: 800,
		figures: []figure{{name: "wait of class 1", want: w[0]}, {name: "wait of class 2", want: w[1]}, {name: "wait of class 3", want: w[2]}},
		ticket:  func(b *book, _ *world.World, s *trail.Subject) { b.add(int(s.Declared)-1, wait(s), 1) },
		wrong: []wrong{
			in("equipment.classes.unit.rate=0.72/h", "wait of class 1", "wait of class 2", "wait of class 3"),
			in("dispatch.order=fifo", "wait of class 1", "wait of class 2", "wait of class 3"),
			in("contracts.service.severities.high.mix=0.23", "wait of class 2"),
		},
	}
	th.prove(t)
}

// Interruption with the work kept: R. W. Conway, W. L. Maxwell and L. W. Miller, "Theory of scheduling", 1967, ch. 8.
// With work that is not exponential the figures tell work that is kept from work that is begun again.
func TestTheoryPreemptiveMG1(t *testing.T) {
	w := queueing.MG1Preemptive(classes(0.7))
	th := theory{
		world: "preempt.yaml", reps: 160, long: 800,
		figures: []figure{{name: "stay of class 1", want: w[0]}, {name: "stay of class 2", want: w[1]}, {name: "stay of class 3", want: w[2]}},
		ticket:  func(b *book, _ *world.World, s *trail.Subject) { b.add(int(s.Declared)-1, stay(s), 1) },
		wrong: []wrong{
			in("dispatch.preempt=none", "stay of class 1", "stay of class 3"), in("equipment.classes.unit.rate=0.72/h", "stay of class 3"),
			in("contracts.service.process.hand_over=3m", "stay of class 3"), // an interruption costs a little work
		},
	}
	th.prove(t)
}

// The same with two engineers and exponential work: classes 1 … k together are an M/M/2 whatever the order among them.
func TestTheoryPreemptiveMMc(t *testing.T) {
	rates := []float64{0.3, 0.45, 0.75}
	w := queueing.MMcPreemptive(2, 1, rates)
	th := theory{
		world: "preempt.yaml", reps: 180, long: 800,
		set: []string{"equipment.classes.unit.rate=1.5/h", "people.crew.headcount=2",
			"equipment.classes.unit.failures.fault.restore={dist: exponential, mean: 1h}"},
		figures: []figure{{name: "stay of class 1", want: w[0]}, {name: "stay of class 2", want: w[1]}, {name: "stay of class 3", want: w[2]}},
		ticket:  func(b *book, _ *world.World, s *trail.Subject) { b.add(int(s.Declared)-1, stay(s), 1) },
		wrong: []wrong{
			in("dispatch.preempt=none", "stay of class 1", "stay of class 2"), in("equipment.classes.unit.rate=1.54/h", "stay of class 3"),
			in("people.crew.headcount=3", "stay of class 2", "stay of class 3"),
		},
	}
	th.prove(t)
}

// Customers who leave after 30 min, D. Y. Barrer, Operations Research 5 (1957) 650–656. A ticket that leaves the queue of
// the crew is marked by its ladder. The last half hour of the term is left out: its tickets have no outcome yet.
func TestTheoryPatience(t *testing.T) {
	want := queueing.MMcPatience(3, 3, 1, 0.5)
	th := theory{
		world: "patience.yaml", reps: 30, long: 200,
		figures: []figure{{name: "share that leaves", want: want.Loss}, {name: "wait of those served", want: want.ServedWait}},
		ticket: func(b *book, w *world.World, s *trail.Subject) {
			if s.Milestones[model.Reported] >= w.Term-model.Day/48 {
				return
			}
			left := s.Milestones[model.Escalated3] != model.Unset
			b.yes(0, left)
			if !left {
				b.add(1, wait(s), 1)
			}
		},
		wrong: []wrong{
			in("equipment.classes.unit.rate=3.09/h", "share that leaves", "wait of those served"),
			in("contracts.service.ladder.leave.after=31m", "wait of those served"), in("people.crew.headcount=4", "share that leaves"),
		},
	}
	th.prove(t)
}
