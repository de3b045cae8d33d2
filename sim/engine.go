// Package sim runs one replication of a compiled scenario: event list, state and handlers. It is pure: no clock,
// no files, no goroutines, no globals. One Engine serves one goroutine and is reused for many replications.
package sim

import (
	"errors"
	"fmt"

	"slasim/model"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/sim/internal/evq"
	"slasim/sim/rng"
)

// Kinds of events. The value is the rank: events of one instant happen in this order, so that what frees a
// resource comes before what asks for one, and one dispatch pass follows them all (DESIGN § 17).
const (
	evPartIn     uint8 = iota // a replenishment reaches a depot
	evCourier                 // a part reaches a site
	evPersonIn                // a duty begins
	evStep                    // a person's current activity ends
	evGranted                 // a customer or a director without a team says yes
	evFault                   // a source's next fault
	evBurst                   // a burst begins
	evPending                 // one fault of a burst, a finding, a talk
	evQuestion                // a question is asked
	evContact                 // a further call about an open ticket
	evReport                  // a fault is noticed
	evPlan                    // a period of planned work begins
	evJob                     // a planned visit is due to start
	evPaper                   // a period has ended
	evBackground              // somebody is done with work for another contract, and one of ours waits for him
	evAdmin                   // desk work of a ticket may begin
	evComplaint               // a complaint is closed, or not
	evVendor                  // the manufacturer's engineer is at work
	evLadder                  // an escalation timer
	evSeverity                // an outage passes the age of a level
	evWorkaround              // a workaround is found
	evHangUp                  // a caller's patience ends, or that of who waits for an answer
	evPersonOut               // a duty ends
	evEnd                     // the end of the term
	numEvents
)

var eventNames = [numEvents]string{
	"part_in", "courier", "person_in", "step", "granted", "fault", "burst", "pending", "question", "contact", "report",
	"plan", "job", "paper", "background", "admin", "complaint", "vendor", "ladder", "severity", "workaround", "hang_up",
	"person_out", "end",
}

// EventName names an event kind of a trail.Event.
func EventName(kind uint8) string { return eventNames[kind] }

// ErrEventLimit is returned when a replication passes World.MaxEvents.
var ErrEventLimit = errors.New("event limit reached")

// MaxEvents is the most events of one replication: the event list can tell no more apart, pending ones included.
const MaxEvents = 60_000_000

// Engine holds the state of one replication. What is asked most comes first: it is reached by shorter instructions.
type Engine struct {
	now       model.Time
	w         *world.World
	plainFrom model.Time // spans that begin later are booked without further ado; model.Far: none are
	open      int32      // subjects not yet handed over
	busy      int32      // people at work
	lone      int32      // the only request there is, not in line yet; -1 none
	seq       uint32     // age of waiting items
	dirty     bool       // something changed that may let somebody be sent
	events    bool       // details include single events

	aheadIsDuty bool      // ahead is a change of the rosters
	ahead       evq.Event // the first of the next fault and the next change of the rosters

	sink   trail.Sink
	detail trail.DetailSink // nil unless a record asks for details
	people []person
	active []int32 // queues with live items, in order of id

	fp, sfp   uint64
	rep       uint32
	seed      uint64
	lastStart model.Time // faults and questions come before this
	nextID    [model.NumSubjects]int32

	tickets slab[ticket]
	calls   slab[call]
	items   slab[item]
	teams   []teamState
	queues  []queue
	sources []sourceState

	st     static    // compiled once from the world
	q      evq.Queue // but for the two kinds of ahead
	faults evq.Queue // the next fault of every source: hundreds, and each fires seldom
	roster int       // next change of the rosters
	tot    trail.Totals

	bursts   []streamState
	quests   []streamState
	backs    []background // by team
	pend     slab[pending]
	timers   slab[timer]
	orders   slab[order]
	demands  slab[demand]
	admins   slab[admin]
	jobs     slab[job]
	papers   slab[paper]
	counters []counter // by paper
	checked  checked
	failures []int32 // hardware faults of a unit since it was new
	comps    slab[complaint]
	courier  slab[shipment]
	pairs    []int32 // tickets that wait for an engineer and a part at once
	stock    []stockState
	nextHist int

	sub trail.Subject // what is handed over, but for the two frequent kinds

	subTicket, subCall trail.Subject // whose constant fields stay as New set them
	wx                 weatherCache
	streams            rng.Streams // of this replication

	planDays  []model.Time // scratch
	nextMonth []int32      // by plan: first month of the next period
}

