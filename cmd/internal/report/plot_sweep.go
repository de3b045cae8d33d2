package report

import (
	"cmp"
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"slasim/cmd/internal/say"
	"slasim/model"
	"slasim/sim/judge"
)

// Measures are the figures that SweepPlot draws.
func Measures() []string { return []string{"late", "share", "holds", "cost"} }

// SweepPlot shows a figure over a sweep: as curves with intervals over one variable, as a map over two. clauses are those
// to be drawn, none: those of the table.
func SweepPlot(v say.Voice, x *judge.Sweep, measure string, clauses []string) (*Figure, error) {
	if len(clauses) > 0 {
		other := *x
		other.Asked = clauses
		x = &other
	}
	s := newSweep(x, Options{Voice: v})
	shown, _, _ := s.shownClauses()
	if measure == "cost" {
		shown = []*sweptClause{nil}
	}
	if len(shown) == 0 {
		return nil, model.Diagnostics{{Msg: model.Msg{Code: "plot.nothing_moves"}}}
	}
	p, err := newPlot("")
	if err != nil {
		return nil, err
	}
	if len(x.Variables) == 1 {
		return s.curves(p, measure, shown)
	}
	return s.heat(p, measure, shown[0])
}

// value is a figure of a point with its interval; false if the point has none.
func (s *sweep) value(p *judge.Point, measure string, c *sweptClause) (y, low, high float64, ok bool) {
	if measure == "cost" {
		y = p.Cost.Total
		return y, y - p.Cost.TotalHW, y + p.Cost.TotalHW, true
	}
	x := clauseAt(p, c.contract, c.id)
	if x == nil {
		return 0, 0, 0, false
	}
	percent := func(y, low, high *float64) (float64, float64, float64, bool) {
		if y == nil || low == nil || high == nil {
			return 0, 0, 0, false
		}
		return 100 * *y, 100 * *low, 100 * *high, true
	}
	switch measure {
	case "share":
		return percent(x.Share, x.ShareLow, x.ShareHigh)
	case "holds":
		return percent(x.PHold, x.PHoldLow, x.PHoldHigh)
	}
	y, low, high = x.LatePerYear, x.LatePerYear, x.LatePerYear
	if x.LateLow != nil && x.LateHigh != nil {
		low, high = *x.LateLow, *x.LateHigh
	}
	return y, low, high, true
}

// measured is a measure in words, of one clause if it is not nil.
func (s *sweep) measured(measure string, c *sweptClause) string {
	if c == nil {
		return s.t("plot.measure."+measure, s.x.Currency)
	}
	return s.t("plot.measure." + measure)
}

// caption is the line that says which sweep a picture shows.
func (s *sweep) caption(axis string) string {
	return axis + "\n \n" + s.t("plot.caption", s.x.Version, s.x.Scenario, short(s.x.ScenarioHash), s.x.Replications, s.x.Seed)
}

// curve is a line through points with intervals.
type curve struct {
	x, y, low, high []float64
	colour          color.Color
	apart           bool // points without a line
}

// Plot implements plot.Plotter.
func (g *curve) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	line := draw.LineStyle{Color: g.colour, Width: vg.Points(1.6)}
	thin := draw.LineStyle{Color: g.colour, Width: vg.Points(0.9)}
	var points []vg.Point
	for i := range g.x {
		at := vg.Point{X: x(g.x[i]), Y: y(g.y[i])}
		points = append(points, at)
		c.StrokeLine2(thin, at.X, y(g.low[i]), at.X, y(g.high[i]))
		for _, end := range []float64{g.low[i], g.high[i]} {
			c.StrokeLine2(thin, at.X-vg.Points(3), y(end), at.X+vg.Points(3), y(end))
		}
		c.DrawGlyph(draw.GlyphStyle{Color: g.colour, Radius: vg.Points(2.6), Shape: draw.CircleGlyph{}}, at)
	}
	if !g.apart {
		c.StrokeLines(line, points)
	}
}

// words puts labels on an axis at 0, 1, 2, …
type words []string

// Ticks implements plot.Ticker.
func (w words) Ticks(_, _ float64) []plot.Tick {
	ticks := make([]plot.Tick, len(w))
	for i, s := range w {
		ticks[i] = plot.Tick{Value: float64(i), Label: s}
	}
	return ticks
}

