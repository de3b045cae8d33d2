package history

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
	"golang.org/x/text/width"

	"slasim/model"
	"slasim/model/world"
	"slasim/scenarios"
)

// Codes of the diagnostics of this package with their arguments.
const (
	CodeNoMapping  = "history_no_mapping"  // name, nearest embedded mapping, embedded mappings
	CodeUnread     = "history_unreadable"  // name, the system's words
	CodeTooLarge   = "history_too_large"   // limit in bytes (int)
	CodeEmpty      = "history_empty"       //
	CodeNoRows     = "history_no_rows"     // rows read (int)
	CodeNoColumn   = "history_no_column"   // column, nearest, columns of the file
	CodeRow        = "history_row"         // the CSV library's words
	CodeFields     = "history_fields"      // fields of the row (int), of the header (int)
	CodeTime       = "history_time"        // column, value, format of the mapping
	CodeTimeFormat = "history_time_format" // format
	CodeTimeZone   = "history_time_zone"   // value
	CodeTimeOrder  = "history_time_order"  // earlier column, its value, later column, its value
	CodeLetter     = "history_letter"      // key, value
	CodeUnknown    = "history_unknown"     // what (site, class, failure, severity, contract, clause), value, nearest, legal
	CodeBlank      = "history_blank"       // column
	CodeBytes      = "history_bytes"       // column
	CodeDuplicate  = "history_duplicate"   // id, line of the first (int)
	CodeNoSource   = "history_no_source"   // source, site, class
	CodeMore       = "history_more"        // further rows with errors (int)
	CodeOutside    = "history_outside"     // tickets outside the term (int), tickets (int)
	CodeShift      = "history_shift"       // value of --shift-to
	CodeNoContract = "history_no_contract" // contracts
)

const (
	maxBytes  = 256 << 20 // of the unpacked file: about a million tickets
	maxListed = 20        // rows with errors that are shown
)

// Options of Read.
type Options struct {
	Mapping string // file, or name of an embedded mapping
	ShiftTo string // YYYY-MM-DD: move by whole weeks so that the first ticket falls in the week (from Monday) of this day
	FS      fs.FS  // nil: the working directory
}

// History is a world that replays recorded tickets.
type History struct {
	World    *world.World
	Rows     int       // read, the header aside
	Filtered int       // left out by the filter
	Outside  int       // left out because they fall outside the run
	Weeks    int       // by which the history was moved
	First    time.Time // first and last ticket, after the move
	Last     time.Time //

	// Tickets and Mapping are what is replayed in the scenario's own words, as a history and a mapping that Read takes:
	// all that is needed to replay it again. Hash is their SHA-256 in hex.
	Tickets, Mapping []byte
	Hash             string

	File, FileHash string // base name and SHA-256 of the file as it was given
	MappingName    string // of the mapping as it was given
	Given          []byte // its text
}

type row struct {
	line               int
	ticket             world.HistoryTicket
	at                 time.Time
	site, class, level string // in the scenario's words; class may be class/failure
}

// Read reads a history for a world, which is not changed. It returns nil if there is an error; the diagnostics are all
// that was found.
func Read(file string, opt Options, w *world.World) (*History, model.Diagnostics) {
	r := &table{file: file, w: w, columns: map[string]int{}, told: map[model.Pos]bool{}}
	h := r.read(opt)
	r.diags.Sort()
	if r.diags.HasErrors() {
		return nil, r.diags
	}
	return h, r.diags
}

// table reads one history.
type table struct {
	reader
	file    string
	w       *world.World
	m       *mapping
	lines   []string
	header  []string
	columns map[string]int
	goals   *goals
	rows    []row
	told    map[model.Pos]bool // names of the mapping that the scenario lacks, reported
	bad     int                // rows with errors
	csv     *csv.Reader
}

