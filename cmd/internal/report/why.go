package report

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"slasim/model"
	"slasim/sim/why"
)

// foldEvents is how many late events are shown without Options.All.
const foldEvents = 20

// foldOffers is how many changes tried alone are shown without Options.All.
const foldOffers = 10

// Why prints why clauses were late, as text, csv, json or markdown. clause is the one that was asked for, "" for all.
func Why(w io.Writer, format string, r *why.Report, clause string, o Options) error {
	s := &whySheet{sheet: sheet{Options: o}, w: r, clause: clause}
	switch format {
	case "json":
		return JSON(w, r)
	case "csv":
		return s.csv(w)
	case "markdown":
		s.Width = 1 << 20
		return writeMarkdown(w, s.blocks())
	}
	return writeText(w, s.blocks(), s.Width)
}

// whySheet words an explanation.
type whySheet struct {
	sheet
	w      *why.Report
	clause string
}

func (s *whySheet) blocks() []block {
	if s.w.Ticket != nil {
		return s.story()
	}
	late := 0
	for i := range s.w.Clauses {
		late += s.w.Clauses[i].Late
	}
	if late == 0 {
		line := s.t("why.nothing", s.w.Run.Replications)
		if s.clause != "" {
			line = s.t("why.none_of", s.w.Run.Replications, s.clause)
		}
		return []block{{lines: append([]string{line}, s.ran()...)}}
	}
	head := []string{s.t("why.title", s.w.Run.Title.In(s.Voice.Lang), late, s.w.Run.Replications*max(s.w.Run.Years, 1)),
		s.t("why.how", s.w.Replayed)}
	list := []block{{lines: append(head, s.ran()...)}, {title: s.t("why.clauses"), table: s.clauses()}}
	if len(s.w.Events) > 0 {
		t, more := s.events()
		list = append(list, block{title: s.t("why.events"), table: t})
		if more > 0 {
			list = append(list, block{lines: []string{s.t("why.more", more)}})
		}
	}
	if s.w.Fix != nil {
		list = append(list, s.fix()...)
	}
	return append(list, block{lines: s.legend()})
}

// ran says what was run.
func (s *whySheet) ran() []string {
	run := &s.w.Run
	parts := []string{"slasim " + run.Version, run.Scenario + " " + short(run.ScenarioHash), s.t("report.replications", run.Replications),
		s.t("report.seed", run.Seed), s.t("report.start", run.Start)}
	return wrap(strings.Join(parts, " · "), " · ", s.width())
}

// with is the short name of a world without an obstacle, on one line.
func (s *whySheet) with(obstacle string) string {
	join := " "
	if s.Voice.Lang == model.Zh {
		join = ""
	}
	return strings.ReplaceAll(s.t("why."+obstacle), "\n", join)
}

func (s *whySheet) withAll(list []string) string {
	words := make([]string, len(list))
	for i, o := range list {
		words[i] = s.with(o)
	}
	return s.Voice.List(words)
}

// legend says what each obstacle taken away means.
func (s *whySheet) legend() (lines []string) {
	for _, o := range s.w.Obstacles {
		lines = append(lines, indent(s.t("why.legend", s.with(o), s.t("why."+o+".is")), s.width())...)
	}
	if len(s.w.Absent) > 0 {
		lines = append(lines, s.t("why.absent", s.withAll(s.w.Absent)))
	}
	return lines
}

// clauses is a line a clause: where the time went, and what each obstacle does.
func (s *whySheet) clauses() *table {
	head := []string{s.t("col.clause"), s.t("col.promise"), ">" + s.t("col.late_count"), s.t("col.spent")}
	for _, o := range s.w.Obstacles {
		head = append(head, ">"+s.t("why."+o))
	}
	t := columns(append(head, ">"+s.t("col.stays"))...)
	t.keys = 2
	for i := range s.w.Clauses {
		c := &s.w.Clauses[i]
		row := []string{c.ID, s.cutText(c.Text, 20), strconv.Itoa(c.Late), s.spentOn(c.Time, 2)}
		for _, e := range c.Without {
			row = append(row, s.effect(e, c.Late))
		}
		t.add(append(row, s.share(c.Stays, c.Late))...)
	}
	return t
}

