package bid

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"slasim/model"
	"slasim/model/calendar"
	"slasim/model/world"
	"slasim/scenarios"
	"slasim/scenarios/catalogue"
)

// rules look at one contract each. They know no plan: what they find comes from the rows and the scenario.
var rules = []func(*subject){
	bidders, documents, restarts, statements, clocksDiffer, partBeforeEngineer, restoreBeforeArrival, levelsUnknown,
	reports, repeated,
	noNumbers, softWords, noLimit, elsewhere, lost, noTarget, noRestoreLimit, levelsWithout, startUnstated, shortOutage,
	penaltyUnstated,
	speeds, onePerson, infeasible,
	confirmedStart, ranges, severityLater, replacedWords, misprints, terms, slogans,
	customerWaits, ownApprovals,
	readings,
}

// bidders: a plan has one author.
func bidders(x *subject) {
	if x.plan == nil || len(x.plan.Bidders) < 2 {
		return
	}
	var names []string
	for _, b := range x.plan.Bidders {
		names = append(names, b.Name)
	}
	x.add("contradiction", "bidders", nil, names)
	f := &x.found[len(x.found)-1]
	for _, b := range x.plan.Bidders {
		f.Places = append(f.Places, Place{Line: b.Line})
	}
}

// documents: a plan is one text about one service.
func documents(x *subject) {
	var letters []string
	var outside []*catalogue.Row
	for i := range x.rows {
		r := &x.rows[i]
		if d := r.Document(); d != "" && !slices.Contains(letters, d) {
			letters = append(letters, d)
		}
		if r.Form() == catalogue.Outside {
			outside = append(outside, r)
		}
	}
	if len(letters) > 1 {
		x.add("contradiction", "documents", outside, len(letters), len(outside))
	}
}

// restarts: a later line does not stand in an earlier chapter.
func restarts(x *subject) {
	for _, rows := range x.documents() {
		inOrder := slices.Clone(rows)
		sort.SliceStable(inOrder, func(i, j int) bool { return inOrder[i].Line < inOrder[j].Line })
		var found []*catalogue.Row
		var labels []string
		last, label := 0, ""
		for _, r := range inOrder {
			n := chapter(r)
			if n == 0 {
				continue
			}
			if n < last {
				found = append(found, r)
				labels = append(labels, label+" → "+r.Section)
			}
			last, label = n, r.Section
		}
		if len(found) > 0 {
			x.add("contradiction", "restarts", found, labels)
		}
	}
}

// chapter is the first number of a section's label, 0 if it has none.
func chapter(r *catalogue.Row) int {
	label := strings.TrimPrefix(r.Section, r.Document()+" ")
	digits := label[:len(label)-len(strings.TrimLeft(label, "0123456789"))]
	n, _ := strconv.Atoi(digits)
	return n
}

// statements: what a plan states twice it states alike.
func statements(x *subject) {
	for _, key := range catalogue.Statements {
		for _, rows := range x.documents() {
			var values []string
			by := map[string][]string{}
			var found []*catalogue.Row
			for _, r := range rows {
				for _, v := range r.Values(key) {
					if !slices.Contains(values, v) {
						values = append(values, v)
					}
					by[v] = append(by[v], r.ID)
					if !slices.Contains(found, r) {
						found = append(found, r)
					}
				}
			}
			if len(values) < 2 {
				continue
			}
			var parts []any
			for _, v := range values {
				parts = append(parts, model.Msg{Code: "lint.value", Args: []any{valueMsg(v), strings.Join(by[v], ", ")}})
			}
			x.add("contradiction", "statements", found, model.Msg{Code: "fact." + key}, joined("semicolon", parts))
		}
	}
}

// valueMsg words a value of a statement: a span, a number, or a code of the texts.
func valueMsg(v string) any {
	if l, err := catalogue.ParseLimit(v); err == nil && l.Numeric && l.Span > 0 {
		return limitMsg(l)
	}
	if _, err := strconv.Atoi(v); err == nil {
		return v
	}
	return model.Msg{Code: "value." + v}
}

