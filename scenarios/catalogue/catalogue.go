// Package catalogue holds the clauses of five service plans as data: where each stands, what it means in our words,
// which clock and which facts it states, and what carries it in a scenario. The tables are CSV files beside this one.
//
// A row's clock is a list, separated by semicolons, of "start>stop limit…": milestones as scenarios name them, ? for a
// start the plan does not state, and limits such as 30m, 5wd, 6h-12h (a range), >=3wd (at least), month (a period), agreed
// (the number is in another document), lost (it stood in a table that is missing) or none; level=limit and @band=limit
// make a table of them. A scope is a list of axis:value. Facts are key=value, separated by semicolons; FactKeys lists the
// keys.
package catalogue

import (
	"bytes"
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"slasim/model"
)

//go:embed *.csv
var files embed.FS

// Plan is one document of promises.
type Plan struct {
	ID       string // S1 … S5; the ids of its rows begin with it
	Name     model.Text
	Scenario string   // the embedded scenario that carries it, if there is one
	Bidders  []Bidder // names the plan gives its author
	Rows     []Row
}

// Bidder is a name and where it first stands.
type Bidder struct {
	Line int
	Name string
}

// Row is one clause of a plan.
type Row struct {
	ID        string
	Section   string     // as the plan labels it; of a page of several documents first the document's letter
	Line      int        // of the plan's text
	Kind      string     // T timed, R rule, K capacity, P planned work, D deliverable, Q quality or money, X slogan
	Use       string     // of S (changes the simulation), M (a verdict), E (a document only)
	Anchor    string     // the plan's own locating words, corrected where they were garbled
	Printed   string     // the anchor as it stands in the text, where that differs
	Meaning   model.Text // in our words
	Decisions []string   // ids of the decisions that touch it: A-01 …
	Clocks    []Clock
	Scope     map[string][]string // axis: values; none means everything
	Facts     []Fact
	CarriedBy string // dotted path in a scenario; EVIDENCE or OUT with a reason in Note
	Note      model.Text
}

// Clock is one span a row speaks of.
type Clock struct {
	Start, Stop string // milestones; "?" if the plan does not say from when
	Limits      []Limit
}

// Limit is one limit of a clock. A span in days is counted in blocks of 24 h; working days stay apart.
type Limit struct {
	Level   string // "" for all
	Band    string // "" for all
	Text    string // as in the catalogue, without level and band
	Span    model.Time
	From    model.Time // lower end of a range, 0 if it is none
	AtLeast bool       // a notice or a least length rather than a limit
	Days    int        // working days, 0 if it is none
	Numeric bool       // a span, working days, a count or a period; false for agreed, lost and none
}

// Fact is one statement of a row.
type Fact struct{ Key, Value string }

// Word is a word that occurs in the plans and needs a number, a meaning or a correction.
type Word struct {
	Word     string
	Kind     string     // soft, term, replaced, or turned: replaced so that a bound says the opposite
	Meaning  model.Text // of a replaced or turned word, Zh is the word that was meant
	Decision string     // that asks what a term means
}

// Keys of facts. Those of Statements contradict each other where a plan states different values.
var (
	FactKeys = []string{
		"hours",    // service time: 24x7 or office
		"target",   // share that is stated
		"word",     // a word in place of a number
		"term",     // a word the plan does not define
		"waits",    // work waits for a yes of the customer, or of one of our own
		"pause",    // stated: the plan says whether that wait counts
		"also",     // further sections with the same promise
		"misprint", // printed→meant
		"level",    // defines a level of severity
		"outage",   // its condition on the age of the outage, or none
		"users",    // its condition on the share of users
		"level_1",  // what level 1 is: worst or easiest
		"every",    // period of a report
		"people",   // number of people promised
		"slogan",   // a promise of everything or nothing
		"penalty",  // unstated: compensation without an amount
	}
	Statements = []string{
		"emergency_buy", "quarterly_report", "depots", "part_from", "branches", "phone_hours", "complaint_hours",
		"loaner_after", "support_term", "upgrade_term", "training_days", "chargeable_upgrade",
	}
)

// Plans are all plans in order.
func Plans() []*Plan { return all().plans }

// Words are the words of all plans.
func Words() []Word { return all().words }

