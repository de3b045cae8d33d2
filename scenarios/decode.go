package scenarios

import (
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"slasim/model"
	"slasim/scenarios/internal/tree"
)

// decoder fills a File from a tree and reports every problem of shape it meets.
type decoder struct {
	diags      model.Diagnostics
	fragment   bool // what a file extends is not there: keys may be missing
	currencies []currency
}

// currency is a label seen beside an amount.
type currency struct {
	label, path string
	pos         model.Pos
}

func (d *decoder) report(severity model.DiagSeverity, pos model.Pos, code string, args ...any) {
	d.diags = append(d.diags, model.Diagnostic{Pos: pos, Severity: severity, Msg: model.Msg{Code: code, Args: args}})
}

// fail reports a value that cannot be read.
func (d *decoder) fail(n *tree.Node, code string, args ...any) {
	n.Refused = true
	d.report(model.Error, n.Pos, code, args...)
}

// failKey reports a key that cannot be read; the others of its mapping can.
func (d *decoder) failKey(n *tree.Node, key int, code string, args ...any) {
	n.Flawed = true
	d.report(model.Error, n.KeyPos[key], code, args...)
}

func itoa(i int) string { return strconv.Itoa(i) }

func join(path, key string) string {
	if strings.ContainsAny(key, ".\"") {
		key = `"` + key + `"`
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// field is what the tags of a field ask of its value, or of the items of a list or mapping.
type field struct {
	enum   []string
	number string // range of numbers
	plain  bool   // a distribution of plain numbers, not of spans
}

// keysOf are the legal keys of a struct.
func keysOf(t reflect.Type) (keys, required []string) {
	for i := range t.NumField() {
		f := t.Field(i)
		key := f.Tag.Get("yaml")
		keys = append(keys, key)
		if slices.Contains(strings.Split(f.Tag.Get("jsonschema"), ","), "required") {
			required = append(required, key)
		}
	}
	return keys, required
}

func fieldOf(f reflect.StructField) field {
	out := field{number: f.Tag.Get("number"), plain: f.Tag.Get("unit") == "1"}
	for part := range strings.SplitSeq(f.Tag.Get("jsonschema"), ",") {
		if v, ok := strings.CutPrefix(part, "enum="); ok {
			out.enum = append(out.enum, v)
		}
	}
	return out
}

// names marks the mappings of a tree whose keys are free names, such as places and parts.
func names(n *tree.Node, t reflect.Type) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if n.Kind == tree.Mapping && t.Kind() == reflect.Map {
		n.Named = true
	}
	for i, child := range n.Children {
		switch {
		case n.IsRange():
			names(child, t)
		case n.Kind == tree.Mapping && t.Kind() == reflect.Map, n.Kind == tree.Sequence && t.Kind() == reflect.Slice:
			names(child, t.Elem())
		case n.Kind == tree.Mapping && t.Kind() == reflect.Struct:
			for k := range t.NumField() {
				if f := t.Field(k); f.Tag.Get("yaml") == n.Keys[i] {
					names(child, f.Type)
				}
			}
		}
	}
}

// value decodes n into v. Ends of a range that were not picked are decoded too, so that a bad one is seen.
func (d *decoder) value(n *tree.Node, v reflect.Value, path string, f field) {
	if n.Kind == tree.Null { // as if the key were not there
		return
	}
	if r := n.Range; r != nil {
		for _, end := range []*tree.Node{r.Low, r.Base, r.High} {
			if end != nil && end != n {
				d.value(end, reflect.New(v.Type()).Elem(), path, f)
			}
		}
	}
	if d.own(n, v, path, f) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(n, v.Elem(), path, f)
	case reflect.Struct:
		d.structure(n, v, path)
	case reflect.Map:
		d.mapping(n, v, path, f)
	case reflect.Slice:
		if n.Kind != tree.Sequence {
			d.fail(n, CodeWrongType, path, WantList, n.Kind.String())
			return
		}
		s := reflect.MakeSlice(v.Type(), len(n.Children), len(n.Children))
		for i, c := range n.Children {
			if c.Kind == tree.Null {
				d.fail(c, CodeWrongType, join(path, itoa(i)), WantValue, c.Kind.String())
			}
			d.value(c, s.Index(i), join(path, itoa(i)), f)
		}
		v.Set(s)
	case reflect.String:
		if text, ok := d.scalar(n, path, WantText); ok {
			if len(f.enum) > 0 && !slices.Contains(f.enum, text) {
				d.fail(n, CodeBadEnum, path, text, nearest(text, f.enum), list(f.enum))
				return
			}
			v.SetString(text)
		}
	case reflect.Bool:
		if text, ok := d.scalar(n, path, WantBool); ok {
			if text != "true" && text != "false" {
				d.fail(n, CodeWrongType, path, WantBool, text)
				return
			}
			v.SetBool(text == "true")
		}
	case reflect.Int:
		if i, ok := d.whole(n, path, f.number); ok {
			v.SetInt(i)
		}
	default:
		panic("scenarios: no decoder for " + v.Type().String())
	}
}