// limitMsg words a limit.
func limitMsg(l catalogue.Limit) any {
	switch {
	case !l.Numeric:
		return model.Msg{Code: "stated." + l.Text}
	case l.From > 0:
		return []any{l.From, l.Span}
	case l.Days > 0:
		return model.Msg{Code: "limit.workdays", Args: []any{l.Days}}
	case l.Span > 0 && l.Span%model.Year == 0:
		return model.Msg{Code: "lint.years", Args: []any{int(l.Span / model.Year)}}
	case l.Span > 0 && strings.HasSuffix(l.Text, "d"):
		return model.Msg{Code: "limit.days", Args: []any{int(l.Span / model.Day)}}
	case l.Span > 0:
		return l.Span
	}
	return l.Text
}

// joined words a list with a separator of its own: slash or semicolon.
func joined(code string, list []any) any {
	if len(list) == 0 {
		return ""
	}
	all := list[0]
	for _, x := range list[1:] {
		all = model.Msg{Code: "lint." + code, Args: []any{all, x}}
	}
	return all
}

// clock is a clock with its row.
type clock struct {
	row *catalogue.Row
	catalogue.Clock
}

// numeric are the limits that are numbers and bound the clock from above.
func (k *clock) numeric() []catalogue.Limit {
	var list []catalogue.Limit
	for _, l := range k.Limits {
		if l.Numeric && !l.AtLeast {
			list = append(list, l)
		}
	}
	return list
}

// limitsOf words the limits of a clock, with their levels.
func (x *subject) limitsOf(k *clock) any {
	var parts []any
	for _, l := range k.numeric() {
		text := limitMsg(l)
		if l.Level != "" {
			text = model.Msg{Code: "lint.level_limit", Args: []any{x.levelNames([]string{l.Level}), text}}
		}
		parts = append(parts, text)
	}
	return joined("slash", parts)
}

// same reports whether two clocks have the same limits.
func (k *clock) same(o *clock) bool {
	a, b := k.numeric(), o.numeric()
	return slices.EqualFunc(a, b, func(p, q catalogue.Limit) bool { return p == q })
}

// overlap reports whether two rows can speak of the same event: on every axis one of them is open or they share a value.
func overlap(a, b *catalogue.Row) bool {
	for axis, values := range a.Scope {
		if others := b.Scope[axis]; len(others) > 0 && !slices.ContainsFunc(values, func(v string) bool { return slices.Contains(others, v) }) {
			return false
		}
	}
	return true
}

// clocks of a document that have a numeric limit, grouped by start and stop in the order of the rows.
func clocks(rows []*catalogue.Row) [][]clock {
	var order []string
	groups := map[string][]clock{}
	for _, r := range rows {
		for _, k := range r.Clocks {
			c := clock{r, k}
			if len(c.numeric()) == 0 {
				continue
			}
			key := k.Start + ">" + k.Stop
			if groups[key] == nil {
				order = append(order, key)
			}
			groups[key] = append(groups[key], c)
		}
	}
	var list [][]clock
	for _, key := range order {
		list = append(list, groups[key])
	}
	return list
}

// moment words a milestone, or several of which one counts.
func moment(names string) []any {
	var list []any
	for name := range strings.SplitSeq(names, "/") {
		code := "moment." + name
		for s := range model.NumSubjects {
			if _, ok := s.ParseMilestone(name); ok {
				code = "milestone." + s.String() + "." + name
				break
			}
		}
		list = append(list, model.Msg{Code: code})
	}
	return list
}

// clocksDiffer: one span has one limit.
func clocksDiffer(x *subject) {
	for _, rows := range x.documents() {
		for _, group := range clocks(rows) {
			in := make([]bool, len(group))
			for i := range group {
				for j := range group[:i] {
					if overlap(group[i].row, group[j].row) && !group[i].same(&group[j]) {
						in[i], in[j] = true, true
					}
				}
			}
			var found []*catalogue.Row
			var parts []any
			for i := range group {
				if in[i] {
					found = append(found, group[i].row)
					parts = append(parts, model.Msg{Code: "lint.limits_of", Args: []any{group[i].row.ID, x.limitsOf(&group[i])}})
				}
			}
			if len(found) > 0 {
				x.add("contradiction", "clocks_differ", found, moment(group[0].Start), moment(group[0].Stop), joined("semicolon", parts))
			}
		}
	}
}