// New prepares an engine for w.
func New(w *world.World) *Engine {
	e := &Engine{w: w, seed: w.Seed}
	e.subTicket = trail.Subject{Kind: model.SubjectTicket, Plan: -1}
	e.subCall = trail.Subject{Kind: model.SubjectCall, Site: -1, Source: -1, Failure: -1, Unit: -1, Lead: -1, Part: -1, Depot: -1, Band: -1, BandMetres: -1, ByPhone: true}
	e.compile()
	return e
}

// SetSeed overrides the scenario's seed.
func (e *Engine) SetSeed(seed uint64) { e.seed = seed }

// Run simulates replication rep and hands what it leaves behind to sink. The totals belong to the engine and are
// overwritten by the next run. detail may be nil; events asks for single events as well.
func (e *Engine) Run(rep int, sink trail.Sink, detail trail.DetailSink, events bool) (*trail.Totals, error) {
	e.reset(uint32(rep))
	e.sink, e.detail, e.events = sink, detail, events && detail != nil
	e.plainFrom = 0 // the warm-up is not booked
	if e.detail != nil || e.st.apart {
		e.plainFrom = model.Far
	}
	e.start()
	if err := e.loop(); err != nil {
		return nil, err
	}
	e.finish()
	return &e.tot, nil
}

func (e *Engine) loop() error {
	left := e.w.MaxEvents // events that may still happen
	if left == 0 {
		left = MaxEvents
	}
	// Moments are compared as the seconds of events: e.now is now's.
	now, term := evq.SecondOf(e.now), evq.SecondOf(e.w.Term)
	for {
		// Faults wait in a list of their own, and the rosters' changes are known beforehand and stand sorted beside it.
		// Each list ends with an event at Far.
		ev := e.q.First()
		isAhead := e.ahead.Before(ev)
		if isAhead {
			ev = e.ahead
		}
		next := ev.Second()
		if e.dirty && next > now {
			e.dirty = false
			waiting := e.lone >= 0 || len(e.active) > 0 || e.st.background // else somebody became free, and nobody waits
			if waiting {
				e.dispatch()
				e.dirty = false
			}
			if now >= term && e.open == 0 && e.busy == 0 {
				break
			}
			if waiting {
				continue
			}
		}
		if next >= term && e.ends(ev) {
			break
		}
		if next != now {
			if next < now {
				panic(fmt.Sprintf("sim: an event at %v before now %v", ev.At(), e.now))
			}
			now, e.now = next, evq.Moment(next)
		}
		switch {
		case !isAhead:
			e.q.Drop()
		case e.aheadIsDuty:
			e.roster++
		default:
			e.faults.Drop()
		}
		e.tot.Events++
		if left--; left < 0 {
			return fmt.Errorf("replication %d at %v: %w (%d)", e.rep, e.now, ErrEventLimit, e.tot.Events-1)
		}
		kind := ev.Rank()
		if kind == evStep { // most are
			p := &e.people[ev.A()]
			if p.gen != ev.Gen() {
				continue
			}
			e.step(p)
		} else {
			fresh := e.handle(kind, ev.A(), ev.Gen())
			if isAhead {
				e.lookAhead()
			}
			if !fresh {
				continue
			}
		}
		e.fp = ((e.fp^ev.Instant())*0x100000001b3 ^ uint64(uint32(ev.A()))) * 0x100000001b3
		if e.events {
			e.detail.Event(trail.Event{At: e.now, Kind: kind, Subject: ev.A()})
		}
		checkInvariants(e)
		if next >= term && e.open == 0 && e.busy == 0 && !e.dirty {
			break
		}
	}
	return nil
}

