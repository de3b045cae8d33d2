package sim_test

import (
	"testing"

	"slasim/scenarios"
	"slasim/sim"
	"slasim/sim/judge"
)

// benchmark runs one replication of an embedded scenario an iteration, judged, with milestones, clocks and
// utilisation on.
func benchmark(b *testing.B, name string) {
	sc, d := scenarios.Load(name, scenarios.Options{})
	if d.HasErrors() {
		b.Fatal(d)
	}
	e, j := sim.New(sc.World), judge.New(sc.World)
	b.ReportAllocs()
	b.ResetTimer()
	var events int64
	for i := range b.N {
		j.Reset(int32(i))
		t, err := e.Run(i, j, nil, false)
		if err != nil {
			b.Fatal(err)
		}
		events += t.Events
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "years/s")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
}

func BenchmarkW2(b *testing.B)       { benchmark(b, "w2") }
func BenchmarkMM3(b *testing.B)      { benchmark(b, "mm3") }
func BenchmarkLiaoning(b *testing.B) { benchmark(b, "liaoning") }
