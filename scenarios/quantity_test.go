package scenarios

import (
	"math"
	"reflect"
	"testing"
	"time"

	"slasim/model"
	"slasim/scenarios/internal/tree"
)

// read decodes one value.
func read[T any](text string, f field) (T, string) {
	var v T
	n, diags := tree.Parse("v", []byte(text))
	if n == nil {
		return v, diags[0].Msg.Code
	}
	d := decoder{}
	d.value(n, reflect.ValueOf(&v).Elem(), "v", f)
	if d.diags.HasErrors() {
		return v, d.diags[0].Msg.Code
	}
	return v, ""
}

func TestDurations(t *testing.T) {
	span := func(d time.Duration, days bool) Duration { return Duration{Set: true, Span: d, Days: days} }
	for text, want := range map[string]Duration{
		"90s": span(90*time.Second, false), "45m": span(45*time.Minute, false), "5h": span(5*time.Hour, false),
		"1h30m": span(90*time.Minute, false), "1.5h": span(90*time.Minute, false), "2d": span(48*time.Hour, true),
		"3w": span(21*24*time.Hour, true), "1y": span(8760*time.Hour, false), "0": span(0, false),
		"1d12h": span(36*time.Hour, false), "0.1h": span(6*time.Minute, false), "1.5d": span(36*time.Hour, false),
		"3wd": {Set: true, Unit: Workdays, N: 3}, "5cd": {Set: true, Unit: CalendarDays, N: 5}, "none": {Set: true, Unit: Without},
	} {
		if got, code := read[Duration](text, field{}); code != "" || got != want {
			t.Errorf("%s: %+v %s, want %+v", text, got, code, want)
		}
	}
	for text, want := range map[string]string{
		"5": CodeNoUnit, "5.5": CodeNoUnit, "-5h": CodeNegative, "5 hours": CodeBadUnit, "h": CodeBadDuration,
		".nan": CodeBadDuration, ".inf": CodeBadDuration, "1e400h": CodeBadDuration, "0.5s": CodeNotSeconds, "1.5wd": CodeBadWhole,
		"-3wd": CodeNegative, "101y": CodeTooLong, "5h 3": CodeNoUnit, "5H": CodeBadUnit, "5min": CodeBadUnit,
		"1e9wd": CodeTooLong, `""`: CodeBadDuration, "1h-5m": CodeNegative,
	} {
		if got, code := read[Duration](text, field{}); code != want {
			t.Errorf("%s: %+v %q, want %s", text, got, code, want)
		}
	}
}

func TestQuantities(t *testing.T) {
	for _, c := range []struct {
		text string
		got  func(string) (any, string)
		want any
	}{
		{"100 km", value[Length], Length{true, 100_000}},
		{"100.01km", value[Length], Length{true, 100_010}},
		{"500 m", value[Length], Length{true, 500}},
		{"100", value[Length], CodeNoUnit},
		{"1e9 km", value[Length], CodeTooLong},
		{"95 km/h", value[Speed], Speed{true, 95}},
		{"95 km / h", value[Speed], Speed{true, 95}},
		{"95 mph", value[Speed], CodeBadUnit},
		{"0.22/y", value[Rate], Rate{true, 0.22 / 31_536_000}},
		{"2.4/h", value[Rate], Rate{true, 2.4 / 3600}},
		{"-1/y", value[Rate], CodeNegative},
		{"0.22", value[Rate], CodeNoUnit},
		{"7M CNY", value[Money], Money{true, 7e6, "CNY"}},
		{"600 CNY", value[Money], Money{true, 600, "CNY"}},
		{"12k", value[Money], Money{true, 12_000, ""}},
		{"3 M 元", value[Money], Money{true, 3e6, "元"}},
		{"0", value[Money], Money{true, 0, ""}},
		{"600", value[Money], CodeNoUnit},
		{"-600 CNY", value[Money], CodeNegative},
		{"62%", value[Prob], Prob(0.62)},
		{"0.62", value[Prob], Prob(0.62)},
		{"1.2", value[Prob], CodeBadProb},
		{"-0.1", value[Prob], CodeBadProb},
		{".nan", value[Prob], CodeBadProb},
		{"010", value[Count], Count{true, 10}}, // ten, not YAML's octal eight
		{"0x10", value[Count], CodeBadWhole},
		{"1e3", value[Count], CodeBadWhole},
		{"1e3", value[Number], Number(1000)},
		{"{low: 1, base: 2}", value[Number], CodeWrongType}, // ranges are resolved before
	} {
		got, code := c.got(c.text)
		if code != "" {
			got = code
		}
		if r, ok := got.(Rate); ok && near(r.PerSecond, c.want.(Rate).PerSecond, 1e-12) {
			continue
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", c.text, got, c.want)
		}
	}
}

