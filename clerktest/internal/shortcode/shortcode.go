// Package shortcode replaces the shortcodes in the claims of JWT templates.
//
// {{user.first_name}} stands for a value, {{user.nickname || 'nobody'}} for the
// first operand that is neither null nor false. A string that is a single
// shortcode becomes the value with its own type; inside longer text the value is
// written into the text.
package shortcode

import (
	"encoding/json"
	"regexp"
	"strings"
)

var pattern = regexp.MustCompile(`\{\{(.*?)\}\}`)

// Expand returns a decoded JSON value with its shortcodes replaced by the values
// that they name in scope.
func Expand(v any, scope map[string]any) any {
	switch v := v.(type) {
	case string:
		return expandText(v, scope)
	case []any:
		items := make([]any, len(v))
		for i, item := range v {
			items[i] = Expand(item, scope)
		}
		return items
	case map[string]any:
		members := make(map[string]any, len(v))
		for name, member := range v {
			members[name] = Expand(member, scope)
		}
		return members
	}
	return v
}

func expandText(text string, scope map[string]any) any {
	trimmed := strings.TrimSpace(text)
	if m := pattern.FindStringSubmatchIndex(trimmed); m != nil && m[0] == 0 && m[1] == len(trimmed) {
		return evaluate(trimmed[m[2]:m[3]], scope)
	}
	return pattern.ReplaceAllStringFunc(text, func(code string) string {
		switch v := evaluate(code[2:len(code)-2], scope).(type) {
		case string:
			return v
		default:
			encoded, err := json.Marshal(v)
			if err != nil {
				return "null"
			}
			return string(encoded)
		}
	})
}

// evaluate returns the first operand that is neither null nor false, or the last.
func evaluate(expression string, scope map[string]any) any {
	var value any
	for _, operand := range operands(expression) {
		value = operandValue(strings.TrimSpace(operand), scope)
		if value != nil && value != false {
			return value
		}
	}
	return value
}

// operands splits an expression at each || outside quotes.
func operands(expression string) []string {
	var parts []string
	quoted, start := false, 0
	for i := 0; i < len(expression); i++ {
		switch {
		case expression[i] == '\'':
			quoted = !quoted
		case !quoted && strings.HasPrefix(expression[i:], "||"):
			parts = append(parts, expression[start:i])
			i++
			start = i + 1
		}
	}
	return append(parts, expression[start:])
}

func operandValue(operand string, scope map[string]any) any {
	if len(operand) >= 2 && operand[0] == '\'' && operand[len(operand)-1] == '\'' {
		return operand[1 : len(operand)-1]
	}
	switch operand {
	case "true":
		return true
	case "false":
		return false
	}
	var number json.Number
	if json.Unmarshal([]byte(operand), &number) == nil && operand != "null" && operand[0] != '"' {
		return number
	}
	return lookup(operand, scope)
}

// lookup follows a dotted path. A missing member is null.
func lookup(path string, scope map[string]any) any {
	var value any = scope
	for name := range strings.SplitSeq(path, ".") {
		members, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = members[name]
	}
	return value
}
