package audit

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"slasim/model"
	"slasim/model/trail"
	"slasim/sim/record"
)

// sample is a small record made by hand, as a simulator would have written it.
type sample struct {
	contract *record.Contract
	rep      *record.Replication
	clauses  []record.ClauseRow
}

// clause is a clause of the contract by id.
func (m *sample) clause(id string) *record.ClauseDef {
	for i := range m.contract.Clauses {
		if m.contract.Clauses[i].ID == id {
			return &m.contract.Clauses[i]
		}
	}
	panic(id)
}

func (m *sample) subject(id string) *record.Subject {
	_, kind, n, err := record.ParseID("r000-" + id)
	if err != nil {
		panic(err)
	}
	return m.rep.Find(kind, n)
}

func (m *sample) clock(id, clause string) *record.Clock {
	s := m.subject(id)
	for i := range m.rep.Clocks {
		c := &m.rep.Clocks[i]
		if c.Kind == s.Kind && c.Ordinal == s.Ordinal && c.ClauseID == clause {
			return c
		}
	}
	return nil
}

// row is what the report says of a clause, in all or in one period.
func (m *sample) row(clause, period string) *record.ClauseRow {
	return &m.clauses[slices.IndexFunc(m.clauses, func(c record.ClauseRow) bool { return c.Clause == clause && c.Row == period })]
}

// judge replaces the recorded clocks by what a simulator would find that reads contract and lives as m has them now.
func (m *sample) judge() {
	a, err := New(m.contract)
	if err != nil {
		panic(err)
	}
	m.rep.Clocks = nil
	for i := range m.rep.Subjects {
		s := &m.rep.Subjects[i]
		for k, c := range a.clauses {
			if out, ok, err := a.Clock(k, s); err != nil {
				panic(err)
			} else if ok {
				m.add(s, k, out.State, out.Start, out.Stop, out.Due, out.Elapsed, a.period(c, out.Start))
			}
		}
	}
}

func (m *sample) add(s *record.Subject, clause int, state State, start, stop, due, elapsed model.Time, period int) {
	c := record.Clock{
		Kind: s.Kind, Ordinal: s.Ordinal, Clause: int32(clause), ClauseID: m.contract.Clauses[clause].ID,
		Start: start, Stop: stop, Due: due, Elapsed: elapsed, Period: int32(period),
	}
	c.State, _ = record.ParseState(string(state))
	m.rep.Clocks = append(m.rep.Clocks, c)
}

// audit is the result against the true contract.
func (m *sample) audit(t *testing.T, contract *record.Contract) *Result {
	t.Helper()
	a, err := New(contract)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Replication(m.rep); err != nil {
		t.Fatal(err)
	}
	return a.Finish(1, m.clauses)
}

// life reads "milestone 03-10 10:00; …"; times without a date take the last one.
func life(kind model.Subject, ordinal int32, end, text string) record.Subject {
	s := record.Subject{Kind: kind, Ordinal: ordinal, Parent: -1, Unit: -1, BandMetres: -1, Contract: "net", End: at(end)}
	for m := range s.Milestones {
		s.Milestones[m] = model.Unset
	}
	date := ""
	for _, v := range strings.Split(text, ";") {
		f := strings.Fields(v)
		if len(f) == 3 {
			date = f[1]
		}
		m, ok := kind.ParseMilestone(f[0])
		if !ok {
			panic(f[0])
		}
		s.Milestones[m] = at(date + " " + f[len(f)-1])
	}
	return s
}

