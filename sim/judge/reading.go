package judge

import (
	"math"
	"sort"
)

// ReadingRow is one ambiguity of a contract's text and what it costs: the same years judged, and if need be run, under every
// value of its switch.
type ReadingRow struct {
	Rank     int            `json:"rank"` // 1 = costs most late events, then most money
	Contract string         `json:"contract"`
	Decision string         `json:"decision"`
	Switch   string         `json:"switch"`
	Value    string         `json:"value"`   // in force
	Clauses  []string       `json:"clauses"` // that name the switch; none: all it can touch
	Values   []ReadingValue `json:"values"`
	Late     float64        `json:"late_per_year_between"` // largest less smallest of the values
	Money    float64        `json:"cost_per_year_between"`
}

// Unasked is a decision that no switch turns, and why.
type Unasked struct {
	Decision string `json:"decision"`
	Reason   string `json:"reason"`
	Key      string `json:"key,omitempty"` // that carries it instead
}

// ReadingValue is what one value of a switch leads to.
type ReadingValue struct {
	Value       string   `json:"value"`
	Unusable    bool     `json:"unusable,omitempty"` // the scenario lacks what the reading needs, such as a calendar: nothing is known
	Run         bool     `json:"run"`                // simulated again: the reading changes what happens, not only how it is judged
	LatePerYear float64  `json:"late_per_year"`
	CostPerYear float64  `json:"cost_per_year"`
	Changes     []string `json:"changes"` // clauses whose verdict is another than as read now
}

// LateOf is the late events a year of all clauses of a contract with a target.
func (r *Report) LateOf(contract string) float64 {
	sum := 0.0
	for i := range r.Clauses {
		if c := &r.Clauses[i]; c.Contract == contract && c.Target != nil && c.Kind == "limit" {
			sum += c.LatePerYear
		}
	}
	return sum
}

// Reads is what value of a switch of a contract leads to: the report under it, beside that of the reading in force.
func Reads(base, other *Report, contract, value string, run bool) ReadingValue {
	v := ReadingValue{Value: value, Run: run, LatePerYear: other.LateOf(contract), CostPerYear: other.Cost.Total, Changes: []string{}}
	was := map[[2]string]string{}
	for i := range base.Clauses {
		was[[2]string{base.Clauses[i].Contract, base.Clauses[i].ID}] = base.Clauses[i].Verdict
	}
	for i := range other.Clauses {
		c := &other.Clauses[i]
		k := [2]string{c.Contract, c.ID}
		if old, ok := was[k]; !ok || old != c.Verdict {
			v.Changes = append(v.Changes, c.ID)
		}
		delete(was, k)
	}
	for k := range was { // it does not apply under this reading
		v.Changes = append(v.Changes, k[1])
	}
	sort.Strings(v.Changes)
	return v
}

// RankReadings orders the rows by late events between their values, then by money, then by how many verdicts change.
func RankReadings(rows []ReadingRow) {
	changes := func(r *ReadingRow) (n int) {
		for i := range r.Values {
			n = max(n, len(r.Values[i].Changes))
		}
		return n
	}
	for i := range rows {
		r := &rows[i]
		late, money := [2]float64{math.Inf(1), math.Inf(-1)}, [2]float64{math.Inf(1), math.Inf(-1)}
		for _, v := range r.Values {
			if v.Unusable {
				continue
			}
			late[0], late[1] = min(late[0], v.LatePerYear), max(late[1], v.LatePerYear)
			money[0], money[1] = min(money[0], v.CostPerYear), max(money[1], v.CostPerYear)
		}
		r.Late, r.Money = late[1]-late[0], money[1]-money[0]
	}
	sort.SliceStable(rows, func(i, j int) bool {
		a, b := &rows[i], &rows[j]
		switch {
		case a.Late != b.Late:
			return a.Late > b.Late
		case a.Money != b.Money:
			return a.Money > b.Money
		}
		return changes(a) > changes(b)
	})
	for i := range rows {
		rows[i].Rank = i + 1
	}
}