// effect is the share of the late that is saved, and how many of a hundred are late in their place, if it is one at least.
func (s *whySheet) effect(e why.Effect, late int) string {
	text := s.share(e.Saved, late)
	if 200*e.Fresh >= late {
		text += " +" + strings.ReplaceAll(s.Voice.Percent(float64(e.Fresh)/float64(late)), " ", "")
	}
	return text
}

func (s *whySheet) share(n, of int) string {
	if n == 0 {
		return "–"
	}
	return s.Voice.Percent(float64(n) / float64(of))
}

// spentOn is the largest states of a late clock's time, those below a twentieth left out.
func (s *whySheet) spentOn(time map[string]float64, most int) string {
	var parts []string
	for _, k := range largest(time) {
		if len(parts) == most || len(parts) > 0 && time[k] < 0.05 {
			break
		}
		parts = append(parts, s.sheet.name("state.", k)+" "+s.Voice.Percent(time[k]))
	}
	return s.Voice.List(parts)
}

// spans is the largest states of one clock's time as spans.
func (s *whySheet) spans(seconds map[string]int64, most int) string {
	time := map[string]float64{}
	total := 0.0
	for k, n := range seconds {
		time[k] = float64(n)
		total += time[k]
	}
	var parts []string
	for _, k := range largest(time) {
		if len(parts) == most || len(parts) > 0 && time[k] < 0.05*total {
			break
		}
		parts = append(parts, s.sheet.name("state.", k)+" "+s.brief(seconds[k]))
	}
	return s.Voice.List(parts)
}

func span(seconds int64) time.Duration { return time.Duration(seconds) * time.Second }

// brief is a span for a narrow column.
func (s *whySheet) brief(seconds int64) string { return s.Voice.Brief(span(seconds).Hours()) }

// events is a line a late event, and how many are left out.
func (s *whySheet) events() (t *table, more int) {
	start := s.start()
	t = columns(s.t("col.event"), s.t("col.site"), s.t("col.started"), ">"+s.t("col.took"), ">"+s.t("col.over"), s.t("col.spent"), s.t("col.on_time_if"))
	list := s.w.Events
	if !s.All && len(list) > foldEvents {
		more = len(list) - foldEvents
		list = list[:foldEvents]
	}
	for i := range list {
		e := &list[i]
		saved := s.withAll(e.Saved)
		if len(e.Saved) == 0 {
			saved = s.t("why.nowhere")
		}
		t.add(e.ID, s.place(e.Site, e.SiteName), s.Voice.Moment(start.Add(span(e.Start))), s.brief(e.Elapsed), s.brief(e.Over), s.spans(e.Time, 3), saved)
	}
	t.dropEmpty()
	return t, more
}

// place is the name of a site, its id if it has none.
func (s *whySheet) place(id string, name model.Text) string {
	if text := name.In(s.Voice.Lang); text != "" {
		return text
	}
	return id
}

// start is second 0 of the run, local.
func (s *whySheet) start() time.Time {
	at, _ := time.Parse(time.DateOnly, s.w.Run.Start)
	return at
}

// story is one subject in all worlds.
func (s *whySheet) story() []block {
	st := s.w.Ticket
	head := []string{st.ID}
	for _, x := range []struct{ code, value string }{{"trace.site", s.place(st.Site, st.SiteName)}, {"trace.failure", st.Failure}} {
		if x.value != "" {
			head = append(head, s.t(x.code, x.value))
		}
	}
	list := []block{{lines: append([]string{strings.Join(head, " · ")}, s.ran()...)}, {title: s.t("why.story"), table: s.happened()}}
	var gone []string
	for _, v := range st.Versions {
		if !v.Happens {
			gone = append(gone, v.Without)
		}
	}
	if len(gone) > 0 {
		list = append(list, block{lines: []string{s.t("why.gone", s.withAll(gone))}})
	}
	switch t := s.clocks(); {
	case len(t.rows) > 0:
		list = append(list, block{title: s.t("why.clocks"), table: t})
	case s.clause != "" && len(st.Clocks) == 0:
		list = append(list, block{lines: []string{s.t("why.no_clock", st.ID, s.clause)}})
	default:
		list = append(list, block{lines: []string{s.t("why.no_late")}})
	}
	return append(list, block{lines: s.legend()})
}

