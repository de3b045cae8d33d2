package scenarios

import (
	_ "embed"
	"strings"

	"slasim/model"
	"slasim/scenarios/internal/tree"
)

// Info describes an embedded scenario.
type Info struct {
	Name        string
	Title       model.Text
	Description string // the comment at the head of its file
}

// Embedded lists the embedded scenarios by name.
func Embedded() []Info {
	entries, err := library.ReadDir("library")
	if err != nil {
		panic("scenarios: " + err.Error())
	}
	var out []Info
	for _, e := range entries {
		name, isYAML := strings.CutSuffix(e.Name(), ".yaml")
		if !isYAML {
			continue
		}
		data, err := library.ReadFile("library/" + e.Name())
		if err != nil {
			panic("scenarios: " + err.Error())
		}
		info := Info{Name: name, Description: head(string(data))}
		if root, _ := tree.Parse(e.Name(), data); root != nil {
			if title, ok := root.Find("run", "title"); ok {
				var t Text
				(&decoder{}).text(title, &t, "")
				info.Title = model.Text(t)
			}
		}
		out = append(out, info)
	}
	return out
}

// head is the comment at the start of a file, joined to one line.
func head(text string) string {
	var out []string
	for line := range strings.Lines(text) {
		rest, ok := strings.CutPrefix(line, "#")
		if !ok {
			break
		}
		if !strings.HasPrefix(strings.TrimSpace(rest), "yaml-language-server") {
			out = append(out, strings.TrimSpace(rest))
		}
	}
	return strings.Join(out, " ")
}

//go:embed starter.yaml
var starter string

// Starter is a commented scenario that runs, to begin a new one with: NAME stands for the name.
func Starter(name string) []byte { return []byte(strings.ReplaceAll(starter, "NAME", name)) }
