package scenarios

import (
	"math"
	"slices"
	"strings"
	"time"

	"slasim/model"
	"slasim/model/calendar"
	"slasim/model/world"
	"slasim/scenarios/internal/tree"
)

// Sizes beyond which a scenario is refused: far above any service plan, below what memory holds.
const (
	maxDevices = 10_000_000
	maxPeople  = 100_000
	maxPlaces  = 3_000 // places × places distances
	maxDuties  = 20_000_000
	maxBits    = 64 // skills and contracts are bits of a word
	maxLevels  = 32 // so are severities and bands
)

// compiler turns a File into a World. It also runs on a file of which not all could be read. Each step reports what is
// wrong in its section and leaves zero values behind, so that later steps can go on looking; the World counts only if
// nothing was wrong. A check that reads several values is made only if all of them could be read, so that one mistake
// is reported once.
type compiler struct {
	decoder
	file    *File
	root    *tree.Node
	world   *world.World
	remarks model.Diagnostics // warnings about the scenario as a whole

	days       map[string]*calendar.Days // by calendar name
	calUsed    map[string]bool
	places     []string // names by id
	classes    []string
	contracts  []string
	parts      []string
	jobs       []string
	papers     []string
	checks     []string
	failures   map[string][]int32 // ids by class
	counts     []map[[2]string]int
	loaners    map[string]int32                     // by class
	phaseSpans map[string]map[string]model.Interval // by contract and phase
	worst      map[string]phaseRates                // by contract with phases
	beforeDays int
	afterDays  int
	duties     int  // laid out so far
	dated      bool // start and term could be read
	skillsRead bool // so could everything that names a skill
	anybody    bool // not all that people can do could be read: whoever is missed may be among them
}

func (c *compiler) compile() {
	c.contracts = sortedKeys(c.file.Contracts)
	c.classes = sortedKeys(c.file.Equipment.Classes)
	c.parts = sortedKeys(c.file.Parts.Items)
	c.jobs = sortedKeys(c.file.Planned.Jobs)
	c.papers = sortedKeys(c.file.Planned.Papers)
	c.checks = sortedKeys(c.file.Planned.Checks)
	c.phaseSpans, c.worst = make(map[string]map[string]model.Interval), make(map[string]phaseRates)
	c.run()
	c.calendars()
	c.placesAndDistances()
	c.travel()
	c.partsAndDepots()
	c.skills()
	c.failureKinds()
	c.contractHeads()
	c.coverage()
	c.sources()
	c.burstsAndQuestions()
	c.clauses()
	c.teams()
	c.vendors()
	c.dispatch()
	c.planned()
	c.costs()
	c.bands()
	c.abilities()
	c.unused()
	if !c.diags.HasErrors() {
		c.diags = append(c.diags, c.remarks...)
	}
}

// sound reports whether each of the keys of the mapping at a path could be read, or is rightly not there.
func (c *compiler) sound(path []string, keys ...string) bool {
	for _, key := range keys {
		if !c.root.Sound(pathTo(path, key)...) {
			return false
		}
	}
	return c.root.Sound(path...)
}

// whole reports whether a path is sound and nothing was wrong there or below.
func (c *compiler) whole(path ...string) bool { return c.root.Whole(path...) }

// at is the place of a path in the file, or of the nearest mapping on the way to it.
func (c *compiler) at(path ...string) model.Pos {
	n, _ := c.root.Find(path...)
	return n.Pos
}

// err is an error about what stands at a path; none if that could not be read.
func (c *compiler) err(path []string, code string, args ...any) {
	if !c.sound(path) {
		return
	}
	if n, all := c.root.Find(path...); all && n.Kind == tree.Scalar {
		n.Flawed = true
	}
	c.report(model.Error, c.at(path...), code, args...)
}

// errKey is an error about the last key of the path rather than its value.
func (c *compiler) errKey(path []string, code string, args ...any) {
	n, _ := c.root.Find(path[:len(path)-1]...)
	if i := slices.Index(n.Keys, path[len(path)-1]); i >= 0 {
		c.failKey(n, i, code, args...)
		return
	}
	c.report(model.Error, n.Pos, code, args...)
}

func (c *compiler) warn(path []string, code string, args ...any) {
	if c.sound(path) {
		c.report(model.Warning, c.at(path...), code, args...)
	}
}