// happened is a line a milestone: when it was, and the time from the beginning to it in each world.
func (s *whySheet) happened() *table {
	st := s.w.Ticket
	start := s.start()
	head := []string{s.t("col.what"), s.t("col.when"), ">" + s.t("col.recorded")}
	for _, v := range st.Versions[1:] {
		head = append(head, ">"+s.t("why."+v.Without))
	}
	t := columns(head...)
	for _, m := range milestones(st.Versions) {
		when := ""
		if at, ok := st.Versions[0].Milestones[m]; ok {
			when = s.Voice.Moment(start.Add(span(at)))
		}
		row := []string{s.sheet.name("milestone."+st.Kind+".", m), when}
		for i := range st.Versions {
			v := &st.Versions[i]
			at, ok := v.Milestones[m]
			if !ok {
				row = append(row, "")
				continue
			}
			row = append(row, s.brief(at-v.Milestones[v.Order[0]]))
		}
		t.add(row...)
	}
	return t
}

// milestones are those of the first version in its order, and what only others have, each behind what comes before it there.
func milestones(versions []why.Telling) []string {
	list := slices.Clone(versions[0].Order)
	for i := range versions {
		before := -1
		for _, m := range versions[i].Order {
			if at := slices.Index(list, m); at >= 0 {
				before = at
			} else {
				before++
				list = slices.Insert(list, before, m)
			}
		}
	}
	return list
}

// clocks is a line a clause: how long its clock ran in each world. Without All only those that are late as recorded.
func (s *whySheet) clocks() *table {
	head := []string{s.t("col.clause"), s.t("col.promise"), ">" + s.t("col.over"), s.t("col.spent"), ">" + s.t("col.recorded")}
	for _, v := range s.w.Ticket.Versions[1:] {
		head = append(head, ">"+s.t("why."+v.Without))
	}
	t := columns(head...)
	t.keys = 2
	took := func(state string, elapsed *int64) string {
		switch {
		case elapsed == nil:
			return "–"
		case state == "breached":
			return s.brief(*elapsed) + "*"
		}
		return s.brief(*elapsed)
	}
	for i := range s.w.Ticket.Clocks {
		c := &s.w.Ticket.Clocks[i]
		over := ""
		if c.State == "breached" {
			over = s.brief(c.Over)
		} else if !s.All {
			continue
		}
		row := []string{c.Clause, s.cutText(c.Text, 24), over, s.spans(c.Time, 2), took(c.State, &c.Elapsed)}
		for _, f := range c.Without {
			row = append(row, took(f.State, f.Elapsed))
		}
		t.add(row...)
	}
	return t
}

// change words a kind of change.
func (s *whySheet) change(x *why.Step) string {
	of := x.Of.In(s.Voice.Lang)
	if of == "" {
		of = x.Path
	}
	return s.t("fix."+x.Kind, of, x.At.In(s.Voice.Lang), x.Next)
}

