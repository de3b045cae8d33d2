package report

import (
	"fmt"
	"io"

	"slasim/sim/audit"
)

// Audit prints what an audit found: one line if all agrees, and the differences if not.
func Audit(w io.Writer, r *audit.Result, o Options) error {
	v := o.Voice
	var blocks []block
	if r.Agrees() {
		blocks = append(blocks, block{lines: []string{v.T("audit.agrees", r.Clocks, r.Replications, len(r.Clauses))}})
	} else {
		lines := []string{v.T("audit.differs", r.Failed(), r.Clocks)}
		for _, d := range r.Differences {
			lines = append(lines, "  "+v.Msg(d.Msg()))
		}
		if more := r.Failed() - int64(len(r.Differences)); more > 0 {
			lines = append(lines, "  "+v.T("audit.more", more))
		}
		blocks = append(blocks, block{lines: lines})
	}
	t := columns(v.T("col.check"), ">"+v.T("col.looked"), ">"+v.T("col.failed"))
	for _, c := range r.Checks {
		t.add(v.T("audit.name."+c.Name), fmt.Sprint(c.Looked), fmt.Sprint(c.Failed))
	}
	if len(t.rows) > 0 {
		blocks = append(blocks, block{table: t})
	}
	return writeText(w, blocks, o.Width)
}
