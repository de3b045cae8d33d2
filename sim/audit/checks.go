package audit

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"slasim/model"
	"slasim/sim/record"
)

// order lists milestones of which the first never comes after the second, if both happened.
var order = [model.NumSubjects][][2]model.Milestone{
	model.SubjectTicket: {
		{model.Occurred, model.Reported}, {model.RemoteStarted, model.RemoteFailed}, {model.Assigned, model.Departed},
		{model.Departed, model.Arrived}, {model.Arrived, model.LeftSite}, {model.WorkReported, model.LeftSite},
		{model.PartRequested, model.PartOnSite}, {model.Restored, model.Confirmed}, {model.Restored, model.Repaired},
		{model.Restored, model.Closed}, {model.Confirmed, model.Closed},
	},
	model.SubjectCall: {
		{model.CallRinging, model.CallAnswered}, {model.CallAnswered, model.CallEnded}, {model.CallAnswered, model.CallReplied}, {model.CallEnded, model.CallRisen}, {model.CallRisen, model.CallReplied},
	},
	model.SubjectComplaint:   {{model.ComplaintAccepted, model.ComplaintReplied}, {model.ComplaintReplied, model.ComplaintClosed}},
	model.SubjectJob:         {{model.JobNotified, model.JobStarted}, {model.JobConfirmed, model.JobStarted}, {model.JobStarted, model.JobDone}},
	model.SubjectDeliverable: {{model.PeriodEnd, model.Delivered}},
	model.SubjectRise:        {{model.RiseReported, model.RiseRisen}, {model.RiseRisen, model.RiseRestored}, {model.RiseRestored, model.RiseConfirmed}},
}

// planned are milestones that are dates of a plan and may lie after the end of observation.
func planned(kind model.Subject, m model.Milestone) bool {
	return kind == model.SubjectJob && (m == model.JobDue || m == model.JobNotified || m == model.JobConfirmed) || kind == model.SubjectDeliverable && m == model.PeriodEnd || kind == model.SubjectPeriod && m == model.CountEnd
}

// subject checks what a subject's row says of itself.
func (a *Auditor) subject(rep *record.Replication, s *record.Subject) {
	names := s.Kind.Milestones()
	ms := &s.Milestones
	bad := func(check, what, recorded, audited string) { a.differ(check, s.ID(), "", what, recorded, audited) }

	for _, p := range order[s.Kind] {
		if x, y := ms[p[0]], ms[p[1]]; x != model.Unset && y != model.Unset {
			if x > y {
				bad(CheckMilestones, names[p[1]], a.clockText(y), "≥ "+names[p[0]]+" "+a.clockText(x))
			} else {
				a.look(CheckMilestones)
			}
		}
	}
	first := model.Unset // nothing but the occurrence happens before the report
	if s.Kind == model.SubjectTicket {
		first = ms[model.Reported]
	}
	for m, name := range names {
		t := ms[m]
		switch {
		case t == model.Unset || planned(s.Kind, model.Milestone(m)):
		case t > s.End:
			bad(CheckMilestones, name, a.clockText(t), "≤ "+a.clockText(s.End))
		case s.Kind == model.SubjectTicket && m != int(model.Occurred) && (first == model.Unset || t < first):
			bad(CheckMilestones, name, a.clockText(t), "≥ reported "+a.clockText(first))
		default:
			a.look(CheckMilestones)
		}
	}
	for _, v := range s.Intervals {
		if v.Start > v.End || v.End > s.End || s.Kind == model.SubjectTicket && (first == model.Unset || v.Start < first) {
			bad(CheckIntervals, v.Kind.String(), a.clockText(v.Start)+" – "+a.clockText(v.End), a.clockText(first)+" – "+a.clockText(s.End))
		} else {
			a.look(CheckIntervals)
		}
	}
	if s.Parent >= 0 {
		if rep.Find(model.SubjectTicket, s.Parent) == nil || s.Kind == model.SubjectTicket && s.Parent == s.Ordinal {
			bad(CheckParent, "parent", record.ID(s.Replication, model.SubjectTicket, s.Parent), "-")
		} else {
			a.look(CheckParent)
		}
	}
	if c := a.contracts[s.Contract]; c != nil && s.Kind == model.SubjectTicket && first != model.Unset {
		a.severity(c, s)
		a.band(c, s)
		in := false
		for _, k := range c.KeyPeriods {
			sec := int64(first / time.Second)
			in = in || k.Start <= sec && sec < k.End
		}
		if in != s.KeyPeriod {
			bad(CheckKeyPeriod, "key_period", strconv.FormatBool(s.KeyPeriod), strconv.FormatBool(in))
		} else {
			a.look(CheckKeyPeriod)
		}
	}
}