// handMade is the contract, the lives and – worked out by hand – the clocks.
func handMade() *sample {
	event := func(names ...string) record.EventDef { return record.EventDef{Of: names} }
	lastOf := func(names ...string) record.EventDef { return record.EventDef{Of: names, Last: true} }
	limits := func(texts ...string) (list []record.LimitDef) {
		for _, text := range texts {
			list = append(list, limit(text))
		}
		return list
	}
	office, days := *calendar2025(true, true, hours8to18), *calendar2025(true, true, wholeDay)
	office.ID, days.ID = "office", "days"
	net := s2Severities(true)
	net.Bands = s2Bands
	net.ReplaceOn, net.NewUnits = 3, []string{"room/box"}
	sec := func(text string) int64 { return int64(at(text) / time.Second) }
	net.KeyPeriods = []record.SpanOfTime{{Start: sec("03-10 00:00"), End: sec("03-12 00:00")}}
	m := &sample{contract: &record.Contract{
		StartDate: goldenStart, UTCOffset: 8 * 3600, Term: 365 * 86400, Assurance: 0.95, Calendars: []record.CalendarDef{office, days},
		Contracts: []record.ContractDef{*net}, Sites: []record.SiteDef{{ID: "centre", Tags: []string{"urban"}}},
		Stock: []record.StockDef{{Depot: "main", Part: "card", Level: 1}},
		Clauses: []record.ClauseDef{
			{ID: "RESPOND", Start: event("reported"), Stop: event("responded"), Limits: limits("wall 5m", "wall 5m", "wall 10m", "wall 1h"), NSev: 4},
			{ID: "ONSITE", Start: event("onsite_requested", "remote_failed"), Stop: event("arrived"), Limits: limits("wall 30m", "wall 1h", "wall 3h", "wall 5h"), NBand: 4,
				Scope: record.ScopeDef{Severities: []int32{1, 2, 3}}},
			{ID: "RESTORE", Start: event("reported"), Stop: event("confirmed"), Limits: limits("wall 4h"), Pauses: []string{"customer_approval_onsite", "customer_absent"}},
			{ID: "REPAIR", Start: event("reported"), Stop: event("repaired"), Limits: limits("wall 24h"), Calendar: "office", Shift: true},
			{ID: "REPAIR-BH", Start: event("reported"), Stop: event("repaired"), Limits: limits("business 24h"), Calendar: "office", Shift: true},
			{ID: "REPORT", Start: lastOf("restored", "left_site"), Stop: event("report_delivered"), Limits: limits("wall 24h")},
			{ID: "CALL-BACK", Start: event("left_site"), Stop: event("called_back"), Limits: limits("workday_hours 2"), Calendar: "days"},
			{ID: "RECORD", Start: event("left_site"), Stop: event("record_delivered"), Limits: limits("civil 1"), Calendar: "days"},
			{ID: "LOG", Start: event("reported"), Stop: event("logged"), Limits: []record.LimitDef{{Mode: "wall", Span: 900, Strict: true}}},
			{ID: "LOANER", Start: event("reported"), Stop: event("loaner_in"), Moot: event("restored"), Limits: limits("wall 8h")},
			{ID: "KEY", Start: event("reported"), Stop: event("responded"), Limits: limits("wall 5m"), Scope: record.ScopeDef{KeyPeriod: true}},
			{ID: "ANSWER", Of: "call", Start: event("ringing"), Stop: event("answered"), Moot: event("ended"), Limits: limits("wall 30s"), Target: 0.95, PerMonth: true, MinEvents: 20},
			{ID: "COMPLAINT", Of: "complaint", Start: event("accepted"), Stop: event("closed"), Limits: limits("wall 360h")},
			{ID: "NOTICE", Of: "job", Start: event("started"), Stop: event("notified"), Limits: []record.LimitDef{{Mode: "workdays", Days: 3, Before: true}}, Calendar: "days"},
			{ID: "MONTHLY", Of: "deliverable", Start: event("period_end"), Stop: event("delivered"), Limits: limits("workdays 5"), Calendar: "days"},
			{ID: "PHASE", Start: event("reported"), Stop: event("responded"), Limits: limits("wall 10m"), Scope: record.ScopeDef{From: sec("03-10 10:00"), Until: sec("03-11 23:30")}},
			{ID: "FOUND", Start: event("reported"), Stop: event("responded"), Limits: limits("wall 10m"), Scope: record.ScopeDef{Findings: true}},
			{ID: "WORK", Of: "job", Start: event("due"), Stop: event("done"), Limits: []record.LimitDef{{Mode: "wall", Before: true}}, Scope: record.ScopeDef{From: sec("03-01 00:00"), Until: sec("03-31 24:00")}},
		},
	}}
	for i := range m.contract.Clauses {
		c := &m.contract.Clauses[i]
		c.Contract, c.Kind, c.Scope.By, c.NSev, c.NBand = "net", "limit", "declared", max(c.NSev, 1), max(c.NBand, 1)
		if c.Of == "" {
			c.Of = "ticket"
		}
		if c.Target == 0 {
			c.Target = 1
		}
	}

	// A serious outage 100.0 km away, everything exactly at its limit; pauses overlap, one lies after the end.
	t0 := life(model.SubjectTicket, 0, "03-12 16:00", `occurred 03-10 09:58; reported 10:00; responded 10:10; remote_started 10:12; logged 10:15;
		remote_failed 10:30; assigned 10:31; departed 10:35; onsite_requested 10:40; arrived 11:30; restored 14:20; confirmed 14:30;
		repaired 14:30; left_site 15:10; report_delivered 03-11 15:10; record_delivered 03-11 24:00; called_back 03-12 15:10; closed 03-12 16:00`)
	t0.Outage, t0.UserShare, t0.Declared, t0.Final, t0.Visit, t0.Band, t0.BandMetres, t0.KeyPeriod, t0.Lead = true, 0.35, 3, 2, true, "100", 100_000, true, "wang"
	t0.Intervals = spans("03-10", "own_approval 10:31 10:34; customer_approval_onsite 11:00 11:40; customer_absent 11:20 12:10; customer_absent 14:40 15:00")
	// Reported on a Friday as the office closes.
	t1 := life(model.SubjectTicket, 1, "03-10 10:00", "occurred 03-07 18:00; reported 18:00; logged 18:05; responded 18:59; restored 03-10 09:30; confirmed 09:30; repaired 09:30; closed 10:00")
	t1.Declared, t1.Final, t1.Band, t1.BandMetres = 4, 4, "300", 100_010
	// On the Saturday before the make-up Sunday and the holiday, beyond the last band.
	t2 := life(model.SubjectTicket, 2, "02-06 12:00", `occurred 01-25 08:00; reported 10:00; logged 10:01; responded 10:09; onsite_requested 11:00; arrived 21:00;
		restored 01-26 15:00; confirmed 15:10; repaired 15:30; left_site 15:40; report_delivered 18:00; record_delivered 01-27 23:59; called_back 02-05 15:40:01; closed 02-06 12:00`)
	t2.Outage, t2.Declared, t2.Final, t2.Visit, t2.Band, t2.BandMetres, t2.Parent = true, 3, 3, true, "", 500_010, 1
	// Cut off by the end of the run.
	t3 := life(model.SubjectTicket, 3, "03-12 01:00", "occurred 03-11 23:20; reported 23:30")
	t3.Outage, t3.Declared, t3.Final, t3.Band, t3.BandMetres, t3.KeyPeriod = true, 3, 3, "city", 3_000, true
	t3.Site = "centre"
	t4 := life(model.SubjectTicket, 4, "03-13 12:00", "occurred 03-13 08:00; reported 08:00; responded 09:00; restored 11:00; confirmed 11:00")
	t4.Declared, t4.Final, t4.Discarded, t4.Band, t4.BandMetres = 4, 4, true, "100", 7
	// G-06: serious when reported, major by its length.
	t5 := life(model.SubjectTicket, 5, "03-13 13:00", "occurred 03-13 08:00; reported 08:00; logged 08:01; responded 08:08; restored 12:30; confirmed 12:35")
	t5.Outage, t5.UserShare, t5.Declared, t5.Final, t5.Band, t5.BandMetres = true, 0.35, 3, 2, "500", 400_000
	t5.Tag = "finding"

	// Two faults of one unit that were visited; the third would bring a new one.
	for _, s := range []*record.Subject{&t0, &t2} {
		s.Hardware, s.Source, s.Unit = true, "room/box", 0
	}

	c0 := life(model.SubjectCall, 0, "03-01 00:05", "ringing 02-28 23:59:50; answered 03-01 00:00:20; ended 00:05:00")
	c1 := life(model.SubjectCall, 1, "03-01 00:05", "ringing 03-01 00:00:00; answered 00:00:31; ended 00:05:00")
	c2 := life(model.SubjectCall, 2, "03-05 10:01", "ringing 03-05 10:00:00; ended 10:00:10")
	m0 := life(model.SubjectComplaint, 0, "03-05 00:00", "accepted 02-14 09:00; replied 10:00; closed 03-01 09:00")
	j0 := life(model.SubjectJob, 0, "03-31 24:00", "due 03-31 24:00; notified 03-10 00:00; started 03-13 09:00; done 11:00")
	d0 := life(model.SubjectDeliverable, 0, "02-10 24:00", "period_end 01-31 24:00; delivered 02-10 24:00")
	m.rep = &record.Replication{
		Subjects: []record.Subject{t0, t1, t2, t3, t4, t5, c0, c1, c2, m0, j0, d0},
		Spans: []record.PersonSpan{
			{Person: 0, Activity: model.ActTravel, Ticket: 0, Start: at("03-10 10:35"), End: at("03-10 11:30")},
			{Person: 0, Activity: model.ActWork, Ticket: 0, Start: at("03-10 11:30"), End: at("03-10 15:10")},
		},
		People: []record.Person{{Person: 0, Name: "wang"}},
		Stock: []record.StockMove{
			{At: at("03-10 10:40"), Depot: "main", Part: "card", Kind: trail.Issue, OnHand: 0},
			{At: at("03-10 10:40"), Depot: "main", Part: "card", Kind: trail.Demand, OnHand: 0},
			{At: at("03-10 10:40"), Depot: "main", Part: "card", Kind: trail.Order, OnHand: 0, OnOrder: 1},
			{At: at("03-11 10:00"), Depot: "main", Part: "card", Kind: trail.Demand, Backorders: 1, OnOrder: 1},
			{At: at("03-11 10:00"), Depot: "main", Part: "card", Kind: trail.Order, Backorders: 1, OnOrder: 2},
			{At: at("03-15 10:00"), Depot: "main", Part: "card", Kind: trail.Issue, OnOrder: 1},
			{At: at("03-15 10:00"), Depot: "main", Part: "card", Kind: trail.Receipt, OnOrder: 1},
			{At: at("03-16 10:00"), Depot: "main", Part: "card", Kind: trail.Receipt, OnHand: 1},
		},
	}
	m.rep.People[0].Time[model.ActTravel], m.rep.People[0].Time[model.ActWork] = 55*time.Minute, 3*time.Hour+40*time.Minute

	// One contract year; of twelve months one fails: March, by c1. With no more than MinEvents calls none may be late.
	for i := range m.contract.Clauses {
		c := &m.contract.Clauses[i]
		// A year or twelve months, held or not, decide nothing at 95 %: 72 of 72 would.
		m.clauses = append(m.clauses, record.ClauseRow{Clause: c.ID, Contract: "net", Verdict: "UNDECIDED", Periods: 1, Held: 1})
		if c.PerMonth {
			m.clauses[i].Periods, m.clauses[i].Held = 12, 11
		}
	}
	for _, c := range m.clauses {
		for n := range int(c.Periods) {
			row := record.ClauseRow{Clause: c.Clause, Contract: "net", By: record.ByPeriod, Row: fmt.Sprint(n), Periods: 1, Held: 1}
			if c.Periods == 12 && n == 2 {
				row.Held = 0
			}
			m.clauses = append(m.clauses, row)
		}
	}
	// t0, t2, t3 and t5 are serious, t1 general; of the two with a visit t0 alone lies in a band.
	m.clauses = append(m.clauses,
		record.ClauseRow{Clause: "RESPOND", Contract: "net", By: "severity", Row: "disaster", Verdict: "NO DATA"},
		record.ClauseRow{Clause: "RESPOND", Contract: "net", By: "severity", Row: "serious", Verdict: "UNDECIDED", Met: 3, Breached: 1},
		record.ClauseRow{Clause: "RESPOND", Contract: "net", By: "severity", Row: "general", Verdict: "UNDECIDED", Met: 1},
		record.ClauseRow{Clause: "ONSITE", Contract: "net", By: "band", Row: "100", Verdict: "UNDECIDED", Met: 1})
	for _, line := range strings.Split(strings.TrimSpace(handClocks), "\n") {
		f := strings.Fields(line)
		join := func(i int) string {
			if f[i] == "-" {
				return ""
			}
			return strings.Replace(f[i], "_", " ", 1)
		}
		i := slices.IndexFunc(m.contract.Clauses, func(c record.ClauseDef) bool { return c.ID == f[1] })
		elapsed, err := time.ParseDuration(f[6])
		if err != nil {
			panic(line)
		}
		period := 0
		if len(f) > 7 {
			fmt.Sscan(f[7], &period)
		}
		m.add(m.subject(f[0]), i, State(f[2]), at(join(3)), at(join(4)), at(join(5)), elapsed, period)
		for _, row := range []*record.ClauseRow{m.row(f[1], ""), m.row(f[1], fmt.Sprint(period))} {
			switch State(f[2]) {
			case Met:
				row.Met++
			case Breached:
				row.Breached++
			case Cancelled:
				row.Cancelled++
			case Censored:
				row.Censored++
			}
			if !m.contract.Clauses[i].PerMonth && (f[2] == string(Breached) || f[2] == string(Censored)) {
				row.Held = 0
			}
		}
	}
	return m
}

