package say

var storyTexts = map[string]phrase{}
