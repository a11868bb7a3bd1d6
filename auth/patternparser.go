package auth

import (
	"errors"
	"fmt"
	"strings"
)

// delimiters end a named parameter.
const delimiters = "/#?"

// anySegment is the expression of a parameter that has none of its own.
const anySegment = "[^" + delimiters + "]+?"

// patternToken is a piece of a pattern: a name after its colon, an expression in
// its parentheses, a modifier, a brace, or else one character.
type patternToken struct {
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

// splitPattern gives the tokens of a pattern.
func splitPattern(pattern string) ([]patternToken, error) {
	var tokens []patternToken
	for pattern != "" {
		size := 1
		token := patternToken{kind: characterToken}
		switch pattern[0] {
		case '*', '+', '?':
			token.kind = modifierToken
		case '{':
			token.kind = openToken
		case '}':
			token.kind = closeToken
		case '\\':
			token.kind = escapedToken
			pattern = pattern[1:]
			if pattern == "" {
				return nil, errors.New("it ends in a backslash")
			}
		case ':':
			token.kind = nameToken
			pattern = pattern[1:]
			for size = 0; size < len(pattern) && isWordCharacter(pattern[size]); size++ {
			}
			if size == 0 {
				return nil, errors.New("a colon has no name behind it")
			}
		case '(':
			expression, err := cutExpression(pattern[1:])
			if err != nil {
				return nil, err
			}
			tokens = append(tokens, patternToken{expressionToken, expression})
			pattern = pattern[len(expression)+2:]
			continue
		}
		token.text, pattern = pattern[:size], pattern[size:]
		tokens = append(tokens, token)
	}
	return append(tokens, patternToken{}), nil
}

// cutExpression gives what stands before the parenthesis that closes text.
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
			return "", errors.New("there is no expression in (…)")
		}
		return expression, checkExpression(expression)
	}
	return "", errors.New("a parenthesis is not closed")
}

// patternParser makes parts of tokens.
type patternParser struct {
	tokens []patternToken // ends with an endToken
	parts  []patternPart
	text   string // characters that are in no part yet
}

func parsePattern(pattern string) ([]patternPart, error) {
	tokens, err := splitPattern(pattern)
	if err != nil {
		return nil, err
	}
	p := patternParser{tokens: tokens}
	for p.tokens[0].kind != endToken {
		if err := p.next(); err != nil {
			return nil, err
		}
	}
	p.flush()
	return p.parts, nil
}

// take gives the text of the next token if it is of that kind, and otherwise "".
func (p *patternParser) take(kind tokenKind) string {
	if p.tokens[0].kind != kind {
		return ""
	}
	text := p.tokens[0].text
	p.tokens = p.tokens[1:]
	return text
}

func (p *patternParser) takeText() (text string) {
	for p.tokens[0].kind == characterToken || p.tokens[0].kind == escapedToken {
		text += p.tokens[0].text
		p.tokens = p.tokens[1:]
	}
	return text
}

func (p *patternParser) flush() {
	if p.text != "" {
		p.parts = append(p.parts, patternPart{text: p.text})
		p.text = ""
	}
}

func (p *patternParser) next() error {
	character := p.take(characterToken)
	part := patternPart{name: p.take(nameToken), expression: p.take(expressionToken)}
	switch {
	case part.name != "" || part.expression != "":
		// A slash or a dot belongs to the parameter behind it, and is optional with it.
		if character == "/" || character == "." {
			part.prefix = character
		} else {
			p.text += character
		}
		p.flush()
	case character != "":
		p.text += character
		return nil
	case p.tokens[0].kind == escapedToken:
		p.text += p.take(escapedToken)
		return nil
	case p.take(openToken) == "":
		return fmt.Errorf("%q stands where it means nothing", p.tokens[0].text)
	default:
		p.flush()
		part.prefix, part.name, part.expression = p.takeText(), p.take(nameToken), p.take(expressionToken)
		part.suffix = p.takeText()
		if p.take(closeToken) == "" {
			return errors.New("a brace is not closed, or holds more than one parameter")
		}
	}
	if part.name != "" && part.expression == "" {
		var err error
		if part.expression, err = p.segment(part.prefix); err != nil {
			return err
		}
	}
	part.modifier = p.take(modifierToken)
	p.parts = append(p.parts, part)
	return nil
}

// segment is the expression of a parameter that has none of its own. What stands
// before it divides it from the parameter before, and so is no part of it.
func (p *patternParser) segment(prefix string) (string, error) {
	divider := prefix
	if n := len(p.parts); divider == "" && n > 0 {
		if divider = p.parts[n-1].text; divider == "" {
			return "", errors.New("there is no text between two parameters")
		}
	}
	switch {
	case divider == "" || strings.ContainsAny(divider, delimiters):
		return anySegment, nil
	case len(divider) == 1 && isWordCharacter(divider[0]):
		return "[^" + delimiters + divider + "]+?", nil
	case len(divider) == 1:
		return "[^" + delimiters + `\` + divider + "]+?", nil
	default:
		return "", fmt.Errorf("the text %q before a parameter holds no slash: a single character can be told from the parameter, more cannot", divider)
	}
}