// handClocks: subject, clause, state, start, stop, due, elapsed, month. Worked out by hand.
const handClocks = `
t0 RESPOND   met       03-10_10:00 03-10_10:10    03-10_10:10 10m
t0 ONSITE    met       03-10_10:30 03-10_11:30    03-10_11:30 1h
t0 RESTORE   met       03-10_10:00 03-10_14:30    03-10_15:10 3h20m
t0 REPAIR    met       03-10_10:00 03-10_14:30    03-11_10:00 4h30m
t0 REPAIR-BH met       03-10_10:00 03-10_14:30    03-12_14:00 4h30m
t0 REPORT    met       03-10_15:10 03-11_15:10    03-11_15:10 24h
t0 CALL-BACK met       03-10_15:10 03-12_15:10    03-12_15:10 48h
t0 RECORD    met       03-10_15:10 03-11_24:00    03-11_24:00 32h50m
t0 LOG       breached  03-10_10:00 03-10_10:15    03-10_10:15 15m
t0 LOANER    cancelled 03-10_10:00 -              03-10_18:00 4h20m
t0 KEY       breached  03-10_10:00 03-10_10:10    03-10_10:05 10m
t0 PHASE     met       03-10_10:00 03-10_10:10    03-10_10:10 10m
t1 RESPOND   met       03-07_18:00 03-07_18:59    03-07_19:00 59m
t1 RESTORE   breached  03-07_18:00 03-10_09:30    03-07_22:00 63h30m
t1 REPAIR    met       03-10_08:00 03-10_09:30    03-11_08:00 1h30m
t1 REPAIR-BH met       03-10_08:00 03-10_09:30    03-12_12:00 1h30m
t1 LOG       met       03-07_18:00 03-07_18:05    03-07_18:15 5m
t1 LOANER    breached  03-07_18:00 -              03-08_02:00 63h30m
t2 RESPOND   met       01-25_10:00 01-25_10:09    01-25_10:10 9m
t2 RESTORE   breached  01-25_10:00 01-26_15:10    01-25_14:00 29h10m
t2 REPAIR    met       01-26_08:00 01-26_15:30    01-27_08:00 7h30m
t2 REPAIR-BH met       01-26_08:00 01-26_15:30    02-05_12:00 7h30m
t2 REPORT    met       01-26_15:40 01-26_18:00    01-27_15:40 2h20m
t2 CALL-BACK breached  01-26_15:40 02-05_15:40:01 02-05_15:40 240h0m1s
t2 RECORD    met       01-26_15:40 01-27_23:59    01-27_24:00 32h19m
t2 LOG       met       01-25_10:00 01-25_10:01    01-25_10:15 1m
t2 LOANER    breached  01-25_10:00 -              01-25_18:00 29h
t3 RESPOND   breached  03-11_23:30 -              03-11_23:40 1h30m
t3 RESTORE   censored  03-11_23:30 -              03-12_03:30 1h30m
t3 REPAIR    censored  03-12_08:00 -              03-13_08:00 0s
t3 REPAIR-BH censored  03-12_08:00 -              03-14_12:00 0s
t3 LOG       breached  03-11_23:30 -              03-11_23:45 1h30m
t3 LOANER    censored  03-11_23:30 -              03-12_07:30 1h30m
t3 KEY       breached  03-11_23:30 -              03-11_23:35 1h30m
t5 RESPOND   met       03-13_08:00 03-13_08:08    03-13_08:10 8m
t5 RESTORE   breached  03-13_08:00 03-13_12:35    03-13_12:00 4h35m
t5 REPAIR    censored  03-13_08:00 -              03-14_08:00 5h
t5 REPAIR-BH censored  03-13_08:00 -              03-17_12:00 5h
t5 LOG       met       03-13_08:00 03-13_08:01    03-13_08:15 1m
t5 LOANER    cancelled 03-13_08:00 -              03-13_16:00 4h30m
t5 FOUND     met       03-13_08:00 03-13_08:08    03-13_08:10 8m
c0 ANSWER    met       02-28_23:59:50 03-01_00:00:20 03-01_00:00:20 30s 1
c1 ANSWER    breached  03-01_00:00 03-01_00:00:31 03-01_00:00:30 31s 2
c2 ANSWER    cancelled 03-05_10:00 -              03-05_10:00:30 10s 2
m0 COMPLAINT met       02-14_09:00 03-01_09:00    03-01_09:00 360h
j0 NOTICE    met       03-13_09:00 03-10_00:00    03-10_00:00 81h
j0 WORK      met       03-31_24:00 03-13_11:00    03-31_24:00 445h
d0 MONTHLY   met       01-31_24:00 02-10_24:00    02-10_24:00 240h
`

