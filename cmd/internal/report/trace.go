package report

import (
	"fmt"
	"io"
	"sort"
	"strings"
	"time"

	"slasim/cmd/internal/say"
	"slasim/model"
	"slasim/model/clock"
	"slasim/sim/judge"
	"slasim/sim/record"
)

// Trace tells the story of one ticket, call, complaint, job or deliverable: who and where, what happened when, and what
// became of each clock.
func Trace(w io.Writer, rec *record.Record, rep *record.Replication, s *record.Subject, sum *judge.Report, o Options) error {
	v := o.Voice
	start, err := time.Parse(time.RFC3339, rec.Manifest.StartUTC)
	if err != nil {
		return fmt.Errorf("%s: start: %w", rec.Dir, err)
	}
	start = start.In(time.FixedZone("", rec.Manifest.UTCOffset))
	blocks := []block{{lines: wrap(strings.Join(traceHead(rec, s, o), " · "), " · ", o.width())}}
	if t := traceTable(start, s, o); len(t.rows) > 0 {
		blocks = append(blocks, block{table: t})
	}
	if t := traceClocks(start, rep, s, sum, o); len(t.rows) > 0 {
		blocks = append(blocks, block{title: v.T("trace.clocks"), table: t})
	} else {
		blocks = append(blocks, block{lines: []string{v.T("trace.no_clocks")}})
	}
	return writeText(w, blocks, o.Width)
}

// traceHead says what and where.
func traceHead(rec *record.Record, s *record.Subject, o Options) []string {
	v := o.Voice
	head := []string{s.ID()}
	add := func(code, value string) {
		if value != "" {
			head = append(head, v.T(code, value))
		}
	}
	add("trace.recorded", s.Recorded)
	add("trace.site", s.Site)
	level := func(rank uint8) string {
		for i := range rec.Contract.Contracts {
			if c := &rec.Contract.Contracts[i]; c.ID == s.Contract && rank > 0 && int(rank) <= len(c.Severities) {
				return c.Severities[rank-1].ID
			}
		}
		return ""
	}
	add("trace.declared", level(s.Declared))
	if s.Final != s.Declared {
		add("trace.final", level(s.Final))
	}
	add("trace.failure", s.Failure)
	if s.Band != "" && s.BandMetres >= 0 {
		head = append(head, v.T("trace.band", s.Band, float64(s.BandMetres)/1000))
	} else {
		add("trace.band_only", s.Band)
	}
	add("trace.plan", s.Plan)
	add("trace.lead", s.Lead)
	add("trace.part", s.Part)
	add("trace.depot", s.Depot)
	add("trace.tag", s.Tag)
	if s.Parent >= 0 {
		head = append(head, v.T("trace.parent", record.ID(s.Replication, model.SubjectTicket, s.Parent)))
	}
	if s.Discarded {
		head = append(head, v.T("trace.discarded"))
	}
	return head
}

// traceTable lists milestones and states in the order of time.
func traceTable(start time.Time, s *record.Subject, o Options) *table {
	v := o.Voice
	type line struct {
		at   model.Time
		rank int // milestones before the states that begin with them
		text string
	}
	var lines []line
	first := model.Far
	for m, name := range s.Kind.Milestones() {
		if at := s.Milestones[m]; at != model.Unset {
			first = min(first, at)
			lines = append(lines, line{at, m, v.T("milestone." + s.Kind.String() + "." + name)})
		}
	}
	for _, i := range s.Intervals {
		if i.End <= i.Start {
			continue
		}
		first = min(first, i.Start)
		text := v.T("trace.state", model.Msg{Code: "state." + i.Kind.String()}, i.End-i.Start)
		if i.Kind < model.FirstState {
			text = v.T("trace.pause", model.Msg{Code: "state." + i.Kind.String()}, i.End-i.Start)
		}
		lines = append(lines, line{i.Start, 1000 + int(i.Kind), "  " + text})
	}
	sort.SliceStable(lines, func(i, j int) bool {
		if lines[i].at != lines[j].at {
			return lines[i].at < lines[j].at
		}
		return lines[i].rank < lines[j].rank
	})
	t := columns(v.T("col.when"), ">"+v.T("col.after"), v.T("col.what"))
	for _, l := range lines {
		t.add(v.Moment(start.Add(l.at)), v.Span(l.at-first), l.text)
	}
	return t
}

