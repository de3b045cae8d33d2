package report

import (
	"bytes"
	_ "embed" // the font
	"fmt"
	"image/color"
	"io"
	"math"
	"sort"
	"strings"
	"sync"

	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"

	"slasim/cmd/internal/say"
	"slasim/model"
	"slasim/sim/judge"
)

// fontFile is a subset of Noto Sans SC (OFL 1.1, see font/OFL.txt): the characters of GB 2312, Latin, symbols.
//
//go:embed font/NotoSansSC-subset.ttf
var fontFile []byte

// setFont makes the embedded font the font of every plot; gonum keeps it in process-wide variables.
var setFont = sync.OnceValue(func() error {
	face, err := opentype.Parse(fontFile)
	if err != nil {
		return fmt.Errorf("embedded font: %w", err)
	}
	f := font.Font{Typeface: "NotoSansSC", Variant: "Sans"}
	font.DefaultCache.Add([]font.Face{{Font: f, Face: face}})
	plot.DefaultFont, plotter.DefaultFont = f, f
	plot.DefaultTextHandler = text.Plain{Fonts: font.DefaultCache}
	return nil
})

// Colours that stay apart for colour-blind readers (Okabe and Ito 2008).
var (
	colourBad   = color.NRGBA{R: 0xd5, G: 0x5e, B: 0x00, A: 0xff}
	colourGood  = color.NRGBA{R: 0x00, G: 0x9e, B: 0x73, A: 0xff}
	colourPlain = color.NRGBA{R: 0x56, G: 0xb4, B: 0xe9, A: 0xff}
	colourInk   = color.NRGBA{R: 0x33, G: 0x33, B: 0x33, A: 0xff}
	colourGrid  = color.NRGBA{R: 0xdd, G: 0xdd, B: 0xdd, A: 0xff}
)

// Figure is a finished plot and its size.
type Figure struct {
	plot          *plot.Plot
	width, height vg.Length
}

// Formats are the picture formats of Figure.Write.
func Formats() []string { return []string{"png", "svg", "pdf"} }

// Write draws the figure as png, svg or pdf. missing are the characters that the embedded font lacks; they are
// drawn as boxes.
func (f *Figure) Write(w io.Writer, format string) (missing []rune, err error) {
	var c vg.CanvasWriterTo
	switch format {
	case "png":
		c = vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(f.width, f.height), vgimg.UseDPI(192))}
	case "svg":
		c = vgsvg.New(f.width, f.height)
	case "pdf":
		pdf := vgpdf.New(f.width, f.height)
		pdf.EmbedFonts(false)
		c = pdf
	default:
		return nil, fmt.Errorf("plot format %q", format)
	}
	o := &outlines{Canvas: c, missing: map[rune]bool{}}
	sheet := draw.NewCanvas(o, f.width, f.height)
	sheet.SetColor(color.White)
	sheet.Fill(sheet.Rectangle.Path())
	f.plot.Draw(draw.Crop(sheet, vg.Points(10), vg.Points(-18), vg.Points(12), vg.Points(-8)))
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return nil, err
	}
	_, err = b.WriteTo(w)
	for r := range o.missing {
		missing = append(missing, r)
	}
	sort.Slice(missing, func(i, j int) bool { return missing[i] < missing[j] })
	return missing, err
}

// newPlot starts a plot in our style.
func newPlot(title string) (*plot.Plot, error) {
	if err := setFont(); err != nil {
		return nil, err
	}
	p := plot.New()
	p.Title.Text = title
	p.Title.TextStyle.Font.Size = vg.Points(13)
	p.Title.Padding = vg.Points(8)
	p.X.Label.TextStyle.Font.Size, p.Y.Label.TextStyle.Font.Size = vg.Points(10), vg.Points(10)
	p.X.Tick.Label.Font.Size, p.Y.Tick.Label.Font.Size = vg.Points(9), vg.Points(9)
	p.X.Padding, p.Y.Padding = 0, 0
	return p, nil
}

// caption is the line under the axis that says which run a picture shows.
func caption(v say.Voice, r *judge.Report, axis string) string {
	return axis + "\n \n" + v.T("plot.caption", r.Run.Version, r.Run.Scenario, short(r.Run.ScenarioHash), r.Run.Replications, r.Run.Seed)
}

// names puts labels on the vertical axis, the first on top.
type names []string

func (n names) at(i int) float64 { return float64(len(n) - 1 - i) }