func TestHandMade(t *testing.T) {
	m := handMade()
	r := m.audit(t, m.contract)
	for _, d := range r.Differences {
		t.Error(d)
	}
	if r.Clocks != 48 || r.Subjects != 12 {
		t.Errorf("%d clocks of %d subjects", r.Clocks, r.Subjects)
	}
	for _, c := range r.Checks {
		if c.Looked == 0 {
			t.Errorf("%s was never looked at", c.Name)
		}
	}
}

// bug is a mistake a simulator might make. It changes what the simulator reads (contract, lives) before it
// judges, or what it writes; the audit must say so, at the place named.
type bug struct {
	name  string
	check string
	where string // "t0 RESTORE"
	reads func(*sample)
	wrote func(*sample)
}

var bugs = []bug{
	{name: "pauses summed instead of united", where: "t0 RESTORE", reads: func(m *sample) {
		v := &m.subject("t0").Intervals[2]
		v.Start, v.End = v.Start+20*time.Minute, v.End+20*time.Minute
	}},
	{name: "pause outside the window counted", where: "t0 RESTORE", reads: func(m *sample) {
		v := &m.subject("t0").Intervals[3]
		v.Start, v.End = at("03-10 13:00"), at("03-10 13:20")
	}},
	{name: "pauses with a closed end", where: "t0 RESTORE", reads: func(m *sample) {
		for i := range m.subject("t0").Intervals {
			m.subject("t0").Intervals[i].End += time.Second
		}
	}},
	{name: "pauses ignored", where: "t0 RESTORE", reads: func(m *sample) { m.clause("RESTORE").Pauses = nil }},
	{name: "own approval pauses", where: "t0 RESTORE", reads: func(m *sample) {
		c := m.clause("RESTORE")
		c.Pauses = append(c.Pauses, "own_approval")
	}},
	{name: "response clock pauses", where: "t0 ONSITE", reads: func(m *sample) { m.clause("ONSITE").Pauses = []string{"customer_approval_onsite"} }},
	{name: "less than the limit needed", where: "t0 RESPOND", reads: func(m *sample) {
		for i := range m.clause("RESPOND").Limits {
			m.clause("RESPOND").Limits[i].Strict = true
		}
	}},
	{name: "strict limit read as at most", where: "t0 LOG", reads: func(m *sample) { m.clause("LOG").Limits[0].Strict = false }},
	{name: "start not shifted to the opening", where: "t1 REPAIR", reads: func(m *sample) { m.clause("REPAIR").Shift = false }},
	{name: "closing time inside the hours", where: "t1 REPAIR", reads: func(m *sample) { eachSpan(m, "office", func(s *record.SpanDef) { s.Close++ }) }},
	{name: "business hours after the shift", where: "t1 REPAIR", reads: func(m *sample) { m.clause("REPAIR").Limits[0].Mode = "business" }},
	{name: "wall clock for business hours", where: "t1 REPAIR-BH", reads: func(m *sample) { m.clause("REPAIR-BH").Limits[0].Mode = "wall" }},
	{name: "make-up day ignored", where: "t2 REPAIR", reads: func(m *sample) { calendarOf(m, "office").MakeUpWork = false }},
	{name: "make-up day ignored in working days", where: "d0 MONTHLY", reads: func(m *sample) { calendarOf(m, "days").MakeUpWork = false }},
	{name: "holiday ignored", where: "d0 MONTHLY", reads: func(m *sample) { calendarOf(m, "days").HolidaysOff = false }},
	{name: "hours an hour early, as in summer time", where: "t1 REPAIR", reads: func(m *sample) {
		eachSpan(m, "office", func(s *record.SpanDef) { s.Open, s.Close = s.Open-3600, s.Close-3600 })
	}},
	{name: "dates shifted by the zone offset", where: "t2 RECORD", reads: func(m *sample) { shiftDays(m, -1) }},
	{name: "working day of 24 hours", where: "t2 CALL-BACK", reads: func(m *sample) { m.clause("CALL-BACK").Limits = []record.LimitDef{limit("wall 48h")} }},
	{name: "working days to the end of the day", where: "t0 CALL-BACK", reads: func(m *sample) { m.clause("CALL-BACK").Limits[0].Mode = "workdays" }},
	{name: "first day counted", where: "t0 RECORD", reads: func(m *sample) { m.clause("RECORD").Limits[0].Days = 0 }},
	{name: "a day too many", where: "d0 MONTHLY", reads: func(m *sample) { m.clause("MONTHLY").Limits[0].Days = 6 }},
	{name: "phase with a closed end", where: "t3 PHASE", reads: func(m *sample) { m.clause("PHASE").Scope.Until++ }},
	{name: "phase without its first second", where: "t0 PHASE", reads: func(m *sample) { m.clause("PHASE").Scope.From++ }},
	{name: "phase without what is due as it ends", where: "j0 WORK", reads: func(m *sample) { m.clause("WORK").Scope.Until-- }},
	{name: "findings and all others", where: "t0 FOUND", reads: func(m *sample) { m.clause("FOUND").Scope.Findings = false }},
	{name: "notice a day short", where: "j0 NOTICE", reads: func(m *sample) { m.clause("NOTICE").Limits[0].Days = 2 }},
	{name: "notice as a limit after the visit", where: "j0 NOTICE", reads: func(m *sample) { m.clause("NOTICE").Limits[0].Before = false }},
	{name: "half a month as 15 working days", where: "m0 COMPLAINT", reads: func(m *sample) { m.clause("COMPLAINT").Limits = []record.LimitDef{limit("workdays 15")} }},
	{name: "final for declared severity", where: "t0 RESPOND", reads: func(m *sample) { m.clause("RESPOND").Scope.By = "final" }},
	{name: "rows of the limits swapped", where: "t0 RESPOND", reads: func(m *sample) { l := m.clause("RESPOND").Limits; l[2], l[3] = l[3], l[2] }},
	{name: "columns of the limits swapped", where: "t0 ONSITE", reads: func(m *sample) { l := m.clause("ONSITE").Limits; l[1], l[2] = l[2], l[1] }},
	{name: "band edge exclusive", where: "t0 ONSITE", reads: func(m *sample) { m.subject("t0").Band = "300" }},
	{name: "report starts the on-site clock", where: "t0 ONSITE", reads: func(m *sample) { m.clause("ONSITE").Start.Of = []string{"reported"} }},
	{name: "first_of read as last_of", where: "t0 ONSITE", reads: func(m *sample) { m.clause("ONSITE").Start.Last = true }},
	{name: "last_of read as first_of", where: "t0 REPORT", reads: func(m *sample) { m.clause("REPORT").Start.Last = false }},
	{name: "restored for confirmed", where: "t0 RESTORE", reads: func(m *sample) { m.clause("RESTORE").Stop.Of = []string{"restored"} }},
	{name: "arrival before a recall counted", where: "t0 ONSITE", reads: func(m *sample) { m.subject("t0").Milestones[model.Arrived] -= 5 * time.Minute }},
	{name: "moot clock goes on", where: "t0 LOANER", reads: func(m *sample) { m.clause("LOANER").Moot = record.EventDef{} }},
	{name: "beyond the last band judged", where: "t2 ONSITE", reads: func(m *sample) { m.subject("t2").Band = "500" }},
	{name: "key period forgotten in the scope", where: "t1 KEY", reads: func(m *sample) { m.clause("KEY").Scope.KeyPeriod = false }},
	{name: "discarded ticket judged", where: "t4 RESPOND", reads: func(m *sample) { m.subject("t4").Discarded = false }},
	{name: "mildest level sent on site", where: "t1 ONSITE", reads: func(m *sample) {
		m.clause("ONSITE").Scope.Severities = nil
		m.subject("t1").Milestones[model.RemoteFailed] = at("03-07 19:00")
	}},

	{name: "censored clocks dropped", where: "t3 RESTORE", wrote: func(m *sample) {
		m.rep.Clocks = slices.DeleteFunc(m.rep.Clocks, func(c record.Clock) bool { return c.StateName() == "censored" })
	}},
	{name: "cancelled counted as met", where: "c2 ANSWER", wrote: func(m *sample) { c := m.clock("c2", "ANSWER"); c.State, _ = record.ParseState("met") }},
	{name: "late but moot cancelled", where: "t1 LOANER", wrote: func(m *sample) { c := m.clock("t1", "LOANER"); c.State, _ = record.ParseState("cancelled") }},
	{name: "open past its limit censored", where: "t3 RESPOND", wrote: func(m *sample) { c := m.clock("t3", "RESPOND"); c.State, _ = record.ParseState("censored") }},
	{name: "month cut in UTC", where: "c1 ANSWER", wrote: func(m *sample) { m.clock("c1", "ANSWER").Period = 1 }},
	{name: "month of the stop", where: "c0 ANSWER", wrote: func(m *sample) { m.clock("c0", "ANSWER").Period = 2 }},
	{name: "a clock written twice", where: "m0 COMPLAINT", wrote: func(m *sample) {
		i := slices.IndexFunc(m.rep.Clocks, func(c record.Clock) bool { return c.ClauseID == "COMPLAINT" })
		m.rep.Clocks = slices.Insert(m.rep.Clocks, i, m.rep.Clocks[i])
	}},
	{name: "a clock of no subject", where: "d7 MONTHLY", wrote: func(m *sample) {
		c := *m.clock("d0", "MONTHLY")
		c.Ordinal = 7
		m.rep.Clocks = append(m.rep.Clocks, c)
	}},
	{name: "a second off", where: "t5 LOG", wrote: func(m *sample) { m.clock("t5", "LOG").Elapsed++; m.clock("t5", "LOG").Elapsed += time.Second }},

	{name: "a late clock lost in the totals", check: CheckTotals, where: " RESTORE", wrote: func(m *sample) { m.clauses[2].Breached-- }},
	{name: "met for breached in the totals", check: CheckTotals, where: " LOG", wrote: func(m *sample) { m.clauses[8].Met++; m.clauses[8].Breached-- }},
	{name: "clause left out of the report", check: CheckTotals, where: " MONTHLY", wrote: func(m *sample) {
		m.clauses = slices.DeleteFunc(m.clauses, func(c record.ClauseRow) bool { return c.Clause == "MONTHLY" })
	}},
	{name: "periods without events left out", check: CheckPeriods, where: " ANSWER", wrote: func(m *sample) { m.clauses[11].Periods, m.clauses[11].Held = 2, 1 }},
	{name: "share of few calls rounded", check: CheckPeriods, where: " ANSWER", wrote: func(m *sample) { m.clauses[11].Held = 12 }},
	// March begins on the 2nd: its late call of the 1st, 00:00, moves to February, and the sums stay as they are.
	{name: "months cut a day late", check: CheckPeriods, where: "2025-02 ANSWER", wrote: func(m *sample) {
		feb, mar := m.row("ANSWER", "1"), m.row("ANSWER", "2")
		feb.Breached, feb.Held, mar.Breached, mar.Held = 1, 0, 0, 1
	}},
	// March begins on 28 February: the call answered in time that day moves to it.
	{name: "months cut a day early", check: CheckPeriods, where: "2025-03 ANSWER", wrote: func(m *sample) {
		feb, mar := m.row("ANSWER", "1"), m.row("ANSWER", "2")
		feb.Met, mar.Met = 0, 1
	}},
	{name: "a month dropped", check: CheckPeriods, where: "2025-03 ANSWER", wrote: func(m *sample) {
		m.clauses = slices.DeleteFunc(m.clauses, func(c record.ClauseRow) bool { return c.Clause == "ANSWER" && c.Row == "2" })
	}},
	{name: "a year too many", check: CheckPeriods, where: " LOG", wrote: func(m *sample) {
		m.clauses = append(m.clauses, record.ClauseRow{Clause: "LOG", Contract: "net", By: record.ByPeriod, Row: "1"})
	}},
	{name: "open at the end taken as met", check: CheckPeriods, where: "2025-01-01 REPAIR", wrote: func(m *sample) {
		m.row("REPAIR", "").Held, m.row("REPAIR", "0").Held = 1, 1
	}},
	{name: "a year without a late clock taken as proof", check: CheckVerdicts, where: " REPORT", wrote: func(m *sample) { m.row("REPORT", "").Verdict = "MET" }},
	{name: "nothing at a level taken as met", check: CheckVerdicts, where: " RESPOND", wrote: func(m *sample) { m.row("RESPOND", "disaster").Verdict = "MET" }},
	{name: "a level left out", check: CheckVerdicts, where: " RESPOND", wrote: func(m *sample) {
		m.clauses = slices.DeleteFunc(m.clauses, func(c record.ClauseRow) bool { return c.Row == "general" })
	}},
	{name: "a band left out", check: CheckVerdicts, where: " ONSITE", wrote: func(m *sample) {
		m.clauses = slices.DeleteFunc(m.clauses, func(c record.ClauseRow) bool { return c.By == "band" })
	}},
	{name: "late at another level", check: CheckTotals, where: " RESPOND", wrote: func(m *sample) {
		serious, general := m.row("RESPOND", "serious"), m.row("RESPOND", "general")
		serious.Met, serious.Breached, general.Met, general.Breached = 4, 0, 0, 1
	}},
	{name: "departed after arriving", check: CheckMilestones, where: "t0", wrote: func(m *sample) { m.subject("t0").Milestones[model.Departed] = at("03-10 11:31") }},
	{name: "classified before the report", check: CheckMilestones, where: "t0", wrote: func(m *sample) { m.subject("t0").Milestones[model.Classified] = at("03-10 09:59") }},
	{name: "milestone after the end", check: CheckMilestones, where: "c2", wrote: func(m *sample) { m.subject("c2").End = at("03-05 10:00:05") }},
	{name: "pause before the report", check: CheckIntervals, where: "t0", wrote: func(m *sample) { m.subject("t0").Intervals[0].Start = at("03-10 09:59") }},
	{name: "pause left open", check: CheckIntervals, where: "t0", wrote: func(m *sample) { m.subject("t0").Intervals[3].End = at("03-12 16:01") }},
	{name: "two places at once", check: CheckPeople, where: "r000 wang", wrote: func(m *sample) { m.rep.Spans[1].Start -= time.Second; m.rep.Spans[0].Start -= time.Second }},
	{name: "hours that do not add up", check: CheckPeople, where: "r000 wang", wrote: func(m *sample) { m.rep.People[0].Time[model.ActWork] -= time.Hour }},
	{name: "stock below zero", check: CheckStock, where: "r000 main card", wrote: func(m *sample) { m.rep.Stock[3].OnHand, m.rep.Stock[3].Backorders = -1, 0 }},
	{name: "a part from nowhere", check: CheckStock, where: "r000 main card", wrote: func(m *sample) { m.rep.Stock[7].OnHand = 2 }},
	{name: "a part lost on receipt", check: CheckStock, where: "r000 main card", wrote: func(m *sample) { m.rep.Stock[7].OnHand = 0 }},
	{name: "a backorder forgotten", check: CheckStock, where: "r000 main card", wrote: func(m *sample) { m.rep.Stock = m.rep.Stock[:5]; m.rep.Stock[4].Backorders = 0 }},
	{name: "severity by age at the end", check: CheckSeverity, where: "t5", wrote: func(m *sample) { m.subject("t5").Declared = 2 }},
	{name: "severity of the history overruled", check: CheckSeverity, where: "t1", wrote: func(m *sample) { m.subject("t1").RecordedRank = 3 }},
	{name: "final severity by the report", check: CheckSeverity, where: "t0", wrote: func(m *sample) { m.subject("t0").Final = 3 }},
	{name: "tag of the site ignored", check: CheckBand, where: "t3", wrote: func(m *sample) { m.subject("t3").Band = "100" }},
	{name: "band edge exclusive, seen in the row", check: CheckBand, where: "t0", wrote: func(m *sample) { m.subject("t0").Band = "300" }},
	{name: "key period with a closed end", check: CheckKeyPeriod, where: "t3", wrote: func(m *sample) { m.subject("t3").KeyPeriod = false }},
	{name: "a new unit too early", check: CheckUnits, where: "t0", wrote: func(m *sample) { m.subject("t0").Milestones[model.ReplacedNew] = at("03-10 14:30") }},
	{name: "cause that does not exist", check: CheckParent, where: "t2", wrote: func(m *sample) { m.subject("t2").Parent = 9 }},
}