// fix is the least that makes the clause hold, and what was tried.
func (s *whySheet) fix() []block {
	f, v := s.w.Fix, s.Voice
	lines := func(code string, args ...any) block {
		return block{title: s.t("fix.title", f.Clause), lines: indent(s.t(code, args...), s.width())}
	}
	share := func(x *why.Standing) float64 { return float64(x.Held) / float64(x.Years) }
	if len(f.Infeasible) > 0 {
		b := lines("fix.infeasible", f.Clause)
		for i := range f.Infeasible {
			x := &f.Infeasible[i]
			if !s.All && i == foldRows {
				b.lines = append(b.lines, s.t("fix.more_sites", len(f.Infeasible)-i))
				break
			}
			if x.Cure != nil {
				b.lines = append(b.lines, indent(s.t("fix.cure", s.place(x.ID, x.Name), v.Msg(*x.Cure)), s.width())...)
			}
		}
		b.lines = append(b.lines, s.t("fix.feasible"))
		return []block{b}
	}
	late := 0
	for i := range f.Offered {
		late = max(late, f.Offered[i].Late)
	}
	if f.After == nil {
		return append([]block{lines("fix.none", len(f.Offered), late, f.Clause)}, s.offers(late)...)
	}
	if f.Holds && len(f.Changes) == 0 {
		return []block{lines("fix.already", f.Clause, f.After.Held, f.After.Years, share(f.After), f.Confidence, f.After.Lower, f.Assurance)}
	}
	var list []block
	if f.Holds {
		list = append(list, lines("fix.holds", f.Clause, f.After.Held, f.After.Years, share(f.After), f.Confidence, f.After.Lower, f.Assurance,
			f.After.LatePerYear, share(&f.Before), f.Before.LatePerYear, v.Money(f.After.CostPerYear, f.Currency), v.Money(f.Before.CostPerYear, f.Currency)))
	} else {
		code := "fix.unproved"
		if f.All {
			code = "fix.unable"
		}
		list = append(list, lines(code, f.Clause, f.After.Held, f.After.Years, share(f.After), f.Confidence, f.After.Lower, f.Assurance,
			f.After.LatePerYear, share(&f.Before), f.Before.LatePerYear))
	}
	t := columns(s.t("col.change"), s.t("col.from_to"), ">"+s.t("col.cost_fix"), ">"+s.t("col.one_less"))
	for i := range f.Changes {
		c := &f.Changes[i]
		less := ""
		if c.Without >= 0 {
			less = v.Percent(c.Without)
		}
		t.add(s.change(&c.Step), c.From+" → "+c.To, v.Amount(c.Cost), less)
	}
	t.dropEmpty()
	list = append(list, block{table: t})
	if f.Holds {
		found := s.t("fix.found", f.Designs, f.Space, f.Simulated)
		if f.Complete {
			found = s.t("fix.complete", f.Space)
		}
		list = append(list, block{lines: append(indent(s.t("fix.needed"), s.width()), indent(found, s.width())...)})
	}
	return append(list, s.offers(late)...)
}

// offers are the changes tried alone that save something, what saves most first.
func (s *whySheet) offers(late int) []block {
	t := columns(s.t("col.change"), s.t("col.now"), ">"+s.t("col.step_cost"), ">"+s.t("col.saved_events"), ">"+s.t("col.fresh_events"))
	var list []*why.Step
	for i := range s.w.Fix.Offered {
		if x := &s.w.Fix.Offered[i]; x.Saved > 0 {
			list = append(list, x)
		}
	}
	if len(list) == 0 {
		return nil
	}
	slices.SortFunc(list, func(a, b *why.Step) int { return a.Order - b.Order })
	more := 0
	if !s.All && len(list) > foldOffers {
		more = len(list) - foldOffers
		list = list[:foldOffers]
	}
	for _, x := range list {
		t.add(s.change(x), x.From, s.Voice.Amount(x.Cost), s.share(x.Saved, x.Late), s.share(x.Fresh, x.Late))
	}
	blocks := []block{{title: s.t("fix.offers", late), table: t}}
	var lines []string
	if more > 0 {
		lines = append(lines, s.t("why.more", more))
	}
	return append(blocks, block{lines: append(lines, s.t("fix.too_many", used(s.w.Fix.Offered), len(s.w.Fix.Offered)))})
}

func used(list []why.Step) (n int) {
	for i := range list {
		if list[i].Used {
			n++
		}
	}
	return n
}

