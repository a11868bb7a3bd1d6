package pathpattern

import "errors"

// token is a name that has a colon before it, an expression in parentheses, a modifier, a
// brace, or any other character. Its text lacks the colon, the parentheses and the backslash.
type token struct {
	kind tokenKind
	text string
}

type tokenKind int

const (
	endToken tokenKind = iota
	characterToken
	escapedToken
	nameToken
	expressionToken
	modifierToken
	openToken
	closeToken
)

// split returns the tokens of a pattern and an endToken after them.
func split(pattern string) ([]token, error) {
	var tokens []token
	for pattern != "" {
		size := 1
		next := token{kind: characterToken}
		switch pattern[0] {
		case '*', '+', '?':
			next.kind = modifierToken
		case '{':
			next.kind = openToken
		case '}':
			next.kind = closeToken
		case '\\':
			next.kind = escapedToken
			pattern = pattern[1:]
			if pattern == "" {
				return nil, errors.New("ends in a backslash")
			}
		case ':':
			next.kind = nameToken
			pattern = pattern[1:]
			for size = 0; size < len(pattern) && isWordCharacter(pattern[size]); size++ {
			}
			if size == 0 {
				return nil, errors.New("a colon has no name after it")
			}
		case '(':
			expression, err := cutExpression(pattern[1:])
			if err != nil {
				return nil, err
			}
			tokens = append(tokens, token{expressionToken, expression})
			pattern = pattern[len(expression)+2:]
			continue
		}
		next.text, pattern = pattern[:size], pattern[size:]
		tokens = append(tokens, next)
	}
	return append(tokens, token{}), nil
}
