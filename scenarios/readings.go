package scenarios

import (
	"maps"
	"slices"

	"slasim/model"
	"slasim/model/clock"
)

// reading is a switch: an ambiguity of a plan's text that can be read in several ways. The profile strict or
// lenient flips every switch that has an order; the others keep their default. What a value changes is said
// either here, for the switches marked as built in, or by a clause under readings: {switch: {value: changes}}.
type reading struct {
	id      string // of the decision
	name    string
	values  []string // the default first
	strict  string   // "" = the default
	lenient string
	builtIn bool
}

// The switches of the decisions A-01 … A-63. Built in are:
//
//	target        a promise without a share is kept by all, by 99 % or by 95 % of its events
//	risk_hazard   whether a level that is a risk may come true (process.risk)
//	third_party   whether faults caused by the customer or others are judged
//	force_majeure whether tickets of bursts tagged force_majeure are judged
//	severity      the severity that scopes and tabulates clauses without scope.by
//	short_outage  whether an outage too short for any level counts as the lowest outage level
//	bands_from    bands from the contract's own list of service points, or its strict list
//	pause_on      all pauses of a clause as written, the customer's approval of remote work only, or none
//	day           limits in days or weeks: 24 h each, civil days, or working days
//	on_upgrade    from when the time of a level counts after a rise (process.rise_after): that rise, or the report
//	restore_stop  a clock that stops at confirmed stops there, or at the technical restoration
var switches = []reading{
	{"A-01", "target", []string{"written", "p99", "p95"}, "", "", true},
	{"A-02", "severity", []string{"declared", "evolving", "final"}, "final", "", true},
	{"A-03", "short_outage", []string{"as_serious", "as_general"}, "", "as_general", true},
	{"A-05", "onsite_scope", []string{"all", "suspected_hw", "non_hw"}, "", "suspected_hw", false},
	{"A-06", "parts_clock", []string{"from_confirm", "from_report"}, "from_report", "", false},
	{"A-07", "bands_from", []string{"list", "all_bases"}, "all_bases", "", true},
	{"A-08", "workaround_start", []string{"reported", "arrived", "onsite_requested"}, "", "arrived", false},
	{"A-09", "general_onsite_limit", []string{"none", "next_wd"}, "next_wd", "", false},
	{"A-10", "on_conflict", []string{"specific", "strictest", "loosest"}, "strictest", "loosest", false},
	{"A-12", "pause_on", []string{"all_customer", "remote_only", "none"}, "remote_only", "", true},
	{"A-13", "onsite_start", []string{"first_of", "customer_request", "agreed"}, "", "agreed", false},
	{"A-17", "half_month", []string{"hours", "civil"}, "", "civil", false},
	{"A-18", "soft_limits", []string{"off", "on"}, "", "", false},
	{"A-19", "call_bound", []string{"le", "lt"}, "lt", "", false},
	{"A-19", "call_period", []string{"month", "year"}, "", "year", false},
	{"A-20", "question_start", []string{"reported", "ended"}, "", "ended", false},
	{"A-21", "stale_after", []string{"off", "on"}, "", "", false},
	{"A-24", "loaner_limit_from", []string{"reported", "trigger"}, "", "trigger", false},
	{"A-26", "resolve_start", []string{"arrived", "reported"}, "reported", "", false},
	{"A-32", "day", []string{"24h", "civil", "workday"}, "", "civil", true},
	{"A-34", "plan_from", []string{"reported", "trigger"}, "", "trigger", false},
	{"A-37", "after_shift", []string{"wall", "business"}, "", "business", false},
	{"A-38", "range", []string{"upper", "lower"}, "lower", "", false},
	{"A-36", "unrepairable", []string{"limit", "none"}, "", "none", false},
	{"A-39", "risk_hazard", []string{"off", "on"}, "on", "", true},
	{"A-40", "on_upgrade", []string{"restart", "inherit", "label_only"}, "inherit", "label_only", true},
	{"A-43", "coverage", []string{"types", "fill_rate"}, "fill_rate", "", false},
	{"A-46", "restore_stop", []string{"confirmed", "technical"}, "", "technical", true},
	{"A-47", "makeup_days", []string{"workday", "weekend"}, "", "", false},
	{"A-52", "force_majeure", []string{"include", "exclude"}, "", "exclude", true},
	{"A-53", "third_party", []string{"include", "exclude"}, "", "exclude", true},
	{"A-55", "inspected", []string{"all", "central_room"}, "", "central_room", false},
	{"A-56", "complaint_hours", []string{"24x7", "bh"}, "", "bh", false},
}

