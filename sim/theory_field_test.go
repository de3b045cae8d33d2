package sim_test

import (
	"math"
	"testing"
	"time"

	"slasim/model"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/sim/queueing"
)

// busyShare books the time that the people of a team were not idle over their rostered time as figure i.
func busyShare(b *book, w *world.World, t *trail.Totals, team string, i int) {
	for k := range w.Teams {
		if w.Teams[k].ID != team {
			continue
		}
		for a, s := range t.Activity[k] {
			if model.Activity(a) != model.ActIdle {
				b.num[i] += s.Hours()
			}
		}
		b.den[i] += t.Rostered[k].Hours()
	}
}

// One engineer who drives out, works and drives back is M/G/1 with service out + work + back (Pollaczek–Khinchine):
// E[S] = 1 + 1 + 1 h, Var S = 0.3² + 1² + 0.3² h². He arrives one way after he leaves.
func TestTheoryTravellingEngineer(t *testing.T) {
	w := queueing.MG1Wait(0.2, 3, 9+1+2*0.09)
	th := theory{
		world: "traveller.yaml", reps: 500, long: 2500,
		figures: []figure{{name: "mean wait", want: w}, {name: "reported to arrived", want: w + 1}, {name: "utilisation", want: 0.6}},
		ticket: func(b *book, _ *world.World, s *trail.Subject) {
			b.add(0, wait(s), 1)
			b.add(1, span(s, model.Reported, model.Arrived), 1)
		},
		end: func(b *book, w *world.World, t *trail.Totals) { busyShare(b, w, t, "crew", 2) },
		wrong: []wrong{
			in("equipment.classes.unit.rate=0.206/h", "mean wait", "utilisation"), in("travel.speed=58 km/h", "mean wait", "utilisation"),
			in("people.crew.return=stay", "mean wait", "utilisation"), in("people.crew.headcount=2", "mean wait"),
		},
	}
	th.prove(t)
}

// Staff that changes with the clock against the Kolmogorov equations of M(t)/M/s(t), integrated numerically: at 08:00
// and 20:00 all leave who are there, those at work finish what they have in hand and take no more.
func TestTheoryShifts(t *testing.T) {
	const days = 12
	q := queueing.Transient{
		Rate: func(t float64) float64 {
			if h := math.Mod(t, 24); h >= 8 && h < 20 {
				return 2.4
			}
			return 1.2
		},
		Mu: 1, Rule: queueing.FinishAtRandom, Capacity: 90, LastJobs: 6,
		Levels: []queueing.Level{{Start: 0, Servers: 2}},
	}
	for d := range days {
		q.Levels = append(q.Levels, queueing.Level{Start: float64(24*d + 8), Servers: 3, Leaving: 2}, queueing.Level{Start: float64(24*d + 20), Servers: 2, Leaving: 3})
	}
	hours := []float64{6, 9, 13, 19, 21, 24}
	var times []float64
	for _, d := range []float64{days - 2, days - 1} {
		for _, h := range hours {
			times = append(times, 24*d+h)
		}
	}
	m := q.Solve(times)
	before, after := m[len(hours)-1], m[2*len(hours)-1]
	if math.Abs(before.Number-after.Number) > 1e-6 || after.Full > 1e-9 {
		t.Fatalf("the equations have not settled: %v, %v", before, after)
	}
	th := theory{
		world: "shifts.yaml", reps: 200, long: 1000,
		figures: []figure{
			{name: "mean wait", want: (after.Queued - before.Queued) / (after.Arrived - before.Arrived)},
			{name: "waits", want: (after.Waited - before.Waited) / (after.Arrived - before.Arrived)},
		},
		end: func(b *book, w *world.World, _ *trail.Totals) {
			for i := range hours {
				b.den[2+i] += model.Hours(w.Term) / 24
			}
		},
	}
	for i, h := range hours {
		th.figures = append(th.figures, figure{name: time.Duration(h * 3600e9).String(), want: m[len(hours)+i].Number})
	}
	th.ticket = func(b *book, _ *world.World, s *trail.Subject) {
		b.add(0, wait(s), 1)
		b.yes(1, wait(s) > 0)
		for i, h := range hours { // open at hour h of how many days
			b.num[2+i] += passes(s, model.Time(h*3600)*time.Second)
		}
	}
	th.wrong = []wrong{
		in("equipment.classes.unit.rate=1.85/h", "mean wait", "waits", "19h0m0s", "24h0m0s"), in("people.night.headcount=3", "mean wait", "24h0m0s"),
		in("people.night.shift_end=hand_over", "9h0m0s"), in("people.crew.shift_end=hand_over", "21h0m0s"),
		in("people.night.roster.shifts.N=20:30-08:30", "21h0m0s"),
	}
	th.prove(t)
}

