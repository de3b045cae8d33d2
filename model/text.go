package model

// Lang is a language of output.
type Lang uint8

// Languages.
const (
	En Lang = iota
	Zh
)

// Text is a phrase in both languages; an empty one falls back to the other.
type Text struct {
	En string `yaml:"en" json:"en,omitempty"`
	Zh string `yaml:"zh" json:"zh,omitempty"`
}

// In is the text in lang, or in the other language if lang has none.
func (t Text) In(lang Lang) string {
	if lang == Zh && t.Zh != "" || t.En == "" {
		return t.Zh
	}
	return t.En
}