func value[T any](text string) (any, string) {
	v, code := read[T](text, field{})
	return v, code
}

// Moments of the distributions, by the formulas of their textbooks: a lognormal's variance is (e^σ² − 1)·mean²;
// Γ(1 + ½) = √π/2; of the normal distribution 95 % lie below 1.6449.
func TestDistributions(t *testing.T) {
	for _, c := range []struct {
		text string
		mean float64
		want model.Dist
	}{
		{"45m", 2700, model.Dist{A: 2700}},
		{"{dist: exponential, mean: 3m}", 180, model.Dist{Kind: model.Exponential, A: 180}},
		{"{dist: exponential, mean: 3m, times: 2}", 360, model.Dist{Kind: model.Exponential, A: 360}},
		{"{dist: lognormal, mean: 1h, cv: 1}", 3600, model.Dist{Kind: model.Lognormal, A: math.Log(3600) - math.Ln2/2, B: math.Sqrt(math.Ln2)}},
		{"{dist: lognormal, median: 1h, p95: 1h}", 3600, model.Dist{Kind: model.Lognormal, A: math.Log(3600)}},
		{"{dist: weibull, scale: 2h, shape: 2}", 7200 * math.Sqrt(math.Pi) / 2, model.Dist{Kind: model.Weibull, A: 7200, B: 2}},
		{"{dist: weibull, mean: 2h, shape: 1}", 7200, model.Dist{Kind: model.Weibull, A: 7200, B: 1}},
		{"{dist: uniform, min: 1m, max: 5m}", 180, model.Dist{Kind: model.Uniform, A: 60, B: 300}},
		{"{dist: gamma, mean: 1h, cv: 0.5}", 3600, model.Dist{Kind: model.Gamma, A: 4, B: 900}},
		{"{dist: gamma, mean: 1h, cv: 0}", 3600, model.Dist{A: 3600}},
		{"{dist: empirical, values: [3h, 1h, 2h]}", 7200, model.Dist{Kind: model.Empirical, Points: []float64{3600, 7200, 10800}}},
	} {
		d, code := read[Dist](c.text, field{})
		if code != "" || !near(meanOf(d.Value), c.mean, 1e-12) || d.Value.Kind != c.want.Kind ||
			!near(d.Value.A, c.want.A, 1e-12) || math.Abs(d.Value.B-c.want.B) > 1e-12 || !reflect.DeepEqual(d.Value.Points, c.want.Points) {
			t.Errorf("%s: %+v %s, want %+v", c.text, d.Value, code, c.want)
		}
	}
	d, _ := read[Dist]("{dist: lognormal, median: 40m, p95: 3h}", field{})
	if p95 := math.Exp(d.Value.A + 1.6448536*d.Value.B); !near(p95, 10800, 1e-6) {
		t.Errorf("95 %% below %v s, want 10800", p95)
	}
	if d, code := read[Dist]("{dist: uniform, min: 0.1, max: 35%}", field{plain: true}); code != "" || d.Value.B != 0.35 {
		t.Errorf("plain numbers: %+v %s", d, code)
	}
}