// extreme is the clock with the largest or smallest limit that stops at a milestone, nil if none does.
func extreme(rows []*catalogue.Row, stop string, largest bool, keep func(r *catalogue.Row) bool) (*clock, model.Time) {
	var best *clock
	var span model.Time
	for _, group := range clocks(rows) {
		for i := range group {
			if group[i].Stop != stop || !keep(group[i].row) {
				continue
			}
			for _, l := range group[i].numeric() {
				if l.Span > 0 && (best == nil || largest && l.Span > span || !largest && l.Span < span) {
					best, span = &group[i], l.Span
				}
			}
		}
	}
	return best, span
}

// partBeforeEngineer: a part cannot be due before the engineer who brings it may arrive.
func partBeforeEngineer(x *subject) {
	all := func(*catalogue.Row) bool { return true }
	for _, rows := range x.documents() {
		part, within := extreme(rows, "part_on_site", false, all)
		arrival, up := extreme(rows, "arrived", true, all)
		if part != nil && arrival != nil && within < up {
			x.add("contradiction", "part_before_engineer", []*catalogue.Row{part.row, arrival.row}, within, up)
		}
	}
}

// restoreBeforeArrival: on site nothing is restored before somebody arrives.
func restoreBeforeArrival(x *subject) {
	onSite := func(r *catalogue.Row) bool { return !slices.Contains(r.Scope["way"], "remote") }
	for _, rows := range x.documents() {
		restore, within := extreme(rows, "restored", false, onSite)
		arrival, up := extreme(rows, "arrived", true, onSite)
		if restore != nil && arrival != nil && within <= up && restore.row != arrival.row {
			x.add("contradiction", "restore_before_arrival", []*catalogue.Row{restore.row, arrival.row}, within, up)
		}
	}
}

// levels are the levels of severity a plan defines.
func (x *subject) levels() []string {
	var list []string
	for i := range x.rows {
		for _, l := range x.rows[i].Values("level") {
			if !slices.Contains(list, l) {
				list = append(list, l)
			}
		}
	}
	return list
}

// used are the levels a row names.
func used(r *catalogue.Row) []string {
	list := slices.Clone(r.Scope["level"])
	for _, k := range r.Clocks {
		for _, l := range k.Limits {
			if l.Level != "" && !slices.Contains(list, l.Level) {
				list = append(list, l.Level)
			}
		}
	}
	return list
}

// levelsUnknown: a level that carries a limit is defined.
func levelsUnknown(x *subject) {
	known := x.levels()
	var names []string
	found := x.where(func(r *catalogue.Row) bool {
		any := false
		for _, l := range used(r) {
			if !slices.Contains(known, l) {
				any = true
				if !slices.Contains(names, l) {
					names = append(names, l)
				}
			}
		}
		return any
	})
	if len(found) > 0 {
		x.add("contradiction", "levels_unknown", found, x.levelNames(names), x.levelNames(known))
	}
}

// levelNames words levels: as the scenario names them, else as the catalogue does.
func (x *subject) levelNames(list []string) []any {
	var out []any
	for _, l := range list {
		var word any = model.Msg{Code: "level." + l}
		if x.s != nil {
			if v, ok := x.s.File.Contracts[x.contract].Severities[l]; ok && v.Name != (scenarios.Text{}) {
				word = model.Text(v.Name)
			} else if x.plan == nil {
				word = l
			}
		}
		out = append(out, word)
	}
	return out
}

// reports: several periods for the reports of one contract.
func reports(x *subject) {
	var every []string
	found := x.where(func(r *catalogue.Row) bool {
		delivered := slices.ContainsFunc(r.Clocks, func(k catalogue.Clock) bool { return k.Start == "period_end" })
		if !delivered {
			return false
		}
		for _, v := range r.Values("every") {
			if !slices.Contains(every, v) {
				every = append(every, v)
			}
		}
		return r.Values("every") != nil
	})
	if len(every) > 1 {
		var periods []any
		for _, v := range every {
			periods = append(periods, model.Msg{Code: "value." + v})
		}
		x.add("contradiction", "reports", found, periods)
	}
}

