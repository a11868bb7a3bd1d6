package pathpattern

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// cutExpression returns the part of text before its closing parenthesis.
func cutExpression(text string) (string, error) {
	depth := 1
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth > 0 {
			continue
		}
		expression := text[:i]
		if expression == "" || expression[0] == '?' {
			return "", errors.New("no expression in (…)")
		}
		return expression, checkExpression(expression)
	}
	return "", errors.New("a parenthesis is not closed")
}

// checkExpression refuses an expression that is not valid by itself, and what expressions in
// Go and in JavaScript do not both have with the same meaning.
func checkExpression(expression string) error {
	for i := 0; i < len(expression); i++ {
		rest := expression[i:]
		switch {
		case rest[0] == '\\':
			i++
			if c := rest[1]; isWordCharacter(c) && strings.IndexByte("dDwWsSbBfnrtv", c) < 0 {
				return fmt.Errorf(`the escape \%c is not supported`, c)
			}
		case rest[0] == '(' && !strings.HasPrefix(rest, "(?:"):
			return errors.New("only (?:…) groups are allowed inside (…), and neither lookahead nor lookbehind")
		case strings.HasPrefix(rest, "[:"):
			return errors.New("a character class cannot begin with a colon")
		}
	}
	if _, err := regexp.Compile(expression); err != nil {
		return fmt.Errorf("not a valid expression: %w", err)
	}
	return nil
}

func isWordCharacter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}
