package scenarios

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"slasim/model"
	"slasim/model/clock"
	"slasim/model/contract"
	"slasim/model/world"
)

// clauses compiles the clauses of all contracts.
func (c *compiler) clauses() {
	for i, id := range c.contracts {
		in, path := c.file.Contracts[id], []string{"contracts", id}
		c.readings(id, path)
		for _, key := range sortedKeys(in.SoftLimits) {
			if cl, ok := in.Clauses[key]; (!ok || cl.Kind != "soft") && c.sound(pathTo(path, "clauses", key), "kind") {
				c.errKey(pathTo(path, "soft_limits", key), CodeUnknownClause, key, id, nearest(key, sortedKeys(in.Clauses)))
			}
		}
		if i >= len(c.world.Contracts) {
			return
		}
		for _, clause := range sortedKeys(in.Clauses) {
			c.clause(int32(i), id, clause, pathTo(path, "clauses", clause))
		}
	}
}

var clauseKinds = map[string]contract.Kind{
	"soft": contract.Soft, "parameter": contract.NeedsParameter, "evidence": contract.Evidence,
}

// clause compiles a clause under the readings in force. The other readings are compiled too, for what is
// wrong in them.
func (c *compiler) clause(index int32, contractID, id string, path []string) {
	written := c.file.Contracts[contractID].Clauses[id]
	before := len(c.diags)
	c.compiled(index, contractID, id, written, path)
	for _, name := range sortedKeys(written.Readings) {
		for _, value := range sortedKeys(written.Readings[name]) {
			other, known := written, len(c.diags)
			if change := written.Readings[name][value]; !change.Drop && c.whole(pathTo(path, "readings", name, value)...) {
				change.apply(&other)
				c.compiled(index, contractID, id, other, path)
			}
			c.keepNew(before, known, c.at(pathTo(path, "readings", name, value)...))
		}
	}
	in, applied, applies := c.read(contractID, written)
	if !applies || !c.whole(pathTo(path, "readings")...) {
		return
	}
	known := len(c.diags)
	out := c.compiled(index, contractID, id, in, path)
	c.keepNew(before, known, c.at(path...))
	if len(applied) > 0 {
		out.Decision = strings.TrimPrefix(out.Decision+"; "+strings.Join(applied, ", "), "; ")
	}
	c.world.Clauses = append(c.world.Clauses, out)
}

// keepNew drops the diagnostics from known on that say what one from before on says already; the others are
// placed at pos, the reading that brought them.
func (c *compiler) keepNew(before, known int, pos model.Pos) {
	added := slices.Clone(c.diags[known:])
	c.diags = c.diags[:known]
	for _, d := range added {
		if !slices.ContainsFunc(c.diags[before:], func(o model.Diagnostic) bool { return reflect.DeepEqual(o.Msg, d.Msg) }) {
			d.Pos = pos
			c.diags = append(c.diags, d)
		}
	}
}