func (t *table) read(opt Options) *History {
	read := opener(opt.FS)
	m, mapText := t.readMapping(opt.Mapping, read)
	var shift time.Time
	if opt.ShiftTo != "" {
		var err error
		if shift, err = time.Parse(time.DateOnly, opt.ShiftTo); err != nil {
			t.fail(model.Pos{File: "--shift-to"}, CodeShift, opt.ShiftTo)
		}
	}
	raw, err := read(t.file)
	if err != nil {
		t.unread(t.file, err)
	}
	if m == nil || t.diags.HasErrors() {
		return nil
	}
	t.m = m
	text := t.text(raw)
	contract := t.contract()
	if t.diags.HasErrors() {
		return nil
	}
	h := &History{File: filepath.Base(t.file), FileHash: hexSum(raw), MappingName: filepath.Base(opt.Mapping), Given: mapText}
	compared := t.clause(contract)
	t.parse(text, contract, h)
	if h.Rows == 0 && !t.diags.HasErrors() {
		t.fail(model.Pos{File: t.file}, CodeEmpty)
		return nil
	}
	if t.bad > maxListed {
		t.fail(model.Pos{File: t.file}, CodeMore, t.bad-maxListed)
	}
	if t.diags.HasErrors() {
		return nil
	}
	if len(t.rows) == 0 {
		t.fail(model.Pos{File: t.file}, CodeNoRows, h.Rows)
		return nil
	}
	slices.SortStableFunc(t.rows, func(a, b row) int { return a.at.Compare(b.at) })
	if opt.ShiftTo != "" {
		h.Weeks = weeks(t.rows[0].at, shift)
	}
	t.place(h)
	if h.World == nil {
		return nil
	}
	h.World.Compared = compared
	t.write(h)
	return h
}

func hexSum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// weeks is how many whole weeks lie between the weeks, from Monday, of two days.
func weeks(from, to time.Time) int {
	monday := func(t time.Time) int64 { // whole days since 1970, a Thursday, of the Monday of t's week
		day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400
		return day - int64(t.Weekday()+6)%7
	}
	return int((monday(to) - monday(from)) / 7)
}

// place puts the tickets on the world's clock.
func (t *table) place(h *History) {
	w := *t.w
	end := w.Term
	if w.AfterHorizon == world.RunOn {
		end += w.DrainCap
	}
	all := len(t.rows)
	t.rows = slices.DeleteFunc(t.rows, func(x row) bool {
		at := x.at.AddDate(0, 0, 7*h.Weeks).Sub(w.Start)
		return at < -w.WarmUp || at >= end
	})
	h.Outside = all - len(t.rows)
	if len(t.rows) == 0 {
		t.fail(model.Pos{File: t.file}, CodeOutside, h.Outside, all)
		return
	}
	if h.Outside > 0 {
		t.report(model.Warning, model.Pos{File: t.file}, CodeOutside, h.Outside, all)
	}
	sources := t.madeSources()
	w.Sources = append(slices.Clip(w.Sources), sources...)
	for i := range t.rows {
		x := &t.rows[i]
		x.at = x.at.AddDate(0, 0, 7*h.Weeks)
		x.ticket.At = x.at.Sub(w.Start)
		x.ticket.Source = t.goals.source[t.goals.sourceName(x.site, x.class)]
		w.History = append(w.History, x.ticket)
	}
	h.First, h.Last = t.rows[0].at, t.rows[len(t.rows)-1].at
	h.World = &w
}

// madeSources are the fault sources that tickets need and the scenario lacks, by name. A made source fails as another
// one of its class does; it has one unit and no faults but those of the history.
func (t *table) madeSources() []world.Source {
	g := t.goals
	var made []world.Source
	for i := range t.rows {
		name := g.sourceName(t.rows[i].site, t.rows[i].class)
		if _, ok := g.source[name]; ok {
			continue
		}
		g.source[name] = -1
		like := t.like(t.rows[i].class)
		made = append(made, world.Source{Name: name, Hash: model.HashName(name), Contract: g.index, Site: g.place[t.rows[i].site],
			Units: 1, Failures: like.Failures})
	}
	slices.SortFunc(made, func(a, b world.Source) int { return strings.Compare(a.Name, b.Name) })
	for i := range made {
		g.source[made[i].Name] = int32(len(t.w.Sources) + i)
	}
	return made
}

// like is a source of the scenario of a class, nil if it has none.
func (t *table) like(class string) *world.Source {
	class, _, _ = strings.Cut(class, "/")
	for i := range t.w.Sources {
		if s := &t.w.Sources[i]; t.w.Failures[s.Failures[0].Failure].Class == class {
			return s
		}
	}
	return nil
}

