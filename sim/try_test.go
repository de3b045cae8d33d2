package sim

import (
	"fmt"
	"os"
	"testing"

	"slasim/model/trail"
	"slasim/scenarios"
)

type nul struct{ k [numEvents]int }

func (*nul) Subject(*trail.Subject)  {}
func (*nul) Person(trail.PersonSpan) {}
func (*nul) Stock(trail.StockMove)   {}
func (n *nul) Event(e trail.Event)   { n.k[e.Kind]++ }

func TestTryKinds(t *testing.T) {
	name := os.Getenv("SCEN")
	if name == "" {
		t.Skip()
	}
	sc, d := scenarios.Load(name, scenarios.Options{})
	if d.HasErrors() {
		t.Fatal(d)
	}
	e := New(sc.World)
	var n nul
	tot, err := e.Run(0, &n, &n, true)
	fmt.Println(err, tot.Events)
	for i, c := range n.k {
		if c > 0 {
			fmt.Println(eventNames[i], c)
		}
	}
	fmt.Println("tickets", tot.Tickets, "remote", tot.RemoteFixed, "visits", tot.Visits, "q", tot.Questions, "jobs", tot.Jobs)
}