// csv prints a line for each state ("time") and each obstacle ("without") of each clause; with one clause a line for each
// late event ("event") and each of its obstacles ("without", named in row); for a ticket a line for each milestone and clock
// of each world; for a fix a line for each change of it ("change", with p_hold where it has a step less) and each that was tried
// alone ("offer"). Shares are in [0, 1], spans and moments in seconds, moments since the start.
func (s *whySheet) csv(w io.Writer) error {
	out, put, err := newCSV(w)
	if err != nil {
		return err
	}
	head := []string{"scenario", "scenario_hash", "version", "seed", "replications", "contract", "clause", "by", "row", "event", "site",
		"without", "late", "share", "named", "long_enough", "saved", "newly_late", "state", "started_seconds", "at_seconds", "elapsed_seconds", "over_seconds"}
	if s.w.Fix != nil {
		head = append(head, "from", "to", "cost_per_year", "p_hold", "late_per_year")
	}
	put(head...)
	run := &s.w.Run
	line := func(values map[string]string) {
		cells := []string{run.Scenario, run.ScenarioHash, run.Version, strconv.FormatUint(run.Seed, 10), strconv.Itoa(run.Replications)}
		for _, h := range head[len(cells):] {
			cells = append(cells, values[h])
		}
		put(cells...)
	}
	whole := func(n int64) string { return strconv.FormatInt(n, 10) }
	for i := range s.w.Clauses {
		c := &s.w.Clauses[i]
		line(map[string]string{"contract": c.Contract, "clause": c.ID, "late": strconv.Itoa(c.Late)})
		for _, k := range largest(c.Time) {
			x := c.Time[k]
			line(map[string]string{"contract": c.Contract, "clause": c.ID, "by": "time", "row": k, "share": number(&x)})
		}
		for _, e := range c.Without {
			line(map[string]string{"contract": c.Contract, "clause": c.ID, "by": "without", "row": e.Obstacle, "without": e.Obstacle,
				"named": strconv.Itoa(e.Named), "long_enough": strconv.Itoa(e.Enough), "saved": strconv.Itoa(e.Saved), "newly_late": strconv.Itoa(e.Fresh)})
		}
	}
	fates := func(contract, clause, event string, list []why.Fate) {
		for _, f := range list {
			v := map[string]string{"contract": contract, "clause": clause, "by": "without", "row": f.Obstacle, "event": event, "without": f.Obstacle, "state": f.State}
			if f.Elapsed != nil {
				v["elapsed_seconds"] = whole(*f.Elapsed)
			}
			line(v)
		}
	}
	for i := range s.w.Events {
		e := &s.w.Events[i]
		line(map[string]string{"contract": e.Contract, "clause": e.Clause, "by": "event", "row": e.ID, "event": e.ID, "site": e.Site, "state": "breached",
			"named": e.Named, "saved": strings.Join(e.Saved, " "), "started_seconds": whole(e.Start), "elapsed_seconds": whole(e.Elapsed), "over_seconds": whole(e.Over)})
		fates(e.Contract, e.Clause, e.ID, e.Without)
	}
	if st := s.w.Ticket; st != nil {
		for _, v := range st.Versions {
			for _, m := range v.Order {
				line(map[string]string{"by": "milestone", "row": m, "event": st.ID, "site": st.Site, "without": v.Without, "at_seconds": whole(v.Milestones[m])})
			}
		}
		for i := range st.Clocks {
			c := &st.Clocks[i]
			line(map[string]string{"contract": c.Contract, "clause": c.Clause, "by": "clock", "row": c.Clause, "event": st.ID, "site": st.Site, "state": c.State,
				"named": c.Named, "elapsed_seconds": whole(c.Elapsed), "over_seconds": whole(c.Over)})
			fates(c.Contract, c.Clause, st.ID, c.Without)
		}
	}
	if f := s.w.Fix; f != nil {
		stands := func(by string, x *why.Standing) {
			held := float64(x.Held) / float64(x.Years)
			line(map[string]string{"clause": f.Clause, "by": by, "cost_per_year": number(&x.CostPerYear), "p_hold": number(&held), "late_per_year": number(&x.LatePerYear)})
		}
		if f.After != nil {
			stands("before", &f.Before)
			stands("after", f.After)
		}
		for i := range f.Changes {
			c := &f.Changes[i]
			v := map[string]string{"clause": f.Clause, "by": "change", "row": c.Path, "from": c.From, "to": c.To, "cost_per_year": number(&c.Cost)}
			if c.Without >= 0 {
				v["p_hold"] = number(&c.Without)
			}
			line(v)
		}
		for i := range f.Offered {
			o := &f.Offered[i]
			line(map[string]string{"clause": f.Clause, "by": "offer", "row": o.Path, "late": strconv.Itoa(o.Late), "saved": strconv.Itoa(o.Saved),
				"newly_late": strconv.Itoa(o.Fresh), "from": o.From, "to": o.Next, "cost_per_year": number(&o.Cost)})
		}
	}
	out.Flush()
	return out.Error()
}