// compiled is a clause after readings.
func (c *compiler) compiled(index int32, contractID, id string, in Clause, path []string) contract.Clause {
	owner := &c.world.Contracts[index]
	out := contract.Clause{
		ID: id, Contract: index, Text: model.Text(in.Text), Section: in.Section, Anchor: in.Anchor,
		Aliases: slices.Clone(in.Aliases), Decision: in.Decision, Kind: clauseKinds[in.Kind],
		Target: prob(in.Target, 0), Aim: prob(in.Aim, 0), AimLate: number(in.AimLate, -1),
		MinEvents: int32(in.MinEvents), Penalty: in.Penalty.Amount, ByAssumption: model.Text(in.ByAssumption),
	}
	if in.Of != "" {
		out.Of, _ = model.ParseSubject(in.Of)
	}
	if in.Period == "month" {
		out.Period = contract.PerMonth
	}
	if p := c.file.Contracts[contractID].Penalty; p != nil && !in.Penalty.Set && out.Target > 0 {
		out.Penalty = p.PerLate.Amount
	}
	if soft, ok := c.file.Contracts[contractID].SoftLimits[id]; ok && out.Kind == contract.Soft {
		out.Kind, in.Limit = contract.Numeric, soft
	}
	if out.Kind == contract.NeedsParameter {
		out.Parameter = dotted(pathTo(path, "limit"))
		if in.Limit.Set || in.Limits != nil {
			out.Kind, out.Parameter = contract.Numeric, ""
		}
	}
	out.Scope = c.scope(&in, out.Of, owner, path)
	if out.Of == model.SubjectPeriod && out.Kind != contract.Evidence && c.sound(path, "kind", "scope") {
		_, check := c.file.Planned.Checks[in.Scope.Plan]
		if p, ok := c.file.Planned.Papers[in.Scope.Plan]; !check && (!ok && in.Scope.Plan == "" || ok && p.PerYear.N == 0) {
			c.err(path, CodePeriodClause, id)
			return out
		}
	}
	if out.Kind == contract.Evidence {
		return out
	}
	out.Clock.Start = c.event(in.Start, out.Of, path, "start")
	out.Clock.Stop = c.event(in.Stop, out.Of, path, "stop")
	out.Clock.Moot = c.event(in.Moot, out.Of, path, "moot")
	for _, e := range []struct {
		spec EventSpec
		key  string
	}{{in.Start, "start"}, {in.Stop, "stop"}} {
		if !e.spec.Set && out.Kind != contract.NeedsParameter && c.sound(path, e.key, "kind") {
			c.err(path, CodeNoClock, id, e.key)
		}
	}
	for i, p := range in.Pauses {
		kind, ok := model.ParseIntervalKind(p)
		if !ok || kind >= model.FirstState {
			legal := model.IntervalKinds()[:model.FirstState]
			c.err(pathTo(path, "pauses", itoa(i)), CodeUnknownPause, p, nearest(p, legal), list(legal))
			continue
		}
		out.Clock.Pauses = out.Clock.Pauses.With(kind)
	}
	out.Clock.Calendar = c.world.Calendars[c.cal(pathTo(path, "calendar"), in.Calendar)]
	out.Clock.Shift = in.Shift
	c.limits(&out, &in, owner, contractID, path)
	return out
}

func (c *compiler) event(spec EventSpec, of model.Subject, path []string, key string) clock.Event {
	e := clock.Event{Last: spec.Last}
	for i, name := range spec.Of {
		here := pathTo(path, key)
		if len(spec.Of) > 1 || spec.Last {
			here = pathTo(here, map[bool]string{true: "last_of", false: "first_of"}[spec.Last], itoa(i))
		}
		m, ok := of.ParseMilestone(name)
		if !ok {
			if !c.sound(path, "of") || !c.whole(here...) {
				continue
			}
			pos := c.at(here...)
			if spec.Pos.Line > 0 && len(spec.Of) == 1 {
				pos = spec.Pos // also right where a reading brought the event
			}
			legal := of.Milestones()
			c.report(model.Error, pos, CodeUnknownMilestone, name, of.String(), nearest(name, legal), strings.Join(legal, ", "))
			continue
		}
		e.Of = append(e.Of, m)
	}
	return e
}

// inPhases limits a scope to the span of some phases that follow one another.
func (c *compiler) inPhases(out *contract.Scope, names []string, owner *world.Contract, path []string) {
	var list []model.Interval
	spans, whole := c.phaseSpans[owner.ID], c.whole("contracts", owner.ID, "phases")
	for i, name := range names {
		if span, ok := spans[name]; ok {
			list = append(list, span)
		} else if whole {
			legal := sortedKeys(spans)
			c.err(pathTo(path, itoa(i)), CodeUnknownPhase, name, owner.ID, nearest(name, legal), strings.Join(legal, ", "))
		}
	}
	slices.SortFunc(list, func(a, b model.Interval) int { return cmp.Compare(a.Start, b.Start) })
	for i, span := range slices.Compact(list) {
		switch {
		case i == 0:
			out.From = span.Start
		case span.Start != out.Until:
			if whole {
				c.err(path, CodePhasesApart, dotted(path))
			}
			return
		}
		out.Until = span.End
	}
	if out.Until == model.Far {
		out.Until = 0
	}
}

var severityOf = map[string]contract.SeverityOf{"current": contract.Current, "final": contract.Final}