func calendarOf(m *sample, id string) *record.CalendarDef {
	return &m.contract.Calendars[slices.IndexFunc(m.contract.Calendars, func(c record.CalendarDef) bool { return c.ID == id })]
}

func eachSpan(m *sample, id string, change func(*record.SpanDef)) {
	for _, spans := range calendarOf(m, id).Hours {
		for i := range spans {
			change(&spans[i])
		}
	}
}

// shiftDays moves the special days and the week of all calendars.
func shiftDays(m *sample, n int) {
	for i := range m.contract.Calendars {
		c := &m.contract.Calendars[i]
		was := c.Hours
		for w := range c.Hours {
			c.Hours[(w+n+7)%7] = was[w]
		}
		for k := range c.Days {
			d, err := parseDay(c.Days[k].Date)
			if err != nil {
				panic(err)
			}
			y, mo, dd := (d + day(n)).date()
			c.Days[k].Date = fmt.Sprintf("%04d-%02d-%02d", y, mo, dd)
		}
	}
}

func clone(c *record.Contract) *record.Contract {
	text, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	out := new(record.Contract)
	if err := json.Unmarshal(text, out); err != nil {
		panic(err)
	}
	return out
}

// Every injected mistake is found, at the clock or row where it shows first; and the clocks of the simulator without
// the mistake are those worked out by hand (TestHandMade).
func TestInjectedBugs(t *testing.T) {
	for _, b := range bugs {
		m := handMade()
		contract := clone(m.contract)
		if b.reads != nil {
			lives := handMade().rep
			b.reads(m)
			m.judge()
			for i := range lives.Subjects { // what was recorded is the life as it was
				m.rep.Subjects[i] = lives.Subjects[i]
			}
		} else {
			b.wrote(m)
		}
		if b.check == "" {
			b.check = CheckClocks
		}
		r := m.audit(t, contract)
		found := false
		for _, d := range r.Differences {
			where := strings.TrimPrefix(d.Where, "r000-")
			if len(where) > 1 && where != d.Where {
				var n int
				fmt.Sscan(where[1:], &n)
				where = fmt.Sprintf("%c%d", where[0], n)
			}
			if d.Clause != "" {
				where += " " + d.Clause
			}
			found = found || d.Check == b.check && where == b.where
		}
		if !found {
			t.Errorf("%s: not found at %s %q: %v", b.name, b.check, b.where, r.Differences)
		}
	}
}