// Ticks implements plot.Ticker.
func (n names) Ticks(_, _ float64) []plot.Tick {
	ticks := make([]plot.Tick, len(n))
	for i, s := range n {
		ticks[i] = plot.Tick{Value: n.at(i), Label: s}
	}
	return ticks
}

// bars draws horizontal bars from 0 with intervals.
type bars struct {
	names            names
	share, low, high []float64 // in percent
	colour           []color.Color
}

// Plot implements plot.Plotter.
func (b *bars) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	line := draw.LineStyle{Color: colourInk, Width: vg.Points(1)}
	half := min((y(1)-y(0))*0.3, vg.Points(7))
	for i := range b.names {
		mid := y(b.names.at(i))
		c.FillPolygon(b.colour[i], []vg.Point{{X: x(0), Y: mid - half}, {X: x(b.share[i]), Y: mid - half},
			{X: x(b.share[i]), Y: mid + half}, {X: x(0), Y: mid + half}})
		c.StrokeLine2(line, x(b.low[i]), mid, x(b.high[i]), mid)
		for _, end := range []float64{b.low[i], b.high[i]} {
			c.StrokeLine2(line, x(end), mid-half*0.6, x(end), mid+half*0.6)
		}
	}
}

// evenTicks marks an axis in five to ten even steps of 1, 2 or 5 times a power of ten; unit stands behind each number.
type evenTicks struct{ unit string }

// Ticks implements plot.Ticker.
func (e evenTicks) Ticks(low, high float64) []plot.Tick {
	step := math.Pow(10, math.Floor(math.Log10((high-low)/5)))
	for _, f := range []float64{5, 2} {
		if (high-low)/(step*f) >= 5 {
			step *= f
			break
		}
	}
	var ticks []plot.Tick
	for i := math.Ceil(low / step); i*step <= high*(1+1e-9); i++ {
		ticks = append(ticks, plot.Tick{Value: i * step, Label: fmt.Sprintf("%.4g%s", i*step, e.unit)})
	}
	return ticks
}

// Breaches shows the share of late events of each clause and row with its interval. Clauses without an event or
// without a late one are left out; the worst stand on top.
func Breaches(v say.Voice, r *judge.Report) (*Figure, error) {
	p, err := newPlot(v.T("plot.breaches", Title(r, v.Lang)))
	if err != nil {
		return nil, err
	}
	b := &bars{}
	put := func(label string, f *judge.Figures) {
		if f.Share == nil || f.ShareLow == nil || f.ShareHigh == nil {
			return
		}
		b.names = append(b.names, label)
		b.share = append(b.share, 100*(1-*f.Share))
		b.low = append(b.low, 100*(1-*f.ShareHigh))
		b.high = append(b.high, 100*(1-*f.ShareLow))
		colour := color.Color(colourPlain)
		switch f.Verdict {
		case "MISSED", "INFEASIBLE":
			colour = colourBad
		case "MET":
			colour = colourGood
		}
		b.colour = append(b.colour, colour)
	}
	for _, c := range sortedClauses(r) {
		if c.LatePerYear == 0 {
			continue
		}
		put(c.ID+" "+say.Cut(c.Text.In(v.Lang), 44), &c.Figures)
		for i := range c.Rows {
			if row := &c.Rows[i]; row.By == "band" {
				name := row.Name.In(v.Lang)
				if name == "" {
					name = row.ID
				}
				put(c.ID+": "+name, &row.Figures)
			}
		}
	}
	if len(b.names) == 0 {
		return nil, model.Diagnostics{{Msg: model.Msg{Code: "plot.nothing_late"}}}
	}
	high := 0.0
	for _, h := range b.high {
		high = max(high, h)
	}
	p.X.Label.Text = caption(v, r, v.T("plot.breaches_axis"))
	p.X.Min, p.X.Max = 0, min(100, high*1.05)
	p.Y.Min, p.Y.Max = -0.6, float64(len(b.names))-0.4
	p.X.Tick.Marker, p.Y.Tick.Marker = evenTicks{" %"}, b.names
	p.Y.Tick.Length = 0
	grid := plotter.NewGrid()
	grid.Horizontal.Width, grid.Vertical.Color = 0, colourGrid
	p.Add(grid, b)
	return &Figure{p, 22 * vg.Centimeter, 4.5*vg.Centimeter + vg.Length(len(b.names))*0.8*vg.Centimeter}, nil
}