// repeated: a promise made in several places is one promise.
func repeated(x *subject) {
	var parts []any
	again := x.where(func(r *catalogue.Row) bool { return len(r.Values("also")) > 0 })
	for _, r := range again {
		places := append([]string{r.Section}, r.Values("also")...)
		parts = append(parts, model.Msg{Code: "lint.stated_in", Args: []any{r.ID, len(places), strings.Join(places, ", ")}})
	}
	if len(again) > 0 {
		x.add("contradiction", "stated_again", again, len(again), joined("semicolon", parts))
	}
	for _, rows := range x.documents() {
		for _, group := range clocks(rows) {
			for i := range group {
				var found []*catalogue.Row
				for j := range group {
					open := len(group[i].row.Scope) == 0 || len(group[j].row.Scope) == 0
					if j != i && open && group[i].same(&group[j]) {
						found = append(found, group[j].row)
					}
				}
				if len(found) > 0 && len(group[i].row.Scope) == 0 {
					x.add("contradiction", "repeated", append([]*catalogue.Row{group[i].row}, found...), moment(group[i].Start),
						moment(group[i].Stop), x.limitsOf(&group[i]))
					break
				}
			}
		}
	}
}

// hasNumber reports whether a row has a limit that is a number.
func hasNumber(r *catalogue.Row) bool {
	for _, k := range r.Clocks {
		c := clock{r, k}
		if len(c.numeric()) > 0 {
			return true
		}
	}
	return false
}

// noNumbers: a plan without a single limit promises nothing that can be broken.
func noNumbers(x *subject) {
	if len(x.where(hasNumber)) > 0 {
		return
	}
	hours := x.where(func(r *catalogue.Row) bool { return r.Says("hours", "24x7") && strings.Contains(r.Use, "M") })
	x.add("missing", "no_numbers", hours, len(hours))
}

// softWords: words in place of numbers.
func softWords(x *subject) {
	var parts []any
	var found []*catalogue.Row
	byWord(x, "word", func(r *catalogue.Row) bool { return !x.set(r) }, func(w catalogue.Word, rows []*catalogue.Row) {
		var ids []string
		for _, r := range rows {
			ids = append(ids, r.ID)
			if !slices.Contains(found, r) {
				found = append(found, r)
			}
		}
		parts = append(parts, model.Msg{Code: "lint.word_in", Args: []any{w.Word, w.Meaning, strings.Join(ids, ", ")}})
	})
	if len(parts) > 0 {
		x.add("missing", "soft_words", found, len(parts), joined("semicolon", parts))
	}
}

// byWord visits the words of a fact with their rows; words that mean the same are visited once.
func byWord(x *subject, key string, keep func(*catalogue.Row) bool, visit func(catalogue.Word, []*catalogue.Row)) {
	kind := map[string]string{"word": "soft", "term": "term"}[key]
	var order []catalogue.Word
	rows := map[string][]*catalogue.Row{}
	for _, r := range x.where(keep) {
		for _, v := range r.Values(key) {
			for _, w := range catalogue.Words() {
				if w.Word != v || w.Kind != kind {
					continue
				}
				id := w.Meaning.En
				if rows[id] == nil {
					order = append(order, w)
				}
				if !slices.Contains(rows[id], r) {
					rows[id] = append(rows[id], r)
				}
			}
		}
	}
	for _, w := range order {
		visit(w, rows[w.Meaning.En])
	}
}

// noLimit: a clock that is to be judged, without a limit, a word in its place or a service time.
func noLimit(x *subject) {
	found := x.where(func(r *catalogue.Row) bool {
		if !strings.Contains(r.Use, "M") || len(r.Clocks) == 0 || len(r.Values("word"))+len(r.Values("hours")) > 0 || x.set(r) {
			return false
		}
		return !slices.ContainsFunc(r.Clocks, func(k catalogue.Clock) bool { return len(k.Limits) > 0 })
	})
	if len(found) > 0 {
		x.add("missing", "no_limit", found, len(found))
	}
}

