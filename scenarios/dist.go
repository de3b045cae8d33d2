package scenarios

import (
	"math"
	"slices"
	"strings"

	"slasim/model"
	"slasim/scenarios/internal/tree"
)

// z95 is the standard normal quantile of 0.95.
const z95 = 1.6448536269514722

// family is a family of distributions and the sets of parameters it can be given by.
type family struct {
	name  string
	forms [][]string
}

var families = []family{
	{"exponential", [][]string{{"mean"}}},
	{"lognormal", [][]string{{"mean", "cv"}, {"median", "p95"}}},
	{"weibull", [][]string{{"mean", "shape"}, {"scale", "shape"}}},
	{"uniform", [][]string{{"min", "max"}}},
	{"gamma", [][]string{{"mean", "cv"}}},
	{"constant", [][]string{{"value"}}},
	{"empirical", [][]string{{"values"}}},
}

// dist reads a distribution: of spans in seconds, or of plain numbers.
func (d *decoder) dist(n *tree.Node, path string, plain bool) (model.Dist, bool) {
	switch n.Kind {
	case tree.Scalar:
		x, ok := d.amount(n, path, plain)
		return model.Dist{Kind: model.Constant, A: x}, ok
	case tree.Mapping:
	default:
		d.fail(n, CodeWrongType, path, WantDist, n.Kind.String())
		return model.Dist{}, false
	}
	var names []string
	for _, f := range families {
		names = append(names, f.name)
	}
	kind := n.Has("dist")
	if kind == nil {
		d.fail(n, CodeMissingKey, path, "dist")
		return model.Dist{}, false
	}
	if _, ok := d.scalar(kind, join(path, "dist"), WantText); !ok {
		return model.Dist{}, false
	}
	at := slices.Index(names, kind.Value)
	if at < 0 {
		d.fail(kind, CodeDistFamily, join(path, "dist"), kind.Value, nearest(kind.Value, names), list(names))
		return model.Dist{}, false
	}
	p, ok := d.parameters(n, path, families[at], plain)
	if !ok {
		return model.Dist{}, false
	}
	out := families[at].build(p)
	if times := n.Has("times"); times != nil {
		k, ok := d.number(times, join(path, "times"), ">= 0")
		if !ok {
			return model.Dist{}, false
		}
		out = scaled(out, k)
	}
	if !finite(out) {
		d.fail(n, CodeDistValue, path, families[at].name, "finite")
		return model.Dist{}, false
	}
	if mean := meanOf(out); !plain && out.Kind != model.Constant && mean > 0 && mean < shortMean {
		d.report(model.Warning, n.Pos, CodeShortMean, path, mean)
	}
	return out, true
}

func (d *decoder) amount(n *tree.Node, path string, plain bool) (float64, bool) {
	if !plain {
		text, ok := d.scalar(n, path, WantDist)
		if !ok {
			return 0, false
		}
		x, _, ok := d.span(n, text, path)
		return x, ok
	}
	if n.Kind == tree.Scalar && strings.HasSuffix(n.Value, "%") {
		return d.prob(n, path)
	}
	return d.number(n, path, ">= 0")
}

// parameters are the values of the form of f that is given.
type parameters struct {
	of     map[string]float64
	values []float64
}

func (d *decoder) parameters(n *tree.Node, path string, f family, plain bool) (parameters, bool) {
	p := parameters{of: map[string]float64{}}
	var given, legal []string
	for _, form := range f.forms {
		for _, key := range form {
			if !slices.Contains(legal, key) {
				legal = append(legal, key)
			}
		}
	}
	ok := true
	for i, key := range n.Keys {
		if key == "dist" || key == "times" {
			continue
		}
		if !slices.Contains(legal, key) {
			all := append([]string{"dist", "times"}, legal...)
			d.failKey(n, i, CodeUnknownKey, key, path, nearest(key, all), list(all))
			ok = false
			continue
		}
		given = append(given, key)
		value, at := n.Children[i], join(path, key)
		var good bool
		switch {
		case key == "values":
			good = d.values(value, at, plain, &p.values)
		case key == "cv" || key == "shape":
			p.of[key], good = d.number(value, at, map[string]string{"cv": ">= 0", "shape": "> 0"}[key])
		default:
			p.of[key], good = d.amount(value, at, plain)
		}
		ok = ok && good
	}
	if !ok {
		return p, false
	}
	match := slices.ContainsFunc(f.forms, func(form []string) bool {
		return len(form) == len(given) && !slices.ContainsFunc(form, func(k string) bool { return !slices.Contains(given, k) })
	})
	if !match {
		var forms []string
		for _, form := range f.forms {
			forms = append(forms, strings.Join(form, " + "))
		}
		d.fail(n, CodeDistForms, path, f.name, strings.Join(forms, " | "))
		return p, false
	}
	for _, c := range []struct {
		bad                  bool
		parameter, condition string
	}{
		{f.name == "lognormal" && slices.Contains(given, "median") && p.of["median"] <= 0, "median", "> 0"},
		{p.of["p95"] < p.of["median"], "p95", ">= median"},
		{p.of["max"] < p.of["min"], "max", ">= min"},
	} {
		if c.bad {
			d.fail(n, CodeDistValue, path, c.parameter, c.condition)
			return p, false
		}
	}
	return p, true
}