// ArrivalTimes are the measured spans of one row of a clause, such as a band's times to arrive.
type ArrivalTimes struct {
	Name  model.Text
	Limit float64   // hours; 0 = none
	Hours []float64 // one a clock, in any order
}

// cumulative draws one empirical distribution function per band and its limit as a dashed line of the same colour.
type cumulative struct {
	sorted [][]float64
	limits []float64
	colour []color.Color
}

// Plot implements plot.Plotter.
func (g *cumulative) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for k, hours := range g.sorted {
		style := draw.LineStyle{Color: g.colour[k], Width: vg.Points(1.6)}
		points := []vg.Point{{X: x(0), Y: y(0)}}
		level := 0.0
		for i, h := range hours {
			if h > p.X.Max {
				break
			}
			points = append(points, vg.Point{X: x(h), Y: y(level)})
			level = 100 * float64(i+1) / float64(len(hours))
			points = append(points, vg.Point{X: x(h), Y: y(level)})
		}
		points = append(points, vg.Point{X: x(p.X.Max), Y: y(level)})
		c.StrokeLines(style, points)
		if limit := g.limits[k]; limit > 0 && limit <= p.X.Max {
			style.Dashes, style.Width = []vg.Length{vg.Points(4), vg.Points(3)}, vg.Points(1.1)
			c.StrokeLine2(style, x(limit), y(0), x(limit), y(100))
		}
	}
}

// swatch is a line in a legend.
type swatch struct{ colour color.Color }

// Thumbnail implements plot.Thumbnailer.
func (s swatch) Thumbnail(c *draw.Canvas) {
	y := c.Center().Y
	c.StrokeLine2(draw.LineStyle{Color: s.colour, Width: vg.Points(2)}, c.Min.X, y, c.Max.X, y)
}

// Arrivals shows for each band how many of the clocks had ended by when, with the limit. The axis ends where all but
// 1 % of the worst band have ended, or at twice the largest limit if that is further.
func Arrivals(v say.Voice, r *judge.Report, clause model.Text, bands []ArrivalTimes) (*Figure, error) {
	p, err := newPlot(v.T("plot.arrivals", Title(r, v.Lang), clause.In(v.Lang)))
	if err != nil {
		return nil, err
	}
	g := &cumulative{}
	end := 0.0
	for _, b := range bands {
		if len(b.Hours) == 0 {
			continue
		}
		hours := append([]float64(nil), b.Hours...)
		sort.Float64s(hours)
		colour := palette[len(g.sorted)%len(palette)]
		g.sorted, g.limits, g.colour = append(g.sorted, hours), append(g.limits, b.Limit), append(g.colour, colour)
		end = max(end, hours[(len(hours)-1)*99/100], 2*b.Limit)
		label := v.T("plot.band", b.Name, len(hours))
		if b.Limit > 0 {
			met := sort.Search(len(hours), func(i int) bool { return hours[i] > b.Limit+1e-9 })
			label = v.T("plot.band_limit", b.Name, len(hours), b.Limit, float64(met)/float64(len(hours)))
		}
		p.Legend.Add(label, swatch{colour})
	}
	if len(g.sorted) == 0 {
		return nil, model.Diagnostics{{Msg: model.Msg{Code: "plot.no_arrivals"}}}
	}
	p.X.Label.Text = caption(v, r, v.T("plot.arrivals_axis"))
	p.Y.Label.Text = v.T("plot.arrived")
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, end, 0, 100
	p.X.Tick.Marker, p.Y.Tick.Marker = evenTicks{}, evenTicks{" %"}
	p.Legend.TextStyle.Font.Size = vg.Points(9)
	p.Legend.Top, p.Legend.Left = false, false
	p.Legend.XOffs, p.Legend.YOffs, p.Legend.Padding = vg.Points(-8), vg.Points(8), vg.Points(2)
	p.Legend.ThumbnailWidth = vg.Points(18)
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = colourGrid, colourGrid
	p.Add(grid, g)
	return &Figure{p, 22 * vg.Centimeter, 13 * vg.Centimeter}, nil
}

// MissingText lists characters for a message.
func MissingText(missing []rune) string {
	parts := make([]string, len(missing))
	for i, r := range missing {
		parts[i] = fmt.Sprintf("%c (U+%04X)", r, r)
	}
	return strings.Join(parts, ", ")
}
