package rng

import (
	"math/rand/v2"
	"testing"

	"slasim/model"
)

var (
	sinkU uint64
	sinkF float64
	sinkT model.Time
)

func BenchmarkKeyNewAndDraw(b *testing.B) {
	for i := range b.N {
		r := Key{Seed: 1, Rep: 2, Stream: 3, Entity: uint64(i)}.New()
		sinkU = r.Uint64()
	}
}

func BenchmarkUint64(b *testing.B) {
	r := Key{Seed: 1}.New()
	for range b.N {
		sinkU = r.Uint64()
	}
}

func BenchmarkUint64Std(b *testing.B) {
	r := rand.NewPCG(1, 2)
	for range b.N {
		sinkU = r.Uint64()
	}
}

func BenchmarkFloat64(b *testing.B) {
	r := Key{Seed: 1}.New()
	for range b.N {
		sinkF = r.Float64()
	}
}

func BenchmarkNextExp(b *testing.B) {
	r := Key{Seed: 1}.New()
	for range b.N {
		sinkF = NextExp(&r, 3600)
	}
}

func BenchmarkNormalQuantile(b *testing.B) {
	r := Key{Seed: 1}.New()
	for range b.N {
		sinkF = NormalQuantile(r.Float64())
	}
}

func BenchmarkSample(b *testing.B) {
	for _, c := range cases() {
		b.Run(c.name, func(b *testing.B) {
			r := Key{Seed: 1}.New()
			for range b.N {
				sinkT = Sample(&c.d, &r)
			}
		})
	}
}
