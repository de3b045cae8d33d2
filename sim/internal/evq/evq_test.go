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
			e := q.First()
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

// An event outside the queue comes before those of its second and rank in the queue, whether it was in a queue or not, and
// after those of an earlier second or rank.
func TestForemost(t *testing.T) {
	var q Queue
	q.Push(time.Second, 3, 1, 5)
	q.Push(time.Second, 3, 2, 6)
	q.Drop()
	late := q.First() // of two
	for _, x := range []struct {
		e    Event
		want bool
	}{
		{Make(time.Second, 3, 9), true}, {late.Foremost(), true}, {Make(time.Second, 2, 9), true}, {Make(0, 31, 9), true},
		{Make(time.Second, 4, 9), false}, {Make(2*time.Second, 0, 9), false},
	} {
		if x.e.Before(late) != x.want {
			t.Errorf("%v, rank %d before %v, rank %d: %v", x.e.At(), x.e.Rank(), late.At(), late.Rank(), !x.want)
		}
	}
	if f := late.Foremost(); f.At() != time.Second || f.Rank() != 3 || f.A() != 2 || f.Gen() != 6 {
		t.Errorf("foremost changed it: %v, %d, %d, %d", f.At(), f.Rank(), f.A(), f.Gen())
	}
}
