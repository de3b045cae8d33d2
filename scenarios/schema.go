package scenarios

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"
)

// Schema is the JSON Schema (draft 2020-12) of a scenario file, for editors. It knows shapes, units, enums and
// required keys; what names refer to is checked by Load alone.
func Schema() ([]byte, error) {
	r := jsonschema.Reflector{
		FieldNameTag: "yaml", RequiredFromJSONSchemaTags: true, Anonymous: true, Mapper: valueSchema,
	}
	s := r.ReflectFromType(reflect.TypeFor[File]())
	s.ID = "urn:slasim:scenario"
	s.Title = "slasim scenario"
	text, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	var doc map[string]any
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	refine(doc)
	return json.MarshalIndent(doc, "", "  ")
}

// Patterns of the units.
const (
	digits          = `[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?`
	spanPattern     = `^(0|(` + digits + `\s*[smhdwy]\s*)+)$`
	durationPattern = `^(none|0|(` + digits + `\s*[smhdwy]\s*)+|[0-9]+\s*(wd|cd))$`
	moneyPattern    = `^(0|` + digits + `\s*(([kMG]?\s+[^0-9\s]+)|[kMG]|[^0-9\skMG.%][^0-9\s]*))$`
)

// valueTypes are the types of value.go that have a definition of their own.
var valueTypes = []reflect.Type{
	reflect.TypeFor[Text](), reflect.TypeFor[Duration](), reflect.TypeFor[Prob](), reflect.TypeFor[Length](),
	reflect.TypeFor[Speed](), reflect.TypeFor[Rate](), reflect.TypeFor[Money](), reflect.TypeFor[Dist](),
	reflect.TypeFor[EventSpec](), reflect.TypeFor[LimitRow](), reflect.TypeFor[Level](),
}

// valueSchema refers to the definitions of the types of value.go.
func valueSchema(t reflect.Type) *jsonschema.Schema {
	switch {
	case t == reflect.TypeFor[Count]():
		return &jsonschema.Schema{Type: "integer", Minimum: "0"}
	case t == reflect.TypeFor[Number]():
		return &jsonschema.Schema{Type: "number"}
	case slices.Contains(valueTypes, t):
		return refTo(t.Name())
	}
	return nil
}

func refTo(name string) *jsonschema.Schema { return &jsonschema.Schema{Ref: "#/$defs/" + name} }

func pattern(p string) *jsonschema.Schema {
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string", Pattern: p}, {Const: 0}}}
}

func quantitySchema(units []unit) *jsonschema.Schema {
	var names []string
	for _, u := range units {
		names = append(names, u.name)
	}
	return pattern(`^` + digits + `\s*(` + strings.ReplaceAll(strings.Join(names, "|"), "/", `\s*/\s*`) + `)$`)
}

// definition describes a type of value.go; Amount and Factor are the parameters of a distribution.
func definition(name string) *jsonschema.Schema {
	switch name {
	case "Text":
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
			{Type: "string"}, {Type: "number"}, closed(map[string]*jsonschema.Schema{"en": {Type: "string"}, "zh": {Type: "string"}}),
		}}
	case "Duration":
		return pattern(durationPattern)
	case "Prob":
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
			{Type: "number", Minimum: "0", Maximum: "1"}, {Type: "string", Pattern: `^` + digits + `\s*%$`},
		}}
	case "Length":
		return quantitySchema(lengthUnits)
	case "Speed":
		return quantitySchema(speedUnits)
	case "Rate":
		return quantitySchema(rateUnits)
	case "Money":
		return pattern(moneyPattern)
	case "Dist":
		return distSchema()
	case "Amount":
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
			{Type: "string", Pattern: spanPattern}, {Type: "number", Minimum: "0"}, {Type: "string", Pattern: `^` + digits + `\s*%$`},
		}}
	case "Factor":
		return &jsonschema.Schema{Type: "number", Minimum: "0"}
	case "EventSpec":
		one := uint64(1)
		some := &jsonschema.Schema{Type: "array", MinItems: &one, Items: &jsonschema.Schema{Type: "string"}}
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
			{Type: "string"}, closed(map[string]*jsonschema.Schema{"first_of": some}), closed(map[string]*jsonschema.Schema{"last_of": some}),
		}}
	case "LimitRow":
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
			refTo("Duration"), {Type: "object", AdditionalProperties: refTo("Duration")},
		}}
	case "Level":
		whole := &jsonschema.Schema{Type: "integer"}
		full := closed(map[string]*jsonschema.Schema{"up_to": whole, "reorder": whole})
		full.Required = []string{"up_to"}
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "integer", Minimum: "0"}, full}}
	}
	panic("scenarios: no schema for " + name)
}

// closed is an object with these keys only.
func closed(keys map[string]*jsonschema.Schema) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
	for _, k := range sortedKeys(keys) {
		s.Properties.Set(k, keys[k])
	}
	return s
}