func (c *compiler) scope(in *Clause, of model.Subject, owner *world.Contract, path []string) contract.Scope {
	s, here, ofRead := &in.Scope, pathTo(path, "scope"), c.sound(path, "of")
	levels := []string{"contracts", owner.ID, "severities"}
	distances := []string{"contracts", owner.ID, "bands", "levels"}
	out := contract.Scope{
		By: severityOf[s.By], NeedsPart: s.NeedsPart, Visits: s.Visits, RemoteOnly: s.RemoteOnly, KeyPeriod: s.KeyPeriods, Findings: s.Findings, Ordinary: s.ordinary, Ours: s.ours,
	}
	ticketOnly := map[string]bool{
		"severities": len(s.Severities) > 0, "bands": len(s.Bands) > 0, "hardware": s.Hardware != nil,
		"needs_part": s.NeedsPart, "visits": s.Visits, "remote_only": s.RemoteOnly, "findings": s.Findings, "intake": s.Intake != "",
	}
	for _, key := range sortedKeys(ticketOnly) {
		if ticketOnly[key] && of != model.SubjectTicket && ofRead {
			c.err(pathTo(here, key), CodeScopeSubject, dotted(path), key, of.String())
		}
	}
	if s.Visits && s.RemoteOnly {
		c.err(here, CodeContradict, dotted(here), "visits", "remote_only")
	}
	if s.LookUp && of != model.SubjectCall && ofRead {
		c.err(pathTo(here, "look_up"), CodeScopeSubject, dotted(path), "look_up", of.String())
	}
	names := severityNames(owner)
	for i, name := range s.Severities {
		if at := slices.Index(names, name); at >= 0 {
			out.Severities |= 1 << at
		} else if c.sound(levels, name) {
			c.err(pathTo(here, "severities", itoa(i)), CodeUnknownSeverity, name, owner.ID, nearest(name, names), list(names))
		}
	}
	bands := bandNames(owner)
	for i, name := range s.Bands {
		if at := slices.Index(bands, name); at >= 0 {
			out.Bands |= 1 << at
		} else if c.sound(distances, name) {
			c.err(pathTo(here, "bands", itoa(i)), CodeUnknownBand, name, owner.ID, nearest(name, bands), list(bands))
		}
	}
	if s.Hardware != nil {
		out.Hardware = map[bool]int8{true: 1, false: -1}[*s.Hardware]
	}
	out.Source = map[string]int8{"phone": 1, "monitoring": 2}[s.Intake]
	if s.LookUp {
		out.Source = 3
	}
	c.inPhases(&out, s.Phases, owner, pathTo(here, "phases"))
	if s.Plan != "" {
		here = pathTo(here, "plan")
		switch {
		case !ofRead:
		case of == model.SubjectJob && c.sound([]string{"planned", "jobs"}, s.Plan):
			out.Job = c.ref(here, s.Plan, c.jobs, CodeUnknownPlan) + 1
		case of == model.SubjectDeliverable && c.sound([]string{"planned", "papers"}, s.Plan):
			out.Job = c.ref(here, s.Plan, c.papers, CodeUnknownPlan) + 1
		case of == model.SubjectPeriod && c.sound([]string{"planned", "papers"}, s.Plan) && c.sound([]string{"planned", "checks"}, s.Plan):
			out.Job = c.ref(here, s.Plan, slices.Concat(c.papers, c.checks), CodeUnknownPlan) + 1
		case of != model.SubjectJob && of != model.SubjectDeliverable && of != model.SubjectPeriod:
			c.err(here, CodeScopeSubject, dotted(path), "plan", of.String())
		}
	}
	return out
}