// level is a dashed line across the picture.
type level struct{ y float64 }

// Plot implements plot.Plotter.
func (l level) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	style := draw.LineStyle{Color: colourInk, Width: vg.Points(1), Dashes: []vg.Length{vg.Points(4), vg.Points(3)}}
	c.StrokeLine2(style, x(p.X.Min), y(l.y), x(p.X.Max), y(l.y))
}

// palette are the colours of curves, apart for colour-blind readers (Okabe and Ito 2008).
var palette = []color.Color{
	color.NRGBA{R: 0x00, G: 0x72, B: 0xb2, A: 0xff}, color.NRGBA{R: 0xe6, G: 0x9f, B: 0x00, A: 0xff},
	color.NRGBA{R: 0x00, G: 0x9e, B: 0x73, A: 0xff}, color.NRGBA{R: 0xcc, G: 0x79, B: 0xa7, A: 0xff},
	color.NRGBA{R: 0xd5, G: 0x5e, B: 0x00, A: 0xff}, color.NRGBA{R: 0x56, G: 0xb4, B: 0xe9, A: 0xff},
}

// curves draws one curve a clause over the one variable.
func (s *sweep) curves(p *plot.Plot, measure string, shown []*sweptClause) (*Figure, error) {
	variable := &s.x.Variables[0]
	low, high := math.Inf(1), math.Inf(-1)
	left, right := math.Inf(1), math.Inf(-1)
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = colourGrid, colourGrid
	p.Add(grid)
	if measure == "holds" {
		p.Add(level{100 * s.x.Assurance})
	}
	for k, clause := range shown[:min(len(shown), len(palette))] {
		g := &curve{colour: palette[k]}
		for i := range s.x.Points {
			at := float64(s.x.Points[i].Place[0])
			if variable.Numbers != nil {
				at = variable.Numbers[s.x.Points[i].Place[0]]
			}
			if y, lo, hi, ok := s.value(&s.x.Points[i], measure, clause); ok {
				g.x, g.y, g.low, g.high = append(g.x, at), append(g.y, y), append(g.low, lo), append(g.high, hi)
				low, high, left, right = min(low, lo), max(high, hi), min(left, at), max(right, at)
			}
		}
		if len(g.x) == 0 {
			continue
		}
		byX(g)
		p.Add(g)
		if clause != nil {
			p.Legend.Add(s.clauseName(clause)+" "+say.Cut(clause.first.Text.In(s.Voice.Lang), 44), swatch{g.colour})
		}
	}
	if high < low {
		return nil, model.Diagnostics{{Msg: model.Msg{Code: "plot.nothing_moves"}}}
	}
	p.Title.Text = s.t("plot.sweep", cmp.Or(s.x.Title.In(s.Voice.Lang), s.x.Scenario), s.measured(measure, shown[0]))
	axis := variable.Column()
	if measure == "holds" {
		axis += " · " + s.t("plot.assurance", s.x.Assurance)
	}
	p.X.Label.Text, p.Y.Label.Text = s.caption(axis), s.measured(measure, shown[0])
	pad := max((right-left)*0.04, 0.4*boolean(variable.Numbers == nil || right == left))
	p.X.Min, p.X.Max = left-pad, right+pad
	p.X.Tick.Marker = plot.Ticker(words(variable.Values))
	if variable.Numbers != nil {
		p.X.Tick.Marker = at(variable.Numbers)
	}
	room := 0.0 // for the legend, above the curves
	if shown[0] != nil {
		room = 0.07 * float64(min(len(shown), len(palette))+1)
	}
	switch measure {
	case "share", "holds":
		p.Y.Min = 0
		if measure == "share" {
			p.Y.Min = max(0, math.Floor(low-0.1*(high-low)-0.5))
		}
		p.Y.Max = 100 + (100-p.Y.Min)*room
	case "cost":
		p.Y.Min, p.Y.Max = low-0.1*(high-low)-1, high+0.1*(high-low)+1
	default:
		p.Y.Min, p.Y.Max = 0, high*(1.04+room)+0.01
	}
	p.Y.Tick.Marker = evenTicks{}
	switch measure {
	case "share", "holds":
		p.Y.Tick.Marker = percents{}
	case "cost":
		p.Y.Tick.Marker = amounts{s.Voice}
	}
	p.Legend.TextStyle.Font.Size = vg.Points(9)
	p.Legend.Top, p.Legend.XOffs, p.Legend.YOffs, p.Legend.Padding = true, vg.Points(-8), vg.Points(-6), vg.Points(2)
	p.Legend.ThumbnailWidth = vg.Points(18)
	return &Figure{p, 22 * vg.Centimeter, 13 * vg.Centimeter}, nil
}