// Switch is a switch of the readings as a contract has it.
type Switch struct {
	Decision string // id of the decision, "" for a switch of the contract's own
	Name     string
	Value    string   // in force
	Values   []string // that can be chosen, the default first
	Clauses  []string // whose readings name it; empty for one that is built in
}

// Switches are those a contract can turn: the built-in ones, and those its clauses name.
func (s *Scenario) Switches(contract string) []Switch {
	c := compiler{file: &s.File}
	in := s.File.Contracts[contract]
	users := map[string][]string{}
	for _, id := range sortedKeys(in.Clauses) {
		for name := range in.Clauses[id].Readings {
			users[name] = append(users[name], id)
		}
	}
	var out []Switch
	for _, known := range switches {
		if known.builtIn || users[known.name] != nil {
			out = append(out, Switch{Decision: known.id, Name: known.name})
		}
	}
	for _, name := range sortedKeys(users) {
		if _, ok := switchNamed(name); !ok {
			out = append(out, Switch{Name: name})
		}
	}
	for i := range out {
		x := &out[i]
		r, _ := c.switchOf(contract, x.Name)
		x.Value, x.Values, x.Clauses = c.switchValue(contract, x.Name), slices.Clone(r.values), users[x.Name]
	}
	return out
}

func switchNamed(name string) (reading, bool) {
	for _, s := range switches {
		if s.name == name {
			return s, true
		}
	}
	return reading{}, false
}

// switchOf is a switch as a contract knows it: of the table, or one that a clause brings along, whose values
// are default, strict and lenient and what the clause names.
func (c *compiler) switchOf(contract, name string) (reading, bool) {
	s, ok := switchNamed(name)
	if !ok {
		s = reading{name: name, values: []string{"default"}}
	}
	for _, id := range sortedKeys(c.file.Contracts[contract].Clauses) {
		values, has := c.file.Contracts[contract].Clauses[id].Readings[name]
		if !has {
			continue
		}
		ok = true
		for _, v := range sortedKeys(values) {
			if !slices.Contains(s.values, v) {
				s.values = append(s.values, v)
			}
			if s.id == "" && v == "strict" {
				s.strict = v
			}
			if s.id == "" && v == "lenient" {
				s.lenient = v
			}
		}
	}
	return s, ok
}

// switchValue is the value of a switch in force for a contract: that of the profile if there is one, else
// what the contract says, else the default.
func (c *compiler) switchValue(contract, name string) string {
	s, _ := c.switchOf(contract, name)
	switch own := c.file.Contracts[contract].Readings[name]; {
	case c.file.Run.Reading == "strict" && (s.strict != "" || s.lenient != ""):
		return orDefault(s.strict, s.values[0])
	case c.file.Run.Reading == "lenient" && (s.strict != "" || s.lenient != ""):
		return orDefault(s.lenient, s.values[0])
	case own != "":
		return own
	default:
		return s.values[0]
	}
}

// readings checks the switches a contract sets.
func (c *compiler) readings(contract string, path []string) {
	var legal []string
	for _, s := range switches {
		legal = append(legal, s.name)
	}
	in := c.file.Contracts[contract]
	own, read := map[string]bool{}, c.sound(pathTo(path, "clauses"), "")
	for _, clause := range sortedKeys(in.Clauses) {
		read = read && c.whole(pathTo(path, "clauses", clause, "readings")...)
		for _, name := range slices.Sorted(maps.Keys(in.Clauses[clause].Readings)) {
			if own[name] = true; !slices.Contains(legal, name) {
				legal = append(legal, name)
			}
		}
	}
	for _, name := range sortedKeys(in.Readings) {
		here := pathTo(path, "readings", name)
		s, ok := c.switchOf(contract, name)
		switch value := in.Readings[name]; {
		case !ok && !read, ok && !slices.Contains(s.values, value) && !read:
		case !ok:
			c.errKey(here, CodeUnknownSwitch, name, nearest(name, legal), list(legal))
		case !slices.Contains(s.values, value):
			c.err(here, CodeUnknownReading, name, value, nearest(value, s.values), list(s.values))
		case !s.builtIn && !own[name] && read:
			c.warn(here, CodeReadingNoEffect, contract, name)
		}
	}
}