// Find is the plan with an id, in any case of letters.
func Find(id string) (*Plan, bool) {
	for _, p := range Plans() {
		if strings.EqualFold(p.ID, id) {
			return p, true
		}
	}
	return nil, false
}

// Of is the plan most of whose clause ids are among ids, nil if none is.
func Of(ids []string) *Plan {
	var best *Plan
	most := 0
	for _, p := range Plans() {
		n := 0
		for _, id := range ids {
			if p.Row(id) != nil {
				n++
			}
		}
		if n > most {
			best, most = p, n
		}
	}
	return best
}

// Row is the row with an id, nil if there is none.
func (p *Plan) Row(id string) *Row {
	for i := range p.Rows {
		if p.Rows[i].ID == id {
			return &p.Rows[i]
		}
	}
	return nil
}

// Document is the letter of the document a row stands in, "" if the plan is one document.
func (r *Row) Document() string {
	first, _, _ := strings.Cut(r.Section, " ")
	if len(first) == 1 && first[0] >= 'a' && first[0] <= 'z' {
		return first
	}
	return ""
}

// Values are the values of a fact.
func (r *Row) Values(key string) []string {
	var list []string
	for _, f := range r.Facts {
		if f.Key == key {
			list = append(list, f.Value)
		}
	}
	return list
}

// Says reports whether a fact has a value.
func (r *Row) Says(key, value string) bool { return slices.Contains(r.Facts, Fact{key, value}) }

// Form is how a row is represented.
type Form string

// Forms.
const (
	ByClause    Form = "clause"    // a clause with a verdict
	ByOption    Form = "option"    // a key of the contract or of the rules
	ByParameter Form = "parameter" // people, parts, plans, faults
	ByDocument  Form = "document"  // evidence
	Outside     Form = "outside"   // not a matter of this service
)

// Form says how the row is represented, by the path that carries it.
func (r *Row) Form() Form {
	head, rest, _ := strings.Cut(r.CarriedBy, ".")
	switch _, rest, _ = strings.Cut(rest, "."); {
	case r.CarriedBy == "OUT":
		return Outside
	case r.CarriedBy == "EVIDENCE" || r.Use == "E":
		return ByDocument
	case head == "contracts" && strings.HasPrefix(rest, "clauses."):
		return ByClause
	case head == "contracts" || head == "dispatch" || head == "run":
		return ByOption
	}
	return ByParameter
}

// Path is the path that carries the row in a contract of another name than its plan's; "" for EVIDENCE and OUT.
func (r *Row) Path(contract string) string {
	if !strings.Contains(r.CarriedBy, ".") {
		return ""
	}
	plan, _, _ := strings.Cut(r.ID, "-")
	if rest, ok := strings.CutPrefix(r.CarriedBy, "contracts."+strings.ToLower(plan)+"."); ok {
		return "contracts." + contract + "." + rest
	}
	return r.CarriedBy
}

type tables struct {
	plans []*Plan
	words []Word
}

// all reads the tables once; they are part of the program, so a mistake in them is ours.
var all = sync.OnceValue(func() *tables {
	t := &tables{}
	for _, r := range read("plans.csv", "id,name_en,name_zh,scenario,bidders") {
		p := &Plan{ID: r[0], Name: model.Text{En: r[1], Zh: r[2]}, Scenario: r[3]}
		for _, b := range list(r[4], ";") {
			line, name, _ := strings.Cut(b, " ")
			n, err := strconv.Atoi(line)
			must(err, b)
			p.Bidders = append(p.Bidders, Bidder{n, name})
		}
		for _, r := range read(strings.ToLower(p.ID)+".csv", "id,section,line,kind,use,anchor,printed,meaning_en,meaning_zh,"+
			"decisions,clock,scope,facts,carried_by,note,note_zh") {
			p.Rows = append(p.Rows, row(r))
		}
		t.plans = append(t.plans, p)
	}
	for _, r := range read("words.csv", "word,kind,meaning_en,meaning_zh,decision") {
		t.words = append(t.words, Word{Word: r[0], Kind: r[1], Meaning: model.Text{En: r[2], Zh: r[3]}, Decision: r[4]})
	}
	return t
})

// must stops the program over a mistake in the embedded tables.
func must(err error, where string) {
	if err != nil {
		panic(fmt.Sprintf("catalogue: %s: %v", where, err))
	}
}