// severity derives declared and final severity again (A-02…A-04): declared by the age of the outage at the report,
// final by its whole length, up to the mutual confirmation, and never milder than declared. A level that the history
// gives is declared as it is. Where the level is drawn there is nothing to derive; a forecast leaves only the final one.
func (a *Auditor) severity(c *record.ContractDef, s *record.Subject) {
	ms := &s.Milestones
	if s.RecordedRank > 0 {
		a.equal(CheckSeverity, s.ID(), "", "declared_rank", int64(s.Declared), int64(s.RecordedRank))
	}
	if len(c.Severities) == 0 || ms[model.Occurred] == model.Unset || c.Declare != "rule" && c.Declare != "forecast" {
		return
	}
	if c.Declare == "rule" && s.RecordedRank == 0 {
		a.equal(CheckSeverity, s.ID(), "", "declared_rank", int64(s.Declared), int64(level(c, s, ms[model.Reported]-ms[model.Occurred])))
	}
	final := s.Declared
	if s.Outage {
		end := s.End
		for _, m := range [2]model.Milestone{model.Confirmed, model.Restored} {
			if ms[m] != model.Unset {
				end = ms[m]
				break
			}
		}
		final = min(final, level(c, s, end-ms[model.Occurred]))
	}
	a.equal(CheckSeverity, s.ID(), "", "final_rank", int64(s.Final), int64(final))
}

// level is the worst severity whose conditions hold for an outage of this age; an outage too short for any is the
// lowest level for outages, if the contract says so. The mildest level takes the rest.
func level(c *record.ContractDef, s *record.Subject, age model.Time) uint8 {
	sec := int64(age / time.Second)
	mildestOutage := 0
	if s.Outage {
		for i, v := range c.Severities {
			if !v.Outage {
				continue
			}
			mildestOutage = i + 1
			old := sec > v.Age || v.AtLeast && sec == v.Age
			if old && (v.Share < 0 || s.UserShare > v.Share) {
				return uint8(i + 1)
			}
		}
		if c.ShortOutageSerious && mildestOutage > 0 {
			return uint8(mildestOutage)
		}
	}
	for i, v := range c.Severities {
		if !v.Outage && (v.Share < 0 || s.UserShare > v.Share) {
			return uint8(i + 1)
		}
	}
	return uint8(len(c.Severities))
}

// band derives the distance band again: tags before distance, ends inclusive.
func (a *Auditor) band(c *record.ContractDef, s *record.Subject) {
	if len(c.Bands) == 0 {
		return
	}
	want := ""
	tagged := func(b *record.BandDef) bool {
		for _, t := range b.Tags {
			if contains(a.tags[s.Site], t) {
				return true
			}
		}
		return false
	}
	for i := range c.Bands {
		if contains(c.Bands[i].Sites, s.Site) {
			want = c.Bands[i].ID
		}
	}
	for i := range c.Bands {
		if want == "" && tagged(&c.Bands[i]) {
			want = c.Bands[i].ID
		}
	}
	if want == "" && s.BandMetres >= 0 {
		nearest := int32(-1)
		for _, b := range c.Bands {
			if b.Metres >= 0 && s.BandMetres <= b.Metres && (nearest < 0 || b.Metres < nearest) {
				want, nearest = b.ID, b.Metres
			}
		}
	}
	if want != s.Band {
		a.differ(CheckBand, s.ID(), "", fmt.Sprintf("band at %d m", s.BandMetres), s.Band, want)
		return
	}
	a.look(CheckBand)
}

// units counts the hardware faults of each unit that a visit was asked for: at every n-th, n as promised, the unit that is
// repaired is a new one, whose count begins again.
func (a *Auditor) units(rep *record.Replication) {
	type unit struct {
		contract, source string
		number           int32
	}
	var asked []*record.Subject
	for i := range rep.Subjects {
		s := &rep.Subjects[i]
		c := a.contracts[s.Contract]
		if s.Kind == model.SubjectTicket && c != nil && c.ReplaceOn > 0 && s.Hardware && s.Milestones[model.OnsiteRequested] != model.Unset {
			asked = append(asked, s)
		}
	}
	slices.SortStableFunc(asked, func(x, y *record.Subject) int {
		return cmp.Compare(x.Milestones[model.OnsiteRequested], y.Milestones[model.OnsiteRequested])
	})
	faults := map[unit]int32{}
	for _, s := range asked {
		c, u := a.contracts[s.Contract], unit{s.Contract, s.Source, s.Unit}
		faults[u]++
		due := faults[u]%c.ReplaceOn == 0 && contains(c.NewUnits, s.Source)
		was, want := "-", "-"
		if s.Milestones[model.ReplacedNew] != model.Unset {
			was = a.clockText(s.Milestones[model.ReplacedNew])
		}
		if due && s.Milestones[model.Repaired] != model.Unset {
			want = a.clockText(s.Milestones[model.Repaired])
		}
		switch {
		case s.Unit < 0:
			a.differ(CheckUnits, s.ID(), "", "unit", "-", "")
		case was != want:
			a.differ(CheckUnits, s.ID(), "", fmt.Sprintf("replaced_new, fault %d of the unit", faults[u]), was, want)
		default:
			a.look(CheckUnits)
		}
	}
}

