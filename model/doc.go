// Package model holds the nouns and units every other package speaks: time, milestones, intervals,
// distributions, texts in two languages and diagnostics. It imports the standard library only.
package model