// A backorder whose ticket is over is withdrawn; the units of a delivery go to the others in line.
func TestWithdrawnBackorders(t *testing.T) {
	a, err := New(handMade().contract)
	if err != nil {
		t.Fatal(err)
	}
	move := func(kind trail.StockMoveKind, hand, back, order int32) record.StockMove {
		return record.StockMove{Depot: "main", Part: "card", Kind: kind, OnHand: hand, Backorders: back, OnOrder: order}
	}
	moves := []record.StockMove{
		move(trail.Issue, 0, 0, 0), move(trail.Demand, 0, 0, 0), move(trail.Order, 0, 0, 3),
		move(trail.Demand, 0, 1, 3), move(trail.Demand, 0, 2, 3), move(trail.Demand, 0, 3, 3), move(trail.Withdrawal, 0, 2, 3),
		move(trail.Issue, 0, 1, 1), // two units
		move(trail.Issue, 0, 0, 1),
		move(trail.Receipt, 0, 0, 1),
		move(trail.Receipt, 1, 0, 0),
	}
	a.depot(0, moves)
	if a.result.Failed() != 0 {
		t.Error(a.result.Differences)
	}
	moves[9].OnHand = 1 // both units were handed out: this one comes from nowhere
	if a.depot(0, moves); a.result.Failed() == 0 {
		t.Error("a unit from nowhere was not found")
	}
}

