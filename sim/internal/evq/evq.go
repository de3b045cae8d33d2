// Package evq is the event list: a binary heap of small structs ordered by time, rank and sequence.
package evq

import (
	"math"
	"slices"
	"time"

	"slasim/model"
)

// Event is something that will happen. Gen is compared with the subject's counter when the event is popped: an
// event whose subject has moved on is stale and dropped, which is how events are cancelled.
//
// Its order is one word, so that comparing two events is one instruction: whole seconds since 2³¹ s before the start
// (33 bits), rank (5), sequence (26). What it is about is the other word.
type Event struct{ order, about uint64 }

const (
	seqBits  = 26
	rankBits = 5
	timeBits = 64 - rankBits - seqBits

	// MaxPushes is how many events a queue takes between resets.
	MaxPushes = 1<<seqBits - 1

	bias = 1 << 31 // seconds; 68 years before the start
)

// orderOf is the order word of an event; moments 204 years after the start and later are model.Far.
func orderOf(at model.Time, rank uint8, seq uint64) uint64 {
	s := min((uint64(at)+bias*uint64(time.Second))/uint64(time.Second), Never)
	return s<<(rankBits+seqBits) | uint64(rank)<<seqBits | seq
}

func about(a int32, gen uint32) uint64 { return uint64(gen)<<32 | uint64(uint32(a)) }

// A is the subject of the event.
func (e Event) A() int32 { return int32(uint32(e.about)) }

// Gen is the subject's counter when the event was made.
func (e Event) Gen() uint32 { return uint32(e.about >> 32) }

// Second is the second of the event, as a number that grows with it; Never that of an event at model.Far.
func (e Event) Second() uint64 { return e.order >> (rankBits + seqBits) }

// SecondOf is the Second of events at that moment.
func SecondOf(at model.Time) uint64 { return orderOf(at, 0, 0) >> (rankBits + seqBits) }

// Never is the second of events that do not happen.
const Never = 1<<timeBits - 1

// At is when the event happens.
func (e Event) At() model.Time {
	if s := e.Second(); s != Never {
		return Moment(s)
	}
	return model.Far
}

// Moment is when an event of that second happens, if it does.
func Moment(second uint64) model.Time { return model.Time(int64(second)-bias) * time.Second }

// Rank is the event's kind; its value is its order among simultaneous events.
func (e Event) Rank() uint8 { return uint8(e.order >> seqBits & (1<<rankBits - 1)) }

// Instant is the event's time and rank in one number.
func (e Event) Instant() uint64 { return e.order >> seqBits }

// Queue is an event list: a binary heap behind a short sorted front. Most events are due soon after they are made, so
// they enter and leave by the front in a few comparisons and never see the heap; what is due later than the heap's
// first goes to the heap, so that the front always comes before it. The zero value is empty.
type Queue struct {
	n            uint
	seq          uint64
	bound        uint64            // the order of the heap's first; all ones: the heap is empty (and 0 before the first event)
	order, about [frontSize]uint64 // the words of the first n, latest first; none only if the queue is empty
	h            []Event
}

// frontSize was chosen by measurement; 8 to 32 are alike.
const frontSize = 16

// Reset empties the queue and keeps its memory.
func (q *Queue) Reset() { q.h, q.n, q.seq, q.bound = q.h[:0], 0, 0, 0 }

// First is the first event; the queue must not be empty.
func (q *Queue) First() Event {
	i := (q.n - 1) % frontSize
	return Event{q.order[i], q.about[i]}
}

// Make is an event outside a queue.
func Make(at model.Time, rank uint8, a int32) Event { return Event{orderOf(at, rank, 0), about(a, 0)} }

// Foremost is e before all others of its time and rank, as an event of Make is.
func (e Event) Foremost() Event { return Event{e.order &^ (1<<seqBits - 1), e.about} }

// Before reports whether e, the foremost of its time and rank, comes before o; at equal time and rank it does.
func (e Event) Before(o Event) bool { return e.order <= o.order }

// Push adds an event. Events of equal time and rank leave in the order they came. It panics at the event after the
// first MaxPushes.
func (q *Queue) Push(at model.Time, rank uint8, a int32, gen uint32) {
	if q.seq == MaxPushes {
		panic("evq: more events than the sequence can tell apart")
	}
	q.seq++
	order, about := orderOf(at, rank, q.seq), about(a, gen)
	if order > q.bound || q.n == frontSize {
		q.pushLate(order, about)
		return
	}
	q.insert(order, about)
}

// insert puts an event into the front, which is not full.
func (q *Queue) insert(order, about uint64) {
	i := q.n
	q.n++
	for ; i > 0; i-- {
		x := q.order[(i-1)%frontSize]
		if x >= order {
			break
		}
		q.order[i%frontSize], q.about[i%frontSize] = x, q.about[(i-1)%frontSize]
	}
	q.order[i%frontSize], q.about[i%frontSize] = order, about
}

// pushLate puts an event into the heap, or into the front when the latest there has made room.
func (q *Queue) pushLate(order, about uint64) {
	switch {
	case len(q.h) > 0 && order > q.h[0].order || q.n == frontSize && order > q.order[0]:
		q.keep(Event{order, about})
	case q.n == frontSize:
		q.keep(Event{q.order[0], q.about[0]})
		copy(q.order[:], q.order[1:])
		copy(q.about[:], q.about[1:])
		q.n--
		fallthrough
	default:
		q.insert(order, about)
	}
	q.setBound()
}

func (q *Queue) setBound() {
	q.bound = math.MaxUint64
	if len(q.h) > 0 {
		q.bound = q.h[0].order
	}
}

// keep puts an event into the heap.
func (q *Queue) keep(e Event) {
	q.h = append(q.h, e)
	rise(q.h, len(q.h)-1, e)
}

// Drop removes the first event; the queue must not be empty.
func (q *Queue) Drop() {
	if q.n--; q.n == 0 && len(q.h) > 0 {
		q.refill()
	}
}

// refill moves the first of the heap to the empty front. The hole at the top sinks to a leaf along the smaller children,
// then the last event rises from there: it belongs near the bottom, so this compares about half as often as sinking the
// event itself.
func (q *Queue) refill() {
	q.order[0], q.about[0], q.n = q.h[0].order, q.h[0].about, 1
	h := q.h
	n := len(h) - 1
	e := h[n]
	h = h[:n]
	q.h = h
	if n > 0 {
		settle(h, e)
	}
	q.setBound()
}

// settle puts e into the hole at the top.
func settle(h []Event, e Event) {
	i := 0
	for c := 1; c < len(h); c = 2*i + 1 {
		x := h[c]
		if c+1 < len(h) {
			if y := h[c+1]; y.order < x.order {
				x = y
				c++
			}
		}
		h[i] = x
		i = c
	}
	rise(h, i, e)
}

// rise puts e at i or, while it comes before the event above, higher.
func rise(h []Event, i int, e Event) {
	for i > 0 {
		p := (i - 1) / 2
		if e.order >= h[p].order {
			break
		}
		h[i] = h[p]
		i = p
	}
	h[i] = e
}

// Sort orders events by time and rank; those of equal time and rank stay as they are.
func Sort(list []Event) {
	slices.SortStableFunc(list, func(a, b Event) int {
		switch x, y := a.Instant(), b.Instant(); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
}