// remark is a warning that depends on much of the scenario: it is given only if nothing is wrong.
func (c *compiler) remark(path []string, code string, args ...any) {
	c.remarks = append(c.remarks, model.Diagnostic{
		Pos: c.at(path...), Severity: model.Warning, Msg: model.Msg{Code: code, Args: args},
	})
}

func dotted(path []string) string {
	out := ""
	for _, p := range path {
		out = join(out, p)
	}
	return out
}

// sections are where the names of references stand.
var sections = map[string][]string{
	CodeUnknownSite: {"places", "points"}, CodeUnknownClass: {"equipment", "classes"}, CodeUnknownContract: {"contracts"},
	CodeUnknownPart: {"parts", "items"}, CodeUnknownDepot: {"parts", "depots"}, CodeUnknownCalendar: {"calendars"},
}

// ref is the index of a name, -1 if it is unknown, which is reported unless its section could not be read.
func (c *compiler) ref(path []string, name string, legal []string, code string) int32 {
	if i := slices.Index(legal, name); i >= 0 {
		return int32(i)
	}
	if section, ok := sections[code]; ok && !c.sound(section, name) {
		return -1
	}
	if path[len(path)-1] == name {
		c.errKey(path, code, name, nearest(name, legal))
	} else {
		c.err(path, code, name, nearest(name, legal))
	}
	return -1
}

// pathTo is a path of keys; the copy keeps siblings apart.
func pathTo(parent []string, keys ...string) []string { return append(slices.Clip(parent), keys...) }

func orDefault[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}

func number(p *Number, def float64) float64 {
	if p == nil {
		return def
	}
	return float64(*p)
}

func prob(p *Prob, def float64) float64 {
	if p == nil {
		return def
	}
	return float64(*p)
}

// clockSpan is a duration that must be a span on the clock.
func (c *compiler) clockSpan(path []string, d Duration, def model.Time) model.Time {
	if !d.Set {
		return def
	}
	if d.Unit != Clock {
		c.err(path, CodeBadUnit, dotted(path), c.written(path), strings.TrimLeft(c.written(path), "0123456789."), dayUnits)
		return def
	}
	return d.Span
}

// written is a value as it stands in the file.
func (c *compiler) written(path []string) string {
	n, _ := c.root.Find(path...)
	return n.Value
}

// run compiles the section run.
func (c *compiler) run() {
	r, w := &c.file.Run, c.world
	path := func(key string) []string { return []string{"run", key} }
	w.Title = model.Text(r.Title)
	zone := c.zone(path("timezone"), orDefault(r.Timezone, "+08:00"))
	start, err := time.ParseInLocation(time.DateOnly, r.StartDate, zone)
	if err != nil || start.Year() < 1900 || start.Year() > 2200 {
		c.err(path("start_date"), CodeBadDate, "run.start_date", r.StartDate)
		start = time.Date(calendar.FirstKnownYear, 1, 1, 0, 0, 0, 0, zone)
	}
	w.Start = start
	w.Term = c.clockSpan(path("term"), r.Term, model.Year)
	if w.Term == 0 {
		c.err(path("term"), CodeZeroHorizon, "run.term")
		w.Term = model.Year
	}
	w.Years = int((w.Term + model.Year - 1) / model.Year)
	if r.Start == "steady" {
		w.WarmUp = c.clockSpan(path("warm_up"), r.WarmUp, 90*model.Day)
	} else if r.WarmUp.Set && c.sound([]string{"run"}, "start") {
		c.warn(path("warm_up"), CodeWarmUpUnused)
	}
	w.AfterHorizon = map[string]world.AfterHorizon{"stop": world.Stop, "run_on": world.RunOn}[r.AfterHorizon]
	w.DrainCap = c.clockSpan(path("drain_cap"), r.DrainCap, 30*model.Day)
	w.Replications = c.count(path("replications"), r.Replications, 200, 1, 1_000_000)
	w.Seed = uint64(c.count(path("seed"), r.Seed, 1, 0, 1<<53))
	w.MaxEvents = int64(c.count(path("max_events"), r.MaxEvents, 60_000_000, 1, 60_000_000))
	w.Assurance = prob(r.Assurance, 0.95)
	if w.Assurance <= 0 || w.Assurance >= 1 {
		c.err(path("assurance"), CodeOutOfRange, "run.assurance", w.Assurance, "> 0, < 1")
	}
	// Deadlines may lie beyond the end of observation; the calendars know some days more.
	c.beforeDays = int(w.WarmUp/model.Day) + 40
	c.afterDays = int((w.Term+w.DrainCap)/model.Day) + 100
	c.dated = c.whole("run", "timezone") && c.whole("run", "start_date") && c.whole("run", "term") && c.whole("run", "start") &&
		c.whole("run", "warm_up")
}