// Engineers who bring parts: a demand is taken back for a part elsewhere, and a part that was set aside is put back when its
// engineer is sent elsewhere.
func TestPartsSetAside(t *testing.T) {
	a, err := New(handMade().contract)
	if err != nil {
		t.Fatal(err)
	}
	move := func(kind trail.StockMoveKind, hand, back int32) record.StockMove {
		return record.StockMove{Depot: "main", Part: "card", Kind: kind, OnHand: hand, Backorders: back}
	}
	moves := []record.StockMove{
		move(trail.Demand, 1, 1), move(trail.Issue, 0, 0), move(trail.PutBack, 1, 1), move(trail.Issue, 0, 0),
		move(trail.Demand, 0, 1), move(trail.Withdrawal, 0, 0),
	}
	a.depot(0, moves)
	if a.result.Failed() != 0 {
		t.Error(a.result.Differences)
	}
	for i, wrong := range map[int]record.StockMove{
		2: move(trail.PutBack, 2, 1),    // two units for one
		3: move(trail.Issue, 1, 0),      // it stays on the shelf
		5: move(trail.Withdrawal, 1, 0), // a unit from nowhere
	} {
		b, err := New(handMade().contract)
		if err != nil {
			t.Fatal(err)
		}
		bad := slices.Clone(moves)
		bad[i] = wrong
		if b.depot(0, bad); b.result.Failed() == 0 {
			t.Errorf("move %d: not found", i)
		}
	}
}