func boolean(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// byX puts the points of a curve in the order of the axis.
func byX(g *curve) {
	for i := 1; i < len(g.x); i++ {
		for k := i; k > 0 && g.x[k] < g.x[k-1]; k-- {
			for _, list := range [][]float64{g.x, g.y, g.low, g.high} {
				list[k], list[k-1] = list[k-1], list[k]
			}
		}
	}
}

// at marks an axis at the values themselves if they are few, else evenly.
type at []float64

// Ticks implements plot.Ticker.
func (a at) Ticks(low, high float64) []plot.Tick {
	if len(a) > 16 {
		return evenTicks{}.Ticks(low, high)
	}
	var ticks []plot.Tick
	for _, x := range a {
		ticks = append(ticks, plot.Tick{Value: x, Label: trimmed(x)})
	}
	return ticks
}

// percents marks an axis of shares: nothing is above 100 %.
type percents struct{}

// Ticks implements plot.Ticker.
func (percents) Ticks(low, _ float64) []plot.Tick { return evenTicks{" %"}.Ticks(low, 100) }

// amounts marks an axis of money.
type amounts struct{ v say.Voice }

// Ticks implements plot.Ticker.
func (a amounts) Ticks(low, high float64) []plot.Tick {
	ticks := evenTicks{}.Ticks(low, high)
	for i := range ticks {
		ticks[i].Label = a.v.Amount(ticks[i].Value)
	}
	return ticks
}

// heat is a map of cells: a colour by value, a frame where the clause is met.
type heat struct {
	columns, rows int
	value         []float64 // by row, then column; NaN: not there
	met           []bool
	text          []string
	low, high     float64
	dark          bool // the high end is dark
}

// Plot implements plot.Plotter.
func (h *heat) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	wide, tall := x(1)-x(0), y(1)-y(0)
	size := min(vg.Points(10), tall*0.4, wide*0.24)
	for i, value := range h.value {
		left, bottom := x(float64(i%h.columns)-0.5), y(float64(i/h.columns)-0.5)
		corner := []vg.Point{{X: left, Y: bottom}, {X: left + wide, Y: bottom}, {X: left + wide, Y: bottom + tall}, {X: left, Y: bottom + tall}}
		if math.IsNaN(value) {
			c.FillPolygon(colourGrid, corner)
			continue
		}
		share := 0.5
		if h.high > h.low {
			share = (value - h.low) / (h.high - h.low)
		}
		if !h.dark {
			share = 1 - share
		}
		c.FillPolygon(shade(share), corner)
		if size >= vg.Points(4) {
			style := text.Style{Color: color.Black, Font: p.X.Tick.Label.Font, XAlign: draw.XCenter, YAlign: draw.YCenter, Handler: p.X.Tick.Label.Handler}
			style.Font.Size = size
			if share > 0.62 {
				style.Color = color.White
			}
			c.FillText(style, vg.Point{X: left + wide/2, Y: bottom + tall/2}, h.text[i])
		}
	}
	for i, met := range h.met {
		if !met {
			continue
		}
		in := vg.Points(1.6)
		left, bottom := x(float64(i%h.columns)-0.5)+in, y(float64(i/h.columns)-0.5)+in
		right, top := left+wide-2*in, bottom+tall-2*in
		c.StrokeLines(draw.LineStyle{Color: colourGood, Width: vg.Points(2.2)},
			[]vg.Point{{X: left, Y: bottom}, {X: right, Y: bottom}, {X: right, Y: top}, {X: left, Y: top}, {X: left, Y: bottom}})
	}
}

