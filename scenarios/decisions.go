package scenarios

import "slices"

// Decision is one of the decisions on the ambiguities of the plans, A-01 … A-63: a simulation either expresses it by
// switches, or does not turn it, for a reason.
type Decision struct {
	ID       string
	Switches []string
	Reason   string // "" with switches: text, key, parameter, judged_alike, unsupported, outside
	Key      string // where the scenario carries it instead
}

// The reasons why a decision is no switch:
//
//	text         the text leaves one reading only, or the decision says to follow it
//	key          it is data of the scenario, which is changed itself
//	parameter    a number is missing, for which no reading stands in
//	judged_alike both readings judge the same events by the same limits
//	unsupported  the engine has one of the readings only
//	outside      not a matter of events and limits
var noSwitch = []Decision{
	{ID: "A-04", Reason: "text"},
	{ID: "A-11", Reason: "parameter", Key: "contracts.*.clauses.*.limit"},
	{ID: "A-14", Reason: "key", Key: "contracts.*.ladder"},
	{ID: "A-15", Reason: "text"},
	{ID: "A-16", Reason: "key", Key: "planned.papers"},
	{ID: "A-22", Reason: "key", Key: "contracts.*.clauses.*.calendar"},
	{ID: "A-23", Reason: "key", Key: "parts.source"},
	{ID: "A-25", Reason: "key", Key: "contracts.*.clauses.*.limits"},
	{ID: "A-27", Reason: "judged_alike"},
	{ID: "A-28", Reason: "text"},
	{ID: "A-29", Reason: "key", Key: "run.term"},
	{ID: "A-30", Reason: "outside"},
	{ID: "A-31", Reason: "judged_alike", Key: "contracts.*.readings.on_conflict"},
	{ID: "A-33", Reason: "text"},
	{ID: "A-35", Reason: "key", Key: "contracts.*.severities.*.rank"},
	{ID: "A-41", Reason: "parameter", Key: "contracts.*.clauses.*.limit"},
	{ID: "A-42", Reason: "text"},
	{ID: "A-44", Reason: "key", Key: "people.*.roster"},
	{ID: "A-45", Reason: "text"},
	{ID: "A-48", Reason: "judged_alike", Key: "contracts.*.clauses.*.aliases"},
	{ID: "A-49", Reason: "outside"},
	{ID: "A-50", Reason: "judged_alike"},
	{ID: "A-51", Reason: "key", Key: "parts.items.*.emergency.below"},
	{ID: "A-54", Reason: "outside"},
	{ID: "A-57", Reason: "judged_alike", Key: "contracts.*.readings.complaint_hours"},
	{ID: "A-58", Reason: "key", Key: "parts.items.*.repair_share"},
	{ID: "A-59", Reason: "key", Key: "contracts.*.key_periods"},
	{ID: "A-60", Reason: "key", Key: "people.*.headcount"},
	{ID: "A-61", Reason: "key", Key: "equipment.classes.*.failures.*.right_part"},
	{ID: "A-62", Reason: "key", Key: "contracts.*.penalty"},
	{ID: "A-63", Reason: "outside"},
}

// Decisions are all decisions in their order. One that has a switch needs no reason.
func Decisions() []Decision {
	list := slices.Clone(noSwitch)
	for _, s := range switches {
		i := slices.IndexFunc(list, func(d Decision) bool { return d.ID == s.id })
		if i < 0 {
			list = append(list, Decision{ID: s.id})
			i = len(list) - 1
		}
		list[i].Switches, list[i].Reason, list[i].Key = append(list[i].Switches, s.name), "", ""
	}
	slices.SortFunc(list, func(a, b Decision) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return list
}
