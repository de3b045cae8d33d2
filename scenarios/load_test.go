package scenarios

import (
	"fmt"
	"testing"
)

func TestEmbeddedScenariosLoad(t *testing.T) {
	for _, info := range Embedded() {
		s, diags := Load(info.Name, Options{})
		for _, d := range diags {
			fmt.Println(d.Pos, d.Msg.Code, d.Msg.Args)
		}
		if s == nil {
			t.Errorf("%s does not load", info.Name)
			continue
		}
		if info.Name == "mm3" {
			fmt.Printf("%s\n%s\n", s.Resolved, s.Hash)
			fmt.Printf("%+v\n", *s.World)
		}
	}
}