// write puts what is replayed into the scenario's own words.
func (t *table) write(h *History) {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	both := t.m.times["occurred"].name != "" && t.m.times["reported"].name != ""
	_ = out.Write([]string{"id", "occurred", "reported", "resolved", "site", "class", "severity"}) // a Buffer never fails
	clock := func(at time.Time) string { return at.Format("2006-01-02T15:04:05") }
	for i := range t.rows {
		x := &t.rows[i]
		line := []string{x.ticket.ID, "", "", "", x.site, x.class, x.level}
		if x.ticket.Delay < 0 || both {
			line[1] = clock(x.at)
		}
		if x.ticket.Delay >= 0 {
			line[2] = clock(x.at.Add(x.ticket.Delay))
		}
		if x.ticket.Resolved >= 0 {
			line[3] = clock(x.at.Add(x.ticket.Delay + x.ticket.Resolved))
		}
		_ = out.Write(line)
	}
	out.Flush()
	h.Tickets = b.Bytes()

	var m strings.Builder
	m.WriteString("id: id\nencoding: utf-8\ncontract: " + quote(t.goals.contract) + "\ntimes:\n  timezone: local\n")
	for _, k := range []string{"occurred", "reported", "resolved"} {
		if t.m.times[k].name != "" {
			m.WriteString("  " + k + ": " + k + "\n")
		}
	}
	m.WriteString("site: site\nclass: class\nseverity: severity\ncreate: true\n")
	if t.m.compare.name != "" {
		m.WriteString("compare: " + quote(t.m.compare.name) + "\n")
	}
	h.Mapping = []byte(m.String())
	h.Hash = hexSum([]byte(hexSum(h.Tickets) + hexSum(h.Mapping)))
}

// quote is a text as YAML takes it for one, whatever is in it.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// text is the file unpacked and as UTF-8, without a byte order mark.
func (t *table) text(raw []byte) string {
	at := model.Pos{File: t.file}
	if bytes.HasPrefix(raw, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(bytes.NewReader(raw))
		if err == nil {
			raw, err = io.ReadAll(io.LimitReader(z, maxBytes+1))
		}
		if err != nil {
			t.fail(at, CodeUnread, t.file, err.Error())
			return ""
		}
	}
	if len(raw) > maxBytes {
		t.fail(at, CodeTooLarge, maxBytes)
		return ""
	}
	encoding := t.m.encoding
	mark16 := bytes.HasPrefix(raw, []byte{0xff, 0xfe}) || bytes.HasPrefix(raw, []byte{0xfe, 0xff})
	if encoding == "auto" {
		switch {
		case mark16:
			encoding = "utf-16"
		case utf8.Valid(raw): // the whole file: a part may cut a character
			encoding = "utf-8"
		default:
			encoding = "gb18030"
		}
	}
	var err error
	switch encoding {
	case "utf-16":
		raw, _, err = transform.Bytes(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder(), raw)
	case "gb18030", "gbk": // never fails; it writes U+FFFD, which is refused field by field
		raw, _, err = transform.Bytes(simplifiedchinese.GB18030.NewDecoder(), raw)
	}
	if err != nil {
		t.fail(at, CodeUnread, t.file, err.Error())
	}
	return strings.ToValidUTF8(strings.TrimPrefix(string(raw), "\ufeff"), "\ufffd")
}

// contract is the contract of all rows.
func (t *table) contract() int32 {
	var ids []string
	for i := range t.w.Contracts {
		if ids = append(ids, t.w.Contracts[i].ID); ids[i] == t.m.contract.name {
			return int32(i)
		}
	}
	switch {
	case t.m.contract.name != "":
		t.unknown(t.m.contract.pos, "contract", t.m.contract.name, ids)
	case len(ids) != 1:
		t.fail(t.m.contract.pos, CodeNoContract, scenarios.List(ids))
	}
	return 0
}

// clause is the clause about tickets that the mapping compares, from 1; 0 if it compares none.
func (t *table) clause(contract int32) int32 {
	if t.m.compare.name == "" {
		return 0
	}
	var ids []string
	for i := range t.w.Clauses {
		c := &t.w.Clauses[i]
		if c.Contract == contract && c.Of == model.SubjectTicket && len(c.Clock.Stop.Of) > 0 {
			if ids = append(ids, c.ID); c.ID == t.m.compare.name {
				return int32(i) + 1
			}
		}
	}
	t.unknown(t.m.compare.pos, "clause", t.m.compare.name, ids)
	return 0
}

func (t *table) unknown(pos model.Pos, what, value string, legal []string) {
	t.fail(pos, CodeUnknown, what, value, scenarios.Nearest(value, legal), scenarios.List(legal))
}

