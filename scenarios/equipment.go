package scenarios

import (
	"cmp"
	"math"
	"slices"

	"slasim/model"
	"slasim/model/world"
)

// cumulate turns weights into cumulative probabilities, the last exactly 1; false if they add up to nothing.
func cumulate(weights []float64) ([]float64, bool) {
	sum, total := 0.0, 0.0
	for _, x := range weights {
		total += x
	}
	out := make([]float64, len(weights))
	last := -1
	for i, x := range weights {
		sum += x
		out[i] = sum / total
		if x > 0 {
			last = i
		}
	}
	if last < 0 || math.IsInf(total, 0) {
		return nil, false
	}
	for i := last; i < len(out); i++ {
		out[i] = 1
	}
	return out, true
}

// skills collects the skills that work needs.
func (c *compiler) skills() {
	var names []string
	for _, class := range c.classes {
		cl := c.file.Equipment.Classes[class]
		names = append(names, cl.Skill)
		for _, f := range sortedKeys(cl.Failures) {
			names = append(names, cl.Failures[f].Skill)
		}
	}
	for _, j := range c.jobs {
		names = append(names, c.file.Planned.Jobs[j].Skill)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) > 0 && names[0] == "" {
		names = names[1:]
	}
	if len(names) > maxBits-1 {
		c.err([]string{"equipment"}, CodeTooManyNames, "skills", len(names), maxBits-1)
		names = names[:maxBits-1]
	}
	c.world.Skills = names
	c.skillsRead = c.whole("equipment", "classes") && c.whole("planned", "jobs")
}

var difficulties = []string{"l1", "l2", "l3", "l4"}

// failureKinds compiles the failures of all classes.
func (c *compiler) failureKinds() {
	c.failures = map[string][]int32{}
	for _, class := range c.classes {
		cl := c.file.Equipment.Classes[class]
		path := []string{"equipment", "classes", class}
		if len(cl.Failures) == 0 && c.sound(path, "failures") {
			c.err(path, CodeMissingKey, dotted(path), "failures")
		}
		if cl.Rate.Set == cl.Life.Set && c.sound(path, "rate", "life") {
			c.err(path, CodeOneOf, dotted(path), "rate, life")
		}
		for _, id := range sortedKeys(cl.Failures) {
			c.failures[class] = append(c.failures[class], int32(len(c.world.Failures)))
			f := cl.Failures[id]
			c.world.Failures = append(c.world.Failures, c.failure(class, id, cl, &f, pathTo(path, "failures", id)))
		}
	}
}

func (c *compiler) failure(class, id string, cl Class, f *Failure, path []string) world.Failure {
	out := world.Failure{
		ID: id, Class: class, Skill: -1, Hardware: f.Hardware, ThirdParty: f.ThirdParty, Outage: float64(f.Outage), UserShare: f.UserShare.Value,
		RemoteFix: float64(f.Remote), PartNeed: float64(f.PartNeed), PartKnown: float64(f.PartKnown),
		RightPart: prob(f.RightPart, 1), Remote: f.RemoteTime.Value, Diagnose: f.Diagnose.Value,
		Restore: f.Restore.Value, Repair: f.Repair.Value, Difficulty: [5]float64{0, 1, 1, 1, 1}, Loaner: -1, NewUnit: -1,
	}
	faults := &c.file.Faults
	out.RemoteFix = 1 - math.Min(1, number(faults.VisitFactor, 1)*(1-out.RemoteFix))
	out.Diagnose, out.Restore = scaled(out.Diagnose, number(faults.SiteWork, 1)), scaled(out.Restore, number(faults.SiteWork, 1))
	if skill := orDefault(f.Skill, cl.Skill); skill != "" {
		out.Skill = int32(slices.Index(c.world.Skills, skill))
	}
	if f.UserShare.Set && f.UserShare.Value.Kind == model.Constant && f.UserShare.Value.A > 1 {
		c.err(pathTo(path, "user_share"), CodeBadProb, dotted(pathTo(path, "user_share")), f.UserShare.Value.A)
	}
	var weights []float64
	for _, part := range sortedKeys(f.Parts) {
		here := pathTo(path, "parts", part)
		out.Parts = append(out.Parts, world.WeightedPart{Part: c.ref(here, part, c.parts, CodeUnknownPart)})
		weights = append(weights, float64(f.Parts[part]))
	}
	if p, ok := cumulate(weights); ok {
		for i := range out.Parts {
			out.Parts[i].P = p[i]
		}
	} else if f.PartNeed > 0 && c.whole(pathTo(path, "parts")...) {
		if len(weights) > 0 {
			c.err(pathTo(path, "parts"), CodeNoWeight, dotted(pathTo(path, "parts")))
		} else {
			c.err(path, CodeNeeds, dotted(path), "part_need", "parts")
		}
	}
	if len(f.Difficulty) > 0 {
		here := pathTo(path, "difficulty")
		for _, level := range sortedKeys(f.Difficulty) {
			if !slices.Contains(difficulties, level) {
				c.errKey(pathTo(here, level), CodeUnknownKey, level, dotted(here), nearest(level, difficulties), list(difficulties))
			}
		}
		w := make([]float64, 5)
		for i, level := range difficulties {
			w[i+1] = float64(f.Difficulty[level])
		}
		p, ok := cumulate(w)
		if !ok && c.whole(here...) {
			c.err(here, CodeNoWeight, dotted(here))
		} else {
			copy(out.Difficulty[:], p)
		}
	}
	return out
}