// shade goes from nearly white over orange to a dark red, ever darker, so that it also reads in grey.
func shade(share float64) color.Color {
	stops := [...][3]float64{{0xff, 0xf7, 0xec}, {0xfd, 0xc1, 0x7f}, {0xe3, 0x4a, 0x33}, {0x7f, 0x00, 0x00}}
	share = min(max(share, 0), 1) * float64(len(stops)-1)
	k := min(int(share), len(stops)-2)
	f := share - float64(k)
	mix := func(i int) uint8 { return uint8(stops[k][i]*(1-f) + stops[k+1][i]*f + 0.5) }
	return color.NRGBA{R: mix(0), G: mix(1), B: mix(2), A: 0xff}
}

// heat draws the map of one clause, or of the cost, over two variables.
func (s *sweep) heat(p *plot.Plot, measure string, clause *sweptClause) (*Figure, error) {
	across, up := &s.x.Variables[0], &s.x.Variables[1]
	h := &heat{columns: len(across.Values), rows: len(up.Values), low: math.Inf(1), high: math.Inf(-1), dark: measure == "late" || measure == "cost"}
	n := h.columns * h.rows
	h.value, h.met, h.text = make([]float64, n), make([]bool, n), make([]string, n)
	for i := range h.value {
		h.value[i] = math.NaN()
		q := s.x.At([]int{i % h.columns, i / h.columns})
		if q == nil {
			continue
		}
		y, _, _, ok := s.value(q, measure, clause)
		if !ok {
			continue
		}
		h.value[i], h.low, h.high = y, min(h.low, y), max(h.high, y)
		h.text[i] = s.shortly(measure, y)
		h.met[i] = clause != nil && clauseAt(q, clause.contract, clause.id).Verdict == "MET"
	}
	if h.high < h.low {
		return nil, model.Diagnostics{{Msg: model.Msg{Code: "plot.nothing_moves"}}}
	}
	what := s.measured(measure, clause)
	title := cmp.Or(s.x.Title.In(s.Voice.Lang), s.x.Scenario)
	if clause != nil {
		title = s.clauseName(clause) + " " + say.Cut(clause.first.Text.In(s.Voice.Lang), 40)
	}
	p.Title.Text = s.t("plot.sweep", title, what)
	p.X.Label.Text = s.caption(across.Column() + "\n \n" + s.t("plot.heat_key", what, s.shortly(measure, h.light()), s.shortly(measure, h.darkest())))
	p.Y.Label.Text = up.Column()
	p.X.Tick.Marker, p.Y.Tick.Marker = words(sparse(labels(across), 20)), words(sparse(labels(up), 30))
	p.X.Tick.Length, p.Y.Tick.Length = 0, 0
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.5, float64(h.columns)-0.5, -0.5, float64(h.rows)-0.5
	p.Add(h)
	return &Figure{p, 22 * vg.Centimeter, vg.Length(min(max(float64(h.rows)*1.1+5.5, 9), 24)) * vg.Centimeter}, nil
}

func (h *heat) light() float64 {
	if h.dark {
		return h.low
	}
	return h.high
}

func (h *heat) darkest() float64 { return h.low + h.high - h.light() }

// shortly is a value of a measure for a cell.
func (s *sweep) shortly(measure string, y float64) string {
	switch measure {
	case "cost":
		return s.Voice.Amount(y)
	case "late":
		return s.Voice.Number(round3(y))
	}
	return s.Voice.Percent(y / 100)
}

// labels are the values of a variable on an axis: numbers without their unit, which is in the axis' name.
func labels(v *judge.Variable) []string {
	if v.Numbers == nil {
		return v.Values
	}
	list := make([]string, len(v.Numbers))
	for i, x := range v.Numbers {
		list[i] = trimmed(x)
	}
	return list
}

// sparse blanks labels so that at most so many are left.
func sparse(list []string, most int) []string {
	step := (len(list) + most - 1) / most
	out := make([]string, len(list))
	for i := range list {
		if i%step == 0 {
			out[i] = list[i]
		}
	}
	return out
}

// trimmed is a number of an axis.
func trimmed(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