// states are the rows one of whose limits is a word.
func (x *subject) states(word string) []*catalogue.Row {
	return x.where(func(r *catalogue.Row) bool {
		return !x.set(r) && slices.ContainsFunc(r.Clocks, func(k catalogue.Clock) bool {
			return slices.ContainsFunc(k.Limits, func(l catalogue.Limit) bool { return l.Text == word })
		})
	})
}

// elsewhere: a number that stands in another document.
func elsewhere(x *subject) {
	if found := x.states("agreed"); len(found) > 0 {
		x.add("missing", "elsewhere", found, len(found))
	}
}

// lost: a number that stood in a table that is missing.
func lost(x *subject) {
	if found := x.states("lost"); len(found) > 0 {
		x.add("missing", "lost", found, len(found))
	}
}

// noTarget: a limit or a service time without a share means every single event.
func noTarget(x *subject) {
	found := x.where(func(r *catalogue.Row) bool {
		return strings.Contains(r.Use, "M") && (hasNumber(r) || r.Says("hours", "24x7")) && len(r.Values("target")) == 0
	})
	if len(found) > 0 {
		x.add("missing", "no_target", found, len(found))
	}
}

// noRestoreLimit: who must answer and arrive in time but may repair when he likes.
func noRestoreLimit(x *subject) {
	for _, rows := range x.documents() {
		ends := false
		var found []*catalogue.Row
		for _, group := range clocks(rows) {
			switch group[0].Stop {
			case "restored", "repaired", "confirmed":
				ends = true
			case "responded", "arrived":
				for i := range group {
					if !slices.Contains(found, group[i].row) {
						found = append(found, group[i].row)
					}
				}
			}
		}
		if !ends && len(found) > 0 {
			x.add("missing", "no_restore", found)
		}
	}
}

// stops for which every level needs a limit if one has it.
var levelStops = []string{"responded", "arrived", "restored", "workaround", "plan_submitted"}

// levelsWithout: a level without the limit that others have.
func levelsWithout(x *subject) {
	for _, rows := range x.documents() {
		var known []string
		for _, r := range rows {
			known = append(known, r.Values("level")...)
		}
		for _, stop := range levelStops {
			var found []*catalogue.Row
			var covered []string
			open := false
			for _, group := range clocks(rows) {
				for i := range group {
					k := &group[i]
					if k.Stop != stop || len(k.row.Scope["way"])+len(k.row.Scope["kind"])+len(k.row.Scope["channel"]) > 0 {
						continue
					}
					var levels []string
					for _, l := range k.numeric() {
						if l.Level != "" {
							levels = append(levels, l.Level)
						}
					}
					levels = append(levels, k.row.Scope["level"]...)
					if len(levels) == 0 {
						open = true
					}
					covered = append(covered, levels...)
					found = append(found, k.row)
				}
			}
			if open || !slices.ContainsFunc(covered, func(l string) bool { return slices.Contains(known, l) }) {
				continue
			}
			var without []string
			for _, l := range known {
				if !slices.Contains(covered, l) && !slices.Contains(without, l) {
					without = append(without, l)
				}
			}
			if len(without) > 0 {
				x.add("missing", "levels_without", found, x.levelNames(without), moment(stop))
			}
		}
	}
}

// startUnstated: a limit that runs from nowhere.
func startUnstated(x *subject) {
	found := x.where(func(r *catalogue.Row) bool {
		return slices.ContainsFunc(r.Clocks, func(k catalogue.Clock) bool { return k.Start == "?" })
	})
	if len(found) > 0 {
		x.add("missing", "start_unstated", found, len(found))
	}
}

// age is the condition of a level on the age of the outage, false if it has none.
func age(r *catalogue.Row) (model.Time, bool) {
	for _, v := range r.Values("outage") {
		if l, err := catalogue.ParseLimit(strings.TrimLeft(v, ">=")); err == nil && l.Numeric {
			return l.Span, true
		}
	}
	return 0, false
}

