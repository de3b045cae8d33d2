package say

import (
	"math"
	"testing"

	"slasim/model"
)

func TestDifferences(t *testing.T) {
	for _, c := range []struct {
		x, half float64
		want    string
	}{
		{-14.4, 0.58, "−14.40 ±0.58"},
		{22.04, 1.04, "+22.0 ±1.0"},
		{-1083, 15.4, "−1083 ±15"},
		{3, 0, "+3"},
		{0.125, 0, "+0.125"},
		{0.12345, 0.00004, "+0.123"},
		{-0.00002, 0.00009, "0.000"},
		{2.5, math.Inf(1), "+2.5"},
		{-123456, math.Inf(1), "−123456"},
	} {
		if got := New(model.En).Difference(c.x, c.half); got != c.want {
			t.Errorf("%v ± %v is %s, want %s", c.x, c.half, got, c.want)
		}
	}
	for _, c := range []struct {
		x, half float64
		en, zh  string
	}{
		{-47912, 1100, "−47.9 ±1.1 k", "−4.79 ±0.11 万"},
		{774912, 8530, "+774.9 ±8.5 k", "+77.49 ±0.85 万"},
		{640000, 0, "+640 k", "+64 万"},
		{-475, 596, "−475 ±596", "−475 ±596"},
		{2.5e8, 3e7, "+250 ±30 M", "+2.50 ±0.30 亿"},
	} {
		if en, zh := New(model.En).AmountDifference(c.x, c.half), New(model.Zh).AmountDifference(c.x, c.half); en != c.en || zh != c.zh {
			t.Errorf("%v ± %v is %s, %s, want %s, %s", c.x, c.half, en, zh, c.en, c.zh)
		}
	}
}