// read applies the switches to a clause and says which were applied; false if the clause does not apply.
func (c *compiler) read(contract string, in Clause) (Clause, []string, bool) {
	var applied []string
	in.Pauses = slices.Clone(in.Pauses)
	for _, name := range sortedKeys(in.Readings) {
		value := c.switchValue(contract, name)
		s, _ := switchNamed(name)
		note := name + ": " + value
		if s.id != "" {
			note = s.id + " " + note
		}
		applied = append(applied, note)
		change, ok := in.Readings[name][value]
		if !ok {
			continue
		}
		if change.Drop {
			return in, applied, false
		}
		change.apply(&in)
	}
	note := func(name string) {
		s, _ := switchNamed(name)
		applied = append(applied, s.id+" "+name+": "+c.switchValue(contract, name))
	}
	if in.Scope.By == "" {
		in.Scope.By = map[string]string{"evolving": "current", "final": "final"}[c.switchValue(contract, "severity")]
	}
	switch c.switchValue(contract, "pause_on") {
	case "none":
		in.Pauses = nil
	case "remote_only":
		in.Pauses = slices.DeleteFunc(in.Pauses, func(p string) bool { return p != model.CustomerApprovalRemote.String() })
	}
	if len(in.Pauses) > 0 {
		note("pause_on")
	}
	if in.Target != nil && *in.Target == 1 {
		if share := map[string]Prob{"p99": 0.99, "p95": 0.95}[c.switchValue(contract, "target")]; share > 0 {
			note("target")
			in.Target = &share
		}
	}
	if in.Of == "" || in.Of == model.SubjectTicket.String() || in.Of == model.SubjectRise.String() {
		if c.switchValue(contract, "force_majeure") == "exclude" {
			note("force_majeure")
			in.Scope.ordinary = true
		}
		if c.switchValue(contract, "third_party") == "exclude" {
			note("third_party")
			in.Scope.ours = true
		}
	}
	if i := slices.Index(in.Stop.Of, "confirmed"); i >= 0 {
		note("restore_stop")
		if c.switchValue(contract, "restore_stop") == "technical" {
			in.Stop.Of = slices.Clone(in.Stop.Of)
			in.Stop.Of[i] = "restored"
			slices.Sort(in.Stop.Of)
			in.Stop.Of = slices.Compact(in.Stop.Of)
		}
	}
	return in, applied, true
}

// apply lays the changes of a reading over a clause.
func (r *ClauseReading) apply(in *Clause) {
	if r.Start != nil {
		in.Start = *r.Start
	}
	if r.Stop != nil {
		in.Stop = *r.Stop
	}
	if r.Pauses != nil {
		in.Pauses = slices.Clone(*r.Pauses)
	}
	in.Calendar = orDefault(r.Calendar, in.Calendar)
	in.Runs = orDefault(r.Runs, in.Runs)
	in.Bound = orDefault(r.Bound, in.Bound)
	in.Period = orDefault(r.Period, in.Period)
	if r.Limit.Set {
		in.Limit, in.Limits = r.Limit, nil
	}
	if r.Limits != nil {
		in.Limit, in.Limits = Duration{}, r.Limits
	}
	if r.Scope != nil {
		in.Scope = r.Scope.over(in.Scope)
	}
	in.Scope.By = orDefault(r.By, in.Scope.By)
	if r.Target != nil {
		in.Target = r.Target
	}
}

// over lays what is set in s over base.
func (s Scope) over(base Scope) Scope {
	if s.Severities != nil {
		base.Severities = s.Severities
	}
	if s.Bands != nil {
		base.Bands = s.Bands
	}
	if s.Hardware != nil {
		base.Hardware = s.Hardware
	}
	base.By, base.Intake, base.Plan = orDefault(s.By, base.By), orDefault(s.Intake, base.Intake), orDefault(s.Plan, base.Plan)
	base.NeedsPart, base.Visits = base.NeedsPart || s.NeedsPart, base.Visits || s.Visits
	base.RemoteOnly, base.KeyPeriods = base.RemoteOnly || s.RemoteOnly, base.KeyPeriods || s.KeyPeriods
	if s.Phases != nil {
		base.Phases = s.Phases
	}
	base.LookUp, base.Findings = base.LookUp || s.LookUp, base.Findings || s.Findings
	return base
}

// daysRead is a limit in days under the switch day.
func daysRead(value string, d Duration, l *clock.Limit) {
	n := int32(d.Span / model.Day)
	switch value {
	case "civil":
		*l = clock.Limit{Mode: clock.Civil, N: n}
	case "workday":
		*l = clock.Limit{Mode: clock.Workdays, N: n}
	}
}