// shortOutage: an outage that is younger than every level of outages asks, while the other levels want none.
func shortOutage(x *subject) {
	for _, rows := range x.documents() {
		least := model.Far
		var found []*catalogue.Row
		none := false
		for _, r := range rows {
			if a, ok := age(r); ok {
				least = min(least, a)
				found = append(found, r)
			}
			if r.Says("outage", "none") {
				none = true
				found = append(found, r)
			}
		}
		others := slices.ContainsFunc(rows, func(r *catalogue.Row) bool {
			_, aged := age(r)
			return len(r.Values("level")) > 0 && !aged && !r.Says("outage", "none")
		})
		if none && least != model.Far && least > 0 && !others {
			x.add("missing", "short_outage", found, least)
		}
	}
}

// penaltyUnstated: compensation without an amount.
func penaltyUnstated(x *subject) {
	found := x.where(func(r *catalogue.Row) bool { return r.Says("penalty", "unstated") })
	if len(found) > 0 {
		x.add("missing", "penalty", found)
	}
}

// speeds: the far end of a band within its limit asks for a speed, the more the later one leaves.
func speeds(x *subject) {
	const later = 20 * time.Minute
	for _, rows := range x.documents() {
		for _, group := range clocks(rows) {
			for i := range group {
				var parts []any
				for _, l := range group[i].numeric() {
					km, err := strconv.Atoi(strings.TrimPrefix(l.Band, "km"))
					if err != nil || l.Span <= later || group[i].Stop != "arrived" {
						continue
					}
					parts = append(parts, model.Msg{Code: "lint.speed_of", Args: []any{km, l.Span,
						math.Round(float64(km) / l.Span.Hours()), math.Round(float64(km) / (l.Span - later).Hours())}})
				}
				if len(parts) > 0 {
					x.add("arithmetic", "speeds", []*catalogue.Row{group[i].row}, later, joined("semicolon", parts))
				}
			}
		}
	}
}

// onePerson: a single person cannot be there at every hour.
func onePerson(x *subject) {
	found := x.where(func(r *catalogue.Row) bool { return r.Says("people", "1") && r.Says("hours", "24x7") })
	if len(found) == 0 {
		return
	}
	start := time.Date(2025, 1, 1, 0, 0, 0, 0, time.FixedZone("", 8*3600))
	if x.s != nil {
		start = x.s.World.Start
	}
	days := calendar.NewDays(start, 0, 365, calendar.Options{System: calendar.China})
	work := 0
	for d := range 365 {
		if days.KindOfDay(d).IsWorkday() {
			work++
		}
	}
	share := float64(work*8) / model.Hours(model.Year)
	x.add("arithmetic", "one_person", found, work, share, math.Ceil(10/share)/10)
	for _, r := range found {
		id, ok := strings.CutPrefix(r.CarriedBy, "people.")
		if !ok || x.s == nil {
			continue
		}
		for i := range x.s.World.Teams {
			if t := &x.s.World.Teams[i]; t.ID == id && t.Count == 1 {
				at, reached := there(x.s.World, t)
				x.add("arithmetic", "one_person_here", []*catalogue.Row{r}, t.Name, at, reached, math.Round(10*t.HeadsPerSeat)/10)
			}
		}
	}
}

// there is the share of the first year in which the first person of a team is on shift, and on shift or on call, leave
// and sickness taken off.
func there(w *world.World, t *world.Team) (at, reached float64) {
	p := &w.Persons[t.First]
	var shift, call model.Time
	for _, d := range p.Duties {
		span := max(min(d.End, model.Year)-max(d.Start, 0), 0)
		if d.OnCall {
			call += span
		} else {
			shift += span
		}
	}
	if p.Always {
		shift = model.Year
	}
	present := 1.0
	if !t.Cover {
		present = (1 - float64(t.LeaveWeeks)/52.14) * (1 - t.Sick)
	}
	return present * model.Hours(shift) / model.Hours(model.Year), present * model.Hours(shift+call) / model.Hours(model.Year)
}

