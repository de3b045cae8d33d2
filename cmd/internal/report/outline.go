package report

import (
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// outlines is a canvas that draws text as filled glyph outlines. The PDF canvas of gonum writes text in a one-byte
// code page and the SVG canvas only names the font, so Chinese would depend on the reader; outlines look the same
// everywhere. The price: the text of a picture cannot be searched.
type outlines struct {
	vg.Canvas
	buf     sfnt.Buffer
	missing map[rune]bool // characters that the font lacks
}

// FillString draws s with its left end on the base line at pt.
func (c *outlines) FillString(f font.Face, pt vg.Point, s string) {
	size := f.Font.Size
	if size == 0 || s == "" {
		return
	}
	units := f.Face.UnitsPerEm()
	em := fixed.Int26_6(units) << 6 // outlines in font units are exact
	scale := float64(size.Points()) / float64(units) / 64
	x := pt.X
	at := func(p fixed.Point26_6) vg.Point {
		return vg.Point{X: x + vg.Points(float64(p.X)*scale), Y: pt.Y - vg.Points(float64(p.Y)*scale)}
	}
	var path vg.Path
	for _, r := range s {
		glyph, err := f.Face.GlyphIndex(&c.buf, r)
		if err != nil || glyph == 0 {
			c.missing[r] = true
		}
		segments, err := f.Face.LoadGlyph(&c.buf, glyph, em, nil)
		if err != nil {
			continue
		}
		open := false
		for _, g := range segments {
			switch g.Op {
			case sfnt.SegmentOpMoveTo:
				if open {
					path.Close()
				}
				path.Move(at(g.Args[0]))
				open = true
			case sfnt.SegmentOpLineTo:
				path.Line(at(g.Args[0]))
			case sfnt.SegmentOpQuadTo:
				path.QuadTo(at(g.Args[0]), at(g.Args[1]))
			case sfnt.SegmentOpCubeTo:
				path.CubeTo(at(g.Args[0]), at(g.Args[1]), at(g.Args[2]))
			}
		}
		if open {
			path.Close()
		}
		if advance, err := f.Face.GlyphAdvance(&c.buf, glyph, em, 0); err == nil {
			x += vg.Points(float64(advance) * scale)
		}
	}
	if len(path) > 0 {
		c.Fill(path)
	}
}