// passes is how often a ticket was open at a time of day.
func passes(s *trail.Subject, at model.Time) float64 {
	from, to := s.Milestones[model.Reported]-at, s.Milestones[model.Restored]-at
	return math.Floor(float64(to)/float64(model.Day)) - math.Floor(float64(from)/float64(model.Day))
}

// Enough people for all: the mean number at work is m(t) = ∫ λ(u)·P(S > t − u) du (Eick, Massey and Whitt, Operations
// Research 41 (1993) 731–742). For a rate that is constant within the hour and work with mean 1 h: m(t+1) = λ + (m(t) − λ)/e.
func TestTheoryMtMInf(t *testing.T) {
	weights := [24]float64{2, 2, 2, 2, 2, 3, 4, 6, 8, 8, 7, 6, 6, 6, 7, 7, 6, 5, 4, 3, 3, 3, 2, 2}
	sum := 0.0
	for _, x := range weights {
		sum += x
	}
	var m [24]float64 // at the start of the hour
	for range 10 {    // days until it repeats
		for h := range 24 {
			rate := 10 * 24 * weights[h] / sum
			m[(h+1)%24] = rate + (m[h]-rate)*math.Exp(-1)
		}
	}
	hours := []int{0, 6, 8, 9, 10, 12, 15, 18, 21}
	th := theory{
		world: "crowd.yaml", reps: 28, long: 200,
		ticket: func(b *book, _ *world.World, s *trail.Subject) {
			for i, h := range hours {
				b.num[i] += passes(s, model.Time(h)*time.Hour)
			}
		},
		end: func(b *book, w *world.World, _ *trail.Totals) {
			for i := range hours {
				b.den[i] += model.Hours(w.Term) / 24
			}
		},
	}
	var all []string
	for _, h := range hours {
		f := figure{name: (time.Duration(h) * time.Hour).String(), want: m[h]}
		th.figures = append(th.figures, f)
		all = append(all, f.name)
	}
	th.wrong = []wrong{
		in("equipment.classes.unit.rate=10.5/h", all...), in("equipment.classes.unit.failures.fault.restore.mean=63m", all...),
		in("faults.profile.hour.9=7", "10h0m0s"),
	}
	th.prove(t)
}

// Three distinct engineers and a common queue against the balance equations over the sets of busy engineers: R. C. Larson,
// Computers & Operations Research 1 (1974) 67–95. Each site has its own order of the bases by distance.
func TestTheoryHypercube(t *testing.T) {
	sites := []string{"room", "mill", "port", "hill"}
	bases := []string{"crew", "crew_east", "crew_south"} // north, east, south
	want := queueing.HypercubeQueue(3, 1, []queueing.Atom{
		{Rate: 0.6, Preference: []int{0, 1, 2}}, {Rate: 0.5, Preference: []int{1, 2, 0}},
		{Rate: 0.4, Preference: []int{2, 1, 0}}, {Rate: 0.3, Preference: []int{2, 0, 1}},
	})
	th := theory{
		world: "hypercube.yaml", reps: 72, long: 400,
		ticket: func(b *book, w *world.World, s *trail.Subject) {
			for i, site := range sites {
				if w.Places[s.Site].ID == site {
					for k, team := range bases {
						b.yes(len(bases)*i+k, w.Teams[w.Persons[s.Lead].Team].ID == team)
					}
				}
			}
			b.yes(len(bases)*len(sites)+len(bases), wait(s) > 0)
		},
		end: func(b *book, w *world.World, t *trail.Totals) {
			for k, team := range bases {
				busyShare(b, w, t, team, len(bases)*len(sites)+k)
			}
		},
	}
	for i, site := range sites {
		for k, team := range bases {
			th.figures = append(th.figures, figure{name: team + " to " + site, want: want.Sent[i][k]})
		}
	}
	for k, team := range bases {
		th.figures = append(th.figures, figure{name: team + " busy", want: want.Busy[k]})
	}
	th.figures = append(th.figures, figure{name: "waits", want: want.Wait})
	th.wrong = []wrong{
		in("equipment.classes.unit.rate=0.105/h", "crew busy", "crew_east busy", "crew_south busy", "waits", "crew to room"),
		in("places.points.hill.y_km=15", "crew to hill", "crew_south to hill"), // now nearer to north than to south
		in("equipment.installed.mill.unit=6", "crew_east busy"),
	}
	th.prove(t)
}