// infeasible: clauses of the scenario that no staffing can keep.
func infeasible(x *subject) {
	if x.s == nil {
		return
	}
	w := x.s.World
	for i := range w.Clauses {
		c, b := &w.Clauses[i], &x.bound.Clauses[i]
		if w.Contracts[c.Contract].ID != x.contract || !b.Infeasible {
			continue
		}
		bad, all := map[int32]bool{}, map[int32]bool{}
		for _, r := range b.Rows {
			all[r.Site] = true
			if r.Infeasible {
				bad[r.Site] = true
			}
		}
		row := &catalogue.Row{ID: c.ID, Section: c.Section}
		if x.plan != nil && x.plan.Row(c.ID) != nil {
			row = x.plan.Row(c.ID)
		}
		x.add("arithmetic", "infeasible", []*catalogue.Row{row}, len(bad), len(all), b.Best)
	}
}

// confirmedStart: a clock that starts when we say so rewards a slow confirmation.
func confirmedStart(x *subject) {
	found := x.where(func(r *catalogue.Row) bool {
		return slices.ContainsFunc(r.Clocks, func(k catalogue.Clock) bool { return k.Start == "confirmed_fault" })
	})
	if len(found) > 0 {
		x.asked = append(x.asked, "A-45")
		x.add("wording", "confirmed_start", found)
	}
}

// ranges: a limit from … to … is two limits.
func ranges(x *subject) {
	for _, r := range x.where(hasNumber) {
		for _, k := range r.Clocks {
			for _, l := range k.Limits {
				if l.From > 0 {
					x.asked = append(x.asked, "A-38")
					x.add("wording", "range", []*catalogue.Row{r}, l.From, l.Span)
					return
				}
			}
		}
	}
}

// severityLater: a level that depends on how long the outage lasts is unknown when the clock starts.
func severityLater(x *subject) {
	for _, rows := range x.documents() {
		var found []*catalogue.Row
		for _, r := range rows {
			if a, ok := age(r); ok && a > 0 {
				found = append(found, r)
			}
		}
		if len(found) == 0 {
			continue
		}
		var names []string
		for _, r := range found {
			names = append(names, r.Values("level")...)
		}
		x.asked = append(x.asked, "A-02")
		x.add("wording", "severity_later", found, x.levelNames(names))
	}
}

// corrected are the words of a kind that stand in the printed words of a row and not in its anchor.
func corrected(r *catalogue.Row, kind string) []catalogue.Word {
	var list []catalogue.Word
	for _, w := range catalogue.Words() {
		if w.Kind == kind && strings.Contains(r.Printed, w.Word) && !strings.Contains(r.Anchor, w.Word) {
			list = append(list, w)
		}
	}
	return list
}

// replacedWords: words that somebody put in place of others; one that turns a bound round is told apart.
func replacedWords(x *subject) {
	for _, kind := range []string{"turned", "replaced"} {
		var found []*catalogue.Row
		var pairs []string
		for i := range x.rows {
			words := corrected(&x.rows[i], kind)
			if len(words) > 0 {
				found = append(found, &x.rows[i])
			}
			for _, w := range words {
				if pair := w.Word + "→" + w.Meaning.Zh; !slices.Contains(pairs, pair) {
					pairs = append(pairs, pair)
				}
			}
		}
		if len(found) > 0 {
			x.add("wording", kind, found, len(found), pairs)
		}
	}
}

// misprints: what is printed cannot be meant.
func misprints(x *subject) {
	for i := range x.rows {
		r := &x.rows[i]
		for _, m := range r.Values("misprint") {
			printed, meant, _ := strings.Cut(m, "→")
			x.add("wording", "misprint", []*catalogue.Row{r}, printed, meant)
		}
		if r.Printed != "" && len(corrected(r, "replaced"))+len(corrected(r, "turned")) == 0 {
			x.add("wording", "misprint", []*catalogue.Row{r}, r.Printed, r.Anchor)
		}
	}
}

