package say

var commandTexts = map[string]phrase{}