// parse reads all rows; a row with an error is reported and skipped.
func (t *table) parse(text string, contract int32, h *History) {
	t.lines = strings.Split(text, "\n")
	t.csv = csv.NewReader(strings.NewReader(text))
	t.csv.Comma, t.csv.Comment, t.csv.ReuseRecord = t.m.delimiter, t.m.comment, true
	header, err := t.csv.Read()
	if err != nil {
		if !errors.Is(err, io.EOF) {
			t.rowError(err, nil)
		}
		return
	}
	t.header = slices.Clone(header)
	for i, name := range t.header {
		t.columns[strings.TrimSpace(name)] = i
	}
	need := []column{t.m.id, t.m.site.column, t.m.class.column, t.m.severity.column}
	for _, k := range instants {
		need = append(need, t.m.times[k])
	}
	for _, f := range t.m.filter {
		need = append(need, f.column)
	}
	for _, c := range need {
		if _, ok := t.columns[c.name]; c.name != "" && !ok {
			t.fail(c.pos, CodeNoColumn, c.name, scenarios.Nearest(c.name, t.header), strings.Join(t.header, ", "))
		}
	}
	if t.diags.HasErrors() {
		return
	}
	t.goals = newGoals(t.w, contract)
	first := map[string]int{}
	for {
		fields, err := t.csv.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		h.Rows++
		if err != nil {
			t.rowError(err, fields)
			continue
		}
		if !t.kept(fields) {
			h.Filtered++
			continue
		}
		before := len(t.diags)
		x := t.row(fields)
		if line, twice := first[x.ticket.ID]; twice {
			t.failAt(t.columns[t.m.id.name], CodeDuplicate, x.ticket.ID, line)
		} else {
			first[x.ticket.ID] = x.line
		}
		if len(t.diags) > before {
			if t.bad++; t.bad > maxListed {
				t.diags = t.diags[:before]
			}
			continue
		}
		if t.bad == 0 {
			t.rows = append(t.rows, x)
		}
	}
}

func (t *table) kept(fields []string) bool {
	for _, f := range t.m.filter {
		if !slices.Contains(f.values, strings.TrimSpace(fields[t.columns[f.name]])) {
			return false
		}
	}
	return true
}

func (t *table) rowError(err error, fields []string) {
	if t.bad++; t.bad > maxListed {
		return
	}
	var p *csv.ParseError
	if errors.As(err, &p) {
		if errors.Is(p.Err, csv.ErrFieldCount) {
			t.fail(t.runes(p.Line, p.Column), CodeFields, len(fields), len(t.header))
			return
		}
		t.fail(t.runes(p.Line, p.Column), CodeRow, p.Err.Error())
		return
	}
	t.fail(model.Pos{File: t.file}, CodeRow, err.Error())
}

// failAt reports a finding at a field of the row just read.
func (t *table) failAt(field int, code string, args ...any) {
	t.fail(t.runes(t.csv.FieldPos(field)), code, args...)
}

// runes turns a column in bytes into one in runes.
func (t *table) runes(line, col int) model.Pos {
	p := model.Pos{File: t.file, Line: line, Col: max(col, 1)}
	if line >= 1 && line <= len(t.lines) {
		s := t.lines[line-1]
		p.Col = utf8.RuneCountInString(s[:min(max(col-1, 0), len(s))]) + 1
	}
	return p
}

// field is a field of the row without blanks around it; one that could not be decoded is an error.
func (t *table) field(fields []string, c column) (string, int) {
	if c.name == "" {
		return "", 0
	}
	i := t.columns[c.name]
	v := strings.TrimSpace(fields[i])
	if strings.ContainsRune(v, '\ufffd') {
		t.failAt(i, CodeBytes, c.name)
	}
	return v, i
}

func (t *table) row(fields []string) row {
	g := t.goals
	x := row{ticket: world.HistoryTicket{Source: -1, Failure: -1, Delay: -1, Resolved: -1}}
	x.line, _ = t.csv.FieldPos(0)
	if x.ticket.ID, _ = t.field(fields, t.m.id); t.m.id.name == "" {
		x.ticket.ID = itoa(x.line)
	} else if x.ticket.ID == "" {
		t.failAt(t.columns[t.m.id.name], CodeBlank, t.m.id.name)
	}

	var at [5]time.Time
	var text [5]string
	for k, name := range instants {
		c := t.m.times[name]
		v, i := t.field(fields, c)
		switch {
		case c.name == "":
		case v == "" && k == 0 && t.m.times["reported"].name != "": // the report stands for it
		case v == "" && k <= 1:
			t.failAt(i, CodeBlank, c.name)
		case v != "":
			var ok bool
			if at[k], ok = t.instant(v); !ok {
				t.failAt(i, CodeTime, c.name, v, t.m.format)
			}
			text[k] = v
		}
	}
	occurred, reported, resolved := at[0], at[1], at[3]
	switch {
	case occurred.IsZero():
		x.at, x.ticket.Delay = reported, 0
	case reported.IsZero():
		x.at = occurred
	default:
		x.at, x.ticket.Delay = occurred, reported.Sub(occurred)
		if x.ticket.Delay < 0 {
			t.failAt(t.columns[t.m.times["reported"].name], CodeTimeOrder, t.m.times["occurred"].name, text[0], t.m.times["reported"].name, text[1])
		}
	}
	if !resolved.IsZero() && !reported.IsZero() {
		if x.ticket.Resolved = resolved.Sub(reported); x.ticket.Resolved < 0 {
			t.failAt(t.columns[t.m.times["resolved"].name], CodeTimeOrder, t.m.times["reported"].name, text[1], t.m.times["resolved"].name, text[3])
		}
	}

	var okSite, okClass, okLevel bool
	x.site, okSite = t.translate(fields, &t.m.site, "site", g.sites)
	x.class, okClass = t.translate(fields, &t.m.class, "class", g.classes)
	x.level, okLevel = t.translate(fields, &t.m.severity, "severity", g.levels)
	if okLevel && x.level != "" {
		x.ticket.Severity = int32(slices.Index(g.levels, x.level)) + 1
	}
	if okSite && okClass {
		if failure, given := g.failure[x.class]; given {
			x.ticket.Failure = failure
		}
		name := g.sourceName(x.site, x.class)
		if _, ok := g.source[name]; !ok && (!t.m.create || t.like(x.class) == nil) {
			class, _, _ := strings.Cut(x.class, "/")
			t.failAt(max(t.columns[t.m.site.name], 0), CodeNoSource, name, x.site, class)
		}
	}
	return x
}