func (c *compiler) count(path []string, n Count, def, low, high int) int {
	if !n.Set {
		return def
	}
	if n.N < int64(low) || n.N > int64(high) {
		c.err(path, CodeOutOfRange, dotted(path), n.N, itoa(low)+".."+itoa(high))
		return def
	}
	return int(n.N)
}

func (c *compiler) zone(path []string, text string) *time.Location {
	if text != "Z" {
		if t, err := time.Parse("-07:00", text); err == nil {
			_, offset := t.Zone()
			return time.FixedZone(text, offset)
		}
	} else {
		return time.UTC
	}
	c.err(path, CodeBadTimezone, text)
	return time.UTC
}

// alwaysOpen is the name of the calendar that is built in.
const alwaysOpen = "24x7"

// calendars compiles calendars and the days of the run. Index 0 is 24x7.
func (c *compiler) calendars() {
	w := c.world
	w.CalNames, w.Calendars = []string{alwaysOpen}, []*calendar.Calendar{nil}
	c.days, c.calUsed = map[string]*calendar.Days{}, map[string]bool{}
	main := c.file.Run.Calendar
	for _, name := range sortedKeys(c.file.Calendars) {
		spec, path := c.file.Calendars[name], []string{"calendars", name}
		if name == alwaysOpen {
			c.err(path, CodeContradict, dotted(path), alwaysOpen, name)
			continue
		}
		days := calendar.NewDays(w.Start, c.beforeDays, c.afterDays, c.dayOptions(spec, path))
		c.days[name] = days
		if main == "" && (spec.System == "china" || len(spec.Holidays) > 0) {
			main = name
		}
		weekly := calendar.Weekly{}
		for d := time.Monday; d <= time.Friday; d++ {
			weekly[d] = []calendar.Span{{Open: 0, Close: model.Day}}
		}
		if len(spec.Hours) > 0 {
			var err error
			if weekly, err = calendar.ParseWeekly(spec.Hours); err != nil && c.whole(pathTo(path, "hours")...) {
				c.err(pathTo(path, "hours"), CodeBadHours, dotted(pathTo(path, "hours")), hoursText(spec.Hours), err)
			}
		}
		w.CalNames = append(w.CalNames, name)
		w.Calendars = append(w.Calendars, calendar.New(days, weekly, rules(spec)))
		c.knownYears(name, spec, path)
	}
	if main == "" {
		w.Days = calendar.NewDays(w.Start, c.beforeDays, c.afterDays, calendar.Options{})
		return
	}
	c.calUsed[main] = true
	w.Days = c.days[main]
	if w.Days == nil {
		c.ref([]string{"run", "calendar"}, main, w.CalNames, CodeUnknownCalendar)
		w.Days = calendar.NewDays(w.Start, c.beforeDays, c.afterDays, calendar.Options{})
	}
}

func hoursText(hours map[string]string) string {
	var out []string
	for _, k := range sortedKeys(hours) {
		out = append(out, k+": "+hours[k])
	}
	return strings.Join(out, ", ")
}

func rules(spec CalendarSpec) calendar.Rules {
	return calendar.Rules{
		HolidaysOff: spec.System == "china" || len(spec.Holidays) > 0,
		MakeUpWork:  spec.MakeupDays != "weekend",
	}
}

var dayKinds = map[string]calendar.DayKind{
	"holiday": calendar.DayOff, "statutory": calendar.Statutory, "workday": calendar.MakeUp,
}

func (c *compiler) dayOptions(spec CalendarSpec, path []string) calendar.Options {
	opt := calendar.Options{System: calendar.System(spec.System), MakeUp: calendar.MakeUpRule(spec.MakeupDays)}
	for _, date := range sortedKeys(spec.Holidays) {
		here := pathTo(path, "holidays", date)
		day, err := calendar.ParseDate(date)
		if err != nil {
			c.errKey(here, CodeBadDate, dotted(here), date)
			continue
		}
		kind, ok := dayKinds[spec.Holidays[date]]
		if !ok {
			c.err(here, CodeDayKind, dotted(here), spec.Holidays[date], list(sortedKeys(dayKinds)))
			continue
		}
		if wd := day.Weekday(); kind == calendar.MakeUp && wd != time.Saturday && wd != time.Sunday {
			kind = calendar.Workday
		}
		if opt.Extra == nil {
			opt.Extra = map[string]calendar.DayKind{}
		}
		opt.Extra[date] = kind
	}
	return opt
}