func (d *decoder) values(n *tree.Node, path string, plain bool, out *[]float64) bool {
	if n.Kind != tree.Sequence || len(n.Children) == 0 {
		d.fail(n, CodeWrongType, path, WantList, n.Kind.String())
		return false
	}
	ok := true
	for _, c := range n.Children {
		x, good := d.amount(c, path, plain)
		ok = ok && good
		*out = append(*out, x)
	}
	slices.Sort(*out)
	return ok
}

// build turns parameters into the form that is sampled.
//
//	lognormal  σ² = ln(1 + cv²), μ = ln mean − σ²/2;  or μ = ln median, σ = ln(p95/median)/z₀.₉₅
//	weibull    scale = mean / Γ(1 + 1/shape)
//	gamma      shape = 1/cv², scale = mean·cv²
func (f family) build(p parameters) model.Dist {
	mean, cv, shape := p.of["mean"], p.of["cv"], p.of["shape"]
	_, byMedian := p.of["median"]
	_, byScale := p.of["scale"]
	switch {
	case f.name == "exponential":
		return model.Dist{Kind: model.Exponential, A: mean}
	case f.name == "lognormal" && byMedian:
		return model.Dist{Kind: model.Lognormal, A: math.Log(p.of["median"]), B: math.Log(p.of["p95"]/p.of["median"]) / z95}
	case (f.name == "lognormal" || f.name == "gamma") && (mean == 0 || cv == 0):
		return model.Dist{Kind: model.Constant, A: mean}
	case f.name == "lognormal":
		s2 := math.Log1p(cv * cv)
		return model.Dist{Kind: model.Lognormal, A: math.Log(mean) - s2/2, B: math.Sqrt(s2)}
	case f.name == "weibull" && byScale:
		return model.Dist{Kind: model.Weibull, A: p.of["scale"], B: shape}
	case f.name == "weibull":
		return model.Dist{Kind: model.Weibull, A: mean / math.Gamma(1+1/shape), B: shape}
	case f.name == "uniform":
		return model.Dist{Kind: model.Uniform, A: p.of["min"], B: p.of["max"]}
	case f.name == "gamma":
		return model.Dist{Kind: model.Gamma, A: 1 / (cv * cv), B: mean * cv * cv}
	case f.name == "constant":
		return model.Dist{Kind: model.Constant, A: p.of["value"]}
	case len(p.values) == 1:
		return model.Dist{Kind: model.Constant, A: p.values[0]}
	default:
		return model.Dist{Kind: model.Empirical, Points: p.values}
	}
}

// scaled is the distribution of k·X, k ≥ 0.
func scaled(d model.Dist, k float64) model.Dist {
	if k == 0 {
		return model.Dist{}
	}
	switch d.Kind {
	case model.Constant, model.Exponential, model.Weibull:
		d.A *= k
	case model.Lognormal:
		d.A += math.Log(k)
	case model.Uniform:
		d.A, d.B = d.A*k, d.B*k
	case model.Gamma:
		d.B *= k
	case model.Empirical:
		d.Points = slices.Clone(d.Points)
		for i := range d.Points {
			d.Points[i] *= k
		}
	}
	return d
}

// meanOf is the mean; of an empirical distribution that of the polygon of its quantiles.
func meanOf(d model.Dist) float64 {
	switch d.Kind {
	case model.Lognormal:
		return math.Exp(d.A + d.B*d.B/2)
	case model.Weibull:
		return d.A * math.Gamma(1+1/d.B)
	case model.Uniform:
		return (d.A + d.B) / 2
	case model.Gamma:
		return d.A * d.B
	case model.Empirical:
		sum, n := 0.0, len(d.Points)
		for _, x := range d.Points {
			sum += x
		}
		return (sum - (d.Points[0]+d.Points[n-1])/2) / float64(n-1)
	default:
		return d.A
	}
}

func finite(d model.Dist) bool {
	ok := func(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
	return ok(d.A) && ok(d.B) && ok(meanOf(d))
}