// translate gives the scenario's name for a field.
func (t *table) translate(fields []string, l *lookup, what string, legal []string) (string, bool) {
	if !l.given {
		return "", true
	}
	v, i := t.field(fields, l.column)
	w, mapped := l.words[v]
	name, pos := w.name, w.pos
	switch {
	case mapped:
	case v != "" && slices.Contains(legal, v):
		return v, true
	case l.fallback.name != "":
		name, pos = l.fallback.name, l.fallback.pos
	case v == "" && what == "severity": // drawn
		return "", true
	case v == "":
		t.failAt(i, CodeBlank, l.name)
		return "", false
	default:
		known := slices.Clone(legal)
		for k := range l.words {
			known = append(known, k)
		}
		slices.Sort(known)
		near := scenarios.Nearest(v, known)
		t.failAt(i, CodeUnknown, what, v, near, scenarios.List(known))
		return "", false
	}
	if !slices.Contains(legal, name) { // the mapping is wrong, not the row, and is told once
		if !t.told[pos] {
			t.told[pos] = true
			t.unknown(pos, what, name, legal)
		}
		return "", false
	}
	return name, true
}

// instant reads a time. Full-width digits are read too.
func (t *table) instant(v string) (time.Time, bool) {
	v = width.Narrow.String(v)
	zone := t.m.zone
	if zone == nil {
		zone = t.w.Start.Location()
	}
	layouts := []string{t.m.layout}
	if t.m.layout == "" {
		layouts = []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04",
			time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02"}
	}
	for _, l := range layouts {
		if at, err := time.ParseInLocation(l, v, zone); err == nil {
			return at.In(t.w.Start.Location()).Truncate(time.Second), at.Year() > 1900 && at.Year() < 2200
		}
	}
	return time.Time{}, false
}

// goals are the names that a history may mean.
type goals struct {
	contract string
	index    int32
	sites    []string
	place    map[string]int32
	classes  []string // classes, and class/failure
	failure  map[string]int32
	levels   []string // by rank
	source   map[string]int32
}

func newGoals(w *world.World, contract int32) *goals {
	c := &w.Contracts[contract]
	g := &goals{contract: c.ID, index: contract, place: map[string]int32{}, failure: map[string]int32{}, source: map[string]int32{}}
	for i := range w.Places {
		g.sites = append(g.sites, w.Places[i].ID)
		g.place[w.Places[i].ID] = int32(i)
	}
	for i := range w.Failures {
		f := &w.Failures[i]
		if !slices.Contains(g.classes, f.Class) {
			g.classes = append(g.classes, f.Class)
		}
		_, id, nested := strings.Cut(f.ID, "/")
		if !nested {
			id = f.ID
		}
		g.classes = append(g.classes, f.Class+"/"+id)
		g.failure[f.Class+"/"+id] = int32(i)
	}
	for i := range c.Severities {
		g.levels = append(g.levels, c.Severities[i].ID)
	}
	for i := range w.Sources {
		g.source[w.Sources[i].Name] = int32(i)
	}
	return g
}

// sourceName is the name of the fault source of a site and class, which may be class/failure.
func (g *goals) sourceName(site, class string) string {
	class, _, _ = strings.Cut(class, "/")
	return g.contract + "/" + site + "/" + class
}