// knownYears warns if the judged span or the warm-up reaches years whose holidays are projected.
func (c *compiler) knownYears(name string, spec CalendarSpec, path []string) {
	if spec.System != "china" || !c.dated {
		return
	}
	w := c.world
	first, last := w.Start.Add(-w.WarmUp).Year(), w.Start.Add(w.Term-time.Second).Year()
	if first >= calendar.FirstKnownYear && last <= calendar.LastKnownYear {
		return
	}
	year := first
	if first >= calendar.FirstKnownYear {
		year = max(first, calendar.LastKnownYear+1)
	}
	if c.file.Run.StrictCal {
		c.err(path, CodeYearBeyond, name, year, calendar.FirstKnownYear, calendar.LastKnownYear)
		return
	}
	c.warn(path, CodeProjected, name, year, calendar.LastKnownYear)
}

// cal is the index of a calendar by name; "" is 24x7.
func (c *compiler) cal(path []string, name string) int32 {
	if name == "" {
		return 0
	}
	c.calUsed[name] = true
	return max(c.ref(path, name, c.world.CalNames, CodeUnknownCalendar), 0)
}

// placesAndDistances compiles places.
func (c *compiler) placesAndDistances() {
	p, w := &c.file.Places, c.world
	c.places = sortedKeys(p.Points)
	if len(c.places) > maxPlaces {
		c.err([]string{"places", "points"}, CodeTooManyPlaces, len(c.places), maxPlaces)
		c.root.Get("places").Get("points").Refused = true
		c.places = nil
		return
	}
	planar := p.Metric == "plane"
	var regions, cities []string
	for _, id := range c.places {
		point := p.Points[id]
		regions = append(regions, point.Region)
		cities = append(cities, orDefault(point.City, id))
	}
	slices.Sort(regions)
	w.Regions = slices.Compact(regions)
	w.NRegion = len(w.Regions)
	slices.Sort(cities)
	cities = slices.Compact(cities)
	known := make([]bool, len(c.places)) // has coordinates
	for i, id := range c.places {
		point, path := p.Points[id], []string{"places", "points", id}
		x, y, keys := point.Lon, point.Lat, [2]string{"lon", "lat"}
		if planar {
			x, y, keys = point.X, point.Y, [2]string{"x_km", "y_km"}
		}
		if known[i] = x != nil && y != nil; !known[i] && (x != nil || y != nil) && c.sound(path, keys[0], keys[1]) && c.whole("places", "metric") {
			if x == nil {
				keys[0], keys[1] = keys[1], keys[0]
			}
			c.err(path, CodeHalfPoint, id, keys[0], keys[1])
		}
		region, _ := slices.BinarySearch(w.Regions, point.Region)
		city, _ := slices.BinarySearch(cities, orDefault(point.City, id))
		w.Places = append(w.Places, world.Place{
			ID: id, Name: named(point.Name, id), X: number(x, 0), Y: number(y, 0), Planar: planar,
			Region: int32(region), City: int32(city), Tags: slices.Clone(point.Tags),
		})
	}
	c.distances(known, number(p.Detour, 1.2)) // 1.2: an assumption, road km per great-circle km
}

// named is a name, or the id where none is given.
func named(t Text, id string) model.Text {
	if t == (Text{}) {
		return model.Text{En: id, Zh: id}
	}
	return model.Text(t)
}

func (c *compiler) distances(known []bool, detour float64) {
	w, n := c.world, len(c.places)
	w.Dist = make([]int32, n*n)
	for i := range n {
		for j := range n {
			if i == j {
				continue
			}
			w.Dist[i*n+j] = -1
			if known[i] && known[j] {
				a, b := &w.Places[i], &w.Places[j]
				km := math.Hypot(a.X-b.X, a.Y-b.Y)
				if !a.Planar {
					km = greatCircle(a, b) * detour
				}
				w.Dist[i*n+j] = int32(min(math.Round(km*1000), maxMetres))
			}
		}
	}
	given := make([]bool, n*n)
	for _, from := range sortedKeys(c.file.Places.Distances) {
		i := c.ref([]string{"places", "distances", from}, from, c.places, CodeUnknownSite)
		row := c.file.Places.Distances[from]
		for _, to := range sortedKeys(row) {
			j := c.ref([]string{"places", "distances", from, to}, to, c.places, CodeUnknownSite)
			if i < 0 || j < 0 || i == j {
				continue
			}
			w.Dist[int(i)*n+int(j)], given[int(i)*n+int(j)] = int32(row[to].Metres), true
			if !given[int(j)*n+int(i)] {
				w.Dist[int(j)*n+int(i)] = int32(row[to].Metres)
			}
		}
	}
}