// own decodes the types of value.go.
func (d *decoder) own(n *tree.Node, v reflect.Value, path string, f field) bool {
	switch p := v.Addr().Interface().(type) {
	case *Text:
		d.text(n, p, path)
	case *Duration:
		if text, ok := d.scalar(n, path, WantValue); ok {
			d.duration(n, text, p, path)
		}
	case *Count:
		if i, ok := d.whole(n, path, ">= 0"); ok {
			*p = Count{true, i}
		}
	case *Number:
		if x, ok := d.number(n, path, f.number); ok {
			*p = Number(x)
		}
	case *Prob:
		if x, ok := d.prob(n, path); ok {
			*p = Prob(x)
		}
	case *Length:
		if x, ok := d.quantity(n, path, "length", lengthUnits); ok {
			if x > maxMetres {
				d.fail(n, CodeTooLong, path, n.Value, "40000km")
				break
			}
			*p = Length{true, int64(math.Round(x))}
		}
	case *Speed:
		if x, ok := d.quantity(n, path, "speed", speedUnits); ok {
			if x <= 0 {
				d.fail(n, CodeOutOfRange, path, n.Value, "> 0")
				break
			}
			*p = Speed{true, x}
		}
	case *Rate:
		if x, ok := d.quantity(n, path, "rate", rateUnits); ok {
			*p = Rate{true, x}
		}
	case *Money:
		d.money(n, p, path)
	case *Dist:
		if dist, ok := d.dist(n, path, f.plain); ok {
			*p = Dist{true, dist}
		} else {
			n.Refused = true // also where one of its parameters is to blame
		}
	case *EventSpec:
		d.event(n, p, path)
	case *LimitRow:
		d.limitRow(n, p, path)
	case *Level:
		if n.Kind == tree.Scalar {
			if i, ok := d.whole(n, path, ">= 0"); ok {
				p.UpTo = int(i)
			}
			break
		}
		d.structure(n, v, path)
	default:
		return false
	}
	return true
}

func (d *decoder) structure(n *tree.Node, v reflect.Value, path string) {
	if n.Kind != tree.Mapping {
		d.fail(n, CodeWrongType, path, WantMapping, n.Kind.String())
		return
	}
	t := v.Type()
	keys, required := keysOf(t)
	all := !d.fragment && !n.Flawed // its keys are there: what is missing was not written
	var meant []string
	for i, key := range n.Keys {
		at := slices.Index(keys, key)
		if at < 0 {
			meant = append(meant, nearest(key, keys))
			d.failKey(n, i, CodeUnknownKey, key, path, nearest(key, keys), list(keys))
			continue
		}
		d.value(n.Children[i], v.Field(at), join(path, key), fieldOf(t.Field(at)))
	}
	for _, key := range required {
		if n.Has(key) == nil && all && !slices.Contains(meant, key) {
			n.Flawed = true
			d.report(model.Error, n.Pos, CodeMissingKey, path, key)
		}
	}
}

func (d *decoder) mapping(n *tree.Node, v reflect.Value, path string, f field) {
	if n.Kind != tree.Mapping {
		d.fail(n, CodeWrongType, path, WantMapping, n.Kind.String())
		return
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), len(n.Keys)))
	for i, key := range n.Keys {
		if strings.ContainsAny(key, "./=\"\n\t") || strings.TrimSpace(key) != key {
			d.failKey(n, i, CodeBadName, key)
			continue
		}
		if n.Children[i].Kind == tree.Null {
			continue
		}
		item := reflect.New(v.Type().Elem()).Elem()
		d.value(n.Children[i], item, join(path, key), f)
		v.SetMapIndex(reflect.ValueOf(key), item)
	}
}

