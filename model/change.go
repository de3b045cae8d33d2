package model

import "strings"

// Change is a path of a scenario at which another says something else; "" is nothing said.
type Change struct {
	Path string `json:"path"`
	From string `json:"from"`
	To   string `json:"to"`
}

// Touches reports whether a change lies at a path, below it, or holds it.
func (c Change) Touches(path string) bool {
	return c.Path == path || strings.HasPrefix(c.Path, path+".") || strings.HasPrefix(path, c.Path+".")
}
