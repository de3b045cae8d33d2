package scenarios

import (
	_ "embed"
	"strings"

	"slasim/model"
	"slasim/scenarios/internal/tree"
)

// Info describes an embedded scenario or stress set.
type Info struct {
	Name        string
	Title       model.Text
	Description model.Text
}

// Embedded lists the embedded scenarios by name.
func Embedded() []Info { return embedded("library") }

// StressSets lists the embedded stress sets by name: changes for Options.SetFiles.
func StressSets() []Info { return embedded("library/stress") }

func embedded(dir string) []Info {
	entries, err := library.ReadDir(dir)
	if err != nil {
		panic("scenarios: " + err.Error())
	}
	var out []Info
	for _, e := range entries {
		name, isYAML := strings.CutSuffix(e.Name(), ".yaml")
		if !isYAML {
			continue
		}
		data, err := library.ReadFile(dir + "/" + e.Name())
		if err != nil {
			panic("scenarios: " + err.Error())
		}
		info := Info{Name: name}
		if root, _ := tree.Parse(e.Name(), data); root != nil {
			info.Title, info.Description = textAt(root, "run", "title"), textAt(root, "run", "description")
		}
		out = append(out, info)
	}
	return out
}

func textAt(root *tree.Node, path ...string) model.Text {
	var t Text
	if n, ok := root.Find(path...); ok {
		(&decoder{}).text(n, &t, "")
	}
	return model.Text(t)
}

//go:embed starter.yaml
var starter string

// Starter is a commented scenario that runs, to begin a new one with: NAME stands for the name.
func Starter(name string) []byte { return []byte(strings.ReplaceAll(starter, "NAME", name)) }
