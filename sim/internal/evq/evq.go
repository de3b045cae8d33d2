// Package evq is the event list: a binary heap of small structs ordered by time, rank and sequence.
package evq

import (
	"cmp"
	"slices"

	"slasim/model"
)

// Event is something that will happen. Gen is compared with the subject's counter when the event is popped: an
// event whose subject has moved on is stale and dropped, which is how events are cancelled.
type Event struct {
	At  model.Time
	key uint64 // rank<<56 | sequence
	A   int32
	Gen uint32
}

// Rank is the event's kind; its value is its order among simultaneous events.
func (e *Event) Rank() uint8 { return uint8(e.key >> 56) }

// Queue is an event list. The zero value is empty.
type Queue struct {
	h   []Event
	seq uint64
}

// Reset empties the queue and keeps its memory.
func (q *Queue) Reset() { q.h, q.seq = q.h[:0], 0 }

// Len is the number of pending events, stale ones included.
func (q *Queue) Len() int { return len(q.h) }

// Next is the time of the first event; the queue must not be empty.
func (q *Queue) Next() model.Time { return q.h[0].At }

// First is the first event; the queue must not be empty.
func (q *Queue) First() *Event { return &q.h[0] }

// Make is an event outside a queue; seq orders events of equal time and rank.
func Make(at model.Time, rank uint8, seq uint64, a int32) Event {
	return Event{At: at, key: uint64(rank)<<56 | seq, A: a}
}

// Before reports whether e comes before o by time and rank; at equal time and rank it does.
func (e *Event) Before(o *Event) bool {
	return e.At < o.At || e.At == o.At && e.key>>56 <= o.key>>56
}

func less(a, b *Event) bool { return a.At < b.At || a.At == b.At && a.key < b.key }

// Push adds an event. Events of equal time and rank leave in the order they came.
func (q *Queue) Push(at model.Time, rank uint8, a int32, gen uint32) {
	q.seq++
	e := Event{At: at, key: uint64(rank)<<56 | q.seq, A: a, Gen: gen}
	q.h = append(q.h, e)
	rise(q.h, len(q.h)-1, &e)
}

// Pop removes the first event; the queue must not be empty. The hole at the top sinks to a leaf along the smaller
// children, then the last event rises from there: it belongs near the bottom, so this compares about half as often as
// sinking the event itself.
func (q *Queue) Pop() Event {
	h := q.h
	top := h[0]
	n := len(h) - 1
	e := h[n]
	h = h[:n]
	q.h = h
	if n == 0 {
		return top
	}
	i := 0
	for c := 1; c < n; c = 2*i + 1 {
		if c+1 < n && less(&h[c+1], &h[c]) {
			c++
		}
		h[i] = h[c]
		i = c
	}
	rise(h, i, &e)
	return top
}

// rise puts e at i or, while it comes before the event above, higher.
func rise(h []Event, i int, e *Event) {
	for i > 0 {
		p := (i - 1) / 2
		if !less(e, &h[p]) {
			break
		}
		h[i] = h[p]
		i = p
	}
	h[i] = *e
}

// Sort orders events as a queue would hand them out.
func Sort(list []Event) {
	slices.SortFunc(list, func(a, b Event) int {
		if a.At != b.At {
			return cmp.Compare(a.At, b.At)
		}
		return cmp.Compare(a.key, b.key)
	})
}