func distSchema() *jsonschema.Schema {
	amount, number := refTo("Amount"), refTo("Factor")
	forms := []*jsonschema.Schema{amount}
	for _, f := range families {
		for _, form := range f.forms {
			keys := map[string]*jsonschema.Schema{"dist": {Const: f.name}, "times": number}
			for _, key := range form {
				keys[key] = amount
				if key == "cv" || key == "shape" {
					keys[key] = number
				}
				if key == "values" {
					keys[key] = &jsonschema.Schema{Type: "array", Items: amount}
				}
			}
			s := closed(keys)
			s.Required = append([]string{"dist"}, form...)
			forms = append(forms, s)
		}
	}
	return &jsonschema.Schema{AnyOf: forms}
}

// refine lets a value be written {low, base, high} wherever a number or a distribution may stand, lets keys be
// deleted by null, and gives ranges of numbers from the tags.
func refine(doc map[string]any) {
	defs, _ := doc["$defs"].(map[string]any)
	var values []string
	for _, t := range valueTypes {
		values = append(values, t.Name())
	}
	for _, name := range sortedKeys(defs) {
		if t, ok := structNamed(reflect.TypeFor[File](), name); ok {
			bounds(defs[name].(map[string]any), t)
		}
		refineObject(defs[name].(map[string]any))
	}
	for _, name := range append(values, "Amount", "Factor") {
		defs[name+"Value"] = asMap(definition(name))
		value := map[string]any{"$ref": "#/$defs/" + name + "Value"}
		defs[name] = map[string]any{"anyOf": []any{value, rangeOf(value), map[string]any{"type": "null"}}}
	}
	// A file that extends another may leave out what the other has.
	partial := map[string]any{}
	text := strings.ReplaceAll(string(must(json.Marshal(defs))), `"#/$defs/`, `"#/$defs/Partial`)
	if err := json.Unmarshal([]byte(text), &partial); err != nil {
		panic("scenarios: " + err.Error())
	}
	for _, name := range sortedKeys(partial) {
		def := partial[name].(map[string]any)
		delete(def, "required")
		defs["Partial"+name] = def
	}
	delete(doc, "$ref")
	doc["if"] = map[string]any{"required": []any{"extends"}}
	doc["then"] = map[string]any{"$ref": "#/$defs/PartialFile"}
	doc["else"] = map[string]any{"$ref": "#/$defs/File"}
}

func refineObject(s map[string]any) {
	properties, _ := s["properties"].(map[string]any)
	for _, key := range sortedKeys(properties) {
		if p, ok := properties[key].(map[string]any); ok {
			properties[key] = ranged(p)
		}
	}
}

// ranged is a schema that also takes the range of a leaf, at any depth of lists and mappings, and null.
func ranged(s map[string]any) map[string]any {
	if inner, ok := s["additionalProperties"].(map[string]any); ok {
		s["additionalProperties"] = ranged(inner)
	}
	if inner, ok := s["items"].(map[string]any); ok {
		s["items"] = ranged(inner)
	}
	description := s["description"]
	delete(s, "description")
	forms := []any{s, map[string]any{"type": "null"}}
	if kind := s["type"]; kind == "number" || kind == "integer" {
		forms = append(forms, rangeOf(s))
	}
	out := map[string]any{"anyOf": forms}
	if description != nil {
		out["description"] = description
	}
	return out
}

func rangeOf(s map[string]any) map[string]any {
	return map[string]any{
		"type": "object", "required": []any{"base"}, "additionalProperties": false,
		"properties": map[string]any{"low": s, "base": s, "high": s},
	}
}

func must(text []byte, err error) []byte {
	if err != nil {
		panic("scenarios: " + err.Error())
	}
	return text
}

func asMap(s *jsonschema.Schema) map[string]any {
	out := map[string]any{}
	if err := json.Unmarshal(must(json.Marshal(s)), &out); err != nil {
		panic("scenarios: " + err.Error())
	}
	return out
}

// structNamed finds a struct type of the file by name.
func structNamed(t reflect.Type, name string) (reflect.Type, bool) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return structNamed(t.Elem(), name)
	case reflect.Struct:
		if valueSchema(t) != nil {
			return nil, false
		}
		if t.Name() == name {
			return t, true
		}
		for i := range t.NumField() {
			if found, ok := structNamed(t.Field(i).Type, name); ok {
				return found, true
			}
		}
	}
	return nil, false
}

// bounds writes the number tags of a struct into its schema.
func bounds(s map[string]any, t reflect.Type) {
	properties, _ := s["properties"].(map[string]any)
	for i := range t.NumField() {
		tag := t.Field(i).Tag.Get("number")
		p, ok := properties[t.Field(i).Tag.Get("yaml")].(map[string]any)
		if tag == "" || !ok {
			continue
		}
		for p["items"] != nil || p["additionalProperties"] != nil {
			inner, isMap := p["items"].(map[string]any)
			if !isMap {
				inner, isMap = p["additionalProperties"].(map[string]any)
			}
			if !isMap {
				break
			}
			p = inner
		}
		set := func(key, text string) {
			if x, err := strconv.ParseFloat(text, 64); err == nil {
				p[key] = x
			}
		}
		if low, high, both := strings.Cut(tag, ".."); both {
			set("minimum", low)
			set("maximum", high)
		} else if low, strict := strings.CutPrefix(tag, "> "); strict {
			set("exclusiveMinimum", low)
		} else {
			set("minimum", strings.TrimPrefix(tag, ">= "))
		}
	}
}
