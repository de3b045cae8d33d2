package history

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"slasim/model"
	"slasim/model/trail"
	"slasim/model/world"
	"slasim/scenarios"
	"slasim/sim"
)

const folder = "../../testdata/history/"

func load(t testing.TB, name string) *world.World {
	t.Helper()
	s, diags := scenarios.Load(name, scenarios.Options{})
	if s == nil {
		t.Fatal(diags)
	}
	return s.World
}

func text(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(folder + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestEncodings: the same history in UTF-8 with a mark, GBK and packed is the same history, and that of the recipe.
func TestEncodings(t *testing.T) {
	w := load(t, "liaoning")
	csv := text(t, "liaoning.csv")
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(csv)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte(gbk))
	_ = z.Close()
	for name, data := range map[string]string{"utf-8": csv, "mark": "\ufeff" + csv, "gbk": gbk, "gz": packed.String()} {
		files := fstest.MapFS{"f": {Data: []byte(data)}, "m.yaml": {Data: []byte(text(t, "liaoning.yaml"))}}
		h, diags := Read("f", Options{Mapping: "m.yaml", ShiftTo: "2026-01-05", FS: files}, w)
		if h == nil {
			t.Errorf("%s: %v", name, diags)
			continue
		}
		if h.Rows != 120 || h.Weeks != 52 { // 2025-01-06 and 2026-01-05 are Mondays 364 days apart
			t.Errorf("%s: %d rows, %d weeks", name, h.Rows, h.Weeks)
		}
		for i, x := range h.World.History {
			want := 4*model.Day + 8*time.Hour + 30*time.Minute + time.Duration(i)*4123*time.Minute // after 2026-01-01
			if x.At != want || x.Delay != 0 || x.ID != fmt.Sprintf("LN%04d", i+1) {
				t.Fatalf("%s: ticket %d: %+v, want at %v", name, i, x, want)
			}
		}
	}
}

// TestShiftKeepsWeekdayAndHour for every weekday of the target.
func TestShiftKeepsWeekdayAndHour(t *testing.T) {
	first := time.Date(2025, 1, 8, 9, 0, 0, 0, time.UTC) // a Wednesday
	for d := 5; d <= 11; d++ {                           // Monday to Sunday of one week
		if n := weeks(first, time.Date(2026, 1, d, 0, 0, 0, 0, time.UTC)); n != 52 {
			t.Errorf("2026-01-%02d: %d weeks", d, n)
		}
	}
}

type sink []model.Time

func (s *sink) Subject(x *trail.Subject) {
	if x.Kind == model.SubjectTicket && x.Parent < 0 {
		*s = append(*s, x.Milestones[model.Reported])
	}
}

// TestReplayIsExact: the milestone reported is the file's time, although the scenario draws a detection.
func TestReplayIsExact(t *testing.T) {
	h, diags := Read(folder+"liaoning.csv", Options{Mapping: folder + "liaoning.yaml", ShiftTo: "2026-01-05"}, load(t, "liaoning"))
	if h == nil {
		t.Fatal(diags)
	}
	var got sink
	if _, err := sim.New(h.World).Run(0, &got, nil, false); err != nil {
		t.Fatal(err)
	}
	for _, x := range h.World.History {
		if !slices.Contains(got, x.At) {
			t.Errorf("no ticket reported at %v", x.At)
		}
	}
}

// TestBadRows: the finding of a row stands behind it.
func TestBadRows(t *testing.T) {
	w := load(t, "liaoning")
	csv := `工单号,报障时间,地市,设备,级别,恢复时间 # want
A,2026-01-05 08:00:00,沈阳,路由器,一般, # want
B,5 January,沈阳,路由器,一般, # want history_time
C,2026-01-05 08:00:00,沈杨市,路由器,一般, # want history_unknown
A,2026-01-05 08:00:00,沈阳,路由器,一般, # want history_duplicate
D,2026-01-05 08:00:00,沈阳,路由器,一般,2026-01-04 08:00:00 # want history_time_order
E,2026-01-05 08:00:00,,路由器,一般, # want history_blank
F,2026-01-05 08:00:00,沈阳 # want history_fields
G,2026-01-05 08:00:00,沈阳,route,一般, # want history_unknown
`
	var plain, want []string
	for i, line := range strings.Split(strings.TrimSpace(csv), "\n") {
		row, code, _ := strings.Cut(line, " # want")
		plain = append(plain, row)
		if code = strings.TrimSpace(code); code != "" {
			want = append(want, fmt.Sprintf("%d %s", i+1, code))
		}
	}
	files := fstest.MapFS{"f": {Data: []byte(strings.Join(plain, "\n"))}, "m.yaml": {Data: []byte(text(t, "liaoning.yaml"))}}
	h, diags := Read("f", Options{Mapping: "m.yaml", FS: files}, w)
	var got []string
	for _, d := range diags {
		got = append(got, fmt.Sprintf("%d %s", d.Pos.Line, d.Msg.Code))
	}
	if h != nil || !slices.Equal(got, want) {
		t.Errorf("found\n%v\nwant\n%v", got, want)
	}
}

// TestCanonical: what is replayed, in the scenario's words, is read as the same world again, and into the same words.
// The rows stand in another order than their times, one falls outside the term, three need a source of their own, and
// the file has another clock, encoding and language.
func TestCanonical(t *testing.T) {
	w := load(t, "liaoning")
	mapping := `contract: s2
times: {timezone: "+00:00", occurred: o, reported: r, resolved: e}
site: {column: s, map: {台安: taian}, default: shenyang}
class: {column: k, map: {c: router/card, u: power}}
severity: {column: l, map: {特大: catastrophic}}
id: n
create: true
compare: S2-41
`
	csv := `n,o,r,e,s,k,l
"a,""b""\n",2026-03-01 10:00:00,2026-03-01 10:05:00,2026-03-01T12:00:00.7,台安,c,特大
later,,2027-06-01 00:00,,faku,u,
'q,2026-02-01 16:30,2026-02-01T16:30:00Z,,kangping,storage,serious
z,,2026-02-01 16:29:59,2026-02-03 00:00,,u,general
x,,2026-03-01 10:00:00,,faku,server,
`
	files := fstest.MapFS{"f": {Data: []byte(csv)}, "m": {Data: []byte(mapping)}}
	one, diags := Read("f", Options{Mapping: "m", FS: files}, w)
	if one == nil {
		t.Fatal(diags)
	}
	// By hand: 16:29:59 of UTC is 00:29:59 of the next day in Liaoning; the term ends with 2026.
	want := `id,occurred,reported,resolved,site,class,severity
z,2026-02-02T00:29:59,2026-02-02T00:29:59,2026-02-03T08:00:00,shenyang,power,general
'q,2026-02-02T00:30:00,2026-02-02T00:30:00,,kangping,storage,serious
"a,""b""\n",2026-03-01T18:00:00,2026-03-01T18:05:00,2026-03-01T20:00:00,taian,router/card,catastrophic
x,2026-03-01T18:00:00,2026-03-01T18:00:00,,faku,server,
`
	if string(one.Tickets) != want {
		t.Errorf("written\n%s\nwant\n%s", one.Tickets, want)
	}
	if one.Outside != 1 || one.World.Compared == 0 || one.World.Clauses[one.World.Compared-1].ID != "S2-41" {
		t.Errorf("%d outside, compared %d", one.Outside, one.World.Compared)
	}
	if len(one.World.Sources) < len(w.Sources)+2 {
		t.Errorf("%d sources made", len(one.World.Sources)-len(w.Sources))
	}
	for i := len(w.Sources) + 1; i < len(one.World.Sources); i++ {
		if one.World.Sources[i-1].Name >= one.World.Sources[i].Name {
			t.Errorf("source %s before %s", one.World.Sources[i-1].Name, one.World.Sources[i].Name)
		}
	}
	files = fstest.MapFS{"f": {Data: one.Tickets}, "m": {Data: one.Mapping}}
	two, diags := Read("f", Options{Mapping: "m", FS: files}, w)
	if two == nil {
		t.Fatal(diags)
	}
	if !reflect.DeepEqual(one.World, two.World) {
		t.Error("another world")
	}
	if string(one.Tickets) != string(two.Tickets) || string(one.Mapping) != string(two.Mapping) || one.Hash != two.Hash {
		t.Errorf("other words:\n%s%s", two.Tickets, two.Mapping)
	}
}

func FuzzMapping(f *testing.F) {
	f.Add(text(f, "liaoning.yaml"), text(f, "liaoning.csv")[:400])
	f.Add("times: {reported: a, format: D.M.YYYY}\nsite: a\nclass: {default: router}\nfilter: {a: [x, ~]}\ncreate: true", "a;b\n1;2")
	f.Add("idd: no\ntimes: {reported: [at], timezone: Asia/Shanghai}\nsite: {map: {a: b}}\nclass: {default: swich}\ndelimiter: ';;'", "no,at\nA,\"x\nB")
	f.Add("times: {occurred: a, reported: b}\nsite: {column: c, map: {x: nowhere}}\nclass: {default: router}", "a,b,c\n2026-01-06,2026-01-05,x\n,,\n2026-01-05,,x\n")
	w := load(f, "liaoning")
	f.Fuzz(func(t *testing.T, mapping, csv string) {
		files := fstest.MapFS{"f": {Data: []byte(csv)}, "m.yaml": {Data: []byte(mapping)}}
		h, diags := Read("f", Options{Mapping: "m.yaml", ShiftTo: "2026-01-05", FS: files}, w)
		if (h == nil) != diags.HasErrors() {
			t.Fatal("a history without an error, or an error without a word", diags)
		}
		if h == nil {
			return
		}
		files = fstest.MapFS{"f": {Data: h.Tickets}, "m.yaml": {Data: h.Mapping}}
		again, diags := Read("f", Options{Mapping: "m.yaml", FS: files}, w)
		if again == nil || again.Hash != h.Hash || !reflect.DeepEqual(again.World, h.World) {
			t.Fatalf("the history in the scenario's words is another one: %v\n%s\n%s", diags, h.Tickets, h.Mapping)
		}
	})
}
