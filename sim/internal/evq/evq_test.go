package evq

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"slasim/model"
)

// Random pushes and drops, near and far, give the order of a stable sort by time and rank.
func TestOrder(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		var q Queue
		type entry struct {
			at   model.Time
			rank uint8
			id   int32
		}
		var pending, got, want []entry
		now, id := -model.Time(time.Hour), int32(0)
		take := func() {
			slices.SortStableFunc(pending, func(a, b entry) int {
				if a.at != b.at {
					return int((a.at - b.at) / time.Second)
				}
				return int(a.rank) - int(b.rank)
			})
			want, pending = append(want, pending[0]), pending[1:]
			e := *q.First()
			q.Drop()
			got = append(got, entry{e.At(), e.Rank(), e.A()})
			now = e.At()
		}
		for range 3000 {
			if len(pending) > 0 && r.IntN(100) < 48 {
				take()
				continue
			}
			span := r.IntN(5)
			if r.IntN(3) == 0 {
				span = r.IntN(1000)
			}
			at, rank := now+model.Time(span)*time.Second, uint8(r.IntN(4))
			q.Push(at, rank, id, 0)
			pending = append(pending, entry{at, rank, id})
			id++
		}
		for len(pending) > 0 {
			take()
		}
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: not in order", seed)
		}
	}
}

// Moments before the start, long after it and never come back as they were.
func TestMoments(t *testing.T) {
	for _, at := range []model.Time{-model.Year, -time.Second, 0, time.Second, 146 * model.Year, model.Far} {
		if e := Make(at, 31, 7); e.At() != at || e.Rank() != 31 {
			t.Errorf("%v, 31 became %v, %d", at, e.At(), e.Rank())
		}
	}
}
