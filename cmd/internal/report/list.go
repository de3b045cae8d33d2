package report

import "io"

// List prints the embedded scenarios: name, title and description of each.
func List(w io.Writer, o Options, rows [][]string) error {
	v := o.Voice
	t := columns(v.T("col.name"), v.T("col.title"), v.T("col.description"))
	for _, r := range rows {
		t.add(r...)
	}
	t.dropEmpty()
	if len(t.rows) == 0 {
		return nil
	}
	if o.Width == 0 {
		t.fit(len(t.head)-1, o.width(), 30)
	}
	return writeText(w, []block{{table: t}}, o.Width)
}