// greatCircle is the distance in km by the haversine formula on a sphere of the mean radius of the Earth,
// 6371.0088 km (IUGG).
func greatCircle(a, b *world.Place) float64 {
	const radius, rad = 6371.0088, math.Pi / 180
	sinLat, sinLon := math.Sin((b.Y-a.Y)*rad/2), math.Sin((b.X-a.X)*rad/2)
	h := sinLat*sinLat + math.Cos(a.Y*rad)*math.Cos(b.Y*rad)*sinLon*sinLon
	return 2 * radius * math.Asin(math.Min(1, math.Sqrt(h)))
}

// place is the id of a place by name, -1 if it is unknown.
func (c *compiler) place(path []string, name string) int32 {
	return c.ref(path, name, c.places, CodeUnknownSite)
}

// region is the id of a region by name, -1 if no place names it.
func (c *compiler) region(path []string, name string) int32 {
	i := int32(slices.Index(c.world.Regions, name))
	if i < 0 && c.whole("places", "points") {
		return c.ref(path, name, c.world.Regions, CodeUnknownRegion)
	}
	return i
}

// travel compiles travel.
func (c *compiler) travel() {
	t, w := &c.file.Travel, &c.world.Travel
	path := func(keys ...string) []string { return append([]string{"travel"}, keys...) }
	switch t.Mode {
	case "road":
		w.Mode = world.RoadTravel
		if !t.Speed.Set && c.sound(path(), "speed") {
			c.err(path("mode"), CodeNeeds, "travel", "mode: road", "speed")
		}
	case "bands":
		w.Mode = world.BandTravel
		if len(t.Bands) == 0 && c.sound(path(), "bands") {
			c.err(path("mode"), CodeNeeds, "travel", "mode: bands", "bands")
		}
	}
	w.SpeedKmh = t.Speed.Kmh
	for m := range w.MonthFactor {
		w.MonthFactor[m] = 1
	}
	var seen [12]bool
	for _, id := range sortedKeys(t.Seasons) {
		for i, m := range t.Seasons[id].Months {
			if m == 0 { // could not be read
				continue
			}
			if seen[m-1] {
				here := path("seasons", id, "months", itoa(i))
				c.err(here, CodeMonthTwice, dotted(here), m)
			}
			seen[m-1] = true
			w.MonthFactor[m-1] = float64(t.Seasons[id].Factor)
		}
	}
	w.HolidayFactor = number(t.HolidayFactor, 1)
	w.Factor = model.Dist{Kind: model.Constant, A: 1}
	if v := number(t.Variation, 0); v > 0 { // lognormal with mean 1
		s2 := math.Log1p(v * v)
		w.Factor = model.Dist{Kind: model.Lognormal, A: -s2 / 2, B: math.Sqrt(s2)}
	}
	c.cityLeg(t.CityLeg, path("city_leg"))
	w.Mobilise, w.MobiliseCall, w.Entry = t.Mobilise.AtBase.Value, t.Mobilise.OnCall.Value, t.Entry.Value
	rows := slices.Clone(t.Bands)
	slices.SortStableFunc(rows, func(a, b TravelBand) int { return int(a.Within.Metres - b.Within.Metres) })
	for i, b := range rows {
		if i > 0 && b.Within == rows[i-1].Within && c.whole("travel", "bands") {
			c.err(path("bands"), CodeBandOrder, "travel.bands")
		}
		w.BandMetres = append(w.BandMetres, int32(b.Within.Metres))
		w.BandTimes = append(w.BandTimes, c.clockSpan(path("bands"), b.Time, 0))
	}
	for _, id := range sortedKeys(t.Weather) {
		c.weather(id, t.Weather[id], path("weather", id))
	}
}

