package cli

import (
	"fmt"
	"strings"
	"testing"
)

func TestSplit(t *testing.T) {
	for text, want := range map[string]string{
		"a.b=1":                              "1 a.b=1",
		"a.b=60 km/h c.d=2":                  "1 a.b=60 km/h|13 c.d=2",
		"  a.b=1   c.d=2 ":                   "3 a.b=1|11 c.d=2",
		"a.b={x: 1, y: c=d e=f} g.h=1":       "1 a.b={x: 1, y: c=d e=f}|24 g.h=1",
		`a.b="c d=e" f=1`:                    `1 a.b="c d=e"|13 f=1`,
		"人.数=3 a=1":                          "1 人.数=3|7 a=1",
		`contracts."s 2".price=1M CNY a.b=1`: `1 contracts."s 2".price=1M CNY|30 a.b=1`,
		"nonsense":                           "1 nonsense",
		"a.b= c.d=2":                         "1 a.b=|6 c.d=2",
	} {
		var got []string
		for _, a := range split("--with", 1, text) {
			got = append(got, fmt.Sprint(a.Col, " ", a.Text))
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}
