package say

// catalogue is every message by its code.
var catalogue = join(reportTexts, commandTexts, diagnosticTexts, historyTexts, storyTexts, bidTexts, lintTexts, readingTexts, compareTexts,
	sweepTexts, planTexts, whyTexts)

// join puts the parts of the catalogue together; a code may stand in one of them only.
func join(parts ...map[string]phrase) map[string]phrase {
	all := map[string]phrase{}
	for _, part := range parts {
		for code, p := range part {
			if _, twice := all[code]; twice {
				panic("say: the code " + code + " stands twice in the catalogue")
			}
			all[code] = p
		}
	}
	return all
}