// terms: words that carry a promise and are not defined.
func terms(x *subject) {
	byWord(x, "term", func(*catalogue.Row) bool { return true }, func(w catalogue.Word, rows []*catalogue.Row) {
		ask := model.Msg{Code: "ask.term", Args: []any{w.Word, w.Meaning}}
		if w.Decision != "" {
			if slices.Contains(x.asked, w.Decision) {
				return
			}
			x.asked = append(x.asked, w.Decision)
			ask = model.Msg{Code: "ask." + w.Decision}
		}
		x.addAsk("wording", "term", rows, ask, w.Word, w.Meaning)
	})
}

// slogans: a promise of everything, or of nothing that can be seen.
func slogans(x *subject) {
	found := x.where(func(r *catalogue.Row) bool { return r.Kind == "X" || len(r.Values("slogan")) > 0 })
	if len(found) > 0 {
		x.add("wording", "slogans", found, len(found))
	}
}

// customerWaits: waits for the customer of which the plan does not say whether they count.
func customerWaits(x *subject) {
	stated := x.where(func(r *catalogue.Row) bool { return r.Says("pause", "stated") })
	var ids []string
	for _, r := range stated {
		ids = append(ids, r.ID)
	}
	found := x.where(func(r *catalogue.Row) bool { return r.Says("waits", "customer") && !slices.Contains(ids, r.ID) })
	if len(found) > 0 {
		x.asked = append(x.asked, "A-12")
		x.add("waiting", "customer_waits", found, len(found), strings.Join(ids, ", "))
	}
}

// ownApprovals: our own approvals run on the clock; a single approver is a queue.
func ownApprovals(x *subject) {
	found := x.where(func(r *catalogue.Row) bool { return r.Says("waits", "own") })
	if len(found) == 0 {
		return
	}
	single := 0
	if x.s != nil {
		for _, t := range x.s.File.People {
			if slices.Contains(t.Roles, "approver") {
				single += int(t.Headcount.N)
			}
		}
	}
	x.add("waiting", "own_approvals", found, len(found), single)
}

// readings: what can be read in several ways, decision by decision; with a scenario, as it is read there.
func readings(x *subject) {
	var ids []string
	by := map[string][]*catalogue.Row{}
	for _, r := range x.where(func(*catalogue.Row) bool { return true }) {
		for _, d := range r.Decisions {
			if by[d] == nil {
				ids = append(ids, d)
			}
			by[d] = append(by[d], r)
		}
	}
	slices.Sort(ids)
	for _, id := range ids {
		if slices.Contains(otherwise, id) || slices.Contains(x.asked, id) {
			continue
		}
		var now []string
		for _, s := range x.switches {
			if s.Decision == id {
				now = append(now, fmt.Sprintf("%s: %s (%s)", s.Name, s.Value, strings.Join(s.Values, " | ")))
			}
		}
		x.addAsk("reading", "reading", by[id], model.Msg{Code: "ask." + id}, id, strings.Join(now, "; "))
	}
}

// otherwise are the decisions whose question other rules ask: no share, the level of short outages, limits
// that differ, numbers elsewhere or lost, report periods, words, statements that
// differ, promises repeated, replaced words, slogans, one person,
// amounts, other services.
var otherwise = []string{"A-01", "A-03", "A-10", "A-11", "A-16", "A-18", "A-22", "A-23", "A-29", "A-30", "A-31", "A-41",
	"A-48", "A-49", "A-54", "A-60", "A-62", "A-63"}

// numbering: contracts on one pool whose levels count in opposite directions.
func (l *Lint) numbering(plans []*subject) {
	var worst, easiest []*catalogue.Row
	for _, x := range plans {
		worst = append(worst, x.where(func(r *catalogue.Row) bool { return r.Says("level_1", "worst") })...)
		easiest = append(easiest, x.where(func(r *catalogue.Row) bool { return r.Says("level_1", "easiest") })...)
	}
	if len(worst) > 0 && len(easiest) > 0 {
		x := &subject{}
		x.add("contradiction", "numbering", append(worst, easiest...))
		l.Findings = append(x.found, l.Findings...)
	}
}