// coverage finds which contract covers which units: counts[contract][site, class].
func (c *compiler) coverage() {
	e := &c.file.Equipment
	installed := map[[2]string]int{}
	total, most, at := 0, 0, []string{"equipment", "installed"} // at: the largest number
	add := func(path []string, site, class string, n int) {
		if c.place(path, site) < 0 || c.ref(path, class, c.classes, CodeUnknownClass) < 0 {
			return
		}
		installed[[2]string{site, class}] += n
		total += min(n, 1<<40) // no overflow: a document has fewer than 2²³ values
		if n > most {
			most, at = n, path
		}
	}
	for _, site := range sortedKeys(e.Installed) {
		for _, class := range sortedKeys(e.Installed[site]) {
			add([]string{"equipment", "installed", site, class}, site, class, e.Installed[site][class])
		}
	}
	for _, serial := range sortedKeys(e.Units) {
		add([]string{"equipment", "units", serial}, e.Units[serial].Site, e.Units[serial].Class, 1)
	}
	if total > maxDevices {
		c.err(at, CodeTooManyDevices, total, maxDevices)
		clear(installed) // too many to go on with
	}
	owner := map[[2]string]string{}
	c.counts = make([]map[[2]string]int, len(c.contracts))
	keys := make([][2]string, 0, len(installed))
	for k := range installed {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	for i, id := range c.contracts {
		contract, path := c.file.Contracts[id], []string{"contracts", id}
		c.counts[i] = map[[2]string]int{}
		if !c.sound(path, "sites", "classes") {
			continue
		}
		for j, site := range contract.Sites {
			c.place(pathTo(path, "sites", itoa(j)), site)
		}
		for j, class := range contract.Classes {
			c.ref(pathTo(path, "classes", itoa(j)), class, c.classes, CodeUnknownClass)
		}
		for _, k := range keys {
			if len(contract.Sites) > 0 && !slices.Contains(contract.Sites, k[0]) ||
				len(contract.Classes) > 0 && !slices.Contains(contract.Classes, k[1]) {
				continue
			}
			if other, ok := owner[k]; ok {
				c.err(pathTo(path, "sites"), CodeCoveredTwice, k[0], k[1], other, id)
				continue
			}
			owner[k] = id
			c.counts[i][k] = installed[k]
		}
	}
	for _, k := range keys {
		if _, ok := owner[k]; !ok {
			c.remark([]string{"equipment", "installed", k[0], k[1]}, CodeSiteUncovered, k[0], k[1])
		}
	}
}

// ageFactor is the factor of the first row that reaches the age, the last row's beyond all, 1 without rows.
func (c *compiler) ageFactor(class string, age Duration) float64 {
	rows := slices.Clone(c.file.Equipment.Classes[class].AgeFactor)
	if len(rows) == 0 || !age.Set {
		return 1
	}
	slices.SortStableFunc(rows, func(a, b AgeFactor) int { return int((a.UpTo.Span - b.UpTo.Span) / model.Day) })
	for _, r := range rows {
		if age.Span <= r.UpTo.Span {
			return float64(r.Factor)
		}
	}
	return float64(rows[len(rows)-1].Factor)
}

// sources compiles one stream of faults for each contract, site and class.
func (c *compiler) sources() {
	e, f, w := &c.file.Equipment, &c.file.Faults, c.world
	scale := number(e.Scale, 1) * number(f.Scale, 1)
	general := c.profile(f.Profile, []string{"faults", "profile"})
	profiles := map[string]*world.Profile{}
	mixes := map[string][]world.WeightedFailure{}
	for _, class := range c.classes {
		cl, path := e.Classes[class], []string{"equipment", "classes", class}
		profiles[class] = general
		if cl.Profile != nil {
			profiles[class] = c.profile(cl.Profile, pathTo(path, "profile"))
		}
		var weights []float64
		for _, id := range c.failures[class] {
			weights = append(weights, float64(cl.Failures[w.Failures[id].ID].Share))
		}
		p, ok := cumulate(weights)
		if !ok {
			if len(weights) > 0 && c.sharesRead(class) {
				c.err(pathTo(path, "failures"), CodeNoWeight, dotted(pathTo(path, "failures")))
			}
			continue
		}
		for i, id := range c.failures[class] {
			mixes[class] = append(mixes[class], world.WeightedFailure{Failure: id, P: p[i]})
		}
	}
	single := map[[2]string][]Duration{} // ages of the units with serial numbers
	for _, serial := range sortedKeys(e.Units) {
		u := e.Units[serial]
		age := u.Age
		if !age.Set {
			age = e.Classes[u.Class].Age
		}
		k := [2]string{u.Site, u.Class}
		single[k] = append(single[k], age)
	}
	for i, id := range c.contracts {
		for s, site := range c.places {
			for _, class := range c.classes {
				k := [2]string{site, class}
				units := c.counts[i][k]
				if units == 0 || len(mixes[class]) == 0 {
					continue
				}
				cl := e.Classes[class]
				src := world.Source{
					Name: id + "/" + site + "/" + class, Contract: int32(i), Site: int32(s), Units: int32(units),
					Failures: mixes[class], Profile: profiles[class],
				}
				src.Hash = model.HashName(src.Name)
				if cl.Life.Set {
					if scale == 0 {
						continue
					}
					if c.worst[id].faults > 1 {
						c.err([]string{"contracts", id, "phases"}, CodeContradict, "contracts."+id+".phases", "faults > 1", "equipment.classes."+class+".life")
					}
					life := scaled(cl.Life.Value, 1/scale)
					src.Weibull, src.UnitAge = &life, unitAges(units, cl.Age.Span, single[k])
				} else {
					weight := float64(units-len(single[k])) * c.ageFactor(class, cl.Age)
					for _, age := range single[k] {
						weight += c.ageFactor(class, age)
					}
					src.Rate = weight * cl.Rate.PerSecond * scale
					if worst := c.worst[id].faults; worst > 1 {
						src.Rate *= worst
					}
					if src.Rate == 0 {
						continue
					}
				}
				w.Sources = append(w.Sources, src)
			}
		}
	}
	for _, class := range c.classes {
		if life := e.Classes[class].Life; life.Set && meanOf(life.Value) <= 0 {
			path := []string{"equipment", "classes", class, "life"}
			c.err(path, CodeDistValue, dotted(path), "mean", "> 0")
		}
	}
}

// sharesRead reports whether the shares of all failures of a class could be read.
func (c *compiler) sharesRead(class string) bool {
	path := []string{"equipment", "classes", class, "failures"}
	for _, id := range sortedKeys(c.file.Equipment.Classes[class].Failures) {
		if !c.sound(pathTo(path, id), "share") {
			return false
		}
	}
	return c.sound(path)
}

// unitAges are the ages of n units at the start: those of single units as given, the others spread evenly
// over 0 to twice the mean age (an assumption: nothing says how they spread).
func unitAges(n int, mean model.Time, single []Duration) []model.Time {
	out := make([]model.Time, 0, n)
	rest := n - len(single)
	for i := range rest {
		out = append(out, model.RoundSeconds(2*mean.Seconds()*(float64(i)+0.5)/float64(rest)))
	}
	for _, age := range single {
		out = append(out, age.Span)
	}
	return out
}

// profile compiles a profile; nil stays nil.
func (c *compiler) profile(in *Profile, path []string) *world.Profile {
	if in == nil {
		return nil
	}
	out := &world.Profile{Growth: number(in.Growth, 0)}
	hours := c.shape(in.Hour, 24, pathTo(path, "hour"))
	week := c.shape(in.Weekday, 7, pathTo(path, "weekday"))
	copy(out.Hour[:], hours)
	for i, x := range week { // Monday first
		out.Weekday[(i+1)%7] = x
	}
	for m := range out.Month {
		out.Month[m] = 1
		if f, ok := in.Month[itoa(m+1)]; ok {
			out.Month[m] = float64(f)
		}
	}
	months := make([]string, 12)
	for m := range months {
		months[m] = itoa(m + 1)
	}
	for _, key := range sortedKeys(in.Month) {
		if !slices.Contains(months, key) {
			here := pathTo(path, "month")
			c.errKey(pathTo(here, key), CodeUnknownKey, key, dotted(here), "", list(months))
		}
	}
	// The rate at t is multiplied by (1 + growth)^(t in years), so its largest value is at one end.
	w := c.world
	ends := math.Max(math.Pow(1+out.Growth, years(w.Term+w.DrainCap)), math.Pow(1+out.Growth, years(-w.WarmUp)))
	out.Max = slices.Max(out.Hour[:]) * slices.Max(out.Weekday[:]) * slices.Max(out.Month[:]) * ends
	return out
}

func years(t model.Time) float64 { return model.Hours(t) / model.Hours(model.Year) }

// shape scales n weights to mean 1; none are all 1.
func (c *compiler) shape(weights []Number, n int, path []string) []float64 {
	out := make([]float64, n)
	sum := 0.0
	for _, x := range weights {
		sum += float64(x)
	}
	for i := range out {
		out[i] = 1
	}
	switch {
	case weights == nil:
	case len(weights) != n:
		c.err(path, CodeListLength, dotted(path), len(weights), n)
	case sum == 0 && !c.whole(path...):
	case sum == 0:
		c.err(path, CodeNoWeight, dotted(path))
	default:
		for i, x := range weights {
			out[i] = float64(x) * float64(n) / sum
		}
	}
	return out
}

// rises is where a question goes, the soonest first.
func (c *compiler) rises(q *Question, path []string) []world.QuestionRise {
	var out []world.QuestionRise
	for _, id := range sortedKeys(q.Rise) {
		in := q.Rise[id]
		r := world.QuestionRise{After: c.clockSpan(pathTo(path, id, "after"), in.After, 0), Role: world.RoleSupport, Tier: tiers[in.To]}
		if in.To == "manager" {
			r.Role = world.RoleManager
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b world.QuestionRise) int { return cmp.Compare(a.After, b.After) })
	if len(out) > 0 && q.LookUp == 0 && c.sound(path[:len(path)-1], "look_up") {
		c.err(path, CodeContradict, dotted(path[:len(path)-1]), "rise", "look_up: 0")
	}
	return out
}

// burstsAndQuestions compiles the other streams.
func (c *compiler) burstsAndQuestions() {
	w := c.world
	for _, id := range sortedKeys(c.file.Faults.Bursts) {
		b, path := c.file.Faults.Bursts[id], []string{"faults", "bursts", id}
		out := world.Burst{
			Name: id, Hash: model.HashName("burst/" + id), Rate: b.Rate.PerSecond, Region: -1, MonthMax: 1,
			Units: b.Units.Value, Spread: b.Spread.Value, Tag: orDefault(b.Tag, id),
		}
		if b.Region != "" {
			out.Region = c.region(pathTo(path, "region"), b.Region)
		}
		for i, class := range b.Classes {
			c.ref(pathTo(path, "classes", itoa(i)), class, c.classes, CodeUnknownClass)
		}
		days := 0
		for m := range out.Months {
			if len(b.Months) == 0 || slices.Contains(b.Months, m+1) {
				days += monthDays[m]
			}
		}
		for m := range out.Months { // the mean over a common year is 1, so the rate is the yearly one
			if len(b.Months) == 0 || slices.Contains(b.Months, m+1) {
				out.Months[m] = 365 / float64(days)
			}
		}
		out.MonthMax = 365 / float64(days)
		var weights []float64
		for i := range w.Sources {
			s := &w.Sources[i]
			class := w.Failures[s.Failures[0].Failure].Class
			if out.Region >= 0 && w.Places[s.Site].Region != out.Region ||
				len(b.Classes) > 0 && !slices.Contains(b.Classes, class) {
				continue
			}
			out.Sources = append(out.Sources, int32(i))
			weights = append(weights, float64(s.Units))
		}
		if p, ok := cumulate(weights); ok {
			out.Weight = p
			w.Bursts = append(w.Bursts, out)
		} else {
			c.remark(path, CodeBurstHitsNone, id)
		}
	}
	for _, id := range sortedKeys(c.file.Faults.Questions) {
		q, path := c.file.Faults.Questions[id], []string{"faults", "questions", id}
		out := world.Question{
			Name: id, Hash: model.HashName("question/" + id),
			Contract: c.ref(pathTo(path, "contract"), q.Contract, c.contracts, CodeUnknownContract),
			Rate:     q.Rate.PerSecond, Profile: c.profile(q.Profile, pathTo(path, "profile")),
			LookUp: float64(q.LookUp), Answer: q.Answer.Value, Rises: c.rises(&q, pathTo(path, "rise")),
		}
		if worst := c.worst[q.Contract].questions; worst > 1 {
			out.Rate *= worst
		}
		w.Questions = append(w.Questions, out)
	}
}