// ends reports whether the run is over before ev, which is not before the end of the term.
func (e *Engine) ends(ev evq.Event) bool {
	w := e.w
	e.plainFrom = model.Far
	at := ev.At()
	if at == model.Far {
		return true
	}
	stopAt := w.Term
	if w.AfterHorizon != world.Stop {
		stopAt = w.Term + w.DrainCap
	}
	if at > stopAt || at == stopAt && w.AfterHorizon == world.Stop && ev.Rank() != evEnd {
		e.now = stopAt
		return true
	}
	return false
}

// lookAhead finds what comes first of the next fault and the next change of the rosters; only such an event changes it.
func (e *Engine) lookAhead() {
	e.ahead = e.faults.First().Foremost()
	d := e.st.roster[e.roster]
	if e.aheadIsDuty = d.Before(e.ahead); e.aheadIsDuty {
		e.ahead = d
	}
}

// handle does what any other event than the end of a step says; false: it was stale.
func (e *Engine) handle(kind uint8, a int32, gen uint32) bool {
	switch kind {
	case evPartIn:
		e.partIn(a)
	case evCourier:
		e.shipmentIn(a)
	case evPersonIn:
		e.dutyBegins(&e.people[a])
	case evGranted:
		t := e.tickets.at(a)
		if t.wakeGen != gen {
			return false
		}
		e.granted(t)
	case evFault:
		e.sourceFires(a)
	case evBurst:
		e.burstFires(a)
	case evPending:
		e.pendingFault(a)
	case evQuestion:
		e.questionAsked(a)
	case evContact:
		t := e.tickets.at(a)
		if t.gen != gen {
			return false
		}
		e.contact(t)
	case evReport:
		e.report(e.tickets.at(a))
	case evPlan:
		e.periodBegins(a)
	case evJob:
		e.jobDue(a)
	case evPaper:
		e.periodEnds(a)
	case evBackground:
		e.awake(a)
	case evAdmin:
		e.adminReady(a)
	case evComplaint:
		e.complaintRound(a)
	case evVendor:
		t := e.tickets.at(a)
		if t.gen != gen {
			return false
		}
		e.vendorJoins(t)
	case evLadder:
		return e.ladderFires(a, gen)
	case evSeverity:
		t := e.tickets.at(a)
		if t.gen != gen {
			return false
		}
		e.severityAges(t)
	case evWorkaround:
		t := e.tickets.at(a)
		if t.gen != gen {
			return false
		}
		t.mark(model.Workaround, e.now)
	case evHangUp:
		c := e.calls.at(a)
		if c.gen != gen {
			return false
		}
		e.hangUp(c)
	case evPersonOut:
		e.dutyEnds(&e.people[a])
		e.nextDuty(&e.people[a])
	case evEnd:
		e.termEnds()
	default:
		panic("sim: unknown event")
	}
	return true
}

func (e *Engine) key(s rng.Stream, entity uint64) rng.Rand {
	return e.streams[s].New(entity)
}

// draw samples d in a stream of its own for (purpose, entity, which of the entity's draws).
func (e *Engine) draw(d *model.Dist, s rng.Stream, entity rng.Root, which uint64) model.Time {
	if d.Kind == model.Constant && d.A == 0 { // IsZero, spelled out to stay small: steps that a scenario does not use
		return 0
	}
	return e.streams.Sample(d, s, entity, which)
}

// slab is a growing store with stable addresses and reuse of freed slots.
type slab[T any] struct {
	all  []*T // allocated; the first n are or were in use
	n    int32
	free []int32
}

// chunk is how many slots are allocated at a time, to lie side by side.
const chunk = 256

func (s *slab[T]) at(i int32) *T { return s.all[i] }

// take is a free slot, its index and its place.
func (s *slab[T]) take() (i int32, x *T) {
	k := len(s.free) - 1
	if k < 0 {
		return s.fresh()
	}
	i, s.free = s.free[k], s.free[:k]
	return i, s.all[i]
}

// fresh is a slot that was not used before.
func (s *slab[T]) fresh() (int32, *T) {
	if int(s.n) == len(s.all) {
		more := new([chunk]T)
		for i := range more {
			s.all = append(s.all, &more[i])
		}
	}
	i := s.n
	s.n++
	return i, s.all[i]
}

func (s *slab[T]) give(i int32) { s.free = append(s.free, i) }

func (s *slab[T]) reset() {
	s.n = 0
	s.free = s.free[:0]
}