// people checks that nobody does two things at once and that people.parquet adds up. Idle and background time is
// recorded span by span in some replications only.
func (a *Auditor) people(rep *record.Replication) {
	k := 0
	var time [model.NumActivities]model.Time
	for i := range rep.People {
		p := &rep.People[i]
		clear(time[:])
		for ; k < len(rep.Spans) && rep.Spans[k].Person <= p.Person; k++ {
			v := &rep.Spans[k]
			switch {
			case v.Start > v.End:
				a.differ(CheckPeople, person(rep, v.Person), "", v.Activity.String(), a.clockText(v.Start), a.clockText(v.End))
			case k > 0 && rep.Spans[k-1].Person == v.Person && v.Start < rep.Spans[k-1].End:
				a.differ(CheckPeople, person(rep, v.Person), "", rep.Spans[k-1].Activity.String()+" / "+v.Activity.String(),
					"from "+a.clockText(v.Start), "≥ "+a.clockText(rep.Spans[k-1].End))
			default:
				a.look(CheckPeople)
			}
			if v.Person != p.Person {
				a.differ(CheckPeople, person(rep, v.Person), "", v.Activity.String(), a.clockText(v.Start), "nobody in people.parquet")
				continue
			}
			time[v.Activity] += v.End - v.Start
		}
		for _, bulk := range [2]model.Activity{model.ActIdle, model.ActBackground} {
			if time[bulk] == 0 {
				time[bulk] = p.Time[bulk]
			}
		}
		if p.Time != time {
			a.differ(CheckPeople, person(rep, p.Person), "", "people.parquet", "-", "sum of intervals.parquet")
		} else {
			a.look(CheckPeople)
		}
	}
	for ; k < len(rep.Spans); k++ {
		a.differ(CheckPeople, person(rep, rep.Spans[k].Person), "", rep.Spans[k].Activity.String(), a.clockText(rep.Spans[k].Start), "nobody in people.parquet")
	}
}

func person(rep *record.Replication, n int32) string {
	for i := range rep.People {
		if rep.People[i].Person == n {
			return fmt.Sprintf("r%03d %s", rep.Index, rep.People[i].Name)
		}
	}
	return fmt.Sprintf("r%03d person %d", rep.Index, n)
}

// depots follows each part at each depot from move to move.
func (a *Auditor) depots(rep *record.Replication) {
	for i := 0; i < len(rep.Stock); {
		n := i
		for n < len(rep.Stock) && rep.Stock[n].Depot == rep.Stock[i].Depot && rep.Stock[n].Part == rep.Stock[i].Part {
			n++
		}
		a.depot(rep.Index, rep.Stock[i:n])
		i = n
	}
}

// depot checks that no count is below zero and that no unit comes from nowhere or is lost. What goes off order has
// arrived and is in hand until an issue or the receipt that closes the delivery takes it. An issue takes one unit,
// nothing else takes any, and a unit put back undoes it; loaners may come back without an order. In the end the
// backorders are the demands that were neither served nor withdrawn.
func (a *Auditor) depot(rep int32, moves []record.StockMove) {
	where := fmt.Sprintf("r%03d %s %s", rep, moves[0].Depot, moves[0].Part)
	def := a.stock[[2]string{moves[0].Depot, moves[0].Part}]
	if def == nil {
		a.differ(CheckStock, where, "", "part", "-", "not stocked here")
		return
	}
	on, back, order := def.Level, int32(0), int32(0)
	var inHand, demands, issues, withdrawn int32
	for i := range moves {
		m := &moves[i]
		dBack, dOrder := m.Backorders-back, m.OnOrder-order
		was := fmt.Sprintf("%d, %d, %d before", on, back, order)
		inHand += max(0, -dOrder) + on - m.OnHand // what left the shelf or the order book and is not accounted for yet
		on, back, order = m.OnHand, m.Backorders, m.OnOrder
		ok := on >= 0 && back >= 0 && order >= 0
		switch m.KindName() {
		case "demand":
			demands++
			ok = ok && dOrder == 0 && (dBack == 0 || dBack == 1)
		case "issue":
			issues++
			inHand--
			ok = ok && dOrder <= 0 && (dBack == 0 || dBack == -1)
		case "receipt":
			ok = ok && dOrder <= 0 && dBack == 0
		case "withdrawal":
			withdrawn++
			ok = ok && dOrder == 0 && dBack == -1
		case "put_back":
			issues--
			inHand++
			ok = ok && dOrder == 0 && dBack == 1
		case "order", "emergency_order":
			ok = ok && dOrder > 0 && dBack == 0
		}
		if inHand < 0 && def.Loaner {
			inHand = 0
		}
		if ok = ok && inHand >= 0 && (inHand == 0 || m.KindName() == "issue"); ok {
			a.look(CheckStock)
			continue
		}
		a.differ(CheckStock, where, "", "on hand, backorders, on order at "+a.clockText(m.At)+" "+m.KindName(),
			fmt.Sprintf("%d, %d, %d", on, back, order), was)
		inHand = 0
	}
	a.equal(CheckStock, where, "", "backorders at the end", int64(back), int64(demands-issues-withdrawn))
}