func (c *compiler) cityLeg(leg *CityLeg, path []string) {
	w := &c.world.Travel
	if leg == nil {
		return
	}
	w.HasCityLeg = true
	off := c.clockSpan(pathTo(path, "off_peak"), leg.OffPeak, 0)
	peak := c.clockSpan(pathTo(path, "peak"), leg.Peak, off)
	night := c.clockSpan(pathTo(path, "night"), leg.Night, off)
	from, to := 22, 6
	if leg.NightFrom != nil {
		from = *leg.NightFrom
	}
	if leg.NightTo != nil {
		to = *leg.NightTo
	}
	peaks := leg.PeakHours
	if peaks == nil {
		peaks = []int{7, 8, 17, 18}
	}
	for h := range w.CityLeg {
		inNight := h >= from && h < to
		if from > to {
			inNight = h >= from || h < to
		}
		switch {
		case slices.Contains(peaks, h):
			w.CityLeg[h] = peak
		case inNight:
			w.CityLeg[h] = night
		default:
			w.CityLeg[h] = off
		}
	}
}

// monthDays are the days of the months of a common year.
var monthDays = [12]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

func (c *compiler) weather(id string, in Weather, path []string) {
	in.Months = slices.Compact(slices.Sorted(slices.Values(in.Months)))
	days := 0
	for _, m := range in.Months {
		if m > 0 { // 0 could not be read
			days += monthDays[m-1]
		}
	}
	if len(in.Months) == 0 {
		days = 365
	}
	monthsRead := c.whole(pathTo(path, "months")...)
	out := world.Weather{ID: id, SpeedKmh: in.Speed.Kmh, Hours: c.clockSpan(pathTo(path, "hours"), in.Hours, 0)}
	for _, region := range sortedKeys(in.Regions) {
		c.region(pathTo(path, "regions", region), region)
	}
	for _, region := range c.world.Regions {
		perYear, here := float64(in.DaysPerYear), pathTo(path, "days_per_year")
		if own, ok := in.Regions[region]; ok {
			perYear, here = float64(own), pathTo(path, "regions", region)
		}
		if perYear > float64(days) && monthsRead {
			c.err(here, CodeWeatherDays, dotted(here), perYear, days)
		}
		var row [12]float64
		for m := range row {
			if len(in.Months) == 0 || slices.Contains(in.Months, m+1) {
				row[m] = perYear / float64(days)
			}
		}
		out.Probability = append(out.Probability, row)
	}
	c.world.Travel.Weather = append(c.world.Travel.Weather, out)
}

// costs compiles costs and checks the labels of all amounts.
func (c *compiler) costs() {
	in, w := &c.file.Costs, &c.world.Costs
	*w = world.Costs{
		Currency: orDefault(in.Currency, "CNY"), Holding: prob(in.Holding, 0),
		CarKm: in.CarKm.Amount, NightAway: in.NightAway.Amount, CourierRun: in.CourierRun.Amount,
		CourierKm: in.CourierKm.Amount, Places: in.Places.Amount, Overtime: [3]float64{1.5, 2, 3},
	}
	w.Life = model.Hours(c.clockSpan([]string{"costs", "life"}, in.Life, 5*model.Year)) / model.Hours(model.Year)
	if w.Life == 0 {
		c.err([]string{"costs", "life"}, CodeOutOfRange, "costs.life", "0", "> 0")
	}
	if in.Overtime != nil && len(in.Overtime) != 3 {
		c.err([]string{"costs", "overtime"}, CodeListLength, "costs.overtime", len(in.Overtime), 3)
	} else if in.Overtime != nil {
		for i, x := range in.Overtime {
			w.Overtime[i] = float64(x)
		}
	}
	for _, id := range sortedKeys(in.Open) {
		if at := c.place([]string{"costs", "open", id}, id); at >= 0 && c.inUse(at) {
			w.Places += in.Open[id].Amount
		}
	}
	for _, m := range c.currencies {
		if m.label != w.Currency && c.sound([]string{"costs"}, "currency") {
			c.report(model.Warning, m.pos, CodeCurrency, m.path, m.label, w.Currency)
		}
	}
}

// inUse reports whether a team or stock of ours is at a place.
func (c *compiler) inUse(place int32) bool {
	w := c.world
	for i := range w.Teams {
		if w.Teams[i].Place == place && w.Teams[i].Count > 0 && !w.Teams[i].Partner {
			return true
		}
	}
	for i := range w.Stock {
		if d := &w.Depots[i/len(w.Parts)]; d.Place == place && w.Stock[i].Rule != world.NotStocked && w.Stock[i].S > 0 {
			return true
		}
	}
	return false
}

// unused warns of calendars that nothing names.
func (c *compiler) unused() {
	for _, name := range sortedKeys(c.file.Calendars) {
		if !c.calUsed[name] {
			c.remark([]string{"calendars", name}, CodeUnusedCalendar, name)
		}
	}
}