// limits compiles the table of limits: severity rank × band.
func (c *compiler) limits(out *contract.Clause, in *Clause, owner *world.Contract, contractID string, path []string) {
	if in.Limit.Set && in.Limits != nil {
		c.err(path, CodeContradict, dotted(path), "limit", "limits")
		return
	}
	if !in.Limit.Set && in.Limits == nil {
		if out.Kind == contract.Numeric && c.sound(path, "limit", "limits", "kind") {
			c.err(path, CodeNoLimit, out.ID)
		}
		return
	}
	out.NSev, out.NBand = 1, 1
	if in.Limit.Set {
		out.Limits = []clock.Limit{c.limit(in.Limit, in, contractID, pathTo(path, "limit"))}
		return
	}
	path = pathTo(path, "limits")
	names, bands := severityNames(owner), bandNames(owner)
	levels := []string{"contracts", owner.ID, "severities"}
	distances := []string{"contracts", owner.ID, "bands", "levels"}
	for _, key := range sortedKeys(in.Limits) {
		row := in.Limits[key]
		if key != "*" && !slices.Contains(names, key) && c.sound(levels, key) {
			c.errKey(pathTo(path, key), CodeUnknownSeverity, key, owner.ID, nearest(key, names), list(names))
		}
		if key != "*" {
			out.NSev = int32(len(names))
		}
		if row.Band == nil {
			continue
		}
		out.NBand = int32(max(len(bands), 1))
		for _, b := range sortedKeys(row.Band) {
			if b != "*" && !slices.Contains(bands, b) && c.sound(distances, b) {
				c.errKey(pathTo(path, key, b), CodeUnknownBand, b, owner.ID, nearest(b, bands), list(bands))
			}
		}
	}
	out.Limits = make([]clock.Limit, int(out.NSev)*int(out.NBand))
	for r := range int(out.NSev) {
		key := "*"
		row, ok := in.Limits["*"]
		if len(names) == 0 { // they could not be read
			continue
		}
		if out.NSev > 1 || len(names) == 1 {
			if own, has := in.Limits[names[r]]; has {
				row, ok, key = own, true, names[r]
			}
		}
		inScope := out.Scope.Severities == 0 || out.Scope.Severities&(1<<r) != 0
		if !ok {
			if inScope && c.sound(path, names[r]) && c.whole(pathTo(path[:len(path)-1], "scope")...) {
				c.err(path, CodeLimitsMissLevel, out.ID, names[r])
			}
			continue
		}
		for b := range int(out.NBand) {
			cell, here := row.One, pathTo(path, key)
			if row.Band != nil {
				var found bool
				if b < len(bands) {
					if cell, found = row.Band[bands[b]]; found {
						here = pathTo(here, bands[b])
					}
				}
				if !found {
					cell, found = row.Band["*"]
				}
				if !found {
					if inScope && b < len(bands) && c.sound(here, bands[b]) && c.whole(pathTo(path[:len(path)-1], "scope")...) && (out.Scope.Bands == 0 || out.Scope.Bands&(1<<b) != 0) {
						c.err(here, CodeLimitsMissBand, out.ID, key, bands[b])
					}
					continue
				}
			}
			out.Limits[r*int(out.NBand)+b] = c.limit(cell, in, contractID, here)
		}
	}
}

// limit compiles one cell.
func (c *compiler) limit(d Duration, in *Clause, contractID string, path []string) clock.Limit {
	l := clock.Limit{Mode: clock.Wall, Span: d.Span}
	wholeDays := d.Unit == Clock && d.Span%model.Day == 0
	bad := false
	switch d.Unit {
	case Without:
		return clock.Limit{}
	case Workdays:
		l = clock.Limit{Mode: clock.Workdays, N: d.N}
		if in.Runs == "same_time" {
			l.Mode = clock.WorkdayHours
		}
		bad = in.Runs == "civil" || in.Runs == "wall" || in.Runs == "business"
	case CalendarDays:
		l = clock.Limit{Mode: clock.Civil, N: d.N}
		bad = in.Runs == "same_time" || in.Runs == "wall" || in.Runs == "business"
	case Clock:
		switch in.Runs {
		case "":
			if d.Days {
				daysRead(c.switchValue(contractID, "day"), d, &l)
			}
		case "business":
			l.Mode = clock.Business
		case "civil":
			l, bad = clock.Limit{Mode: clock.Civil, N: int32(d.Span / model.Day)}, !wholeDays
		case "same_time":
			l, bad = clock.Limit{Mode: clock.WorkdayHours, N: int32(d.Span / model.Day)}, !wholeDays
		}
	}
	if bad {
		n, _ := c.root.Find(path...)
		c.err(path, CodeRunsUnit, dotted(path), n.Value, in.Runs)
	}
	if in.Calendar == "" && c.sound(path[:4], "calendar") && (l.Mode == clock.Workdays || l.Mode == clock.WorkdayHours || l.Mode == clock.Business) {
		c.err(path, CodeWorkdaysCalendar, dotted(path))
	}
	l.Strict, l.Before = in.Bound == "lt", in.Before
	return l
}
