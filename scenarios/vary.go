package scenarios

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"slasim/model"
	"slasim/scenarios/internal/tree"
)

// Variation is a value of a scenario that may be changed, and what it may be changed to.
type Variation struct {
	Path   string
	Values []string // in the order written
	Base   int      // the scenario's own value among them; -1 if it is none
}

// Vary reads path=values, as ReadVaried does. A * stands for any part of a key: partner_* for every key there is that begins so.
func (s *Scenario) Vary(argument string, pos model.Pos) ([]Variation, model.Diagnostics) {
	read, found := ReadVaried(argument, pos)
	if found.HasErrors() {
		return nil, found
	}
	keys, _ := tree.SplitPath(read.Path)
	paths, missing, near := s.match(s.root, nil, keys)
	if len(paths) == 0 {
		return nil, model.Diagnostics{{Pos: pos, Msg: model.Msg{Code: CodeVaryPath, Args: []any{read.Path, missing, near}}}}
	}
	var list []Variation
	for _, p := range paths {
		v := Variation{Path: dotted(p), Values: read.Values, Base: -1}
		if n, found := s.root.Find(p...); found && n.Kind == tree.Scalar {
			v.Base = slices.IndexFunc(read.Values, func(x string) bool { return alike(x, n.Value) })
		} else if !found { // not written: nothing of it
			v.Base = slices.Index(read.Values, "0")
		}
		list = append(list, v)
	}
	return list, nil
}

// match lists the paths that keys stand for: the last key may be new. missing is the first key that is not there, near what it
// may mean.
func (s *Scenario) match(n *tree.Node, at, keys []string) (paths [][]string, missing, near string) {
	if len(keys) == 0 {
		return [][]string{slices.Clone(at)}, "", ""
	}
	key, rest := keys[0], keys[1:]
	if strings.Contains(key, "*") {
		for _, k := range n.Keys {
			if ok, err := path.Match(key, k); ok && err == nil {
				p, _, _ := s.match(n.Get(k), append(slices.Clone(at), k), rest)
				paths = append(paths, p...)
			}
		}
		slices.SortFunc(paths, slices.Compare)
		return paths, dotted(append(slices.Clone(at), key)), ""
	}
	child := n.Get(key)
	if n.Kind == tree.Sequence {
		if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(n.Children) {
			child = n.Children[i]
		}
	}
	if child == nil {
		if len(rest) == 0 && n.Kind == tree.Mapping {
			if near = nearest(key, n.Keys); near == "" {
				return [][]string{append(slices.Clone(at), key)}, "", ""
			}
		}
		return nil, dotted(append(slices.Clone(at), key)), nearest(key, n.Keys)
	}
	return s.match(child, append(slices.Clone(at), key), rest)
}

// alike reports whether two texts are the same value.
func alike(a, b string) bool {
	if a == b {
		return true
	}
	x, unitX := splitNumber(a)
	y, unitY := splitNumber(b)
	p, badP := parseNumber(x)
	q, badQ := parseNumber(y)
	return !badP && !badQ && p == q && strings.TrimSpace(unitX) == strings.TrimSpace(unitY)
}

// Bounds are the variations within which a scenario is planned that says nothing of its own: of each team from one head (none
// of a partner or of a team that has none) to twice its heads and three more, of each part that a depot keeps from none to two
// more. An assumption; a scenario that is planned for in earnest says its own.
func (s *Scenario) Bounds() []string {
	var list []string
	for _, id := range sortedKeys(s.File.People) {
		n := s.File.People[id].Headcount.N
		low := min(n, 1)
		if s.File.People[id].Partner != nil {
			low = 0
		}
		list = append(list, "people."+id+".headcount="+itoa(int(low))+".."+itoa(int(min(2*n, n+3))))
	}
	for _, id := range sortedKeys(s.File.Parts.Depots) {
		d := s.File.Parts.Depots[id]
		for _, part := range sortedKeys(d.Stock) {
			if n, ok := s.root.Find("parts", "depots", id, "stock", part); ok && n.Kind == tree.Scalar {
				if level, bad := parseNumber(n.Value); !bad {
					list = append(list, "parts.depots."+id+".stock."+part+"=0.."+itoa(int(level)+2))
				}
			}
		}
	}
	return slices.DeleteFunc(list, func(v string) bool { return strings.HasSuffix(v, "=0..0") })
}

// checkPlan looks at what a scenario says of its planning. What it inherits may name things that it has taken away: the planner
// warns of them.
func (s *Scenario) checkPlan(d *decoder) {
	at := func(keys ...string) model.Pos {
		n, _ := s.root.Find(keys...)
		return n.Pos
	}
	for i, v := range s.File.Plan.Vary {
		if _, diags := s.Vary(v, at("plan", "vary", itoa(i))); diags.HasErrors() && diags[0].Msg.Code != CodeVaryPath {
			d.diags = append(d.diags, diags...)
		}
	}
	if h := s.File.Plan.Hold; h != "" {
		if _, ok := HoldShare(h); !ok {
			d.report(model.Error, at("plan", "hold"), CodeHoldForm, h)
		}
	}
}

// HoldShare reads when a clause holds: contract, clean, aim, or share:p with 0 < p ≤ 1, whose p it returns.
func HoldShare(text string) (p float64, ok bool) {
	switch text {
	case "contract", "clean", "aim":
		return 0, true
	}
	number, found := strings.CutPrefix(text, "share:")
	percent := strings.HasSuffix(number, "%")
	p, bad := parseNumber(strings.TrimSuffix(number, "%"))
	if percent {
		p /= 100
	}
	return p, found && !bad && p > 0 && p <= 1
}

// Extending is the text of a scenario that extends another and changes what sets say, each as --set takes it.
func Extending(base string, sets []string) ([]byte, error) {
	root, diags := tree.Parse("design", []byte("extends: x\n"))
	if diags.HasErrors() {
		return nil, diags
	}
	root.Get("extends").Value = base
	for i, s := range sets {
		if found := root.Set("--set", i+1, s); found.HasErrors() {
			return nil, found
		}
	}
	return tree.Print(root, false), nil
}