func (d *decoder) scalar(n *tree.Node, path, want string) (string, bool) {
	if n.Kind != tree.Scalar {
		d.fail(n, CodeWrongType, path, want, n.Kind.String())
		return "", false
	}
	return n.Value, true
}

func (d *decoder) text(n *tree.Node, t *Text, path string) {
	if n.Kind == tree.Scalar {
		*t = Text{En: n.Value, Zh: n.Value}
		return
	}
	if n.Kind != tree.Mapping {
		d.fail(n, CodeWrongType, path, WantPhrase, n.Kind.String())
		return
	}
	d.structure(n, reflect.ValueOf(t).Elem(), path)
}

func (d *decoder) whole(n *tree.Node, path, bounds string) (int64, bool) {
	text, ok := d.scalar(n, path, WantValue)
	if !ok {
		return 0, false
	}
	i, err := strconv.ParseInt(text, 10, 64)
	if err != nil || i > 1<<53 || i < -1<<53 {
		d.fail(n, CodeBadWhole, path, text)
		return 0, false
	}
	return i, d.inRange(n, path, float64(i), bounds)
}

func (d *decoder) number(n *tree.Node, path, bounds string) (float64, bool) {
	text, ok := d.scalar(n, path, WantValue)
	if !ok {
		return 0, false
	}
	x, err := parseNumber(text)
	if err {
		d.fail(n, CodeBadNumber, path, text)
		return 0, false
	}
	return x, d.inRange(n, path, x, bounds)
}

// inRange checks "> a", ">= a" or "a..b"; "" is no bound.
func (d *decoder) inRange(n *tree.Node, path string, x float64, bounds string) bool {
	ok := true
	if low, high, both := strings.Cut(bounds, ".."); both {
		a, _ := strconv.ParseFloat(low, 64)
		b, _ := strconv.ParseFloat(high, 64)
		ok = x >= a && x <= b
	} else if low, strict := strings.CutPrefix(bounds, "> "); strict {
		a, _ := strconv.ParseFloat(low, 64)
		ok = x > a
	} else if low, least := strings.CutPrefix(bounds, ">= "); least {
		a, _ := strconv.ParseFloat(low, 64)
		ok = x >= a
	}
	if !ok {
		d.fail(n, CodeOutOfRange, path, n.Value, bounds)
	}
	return ok
}

func (d *decoder) prob(n *tree.Node, path string) (float64, bool) {
	text, ok := d.scalar(n, path, WantValue)
	if !ok {
		return 0, false
	}
	digits, percent := strings.CutSuffix(text, "%")
	x, bad := parseNumber(strings.TrimSpace(digits))
	if percent {
		x /= 100
	}
	if bad || x < 0 || x > 1 {
		d.fail(n, CodeBadProb, path, text)
		return 0, false
	}
	return x, true
}

// parseNumber reads a finite decimal number; YAML's own forms (0x10, 0o7, .nan, .inf) are refused.
func parseNumber(text string) (x float64, bad bool) {
	for _, r := range text {
		if (r < '0' || r > '9') && !strings.ContainsRune("+-.eE", r) {
			return 0, true
		}
	}
	x, err := strconv.ParseFloat(text, 64)
	return x, err != nil || math.IsNaN(x) || math.IsInf(x, 0)
}

func (d *decoder) event(n *tree.Node, e *EventSpec, path string) {
	e.Set, e.Pos = true, n.Pos
	if n.Kind == tree.Scalar {
		e.Of = []string{n.Value}
		return
	}
	if n.Kind != tree.Mapping || len(n.Keys) != 1 || n.Keys[0] != "first_of" && n.Keys[0] != "last_of" ||
		n.Children[0].Kind != tree.Sequence || len(n.Children[0].Children) == 0 {
		d.fail(n, CodeWrongType, path, WantEvent, n.Kind.String())
		return
	}
	e.Last = n.Keys[0] == "last_of"
	d.value(n.Children[0], reflect.ValueOf(&e.Of).Elem(), join(path, n.Keys[0]), field{})
}

func (d *decoder) limitRow(n *tree.Node, l *LimitRow, path string) {
	switch n.Kind {
	case tree.Scalar:
		d.duration(n, n.Value, &l.One, path)
	case tree.Mapping:
		d.value(n, reflect.ValueOf(&l.Band).Elem(), path, field{})
	default:
		d.fail(n, CodeWrongType, path, WantLimit, n.Kind.String())
	}
}