// read is the body of a table whose header must be head.
func read(name, head string) [][]string {
	data, err := files.ReadFile(name)
	must(err, name)
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	must(err, name)
	if len(rows) == 0 || strings.Join(rows[0], ",") != head {
		panic("catalogue: " + name + " does not begin with " + head)
	}
	return rows[1:]
}

// list splits at sep and trims; nothing for an empty text.
func list(text, sep string) []string {
	var out []string
	for part := range strings.SplitSeq(text, sep) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

func row(c []string) Row {
	line, err := strconv.Atoi(c[2])
	must(err, c[0])
	r := Row{
		ID: c[0], Section: c[1], Line: line, Kind: c[3], Use: c[4], Anchor: c[5], Printed: c[6],
		Meaning: model.Text{En: c[7], Zh: c[8]}, Decisions: strings.Fields(c[9]), CarriedBy: c[13],
		Note: model.Text{En: c[14], Zh: c[15]},
	}
	for _, part := range list(c[10], ";") {
		words := strings.Fields(part)
		start, stop, ok := strings.Cut(words[0], ">")
		if !ok {
			panic("catalogue: " + c[0] + ": no clock: " + part)
		}
		k := Clock{Start: start, Stop: stop}
		for _, w := range words[1:] {
			l, err := limit(w)
			must(err, c[0])
			k.Limits = append(k.Limits, l)
		}
		r.Clocks = append(r.Clocks, k)
	}
	for _, part := range strings.Fields(c[11]) {
		axis, value, ok := strings.Cut(part, ":")
		if !ok {
			panic("catalogue: " + c[0] + ": no scope: " + part)
		}
		if r.Scope == nil {
			r.Scope = map[string][]string{}
		}
		r.Scope[axis] = append(r.Scope[axis], value)
	}
	for _, part := range list(c[12], ";") {
		key, value, ok := strings.Cut(part, "=")
		if !ok || !slices.Contains(FactKeys, key) && !slices.Contains(Statements, key) {
			panic("catalogue: " + c[0] + ": unknown fact " + part)
		}
		r.Facts = append(r.Facts, Fact{key, value})
	}
	return r
}

// limit reads one limit with its level or band.
func limit(text string) (Limit, error) {
	key, rest, table := strings.Cut(text, "=")
	if !table || key == ">" {
		return ParseLimit(text)
	}
	l, err := ParseLimit(rest)
	if band, ok := strings.CutPrefix(key, "@"); ok {
		l.Band = band
	} else {
		l.Level = key
	}
	return l, err
}

// ParseLimit reads a limit for all levels and bands.
func ParseLimit(text string) (Limit, error) {
	l := Limit{Text: text}
	switch text {
	case "agreed", "lost", "none":
		return l, nil
	case "day", "month", "quarter":
		l.Numeric = true
		return l, nil
	}
	text, l.AtLeast = strings.CutPrefix(text, ">=")
	l.Numeric = true
	from, to, isRange := strings.Cut(text, "-")
	var err error
	if isRange {
		if l.From, _, err = span(from); err != nil {
			return l, err
		}
		text = to
	}
	l.Span, l.Days, err = span(text)
	return l, err
}

// units of spans.
var units = map[string]model.Time{"": 0, "s": time.Second, "m": time.Minute, "h": time.Hour, "d": model.Day, "cd": model.Day,
	"w": 7 * model.Day, "y": model.Year}

// span reads 30m, 1h30m, 15d; 5wd are working days, a bare number is a count a year.
func span(text string) (total model.Time, days int, err error) {
	if text == "" {
		return 0, 0, errors.New("an empty span")
	}
	for text != "" {
		rest := strings.TrimLeft(text, "0123456789")
		n, err := strconv.Atoi(text[:len(text)-len(rest)])
		if err != nil {
			return 0, 0, fmt.Errorf("%s is no span", text)
		}
		next := strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyz")
		unit := rest[:len(rest)-len(next)]
		text = next
		if size, ok := units[unit]; ok {
			total += model.Time(n) * size
		} else if unit == "wd" {
			days += n
		} else {
			return 0, 0, fmt.Errorf("%s is no unit", unit)
		}
	}
	return total, days, nil
}
