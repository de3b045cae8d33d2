package report

import (
	"cmp"
	"image/color"
	"math"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"slasim/cmd/internal/say"
	"slasim/model"
	"slasim/sim/plan"
	"slasim/sim/stats"
)

// PlanPlot shows cost against the share of years that hold, as a curve through the designs to which none looked at is better
// in both, and the plan, the next best and the scenario's own design beside it. Intervals are of 95 %; those of the plan are
// from its proof.
func PlanPlot(v say.Voice, p *Plan) (*Figure, error) {
	if len(p.Curve) == 0 {
		return nil, model.Diagnostics{{Msg: model.Msg{Code: "plot.no_curve"}}}
	}
	fig, err := newPlot("")
	if err != nil {
		return nil, err
	}
	low, left, right := 100.0, math.Inf(1), math.Inf(-1)
	series := func(name string, colour color.Color, line bool, list ...plan.Other) {
		g := &curve{colour: colour, apart: !line}
		for i := range list {
			x := &list[i]
			lo, hi := stats.ClopperPearson(int(math.Round(x.PHold*float64(x.Years))), x.Years, 0.95)
			g.x, g.y, g.low, g.high = append(g.x, x.Cost), append(g.y, 100*x.PHold), append(g.low, 100*lo), append(g.high, 100*hi)
			low, left, right = min(low, 100*lo), min(left, x.Cost), max(right, x.Cost)
		}
		if len(g.x) > 0 {
			byX(g)
			fig.Add(g)
			fig.Legend.Add(name, swatch{colour})
		}
	}
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = colourGrid, colourGrid
	fig.Add(grid, level{100 * p.Assurance})
	series(v.T("plot.plan.curve"), palette[0], true, p.Curve...)
	series(v.T("plot.plan.next"), palette[5], false, p.Next...)
	if p.Scenario != nil {
		series(v.T("plan.scenario_row"), palette[1], false, *p.Scenario)
	}
	if p.Proof.Years > 0 {
		series(v.T("plan.this"), palette[4], false, plan.Other{Cost: p.Cost.Total, PHold: p.Proof.PHold, Years: p.Proof.Years})
	}
	fig.Title.Text = v.T("plot.plan", cmp.Or(p.Run.Title.In(v.Lang), p.Run.Scenario))
	fig.X.Label.Text = v.T("plot.measure.cost", p.Currency) + " · " + v.T("plot.assurance", p.Assurance) + "\n \n" +
		v.T("plot.caption", p.Run.Version, p.Run.Scenario, short(p.Run.ScenarioHash), p.Search, p.Run.Seed)
	fig.Y.Label.Text = v.T("plot.plan.axis", len(p.Chosen))
	pad := max((right-left)*0.05, 1)
	fig.X.Min, fig.X.Max = left-pad, right+pad
	fig.Y.Min = max(0, math.Floor(low/5)*5)
	fig.Y.Max = 100 + (100-fig.Y.Min)*0.32 // the legend stands above
	fig.X.Tick.Marker, fig.Y.Tick.Marker = amounts{v}, percents{}
	fig.Legend.TextStyle.Font.Size = vg.Points(9)
	fig.Legend.Top, fig.Legend.XOffs, fig.Legend.YOffs, fig.Legend.Padding = true, vg.Points(-8), vg.Points(-6), vg.Points(2)
	fig.Legend.ThumbnailWidth = vg.Points(18)
	return &Figure{fig, 22 * vg.Centimeter, 13 * vg.Centimeter}, nil
}