// traceClocks lists the clocks, the late ones first.
func traceClocks(start time.Time, rep *record.Replication, s *record.Subject, sum *judge.Report, o Options) *table {
	v := o.Voice
	text := map[string]model.Text{}
	for i := range sum.Clauses {
		text[sum.Clauses[i].ID] = sum.Clauses[i].Text
	}
	t := columns(v.T("col.clause"), v.T("col.promise"), v.T("col.started"), v.T("col.due"), ">"+v.T("col.took"), v.T("col.verdict"), v.T("col.because"))
	clocks := append([]record.Clock(nil), rep.ClocksOf(s.Kind, s.Ordinal)...)
	sort.SliceStable(clocks, func(i, j int) bool {
		a, b := clocks[i].State == clock.Breached, clocks[j].State == clock.Breached
		return a && !b
	})
	moment := func(at model.Time) string {
		if at == model.Unset || at == model.Far {
			return ""
		}
		return start.Add(at).Format("01-02 15:04:05")
	}
	for i := range clocks {
		k := &clocks[i]
		verdict, because := v.T("trace.censored"), ""
		switch k.State {
		case clock.Met:
			verdict = v.T("trace.met")
		case clock.Cancelled:
			verdict = v.T("trace.cancelled")
		case clock.Breached:
			verdict = v.T("trace.late")
			if k.Stop != model.Unset && k.Due != model.Far && k.Stop > k.Due {
				verdict = v.T("trace.late_by", k.Stop-k.Due)
			}
			because = traceReason(k, s, o)
		case clock.NotStarted: // not recorded
		}
		t.add(k.ClauseID, o.cutText(text[k.ClauseID], 30), moment(k.Start), moment(k.Due), v.Span(k.Elapsed), verdict, because)
	}
	t.dropEmpty()
	return t
}

// cutText is a text in the language, at most n cells wide.
func (o Options) cutText(t model.Text, n int) string { return say.Cut(t.In(o.Voice.Lang), n) }

// traceReason names the state that filled most of a late clock: of several states at one instant the first by the
// order of model.IntervalKind counts.
func traceReason(k *record.Clock, s *record.Subject, o Options) string {
	end := k.Stop
	if end == model.Unset {
		end = s.End
	}
	cuts := []model.Time{k.Start, end}
	for _, i := range s.Intervals {
		for _, at := range []model.Time{i.Start, i.End} {
			if at > k.Start && at < end {
				cuts = append(cuts, at)
			}
		}
	}
	sort.Slice(cuts, func(i, j int) bool { return cuts[i] < cuts[j] })
	var spent [model.NumIntervalKinds]model.Time
	for i := 1; i < len(cuts); i++ {
		state := model.NumIntervalKinds
		for _, x := range s.Intervals {
			if x.Kind >= model.FirstState && x.Start <= cuts[i-1] && x.End >= cuts[i] && x.Kind < state {
				state = x.Kind
			}
		}
		if state < model.NumIntervalKinds {
			spent[state] += cuts[i] - cuts[i-1]
		}
	}
	var parts []string
	order := make([]model.IntervalKind, 0, len(spent))
	for kind, t := range spent {
		if t > 0 {
			order = append(order, model.IntervalKind(kind))
		}
	}
	sort.SliceStable(order, func(i, j int) bool { return spent[order[i]] > spent[order[j]] })
	for _, kind := range order[:min(2, len(order))] {
		parts = append(parts, o.Voice.T("trace.state", model.Msg{Code: "state." + kind.String()}, spent[kind]))
	}
	return o.Voice.List(parts)
}
