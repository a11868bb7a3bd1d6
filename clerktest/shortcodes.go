package clerktest

import (
	"encoding/json"
	"regexp"
	"strings"
)

// A template's claims may hold shortcodes: {{user.first_name}} stands for a
// value, {{user.nickname || 'nobody'}} for the first that is neither null nor
// false. A string that is one shortcode becomes the value with its own type;
// inside other text the value is written into the text.

var shortcode = regexp.MustCompile(`\{\{(.*?)\}\}`)

// expand replaces the shortcodes in a decoded JSON value by what they stand
// for in the scope.
func expand(v any, scope map[string]any) any {
	switch v := v.(type) {
	case string:
		return expandText(v, scope)
	case []any:
		items := make([]any, len(v))
		for i, item := range v {
			items[i] = expand(item, scope)
		}
		return items
	case map[string]any:
		members := make(map[string]any, len(v))
		for name, member := range v {
			members[name] = expand(member, scope)
		}
		return members
	}
	return v
}

func expandText(text string, scope map[string]any) any {
	trimmed := strings.TrimSpace(text)
	if m := shortcode.FindStringSubmatchIndex(trimmed); m != nil && m[0] == 0 && m[1] == len(trimmed) {
		return evaluate(trimmed[m[2]:m[3]], scope)
	}
	return shortcode.ReplaceAllStringFunc(text, func(code string) string {
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

// operands splits at the || that stand outside quotes.
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

// lookup follows a dotted path; what is not there is null.
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
